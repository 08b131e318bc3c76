"""Hits of frames in each article: what every statistic of frames is made from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
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
from analysis.measuring.frames.one_frame import OneFrame
from analysis.measuring.terms.term_hits import hits_from_terms

Negated = Literal["apart", "flip", "keep"]
Counts = DocumentTerms | GroupCounts
Scored = tuple[str, str] | OneFrame
Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True, eq=False)
class ArticleHits:
    """Hits of two frames, or the two sides of one, in each unit of evidence, and its group.

    `groups` has one row per group: the `by` columns, ``articles``, ``tokens`` and ``tokens_sq`` of
    all its articles. The arrays have an entry per article with hits: its row of `groups`, its id,
    its tokens, the hits that are scored (after the choice about negated hits), and those after a
    negator. Their order depends on the numbers alone, so that sums of floats come out the same
    whatever the order of the articles was.
    """

    by: tuple[str, ...]
    contrast: Scored
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
    contrast: Scored,
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
    allowed = ("apart", "keep") if isinstance(contrast, OneFrame) else ("apart", "flip", "keep")
    if negated not in allowed:
        raise CountsError(f"negated={negated!r} is unknown; allowed are {', '.join(allowed)}.")
    by = columns_of(by)
    # Of these articles without a hit are a part as well.
    every = isinstance(contrast, OneFrame) and contrast.measure != "share"
    sides = partial(_sides, contrast, negated)
    groups, table = unit_rows(counts, by, sides, unit, weights, every=every)
    if every and isinstance(counts, GroupCounts) and contrast.measure == "prevalence":
        table = _with_silent(groups, table)
    a, b, a_negated, b_negated = (
        table[name].to_numpy() for name in ("a", "b", "a_negated", "b_negated")
    )
    group, tokens = table["group"].to_numpy(np.intp), table["n_tokens"].to_numpy()
    order = np.lexsort((b_negated, a_negated, tokens, b, a, group))
    order = order[(a + b + a_negated + b_negated)[order] > 0]
    return ArticleHits(
        by, contrast, groups, group[order], table["doc_id"].to_numpy(object)[order], tokens[order],
        a[order], b[order], a_negated[order], b_negated[order],
    )  # fmt: skip


def frame_hits(table: pd.DataFrame, frame: str, suffix: str = "") -> NDArray[Any]:
    """Hits of a frame in each article: of one that was not counted itself, those of its parts."""
    names = [f"n_{frame}{suffix}"]
    if names[0] not in table:
        parts = [name for name in table if name.startswith(f"n_{frame}/")]
        parts = [name for name in parts if name.endswith("_negated") == bool(suffix)]
        stems = [name.removesuffix("_negated") + "/" for name in parts]
        names = [name for name in parts if not name.startswith(tuple(stems))]
    # A frame without any hit has no column.
    values: NDArray[Any] = table[names].to_numpy().sum(axis=1, dtype=np.int64)
    return values


def _sides(contrast: Scored, negated: Negated, table: pd.DataFrame) -> Columns:
    """The two sides that are scored in each article, and the hits after a negator of both."""
    one = isinstance(contrast, OneFrame)
    sides = ((contrast.frame,), contrast.others) if one else ((contrast[0],), (contrast[1],))
    (a, a_negated), (b, b_negated) = (
        [sum((frame_hits(table, f, end) for f in side), np.zeros(len(table), np.int64))
         for end in ("", "_negated")] for side in sides
    )  # fmt: skip
    if negated == "flip":
        a, b = a + b_negated, b + a_negated
    elif negated == "keep":
        a, b = a + a_negated, b + b_negated
    if one and contrast.measure == "prevalence":
        a = (a >= contrast.at_least).astype(np.int64)
        b = 1 - a
    elif one and contrast.measure == "rate":
        b = np.maximum(table["n_tokens"].to_numpy() - a, 0)
    return {"a": a, "b": b, "a_negated": a_negated, "b_negated": b_negated}


def _with_silent(groups: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Add the articles without a hit, of which streamed counts know the number alone."""
    silent = groups["articles"].to_numpy() - np.bincount(table["group"], minlength=len(groups))
    group = np.repeat(np.arange(len(groups)), silent.astype(np.int64))
    # No article is called by a number; each must be one of its own.
    rows = pd.DataFrame({"group": group, "doc_id": pd.Series(range(len(group)), dtype=object)})
    rows = rows.assign(n_tokens=0, a=0, b=1, a_negated=0, b_negated=0)
    return pd.concat([table, rows], ignore_index=True)


def hit_counts(
    counts: Counts, lexicon: Lexicon | str | Path, contrast: Sequence[str] | None = None
) -> tuple[Counts, tuple[str, str]]:
    """Counts that hold the hits of a lexicon, and a contrast of two of its frames, as for `stance`.

    The name of a shipped lexicon stands for its contrasts. CountsError if the counts do not hold
    the hits of this lexicon, LexiconError if `contrast` is not two of its frames.
    """
    counts, frames, pairs = counts_with_hits(counts, lexicon)
    if (
        not isinstance(lexicon, Lexicon)
        and pairs is None
        and not set(contrast or ()) <= set(frames)
    ):
        raise LexiconError(
            f"contrast={contrast!r}: the counts have hits of {', '.join(frames) or 'no frame'}."
            " A frame without hits is known only if lexicon is the Lexicon, not its name."
        )
    return counts, check_contrast(contrast or next(iter(pairs or ()), None), frames)


def counts_with_hits(
    counts: Counts, lexicon: Lexicon | str | Path
) -> tuple[Counts, list[str], tuple[tuple[str, str], ...] | None]:
    """Counts that hold the hits of a lexicon, its frames, and its contrasts.

    Of a mere name the frames are those with hits, and no contrasts are known, unless it is shipped.
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
        if lexicon not in shipped_lexicons():
            return counts, frames, None
        shipped = Lexicon.load(lexicon)
        frames += [frame for frame in shipped.frames if frame not in frames]
        return counts, frames, lexicon_contrasts(shipped)
    if counts.lexicon.split()[-1:] != [lexicon.fingerprint[:8]]:
        if isinstance(counts, GroupCounts):
            raise CountsError(
                f"lexicon={lexicon.label!r}: these streamed counts were "
                f"{counted_with(counts.lexicon)}. Count the articles again: "
                "count_corpus(paths, by, lexicon=lexicon)."
            )
        counts = hits_from_terms(counts, lexicon)
    return counts, list(lexicon.frames), lexicon_contrasts(lexicon)


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


def unit_rows(
    counts: Counts,
    by: tuple[str, ...],
    columns: Callable[[pd.DataFrame], Columns],
    unit: str = "doc_id",
    weights: str | None = None,
    *,
    every: bool = False,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Groups, and a row for each unit of evidence in them: its articles, averaged or weighted.

    The rows have ``group, doc_id, n_tokens`` and what `columns` makes of the hits of each article.
    Articles without a hit are among them if they are weighted, or if `every` is asked for and they
    are known; then the groups have their ``weight`` and its squares, ``weight_sq``.
    """
    plain = unit == "doc_id" and weights is None
    if isinstance(counts, GroupCounts) and not plain:
        raise CountsError(
            f"unit={unit!r}, weights={weights!r}: streamed counts know their articles only; count "
            "with document_terms to weight or cluster them."
        )
    if isinstance(counts, GroupCounts) or (plain and not every):
        grouped = group_counts(_without_terms(counts), by)
        table = grouped.hits[["group", "doc_id", "n_tokens"]]
        return grouped.groups, table.assign(**columns(grouped.hits))
    units = unit_of_articles(counts.documents, unit)
    # One row per article and group, its parts added up, with its unit and weight.
    grouped = group_counts(_without_terms(counts), tuple(dict.fromkeys((*by, "doc_id"))))
    hits = grouped.hits.set_index("group").drop(columns=["doc_id", "n_tokens"])
    hits = hits.reindex(range(len(grouped.groups)), fill_value=0)
    hits["n_tokens"] = grouped.groups["tokens"]
    group, groups = group_codes(grouped.groups, by)
    ids = grouped.groups["doc_id"]
    keys = pd.DataFrame({"group": group, "doc_id": units.reindex(ids).to_numpy()})
    values = pd.DataFrame({"n_tokens": hits["n_tokens"], **columns(hits), "weight": 1})
    if weights is not None:
        known = of_articles(counts.documents, weights, "weights")
        weight = known.reindex(ids).set_axis(ids.index)
        _refuse_weights(weight, ids, weights)
        values = values.mul(weight.astype(np.float64), axis=0)
    elif not plain:
        weight = 1 / keys.groupby(["group", "doc_id"])["group"].transform("size")
        values = values.mul(weight, axis=0)
    table = pd.concat([keys, values], axis=1).groupby(["group", "doc_id"]).sum().reset_index()
    codes, lengths = table["group"].to_numpy(np.intp), table["n_tokens"].to_numpy()
    weight = table.pop("weight").to_numpy()
    sums = {"articles": np.ones_like(codes), "tokens": lengths, "tokens_sq": lengths**2,
            "weight": weight, "weight_sq": weight**2}  # fmt: skip
    for name, of_unit in sums.items():
        total = np.bincount(codes, of_unit, len(groups))
        groups[name] = total if of_unit.dtype.kind == "f" else total.astype(np.int64)
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
