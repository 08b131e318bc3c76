"""Finished partitions kept on disk, so that a run that was stopped goes on where it was.

A work folder holds one file a finished partition, named after its place in the corpus and a hash
of all that its counts depend on, and ``manifest.jsonl``, with a line for each: its name and the
SHA-256 of its content. A file is written under another name, then renamed, then listed; a file
that is not listed, or whose content is not what was listed, is counted again. Runs of other
corpora, groups or lexicons may share the folder.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis.counting.file_parts import FilePart
from analysis.counting.partitions import CountSpec, PartitionCounts
from analysis.counting.sum_loops import Totals
from analysis.counting.sums import Cells
from analysis.errors import CountsError, OutputError
from analysis.files import replace_file

MANIFEST = "manifest.jsonl"
# All that a count can depend on; lexicons have fingerprints of their own.
ROOMS = ("articles.py", "escape.py", "tokens", "lexicons", "reading", "counting")


@cache
def code_hash() -> str:
    """A hash over the code that counts, so that what other code has counted is never taken over."""
    package = Path(__file__).parent.parent
    content = hashlib.sha256()
    for room in ROOMS:
        for file in sorted([package / room, *(package / room).rglob("*")]):
            if file.is_file() and "__pycache__" not in file.parts:
                content.update(f"{file.relative_to(package).as_posix()}\0".encode())
                content.update(hashlib.sha256(file.read_bytes()).digest())
    return content.hexdigest()


def part_name(part: FilePart, spec: CountSpec, columns: dict[str, str]) -> str:
    """The name of a partition's file: another file, question or code gives another name."""
    lexicon = None if spec.lexicon is None else spec.lexicon.fingerprint
    file = [part.file, str(part.path), part.size, part.modified, part.row_groups]
    rules, read = asdict(spec.rules), [spec.day_first, sorted(columns.items())]
    asked = [code_hash(), file, spec.by, lexicon, rules, read]
    digest = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    return f"part-{part.file:06d}-{part.first:012d}-{digest[:16]}.arrow"


class WorkFolder:
    """A folder of finished partitions, and a manifest with the hash of each."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder).absolute()

    def listed(self) -> dict[str, str]:
        """The finished partitions: name to SHA-256. A line cut off by a crash is passed over."""
        found: dict[str, str] = {}
        manifest = self.folder / MANIFEST
        if not manifest.exists():
            # That the folder can't be written is better known before counting than after.
            replace_file(manifest, b"")
        for line in manifest.read_text(encoding="utf-8", errors="replace").splitlines():
            try:
                entry = json.loads(line)
                found[entry["part"]] = entry["sha256"]
            except (ValueError, KeyError, TypeError):
                continue
        return found

    def holds(self, name: str, sha256: str | None) -> bool:
        """Whether a partition's file is there with the content that was listed."""
        try:
            with (self.folder / name).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == sha256
        except OSError:
            return False

    def write(self, name: str, content: bytes) -> str:
        """Write a partition, not listed yet; gives its SHA-256."""
        replace_file(self.folder / name, content)
        return hashlib.sha256(content).hexdigest()

    def list(self, name: str, sha256: str) -> None:
        """Add a finished partition to the manifest."""
        # The leading newline ends a line that a crash has cut off.
        line = "\n" + json.dumps({"part": name, "sha256": sha256}) + "\n"
        try:
            with (self.folder / MANIFEST).open("ab", buffering=0) as file:
                file.write(line.encode())
        except OSError as fault:
            raise OutputError(
                f"{self.folder / MANIFEST}: can't be written ({fault.strerror}). Make room and run "
                "again: what is finished is kept."
            ) from fault

    def read(self, name: str) -> bytes:
        """Read a partition."""
        try:
            return (self.folder / name).read_bytes()
        except OSError as fault:
            raise self.damaged(name, fault) from fault

    def damaged(self, name: str, fault: Exception) -> CountsError:
        """What to say of a partition that can't be read."""
        return CountsError(
            f"work={str(self.folder)!r}: {name} can't be read ({fault}). Run again: what is "
            "missing or damaged is counted anew."
        )


def read_counts(folder: WorkFolder, name: str) -> PartitionCounts:
    """Read the counts of a partition."""
    content = folder.read(name)
    try:
        return decode(content)
    except (OSError, ValueError, KeyError, pa.ArrowException) as fault:
        raise folder.damaged(name, fault) from fault


def encode(counts: PartitionCounts) -> bytes:
    """Counts as four Arrow tables after one another: groups, terms, cells, and two lists."""
    labels = [list(column) for column in zip(*counts.groups, strict=True)]
    totals = np.array(list(counts.groups.values()), np.int64).reshape(-1, 3)
    head = {
        "by": len(labels),
        "days": {name: [str(day) for day in ends] for name, ends in counts.days.items()},
        "lists": [bool(counts.hits), bool(counts.rejected)],
    }
    columns = [*map(pa.array, labels), *map(pa.array, totals.T)]
    groups = pa.table(columns, [str(number) for number in range(len(columns))])
    bounds, terms, sums = counts.cells
    groups_of_cells = np.repeat(np.arange(len(bounds) - 1), np.diff(bounds))
    cells = [pa.array(column) for column in (groups_of_cells, terms, *sums)]
    tables = [
        groups.replace_schema_metadata({"head": json.dumps(head)}),
        pa.table({"term": counts.terms}),
        pa.table(cells, [str(number) for number in range(len(cells))]),
        *(_table(frames) for frames in (counts.hits, counts.rejected) if frames),
    ]
    sink = pa.BufferOutputStream()
    for table in tables:
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def decode(content: bytes) -> PartitionCounts:
    """Counts from what `encode` gives."""
    source = pa.BufferReader(content)

    def table() -> pa.Table:
        return pa.ipc.open_stream(source).read_all()

    groups, terms, cells = table(), table(), table()
    head = json.loads(groups.schema.metadata[b"head"])
    columns = [column.to_pylist() for column in groups.columns]
    keys = list(zip(*columns[: head["by"]], strict=True)) if head["by"] else [()] * len(groups)
    arrays = [column.to_numpy() for column in cells.columns]
    hits, rejected = ([table().to_pandas()] if there else [] for there in head["lists"])
    return PartitionCounts(
        groups=dict(zip(keys, zip(*columns[head["by"] :], strict=True), strict=True)),
        terms=pa.chunked_array(terms.column("term").chunks, pa.large_string()).combine_chunks(),
        cells=Cells(
            np.searchsorted(arrays[0], np.arange(len(keys) + 1)), arrays[1], Totals(*arrays[2:])
        ),
        hits=hits,
        rejected=rejected,
        days={name: (pd.Timestamp(a), pd.Timestamp(b)) for name, (a, b) in head["days"].items()},
    )


def _table(frames: Sequence[pd.DataFrame]) -> pa.Table:
    return pa.Table.from_pandas(pd.concat(frames, ignore_index=True), preserve_index=False)
