"""The study file: its keys and tables, each with its type and its default."""

import datetime
import difflib
from collections.abc import Collection, Mapping
from itertools import pairwise
from pathlib import PurePath
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
)  # fmt: skip

from analysis.files import is_url
from analysis.showing.largest import THIN

# Those of `periods` and `reading`, which take pandas to import: what is wrong in a study is told
# at once.
Frequency = Literal["day", "week", "month", "quarter", "half", "year"]
COLUMNS = ("doc_id", "outlet", "date", "date_end", "title", "text")


class _WrongValueError(ValueError):
    """What is wrong with a value, or with the key `below` in it."""

    def __init__(self, problem: str, *below: str) -> None:
        super().__init__(problem)
        self.below = below


def shown(value: object) -> str:
    """A value in a message: days and times as the file has them."""
    if isinstance(value, list):
        return f"[{', '.join(map(shown, value))}]"
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return repr(value)


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise _WrongValueError(f" = {shown(value)}: it must be text in quotation marks.")
    if "\0" in value:
        raise _WrongValueError(f" = {shown(value)}: it must not hold the character U+0000.")
    return value


def _file(value: object) -> str:
    name = _text(value)
    longest = max((len(part.encode()) for part in PurePath(name).parts), default=0)
    if not is_url(name) and (longest > 255 or len(name.encode()) > 4_000):
        raise _WrongValueError(
            f" = {value!r}: file names may have at most 255 bytes, whole paths 4,000."
        )
    return name


def _thin(value: object) -> object:
    if value == "auto" or (type(value) is int and value >= 2):
        return value
    raise _WrongValueError(f" = {shown(value)}: it must be auto or a whole number of at least 2.")


def _listed(value: object) -> object:
    """One text stands for a list of it."""
    if value == []:
        raise _WrongValueError(" = []: it must have at least one entry, or be left out.")
    return value if isinstance(value, list) else [value]


def _day(value: object) -> str:
    try:
        return datetime.date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise _WrongValueError(f" = {shown(value)}: it must be a day such as 2022-01-19.") from None


def _span(value: object) -> tuple[str, str]:
    if not isinstance(value, list) or len(value) != 2:
        raise _WrongValueError(
            f" = {shown(value)}: it must be the first and the last day, in brackets."
        )
    first, last = map(_day, value)
    if first > last:
        raise _WrongValueError(f" ends on {last}, before it begins on {first}.")
    return first, last


def _in_order(spans: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    for before, after in pairwise(spans):
        if spans[after][0] <= spans[before][1]:
            raise _WrongValueError(
                f" begins on {spans[after][0]}, and {before!r} before it ends on "
                f"{spans[before][1]}: spans must be in order of time and must not overlap.",
                after,
            )
    return spans


def _pairs(value: object) -> tuple[tuple[str, str], ...]:
    """Pairs of different frames: one pair, or a list of pairs."""
    given = value if isinstance(value, list) else []
    listed = [given] if given and all(isinstance(entry, str) for entry in given) else given
    pairs = [pair for pair in listed if isinstance(pair, list) and [*map(type, pair)] == [str, str]]
    if not listed or len(pairs) < len(listed) or any(str(a) == str(b) for a, b in pairs):
        raise _WrongValueError(f' = {value!r}: it must be pairs of frames, such as [["a", "b"]].')
    return tuple((_text(a), _text(b)) for a, b in pairs)


def unknown(name: str, allowed: Collection[str], what: str) -> str:
    """What is wrong with a name, what is allowed, and which of these was perhaps meant."""
    near = nearest(name, allowed)
    guess = f"did you mean {near!r}? Allowed" if near else "allowed"
    return f" is not a {what}; {guess} are {', '.join(allowed)}."


def nearest(name: str, allowed: Collection[str]) -> str | None:
    """The one of the names allowed that is most like a name."""
    folded = {word.casefold(): word for word in allowed}
    found = difflib.get_close_matches(name.casefold(), folded, 1)
    return folded[found[0]] if found else None


def _known(columns: Mapping[str, str]) -> Mapping[str, str]:
    for name in columns:
        if name not in COLUMNS:
            raise _WrongValueError(unknown(name, COLUMNS, "column of the articles table"), name)
    return columns


def _file_or_table(value: object) -> str | dict[str, str]:
    if not isinstance(value, dict):
        return _file(value)
    for name, entry in value.items():
        try:
            _text(entry)
        except _WrongValueError as error:
            raise _WrongValueError(str(error), name) from None
    return value


def _two_sides(seeds: Mapping[str, object]) -> Mapping[str, object]:
    if len(seeds) not in (0, 2):
        raise _WrongValueError(
            f" needs two lists, one for each end of the scale; it has {len(seeds)}."
        )
    return seeds


Text = Annotated[str, BeforeValidator(_text)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_listed)]
File = Annotated[str, BeforeValidator(_file)]
NoneOrTexts = Annotated[
    tuple[Text, ...], BeforeValidator(lambda value: value if value == [] else _listed(value))
]
Day = Annotated[str, BeforeValidator(_day)]
Span = Annotated[tuple[str, str], BeforeValidator(_span)]


class Section(BaseModel):
    """A table of the study file: no other keys than these."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _count(least: int, default: int) -> Any:
    return Field(default, strict=True, ge=least)


class Corpus(Section):
    """Where the articles are, and which of them belong to the study."""

    path: File
    columns: Annotated[Mapping[str, Text], AfterValidator(_known)] = {}
    manifest: File | None = None
    outlet: Text | None = None
    day_first: StrictBool | None = None
    strip_markup: StrictBool = True
    language: Text | None = None
    where: Mapping[str, Texts] = {}


class Outlets(Section):
    """Names that belong together, and the outlets to keep."""

    aliases: Annotated[str | Mapping[str, str], BeforeValidator(_file_or_table)] = {}
    keep: Texts = ()


class Periods(Section):
    """Calendar spans, or spans with names of their own."""

    every: Frequency = "quarter"
    spans: Annotated[Mapping[str, Span], AfterValidator(_in_order)] = {}


class Prepare(Section):
    """What is done to the articles before they are counted."""

    clean: StrictBool = True
    titles: StrictBool = False
    reprints: Literal["keep", "once", "drop"] = "once"
    voices: StrictBool = True


class LexiconChoice(Section):
    """The lexicon, its contrasts or single frames, negated hits; seeds of a scale beside it."""

    use: File
    contrasts: Annotated[tuple[tuple[str, str], ...], BeforeValidator(_pairs)] = ()
    frames: Texts = ()
    measure: Literal["prevalence", "rate", "share"] | None = None
    negated: Literal["apart", "flip", "keep"] = "apart"
    seeds: Annotated[Mapping[str, Texts], AfterValidator(_two_sides)] = {}


def _window(value: object) -> object:
    if value in ("sentence", "paragraph") or (type(value) is int and value >= 0):
        return value
    raise _WrongValueError(
        f" = {shown(value)}: it must be a number of tokens, sentence or paragraph."
    )


class TargetChoice(Section):
    """Whom frames are about: targets by name, or those of a lexicon; and how near they must be."""

    use: File | None = None
    only: Texts = ()
    names: Mapping[str, Texts] = {}
    window: Annotated[int | Literal["sentence", "paragraph"], BeforeValidator(_window)] = 10
    shared: Literal["all", "nearest"] = "all"


class Compare(Section):
    """What groups are made alike in, beside the plain comparison."""

    adjust: Texts = ()
    within: Literal["event"] | None = None
    window: Text = "3d"


class ReportChoice(Section):
    """How much the report shows."""

    outlets: int = _count(1, 12)
    sentences: int = _count(1, 6)
    terms: int = _count(1, 15)
    leave_out: Texts = ()
    explorer_text: Literal["sentences", "none"] = "sentences"
    thin: Annotated[int | Literal["auto"], BeforeValidator(_thin)] = "auto"

    @property
    def least(self) -> int:
        """The articles that a finding rests on at least, and a filled point has."""
        return THIN if self.thin == "auto" else self.thin


class Settings(Section):
    """A study file, checked: its top-level keys and its tables."""

    corpus: Corpus
    lexicon: LexiconChoice
    title: Text = "A study of media framing"
    output: File = "results"
    spreadsheet_safe: StrictBool = False
    seed: int = _count(0, 1)
    groups: NoneOrTexts = ("outlet",)
    coding: Annotated[tuple[File, ...], BeforeValidator(_listed)] = ()
    outlets: Outlets = Outlets()
    periods: Periods = Periods()
    prepare: Prepare = Prepare()
    sources: Mapping[str, Texts] = {}
    targets: TargetChoice = TargetChoice()
    events: Mapping[str, Day] = {}
    compare: Compare = Compare()
    report: ReportChoice = ReportChoice()
