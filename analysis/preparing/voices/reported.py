"""Reported speech and thought in a sentence: what is reported, the cue, who is its subject."""

from collections.abc import Collection
from typing import NamedTuple

from analysis.preparing.voices import words as w
from analysis.preparing.voices.sentences import BREAKS, RELATIVES, STOPS, Phrases, Sentence, Span
from analysis.preparing.voices.verbs import (
    BE,
    CLAUSE,
    PARTICLES,
    PASSIVE,
    PHRASES,
    complement,
    find_trailing,
    is_verb,
)

_AFTER_ADJECTIVE = w.word_set("that to about of with")
_LONGEST_NAME = 6
_PAST = ("", frozenset({"past"}))
_IS = BE | w.word_set("appears appeared became becomes proved proves looks looked")
_ABOUT = RELATIVES | w.word_set("whose whom where when")


class Report(NamedTuple):
    """Tokens from `first` up to `last` are what a source says or thinks.

    `cue` are the tokens of the verb or noun that reports, `subject` those of the source; None if it
    is that of the cue before. In "is expected to" and "the claim that" no source is `told`.
    """

    first: int
    last: int
    cue: Span
    subject: Span | None
    told: bool = True


class Reader(Phrases):
    """Finds the reports of one sentence, from left to right.

    Each rule gets the token at which it may begin, adds what it finds to ``reports``, and returns
    the token from which to read on.
    """

    # The words that a rule may begin at.
    cues = frozenset(w.verb_forms()).union(
        w.TRAILING, w.NOUNS, w.PROMISES, w.ADJECTIVES, ("according",)
    )

    def __init__(self, sentence: Sentence, quotes: Collection[int]) -> None:
        super().__init__(sentence, quotes)
        self.reports: list[Report] = []
        self.free = 0  # tokens before this one belong to reports already found

    def read(self) -> list[Report]:
        """Every report of the sentence."""
        after = 0
        for i in [i for i, word in enumerate(self.lower) if word in self.cues]:
            if i >= after:
                after = self._cue(i)
        return self.reports

    def _cue(self, i: int) -> int:
        word, following = self.lower[i], self.at(i + 1)
        if word == "according" and following == "to":
            return self._according(i)
        if (known := self._known(i)) is not None:
            return self._verb(i, *known)
        if word in w.NOUNS and following in ("is", "was") and self.at(i + 2) == "that":
            return self._noun(i, i + 2)
        if (following == "that" and word in w.NOUNS and self.at(i - 1) != "to") or (
            following == "to"
            and word in w.PROMISES
            and self.at(i + 2) not in w.DETERMINERS
            and not self.capital(i + 2)
        ):
            return self._noun(i, i + 1)
        if word in w.ADJECTIVES and following in _AFTER_ADJECTIVE:
            return self._adjective(i)
        return i + 1

    def _known(self, i: int) -> tuple[str, frozenset[str]] | None:
        """What may follow the verb at i and its forms; None if it is none."""
        word = self.lower[i]
        known = w.verb_forms().get(word, _PAST if word in w.TRAILING else None)
        told = known is not None and not self.is_quote[i] and is_verb(self, i, known[1])
        return known if told and not (self.at(i - 1) == "to" and self._nobody_to(i - 2)) else None

    def _nobody_to(self, i: int) -> bool:
        """`It is too early [to know whether]`: nobody knows."""
        it = next(
            (k for k in range(i, max(i - 7, -1), -1) if self.lower[k] in ("it", "it's")), None
        )
        if it is None or i - it < 1 or self.lower[i] in w.ADJECTIVES:
            return False
        return self.lower[it] == "it's" or self.find(it + 1, _IS, 3, BREAKS) is not None

    def heading(self) -> Report | None:
        """`Smith: we will not`, and `Talks are dead – Russian ambassador`."""
        colon = self.find(1, (":",), _LONGEST_NAME, BREAKS - {":"})
        if colon is not None and all(self.capital(k) for k in range(colon)):
            last = self.sentence_end(colon)
            return Report(colon + 1, last, (colon, colon + 1), (0, colon))
        if self.n and self.lower[-1] not in STOPS:
            for k in range(self.n - 2, max(2, self.n - 2 - _LONGEST_NAME), -1):
                if self.lower[k] in "–—-" and self.capital(k + 1):
                    return Report(0, k, (k, k + 1), (k + 1, self.n))
        return None

    def _add(
        self, first: int, last: int, cue: Span, subject: Span | None, told: bool = True
    ) -> None:
        if last > first:
            self.reports.append(Report(first, last, cue, subject, told))
            self.free = max(self.free, last)

    def _cut(self, i: int) -> None:
        """A new cue begins at i: what was reported before it ends there."""
        reports = self.reports
        while reports and reports[-1].first >= i:
            reports.pop()
        for k in range(len(reports) - 1, -1, -1):
            if reports[k].last <= i:
                break
            reports[k] = reports[k]._replace(last=i)
        self.free = min(self.free, i)

    def _according(self, i: int) -> int:
        """`According to officials, …` and `…, according to officials`."""
        if i < self.free and self.at(i - 1) != ",":
            return i + 2
        stop = self.break_after(i + 2)
        subject = (i + 2, stop)
        if i == 0:
            named = self.find(stop + 1, (",",), _LONGEST_NAME - 1, STOPS)
            if named is not None and all(self.capital(k) for k in range(stop + 1, named)):
                subject, stop = (stop + 1, named), named  # "Moscow's envoy, Andrei Kelin, …"
            stop = self._after_apposition(stop)
            self._add(stop + 1, self.sentence_end(stop), (0, 2), subject)
            return self.n
        left, last = self.clause_start(i), i - (self.at(i - 1) == ",")
        # "A spokesman said the pier was safe, according to the Gazette": that is the spokesman's.
        own = any(left <= report.first < left + _LONGEST_NAME for report in self.reports)
        self._cut(last if own else left)
        if not own:
            self._add(left, last, (i, i + 2), subject)
        stop = self._after_apposition(stop)
        if self.at(stop) == "," and self.find(stop, w.FINITE, self.n, ()) is not None:
            self._add(stop + 1, self.sentence_end(stop), (i, i + 2), subject)
        return self.n

    def _after_apposition(self, comma: int) -> int:
        """The comma behind what is told about a source: `…, who mended it,`."""
        if self.at(comma) == "," and self.at(comma + 1) in _ABOUT:
            return self.break_after(comma + 1)
        return comma

    def _verb(self, i: int, classes: str, forms: frozenset[str]) -> int:
        subject = self.subject(i)
        restart = self._restart(i, subject) if i < self.free else None
        if self.lower[i] in w.TRAILING:
            after = self._trailing(i, subject)
            if after is not None:
                return after
        if i < self.free and restart is None:
            return i + 1
        if self.at(i + 1) == PARTICLES.get(self.lower[i]):
            i += 1
        found = complement(self, i, classes, forms)
        if found is None:
            return i + 1
        if restart is not None:
            self._cut(restart)
        first, pattern = found
        early = self._ends_early(i, first, pattern, subject)
        last = self.clause_end(first) if early else self.sentence_end(first)
        self._add(first, last, (i, i + 1), subject, pattern != PASSIVE)
        return first

    def _ends_early(self, i: int, first: int, pattern: str, subject: Span | None) -> bool:
        """Whether what is reported ends with its clause, and not with the sentence."""
        if pattern in PHRASES or i == 0:
            return True
        if subject is not None and self.lower[subject[0]] in RELATIVES and i > 1:
            return True
        if self.in_subordinate(i, subject):
            return True
        following = self.at(first)
        if pattern == PASSIVE:
            return following not in ("to", "that")
        sure = following in w.COMPLEMENTIZERS or following in w.PRONOUNS or self.quote_at(first)
        return pattern == CLAUSE and self.lower[i] not in w.TRAILING and not sure

    def _trailing(self, i: int, subject: Span | None) -> int | None:
        found = find_trailing(self, i, subject)
        if found is None:
            return None
        left, after = found.first, found.after
        self._cut(left)
        self._add(left, found.last, (i, i + 1), found.subject)
        if found.goes_on:  # "…, he said, and …"
            self._add(after + 1, self.sentence_end(after), (i, i + 1), found.subject)
            return after + 1
        return after

    def _restart(self, i: int, subject: Span | None) -> int | None:
        """Where a second cue of the sentence cuts off what the first one reports."""
        j = i - 1
        while j > max(0, i - _LONGEST_NAME) and (
            self.lower[j] in ("also", "later", "then") or self.lower[j].endswith("ly")
        ):
            j -= 1
        if self.lower[j] in (",", ";", "—") and self.lower[i].endswith("ing"):
            return j
        trailing = self.lower[i] in w.TRAILING
        if self.lower[j] in ("and", "but") and trailing:
            return j
        if subject is None:
            return None
        if self.at(i - 1) == "," and trailing:
            return i - 1  # "Smith, asked whether …, said …"
        k = subject[0] - 1
        if k > 0 and self.lower[k] in ("and", "but", "while", "though", "although", "as"):
            return k - 1 if self.lower[k - 1] == "," and trailing else None
        return k if self.lower[k] == ";" else None

    def _noun(self, i: int, first: int) -> int:
        """`the claim that …`, `her argument was that …`, `a promise to …`."""
        relative = self.lower[first] == "that" and self.at(first + 1) in w.clause_words()
        if i >= self.free and not relative:  # not "the claims that were made"
            last = self._main_verb(i, first, self.clause_end(first))
            self._add(first, last, (i, i + 1), None, told=False)
        return i + 1

    def _main_verb(self, i: int, first: int, last: int) -> int:
        """Where the clause of a subject ends: `The report that the pier had sunk | was false`."""
        before = (self.at(k) for k in range(i - 1, i - 2 - _LONGEST_NAME, -1))
        opens = next((word for word in before if word in BREAKS or word in w.clause_words()), "")
        if self.lower[first] != "that" or opens not in BREAKS:
            return last
        verbs, k = 1, first + 1  # verbs of this clause, and of those that hang on it, yet to come
        while k < last:
            if self.lower[k] in w.COMPLEMENTIZERS or self.lower[k] in w.SUBORDINATORS:
                verbs += 1
            elif self.lower[k] in w.FINITE or self.lower[k].endswith("ed"):
                if not verbs and self.lower[k - 1] not in ("and", "or", "but"):
                    return k
                verbs = max(verbs - 1, 0)
                while self.at(k + 1) in w.AUXILIARIES or self.at(k + 1).endswith("ly"):
                    k += 1
                k += self.lower[k] in w.AUXILIARIES  # "had sunk", "was false"
            k += 1
        return last

    def _adjective(self, i: int) -> int:
        """`is confident that …`."""
        before = self.at(i - 1)
        predicate = before in BE or before in w.AUXILIARIES or before.endswith("ly")
        if i >= self.free and predicate:
            self._add(i + 1, self.clause_end(i + 1), (i, i + 1), self.subject(i))
        return i + 1
