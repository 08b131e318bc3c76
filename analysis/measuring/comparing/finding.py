"""A finding: a score that lies on one side of another, taken from any counts."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.units import unit_of_articles
from analysis.measuring.comparing.welch import compared
from analysis.measuring.frames.article_hits import (
    Negated,
    article_hits,
    side_columns,
    side_frames,
)
from analysis.measuring.frames.one_frame import OneFrame, Scored
from analysis.measuring.frames.stance import estimate_of
from analysis.measuring.frames.unit_rows import Units
from analysis.measuring.intervals import bounds, log_odds

SIDE = "_side"  # the column that distinguishes the two groups of a comparison: 1 and 2
ENDS = ("", "_low", "_high")


@dataclass(frozen=True)
class Finding:
    """How the score of a finding is taken, from any counts."""

    contrast: Scored
    compared: bool
    offset: float
    negated: Negated
    unit: str
    level: float
    _known: list[Units] = field(default_factory=list, init=False, compare=False)  # the last

    def row(
        self, counts: DocumentTerms, change: str, left_out: str = "", *, frame: str = "",
        note: str = "", units: Units | None = None,
    ) -> dict[str, Any]:  # fmt: skip
        """Score counts: a row of the table."""
        by = (SIDE,) if self.compared else ()
        units = units or self.units(counts)
        hits = article_hits(counts, self.contrast, by, negated=self.negated, units=units)
        row: dict[str, Any] = {"change": change, "frame": frame, "left_out": left_out}
        for name, values in zip(side_columns(self.contrast), (hits.a, hits.b), strict=True):
            row[name] = values.sum()
        if self.compared and len(hits.groups) < 2:
            return row | {"note": "one of the two groups has no article left"}
        if self.compared:
            found = compared(hits, np.array([0]), np.array([1]), self.level).iloc[0]
            score, why = [found[f"difference{end}"] for end in ENDS], found["note"]
            row["share_other"] = found["share_other"]
        else:
            names = ("the frame",) * 2 if isinstance(self.contrast, OneFrame) else self.contrast
            estimate, [why] = estimate_of(hits, names)
            score = [estimate.value[0], *(end[0] for end in bounds(estimate, self.level))]
        row["share"] = hits.share[0]
        row |= {f"score{end}": at - self.offset for end, at in zip(ENDS, score, strict=True)}
        return row | {"note": "; ".join(filter(None, [note, why]))}

    def units(self, counts: DocumentTerms) -> Units:
        """The units of counts; what has the same documents, such as each drop, has the same."""
        if not self._known or self._known[0].documents is not counts.documents:
            self._known[:] = [Units.of(counts, (SIDE,) if self.compared else (), self.unit)]
        return self._known[0]

    def quick(self, counts: DocumentTerms) -> Callable[[NDArray[np.int64]], float]:
        """The score as a function of multipliers of the hit types, without an interval."""
        types = counts.hit_types
        one = self.contrast if isinstance(self.contrast, OneFrame) else None
        frames = side_frames(self.contrast, types["frame"].unique())
        own = np.array([types["frame"].isin(side) for side in frames]).astype(np.int64)
        after_negator = {"apart": 0 * own, "keep": own, "flip": own[::-1]}[self.negated]
        mine = np.where(types["negated"].to_numpy(bool), after_negator, own)
        sides = (
            counts.documents[SIDE].to_numpy() if self.compared else np.ones(len(counts.documents))
        )
        weight = self._weight(counts, sides)
        weights = np.array([np.where(sides == side, weight, 0) for side in np.unique(sides)])
        totals = weights @ counts.hits
        tokens = weights @ counts.documents["n_tokens"].to_numpy()
        # The parts of an article in a side are one.
        parts = counts.documents.groupby([sides, "doc_id"], sort=False).ngroup().to_numpy()
        first = np.unique(parts, return_index=True)[1]
        joined = sparse.csr_array((np.ones(len(parts)), (parts, np.arange(len(parts)))))
        articles = joined @ counts.hits

        def score(multipliers: NDArray[np.int64]) -> float:
            a, b = (totals @ (chosen * multipliers).astype(np.float64) for chosen in mine)
            if one is not None and one.measure == "prevalence":
                has = articles @ (mine[0] * multipliers) >= one.at_least
                a = weights[:, first] @ has
                b = weights[:, first].sum(axis=1) - a
            elif one is not None and one.measure == "rate":
                b = tokens - a
            values = log_odds(a, b)
            return float(values[0] - values[1] if self.compared else values[0] - self.offset)

        return score

    def _weight(self, counts: DocumentTerms, sides: NDArray[Any]) -> NDArray[np.float64]:
        """What each row counts for: articles of a side that share a unit count once together."""
        if self.unit == "doc_id":
            return np.ones(len(sides))
        ids = counts.documents["doc_id"]
        units = unit_of_articles(counts.documents, self.unit).reindex(ids).to_numpy()
        sizes = ids.groupby([sides, units]).transform("nunique")
        weight: NDArray[np.float64] = 1 / sizes.to_numpy(np.float64)
        return weight
