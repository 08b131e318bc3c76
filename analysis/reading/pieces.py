"""Pieces of a corpus: what one worker reads, with all that the whole corpus decides for it."""

import pickle
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.files import Stamp, check_unchanged
from analysis.reading.checking import GIVEN, CheckedTable, FileFacts, check_records, place_of
from analysis.reading.compressed import input_file
from analysis.reading.duplicates import Repeats
from analysis.reading.formats.parquet import Span
from analysis.reading.kinds import Kind, absent, as_kind
from analysis.reading.recognition import read_chunks
from analysis.reading.records import Layout, ReadOptions
from analysis.reading.rejected import Reason, Rejection, rejected_table

# Rows that are read and checked together.
ROWS = 2_000


@dataclass(frozen=True)
class CorpusFacts:
    """What the whole corpus decides for each of its articles.

    Attributes
    ----------
    outlets : tuple of str
        All outlets, sorted: the categories of ``outlet``.
    partial : bool
        Whether the articles have ``date_end``.
    columns : tuple of (str, Kind)
        The columns beside the standard ones.
    """

    outlets: tuple[str, ...]
    partial: bool
    columns: tuple[tuple[str, Kind], ...]


@dataclass(frozen=True)
class TableFacts:
    """What is known of one table of a file: whether aliases changed names, and its ids."""

    source: str
    aliased: bool = False
    repeats: Repeats = field(default_factory=Repeats)


@dataclass(frozen=True)
class InFile:
    """Rows that are read from their file: all, or those of some row groups."""

    path: Path
    name: str
    stamp: Stamp
    layout: Layout
    facts: FileFacts
    span: Span | None = None


@dataclass(frozen=True)
class Kept:
    """Rows that were checked already: here, or in a file of pickles of (table, CheckedTable)."""

    tables: tuple[tuple[int, CheckedTable], ...] = ()
    path: Path | None = None


@dataclass(frozen=True)
class Piece:
    """A part of a corpus that can be read by itself, anywhere.

    Attributes
    ----------
    rows : InFile or Kept
        Where its rows are.
    tables : tuple of TableFacts
        Of each table that the piece holds.
    corpus : CorpusFacts
    options : ReadOptions
    """

    rows: InFile | Kept
    tables: tuple[TableFacts, ...]
    corpus: CorpusFacts
    options: ReadOptions


def read_piece(
    piece: Piece, batch_size: int = 10_000
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """Read the articles of a piece, batch by batch.

    Parameters
    ----------
    piece : Piece
        As `survey` gives it.
    batch_size : int
        The most rows of the input in a batch, articles and rejected rows together.

    Yields
    ------
    articles, rejected : DataFrame
        As from `read_articles`, in the order of the files. All batches of a corpus have the same
        columns and types, and the categories of the whole corpus.

    Raises
    ------
    ReadError
        If a file has changed since the survey, or can't be read any more.
    """
    chunks = (
        _finished(checked, piece.tables[table], piece.corpus)
        for table, checked in _checked_chunks(piece)
    )
    for articles, rejections in _regrouped(chunks, batch_size):
        yield articles.reset_index(drop=True), rejected_table(rejections)


def empty_articles(corpus: CorpusFacts) -> pd.DataFrame:
    """The articles table of a corpus without its rows."""
    nothing = pd.Series([], dtype="str")
    columns = dict.fromkeys(("doc_id", "outlet", "title", "text"), nothing)
    days = {name: np.array([], "datetime64[us]") for name in ("date", "date_end")}
    table = CheckedTable("", "", pd.DataFrame(columns | days), [], 0, 0, 0, False, False)
    articles, _ = _finished(table, TableFacts(""), corpus)
    return articles.reset_index(drop=True)


def _checked_chunks(piece: Piece) -> Iterator[tuple[int, CheckedTable]]:
    rows = piece.rows
    if isinstance(rows, Kept):
        yield from rows.tables
        if rows.path is not None:
            with rows.path.open("rb") as stream:
                while stream.peek(1):
                    yield pickle.load(stream)  # noqa: S301 (written by the survey)
        return
    check_unchanged(rows.path, rows.stamp)
    file = input_file(rows.path, rows.name, piece.options.limits)
    for raw in read_chunks(file, rows.layout, ROWS, piece.options, rows.span):
        yield 0, check_records(raw, rows.facts, piece.options)
    check_unchanged(rows.path, rows.stamp)


def _finished(
    checked: CheckedTable, table: TableFacts, corpus: CorpusFacts
) -> tuple[pd.DataFrame, list[Rejection]]:
    """Checked rows as they are in the articles table of the whole corpus."""
    rows, rejections = checked.articles, list(checked.rejections)

    def reject(places: NDArray[np.int64], where: str) -> pd.DataFrame:
        first, last = (rows.index[0], rows.index[-1]) if len(rows) else (0, -1)
        here = places[np.searchsorted(places, first) : np.searchsorted(places, last, "right")]
        for place, doc_id in rows.loc[here, "doc_id"].items():
            detail, locator = f"{doc_id!r} stands {where}", f"{checked.unit} {place}"
            rejections.append(Rejection(checked.source, locator, Reason.DUPLICATE_ID, detail))
        return rows.drop(here) if len(here) else rows

    rows = reject(table.repeats.above, "above already")
    if table.repeats.renamed:
        rows = rows.assign(doc_id=table.source + ":" + rows["doc_id"])
    rows = reject(table.repeats.elsewhere, "in another file")
    if len(rejections) > len(checked.rejections):
        rejections.sort(key=place_of)
    outlets = pd.Categorical(rows["outlet"], categories=list(corpus.outlets))
    columns = {"doc_id": rows["doc_id"].array, "outlet": outlets, "date": rows["date"].array}
    if corpus.partial:
        columns["date_end"] = rows["date_end"].array
    columns |= {name: rows[name].array for name in ("title", "text")}
    for name, kind in corpus.columns:
        there = GIVEN if name == "outlet_as_given" and table.aliased else name
        columns[name] = (
            as_kind(rows[there], kind) if there in rows else absent(len(rows), kind)
        ).array
    return pd.DataFrame(columns, index=rows.index), rejections


def _regrouped(
    chunks: Iterable[tuple[pd.DataFrame, list[Rejection]]], size: int
) -> Iterator[tuple[pd.DataFrame, list[Rejection]]]:
    """The same rows in batches of `size` rows, articles and rejected ones together."""
    held: list[tuple[pd.DataFrame, list[Rejection]]] = []
    room = size
    for articles, rejections in chunks:
        places = [*articles.index, *map(place_of, rejections)]
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
                yield _joined(held)
                held, room = [], size
    if held:
        yield _joined(held)


def _joined(
    parts: list[tuple[pd.DataFrame, list[Rejection]]],
) -> tuple[pd.DataFrame, list[Rejection]]:
    if len(parts) == 1:
        return parts[0]
    articles = pd.concat([part for part, _ in parts], ignore_index=True)
    return articles, [rejection for _, part in parts for rejection in part]
