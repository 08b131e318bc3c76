"""Fixtures that every room's tests share."""

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import settings

from analysis.articles import check_articles

# Tests draw off screen.
os.environ.setdefault("MPLBACKEND", "Agg")

# A test that passed passes again; HYPOTHESIS_PROFILE=explore looks for new examples in every run,
# and for more of them. What is cheap to try asks for more examples than these.
settings.register_profile("same", derandomize=True, deadline=None, max_examples=15)
settings.register_profile("explore", derandomize=False, deadline=None, max_examples=100)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))

ROOT = Path(__file__).resolve().parent.parent


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile once, before the workers of pytest-xdist start, what each would compile otherwise."""
    config = session.config
    of_some = config.args_source is pytest.Config.ArgsSource.ARGS  # perhaps none needs it
    if of_some or not getattr(config.option, "numprocesses", None):
        return
    from analysis import cut_furniture, document_terms, find_reprints, split_voices

    text = "\u201cWe want talks,\u201d Mr. Smith said. He said that sanctions work.\n\nSubscribe."
    frame = pd.DataFrame({"doc_id": ["1", "2"], "outlet": "Gazette", "text": text})
    articles = find_reprints(check_articles(frame.assign(date="2021-03-14")))
    document_terms(split_voices(cut_furniture(articles)[0]), lexicon="deterrence-dialogue")


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


@pytest.fixture(scope="session")
def make_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Fill a folder of a given name once for all workers of pytest-xdist; nobody may change it."""
    base = tmp_path_factory.getbasetemp()
    base = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def make(name: str, fill: Callable[[Path], object]) -> Path:
        folder, made = base / name, base / f"{name}.made"
        try:
            folder.mkdir()
        except FileExistsError:
            until = time.monotonic() + 600
            while not made.exists() and time.monotonic() < until:
                time.sleep(0.1)
            assert made.exists() and not made.read_text(), f"{name} could not be made"
            return folder
        made_of = "it failed in another worker"
        try:
            fill(folder)
            made_of = ""
        finally:
            made.write_text(made_of)
        return folder

    return make


@pytest.fixture(scope="session")
def finished(make_once: Callable[..., Path], root: Path) -> Path:
    """The folder of the sample study after a run; copy it before you change anything."""

    def run(folder: Path) -> None:
        from analysis.study import Study

        for name in ("study.toml", "articles.csv"):
            shutil.copy(root / "data" / "sample" / name, folder)
        Study.load(folder / "study.toml").run()

    return make_once("sample-study", run)


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
