"""Four times the text takes about four times as long, and not sixteen times."""

import time

import pandas as pd
import pytest

from analysis.preparing.clean import DEFAULT_STEPS
from analysis.preparing.furniture_lines import units_of
from analysis.preparing.voices.segments import split_text


def clean(text: str) -> None:
    for step in DEFAULT_STEPS:
        step(text)


def units(text: str) -> None:
    units_of(pd.DataFrame({"outlet": ["x"] * 3, "text": [text + "a"] * 3}))


def seconds(prepare, text: str) -> float:
    def once() -> float:
        start = time.process_time()
        prepare(text)
        return time.process_time() - start

    return min(once() for _ in range(3))


@pytest.mark.parametrize("prepare", [split_text, units, clean])
@pytest.mark.parametrize(
    "shape",
    ["A ", "Ab Cd ", "a spokesman for the A, B C, said ", "AB's ", "R-", "said, ", "Mr. ", "“",
     "‘a ", "сказал ", "Ab “a b c d” ", "*", "- ", "_", "( ", ": ", "— ", " ", "7 ", "(AP) "],
)  # fmt: skip
def test_time_grows_with_the_length(prepare, shape: str):
    prepare(shape)
    text = shape * (4000 // len(shape))
    # A hundredth of a second says nothing either way.
    assert seconds(prepare, 4 * text) < 8 * max(seconds(prepare, text), 0.01)
