"""The explorer as one file: the hits of every article, and a page that scores and draws them.

What is chosen in the page is scored in the page, by the formulas of `stance` and `prevalence`;
tests compare both. Nothing is fetched, and no text is in it that was not asked for.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import permutations
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.targets import AND
from analysis.errors import ArticlesError
from analysis.escape import inert
from analysis.formatting import counted
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.frames.unit_rows import parts_of
from analysis.periods import add_period
from analysis.showing.charts.drawing.colours import colours_of
from analysis.showing.explorer.candidate_data import candidate_data
from analysis.showing.kwic_view import around_hit
from analysis.showing.largest import by_size
from analysis.showing.report.page import web_page
from analysis.tokens import STOP_WORDS

Text = Literal["none", "sentences"]
Negated = Literal["apart", "keep", "flip"]
# Terms, their hits in each outlet, and the tokens of each outlet.
Terms = tuple[list[str], sparse.csr_array, dict[str, int]]
# Lexicons may name their language by its ISO code.
LANGUAGES = {"de": "german", "en": "english", "ru": "russian"}
# Terms of the scatter, those in the most hits; sentences in a file; outlets chosen at first.
TERMS, LINES, FEW = 2000, 10_000, 5
FOLDER = Path(__file__).parent
_NONE = -1


@dataclass(frozen=True)
class Contents:
    """What an explorer shows.

    `rows` has one row for each article, voice and target: ``doc_id, outlet, unit, first`` and, if
    they are known, ``period, date, link, voice, target``. Only rows that are `first` count where no
    target is chosen. `hits` has a column a frame, and one ``<frame>_negated``, in the same order.
    """

    rows: pd.DataFrame
    hits: pd.DataFrame
    lexicon: Lexicon
    negated: Negated = "apart"
    contrasts: Sequence[tuple[str, str]] = ()
    frames: Sequence[str] = ()
    lines: pd.DataFrame | None = None
    candidates: pd.DataFrame | None = None
    terms: Terms | None = None
    title: str = "Explorer"
    foot: str = ""


def contents_of(
    counts: DocumentTerms, lexicon: Lexicon, lines: pd.DataFrame | None, freq: str = "quarter"
) -> Contents:
    """What an explorer of counts shows."""
    documents = counts.documents
    if "outlet" not in documents:
        raise ArticlesError("the counts have no column 'outlet' to tell lines apart.")
    rows = documents[["doc_id", "outlet"]].assign(unit=documents["doc_id"], first=True)
    if "period" in documents:
        rows["period"] = documents["period"]
    elif "date" in documents and documents["date"].notna().all():
        rows["period"] = add_period(documents, freq)["period"]
    for name, column in (("date", "date"), ("link", "link"), ("voice", "voice"), ("link", "url"),
                         ("target", "target")):  # fmt: skip
        if column in documents:
            rows[name] = documents[column]
    if counts.targets:
        lead = documents["targets"].astype("str").str.replace(r" \+ .*", "", regex=True)
        rows["first"] = documents["target"].isna() | (documents["target"].astype("str") == lead)
    types, found = counts.hit_types, {}
    for frame in types["frame"].unique():
        for end, after in (("", False), ("_negated", True)):
            chosen = ((types["frame"] == frame) & (types["negated"] == after)).to_numpy()
            found[f"{frame}{end}"] = np.asarray(counts.hits[:, np.flatnonzero(chosen)].sum(axis=1))
    hits = pd.DataFrame(found, index=rows.index)
    terms = _terms_of_counts(counts, rows, lexicon) if len(counts.terms) else None
    return Contents(rows, hits, lexicon, lines=lines, terms=terms)


def _terms_of_counts(counts: DocumentTerms, rows: pd.DataFrame, lexicon: Lexicon) -> Terms | None:
    codes, names = pd.factorize(rows["outlet"].astype("str"))
    used = np.flatnonzero(rows["first"])
    ones = np.ones(len(used), np.int64)
    outlets = sparse.csr_array((ones, (codes[used], used)), (len(names), len(rows)))
    tokens = outlets @ counts.documents["n_tokens"].to_numpy(np.int64)
    return frequent_terms(counts.terms, outlets @ counts.counts, list(names), tokens, lexicon)


def frequent_terms(
    terms: pd.Index, n: sparse.csr_array, outlets: list[str], tokens: NDArray[Any], lexicon: Lexicon
) -> Terms | None:
    """The most frequent terms but stop words, and how often each outlet has them."""
    language = lexicon.language.casefold() or "english"
    words = STOP_WORDS.get(LANGUAGES.get(language, language), ())
    hidden = terms.isin(list(words)) | (terms.str.len() < 2)
    totals = np.where(hidden, 0, np.asarray(n.sum(axis=0)))
    most = np.sort(np.argsort(-totals, kind="stable")[:TERMS])
    most = most[totals[most] > 0]
    sizes = {str(name): int(size) for name, size in zip(outlets, tokens, strict=True)}
    return (list(terms[most]), sparse.csr_array(n[:, most]), sizes) if len(most) else None


def explorer_page(contents: Contents) -> str:
    """The page as HTML."""
    # In the order of the articles' ids, whatever parts the corpus came in.
    keys = contents.rows.reset_index(drop=True)
    keys = keys[keys.columns.intersection(["doc_id", "voice", "target"])].astype("str")
    order = keys.sort_values([*keys], kind="stable").index
    contents = replace(contents, rows=contents.rows.iloc[order], hits=contents.hits.iloc[order])
    rows = contents.rows
    articles = by_size(rows.drop_duplicates("doc_id")["outlet"].astype("str").value_counts())
    n = rows["doc_id"].nunique()
    subtitle = f"{counted(n, 'article')} of {counted(len(articles), 'outlet')}; lexicon "
    data = json.dumps(_data(contents, sorted(articles.index)), ensure_ascii=False,
                      separators=(",", ":"), default=_plain, allow_nan=False)  # fmt: skip
    # No text may end the element that the data stand in.
    data = data.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return web_page(
        FOLDER, "explorer", title=contents.title, foot=contents.foot, data=data,
        subtitle=f"{subtitle}{contents.lexicon.caption}.",
    )  # fmt: skip


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value.tolist()


def _data(contents: Contents, outlets: list[str]) -> dict[str, Any]:
    rows = contents.rows.reset_index(drop=True)
    codes: dict[str, NDArray[Any]] = {}
    names: dict[str, list[str]] = {"outlet": outlets}
    for name in ("outlet", "period", "voice", "target"):
        codes[name], names[name] = _codes(rows, name, names.get(name))
    doc, ids = pd.factorize(rows["doc_id"])
    keys = {"doc": doc, "voice": codes["voice"], "target": codes["target"],
            "first": rows["first"].to_numpy(bool).astype(int)}  # fmt: skip
    measures, sides = _measures(contents)
    # The sources of a voice are one row: what is chosen are voices.
    columns: dict[Any, Any] = dict(enumerate(sides)) | keys
    sums = pd.DataFrame(columns).groupby([*keys], sort=False).sum()
    sums = sums.reset_index()
    first = rows.drop_duplicates("doc_id").index
    docs: dict[str, Any] = {
        "outlet": codes["outlet"][first],
        "period": codes["period"][first],
        "unit": pd.factorize(rows["unit"][first])[0],
    }
    for name in ("date", "link"):
        if name in rows and rows[name].notna().any():
            docs[name] = [
                _said(value)[: 10 if name == "date" else None] for value in rows[name][first]
            ]
    return {
        "outlets": list(map(inert, outlets)),
        "colours": colours_of(outlets),
        "periods": names["period"],
        "voices": names["voice"],
        "targets": list(map(inert, names["target"])),
        "few": FEW,
        "measures": measures,
        "sides": [sums[side] for side in range(len(sides))],
        "rows": {name: sums[name] for name in keys},
        "docs": docs,
        "lines": _lines(contents, ids, names),
        "terms": _term_data(contents, outlets),
        "candidates": None if contents.candidates is None else candidate_data(
            contents.candidates, contents.lexicon, lines=contents.lines is not None
        ),
    }  # fmt: skip


def _codes(
    rows: pd.DataFrame, name: str, names: list[str] | None
) -> tuple[NDArray[Any], list[str]]:
    """The place of each row's value among its names, in order; -1 where it has none."""
    if name not in rows or rows[name].isna().all():
        return np.full(len(rows), _NONE), []
    values = rows[name]
    if isinstance(values.dtype, pd.CategoricalDtype):
        names = names or [str(value) for value in values.cat.categories]
    known = values.dropna().astype("str")
    names = names or sorted(known.unique())
    return pd.Index(names).get_indexer(values.astype("str")), names


def _measures(contents: Contents) -> tuple[list[dict[str, Any]], list[NDArray[np.int64]]]:
    """What can be chosen to be scored, and the hits of the sides of each, row by row."""
    known = list(contents.lexicon.frames)
    contrasts = contents.contrasts or contents.lexicon.contrasts or ()
    frames = contents.frames or known
    if not contrasts and len(known) > 1:
        contrasts = list(permutations(frames[:6], 2))
    measures: list[dict[str, Any]] = []
    sides: list[NDArray[np.int64]] = []

    def add(name: str, *pair: str) -> None:
        parts = [parts_of(frame, known) or [frame] for frame in pair]
        places = []
        for own, rest in zip(parts, parts[::-1], strict=True):
            places.append(len(sides))
            negated = {"apart": [], "keep": own, "flip": rest if len(pair) == 2 else []}
            columns = [*own, *(f"{frame}_negated" for frame in negated[contents.negated])]
            sides.append(
                contents.hits.reindex(columns=columns, fill_value=0).to_numpy().sum(axis=1)
            )
        inside = [known.index(frame) for part in parts for frame in part if frame in known]
        measures.append({"name": inert(name), "a": places[0], "frames": inside,
                         "b": places[1] if len(places) > 1 else None})  # fmt: skip

    for one, other in contrasts:
        add(f"share of {one} against {other}", one, other)
    for frame in frames:
        add(f"share of articles with {frame}", frame)
    return measures, sides


def _lines(contents: Contents, ids: pd.Index, names: dict[str, list[str]]) -> list[Any] | None:
    """The sentence of each hit that is scored, in three parts; of very many a sample."""
    lines = contents.lines
    if lines is None:
        return None
    if contents.negated == "apart":
        lines = lines[~lines["negated"].astype(bool)]
    lines = sample(lines)
    frames = list(contents.lexicon.frames)
    found = []
    for line in lines.to_dict("records"):
        left, hit, right = around_hit(line)
        targets = _said(line.get("targets")).split(AND)
        voice = _said(line.get("voice"))
        found.append({
            "doc": int(ids.get_loc(line["doc_id"])), "frame": frames.index(line["frame"]),
            "voice": names["voice"].index(voice) if voice in names["voice"] else _NONE,
            "source": inert(_said(line.get("source"))),
            "left": inert(left), "hit": inert(hit), "right": inert(right),
            "targets": [names["target"].index(t) for t in targets if t in names["target"]],
        })  # fmt: skip
    return found


def sample(lines: pd.DataFrame, most: int = LINES) -> pd.DataFrame:
    """At most so many lines: articles in turn, so that no group loses all of its own."""
    if len(lines) <= most:
        return lines
    mixed = lines.sample(frac=1, random_state=0)
    turn = mixed.groupby(["doc_id", "frame"], sort=False, observed=True).cumcount()
    return lines.loc[turn.sort_values(kind="stable").index[:most]].sort_index()


def _said(value: Any) -> str:
    return "" if value is None or pd.isna(value) else str(value)


def _term_data(contents: Contents, outlets: list[str]) -> dict[str, Any] | None:
    if contents.terms is None:
        return None
    terms, matrix, tokens = contents.terms
    place = {name: row for row, name in enumerate(tokens)}
    empty = sparse.csr_array((1, len(terms)), dtype=np.int64)
    own = [matrix[[place[name]]] if name in place else empty for name in outlets]
    return {
        "names": list(map(inert, terms)),
        "tokens": [tokens.get(name, 0) for name in outlets],
        "counts": [[row.indices, row.data] for row in own],
    }
