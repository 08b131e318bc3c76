"""Lexicons in several languages: articles are scored by the patterns of their own."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import (
    CountsError,
    GroupCounts,
    Lexicon,
    LexiconError,
    add_language,
    check_articles,
    compare_groups,
    count_corpus,
    document_terms,
    kwic,
    prevalence,
    stance,
)

FRAMES = {
    "deterrence": {"en": ["threat*", "gift"], "de": ["droh*", "gift"], "ru": ["угроз*"]},
    "dialogue": {"en": ["talks"], "de": ["gespräch*"], "ru": ["переговор*"]},
}
FILE = """
_about:
  name: three
  version: "1"
  coding: {en: all right, de: "not coded: none was read"}
  contrasts: [deterrence vs dialogue]
  negators: {en: ['no'], de: [kein*]}
deterrence: {en: [threat*, gift], de: [droh*, gift], ru: [угроз*]}
dialogue:
  en: [talks]
  de: [gespräch*]
  ru: [переговор*]
"""
TEXTS = {
    "en": "No talks. The threat was a gift to those who wanted more of them.",
    "de": "Das Gift drohte kein Gespräch zu verhindern, sagte der Minister am Montag.",
    "ru": "Угрозы не помешали переговорам, сказал министр в понедельник утром.",
}


@pytest.fixture(scope="module")
def articles() -> pd.DataFrame:
    frame = pd.DataFrame({"doc_id": list(TEXTS), "text": list(TEXTS.values())})
    return check_articles(frame.assign(outlet=["A", "B", "B"], date="2024-03-01"))


@pytest.fixture(scope="module")
def lexicon(tmp_path_factory: pytest.TempPathFactory) -> Lexicon:
    path = tmp_path_factory.mktemp("lexicon") / "three.yml"
    path.write_text(FILE, encoding="utf-8")
    return Lexicon.load(path)


def test_a_file_and_a_dict_say_the_same(lexicon: Lexicon, tmp_path: Path):
    negators = {"en": ["no"], "de": ["kein*"]}
    made = Lexicon.from_dict(FRAMES, negators=negators, contrasts=[("deterrence", "dialogue")])
    assert made.fingerprint == lexicon.fingerprint
    assert list(lexicon.parts) == ["en", "de", "ru"]
    assert lexicon.parts["de"].frames["dialogue"] == ("gespräch*",)
    assert lexicon.frames["deterrence"] == ("threat*", "gift", "droh*", "угроз*")
    assert lexicon.caption.endswith(", German not coded")
    lexicon.save(tmp_path / "again.yml")
    again = Lexicon.load(tmp_path / "again.yml")
    assert again == lexicon
    assert again.fingerprint == lexicon.fingerprint
    assert made.without("gift").parts["de"].frames["deterrence"] == ("droh*",)
    assert made.subset(["dialogue"]).parts["ru"].frames == {"dialogue": ("переговор*",)}


def test_articles_are_scored_in_their_own_language(articles: pd.DataFrame, lexicon: Lexicon):
    counts = document_terms(articles, lexicon=lexicon)
    assert counts.documents["language"].tolist() == ["en", "de", "ru"]
    found = counts.hit_types.assign(**dict(zip(TEXTS, counts.hits.toarray(), strict=True)))
    assert found[["frame", "match", "negated", "en", "de", "ru"]].values.tolist() == [
        ["deterrence", "drohte", False, 0, 1, 0],
        ["deterrence", "gift", False, 1, 1, 0],
        ["deterrence", "threat", False, 1, 0, 0],
        ["deterrence", "угрозы", False, 0, 0, 1],
        ["dialogue", "gespräch", True, 0, 1, 0],
        ["dialogue", "talks", True, 1, 0, 0],
        ["dialogue", "переговорам", False, 0, 0, 1],
    ]
    lines = kwic(articles, lexicon)
    assert len(lines) == counts.hits.sum()
    # "gift" is a present or a poison: each language's own lexicon gives what its article has.
    for code, part in lexicon.parts.items():
        alone = document_terms(articles[articles["doc_id"] == code], lexicon=part)
        assert alone.hits.sum() == lines["doc_id"].eq(code).sum()


def test_notes_say_that_levels_compare_within_a_language(articles: pd.DataFrame, lexicon: Lexicon):
    counts = document_terms(articles, lexicon=lexicon)
    for table in (stance(counts, lexicon), prevalence(counts, lexicon, by="outlet")):
        assert table["note"].str.contains("levels compare within a language").all()
    english = counts.where(language="en")
    assert not stance(english, lexicon)["note"].str.contains("language").any()


def test_other_languages_are_counted_in_a_warning(articles: pd.DataFrame):
    english = Lexicon.from_dict({"talk": ["talks"]}, language="english", name="one")
    told = add_language(articles)
    with pytest.warns(UserWarning, match=r"'one' is in English, and 2 of 3 .*German 1, Russian 1"):
        document_terms(told, lexicon=english)
    both = Lexicon.from_dict(
        {f: {c: p for c, p in of.items() if c != "ru"} for f, of in FRAMES.items()}
    )
    with pytest.warns(UserWarning, match=r"is in German and English, and 1 of 3 .*\(Russian 1\)"):
        document_terms(told, lexicon=both)
    # Without a column, articles of fifty tokens and more with next to no stop words are told.
    long = articles.assign(text=articles["text"] * 6)
    with pytest.warns(UserWarning, match=r"2 of 3 articles .*German 1, Russian 1"):
        document_terms(long, lexicon=english)


@pytest.mark.parametrize("options", [{}, {"batch_size": 1}, {"executor": 2}, {"work": "work"}])
def test_a_corpus_in_parts_has_one_warning(options: dict, articles: pd.DataFrame, tmp_path: Path):
    english = Lexicon.from_dict({"talk": ["talks"]}, language="english", name="one")
    (tmp_path / "corpus").mkdir()
    for row, code in enumerate(articles["doc_id"]):
        part = articles.iloc[[row]].astype({"outlet": "str"}).assign(language=code)
        part.to_parquet(tmp_path / "corpus" / f"{row}.parquet")
    if "work" in options:
        options = {"work": tmp_path / "work"}
    with pytest.warns(UserWarning) as caught:
        counts = count_corpus(tmp_path / "corpus", ["outlet"], lexicon=english, **options)
    said = [str(w.message) for w in caught if "not made for" in str(w.message)]
    assert len(said) == 1
    assert "2 of 3 articles are in other languages (German 1, Russian 1)" in said[0]
    counts.save(tmp_path / "counts")
    loaded = GroupCounts.load(tmp_path / "counts")
    assert (loaded.all_languages, loaded.other_languages) == (3, {"de": 1, "ru": 1})


def test_articles_of_several_groups_are_counted_once_in_the_warning(
    articles: pd.DataFrame, tmp_path: Path
):
    english = Lexicon.from_dict({"talk": ["talks"]}, language="english", name="one")
    texts = articles.assign(text="Talks with Rome and Oslo.", language=articles["doc_id"])
    texts.astype({"outlet": "str"}).to_parquet(tmp_path / "articles.parquet")
    towns = {"Rome": ["rome"], "Oslo": ["oslo"]}
    with pytest.warns(UserWarning, match=r"2 of 3 articles are in other languages"):
        counts = count_corpus(tmp_path, ["target"], lexicon=english, targets=towns)
    assert counts.groups["articles"].sum() > 3


def test_an_article_with_several_mentions_is_one_article_in_the_warning():
    english = Lexicon.from_dict({"talk": ["talks"]}, language="english", name="one")
    texts = ["Iran a b c d e f Iran g h i j k Iran.", "Talks."]
    frame = pd.DataFrame({"doc_id": ["a", "b"], "outlet": "A", "text": texts})
    frame = frame.assign(language=["fr", "en"])
    with pytest.warns(UserWarning, match=r"1 of 2 articles are in other languages \(French 1\)"):
        counts = document_terms(frame, lexicon=english, targets={"iran": ["iran"]}, window=1)
    assert counts.documents["doc_id"].nunique() == 2


def test_a_corpus_in_parts_is_scored_by_the_languages_that_it_says(
    articles: pd.DataFrame, lexicon: Lexicon, tmp_path: Path
):
    # "gift" is deterrence in English and in German, and nothing in Russian.
    texts = articles.assign(text="Gift, gift.", language=articles["doc_id"])
    texts.astype({"outlet": "str"}).to_parquet(tmp_path / "articles.parquet")
    hits = count_corpus(tmp_path, ["outlet"], lexicon=lexicon).hits.set_index("doc_id")
    assert hits["n_deterrence"].to_dict() == {"de": 2, "en": 2}


def test_a_frame_lacks_no_language(tmp_path: Path):
    frames = {"war": {"en": ["war"], "de": ["krieg"]}, "law": {"en": ["law"]}}
    with pytest.raises(LexiconError, match="frame 'law' has patterns in en, and none in 'de'"):
        Lexicon.from_dict(frames)
    path = tmp_path / "lacks.yml"
    path.write_text("war: {en: [war], de: [krieg]}\nlaw: {en: [law]}\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"lacks.yml, line 2: frame 'law' has no .* 'de'"):
        Lexicon.load(path)


def test_one_frame_of_countries_is_no_language():
    lexicon = Lexicon.from_dict({"countries": {"uk": ["britain"], "fr": ["france"]}})
    assert list(lexicon.frames) == ["countries", "countries/uk", "countries/fr"]
    assert not lexicon.parts


def test_comparisons_across_languages_warn(articles: pd.DataFrame, lexicon: Lexicon):
    several = pd.concat([articles] * 3, ignore_index=True)
    several["doc_id"] = several.index.astype("str")
    several["outlet"] = ["A", "B", "C"] * 3
    counts = document_terms(several, lexicon=lexicon)
    with pytest.warns(UserWarning, match=r"A \(English\); B \(German\); C \(Russian\)\. Levels"):
        compare_groups(counts, lexicon, frames="deterrence", measure="rate")
    two = counts.assign(outlet=["A", "A", "A", "B", "B", "B", "A", "B", "A"])
    table = compare_groups(two, lexicon, frames="deterrence", measure="rate", within="language")
    assert table["language"].tolist() == ["de", "en", "ru"]


def test_distances_from_the_language_are_those_of_a_jackknife_by_hand():
    # Four outlets of two languages; the Russian list finds four times as much dialogue.
    rng = np.random.default_rng(3)
    rows = []
    for outlet, code, lean in (("A", "en", 2), ("B", "en", 1), ("C", "ru", 2), ("D", "ru", 1)):
        for n in range(12):
            a, b = rng.poisson(lean) + 1, rng.poisson(1) * (4 if code == "ru" else 1) + 1
            words = ["угроза", "переговоры"] if code == "ru" else ["threat", "talks"]
            rows.append(
                (f"{outlet}{n}", outlet, code, a, b, f"{words[0]} " * a + f"{words[1]} " * b)
            )
    frame = pd.DataFrame(rows, columns=["doc_id", "outlet", "language", "a", "b", "text"])
    lexicon = Lexicon.from_dict(FRAMES)
    counts = document_terms(check_articles(frame.assign(date="2024-03-01")), lexicon=lexicon)
    pair = ("deterrence", "dialogue")
    table = compare_groups(counts, lexicon, pair, standardise="language").set_index(
        ["outlet", "outlet_other"]
    )

    def log_odds(of: pd.DataFrame) -> float:
        return np.log((of["a"].sum() + 0.5) / (of["b"].sum() + 0.5))

    def distance(of: pd.DataFrame, one: str, two: str) -> float:
        found = []
        for outlet in (one, two):
            mine = of[of["outlet"] == outlet]
            whole = of[of["language"] == mine["language"].iloc[0]]
            found.append(log_odds(mine) - log_odds(whole))
        return found[0] - found[1]

    for one, two in (("A", "C"), ("A", "B"), ("B", "D")):
        row, full = table.loc[(one, two)], distance(frame, one, two)
        left_out = [distance(frame.drop(index=k), one, two) for k in frame.index]
        assert row["difference"] == pytest.approx(full)
        error = np.sqrt(np.sum((np.array(left_out) - full) ** 2))
        assert row["difference"] / row["t"] == pytest.approx(error)
    with pytest.raises(CountsError, match="standardise"):
        compare_groups(counts, lexicon, pair, standardise="language", against="rest")
