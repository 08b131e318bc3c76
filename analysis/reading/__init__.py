"""Raw exports to articles: one module a format, all behind read_articles.

==============  ===================================================================
module          reads
==============  ===================================================================
tabular         CSV, TSV, JSON lines, Parquet, Excel (columns, delimited: its parts)
manifest        a folder of text files, described by a manifest
==============  ===================================================================

They share: records (the way from found rows to articles and rejected rows), rejected (the reasons),
dates, encodings, outlets, containers (.gz, .zst, .zip) and limits.
"""

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path

import pandas as pd

from analysis.errors import ReadError
from analysis.reading import manifest as manifests
from analysis.reading import tabular
from analysis.reading.containers import InputFile, input_file
from analysis.reading.limits import ReadLimits
from analysis.reading.outlets import Aliases, load_aliases
from analysis.reading.records import CheckedTable, RawTable, ReadOptions, check_records, join_tables

log = logging.getLogger(__name__)

READERS: dict[str, Callable[[InputFile, ReadOptions], RawTable]] = {
    ".csv": tabular.read_delimited,
    ".tsv": tabular.read_delimited,
    ".tab": tabular.read_delimited,
    ".jsonl": tabular.read_json_lines,
    ".ndjson": tabular.read_json_lines,
    ".parquet": tabular.read_parquet,
    ".xlsx": tabular.read_excel,
}


def read_articles(
    path: str | Path,
    *,
    columns: Mapping[str, str] | None = None,
    manifest: str | Path | None = None,
    outlet: str | None = None,
    outlets: Aliases | str | Path | None = None,
    day_first: bool | None = None,
    today: dt.date | str | None = None,
    encoding: str | None = None,
    limits: ReadLimits | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    r"""Read articles from a file or folder: every row is an article, or rejected with a reason.

    Parameters
    ----------
    path : str or Path
        A CSV, TSV, JSON-lines, Parquet or Excel file (each also as ``.gz`` or ``.zst``), or a
        folder of text files with a manifest.
    columns : mapping of standard name to name in the file, optional
        For tables: ``{"outlet": "source", "text": "body"}``. Columns that it doesn't name are
        guessed from their names; what was guessed is logged and stands in ``articles.attrs``.
    manifest : str or Path, optional
        For a folder: a CSV with ``file, outlet, date`` and, where known, ``sha256, date_end,
        title, title_start, title_end, body_start, body_end, furniture, doc_id``. Starts and ends
        are character offsets, or the first and the last line as they stand; ``furniture`` has
        ranges of offsets inside the body, ``1043-1408; 2000-2100``. What is neither title nor
        body is cut. ``manifest.csv`` in the folder is used by itself.
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
    limits : ReadLimits, optional
        The sizes at which reading stops.

    Returns
    -------
    articles : DataFrame
        The articles table; ``date_end`` is there if any date is partial ("June 2018" is 1 to 30
        June). ``articles.attrs["reading"]`` has a dict for each file: rows, encoding, columns,
        what was guessed, the order of day and month, how many texts had mojibake mended;
        ``articles.attrs["similar_outlets"]`` has names that may be one publisher's.
    rejected : DataFrame
        ``source, locator, reason, detail``; rows in = ``len(articles) + len(rejected)``. The
        reasons are a fixed list, ``analysis.reading.rejected.Reason``.

    Raises
    ------
    ReadError
        If the file can't be read at all, a limit is passed, or a needed column is not there. The
        message names the file and says what to do.

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
    path = Path(path)
    if not path.exists():
        raise ReadError(f"{path}: there is no such file or folder. Check the path.")
    options = ReadOptions(
        columns=dict(columns or {}),
        outlet=outlet,
        aliases=load_aliases(outlets),
        day_first=day_first,
        today=_last_day(today),
        encoding=encoding,
        limits=limits or ReadLimits(),
    )
    if path.is_dir():
        manifest_path = Path(manifest) if manifest is not None else path / "manifest.csv"
        if not manifest_path.is_file():
            raise ReadError(
                f"{path.name}: no manifest at {manifest_path.name}. Name it with "
                "read_articles(folder, manifest='manifest.csv')."
            )
        raws = [manifests.read_listed(path, manifest_path, options)]
    elif manifest is not None:
        raise ReadError(f"{path.name}: a manifest describes a folder, and this is a file.")
    else:
        raws = [_read_file(input_file(path, path.name, options.limits), options)]
    tables = [check_records(raw, options) for raw in raws]
    _tell(tables)
    return join_tables(tables)


def _read_file(file: InputFile, options: ReadOptions) -> RawTable:
    reader = READERS.get(file.suffix)
    if reader is None:
        raise ReadError(
            f"{file.name}: {file.suffix or 'a file without an ending'} is no known format; known "
            f"are {', '.join(READERS)}, and each with .gz or .zst."
        )
    return reader(file, options)


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
        for key in ("guessed", "dialect", "day_order"):
            if key in table.notes:
                told[f"{key.replace('_', ' ')}: {table.notes[key]}"].append(table.source)
    for what, sources in told.items():
        more = f" and {len(sources) - 1} more" if len(sources) > 1 else ""
        log.warning("%s%s: %s", sources[0], more, what)
