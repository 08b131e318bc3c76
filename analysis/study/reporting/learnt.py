"""What a study shows and says of the scale that it learnt, beside its lexicon."""

from collections.abc import Iterator
from functools import partial

from analysis.formatting import counted
from analysis.showing.charts import share_over_time
from analysis.showing.readable import number
from analysis.study.reporting.measured import Measured, StudyFigure


def learnt_figures(measured: Measured) -> Iterator[StudyFigure]:
    """The learnt scale over time."""
    table = measured.table("learnt_scale")
    if len(table):
        shown = table[table["column"] == "period"].rename(columns={"value": "period"})
        # Of a table with shares the chart would draw these.
        shown = shown.drop(columns=["column", "share", "share_low", "share_high"])
        yield StudyFigure(
            "learnt_scale_over_time", "robustness", "The learnt scale over time",
            f"Mean weight of a period's words on the scale learnt from {_seeds(measured)}; above 0 "
            "they lean to the first. Bands are 95% intervals with the article as the unit.",
            "Line chart of the mean weight by period.",
            partial(share_over_time, shown, thin=measured.settings.report.thin), shown,
        )  # fmt: skip


def learnt_findings(measured: Measured) -> Iterator[str]:
    """Whether the scale puts periods and groups in the lexicon's order; and its warnings."""
    table = measured.table("learnt_scale")
    if table.empty:
        return
    least, told = measured.settings.report.least, []
    for column, own in table.groupby("column", sort=False):
        own = own[(own["articles"] >= least) & own["share"].notna()]
        have = f"{counted(len(own), 'value')} with at least {least} articles and a share"
        told.append(f"by {column} not known ({have})")
        if len(own) > 2 and own[["mean", "share"]].nunique().min() > 1:
            rank = own["mean"].corr(own["share"], "spearman")
            told[-1] = f"by {column} {number(rank)} over {len(own)} values"
    yield (
        f"A scale was learnt from these articles and {_seeds(measured)}, without the lexicon. The "
        f"rank correlation of its means with the lexicon's shares: {'; '.join(told)}."
    )
    if len(warned := measured.table("learnt_scale_warnings")):
        yield f"Warnings about it: {'; '.join(warned['warning'])}."


def learnt_methods(measured: Measured) -> list[str]:
    """How the scale was learnt, and what is cited for it."""
    return [
        f"For comparison a scale was learnt from the same articles and {_seeds(measured)} by "
        "latent semantic scaling (Watanabe 2021): a word's weight is its mean cosine with the "
        "seeds of the one side less that with those of the other, in the leading dimensions (300 "
        "at most) of the matrix of sentences by terms. The score of a group is the mean weight of "
        "its words, with the delete-one-article jackknife; of a story's copies the first counts.",
        "Watanabe, K. (2021). Latent semantic scaling: a semisupervised text analysis technique "
        "for new domains and languages. Communication Methods and Measures 15, 81-102.",
    ] if measured.settings.lexicon.seeds else []  # fmt: skip


def _seeds(measured: Measured) -> str:
    sides = measured.settings.lexicon.seeds.items()
    return f"seeds ({'; '.join(f'{frame}: ' + ', '.join(words) for frame, words in sides)})"
