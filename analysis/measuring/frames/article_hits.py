"""Hits of frames in each article: what every statistic of frames is made from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.grouping import columns_of
from analysis.counting.groups import GroupCounts, check_counts
from analysis.errors import CountsError, LexiconError
from analysis.lexicons.lexicon import Lexicon, as_lexicon, counted_with
from analysis.lexicons.shipped import shipped_lexicons
from analysis.measuring.frames.contrasts import check_contrast, lexicon_contrasts
from analysis.measuring.frames.one_frame import (
    Frames,
    Measure,
    OneFrame,
    Scored,
    chosen_frames,
    measure_of,
    one_by_one,
)
from analysis.measuring.frames.unit_rows import (
    Columns,
    Counts,
    Units,
    frame_hits,
    parts_of,
    unit_rows,
)
from analysis.measuring.frames.weighted import means, refuse_weights, weighted_frames
from analysis.measuring.terms.term_hits import hits_from_terms

Negated = Literal["apart", "flip", "keep"]


@dataclass(frozen=True, eq=False)
class ArticleHits:
    """Hits of two frames, or the two sides of one, in each unit of evidence, and its group.

    `groups` has one row per group: the `by` columns, ``articles``, ``tokens`` and ``tokens_sq`` of
    all its articles. The arrays have an entry per article with hits: its row of `groups`, its id,
    its tokens, the hits that are scored (after the choice about negated hits; of a mean, their
    weights in `a` and hits in `b`), and those after a negator. Their order depends on the numbers
    alone, so that sums of floats come out the same whatever the order of the articles was.
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

    @property
    def measure(self) -> str:
        """That of one frame, or "contrast"."""
        return measure_of(self.contrast)

    @property
    def whole(self) -> NDArray[Any]:
        """What `a` is a part of, or a mean over, in each article."""
        return self.b if self.measure == "mean" else self.a + self.b

    @property
    def share(self) -> NDArray[np.float64]:
        """The share of the first side in each group, or the mean; missing without hits."""
        rate = self.measure == "rate"
        whole = self.groups["tokens"].to_numpy() if rate else self.total(self.whole)
        share: NDArray[np.float64] = self.total(self.a) / np.where(whole > 0, whole, np.nan)
        return share


def side_columns(scored: Scored) -> tuple[str, str]:
    """What the columns of the two sides are called."""
    return scored.sides if isinstance(scored, OneFrame) else (f"n_{scored[0]}", f"n_{scored[1]}")


def side_frames(scored: Scored, known: Iterable[str]) -> tuple[list[str], list[str]]:
    """The frames whose hits make the two sides: the parts of one that was not counted itself."""
    known = list(known)
    first, second = (
        [part for f in side for part in parts_of(f, known)] for side in _sides_of(scored)
    )
    return first, second


def _sides_of(scored: Scored) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if isinstance(scored, OneFrame):
        return (scored.frame,), scored.others
    return (scored[0],), (scored[1],)


def article_hits(
    counts: Counts, contrast: Scored, by: str | Sequence[str], *, negated: Negated = "apart",
    unit: str = "doc_id", weights: str | None = None, units: Units | None = None,
) -> ArticleHits:  # fmt: skip
    """Extract the hits of a contrast's frames from counts, one row per article and group.

    The parameters are those of `stance` and `unit_rows`. CountsError if an option is unknown, a
    column is missing, or streamed counts are to be weighted.
    """
    measure = measure_of(contrast)
    allowed = ("apart", "flip", "keep") if measure in ("contrast", "mean") else ("apart", "keep")
    if negated not in allowed:
        raise CountsError(f"negated={negated!r} is unknown; allowed are {', '.join(allowed)}.")
    by = columns_of(by)
    # These also count articles without a hit.
    every = measure in ("prevalence", "rate")
    sides = partial(sides_of_articles, contrast, negated)
    groups, table = unit_rows(counts, by, sides, unit, weights, every=every, units=units)
    if every and isinstance(counts, GroupCounts) and not counts.all_articles:
        if parted := [name for name in by if name in counts.parted]:
            raise CountsError(
                f"by={list(by)}: streamed counts do not tell which articles without a hit have "
                f"parts in several groups of {parted[0]!r}. Count with all_articles=True, or with "
                "document_terms."
            )
        if measure == "prevalence":
            table = _with_silent(groups, table)
    hits = table["b"] + table["b_negated"]
    if measure != "mean":
        hits = hits + table["a"] + table["a_negated"]
    table = table[hits > 0]
    names = ["group", "a", "b", "n_tokens", "a_negated", "b_negated"]
    table = table.iloc[np.lexsort([table[name].to_numpy() for name in reversed(names)])]
    columns = (table[name].to_numpy() for name in ("n_tokens", "a", "b", "a_negated", "b_negated"))
    return ArticleHits(by, contrast, groups, table["group"].to_numpy(np.intp),
                       table["doc_id"].to_numpy(object), *columns)  # fmt: skip


def sides_of_articles(contrast: Scored, negated: Negated, table: pd.DataFrame) -> Columns:
    """The two sides that are scored in each article, and the hits after a negator of both."""
    measure, frames = measure_of(contrast), _sides_of(contrast)
    sides = [("n_", side) for side in frames]
    if measure == "mean":
        sides = [("w_", frames[0]), ("n_", frames[0])]
    (a, a_negated), (b, b_negated) = (
        [frame_hits(table, side, end, kind) for end in ("", "_negated")] for kind, side in sides
    )
    if negated == "flip":
        a, b = (
            (a - a_negated, b + b_negated) if measure == "mean" else (a + b_negated, b + a_negated)
        )
    elif negated == "keep":
        a, b = a + a_negated, b + b_negated
    if isinstance(contrast, OneFrame) and measure == "prevalence":
        a = (a >= contrast.at_least).astype(np.int64)
        b = 1 - a
    elif measure == "rate":
        b = np.maximum(table["n_tokens"].to_numpy() - a, 0)
    return {"a": a, "b": b, "a_negated": a_negated, "b_negated": b_negated}


def _with_silent(groups: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Add the articles without a hit, of which streamed counts know the number alone."""
    silent = groups["articles"].to_numpy() - np.bincount(table["group"], minlength=len(groups))
    group = np.repeat(np.arange(len(groups)), silent.astype(np.int64))
    rows = pd.DataFrame({"group": group})
    rows = rows.assign(doc_id=None, n_tokens=0, a=0, b=1, a_negated=0, b_negated=0)
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
    pair = check_contrast(contrast or next(iter(pairs or ()), None), frames)
    refuse_weights(pair, counts, lexicon)
    return counts, pair


def scored_counts(
    counts: Counts, lexicon: Lexicon | str | Path, contrast: Sequence[str] | None, frames: Frames,
    measure: Measure | None, at_least: int,
) -> tuple[Counts, list[Scored]]:  # fmt: skip
    """Counts that hold the hits, and what is scored: a contrast, or frames one by one.

    Of a lexicon whose frames all have weights these are the means. LexiconError if both are asked
    for.
    """
    if frames is None and measure is None and at_least == 1:
        if contrast is None:
            counted, known, _ = counts_with_hits(counts, lexicon)
            if known and set(known) <= weighted_frames(counted, lexicon):
                return counted, [*means(counted, lexicon, known, None)]
        counted, pair = hit_counts(counts, lexicon, contrast)
        return counted, [pair]
    if contrast is not None:
        raise LexiconError(
            f"contrast={contrast!r} and frames={frames!r}, measure={measure!r}, at_least="
            f"{at_least!r}: a contrast sets two frames against each other, the other three "
            "score frames one by one. Give either a contrast or some of these."
        )
    counted, known, _ = counts_with_hits(counts, lexicon)
    if measure is None and at_least == 1:
        names = set(chosen_frames(frames, known))
        measure = "mean" if names <= weighted_frames(counted, lexicon) else None
    if measure == "mean":
        return counted, [*means(counted, lexicon, known, frames)]
    scored = one_by_one(frames, known, measure or "prevalence", at_least)
    refuse_weights([one.frame for one in scored], counted, lexicon)
    return counted, [*scored]


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
