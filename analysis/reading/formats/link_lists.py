"""Lists of links (Media Cloud, GDELT) carry no text; texts can be joined to them by address."""

import pandas as pd

from analysis.reading.formats.addresses import host_of, normal_url
from analysis.reading.records import RawTable, ReadOptions


def fill_from_url(raw: RawTable, options: ReadOptions) -> RawTable:
    """What the addresses of a list give: texts that were read apart, the outlet's host."""
    if "url" not in raw.frame:
        return raw
    if options.texts is not None:
        raw.frame, raw.notes["joined"] = join_texts(raw.frame, options.texts)
    if "outlet" not in raw.frame and options.outlet is None:
        guesses = [raw.notes.get("guessed"), "outlet from the host of url"]
        raw.notes["guessed"] = ", ".join(filter(None, guesses))
        urls = raw.frame["url"].fillna("").astype("str")
        raw.frame = raw.frame.assign(outlet=[host_of(url) for url in urls])
    return raw


def by_address(texts: pd.DataFrame) -> pd.DataFrame:
    """A table of texts by their address; where several have one, the first counts."""
    keyed = texts.assign(key=texts["url"].map(normal_url))
    return keyed.drop_duplicates("key").set_index("key")


def join_texts(frame: pd.DataFrame, texts: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Fill ``text`` (and an empty ``title``) of rows with ``url`` from texts by their address."""
    keys = frame["url"].map(normal_url)
    filled = frame.copy(deep=False)
    for name in ("text", "title"):
        if name not in texts:
            continue
        found = keys.map(texts[name])
        old = frame[name] if name in frame else pd.Series("", index=frame.index)
        empty = old.isna() | (old.astype("str").str.strip() == "")
        filled[name] = old.astype(object).where(~empty, found)
    return filled, int(keys.isin(texts.index).sum())
