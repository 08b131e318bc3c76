"""How well voices and sources are told, on hand-marked attributions; and how fast.

PolNeAR (Newell et al. 2018) marks in 200 articles of seven US outlets who says what: a source, a
cue and the content. Articles whose SHA-256 of the file name is even were read while the rules were
written ("read"); the others were never looked at ("held out"). The corpus has no licence: it is
measured with, and nothing of it is in this repository.
"""

import gzip
import hashlib
import json
import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd

from analysis import kwic, split_voices
from analysis.preparing.voices.segments import QUOTED, REPORTED, split_text

SHARED = Path(__file__).parents[2].parent / "shared" / "corpora"
WORD = re.compile(r"\w+")
Spans = list[tuple[int, int]]

# The few lines of rules that the scores stand beside.
_QUOTE = re.compile(r"[\"“][^\"“”\n]+[\"”]")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]?")
_SAID = re.compile(
    r"\b(?:said|says|say|told|added|wrote|argued|announced|warned|insisted|noted|according to)\b"
)


def few_lines(text: str) -> tuple[Spans, Spans]:
    """Text between marks; and in sentences with a reporting verb, what follows that verb."""
    quoted = [match.span() for match in _QUOTE.finditer(text)]
    reported = []
    for sentence in _SENTENCE.finditer(text):
        cue = _SAID.search(text, *sentence.span())
        if cue and text[cue.end() : sentence.end()].strip(" .,"):
            reported.append((cue.end(), sentence.end()))
        elif cue:
            reported.append((sentence.start(), cue.start()))
    return quoted, reported


def ours(text: str) -> tuple[Spans, Spans]:
    """What split_voices calls quoted, and what it calls reported."""
    segments = split_text(text)
    return tuple(  # type: ignore[return-value]
        [(s.start, s.end) for s in segments if s.voice == voice] for voice in (QUOTED, REPORTED)
    )


def read_corpus() -> dict[str, list[dict]]:
    """The two halves of PolNeAR's training part."""
    with gzip.open(SHARED / "polnear_train.jsonl.gz", "rt", encoding="utf-8") as file:
        articles = [json.loads(line) for line in file]
    halves: dict[str, list[dict]] = {"read": [], "held out": []}
    for article in articles:
        number = int(hashlib.sha256(article["file"].encode()).hexdigest(), 16)
        halves["held out" if number % 2 else "read"].append(article)
    return halves


def marked(length: int, spans: Iterable[tuple[int, int]]) -> bytearray:
    """A flag for each character: whether a span has it."""
    flags = bytearray(length)
    for start, end in spans:
        flags[start:end] = b"\1" * (end - start)
    return flags


def score(articles: list[dict], rules: Callable[[str], tuple[Spans, Spans]]) -> dict[str, float]:
    """Precision, recall and F1 of tokens in gold content; and of direct quotation alone."""
    both = direct = gold_tokens = right = right_direct = 0
    for article in articles:
        text = article["text"]
        contents = [span for a in article["attributions"] for span in a.get("content", [])]
        quoted, reported = rules(text)
        gold = marked(len(text), contents)
        said, in_marks = marked(len(text), quoted + reported), marked(len(text), quoted)
        for match in WORD.finditer(text):
            at = match.start()
            gold_tokens += gold[at]
            both += said[at]
            right += said[at] & gold[at]
            direct += in_marks[at]
            right_direct += in_marks[at] & gold[at]
    precision, recall = right / both, right / gold_tokens
    return {
        "precision": precision,
        "recall": recall,
        "F1": 2 * precision * recall / (precision + recall),
        "direct: precision": right_direct / direct,
        "direct: recall": right_direct / gold_tokens,
    }


def head_name(source: str) -> str | None:
    """The last word of the name that a gold source is, or that its apposition gives; else None."""
    own = re.split(
        r",|\(|\s(?:who|whose|of|for|in|at|from|with|on|to|about|during|and)\s|\s[-–—]\s",
        source.strip(" ,"),
    )[0].split()
    own = [re.sub(r"['’]s?$", "", word) for word in own if word not in ("Jr.", "Sr.")]
    if own and own[-1][:1].isupper() and own[-1] not in ("He", "She", "They", "It", "We", "I"):
        return own[-1]
    apposed = re.match(r"[^,]*,\s+((?:[A-Z][\w.’'-]*\s?)+)(?:,|$)", source)
    return apposed.group(1).split()[-1] if apposed else None


def score_sources(articles: list[dict]) -> tuple[int, int]:
    """Quotations whose gold source is a name in the same paragraph, and how many get that name."""
    asked = right = 0
    for article in articles:
        text = article["text"]
        segments = [s for s in split_text(text) if s.voice == QUOTED]
        for attribution in article["attributions"]:
            spans = attribution.get("source") or []
            name = head_name(" ".join(text[start:end] for start, end in spans)) if spans else None
            for start, _ in attribution.get("content", []) if name else []:
                between = text[min(start, spans[0][0]) : max(start, spans[0][0])]
                if text[start] not in "\"“‘'" or "\n" in between:
                    continue
                segment = next((s for s in segments if s.start <= start < s.end), None)
                if segment is None:
                    continue
                asked += 1
                told = re.sub(r"['’]s\b", "", segment.source or "").lower().split()
                right += name.lower() in told
    return right, asked


def main() -> None:
    """Print the scores of both halves, and the times on the AllSides corpus."""
    if not SHARED.is_dir():
        print(f"bench_voices: needs PolNeAR and AllSides in {SHARED.parent.name}/corpora; skipped")
        return
    for half, articles in read_corpus().items():
        right, asked = score_sources(articles)
        table = pd.DataFrame(
            {
                "few lines of rules": score(articles, few_lines),
                "split_voices": score(articles, ours),
            }
        )
        print(f"\nPolNeAR, {half}: {len(articles)} articles\n{table.round(3).T.to_string()}")
        print(f"source: the right head name for {right} of {asked} quotations, {right / asked:.3f}")
    frame = pd.read_parquet(SHARED / "allsides_security.parquet").rename(columns={"id": "doc_id"})
    clock, used = time.perf_counter(), time.process_time()
    segments = split_voices(frame)
    clock, used = time.perf_counter() - clock, time.process_time() - used
    unbalanced = segments.loc[segments["unbalanced"] > 0]
    print(
        f"\n{int(unbalanced['unbalanced'].sum())} marks without a partner, in "
        f"{unbalanced['doc_id'].nunique()} articles"
    )
    print(f"split_voices: {len(frame):,} articles, {len(segments):,} segments in {clock:.1f} s")
    print(
        f"({used:.1f} s of processor time; {frame['text'].str.len().sum() / used / 1e6:.2f} MB/s)"
    )
    kwic(frame.head(5), ("deterrence-dialogue", "deterrence"))  # compile and load first
    for name, rows in (("articles", frame), ("segments", segments)):
        clock, used = time.perf_counter(), time.process_time()
        lines = kwic(rows, ("deterrence-dialogue", "deterrence"))
        clock, used = time.perf_counter() - clock, time.process_time() - used
        print(f"kwic of a frame, {name}: {len(lines):,} lines in {clock:.1f} s ({used:.1f} s)")


if __name__ == "__main__":
    main()
