"""For tests and for the examples of docstrings."""

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def close_figures() -> Iterator[None]:
    """Leave no figure open for the next: of more than twenty, matplotlib warns."""
    yield
    if plt := sys.modules.get("matplotlib.pyplot"):
        plt.close("all")
