"""Windows around targets: against quanteda, and against a slow count from first principles."""

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from analysis.articles import check_articles
from analysis.counting.corpus import count_corpus
from analysis.counting.document_terms import DocumentTerms, document_terms
from analysis.counting.groups import GroupCounts, group_counts
from analysis.counting.joining import add_up, join_counts
from analysis.counting.units import other_groups
from analysis.errors import CountsError, LexiconError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.comparing.comparison import compare_groups
from analysis.measuring.comparing.sensitivity import sensitivity
from analysis.measuring.comparing.trend import trend
from analysis.measuring.frames.prevalence import prevalence
from analysis.measuring.frames.stance import stance
from analysis.preparing.voices import split_voices
from analysis.reading import read_articles
from analysis.showing.kwic import kwic
from analysis.tokens import TermRules
from tests.counting.test_joining import assert_same

FRAMES = Lexicon.from_dict(
    {"hard": ["threat*", "hard line", "-threat level"], "soft": ["talks"]}, negators=["no"]
)
TARGETS = {"Anytown": ["anytown*", "city hall", "-anytown road"], "Bigcity": ["bigcity"]}
PAIR = ("hard", "soft")


def table_of(*texts: str, outlets: str = "") -> pd.DataFrame:
    frame = pd.DataFrame({"text": texts, "outlet": list(outlets or "G" * len(texts))})
    return check_articles(frame.assign(doc_id=range(len(texts)), date="2021-03-14"))


def hits_of(counts: DocumentTerms) -> pd.DataFrame:
    """Hits per article, target and frame; those after a negator under the frame's name and "-"."""
    table = counts.documents[["doc_id", "target"]].copy()
    for place, (frame, negated) in enumerate(
        counts.hit_types[["frame", "negated"]].itertuples(index=False)
    ):
        name = frame + "-" * negated
        table[name] = table.get(name, 0) + counts.hits[:, [place]].toarray()[:, 0]
    return table.groupby(["doc_id", "target"], dropna=False).sum()


def test_negated_hits_near_a_target():
    # Case C27: in each article one threat, and talks after "no".
    articles = table_of(*["No talks with Anytown. A threat to Anytown."] * 5)
    counts = document_terms(articles, lexicon=FRAMES, targets={"Anytown": ["Anytown"]}, window=5)
    row = stance(counts, FRAMES, PAIR, by="target").iloc[0]
    assert row[["target", "n_hard", "n_soft", "n_soft_negated"]].tolist() == ["Anytown", 5, 0, 5]


@pytest.mark.parametrize(
    ("window", "near"), [(3, 0), (4, 2), (10, 2), (11, 3), ("sentence", 2), ("paragraph", 3)]
)
def test_what_a_window_holds(window: int | str, near: int):
    # Of four threats two are 4 tokens away, one 11 in the next sentence, one in a paragraph of its
    # own, 14 away.
    text = (
        "A threat by some of Anytown may be a threat. Rain and snow fell and a threat came.\n"
        "Another threat came."
    )
    counts = document_terms(table_of(text), lexicon=FRAMES, targets=TARGETS, window=window)
    assert hits_of(counts)["hard"].get(("0", "Anytown"), 0) == near
    assert counts.hits.sum() == 4


def test_windows_cross_sentences_but_no_article():
    counts = document_terms(
        table_of("Anytown. A threat.", "Threat."), lexicon=FRAMES, targets=TARGETS, window=5
    )
    assert hits_of(counts)["hard"].to_dict() == {("0", "Anytown"): 1, ("1", np.nan): 1}


def test_no_phrase_is_glued_from_two_windows():
    # With window=1 "hard" and "line" are kept, and what is between them is not.
    text = "Anytown hard rain fell on the line Anytown."
    counts = document_terms(table_of(text), lexicon=FRAMES, targets=TARGETS, window=1)
    assert counts.hits.sum() == 0
    pairs = document_terms(
        table_of(text), targets=TARGETS, window=1, rules=TermRules(ngrams=2)
    ).where(target="Anytown")
    assert [term for term in pairs.terms[pairs.counts.sum(axis=0) > 0] if " " in term] == [
        "anytown hard", "line anytown",
    ]  # fmt: skip


def test_near_two_targets():
    text = "Anytown and some of Bigcity face a threat."
    both = document_terms(table_of(text), lexicon=FRAMES, targets=TARGETS)
    assert hits_of(both)["hard"].droplevel(0).to_dict() == {"Anytown": 1, "Bigcity": 1}
    assert set(both.documents["targets"]) == {"Anytown + Bigcity"}
    nearest = document_terms(table_of(text), lexicon=FRAMES, targets=TARGETS, shared="nearest")
    assert hits_of(nearest)["hard"].droplevel(0).to_dict() == {"Anytown": 0, "Bigcity": 1}
    # In one group a hit counts once; between targets, once for each.
    assert stance(both, FRAMES, PAIR)["n_hard"].tolist() == [1]
    assert stance(both, FRAMES, PAIR)["tokens"].tolist() == [8]
    assert stance(both, FRAMES, PAIR, by="target")["n_hard"].tolist() == [1, 1]
    assert stance(both.where(target="Bigcity"), FRAMES, PAIR)["n_hard"].tolist() == [1]
    # Against all others, "Bigcity" has the one hit, and the rest has it once, too.
    rest = other_groups(both, ["target"])
    assert stance(rest, FRAMES, PAIR, by="target")["n_hard"].tolist() == [1, 1]


WORDS = "anytown anytowns bigcity city hall road threat threats level hard line talks no rain"
word = st.sampled_from(WORDS.split(" "))
gap = st.sampled_from([" ", " ", " ", ", ", ". ", "\n"])
text = st.lists(st.tuples(word, gap), max_size=25).map(
    lambda pairs: "".join(word + gap for word, gap in pairs)
)


def slow_spans(tokens: list[tuple[str, int]], phrases: list[str]) -> list[tuple[int, int, str]]:
    """All places of a list of phrases, the longest first; a token is taken once."""
    found: list[tuple[int, int, str]] = []
    words = [word for word, _ in tokens]
    for phrase in sorted(phrases, key=lambda p: (-len(p.split()), not p.startswith("-"))):
        parts = phrase.removeprefix("-").split()
        for i in range(len(words) - len(parts) + 1):
            fits = all(
                re.fullmatch(part.replace("*", ".*"), words[i + k]) for k, part in enumerate(parts)
            )
            # A phrase crosses nothing but spaces.
            fits = fits and all(tokens[i + k][1] == 0 for k in range(1, len(parts)))
            if fits and not any(a <= i + len(parts) - 1 and i <= b for a, b, _ in found):
                found.append((i, i + len(parts) - 1, phrase))
    return [span for span in found if not span[2].startswith("-")]


def slow_counts(text: str, window: int | str, shared: str) -> dict[tuple[str, ...], Counter[str]]:
    """Tokens and hits for each set of targets, token by token."""
    tokens, before, level = [], "\n", {"": 0, " ": 0, ", ": 1, ". ": 2, "\n": 3}
    for found in re.finditer(r"(\w+)(\W*)", text):
        tokens.append((found[1], level[before] if before != "\n" else 3))
        before = found[2] if found[2] in level else "\n"
    needed = {"sentence": 2, "paragraph": 3}.get(str(window), 4)
    inside = np.cumsum([border >= needed for _, border in tokens])
    mentions = {name: slow_spans(tokens, phrases) for name, phrases in TARGETS.items()}

    def near(i: int, name: str) -> bool:
        return any(
            inside[i] in (inside[a], inside[b])
            and (isinstance(window, str) or a - window <= i <= b + window)
            for a, b, _ in mentions[name]
        )

    def distance(first: int, last: int, name: str) -> int:
        return min(
            max(a - last, first - b, 0) for a, b, _ in mentions[name] if inside[a] == inside[first]
        )

    def targets_of(first: int, last: int) -> tuple[str, ...]:
        names = [n for n in TARGETS if all(near(i, n) for i in range(first, last + 1))]
        if shared == "nearest" and names:
            least = min(distance(first, last, name) for name in names)
            names = [name for name in names if distance(first, last, name) == least]
        return tuple(names)

    result: dict[tuple[str, ...], Counter[str]] = {}
    for i in range(len(tokens)):
        result.setdefault(targets_of(i, i), Counter())["tokens"] += 1
    for frame, phrases in FRAMES.frames.items():
        for first, last, _ in slow_spans(tokens, list(phrases)):
            result.setdefault(targets_of(first, last), Counter())[frame] += 1
    return result


@given(
    st.lists(text, min_size=1, max_size=4),
    st.sampled_from([0, 1, 2, 5, "sentence", "paragraph"]),
    st.sampled_from(["all", "nearest"]),
)
def test_equal_to_a_slow_count(texts: list[str], window: int | str, shared: str):
    counts = document_terms(
        table_of(*texts), lexicon=FRAMES, targets=TARGETS, window=window, shared=shared
    )
    documents = counts.documents.assign(hard=0, soft=0)
    for place, frame in enumerate(counts.hit_types["frame"]):
        documents[frame] += counts.hits[:, [place]].toarray()[:, 0]
    for number, text in enumerate(texts):
        mine = documents[documents["doc_id"] == str(number)]
        expected = slow_counts(text, window, shared) or {(): Counter()}
        rows = {
            (label, name): tuple(count[column] for column in ("tokens", "hard", "soft"))
            for label, count in expected.items()
            for name in label or ("",)
        }
        got = {
            (tuple(str(row.targets).split(" + ")) if row.target == row.target else (),
             row.target if row.target == row.target else ""):
            (row.n_tokens, row.hard, row.soft) for row in mine.itertuples()
        }  # fmt: skip
        assert got == rows
    # In all, each token and hit is there once, as without targets.
    whole = group_counts(document_terms(table_of(*texts), lexicon=FRAMES), ["outlet"])
    again = group_counts(counts, ["outlet"])
    assert_same(again, whole)


@pytest.mark.shared
@pytest.mark.parametrize("window", [5, 10])
def test_equal_to_quanteda(shared: Path, window: int):
    """ORIGIN part 2: tokens_keep(window=), then tokens_lookup, of the same tokens."""
    oracles = shared / "oracles"
    targets, frames = (
        yaml.safe_load((oracles / f"window_{name}.yml").read_text())
        for name in ("targets", "frames")
    )
    corpus = pd.read_parquet(shared / "corpora" / "allsides_security.parquet").sort_values("id")
    tokens = [" ".join(re.findall(r"[a-z0-9]+", text.lower())) for text in corpus["text"]]
    articles = pd.DataFrame({"doc_id": corpus["id"].to_numpy(), "outlet": "x", "text": tokens})
    articles["date"] = pd.Timestamp("2021-03-14")
    lexicon = Lexicon.from_dict(frames)
    counts = document_terms(
        articles,
        lexicon=lexicon,
        targets=targets,
        window=window,
        rules=TermRules(possessives=False),
    )
    grouped = group_counts(counts, ["target", "doc_id"])
    got = grouped.groups.rename(columns={"tokens": "kept_tokens", "doc_id": "id"})
    for frame in frames:
        hits = grouped.hits.set_index("group")[f"n_{frame}"]
        got[frame] = hits.reindex(range(len(got)), fill_value=0).to_numpy()
    names = ["kept_tokens", *frames]
    expected = pd.read_csv(oracles / "windows_simple.csv").query("window == @window")
    expected = expected.set_index(["target", "id"])[names]
    cells = got.set_index(["target", "id"])[names].reindex(expected.index, fill_value=0)
    pd.testing.assert_frame_equal(cells, expected)
    totals = pd.read_csv(oracles / "windows_totals_simple.csv").query("window == @window")
    totals = totals.set_index("target").rename(columns={"articles_with_target": "articles"})
    mine = got.dropna(subset=["target"]).groupby("target")[["articles", *names]].sum()
    pd.testing.assert_frame_equal(
        mine.loc[totals.index], totals[["articles", *names]], check_names=False
    )


@pytest.mark.parametrize("by", [["outlet", "target"], ["outlet"], ["target", "targets", "month"]])
def test_streamed_counts_are_the_same(tmp_path: Path, root: Path, by: list[str]):
    frame = pd.read_csv(root / "data" / "sample" / "articles.csv", dtype="str")
    frame.to_parquet(tmp_path / "articles.parquet", row_group_size=7)
    targets = {"Russia": ["russia*", "moscow"], "West": ["nato", "west*", "european union"]}
    options = {"lexicon": "deterrence-dialogue", "targets": targets, "window": "sentence"}
    streamed = count_corpus(tmp_path, by, batch_size=5, part_rows=7, **options)
    articles, _ = read_articles(tmp_path)
    counts = document_terms(articles, **options)
    grouped = group_counts(counts, by)
    streamed = replace(streamed, rejected=grouped.rejected)
    assert_same(streamed, grouped)
    counts.save(tmp_path / "bundle")
    again = group_counts(DocumentTerms.load(tmp_path / "bundle"), by)
    # The head of a folder has the hashes of its files.
    heads = [
        (one.save(tmp_path / name) / "counts.json").read_bytes()
        for name, one in (("counted", grouped), ("loaded", again))
    ]
    assert heads[0] == heads[1]
    joined = join_counts([document_terms(a, **options) for a in (articles[:9], articles[9:])])
    assert_same(streamed, group_counts(joined, by))
    if "target" in by:
        with pytest.raises(CountsError, match="several groups of 'target'"):
            group_counts(streamed, [])


def test_statistics_take_targets():
    rng = np.random.default_rng(20)
    texts = []
    for _ in range(60):
        parts = [
            f"{name} faces {rng.choice(['a threat', 'talks'], p=[p, 1 - p])}."
            for name, p in (("Anytown", 0.8), ("Bigcity", 0.3))
            for _ in range(3)
        ]
        texts.append(" ".join(parts))
    articles = table_of(*texts).assign(date=pd.date_range("2021-01-01", periods=60))
    counts = document_terms(articles, lexicon=FRAMES, targets=TARGETS, window="sentence")
    scores = stance(counts, FRAMES, PAIR, by="target").set_index("target")
    # Counted in the texts: sentences with each name and a threat.
    hard = {
        name: sum(len(re.findall(f"{name} faces a threat", text)) for text in texts)
        for name in TARGETS
    }
    assert scores["n_hard"].to_dict() == hard
    assert scores["articles"].tolist() == [60, 60]
    row = compare_groups(counts, FRAMES, PAIR, by="target").iloc[0]
    assert row["p"] < 0.01
    # In how many of the articles that mention it is a threat near it.
    frames = prevalence(counts, FRAMES, by="target", frames="hard").set_index("target")
    hit = {name: sum(f"{name} faces a threat" in text for text in texts) for name in TARGETS}
    assert frames["articles_hit"].to_dict() == hit
    assert (frames["prevalence"] * 60).round(6).to_dict() == hit
    # Streamed counts give the same, also where targets share articles.
    streamed = group_counts(counts, "target", all_articles=True)
    options = {"by": "target", "frames": list(PAIR), "measure": "prevalence"}
    pd.testing.assert_frame_equal(
        compare_groups(streamed, FRAMES, **options), compare_groups(counts, FRAMES, **options)
    )
    assert trend(counts, FRAMES, PAIR, by="target", resamples=19)["articles_hit"].tolist() == [
        60,
        60,
    ]
    sides = ({"target": "Anytown"}, {"target": "Bigcity"})
    table = sensitivity(counts, FRAMES, PAIR, between=sides)
    assert table["log_odds"].notna().any() if "log_odds" in table else len(table)
    with pytest.raises(CountsError, match="leave `articles` out"):
        sensitivity(counts, FRAMES, PAIR, between=sides, articles=articles)


def test_who_says_what_about_whom():
    article = table_of('Anytown grew. "Bigcity is a threat," said Ann Smith. Talks about Anytown.')
    segments = split_voices(article)
    counts = document_terms(segments, lexicon=FRAMES, targets=TARGETS, window=5)
    table = stance(counts, FRAMES, PAIR, by=["voice", "source", "target"])
    said = table[table["n_hard"] > 0].iloc[0]
    assert said[["voice", "source", "target"]].tolist() == ["quoted", "Ann Smith", "Bigcity"]
    told = table[table["n_soft"] > 0].iloc[0]
    assert told[["voice", "target"]].tolist() == ["narration", "Anytown"]
    assert stance(counts, FRAMES, PAIR)["articles"].tolist() == [1]
    by = ["voice", "source", "target"]
    frames = prevalence(counts, FRAMES, by=by, frames="hard")
    assert frames.loc[frames["articles_hit"] > 0, by].to_numpy().tolist() == [
        ["quoted", "Ann Smith", "Bigcity"]
    ]
    assert len(trend(counts, FRAMES, PAIR, by=by)) == len(table)
    assert len(compare_groups(counts, FRAMES, PAIR, by=by)) == len(table) * (len(table) - 1) / 2


def test_what_is_no_target():
    articles = table_of("Anytown.")
    with pytest.raises(CountsError, match="window=-1: allowed are a number of tokens"):
        document_terms(articles, targets=TARGETS, window=-1)
    with pytest.raises(CountsError, match="window='line'"):
        document_terms(articles, targets=TARGETS, window="line")
    with pytest.raises(CountsError, match="shared='none'"):
        document_terms(articles, targets=TARGETS, shared="none")
    with pytest.raises(CountsError, match=r"targets=\['anytown'\]: give each a name"):
        document_terms(articles, targets=["anytown"])
    with pytest.raises(LexiconError, match=r"'A \+ B' has ' \+ ' in it"):
        document_terms(articles, targets={"A + B": ["a"]})


def test_counts_know_their_targets_and_window_and_add_up_with_the_same_alone(tmp_path: Path):
    articles = table_of("A threat to Anytown.", "Talks with Bigcity.")
    lexicon = Lexicon.from_dict(TARGETS, name="targets")
    near, far, whole, nearest = (
        document_terms(articles, lexicon=FRAMES, **options)
        for options in (
            {"targets": TARGETS, "window": 5}, {"targets": TARGETS, "window": 10}, {},
            {"targets": TARGETS, "window": 5, "shared": "nearest"},
        )
    )  # fmt: skip
    assert near.targets == f"targets {lexicon.fingerprint[:8]}, window 5"
    assert nearest.targets == f"{near.targets}, nearest" and whole.targets == ""
    near.save(tmp_path / "bundle")
    assert DocumentTerms.load(tmp_path / "bundle").targets == near.targets
    group_counts(near, "target").save(tmp_path / "sums")
    assert GroupCounts.load(tmp_path / "sums").targets == near.targets
    for other in (far, whole, nearest):
        with pytest.raises(CountsError, match="different rules, lexicons, targets and windows"):
            join_counts([near, other])
        with pytest.raises(CountsError, match="different targets, windows"):
            add_up([group_counts(near, "outlet"), group_counts(other, "outlet")])


def test_sources_and_targets_share_one_spelling():
    said = ["Andrei Kelin", "Kelin", "Ada Quill", "Russians", "Russian Railways", None]
    segments = table_of(*["A threat to Russia by Kelin."] * 6).assign(source=said, voice="quoted")
    targets = {"A. Kelin": ["kelin", "andre? kelin"], "Russia": ["russia*"]}
    counts = document_terms(segments, lexicon=FRAMES, targets=targets)
    spelt = ["A. Kelin"] * 2 + ["Ada Quill", "Russia", "Russian Railways", None]
    found = counts.documents.groupby("doc_id")["source"].first()
    assert [None if name != name else name for name in found] == spelt
    table = stance(counts, FRAMES, PAIR, by=["source", "target"])
    themselves = table[table["source"] == table["target"]]
    assert themselves[["source", "n_hard"]].to_numpy().tolist() == [["A. Kelin", 2], ["Russia", 1]]
    # The lines behind a number are found by the same names.
    lines = kwic(segments, FRAMES, targets=targets, where={"source": "A. Kelin"})
    assert lines["doc_id"].tolist() == ["0", "1"]
    # A name that two targets share is neither's.
    both = document_terms(segments, targets={"A": ["kelin"], "B": ["kelin"]})
    assert "A" not in set(both.documents["source"])
