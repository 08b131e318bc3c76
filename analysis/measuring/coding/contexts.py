"""Contexts: whether hits stand among the words that hits coded as right stand among."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from analysis.counting.languages import languages_of
from analysis.errors import CountsError, LexiconError
from analysis.files import replace_file
from analysis.formatting import counted, json_text
from analysis.lexicons.lexicon import Lexicon
from analysis.lexicons.matching import find_hits
from analysis.lexicons.patterns import text_rules
from analysis.lexicons.shipped import SHIPPED
from analysis.measuring.coding.codes import check_columns, right
from analysis.measuring.intervals import Floats, Ints, wilson
from analysis.tokens import TermRules, TokenStream, tokenize

WINDOW = 60
# A hit looks unlike those coded as right if its score is below that of this share of them; a
# pattern, frame or group is warned of if surely more than twice as many of its hits do.
USUAL = 0.1
FEWEST = 5
# Hits of a pattern that are looked at, and lines of it that are proposed for coding.
SAMPLE, PROPOSED = 500, 3


@dataclass(frozen=True)
class ContextWeights:
    """Weights of words near a hit, from a logistic regression of its code, and of its pattern.

    ``score = intercept + weight of the pattern + sum of the weights of the words in the window``;
    a hit whose score is below ``threshold`` looks unlike those coded as right.

    Examples
    --------
    >>> ContextWeights("mine", 2, 1, 0.8, 60, 0.0, -1.0, {"talks": 0.5}, {"peace": 2.0}).window
    60
    """

    lexicon: str
    lines: int
    right: int
    auc: float
    window: int
    threshold: float
    intercept: float
    patterns: Mapping[str, float]
    words: Mapping[str, float]

    @classmethod
    def load(cls, path: str | Path) -> "ContextWeights":
        """Read weights that `save` wrote; LexiconError if the file holds none."""
        try:
            return cls(**json.loads(Path(path).read_text("utf-8")))
        except (OSError, ValueError, TypeError) as fault:
            raise LexiconError(f"{path}: can't be read as weights of contexts ({fault}).") from None

    def save(self, path: str | Path) -> Path:
        """Write the weights: words, patterns and numbers, no text."""
        return replace_file(Path(path), json_text(asdict(self)))

    def scores(
        self, terms: NDArray[Any], hit: Ints, ids: NDArray[Any], patterns: pd.Series
    ) -> Floats:
        """The score of each hit, from the terms in its window, one (hit, term) pair each."""
        of_term = np.array([self.words.get(term, 0.0) for term in terms])
        pairs = np.unique(hit * max(len(terms), 1) + ids)
        near = np.bincount(
            pairs // max(len(terms), 1), of_term[pairs % max(len(terms), 1)], len(patterns)
        )
        own = patterns.astype(object).map(lambda name: self.patterns.get(name, 0.0))
        score: Floats = self.intercept + near + own.to_numpy(np.float64)
        return score


def looks_right(
    lines: pd.DataFrame, lexicon: Lexicon, weights: ContextWeights | None = None
) -> pd.DataFrame:
    """Score lines by how much their contexts look like those of hits coded as right.

    Parameters
    ----------
    lines : DataFrame
        As ``kwic(articles, lexicon, window=60)`` gives them: ``pattern, left, right``.
    lexicon : Lexicon
    weights : ContextWeights, optional
        As `fit_contexts` gives them; without it, those shipped with the lexicon.

    Returns
    -------
    DataFrame
        The lines with ``looks_right`` (from 0 to 1, for ranking) and ``unlike`` (bool).

    Raises
    ------
    CountsError
        If a column is missing, or no weights are shipped with the lexicon.

    Examples
    --------
    >>> from analysis import Lexicon
    >>> lines = pd.DataFrame({"pattern": ["talks"], "left": ["peace"], "right": ["with Moscow"]})
    >>> looks_right(lines, Lexicon.load("deterrence-dialogue"))["unlike"].tolist()
    [False]
    """
    check_columns(lines, ["pattern", "left", "right"], "lines", "kwic")
    weights = weights or shipped_contexts(lexicon)
    if weights is None:
        raise CountsError(
            f"{lexicon.label!r} comes without weights of contexts; code lines of it and give "
            "weights=fit_contexts(lines, codes, lexicon)."
        )
    stream, hit = _windows(lines, weights.window)
    scores = weights.scores(stream.terms, hit, stream.ids, lines["pattern"])
    return lines.assign(looks_right=special.expit(scores), unlike=scores < weights.threshold)


def fit_contexts(
    lines: pd.DataFrame,
    codes: pd.DataFrame,
    lexicon: Lexicon,
    *,
    by: str | None = None,
    window: int = WINDOW,
    least: int = 20,
    folds: int = 5,
) -> ContextWeights:
    """Learn from coded lines which words are near hits that mean what their frame says.

    A logistic regression (L2, C = 0.02; right and wrong lines weigh the same) on the words in the
    window, each there or not, and the pattern. ``auc`` and ``threshold`` come from lines of
    articles that were left out of the fit.

    Parameters
    ----------
    lines : DataFrame
        Keywords in context with the `window`, as `kwic` gives them.
    codes : DataFrame
        Their codes, as `read_coding_sheet` gives them, matched by ``doc_id, start, frame``.
    lexicon : Lexicon
        The lexicon of the lines, which names the weights.
    by : str, optional
        A column of the codes whose groups weigh the same, such as topics of which few were coded.
    window, least : int
        Words to either side; and in how many lines a word must occur.
    folds : int
        Of the cross-validation.

    Raises
    ------
    CountsError
        If a column is missing, no line is coded, or all are right or wrong.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis import Lexicon, fit_contexts, looks_right
    >>> lines = pd.DataFrame({"doc_id": range(40), "start": 0, "frame": "talks", "pattern": "talks",
    ...                       "left": ["peace", "late night"] * 20, "right": ""})
    >>> codes = lines.assign(code=[1, 0] * 20)
    >>> weights = fit_contexts(lines, codes, Lexicon.from_dict({"talks": ["talks"]}), least=5)
    >>> weights.words["peace"] > 0 > weights.words["night"]
    True
    """
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import roc_auc_score
    from sklearn.model_selection import GroupKFold

    keys = ["doc_id", "start", "frame"]
    check_columns(codes, [*keys, "code"])
    coded = codes.assign(code=right(codes)).dropna(subset=["code"]).astype({"start": "int64"})
    coded = coded.groupby(keys, as_index=False, observed=True).first()
    both = coded.drop(columns=["pattern", "left", "right"], errors="ignore").merge(lines, on=keys)
    y = (both["code"] >= 0.5).to_numpy()
    if len(np.unique(y)) < 2:
        raise CountsError(
            f"codes: of the {len(both)} coded lines, all are right or all are wrong; code more."
        )
    stream, hit = _windows(both, window)
    rows = [{f"={pattern}": 1} for pattern in both["pattern"]]
    for of, term in zip(hit, stream.ids, strict=True):
        rows[of][stream.terms[term]] = 1
    vectorizer = DictVectorizer()
    X = vectorizer.fit_transform(rows).tocsc()
    names = vectorizer.get_feature_names_out()
    kept = (np.asarray(X.sum(axis=0)).ravel() >= least) | np.char.startswith(names.astype(str), "=")
    X, names = X[:, kept].tocsr(), names[kept]
    weight = np.ones(len(both)) if by is None else 1 / both.groupby(by)[by].transform("size")
    weight = np.asarray(weight) / np.mean(weight)
    model = LogisticRegression(C=0.02, class_weight="balanced", max_iter=1000)
    unseen = np.zeros(len(both))
    for seen, rest in GroupKFold(folds).split(X, y, both["doc_id"]):
        model.fit(X[seen], y[seen], sample_weight=weight[seen])
        unseen[rest] = model.decision_function(X[rest])
    model.fit(X, y, sample_weight=weight)
    found = {name: round(float(w), 4) for name, w in zip(names, model.coef_[0], strict=True)}
    return ContextWeights(
        lexicon=lexicon.fingerprint, lines=len(both), right=int(y.sum()),
        auc=round(float(roc_auc_score(y, unseen)), 3), window=window,
        threshold=round(float(np.quantile(unseen[y], USUAL)), 4),
        intercept=round(float(model.intercept_[0]), 4),
        patterns={name[1:]: w for name, w in found.items() if name.startswith("=")},
        words={name: w for name, w in found.items() if not name.startswith("=")},
    )  # fmt: skip


@cache
def _shipped() -> Mapping[str, ContextWeights]:
    files = map(ContextWeights.load, sorted(SHIPPED.glob("*.contexts.json")))
    return {weights.lexicon: weights for weights in files}


def shipped_contexts(lexicon: Lexicon) -> ContextWeights | None:
    """The weights that come with a lexicon, if there are any."""
    return _shipped().get(lexicon.fingerprint)


def _windows(lines: pd.DataFrame, window: int) -> tuple[TokenStream, Ints]:
    """The tokens in the windows of lines, and the line that each is of."""
    pairs = zip(lines["left"].astype("str"), lines["right"].astype("str"), strict=True)
    words = ([*left.split()[-window:], *right.split()[:window]] for left, right in pairs)
    stream = tokenize([" ".join(near) for near in words])
    return stream, np.repeat(np.arange(len(lines)), np.diff(stream.bounds))


def unlike_hits(
    lexicon: Lexicon, weights: ContextWeights, articles: pd.DataFrame, rules: TermRules
) -> pd.DataFrame:
    """Hits in articles, SAMPLE of a pattern at most, and whether each looks unlike right ones.

    Returns ``frame, pattern, outlet, doc_id, start, score, unlike``.
    """
    stream = tokenize(articles["text"], text_rules(rules), offsets=True)
    found = find_hits(stream, lexicon, rules, languages_of(articles, lexicon))
    hits = pd.DataFrame({"article": found.article, "first": found.first, "last": found.last,
                         "frame": np.array(found.frames, object)[found.frame],
                         "pattern": np.array(found.patterns, object)[found.pattern]})  # fmt: skip
    hits = hits[~found.negated]
    # Evenly from all of them, so that no part of the corpus is left out.
    size = hits.groupby(["frame", "pattern"])["first"].transform("size")
    step = np.maximum(-(-size // SAMPLE), 1)
    hits = hits[hits.groupby(["frame", "pattern"]).cumcount() % step == 0].reset_index(drop=True)
    begin, end = stream.bounds[hits["article"]], stream.bounds[hits["article"] + 1]
    reach = np.arange(-weights.window, weights.window + 1)
    side = np.where(reach < 0, hits["first"].to_numpy()[:, None], hits["last"].to_numpy()[:, None])
    place = side + reach
    inside = (place >= begin[:, None]) & (place < end[:, None]) & (reach != 0)
    hit, _ = np.nonzero(inside)
    scores = weights.scores(stream.terms, hit, stream.ids[place[inside]], hits["pattern"])
    of = articles.iloc[hits["article"]]
    outlet = of["outlet"].astype("str").to_numpy() if "outlet" in of else ""
    return hits.assign(
        doc_id=of["doc_id"].to_numpy(), outlet=outlet, score=scores,
        start=np.asarray(stream.starts)[hits["first"]], unlike=scores < weights.threshold,
    )  # fmt: skip


def warnings_of(hits: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """How many hits of each group look unlike those coded as right, and whether that is many."""
    table = hits.groupby(by, observed=True)["unlike"].agg(n="sum", lines="size").reset_index()
    low, _ = wilson(table["n"].to_numpy(), table["lines"].to_numpy())
    many = (low > 2 * USUAL) & (table["lines"] >= FEWEST)
    return table.assign(share=table["n"] / table["lines"], many=many)


def told(n: int, lines: int) -> str:
    """The numbers of a warning in words."""
    return (
        f"{n:,} of {counted(lines, 'line')} look{'s' if n == 1 else ''} unlike those coded as right"
    )


def unlike_rows(hits: pd.DataFrame) -> Iterator[tuple[str, str, str, str, int, float, str]]:
    """The findings of `check_lexicon`: per frame always, of patterns and outlets where many do."""
    for row in warnings_of(hits, ["frame"]).itertuples():
        usual = f"{told(row.n, row.lines)}; of these themselves {USUAL:.0%} do"
        why = ": outside the domain that it was coded in? Code lines" if row.many else ""
        yield "unlike", row.frame, "", "", row.n, row.share, usual + why
    for column in ("pattern", "outlet"):
        table = warnings_of(hits, ["frame", column])
        for row in table[table["many"] & (table[column] != "")].itertuples():
            name = getattr(row, column)
            names = (name, "") if column == "pattern" else ("", name)
            yield "unlike", row.frame, *names, row.n, row.share, told(row.n, row.lines)
            if column == "pattern":
                mine = hits[(hits["frame"] == row.frame) & (hits["pattern"] == name)]
                for line in mine.nsmallest(PROPOSED, "score").itertuples():
                    note = f"a line to code: character {line.start} of the article"
                    yield "to code", row.frame, name, str(line.doc_id), 1, np.nan, note
