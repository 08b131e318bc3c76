"""Which 8-bit code page a text is in: that in which its words are made of a language's letters."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import pairwise

# Marks that stand at the edge of a word, on their own, or also within one.
_EDGE = frozenset("‘‚“”„«»‹›•€£§©®°™¡¿´ªº¹²³½¼¾\xa0×÷±¥¢")
_WITHIN = frozenset("’–—…·\xad")
_DASHES = frozenset("–—")
_WORD = re.compile(rb"[A-Za-z\x80-\xff]*[\x80-\xff][A-Za-z\x80-\xff]*")
# A Thai vowel or tone sign that stands on no consonant.
_NO_THAI = re.compile("(?<![ก-ฮ็-๎])[ะ-ฺ]|(?<![ก-ฮั-ู])[็-๎]")
# Words of one sample that are looked at; those that are most frequent.
_MOST_WORDS = 4_000
# An encoding that comes earlier is taken if it is as good as that.
_MARGIN = 0.02
_GOOD = 0.6


def code_pages(sample: bytes) -> tuple[str, list[str]] | None:
    """The code page of a text and others that would fit too; None if no 8-bit one fits.

    Each character beyond ASCII fits that is a letter of the language, in a word without a capital
    after a small letter, or a mark where such marks stand. The language is that whose letters fit
    most.
    """
    words = Counter(_WORD.findall(sample)).most_common(_MOST_WORDS)
    scores: dict[str, float] = {}
    texts: dict[str, str] = {}
    plausible = set()
    for name, languages in _candidates():
        decoded = [(word.decode(name, "replace"), count) for word, count in words]
        texts[name] = " ".join(word for word, _ in decoded)
        fits: Counter[str] = Counter()
        total = marks = letters = 0
        for word, count in decoded:
            for char, kind in _kinds(word):
                total += count
                marks += count * (kind == "mark")
                if kind == "letter":
                    letters += count
                    fits[char] += count
        best = max(
            (sum(count for char, count in fits.items() if char in known) for known in languages),
            default=0,
        )
        scores[name] = (marks + best) / max(1, total)
        if marks + letters == total and name.startswith("cp125"):
            plausible.add(name)
    top = max(scores.values())
    if not words or top < _GOOD or _is_multibyte(sample, top):
        return None
    chosen = next(name for name, score in scores.items() if score >= top - _MARGIN)
    rivals = [
        name for name in scores
        if texts[name] != texts[chosen] and (name in plausible or scores[name] >= top - _MARGIN)
    ]  # fmt: skip
    return chosen, list({texts[name]: name for name in reversed(rivals)}.values())[::-1]


def _is_multibyte(sample: bytes, score: float) -> bool:
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", sample)]
    return score < 0.9 and sum(run for run in runs if run > 2) > 0.5 * sum(runs)


def _kinds(word: str) -> Iterator[tuple[str, str]]:
    """Each character of a word beyond ASCII, as a small letter, and whether letter, mark or odd."""
    odd_word = any(a.islower() and b.isupper() for a, b in pairwise(word))
    odd_word = odd_word or _NO_THAI.search(word) is not None
    for n, char in enumerate(word):
        if char.isascii():
            continue
        before, after = word[n - 1 : n], word[n + 1 : n + 2]
        inside = before.isalpha() and after.isalpha()
        if char.isalpha() or "\u0300" <= char <= "\u0e4f":
            small = char.lower()[:1]
            latin = char < "\u0250"
            near = [c for c in (before, after) if c.isalpha()]
            mixed = any((c < "\u0250") != latin for c in near)
            yield small, "odd" if mixed or odd_word else "letter"
        elif char in _DASHES:
            yield char, "mark" if before.isalpha() == after.isalpha() else "odd"
        else:
            fits = char in _WITHIN or (char in _EDGE and not inside)
            yield char, "mark" if fits else "odd"


@cache
def _candidates() -> list[tuple[str, list[frozenset[str]]]]:
    """Encodings, Windows' first, with the letters of each language that is written in them."""
    content = files("analysis.reading.encodings").joinpath("code_pages.toml").read_text("utf-8")
    families = tomllib.loads(content).values()
    found = [
        (name, [frozenset(letters) for letters in family["letters"]])
        for family in families for name in family["encodings"]
    ]  # fmt: skip
    return sorted(found, key=lambda pair: not pair[0].startswith("cp125"))
