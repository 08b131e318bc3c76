"""Deterrence and dialogue towards four countries, over time and by the outlets' lean."""

from pathlib import Path

import pandas as pd

from analysis import DocumentTerms, Lexicon, add_period, stance
from analysis.showing.charts import figure, save_figure, share_over_time, target_matrix

HERE = Path(__file__).resolve().parent
LEXICON, CONTRAST = Lexicon.load("deterrence-dialogue"), ("deterrence", "dialogue")
# Four that stay apart: by their names alone, Russia and North Korea would both be violet.
COLOURS = {"China": "#0072B2", "Iran": "#D55E00", "North Korea": "#009E73", "Russia": "#000000"}
NAMES = {"russia": "Russia", "iran": "Iran", "north_korea": "North Korea", "china": "China"}

corpus = DocumentTerms.load(HERE.parent / "data" / "allsides_targets")
corpus = corpus.assign(target=lambda table: table["target"].map(NAMES))
years = corpus.subset(corpus.documents["date"].dt.year.ge(2013).to_numpy())
years = years.assign(period=lambda table: add_period(table, "year")["period"])
by_year = stance(years, LEXICON, CONTRAST, by=["target", "period"])
by_lean = stance(corpus, LEXICON, CONTRAST, by=["target", "lean"])

fig, (left, right) = figure(height=3.6, columns=2, width_ratios=[3, 2])
share_over_time(by_year, series="target", colours=COLOURS, ax=left)
target_matrix(by_lean, columns="lean", ax=right)

written = save_figure(
    fig,
    HERE / "out" / Path(__file__).stem,
    title="Towards whom: deterrence and dialogue within ten tokens of four countries",
    caption=(
        "Share of deterrence words among deterrence and dialogue words (lexicon "
        f"{LEXICON.caption}) within ten tokens of a mention of the country ({corpus.targets}), "
        "AllSides security corpus. Left by year, right by AllSides' label of the outlet. Bands and "
        "ranges are 95% intervals that treat the article as the unit of evidence; n counts the "
        "articles that mention the country. Of 100 such hits that were read, 95 were about the "
        "country (data/coding/README.md)."
    ),
    alt=(
        "Left a line chart of the share of deterrence by year for Russia, Iran, North Korea and "
        "China; right a table of shaded cells of the same by lean of the outlet, all of them "
        f"between {by_lean['share'].min():.2f} and {by_lean['share'].max():.2f}."
    ),
    table=pd.concat([by_year, by_lean], ignore_index=True),
)
print(*written, sep="\n")
