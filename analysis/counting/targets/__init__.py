"""Whom hits are near: mentions of targets, and the windows around them."""

from analysis.counting.targets.mentions import Window
from analysis.counting.targets.near import (
    AND,
    Shared,
    TargetLexicon,
    Targets,
    count_near,
    cut,
    named_alike,
    near_each,
    once,
)

__all__ = [
    "AND", "Shared", "TargetLexicon", "Targets", "Window", "count_near", "cut", "named_alike",
    "near_each", "once",
]  # fmt: skip
