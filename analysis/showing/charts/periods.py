"""Periods on an axis: short names, and no more of them than fit."""

from collections.abc import Sequence


def period_ticks(periods: Sequence[object], most: int = 20) -> tuple[range, list[str]]:
    r"""Where the ticks of an axis of periods stand, and what they say.

    Examples
    --------
    >>> period_ticks(["2018-Q1", "2018-Q2", "2018-Q3"])
    (range(0, 3), ['Q1\\n2018', 'Q2', 'Q3'])
    """
    names = [str(period) for period in periods]
    every = max(1, -(-len(names) // most))
    if every > 1 and all(len(name) == 7 and name[5] == "Q" for name in names):
        every = 4 * -(-every // 4)
    elif every > 1 and all(len(name) == 7 and name[5].isdigit() for name in names):
        every = 6 if every <= 6 else 12 * -(-every // 12)
    first = _first_of_a_year(names) if every > 1 else 0
    ticks = range(first, len(names), every)
    years = every >= 4 and every % 4 == 0
    return ticks, [_short(names[tick], years, first=tick == first) for tick in ticks]


def _first_of_a_year(names: list[str]) -> int:
    starts = [n for n, name in enumerate(names) if name[4:] in ("-Q1", "-01", "-H1", "-W01")]
    return starts[0] if starts else 0


def _short(period: str, only_years: bool, first: bool) -> str:
    """``2018-Q1`` as ``Q1`` over its year, and ``2018-Q2`` as ``Q2`` beside it."""
    year, _, rest = period.partition("-")
    if not (year.isdigit() and len(year) == 4) or not rest:
        return period
    if only_years and rest in ("Q1", "01"):
        return year
    return f"{rest}\n{year}" if first or rest in ("Q1", "01", "H1", "W01") else rest
