"""What a report is made of, and how it becomes one page."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from analysis.escape import inert, spreadsheet_safe
from analysis.formatting import csv_text, significant
from analysis.showing.kwic_view import by_mentions
from analysis.showing.readable import readable
from analysis.showing.report.svg import inline_svg, width_of

HERE = Path(__file__).parent
# What columns are whose names do not say it.
ABOUT = {
    "n": "hits",
    "articles": "articles, or stories where copies count once",
    "log_odds": "ln((hits of the first + 1/2) / (hits of the second + 1/2)), with its 95% interval",
    "share": "hits of the first frame among those of both, with the 95% interval over articles",
    "difference": "of log odds, with its 95% interval",
    "prevalence": "share of articles with a hit, with its 95% interval",
    "rate": "hits per 1,000 tokens, with the 95% interval over articles",
    "p": "how often chance alone would give as much",
    "q": "the share of false findings, were all with a p as small named (Benjamini and Hochberg)",
    "p_holm": "p, corrected for the number of tests (Holm)",
    "slope": "change of the log odds in a year, with its 95% interval",
    "turn": "the likeliest day of a turn, with its 95% interval",
    "tf": "hits per token",
    "idf": "log10(articles / articles with the term)",
    "unlike": "lines whose context is unlike those coded as right",
}
# Columns whose cells are in the language of the lexicon, as the sentences are.
OF_LEXICON = ("term", "pattern", "match")
# Cells with more characters than this need some width to be readable.
WORDY = 30
# In points; a column of print has 240, a page 490.
BROAD = 300


@dataclass(frozen=True)
class Quote:
    """A sentence behind a number, in the three parts around the hit."""

    left: str
    keyword: str
    right: str
    outlet: str
    date: str
    voice: str = ""
    source: str = ""
    link: str = ""
    why: str = ""
    mentions: str = ""

    @property
    def before(self) -> list[tuple[str, bool]]:
        """What stands before the hit, in pieces, and whether each names a target."""
        return by_mentions(self.left, self.mentions)

    @property
    def after(self) -> list[tuple[str, bool]]:
        """What stands after it."""
        return by_mentions(self.right, self.mentions)

    @property
    def safe_link(self) -> str:
        """The article's address, if it is a web address and not, say, a script."""
        return self.link if self.link.startswith(("https://", "http://")) else ""


@dataclass(frozen=True)
class Evidence:
    """The sentences behind one point: a sample of its `hits`; `of` is its group, by column."""

    key: str
    label: str
    hits: int
    quotes: Sequence[Quote]
    of: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Chart:
    """A figure: its SVG, what it says in words, and the evidence that its points open."""

    key: str
    title: str
    caption: str
    alt: str
    svg: str
    evidence: Sequence[Evidence] = ()

    @property
    def inline(self) -> str:
        """The SVG as part of the page, its linked points named for screen readers."""
        names = {f"#{e.key}": f"{e.label}: show sentences" for e in self.evidence}
        return inline_svg(self.svg, self.key, self.alt, names)

    @property
    def is_broad(self) -> bool:
        """Whether it is broader than one column of print: too broad for a phone to shrink."""
        return width_of(self.svg) > BROAD


@dataclass(frozen=True)
class Table:
    """A table with a caption; `links` names the evidence of its rows."""

    key: str
    caption: str
    rows: pd.DataFrame
    links: Mapping[int, str] = field(default_factory=dict)
    most: int = 200

    @cached_property
    def shown(self) -> pd.DataFrame:
        """The first rows, as text; an interval is not broken into two lines."""
        shown = readable(self.rows.head(self.most))
        return shown.replace(r", (?=[^\[]*\]$)", ",\u00a0", regex=True)

    @property
    def download(self) -> str:
        """The rows that are shown, with all digits, as the address of a CSV file."""
        text = csv_text(spreadsheet_safe(self.rows.head(self.most)))
        return f"data:text/csv;charset=utf-8;base64,{base64.b64encode(text.encode()).decode()}"

    @property
    def left_out(self) -> int:
        """How many rows are not shown."""
        return max(0, len(self.rows) - self.most)

    @property
    def numeric(self) -> set[str]:
        """Columns that are aligned to the right and sorted as numbers."""
        return set(self.rows.select_dtypes("number"))

    @property
    def kinds(self) -> dict[str, str]:
        """How columns of text are set: on one line but for sentences, which need some width."""
        dates = set(self.rows.select_dtypes(["datetime", "datetimetz"]))
        wordy = {name for name in self.shown if (self.shown[name].str.len() > WORDY).any()}
        unbroken = {name for name in self.shown if name in dates or f"{name}_low" in self.rows}
        return {
            name: "unbroken" if name in unbroken else "sentence" if name in wordy else "name"
            for name in self.shown
        }

    def sort_key(self, row: int, name: str) -> str:
        """The number behind a cell, for sorting."""
        value = self.rows[name].iloc[row]
        return "" if pd.isna(value) else repr(significant(float(value)))


@dataclass(frozen=True)
class Section:
    """A heading with paragraphs, findings as a list, charts and tables."""

    key: str
    title: str
    paragraphs: Sequence[str] = ()
    points: Sequence[str] = ()
    charts: Sequence[Chart] = ()
    tables: Sequence[Table] = ()


@dataclass(frozen=True)
class Report:
    """A whole report."""

    title: str
    subtitle: str
    sections: Sequence[Section]
    foot: str = ""
    explorer: bool = False
    language: str = ""


def render(report: Report) -> str:
    """The report as HTML."""
    return web_page(HERE, "report", report=report, about=ABOUT, of_lexicon=OF_LEXICON)


def web_page(folder: Path, name: str, **values: object) -> str:
    """The page that a template makes, with the style and the script beside it inside.

    Every text is escaped, and marks that would turn the direction of the words after it are written
    out. The page's policy allows its own style and script alone.
    """
    # Slow to import, and only needed here.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined,
        finalize=_written_out, trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    style, script = (
        (folder / f"{name}.{end}").read_text(encoding="utf-8") for end in ("css", "js")
    )
    policy = (
        f"default-src 'none'; style-src '{_source_hash(style)}'; "
        f"script-src '{_source_hash(script)}'; base-uri 'none'; form-action 'none'"
    )
    page = environment.get_template(f"{name}.html").render(
        style=style, script=script, policy=policy, **values
    )
    return page + "\n"


def _written_out(value: object) -> object:
    """Texts without characters that affect how others are displayed; our own markup as it is."""
    return inert(value) if type(value) is str else value


def _source_hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
