"""The first pass over a corpus: what its whole decides, from summaries of parts that add up.

Parts are surveyed one after the other, or on workers. What a file's first rows say of the file
(the order of day and month, HTML) is taken for true until its last row says otherwise; then the
file is read again. Files that can't be read in pieces are parsed once: their rows, checked, are
kept on disk or, on request, in memory.
"""

import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial, reduce
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from pandas.api.types import union_categoricals

from analysis.errors import ReadError
from analysis.executors import Where
from analysis.files import stamp
from analysis.parts import map_parts
from analysis.reading.checking import Evidence
from analysis.reading.compressed import input_file
from analysis.reading.duplicates import Repeats, RowHashes, find_repeats
from analysis.reading.formats.parquet import spans
from analysis.reading.kinds import Kind, merge_columns
from analysis.reading.limits import MEGABYTE
from analysis.reading.listing import list_inputs
from analysis.reading.pieces import ROWS, CorpusFacts, InFile, Piece, TableFacts
from analysis.reading.recognition import is_read_in_pieces
from analysis.reading.records import RawTable, ReadOptions
from analysis.reading.rejected import Rejection
from analysis.reading.summaries import (
    File,
    Part,
    PartSummary,
    TableSummary,
    open_part,
    survey_part,
)

# Small files that can't be read in pieces are surveyed together, up to this size.
_TOGETHER = 16 * MEGABYTE


@dataclass
class Survey:
    """What the first pass over a corpus found.

    Attributes
    ----------
    pieces : list of Piece
        To be read by `read_piece`, in this order, here or on workers.
    corpus : CorpusFacts
        Outlets and columns of the articles table.
    notes : list of dict
        How each file was read, as in ``articles.attrs["reading"]``.
    """

    pieces: list[Piece]
    corpus: CorpusFacts
    notes: list[dict[str, Any]]
    _folder: Any = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_folder": None}


def survey(
    paths: Sequence[str | Path],
    options: ReadOptions,
    executor: Where = None,
    work: str | Path | None = None,
    *,
    manifest: str | Path | None = None,
    part_rows: int = 50_000,
    in_memory: bool = False,
) -> Survey:
    """Read a corpus for what its whole decides, in bounded memory.

    Parameters
    ----------
    paths : sequence of str or Path
        Files, folders and addresses, as for `read_articles`.
    options : ReadOptions
    executor : optional
        Where the parts are surveyed; see `analysis.parts.map_parts`.
    work : path, optional
        A folder, which all workers must reach, for files that are fetched and rows that are kept;
        without it, a temporary one that lasts as long as the survey.
    manifest : path, optional
    part_rows : int
        About how many rows of a Parquet file are one piece.
    in_memory : bool
        Whether all rows are kept in memory, so that reading the pieces does nothing twice.

    Returns
    -------
    Survey

    Raises
    ------
    ReadError
        As `read_articles`.
    """
    temporary = tempfile.TemporaryDirectory(prefix="reading-") if work is None else None
    folder = Path(temporary.name if temporary is not None else work or "") / "reading"
    keep_all = in_memory or options.texts is not None
    parts = _parts(paths, options, folder, manifest, part_rows)
    apart = replace(options, progress=False, leave_out=frozenset())
    look = partial(
        survey_part, options=apart, keep_all=keep_all, folder=None if in_memory else folder
    )
    found = list(_watched(parts, map_parts(look, parts, executor), options.progress))
    runs = _join_runs(parts, found, look, executor, options)
    result = _decide(parts, found, runs, replace(apart, texts=None))
    result._folder = temporary
    return result


def raw_tables(paths: Sequence[str | Path], options: ReadOptions) -> Iterator[RawTable]:
    """The rows of a corpus as found, unchecked."""
    with tempfile.TemporaryDirectory(prefix="reading-") as folder:
        for part in _parts(paths, options, Path(folder), None, sys.maxsize):
            for table in open_part(part, options):
                yield from table.chunks(ROWS)


def _parts(
    paths: Sequence[str | Path],
    options: ReadOptions,
    folder: Path,
    manifest: str | Path | None,
    part_rows: int,
) -> list[Part]:
    """What is surveyed at once."""
    listed = _manifest_of(paths, manifest)
    if listed is not None:
        home = Path(paths[0])
        return [Part((File(home, home.name, (0, 0)),), manifest=listed, strict=True)]
    inputs = list_inputs(paths, options, folder)
    if not inputs:
        raise ReadError(
            f"{', '.join(map(str, paths))}: holds no file to read (hidden files are left out). "
            "Check the path."
        )
    strict = len(paths) == 1 and len(inputs) == 1 and not Path(paths[0]).is_dir()
    parts: list[Part] = []
    together: list[File | Rejection] = []
    size = 0

    def flush() -> None:
        nonlocal size
        if together:
            parts.append(Part(tuple(together), strict=strict))
            together.clear()
            size = 0

    for one in inputs:
        if isinstance(one, Rejection):
            together.append(one)
            continue
        file = File(*one, stamp(one[0]))
        if is_read_in_pieces(file.name):
            flush()
            parts += _parts_of(file, options, part_rows, strict)
            continue
        if size + file.stamp[0] > _TOGETHER:
            flush()
        together.append(file)
        size += file.stamp[0]
    flush()
    return parts


def _manifest_of(paths: Sequence[str | Path], manifest: str | Path | None) -> Path | None:
    """The manifest of a folder, if it has one."""
    if len(paths) != 1:
        if manifest is not None or any(Path(path, "manifest.csv").is_file() for path in paths):
            raise ReadError("a manifest describes one folder: read it by itself, not in a list.")
        return None
    folder = Path(paths[0])
    if manifest is None:
        there = folder / "manifest.csv"
        return there if folder.is_dir() and there.is_file() else None
    if not folder.is_dir():
        raise ReadError(f"{folder.name}: a manifest describes a folder, and this is a file.")
    if not Path(manifest).is_file():
        raise ReadError(f"{manifest}: there is no such manifest. Check the path.")
    return Path(manifest)


def _parts_of(file: File, options: ReadOptions, part_rows: int, strict: bool) -> list[Part]:
    """A file that can be read in pieces: whole, or Parquet by runs of row groups."""
    if file.path.suffix.lower() == ".parquet":
        try:
            found = spans(input_file(file.path, file.name, options.limits), part_rows)
        except ReadError:
            # Its survey says what is wrong.
            found = []
        if len(found) > 1:
            return [Part((file,), span=span, strict=strict) for span in found]
    return [Part((file,), strict=strict)]


def _watched(
    parts: Sequence[Part], found: Iterable[PartSummary], show: bool
) -> Iterator[PartSummary]:
    """The summaries, beside a bar of the bytes that are surveyed."""
    from tqdm import tqdm

    sizes = [sum(file.stamp[0] for file in part.files if isinstance(file, File)) for part in parts]
    # None: tqdm shows no bar where there is no terminal.
    with tqdm(total=sum(sizes), unit="B", unit_scale=True, disable=None if show else True) as bar:
        for size, summary in zip(sizes, found, strict=True):
            yield summary
            bar.update(size)


def _join_runs(
    parts: Sequence[Part],
    found: list[PartSummary],
    look: Callable[[Part], PartSummary],
    executor: Where,
    options: ReadOptions,
) -> list[list[int]]:
    """The runs of parts that are one file, each part surveyed with the facts of the whole file."""
    runs: list[list[int]] = []
    for n, part in enumerate(parts):
        if part.span is not None and runs and parts[runs[-1][-1]].files == part.files:
            runs[-1].append(n)
        else:
            runs.append([n])
    again: dict[int, Part] = {}
    for run in runs:
        if len(run) == 1:
            continue
        tables = [found[n].tables[0] for n in run]
        if failed := [n for n, table in zip(run, tables, strict=True) if table.failed]:
            run[:] = failed[:1]
            continue
        facts = reduce(Evidence.merge, (table.evidence for table in tables)).facts(options)
        again |= {
            n: replace(parts[n], facts=facts)
            for n, table in zip(run, tables, strict=True)
            if table.facts != facts
        }
    for n, summary in zip(again, map_parts(look, again.values(), executor), strict=True):
        found[n] = summary
    return runs


def _decide(
    parts: Sequence[Part], found: Sequence[PartSummary], runs: list[list[int]], options: ReadOptions
) -> Survey:
    """Everything that the whole corpus decides."""
    tables: list[TableSummary] = []
    of_part: dict[int, list[int]] = {}
    for run in runs:
        first = len(tables)
        tables += found[run[0]].tables
        for n in run:
            of_part[n] = [first + k for k in range(len(found[n].tables))]
        for n in run[1:]:
            tables[first].join(found[n].tables[0])
    hashes = [RowHashes.join(table.hashes) for table in tables]
    repeats = find_repeats(hashes)
    corpus = CorpusSummary()
    for table, of_table, repeated in zip(tables, hashes, repeats, strict=True):
        corpus.add(table, len(of_table.places), repeated)
    facts = corpus.facts()
    named = [
        TableFacts(table.source, table.aliased, repeated.at(of_table.places))
        for table, of_table, repeated in zip(tables, hashes, repeats, strict=True)
    ]
    pieces = []
    for n, numbers in of_part.items():
        rows = found[n].kept or _in_file(parts[n], found[n].tables[0])
        pieces.append(Piece(rows, tuple(named[number] for number in numbers), facts, options))
    return Survey(pieces, facts, corpus.notes)


def _in_file(part: Part, table: TableSummary) -> InFile:
    (file,) = part.files
    assert isinstance(file, File)  # noqa: S101
    return InFile(file.path, file.name, file.stamp, table.layout, table.facts, part.span)


class CorpusSummary:
    """What is known of the articles of a corpus, table by table."""

    def __init__(self) -> None:
        self.outlets: set[str] = set()
        self.partial = False
        self.columns: dict[str, Kind] = {}
        self.notes: list[dict[str, Any]] = []
        self._articles = 0

    def add(self, table: TableSummary, sound: int, repeats: Repeats) -> None:
        """Take a table in."""
        dropped = np.concatenate([repeats.above, repeats.elsewhere])
        notes = {"source": table.source, "rows": table.counts["rows"], **table.notes}
        notes["mended"] = table.counts["mended"]
        if table.fragments:
            notes["markup"] = table.counts["markup"]
        if "joined" in notes:
            notes["joined"] = table.counts["joined"]
        if table.facts.day_first is not None:
            notes["day_order"] = "day first" if table.facts.day_first else "month first"
        if repeats.renamed:
            notes["ids"] = "put after the file's name: another file has the same ids"
        articles = sound - len(dropped)
        notes["articles"], notes["rejected"] = articles, table.counts["rejected"] + len(dropped)
        self.notes.append(notes)
        if not articles:
            return
        outlets = union_categoricals(table.outlets)
        codes = np.unique(np.delete(outlets.codes, dropped))
        self.outlets.update(outlets.categories[codes])
        self.partial |= table.partial
        kinds = table.kinds
        if table.aliased:
            kinds = {"outlet_as_given": Kind(pa.large_string()), **kinds}
        self.columns = merge_columns(self.columns, kinds, self._articles > 0, True)
        self._articles += articles

    def facts(self) -> CorpusFacts:
        """What it comes to."""
        return CorpusFacts(tuple(sorted(self.outlets)), self.partial, tuple(self.columns.items()))
