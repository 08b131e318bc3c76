"""Reported speech in Russian: fewer rules than for English, of the same kinds."""

import re
from bisect import bisect_right
from functools import cached_property

from analysis.preparing.voices.reported import Reader
from analysis.preparing.voices.sentences import Span
from analysis.preparing.voices.words import SAID_RUSSIAN, TITLES, word_list, word_set

_SPEAKING = word_list("participles_russian")
_DASHES = frozenset("—–-")
_ALSO = word_set("а и но")
_SOMEBODY = TITLES | word_set("он она они в")
_NEAR = 4  # words behind the verb
# "Он приехал, сказал о мире и уехал": behind the verb is what was said, and not who said it.
_ABOUT = word_set("о об обо про к ко за что чтобы")
_CYRILLIC = re.compile("[а-яё]")
_LATIN = re.compile("[a-z]")
_OTHER = re.compile("[\u0370-\u03ff\u0530-\u1cff\u1f00-\u1fff\u2e80-\ud7ff\U00020000-\U0003ffff]")


def language_by_script(text: str) -> str:
    """Russian or English, as most letters of the text's beginning are; empty in other scripts."""
    if text.isascii():
        return "en"
    beginning = text[:2000].lower()
    latin, cyrillic, other = (len(of.findall(beginning)) for of in (_LATIN, _CYRILLIC, _OTHER))
    if other > latin + cyrillic:
        return ""
    return "ru" if cyrillic > 0 and cyrillic > latin else "en"


class RussianReader(Reader):
    """Finds the reports of one Russian sentence, from left to right."""

    breaks = frozenset(".,;:?!()—–-")

    cues = SAID_RUSSIAN | _SPEAKING | {"по"}

    def _cue(self, i: int) -> int:
        if self.lower[i] != "по":
            return self.said(i)
        told = self.at(i + 1) in ("словам", "мнению", "данным", "сведениям")
        return self.by_words_of(i) if told else i + 1

    @cached_property
    def quotes(self) -> list[int]:
        """The tokens that are quotations."""
        return [k for k in range(self.n) if self.is_quote[k]]

    def by_words_of(self, i: int) -> int:
        """`По словам посла, …` and `…, по словам посла`."""
        stop = self.break_after(i + 2)
        if i:
            self._add(0, i - (self.at(i - 1) == ","), (i, i + 2), (i + 2, stop))
        if self.at(stop) == "," and not self.reports:
            self._add(stop + 1, self.n, (i, i + 2), (i + 2, stop))
        return self.n

    def said(self, i: int) -> int:
        """`Посол заявил, что …`, `…, — заявил посол` and `как сообщил посол, …`."""
        speaking = self.lower[i] in _SPEAKING
        if i < self.free and not (speaking and self.at(i - 1) == ","):
            also = self.also(i)
            if also is None:
                return i + 1
            self._cut(also)
        if not speaking and self.at(i - 1) == "как":
            return self.as_said(i)
        if not speaking and self.trails(i):
            return self.trailing(i)
        comma = self.find(i + 1, (",", ":"), 12, ".;")
        later = bisect_right(self.quotes, i)
        quote = self.quotes[later] if later < len(self.quotes) else None
        if comma is not None and self.at(comma + 1) in ("что", "чтобы", "как", "будто"):
            if i < self.free:
                self._cut(i - 1)
            subject = None if speaking else self.who(i)
            self._add(comma + 1, self.sentence_end(comma), (i, i + 1), subject)
        elif quote is not None:
            self._add(quote, quote + 1, (i, i + 1), self.who(i))
        return i + 1

    def who(self, i: int) -> Span | None:
        """The subject of a verb; None for `…, и добавил`, which has that of the verb before."""
        subject = self.subject(i)
        if subject is not None and self.lower[subject[0]] in _ALSO:
            subject = subject[0] + 1, subject[1]
        return subject if subject is not None and subject[0] < subject[1] else None

    def also(self, i: int) -> int | None:
        """The comma of `…, а министр ответил, …`, which ends what was reported before."""
        subject = self.subject(i)
        first = i - 1 if subject is None else subject[0]
        return first - 1 if self.at(first) in _ALSO and self.at(first - 1) == "," else None

    def as_said(self, i: int) -> int:
        """`Как сообщил посол, …` and `…, как сообщил посол, …`."""
        stop = self.break_after(i + 1)
        if self.at(i - 2) == ",":
            self._add(self.free, i - 2, (i, i + 1), (i + 1, stop))
        if self.at(stop) == ",":
            self._add(stop + 1, self.sentence_end(stop), (i, i + 1), (i + 1, stop))
        return self.n

    def trails(self, i: int) -> bool:
        """Whether the verb follows what it reports, and precedes who said it."""
        if i < 2 or self.at(i + 1) in self.breaks or self.at(i + 1) in _ABOUT:
            return False
        if self.at(i - 1) in _DASHES:
            return True
        # "Он приехал, сказал речь и уехал": without a dash, it must be somebody.
        near = range(i + 1, min(i + 1 + _NEAR, self.break_after(i + 1)))
        named = any(self.capital(k) or self.lower[k] in _SOMEBODY for k in near)
        return self.at(i - 1) == "," and named

    def trailing(self, i: int) -> int:
        """`…, — заявил посол`, and `…, — заявил посол, — …`, where he goes on."""
        stop = self.break_after(i + 1)
        last = i - 1
        while last > 0 and self.lower[last - 1] in (",", *_DASHES):
            last -= 1
        self._add(0, last, (i, i + 1), (i + 1, stop))
        if self.at(stop) == "," and self.at(stop + 1) in _DASHES:
            self._add(stop + 2, self.sentence_end(stop), (i, i + 1), (i + 1, stop))
            return self.n
        return stop
