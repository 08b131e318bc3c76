"""What was not analysed, and why: the rejected rows and the short list of their reasons."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from analysis.errors import ReadError


class Reason(StrEnum):
    """Why a row of the input is no article. There are no other reasons."""

    NO_TEXT = "no text"
    CUT_TEXT = "text cut by the provider"
    PART_OF_TEXT = "only a part of the text"
    NO_OUTLET = "no outlet"
    NO_DATE = "no date"
    UNREADABLE_DATE = "unreadable date"
    AMBIGUOUS_DATE = "ambiguous date"
    IMPOSSIBLE_DATE = "impossible date"
    DUPLICATE_ID = "duplicate id"
    UNDECODABLE = "undecodable"
    MALFORMED = "malformed row"
    DAMAGED = "damaged file"
    TOO_LARGE = "over the size limit"
    UNKNOWN_FORMAT = "unknown format"
    UNSAFE_PATH = "unsafe path"
    NOT_LISTED = "file not in the manifest"
    NOT_FOUND = "file not found"
    DIFFERS = "file differs from the manifest"


@dataclass(frozen=True)
class Rejection:
    """One row of the input that is no article: where it stands, the reason, and what was found."""

    source: str
    locator: str
    reason: Reason
    detail: str = ""


class UnknownFormatError(ReadError):
    """No reader takes this file."""


class TooLargeError(ReadError):
    """A file passes one of the limits."""


class NoArticleError(Exception):
    """A file or a page of an archive is not an article: the reason and its detail."""


def reason_of(fault: ReadError) -> Reason:
    """The reason for which a file that can't be read is rejected."""
    reasons = {UnknownFormatError: Reason.UNKNOWN_FORMAT, TooLargeError: Reason.TOO_LARGE}
    return reasons.get(type(fault), Reason.DAMAGED)


class Faults(dict[int, tuple[Reason, str]]):
    """The rows of a batch that are no article: the first reason that was found, and its detail."""

    def add(self, row: int, reason: Reason, detail: str) -> str:
        """Note a fault; an empty text, in place of the one at fault."""
        self.setdefault(row, (reason, detail))
        return ""


COLUMNS = ["source", "locator", "reason", "detail"]


def rejected_table(rejections: Iterable[Rejection]) -> pd.DataFrame:
    """The rejected rows as a table: ``source, locator, reason, detail``."""
    rows = [(r.source, r.locator, str(r.reason), r.detail) for r in rejections]
    return pd.DataFrame(rows, columns=COLUMNS).astype("str")
