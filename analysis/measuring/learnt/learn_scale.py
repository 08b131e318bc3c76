"""A scale learnt from a corpus: how far each word leans to one list of seed words or the other."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import LexiconError
from analysis.formatting import counted, significant
from analysis.lexicons.frames import checked_frames
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.intervals import ROUNDING
from analysis.measuring.learnt.sentences import RULES, Batches, Ints, Unit
from analysis.measuring.learnt.space import Weighting, WordSpace, word_space
from analysis.tokens import TermRules

# A seed with fewer occurrences is called rare: its direction is that of a few sentences.
RARE = 50
NEAREST = 20
_log = logging.getLogger("analysis")


@dataclass(frozen=True, eq=False, repr=False)
class LearntScale(Lexicon):
    """A lexicon of weights that `learn_scale` gives; saved, it is a `Lexicon`, without text.

    Attributes
    ----------
    seeds : DataFrame
        ``frame, seed, terms, n, weight, own, other, note``: the terms that a seed matches and their
        occurrences, its own weight, its mean cosine with the other seeds of its side and with those
        of the other side, and what is wrong with it.
    nearest : DataFrame
        ``frame, term, n, weight``: the words that lean most to either side.
    variance : float
        The share of the sum of squares of the matrix that the dimensions hold.
    warnings : tuple of str
    space : WordSpace

    Examples
    --------
    >>> from analysis import learn_scale
    >>> texts = ["Threats and sanctions.", "Sanctions, new threats.", "Talks of peace.",
    ...          "Peace by talks."] * 5
    >>> frame = pd.DataFrame({"text": texts, "outlet": "Gazette", "doc_id": range(20)})
    >>> learnt = learn_scale(frame, {"pressure": ["threat*"], "parley": ["talks"]})
    >>> learnt.seeds[["frame", "seed", "n"]].values.tolist()
    [['pressure', 'threat*', 10], ['parley', 'talks', 10]]
    """

    seeds: pd.DataFrame = field(default_factory=pd.DataFrame)
    nearest: pd.DataFrame = field(default_factory=pd.DataFrame)
    variance: float = np.nan
    warnings: tuple[str, ...] = ()
    space: Any = None

    def with_seeds(self, seeds: Mapping[str, Sequence[str]]) -> "LearntScale":
        """The scale of other seeds, in the space that was learnt; its words are the same."""
        [(name, words)] = self.frames.items()
        return _scale_of(self.space, seeds, name, words)

    def without_seed(self, frame: str, seed: str) -> "LearntScale":
        """The scale without one of its seeds."""
        sides = {
            side: [s for s in mine["seed"] if (side, s) != (frame, seed)]
            for side, mine in self.seeds.groupby("frame", sort=False)
        }
        return self.with_seeds(sides)


def learn_scale(
    articles: Batches,
    seeds: Mapping[str, Sequence[str]],
    *,
    unit: Unit = "sentence",
    dimensions: int = 300,
    terms: Iterable[str] | None = None,
    weighting: Weighting = "count",
    rules: TermRules = RULES,
    min_count: int = 5,
    seed: int = 0,
) -> LearntScale:
    """Learn from a corpus how far each word leans to one list of seeds or the other.

    With v_t the right singular vectors' row of the term t in the matrix of sentences by terms,
    and A and B the terms of the two sides' seeds::

        weight_t = mean_{a in A} cos(v_t, v_a) - mean_{b in B} cos(v_t, v_b)

    This is latent semantic scaling (Watanabe 2021, Communication Methods and Measures 15, 81-102),
    as LSX computes it with the weights "count". Words that are used alike lean alike, whether or
    not they ever meet. The result is the same to the byte for any number of threads and any size
    of batches.

    Parameters
    ----------
    articles : DataFrame, or iterable of batches
        The articles table, or what `scan_articles` yields, which is read once: memory holds the
        vocabulary and its directions, and the tokens are in a temporary file.
    seeds : mapping of two frames to patterns of single words
        The first has the positive weights. A pattern with wildcards stands for all its terms.
    unit : {"sentence", "article"}
        Words of the same one are used alike.
    dimensions : int
        At most a quarter of the terms: a warning says so.
    terms : iterable of str, optional
        Patterns of the words that get a weight; without it, all of the vocabulary.
    weighting : {"count", "equal"}
        Counts as they are, as LSX takes them; or so that every term's squares have the same sum:
        better for rare words (docs/benchmarks/scale.md).
    rules : TermRules
        What is a term; by default stop words and numbers are left out.
    min_count : int
        Words that occur less often are not learnt.
    seed : int
        Draws where the search for the dimensions starts, which converges to the same.

    Returns
    -------
    LearntScale
        A weighted lexicon with one frame, ``<a>_against_<b>``, for `scale`, `trend` and
        `compare_groups`; with ``seeds``, ``nearest``, ``variance`` and ``warnings``: seeds that are
        missing or rare, or lie on the other side, and seeds that do not hold together.

    Raises
    ------
    LexiconError
        If there are not two lists of seeds, or none of a list is in the corpus.
    CountsError
        If no term is frequent enough, or an argument is not one of the allowed values.

    Examples
    --------
    >>> from analysis import check_articles, learn_scale
    >>> texts = ["Threats and sanctions.", "Sanctions, new threats.", "Talks of peace.",
    ...          "Peace by talks."] * 5
    >>> frame = pd.DataFrame({"text": texts, "outlet": "Gazette", "date": "2021-03-14"})
    >>> articles = check_articles(frame.assign(doc_id=range(20)))
    >>> learnt = learn_scale(articles, {"pressure": ["threat*"], "parley": ["talks"]})
    >>> sorted(learnt.nearest.query("frame == 'parley'")["term"])
    ['peace', 'talks']
    """
    sides, _ = checked_frames(seeds, "seeds")
    if len(sides) != 2:
        raise LexiconError(
            f"seeds has {counted(len(sides), 'list')}, {', '.join(sides)}: a scale has two ends, "
            "such as {'deterrence': ['sanctions', 'threat*'], 'dialogue': ['talks']}."
        )
    space, _ = word_space(articles, unit, dimensions, weighting, rules, min_count, seed)
    name = "{}_against_{}".format(*sides)
    if terms is None:
        words = space.terms[np.any(space.directions, axis=1)]
    else:
        places = space.places([terms] if isinstance(terms, str) else terms)
        if missing := [pattern for pattern, found in places.items() if not len(found)]:
            _log.warning("learn_scale: no term is matched by terms=%s.", missing)
        words = space.terms[np.unique(np.concatenate([*places.values(), np.zeros(0, np.int64)]))]
    learnt = _scale_of(space, sides, name, tuple(words))
    for warning in learnt.warnings:
        _log.warning("learn_scale: %s", warning)
    return learnt


def _scale_of(
    space: WordSpace, sides: Mapping[str, Sequence[str]], name: str, words: Sequence[str]
) -> LearntScale:
    """The scale of these seeds in a space."""
    found = {frame: space.places(patterns) for frame, patterns in sides.items()}
    members: list[Ints] = []
    for frame, places in found.items():
        members.append(np.concatenate([*places.values(), np.zeros(0, np.int64)]))
        if not len(members[-1]):
            raise LexiconError(
                f"seeds: no word of {frame!r} is in the corpus often enough ({', '.join(places)})."
            )
    a, b = (space.directions[terms].mean(axis=0) for terms in members)
    weights = space.directions @ (a - b)
    table = _seed_table(space, found, members, weights)
    warnings = [space.note] if space.note else []
    warnings += [f"the seed {row.seed!r} of {row.frame!r} {row.note}"
                for row in table.itertuples() if row.note]  # fmt: skip
    for frame, mine in table.groupby("frame", sort=False):
        if len(mine) > 1 and not mine["own"].mean() > mine["other"].mean():
            warnings.append(f"the seeds of {frame!r} do not hold together: they are no closer to "
                            "each other than to those of the other side")  # fmt: skip
    chosen = np.searchsorted(space.terms, np.array(list(words), object))
    value = {str(space.terms[term]): significant(float(weights[term])) for term in chosen}
    ends = []
    for frame, order in zip(sides, (-weights, weights), strict=True):
        first = chosen[np.argsort(order[chosen], kind="stable")[:NEAREST]]
        first = first[order[first] < -ROUNDING]
        ends.append(pd.DataFrame({"frame": frame, "term": space.terms[first], "n": space.n[first],
                                  "weight": weights[first]}))  # fmt: skip
    said = "; ".join(f"{frame}: {', '.join(patterns)}" for frame, patterns in sides.items())
    rule = (
        f"Learnt from {counted(space.articles, 'article')} "
        f"({counted(space.sentences, 'sentence')}, {space.directions.shape[1]} dimensions with "
        f"{space.variance:.1%} of the variance). Seeds: {said}."
    )
    return LearntScale(
        name.replace("_", " "), {name: tuple(value)}, weights={name: value}, rules={name: rule},
        coding="not coded: the weights are learnt", seeds=table, warnings=tuple(warnings),
        nearest=pd.concat(ends, ignore_index=True), variance=space.variance, space=space,
    )  # fmt: skip


def _seed_table(
    space: WordSpace, found: Mapping[str, Mapping[str, Ints]], members: Sequence[Ints],
    weights: np.ndarray,
) -> pd.DataFrame:  # fmt: skip
    rows = []
    for side, (frame, places) in enumerate(found.items()):
        for pattern, terms in places.items():
            row: dict[str, Any] = {"frame": frame, "seed": pattern, "terms": len(terms), "n": 0}
            row |= dict.fromkeys(("weight", "own", "other"), np.nan)
            note = "is missing"
            if len(terms):
                centre = space.directions[terms].mean(axis=0)
                others = np.setdiff1d(members[side], terms)
                row["n"] = int(space.n[terms].sum())
                row["weight"] = float(weights[terms].mean())
                if len(others):
                    row["own"] = float((space.directions[others] @ centre).mean())
                row["other"] = float((space.directions[members[1 - side]] @ centre).mean())
                note = f"is rare (it occurs {row['n']} times)" if row["n"] < RARE else ""
                if row["other"] > row["own"] or row["weight"] * (1 - 2 * side) <= 0:
                    note = "; ".join(filter(None, ["lies on the other side", note]))
            rows.append(row | {"note": note})
    return pd.DataFrame(rows)
