"""What the figures and words of a study are made of, and what a figure is before it is saved."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.formatting import counted
from analysis.lexicons.lexicon import Lexicon
from analysis.showing.largest import by_size
from analysis.showing.report.page import Evidence
from analysis.study.contrasts import Pair, contrast_key
from analysis.study.dataset import file_name
from analysis.study.evidence import Lines, evidence_of
from analysis.study.settings import Settings

# A finding is named where the rate of false findings among those named is held under this.
FDR = 0.05


def clear(table: pd.DataFrame, p: str = "p", q: str = "q") -> pd.DataFrame:
    """The rows that are named as findings, the clearest first."""
    return table[table[q] < FDR].sort_values(p, kind="stable")


def listed(names: Iterable[str]) -> str:
    """The end of a sentence that lists names, if there are any."""
    return f": {', '.join(names)}." if (names := list(names)) else "."


@dataclass(frozen=True)
class StudyFigure:
    """A figure, before it is saved."""

    key: str
    section: str
    title: str
    caption: str
    alt: str
    draw: Callable[[], Axes | Figure]
    table: pd.DataFrame
    evidence: list[Evidence] = field(default_factory=list)


@dataclass(frozen=True)
class Measured:
    """What the figures and the words of a study are made of."""

    settings: Settings
    articles: pd.DataFrame
    tables: dict[str, pd.DataFrame]
    lines: Lines
    contrasts: list[Pair]
    lexicon: Lexicon
    validity: list[str] = field(default_factory=list)

    def largest(self, group: str) -> list[str]:
        """The values of a group column with the most articles, as many as the report shows."""
        sizes = by_size(self.articles[group].astype("str").value_counts())
        return list(sizes.index[: self.settings.report.outlets])

    def shown(self, table: pd.DataFrame, group: str, most: int | None = None) -> pd.DataFrame:
        """The rows of a table that are about these values, or the `most` largest of them."""
        return table[table[group].astype("str").isin(self.largest(group)[:most])]

    @property
    def near(self) -> str:
        """How near a target is, in words."""
        window = self.settings.targets.window
        if isinstance(window, int):
            return f"within {counted(window, 'token')} of"
        return f"in the {window} of"

    @property
    def measure(self) -> str:
        """What of single frames is compared."""
        return self.settings.lexicon.measure or "prevalence"

    def table(self, name: str) -> pd.DataFrame:
        """A table by its name; an empty one if the study has none of that name."""
        return self.tables.get(file_name(name), pd.DataFrame())

    def stance(self, frames: Pair, name: str) -> pd.DataFrame:
        """A table of a contrast; its name leaves the contrast out where there is only one."""
        return self.table(f"stance_{contrast_key(self.contrasts, frames)}{name}")

    def sensitivities(self, frames: Pair) -> Iterator[tuple[str | None, pd.DataFrame]]:
        """The tables of sensitivity that have rows: of all articles (None), and by group column."""
        for group in (None, *self.settings.groups):
            table = self.stance(frames, f"sensitivity_by_{group}" if group else "sensitivity")
            if len(table):
                yield group, table

    def key(self, frames: Pair, name: str) -> str:
        """The key of a figure of a contrast, by the same rule."""
        return file_name(f"{contrast_key(self.contrasts, frames)}{name}")

    def shares(
        self,
        frames: Pair,
        by: list[str],
        table: pd.DataFrame,
        chart: Callable[..., Axes | Figure],
        *,
        key: str,
        title: str,
        caption: str,
        alt: str,
        section: str = "stance",
    ) -> StudyFigure:
        """A figure of the shares of a table, whose points open their sentences."""
        key, settings = self.key(frames, key), self.settings
        evidence, links = evidence_of(
            table, self.lines, by, frames, chart=key, most=settings.report.sentences,
            negated=settings.lexicon.negated,
        )  # fmt: skip
        draw = partial(chart, table.assign(link=links), frames=frames)
        title = f"Share of {frames[0]} {title}"
        return StudyFigure(key, section, title, caption, alt, draw, table, evidence)
