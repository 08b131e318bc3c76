"""A growing vocabulary: the strings of all tokens seen, and the terms that they fold into."""

from collections.abc import Iterator
from functools import cache
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from analysis.tokens import kernel, tally
from analysis.tokens.characters import GAP_CAPITAL, GAP_SENTENCE, GAP_STOP, gap_steps, kinds
from analysis.tokens.compiled import said_if_slow
from analysis.tokens.ngrams import with_ngrams
from analysis.tokens.rules import TermRules, finish, normalize
from analysis.tokens.sentence_ends import all_begin, all_leave_open
from analysis.tokens.texts import Ids, Places, Rows, Tokens, text_blocks
from analysis.tokens.unspaced import can_cut, expanded, pieces, unspaced, warn_uncut

# Places of terms that have not been counted yet, and of those that were in another round.
_NEVER, _BEFORE = -2, -1
_INT32_MAX = np.iinfo(np.int32).max
_UNKNOWN = 2
# Strings with letters of scripts without spaces, and those of them that are no words.
_UNSPACED, _CUT = 1, 2


class Vocabulary:
    """Gives strings and terms their ids; both kinds share one table.

    Attributes
    ----------
    words : int32 array
        The normalized string of each string id: nothing is stemmed or left out.
    target : int32 array
        The term of each string id, or -1 where the rules leave the string out.
    """

    def __init__(self, rules: TermRules) -> None:
        compile_kernel()
        self.rules = rules
        self.words: Ids = np.empty(0, np.int32)
        self.target: Ids = self.words
        # Whether a full stop after each string leaves its sentence open.
        self._open: NDArray[np.uint8] = np.empty(0, np.uint8)
        # Which strings have letters of scripts without spaces, as soon as one has.
        self._unspaced: NDArray[np.uint8] = np.empty(0, np.uint8)
        self._uncut = self._looked_at = 0
        self._table = kernel.new_table()
        self._slots: Ids = np.empty(0, np.int32)
        self._used = 0

    def scan(self, texts: Any, *, gaps: bool = False, offsets: bool = False) -> Iterator[Tokens]:
        """Find the tokens of the texts, and fold the strings that are new, block by block."""
        for data, bounds in text_blocks(texts):
            tokens = self._cut(self._scan(data, bounds, gaps, offsets))
            self._fold()
            yield self._resolve_stops(tokens) if gaps else tokens
        if self._uncut:
            warn_uncut(self._uncut)

    def count(self, tokens: Tokens) -> Rows:
        """Count the terms, and on request the n-grams, of each text of a block."""
        ids, bounds, target = tokens.ids, tokens.bounds, self.target
        if self.rules.ngrams > 1:
            breaks = np.asarray(tokens.gaps) == GAP_SENTENCE
            terms = self.target[ids]
            ids, bounds = with_ngrams(terms, bounds, breaks, self.rules.ngrams, self.joined)
            target = np.arange(len(self.target), dtype=np.int32)
        missing = len(target) - len(self._slots)
        if missing > 0:
            # Twice as many as are missing: not every block shall copy them all.
            fresh = np.full(missing + len(target), _NEVER, np.int32)
            self._slots = np.concatenate([self._slots, fresh])
        if self._used + len(ids) > _INT32_MAX:
            self._slots[self._slots != _NEVER], self._used = _BEFORE, 0
        rows = Rows(*tally.count(ids, bounds, target, self._slots, self._used))
        self._used += len(rows.terms)
        return rows

    def __len__(self) -> int:
        """How many strings there are."""
        return int(self._table.sizes[0])

    def counted(self) -> Ids:
        """The terms that have been counted."""
        return np.flatnonzero(self._slots != _NEVER).astype(np.int32)

    def strings(self, ids: Ids) -> pa.LargeStringArray:
        """The strings of these ids."""
        data, offsets = tally.gather(
            self._table.arena, self._table.starts, np.asarray(ids, np.int32)
        )
        buffers = pa.py_buffer(offsets), pa.py_buffer(data)
        return pa.LargeStringArray.from_buffers(len(ids), *buffers)

    def intern(self, strings: pa.Array | list[str]) -> Ids:
        """The ids of strings; new ones are added."""
        blocks = [self._intern(data, offsets) for data, offsets in text_blocks(strings)]
        return np.concatenate(blocks) if blocks else np.empty(0, np.int32)

    def joined(self, first: Ids, last: Ids) -> Ids:
        """The ids of terms joined by a space, terms themselves whatever the rules make of them."""
        both = self.strings(first), self.strings(last)
        ids = self.intern(pc.binary_join_element_wise(*both, pa.scalar(" ", pa.large_string())))
        new = np.arange(len(self.words), len(self), dtype=np.int32)
        self._extend(new, new)
        return ids

    def sort(self, ids: Ids) -> tuple[pa.LargeStringArray, Ids]:
        """The strings of these ids in code point order, and the place of each id among them."""
        strings = self.strings(ids)
        order = tally.code_point_order(strings)
        rank = np.full(len(self), -1, np.int32)
        rank[ids[order]] = np.arange(len(ids), dtype=np.int32)
        return strings.take(pa.array(order)), rank

    def _scan(
        self, data: NDArray[np.uint8], offsets: Places, gaps: bool, positions: bool
    ) -> Tokens:
        size = int(offsets[-1] - offsets[0] + len(offsets)) // 2 + 1
        ids = np.empty(size, np.int32)
        bounds = np.zeros(len(offsets), np.int64)
        gap = np.empty(size, np.uint8) if gaps else None
        starts, ends = (np.empty(size, np.int64) if positions else None for _ in range(2))
        case = kernel.LOWER if self.rules.fold_case else np.uint64(0)
        cursor = np.array([0, offsets[0], 0, 0, 0], np.int64)
        while length := kernel.scan(
            self._table,
            data,
            offsets,
            kinds(),
            gap_steps(),
            case,
            cursor,
            ids,
            bounds,
            gap,
            starts,
            ends,
        ):
            self._grow(length)
        n = bounds[-1]
        return Tokens(ids[:n], bounds, _upto(gap, n), _upto(starts, n), _upto(ends, n))

    def _cut(self, tokens: Tokens) -> Tokens:
        """Cut the tokens of scripts without spaces into words."""
        n = len(self)
        strings = self._table.arena, self._table.starts
        new = tally.having(*strings, self._looked_at, n, unspaced())
        self._looked_at = n
        if not len(new) and not len(self._unspaced):
            return tokens
        self._unspaced = np.append(self._unspaced, np.zeros(n - len(self._unspaced), np.uint8))
        self._unspaced[new] = _UNSPACED
        at = np.flatnonzero(self._unspaced[tokens.ids])
        runs, which = np.unique(tokens.ids[at], return_inverse=True)
        if not len(runs):
            return tokens
        if not can_cut():
            self._uncut += len(which)
            return tokens
        found = pieces(self.strings(runs), lower=self.rules.fold_case)
        ids = self._intern(found.data, found.offsets)
        self._unspaced[runs[runs >= len(self.words)]] = _CUT
        known = np.unique(ids[ids < n])
        known = known[self._unspaced[known] == _CUT]
        self._unspaced[known] = _UNSPACED
        self._fold_late(known[known < len(self.words)])
        return tokens._replace(**expanded(tokens, at, which, found, ids))

    def _grow(self, length: int) -> None:
        """Make room for as many strings again, and for one of this length."""
        entries, arena, starts, sizes = self._table
        if 2 * (sizes[0] + 1) > len(entries):
            larger = np.zeros((2 * len(entries), 2), np.uint64)
            kernel.rehash(entries, larger, sizes)
            entries, starts = larger, _extended(starts, len(larger) // 2 + 1)
        if starts[sizes[0]] + length > len(arena):
            arena = _extended(arena, 2 * len(arena) + length)
        self._table = kernel.Table(entries, arena, starts, sizes)

    def _intern(self, data: NDArray[np.uint8], offsets: Places) -> Ids:
        ids, done = np.empty(len(offsets) - 1, np.int32), 0
        while (done := kernel.intern(self._table, data, offsets, ids, done)) < len(ids):
            self._grow(int(offsets[done + 1] - offsets[done]))
        return ids

    def _fold(self) -> None:
        """Find the terms of all strings that have none yet; these may be new strings in turn."""
        while (first := len(self.words)) < (n := len(self)):
            words = self._normalize(first, n)
            self._extend(words, words if self.rules.only_spelling else self._finish(words))

    def _extend(self, words: Ids, target: Ids) -> None:
        self.words = np.concatenate([self.words, words])
        plain = self.rules.only_spelling
        self.target = self.words if plain else np.concatenate([self.target, target])

    def _fold_late(self, ids: Ids) -> None:
        """Fold words that were only known as runs to be cut."""
        words = self.intern([normalize(word, self.rules) for word in self.strings(ids).to_pylist()])
        self.words[ids] = words
        if not self.rules.only_spelling:
            self.target[ids] = self._finish(words)

    def _normalize(self, first: int, n: int) -> Ids:
        """The normalized strings of the strings from `first` up to `n`."""
        words = np.arange(first, n, dtype=np.int32)
        strings = self._table.arena, self._table.starts
        changed = tally.to_be_folded(*strings, first, n)
        if len(self._unspaced):
            # Runs that are cut are no words: folding all of them would take most of the time.
            states = np.append(self._unspaced, np.zeros(n - len(self._unspaced), np.uint8))
            changed = changed[states[changed] != _CUT]
        how = self.rules.fold_case, self.rules.possessives
        plain, data, offsets = tally.fold_plain(*strings, changed, *how)
        data.setflags(write=False)
        words[changed[plain] - first] = self._intern(data, offsets)
        changed = changed[~plain]
        folded = [normalize(string, self.rules) for string in self.strings(changed).to_pylist()]
        words[changed - first] = self.intern(folded)
        return words

    def _finish(self, words: Ids) -> Ids:
        """The terms of normalized strings, or -1 where the rules leave them out."""
        distinct, place = np.unique(words, return_inverse=True)
        terms = [finish(word, self.rules) for word in self.strings(distinct).to_pylist()]
        ids = self.intern(terms)
        ids[np.array([not term for term in terms], bool)] = -1
        return ids[place]

    def _resolve_stops(self, tokens: Tokens) -> Tokens:
        """Decide where a full stop ends a sentence."""
        gaps = cast(NDArray[np.uint8], tokens.gaps)
        unsure = GAP_SENTENCE | GAP_STOP
        after = np.flatnonzero(gaps & unsure == unsure)
        before = tokens.ids[after - 1]
        if len(self._open) < len(self):
            self._open = np.concatenate([self._open, np.full(len(self), _UNKNOWN, np.uint8)])
        new = np.unique(before[self._open[before] == _UNKNOWN])
        self._open[new] = all_leave_open(self.strings(new))
        is_open = self._open[before] > 0
        capital = np.flatnonzero(is_open & (gaps[after] >= GAP_CAPITAL))
        following, place = np.unique(tokens.ids[after[capital]], return_inverse=True)
        is_open[capital] = ~all_begin(self.strings(following))[place]
        marks = gaps[after] & (GAP_CAPITAL - 1 - GAP_SENTENCE)
        gaps[after] = np.where(is_open, marks, GAP_SENTENCE)
        return tokens


def _upto(array: NDArray[Any] | None, n: int) -> NDArray[Any] | None:
    return None if array is None else array[:n]


def _extended(array: NDArray[Any], size: int) -> NDArray[Any]:
    larger = np.empty(size, array.dtype)
    larger[: len(array)] = array
    return larger


@cache
def compile_kernel() -> None:
    """Compile the kernel, or load it from the cache beside it, before it is first needed."""
    with said_if_slow(kernel.scan, "the token kernel"):
        table = kernel.new_table(4)
        data = np.frombuffer(b"a", np.uint8)
        offsets = np.array([0, 1])
        ids = np.empty(2, np.int32)
        bounds = np.zeros(2, np.int64)
        cursor = np.zeros(5, np.int64)
        out = kinds(), gap_steps(), kernel.LOWER, cursor, ids, bounds
        kernel.scan(table, data, offsets, *out, None, None, None)
        kernel.intern(table, data, offsets, ids[:1], 0)
        kernel.rehash(table.entries, kernel.new_table(8).entries, table.sizes)
        tally.to_be_folded(table.arena, table.starts, 0, 1)
        tally.fold_plain(table.arena, table.starts, ids[:1], True, True)
        tally.having(table.arena, table.starts, 0, 1, unspaced())
        tally.gather(table.arena, table.starts, ids[:1])
        tally.prefixes(np.frombuffer(b"", np.uint8), np.zeros(1, np.int64))
        tally.count(ids[:1], bounds, ids, ids.copy(), 0)
        for of in (ids, data.copy(), bounds):
            tally.spread(of, bounds[:0], bounds[:0], of[:0])
        tally.sums(tally.cells(bounds, ids[:0], bounds[:0], bounds[:1], 0)[0], bounds, 0)
