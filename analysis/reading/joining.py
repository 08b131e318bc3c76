"""The tables of several files as one: ids that are unique, outlets that look alike."""

from collections.abc import Sequence

import pandas as pd

from analysis.articles import check_articles
from analysis.reading.checking import STANDARD, CheckedTable
from analysis.reading.outlets import similar_outlets
from analysis.reading.rejected import Reason, Rejection, rejected_table


def join_tables(tables: Sequence[CheckedTable]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One articles table and one table of rejected rows from those of every file."""
    frames = _distinct_ids(tables)
    if frames:
        joined = pd.concat(frames, ignore_index=True)
    else:
        names = [name for name in STANDARD if name != "date_end"]
        joined = pd.DataFrame({name: pd.Series(dtype="str") for name in names})
    if "date_end" in joined:
        joined["date_end"] = joined["date_end"].fillna(joined["date"])
    articles = check_articles(joined)
    leading = [name for name in STANDARD if name in articles]
    articles = articles[leading + [name for name in articles if name not in leading]]
    articles.attrs["reading"] = [table.notes for table in tables]
    articles.attrs["similar_outlets"] = [
        list(group) for group in similar_outlets(articles["outlet"].cat.categories)
    ]
    rejected = [rejection for table in tables for rejection in table.rejections]
    return articles, rejected_table(rejected)


def _distinct_ids(tables: Sequence[CheckedTable]) -> list[pd.DataFrame]:
    """The tables' articles with ids that are unique over all files.

    The same id with the same text in another file is the same article, and is rejected; with
    another text (two files that both count from 1) it is put after the name of its file.
    """
    seen: dict[str, str] = {}
    frames = []
    for table in tables:
        articles = table.articles
        texts, ids = articles["text"].tolist(), articles["doc_id"].tolist()
        again = [seen.get(doc_id) == text for doc_id, text in zip(ids, texts, strict=True)]
        known = [doc_id in seen for doc_id in ids]
        if known != again:
            ids = [f"{table.source}:{doc_id}" for doc_id in ids]
            table.notes["ids"] = "put after the file's name: another file has the same ids"
            articles = articles.assign(doc_id=ids)
            # Two members of an archive may have one name.
            again = [old or doc_id in seen for old, doc_id in zip(again, ids, strict=True)]
        unit = table.notes.get("unit", "row")
        for place, doc_id in articles["doc_id"][again].items() if any(again) else ():
            detail = f"{doc_id!r} stands in another file"
            table.rejections.append(
                Rejection(table.source, f"{unit} {place}", Reason.DUPLICATE_ID, detail)
            )
        keep = [not old for old in again]
        seen.update((doc_id, text) for doc_id, text, k in zip(ids, texts, keep, strict=True) if k)
        table.notes["articles"], table.notes["rejected"] = sum(keep), len(table.rejections)
        if any(keep):
            frames.append(articles if all(keep) else articles[keep])
    return frames
