import json
import random
import tracemalloc
from itertools import pairwise

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.articles import check_articles
from analysis.errors import ArticlesError
from analysis.preparing.hashing import line_bounds
from analysis.preparing.reprints import find_reprints
from analysis.tokens.texts import text_blocks

# Invented words: no shingle occurs twice unless a test wants it to.
WORDS = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in ("a", "eo", "iru") for c in "bdfglmnrst"]


def story(seed: int, words: int = 120, paragraph: int = 30) -> str:
    """Running text of random words, in paragraphs."""
    drawn = random.Random(seed).choices(WORDS, k=words)
    starts = range(0, words, paragraph)
    return "\n\n".join(" ".join(drawn[i : i + paragraph]) + "." for i in starts)


def table(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    return check_articles(pd.DataFrame(rows, columns=["doc_id", "outlet", "date", "text"]))


def found(articles: pd.DataFrame, **options: float) -> dict[str, str]:
    """Reprints and their originals, by doc_id."""
    result = find_reprints(articles, **options)
    reprints = result[result["reprint_of"].notna()]
    return dict(zip(reprints["doc_id"], reprints["reprint_of"], strict=True))


def words_of(text: str) -> list[str]:
    return text.replace(".", "").split()


def kulczynski(one: str, other: str) -> float:
    """The mean of both containments of word 5-grams, with Python sets."""
    a, b = ({tuple(w[i : i + 5]) for i in range(len(w) - 4)} for w in map(words_of, (one, other)))
    return (len(a & b) / len(a) + len(a & b) / len(b)) / 2


def test_the_planted_reprints_are_found_and_nothing_else(root):
    sample = pd.read_csv(root / "data" / "sample" / "articles.csv")
    truth = json.loads((root / "data" / "sample" / "truth.json").read_text(encoding="utf-8"))
    planted = {doc_id: item["original"] for doc_id, item in truth["reprints"].items()}
    assert len(planted) == 6
    assert found(sample.rename(columns={"id": "doc_id"})) == planted


def test_clusters_name_the_original_and_singletons_themselves():
    text = story(1)
    articles = table(
        ("a", "Herald", "2021-01-02", text),
        ("b", "Gazette", "2021-01-01", text),
        ("c", "Gazette", "2021-01-03", text),
        ("d", "Herald", "2021-01-01", story(2)),
    )
    result = find_reprints(articles.assign(desk="foreign").set_axis([7, 7, 8, 9]))
    assert result["cluster"].tolist() == ["b", "b", "b", "d"]
    assert result["reprint_of"].fillna("-").tolist() == ["b", "-", "b", "-"]
    assert result["desk"].tolist() == ["foreign"] * 4
    assert result.index.tolist() == [7, 7, 8, 9]
    assert "cluster" not in articles


def test_the_coefficient_is_the_mean_of_both_containments():
    # 60 words make 56 shingles, the first 40 of them 36: (36/56 + 36/36) / 2 = .8214.
    words = list(dict.fromkeys(WORDS))[:60]
    whole, part = " ".join(words), " ".join(words[:40])
    articles = table(("a", "Gazette", "2021-01-01", whole), ("b", "Herald", "2021-01-02", part))
    assert found(articles, threshold=0.82) == {"b": "a"}
    assert found(articles, threshold=0.83) == {}


@given(seed=st.integers(0, 10**6), edits=st.floats(0, 0.3), cut=st.floats(0.3, 1))
@settings(max_examples=20)
def test_edited_and_shortened_copies_agree_with_sets(seed: int, edits: float, cut: float):
    draw = random.Random(seed)
    original = story(seed, words=400)
    kept = words_of(original)[: int(400 * cut)]
    copy = " ".join(draw.choice(WORDS) if draw.random() < edits else word for word in kept)
    expected = kulczynski(original, copy)
    articles = table(("a", "Gazette", "2021-01-01", original), ("b", "Herald", "2021-01-02", copy))
    if abs(expected - 0.5) > 1e-9:
        assert found(articles) == ({"b": "a"} if expected > 0.5 else {})


@settings(max_examples=20)
@given(st.randoms(use_true_random=False), st.integers(0, 50))
def test_the_order_of_rows_does_not_matter(order: random.Random, seed: int):
    draw = random.Random(seed)
    stories = [story(seed * 10 + k, words=draw.randint(20, 200)) for k in range(5)]
    rows = []
    for k in range(24):
        words = words_of(draw.choice(stories))
        copy = " ".join(draw.choice(WORDS) if draw.random() < 0.07 else w for w in words)
        # Few days and outlets, so that ties abound.
        outlet, day = draw.choice(["Herald", "Gazette"]), f"2021-01-0{draw.randint(1, 3)}"
        rows.append((f"id{k:02}", outlet, day, draw.choice([copy, " ".join(words)])))
    articles = table(*rows)
    shuffled = articles.sample(frac=1, random_state=order.randint(0, 2**31))
    one = find_reprints(articles).set_index("doc_id")["cluster"]
    other = find_reprints(shuffled).set_index("doc_id")["cluster"]
    assert one.to_dict() == other.to_dict()


def test_a_credited_source_comes_before_an_earlier_date():
    text = story(3)
    for credit in ("(AP) — ", "BRINE HARBOUR (Associated Press) "):
        articles = table(
            ("a", "Herald", "2021-01-01", credit + text),
            ("b", "Associated Press", "2021-01-02", text),
            ("c", "Gazette", "2021-01-01", text + "\n\nThe Associated Press contributed."),
        )
        assert found(articles) == {"a": "b", "c": "b"}
    # In the middle of the text the name is part of the story, and "ap" is no signature.
    text = story(4, words=160, paragraph=80)
    middle = text.replace("\n\n", "\n\nas told to the Associated Press, ap\n\n")
    articles = table(
        ("a", "Herald", "2021-01-01", middle + story(5, 80)),
        ("b", "Associated Press", "2021-01-02", middle + story(5, 80)),
    )
    assert found(articles) == {"b": "a"}


def test_a_day_that_is_not_known_counts_as_late_as_it_may_be():
    text = story(6)
    articles = table(("a", "Herald", "2021-01-01", text), ("b", "Gazette", "2021-01-20", text))
    articles["date_end"] = pd.to_datetime(["2021-01-31", None])
    assert found(articles) == {"a": "b"}
    assert found(articles.drop(columns="date_end")) == {"b": "a"}
    undated = articles.assign(date=pd.to_datetime([None, "2021-01-20"])).drop(columns="date_end")
    assert found(undated) == {"a": "b"}


def test_every_reprint_is_compared_with_its_original_itself():
    # Each day's version keeps 70% of the day before: neighbours are alike (.7), the first and the
    # third are not (.4).
    words = words_of(story(7, words=320))
    days = [" ".join(words[start : start + 200]) for start in (0, 60, 120)]
    assert [kulczynski(a, b) > 0.5 for a, b in pairwise(days)] == [True, True]
    assert kulczynski(days[0], days[2]) < 0.5
    articles = table(*((f"d{k}", "Herald", f"2021-01-0{k + 1}", t) for k, t in enumerate(days)))
    assert found(articles) == {"d1": "d0"}


def test_the_issues_of_a_daily_briefing_are_not_reprints():
    # Three fifths of each issue is the same.
    shell = story(8, words=180)
    issues = [
        (f"i{k}", "Herald", f"2021-{k + 1:02}-03", shell + "\n\n" + story(100 + k, words=120))
        for k in range(6)
    ]
    assert kulczynski(issues[0][3], issues[1][3]) > 0.55
    assert found(table(*issues)) == {}


def test_memory_grows_with_the_articles_and_not_with_their_outlet_s_templates_too():
    # 60 pages of two outlets, each saved in four weeks: most of what they say is a template.
    rows = [
        (f"{page}-{week}", f"Outlet {page % 2}", f"2021-03-{7 * week + 1:02}",
         story(300 + page, words=400) + "\n\n" + story(1000 * week + page, words=40))
        for page in range(60)
        for week in range(4)
    ]  # fmt: skip
    articles = table(*rows)
    originals = {f"{page}-{week}": f"{page}-0" for page in range(60) for week in (1, 2, 3)}
    assert found(articles) == originals
    tracemalloc.start()
    find_reprints(articles)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    # 240 articles by the 12,000 shingles of their outlet's pages, of 16 bytes, would be 46 MB.
    assert peak < 20e6


def test_versions_of_a_story_are_reprints_although_there_are_many():
    body = story(9, words=300)
    rows = [
        (f"v{k}", "Herald", f"2021-03-0{k + 1}", story(200 + k, words=40) + "\n\n" + body)
        for k in range(5)
    ]
    assert found(table(*rows)) == {f"v{k}": "v0" for k in range(1, 5)}


def test_a_story_that_everybody_ran_is_one_story():
    # More copies, each edited in its own way, than a shingle pairs with each other.
    draw, words = random.Random(8), words_of(story(17, words=200))
    rows = [
        (f"c{k:03}", f"Outlet {k}", f"2021-03-{1 + (k + 1) // 20:02}",
         " ".join(draw.choice(WORDS) if draw.random() < 0.03 else word for word in words))
        for k in range(300)
    ]  # fmt: skip
    result = find_reprints(table(*rows))
    # 3% of changed words leave .97 ** 10 = .74 of the shingles of two copies alike.
    assert result["cluster"].eq("c000").all()


def test_a_shell_in_one_monstrous_paragraph_is_not_the_story():
    gallery = story(10, words=2_000, paragraph=2_000)
    rows = [
        (f"g{k}", "Herald", f"2021-01-0{k + 1}", story(300 + k, words=400) + "\n" + gallery)
        for k in range(2)
    ]
    assert kulczynski(rows[0][3], rows[1][3]) > 0.8
    assert found(table(*rows)) == {}


def test_reports_that_quote_a_speech_are_no_reprints_of_it_or_of_each_other():
    speech = story(11, words=200)
    paragraph = speech.partition("\n\n")[0]
    articles = table(
        ("ministry", "Ministry", "2021-01-01", speech),
        # All of the speech, and more than that besides.
        ("long", "Herald", "2021-01-02", story(12, words=250) + "\n\n" + speech),
        ("other", "Gazette", "2021-01-02", speech + "\n\n" + story(13, words=250)),
        # A paragraph of the speech, and less than that besides.
        ("brief", "Herald", "2021-01-02", paragraph + "\n\n" + story(16, words=20)),
        ("abridged", "Gazette", "2021-01-02", paragraph),
    )
    assert kulczynski(articles["text"][1], speech) > 0.7
    assert found(articles) == {"abridged": "ministry"}


def test_paragraphs_case_and_marks_do_not_matter():
    text = story(14)
    changed = text.upper().replace("\n\n", " ").replace(".", "!")
    articles = table(("a", "Herald", "2021-01-01", text), ("b", "Gazette", "2021-01-02", changed))
    assert found(articles, threshold=1.0) == {"b": "a"}


def test_short_texts_are_left_alone():
    # Stock phrases under 25 words: the same, but no evidence of a reprint.
    for words, expected in ((24, {}), (25, {"b": "a"})):
        text = story(15, words=words)
        articles = table(("a", "Herald", "2021-01-01", text), ("b", "Herald", "2021-01-02", text))
        assert found(articles) == expected


def test_an_empty_table_gets_both_columns():
    result = find_reprints(table(("a", "Herald", "2021-01-01", "x")).iloc[:0])
    assert list(result[["reprint_of", "cluster"]].dtypes) == ["str", "str"]
    assert len(result) == 0


def test_bad_arguments_are_named(articles):
    with pytest.raises(ArticlesError, match="outlet"):
        find_reprints(articles.drop(columns="outlet"))
    with pytest.raises(ArticlesError, match="threshold=0 "):
        find_reprints(articles, threshold=0)


@pytest.mark.shared
def test_a_research_corpus_has_few_reprints_and_no_shells(shared):
    corpus = pd.read_parquet(shared / "corpora" / "allsides_security.parquet")
    result = find_reprints(corpus.rename(columns={"id": "doc_id"}))
    reprints = result[result["reprint_of"].notna()]
    # Read one by one: nine pairs, all of them the same story. The galleries that CNN repeats
    # and the issues of The Flip Side are not among them.
    assert len(reprints) == 9
    assert not reprints["outlet"].eq("The Flip Side").any()


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text("ab \n\r\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029\u00a9\u0429é"), max_size=5))
def test_lines_end_where_those_of_a_string_do(texts: list[str]):
    [(data, bounds)] = text_blocks(texts)
    lines, first_line = line_bounds(data, bounds)
    found = [data[a:b].tobytes().decode() for a, b in pairwise(lines)]
    for text, (a, b) in zip(texts, pairwise(first_line), strict=True):
        assert "".join(found[a:b]) == text
        # \r\n ends two lines here, of which one is empty.
        ours = [line.strip("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029") for line in found[a:b]]
        assert list(filter(None, ours)) == list(filter(None, text.splitlines()))
