"""Term frequencies over time."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.showing.charts import drawing as draw

# A term in fewer articles is hollow.
LEAST = 3


@draw.styled
def terms_over_time(
    table: pd.DataFrame,
    *,
    period: str = "period",
    events: Mapping[str, str] | None = None,
    thin: int | str = "auto",
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw how often chosen terms occur in each period, with a band for the interval.

    Parameters
    ----------
    table : DataFrame
        Rows of ``term_frequencies(counts, by=period, terms=[...])`` for up to seven terms.
    thin : "auto" or int
        Where few articles have the term, the point is hollow; with a number, it has no interval
        either where fewer have it.
    period, events, title, ax
        As for `share_over_time`.

    Examples
    --------
    >>> table = pd.DataFrame({"period": ["2021", "2022"], "term": "talks", "n": 40, "n_docs": 12,
    ...                       "per_million": 400, "low": 300, "high": 500})
    >>> terms_over_time(table).get_ylabel()
    'hits per million tokens'
    """
    table, _, period = draw.series_and_period(table, "term", period)
    columns = ["n", "per_million", "low", "high", "n_docs"]
    source = "the table of term_frequencies()"
    table, spans = draw.points_in_periods(table, columns, period, "term", source)
    terms = list(table["term"].unique())
    draw.check_lines(len(terms), "Choose some with term_frequencies(..., terms=[...]).")
    ax = draw.axes_or_new(ax, draw.TWO_COLUMNS, 2.8 + draw.axis_height(spans))
    ax.set_ylim(0, _highest(table, thin))
    draw.period_axis(ax, spans)
    ends = []
    for channel, term in zip(draw.channels_of(terms), terms, strict=True):
        rows = table[table["term"] == term].set_index(period)
        rows = rows.reindex(table[period].cat.categories)
        _line(ax, spans.middles, rows, thin, channel)
        known = rows["per_million"].dropna()
        if len(known):
            name = draw.plain(draw.shortened(draw.legible(str(term)), 32))
            label = f"{name}  {draw.n_label(int(rows['n'].sum()))}"
            ends.append((float(known.iloc[-1]), label, channel[0]))
    if not ends:
        draw.say(ax, draw.NO_ROWS if table.empty else "no hits of these terms")
    draw.end_labels(ax, ends)
    draw.event_lines(ax, events, spans, title)
    ax.set_ylabel(draw.word("hits per million tokens"))
    return ax


def _highest(table: pd.DataFrame, thin: int | str) -> float:
    """Where the axis ends: above all intervals but those of few articles."""
    thick, _ = draw.thick_points(table["n_docs"], table["high"], thin, LEAST)
    highest = float(table["high"].where(thick).max())
    if highest > 0:
        return 1.05 * highest
    rate = float(table["per_million"].max())
    return 1.05 * rate if rate > 0 else 1.05


def _line(
    ax: Axes, x: draw.Floats, rows: pd.DataFrame, thin: int | str, channel: draw.Channel
) -> None:
    """One term: its rate, its intervals where there are articles enough, and its points."""
    colour, _, dash = channel
    rate = rows["per_million"].to_numpy(float)
    thick, sure = draw.thick_points(rows["n_docs"], rows["low"], thin, LEAST)
    low, high = (np.where(sure, rows[name], np.nan) for name in ("low", "high"))
    under, over = (np.where(thick, ends, np.nan) for ends in (low, high))
    ax.fill_between(x, under, over, color=colour, alpha=0.15, lw=0, zorder=1)
    ax.vlines(x, low, high, color=colour, alpha=0.5, lw=0.8, zorder=2)
    ax.plot(x, rate, color=colour, ls=dash, lw=1.0, zorder=3)
    draw.dots(ax, x, rate, thick, channel)
