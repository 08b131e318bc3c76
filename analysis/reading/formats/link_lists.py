"""Lists of links (Media Cloud, GDELT) carry no text; texts can be joined to them by address."""

from typing import Any

import pandas as pd

from analysis.reading.addresses import host_of, normal_url


def join_texts(frame: pd.DataFrame, texts: pd.DataFrame, notes: dict[str, Any]) -> pd.DataFrame:
    """Fill ``text`` (and an empty ``title``) of rows with ``url`` from a table of texts.

    Where several texts have one address, the first counts.
    """
    by_url = texts.assign(key=texts["url"].map(normal_url)).drop_duplicates("key").set_index("key")
    keys = frame["url"].map(normal_url)
    filled = frame.copy(deep=False)
    for name in ("text", "title"):
        if name not in by_url:
            continue
        found = keys.map(by_url[name])
        old = frame[name] if name in frame else pd.Series("", index=frame.index)
        empty = old.isna() | (old.astype("str").str.strip() == "")
        filled[name] = old.astype(object).where(~empty, found)
    notes["joined"] = int(keys.isin(by_url.index).sum())
    return filled


def outlet_from_url(frame: pd.DataFrame, notes: dict[str, Any]) -> pd.DataFrame:
    """Give rows of a table without outlets the host of their address as outlet."""
    notes["guessed"] = ", ".join(
        filter(None, [notes.get("guessed"), "outlet from the host of url"])
    )
    return frame.assign(outlet=[host_of(url) for url in frame["url"].fillna("").astype("str")])
