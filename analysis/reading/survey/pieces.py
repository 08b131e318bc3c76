"""Pieces of a corpus: what one worker reads, with all that the whole corpus decides for it."""

import pickle
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import compress
from operator import itemgetter
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.files import check_unchanged
from analysis.reading.checking import GIVEN, CheckedTable, check_records, rejection_of
from analysis.reading.files.compressed import input_file
from analysis.reading.files.listing import File, Part
from analysis.reading.files.recognition import read_chunks
from analysis.reading.records import Layout, RawTable, ReadOptions
from analysis.reading.rejected import Reason, Rejection, rejected_table
from analysis.reading.survey.duplicates import Repeats, prefixes
from analysis.reading.survey.file_facts import FileFacts
from analysis.reading.survey.kinds import Kind, as_kind

# Rows that are read and checked together.
ROWS = 2_000

# Articles and rejected rows, both with their places.
Batch = tuple[pd.DataFrame, list[tuple[int, Rejection]]]


@dataclass(frozen=True)
class CorpusFacts:
    """What the whole corpus decides for each of its articles.

    ``outlets`` are all, sorted: the categories of the column; ``partial``, whether articles have
    ``date_end``; ``columns``, those beside the standard ones.
    """

    outlets: tuple[str, ...]
    partial: bool
    columns: tuple[tuple[str, Kind], ...]


@dataclass(frozen=True)
class Piece:
    """A part of a corpus that can be read by itself, anywhere.

    Its rows were checked already, and are kept as pickles of (table, CheckedTable) in the file
    ``kept``; or they are read again from the one file of its part, by the ``layout`` of it.
    ``tables`` are those that the piece holds; the places of rows that are all of a file are
    numbers of these.
    """

    part: Part
    tables: tuple[Repeats, ...]
    corpus: CorpusFacts
    options: ReadOptions
    kept: Path | None = None
    layout: Layout | None = None


def read_piece(
    piece: Piece, batch_size: int = 10_000
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Read the articles and rejected rows of a piece that `survey` gave, batch by batch.

    A batch has at most `batch_size` rows of the input. All batches of a corpus have the same
    columns, types and categories. ReadError if a file has changed since the survey.
    """
    chunks = (
        _finished(checked, [piece.tables[n] for n in checked.files or [table]], piece.corpus)
        for table, checked in _checked(piece)
    )
    for articles, rejections in _regrouped(chunks, batch_size):
        yield articles.reset_index(drop=True), rejected_table(row for _, row in rejections)


def empty_articles(corpus: CorpusFacts) -> pd.DataFrame:
    """The articles table of a corpus without its rows."""
    nothing = check_records(RawTable("", "", {}), FileFacts(), ReadOptions())
    return _finished(nothing, [Repeats()], corpus)[0].reset_index(drop=True)


def _checked(piece: Piece) -> Iterator[tuple[int, CheckedTable]]:
    """The rows of a piece, checked, each lot with the number of its table."""
    part, options, file = piece.part, piece.options, piece.part.files[0]
    if piece.kept is not None:
        with piece.kept.open("rb") as stream:
            while stream.peek(1):
                yield pickle.load(stream)  # noqa: S301 (written by the survey)
        if part.in_pieces and isinstance(file, File):
            check_unchanged(file.path, file.stamp)
        return
    assert isinstance(file, File)  # noqa: S101
    assert piece.layout is not None  # noqa: S101
    check_unchanged(file.path, file.stamp)
    source = input_file(file.path, file.name, options.limits)
    for raw in read_chunks(source, piece.layout, ROWS, options, part.span):
        yield 0, check_records(raw, part.facts or FileFacts(), options)
    check_unchanged(file.path, file.stamp)


def _finished(checked: CheckedTable, tables: list[Repeats], corpus: CorpusFacts) -> Batch:
    """Checked rows, of one table or one of each, as they are in the table of the whole corpus."""
    rows, rejections = checked.articles, list(checked.rejections)
    above = np.concatenate([table.above for table in tables])
    elsewhere = np.concatenate([table.elsewhere for table in tables])
    renamed = [table.renamed for table in tables]
    aliased = [table.aliased for table in tables]

    def of_tables(values: pd.Series, chosen: list[bool]) -> pd.Series:
        """The values in the rows of chosen tables, else gaps."""
        if all(chosen):
            return values
        return values.where(values.index.isin([*compress(checked.files, chosen)]))

    def reject(places: NDArray[np.int64], where: str) -> pd.DataFrame:
        if not len(places) or not len(rows):
            return rows
        first, last = rows.index[0], rows.index[-1]
        here = places[np.searchsorted(places, first) : np.searchsorted(places, last, "right")]
        for place, doc_id in rows.loc[here, "doc_id"].items():
            fault = Reason.DUPLICATE_ID, f"{doc_id!r} occurs {where}"
            rejections.append((place, rejection_of(checked, place, *fault)))
        return rows.drop(here) if len(here) else rows

    rows = reject(above, "earlier in the file")
    if any(renamed):
        new = pd.Series(prefixes(rows, checked), rows.index, "str") + rows["doc_id"]
        rows = rows.assign(doc_id=of_tables(new, renamed).fillna(rows["doc_id"]))
    rows = reject(elsewhere, "in another file")
    rejections.sort(key=itemgetter(0))
    outlets = pd.Categorical(rows["outlet"], categories=list(corpus.outlets))
    columns = {"doc_id": rows["doc_id"].array, "outlet": outlets, "date": rows["date"].array}
    names = ["date_end", "title", "text"] if corpus.partial else ["title", "text"]
    columns |= {name: rows[name].array for name in names}
    for name, kind in corpus.columns:
        if name == "outlet_as_given" and any(aliased):
            values = of_tables(rows[GIVEN], aliased)
        else:
            values = rows[name] if name in rows else pd.Series([None] * len(rows), dtype=object)
        columns[name] = as_kind(values, kind).array
    return pd.DataFrame(columns, index=rows.index), rejections


def _regrouped(chunks: Iterable[Batch], size: int) -> Iterator[Batch]:
    """The same rows in batches of `size` rows, articles and rejected ones together."""
    held: list[Batch] = []
    room = size
    for articles, rejections in chunks:
        places = [*articles.index, *(place for place, _ in rejections)]
        is_article = np.arange(len(places)) < len(articles)
        order = np.argsort(places, kind="stable")
        # Rows of the input in their order: how many of them are articles.
        before = np.concatenate([[0], np.cumsum(is_article[order])])
        start = 0
        while start < len(places):
            end = min(start + room, len(places))
            first, last = int(before[start]), int(before[end])
            held.append((articles.iloc[first:last], rejections[start - first : end - last]))
            room -= end - start
            start = end
            if not room:
                yield _concatenated(held)
                held, room = [], size
    if held:
        yield _concatenated(held)


def _concatenated(parts: list[Batch]) -> Batch:
    articles = [part for part, _ in parts]
    table = pd.concat(articles, ignore_index=True) if len(parts) > 1 else articles[0]
    return table, [rejection for _, part in parts for rejection in part]
