"""The sample corpus holds what ``data/sample/truth.json`` says was planted in it.

Nothing here imports the package: the sample is gold for the package's own tests, so what it
claims is checked with the standard library and pandas alone.
"""

import csv
import itertools
import json
import re
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "sample"
HEADER = ["id", "outlet", "date", "title", "text", "url", "section"]
QUARTERS = [f"{year}-Q{quarter}" for year in (2021, 2022) for quarter in (1, 2, 3, 4)]
QUOTE_MARKS = "\"'“”‘’"

# Far fewer words than a lexicon has; enough to see a turn without the code under test.
DETERRENCE = re.compile(r"\b(deter|sanction|missile|troop|threat|retaliat|pressur)", re.I)
DIALOGUE = re.compile(r"\b(dialogue|talks|negotiat|diploma|summit|agreement|ceasefire|envoy)", re.I)


@pytest.fixture(scope="module")
def truth() -> dict:
    return json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def sample() -> pd.DataFrame:
    frame = pd.read_csv(SAMPLE / "articles.csv", dtype=str, keep_default_na=False)
    return frame.set_index("id", drop=False)


@pytest.fixture(scope="module")
def bodies(sample, truth) -> dict[str, str]:
    """Each article's own words: its text without any outlet's furniture, blanks made single."""
    furniture = {string for strings in truth["furniture"].values() for string in strings}
    furniture |= {reprint["credit"] for reprint in truth["reprints"].values()}
    ordered = sorted(furniture, key=len, reverse=True)

    def strip(text: str) -> str:
        kept = []
        for line in text.splitlines():
            for string in ordered:
                if line.startswith(string):
                    line = line.removeprefix(string)
                    break
            kept.append(line)
        return " ".join(" ".join(kept).split())

    return {id_: strip(text) for id_, text in sample["text"].items()}


def shingles(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + 5]) for i in range(len(words) - 4)}


def shared_part(a: set, b: set) -> float:
    """The part of the smaller text's shingles that the other text has too."""
    return len(a & b) / min(len(a), len(b))


def deterrence_shares(articles: pd.DataFrame, bodies: dict[str, str]) -> list[float]:
    """Deterrence words among deterrence and dialogue words, quarter by quarter."""
    quarter = pd.PeriodIndex(articles["date"], freq="Q")
    texts = articles["id"].map(bodies).groupby(quarter).agg(" ".join)
    a, b = texts.str.count(DETERRENCE), texts.str.count(DIALOGUE)
    return (a / (a + b)).tolist()


def test_the_file_is_plain_utf8_csv_with_lf_and_the_stated_header():
    raw = (SAMPLE / "articles.csv").read_bytes()
    assert b"\r" not in raw
    assert not raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(raw.decode("utf-8").splitlines(keepends=True), strict=True))
    assert rows[0] == HEADER
    assert {len(row) for row in rows} == {len(HEADER)}


def test_there_are_48_articles_with_ids_and_links_of_their_own(sample):
    assert len(sample) == 48
    assert sample["id"].is_unique
    assert sample["url"].is_unique
    assert sample["url"].str.startswith("https://example.org/").all()
    assert (sample[["outlet", "title", "text", "section"]] != "").all(axis=None)


def test_two_dates_are_empty_and_the_others_are_iso_days_in_range(sample, truth):
    empty = sample.loc[sample["date"] == "", "id"]
    assert sorted(empty) == sorted(truth["undated"])
    assert len(truth["undated"]) == 2
    dated = sample.loc[sample["date"] != "", "date"]
    days = pd.to_datetime(dated, format="%Y-%m-%d")
    assert (days.dt.strftime("%Y-%m-%d") == dated).all()
    assert days.between("2021-01-01", "2022-12-31").all()


def test_every_outlet_is_in_every_quarter_five_or_six_articles_each(sample, truth):
    dated = sample[sample["date"] != ""]
    days = pd.to_datetime(dated["date"])
    quarters = days.dt.year.astype(str) + "-Q" + days.dt.quarter.astype(str)
    assert set(zip(dated["outlet"], quarters, strict=True)) == set(
        itertools.product(truth["outlets"], QUARTERS)
    )
    assert set(Counter(quarters).values()) == {5, 6}
    assert set(sample["outlet"]) == set(truth["outlets"])
    assert sample["outlet"].value_counts().eq(12).all()


def test_texts_have_120_to_250_words(sample, bodies):
    words = sample["text"].str.split().str.len()
    assert words.between(120, 250).all(), words[~words.between(120, 250)]
    # The same without furniture.
    own = {id_: len(body.split()) for id_, body in bodies.items()}
    assert all(120 <= n <= 250 for n in own.values()), own


def test_the_two_turning_outlets_turn_in_the_stated_quarter_and_the_others_do_not(
    sample, bodies, truth
):
    turn = truth["turn"]
    assert (turn["quarter"], turn["date"]) == ("2022-Q1", "2022-01-19")
    assert {name for name, o in truth["outlets"].items() if o["turns"]} == set(turn["outlets"])

    dated = sample[sample["date"] != ""]
    for outlet in truth["outlets"]:
        mine = dated[dated["outlet"] == outlet]
        early, late = mine[mine["date"] < "2022-01-01"], mine[mine["date"] >= "2022-01-01"]
        before, after = deterrence_shares(early, bodies), deterrence_shares(late, bodies)
        assert (len(before), len(after)) == (4, 4)
        if outlet in turn["outlets"]:
            assert min(before) > 0.7, before
            assert max(after) < 1 / 3, after
            assert late["date"].min() > turn["date"]
            assert "Fennhaven" in bodies[late["date"].idxmin()]
        elif outlet == "Marlund Lantern":
            assert min(before + after) > 0.7, before + after
        else:
            assert all(0.3 < share < 0.7 for share in before + after), before + after


def test_furniture_lines_stand_in_their_outlet_as_lines_and_repeat(sample, truth):
    for outlet, strings in truth["furniture"].items():
        lines = [
            line
            for text in sample.loc[sample["outlet"] == outlet, "text"]
            for line in text.splitlines()
        ]
        datelines = [string for string in strings if string.endswith("(Skarrow Wire) -")]
        for string in strings:
            if string in datelines:
                assert sum(line.startswith(string) for line in lines) >= 2, string
            else:
                assert lines.count(string) >= 2, (outlet, string)
        # At least one line is in more than half of the outlet's articles.
        assert max(lines.count(string) for string in strings) > 6, outlet


def test_reprints_are_four_verbatim_and_two_edited_copies_of_earlier_articles(
    sample, bodies, truth
):
    reprints = truth["reprints"]
    kinds = Counter(reprint["kind"] for reprint in reprints.values())
    assert kinds == {"verbatim": 4, "edited": 2}
    for id_, reprint in reprints.items():
        original = sample.loc[reprint["original"]]
        copy = sample.loc[id_]
        assert copy["outlet"] != original["outlet"]
        assert copy["date"] >= original["date"]
        assert copy["title"] != original["title"]
        assert reprint["credit"] in copy["text"].splitlines()
        if reprint["kind"] == "verbatim":
            assert bodies[id_] == bodies[reprint["original"]]
        else:
            assert bodies[id_] != bodies[reprint["original"]]
            a, b = shingles(bodies[id_]), shingles(bodies[reprint["original"]])
            assert len(a & b) / len(a | b) > 0.6, id_


def test_no_other_two_articles_share_more_than_a_twentieth_of_their_shingles(bodies, truth):
    planted = {frozenset((id_, r["original"])) for id_, r in truth["reprints"].items()}
    sets = {id_: shingles(body) for id_, body in bodies.items()}
    too_close = {
        (a, b): round(shared_part(sets[a], sets[b]), 3)
        for a, b in itertools.combinations(sets, 2)
        if frozenset((a, b)) not in planted and shared_part(sets[a], sets[b]) > 0.05
    }
    assert too_close == {}


def test_people_are_named_in_every_way_listed(sample, truth):
    everything = "\n".join(sample["text"])
    for person, variants in truth["people"].items():
        assert person in variants
        for variant in variants:
            assert re.search(rf"\b{re.escape(variant)}\b", everything), variant


@pytest.mark.parametrize(("kind", "words"), [("quotes", "quote"), ("reported", "content")])
def test_quotations_and_reported_speech_stand_where_they_are_said_to(sample, truth, kind, words):
    assert len({entry["id"] for entry in truth[kind]}) >= 24
    for entry in truth[kind]:
        text = sample.loc[entry["id"], entry["field"]]
        start, said = entry["start"], entry[words]
        assert text[start : start + len(said)] == said
        assert entry["source"] is None or entry["source"] in truth["people"]
        if entry["cue"]:
            assert entry["cue"] in text
        if kind == "quotes":
            assert text[start - 1] in QUOTE_MARKS
            flags = entry["flags"]
            # An article ends in furniture and a title in its own words: a character follows.
            assert text[start + len(said)] in QUOTE_MARKS or "multi_paragraph" in flags
            assert set(flags) <= {"multi_paragraph", "scare", "nested", "heading"}
            if "scare" in flags:
                assert len(said.split()) <= 3


def test_each_quotation_over_two_paragraphs_opens_twice_and_closes_once(sample, truth):
    parts = [entry for entry in truth["quotes"] if "multi_paragraph" in entry["flags"]]
    assert len(parts) >= 6
    for first, second in zip(parts[::2], parts[1::2], strict=True):
        text = sample.loc[first["id"], "text"]
        assert first["id"] == second["id"]
        end = first["start"] + len(first["quote"])
        between = text[end : second["start"]]
        assert between.strip() in tuple('"“‘'), between
        assert between.startswith("\n")
        assert text[second["start"] + len(second["quote"])] in '"”’'


def test_every_opening_mark_in_a_text_belongs_to_a_listed_quotation(sample, truth):
    spans: dict[str, list[tuple[int, int]]] = {}
    for entry in truth["quotes"]:
        if entry["field"] == "text":
            span = (entry["start"] - 1, entry["start"] + len(entry["quote"]))
            spans.setdefault(entry["id"], []).append(span)
    for id_, text in sample["text"].items():
        for mark in re.finditer(r"[\"“](?=\w)|(?<!\w)‘(?=\w)", text):
            inside = any(start <= mark.start() < end for start, end in spans.get(id_, []))
            assert inside, (id_, text[mark.start() : mark.start() + 40])


@pytest.mark.parametrize("kind", ["negated", "confusables"])
def test_negated_and_confusable_words_stand_in_their_articles(sample, truth, kind):
    assert len(truth[kind]) >= 8
    for entry in truth[kind]:
        assert entry["text"] in sample.loc[entry["id"], "text"], entry
    if kind == "confusables":
        texts = {entry["text"] for entry in truth[kind]}
        assert {"determined", "detergent", "talk show", "lightning strike"} <= texts


def test_truth_holds_no_scores(truth):
    """What was planted, not what a method measures: offsets are its only numbers."""

    def numbers(value: object) -> list[float]:
        if isinstance(value, dict):
            return [n for item in value.values() for n in numbers(item)]
        if isinstance(value, list):
            return [n for item in value for n in numbers(item)]
        return [value] if isinstance(value, float) else []

    assert numbers(truth) == []
