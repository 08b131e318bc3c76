"""Dates within lines: the one that a line begins with, or has somewhere."""

import re
import unicodedata

from analysis.reading.dates import LONGEST, DateError, parse_date
from analysis.reading.rejected import Reason

_LEADING = re.compile(
    r"\d{4}-\d\d-\d\d|\d{4} ?[年년](?: ?\d{1,2} ?[月월](?: ?\d{1,2} ?[日号號일])?)?"
    r"|\d{1,2}[./]\d{1,2}[./]\d{4}"
    r"|(?:[^\W\d_]+(?:-[^\W\d_]+)?\.?,? )?(?:[^\W\d_]+\.? )?[^\n]{0,24}?\b\d{4}\b"
)


def leading_date(line: str) -> tuple[str, str] | None:
    """The date that a line begins with, and the rest of the line; None if it begins with none.

    Examples
    --------
    >>> leading_date("June 17, 1995, CITY EDITION")
    ('June 17, 1995', 'CITY EDITION')
    """
    plain = " ".join(unicodedata.normalize("NFKC", line).split())
    if match := _LEADING.match(plain[:LONGEST]):
        try:
            parse_date(match[0])
        except DateError as fault:
            if fault.reason is Reason.UNREADABLE_DATE:
                return None
        return match[0], plain[match.end() :].strip(" ,;")
    return None


def date_within(line: str) -> str | None:
    """The first complete date in a line, else the first partial one; None if there is none."""
    line = line[:1000]
    starts = (line[match.start() :] for match in re.finditer(r"(?<!\w)\w", line))
    found = [date[0] for start in starts if (date := leading_date(start))]
    whole = (date for date in found if re.search(r"\d.*\d{4}|\d{4}.*\d.*\d", date))
    return next(whole, next(iter(found), None))
