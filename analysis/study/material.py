"""What the figures and words of a study are made of, and what a figure is before it is saved."""

from dataclasses import dataclass, field

import pandas as pd
from matplotlib.figure import Figure

from analysis.showing.report.page import Evidence
from analysis.study.settings import Settings

Frames = tuple[str, str]


@dataclass(frozen=True)
class Drawing:
    """A figure, before it is saved."""

    key: str
    section: str
    title: str
    caption: str
    alt: str
    figure: Figure
    table: pd.DataFrame
    evidence: list[Evidence] = field(default_factory=list)


@dataclass(frozen=True)
class Material:
    """What the figures and the words of a study are made of."""

    settings: Settings
    articles: pd.DataFrame
    tables: dict[str, pd.DataFrame]
    lines: pd.DataFrame
    contrasts: list[Frames]
    lexicon: str

    def largest(self, group: str) -> list[str]:
        """The values of a group column with the most articles, as many as the report shows."""
        sizes = self.articles[group].astype("str").value_counts().sort_index()
        sizes = sizes.sort_values(ascending=False, kind="stable")
        return list(sizes.index[: self.settings.report.outlets])

    def stance(self, frames: Frames, name: str) -> pd.DataFrame:
        """A table of a contrast; its name leaves the contrast out where there is only one."""
        one = len(self.contrasts) == 1
        prefix = "stance" if one else f"stance_{frames[0]}_{frames[1]}"
        return self.tables.get(f"{prefix}_{name}", pd.DataFrame())
