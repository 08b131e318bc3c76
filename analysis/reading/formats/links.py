"""Addresses of pages, and lists of links (Media Cloud, GDELT), to which texts are joined."""

import re
from contextlib import suppress
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode, urlsplit

import pandas as pd

from analysis.reading.records import RawTable, ReadOptions

# What campaigns and sharing add to an address; the page is the same without.
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|cmpid|mc_[ce]id")


def host_of(url: str) -> str:
    """The host of an address, without ``www.``; empty if the address is invalid."""
    with suppress(ValueError):
        return (urlsplit(url).hostname or "").removeprefix("www.")
    return ""


def normal_url(url: object) -> str:
    """An address reduced to what tells pages apart: host, path, and query without tracking."""
    if not isinstance(url, str):
        return ""
    try:
        parts = urlsplit(url.strip())
        query = urlencode([(k, v) for k, v in parse_qsl(parts.query) if not _TRACKING.fullmatch(k)])
    except ValueError:
        return url
    return host_of(url) + parts.path.rstrip("/") + (f"?{query}" if query else "")


def by_address(texts: pd.DataFrame) -> pd.DataFrame:
    """A table of texts by their address; where several have one, the first counts."""
    keyed = texts.assign(key=texts["url"].map(normal_url))
    return keyed.drop_duplicates("key").set_index("key")


def fill_from_url(raw: RawTable, options: ReadOptions) -> RawTable:
    """What the addresses of a list give: texts (and titles) read apart, the outlet's host."""
    complete = options.texts is None and ("outlet" in raw.names or options.outlet is not None)
    if complete or "url" not in raw.names:
        return raw
    frame, texts = raw.frame.copy(deep=False), options.texts
    if texts is not None:
        keys = frame["url"].map(normal_url)
        for name in [name for name in ("text", "title") if name in texts]:
            old = frame[name] if name in frame else pd.Series("", index=frame.index)
            empty = old.isna() | (old.astype("str").str.strip() == "")
            frame[name] = old.astype(object).where(~empty, keys.map(texts[name]))
        raw.notes["joined"] = int(keys.isin(texts.index).sum())
    if "outlet" not in frame and options.outlet is None:
        guesses = [raw.notes.get("guessed"), "outlet from the host of url"]
        raw.notes["guessed"] = ", ".join(filter(None, guesses))
        frame["outlet"] = list(map(host_of, frame["url"].fillna("").astype("str")))
    return replace(raw, rows=frame)
