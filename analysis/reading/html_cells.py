"""Cells of a table that hold HTML: found column by column, and turned into the text they show."""

import html
import re
from collections.abc import Iterable
from typing import NamedTuple

from analysis.errors import ReadError
from analysis.reading.compressed import TooLargeError
from analysis.reading.encodings import mend
from analysis.reading.formats.markup import BLOCKS, SILENT, paragraphs_of, parse_html
from analysis.reading.limits import ReadLimits

_INLINE = """
    a abbr acronym audio b bdi bdo big button cite code del dfn em embed font i iframe img input ins
    kbd label mark object picture q s samp small source span strike strong sub sup svg time tt u var
    video wbr
""".split()  # noqa: SIM905
_LAYOUT = "|".join(sorted({*BLOCKS, *SILENT, "br"}))
_NAMES = "|".join([_LAYOUT, *_INLINE])
# What prose, code and comparisons hardly ever hold. A "<b>" alone may be two comparisons.
_SURE = re.compile(
    rf"</(?:{_NAMES})\s*>|<(?:p|br|hr|div|li|ul|ol|blockquote|h[1-6])\s*/?>"
    rf"|<(?:{_NAMES})\s+[a-z][\w-]*\s*=",
    re.IGNORECASE,
)
_TAG = re.compile(rf"</?(?:{_NAMES})(?:\s[^<>]*)?/?>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
_IS_LAID_OUT = re.compile(rf"</?(?:{_LAYOUT})\b[^<>]*>", re.IGNORECASE)
_IS_IN_PARAGRAPHS = re.compile(r"<(?:p|br|div)\b", re.IGNORECASE)
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")
# With the semicolon only: "AT&T", and "?a=1&copy=2" in an address, are no entities.
_REFERENCE = r"(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8}\d{0,2});"
_ENTITY = re.compile(f"&{_REFERENCE}", re.IGNORECASE)
_NO_ENTITY = re.compile(f"&(?!{_REFERENCE})", re.IGNORECASE)


class Markup(NamedTuple):
    """What tells whether a column holds HTML: counts of texts, which add up.

    Attributes
    ----------
    tagged : int
        Texts with a sure tag.
    entities : int
        Texts with entities.
    escaped : int
        Texts in which entities come out as a sure tag.
    """

    tagged: int = 0
    entities: int = 0
    escaped: int = 0

    def add(self, other: "Markup") -> "Markup":
        """The evidence of two parts of a column."""
        return Markup(*(a + b for a, b in zip(self, other, strict=True)))

    @property
    def treatment(self) -> tuple[bool, bool]:
        """Whether tags are taken out, and whether they are once entities are resolved."""
        # Most texts have escaped tags then, or one article is about HTML.
        return self.tagged > 0, not self.tagged and 0 < self.entities <= 2 * self.escaped


def find_markup(texts: Iterable[str]) -> Markup:
    """The evidence of HTML in texts, of which only those with ``<`` or ``&`` need be given."""
    tagged = entities = escaped = 0
    for text in texts:
        tagged += _holds_tag(text)
        if (plain := _resolved(text)) != text:
            entities += 1
            escaped += _holds_tag(plain)
    return Markup(tagged, entities, escaped)


def strip_markup(
    texts: list[str], treatment: tuple[bool, bool], name: str, limits: ReadLimits
) -> tuple[list[str], set[int], dict[int, str]]:
    r"""Turn texts of a column that holds HTML into what a reader of the page sees.

    Whether tags are taken out, `treatment` says, which the evidence of the whole column gives:
    without a sure tag, ``<`` and ``>`` stay as they are, and only entities are resolved. Then each
    text that holds a tag is read as HTML. What a feed escaped as a whole (``&lt;p&gt;``) is read
    again. Nothing is fetched or run.

    Returns
    -------
    texts : list of str
    changed : set of int
        Which texts held markup.
    faults : dict
        Which texts nest deeper than `limits` allow, and what to say of them; they are empty now.

    Examples
    --------
    >>> cells = ["<p>They met.</p><p>&ldquo;No&rdquo;, said AT&T.</p>", "a < b"]
    >>> strip_markup(cells, find_markup(cells).treatment, "news.csv", ReadLimits())[0]
    ['They met.\n\n“No”, said AT&T.', 'a < b']
    """
    texts, faults = list(texts), dict[int, str]()
    tags, escaped = treatment
    changed = _strip(texts, tags, faults, name, limits)
    changed |= _strip(texts, escaped, faults, name, limits)
    return texts, changed, faults


def _holds_tag(text: str) -> bool:
    return "<" in text and _SURE.search(text) is not None


def _strip(
    texts: list[str], tags: bool, faults: dict[int, str], name: str, limits: ReadLimits
) -> set[int]:
    """Replace what holds entities, or `tags`, in place; which texts that were."""
    changed = set()
    for n, text in enumerate(texts):
        tagged = tags and "<" in text and _TAG.search(text)
        try:
            plain = _shown(text, name, limits) if tagged else _resolved(text)
        except TooLargeError as fault:
            plain, faults[n] = "", str(fault)
        if plain != text:
            texts[n] = plain
            changed.add(n)
    return changed


def _resolved(text: str) -> str:
    """Entities as the characters that they stand for."""
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text


def _shown(text: str, name: str, limits: ReadLimits) -> str:
    """The text of a fragment by paragraphs; one without layout keeps its own lines."""
    if not _IS_LAID_OUT.search(text):
        return mend(_resolved(_TAG.sub("", text)))
    if not _IS_IN_PARAGRAPHS.search(text):
        text = _BLANK_LINE.sub("<br>", text)
    try:
        root = parse_html(_NO_ENTITY.sub("&amp;", mend(text)), name, limits)
    except TooLargeError:
        raise
    except ReadError:
        # Nothing but comments: no text.
        return ""
    return mend("\n\n".join(paragraphs_of(root)))
