"""GroupCounts on disk: a folder of Parquet files; the same counts give the same bytes.

- ``groups.parquet``: one row a group;
- ``counts.parquet``: ``group`` (row of groups), ``term``, ``n``, ``n_docs``, ``n_sq``,
  ``n_tokens``, sorted by group and term;
- ``hits.parquet``: one row an article with hits;
- ``rejected.parquet``: one row a record that was not counted;
- ``counts.json``: the form's version, the `by` columns and the lexicon.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.counting.bundle import (
    saved_files,
    sorted_matrix,
    terms_of,
    write_table,
)
from analysis.counting.groups import GroupCounts
from analysis.files import replace_file
from analysis.formatting import json_text

FORM = 1
FILES = ("groups.parquet", "counts.parquet", "hits.parquet", "rejected.parquet", "counts.json")
_SUMS = ("n", "n_docs", "n_sq", "n_tokens")


def save_groups(counts: GroupCounts, folder: str | Path) -> Path:
    """Write grouped counts into a folder, which is made where it is missing."""
    folder = Path(folder)
    write_table(pa.Table.from_pandas(counts.groups, preserve_index=False), folder / FILES[0])
    sums = [getattr(counts, name) for name in _SUMS]
    cells = np.repeat(np.arange(len(counts.groups), dtype=np.int32), np.diff(counts.n.indptr))
    terms = pa.DictionaryArray.from_arrays(
        pa.array(counts.n.indices.astype(np.int32)), pa.array(counts.terms.astype("str"))
    )
    columns = {"group": cells, "term": terms} | {
        name: matrix.data for name, matrix in zip(_SUMS, sums, strict=True)
    }
    write_table(pa.table(columns), folder / FILES[1])
    for table, name in ((counts.hits, FILES[2]), (counts.rejected, FILES[3])):
        write_table(pa.Table.from_pandas(table, preserve_index=False), folder / name)
    head = {"form": FORM, "by": counts.by, "lexicon": counts.lexicon}
    replace_file(folder / FILES[4], json_text(head, sort_keys=True).encode())
    return folder


def load_groups(folder: str | Path) -> GroupCounts:
    """Read grouped counts back.

    Raises
    ------
    CountsError
        If the folder lacks one of the files, was written in a newer form, or is damaged.
    """
    folder = Path(folder)
    made_by = "count_corpus(paths, by)"
    with saved_files(folder, FILES, FORM, "folder of grouped counts", made_by) as head:
        groups, table, hits, rejected = (
            pq.read_table(folder / name).to_pandas() for name in FILES[:4]
        )
        terms, columns = terms_of(table)
        places, shape = (table["group"].to_numpy(), columns), (len(groups), len(terms))
        sums = {name: sorted_matrix(table[name], places, shape) for name in _SUMS}
        return GroupCounts(
            tuple(head["by"]),
            groups,
            terms,
            **sums,
            hits=hits,
            lexicon=head["lexicon"],
            rejected=rejected,
        )
