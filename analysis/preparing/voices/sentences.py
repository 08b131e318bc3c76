"""Sentences of a text whose quotations are masked: their tokens, clauses and subjects."""

import re
from bisect import bisect_left
from collections.abc import Collection, Container
from functools import cached_property
from itertools import chain

from analysis.preparing.sentences import sentence_pieces
from analysis.preparing.voices import words as w

Span = tuple[int, int]  # first token, and the one behind the last

STOPS = frozenset(".;:?!()[]—–-")
BREAKS = STOPS | {","}
RELATIVES = w.word_set("who which that")
_LONGEST_SUBJECT = 14
_LONGEST_APPOSITION = 30
_LONGEST_KEPT, _MOST_KEPT = 30, 50_000

_ABBREVIATED = (
    "Mr|Mrs|Ms|Dr|Gen|Sen|Sens|Rep|Reps|Gov|Lt|Col|Sgt|Cpl|Maj|Capt|Adm|Jr|Sr|St|Prof|Rev|No"
    "|Cmdr|Jan|Feb|Aug|Sept|Sep|Oct|Nov|Dec"
)
# Most words first, for speed: those of small letters and nothing else.
_TOKEN = re.compile(
    rf"[a-z]++(?=[ ,])|(?:{_ABBREVIATED})\.(?=\s)|(?:[A-Z]\.){{2,}}|[A-Z]\.(?=\s)"
    r"|[RDI]-[A-Z][a-z]*\.(?:[A-Z]\.)*|\d+(?:[.,]\d+)+(?:[-'’][^\W_]+)*"
    r"|[^\W_]+(?:['’.&-][^\W_]+)*['’]?|[.,;:?!()\[\]—–…-]"
)
_LOWER_START = re.compile(r"\s*[a-zà-öø-ÿа-яё]")


class _Tokens(dict[str, tuple[str, ...]]):
    """The tokens of what stands between two spaces, each read once: most are met again."""

    def __missing__(self, chunk: str) -> tuple[str, ...]:
        found = tuple(_TOKEN.findall(chunk + " "))
        if len(chunk) < _LONGEST_KEPT:  # not a quotation, whose like is not met again
            if len(self) >= _MOST_KEPT:
                self.clear()
            self[chunk] = found
        return found


_tokens = _Tokens()


class Sentence:
    """Tokens of a sentence: as written, in lower case, and their places in the text.

    Clitics ('ve, ’s) stay on their word.
    """

    def __init__(self, text: str, start: int, end: int) -> None:
        self.text, self._start = text, start
        self._starts: list[int] = []
        chunks = text[start:end].split()
        last = _TOKEN.findall(chunks.pop()) if chunks and not text[end - 1].isspace() else ()
        self.words = [*chain.from_iterable(map(_tokens.__getitem__, chunks)), *last]
        lower = " ".join(self.words).replace("’", "'").lower()
        self.lower = lower.split(" ") if self.words else []

    @property
    def starts(self) -> list[int]:
        """Where each token starts; no character between two tokens could begin one."""
        if not self._starts:
            find, place = self.text.find, self._start
            sizes = chain((0,), map(len, self.words))
            self._starts = [
                place := find(word, place + n) for word, n in zip(self.words, sizes, strict=False)
            ]
        return self._starts

    def start(self, i: int) -> int:
        """Where token i starts."""
        if i and not self._starts:
            return self.starts[i]
        return self._starts[i] if i else self.text.find(self.words[0], self._start)

    def end(self, i: int) -> int:
        """Where token i ends."""
        return self.start(i) + len(self.words[i])


def split_sentences(text: str, language: str) -> list[tuple[int, int]]:
    """Start and end of the sentences of one paragraph; together they make up the whole of it.

    A piece that begins in lower case is joined to the one before it ("Why?" he asked).
    """
    pieces = sentence_pieces(text, language)
    if len(pieces) == 1:
        return [(0, len(text))]
    bounds: list[tuple[int, int]] = []
    place = 0
    for piece in pieces:
        if bounds and _LOWER_START.match(piece):
            bounds[-1] = (bounds[-1][0], place + len(piece))
        else:
            bounds.append((place, place + len(piece)))
        place += len(piece)
    return bounds


def sentence_at(text: str, place: int, language: str = "en") -> tuple[int, int]:
    """Start and end of the sentence that a place is in; a line shares none with another."""
    start = text.rfind("\n", 0, place) + 1
    end = text.find("\n", place)
    end = len(text) if end < 0 else end
    bounds = split_sentences(text[start:end], language) or [(0, end - start)]
    first, last = next((b for b in bounds if start + b[1] > place), bounds[-1])
    return start + first, start + last


class Phrases:
    """Reading aids over the tokens of a sentence; a quotation is one token."""

    breaks = BREAKS

    def __init__(self, sentence: Sentence, quotes: Collection[int]) -> None:
        self.words, self.lower = sentence.words, sentence.lower
        self.n = len(sentence.words)
        self.is_quote = [s in quotes for s in sentence.starts] if quotes else [False] * self.n

    def at(self, i: int) -> str:
        """Token i in lower case; a full stop beyond either end."""
        return self.lower[i] if 0 <= i < self.n else "."

    def quote_at(self, i: int) -> bool:
        """Whether token i is a quotation."""
        return 0 <= i < self.n and self.is_quote[i]

    def quote_before(self, i: int) -> bool:
        """Whether token i follows a quotation, with or without a comma."""
        return self.quote_at(i - 1) or (self.at(i - 1) == "," and self.quote_at(i - 2))

    def capital(self, i: int) -> bool:
        """Whether token i is a word with a capital."""
        return 0 <= i < self.n and self.words[i][0].isupper() and not self.is_quote[i]

    def find(self, i: int, wanted: Container[str], limit: int, stop: Container[str]) -> int | None:
        """The first wanted token from i on, unless a stop or a quotation comes before it."""
        for j in range(i, min(self.n, i + limit)):
            if self.lower[j] in wanted:
                return j
            if self.lower[j] in stop or self.is_quote[j]:
                return None
        return None

    def break_after(self, i: int) -> int:
        """The first break from i on, or the end, if a quotation comes before it."""
        place = bisect_left(self._ends, i)
        found = self._ends[place] if place < len(self._ends) else self.n
        return self.n if self.quote_at(found) else found

    @cached_property
    def _ends(self) -> list[int]:
        """The breaks and quotations."""
        return [k for k in range(self.n) if self.lower[k] in self.breaks or self.is_quote[k]]

    def phrase_end(self, i: int) -> int:
        """The first break or quotation from i on."""
        while i < self.n and self.lower[i] not in BREAKS and not self.is_quote[i]:
            i += 1
        return i

    def clause_start(self, i: int) -> int:
        """Where that begins which a cue behind it, at i, can report."""
        place = bisect_left(self._pauses, i - 1)
        return self._pauses[place - 1] + 1 if place else 0

    @cached_property
    def _pauses(self) -> list[int]:
        return [k for k, word in enumerate(self.lower) if word in ";:—–"]

    def clause_end(self, i: int) -> int:
        """The comma or other break that ends a clause; commas in a list do not."""
        place = bisect_left(self._clause_ends, i)
        return self._clause_ends[place] if place < len(self._clause_ends) else self.n

    @cached_property
    def _clause_ends(self) -> list[int]:
        commas = {
            k for k, word in enumerate(self.lower) if word == "," and not self._within_list(k)
        }
        return [k for k, word in enumerate(self.lower) if word in STOPS or k in commas]

    def _within_list(self, comma: int) -> bool:
        following = self.find(comma + 1, ("and", "or", ","), 5, STOPS)
        return following is not None and self.at(following) != "," and following - comma > 1

    def sentence_end(self, i: int) -> int:
        """The full stop that ends the sentence, or its end."""
        return max(i, self._sentence_end)

    @cached_property
    def _sentence_end(self) -> int:
        j = self.n
        while j and self.lower[j - 1] in ".?!":
            j -= 1
        return j

    def subject(self, verb: int) -> Span | None:
        """The noun phrase that is the subject of a verb."""
        j = verb - 1
        least = max(0, verb - _LONGEST_SUBJECT)
        while j >= least and (self.lower[j] in w.AUXILIARIES or self.lower[j].endswith("ly")):
            j -= 1
        if j >= 0 and self.lower[j] in (",", ")"):
            j = self._before_apposition(j)
        if j < 0 or self.is_quote[j]:
            return None
        if self.lower[j] in BREAKS or self.lower[j] in w.CONJUNCTIONS:
            return (j, j + 1) if self.lower[j] in RELATIVES else None
        k = j
        while k > 0 and j - k < _LONGEST_SUBJECT and not self._phrase_starts(k):
            k -= 1
        return k, j + 1

    def _phrase_starts(self, k: int) -> bool:
        before = self.lower[k - 1]
        if before in BREAKS or self.is_quote[k - 1]:
            return True
        if before in ("and", "or"):  # "Quill and Marsh agreed": one subject
            return not (self.capital(k) and self.capital(k - 2))
        return before in w.CONJUNCTIONS or before == "who" or self.lower[k] in w.PRONOUNS

    def _before_apposition(self, closing: int) -> int:
        """From the mark that closes an apposition back to the noun that it explains, or -1."""
        opening = "(" if self.lower[closing] == ")" else ","
        for k in range(closing - 1, max(-1, closing - _LONGEST_APPOSITION), -1):
            if self.lower[k] == opening and k > 0:
                return k - 1
            if self.is_quote[k] or (opening == "," and self.lower[k] in STOPS):
                return -1
        return -1

    def in_subordinate(self, verb: int, subject: Span | None) -> bool:
        """Whether the verb's clause hangs on `when`, `if` and the like."""
        start = subject[0] if subject else verb
        return start > 0 and self.lower[start - 1] in w.SUBORDINATORS
