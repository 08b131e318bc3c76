"""Lines over time: the share of a frame, or the rate of terms, with their intervals."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from analysis.showing.charts import drawing as draw

# A term in fewer articles is hollow.
LEAST = 3


@draw.styled
def share_over_time(
    table: pd.DataFrame,
    *,
    series: str | None = None,
    period: str = "period",
    events: Mapping[str, str] | None = None,
    turns: pd.DataFrame | None = None,
    thin: int | str = "auto",
    frames: tuple[str, str] | None = None,
) -> Axes:
    """Draw the share of each series over the periods, with a band for its interval.

    Parameters
    ----------
    table : DataFrame
        Rows of ``stance`` with the columns `series` and `period`. A series without hits is named,
        and has no line.
    series : str, optional
        By default what the table can only mean; CountsError if it has several columns of groups.
    turns : DataFrame, optional
        Rows of ``trend(..., each_turn=True)``, of which those of turns are drawn: a band for the
        interval of the date, and the shares before and after as lines.
    thin : "auto" or int
        Periods with few articles are hollow, joined by a faint line only; with a number, those
        with fewer articles have neither line nor interval.

    Examples
    --------
    >>> table = pd.DataFrame({"outlet": "Gazette", "period": ["2021", "2022"], "articles": 40,
    ...                       "share": 0.4, "share_low": 0.3, "share_high": 0.5})
    >>> ax = share_over_time(table, series="outlet", frames=("threats", "talks"))
    >>> [label.get_text() for label in ax.get_xticklabels()]
    ['2021', '2022']
    """
    columns = ["share", "share_low", "share_high", "articles"]
    table, series, period = draw.series_and_period(table, series, period)
    table, spans = draw.points_in_periods(table, columns, period, series, "the table of stance()")
    frames = draw.frames_of(table, frames)
    scored = table.groupby(series, observed=True)["share"].transform("count") > 0
    lines = dict(iter(table[scored].groupby(series, observed=True, sort=True)))
    advice = "Choose some, or draw each in a panel of its own with share_multiples."
    draw.check_colours(len(lines), f"{len(lines)} lines", advice)
    height = 2.8 + 0.1 * max(0, len(lines) - 2) + draw.axis_height(spans)
    ax = draw.axes_or_new(draw.TWO_COLUMNS, height)
    draw.share_axis(ax, "y", frames)
    draw.period_axis(ax, spans)
    ends = _without_hits(table[~scored], series)
    names = draw.row_labels(lines, 24)
    channels = draw.channels_of([str(name) for name in lines])
    channels = channels if series != draw.ALL else [draw.CHANNELS[0]]
    below = []
    for name, (value, rows), channel in zip(names, lines.items(), channels, strict=False):
        rows = rows.set_index(period).reindex(table[period].cat.categories)
        colour, _, dash = channel
        share, thick = draw.intervals(ax, spans.middles, rows, "share", colour, thin, bar=0.8)
        if thin == "auto":
            ax.plot(spans.middles, share, color=colour, ls=dash, lw=0.5, alpha=0.3, zorder=3)
        line = np.where(thick, share, np.nan)
        ax.plot(spans.middles, line, color=colour, ls=dash, zorder=3)
        draw.dots(ax, spans.middles, share, thick, channel)
        below.append((rows["articles"].fillna(0), colour))
        label = f"{name}\n{draw.n_label(rows['articles'].sum(min_count=1))}"
        ends.append((float(rows["share"].dropna().iloc[-1]), label, colour))
        if turns is not None:
            own = turns[turns[series] == value] if series in turns else turns
            _turns(ax, own, spans, colour)
    draw.counts_below(ax, spans, below)
    if not lines:
        draw.say(ax, draw.NO_HITS if len(table) else draw.NO_ROWS)
    draw.end_labels(ax, ends)
    draw.event_lines(ax, events, spans)
    return ax


def _turns(ax: Axes, turns: pd.DataFrame, spans: draw.Spans, colour: str) -> None:
    """Bands for the intervals of turns, and the level of each segment between them."""
    called = turns[turns["turns"] > 0].sort_values("turn")
    if called.empty:
        return
    at = [draw.event_place(pd.Timestamp(day), spans) for day in called["turn"]]
    edges = [spans.limits[0], *at, spans.limits[1]]
    levels = [called["share_before"].iloc[0], *called["share_after"]]
    for begin, end, level in zip(edges[:-1], edges[1:], levels, strict=True):
        if begin is not None and end is not None:
            ax.hlines(level, begin, end, color=colour, lw=1.0, ls=(0, (4, 2)), alpha=0.8, zorder=2)
    for low, high in called[["turn_low", "turn_high"]].itertuples(index=False):
        begin, end = (draw.event_place(pd.Timestamp(day), spans) for day in (low, high))
        if begin is not None and end is not None:
            ax.axvspan(begin, end, color=colour, alpha=0.25, lw=0, zorder=0.5)


def _without_hits(table: pd.DataFrame, series: str) -> list[tuple[float, str, str]]:
    """Labels for the series that have no line."""
    sizes = table.groupby(series, observed=True, sort=True)["articles"].sum(min_count=1)
    none = draw.word("no hits")
    if len(sizes) > 3:
        return [(0.0, f"{draw.word('{} others', len(sizes))}:\n{none}", draw.FAINT)]
    return [
        (0.0, f"{name}\n{none}, {draw.n_label(n)}", draw.FAINT)
        for name, n in zip(draw.row_labels(sizes.index, 24), sizes, strict=True)
    ]


@draw.styled
def terms_over_time(
    table: pd.DataFrame,
    *,
    period: str = "period",
    events: Mapping[str, str] | None = None,
    thin: int | str = "auto",
) -> Axes:
    """Draw how often chosen terms occur in each period, with a band for the interval.

    Parameters
    ----------
    table : DataFrame
        Rows of ``term_frequencies(counts, by=period, terms=[...])`` for up to seven terms.
    thin : "auto" or int
        Where few articles have the term, the point is hollow; with a number, it has no interval
        either where fewer have it. A few wide intervals may reach beyond the axis.

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
    advice = "Choose some with term_frequencies(..., terms=[...])."
    draw.check_colours(len(terms), f"{len(terms)} lines", advice)
    ax = draw.axes_or_new(draw.TWO_COLUMNS, 2.8 + draw.axis_height(spans))
    # Above all points and most intervals but those of few articles; a wide one reaches beyond.
    enough, _ = draw.thick_points(table["n_docs"], table["high"], thin, LEAST)
    highest = np.nanmax([table["per_million"].max(), table["high"].where(enough).quantile(0.9), 0])
    ax.set_ylim(0, 1.05 * (highest or 1))
    draw.period_axis(ax, spans)
    ends = []
    for channel, term in zip(draw.channels_of(terms), terms, strict=True):
        rows = table[table["term"] == term].set_index(period)
        rows = rows.reindex(table[period].cat.categories)
        colour, _, dash = channel
        rate, thick = draw.intervals(
            ax, spans.middles, rows, "per_million", colour, thin, n="n_docs", least=LEAST,
            bar=0.8, band=0.15,
        )  # fmt: skip
        ax.plot(spans.middles, rate, color=colour, ls=dash, lw=1.0, zorder=3)
        draw.dots(ax, spans.middles, rate, thick, channel)
        known = rows["per_million"].dropna()
        if len(known):
            name = draw.literal(draw.shortened(draw.legible(draw.word(str(term))), 32))
            label = f"{name}  {draw.n_label(rows['n'].sum(min_count=1))}"
            ends.append((float(known.iloc[-1]), label, colour))
    if not ends:
        draw.say(ax, draw.NO_ROWS if table.empty else "no hits of these terms")
    draw.end_labels(ax, ends)
    draw.event_lines(ax, events, spans)
    ax.set_ylabel(draw.plain("hits per million tokens"))
    return ax
