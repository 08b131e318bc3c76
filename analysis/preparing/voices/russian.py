"""Reported speech in Russian: fewer rules than for English, of the same kinds."""

import re

from analysis.preparing.voices.reported import Reader, Report
from analysis.preparing.voices.words import word_set

_SAID = word_set(
    """сказал сказала сказали говорит говорил говорила говорят заявил заявила заявили заявляет
    сообщил сообщила сообщили сообщает сообщают отметил отметила отметили отмечает подчеркнул
    подчеркнула подчеркивает подчёркивает добавил добавила добавили объяснил объяснила пояснил
    пояснила уточнил уточнила считает считал считают полагает полагают думает утверждает
    утверждают утверждал признал признала признался призналась напомнил напомнила предупредил
    предупредила предостерег пообещал пообещала обещает ответил ответила спросил спросила написал
    написала пишет пишут рассказал рассказала указал указала указывает настаивает опроверг
    опровергла подтвердил подтвердила объявил объявила выразил выразила предложил предложила
    призвал призвала призывает потребовал потребовала обвинил обвинила обвиняет назвал назвала
    надеется опасается уверен уверена убежден убеждена констатировал резюмировал заверил заверила
    возразил воскликнул посетовал предположил предположила заключил"""
)
_SPEAKING = word_set(
    "отметив подчеркнув добавив заявив пояснив уточнив сказав признав напомнив объяснив"
)
_BREAKS = frozenset(".,;:?!()—–-")
_CYRILLIC = re.compile("[а-яё]")
_LATIN = re.compile("[a-z]")


def is_russian(text: str) -> bool:
    """Whether most letters of the text's beginning are Cyrillic."""
    beginning = text[:2000].lower()
    return len(_CYRILLIC.findall(beginning)) > len(_LATIN.findall(beginning))


class RussianReader(Reader):
    """Finds the reports of one Russian sentence, from left to right."""

    def read(self) -> list[Report]:
        """Every report of the sentence."""
        i = 0
        while i < self.n:
            word = self.lower[i]
            if word == "по" and self.at(i + 1) in ("словам", "мнению", "данным", "сведениям"):
                i = self.by_words_of(i)
            elif word in _SAID or word in _SPEAKING:
                i = self.said(i)
            else:
                i += 1
        return self.reports

    def by_words_of(self, i: int) -> int:
        """`По словам посла, …` and `…, по словам посла`."""
        stop = self.find(i + 2, _BREAKS, self.n, ())
        stop = self.n if stop is None else stop
        if i:
            self._add(0, i - (self.at(i - 1) == ","), (i, i + 2), (i + 2, stop))
        if self.at(stop) == "," and not self.reports:
            self._add(stop + 1, self.n, (i, i + 2), (i + 2, stop))
        return self.n

    def said(self, i: int) -> int:
        """`Посол заявил, что …`, `…, — заявил посол` and `как сообщил посол, …`."""
        before = self.at(i - 1)
        if i < self.free and not (before == "," and self.lower[i] in _SPEAKING):
            return i + 1
        if before in ("—", "–", "-", ",") and i > 1 and self.lower[i] in _SAID:
            stop = self.find(i + 1, _BREAKS, self.n, ())
            stop = self.n if stop is None else stop
            self._add(0, i - 1, (i, i + 1), (i + 1, stop))
            return stop
        comma = self.find(i + 1, (",", ":"), 12, ".;")
        if before == "как":
            if comma is not None:
                self._add(comma + 1, self.n, (i, i + 1), (i + 1, comma))
            return self.n
        quote = next((k for k in range(i + 1, self.n) if self.is_quote[k]), None)
        if comma is not None and self.at(comma + 1) in ("что", "чтобы", "как", "будто"):
            if i < self.free:
                self._cut(i - 1)
            subject = None if self.lower[i] in _SPEAKING else self.subject(i)
            self._add(comma + 1, self.sentence_end(comma), (i, i + 1), subject)
        elif quote is not None:
            self._add(quote, quote + 1, (i, i + 1), self.subject(i))
        return i + 1
