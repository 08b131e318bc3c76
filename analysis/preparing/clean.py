"""Cleaning: steps from string to string, in a visible order.

Every step may be used alone, and a second time it changes nothing. For what a site repeats over
many articles, see `analysis.preparing.furniture`.
"""

import logging
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from itertools import zip_longest
from typing import cast

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.articles import check_table
from analysis.errors import ArticlesError
from analysis.tokens.characters import UNSPACED_LETTER

Step = Callable[[str], str]
_log = logging.getLogger("analysis")


_UPPER = "A-ZÀ-ÖØ-ÞА-Я"
# Signatures that make a dateline of a place that is not in capitals, or of no place at all.
_AGENCY = (
    "(?:AFP|ANI|AP|Associated Press|BBC|Bloomberg|CNN|CNN Business|CNNMoney|CNS News|dpa|DPA|EFE|"
    "IANS|Interfax|IRNA|KUNA|PTI|Reuters|RFE/RL|TASS|UPI|VOA|Xinhua)"
)
_SIGNED = rf"\([{_UPPER}][\w.&’']*(?: [{_UPPER}][\w.&’']*){{0,2}}\)"
# SEOUL/TOKYO; KIEV, Ukraine; WASHINGTON, March 3
_CITY = rf"(?!(?:NATO|ISIS|ISIL|OPEC|ASEAN)\b)[{_UPPER}]{{2}}[{_UPPER} .'’/-]*[{_UPPER}.]"
_REGION = rf"(?:, [{_UPPER}][\w .'’-]{{1,30}}?)?"
_DAY = r"(?:, [A-Z][a-z]{2,8}\.? \d{1,2}(?:, \d{4})?)?"
_PLACE = _CITY + _REGION + _DAY
_DASH = r"(?:--+|[-–—])"
_DATELINE = re.compile(
    rf"(?:(?:{_PLACE}|[{_UPPER}][\w .,'’/-]{{1,40}}?) )?\({_AGENCY}\)\s*(?:{_DASH}\s*|:\s*)?"
    rf"|{_PLACE} {_SIGNED} ?{_DASH}\s*"
    # Without a signature, the sentence that follows has to open with a capital or a quotation.
    rf"|{_PLACE} ?(?:--+|[–—]| - )\s*(?=[{_UPPER}\"“‘'])"
)
_DATELINE_LINES = 4

_PARTICLE = "(?:van|von|der|den|de|del|da|di|du|la|le|bin|al|el|ter) "
_NAME = rf"[{_UPPER}][\w.’'-]+(?: (?:{_PARTICLE}){{0,2}}[{_UPPER}][\w.’'-]*){{1,3}}"
_NAMES = rf"{_NAME}(?:(?:, and |, | and | & ){_NAME}){{0,3}}"
_BYLINE = re.compile(
    # By Jane Roe, diplomatic correspondent
    rf"\W*(?i:by) {_NAMES}(?:(?:, | [|/–—-] | )[\w ,.’'&/-]{{1,80}})?(?<![.!?,])"
    # By the foreign desk; From our correspondent in Brine Harbour
    r"|(?i:by the [\w ’'-]{1,40}(?:desk|staff|team|editors|reporters|correspondents?))"
    r"|(?i:from (?:our|a) (?:[\w’'-]+ ){0,4}correspondents?(?: in [\w ’'-]{1,30})?)"
)
# Jane Roe / GAZETTE: names on the first line, the outlet in capitals or an agency on the next.
_NAMES_OVER_OUTLET = re.compile(
    rf"{_NAMES}\n+(?:(?:Special (?:for|to) )?(?:The )?[{_UPPER}][{_UPPER} ]{{3,30}}|"
    r"Associated Press|Reuters|AFP)(?=\n)"
)
_BYLINE_LINES = 3
_CREDIT = (
    # (AP Photo/Jane Roe), (Photo by Jane Roe/Agency), (Jane Roe/Agency via AP)
    r"\((?:(?i:(?:ap |file |handout |pool )?(?:photo|image|picture|photograph)s?)\b[^()\n]{0,100}"
    rf"|{_NAME}(?: ?/ ?| for |, )[^()\n]{{2,60}}(?: via | / ?|/)[^()\n]{{2,40}}"
    rf"|{_NAME} ?/ ?(?:{_AGENCY}|Getty Images|Getty|EPA|Pool)[^()\n]{{0,40}})\)"
)
_ANY_CREDIT = re.compile(_CREDIT)
# Each alternative begins with a character of its own: so there is less to try.
_PHOTO_CREDIT = re.compile(
    rf" {_CREDIT}|{_CREDIT}|I(?m:(?<=^I))mage copyright [^\n]{{1,60}}? Image caption "
)
# The Hill's boxes: a surname, the whole name again, headlines run together with it, and MORE.
_LINK_BOX = re.compile(
    rf"\b([{_UPPER}][\w'’-]+)(?: [\w.'’()-]+){{1,6}}? \1(?=[{_UPPER}0-9'\"‘“])"
    r"[^\n]{10,1200}? MORE\b"
)
# One of these is in each.
_SIGNS = ("@", "#", "＠", "＃", "/", "ww.", "wW.", "Ww.", "WW.")
# No run of letters is read from more than a few places: that would take the square of its length.
# No address has these in it, nor letters of scripts without spaces but where a part of it begins.
_UNSPACED = UNSPACED_LETTER.pattern
_OUTSIDE = r"\s<>\"“”„«»，。；：！？、（）「」『』【】《》〈〉…—–،؛؟"
_IN = rf"(?:(?!{_UNSPACED})[^{_OUTSIDE}]|(?<=[/=_-]){_UNSPACED}+)"
_BEGIN = rf"(?:(?<![\w@])|(?<={_UNSPACED}))"
_WORD = rf"(?:(?!{_UNSPACED})[\w-])"
_END = r"(?<![.,;:!?'’)\]}])"  # points and brackets after an address are not part of it
_SIGN_NAME = r"(?=\w*[^\W\d_])\w+(?:['’]s\b)?"  # not "#1", not "@ 5"
_ADDRESS = re.compile(
    rf" ?(?:(?:(?i:https?://|ftp://|{_BEGIN}www\.){_IN}+{_END}"
    # jane.roe@gull.example, with what sticks to it
    rf"|{_BEGIN}(?:mailto:)?(?!-){_WORD}(?:{_WORD}|[.+]){{0,63}}@{_WORD}+(?:\.{_WORD}+)+"
    rf"(?:[/?@#＠＃]{_IN}+{_END})?"
    # pic.gull.example/a1
    rf"|{_BEGIN}(?:[a-z0-9-]{{1,63}}\.){{1,5}}[a-z]{{2,24}}/{_IN}+{_END})"
    rf"|(?P<names>(?<![\w&])(?:@\w+@[\w-]+(?:\.[\w-]+)+|[@#＠＃]{_SIGN_NAME})+))"
)
_POINT = re.compile(r"[,.;:!?)]+(?:\s|\Z)")


def drop_addresses(text: str) -> str:
    """Cut addresses of pages and of mail, @names and #signs, of which nothing is said."""
    return _without_addresses(text, Counter())


def normalise_space(text: str) -> str:
    """One space between words, a newline between lines, one blank line between paragraphs."""
    # Of all white space, only the plain space counts as printable.
    if "  " in text or not text.replace("\n", "").isprintable():
        text = "\n".join([" ".join(line.split()) for line in text.splitlines()])
    return _fewer_blank_lines(text.replace(" \n", "\n").replace("\n ", "\n")).strip()


def drop_datelines(text: str) -> str:
    """Cut place and agency from the beginnings of the first four lines."""
    return _first_lines(text, _DATELINE_LINES, _without_datelines)


def drop_bylines(text: str) -> str:
    """Cut lines from the first three that only name the author."""
    text = _without(_NAMES_OVER_OUTLET.match(text), text).lstrip()
    return _first_lines(text, _BYLINE_LINES, lambda line: _without(_BYLINE.fullmatch(line), line))


def drop_photo_credits(text: str) -> str:
    """Cut photographers and agencies in brackets, and labels of pictures; captions stay."""
    if "Image copyright " in text or _ANY_CREDIT.search(text):
        return _until_stable(text, lambda text: _PHOTO_CREDIT.sub("", text))
    return text


def drop_link_boxes(text: str) -> str:
    """Cut headlines that run on from a name given twice, up to ``MORE``.

    ``Minister Thole Garrick TholeNavy to sail Talks fail MORE said`` is ``Minister Thole said``.
    """
    if " MORE" not in text:
        return text
    return _until_stable(text, lambda text: _LINK_BOX.sub(r"\1", text))


DEFAULT_STEPS: tuple[Step, ...] = (
    drop_addresses,
    normalise_space,
    drop_link_boxes,
    drop_photo_credits,
    drop_bylines,
    drop_datelines,
)


# Without a match of these a step leaves a text as it is.
_SPACES = (
    r"[\t\v\f\r\x1c-\x1f\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}"
    r"\x{3000}]"
)
_NEEDS: dict[Step, str] = {
    drop_addresses: r"[@#＠＃/]|[wW][wW]\.",
    normalise_space: rf"\A[ \n]|[ \n]\z|  | \n|\n |\n\n\n|{_SPACES}",
    drop_link_boxes: " MORE",
    drop_photo_credits: r"\(|Image copyright ",
}


def clean_articles(
    articles: pd.DataFrame, *, steps: Sequence[Step] = DEFAULT_STEPS
) -> pd.DataFrame:
    r"""Cut addresses, @names, #signs, bylines, datelines and photo credits; normalise spaces.

    The wordings of bylines and credits are English. Find reprints first: the credits that say
    whose story it is are cut here.

    Parameters
    ----------
    articles : DataFrame
        The articles table; ArticlesError if it has no ``text``.
    steps : sequence of callables from str to str, optional
        What is done to each text, in order; the functions of this module (by default, all of
        them), or your own, which must return a string.

    Returns
    -------
    DataFrame
        A copy with cleaned ``text``. A first line that repeats the ``title`` is cut too, so that
        titles count in no outlet, or, after `with_titles`, once in each. How many addresses, @names
        and #signs were cut is logged and in ``attrs["cut"]``.

    Examples
    --------
    >>> text = "By Josse Wickerin\r\n\r\nFENNHAVEN (Reuters) - Talks began."
    >>> clean_articles(pd.DataFrame({"title": ["Talks"], "text": [text]}))["text"].tolist()
    ['Talks began.']
    """
    articles = check_table(articles, "text")
    titles = articles["title"].fillna("").tolist() if "title" in articles else [""] * len(articles)
    texts = articles["text"].astype("str")
    cleaned, cut = [], Counter(addresses=0, names=0, signs=0)
    may_change = [_may_change(step, texts) for step in steps]
    for row, (title, given) in enumerate(zip(titles, texts.tolist(), strict=True)):
        text = given
        # A first line that is the title, case and punctuation aside, is not part of the text.
        first, _, rest = text.lstrip().partition("\n")
        if rest and title and _same_words(first, title):
            text = rest
        for step, may in zip(steps, may_change, strict=True):
            if may[row] or text is not given:
                counts = step is drop_addresses
                text = _without_addresses(text, cut) if counts else _done(step, text)
        cleaned.append(text)
    _log.info("Cut %(addresses)d addresses, %(names)d @names and %(signs)d #signs.", cut)
    result = articles.assign(text=pd.Series(cleaned, articles.index, dtype="str"))
    result.attrs["cut"] = dict(cut)
    return result


def _without_addresses(text: str, cut: Counter[str]) -> str:
    """The text without them; `cut` counts what was cut.

    None has a space inside, so that only words that hold a sign need be searched.
    """
    parts, kept, searched = list[str](), 0, 0
    found = [re.finditer(re.escape(sign), text) for sign in _SIGNS if sign in text]
    for place in sorted(sign.start() for signs in found for sign in signs):
        if place < searched:
            continue
        first = max(text.rfind(" ", searched, place), searched)
        searched = text.find(" ", place)
        searched = len(text) if searched < 0 else searched
        for match in _ADDRESS.finditer(text, first, searched):
            signs = match["names"] or ""
            cut["addresses"] += not signs
            cut["names"] += len(re.findall(r"(?<!\w)[@＠]", signs))
            cut["signs"] += len(re.findall("[#＃]", signs))
            parts += text[kept : match.start()], "" if _POINT.match(text, match.end()) else " "
            kept = match.end()
    return "".join([*parts, text[kept:]])


def _may_change(step: Step, texts: pd.Series) -> list[bool]:
    """Whether each text holds what the step looks for: one search of all texts is soon done."""
    needs = _NEEDS.get(step)
    if needs is None:
        return [True] * len(texts)
    found: list[bool] = pc.match_substring_regex(pa.array(texts), needs).to_pylist()
    return found


def _done(step: Step, text: str) -> str:
    """What a step makes of a text; a step of the user's own may be wrong."""
    result: object = step(text)
    if isinstance(result, str):
        return result
    name, kind = getattr(step, "__name__", repr(step)), type(result).__name__
    raise ArticlesError(f"steps: {name} returned a {kind}; a step takes and returns a string.")


def _until_stable(text: str, step: Step) -> str:
    while (changed := step(text)) != text:
        text = changed
    return text


def _first_lines(text: str, n: int, step: Step) -> str:
    """Apply a step to each of the first lines that are not blank, until nothing changes."""

    def once(text: str) -> str:
        end = cast(re.Match[str], _lines_pattern(n).match(text)).end()
        first = text[:end]
        lines = [step(line) if line.strip() else line for line in first.split("\n")]
        changed = "\n".join(lines)
        if changed == first:
            return _fewer_blank_lines(text)
        return _fewer_blank_lines(changed + text[end:]).lstrip()

    return _until_stable(text.lstrip(), once)


@cache
def _lines_pattern(n: int) -> re.Pattern[str]:
    return re.compile(rf"(?:.+(?:\n\s*|\Z)){{,{n}}}")


def _fewer_blank_lines(text: str) -> str:
    """The text with no more than one blank line between two others."""
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text


def _without(match: re.Match[str] | None, line: str) -> str:
    return line[match.end() :] if match else line


def _without_datelines(line: str) -> str:
    place = 0
    while (match := _DATELINE.match(line, place)) and match.end() > place:
        place = match.end()
    return line[place:]


def _same_words(one: str, other: str) -> bool:
    words = (re.finditer(r"\w+", string.casefold()) for string in (one, other))
    return all(a and b and a[0] == b[0] for a, b in zip_longest(*words))
