"""The panel's controls, and what they do."""

import io
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import replace
from html import escape
from itertools import permutations
from pathlib import Path
from typing import Any, cast

import anywidget
import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import traitlets
from matplotlib.figure import Figure

from analysis.articles import REQUIRED, check_table
from analysis.counting.document_terms import DocumentTerms, document_terms
from analysis.errors import ArticlesError, LexiconError
from analysis.escape import inert
from analysis.files import replace_file
from analysis.formatting import counted
from analysis.lexicons.lexicon import Lexicon, as_lexicon
from analysis.measuring.frames.prevalence import prevalence
from analysis.measuring.frames.stance import stance
from analysis.measuring.learnt.accepted import candidate_rows
from analysis.periods import add_period
from analysis.preparing.voices import split_voices
from analysis.showing.charts import share_by_group, share_multiples, share_over_time
from analysis.showing.charts.drawing.colours import CHANNELS
from analysis.showing.charts.drawing.style import style
from analysis.showing.evidence import evidence
from analysis.showing.explorer.page import Text, contents_of, explorer_page
from analysis.showing.kwic import kwic
from analysis.showing.kwic_view import show_sentences
from analysis.showing.largest import by_size
from analysis.showing.readable import interval
from analysis.showing.report.svg import inline_svg

ALL, BOTH = "all", "outlet period"
SVG = "http://www.w3.org/2000/svg"
WIDE = widgets.Layout(width="100%")


def explore(
    articles: pd.DataFrame | DocumentTerms,
    lexicon: Lexicon | str,
    *,
    freq: str = "quarter",
    sentences: int = 20,
    candidates: pd.DataFrame | None = None,
) -> "Explorer":
    """Open a panel: choose what is scored, look at the chart, open a point to its sentences.

    It is a widget: end a cell of a notebook with it. ``explore(...).save("explorer.html")`` writes
    a page to pass on. ArticlesError if there are no articles or a column is missing, LexiconError
    if the lexicon has fewer than two frames.

    Parameters
    ----------
    articles : DataFrame or DocumentTerms
        The articles table, or the segments that `split_voices` made of it (which is slow for
        thousands of articles: split once, and pass the segments); or the counts of a bundle, whose
        points open to their articles.
    lexicon : Lexicon or str
        The lexicon, or the name of one that is shipped.
    freq : str
        The periods, as for `add_period`; not used where `articles` has ``period``.
    sentences : int
        How many are listed.
    candidates : DataFrame, optional
        Tables of `candidates`, one below the other: the saved page has a view of them, in which
        those ticked are saved as a new version of the lexicon, with its changelog.

    Examples
    --------
    >>> from analysis import check_articles, explore
    >>> frame = pd.DataFrame({"doc_id": [1, 2], "outlet": ["Gazette", "Herald"],
    ...                       "date": "2021-03-14", "text": ["Talks, and a threat.", "Talks."]})
    >>> explore(check_articles(frame), "deterrence-dialogue")
    Explorer of 2 outlets and 1 period: run this cell to use it
    """
    lexicon = as_lexicon(lexicon)
    if isinstance(articles, DocumentTerms):
        documents = articles.documents
        if "period" not in documents:
            articles = articles.assign(period=add_period(documents, freq)["period"])
        return Explorer(articles, lexicon, sentences, candidates)
    articles = check_table(articles, *REQUIRED, "date")
    if len(lexicon.frames) < 2:
        raise LexiconError(f"{lexicon!r} has one frame; a share needs two.")
    if len(articles) == 0:
        raise ArticlesError("there are no articles to explore.")
    if "period" not in articles:
        articles = add_period(articles, freq)
    segments = articles if "voice" in articles else split_voices(articles)
    return Explorer(segments, lexicon, sentences, candidates)


class PointChart(anywidget.AnyWidget):
    """A figure as SVG; `chosen` is the key of the point that was chosen last."""

    _esm = Path(__file__).with_name("chart.js").read_text(encoding="utf-8")
    svg = traitlets.Unicode().tag(sync=True)
    chosen = traitlets.Unicode().tag(sync=True)

    def show(self, fig: Figure, alt: str, names: Mapping[str, str]) -> None:
        """Show a figure whose points are linked to ``#key``; `names` says what each is called."""
        file = io.StringIO()
        with style():
            fig.savefig(file, format="svg", metadata={"Date": None})
        links = {f"#{key}": name for key, name in names.items()}
        with self.hold_sync():
            self.chosen = ""
            self.svg = inline_svg(file.getvalue(), "explore", alt, links)


class Explorer(widgets.VBox):  # type: ignore[misc]
    """The panel that `explore` opens.

    The controls `view`, `outlets`, `periods`, `frames` and `voice` say what `chart` shows; `rows`
    has the same groups as text, for the keyboard, and `lines` the sentences listed last.
    """

    def __init__(
        self, segments: pd.DataFrame | DocumentTerms, lexicon: Lexicon, sentences: int,
        candidates: pd.DataFrame | None = None,
    ) -> None:  # fmt: skip
        if candidates is not None:
            candidate_rows(candidates, lexicon)  # what does not fit is told at once
        self._segments, self._lexicon, self._most = segments, lexicon, sentences
        self._candidates = candidates
        self._counts: DocumentTerms = (
            segments
            if isinstance(segments, DocumentTerms)
            else document_terms(segments, lexicon=lexicon)
        )
        self._scores = pd.DataFrame()
        self.lines = pd.DataFrame()
        self._make_controls()
        self.chart = PointChart()
        self.rows = widgets.Select(description="Groups", rows=8, layout=WIDE)
        self.sentences = widgets.HTML(layout=widgets.Layout(width="100%", overflow="auto"))
        self.said = widgets.HTML()
        for control in (self.view, self.outlets, self.periods, self.frames, self.voice):
            control.observe(self._redraw, "value")
        self.chart.observe(self._point_chosen, "chosen")
        self.rows.observe(self._row_chosen, "value")
        choices = widgets.HBox([self.view, self.frames, self.voice])
        super().__init__(
            [choices, self.periods, widgets.HBox([self.outlets, self.rows]), self.said,
             self.chart, self.sentences]
        )  # fmt: skip
        self._redraw()

    def __repr__(self) -> str:
        outlets = counted(len(self.outlets.options), "outlet")
        periods = counted(len(self.periods.options), "period")
        return f"Explorer of {outlets} and {periods}: run this cell to use it"

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """The widget, and the chart as it is now for a notebook that is not running."""
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        if self.chart.svg:
            picture = self.chart.svg.replace("<svg ", f'<svg xmlns="{SVG}" ', 1)
            return {**bundle, "image/svg+xml": picture}
        return bundle

    def save(self, path: str | Path, *, text: Text | None = None, title: str = "Explorer") -> Path:
        """Write a page that explores all of this without a notebook and without a network.

        Parameters
        ----------
        path : path
            Such as ``explorer.html``.
        text : {"sentences", "none"}, optional
            Whether points open to the sentences of their hits, or to the list of their articles;
            news texts belong to their publishers. By default sentences, and none of counts.
        title : str
        """
        counts, own = self._counts, self._segments
        text = text or ("none" if isinstance(own, DocumentTerms) else "sentences")
        if text not in ("none", "sentences"):
            raise ArticlesError(f"text={text!r}: allowed are 'sentences' and 'none'.")
        if text == "sentences" and isinstance(own, DocumentTerms):
            raise ArticlesError("text='sentences': counts hold no texts; explore the articles.")
        lines = kwic(own, self._lexicon) if text == "sentences" else None
        contents = contents_of(counts, self._lexicon, lines)
        contents = replace(contents, title=title, candidates=self._candidates)
        return replace_file(Path(path), explorer_page(contents))

    def _make_controls(self) -> None:
        segments, lexicon = self._counts.documents, self._lexicon
        outlets = segments.drop_duplicates("doc_id")["outlet"].astype("str")
        sizes = by_size(outlets.value_counts())
        pairs = lexicon.contrasts or permutations(lexicon.frames, 2)
        contrasts: list[tuple[str, tuple[str, ...]]] = [
            *((f"{a} against {b}", (a, b)) for a, b in pairs),
            *((f"articles with {frame}", (frame,)) for frame in lexicon.frames),
        ]
        periods = [str(period) for period in segments["period"].cat.categories]
        views = [("by outlet", "outlet"), ("over time", "period"), ("outlets by period", BOTH)]
        self.view = widgets.ToggleButtons(options=views, description="Shares")
        self.outlets = widgets.SelectMultiple(
            options=[(f"{inert(name)} ({n:,})", name) for name, n in sizes.items()],
            value=tuple(sizes.index[:12]), rows=8, description="Outlets",
        )  # fmt: skip
        self.periods = widgets.SelectionRangeSlider(
            options=periods, index=(0, len(periods) - 1), description="Periods", layout=WIDE,
            continuous_update=False,
        )  # fmt: skip
        self.frames = widgets.Dropdown(options=contrasts, description="Frames")
        voices = (
            [str(v) for v in segments["voice"].dropna().unique()] if "voice" in segments else []
        )
        self.voice = widgets.Dropdown(options=[ALL, *sorted(voices)], description="Voice")

    def _chosen(self) -> dict[str, list[str]]:
        """The columns and values that the controls ask for."""
        periods = list(self.periods.options)
        first, last = (periods.index(end) for end in self.periods.value)
        where = {"outlet": list(self.outlets.value), "period": periods[first : last + 1]}
        return where if self.voice.value == ALL else where | {"voice": [self.voice.value]}

    def _redraw(self, _: object = None) -> None:
        """Score what is chosen and draw it."""
        documents, chosen = self._counts.documents, self._chosen()
        keep = [documents[name].astype("str").isin(chosen[name]) for name in chosen]
        counts = self._counts.subset(np.all(keep, axis=0))
        self._scores = self._scored(counts, self.frames.value)
        self._scores = self._scores[self._scores["share"].notna()].reset_index(drop=True)
        labels = [self._label(row) for row in self._scores.to_dict("records")]
        # Before the options: a list that has a row chosen would choose one of the new ones, too.
        self.rows.value = None
        self.rows.options = [(label, number) for number, label in enumerate(labels)]
        if not labels:
            self.said.value = "Nothing that is chosen has a hit of these frames."
            self.chart.svg = ""
            return
        self.said.value = "Choose a point, or a row of the groups, to read its sentences."
        self._draw(labels)

    def _by(self) -> list[str]:
        return list(self.view.value.split(" "))

    def _scored(self, counts: DocumentTerms, frames: tuple[str, ...]) -> pd.DataFrame:
        """The share of a contrast's first frame, or of the articles with one frame."""
        if len(frames) == 2:
            return stance(counts, self._lexicon, frames, by=self._by())
        table = prevalence(counts, self._lexicon, self._by(), frames)
        named = {f"share{end}": table[f"prevalence{end}"] for end in ("", "_low", "_high")}
        return table.assign(**named)

    def _draw(self, labels: Sequence[str]) -> None:
        keys = [f"s{number}" for number in range(len(labels))]
        table = self._scores.assign(link=[f"#{key}" for key in keys])
        frames: Any = self.frames.value
        if len(frames) == 1:
            frames = (f"articles with {frames[0]}", "those without")
        chart = {"outlet": share_by_group, "period": share_over_time}.get(
            self.view.value,
            share_over_time if len(self.outlets.value) <= len(CHANNELS) else share_multiples,
        )
        drawn = chart(table, frames=frames)
        named = {key: f"{label}: show sentences" for key, label in zip(keys, labels, strict=True)}
        fig = drawn if isinstance(drawn, Figure) else cast(Figure, drawn.figure)
        self.chart.show(fig, f"Share of {frames[0]} by {' and '.join(self._by())}", named)
        plt.close(fig)

    def _label(self, row: dict[Any, Any]) -> str:
        share = interval(row["share"], row["share_low"], row["share_high"])
        group = ", ".join(inert(str(row[name])) for name in self._by())
        return f"{group}: {share}, n = {row['articles']:,}"

    def _point_chosen(self, change: dict[str, Any]) -> None:
        if change["new"]:
            self.rows.value = int(change["new"].removeprefix("s"))

    def _row_chosen(self, change: dict[str, Any]) -> None:
        """List the sentences behind a row."""
        if change["new"] is None:
            self.sentences.value, self.lines, self.chart.chosen = "", pd.DataFrame(), ""
            return
        # Else a second click on a point would be no change after another row was read.
        self.chart.chosen = f"s{change['new']}"
        row = self._scores.iloc[change["new"]]
        where = {k: v for k, v in self._chosen().items() if k not in self._by()}
        with warnings.catch_warnings():
            # Of counts: that they have no texts is seen.
            warnings.simplefilter("ignore", UserWarning)
            self.lines = evidence(row, self._segments, self._lexicon, where=where, n=self._most)
        head = escape(self.rows.options[change["new"]][0])
        self.sentences.value = f"<h4>{head}</h4>{show_sentences(self.lines)}"
