"""Fixtures that every room's tests share."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import settings

from analysis.articles import check_articles

# Tests draw off screen.
os.environ.setdefault("MPLBACKEND", "Agg")

# A test that passed passes again; HYPOTHESIS_PROFILE=explore looks for new examples in every run.
settings.register_profile("same", derandomize=True)
settings.register_profile("explore", derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The research corpora and format samples that lie beside a maintainer's checkout."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the research corpora are not beside this checkout")
    return folder


@pytest.fixture
def articles() -> pd.DataFrame:
    """Six short articles by two outlets over three quarters."""
    rows = [
        ("a1", "Gazette", "2021-01-10", "Sanctions and more sanctions. No dialogue is in sight."),
        ("a2", "Gazette", "2021-04-11", "The threat of missiles grew; troops moved north."),
        ("a3", "Gazette", "2021-08-12", "Peace talks began, and a summit may follow."),
        ("b1", "Herald", "2021-02-13", "Envoys hope for dialogue. A threat remains."),
        ("b2", "Herald", "2021-05-14", "Negotiators want talks, talks and once more talks."),
        ("b3", "Herald", "2021-09-15", "Nothing of note happened at the border."),
    ]
    return check_articles(pd.DataFrame(rows, columns=["doc_id", "outlet", "date", "text"]))


@pytest.fixture(scope="session")
def moved_by_an_ulp() -> Callable[[pd.DataFrame, int], pd.DataFrame]:
    """A table as another processor may compute it: each float is the next one, up or down."""

    def moved(table: pd.DataFrame, seed: int) -> pd.DataFrame:
        rng = np.random.default_rng(seed)
        result = table.copy()
        for name, kind in table.dtypes.items():
            if pd.api.types.is_float_dtype(kind):
                values = table[name].to_numpy(float)
                near = np.nextafter(values, rng.choice([-np.inf, np.inf], len(values)))
                # What is nothing, or has no end, is so on every processor.
                result[name] = np.where((values == 0) | np.isinf(values), values, near)
        return result

    return moved
