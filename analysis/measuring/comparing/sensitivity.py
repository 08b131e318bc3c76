"""Sensitivity: what a finding depends on."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.articles import with_titles
from analysis.counting.document_terms import DocumentTerms, document_terms
from analysis.counting.groups import check_documents
from analysis.counting.selection import rows_with
from analysis.counting.units import unit_of_articles
from analysis.errors import CountsError, NoFindingError
from analysis.lexicons.lexicon import Lexicon, as_lexicon, counted_with
from analysis.measuring.comparing.comparison import compared
from analysis.measuring.comparing.pattern_drops import Drop, Drops, TextDrops, smallest_set
from analysis.measuring.frames.article_hits import Negated, article_hits, hit_counts
from analysis.measuring.frames.stance import score_hits
from analysis.measuring.intervals import log_odds

Side = Mapping[str, object]
SIDE = "_side"  # the column that distinguishes the two groups of a comparison: 1 and 2
ENDS = ("", "_low", "_high")


def sensitivity(
    counts: DocumentTerms,
    lexicon: Lexicon | str | Path,
    contrast: Sequence[str] | None = None,
    *,
    between: tuple[Side, Side] | None = None,
    reference: float = 0.5,
    articles: pd.DataFrame | None = None,
    outlet: str = "outlet",
    negated: Negated = "apart",
    unit: str = "doc_id",
    level: float = 0.95,
) -> pd.DataFrame:
    """Score a finding again without each of the things it might depend on.

    The finding is a side: that the share of all `counts` lies above or below `reference`, or, with
    `between`, that it is higher in one group than in another. Its score is the log odds less those
    of the reference, or the difference of the two groups' log odds; a change has *turned* the
    finding if the score has another sign, or is 0.

    Each pattern is left out in turn. A word that it had matched may then belong to another pattern
    of its frame. With `articles` the texts are matched again, which is exact. Without them, each
    match is matched again by itself, which is exact except for patterns that overlap in the text.

    The last row leaves out the fewest patterns that turn the finding together. All sets of one
    pattern, of two, and so on are tried while there are at most 20,000 of a size; beyond that the
    pattern that helps most is added again and again, and ``note`` says so.

    Parameters
    ----------
    counts : DocumentTerms
        The articles that the finding is about (``counts.where(...)``).
    lexicon, contrast, negated, unit, level
        As for `stance`; the lexicon is the one that they were counted with.
    between : (mapping, mapping), optional
        Two groups by their values, such as ``({"period": "2017-Q4"}, {"period": "2018-Q2"})``.
    reference : float
        The share that the finding is compared with; one half asks which frame prevails.
    articles : DataFrame, optional
        The articles that were counted, for exact recounts and for the row with titles.
    outlet : str
        The column of outlets.

    Returns
    -------
    DataFrame
        One row per change: ``change`` ("none", "pattern", "outlet", "negation", "voice",
        "reprints", "titles", "patterns together"), ``frame`` (of a pattern), ``left_out`` (or
        what is done instead), ``n_<a>, n_<b>, share`` (and ``share_other`` with `between`),
        ``score, score_low, score_high, shift`` (from the first row), ``turned`` and ``note``.
        Patterns without a hit have no row.

    Raises
    ------
    CountsError
        If the counts were not made with this lexicon, or have no such groups; or (as
        NoFindingError) there is no finding because the score is 0 or missing.

    Examples
    --------
    >>> from analysis import Lexicon, check_articles, document_terms, sensitivity
    >>> lexicon = Lexicon.from_dict({"pressure": ["sanction*", "threat*"], "parley": ["talks"]})
    >>> texts = ["Sanctions, sanctions.", "Sanctions, talks.", "Threats, talks.", "Sanction talks."]
    >>> frame = pd.DataFrame({"text": texts, "doc_id": range(4), "outlet": "Gazette"})
    >>> counts = document_terms(check_articles(frame.assign(date="2021-03-14")), lexicon=lexicon)
    >>> table = sensitivity(counts, lexicon)
    >>> table[["change", "left_out", "n_pressure", "n_parley", "share", "turned"]].head(4).round(2)
        change   left_out  n_pressure  n_parley  share  turned
    0     none                      5         3   0.62   False
    1  pattern      talks           5         0   1.00   False
    2  pattern  sanction*           1         3   0.25    True
    3  pattern    threat*           4         3   0.57   False
    """
    check_documents(counts, "sensitivity")
    lexicon = as_lexicon(lexicon)
    if counts.lexicon != lexicon.label:
        raise CountsError(
            f"lexicon={lexicon.label!r}: these counts were {counted_with(counts.lexicon)}. Count "
            "the articles again: document_terms(articles, lexicon=lexicon)."
        )
    pair = hit_counts(counts, lexicon, contrast)[1]
    if between is not None:
        counts = _sides(counts, between)
    drops = Drops(counts, lexicon)
    texts = None if articles is None else TextDrops.of(counts, lexicon, articles)
    without = drops.without if texts is None else texts.without
    if not 0 < reference < 1:
        raise CountsError(f"reference={reference!r}: a share lies between 0 and 1.")
    offset = 0.0 if between is not None else float(np.log(reference / (1 - reference)))
    finding = Finding(pair, between is not None, offset, negated, unit, level)
    base = finding.row(counts, "none")
    if not np.isfinite(base["score"]) or base["score"] == 0:
        raise NoFindingError(f"there is no finding to test: its score is {base['score']}.")
    patterns = [drop for drop in drops.matches if drop[0] in pair]
    rows = [base]
    rows += [finding.row(without([d]), "pattern", d[1], frame=d[0]) for d in patterns]
    rows += _without_parts(counts, finding, outlet)
    rows += _counted_otherwise(counts, finding, lexicon, articles)
    rows.append(_together(drops, without, finding, patterns, float(np.sign(base["score"]))))
    table = pd.DataFrame(rows)
    table["shift"] = table["score"] - base["score"]
    other_side = np.sign(table["score"]) != np.sign(base["score"])
    table["turned"] = other_side & table["score"].notna()
    share = ["share", "share_other"] if between is not None else ["share"]
    scores = ["score", "score_low", "score_high", "shift", "turned", "note"]
    return table[["change", "frame", "left_out", *(f"n_{f}" for f in pair), *share, *scores]]


@dataclass(frozen=True)
class Finding:
    """How the score of a finding is taken, from any counts."""

    contrast: tuple[str, str]
    compared: bool
    offset: float
    negated: Negated
    unit: str
    level: float

    def row(
        self, counts: DocumentTerms, change: str, left_out: str = "", *, frame: str = "",
        note: str = "",
    ) -> dict[str, Any]:  # fmt: skip
        """Score counts: a row of the table."""
        by = (SIDE,) if self.compared else ()
        hits = article_hits(counts, self.contrast, by, negated=self.negated, unit=self.unit)
        row: dict[str, Any] = {"change": change, "frame": frame, "left_out": left_out}
        for name, values in zip(self.contrast, (hits.a, hits.b), strict=True):
            row[f"n_{name}"] = values.sum()
        if self.compared and len(hits.groups) < 2:
            return row | {"note": "one of the two groups has no article left"}
        if self.compared:
            found = compared(hits, np.array([0]), np.array([1]), self.level).iloc[0]
            score = "difference"
        else:
            found, score = score_hits(hits, self.level).iloc[0], "log_odds"
        names = ["share", "share_other"][: 1 + self.compared]
        row |= {name: found[name] for name in names}
        row |= {f"score{end}": found[f"{score}{end}"] - self.offset for end in ENDS}
        return row | {"note": "; ".join(filter(None, [note, found["note"]]))}

    def quick(self, counts: DocumentTerms) -> Callable[[NDArray[np.int64]], float]:
        """The score as a function of multipliers of the hit types, without an interval."""
        types = counts.hit_types
        kinds = {"apart": [(0, False)], "keep": [(0, False), (0, True)],
                 "flip": [(0, False), (1, True)]}[self.negated]  # fmt: skip
        mine = np.zeros((2, len(types)), np.int64)
        for place in (0, 1):
            for swap, after_negator in kinds:
                frame = self.contrast[place ^ swap]
                mine[place] += (types["frame"] == frame) & (types["negated"] == after_negator)
        sides = (
            counts.documents[SIDE].to_numpy() if self.compared else np.ones(len(counts.documents))
        )
        weight = self._weight(counts, sides)
        totals = np.array([np.where(sides == side, weight, 0) @ counts.hits
                           for side in np.unique(sides)])  # fmt: skip

        def score(multipliers: NDArray[np.int64]) -> float:
            a, b = (totals @ (chosen * multipliers).astype(np.float64) for chosen in mine)
            values = log_odds(a, b)
            return float(values[0] - values[1] if self.compared else values[0] - self.offset)

        return score

    def _weight(self, counts: DocumentTerms, sides: NDArray[Any]) -> NDArray[np.float64]:
        """What each row counts for: articles of a side that share a unit count once together."""
        if self.unit == "doc_id":
            return np.ones(len(sides))
        ids = counts.documents["doc_id"]
        units = unit_of_articles(counts.documents, self.unit).reindex(ids).to_numpy()
        sizes = ids.groupby([sides, units]).transform("nunique")
        weight: NDArray[np.float64] = 1 / sizes.to_numpy(np.float64)
        return weight


def _sides(counts: DocumentTerms, between: tuple[Side, Side]) -> DocumentTerms:
    """Keep the documents of two groups; a column says of each to which it belongs."""
    member = [
        rows_with(counts.documents, values, "between", CountsError, every=True)
        for values in between
    ]
    if (member[0] & member[1]).any():
        raise CountsError(f"between={between}: the two groups share documents.")
    side = np.where(member[0], 1, 2)
    return counts.assign(**{SIDE: side}).subset(member[0] | member[1])


def _without_parts(
    counts: DocumentTerms, finding: Finding, outlet: str
) -> Iterator[dict[str, Any]]:
    """Rows without each outlet, and without each voice."""
    for change, column in (("outlet", outlet), ("voice", "voice")):
        if column not in counts.documents or counts.documents[column].nunique() < 2:
            continue
        values = counts.documents[column].astype("str")
        for value in sorted(values.unique()):
            rest = counts.subset((values != value).to_numpy())
            yield finding.row(rest, change, value)


def _counted_otherwise(
    counts: DocumentTerms, finding: Finding, lexicon: Lexicon, articles: pd.DataFrame | None
) -> Iterator[dict[str, Any]]:
    """Rows with other choices about negated hits, reprints and titles."""
    words: dict[Negated, str] = {
        "apart": "left out",
        "flip": "counted for the other frame",
        "keep": "counted as hits",
    }
    for negated, done in words.items():
        if negated != finding.negated:
            other = replace(finding, negated=negated)
            yield other.row(counts, "negation", f"negated hits {done}")
    if finding.unit == "cluster":
        each = replace(finding, unit="doc_id")
        yield each.row(counts, "reprints", "each reprint counted as an article of its own")
    elif "cluster" in counts.documents:
        once = replace(finding, unit="cluster")
        yield once.row(counts, "reprints", "each story counted once")
    if articles is not None and "title" in articles and articles["doc_id"].is_unique:
        rows = articles.set_index(articles["doc_id"].astype("str"))
        titled = with_titles(rows.loc[counts.documents["doc_id"]].reset_index(drop=True))
        again = document_terms(titled, lexicon=lexicon, rules=counts.rules)
        columns = counts.documents.columns.difference(again.documents.columns)
        again = again.assign(**counts.documents[columns])
        yield finding.row(again, "titles", "titles counted with the texts")


def _together(
    drops: Drops,
    without: Callable[[list[Drop]], DocumentTerms],
    finding: Finding,
    patterns: list[Drop],
    sign: float,
) -> dict[str, Any]:
    """The fewest patterns that turn the finding together."""
    score = finding.quick(drops.counts)
    if not finding.compared and finding.negated != "flip":
        # Only patterns that support the finding can turn it when they are dropped.
        patterns = [drop for drop in patterns if drop[0] == finding.contrast[int(sign < 0)]]
    found, exact = smallest_set(patterns, lambda chosen: sign * score(drops.multipliers(chosen)))
    change = "patterns together"
    if not found:
        return finding.row(drops.counts, change, note="no set of patterns turns the finding")
    frames = ", ".join(dict.fromkeys(frame for frame, _ in found))
    note = "" if exact else "found by taking the best pattern again and again"
    names = ", ".join(pattern for _, pattern in found)
    return finding.row(without(list(found)), change, names, frame=frames, note=note)
