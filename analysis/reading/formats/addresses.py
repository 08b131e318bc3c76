"""Web addresses: their host and path, and a form in which the same page has one address."""

import re
from contextlib import suppress
from urllib.parse import parse_qsl, urlencode, urlsplit

# What campaigns and sharing add to an address; the page is the same without.
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|cmpid|mc_[ce]id")


def host_of(url: str) -> str:
    """The host of an address, without ``www.``; empty if the address is invalid.

    Examples
    --------
    >>> host_of("https://www.example.org/2018/talks")
    'example.org'
    """
    with suppress(ValueError):
        return (urlsplit(url).hostname or "").removeprefix("www.")
    return ""


def path_of(url: str) -> str:
    """The path of an address; empty if the address is invalid."""
    with suppress(ValueError):
        return urlsplit(url).path
    return ""


def normal_url(url: object) -> str:
    """An address reduced to what tells pages apart: host, path, and query without tracking.

    Examples
    --------
    >>> normal_url("https://www.Example.org/talks/?utm_source=x#top")
    'example.org/talks'
    """
    if not isinstance(url, str):
        return ""
    try:
        parts = urlsplit(url.strip())
        query = urlencode([(k, v) for k, v in parse_qsl(parts.query) if not _TRACKING.fullmatch(k)])
    except ValueError:
        return url
    return host_of(url) + parts.path.rstrip("/") + (f"?{query}" if query else "")
