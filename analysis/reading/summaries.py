"""Summaries of parts of a corpus, which add up to the survey of the whole."""

import pickle
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd

from analysis.errors import ReadError
from analysis.files import Stamp, check_unchanged, writing
from analysis.parts import fingerprint
from analysis.reading.checking import CheckedTable, Evidence, FileFacts, check_records
from analysis.reading.compressed import input_file
from analysis.reading.duplicates import RowHashes
from analysis.reading.formats.parquet import Span
from analysis.reading.kinds import Kind, kind_of, merge_columns
from analysis.reading.manifest import read_listed
from analysis.reading.pieces import ROWS, Kept
from analysis.reading.recognition import (
    OpenTable,
    is_read_in_pieces,
    open_raw,
    open_tables,
    refused,
    refused_file,
)
from analysis.reading.records import STANDARD, Layout, RawTable, ReadOptions
from analysis.reading.rejected import Rejection
from analysis.reading.text_column import column_texts


@dataclass(frozen=True)
class File:
    """A file of the corpus, as it was when it was listed."""

    path: Path
    name: str
    stamp: Stamp


@dataclass(frozen=True)
class Part:
    """What is surveyed at once: one file, some row groups, several small files, or a manifest."""

    files: tuple[File | Rejection, ...]
    span: Span | None = None
    manifest: Path | None = None
    facts: FileFacts | None = None
    # One that can't be read is an error, not a rejected row.
    strict: bool = False

    @property
    def in_pieces(self) -> bool:
        """Whether its rows can be read again without what stands before them."""
        first = self.files[0]
        return isinstance(first, File) and len(self.files) == 1 and is_read_in_pieces(first.name)


@dataclass
class TableSummary:
    """What rows of one table add to the survey; the summaries of its parts add up.

    `hashes` and `outlets` have an entry for each article, the latter as categories.
    """

    source: str
    notes: dict[str, Any]
    layout: Layout
    evidence: Evidence = field(default_factory=Evidence)
    facts: FileFacts = FileFacts()
    hashes: list[RowHashes] = field(default_factory=list)
    outlets: list[pd.Categorical] = field(default_factory=list)
    kinds: dict[str, Kind] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    partial: bool = False
    aliased: bool = False
    fragments: bool = False
    failed: bool = False

    def add(self, raw: RawTable, checked: CheckedTable, options: ReadOptions) -> None:
        """Take some rows in."""
        articles = checked.articles
        self.hashes.append(
            RowHashes.of(
                self.source,
                articles.index.to_numpy(),
                articles["doc_id"].tolist(),
                column_texts(articles["text"]),
            )
        )
        self.outlets.append(pd.Categorical(articles["outlet"]))
        further = {name: kind_of(raw.frame[name]) for name in raw.frame if name not in STANDARD}
        self.kinds = merge_columns(self.kinds, further, bool(self.counts["rows"]), checked.rows > 0)
        self.counts.update(
            rows=checked.rows,
            rejected=len(checked.rejections),
            mended=checked.mended,
            markup=checked.markup,
            joined=raw.notes.get("joined", 0),
        )
        self.notes = raw.notes
        self.partial |= checked.partial
        self.aliased |= checked.aliased
        self.fragments |= raw.fragments and options.strip_markup

    def join(self, other: "TableSummary") -> None:
        """Take in the next part of the table."""
        self.evidence = self.evidence.merge(other.evidence)
        self.hashes += other.hashes
        self.outlets += other.outlets
        self.kinds = merge_columns(self.kinds, other.kinds, True, True)
        self.counts.update(other.counts)
        self.partial |= other.partial
        self.aliased |= other.aliased


@dataclass
class PartSummary:
    """The tables of a part, and its rows where they are kept."""

    tables: list[TableSummary]
    kept: Kept | None


class _Store:
    """Where checked rows are kept: in a file, in memory, or nowhere."""

    def __init__(self, stream: BinaryIO | None, *, in_memory: bool) -> None:
        self.stream = stream
        self.in_memory = in_memory
        self.tables: list[tuple[int, CheckedTable]] = []

    def add(self, table: int, checked: CheckedTable) -> None:
        if self.stream is not None:
            pickle.dump((table, checked), self.stream, protocol=5)
        elif self.in_memory:
            self.tables.append((table, checked))

    def mark(self) -> int:
        """A point to go back to."""
        return self.stream.tell() if self.stream is not None else len(self.tables)

    def go_back(self, mark: int) -> None:
        if self.stream is not None:
            self.stream.seek(mark)
            self.stream.truncate()
        del self.tables[mark if self.in_memory else 0 :]


def survey_part(
    part: Part, options: ReadOptions, *, keep_all: bool, folder: Path | None
) -> PartSummary:
    """Look at every row of a part; keep those that can't be read again in pieces.

    Parameters
    ----------
    part : Part
    options : ReadOptions
    keep_all : bool
        Whether all rows are kept.
    folder : path, optional
        Where rows are kept; without it, in memory.
    """
    keep = keep_all or not part.in_pieces
    if not keep:
        return PartSummary(_tables(part, options, _Store(None, in_memory=False)), None)
    if folder is None:
        store = _Store(None, in_memory=True)
        tables = _tables(part, options, store)
        return PartSummary(tables, Kept(tuple(store.tables)))
    path = folder / f"rows-{fingerprint(part, options)[:32]}.pickle"
    with writing(path) as unfinished, unfinished.open("w+b") as stream:
        tables = _tables(part, options, _Store(stream, in_memory=False))
    return PartSummary(tables, Kept(path=path))


def _tables(part: Part, options: ReadOptions, store: _Store) -> list[TableSummary]:
    found: list[TableSummary] = []
    for table in open_part(part, options):
        number, mark = len(found), store.mark()
        try:
            found.append(_survey_table(table, number, part.facts, options, store))
        except ReadError as fault:
            if table.strict:
                raise
            store.go_back(mark)
            raw = open_raw(refused_file(table.source, fault))
            found.append(_survey_table(raw, number, None, options, store))
            found[-1].failed = True
    return found


def open_part(part: Part, options: ReadOptions) -> Iterator[OpenTable]:
    """Every table of a part's files."""
    if part.manifest is not None:
        (folder,) = (file.path for file in part.files if isinstance(file, File))
        yield open_raw(read_listed(folder, part.manifest, options))
        return
    for file in part.files:
        if isinstance(file, Rejection):
            yield open_raw(refused(file))
            continue
        source = input_file(file.path, file.name, options.limits)
        yield from open_tables(source, options, part.strict, part.span)
        check_unchanged(file.path, file.stamp)


def _survey_table(
    table: OpenTable, number: int, facts: FileFacts | None, options: ReadOptions, store: _Store
) -> TableSummary:
    """Look at a table's rows: once, if its first ones don't mislead."""
    assumed, mark = facts, store.mark()
    while True:
        store.go_back(mark)
        evidence, used = Evidence(), assumed
        result = TableSummary(table.source, dict(table.layout.notes), table.layout)
        for raw in table.chunks(ROWS):
            here = Evidence()
            here.add(raw, options)
            evidence = evidence.merge(here)
            facts_here = here.facts(options)
            used = used or facts_here
            checked = check_records(raw, replace(used, marked=facts_here.marked), options)
            result.add(raw, checked, options)
            store.add(number, checked)
        settled = table.settle()
        found = evidence.facts(options)
        result.evidence, result.facts = evidence, replace(used or found, marked=found.marked)
        right = facts is not None or used is None or used == found
        if settled and right:
            result.notes |= table.layout.notes | result.notes
            return result
        assumed = found if settled else facts
