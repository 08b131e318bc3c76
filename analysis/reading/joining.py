"""The tables of several files as one: ids that are unique, outlets that look alike."""

from collections.abc import Sequence

import pandas as pd

from analysis.articles import check_articles
from analysis.reading.outlets import similar_outlets
from analysis.reading.records import STANDARD, CheckedTable
from analysis.reading.rejected import Reason, Rejection, rejected_table


def join_tables(tables: Sequence[CheckedTable]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One articles table and one table of rejected rows from those of every file."""
    rejections = [rejection for table in tables for rejection in table.rejections]
    frames = _distinct_ids(tables, rejections)
    if frames:
        joined = pd.concat(frames, ignore_index=True)
    else:
        joined = pd.DataFrame(
            {name: pd.Series(dtype="str") for name in STANDARD if name != "date_end"}
        )
    if "date_end" in joined:
        joined["date_end"] = joined["date_end"].fillna(joined["date"])
    articles = check_articles(joined)
    leading = [name for name in STANDARD if name in articles]
    articles = articles[leading + [name for name in articles if name not in leading]]
    articles.attrs["reading"] = [table.notes for table in tables]
    articles.attrs["similar_outlets"] = [
        list(group) for group in similar_outlets(articles["outlet"].cat.categories)
    ]
    return articles, rejected_table(rejections)


def _distinct_ids(
    tables: Sequence[CheckedTable], rejections: list[Rejection]
) -> list[pd.DataFrame]:
    """The tables' articles with ids that are unique over all files.

    The same id with the same text in another file is the same article, and is rejected; with
    another text (two files that both count from 1) it is put after the name of its file.
    """
    seen: dict[str, int] = {}
    frames = []
    for table in tables:
        articles = table.articles
        hashes = [hash(text) for text in articles["text"]]
        ids = articles["doc_id"].tolist()
        repeated = [seen.get(doc_id) == text for doc_id, text in zip(ids, hashes, strict=True)]
        for place in articles.index[repeated]:
            detail = f"{articles.loc[place, 'doc_id']!r} stands in another file, with the same text"
            unit = table.notes.get("unit", "row")
            rejections.append(
                Rejection(table.source, f"{unit} {place}", Reason.DUPLICATE_ID, detail)
            )
        clash = any(i in seen and seen[i] != text for i, text in zip(ids, hashes, strict=True))
        if clash:
            ids = [f"{table.source}:{doc_id}" for doc_id in ids]
            table.notes["ids"] = "put after the file's name: another file has the same ids"
        seen.update(zip(ids, hashes, strict=True))
        keep = [not again for again in repeated]
        if any(keep):
            frames.append(articles.assign(doc_id=ids)[keep])
    return frames
