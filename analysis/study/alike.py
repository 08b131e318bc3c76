"""What a study compares like with like: adjusted for covariates, and on the same events."""

from collections.abc import Callable, Iterator, Sequence

import pandas as pd

from analysis.counting.document_terms import DocumentTerms
from analysis.errors import CountsError, StudyError
from analysis.measuring.comparing.adjusting.covariates import covariates_of
from analysis.measuring.comparing.adjusting.paired import EVENT
from analysis.periods import FREQUENCIES
from analysis.showing.largest import by_size
from analysis.study.settings import ReportChoice, Settings
from analysis.study.study_file import StudyFile

Table = Callable[..., pd.DataFrame]


def alone(counts: DocumentTerms, group: str) -> bool:
    """Whether all articles have the same value: then there is nothing to compare."""
    return len(counts.documents[group].drop_duplicates()) < 2


def largest_values(counts: DocumentTerms, group: str, choice: ReportChoice) -> pd.Index:
    """The values of a group column with the most articles, as many as the report draws."""
    names = counts.documents[group].astype("str")
    of_articles = names[~counts.documents["doc_id"].duplicated()]
    return by_size(of_articles.value_counts()).index[: choice.outlets]


def covered_by_several(counts: DocumentTerms, group: str, settings: Settings) -> DocumentTerms:
    """The articles of the largest groups on events that several outlets cover."""
    documents = counts.documents
    outlets = documents.groupby(EVENT)["outlet"].transform("nunique")
    large = documents[group].astype("str").isin(largest_values(counts, group, settings.report))
    return counts.subset((large & (outlets > 1)).to_numpy())


def tables_alike(
    compare: Table, counts: DocumentTerms, group: str, prefix: str, settings: Settings,
    score: Table | None = None,
) -> Iterator[tuple[str, pd.DataFrame]]:  # fmt: skip
    """The tables of a group column that the study's `compare` section asks for."""
    choice = settings.compare
    adjust = [one for one in choice.adjust if covariates_of([one], ())[0].column != group]
    if alone(counts, group):
        return
    if adjust:
        try:
            adjusted = compare(counts, by=group, against="rest", adjust=adjust)
        except CountsError as fault:
            adjusted = pd.DataFrame({"adjusting": [f"not adjusted: {fault}"]})
        yield f"{prefix}_adjusted_by_{group}", adjusted
    if choice.within == EVENT:
        chosen = covered_by_several(counts, group, settings)
        if not alone(chosen, group):
            yield f"{prefix}_paired_by_{group}", compare(chosen, by=group, within=EVENT)
            if score is not None:
                yield f"{prefix}_event_shares_by_{group}", score(chosen, by=(group, EVENT))


def check_compare(study: StudyFile, have: Sequence[str]) -> None:
    """StudyError if the study adjusts for what the articles do not have."""
    try:
        covariates = covariates_of(study.settings.compare.adjust, ())
    except CountsError as fault:
        raise StudyError(f"{study.path.name}: compare.{fault}") from None
    allowed = [name for name in have if name not in ("doc_id", "title", "text", "date_end")]
    for one in covariates:
        if one.column not in {*allowed, *FREQUENCIES, "period", "n_tokens"}:
            raise StudyError(
                f"{study.path.name}: compare.adjust names {one.written!r}; the articles have "
                f"{', '.join(allowed)}, and every article has n_tokens and the calendar spans, "
                "such as quarter."
            )
