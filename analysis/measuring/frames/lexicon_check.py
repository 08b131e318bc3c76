"""What a lexicon finds in a corpus that its author may not have meant."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.articles import check_table
from analysis.counting.document_terms import DocumentTerms
from analysis.counting.groups import each_once
from analysis.counting.languages import languages_of
from analysis.errors import CountsError
from analysis.formatting import counted
from analysis.lexicons.lexicon import Lexicon, counted_with
from analysis.lexicons.matching import find_hits
from analysis.lexicons.patterns import EXCLUSION, Pattern, parse_patterns, text_rules
from analysis.measuring.coding.contexts import shipped_contexts, unlike_hits, unlike_rows
from analysis.tokens import GAP_SENTENCE, tokenize

COLUMNS = ("finding", "frame", "pattern", "term", "n", "share", "note")
# A pattern with more than this share of its frame's hits is reported.
DOMINANT = 0.5
NEIGHBOURS = 5
# This many of the most frequent terms occur next to everything, and are not reported.
COMMON = 100
# Endings of derived words that Snowball does not remove: threat-en, retaliat-ory, coerc-ion,
# санкци-онный.
_ENDINGS = {
    "english": ("en", "er", "ion", "ish", "ism", "ist", "iv", "less", "ori", "ri", "ship"),
    "russian": ("он", "онн", "н", "нн", "енн", "тельн", "ств", "ск", "ическ", "ичн"),
}
_VOWELS = set("aeiouyàâäéèêëîïôöûüаеёиоуыэюяьъ")

Row = tuple[str, str, str, str, int, float, str]


def check_lexicon(
    lexicon: Lexicon, counts: DocumentTerms, articles: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Report what in a lexicon needs a second look, given a corpus.

    Parameters
    ----------
    lexicon : Lexicon
    counts : DocumentTerms
        Counted with this lexicon.
    articles : DataFrame, optional
        The articles that were counted, for contexts and neighbours.

    Returns
    -------
    DataFrame
        ``finding, frame, pattern, term, n, share, note``, one row per finding:

        - ``scope``: what the lexicon says of its domain and of how its hits were coded;
        - ``unlike``: hits (up to 500 a pattern) whose contexts look unlike those of hits coded as
          right, for a lexicon that comes with such weights: per frame, and per pattern and outlet
          (in ``term``) where they are many;
        - ``to code``: one of the lines of such a pattern that it would help most to code;
        - ``no match``: the pattern has no hits;
        - ``overlapped``: it has none because more specific patterns of its frame are credited;
        - ``elided``: a term such as "l'accord" that ``accord*`` does not match, and its `n` in the
          corpus;
        - ``dominant``: the pattern has over half (`share`) of its frame's hits;
        - ``two frames``: the term counts for two frames;
        - ``stranger``: the term begins like the pattern, but its Snowball stem is another, as in
          ``deter*`` and "detergent" (not every one is wrong); `share` is of the pattern's hits;
        - ``negated``: hits of the frame after a negator;
        - ``neighbour``: one of the five words that most often come directly before or after the
          pattern's hits, without the 100 most frequent words of the corpus.

    Raises
    ------
    CountsError
        If the counts were made with another lexicon.

    Examples
    --------
    >>> from analysis import check_articles, document_terms
    >>> text = "Talks went on. A talking shop, and a talkative one."
    >>> row = {"doc_id": "a", "outlet": "Gazette", "date": "2021-03-14", "text": text}
    >>> lexicon = Lexicon.from_dict({"dialogue": ["talk*", "summit*"]}, language="english")
    >>> counts = document_terms(check_articles(pd.DataFrame([row])), lexicon=lexicon)
    >>> check_lexicon(lexicon, counts)[["finding", "pattern", "term", "n"]]
        finding  pattern       term  n
    0  no match  summit*             0
    1  dominant    talk*             3
    2  stranger    talk*  talkative  1
    """
    if not isinstance(counts, DocumentTerms):
        raise CountsError(
            f"a lexicon is checked against counts per article, not {type(counts).__name__}: "
            "document_terms(articles, lexicon=lexicon)."
        )
    if not counts.lexicon.endswith(lexicon.fingerprint[:8]):
        raise CountsError(
            f"these counts were {counted_with(counts.lexicon)}, not with {lexicon.label!r}. "
            "Count the articles again: document_terms(articles, lexicon=lexicon)."
        )
    counts = each_once(counts, ())
    hits = counts.hit_types.assign(n=np.asarray(counts.hits.sum(axis=0)).ravel().astype(np.int64))
    parts = [_unmatched, _dominant, _in_two_frames, _strangers, _negated]
    rows = [("scope", "", "", "", 0, np.nan, lexicon.scope)] if lexicon.scope else []
    articles = None if articles is None else check_table(articles, "doc_id", "text")
    weights = shipped_contexts(lexicon)
    if weights is not None and articles is not None and len(articles):
        rows += unlike_rows(unlike_hits(lexicon, weights, articles, counts.rules))
    rows += [row for part in parts for row in part(lexicon, hits)]
    rows += _elided(lexicon, counts, hits)
    if articles is not None:
        rows += _neighbours(lexicon, counts, articles, hits)
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    return table.astype({"n": "int64", "share": "float64"})


def _unmatched(lexicon: Lexicon, hits: pd.DataFrame) -> Iterator[Row]:
    """Patterns without hits: because the corpus has none, or because others are credited."""
    for frame, patterns in lexicon.frames.items():
        mine = hits[hits["frame"] == frame].drop_duplicates(["pattern", "match"])
        stream = tokenize(mine["match"].tolist())
        for pattern in patterns:
            if pattern.startswith(EXCLUSION) or (mine["pattern"] == pattern).any():
                continue
            alone = find_hits(stream, Lexicon.from_dict({frame: [pattern]}))
            others = sorted(set(mine["pattern"].iloc[alone.article]))
            if others:
                note = f"credited to {', '.join(others)}"
                yield "overlapped", frame, pattern, "", 0, np.nan, note
            else:
                yield "no match", frame, pattern, "", 0, np.nan, "it matches nothing"


def _dominant(lexicon: Lexicon, hits: pd.DataFrame) -> Iterator[Row]:
    totals = hits.groupby("frame")["n"].sum()
    sums = hits.groupby(["frame", "pattern"], as_index=False)["n"].sum()
    for frame, pattern, n in sums.itertuples(index=False):
        share = n / totals[frame]
        if share > DOMINANT and len(lexicon.frames[frame]) > 1:
            yield "dominant", frame, pattern, "", n, share, "has over half of its frame"


def _in_two_frames(lexicon: Lexicon, hits: pd.DataFrame) -> Iterator[Row]:
    """Terms of two frames, unless one frame is nested in the other and so holds its terms."""
    sums = hits.groupby(["match", "frame", "pattern"], as_index=False)["n"].sum()
    totals = hits.groupby("frame")["n"].sum()
    for match, rows in sums.groupby("match"):
        for frame, pattern, n in rows[["frame", "pattern", "n"]].itertuples(index=False):
            others = [
                other
                for other in rows["frame"].unique()
                if not f"{frame}/".startswith(f"{other}/")
                and not f"{other}/".startswith(f"{frame}/")
            ]
            if others:
                note = f"counts for {', '.join(others)} too"
                yield "two frames", frame, pattern, match, n, n / totals[frame], note


def _negated(lexicon: Lexicon, hits: pd.DataFrame) -> Iterator[Row]:
    if not lexicon.negators:
        return
    for frame in lexicon.frames:
        mine = hits[hits["frame"] == frame]
        negated, total = int(mine.loc[mine["negated"], "n"].sum()), int(mine["n"].sum())
        share = negated / total if total else np.nan
        yield "negated", frame, "", "", negated, share, f"of {counted(total, 'hit')}"


def _strangers(lexicon: Lexicon, hits: pd.DataFrame) -> Iterator[Row]:
    """Words whose stem is neither that of the wildcard's core nor a known ending longer."""
    from nltk.stem.snowball import SnowballStemmer

    if lexicon.language not in SnowballStemmer.languages:
        known = ", ".join(sorted({*SnowballStemmer.languages} - {"porter"}))
        why = f"Snowball has no stems of {lexicon.language!r}; it has {known}"
        why = why if lexicon.language else "add the language to _about, such as language: english"
        yield "stranger", "", "", "", 0, np.nan, f"not looked for: {why}"
        return
    stem = SnowballStemmer(lexicon.language).stem
    endings = _ENDINGS.get(lexicon.language, ())
    sums = hits.groupby(["frame", "pattern", "match"], as_index=False)["n"].sum()
    totals = hits.groupby(["frame", "pattern"])["n"].sum()
    parsed = {p.source: p for p in parse_patterns(list(sums["pattern"].unique()))}
    for frame, pattern, match, n in sums.sort_values(
        ["frame", "pattern", "n", "match"], ascending=[True, True, False, True]
    ).itertuples(index=False):
        for core, word in _cores(parsed[pattern], match):
            if not _is_kin(core, stem(word), endings):
                share = n / totals[frame, pattern]
                note = f"{word!r} does not stem to {core!r}"
                yield "stranger", frame, pattern, match, n, share, note


def _elided(lexicon: Lexicon, counts: DocumentTerms, hits: pd.DataFrame) -> Iterator[Row]:
    """Terms that a pattern would match but for an article before an apostrophe: "l'accord"."""
    tails = {
        term: term.partition("'")[2] for term in counts.terms if "'" in term and " " not in term
    }
    terms = [term for term, tail in tails.items() if len(tail) > 2]
    stream = tokenize([tails[term] for term in terms])
    total = dict(zip(counts.terms, np.asarray(counts.counts.sum(axis=0)).ravel(), strict=True))
    for frame, patterns in lexicon.frames.items():
        words = [p for p in patterns if not p.startswith(EXCLUSION) and " " not in p]
        known = set(hits.loc[hits["frame"] == frame, "match"])
        if not words:
            continue
        found = find_hits(stream, Lexicon.from_dict({frame: words}))
        missed = {(str(found.patterns[pattern]), terms[place])
                  for place, pattern in zip(found.article, found.pattern, strict=True)
                  if terms[place] not in known}  # fmt: skip
        for pattern, term in sorted(missed, key=lambda pair: (pair[0], -total[pair[1]], pair[1])):
            note = f'one token, and no hit: add "*\'{pattern}" to count such terms'
            yield "elided", frame, pattern, term, int(total[term]), np.nan, note


def _cores(pattern: Pattern, match: str) -> Iterator[tuple[str, str]]:
    """Pair the letters before each closing ``*`` with the word that the pattern took."""
    words = match.split() if " " in match or len(pattern.words) == 1 else match.split("-")
    if len(words) != len(pattern.words):
        return
    for glob, word in zip(pattern.words, words, strict=True):
        core = glob.removesuffix("*")
        if core and core != glob and "*" not in core and "?" not in core:
            yield core, word


def _is_kin(core: str, stem: str, endings: tuple[str, ...]) -> bool:
    if core.startswith(stem):
        return True
    if not stem.startswith(core):
        return False
    rest = stem[len(core) :]
    return set(rest) <= _VOWELS or rest == core[-1] or rest in endings


def _neighbours(
    lexicon: Lexicon, counts: DocumentTerms, articles: pd.DataFrame, hits: pd.DataFrame
) -> Iterator[Row]:
    """Yield the words that most often occur directly before or after each pattern's hits."""
    stream = tokenize(articles["text"], text_rules(counts.rules))
    found = find_hits(stream, lexicon, counts.rules, languages_of(articles, lexicon))
    breaks = np.concatenate([stream.gaps == GAP_SENTENCE, [True]])
    breaks[stream.bounds] = True
    before = ~breaks[found.first]
    after = ~breaks[found.last + 1]
    table = pd.DataFrame(
        {
            "frame": np.concatenate([found.frame[before], found.frame[after]]),
            "pattern": np.concatenate([found.pattern[before], found.pattern[after]]),
            "term": stream.ids[np.concatenate([found.first[before] - 1, found.last[after] + 1])],
        }
    )
    size = np.bincount(stream.ids, minlength=len(stream.terms))
    common = np.argsort(-size, kind="stable")[:COMMON]
    table = table[~table["term"].isin(common)]
    sums = table.groupby(["frame", "pattern", "term"], as_index=False).size()
    sums = sums.sort_values(
        ["frame", "pattern", "size", "term"], ascending=[True, True, False, True]
    )
    totals = hits.groupby(["frame", "pattern"])["n"].sum()
    for frame, pattern, term, n in (
        sums.groupby(["frame", "pattern"]).head(NEIGHBOURS).itertuples(index=False)
    ):
        names = found.frames[frame], found.patterns[pattern]
        yield "neighbour", *names, stream.terms[term], n, n / totals[names], "next to it"
