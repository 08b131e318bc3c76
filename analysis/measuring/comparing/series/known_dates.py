"""What changed at dates that are named beforehand: interrupted time series."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np

from analysis.measuring.comparing.series.regression import clustered, missing
from analysis.measuring.intervals import Floats, Rows

APART = 90.0 / 365.25  # years between a date where nothing happened and any that is named


def known_dates(
    time: Floats, num: Floats, den: Floats, period: Rows, dates: dict[str, float], unit: float,
    *, min_articles: int, level: float, linear: bool = False,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """The change of level and of slope at each date, and at dates where nothing happened.

    Interrupted time series (docs/method.md, Comparing), errors clustered by period. The placebo
    dates are the beginnings of periods, some three months or more from any that is named;
    `placebo_p` is the share of their level changes with a t as large as that of the date.
    With `linear` it is p(t) itself and not its logit.
    """
    begins = time[np.flatnonzero(np.diff(period, prepend=period[:1] - 1))] if len(time) else time
    far = APART * unit if unit > 1 else 1.0
    named = np.array(list(dates.values()))
    placebo = [s for s in begins if not len(named) or np.abs(named - s).min() > far]
    tried = []
    at = partial(_at, time, num, den, period, unit=unit, least=min_articles, level=level,
                 linear=linear)  # fmt: skip
    for s in placebo:
        row = at(s)
        if not row["note"]:
            tried.append({"event": "", "date": s, "placebo": True} | row)
    sizes = np.array([_t(row) for row in tried])
    for name, s in dates.items():
        row = at(s)
        if len(sizes) and not row["note"]:
            row["placebo_p"] = (1 + np.sum(sizes >= _t(row))) / (1 + len(sizes))
        yield {"event": name, "date": s, "placebo": False} | row
    yield from tried


def _t(row: dict[str, Any]) -> float:
    half = (row["level_change_high"] - row["level_change_low"]) / 2
    return float(abs(row["level_change"]) / half)


def _at(
    time: Floats, num: Floats, den: Floats, period: Rows, s: float, *, unit: float, least: int,
    level: float, linear: bool,
) -> dict[str, Any]:  # fmt: skip
    after = time >= s
    counted = {"articles_before": int((~after).sum()), "articles_after": int(after.sum())}
    row: dict[str, Any] = counted | missing("level_change") | missing("slope_change")
    row |= {"placebo_p": np.nan, "note": ""}
    if min(counted.values()) < least:
        return row | {"note": f"fewer than {least} articles with hits on a side"}
    t = (time - s) / unit
    x = np.column_stack([np.ones(len(t)), t, after, np.where(after, t, 0)])
    fit = clustered(x, num, den, period, linear=linear)
    if fit is None:
        return row | {"note": "too few periods, or nothing varies on a side"}
    row |= fit.row("level_change", 2, 1.0, level) | fit.row("slope_change", 3, 1.0, level)
    alike = np.isnan(row["level_change"])
    return row | {"note": "all articles have the same share" if alike else ""}
