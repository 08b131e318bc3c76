"""The explorer of a study: its hits article by article, on a page of its own."""

from dataclasses import replace

from analysis.showing.explorer.page import contents_of, explorer_page, frequent_terms, sample
from analysis.study.counts import document_counts, term_counts
from analysis.study.reporting.measured import Measured
from analysis.study.study_file import Done

# A page of more articles would be slow to open.
MOST = 100_000


def explorer(measured: Measured, done: Done) -> str:
    """The explorer as a page; empty where there are too many articles for one."""
    settings, lexicon = measured.settings, measured.lexicon
    if len(measured.articles) > MOST:
        return ""
    lines = None
    if settings.report.explorer_text == "sentences":
        table = measured.lines.table
        own = (
            table if settings.lexicon.negated != "apart" else table[~table["negated"].astype(bool)]
        )
        lines = measured.lines.read(sample(own)) if len(own) else None
    targets = (done["count"] / "targets").is_dir()
    counts = document_counts(done, "targets" if targets else "hits")
    contents = contents_of(counts, lexicon, lines)
    if settings.prepare.reprints == "once":
        contents = replace(contents, rows=contents.rows.assign(unit=counts.documents["cluster"]))
    if "outlet" in settings.groups:
        summed = term_counts(done, "outlet")
        names = list(summed.groups["outlet"].astype("str"))
        terms = frequent_terms(summed.terms, summed.n, names, summed.groups["tokens"], lexicon)
        contents = replace(contents, terms=terms)
    return explorer_page(
        replace(
            contents, title=settings.title, negated=settings.lexicon.negated,
            contrasts=measured.contrasts, frames=settings.lexicon.frames,
            foot="The report beside it has findings, methods and how far they can be trusted.",
        )
    )  # fmt: skip
