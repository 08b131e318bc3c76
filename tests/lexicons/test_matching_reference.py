"""The matcher against a slow one that follows the written rules word by word."""

import fnmatch
from collections import Counter
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.lexicons.lexicon import Lexicon
from analysis.lexicons.matching import count_hits, find_hits
from analysis.tokens import tokenize

WORD = st.sampled_from(["a", "b", "ab", "ba", "a-b", "b-a-b", "no", "not"])
# A full stop after a single letter ends no sentence; an exclamation mark does.
BREAK = st.sampled_from([" ", " ", " ", " ", ", ", "! "])
TEXT = st.lists(st.tuples(WORD, BREAK), max_size=14).map(
    lambda parts: "".join(word + gap for word, gap in parts)
)
PATTERN_WORD = st.sampled_from(["a", "b", "a*", "?b", "*b*", "a-b", "ba"])
PATTERN = st.lists(PATTERN_WORD, min_size=1, max_size=3).map(" ".join)
FRAME = st.tuples(
    st.lists(PATTERN, min_size=1, max_size=4), st.lists(PATTERN.map("-".__add__), max_size=2)
).map(lambda both: [*both[0], *both[1]])
LEXICON = st.builds(
    lambda one, two, window: Lexicon.from_dict(
        {"one": one, "two": two}, negators=["no", "not", "no a", "-not b"], negation_window=window
    ),
    FRAME,
    FRAME,
    st.integers(1, 4),
)


def read(text: str) -> list[tuple[str, int]]:
    """Tokens with their sentence and clause; `tokenize` itself has tests of its own."""
    sentence = clause = 0
    tokens = []
    for part in text.split():
        tokens.append((part.strip("!,"), sentence, clause))
        sentence += part.endswith("!")
        clause += part.endswith(("!", ","))
    return tokens


def ends(words: list[str], tokens: list, at: int) -> set[int]:
    """Last tokens of the matches of a pattern that begin at a token."""
    found = set()
    for taken in range(1, len(words) + 1):
        if not fnmatch.fnmatchcase(tokens[at][0], "-".join(words[:taken])):
            continue
        if taken == len(words):
            found.add(at)
        elif at + 1 < len(tokens) and tokens[at + 1][2] == tokens[at][2]:
            found |= ends(words[taken:], tokens, at + 1)
    return found


def stand(patterns: tuple[str, ...], tokens: list) -> list[tuple[int, int, str]]:
    """Matches of one frame that stand: longest, first, exclusion, most said, by name."""
    candidates = []
    for source in patterns:
        words = source.removeprefix("-").replace("-", " ").split()
        letters = "".join(words)
        wild = letters.count("*") + letters.count("?")
        order = (not source.startswith("-"), -len(words), wild, wild - len(letters), source)
        for first in range(len(tokens)):
            candidates += [(first - last, first, order, last, source)
                           for last in ends(words, tokens, first)]  # fmt: skip
    taken: set[int] = set()
    kept = []
    for _, first, _, last, source in sorted(candidates):
        if taken.isdisjoint(range(first, last + 1)):
            taken |= set(range(first, last + 1))
            kept.append((first, last, source))
    return sorted(hit for hit in kept if not hit[2].startswith("-"))


def is_negated(hit: int, negators: list, tokens: list, window: int) -> bool:
    before = [n for n in negators if n[1] < hit and tokens[n[1]][1] == tokens[hit][1]]
    if not before or hit - before[-1][1] > window:
        return False
    run = 1
    for earlier, later in pairwise(reversed(before)):
        if later[1] + 1 != earlier[0]:
            break
        run += 1
    return run % 2 == 1


def reference(texts: list[str], lexicon: Lexicon) -> list[tuple]:
    hits, offset = [], 0
    for article, text in enumerate(texts):
        tokens = read(text)
        negators = stand(lexicon.negators, tokens)
        for frame, patterns in lexicon.frames.items():
            hits += [
                (article, frame, source, offset + first, offset + last,
                 is_negated(first, negators, tokens, lexicon.negation_window))
                for first, last, source in stand(patterns, tokens)
            ]  # fmt: skip
        offset += len(tokens)
    return sorted(hits)


def table(texts: list[str], lexicon: Lexicon) -> list[tuple]:
    return sorted(find_hits(tokenize(texts), lexicon).to_frame().itertuples(index=False, name=None))


@settings(max_examples=300)
@given(st.lists(TEXT, max_size=3), LEXICON)
def test_hits_are_those_of_the_slow_matcher(texts: list[str], lexicon: Lexicon):
    assert table(texts, lexicon) == reference(texts, lexicon)


@given(st.lists(TEXT, min_size=1, max_size=4), LEXICON, st.randoms(use_true_random=False))
def test_the_hits_of_an_article_do_not_hang_on_the_others(texts, lexicon, random):
    def per_article(order: list[int]) -> dict[int, list]:
        stream = tokenize([texts[i] for i in order])
        rows = find_hits(stream, lexicon).to_frame()
        rows["first"] -= stream.bounds[rows["article"]]
        rows["last"] -= stream.bounds[rows["article"]]
        return {
            article: rows[rows["article"] == place].drop(columns="article").to_numpy().tolist()
            for place, article in enumerate(order)
        }

    shuffled = random.sample(range(len(texts)), len(texts))
    assert per_article(list(range(len(texts)))) == per_article(shuffled)


@given(TEXT, LEXICON, st.randoms(use_true_random=False))
def test_the_order_of_patterns_and_frames_does_not_matter(text, lexicon, random):
    frames = {
        name: random.sample(lexicon.frames[name], len(lexicon.frames[name]))
        for name in reversed(list(lexicon.frames))
    }
    shuffled = Lexicon.from_dict(
        frames, negators=lexicon.negators, negation_window=lexicon.negation_window
    )
    assert shuffled.fingerprint == lexicon.fingerprint
    assert table([text], shuffled) == table([text], lexicon)


@given(st.lists(TEXT, max_size=4), LEXICON)
def test_counts_are_the_hits_added_up(texts: list[str], lexicon: Lexicon):
    stream = tokenize(texts)
    hits = find_hits(stream, lexicon)
    words = stream.terms[stream.ids]
    added = Counter(
        (article, frame, pattern, " ".join(words[first : last + 1]), negated)
        for article, frame, pattern, first, last, negated in hits.to_frame().to_numpy()
    )
    types, counts = count_hits(stream, hits)
    rows = list(types.itertuples(index=False, name=None))
    assert rows == sorted(set(rows))
    counted = {
        (article, *rows[column]): n
        for article, column, n in zip(*counts.tocoo().coords, counts.tocoo().data, strict=True)
    }
    assert counted == added
