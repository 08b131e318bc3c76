"""Raw exports to articles: read_articles in one table, scan_articles batch by batch.

Both read a corpus twice: a survey finds what its whole decides, then the pieces are read.
"""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypedDict, Unpack

import pandas as pd

from analysis.errors import ReadError
from analysis.escape import inert
from analysis.formatting import counted
from analysis.reading.formats.links import by_address
from analysis.reading.limits import ReadLimits
from analysis.reading.outlets import Aliases, joined, load_aliases, similar_outlets
from analysis.reading.records import ReadOptions
from analysis.reading.rejected import rejected_table
from analysis.reading.survey.corpus import Survey, raw_tables, survey
from analysis.reading.survey.pieces import empty_articles, read_piece
from analysis.tables import Notes, as_pandas, is_table

log = logging.getLogger(__name__)

# Any: the tables of other libraries.
Paths = str | Path | Iterable[str | Path] | Any


class ReadKeywords(TypedDict, total=False):
    """The parameters of `read_articles` that say how files are read; see there."""

    columns: Mapping[str, str] | None
    outlet: str | None
    outlets: Aliases | str | Path | None
    day_first: bool | None
    today: dt.date | str | None
    encoding: str | None
    texts: pd.DataFrame | str | Path | None
    limits: ReadLimits | None
    strip_markup: bool
    progress: bool
    leave_out: Sequence[str | Path]


def read_articles(
    path: Paths,
    *,
    columns: Mapping[str, str] | None = None,
    manifest: str | Path | None = None,
    outlet: str | None = None,
    outlets: Aliases | str | Path | None = None,
    day_first: bool | None = None,
    today: dt.date | str | None = None,
    encoding: str | None = None,
    texts: pd.DataFrame | str | Path | None = None,
    limits: ReadLimits | None = None,
    strip_markup: bool = True,
    progress: bool = False,
    leave_out: Sequence[str | Path] = (),
) -> tuple[pd.DataFrame, pd.DataFrame]:
    r"""Read articles from files, folders or addresses: each row is an article, or rejected.

    Parameters
    ----------
    path : str, Path, table, or several of them
        A file in a known format, also as ``.gz``, ``.zst``, ``.bz2`` or ``.xz``; a ``.zip`` of such
        files; or a folder, in which a file that can't be read is a rejected row. One that is an
        article takes from its path what it doesn't say: ``Gazette/2018-06-12 talks.txt`` has outlet
        and day. A table of pandas, Polars, Arrow or DuckDB is read like a file of its rows.
    columns : mapping of standard name to name in the file, optional
        For tables: ``{"outlet": "source", "text": "body"}``. Others are guessed from their names.
    manifest : str or Path, optional
        For a folder of .txt, .html or .docx: a CSV with ``file, outlet, date`` and more (the
        guide on reading lists its columns); by default ``manifest.csv`` in the folder.
    outlet : str, optional
        The outlet of rows that name none.
    outlets : mapping of name to publisher, or path of a CSV, optional
        Unites the names of one publisher; the name in the file is kept in ``outlet_as_given``.
        The CSV begins with a header, ``name,publisher``.
    day_first : bool, optional
        Whether 04/05/2018 is 4 May. By default the other dates of the file decide; where they
        can't, such rows are rejected as ambiguous.
    today : date or str, optional
        The last day on which an article can have appeared; by default tomorrow in UTC.
    encoding : str, optional
        The encoding of text files. Without it: BOM, declaration, valid UTF-8, else detected.
    texts : DataFrame, or path, optional
        For lists of links (Media Cloud, GDELT): a table with ``url`` and ``text``, or its path.
    limits : ReadLimits, optional
        The sizes at which reading stops.
    strip_markup : bool
        Whether HTML is removed from texts and titles in tables and answers of services.
    progress : bool
        Whether to show a progress bar, where there is a terminal.
    leave_out : sequence of str or Path
        Files and folders that are no part of the corpus. Hidden ones are always left out.

    Returns
    -------
    articles : DataFrame
        The articles table; it has ``date_end`` if any date is partial ("June 2018" is 1 to 30
        June). ``articles.attrs["reading"]`` has a dict for each file: how it was read, what was
        guessed; ``articles.attrs["similar_outlets"]``, names that may be one publisher's.
    rejected : DataFrame
        ``source, locator, reason, detail``; rows in = ``len(articles) + len(rejected)``. The
        reasons are a fixed list, ``analysis.reading.rejected.Reason``.

    Raises
    ------
    ReadError
        If the file can't be read at all, a folder holds none, a limit is passed, or a needed
        column is not there. The message names the file and says what to do.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> table = "outlet,date,text\nGazette,2021-03-14,They met.\nHerald,,They parted.\n"
    >>> _ = (folder / "news.csv").write_text(table)
    >>> articles, rejected = read_articles(folder / "news.csv")
    >>> articles["outlet"].tolist(), rejected[["locator", "reason"]].values.tolist()
    (['Gazette'], [['line 3', 'no date']])
    """
    options = read_options(
        columns=columns, outlets=outlets, today=today, texts=texts, limits=limits,
        leave_out=leave_out, outlet=outlet, day_first=day_first, encoding=encoding,
        strip_markup=strip_markup, progress=progress,
    )  # fmt: skip
    found = survey(path_list(path), options, manifest=manifest, keep_all=True)
    tell(found)
    batches = [batch for piece in found.pieces for batch in read_piece(piece)]
    tables = [articles for articles, _ in batches if len(articles)]
    articles = pd.concat(tables, ignore_index=True) if tables else empty_articles(found.corpus)
    articles.attrs["reading"] = Notes(found.notes)
    articles.attrs["similar_outlets"] = [*map(list, similar_outlets(found.corpus.outlets))]
    rejected = [table for _, table in batches if len(table)]
    return articles, pd.concat(rejected, ignore_index=True) if rejected else rejected_table([])


def scan_articles(
    paths: Paths,
    *,
    manifest: str | Path | None = None,
    batch_size: int = 10_000,
    **options: Unpack[ReadKeywords],
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    r"""Read articles batch by batch, in memory for one batch, from a corpus of any size.

    The batches, concatenated, are what `read_articles` gives: columns, types and categories are
    those of the whole corpus. It is read twice, because the whole decides on each row. A corpus of
    up to 256 MB, and of a larger one the files that are not CSV, JSON lines or Parquet, is kept in
    a temporary folder from the first time to the second.

    Parameters
    ----------
    paths, manifest, **options
        As for `read_articles`.
    batch_size : int
        The most rows of the input in a batch, articles and rejected rows together.

    Yields
    ------
    articles, rejected : DataFrame
        As from `read_articles`.

    Raises
    ------
    ReadError
        As from `read_articles`; if a file changes between the two readings, or `batch_size` is
        less than 1.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "news.csv"
    >>> table = "outlet,date,text\nGazette,2021-03-14,They met.\nHerald,2021-03-15,They parted.\n"
    >>> _ = file.write_text(table)
    >>> [articles["text"].tolist() for articles, _ in scan_articles(file, batch_size=1)]
    [['They met.'], ['They parted.']]
    """
    if batch_size < 1:
        raise ReadError(f"batch_size={batch_size}: a batch has at least 1 row.")
    found = survey(path_list(paths), read_options(**options), manifest=manifest)
    tell(found)

    def batches() -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
        # The survey's temporary folder is there as long as the survey is.
        for piece in found.pieces:
            yield from read_piece(piece, batch_size)

    return batches()


def read_options(
    *,
    columns: Mapping[str, str] | None = None,
    outlets: Aliases | str | Path | None = None,
    today: dt.date | str | None = None,
    texts: pd.DataFrame | str | Path | None = None,
    limits: ReadLimits | None = None,
    leave_out: Sequence[str | Path] = (),
    outlet: str | None = None,
    **as_given: Any,
) -> ReadOptions:
    """The parameters of `read_articles`, checked, for a survey."""
    if outlet is not None and not outlet.strip():
        raise ReadError(
            f"outlet={outlet!r} is empty (--outlet): name the outlet of the rows that name none, "
            "or leave it out."
        )
    options = ReadOptions(
        columns=dict(columns or {}),
        aliases=load_aliases(outlets),
        today=_last_day(today),
        limits=limits or ReadLimits(),
        leave_out=frozenset(Path(name).resolve() for name in leave_out),
        outlet=outlet,
        **as_given,
    )
    return replace(options, texts=_texts(texts, options))


def path_list(given: object) -> list[Any]:
    """The files, folders, addresses and tables to be read."""
    several = [given] if isinstance(given, str | Path) or is_table(given) else given
    several = list(several) if isinstance(several, Iterable) else [several]
    names = [name for name in several if isinstance(name, str | Path) or is_table(name)]
    if len(names) != len(several):
        raise ReadError(
            f"path is of type {type(given).__name__}: it must be the path of a file or folder, a "
            "table of pandas, Polars, Arrow or DuckDB, or a list of such."
        )
    return names


def tell(found: Survey) -> None:
    """Log what was guessed, once for all the files that it holds of."""
    told: dict[str, list[str]] = defaultdict(list)
    marked = [notes for notes in found.notes if notes.get("markup")]
    rows = sum(notes["markup"] for notes in marked)
    for notes in found.notes:
        for key in ("encoding", "guessed", "dialect", "day_order", "incomplete", "ids"):
            if key in notes and (key != "encoding" or "detected" in notes[key]):
                told[f"{key.replace('_', ' ')}: {notes[key]}"].append(notes["source"])
    if marked:
        told[f"HTML removed from {counted(rows, 'row')}"] = [notes["source"] for notes in marked]
    for names in similar_outlets(found.corpus.outlets):
        log.warning("outlets that may be one: %s", inert(joined(names)))
    for what, sources in told.items():
        more = f" and {len(sources) - 1} more" if len(sources) > 1 else ""
        log.warning("%s%s: %s", inert(sources[0]), more, inert(what))


def _texts(texts: pd.DataFrame | str | Path | None, options: ReadOptions) -> pd.DataFrame | None:
    if texts is None:
        return None
    if is_table(texts):
        table = as_pandas(texts)
    else:
        wanted = replace(options, needed=("text",), columns={})
        table = pd.concat(raw.frame for raw in raw_tables([texts], wanted))
    if missing := [name for name in ("url", "text") if name not in table]:
        raise ReadError(f"texts: has no column {' and '.join(missing)}; needed are url and text.")
    return by_address(table)


def _last_day(today: dt.date | str | None) -> dt.date:
    if today is None:
        return (dt.datetime.now(dt.UTC) + dt.timedelta(days=1)).date()
    try:
        last: dt.date = pd.Timestamp(today).date()
    except (ValueError, TypeError) as fault:
        raise ReadError(f"today={today!r} is not a date such as 2024-01-31.") from fault
    return last
