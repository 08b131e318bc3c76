"""What the whole of a file decides for its rows: the order of day and month, HTML in its cells."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from analysis.reading import html_cells
from analysis.reading.dates import seen_orders
from analysis.reading.records import RawTable, ReadOptions
from analysis.reading.rejected import Faults
from analysis.reading.text_column import rows_with_markup, text_array


@dataclass(frozen=True)
class FileFacts:
    """What the whole of a file decides for each of its rows.

    ``text`` and ``title`` say how HTML is treated; see `html_cells.treatment`. Rows that have no
    sure tag and no entity (not ``marked``) are not searched for any.
    """

    day_first: bool | None = None
    text: tuple[bool, bool] = (False, False)
    title: tuple[bool, bool] = (False, False)
    marked: bool = field(default=False, compare=False)


def evidence(raw: RawTable, options: ReadOptions) -> Counter[str]:
    """What some rows say of their whole file, in counts that add up."""
    frame, found = raw.frame, Counter[str]()
    if options.day_first is None:
        columns = [frame[name].tolist() for name in ("date", "date_end") if name in frame]
        dates = {text for column in columns for text in column if isinstance(text, str)}
        found.update("day first" if order else "month first" for order in seen_orders(dates))
    for name in ("text", "title") if raw.fragments and options.strip_markup else ():
        texts = text_array(frame, name, Faults())
        marked = texts.take(pa.array(rows_with_markup(texts))).to_pylist()
        counts = html_cells.find_markup(marked)
        found.update({f"{name} {what}": count for what, count in counts.items()})
    return found


def facts_of(found: Mapping[str, int], options: ReadOptions) -> FileFacts:
    """What the evidence of a file comes to."""
    order, days_first = options.day_first, found.get("day first", 0) > 0
    if order is None and days_first != (found.get("month first", 0) > 0):
        order = days_first
    text, title = (
        html_cells.treatment(*(found.get(f"{name} {what}", 0) for what in html_cells.EVIDENCE))
        for name in ("text", "title")
    )
    marked = any(count for what, count in found.items() if what.startswith(("text ", "title ")))
    return FileFacts(order, text, title, marked)
