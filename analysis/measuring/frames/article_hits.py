"""Hits of a contrast's two frames in each article: what every stance statistic is made from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.grouping import columns_of, group_codes
from analysis.counting.groups import GroupCounts, check_counts, group_counts
from analysis.counting.units import of_articles, unit_of_articles
from analysis.errors import CountsError, LexiconError
from analysis.lexicons.lexicon import Lexicon, as_lexicon, counted_with
from analysis.lexicons.shipped import shipped_lexicons
from analysis.measuring.frames.contrasts import check_contrast, lexicon_contrasts
from analysis.measuring.terms.term_hits import hits_from_terms

Negated = Literal["apart", "flip", "keep"]
Counts = DocumentTerms | GroupCounts


@dataclass(frozen=True, eq=False)
class ArticleHits:
    """Hits of two frames in each unit of evidence, and the groups they are in.

    `groups` has one row per group: the `by` columns, ``articles``, ``tokens`` and ``tokens_sq`` of
    all its articles. The arrays have an entry per article with hits: its row of `groups`, its id,
    its tokens, the hits that are scored (after the choice about negated hits), and those after a
    negator. Their order depends on the numbers alone, so that sums of floats come out the same
    whatever the order of the articles was.
    """

    by: tuple[str, ...]
    contrast: tuple[str, str]
    groups: pd.DataFrame
    group: NDArray[np.intp]
    doc_id: NDArray[np.object_]
    tokens: NDArray[Any]
    a: NDArray[Any]
    b: NDArray[Any]
    a_negated: NDArray[Any]
    b_negated: NDArray[Any]

    def total(self, values: NDArray[Any]) -> NDArray[Any]:
        """Sum an entry per article over each group; whole numbers stay whole."""
        sums = np.bincount(self.group, weights=values, minlength=len(self.groups))
        return sums.astype(np.int64) if np.issubdtype(values.dtype, np.integer) else sums


def article_hits(
    counts: Counts,
    contrast: tuple[str, str],
    by: str | Sequence[str],
    *,
    negated: Negated = "apart",
    unit: str = "doc_id",
    weights: str | None = None,
) -> ArticleHits:
    """Extract the hits of a contrast's frames from counts, one row per article and group.

    The parameters are those of `stance`. CountsError if an option is unknown, a column is missing,
    or streamed counts are to be weighted.
    """
    if negated not in ("apart", "flip", "keep"):
        raise CountsError(f"negated={negated!r} is unknown; allowed are apart, flip, keep.")
    by = columns_of(by)
    if unit != "doc_id" or weights is not None:
        groups, table = _weighted(counts, by, unit, weights)
    else:
        grouped = group_counts(_without_terms(counts), by)
        groups, table = grouped.groups, grouped.hits
    a, b = (_column(table, f"n_{frame}") for frame in contrast)
    a_negated, b_negated = (_column(table, f"n_{frame}_negated") for frame in contrast)
    if negated == "flip":
        a, b = a + b_negated, b + a_negated
    elif negated == "keep":
        a, b = a + a_negated, b + b_negated
    group, tokens = table["group"].to_numpy(np.intp), table["n_tokens"].to_numpy()
    order = np.lexsort((b_negated, a_negated, tokens, b, a, group))
    order = order[(a + b + a_negated + b_negated)[order] > 0]
    return ArticleHits(
        by, contrast, groups, group[order], table["doc_id"].to_numpy(object)[order], tokens[order],
        a[order], b[order], a_negated[order], b_negated[order],
    )  # fmt: skip


def hit_counts(
    counts: Counts, lexicon: Lexicon | str | Path, contrast: Sequence[str] | None = None
) -> tuple[Counts, tuple[str, str]]:
    """Counts that hold the hits of a lexicon, and a contrast of two of its frames, as for `stance`.

    The name of a shipped lexicon stands for its contrasts. CountsError if the counts do not hold
    the hits of this lexicon, LexiconError if `contrast` is not two of its frames.
    """
    check_counts(counts)
    lexicon = _loaded(lexicon, counts.lexicon)
    if isinstance(lexicon, str):
        if not counts.lexicon.startswith(f"{lexicon} "):
            raise CountsError(
                f"lexicon={lexicon!r}: these counts were {counted_with(counts.lexicon)}. Count "
                "the articles again: document_terms(articles, lexicon=Lexicon.load(...))."
            )
        frames = _frames(counts)
        if lexicon in shipped_lexicons():
            shipped = Lexicon.load(lexicon)
            frames += [frame for frame in shipped.frames if frame not in frames]
            contrast = contrast or next(iter(lexicon_contrasts(shipped)), None)
        elif not set(contrast or ()) <= set(frames):
            raise LexiconError(
                f"contrast={contrast!r}: the counts have hits of {', '.join(frames) or 'no frame'}."
                " A frame without hits is known only if lexicon is the Lexicon, not its name."
            )
    else:
        frames = list(lexicon.frames)
        if counts.lexicon.split()[-1:] != [lexicon.fingerprint[:8]]:
            if isinstance(counts, GroupCounts):
                raise CountsError(
                    f"lexicon={lexicon.label!r}: these streamed counts were "
                    f"{counted_with(counts.lexicon)}. Count the articles again: "
                    "count_corpus(paths, by, lexicon=lexicon)."
                )
            counts = hits_from_terms(counts, lexicon)
        contrast = contrast or next(iter(lexicon_contrasts(lexicon)), None)
    return counts, check_contrast(contrast, frames)


def _loaded(lexicon: Lexicon | str | Path, label: str) -> Lexicon | str:
    """The lexicon of a file; what names that of the counts, or is no file, stays a name."""
    if not isinstance(lexicon, str | Path):
        return as_lexicon(lexicon)
    is_file = not label.startswith(f"{lexicon} ") and Path(lexicon).is_file()
    return Lexicon.load(lexicon) if is_file else str(lexicon)


def _frames(counts: Counts) -> list[str]:
    """The frames that have a hit; counts know nothing of others."""
    if isinstance(counts, DocumentTerms):
        return sorted(counts.hit_types["frame"].unique())
    names = [name for name in counts.hits.columns if name.startswith("n_") and name != "n_tokens"]
    return sorted({name.removeprefix("n_").removesuffix("_negated") for name in names})


def _column(table: pd.DataFrame, name: str) -> NDArray[Any]:
    """A column of the hit table; a frame without any hit has none."""
    if name not in table:
        return np.zeros(len(table), np.int64)
    values: NDArray[Any] = table[name].to_numpy()
    return values


def _weighted(
    counts: Counts, by: tuple[str, ...], unit: str, weights: str | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Groups and hit table with one row per unit: its articles' hits and tokens, weighted."""
    if isinstance(counts, GroupCounts):
        raise CountsError(
            f"unit={unit!r}, weights={weights!r}: streamed counts know their articles only; count "
            "with document_terms to weight or cluster them."
        )
    units = unit_of_articles(counts.documents, unit)
    # One row per article and group, its parts added up, with its unit and weight.
    grouped = group_counts(_without_terms(counts), tuple(dict.fromkeys((*by, "doc_id"))))
    values = grouped.hits.set_index("group").drop(columns=["doc_id", "n_tokens"])
    values = values.reindex(range(len(grouped.groups)), fill_value=0)
    values["n_tokens"] = grouped.groups["tokens"]
    group, groups = group_codes(grouped.groups, by)
    ids = grouped.groups["doc_id"]
    keys = pd.DataFrame({"group": group, "doc_id": units.reindex(ids).to_numpy()})
    if weights is None:
        weight = 1 / keys.groupby(["group", "doc_id"])["group"].transform("size")
    else:
        known = of_articles(counts.documents, weights, "weights")
        weight = known.reindex(ids).set_axis(ids.index)
        _refuse_weights(weight, ids, weights)
    weighted = values.mul(weight.astype(np.float64), axis=0)
    table = pd.concat([keys, weighted], axis=1).groupby(["group", "doc_id"]).sum().reset_index()
    lengths = table["n_tokens"].to_numpy()
    codes = table["group"].to_numpy(np.intp)
    groups["articles"] = np.bincount(codes, minlength=len(groups))
    groups["tokens"] = np.bincount(codes, weights=lengths, minlength=len(groups))
    groups["tokens_sq"] = np.bincount(codes, weights=lengths**2, minlength=len(groups))
    return groups, table


def _refuse_weights(weight: pd.Series, ids: pd.Series, name: str) -> None:
    numeric = pd.to_numeric(weight, errors="coerce")
    bad = ~(numeric >= 0).to_numpy()
    if bad.any():
        raise CountsError(
            f"weights={name!r}: a weight must be a number of at least 0; found "
            f"{weight[bad].iloc[0]} for doc_id {ids[bad].iloc[0]!r}."
        )


def _without_terms(counts: Counts) -> Counts:
    """The same counts without their matrix of terms: sums over it are not needed for hits."""
    if isinstance(counts, GroupCounts):
        empty = sparse.csr_array((len(counts.groups), 0), dtype=np.int64)
        return replace(
            counts, terms=counts.terms[:0], n=empty, n_docs=empty, n_sq=empty, n_tokens=empty
        )
    empty = sparse.csr_array((len(counts.documents), 0), dtype=np.int64)
    return counts.derived(terms=counts.terms[:0], counts=empty)
