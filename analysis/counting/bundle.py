"""Feature bundles: counts and metadata on disk, from which a study can be re-made without texts.

A bundle is a folder of four files that any Parquet reader opens:

- ``documents.parquet``: one row a document, with ``n_tokens``;
- ``counts.parquet``: ``document`` (row of documents), ``term``, ``n``, sorted by document and term;
- ``hits.parquet``: ``document``, ``frame``, ``pattern``, ``match``, ``negated``, ``n``;
- ``bundle.json``: the form's version, the token rules and the lexicon that the hits are of.
"""

import json
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from scipy import sparse

from analysis.counting.document_terms import HIT_COLUMNS, DocumentTerms
from analysis.errors import CountsError, OutputError
from analysis.tokens import TermRules

FORM = 1
FILES = ("documents.parquet", "counts.parquet", "hits.parquet", "bundle.json")


def save_bundle(counts: DocumentTerms, folder: str | Path) -> Path:
    """Write counts as a feature bundle; the same counts give the same bytes.

    Parameters
    ----------
    counts : DocumentTerms
    folder : path
        Made where it is missing. Each file is written beside its name and then renamed, so that
        a reader never meets half of one.

    Returns
    -------
    Path
        The folder.
    """
    folder = Path(folder)
    documents = counts.documents.drop(columns=["text", "title"], errors="ignore")
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
    replace_file(folder / FILES[3], (json.dumps(head, indent=2, sort_keys=True) + "\n").encode())
    return folder


def load_bundle(folder: str | Path) -> DocumentTerms:
    """Read a feature bundle back.

    Raises
    ------
    CountsError
        If the folder lacks one of the bundle's files, or was written in a newer form.
    """
    folder = Path(folder)
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        raise CountsError(
            f"{folder} is no feature bundle: it lacks {', '.join(missing)}. "
            "Make one with document_terms(articles).save(folder)."
        )
    head = json.loads((folder / FILES[3]).read_text(encoding="utf-8"))
    if head["form"] > FORM:
        raise CountsError(
            f"{folder}/bundle.json: form {head['form']} is newer than this version reads "
            f"({FORM}); update media-framing-analysis."
        )
    stop_words = head["rules"]["stop_words"]
    rules = TermRules(**head["rules"] | {"stop_words": stop_words and tuple(stop_words)})
    documents = pq.read_table(folder / FILES[0]).to_pandas()
    table = pq.read_table(folder / FILES[1]).to_pandas()
    terms = pd.Index(sorted(table["term"].cat.categories), name="term", dtype="str")
    columns = terms.get_indexer(table["term"].cat.categories)[table["term"].cat.codes]
    counts = _matrix(table, columns, (len(documents), len(terms)))
    table = pq.read_table(folder / FILES[2]).to_pandas()
    table[list(HIT_COLUMNS[:3])] = table[list(HIT_COLUMNS[:3])].astype("str")
    grouped = table.groupby(list(HIT_COLUMNS), sort=True)
    types = grouped.size().index.to_frame(index=False)
    hits = _matrix(table, grouped.ngroup().to_numpy(), (len(documents), len(types)))
    return DocumentTerms(documents, terms, counts, types, hits, rules, head["lexicon"])


def _entries(matrix: sparse.csr_array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Row, column and value of each entry, as the smallest integers that Parquet packs well."""
    matrix = matrix.tocsr(copy=True)
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    rows = np.repeat(np.arange(matrix.shape[0], dtype=np.int32), np.diff(matrix.indptr))
    return rows, matrix.indices.astype(np.int32), matrix.data.astype(np.int64)


def _matrix(table: pd.DataFrame, columns: np.ndarray, shape: tuple[int, int]) -> sparse.csr_array:
    entries = (table["n"].to_numpy(np.int64), (table["document"].to_numpy(), columns))
    matrix = sparse.csr_array(entries, shape=shape)
    matrix.sort_indices()
    return matrix


def write_table(table: pa.Table, path: Path) -> None:
    """Write a Parquet file that depends on the table alone."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", compression_level=19)
    replace_file(path, sink.getvalue().to_pybytes())


def replace_file(path: Path, content: bytes, *, partial: Path | None = None) -> Path:
    """Write a file beside its name, then rename it: a reader never meets half of it.

    Raises
    ------
    OutputError
        If there is no room or no permission; nothing half-written is left, and what the file
        held before still stands.
    """
    partial = partial or path.with_name(path.name + ".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(content)
        return partial.replace(path)
    except OSError as fault:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise OutputError(
            f"{path}: can't be written ({fault.strerror}). Make room, or choose a folder that you "
            "may write to, and run again: what is finished is kept."
        ) from fault
