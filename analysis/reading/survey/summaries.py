"""What the rows of a part of the corpus tell of the whole: summaries that add up."""

import pickle
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd

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
from analysis.reading.manifest import read_listed
from analysis.reading.records import STANDARD, Layout, RawTable, ReadOptions
from analysis.reading.rejected import Rejection
from analysis.reading.survey.duplicates import Hashes, hashes_of
from analysis.reading.survey.file_facts import FileFacts, evidence, facts_of
from analysis.reading.survey.kinds import Kind, kind_of, merge_columns
from analysis.reading.survey.pieces import ROWS


@dataclass
class TableSummary:
    """What some rows of one table tell.

    One that is not read in pieces, or failed, has no `layout`. `counts` has the evidence of the
    rows, and what was counted when they were checked. `hashes` and `outlets` have an entry for
    each article, the latter as categories.
    """

    source: str
    layout: Layout | None
    notes: dict[str, Any] = field(default_factory=dict)
    facts: FileFacts = FileFacts()
    counts: Counter[str] = field(default_factory=Counter)
    hashes: list[Hashes] = field(default_factory=list)
    outlets: list[pd.Categorical] = field(default_factory=list)
    kinds: dict[str, Kind] = field(default_factory=dict)

    def add(self, raw: RawTable, checked: CheckedTable) -> None:
        """Take some rows in."""
        further = {name: kind_of(raw.frame[name]) for name in raw.frame if name not in STANDARD}
        has_rows, more_rows = self.counts["rows"] > 0, checked.counts["rows"] > 0
        self.kinds = merge_columns(self.kinds, further, has_rows, more_rows)
        self.counts.update(checked.counts)
        self.counts.update({name: raw.notes[name] for name in raw.notes.keys() & {"joined"}})
        self.hashes.append(hashes_of(self.source, checked.articles))
        self.outlets.append(pd.Categorical(checked.articles["outlet"]))
        self.notes = raw.notes

    def join(self, other: "TableSummary") -> None:
        """Take in the next part of the table."""
        self.kinds = merge_columns(self.kinds, other.kinds, True, True)
        self.counts.update(other.counts)
        self.hashes += other.hashes
        self.outlets += other.outlets


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

    for table in open_part(part, options):
        start = kept.tell() if kept else 0
        try:
            summary = survey_table(table, part.facts)
        except ReadError as fault:
            if table.strict:
                raise
            summary = survey_table(refused_file(table.source, fault), None)
        found.append(summary)
    return found
