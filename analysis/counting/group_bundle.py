"""GroupCounts on disk: a folder of Parquet files; the same counts give the same bytes.

- ``groups.parquet``: one row a group;
- ``counts.parquet``: ``group`` (row of groups), ``term``, ``n``, ``n_docs``, ``n_sq``,
  ``n_tokens``, sorted by group and term;
- ``hits.parquet``: one row an article with hits;
- ``rejected.parquet``: one row a record that was not counted;
- ``counts.json``: the form's version, the `by` columns and the lexicon.
"""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from scipy import sparse

from analysis.counting.bundle import replace_file, write_table
from analysis.counting.groups import GroupCounts
from analysis.errors import CountsError

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
    replace_file(folder / FILES[4], (json.dumps(head, indent=2, sort_keys=True) + "\n").encode())
    return folder


def load_groups(folder: str | Path) -> GroupCounts:
    """Read grouped counts back.

    Raises
    ------
    CountsError
        If the folder lacks one of the files, or was written in a newer form.
    """
    folder = Path(folder)
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise CountsError(
            f"{folder} holds no grouped counts: it lacks {', '.join(missing)}. "
            "Make them with count_corpus(paths, by).save(folder)."
        )
    head = json.loads((folder / FILES[4]).read_text(encoding="utf-8"))
    if head["form"] > FORM:
        raise CountsError(
            f"{folder}/counts.json: form {head['form']} is newer than this version reads "
            f"({FORM}); update media-framing-analysis."
        )
    groups, cells, hits, rejected = (pq.read_table(folder / name) for name in FILES[:4])
    table = cells.to_pandas()
    terms = pd.Index(sorted(table["term"].cat.categories), name="term", dtype="str")
    columns = terms.get_indexer(table["term"].cat.categories)[table["term"].cat.codes]
    shape = (len(groups), len(terms))
    sums = {}
    for name in _SUMS:
        entries = (table[name].to_numpy(np.int64), (table["group"].to_numpy(), columns))
        sums[name] = sparse.csr_array(entries, shape=shape)
        sums[name].sort_indices()
    return GroupCounts(
        tuple(head["by"]),
        groups.to_pandas(),
        terms,
        **sums,
        hits=hits.to_pandas(),
        lexicon=head["lexicon"],
        rejected=rejected.to_pandas(),
    )
