"""Raw exports to articles: one module a format, all behind read_articles.

===========  ======================================================================
module       reads
===========  ======================================================================
tabular      CSV, TSV, JSON lines, Parquet, Excel (delimited and columns: its parts)
manifest     a folder of text files, described by a manifest
folder       a folder of any files; plain: .txt and .docx that are one article each
html         saved web pages
nexis        Nexis Uni .docx, Nexis UK .html, LexisNexis .txt
factiva      Factiva .html and .xml
proquest     ProQuest .txt
apis         JSON of The Guardian, NewsAPI, Webz.io, or a list of objects
lists        Media Cloud, GDELT: links without text
warc         web archives
===========  ======================================================================

``formats`` says which reader a file needs. All share: records (the way from found rows to articles
and rejected rows), joining, rejected (the reasons), dates, encodings, outlets, containers (.gz,
.zst, .zip) and limits.
"""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from analysis.errors import ReadError
from analysis.escape import inert
from analysis.formatting import counted
from analysis.reading.checking import CheckedTable, RawTable, ReadOptions, check_records
from analysis.reading.compressed import input_file
from analysis.reading.dispatch import read_file
from analysis.reading.folder import read_folder, read_several, shown_path
from analysis.reading.joining import join_tables
from analysis.reading.limits import ReadLimits
from analysis.reading.manifest import read_listed
from analysis.reading.outlets import Aliases, load_aliases

log = logging.getLogger(__name__)


def read_articles(
    path: str | Path | Iterable[str | Path],
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
    r"""Read articles from a file or folder: every row is an article, or rejected with a reason.

    Parameters
    ----------
    path : str, Path, or several of them
        A file in one of the formats above, also as ``.gz`` or ``.zst``; a ``.zip`` of such files;
        or a folder, with or without a manifest. Several are read as a folder that holds just them.
        In a folder or ``.zip``, a file that can't be read is a rejected row. A file that is one
        article takes from its path what it doesn't say itself: ``Gazette/2018-06-12 talks.txt`` is
        of that outlet and day.
    columns : mapping of standard name to name in the file, optional
        For tables: ``{"outlet": "source", "text": "body"}``. Columns that it doesn't name are
        guessed from their names; what was guessed is logged and stands in ``articles.attrs``.
    manifest : str or Path, optional
        For a folder of .txt, .html or .docx: a CSV with ``file, outlet, date`` and, where known,
        ``sha256, date_end, title, title_start, title_end, body_start, body_end, furniture,
        doc_id``. Starts and ends are character offsets, or the first and the last line as they
        stand; ``furniture`` has ranges of offsets inside the body, ``1043-1408; 2000-2100``. What
        is neither title nor body is cut. ``manifest.csv`` in the folder is used by itself.
    outlet : str, optional
        The outlet of rows that name none.
    outlets : mapping of name to publisher, or path of a CSV with these two columns, optional
        Brings the several names of one publisher together; the name in the file is kept in
        ``outlet_as_given``.
    day_first : bool, optional
        Whether 04/05/2018 is 4 May. Without it, the other dates of the same file decide; where
        they can't, such rows are rejected as ambiguous.
    today : date or str, optional
        The last day on which an article can have appeared; by default tomorrow in UTC, since it
        is tomorrow already somewhere.
    encoding : str, optional
        The encoding of text files. Without it: BOM, declaration, valid UTF-8, else detected.
    texts : DataFrame, or path, optional
        For lists of links without text (Media Cloud, GDELT): a table with ``url`` and ``text``, or
        a file or folder to read one from; texts are joined to the list by address.
    limits : ReadLimits, optional
        The sizes at which reading stops.
    strip_markup : bool
        Whether texts and titles in tables and answers of services lose their HTML: where a column
        has tags (``</p>``, ``<br>``, ``<a href=``), each of its texts that holds one becomes the
        text that a page would show, paragraph by paragraph; entities (``&nbsp;``) become the
        characters that they stand for. A ``<`` or ``&`` alone is left.
    progress : bool
        Whether to show a bar while a folder is read; never where there is no terminal.
    leave_out : sequence of str or Path
        Files and folders that lie in the folder and are no part of the corpus, such as results.
        Hidden ones are left out in any case.

    Returns
    -------
    articles : DataFrame
        The articles table; ``date_end`` is there if any date is partial ("June 2018" is 1 to 30
        June). ``articles.attrs["reading"]`` has a dict for each file: rows, encoding, columns,
        what was guessed, the order of day and month, how many texts had mojibake mended, how many
        rows held markup;
        ``articles.attrs["similar_outlets"]`` has names that may be one publisher's.
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
    paths = _paths(path)
    options = ReadOptions(
        columns=dict(columns or {}),
        outlet=outlet,
        aliases=load_aliases(outlets),
        day_first=day_first,
        today=_last_day(today),
        encoding=encoding,
        limits=limits or ReadLimits(),
        strip_markup=strip_markup,
        progress=progress,
        leave_out=frozenset(Path(name).resolve() for name in leave_out),
    )
    options = replace(options, texts=_texts(texts, options))
    tables = [check_records(raw, options) for raw in _raw_tables(paths, manifest, options)]
    if not tables:
        raise ReadError(
            f"{path}: holds no file to read (hidden files are left out). Check the path."
        )
    articles, rejected = join_tables(tables)
    _tell(tables)
    return articles, rejected


def _paths(given: object) -> Path | list[Path]:
    """The file or folder, or the list of them, that is to be read."""
    if isinstance(given, str | Path):
        return _existing(Path(given))
    several = list(given) if isinstance(given, Iterable) else [given]
    names = [name for name in several if isinstance(name, str | Path)]
    if isinstance(given, pd.DataFrame) or len(names) != len(several):
        raise ReadError(
            f"path is of type {type(given).__name__}: it must be the path of a file or folder, or "
            "a list of such. For a table in memory there is check_articles(frame)."
        )
    found = [_existing(Path(name)) for name in names]
    return found[0] if len(found) == 1 else found


def _raw_tables(
    path: Path | list[Path], manifest: str | Path | None, options: ReadOptions
) -> Iterator[RawTable]:
    """What the reader of each file found."""
    if isinstance(path, list):
        if manifest is not None or any((one / "manifest.csv").is_file() for one in path):
            raise ReadError("a manifest describes one folder: read it by itself, not in a list.")
        yield from read_several(path, options)
        return
    if not path.is_dir():
        if manifest is not None:
            raise ReadError(f"{path.name}: a manifest describes a folder, and this is a file.")
        name = shown_path(path, path.parent)
        yield from read_file(input_file(path, name, options.limits), options)
        return
    listed = Path(manifest) if manifest is not None else path / "manifest.csv"
    if listed.is_file():
        yield read_listed(path, listed, options)
    elif manifest is not None:
        raise ReadError(f"{manifest}: there is no such manifest. Check the path.")
    else:
        yield from read_folder(path, options)


def _texts(texts: pd.DataFrame | str | Path | None, options: ReadOptions) -> pd.DataFrame | None:
    """A table of texts by address, from a frame or any file that can be read."""
    if texts is None:
        return None
    if not isinstance(texts, pd.DataFrame):
        path = Path(texts)
        wanted = replace(options, needed=("text",), columns={})
        frame = pd.concat(raw.frame for raw in _raw_tables(_existing(path), None, wanted))
    else:
        frame = texts
    if missing := [name for name in ("url", "text") if name not in frame]:
        raise ReadError(f"texts: has no column {' and '.join(missing)}; needed are url and text.")
    return frame


def _existing(path: Path) -> Path:
    if not path.exists():
        raise ReadError(f"{path}: there is no such file or folder. Check the path.")
    return path


def _last_day(today: dt.date | str | None) -> dt.date:
    if today is None:
        return (dt.datetime.now(dt.UTC) + dt.timedelta(days=1)).date()
    try:
        last: dt.date = pd.Timestamp(today).date()
    except (ValueError, TypeError) as fault:
        raise ReadError(f"today={today!r} is not a date such as 2024-01-31.") from fault
    return last


def _tell(tables: list[CheckedTable]) -> None:
    """Log what was guessed, once for all the files that it holds of."""
    told: dict[str, list[str]] = defaultdict(list)
    for table in tables:
        if "detected" in table.notes.get("encoding", ""):
            told[f"encoding: {table.notes['encoding']}"].append(table.source)
        for key in ("guessed", "dialect", "day_order", "incomplete", "ids"):
            if key in table.notes:
                told[f"{key.replace('_', ' ')}: {table.notes[key]}"].append(table.source)
    marked = {table.source: table.notes["markup"] for table in tables if table.notes.get("markup")}
    if rows := sum(marked.values()):
        told[f"HTML taken out of {counted(rows, 'row')}"] = [*marked]
    for what, sources in told.items():
        more = f" and {len(sources) - 1} more" if len(sources) > 1 else ""
        log.warning("%s%s: %s", inert(sources[0]), more, inert(what))
