"""Counts on disk: folders of Parquet files, from which a study can be re-made without texts.

The same counts give the same bytes, and any Parquet reader opens them. A feature bundle, of
``DocumentTerms``:

- ``documents.parquet``: one row a document, with ``n_tokens``;
- ``counts.parquet``: ``document`` (row of documents), ``term``, ``n``, sorted by document and term;
- ``hits.parquet``: ``document``, ``frame``, ``pattern``, ``match``, ``negated``, ``n``;
- ``bundle.json``: the form's version, the token rules and the lexicon that the hits are of.

A folder of ``GroupCounts``:

- ``groups.parquet``: one row a group;
- ``counts.parquet``: ``group`` (row of groups), ``term``, ``n``, ``n_docs``, ``n_sq``,
  ``n_tokens``, sorted by group and term;
- ``hits.parquet``: one row an article with hits;
- ``rejected.parquet``: one row a record that was not counted;
- ``counts.json``: the form's version, the `by` columns and the lexicon.

Nothing here knows the two classes: they give their fields, and take them back.
"""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
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

from analysis.errors import CountsError
from analysis.files import replace_file
from analysis.formatting import json_text
from analysis.tokens import TermRules

FORM = 1
HIT_COLUMNS = ("frame", "pattern", "match", "negated")
# The sums of a group and term; all have the same places.
SUMS = ("n", "n_docs", "n_sq", "n_tokens")
# Labels are shorter, even lists of authors and names of editions and sections.
WORDS, MOST = 8, 30
# What a damaged file can raise as it is read.
_DAMAGE = (LookupError, TypeError, ValueError, AttributeError, OSError, pa.ArrowException)
_log = logging.getLogger("analysis")


def save_documents(
    folder: str | Path,
    documents: pd.DataFrame,
    terms: pd.Index,
    counts: sparse.csr_array,
    hit_types: pd.DataFrame,
    hits: sparse.csr_array,
    rules: TermRules,
    lexicon: str,
    keep: Sequence[str] = (),
) -> Path:
    """Write the fields of DocumentTerms as a feature bundle, without running text."""
    folder = Path(folder)
    documents = documents.drop(columns=["text", "title"], errors="ignore")
    running = [name for name in documents if name not in keep and _is_running_text(documents[name])]
    if running:
        _log.warning(
            "%s: left out %s, which hold(s) running text; save(folder, keep=%r) keeps it.",
            folder.name, ", ".join(map(str, running)), running,
        )  # fmt: skip
        documents = documents.drop(columns=running)
    rows, columns, n = _entries(hits)
    types = hit_types.iloc[columns]
    strings = {c: pa.array(types[c].astype("str")).dictionary_encode() for c in HIT_COLUMNS[:3]}
    negated = {"negated": types["negated"].to_numpy(bool)}
    tables = {
        "documents": pa.Table.from_pandas(documents, preserve_index=False),
        "counts": _cells("document", terms, {"n": counts}),
        "hits": pa.table({"document": rows, **strings, **negated, "n": n}),
    }
    return _write(folder, tables, "bundle", {"rules": asdict(rules), "lexicon": lexicon})


def load_documents(folder: str | Path) -> dict[str, Any]:
    """The fields of DocumentTerms, from what `save_documents` wrote."""
    names, made_by = ("documents", "counts", "hits"), "document_terms(articles)"
    with _reading(Path(folder), names, "bundle", "feature bundle", made_by) as (tables, head):
        documents, table, hit_table = (tables[name].to_pandas() for name in names)
        stop_words = head["rules"]["stop_words"]
        rules = TermRules(**head["rules"] | {"stop_words": stop_words and tuple(stop_words)})
        terms, columns = _terms_of(table)
        places = table["document"].to_numpy(), columns
        counts = matrix_of(table["n"], places, (len(documents), len(terms)))
        table = hit_table.astype(dict.fromkeys(HIT_COLUMNS[:3], "str"))
        grouped = table.groupby(list(HIT_COLUMNS), sort=True)
        types = grouped.size().index.to_frame(index=False)
        places = table["document"].to_numpy(), grouped.ngroup().to_numpy()
        hits = matrix_of(table["n"], places, (len(documents), len(types)))
        return {"documents": documents, "terms": terms, "counts": counts, "hit_types": types,
                "hits": hits, "rules": rules, "lexicon": head["lexicon"]}  # fmt: skip


def group_tables(
    by: Sequence[str],
    groups: pd.DataFrame,
    terms: pd.Index,
    sums: Mapping[str, sparse.csr_array],
    hits: pd.DataFrame,
    lexicon: str,
    rejected: pd.DataFrame,
    parted: Sequence[str],
) -> dict[str, pa.Table]:
    """The fields of GroupCounts as Arrow tables."""
    tables = {"groups": groups, "hits": hits, "rejected": rejected}
    arrow = {name: pa.Table.from_pandas(t, preserve_index=False) for name, t in tables.items()}
    cells = _cells("group", terms, sums)
    head = json.dumps({"by": list(by), "lexicon": lexicon, "parted": list(parted)})
    return arrow | {"counts": cells.replace_schema_metadata({"head": head})}


def group_fields(tables: Mapping[str, pa.Table]) -> dict[str, Any]:
    """The fields of GroupCounts, from what `group_tables` gives."""
    groups, table, hits, rejected = (
        tables[name].to_pandas() for name in ("groups", "counts", "hits", "rejected")
    )
    head = json.loads(tables["counts"].schema.metadata[b"head"])
    terms, columns = _terms_of(table)
    places, shape = (table["group"].to_numpy(), columns), (len(groups), len(terms))
    first = matrix_of(table[SUMS[0]], places, shape)
    sums = {SUMS[0]: first}
    for name in SUMS[1:]:
        # In the same order, and with the same places, which take most of the room.
        data = matrix_of(table[name], places, shape).data
        sums[name] = sparse.csr_array((data, first.indices, first.indptr), shape=shape)
    fields = {"by": tuple(head["by"]), "groups": groups, "terms": terms, **sums}
    fields |= {"hits": hits, "lexicon": head["lexicon"], "rejected": rejected}
    return fields | {"parted": tuple(head.get("parted", ()))}  # not in folders before 0.2.0


def save_groups(folder: str | Path, tables: Mapping[str, pa.Table]) -> Path:
    """Write the fields of GroupCounts, as `group_tables` gives them."""
    head = json.loads(tables["counts"].schema.metadata[b"head"])
    plain = dict(tables) | {"counts": tables["counts"].replace_schema_metadata(None)}
    return _write(Path(folder), plain, "counts", head)


def load_groups(folder: str | Path) -> dict[str, Any]:
    """The fields of GroupCounts, from what `save_groups` wrote."""
    names, made_by = ("groups", "counts", "hits", "rejected"), "count_corpus(paths, by)"
    what = "folder of grouped counts"
    with _reading(Path(folder), names, "counts", what, made_by) as (tables, head):
        asked = {"head": json.dumps(head)}
        tables["counts"] = tables["counts"].replace_schema_metadata(asked)
        return group_fields(tables)


def matrix_of(
    values: pd.Series, places: tuple[np.ndarray, np.ndarray], shape: tuple[int, int]
) -> sparse.csr_array:
    """A matrix with these values at these rows and columns."""
    matrix = sparse.csr_array((values.to_numpy(np.int64), places), shape=shape)
    matrix.sort_indices()
    return matrix


def _is_running_text(column: pd.Series) -> bool:
    """Strings of more than `WORDS` words on average, or of more than `MOST` in one row."""
    if is_numeric_dtype(column.dtype) or is_datetime64_any_dtype(column.dtype):
        return False
    words = column.dropna().astype("str").drop_duplicates().str.count(r"\S+")
    return bool(words.mean() > WORDS or words.max() > MOST)


def _cells(row: str, terms: pd.Index, sums: Mapping[str, sparse.csr_array]) -> pa.Table:
    """A table of the entries of matrices that have the same places."""
    entries = [_entries(matrix) for matrix in sums.values()]
    rows, columns, _ = entries[0]
    names = pa.DictionaryArray.from_arrays(pa.array(columns), pa.array(terms.astype("str")))
    values = {name: data for name, (_, _, data) in zip(sums, entries, strict=True)}
    return pa.table({row: rows, "term": names, **values})


def _entries(matrix: sparse.csr_array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Row, column and value of each entry, as the smallest integers that Parquet packs well."""
    if not matrix.has_canonical_format or not matrix.data.all():
        matrix = matrix.tocsr(copy=True)
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
    rows = np.repeat(np.arange(matrix.shape[0], dtype=np.int32), np.diff(matrix.indptr))
    return rows, matrix.indices.astype(np.int32), matrix.data.astype(np.int64)


def _terms_of(table: pd.DataFrame) -> tuple[pd.Index, np.ndarray]:
    """The sorted terms of a table of counts, and which of them each row has."""
    terms = pd.Index(sorted(table["term"].cat.categories), name="term", dtype="str")
    places = terms.get_indexer(table["term"].cat.categories).astype(np.int32)
    return terms, places[table["term"].cat.codes]


def _write(
    folder: Path, tables: Mapping[str, pa.Table], head_name: str, head: dict[str, Any]
) -> Path:
    """Write each table, and then the head: each file atomically."""
    for name, table in tables.items():
        sink = pa.BufferOutputStream()
        # Places of documents and groups, the only small integers, rise from row to row.
        places = [field.name for field in table.schema if field.type == pa.int32()]
        others = [column for column in table.column_names if column not in places]
        packed = dict.fromkeys(places, "DELTA_BINARY_PACKED")
        # Level 19 takes eight times as long, for files that are 6% smaller.
        how = {"compression": "zstd", "compression_level": 9}
        pq.write_table(table, sink, **how, use_dictionary=others, column_encoding=packed)
        replace_file(folder / f"{name}.parquet", sink.getvalue().to_pybytes())
    replace_file(folder / f"{head_name}.json", json_text({"form": FORM, **head}, sort_keys=True))
    return folder


@contextmanager
def _reading(
    folder: Path, names: Sequence[str], head_name: str, what: str, made_by: str
) -> Iterator[tuple[dict[str, pa.Table], dict[str, Any]]]:
    """The tables of a folder that `_write` wrote, and its head."""
    files = [f"{name}.parquet" for name in names] + [f"{head_name}.json"]
    missing = [name for name in files if not (folder / name).is_file()]
    again = f"Make one with {made_by}.save(folder)."
    if missing:
        raise CountsError(f"{folder} is not a {what}: it lacks {', '.join(missing)}. {again}")
    try:
        head = json.loads((folder / files[-1]).read_text(encoding="utf-8"))
        if head["form"] > FORM:
            raise CountsError(
                f"{folder / files[-1]}: form {head['form']} is newer than this version reads "
                f"({FORM}); update media-framing-analysis."
            )
        yield {name: pq.read_table(folder / f"{name}.parquet") for name in names}, head
    except _DAMAGE as fault:
        raise CountsError(
            f"{folder}: this {what} is damaged ({type(fault).__name__}: {fault}). "
            f"Copy it again from where it came, or make it anew. {again}"
        ) from fault
