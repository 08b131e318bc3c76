import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from analysis.articles import check_articles
from analysis.counting.document_terms import DocumentTerms, document_terms
from analysis.counting.groups import group_counts
from analysis.errors import CountsError
from analysis.measuring.terms.keyness import keyness
from analysis.measuring.terms.keyness_measures import chi2, g2, log_odds_z
from tests.measuring.hand_made import corpora, in_two_voices, reordered, with_empty_article

CORE = [
    "term", "n_target", "n_reference", "docs_target", "docs_reference", "log_ratio", "low", "high",
    "t", "p", "q", "dispersion_target", "dispersion_reference", "note",
]  # fmt: skip


def corpus(m: int = 60, terms: int = 80, seed: int = 0) -> DocumentTerms:
    """Three outlets; the first five terms are four times as frequent in the Gazette."""
    rng = np.random.default_rng(seed)
    outlet = np.repeat(["Gazette", "Herald", "Tribune"], m)
    rates = np.tile(rng.gamma(0.8, 2, terms), (3 * m, 1))
    rates[outlet == "Gazette", :5] *= 4
    hits = rng.poisson(rates * rng.gamma(1, 1, (3 * m, terms)))
    documents = pd.DataFrame(
        {
            "doc_id": [f"a{i:03d}" for i in range(3 * m)],
            "outlet": outlet,
            "year": np.tile(["2017", "2018"], 3 * m // 2),
            "n_tokens": hits.sum(axis=1),
        }
    )
    names = pd.Index([f"t{i:03d}" for i in range(terms)], name="term")
    return DocumentTerms(documents, names, sparse.csr_array(hits))


@pytest.fixture(scope="module")
def counts() -> DocumentTerms:
    return corpus()


def test_columns_are_fixed_and_measures_come_after(counts: DocumentTerms):
    plain = keyness(counts, {"outlet": "Gazette"})
    assert list(plain) == CORE
    more = keyness(counts, {"outlet": "Gazette"}, measures=["g2", "percent_diff", "log_odds_z"])
    assert list(more) == [*CORE, "g2", "percent_diff", "log_odds_z"]
    assert list(keyness(counts, each="outlet")) == ["outlet", *CORE]
    pd.testing.assert_frame_equal(plain, more[CORE], check_exact=True)


def test_sums_are_those_of_a_plain_loop(counts: DocumentTerms):
    table = keyness(counts, {"outlet": "Gazette", "year": 2017}, {"outlet": ["Herald", "Tribune"]})
    table = table.set_index("term").sort_index()
    documents, hits = counts.documents, counts.counts.toarray()
    target = ((documents["outlet"] == "Gazette") & (documents["year"] == "2017")).to_numpy()
    reference = (documents["outlet"] != "Gazette").to_numpy()
    kept = counts.terms.get_indexer(table.index)
    assert table["n_target"].tolist() == hits[target].sum(axis=0)[kept].tolist()
    assert table["n_reference"].tolist() == hits[reference].sum(axis=0)[kept].tolist()
    assert table["docs_target"].tolist() == (hits[target] > 0).sum(axis=0)[kept].tolist()
    assert table["docs_reference"].tolist() == (hits[reference] > 0).sum(axis=0)[kept].tolist()
    dropped = np.setdiff1d(np.arange(hits.shape[1]), kept)
    assert ((hits[target | reference][:, dropped] > 0).sum(axis=0) < 5).all()


def test_planted_terms_lead_and_the_order_is_that_of_t(counts: DocumentTerms):
    table = keyness(counts, {"outlet": "Gazette"})
    assert set(table["term"][:5]) == {"t000", "t001", "t002", "t003", "t004"}
    assert (table["q"][:5] < 0.05).all()
    assert table["t"].is_monotonic_decreasing


def test_q_values_are_those_of_scipy(counts: DocumentTerms):
    from scipy.stats import false_discovery_control

    table = keyness(counts, {"outlet": "Gazette"})
    np.testing.assert_allclose(table["q"], false_discovery_control(table["p"]), rtol=1e-12)


def test_measures_treat_words_as_a_table(counts: DocumentTerms):
    table = keyness(
        counts, {"outlet": "Gazette"}, measures=["g2", "chi2", "log_odds_z"], prior=0.01
    )
    a, b = table["n_target"], table["n_reference"]
    lengths = counts.documents.groupby("outlet")["n_tokens"].sum()
    c, d = lengths["Gazette"] - a, lengths.drop("Gazette").sum() - b
    np.testing.assert_allclose(table["g2"], g2(a, b, c, d))
    np.testing.assert_allclose(table["chi2"], chi2(a, b, c, d))
    vocabulary = (counts.counts.sum(axis=0) > 0).sum()
    z = log_odds_z(a, b, c, d, 0.01, 0.01 * vocabulary)
    np.testing.assert_allclose(table["log_odds_z"], z)


def test_each_outlet_in_turn_is_each_outlet_against_the_rest(counts: DocumentTerms):
    every = keyness(counts, each="outlet", measures=["g2"])
    for outlet, part in every.groupby("outlet", observed=True):
        alone = keyness(counts, {"outlet": outlet}, measures=["g2"])
        found = part.drop(columns="outlet").reset_index(drop=True)
        pd.testing.assert_frame_equal(found, alone, check_exact=True)


def test_streamed_counts_give_the_same_table(counts: DocumentTerms):
    streamed = group_counts(counts, ["outlet", "year"])
    for question in (
        {"target": {"outlet": "Gazette"}},
        {"target": {"outlet": "Gazette"}, "reference": {"outlet": "Herald"}},
        {"target": {"year": 2018, "outlet": ["Gazette", "Herald"]}},
        {"each": "year"},
    ):
        pd.testing.assert_frame_equal(
            keyness(streamed, **question), keyness(counts, **question), check_exact=True
        )


def test_row_order_does_not_matter(counts: DocumentTerms):
    order = np.random.default_rng(3).permutation(len(counts.documents))
    documents = counts.documents.iloc[order].reset_index(drop=True)
    shuffled = DocumentTerms(documents, counts.terms, counts.counts[order])
    pd.testing.assert_frame_equal(
        keyness(counts, {"year": 2017}), keyness(shuffled, {"year": 2017}), check_exact=True
    )


def test_the_permutation_test_agrees_where_its_assumption_holds(counts: DocumentTerms):
    question = {"target": {"outlet": "Gazette"}, "reference": {"outlet": "Herald"}}
    table = keyness(counts, **question, measures=["p_permutation"], permutations=1999, seed=1)
    assert table["p_permutation"].min() >= 1 / 2000
    # Both are p-values of the same null for the same articles; they differ by the draw of
    # permutations (sd .005 at p = .05) and by what Student's t approximates.
    close = np.abs(table["p"] - table["p_permutation"])
    assert close.median() < 0.02
    assert np.corrcoef(table["p"], table["p_permutation"])[0, 1] > 0.98
    again = keyness(counts, **question, measures=["p_permutation"], permutations=1999, seed=1)
    pd.testing.assert_frame_equal(table, again, check_exact=True)


def test_dispersion_is_juillands_d_for_articles_of_one_length():
    hits = np.array([[3, 0], [0, 0], [1, 4], [2, 0], [2, 2], [0, 2]])
    documents = pd.DataFrame(
        {"doc_id": list("abcdef"), "side": ["x"] * 4 + ["y"] * 2, "n_tokens": 50}
    )
    others = 50 - hits.sum(axis=1)
    matrix = sparse.csr_array(np.column_stack([hits, others]))
    counts = DocumentTerms(documents, pd.Index(["one", "two", "~others"]), matrix)
    table = keyness(counts, {"side": "x"}, min_articles=1).set_index("term")
    # D = 1 - V / sqrt(parts - 1), V the coefficient of variation of the rates.
    for term, column in (("one", 0), ("two", 1)):
        part = hits[:4, column]
        expected = 1 - part.std() / part.mean() / np.sqrt(3)
        assert table.loc[term, "dispersion_target"] == pytest.approx(expected, abs=1e-12)
    assert table.loc["two", "dispersion_target"] == pytest.approx(0, abs=1e-12)


def test_one_long_article_cannot_make_a_keyword():
    base = corpus(m=30, terms=40, seed=5)
    hits = base.counts.toarray()
    hits[0, 7] += 400
    documents = base.documents.assign(n_tokens=hits.sum(axis=1))
    counts = DocumentTerms(documents, base.terms, sparse.csr_array(hits))
    table = keyness(counts, {"outlet": "Gazette"}, measures=["g2"]).set_index("term")
    row = table.loc["t007"]
    assert row["g2"] > 100  # word by word, the clearest keyword of all
    assert row["q"] > 0.2
    assert row["note"] == "one article has most of the hits"
    kept = keyness(counts, {"outlet": "Gazette"}, min_dispersion=0.3)
    assert "t007" not in set(kept["term"])
    assert len(kept) < len(table)


def test_notes_say_what_there_is_little_of():
    hits = np.array([[2, 0, 1], [0, 0, 1], [0, 3, 1]])
    documents = pd.DataFrame({"doc_id": list("abc"), "outlet": ["G", "G", "H"], "n_tokens": 40})
    counts = DocumentTerms(documents, pd.Index(["one", "two", "two more"]), sparse.csr_array(hits))
    assert (
        keyness(counts, {"outlet": "H"}, min_articles=1)["note"] == "a side of one article: no test"
    ).all()
    more = pd.concat([documents, documents.assign(doc_id=list("def"))], ignore_index=True)
    doubled = DocumentTerms(more, counts.terms, sparse.csr_array(np.vstack([hits, hits * 0])))
    notes = keyness(doubled, {"outlet": "G"}, min_articles=1).set_index("term")["note"]
    assert notes["one"] == notes["two"] == "one article has all the hits"
    assert notes["two more"] == "fewer than 10 articles on a side"


def test_two_voices_of_an_article_are_one_unit(articles: pd.DataFrame):
    halves = pd.concat([articles.assign(voice="quoted"), articles.assign(voice="narration")])
    counts = document_terms(halves.reset_index(drop=True))
    table = keyness(counts, {"outlet": "Herald"}, min_articles=1).set_index("term")
    assert table.loc["talks", ["n_target", "docs_target"]].tolist() == [6, 1]


@pytest.mark.parametrize(
    ("question", "message"),
    [
        ({}, "takes either a target"),
        ({"target": {"outlet": "Gazette"}, "each": "outlet"}, "takes either a target"),
        ({"target": {"outlet": "Gazzette"}}, "no article has outlet='Gazzette'; there are Gazette"),
        ({"target": {"topic": "sport"}}, "no column 'topic'"),
        ({"target": {}}, "name at least one column"),
        ({"target": {"year": 2017}, "reference": {"outlet": "Herald"}}, "overlap in 30 rows"),
        ({"target": {"year": ["2017", "2018"]}}, "none is left for the reference"),
        ({"target": {"year": "2017"}, "measures": ["g3"]}, "give a list of some of g2"),
        ({"target": {"year": "2017"}, "measures": "g2"}, "give a list of some of g2"),
        ({"each": "year", "measures": ["p_permutation"]}, "re-assigns single articles"),
        ({"target": {"year": "2017"}, "level": 95}, "level=95"),
        (
            {"target": {"year": "2017"}, "measures": ["p_permutation"], "permutations": 0},
            "at least 1",
        ),
    ],
)
def test_bad_questions_are_answered_with_what_is_allowed(
    counts: DocumentTerms, question: dict[str, object], message: str
):
    with pytest.raises(CountsError, match=message):
        keyness(counts, **question)


def test_calendar_spans_are_made_from_dates():
    rows = [(i, "Gazette", f"{2017 + i % 2}-05-{i + 1:02d}", "talks and tea") for i in range(8)]
    frame = pd.DataFrame(rows, columns=["doc_id", "outlet", "date", "text"])
    counts = document_terms(check_articles(frame))
    table = keyness(counts, {"year": 2018}, {"year": 2017})
    assert table["docs_target"].tolist() == table["docs_reference"].tolist() == [4, 4, 4]


two_sided = corpora(least=3).filter(lambda counts: counts.documents["outlet"].nunique() == 2)
SIGNED = ["g2", "g2_williams", "chi2", "chi2_yates", "log_odds_z"]
GAZETTE, HERALD = {"outlet": "Gazette"}, {"outlet": "Herald"}


def with_tokens(counts: DocumentTerms) -> bool:
    return (counts.documents.groupby("outlet")["n_tokens"].sum() > 0).all()


@given(two_sided.filter(with_tokens))
def test_exchanging_target_and_reference_turns_every_number_round(counts: DocumentTerms):
    options = {"min_articles": 1, "measures": [*SIGNED, "percent_diff"]}
    there = keyness(counts, GAZETTE, **options).set_index("term")
    back = keyness(counts, HERALD, **options).set_index("term").loc[there.index]
    for name in ("n", "docs", "dispersion"):
        np.testing.assert_allclose(there[f"{name}_target"], back[f"{name}_reference"])
    np.testing.assert_allclose(there["log_ratio"], -back["log_ratio"], atol=1e-12)
    np.testing.assert_allclose(there["t"], -back["t"], rtol=1e-7, atol=1e-7)
    np.testing.assert_allclose(there["low"], -back["high"], rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(there[["p", "q"]], back[["p", "q"]], rtol=1e-7)
    for measure in SIGNED:
        np.testing.assert_allclose(there[measure], -back[measure], atol=1e-9)
    # 100 (r - s) / s one way, 100 (s - r) / r the other; -100, and no way back, without a hit.
    factors = (1 + there["percent_diff"] / 100) * (1 + back["percent_diff"] / 100)
    both = (there["n_target"] > 0) & (there["n_reference"] > 0)
    np.testing.assert_allclose(factors, both.astype(float))


@given(two_sided)
def test_numbers_stay_within_their_bounds(counts: DocumentTerms):
    table = keyness(counts, GAZETTE, min_articles=1)
    for name in ("p", "q", "dispersion_target", "dispersion_reference"):
        assert table[name].dropna().between(0, 1).all()
    tested = table.dropna(subset="p")
    assert (tested["q"] >= tested["p"]).all()
    # An end that is missing is open: a side has no hits.
    assert (tested["low"].fillna(-np.inf) <= tested["log_ratio"] + 1e-9).all()
    assert (tested["log_ratio"] <= tested["high"].fillna(np.inf) + 1e-9).all()
    silent = (tested["n_target"] == 0) | (tested["n_reference"] == 0)
    assert (tested["low"].isna() | tested["high"].isna())[silent].all()
    both = tested[(tested["n_target"] > 0) & (tested["n_reference"] > 0)]
    assert (both["t"] * both["log_ratio"] >= -1e-9).all()


@given(two_sided, st.randoms(), st.integers(0, 3))
def test_order_and_voices_and_other_outlets_do_not_matter(counts, random, first):
    order = list(range(len(counts.documents)))
    random.shuffle(order)
    options = {"min_articles": 1, "measures": ["g2", "log_odds_z"]}
    expected = keyness(counts, GAZETTE, HERALD, **options)
    others = counts.assign(
        doc_id=counts.documents["doc_id"] + "x", outlet="Tribune"
    )  # fmt: skip
    documents = pd.concat([counts.documents, others.documents], ignore_index=True)
    doubled = DocumentTerms(documents, counts.terms, sparse.vstack([counts.counts] * 2).tocsr())
    for same in (reordered(counts, order), in_two_voices(counts, first), doubled):
        found = keyness(same, GAZETTE, HERALD, **options)
        pd.testing.assert_frame_equal(found, expected, check_exact=True)


@given(two_sided)
def test_an_article_without_a_token_changes_no_rate(counts: DocumentTerms):
    columns = ["term", "n_target", "n_reference", "docs_target", "docs_reference", "log_ratio"]
    more = with_empty_article(counts, "Herald")
    before, after = (
        keyness(c, GAZETTE, min_articles=1)[columns].sort_values("term", ignore_index=True)
        for c in (counts, more)
    )
    pd.testing.assert_frame_equal(before, after, check_exact=True)


def test_terms_of_one_side_belong_to_the_vocabulary_of_the_prior():
    # Four of five terms are used; only "b" by both sides. "e" stands in the counts, in no article.
    hits = np.array([[4, 2, 0, 0, 0], [1, 3, 0, 0, 0], [0, 2, 5, 1, 0], [0, 1, 2, 2, 0]])
    documents = pd.DataFrame({"doc_id": list("wxyz"), "outlet": list("GGHH")})
    documents["n_tokens"] = hits.sum(axis=1)
    counts = DocumentTerms(documents, pd.Index(list("abcde")), sparse.csr_array(hits))
    table = keyness(counts, {"outlet": "G"}, min_articles=1, measures=["log_odds_z"], prior=0.5)
    a, b = table["n_target"], table["n_reference"]
    np.testing.assert_allclose(table["log_odds_z"], log_odds_z(a, b, 10 - a, 13 - b, 0.5, 4 * 0.5))
    # Left out: what stands in fewer articles of both sides together, and what nobody uses.
    assert set(table["term"]) == set("abcd")
    assert set(keyness(counts, {"outlet": "G"}, min_articles=3)["term"]) == {"b"}
    assert set(keyness(counts, {"outlet": "G"}, min_articles=0)["term"]) == set("abcd")


def test_the_side_that_uses_a_term_more_must_spread_it():
    # "up": even in the target, in one article of the reference; "down" the other way round.
    up, down = [4] * 8 + [8] + [0] * 7, [8] + [0] * 7 + [4] * 8
    hits = np.column_stack([up, down, np.subtract(60, np.add(up, down))])
    documents = pd.DataFrame({"doc_id": range(16), "outlet": ["G"] * 8 + ["H"] * 8})
    counts = DocumentTerms(
        documents.astype({"doc_id": str}).assign(n_tokens=60),
        pd.Index(["up", "down", "~others"]), sparse.csr_array(hits),
    )  # fmt: skip
    table = keyness(counts, {"outlet": "G"}, min_articles=1).set_index("term")
    assert table.loc["up", ["dispersion_target", "dispersion_reference"]].tolist() == [1, 0]
    assert table.loc["down", ["dispersion_target", "dispersion_reference"]].tolist() == [0, 1]
    kept = keyness(counts, {"outlet": "G"}, min_articles=1, min_dispersion=0.9)
    assert {"up", "down"} <= set(kept["term"])
    # Notes, too, are about that side: no "one article has all the hits" here.
    assert (table.loc[["up", "down"], "note"] == "fewer than 10 articles on a side").all()


@pytest.mark.parametrize(
    ("having", "articles", "note"),
    [
        (4, 10, "fewer than 5 articles have the term"),
        (5, 10, "a side has no hits: an open interval"),
        (5, 9, "fewer than 10 articles on a side"),
        (1, 10, "one article has all the hits"),
    ],
)
def test_notes_begin_where_they_say(having: int, articles: int, note: str):
    hits = np.zeros((2 * articles, 2), int)
    hits[:having, 0], hits[:, 1] = 1, 20
    documents = pd.DataFrame({"doc_id": [f"{i:02}" for i in range(2 * articles)]})
    documents = documents.assign(outlet=["G"] * articles + ["H"] * articles)
    documents["n_tokens"] = hits.sum(axis=1)
    counts = DocumentTerms(documents, pd.Index(["talks", "~others"]), sparse.csr_array(hits))
    table = keyness(counts, {"outlet": "G"}, min_articles=1).set_index("term")
    assert table.loc["talks", "note"] == note


def test_a_table_with_terms_of_one_side_alone_can_go_to_stata(tmp_path):
    # Case C28: an interval that is open on one side has no number for that end.
    hits = np.array([[3, 0, 1], [2, 0, 1], [0, 4, 1], [0, 1, 1]])
    documents = pd.DataFrame({"doc_id": list("abcd"), "outlet": ["G", "G", "H", "H"]})
    documents["n_tokens"] = hits.sum(axis=1)
    counts = DocumentTerms(documents, pd.Index(["boat", "net", "sea"]), sparse.csr_array(hits))
    table = keyness(counts, each="outlet", min_articles=1)
    assert not np.isinf(table.select_dtypes("number").to_numpy(float)).any()
    table.to_stata(tmp_path / "keyness.dta")
    back = pd.read_stata(tmp_path / "keyness.dta")
    assert back["high"].isna().sum() == table["high"].isna().sum() == 2
    one_sided = table[(table["n_target"] == 0) | (table["n_reference"] == 0)]
    assert (one_sided["note"] != "").all()


@pytest.mark.parametrize(
    "wrong",
    [{"measures": None}, {"measures": 5}, {"measures": [None]}, {"min_articles": None},
     {"min_articles": [1]}, {"min_dispersion": None}, {"min_dispersion": "x"}],
)  # fmt: skip
def test_options_of_the_wrong_kind_are_refused_by_name(wrong: dict[str, object]) -> None:
    frame = pd.DataFrame({"doc_id": ["a", "b"], "text": ["talks", "tanks"], "outlet": ["x", "y"]})
    counts = document_terms(check_articles(frame.assign(date="2021-03-14")))
    with pytest.raises(CountsError, match=f"^{next(iter(wrong))}="):
        keyness(counts, {"outlet": "x"}, **wrong)  # type: ignore[arg-type]
