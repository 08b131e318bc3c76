"""Means of weights in methods that are made for shares: as places between two ends."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from analysis.measuring.intervals import Floats

SHARES = ("share_before", "share_after")
DIFFERENCES = ("slope", "level_change", "slope_change")
ENDS = ("", "_low", "_high")


class Between(NamedTuple):
    """The lowest mean of an article, and how far the highest is from it.

    A mean x is the share p = (x - low) / width.
    """

    low: float
    width: float

    @classmethod
    def of(cls, sums: Floats, n: Floats) -> "Between":
        """From the sum of weights, and the hits, of each article."""
        means = sums / n if len(n) else np.zeros(1)
        return cls(float(means.min()), float(np.ptp(means)) or 1.0)

    def sides(self, sums: Floats, n: Floats) -> tuple[Floats, Floats]:
        """The hits of each article parted so that their share is the place of its mean."""
        a = np.clip((sums - self.low * n) / self.width, 0.0, n)
        return a, n - a

    def back(self, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Rows of results, with means in place of shares, and differences of means."""
        found = []
        for row in rows:
            new = dict(row)
            for name in (f"{share}{end}" for share in SHARES for end in ENDS):
                if name in row:
                    new[name] = self.low + self.width * row[name]
            for name in (f"{one}{end}" for one in DIFFERENCES for end in ENDS):
                if name in row:
                    new[name] = row[name] * self.width
            if "change" in row:
                new["change"] = new["share_after"] - new["share_before"]
            found.append(new)
        return found
