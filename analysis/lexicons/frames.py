"""Frames as a dict gives them, checked: nested or not, of patterns or of patterns with weights."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from analysis.errors import LexiconError
from analysis.lexicons.patterns import (
    EXCLUSION,
    checked_patterns,
    clean_pattern,
    frame_name,
    listed,
)

Weights = Mapping[str, Mapping[str, float]]  # frame -> pattern -> weight
_NUMBER = re.compile(r"[-+−]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")


def weight_of(value: object) -> float | None:
    """A weight as a number, or None for what is not one."""
    if isinstance(value, str):
        value = float(value.replace("−", "-")) if _NUMBER.fullmatch(value) else None
    elif isinstance(value, bool) or not hasattr(value, "__float__"):
        return None
    return None if value is None or not math.isfinite(float(value)) else float(value)


def weight_fault(pattern: object, value: object, others: Mapping[str, float]) -> str:
    """What is wrong with the weight of a pattern beside those of others, or nothing."""
    weight = weight_of(value)
    if weight is None:
        return f"has the weight {value!r}; a weight is a number, such as -1.5"
    if not isinstance(pattern, str):
        return ""  # the check of patterns says what is wrong
    if pattern.startswith(EXCLUSION) and weight:
        return f"has the weight {value}; an exclusion counts for nothing, so its weight is 0"
    if others.get(clean_pattern(pattern), weight) != weight:
        return f"has the weights {others[clean_pattern(pattern)]:g} and {weight:g}; give it one"
    return ""


def checked_frames(frames: Mapping[str, Any], lexicon: str) -> tuple[dict[str, Any], Weights]:
    """The patterns of each frame, and the weights of those that have some; or LexiconError."""
    checked: dict[str, tuple[str, ...]] = {}
    weights: dict[str, dict[str, float]] = {}
    for frame, patterns in _flattened(frames):
        where = f"{lexicon}, frame {frame!r}"
        if frame in checked:
            raise LexiconError(f"{lexicon}: frame {frame!r} is named twice.")
        pairs = [pair if isinstance(pair, tuple) else (pair,) for pair in listed(patterns, where)]
        if len({len(pair) for pair in pairs}) > 1:
            raise LexiconError(f"{where}: some patterns have weights; give all of them one.")
        checked[frame] = checked_patterns((pair[0] for pair in pairs), where)
        for pattern, value in (pair for pair in pairs if len(pair) == 2):
            given = weights.setdefault(frame, {})
            if fault := weight_fault(pattern, value, given):
                raise LexiconError(f"{where}: pattern {pattern!r} {fault}.")
            if not pattern.startswith(EXCLUSION):
                given[clean_pattern(pattern)] = float(weight_of(value) or 0.0)
    return checked, weights


def kept_weights(weights: Weights, frames: Mapping[str, Iterable[str]]) -> Weights:
    """The weights of those patterns that frames still have."""
    return {
        frame: {pattern: given[pattern] for pattern in frames[frame] if pattern in given}
        for frame, given in weights.items() if frame in frames
    }  # fmt: skip


def _flattened(frames: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Frames and their patterns, ``parent/child`` after the parent, which has all of theirs."""
    for name, patterns in frames.items():
        frame = above + frame_name(name)
        held = list(patterns.values()) if isinstance(patterns, Mapping) else []
        if held and all(isinstance(one, Iterable) and not isinstance(one, str) for one in held):
            below = list(_flattened(patterns, f"{frame}/"))
            yield frame, [pattern for _, found in below for pattern in found]
            yield from below
        elif held and all(isinstance(one, Iterable) for one in held):
            # A string is refused where it stands, under its own name.
            yield from _flattened(patterns, f"{frame}/")
        else:
            yield frame, list(patterns.items()) if held else patterns


def weigh(types: pd.DataFrame, weights: Weights) -> pd.DataFrame:
    """Kinds of hits with the ``weight`` of each, missing in frames without weights."""
    if not weights:
        return types
    pairs = zip(types["frame"], types["pattern"], strict=True)
    found = [weights.get(frame, {}).get(pattern, math.nan) for frame, pattern in pairs]
    return types.assign(weight=pd.Series(found, types.index, "float64"))
