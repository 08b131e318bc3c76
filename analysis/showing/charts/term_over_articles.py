"""The articles that a term occurs in: one stroke per article, in order of time."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import date2num

from analysis.errors import CountsError
from analysis.showing.charts import drawing as draw
from analysis.showing.largest import by_size


@draw.styled
def term_over_articles(
    table: pd.DataFrame, *, term: str = "", label: str = "outlet", most: int = 12
) -> Axes:
    """Draw how often a term occurs in each article, on a time line for each outlet.

    A stroke is an article with the term, as tall as its rate; a dot below is one without it. What
    looks frequent may come from a single article: here that shows.

    Parameters
    ----------
    table : DataFrame, one row per article
        ``date, n, n_tokens`` and the column `label`, such as `article_frequencies` gives.
    term : str
        Named on the axis; in a table of several terms, the one that is drawn (CountsError if it is
        not there).
    most : int
        Draw this many outlets, those with the most articles.

    Examples
    --------
    >>> from analysis import article_frequencies, check_articles, document_terms
    >>> texts = ["talks on talks", "no deal yet"]
    >>> frame = pd.DataFrame({"text": texts, "doc_id": list("ab"), "outlet": "Gazette"})
    >>> counts = document_terms(check_articles(frame.assign(date="2021-03-14")))
    >>> term_over_articles(article_frequencies(counts, "talks")).get_xlabel()
    'talks: the tallest stroke is 666.7 hits per 1,000 tokens'
    """
    table = draw.needed(table, ["date", "n", "n_tokens", label], "one row per article")
    if "term" in table:
        there = list(table["term"].unique())
        term = there[0] if not term and len(there) == 1 else term
        if there and term not in there:
            have = ", ".join(map(repr, there))
            raise CountsError(f"term={term!r}: the table has {have}. Name one.")
        table = table[table["term"] == term].reset_index(drop=True)
    outlets = table[label].map(draw.name_of, na_action=None).astype("str")
    names = list(by_size(outlets.value_counts()).index[:most])[::-1]
    ax = draw.axes_or_new(draw.TWO_COLUMNS, 0.7 + 0.3 * max(len(names), 1))
    if not names:
        draw.say(ax, draw.NO_ROWS)
    rate = 1000 * table["n"] / table["n_tokens"].where(table["n_tokens"] > 0)
    height = 0.75 * rate / (rate.max() or 1)
    for y, name in enumerate(names):
        colour = draw.given_colour(name, draw.CHANNELS[0][0])
        rows = (outlets == name).to_numpy()
        hit = rows & (table["n"] > 0).to_numpy()
        ax.plot(table["date"][rows & ~hit], np.full((rows & ~hit).sum(), y - 0.06), "|",
                color=draw.FAINT, ms=1.5, mew=0.4)  # fmt: skip
        ax.vlines(table["date"][hit], y, y + height[hit], color=colour, lw=0.8)
        ax.axhline(y, color=draw.GREY, lw=0.4, zorder=0)
        draw.note(ax, draw.word("in {} of {}", hit.sum(), rows.sum()), (1, y), (3, 3), "row")
    _days(ax, table["date"])
    draw.name_rows(ax, draw.row_labels(names), va="bottom")
    ax.set_ylim(-0.3, max(len(names), 1))
    ax.spines["left"].set_visible(False)
    tallest = f"{rate.max():.1f}" if len(table) else "0"
    said = draw.word("the tallest stroke is {} hits per 1,000 tokens", tallest)
    ax.set_xlabel(f"{draw.plain(term)}: {said}" if term else said)
    return ax


def _days(ax: Axes, dates: pd.Series) -> None:
    """Name the days, months or years on the axis."""
    known = date2num(dates.dropna())
    if len(known):
        first, last = known.min(), known.max()
        room = 0.02 * max(last - first, 30)
        ax.set_xlim(first - room, last + room)
        ax.set_xticks(*draw.date_ticks(*ax.get_xlim(), draw.size_of(ax)[0]), ha="left")
