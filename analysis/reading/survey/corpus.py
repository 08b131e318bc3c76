"""The first pass over a corpus: what its whole decides, from summaries of parts that add up.

What a file's first rows say of the file (the order of day and month, HTML) is assumed until its
last row says otherwise; then the file is read again.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from analysis.executors import Where
from analysis.parts import map_parts
from analysis.reading.files.listing import Part, list_parts
from analysis.reading.limits import MEGABYTE
from analysis.reading.records import RawTable, ReadOptions
from analysis.reading.survey.duplicates import HASHES, Hashes, Repeats, find_repeats
from analysis.reading.survey.file_facts import facts_of
from analysis.reading.survey.kinds import Kind, merge_columns
from analysis.reading.survey.pieces import ROWS, CorpusFacts, Piece
from analysis.reading.survey.summaries import TableSummary, open_part, survey_part
from analysis.tables import write_parquet

# Bytes of files whose rows, checked, are kept on disk: that is quicker than to read them again.
KEPT = 256 * MEGABYTE

# The summaries of a part's tables, and where its rows are kept.
Surveyed = tuple[list[TableSummary], Path | None]


@dataclass
class Survey:
    """What the first pass over a corpus found.

    `pieces` are to be read by `read_piece`, in their order, here or on workers; `corpus` has
    outlets and columns of the articles table; `notes`, how each file was read, as in
    ``articles.attrs["reading"]``.
    """

    pieces: list[Piece]
    corpus: CorpusFacts
    notes: list[dict[str, Any]]
    _folder: Any = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_folder": None}


def survey(
    paths: Sequence[Any],
    options: ReadOptions,
    executor: Where = None,
    work: str | Path | None = None,
    *,
    manifest: str | Path | None = None,
    part_rows: int = 50_000,
    keep_all: bool = False,
) -> Survey:
    """Read a corpus for what its whole decides, in bounded memory; ReadError as `read_articles`.

    Parts are surveyed on `executor` (see `analysis.parts.map_parts`), a Parquet file in parts of
    about `part_rows` rows. Files that are fetched and rows that are kept lie in the folder `work`,
    which all workers must reach, or in a temporary one that lasts as long as the survey. With
    `keep_all`, all rows are kept, so that reading the pieces parses nothing again.
    """
    temporary = tempfile.TemporaryDirectory(prefix="reading-") if work is None else None
    folder = Path(temporary.name if temporary is not None else work or "") / "reading"
    paths = [_as_file(path, folder / f"table {n}.parquet") for n, path in enumerate(paths, 1)]
    parts = list_parts(paths, options, folder, manifest, part_rows)
    if work is None and isinstance(executor, ThreadPoolExecutor | None):
        keep_all |= sum(part.size for part in parts) <= KEPT
    keep_all |= options.texts is not None
    apart = replace(options, progress=False, leave_out=frozenset())
    look = partial(survey_part, options=apart, folder=folder, keep_all=keep_all)
    found = list(_watched(parts, map_parts(look, parts, executor), options.progress))
    runs = _join_runs(parts, found, look, executor, options)
    result = _decide(parts, found, runs, replace(apart, texts=None))
    result._folder = temporary
    return result


def _as_file(given: Any, path: Path) -> str | Path:
    """A table in memory as a file that is read like any other."""
    if isinstance(given, str | Path):
        return given
    write_parquet(given, path)
    return path


def raw_tables(paths: Sequence[str | Path], options: ReadOptions) -> Iterator[RawTable]:
    """The rows of a corpus as found, unchecked."""
    with tempfile.TemporaryDirectory(prefix="reading-") as folder:
        for part in list_parts(paths, options, Path(folder)):
            for table in open_part(part, options):
                yield from table.chunks(ROWS)


def _watched(parts: Sequence[Part], found: Iterator[Surveyed], show: bool) -> Iterator[Surveyed]:
    """The summaries, beside a bar of the bytes that are surveyed."""
    from tqdm import tqdm

    # None: tqdm shows no bar where there is no terminal.
    disable = None if show else True
    total = sum(part.size for part in parts)
    with tqdm(total=total, unit="B", unit_scale=True, disable=disable) as bar:
        for part, surveyed in zip(parts, found, strict=True):
            yield surveyed
            bar.update(part.size)


def _join_runs(
    parts: list[Part],
    found: list[Surveyed],
    look: Callable[[Part], Surveyed],
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
    for run in [run for run in runs if len(run) > 1]:
        tables = {n: found[n][0][0] for n in run}
        if failed := [n for n in run if tables[n].layout is None]:
            run[:] = failed[:1]
            continue
        facts = facts_of(sum((table.counts for table in tables.values()), Counter()), options)
        again |= {n: replace(parts[n], facts=facts) for n in run if tables[n].facts != facts}
    for n, surveyed in zip(again, map_parts(look, again.values(), executor), strict=True):
        found[n] = surveyed
    return runs


def _decide(
    parts: Sequence[Part], found: Sequence[Surveyed], runs: list[list[int]], options: ReadOptions
) -> Survey:
    tables: list[TableSummary] = []
    first_of: dict[int, int] = {}
    for first, *more in runs:
        first_of |= dict.fromkeys((first, *more), len(tables))
        tables += found[first][0]
        for n in more:
            tables[first_of[n]].join(found[n][0][0])
    hashes = [np.concatenate([np.zeros(0, HASHES), *table.hashes]) for table in tables]
    repeats = find_repeats(hashes)
    facts, notes = _whole(tables, hashes, repeats)
    for table, repeated in zip(tables, repeats, strict=True):
        repeated.aliased = table.counts["aliased"] > 0
    pieces = []
    for n, first in first_of.items():
        summaries, kept = found[n]
        of_piece = tuple(repeats[first : first + len(summaries)])
        part = parts[n] if kept else replace(parts[n], facts=summaries[0].facts)
        layout = None if kept else summaries[0].layout
        pieces.append(Piece(part, of_piece, facts, options, kept, layout))
    return Survey(pieces, facts, notes)


def _whole(
    tables: Sequence[TableSummary], hashes: Sequence[Hashes], repeats: Sequence[Repeats]
) -> tuple[CorpusFacts, list[dict[str, Any]]]:
    outlets: set[str] = set()
    columns: dict[str, Kind] = {}
    notes = []
    known = partial_dates = False
    for table, rows, repeated in zip(tables, hashes, repeats, strict=True):
        duplicate = np.concatenate([repeated.above, repeated.elsewhere])
        is_article = (
            ~np.isin(rows["place"], duplicate) if len(duplicate) else np.ones(len(rows), bool)
        )
        articles = int(is_article.sum())
        notes.append(_notes(table, articles, repeated))
        if not articles:
            continue
        ends = np.cumsum([len(codes) for codes, _ in table.outlets])[:-1]
        for (codes, names), here in zip(table.outlets, np.split(is_article, ends), strict=True):
            outlets.update(names[np.unique(codes[here])])
        partial_dates |= table.counts["partial"] > 0
        kinds = table.kinds
        if table.counts["aliased"]:
            kinds = {"outlet_as_given": Kind(pa.large_string()), **kinds}
        columns = merge_columns(columns, kinds, known, True)
        known = True
    return CorpusFacts(tuple(sorted(outlets)), partial_dates, tuple(columns.items())), notes


def _notes(table: TableSummary, articles: int, repeats: Repeats) -> dict[str, Any]:
    counts, day_first = table.counts, table.facts.day_first
    notes = {"source": table.source, "rows": counts["rows"], **table.notes}
    notes["mended"] = counts["mended"]
    notes |= {name: counts[name] for name in ("markup", "joined") if name in counts}
    if day_first is not None:
        notes["day_order"] = "day first" if day_first else "month first"
    if repeats.renamed:
        notes["ids"] = "put after the file's name: another file has the same ids"
    return notes | {"articles": articles, "rejected": counts["rows"] - articles}
