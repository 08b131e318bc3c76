"""Feature bundles: counts and metadata on disk, from which a study can be re-made without texts.

A bundle is a folder of four files that any Parquet reader opens:

- ``documents.parquet``: one row a document, with ``n_tokens``;
- ``counts.parquet``: ``document`` (row of documents), ``term``, ``n``, sorted by document and term;
- ``hits.parquet``: ``document``, ``frame``, ``pattern``, ``match``, ``negated``, ``n``;
- ``bundle.json``: the form's version, the token rules and the lexicon that the hits are of.
"""

import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from pandas.api.types import is_datetime64_any_dtype, is_numeric_dtype
from scipy import sparse

from analysis.counting.document_terms import HIT_COLUMNS, DocumentTerms
from analysis.errors import CountsError
from analysis.files import replace_file
from analysis.formatting import json_text
from analysis.tokens import TermRules

# Labels are shorter, even lists of authors and names of editions and sections.
WORDS, MOST = 8, 30
_log = logging.getLogger("analysis")

FORM = 1
FILES = ("documents.parquet", "counts.parquet", "hits.parquet", "bundle.json")


def save_bundle(counts: DocumentTerms, folder: str | Path, *, keep: Sequence[str] = ()) -> Path:
    """Write counts as a feature bundle; the same counts give the same bytes.

    Parameters
    ----------
    counts : DocumentTerms
        Its columns ``text`` and ``title`` are left out, and so are others that hold running text,
        such as abstracts: strings of more than `WORDS` words on average, or of more than `MOST`
        words in one row. A warning names these.
    folder : path
        Made where it is missing. Each file is written beside its name and then renamed, so that
        a reader never meets half of one.
    keep : sequence of str
        Columns to be saved although they look like running text.

    Returns
    -------
    Path
        The folder.
    """
    folder = Path(folder)
    documents = counts.documents.drop(columns=["text", "title"], errors="ignore")
    running = [name for name in documents if name not in keep and _is_running_text(documents[name])]
    if running:
        _log.warning(
            "%s: left out %s, which hold(s) running text; save(folder, keep=%r) keeps it.",
            folder.name, ", ".join(map(str, running)), running,
        )  # fmt: skip
        documents = documents.drop(columns=running)
    write_table(pa.Table.from_pandas(documents, preserve_index=False), folder / FILES[0])
    rows, columns, n = _entries(counts.counts)
    terms = pa.DictionaryArray.from_arrays(pa.array(columns), pa.array(counts.terms.astype("str")))
    write_table(pa.table({"document": rows, "term": terms, "n": n}), folder / FILES[1])
    rows, columns, n = _entries(counts.hits)
    types = counts.hit_types.iloc[columns]
    strings = {c: pa.array(types[c].astype("str")).dictionary_encode() for c in HIT_COLUMNS[:3]}
    negated = {"negated": types["negated"].to_numpy(bool)}
    write_table(pa.table({"document": rows, **strings, **negated, "n": n}), folder / FILES[2])
    head = {"form": FORM, "rules": asdict(counts.rules), "lexicon": counts.lexicon}
    replace_file(folder / FILES[3], json_text(head, sort_keys=True).encode())
    return folder


def load_bundle(folder: str | Path) -> DocumentTerms:
    """Read a feature bundle back.

    Raises
    ------
    CountsError
        If the folder lacks one of the bundle's files, was written in a newer form, or is damaged.
    """
    folder = Path(folder)
    with saved_files(folder, FILES, FORM, "feature bundle", "document_terms(articles)") as head:
        stop_words = head["rules"]["stop_words"]
        rules = TermRules(**head["rules"] | {"stop_words": stop_words and tuple(stop_words)})
        documents, table, hit_table = (
            pq.read_table(folder / name).to_pandas() for name in FILES[:3]
        )
        terms, columns = terms_of(table)
        places = table["document"].to_numpy(), columns
        counts = sorted_matrix(table["n"], places, (len(documents), len(terms)))
        table = hit_table.astype(dict.fromkeys(HIT_COLUMNS[:3], "str"))
        grouped = table.groupby(list(HIT_COLUMNS), sort=True)
        types = grouped.size().index.to_frame(index=False)
        places = table["document"].to_numpy(), grouped.ngroup().to_numpy()
        hits = sorted_matrix(table["n"], places, (len(documents), len(types)))
        return DocumentTerms(documents, terms, counts, types, hits, rules, head["lexicon"])


def _is_running_text(column: pd.Series) -> bool:
    if is_numeric_dtype(column.dtype) or is_datetime64_any_dtype(column.dtype):
        return False
    words = column.dropna().astype("str").drop_duplicates().str.count(r"\S+")
    return bool(words.mean() > WORDS or words.max() > MOST)


@contextmanager
def saved_files(
    folder: Path, files: Sequence[str], form: int, what: str, made_by: str
) -> Iterator[dict[str, Any]]:
    """Read a folder that `save` wrote: gives what its last file, the JSON one, says.

    Whatever reading a damaged file gives rise to becomes one error that names the folder.
    """
    missing = [name for name in files if not (folder / name).is_file()]
    again = f"Make one with {made_by}.save(folder)."
    if missing:
        raise CountsError(f"{folder} is no {what}: it lacks {', '.join(missing)}. {again}")
    try:
        head = json.loads((folder / files[-1]).read_text(encoding="utf-8"))
        if head["form"] > form:
            raise CountsError(
                f"{folder / files[-1]}: form {head['form']} is newer than this version reads "
                f"({form}); update media-framing-analysis."
            )
        yield head
    except (
        LookupError,
        TypeError,
        ValueError,
        AttributeError,
        OSError,
        pa.ArrowException,
    ) as fault:
        raise CountsError(
            f"{folder}: this {what} is damaged ({type(fault).__name__}: {fault}). "
            f"Copy it again from where it came, or make it anew. {again}"
        ) from fault


def terms_of(table: pd.DataFrame) -> tuple[pd.Index, np.ndarray]:
    """The sorted terms of a table of counts, and which of them each row has."""
    terms = pd.Index(sorted(table["term"].cat.categories), name="term", dtype="str")
    places = terms.get_indexer(table["term"].cat.categories).astype(np.int32)
    return terms, places[table["term"].cat.codes]


def _entries(matrix: sparse.csr_array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Row, column and value of each entry, as the smallest integers that Parquet packs well."""
    matrix = matrix.tocsr(copy=True)
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    rows = np.repeat(np.arange(matrix.shape[0], dtype=np.int32), np.diff(matrix.indptr))
    return rows, matrix.indices.astype(np.int32), matrix.data.astype(np.int64)


def sorted_matrix(
    values: pd.Series, places: tuple[np.ndarray, np.ndarray], shape: tuple[int, int]
) -> sparse.csr_array:
    """A matrix with these values at these rows and columns."""
    matrix = sparse.csr_array((values.to_numpy(np.int64), places), shape=shape)
    matrix.sort_indices()
    return matrix


def write_table(table: pa.Table, path: Path) -> None:
    """Write a Parquet file that depends on the table alone."""
    sink = pa.BufferOutputStream()
    # Places of documents and groups, the only small integers, rise from row to row.
    places = [field.name for field in table.schema if field.type == pa.int32()]
    pq.write_table(
        table,
        sink,
        # Level 19 takes eight times as long, for files that are 6% smaller.
        compression="zstd",
        compression_level=9,
        use_dictionary=[name for name in table.column_names if name not in places],
        column_encoding=dict.fromkeys(places, "DELTA_BINARY_PACKED"),
    )
    replace_file(path, sink.getvalue().to_pybytes())
