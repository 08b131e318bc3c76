"""Articles to segments: narration, quotations and reported speech, end to end."""

import re
from bisect import bisect_left
from functools import cache
from typing import NamedTuple

import numpy as np

from analysis.preparing.voices.attribution import Attributor, Mention, Sentence
from analysis.preparing.voices.names import People
from analysis.preparing.voices.quotes import (
    SPEECH,
    Quotation,
    find_quotations,
    find_spans,
    mask,
    paragraphs,
)
from analysis.preparing.voices.rules import NOBODY, NONE, SUBJECT_FIRST, find_reports
from analysis.preparing.voices.script import language_by_script
from analysis.preparing.voices.sentences import split_sentences
from analysis.preparing.voices.tokens import characters, find_tokens
from analysis.preparing.voices.words import word_table
from analysis.tokens import tokenize
from analysis.tokens.characters import INVISIBLES, TOP_INVISIBLES
from analysis.tokens.compiled import said_if_slow

NARRATION, QUOTED, REPORTED = "narration", "quoted", "reported"
_WORD = re.compile(r"[^\W_]")
_MARKS = frozenset("\"'“‘«„‚‹")
_MASKED = re.compile(r"Qq*")
# "Q: Was the pier safe?"
_INTERVIEW = re.compile(r"(?:Q|A|Question|Answer): ")
_NOBODY = Mention(None, None)
# Apart, for speed: a set of characters up to U+FFFF is a table.
_INVISIBLE, _TOP_INVISIBLE = (
    re.compile("[" + "".join(f"{chr(a)}-{chr(b)}" for a, b in ranges) + "]")
    for ranges in (INVISIBLES, [TOP_INVISIBLES])
)


# The languages that there are rules of.
RULES = ("en", "ru")


class Segment(NamedTuple):
    """A stretch of an article in one voice."""

    start: int
    end: int
    voice: str
    source: str | None = None
    mention: str | None = None
    cue: str | None = None
    scare: int = 0
    unbalanced: int = 0


def split_text(text: str, language: str | None = None) -> list[Segment]:
    """The segments of one text, in order; together they are the whole text.

    In a `language` without rules (told by the script, if not said) quotations are what stands
    between quotation marks.
    """
    language = language_by_script(text) if language is None else language
    lines = paragraphs(text)
    if language not in RULES:
        quotations, unopened = find_spans(text, lines)
        quotations = [q._replace(kind=SPEECH) for q in quotations]
        found = [Segment(q.start, q.end, QUOTED) for q in quotations]
    else:
        quotations, unopened = find_quotations(text, lines)
        masked = mask(text, quotations, unopened)
        spoken = {q.start: q for q in quotations if q.kind == SPEECH}
        _compile_rules()
        article = _Article(text, masked, spoken, People(masked, lines), language)
        article.read(lines)
        found = article.found
    segments = _whole_tokens(text, _fill(text, found))
    # Scare quotes and unbalanced marks are counted in the segment that holds them.
    scare = [q.start for q in quotations if q.kind != SPEECH]
    faults = sorted([q.start for q in quotations if q.unclosed] + unopened)
    if not scare and not faults:
        return segments
    return [
        s._replace(scare=within, unbalanced=wrong)
        if (within := _within(s, scare)) + (wrong := _within(s, faults))
        else s
        for s in segments
    ]


@cache
def _compile_rules() -> None:
    """Compile the rules, or load them from the cache beside them, before they are first needed."""
    with said_if_slow(find_tokens, "the rules of reported speech"):
        _Article("A.", "A.", {}, People("A.", [(0, 2)]), "en").read([(0, 2)])


def _within(segment: Segment, places: list[int]) -> int:
    return bisect_left(places, segment.end) - bisect_left(places, segment.start)


def _whole_tokens(text: str, segments: list[Segment]) -> list[Segment]:
    """Move bounds inside a token to its start; only invisible characters lead to such bounds."""
    if text.isascii() or not (_INVISIBLE.search(text) or _TOP_INVISIBLE.search(text)):
        return segments
    tokens = tokenize([text], offsets=True)
    assert tokens.starts is not None and tokens.ends is not None  # noqa: S101
    spans = zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True)
    inside = {place: start for start, end in spans for place in range(start + 1, end)}
    bounds = ((inside.get(s.start, s.start), inside.get(s.end, s.end)) for s in segments)
    moved = (s._replace(start=a, end=b) for s, (a, b) in zip(segments, bounds, strict=True))
    return [s for s in moved if s.start < s.end]


class _Article:
    """Reads an article paragraph by paragraph, remembering who spoke last."""

    def __init__(
        self, text: str, masked: str, spoken: dict[int, Quotation], people: People, language: str
    ) -> None:
        self.text, self.masked, self.spoken = text, masked, spoken
        self.starts = list(spoken)
        self.attributor = Attributor(people)
        self.language = language
        self.found: list[Segment] = []
        self.previous = Segment(0, 0, QUOTED)  # what was said last, in this or an earlier paragraph

    def read(self, lines: list[tuple[int, int]]) -> None:
        """Find the reports of all sentences, then who says each, paragraph by paragraph."""
        sentences: list[tuple[int, int]] = []
        paragraphs: list[range] = []
        opens: list[bool] = []
        for start, end in lines:
            number = len(sentences)
            if not _INTERVIEW.match(self.masked, start, end):
                pieces = split_sentences(self.masked[start:end], self.language)
                sentences += [(start + first, start + last) for first, last in pieces]
                opens += [first == 0 for first, _ in pieces]
            paragraphs.append(range(number, len(sentences)))
        self.sentences = sentences
        points = np.frombuffer(self.masked.encode("utf-32-le", "surrogatepass"), np.uint32)
        bounds = np.array(sentences, np.int32).reshape(-1, 2)
        spoken = np.array(self.starts, np.int32)
        words, kinds = word_table()
        starts, ends, rows, capitals, quote, firsts = find_tokens(
            points, characters(), words, bounds, spoken
        )
        reports, numbers = find_reports(
            rows, kinds, capitals, quote, firsts, np.array(opens, np.bool_), self.language == "ru"
        )
        self.token_starts, self.token_ends = starts.tolist(), ends.tolist()
        self.tokens = set(starts[quote].tolist())  # quotations that are a token
        self.all_reports, self.numbers = reports.tolist(), numbers.tolist()
        self.firsts = firsts.tolist()
        for (start, end), numbers_of in zip(lines, paragraphs, strict=True):
            self.paragraph(start, end, numbers_of)

    def paragraph(self, start: int, end: int, sentences: range) -> None:
        if label := _INTERVIEW.match(self.masked, start, end):
            segment = Segment(label.end(), end, REPORTED, cue=":")
            self.quoted([self.spoken[k] for k in self.within(label.end(), end)], segment)
            self.around(segment)
            return
        waiting: list[Quotation] = []  # quotations whose source may yet be told
        guess = _NOBODY  # or else is who was named before them
        told: Segment | None = None
        for number in sentences:
            tokens = slice(self.firsts[number], self.firsts[number + 1])
            sentence = Sentence(self.masked, self.token_starts[tokens], self.token_ends[tokens])
            quoted = self.within(*self.sentences[number])
            places = [place for place in quoted if place in self.tokens] if quoted else []
            quotes = [self.spoken[place] for place in places]
            for segment in self.reports(sentence, number):
                # "Smith, who thought …, spoke": an aside does not make the next quotation his.
                if segment.mention not in ("who", "which", "that"):
                    told = segment
                if places:
                    covered = slice(*(bisect_left(places, k) for k in (segment.start, segment.end)))
                    self.quoted(quotes[covered], segment)
                    del quotes[covered], places[covered]
                if waiting and told is not None:
                    self.quoted(waiting, told)
                    waiting = []
                self.around(segment)
            if told is None and not waiting:
                before = bisect_left(sentence.starts, quotes[0].start) if quotes else None
                named = self.attributor.opening(self.text, sentence, before)
                guess = named if named.name else guess
            waiting += quotes
            if waiting and told is not None:
                self.quoted(waiting, told._replace(cue=None))
                waiting = []
        if waiting:
            # A paragraph that is nothing but quotations goes on with the speaker before it.
            alone = not _WORD.search(_MASKED.sub("", self.masked[start:end]))
            previous = self.previous._replace(cue=None)
            guessed = Segment(0, 0, QUOTED, guess.name, guess.text)
            for quotation in waiting:
                self.quoted([quotation], previous if alone or quotation.continues else guessed)
            if not alone:
                self.previous = Segment(0, 0, QUOTED)
        if told is not None:
            self.previous = told

    def within(self, start: int, end: int) -> list[int]:
        """Where the quotations between two places start."""
        return self.starts[bisect_left(self.starts, start) : bisect_left(self.starts, end)]

    def reports(self, sentence: Sentence, number: int) -> list[Segment]:
        """What the sentence reports, with its sources."""
        first, after_heading, last = self.numbers[number]
        for report in self.all_reports[first:after_heading]:
            before = self.attributor.last, self.attributor.topic
            mention = self.attributor.resolve(self.text, sentence, report[SUBJECT_FIRST:])
            surname = mention.name and mention.name.endswith(" " + (mention.text or ""))
            if mention.person or surname:  # not "Live: …", "Washington: …"
                return self.segment(sentence, report, mention)
            self.attributor.last, self.attributor.topic = before
        segments: list[Segment] = []
        speaker: Mention | None = None
        for report in self.all_reports[after_heading:last]:
            subject = tuple(report[SUBJECT_FIRST:])
            if subject == NOBODY:
                mention = _NOBODY
            elif subject == NONE and speaker is not None:
                mention = speaker  # "…, adding that": the speaker of the cue before
            else:
                span = subject if subject != NONE else None
                mention = speaker = self.attributor.resolve(self.text, sentence, span)
            segments += self.segment(sentence, report, mention)
        return segments

    def segment(self, sentence: Sentence, report: list[int], mention: Mention) -> list[Segment]:
        first, last, cue, behind, *_ = report
        last = min(last, n := len(sentence.starts))
        if first >= last:
            return []
        start = sentence.starts[first]
        while start and self.text[start - 1] in _MARKS:
            start -= 1
        word = self.text[sentence.starts[cue] : sentence.ends[min(behind, n) - 1]]
        return [Segment(start, sentence.ends[last - 1], REPORTED, mention.name, mention.text, word)]

    def quoted(self, quotations: list[Quotation], told: Segment) -> None:
        """Quotations that come from the source of another segment."""
        self.found += [Segment(q.start, q.end, QUOTED, *told[3:]) for q in quotations]

    def around(self, segment: Segment) -> None:
        """What a report says besides its quotations."""
        place = segment.start
        # From the last quotation that begins before it: that may reach into it.
        for number in range(max(bisect_left(self.starts, place) - 1, 0), len(self.starts)):
            start = self.starts[number]
            if start >= segment.end:
                break
            if (end := self.spoken[start].end) > place:
                if start > place:
                    self.found.append(segment._replace(start=place, end=start))
                place = end
        if place < segment.end:
            self.found.append(segment if place == segment.start else segment._replace(start=place))


def _fill(text: str, found: list[Segment]) -> list[Segment]:
    """Put narration between what was found; what holds no word joins the segment before it."""
    segments: list[Segment] = []
    place = 0
    for segment in sorted(found, key=lambda s: (s.start, s.voice != QUOTED)):
        if segment.start < place:
            if segment.end <= place:
                continue
            segment = segment._replace(start=place)
        if segment.voice == REPORTED and not _WORD.search(text, segment.start, segment.end):
            continue
        if segment.start > place:
            if _WORD.search(text, place, segment.start):
                segments.append(Segment(place, segment.start, NARRATION))
            elif segments:
                segments[-1] = segments[-1]._replace(end=segment.start)
            else:
                segment = segment._replace(start=place)
        segments.append(segment)
        place = segment.end
    if segments and not _WORD.search(text, place):
        segments[-1] = segments[-1]._replace(end=len(text))
    elif place < len(text) or not segments:
        segments.append(Segment(place, len(text), NARRATION))
    return segments
