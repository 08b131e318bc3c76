"""Fingerprints: one for equal values, in any process, and another for any other value."""

import os
import subprocess
import sys
from dataclasses import dataclass
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from analysis.fingerprints import fingerprint

ROOT = Path(__file__).resolve().parent.parent


def square(number: int) -> int:
    return number**2


def shown(number: int, log: Path | None = None) -> str:
    return f"{log}: {number}"


class Colour(Enum):
    RED = 1
    BLUE = 2


@dataclass(frozen=True)
class Asked:
    by: tuple[str, ...]
    limit: int


def shifted(by: int) -> Any:
    return lambda number: number + by


VALUES: list[Any] = [
    None, 0, False, 1, True, 1.0, "1", b"1", "", "a", ["a"], ("a",), {"a"}, {"a": 1}, {"a": 2},
    {1: "a"}, ["a", ["b"]], [["a"], "b"], ["a", "b"], ["b", "a"], ["ab"], Path("a"), Colour.RED,
    Colour.BLUE, Asked(("a",), 1), Asked(("a",), 2), np.arange(2), np.arange(2.0),
    np.arange(4).reshape(2, 2), np.arange(4), square, shown, partial(shown, log=None),
    partial(shown, log=Path("a")), shifted(1), shifted(2),
    lambda number: number + 1, lambda number: number + 2, lambda number, by=1: number + by, abs,
]  # fmt: skip


def test_different_values_have_different_fingerprints():
    assert len({fingerprint(value) for value in VALUES}) == len(VALUES)


def test_equal_values_have_equal_fingerprints():
    twin = "".join(["a", "b"])
    pairs: list[tuple[Any, Any]] = [
        (["ab", "ab"], ["ab", twin]), ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({"ab", "c"}, {"c", twin}), (Asked(("ab",), 1), Asked((twin,), 1)),
        (np.arange(9)[::2], np.array([0, 2, 4, 6, 8])), (shifted(3), shifted(3)),
    ]  # fmt: skip
    for one, other in pairs:
        assert fingerprint(one) == fingerprint(other)
    code = "from analysis.fingerprints import fingerprint\nprint(fingerprint({'a', 'b'}, 'é'))"
    seeds = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True,
                       env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONHASHSEED": seed}).stdout
        for seed in "12"
    ]  # fmt: skip
    assert seeds == [fingerprint({"a", "b"}, "é") + "\n"] * 2
