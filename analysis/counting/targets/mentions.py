"""Where targets are mentioned, and what their windows hold."""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Window = int | Literal["sentence", "paragraph"]
Ids = NDArray[np.int64]


class Mentions(NamedTuple):
    """Mentions sorted by target and place, and the bounds of the spans that no window leaves."""

    target: Ids
    first: Ids
    last: Ids
    spans: Ids

    def windows(self, window: Window) -> tuple[Ids, Ids, Ids]:
        """Target, first token and end of each window; those that touch are one."""
        start = self.spans[np.searchsorted(self.spans, self.first, side="right") - 1]
        stop = self.spans[np.searchsorted(self.spans, self.last, side="right")]
        if isinstance(window, int):
            start = np.maximum(start, self.first - window)
            stop = np.minimum(stop, self.last + window + 1)
        # Targets are laid end to end, so that windows of different ones never touch.
        shift = self.target * (int(self.spans[-1]) + 1)
        reach = np.maximum.accumulate(stop + shift)
        new = np.append(True, (start + shift)[1:] > reach[:-1])[: len(start)]
        end = np.append(np.flatnonzero(new)[1:], len(start)) - 1
        return self.target[new], start[new], (reach - shift)[end[: new.sum()]]

    def distance(self, target: Ids, first: Ids, last: Ids) -> Ids:
        """Tokens from each span of tokens to the nearest mention of a target."""
        shift = int(self.spans[-1]) + 1
        keys = self.target * shift + self.first
        following = np.searchsorted(keys, target * shift + first, side="right")
        span = np.searchsorted(self.spans, first, side="right")
        least = np.full(len(first), np.iinfo(np.int64).max)
        for place in (following - 1, following):
            at = np.clip(place, 0, len(keys) - 1)
            there = (place == at) & (self.target[at] == target)
            there &= np.searchsorted(self.spans, self.first[at], side="right") == span
            far = np.maximum(np.maximum(first - self.last[at], self.first[at] - last), 0)
            least[there] = np.minimum(least, far)[there]
        return least
