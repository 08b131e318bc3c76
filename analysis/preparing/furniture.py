"""Furniture: what a site repeats in many articles and is not part of them."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd

from analysis.articles import REQUIRED, check_table
from analysis.errors import ArticlesError
from analysis.executors import Where
from analysis.preparing.batches import Load, map_batches
from analysis.preparing.furniture_lines import KINDS, NUMBER, units_of
from analysis.preparing.furniture_rounds import Kinds, find_kinds, find_repeated
from analysis.preparing.reprints import ReprintPlan, plan_reprints
from analysis.preparing.shingles import hash_strings

_BLANK_LINES = re.compile(r"\n\s*\n\s*")
# Kinds that a line has because its outlet repeats it, and not by its wording.
_REPEATED = [NUMBER[kind] for kind in ("label", "edge", "body")]
# Columns of units that only the cutting needs.
_TEXT = ["start", "end", "string"]
Summary = tuple[pd.DataFrame, pd.DataFrame]


@dataclass(frozen=True)
class FurniturePlan:
    """What `plan_furniture` found: for each round of looking, the kinds of repeated lines."""

    rounds: list[pd.Series]


def cut_furniture(
    articles: pd.DataFrame, *, min_articles: int = 3, min_share: float = 0.005
) -> tuple[pd.DataFrame, pd.DataFrame]:
    r"""Cut the lines that are not part of an article, and list what was cut.

    A line (or sentence, where a text has no lines) is furniture by its wording, as the headline of
    another article, or because its outlet repeats it in at least `min_articles` of its stories and
    a share `min_share` of them: as a ``label``, at the ``edge`` of texts, or in their ``body``.
    Speech is none, nor is a brief that comes back every day. docs/rules.md has the rule.

    Parameters
    ----------
    articles : DataFrame
        The articles table. Its column ``cluster`` says what is one story; where it is missing,
        `find_reprints` is asked.
    min_articles, min_share : int and float, optional
        In how many stories of its outlet a line must occur, at least 2, and in what share of them,
        between 0 and 1; ArticlesError if they are out of range, or a column is missing.

    Returns
    -------
    articles : DataFrame
        A copy with the furniture cut from ``text``; a second pass finds nothing more.
    cuts : DataFrame
        One row a string: ``outlet``, ``string`` (its most frequent form), ``kind``, ``articles``
        (in how many it was cut), ``n`` (how many times) and ``characters`` (all together), most
        articles first.

    Examples
    --------
    >>> texts = [f"Gazette staff\n\nItem {word} took place." for word in ("one", "two", "three")]
    >>> articles = pd.DataFrame({"doc_id": ["a", "b", "c"], "outlet": "Gazette", "text": texts})
    >>> articles, cuts = cut_furniture(articles.assign(date=pd.Timestamp("2021-03-14")))
    >>> articles["text"].tolist()
    ['Item one took place.', 'Item two took place.', 'Item three took place.']
    >>> cuts
        outlet         string   kind  articles  n  characters
    0  Gazette  Gazette staff  label         3  3          39
    """
    _check(min_articles, min_share)
    articles = check_table(articles, *REQUIRED)
    summary = _summary(articles)
    plan = _plan([summary], partial(plan_reprints, [articles]), min_articles, min_share)
    texts, cuts = _cut(articles, summary[0], plan)
    return articles.assign(text=texts), list_cuts([cuts])


def remove_furniture(
    articles: pd.DataFrame, plan: FurniturePlan
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Cut the furniture of a corpus from a batch of its articles, as `cut_furniture` does.

    `list_cuts` adds up the cuts of all batches.
    """
    articles = check_table(articles, *REQUIRED)
    texts, cuts = _cut(articles, units_of(articles), plan)
    return articles.assign(text=texts), cuts


def plan_furniture(
    parts: Iterable[Any],
    load: Load = None,
    executor: Where = None,
    *,
    min_articles: int = 3,
    min_share: float = 0.005,
) -> FurniturePlan:
    """Find the furniture of a corpus that comes in parts; `remove_furniture` then cuts it.

    The result is the same for any cut of the corpus into parts, in any order. `parts`, `load` and
    `executor` are as for `plan_reprints`, all else is as for `cut_furniture`.
    """
    _check(min_articles, min_share)
    parts = list(parts)
    if not parts:
        return FurniturePlan([])
    summaries = map_batches(_numbers, [(part,) for part in parts], load, executor)
    return _plan(summaries, partial(plan_reprints, parts, load, executor), min_articles, min_share)


def list_cuts(cuts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Add up what `remove_furniture` cut from batches: the table that `cut_furniture` returns."""
    names = ["outlet", "key"]
    forms = pd.concat(cuts, ignore_index=True)
    listed = forms.groupby(names, as_index=False)[["articles", "n", "characters"]].sum()
    strings = forms.groupby([*names, "string"], as_index=False)["n"].sum()
    strings = strings.sort_values(["n", "string"], ascending=[False, True]).drop(columns="n")
    # The kind is that in the first article, by doc_id: the same in every order.
    kinds = forms.sort_values(["doc_id", "start"])[[*names, "kind"]]
    for table in (strings, kinds):
        listed = listed.merge(table.drop_duplicates(names), on=names)
    order = {"articles": False, "outlet": True, "string": True}
    listed = listed.sort_values(list(order), ascending=list(order.values()), ignore_index=True)
    return listed[["outlet", "string", "kind", "articles", "n", "characters"]]


def _check(min_articles: int, min_share: float) -> None:
    if min_articles < 2:
        raise ArticlesError(f"min_articles={min_articles!r} must be at least 2.")
    if not 0 <= min_share <= 1:
        raise ArticlesError(f"min_share={min_share!r} must be between 0 and 1.")


def _summary(articles: pd.DataFrame) -> Summary:
    """The units; the outlet and story of each article, and whether a column tells the story."""
    articles = check_table(articles, *REQUIRED)
    told = "cluster" in articles
    named = {"outlet": articles["outlet"], "story": articles["cluster" if told else "doc_id"]}
    about = pd.DataFrame({name: hash_strings(of) for name, of in named.items()}).assign(told=told)
    return units_of(articles), about


def _numbers(articles: pd.DataFrame) -> Summary:
    """The same without the strings, which workers need not hand back."""
    units, about = _summary(articles)
    return units.drop(columns=_TEXT), about


def _plan(
    summaries: Iterable[Summary],
    reprints: Callable[[], ReprintPlan],
    min_articles: int,
    min_share: float,
) -> FurniturePlan:
    with TemporaryDirectory(prefix="framing-") as folder:
        tables: list[Path] = []
        batches: list[pd.DataFrame] = []
        for units, about in summaries:
            row = units["row"] + np.int32(sum(map(len, batches)))
            tables.append(Path(folder) / str(len(tables)))
            units.assign(row=row).drop(columns=_TEXT, errors="ignore").to_feather(tables[-1])
            batches.append(about)
        about = pd.concat(batches, ignore_index=True)
        if not about["told"].all():
            copies = pd.DataFrame(reprints().items(), columns=["copy", "original"], dtype="str")
            original = pd.Series(hash_strings(copies["original"]), hash_strings(copies["copy"]))
            about["story"] = about["story"].map(original).fillna(about["story"])
        return FurniturePlan(find_repeated(tables, about, min_articles, min_share))


def _cut(
    articles: pd.DataFrame, units: pd.DataFrame, plan: FurniturePlan
) -> tuple[pd.Series, pd.DataFrame]:
    """The texts without their furniture, and what was cut."""
    kind = find_kinds(units.drop(columns=_TEXT), plan.rounds)
    # The repeated lines of articles that have no line but furniture stay.
    nothing_left = pd.Series(kind > 0).groupby(units["row"]).transform("all")
    cut = (kind > 0) & ~(nothing_left & np.isin(kind, _REPEATED)).to_numpy(bool)
    cuts = units.loc[cut, ["row", "start", "end", "string", "key"]]
    return _without(articles["text"], cuts), _forms(cuts, kind[cut], articles)


def _forms(cuts: pd.DataFrame, kind: Kinds, articles: pd.DataFrame) -> pd.DataFrame:
    """One row a form and kind: where first, how often, in how many articles as first of its key."""
    forms = cuts.assign(
        outlet=articles["outlet"].astype("str").to_numpy()[cuts["row"]],
        doc_id=articles["doc_id"].astype("str").to_numpy()[cuts["row"]],
        kind=pd.Series(KINDS, dtype="str").to_numpy()[kind],
        articles=(~cuts.duplicated(["row", "key"])).astype(np.int64),
        n=1,
        characters=cuts["string"].str.len(),
    )
    grouped = forms.sort_values(["doc_id", "start"]).groupby(["outlet", "key", "string", "kind"])
    first = dict.fromkeys(["doc_id", "start"], "first")
    total = dict.fromkeys(["articles", "n", "characters"], "sum")
    return grouped.agg(first | total).reset_index()


def _without(texts: pd.Series, cuts: pd.DataFrame) -> pd.Series:
    """The texts without the spans that were cut, and without the gaps these leave."""
    kept = texts.astype("str").tolist()
    gaps: dict[int, list[tuple[int, int]]] = {}
    for row, start, end in cuts[["row", "start", "end"]].itertuples(index=False, name=None):
        gaps.setdefault(row, []).append((start, end))
    for row, spans in gaps.items():
        text, starts, ends = kept[row], *zip(*spans, strict=True)
        left = zip((0, *ends), (*starts, len(text)), strict=True)
        paragraphs = _BLANK_LINES.split("".join(text[start:end] for start, end in left))
        kept[row] = "\n\n".join(map(str.rstrip, paragraphs)).strip()
    return pd.Series(kept, texts.index, dtype="str")
