"""KWIC lines as a page: the keyword in the middle, everything escaped."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from analysis.errors import ArticlesError
from analysis.escape import from_right, inert
from analysis.formatting import counted

_NEEDED = ("left", "keyword", "right")
MENTIONS = " | "  # between the words that name targets around a hit
_STYLE = (
    "<style>.kwic td{font-family:inherit;white-space:nowrap;padding:1px 6px}"
    ".kwic .left{text-align:right}.kwic .right{text-align:left}"
    ".kwic mark{background:none;color:inherit;font-weight:700;text-decoration:underline}"
    ".kwic mark.target{text-decoration:underline dotted}"
    ".kwic .who{text-align:left;font-size:85%;opacity:.75}</style>"
)


@dataclass(frozen=True)
class KwicView:
    """Lines to look at: HTML in a notebook, plain columns in a terminal."""

    html: str
    plain: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.plain


def show_kwic(lines: pd.DataFrame, limit: int | None = 50, width: int = 50) -> KwicView:
    """Show KWIC lines with the keyword highlighted in the middle.

    In a notebook they are a table (all text escaped; links only to http and https), in a terminal
    columns of text.

    Parameters
    ----------
    lines : DataFrame
        What `kwic` or `evidence` returns; ArticlesError if it lacks their columns.
    limit : int, optional
        The most lines that are shown, with a note of how many there are; None shows all.
    width : int
        Characters of context to either side.

    Examples
    --------
    >>> from analysis import check_articles, kwic, show_kwic
    >>> row = {"doc_id": 1, "outlet": "Gazette", "date": "2021-03-14",
    ...        "text": "The talks failed again."}
    >>> show_kwic(kwic(check_articles(pd.DataFrame([row])), "talks"), width=14)
               The | talks | failed again.  | Gazette, 2021-03-14
    1 line
    """
    missing = [name for name in _NEEDED if name not in lines.columns]
    if missing:
        raise ArticlesError(
            f"lines lacks the column(s) {', '.join(missing)}; kwic and evidence make such a table."
        )
    shown = lines if limit is None else lines.head(limit)
    more = len(lines) > len(shown)
    note = counted(len(lines), "line") + (f", the first {len(shown):,} shown" if more else "")
    records = shown.astype(object).where(shown.notna(), None).to_dict("records")
    return KwicView(_html(records, note, width), _plain(records, note, width))


def show_sentences(lines: pd.DataFrame) -> str:
    """Lines as whole sentences with the hit marked; articles without texts as a list."""
    items = []
    for line in lines.astype(object).where(lines.notna(), None).to_dict("records"):
        said = f"{line.get('n')} hits"
        if "sentence" in line:
            left, keyword, right = around_hit(line)
            before, after = (_marked(part, line) for part in (left, right))
            said = f"{before}<mark>{escape(inert(keyword))}</mark>{after}"
        items.append(f'<li dir="auto">{said} <span class="who">{_source(line)}</span></li>')
    # A $ in a text must not start a MathJax formula.
    return f'{_STYLE}<ol class="kwic tex2jax_ignore mathjax_ignore">{"".join(items)}</ol>'


def by_mentions(text: str, mentions: object) -> list[tuple[str, bool]]:
    """The text in pieces, and whether each names a target."""
    words = [re.escape(word) for word in str(mentions or "").split(MENTIONS) if word]
    if not words:
        return [(text, False)]
    longest = "|".join(sorted(words, key=len, reverse=True))
    pieces = re.split(rf"(?<!\w)({longest})(?!\w)", text)
    return [(piece, number % 2 == 1) for number, piece in enumerate(pieces) if piece]


def _marked(text: str, line: dict[str, object]) -> str:
    """A text with the mentions of targets marked."""
    return "".join(
        f'<mark class="target">{escape(inert(piece))}</mark>' if named else escape(inert(piece))
        for piece, named in by_mentions(text, line.get("mentions"))
    )


def _source(line: dict[str, object]) -> str:
    """Outlet, day and who speaks, with a link to the article if it is a web address."""
    who, link = escape(inert(_who(line))), str(line.get("link") or "")
    if link.startswith(("https://", "http://")):
        return f'<a href="{escape(link, quote=True)}" rel="noopener">{who}</a>'
    return who


def _cut(line: dict[str, object], width: int) -> tuple[str, str, str]:
    left, keyword, right = (str(line[name] or "") for name in _NEEDED)
    return left[len(left) - width :] if len(left) > width else left, keyword, right[:width]


def _who(line: dict[str, object]) -> str:
    """Outlet, day, and who speaks."""
    date = line.get("date")
    day = date.strftime("%Y-%m-%d") if isinstance(date, pd.Timestamp) else date
    voice, source = line.get("voice"), line.get("source")
    speaker = f"{voice}: {source}" if voice and source else voice or source
    return ", ".join(str(part) for part in (line.get("outlet"), day, speaker) if part)


def _html(records: list[dict[str, object]], note: str, width: int) -> str:
    rows = []
    for line in records:
        left, keyword, right = _cut(line, width)
        left, right, keyword = _marked(left, line), _marked(right, line), escape(inert(keyword))
        way = ""
        if from_right(keyword):
            # Read from right to left: what comes first stands at the right of the keyword.
            left, right, way = right, left, ' dir="rtl"'
        rows.append(
            f'<tr><td class="left"{way}>{left}</td><td><mark>{keyword}</mark></td>'
            f'<td class="right"{way}>{right}</td><td class="who">{_source(line)}</td></tr>'
        )
    # A $ in a text must not start a MathJax formula.
    head = f'{_STYLE}<table class="kwic tex2jax_ignore mathjax_ignore"><caption>{note}</caption>'
    return f"{head}{''.join(rows)}</table>"


def _plain(records: list[dict[str, object]], note: str, width: int) -> str:
    cut = [_cut(line, width) for line in records]
    widest = max((cells_of(keyword) for _, keyword, _ in cut), default=0)
    rows = [
        f"{in_cells(left, '>', width)} | {in_cells(keyword, '^', widest)} | "
        f"{in_cells(right, '<', width)} | {_who(line)}".rstrip(" |")
        for (left, keyword, right), line in zip(cut, records, strict=True)
    ]
    return "\n".join(map(inert, [*rows, note]))


def cells_of(text: str) -> int:
    """How many cells of a terminal a text takes: two for a letter of Chinese or Japanese."""
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return len(text) + wide - sum(unicodedata.combining(letter) > 0 for letter in text)


def in_cells(text: str, side: str, width: int) -> str:
    """A text filled up or cut, at its far end, to some cells of a terminal."""
    while cells_of(text) > width:
        text = text[1:] if side == ">" else text[:-1]
    return f"{text:{side}{width - cells_of(text) + len(text)}}"


def around_hit(line: Mapping[Any, Any]) -> tuple[str, str, str]:
    """What stands before a hit in its own sentence, the hit, and what stands after it.

    The hit's word may stand there more than once: the context tells which one is meant.
    """
    parts = (line[name] for name in ("sentence", "left", "keyword", "right"))
    sentence, left, keyword, right = ("" if pd.isna(part) else str(part) for part in parts)
    begins = sentence.find(keyword)
    while begins >= 0:
        before, after = sentence[:begins], sentence[begins + len(keyword) :]
        ends = _fits(before.rstrip(), left.strip(), str.endswith)
        if ends and _fits(after.lstrip(), right.strip(), str.startswith):
            return before, keyword, after
        begins = sentence.find(keyword, begins + 1)
    return f"{left} ", keyword, f" {right}"


def _fits(part: str, context: str, test: Callable[[str, str], bool]) -> bool:
    return test(context, part) or test(part, context)
