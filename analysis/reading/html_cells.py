"""Cells of a table that hold HTML: found column by column, and turned into the text they show."""

import html
import re
from collections import Counter
from collections.abc import Iterable

from analysis.errors import ReadError
from analysis.reading.encodings import mend
from analysis.reading.formats.markup import BLOCKS, SILENT, paragraphs_of, parse_html
from analysis.reading.limits import ReadLimits
from analysis.reading.rejected import TooLargeError

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
EVIDENCE = ("tagged", "entities", "escaped")
_NO_ENTITY = re.compile(f"&(?!{_REFERENCE})", re.IGNORECASE)


def find_markup(texts: Iterable[str]) -> Counter[str]:
    """How many texts are ``tagged`` for sure, have ``entities``, or entities that hide a tag.

    The counts of the parts of a column add up. Texts without ``<`` and ``&`` need not be given.
    """
    found = Counter(dict.fromkeys(EVIDENCE, 0))
    for text in texts:
        plain = resolved(text)
        found["tagged"] += _holds_tag(text)
        found["entities"] += plain != text
        found["escaped"] += plain != text and _holds_tag(plain)
    return found


def treatment(tagged: int, entities: int, escaped: int) -> tuple[bool, bool]:
    """Whether the tags of a column are removed, and whether they are once entities are resolved."""
    # Most texts have escaped tags then, or one article is about HTML.
    return tagged > 0, not tagged and 0 < entities <= 2 * escaped


def strip_markup(text: str, treated: tuple[bool, bool], name: str, limits: ReadLimits) -> str:
    r"""Turn a text of a column that holds HTML into what a reader of the page sees.

    The `treatment` of the column says whether tags are removed: without a sure tag, ``<`` and
    ``>`` stay, and only entities are resolved. What a feed escaped as a whole (``&lt;p&gt;``) is
    read again. Nothing is fetched or run. TooLargeError if elements are nested too deeply.

    Examples
    --------
    >>> cell = "<p>They met.</p><p>&ldquo;No&rdquo;, said AT&T.</p>"
    >>> strip_markup(cell, treatment(**find_markup([cell])), "news.csv", ReadLimits())
    'They met.\n\n“No”, said AT&T.'
    """
    for tags in treated:
        tagged = tags and "<" in text and _TAG.search(text)
        text = _shown(text, name, limits) if tagged else resolved(text)
    return text


def _holds_tag(text: str) -> bool:
    return "<" in text and _SURE.search(text) is not None


def resolved(text: str) -> str:
    """The text with its entities as characters."""
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text


def _shown(text: str, name: str, limits: ReadLimits) -> str:
    if not _IS_LAID_OUT.search(text):
        return mend(resolved(_TAG.sub("", text)))
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
