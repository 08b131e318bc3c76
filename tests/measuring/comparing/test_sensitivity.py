from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from analysis.articles import check_articles
from analysis.counting.document_terms import document_terms
from analysis.errors import CountsError, NoFindingError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.comparing.comparison import compare_groups
from analysis.measuring.comparing.pattern_drops import Drops, TextDrops, smallest_set
from analysis.measuring.comparing.sensitivity import sensitivity
from analysis.measuring.frames.stance import stance

PAIR = ("pressure", "parley")
LEXICON = Lexicon.from_dict(
    {
        "pressure": ["sanction*", "threat*", "missile test*", "troops"],
        "parley": ["talk*", "talks", "peace talks", "summit", "dialogue", "-talks about"],
    },
    negators=["no"],
    contrasts=[PAIR],
)
SENTENCES = [
    "Sanctions followed the missile tests, and a threat of more sanctions.",
    "No talks: sanctions, threats, and troops at the border.",
    "Peace talks began. The summit brought a dialogue, and talking helped.",
    "Troops moved. Talks failed, and no sanctions were lifted at the summit.",
    "A dialogue of threats; the talks, the summit and the sanctions went on.",
]


@pytest.fixture
def articles() -> pd.DataFrame:
    rng = np.random.default_rng(5)
    rows = []
    for i in range(24):
        early = i < 12
        chosen = rng.choice(
            5, 3, p=[0.3, 0.3, 0.1, 0.15, 0.15] if early else [0.1, 0.1, 0.4, 0.2, 0.2]
        )
        rows.append(
            {
                "doc_id": f"d{i:02}",
                "outlet": ["Gazette", "Herald", "Tribune"][i % 3],
                "date": f"2018-0{1 + 3 * (not early)}-{i % 12 + 1:02}",
                "title": "Sanctions loom" if i % 2 else "Talks ahead",
                "text": " ".join(SENTENCES[k] for k in chosen),
                "half": "early" if early else "late",
            }
        )  # fmt: skip
    return check_articles(pd.DataFrame(rows))


BETWEEN = ({"half": "early"}, {"half": "late"})


@pytest.mark.parametrize("with_texts", [False, True])
def test_each_pattern_left_out_equals_a_recount(articles: pd.DataFrame, with_texts: bool):
    counts = document_terms(articles, lexicon=LEXICON)
    table = sensitivity(counts, LEXICON, articles=articles if with_texts else None)
    patterns = table[table["change"] == "pattern"].set_index(["frame", "left_out"])
    assert set(patterns.index) >= {("parley", "talk*"), ("parley", "talks"), ("pressure", "troops")}
    for (frame, pattern), row in patterns.iterrows():
        left = LEXICON.without(pattern, frame)
        again = stance(document_terms(articles, lexicon=left), left, PAIR).iloc[0]
        for name in ("n_pressure", "n_parley", "share"):
            assert row[name] == again[name], (frame, pattern, name)
        assert row["score"] == pytest.approx(again["log_odds"])
        assert row["score_low"] == pytest.approx(again["log_odds_low"])


def test_words_of_a_dropped_pattern_fall_to_the_others(articles: pd.DataFrame):
    counts = document_terms(articles, lexicon=LEXICON)
    drops = Drops(counts, LEXICON)
    types = counts.hit_types
    phrase = ((types["pattern"] == "peace talks") & ~types["negated"]).to_numpy()
    # Without the phrase, its second word is matched by "talks", and without that by "talk*".
    for gone, left in [(["peace talks"], 1), (["peace talks", "talks"], 1),
                       (["peace talks", "talks", "talk*"], 0), (["talks"], 1)]:  # fmt: skip
        assert drops.multipliers([("parley", p) for p in gone])[phrase].tolist() == [left]


def test_texts_alone_tell_what_overlapping_patterns_leave():
    rows = pd.DataFrame({"doc_id": ["d"], "outlet": "Gazette", "date": "2018-01-01",
                         "text": ["Peace talks about talks, and sanctions."]})  # fmt: skip
    articles = check_articles(rows)
    counts = document_terms(articles, lexicon=LEXICON)
    drop = [("parley", "peace talks")]
    # "talks about" is an exclusion that had lost "talks" to the phrase.
    texts = TextDrops.of(counts, LEXICON, articles).without(drop)
    alone = Drops(counts, LEXICON).without(drop)
    assert stance(texts, "unnamed", PAIR)["n_parley"].item() == 1
    assert stance(alone, "unnamed", PAIR)["n_parley"].item() == 2


def test_the_smallest_set_is_that_of_a_plain_search(articles: pd.DataFrame):
    counts = document_terms(articles, lexicon=LEXICON)
    late = counts.where(half="late")
    table = sensitivity(late, LEXICON)
    assert table["score"].iloc[0] < 0
    row = table.iloc[-1]
    assert (row["change"], row["turned"], row["note"]) == ("patterns together", True, "")
    names = LEXICON.frames["parley"][:5]

    def turned(chosen) -> bool:
        left = LEXICON
        for pattern in chosen:
            left = left.without(pattern, "parley")
        scored = stance(document_terms(articles, lexicon=left).where(half="late"), left, PAIR)
        return scored["log_odds"].item() >= 0

    sizes = [k for k in range(1, 5) if any(turned(c) for c in combinations(names, k))]
    assert len(row["left_out"].split(", ")) == sizes[0]
    assert turned(row["left_out"].split(", "))


def test_a_long_search_takes_the_best_pattern_again_and_again():
    weights = {("f", str(i)): w for i, w in enumerate([5, 4, 3, 2, 1, 1, 1])}
    candidates = list(weights)

    def score(chosen) -> float:
        return 13.5 - sum(weights[drop] for drop in chosen)

    assert smallest_set(candidates, score) == (tuple(candidates[:4]), True)
    assert smallest_set(candidates, score, trials=10) == (tuple(candidates[:4]), False)
    assert smallest_set(candidates, lambda _: 1.0) == ((), True)


def test_the_difference_of_two_groups_can_be_the_finding(articles: pd.DataFrame):
    counts = document_terms(articles, lexicon=LEXICON)
    table = sensitivity(counts, LEXICON, between=BETWEEN)
    pair = compare_groups(counts, LEXICON, by="half").iloc[0]
    first = table.iloc[0]
    assert first["score"] == pytest.approx(pair["difference"])
    assert first["score_high"] == pytest.approx(pair["difference_high"])
    assert (first["share"], first["share_other"]) == (pair["share"], pair["share_other"])
    for outlet in ("Gazette", "Herald", "Tribune"):
        rest = counts.where(outlet=[o for o in ("Gazette", "Herald", "Tribune") if o != outlet])
        row = table[table["left_out"] == outlet].iloc[0]
        expected = compare_groups(rest, LEXICON, by="half")["difference"].item()
        assert row["score"] == pytest.approx(expected)
        assert row["shift"] == pytest.approx(expected - first["score"])
    assert table["turned"].iloc[-1]


def test_the_share_can_be_set_against_any_reference(articles: pd.DataFrame):
    counts = document_terms(articles, lexicon=LEXICON)
    half = sensitivity(counts, LEXICON)
    ninth = sensitivity(counts, LEXICON, reference=0.9)
    gap = half["score"] - ninth["score"]
    np.testing.assert_allclose(gap.iloc[:-1], np.log(9))
    assert (ninth["score"].iloc[0], ninth["share"].iloc[0]) < (0, 0.9)
    # Leaving out all of parley brings the share to 1, above any reference.
    assert ninth["turned"].iloc[-1]
    with pytest.raises(CountsError, match="reference=90"):
        sensitivity(counts, LEXICON, reference=90)


def test_negation_titles_and_reprints_have_their_rows(articles: pd.DataFrame):
    counts = document_terms(articles, lexicon=LEXICON)
    counts = counts.assign(cluster=[f"c{i // 2}" for i in range(24)])
    table = sensitivity(counts, LEXICON, articles=articles).set_index("change")
    flipped, kept = table.loc["negation"].itertuples()
    for row, negated in ((flipped, "flip"), (kept, "keep")):
        expected = stance(counts, LEXICON, negated=negated)
        assert row.score == pytest.approx(expected["log_odds"].item())
    # Twelve titles say "Sanctions", twelve "Talks".
    assert table.loc["titles", "n_pressure"] == table.loc["none", "n_pressure"] + 12
    assert table.loc["titles", "n_parley"] == table.loc["none", "n_parley"] + 12
    once = stance(counts, LEXICON, unit="cluster")
    assert table.loc["reprints", "score_low"] == pytest.approx(once["log_odds_low"].item())


def test_a_group_that_is_one_outlet_can_be_lost(articles: pd.DataFrame):
    counts = document_terms(articles, lexicon=LEXICON)
    table = sensitivity(
        counts, LEXICON, between=({"outlet": "Gazette"}, {"outlet": "Herald"})
    ).set_index("left_out")
    assert table.loc["Herald", "note"] == "one of the two groups has no article left"
    assert not table.loc["Herald", "turned"]


def test_mistakes_are_named(articles: pd.DataFrame):
    counts = document_terms(articles, lexicon=LEXICON)
    with pytest.raises(CountsError, match="made without a lexicon"):
        sensitivity(document_terms(articles), LEXICON)
    with pytest.raises(CountsError, match="the two groups share documents"):
        sensitivity(counts, LEXICON, between=({"half": "late"}, {"outlet": "Herald"}))
    with pytest.raises(CountsError, match="no column 'term'"):
        sensitivity(counts, LEXICON, between=({"term": "late"}, {"half": "late"}))
    with pytest.raises(
        CountsError, match="between: no article has half='mid'; there are early, late"
    ):
        sensitivity(counts, LEXICON, between=({"half": "mid"}, {"half": "late"}))
    with pytest.raises(CountsError, match="not the 24 documents"):
        sensitivity(counts, LEXICON, articles=articles.iloc[1:])
    silent = counts.subset(np.zeros(24, bool))
    with pytest.raises(NoFindingError, match="no finding to test"):
        sensitivity(silent, LEXICON)


@pytest.mark.parametrize("between", [None, BETWEEN])
def test_reprints_that_count_once_leave_every_row_as_without_them(articles, between):
    copies = articles.iloc[[0, 3, 3, 15]].assign(doc_id=["r0", "r1", "r2", "r3"])
    both = pd.concat([articles, copies], ignore_index=True)
    both["cluster"] = [*articles["doc_id"], *articles["doc_id"].iloc[[0, 3, 3, 15]]]
    once = document_terms(articles, lexicon=LEXICON)
    printed = document_terms(both, lexicon=LEXICON)
    expected = sensitivity(once, LEXICON, between=between)
    table = sensitivity(printed, LEXICON, between=between, unit="cluster")
    reprints = table["change"] == "reprints"
    pd.testing.assert_frame_equal(
        table[~reprints].reset_index(drop=True), expected, check_dtype=False
    )
    each = sensitivity(printed, LEXICON, between=between).iloc[0]
    assert table.loc[reprints, "n_pressure"].item() == each["n_pressure"]
    assert each["n_pressure"] > expected["n_pressure"].iloc[0]


def test_neither_order_nor_names_of_outlets_change_what_a_finding_hangs_on(articles: pd.DataFrame):
    table = sensitivity(document_terms(articles, lexicon=LEXICON), LEXICON)
    turned = sensitivity(document_terms(articles.iloc[::-1], lexicon=LEXICON), LEXICON)
    pd.testing.assert_frame_equal(turned, table, check_exact=True)
    names = {"Gazette": "Courier", "Herald": "Mirror", "Tribune": "Sentinel"}
    renamed = articles.assign(outlet=articles["outlet"].astype("str").map(names))
    other = sensitivity(document_terms(renamed, lexicon=LEXICON), LEXICON)
    other["left_out"] = other["left_out"].replace({new: old for old, new in names.items()})
    pd.testing.assert_frame_equal(other, table, check_exact=True)


def test_frames_exchanged_turn_every_score_round(articles: pd.DataFrame):
    counts = document_terms(articles, lexicon=LEXICON)
    for options in ({}, {"between": BETWEEN}, {"negated": "flip"}):
        table = sensitivity(counts, LEXICON, **options)
        back = sensitivity(counts, LEXICON, PAIR[::-1], **options)
        np.testing.assert_allclose(back["score"], -table["score"])
        np.testing.assert_allclose(back["score_low"], -table["score_high"])
        assert back["turned"].tolist() == table["turned"].tolist()
        assert back["left_out"].tolist() == table["left_out"].tolist()


def test_shift_and_turn_follow_from_the_scores(articles: pd.DataFrame):
    counts = document_terms(articles, lexicon=LEXICON)
    for reference in (0.3, 0.5, 0.6, 0.9):
        table = sensitivity(counts, LEXICON, reference=reference)
        base = table["score"].iloc[0]
        a, b = table["n_pressure"], table["n_parley"]
        odds = np.log((a + 0.5) / (b + 0.5)) - np.log(reference / (1 - reference))
        np.testing.assert_allclose(table["score"], odds)
        np.testing.assert_allclose(table["shift"], table["score"] - base, atol=1e-12)
        assert table["turned"].tolist() == (table["score"] * base <= 0).tolist()
        assert (table["change"].iloc[0], table["turned"].iloc[0]) == ("none", False)


def test_each_outlet_and_voice_left_out_is_a_score_of_the_others(articles: pd.DataFrame):
    counts = document_terms(articles, lexicon=LEXICON)
    counts = counts.assign(voice=["narration", "quoted"] * 12)
    table = sensitivity(counts, LEXICON)
    for column in ("outlet", "voice"):
        rows = table[table["change"] == column]
        assert rows["left_out"].tolist() == sorted(counts.documents[column].unique())
        for row in rows.itertuples():
            rest = counts.subset((counts.documents[column] != row.left_out).to_numpy())
            expected = stance(rest, LEXICON)
            assert row.score == expected["log_odds"].item()
            assert row.score_high == expected["log_odds_high"].item()
    one_outlet = sensitivity(counts.where(outlet="Gazette"), LEXICON)
    assert "outlet" not in set(one_outlet["change"])


@pytest.mark.parametrize("measure", ["prevalence", "rate", "share"])
@pytest.mark.parametrize("with_texts", [False, True])
def test_one_frame_without_each_of_its_patterns(articles, measure, with_texts):
    counts = document_terms(articles, lexicon=LEXICON)
    options = {"frames": "pressure", "measure": measure, "between": BETWEEN}
    table = sensitivity(counts, LEXICON, **options, articles=articles if with_texts else None)
    one = {"frames": "pressure", "measure": measure}
    base = compare_groups(counts, LEXICON, by="half", **one).iloc[0]
    assert table.loc[0, "score"] == pytest.approx(base["difference"])
    assert (table.loc[0, "share"], table.loc[0, "share_other"]) == (
        base["share"], base["share_other"]
    )  # fmt: skip
    patterns = table[table["change"] == "pattern"]
    frames = {"pressure", "parley"} if measure == "share" else {"pressure"}
    assert set(patterns["frame"]) == frames
    for row in patterns.to_dict("records"):
        left = LEXICON.without(row["left_out"], row["frame"])
        again = compare_groups(document_terms(articles, lexicon=left), left, by="half", **one)
        assert row["score"] == pytest.approx(again["difference"].item())


def test_the_fewest_patterns_that_turn_a_prevalence(articles):
    counts = document_terms(articles, lexicon=LEXICON)
    table = sensitivity(counts, LEXICON, frames="pressure", reference=0.4)
    assert table.loc[0, "articles_hit"] / len(articles) == table.loc[0, "share"]
    last = table.iloc[-1]
    assert last["turned"]
    names = ("sanction*", "threat*", "missile test*", "troops")
    chosen = last["left_out"].split(", ")

    def share(left_out):
        left = LEXICON
        for name in left_out:
            left = left.without(name, "pressure")
        hits = document_terms(articles, lexicon=left)
        frame = (hits.hit_types["frame"] == "pressure") & ~hits.hit_types["negated"]
        return (hits.hits[:, np.flatnonzero(frame)].sum(axis=1) > 0).mean()

    assert share(chosen) <= 0.4
    for fewer in combinations(names, len(chosen) - 1):
        assert share(fewer) > 0.4


def test_a_finding_is_about_one_frame(articles):
    counts = document_terms(articles, lexicon=LEXICON)
    with pytest.raises(CountsError, match="a finding is about one frame; name it"):
        sensitivity(counts, LEXICON, measure="prevalence")
    with pytest.raises(CountsError, match="measure='rate' needs between="):
        sensitivity(counts, LEXICON, frames="pressure", measure="rate")
