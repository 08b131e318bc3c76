"""Import a folder: its articles, what was rejected, and a report that accounts for every row."""

from dataclasses import dataclass
from pathlib import Path
from typing import Unpack

import pandas as pd

from analysis.errors import ReadError
from analysis.formatting import counted
from analysis.reading.outlets import joined
from analysis.reading.scan import Paths, ReadKeywords, read_articles

_LISTED = 12


@dataclass(frozen=True)
class ImportReport:
    """What an import found, in four tables; ``str(report)`` is a page to read.

    Attributes
    ----------
    coverage : DataFrame
        One row an outlet and month: ``outlet``; ``month``, or the first and the last month of a
        partial date (``2022-10 to 2023-02``); the numbers of ``articles``, of those with a
        complete date (``day``) and with a ``partial`` one; ``text_chars``, the characters of their
        texts; ``furniture_chars``, the characters around the texts that were cut, missing for
        formats that have none.
    reasons : DataFrame
        One row a file (``source``) and ``reason``: how many ``rows`` were rejected for it, and the
        ``locator`` and ``detail`` of the first.
    files : DataFrame
        One row a file (``source``): its ``format``; ``rows``, which are ``articles + rejected``;
        its ``encoding``; what was ``guessed``; the ``day_order`` of its dates (empty if nothing
        decides it); in how many rows characters were ``mended`` (mojibake) and HTML was removed
        (``markup``).
    similar_outlets : tuple
        Groups of outlet names that may be one publisher's.
    """

    coverage: pd.DataFrame
    reasons: pd.DataFrame
    files: pd.DataFrame
    similar_outlets: tuple[tuple[str, ...], ...]

    def __str__(self) -> str:
        kept, refused = int(self.files["articles"].sum()), int(self.files["rejected"].sum())
        count = self.files["source"].nunique()
        lines = [
            f"{counted(kept + refused, 'row')} in {counted(count, 'file')}: "
            f"{counted(kept, 'article')}, {refused:,} rejected.",
            "",
            *self._outlet_lines(),
        ]
        if refused:
            totals = self.reasons.groupby("reason")["rows"].sum().sort_values(ascending=False)
            lines += ["", "Rejected:"]
            lines += [f"  {rows:>8,}  {reason}" for reason, rows in totals.items()]
        told = self.files[self.files["guessed"] != ""].groupby("guessed")["source"].agg(list)
        if len(told):
            lines += ["", "Guessed (say otherwise if it is wrong):"]
            lines += [f"  {what}: {_shortened(sources)}" for what, sources in told.items()]
        marked = self.files[self.files["markup"] > 0]
        if rows := int(marked["markup"].sum()):
            taken = f"HTML removed from {counted(rows, 'row')} (--keep-markup leaves it):"
            lines += ["", taken, f"  {_shortened(marked['source'].tolist())}"]
        if self.similar_outlets:
            lines += ["", "Names that may be one publisher's (bring them together with outlets=):"]
            lines += [f"  {joined(group)}" for group in self.similar_outlets]
        return "\n".join(lines)

    def _outlet_lines(self) -> list[str]:
        lines = ["Articles:"]
        for outlet, months in self.coverage.groupby("outlet", observed=True, sort=True):
            partial = int(months["partial"].sum())
            cut, text = months["furniture_chars"].sum(), months["text_chars"].sum()
            line = (
                f"  {int(months['articles'].sum()):>8,}  {outlet}: {months['month'].str[:7].min()}"
                f" to {months['month'].str[-7:].max()}"
            )
            line += f", {partial:,} with a partial date" if partial else ""
            line += f", {cut / (cut + text):.0%} of the characters cut as furniture" if cut else ""
            lines.append(line)
        return lines


def import_folder(
    path: Paths, *, manifest: str | Path | None = None, **options: Unpack[ReadKeywords]
) -> tuple[pd.DataFrame, pd.DataFrame, ImportReport]:
    r"""Read a folder (or file) as read_articles does, with a progress bar, and report on it.

    Parameters
    ----------
    path, manifest, **options
        As for `read_articles`.

    Returns
    -------
    articles, rejected : DataFrame
        As from `read_articles`.
    report : ImportReport

    Raises
    ------
    ReadError
        As from `read_articles`.

    Examples
    --------
    >>> import tempfile
    >>> from analysis import import_folder
    >>> folder = Path(tempfile.mkdtemp())
    >>> table = "outlet,date,text\nGazette,2021-03-14,They met.\nHerald,,They parted.\n"
    >>> _ = (folder / "news.csv").write_text(table)
    >>> articles, rejected, report = import_folder(folder)
    >>> print(report)
    2 rows in 1 file: 1 article, 1 rejected.
    <BLANKLINE>
    Articles:
             1  Gazette: 2021-03 to 2021-03
    <BLANKLINE>
    Rejected:
             1  no date
    """
    articles, rejected = read_articles(path, manifest=manifest, **(options | {"progress": True}))
    return articles, rejected, report_import(articles, rejected)


def report_import(articles: pd.DataFrame, rejected: pd.DataFrame) -> ImportReport:
    r"""The report on what read_articles gave.

    Parameters
    ----------
    articles, rejected : DataFrame
        As from `read_articles`: ``articles.attrs`` says how each file was read.

    Returns
    -------
    ImportReport

    Raises
    ------
    ReadError
        If the articles don't say how they were read.

    Examples
    --------
    >>> from analysis import read_articles, report_import
    >>> report = report_import(*read_articles("data/sample/articles.csv"))
    >>> report.files[["source", "format"]].values.tolist()
    [['articles.csv', 'delimited']]
    """
    if "reading" not in articles.attrs:
        raise ReadError(
            "articles: they don't say how they were read (in articles.attrs). Give the table that "
            "read_articles returned, before it was joined with others."
        )
    names = ["source", "format", "rows", "articles", "rejected", "encoding", "guessed",
             "day_order", "mended", "markup"]  # fmt: skip
    files = pd.DataFrame(articles.attrs["reading"]).reindex(columns=names)
    counts = ["mended", "markup"]
    files[counts] = files[counts].fillna(0).astype("int64")
    words = ["format", "encoding", "guessed", "day_order"]
    files[words] = files[words].astype(object).fillna("").astype("str")
    reasons = rejected.groupby(["source", "reason"], sort=False, as_index=False).agg(
        rows=("reason", "size"), locator=("locator", "first"), detail=("detail", "first")
    )
    similar = tuple(tuple(group) for group in articles.attrs["similar_outlets"])
    return ImportReport(_coverage(articles), reasons, files, similar)


def _coverage(articles: pd.DataFrame) -> pd.DataFrame:
    last = articles["date_end"] if "date_end" in articles else articles["date"]
    first_month, last_month = articles["date"].dt.strftime("%Y-%m"), last.dt.strftime("%Y-%m")
    partial = (articles["date"] != last).astype(int)
    cut = pd.to_numeric(articles.get("furniture_chars", pd.NA), errors="coerce")
    month = first_month.where(first_month == last_month, first_month + " to " + last_month)
    columns = {"outlet": articles["outlet"].astype("str"), "month": month, "articles": 1}
    columns |= {"day": 1 - partial, "partial": partial, "text_chars": articles["text"].str.len()}
    table = pd.DataFrame({**columns, "furniture_chars": pd.Series(cut, articles.index)})
    sums = {name: (name, "sum") for name in ("articles", "day", "partial", "text_chars")}
    cut_sum = ("furniture_chars", lambda values: values.sum(min_count=1))
    return table.groupby(["outlet", "month"], as_index=False).agg(**sums, furniture_chars=cut_sum)


def _shortened(sources: list[str]) -> str:
    more = f" and {len(sources) - _LISTED} more" if len(sources) > _LISTED else ""
    return ", ".join(sources[:_LISTED]) + more
