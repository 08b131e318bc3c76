"""Targets: which tokens and hits are near a mention of whom, by the rule of docs/rules.md."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy import sparse

from analysis.counting.checking import refuse_columns, sums_of_tokens
from analysis.counting.languages import Languages, languages_of, other_languages
from analysis.counting.targets.mentions import Ids, Mentions, Window
from analysis.errors import CountsError, LexiconError
from analysis.lexicons.lexicon import Lexicon, as_lexicon
from analysis.lexicons.matching import Hits, count_hits, find_hits
from analysis.lexicons.patterns import frame_name, text_rules
from analysis.tokens import GAP_SENTENCE, TermRules, TokenStream, tokenize, tokenize_to_count
from analysis.tokens.characters import LINE_BREAKS
from analysis.tokens.texts import arrow_strings, ranges

Shared = Literal["all", "nearest"]
AND = " + "  # between the names of a set of targets


@dataclass(frozen=True)
class Targets:
    """Whom hits are bound to, the names that tables have for them, and how near they must be."""

    lexicon: Lexicon
    names: tuple[str, ...]
    window: Window = 10
    shared: Shared = "all"

    @classmethod
    def of(
        cls, targets: "TargetLexicon | None", window: Window, shared: Shared
    ) -> "Targets | None":
        """Check what a user gives; names in a mapping stay as they are written."""
        if targets is None or isinstance(targets, Targets):
            return targets
        whole = isinstance(window, int) and not isinstance(window, bool) and window >= 0
        if not whole and window not in ("sentence", "paragraph"):
            raise CountsError(
                f"window={window!r}: allowed are a number of tokens, 'sentence' and 'paragraph'."
            )
        if shared not in ("all", "nearest"):
            raise CountsError(f"shared={shared!r}: allowed are 'all' and 'nearest'.")
        given: dict[str, str] = {}
        if isinstance(targets, Mapping):
            given = {frame_name(name): name for name in targets}
            targets = Lexicon.from_dict(targets, name="targets")
        if isinstance(targets, list | tuple):
            raise CountsError(
                f"targets={targets!r}: give each a name, such as {{'Russia': ['russia*']}}."
            )
        known = as_lexicon(targets)
        names = tuple(given.get(frame, frame) for frame in known.frames)
        if wrong := [name for name in names if AND in name]:
            raise LexiconError(
                f"targets: {wrong[0]!r} has {AND!r} in it, which joins the names of several; "
                "give it another name."
            )
        return cls(known, names, window, shared)

    @property
    def label(self) -> str:
        """The targets' lexicon, and how near they must be, for counts that were made with them."""
        near = f"window {self.window}" + ", nearest" * (self.shared == "nearest")
        return f"{self.lexicon.label}, {near}"

    @property
    def question(self) -> tuple[object, ...]:
        """All that changes counts."""
        return self.lexicon.fingerprint, self.names, self.window, self.shared


# Targets have their window themselves.
TargetLexicon = Lexicon | Mapping[str, Iterable[str]] | str | Path | Targets


class Pieces(NamedTuple):
    """The texts cut into pieces: the tokens of a text, and the hits, with the same set of targets.

    text : the text of each piece
    places, bounds : the tokens of piece k are ``places[bounds[k]:bounds[k + 1]]``
    hit : the piece of each hit
    piece, target : one entry for each target of each piece; -1 where it has none
    label : the names of all targets of each piece, missing where it has none
    """

    text: Ids
    places: Ids
    bounds: Ids
    hit: Ids
    piece: Ids
    target: Ids
    label: NDArray[np.object_]

    def documents(self, articles: pd.DataFrame, targets: Targets) -> pd.DataFrame:
        """A row for each target of each piece."""
        # Which of an article's rows, such as its voices, the piece is of: see `once`.
        part = articles.groupby("doc_id", sort=False).cumcount().to_numpy(np.int64)
        row = self.text[self.piece]
        names = np.array([*targets.names, None], dtype=object)[self.target]
        return articles.iloc[row].reset_index(drop=True).assign(
            part=part[row],
            target=pd.array(names, dtype="str"),
            targets=pd.array(self.label[self.piece], dtype="str"),
        )  # fmt: skip


def once(documents: pd.DataFrame, by: Iterable[str]) -> NDArray[np.bool_] | None:
    """Which rows to count, so that what is near several targets counts once in a group.

    None where nothing is there twice.
    """
    names = dict.fromkeys(("doc_id", "part", "targets", *by))
    twice = documents[list(names)].duplicated().to_numpy(bool)
    return ~twice if twice.any() else None


Fields = tuple[pd.DataFrame, pd.Index, sparse.csr_array, pd.DataFrame, sparse.csr_array]


def count_near(
    articles: pd.DataFrame, lexicon: Lexicon | None, rules: TermRules, targets: Targets
) -> tuple[Fields, Languages]:
    """Documents, terms, counts, hit types, hits: a row a target of a piece; `other_languages`."""
    refuse_columns(articles, ("part", "target", "targets"))
    articles = named_alike(articles, targets)
    texts: Any = articles["text"]
    if targets.window == "paragraph":
        texts, owner = split_paragraphs(texts)
    stream, count = tokenize_to_count(texts, rules)
    paragraphs = stream.bounds
    if targets.window == "paragraph":
        stream = joined_paragraphs(stream, owner)
    languages = None if lexicon is None else languages_of(articles, lexicon)
    hits = find_hits(stream, lexicon or Lexicon("none", {}), rules, languages)
    if lexicon is not None and languages is not None:
        articles = articles.assign(language=languages)
    pieces = cut(stream, hits, targets, rules, paragraphs)
    terms, counts = count(pieces.places, pieces.bounds)
    others = other_languages(articles.iloc[pieces.text], lexicon, terms, counts)
    counts = counts[pieces.piece]
    documents = pieces.documents(articles.drop(columns=["text", "title"], errors="ignore"), targets)
    documents = documents.assign(n_tokens=sums_of_tokens(terms, counts, rules))
    hits = replace(hits, article=pieces.hit)
    types, found = count_hits(replace(stream, bounds=pieces.bounds), hits)
    return (documents, terms, counts, types, found[pieces.piece]), others


def named_alike(articles: pd.DataFrame, targets: Targets) -> pd.DataFrame:
    """The articles, with the target's name for each source whose whole name is a mention of it."""
    if "source" not in articles:
        return articles
    names = sorted(set(articles["source"].dropna()))
    stream = tokenize(pd.Series(names, dtype="str"))
    hits = find_hits(stream, replace(targets.lexicon, negators=()))
    whole = hits.first == stream.bounds[hits.article]
    whole &= hits.last + 1 == stream.bounds[hits.article + 1]
    found = pd.Series(hits.frame[whole], hits.article[whole])
    found = found[~found.index.duplicated(keep=False)]  # a name that is two targets' is neither's
    alike = {names[name]: targets.names[frame] for name, frame in found.items()}
    return articles.assign(source=articles["source"].replace(alike))


def near_each(
    stream: TokenStream, hits: Hits, targets: Targets, texts: Any, rules: TermRules
) -> pd.Series:
    """The names of the targets that each hit is near, missing where there is none."""
    paragraphs = stream.bounds
    if targets.window == "paragraph":
        paragraphs = tokenize(split_paragraphs(texts)[0], text_rules(rules)).bounds
    pieces = cut(stream, hits, targets, rules, paragraphs)
    return pd.Series(pieces.label[pieces.hit], dtype="str")


def split_paragraphs(texts: Any) -> tuple[pa.Array, Ids]:
    """The paragraphs of all texts, and which are each text's; a line break ends a paragraph."""
    whole = pa.chunked_array([a.cast(pa.large_string()) for a in arrow_strings(texts)])
    lines = pc.split_pattern_regex(whole.combine_chunks(), f"[{LINE_BREAKS}]+")
    return lines.flatten(), np.append(0, np.cumsum(pc.list_value_length(lines))).astype(np.int64)


def joined_paragraphs(stream: TokenStream, owner: Ids) -> TokenStream:
    """A stream of paragraphs as one of texts."""
    inner = stream.bounds[stream.bounds < len(stream.ids)]
    gaps = stream.gaps.copy()
    gaps[inner] = GAP_SENTENCE
    bounds = stream.bounds[owner]
    gaps[bounds[bounds < len(gaps)]] = 0
    return replace(stream, bounds=bounds, gaps=gaps)


def cut(
    stream: TokenStream, hits: Hits, targets: Targets, rules: TermRules, paragraphs: Ids
) -> Pieces:
    """Cut the texts of a stream by targets; `paragraphs` are the bounds of these."""
    spans = paragraphs
    if targets.window == "sentence":
        begins = np.flatnonzero(stream.gaps == GAP_SENTENCE)
        spans = np.unique(np.concatenate([begins, stream.bounds]))
    elif targets.window != "paragraph":
        spans = stream.bounds
    found = find_hits(stream, replace(targets.lexicon, negators=()), rules)
    order = np.lexsort((found.first, found.frame))
    mentions = Mentions(found.frame[order], found.first[order], found.last[order], spans)
    target, start, stop = mentions.windows(targets.window)
    cuts = np.unique(np.concatenate([stream.bounds, start, stop]))
    if targets.shared == "nearest":
        # Between two targets each token is a piece by itself.
        depth = np.zeros(cuts[-1] + 1, np.int64)
        np.add.at(depth, start, 1)
        np.add.at(depth, stop, -1)
        cuts = np.union1d(cuts, np.flatnonzero(np.cumsum(depth) > 1))
    # Which windows each segment between two cuts is in.
    lo, hi = np.searchsorted(cuts, start), np.searchsorted(cuts, stop)
    segment, window = ranges(lo, hi - lo), np.repeat(np.arange(len(start)), hi - lo)
    window = window[np.lexsort((target[window], segment))]
    held = np.append(0, np.cumsum(np.bincount(segment, minlength=len(cuts) - 1)))
    # Segments and hits alike belong to the windows that hold the whole of them.
    first = np.concatenate([cuts[:-1], hits.first])
    last = np.concatenate([cuts[1:] - 1, hits.last])
    at = np.searchsorted(cuts, first, side="right") - 1
    size = np.diff(held)[at]
    item, window = np.repeat(np.arange(len(at)), size), window[ranges(held[at], size)]
    whole = last[item] < stop[window]
    item, member = item[whole], target[window[whole]]
    if targets.shared == "nearest":
        far = mentions.distance(member, first[item], last[item])
        least = np.full(len(at), np.iinfo(np.int64).max)
        np.minimum.at(least, item, far)
        item, member = item[far == least[item]], member[far == least[item]]
    return _pieces(stream, cuts, at, item, member, targets.names)


def _pieces(
    stream: TokenStream, cuts: Ids, at: Ids, item: Ids, member: Ids, names: tuple[str, ...]
) -> Pieces:
    """Put together the segments, and hits, of a text that belong to the same targets."""
    size = np.bincount(item, minlength=len(at))
    begin = np.cumsum(size) - size
    codes = np.zeros(len(at), np.int64)
    for place in range(int(size.max(initial=0))):
        has = size > place
        following = np.zeros(len(at), np.int64)
        following[has] = member[begin[has] + place] + 1
        codes = np.unique(codes * (len(names) + 1) + following, return_inverse=True)[1]
    # Texts without tokens are pieces, too; without any target, whose code is the least.
    empty = np.flatnonzero(np.diff(stream.bounds) == 0)
    text = np.searchsorted(stream.bounds, cuts[at], side="right") - 1
    n_codes = int(codes.max(initial=0)) + 1
    least = int(codes[size == 0].min(initial=0))
    keys = np.append(text * n_codes + codes, empty * n_codes + least)
    found, example, piece = np.unique(keys, return_index=True, return_inverse=True)
    of_segment, of_hit = piece[: len(cuts) - 1], piece[len(cuts) - 1 : len(at)]
    order = np.argsort(of_segment, kind="stable")
    places = ranges(cuts[:-1][order], np.diff(cuts)[order])
    bounds = np.append(
        0, np.cumsum(np.bincount(of_segment, np.diff(cuts), minlength=len(found)))
    ).astype(np.int64)
    # An entry a target: -1 for those without any.
    size, begin = (np.append(of, 0 * empty)[example] for of in (size, begin))
    row = np.repeat(np.arange(len(found)), np.maximum(size, 1))
    target = np.full(len(row), -1, np.int64)
    target[size[row] > 0] = member[ranges(begin, size)]
    label = _labels(size, target, row, names)
    return Pieces(found // n_codes, places, bounds, of_hit, row, target, label)


def _labels(size: Ids, target: Ids, row: Ids, names: tuple[str, ...]) -> NDArray[np.object_]:
    """The names of the targets of each piece."""
    label = np.full(len(size), None, dtype=object)
    several = np.array([*names, None], dtype=object)[target]
    first = np.append(0, np.cumsum(np.maximum(size, 1))[:-1])[: len(size)]
    label[:] = several[first]
    for place in range(1, int(size.max(initial=0))):
        more = size > place
        label[more] += AND + several[first[more] + place]
    return label
