"""Scales: expected weights are those of a plain SVD, written out here, or LSX's."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.articles import check_articles
from analysis.counting.document_terms import document_terms
from analysis.errors import CountsError, LexiconError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.frames.scale import scale
from analysis.measuring.learnt import vectors
from analysis.measuring.learnt.learn_scale import learn_scale
from analysis.tokens import TermRules

ORACLES = Path(__file__).parents[4] / "shared" / "oracles"
SEEDS = {"war": ["w00", "w01", "w02"], "peace": ["w10", "w11"]}


def corpus(sentences: int = 240, terms: int = 60) -> tuple[pd.DataFrame, np.ndarray]:
    """Articles of four sentences of invented words, and the counts of the sentences."""
    rng = np.random.default_rng(5)
    topics = rng.dirichlet(np.full(terms, 0.2), 6)
    rows = np.array([rng.multinomial(12, topics[rng.integers(6)]) for _ in range(sentences)])
    rows[np.arange(terms), np.arange(terms)] += 1  # so that every word is there
    names = np.array([f"w{term:02}" for term in range(terms)])
    lines = [" ".join(np.repeat(names, row)) + " of the." for row in rows]
    texts = [" ".join(lines[k : k + 4]).replace("the. w", "the. W") for k in range(0, sentences, 4)]
    frame = pd.DataFrame({"text": texts, "outlet": "Gazette", "date": "2021-03-14"})
    return check_articles(frame.assign(doc_id=[f"d{n:03}" for n in range(len(texts))])), rows


@pytest.fixture(scope="module")
def made() -> tuple[pd.DataFrame, np.ndarray]:
    return corpus()


def plain(rows: np.ndarray, dimensions: int, equal: bool = False) -> np.ndarray:
    """Weights of all words: cosines of the rows of the right singular vectors, in NumPy's words."""
    matrix = rows / np.sqrt((rows**2).sum(axis=0)) if equal else rows.astype(float)
    v = np.linalg.svd(matrix, full_matrices=False)[2][:dimensions].T
    v /= np.linalg.norm(v, axis=1, keepdims=True)
    return (v @ v[[0, 1, 2]].T).mean(axis=1) - (v @ v[[10, 11]].T).mean(axis=1)


@pytest.mark.parametrize("weighting", ["count", "equal"])
@pytest.mark.parametrize("few", [0, 1500])
def test_weights_are_those_of_a_plain_svd(made, weighting, few: int, monkeypatch):
    articles, rows = made
    monkeypatch.setattr(vectors, "FEW", few)
    monkeypatch.setattr(vectors, "BLOCK", 8)
    monkeypatch.setattr(vectors, "TOLERANCE", 1e-11)
    learnt = learn_scale(articles, SEEDS, dimensions=10, min_count=1, weighting=weighting)
    weights = learnt.weights["war_against_peace"]
    expected = plain(rows, 10, weighting == "equal")
    np.testing.assert_allclose(list(weights.values()), expected, atol=1e-9)
    assert [*weights] == [f"w{term:02}" for term in range(60)]
    matrix = rows / np.sqrt((rows**2).sum(axis=0)) if weighting == "equal" else rows
    squares = np.linalg.svd(matrix, compute_uv=False) ** 2
    assert learnt.variance == pytest.approx(squares[:10].sum() / squares.sum())


def test_batches_and_threads_do_not_matter(made, monkeypatch):
    articles, _ = made
    monkeypatch.setattr(vectors, "FEW", 0)
    monkeypatch.setattr(vectors, "BLOCK", 8)
    expected = learn_scale(articles, SEEDS, dimensions=10)
    for size, cores in ((1, 1), (7, 3)):
        monkeypatch.setattr(vectors.os, "cpu_count", lambda cores=cores: cores)
        batches = (articles[k : k + size] for k in range(0, len(articles), size))
        found = learn_scale(((batch, None) for batch in batches), SEEDS, dimensions=10)
        assert found.fingerprint == expected.fingerprint
        assert found.space.directions.tobytes() == expected.space.directions.tobytes()


def test_units_terms_and_rare_words(made):
    articles, rows = made
    whole = learn_scale(articles, SEEDS, unit="article", dimensions=10, min_count=1)
    expected = plain(rows.reshape(60, 4, 60).sum(axis=1), 10)
    np.testing.assert_allclose(list(whole.weights["war_against_peace"].values()), expected)
    few = learn_scale(articles, SEEDS, dimensions=10, terms=["w1*", "w03"], min_count=30)
    every = learn_scale(articles, SEEDS, dimensions=10, min_count=30)
    assert [*few.weights["war_against_peace"]] == sorted(
        word for word in every.weights["war_against_peace"] if word == "w03" or word[1] == "1"
    )
    n = rows.sum(axis=0)
    assert [*every.weights["war_against_peace"]] == [f"w{k:02}" for k in np.flatnonzero(n >= 30)]


def test_warnings_of_seeds(caplog):
    war = ["Bombs and raids hit.", "Raids and bombs hit.", "Troops with bombs in raids hit."]
    peace = ["Talks and treaties began.", "Treaties and accords began.", "Talks began in accord."]
    texts = [f"{line} {other}" for line, other in zip(war, peace, strict=True)] * 20
    frame = pd.DataFrame({"text": texts, "outlet": "Gazette", "date": "2021-03-14"})
    articles = check_articles(frame.assign(doc_id=range(60)))
    seeds = {"war": ["bombs", "raids", "treaties", "tanks"], "peace": ["talks", "accords"]}
    learnt = learn_scale(articles, seeds, dimensions=4)
    notes = learnt.seeds.set_index("seed")["note"]
    assert notes["bombs"] == ""
    assert notes["tanks"] == "is missing"
    assert notes["treaties"].startswith("lies on the other side; is rare (it occurs 40 times)")
    assert notes["accords"].endswith("is rare (it occurs 20 times)")
    assert "the seed 'tanks' of 'war' is missing" in learnt.warnings
    assert learnt.warnings[0] in caplog.text
    mixed = {"war": ["bombs", "talks"], "peace": ["raids", "treaties"]}
    found = learn_scale(articles, mixed, dimensions=4).warnings
    assert any("seeds of 'war' do not hold together" in warning for warning in found)


def test_saved_it_is_a_lexicon_without_text(made, tmp_path: Path):
    articles, _ = made
    learnt = learn_scale(articles, SEEDS, dimensions=10)
    learnt.save(tmp_path / "scale.yml")
    loaded = Lexicon.load(tmp_path / "scale.yml")
    assert loaded.weights == learnt.weights
    assert loaded.fingerprint == learnt.fingerprint
    assert "Seeds: war: w00, w01, w02; peace: w10, w11" in loaded.rules["war_against_peace"]
    counts = document_terms(articles, lexicon=loaded)
    table = scale(counts, loaded, "doc_id")
    weights = learnt.weights["war_against_peace"]
    words = articles["text"][0].lower().replace(".", "").split()
    scored = [weights[word] for word in words if word in weights]
    assert table["mean"][0] == pytest.approx(np.mean(scored))
    assert table["scored"][0] == pytest.approx(len(scored) / len(words))
    pd.testing.assert_frame_equal(scale(counts, learnt, "doc_id"), table)


def test_a_scale_without_one_seed(made):
    articles, _ = made
    learnt = learn_scale(articles, SEEDS, dimensions=10)
    fewer = {"war": ["w00", "w02"], "peace": SEEDS["peace"]}
    expected = learn_scale(articles, fewer, dimensions=10)
    assert learnt.without_seed("war", "w01").weights == expected.weights


@pytest.mark.parametrize(
    ("seeds", "options", "error", "message"),
    [
        ({"a": ["w00"]}, {}, LexiconError, "seeds has 1 list, a: a scale has two ends"),
        ({"a": ["w00"], "b": ["zzz"]}, {}, LexiconError, "no word of 'b' is in the corpus often"),
        ({"a": ["w00"], "b": "w10"}, {}, LexiconError, "is a string; give a list"),
        ({"a": ["w00"], "b": ["w10 w11"]}, {}, LexiconError, "'w10 w11' is a phrase"),
        (SEEDS, {"unit": "line"}, CountsError, "unit='line' is unknown; allowed are sentence, art"),
        (SEEDS, {"weighting": "tf"}, CountsError, "weighting='tf' is unknown; allowed are count"),
        (SEEDS, {"dimensions": 0}, CountsError, "dimensions=0: it must be a whole number"),
        (SEEDS, {"min_count": 0}, CountsError, "min_count=0: it must be a whole number"),
        (SEEDS, {"min_count": 10**6}, CountsError, "no term occurs so often in 60 articles"),
    ],
)
def test_what_cannot_be_learnt_is_refused(made, seeds, options, error, message: str):
    with pytest.raises(error, match=message):
        learn_scale(made[0], seeds, **options)


@pytest.mark.shared
@pytest.mark.skipif(not ORACLES.exists(), reason="needs shared/oracles")
def test_the_small_case_of_lsx():
    # shared/oracles/ORIGIN.md, part 3: R, LSX 1.5.1, k = 20.
    counts = pd.read_csv(ORACLES / "lsx_small_counts.csv")
    terms = pd.read_csv(ORACLES / "lsx_small_terms.csv").set_index("term")
    scores = pd.read_csv(ORACLES / "lsx_small_scores.csv").set_index("sentence")
    words = counts["term"].add(" ").mul(counts["n"])
    texts = words.groupby(counts["sentence"]).sum().reindex(scores.index, fill_value="")
    articles = pd.DataFrame({"doc_id": texts.index, "text": texts.to_numpy()})
    articles = articles.assign(outlet="a", date=pd.Timestamp("2021-03-14"))
    seeds = {side: terms.index[terms["seed"] == sign].tolist()
             for side, sign in (("for", 1), ("against", -1))}  # fmt: skip
    learnt = learn_scale(articles, seeds, dimensions=20)
    weights = pd.Series(learnt.weights["for_against_against"]).reindex(terms.index)
    np.testing.assert_allclose(weights, terms["polarity"], atol=1e-9)
    rules = TermRules(possessives=False)
    raw = scale(document_terms(articles, lexicon=learnt, rules=rules), learnt, "doc_id")
    expected = pd.to_numeric(scores["raw"], errors="coerce")  # one sentence is empty: NA
    np.testing.assert_allclose(raw["mean"], expected, atol=1e-9)
