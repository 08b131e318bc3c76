"""Counts on disk: folders of Parquet files, whose columns docs/inside.md lists.

Nothing here knows the two classes: they give their fields, and take them back.
"""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa
from pandas.api.types import is_datetime64_any_dtype, is_numeric_dtype
from scipy import sparse

from analysis.counting.checking import (
    HIT_COLUMNS,
    MOST_OF_SUMS,
    WEIGHT,
    check_weights,
    needed_columns,
    sums_of_tokens,
    whole_numbers,
)
from analysis.counting.folders import of_type, reading_folder, write_folder
from analysis.counting.grouping import TOTALS
from analysis.errors import CountsError
from analysis.tables import Notes
from analysis.tokens import TermRules

# The sums of a group and term; all have the same places.
SUMS = ("n", "n_docs", "n_sq", "n_tokens")
# What folders before 0.2.0 lack of a head, and others where it is empty.
LATER: dict[str, Any] = {
    "targets": "", "all_articles": False, "other_languages": {}, "all_languages": 0,
}  # fmt: skip
# Labels are shorter, even lists of authors and names of editions and sections.
WORDS, MOST = 8, 30
T = TypeVar("T")
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
    targets: str = "",
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
    further = {c: types[c].to_numpy() for c in types if c in ("negated", WEIGHT)}
    tables = {
        "documents": _arrow(documents),
        "counts": _cells("document", terms, {"n": counts}),
        "hits": pa.table({"document": rows, **strings, **further, "n": n}),
    }
    # What came later is written where it is used: bundles without it stay the same.
    later = {"lemma": None, "clitics": False}
    told = {name: of for name, of in asdict(rules).items() if later.get(name, ...) != of}
    head: dict[str, Any] = {"rules": told, "lexicon": lexicon}
    if targets:
        head["targets"] = targets
    lengths = documents["n_tokens"].to_numpy(np.int64)
    if (sums_of_tokens(terms, counts, rules) != lengths).any():
        head["partial"] = True  # only some of the terms: their counts are fewer than the tokens
    return write_folder(folder, tables, "bundle", head)


def load_documents(folder: str | Path, make: Callable[..., T]) -> T:
    """DocumentTerms, from what `save_documents` wrote: `make` takes its fields, and checks them."""
    names, made_by = ("documents", "counts", "hits"), "document_terms(articles)"
    keys, what = ("rules", "lexicon", "targets", "partial"), "feature bundle"
    with reading_folder(Path(folder), names, "bundle", keys, what, made_by) as (read, head):
        rules, lexicon = _rules(head["rules"]), of_type(head["lexicon"], str, "lexicon")
        targets = of_type(head.get("targets", ""), str, "targets")
        documents = read("documents").to_pandas()
        lists = {n: Notes(v) for n, v in documents.attrs.items() if isinstance(v, list)}
        documents.attrs |= lists
        needed_columns(documents, "documents", ("doc_id", "n_tokens"))
        lengths = whole_numbers(documents["n_tokens"], "documents: column 'n_tokens'")
        most = int(lengths.sum()) * rules.ngrams
        table = read("counts", ("document", "term", "n"), most).to_pandas()
        terms, columns = _terms_of(table)
        counts = _matrix(table, "counts", "document", columns, (len(documents), len(terms)))
        sums = sums_of_tokens(terms, counts, rules)
        if (wrong := sums != lengths).any() and head.get("partial") is not True and len(terms):
            row = int(wrong.argmax())
            raise CountsError(
                f"counts: column 'n': those of document {row} sum to {sums[row]}, and its n_tokens "
                f"is {lengths[row]}; they must be the same."
            )
        table = read("hits", ("document", *HIT_COLUMNS, "n")).to_pandas()
        if len(table) and table["negated"].dtype != bool:
            raise CountsError(f"hits: column 'negated' is {table['negated'].dtype}, not bool.")
        table = table.astype(dict.fromkeys(HIT_COLUMNS[:3], "str"))
        check_weights(table, "hits")
        kept = [name for name in (*HIT_COLUMNS, WEIGHT) if name in table]
        grouped = table.groupby(kept, sort=True, dropna=False)
        types = grouped.size().index.to_frame(index=False)
        kinds = grouped.ngroup().to_numpy()
        hits = _matrix(table, "hits", "document", kinds, (len(documents), len(types)))
        return make(documents=documents, terms=terms, counts=counts, hit_types=types, hits=hits,
                    rules=rules, lexicon=lexicon, targets=targets)  # fmt: skip


def _arrow(table: pd.DataFrame) -> pa.Table:
    """The table for Parquet; CountsError names a column whose values are of several types."""
    try:
        return pa.Table.from_pandas(table, preserve_index=False)
    except pa.ArrowException as error:
        raise CountsError(
            f"documents can't be saved ({'; '.join(map(str, error.args))}). A column has values of "
            "one type: change it, as counts.assign(name=lambda d: d['name'].astype('str')) does."
        ) from error


def group_tables(fields: Mapping[str, Any]) -> dict[str, pa.Table]:
    """The fields of GroupCounts as Arrow tables."""
    tables = {name: _arrow(fields[name]) for name in ("groups", "hits", "rejected")}
    cells = _cells("group", fields["terms"], {name: fields[name] for name in SUMS})
    head = {name: fields[name] for name in ("by", "lexicon", "parted")}
    head |= {name: fields[name] for name in LATER if fields[name]}
    return tables | {"counts": cells.replace_schema_metadata({"head": json.dumps(head)})}


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
    fields |= {name: head.get(name, empty) for name, empty in LATER.items()}
    return fields | {"parted": tuple(head.get("parted", ()))}


def save_groups(folder: str | Path, tables: Mapping[str, pa.Table]) -> Path:
    """Write the fields of GroupCounts, as `group_tables` gives them."""
    head = json.loads(tables["counts"].schema.metadata[b"head"])
    plain = dict(tables) | {"counts": tables["counts"].replace_schema_metadata(None)}
    return write_folder(Path(folder), plain, "counts", head)


def load_groups(folder: str | Path, make: Callable[..., T]) -> T:
    """GroupCounts, from what `save_groups` wrote."""
    names, made_by = ("groups", "counts", "hits", "rejected"), "count_corpus(paths, by)"
    keys, what = ("by", "lexicon", "parted", *LATER), "folder of grouped counts"
    with reading_folder(Path(folder), names, "counts", keys, what, made_by) as (read, head):
        by, parted = (of_type(head.get(name, []), list, name) for name in ("by", "parted"))
        for name, empty in {"lexicon": "", **LATER}.items():
            of_type(head.get(name, empty), type(empty), name)
        for name in (*by, *parted):
            of_type(name, str, "by, parted")
        tables = {
            "groups": read("groups"),
            "counts": read("counts", ("group", "term", *SUMS)),
            "hits": read("hits", ("group", "doc_id", "n_tokens")),
            "rejected": read("rejected"),
        }
        _check_groups({name: table.to_pandas() for name, table in tables.items()}, by)
        asked = {"head": json.dumps(head)}
        tables["counts"] = tables["counts"].replace_schema_metadata(asked)
        return make(**group_fields(tables))


def _check_groups(tables: Mapping[str, pd.DataFrame], by: Sequence[str]) -> None:
    """CountsError where the sums of groups do not fit one another."""
    groups, cells, hits = tables["groups"], tables["counts"], tables["hits"]
    labels = [name for name in by if name not in groups]
    needed_columns(groups, "groups", (*labels, *TOTALS))
    articles, tokens, squares = (
        whole_numbers(groups[name], f"groups: column {name!r}", most=MOST_OF_SUMS)
        for name in TOTALS
    )
    terms, columns = _terms_of(cells)
    _matrix(cells, "counts", "group", columns, (len(groups), len(terms)))
    n, docs, n_sq, n_tokens = (
        whole_numbers(cells[name], f"counts: column {name!r}", 1, MOST_OF_SUMS) for name in SUMS
    )
    row = cells["group"].to_numpy()
    single = ~terms.str.contains(" ", regex=False)[columns]
    sums = np.bincount(row[single], n[single], len(groups))
    for table, column, wrong in (
        ("groups", "tokens_sq", (squares < tokens) | (squares > np.square(tokens, dtype=float))),
        ("groups", "tokens", (sums != tokens) & bool(len(cells))),
        ("counts", "n_docs", (docs > n) | (docs > articles[row])),
        ("counts", "n_sq", (n_sq < n) | (n_sq > np.square(n, dtype=float))),
        ("counts", "n_tokens", (n_tokens < n) | (n_tokens > squares[row])),
    ):
        if wrong.any():
            raise CountsError(
                f"{table}: column {column!r} does not fit the other sums in row {wrong.argmax()}."
            )
    whole_numbers(hits["group"], "hits: column 'group'", 0, len(groups) - 1)
    for name in hits.columns.difference(["group", "doc_id"]):
        if not name.startswith("w_"):
            whole_numbers(hits[name], f"hits: column {name!r}")
        elif hits[name].dtype != np.float64 or not np.isfinite(hits[name]).all():
            raise CountsError(f"hits: column {name!r}: sums of weights are finite numbers.")


def _rules(head: Any) -> TermRules:
    """The token rules of a head; TypeError if one has a value of another type."""
    for name, value in of_type(head, dict, "rules").items():
        if name in ("stem", "lemma", "stop_words"):
            for word in [value] if name != "stop_words" and value else value or ():
                of_type(word, str, f"rules: {name}")
        else:
            of_type(value, type(getattr(TermRules(), name)), f"rules: {name}")
    return TermRules(**head)


def _matrix(
    table: pd.DataFrame, where: str, rows: str, columns: np.ndarray, shape: tuple[int, int]
) -> sparse.csr_array:
    """The counts of a table, one row for each place; CountsError if one is there twice."""
    places = whole_numbers(table[rows], f"{where}: column {rows!r}", 0, shape[0] - 1)
    values = whole_numbers(table["n"], f"{where}: column 'n'", 1, MOST_OF_SUMS)
    matrix = matrix_of(pd.Series(values), (places, columns), shape)
    if matrix.nnz < len(table):
        raise CountsError(f"{where}: column {rows!r} has a row twice for the same term or hit.")
    return matrix


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
    column = table["term"].astype("category").cat
    terms = pd.Index(sorted(column.categories), name="term", dtype="str")
    places = terms.get_indexer(column.categories).astype(np.int32)
    return terms, places[column.codes]
