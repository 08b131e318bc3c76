"""What the rows of a part of the corpus tell of the whole: summaries that add up."""

import pickle
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.errors import ReadError
from analysis.files import check_unchanged, writing
from analysis.fingerprints import fingerprint
from analysis.reading.checking import CheckedTable, check_records
from analysis.reading.files.compressed import input_file
from analysis.reading.files.listing import Part
from analysis.reading.files.recognition import (
    OpenTable,
    open_raw,
    open_tables,
    refused,
    refused_file,
)
from analysis.reading.limits import MEGABYTE
from analysis.reading.manifest import read_listed
from analysis.reading.records import STANDARD, Layout, RawTable, ReadOptions
from analysis.reading.rejected import Rejection
from analysis.reading.survey.duplicates import Hashes, hashes_of
from analysis.reading.survey.file_facts import FileFacts, evidence, facts_of
from analysis.reading.survey.kinds import Kind, kind_of, merge_columns
from analysis.reading.survey.pieces import ROWS

# Characters of files of one article each that are checked together.
TOGETHER = 4 * MEGABYTE


@dataclass
class TableSummary:
    """What some rows of one table tell.

    One that is not read in pieces, or failed, has no `layout`. `counts` has the evidence of the
    rows, and what was counted when they were checked. `hashes` and `outlets` have an entry for
    each article, the latter as codes and the names that these number.
    """

    source: str
    layout: Layout | None
    notes: dict[str, Any] = field(default_factory=dict)
    facts: FileFacts = FileFacts()
    counts: Counter[str] = field(default_factory=Counter)
    hashes: list[Hashes] = field(default_factory=list)
    outlets: list[tuple[NDArray[np.intp], NDArray[np.object_]]] = field(default_factory=list)
    kinds: dict[str, Kind] = field(default_factory=dict)

    def add(self, raw: RawTable, checked: CheckedTable) -> None:
        """Take some rows in."""
        further = {name: kind_of(raw.frame[name]) for name in raw.frame if name not in STANDARD}
        marks = {name: len(rows) for name, rows in checked.marks.items()}
        joined = {name: raw.notes[name] for name in raw.notes.keys() & {"joined"}}
        counts = Counter(marks | joined | {"rows": checked.rows})
        hashes = [hashes_of(checked.articles, checked)]
        outlets = [pd.factorize(checked.articles["outlet"].to_numpy(object))]
        self.notes = raw.notes
        self.join(TableSummary(self.source, None, {}, self.facts, counts, hashes, outlets, further))

    def join(self, other: "TableSummary") -> None:
        """Take in the next part of the table."""
        rows, more = self.counts["rows"] > 0, other.counts["rows"] > 0
        self.kinds = merge_columns(self.kinds, other.kinds, rows, more)
        self.counts.update(other.counts)
        self.hashes += other.hashes
        self.outlets += other.outlets


def _survey_singles(
    files: dict[int, RawTable], options: ReadOptions
) -> tuple[list[TableSummary], CheckedTable]:
    """Summaries of files of one article each, by their numbers; and their rows, checked as one."""
    seen = {n: evidence(raw, options) for n, raw in files.items()}
    facts = {n: facts_of(counts, options) for n, counts in seen.items()}
    rows = {n: raw.rows[1] for n, raw in files.items() if len(raw.rows)}
    undated = {n: text for n in rows for text in files[n].undated.values()}
    names = {n: files[n].source for n in rows}
    together = RawTable("", "article", rows, undated=undated, files=names)
    checked = check_records(together, FileFacts(), options, [facts[n] for n in rows])
    checked.rejections += [(n, row) for n, raw in files.items() for row in raw.rejections]
    articles = checked.articles
    hashes = hashes_of(articles, checked)
    codes, outlets = pd.factorize(articles["outlet"].to_numpy(object))
    at = {n: slice(k, k + 1) for k, n in enumerate(articles.index)}
    marked = {name: set(numbers) for name, numbers in checked.marks.items()}
    found = []
    for n, raw in files.items():
        summary = TableSummary(raw.source, None, raw.notes, facts[n], seen[n])
        summary.counts.update(["rows", *(name for name in marked if n in marked[name])])
        further = {name: kind_of([x]) for name, x in rows.get(n, {}).items()}
        summary.kinds = {name: kind for name, kind in further.items() if name not in STANDARD}
        if n in at:
            summary.hashes, summary.outlets = [hashes[at[n]]], [(codes[at[n]], outlets)]
        found.append(summary)
    return found, checked


def survey_part(
    part: Part, options: ReadOptions, folder: Path, keep_all: bool
) -> tuple[list[TableSummary], Path | None]:
    """Look at every row of a part; keep those that can't be read again in pieces, or all."""
    if part.in_pieces and not keep_all:
        tables = _survey_tables(part, options, None)
        if tables[0].layout is not None:
            return tables, None
    path = folder / f"rows-{fingerprint(part, options)[:32]}.pickle"
    with writing(path) as unfinished, unfinished.open("w+b") as stream:
        return _survey_tables(part, options, stream), path


def open_part(part: Part, options: ReadOptions) -> Iterator[OpenTable]:
    """Every table of a part's files."""
    for file in part.files:
        if isinstance(file, Rejection):
            yield refused(file)
        elif part.manifest is not None:
            yield open_raw(read_listed(file.path, part.manifest, options))
        else:
            source = input_file(file.path, file.name, options.limits)
            yield from open_tables(source, options, part.strict, part.span)
            check_unchanged(file.path, file.stamp)


def _survey_tables(part: Part, options: ReadOptions, kept: BinaryIO | None) -> list[TableSummary]:
    found: list[TableSummary] = []

    def survey_table(table: OpenTable, given: FileFacts | None) -> TableSummary:
        """Look at a table's rows: once, if the first ones don't mislead about the whole."""
        known = given
        while True:
            if kept is not None:
                kept.seek(start)
                kept.truncate()
            summary, used = TableSummary(table.source, table.layout), given
            for raw in table.chunks(ROWS):
                seen = evidence(raw, options)
                here = facts_of(seen, options)
                used = used or here
                checked = check_records(raw, replace(used, marked=here.marked), options)
                summary.add(raw, checked)
                summary.counts.update(seen)
                if kept is not None:
                    pickle.dump((len(found), checked), kept, protocol=5)
            settled = table.settle()
            facts = facts_of(summary.counts, options)
            summary.facts = replace(used or facts, marked=facts.marked)
            if settled and (known is not None or summary.facts == facts):
                summary.notes = (table.layout.notes if table.layout else {}) | summary.notes
                return summary
            given = facts if settled else known

    for run in _runs(open_part(part, options)):
        start = kept.tell() if kept else 0
        table = run[0]
        if singles := {n: one.single for n, one in enumerate(run, len(found)) if one.single}:
            summaries, checked = _survey_singles(singles, options)
            if kept is not None:
                pickle.dump((len(found), checked), kept, protocol=5)
            found += summaries
            continue
        try:
            summary = survey_table(table, part.facts)
        except ReadError as fault:
            if table.strict:
                raise
            summary = survey_table(refused_file(table.source, fault), None)
        found.append(summary)
    return found


def _runs(tables: Iterable[OpenTable]) -> Iterator[list[OpenTable]]:
    """Tables as they are surveyed: files of one article together, up to a size, others alone."""
    run: list[OpenTable] = []
    size = 0
    for table in tables:
        if run and not (table.single and len(run) < ROWS and size < TOGETHER):
            yield run
            run, size = [], 0
        if table.single:
            run.append(table)
            size += sum(map(len, table.single.cells("text")))
        else:
            yield [table]
    if run:
        yield run
