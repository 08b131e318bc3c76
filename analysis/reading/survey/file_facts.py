"""What the whole of a file decides for its rows: how its dates are read, HTML in its cells."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from analysis.reading import html_cells
from analysis.reading.columns import stands_for
from analysis.reading.dates import has_dots, is_epoch, seen_orders
from analysis.reading.missing import is_missing
from analysis.reading.records import RawTable, ReadOptions
from analysis.reading.rejected import Faults
from analysis.reading.text_column import rows_with_markup, text_array


@dataclass(frozen=True)
class FileFacts:
    """What the whole of a file decides for each of its rows.

    ``day_first`` is the order of dates with slashes or hyphens, ``dots_first`` of those with dots.
    ``epochs`` says that numbers in the column of dates are seconds or milliseconds of Unix' time.
    ``text`` and ``title`` say how HTML is treated; see `html_cells.treatment`. Rows that have no
    sure tag and no entity (not ``marked``) are not searched for any.
    """

    day_first: bool | None = None
    dots_first: bool | None = None
    epochs: bool = False
    text: tuple[bool, bool] = (False, False)
    title: tuple[bool, bool] = (False, False)
    marked: bool = field(default=False, compare=False)


def evidence(raw: RawTable, options: ReadOptions) -> Counter[str]:
    """What some rows say of their whole file, in counts that add up."""
    found = Counter[str]()
    both = (*raw.cells("date"), *raw.cells("date_end"))
    cells = {cell for cell in both if isinstance(cell, str | int | float)}
    dates = {text for cell in cells if not is_missing(text := str(cell).strip())}
    epochs = sum(map(is_epoch, dates))
    found.update({"epochs": epochs, "no epochs": len(dates) - epochs})
    found["times"] += stands_for(raw.notes.get("columns", {}).get("date", ""), "times")
    if options.day_first is None:
        found.update("day first" if order else "month first" for order in seen_orders(dates))
        dotted = seen_orders(filter(has_dots, dates))
        found.update("dots day first" if order else "dots month first" for order in dotted)
    for name in ("text", "title") if raw.fragments and options.strip_markup else ():
        texts = text_array(raw.frame, name, Faults())
        marked = texts.take(pa.array(rows_with_markup(texts))).to_pylist()
        counts = html_cells.find_markup(marked)
        found.update({f"{name} {what}": count for what, count in counts.items()})
    return found


def facts_of(found: Mapping[str, int], options: ReadOptions) -> FileFacts:
    """What the evidence of a file comes to."""
    orders = []
    for first in ("day first", "dots day first"):
        seen = [found.get(name, 0) > 0 for name in (first, first.replace("day", "month"))]
        told = seen[0] if seen[0] != seen[1] else None
        orders.append(told if options.day_first is None else options.day_first)
    text, title = (
        html_cells.treatment(*(found.get(f"{name} {what}", 0) for what in html_cells.EVIDENCE))
        for name in ("text", "title")
    )
    marked = any(count for what, count in found.items() if what.startswith(("text ", "title ")))
    epochs = found.get("epochs", 0) > 0 and (not found.get("no epochs") or bool(found.get("times")))
    return FileFacts(orders[0], orders[1], epochs, text, title, marked)
