"""Where the steps are run that take one article after the other: here, or on a cluster in parts.

On a cluster the rows go to the workers, and come back as tables, through the client: workers need
this package, and no file of the study.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis.executors import open_executor
from analysis.parts import map_parts

if TYPE_CHECKING:
    from distributed import Client

Tables = list[pd.DataFrame]
# What is done to a part of the articles; each article's result must depend on that article alone.
Work = Callable[[pd.DataFrame], Tables]
# Runs such work over all rows; gives what it made of each part, in order.
Each = Callable[[Work, pd.DataFrame, Path], list[Tables]]

# Characters of text in a part: some seconds of telling voices apart.
CHARACTERS = 2_000_000


def here(work: Work, rows: pd.DataFrame, folder: Path) -> list[Tables]:
    """Do all in one part, in this process."""
    return [work(rows)]


@contextmanager
def workers(cluster: "Client | str | None", plain_tcp: bool) -> Iterator[Each]:
    """Where to run: here if `cluster` is None, on the workers of a client or address otherwise."""
    if cluster is None:
        yield here
        return
    with open_executor(cluster, plain_tcp) as pool:
        yield partial(on_workers, pool)


def on_workers(pool: Executor | None, work: Work, rows: pd.DataFrame, folder: Path) -> list[Tables]:
    """Do the work in parts, on workers that need no file of the study."""
    parts = (rows.iloc[part].reset_index(drop=True) for part in cut(rows, CHARACTERS))
    return list(map_parts(work, parts, pool))


def cut(rows: pd.DataFrame, characters: int) -> list[slice]:
    """Runs of rows with about so many characters of text; an article's rows stay together.

    Examples
    --------
    >>> rows = pd.DataFrame({"doc_id": ["a", "a", "b", "c"], "text": ["One,", "two,", "3", "4"]})
    >>> cut(rows, 6)
    [slice(0, 2, None), slice(2, 4, None)]
    """
    first = (rows["doc_id"] != rows["doc_id"].shift()).to_numpy()
    sizes = rows["text"].str.len().fillna(0).to_numpy(np.int64)
    # A part begins with the first article that begins after so many characters.
    number = ((np.cumsum(sizes) - sizes) // characters)[first]
    starts = np.flatnonzero(first)[np.flatnonzero(np.diff(number, prepend=-1))].tolist()
    return [slice(a, b) for a, b in pairwise([*starts, len(rows)])]
