"""Frames whose patterns have weights: which they are, their means, and who must not count them."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from analysis.counting.checking import WEIGHT
from analysis.counting.groups import GroupCounts
from analysis.errors import LexiconError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.frames.one_frame import Frames, OneFrame, chosen_frames
from analysis.measuring.frames.unit_rows import Counts, parts_of


def means(
    counts: Counts, lexicon: Lexicon | str | Path, known: Sequence[str], frames: Frames
) -> list[OneFrame]:
    """The mean of each of the frames, by default of all with weights.

    LexiconError if one has none.
    """
    weighted = weighted_frames(counts, lexicon)
    if frames is None:
        known = [name for name in known if name in weighted]
    names = chosen_frames(frames, known) if known else []
    for name in names or [""]:
        if not set(parts_of(name, known)) & weighted or not names:
            what = f"the frame {name!r} has no" if names else "no frame has"
            raise LexiconError(
                f"{what} weights, so there is no mean: give each pattern of a frame one, "
                "Lexicon.from_dict({frame: {pattern: weight}})."
            )
    return [OneFrame(name, "mean") for name in names]


def weighted_frames(counts: Counts, lexicon: Lexicon | str | Path) -> set[str]:
    """The frames whose patterns have weights."""
    own = set(lexicon.weights) if isinstance(lexicon, Lexicon) else set[str]()
    if isinstance(counts, GroupCounts):
        names = [name for name in counts.hits if name.startswith("w_")]
        return own | {name[2:].removesuffix("_negated") for name in names}
    types = counts.hit_types
    return own | (set(types["frame"][types[WEIGHT].notna()]) if WEIGHT in types else set())


def refuse_weights(frames: Iterable[str], counts: Counts, lexicon: Lexicon | str | Path) -> None:
    """LexiconError if one of the frames has weights, for a statistic that counts hits alike."""
    if weighted := sorted(set(frames) & weighted_frames(counts, lexicon)):
        raise LexiconError(
            f"the frame {weighted[0]!r} has weights, but this statistic counts all hits alike. "
            "scale(counts, lexicon, by) gives the mean weight, as does measure='mean' of "
            "compare_groups and trend; lexicon.without_weights() counts alike."
        )
