import gzip
import itertools
import json

import numpy as np
import pandas as pd
import pytest

from analysis.errors import ArticlesError
from analysis.preparing.events import mark_events, match_events, plan_events, similar_articles

WORDS = [
    "".join(letters) for letters in itertools.product("bdfgk", "aeiou", "lmnrst", "aeiou", "z")
]


def made(rng, about: list[int], n: int = 60) -> str:
    """A text half of whose words are those of its event."""
    own = [WORDS[k] for k in about]
    words = np.where(rng.random(n) < 0.5, rng.choice(own, n), rng.choice(WORDS, n))
    return " ".join(["the", "said"] * 10 + list(words))


@pytest.fixture(scope="module")
def articles() -> pd.DataFrame:
    """Thirty events in three outlets each, a day apart, and sixty articles on nothing else."""
    rng = np.random.default_rng(8)
    rows = []
    for event in range(30):
        about = list(rng.choice(len(WORDS), 8, replace=False))
        first = pd.Timestamp("2021-01-01") + pd.Timedelta(days=int(rng.integers(0, 40)))
        rows += [(f"e{event:02}{outlet}", outlet, first + pd.Timedelta(days=late), made(rng, about))
                 for late, outlet in enumerate(["Gazette", "Herald", "Tribune"])]  # fmt: skip
    for alone in range(60):
        day = pd.Timestamp("2021-01-01") + pd.Timedelta(days=alone % 45)
        rows.append((f"x{alone:02}", ["Gazette", "Herald"][alone % 2], day,
                     made(rng, list(rng.choice(len(WORDS), 8, replace=False)))))  # fmt: skip
    return pd.DataFrame(rows, columns=["doc_id", "outlet", "date", "text"])


def right_and_found(events: pd.Series, true: pd.Series) -> tuple[float, float]:
    """Precision and recall of the pairs of articles that are put together."""
    one, other = np.triu_indices(len(events), 1)
    together = events.to_numpy()[one] == events.to_numpy()[other]
    truly = true.to_numpy()[one] == true.to_numpy()[other]
    both = (together & truly).sum()
    return both / together.sum(), both / truly.sum()


def test_articles_on_one_event_are_found_among_others(articles):
    found = match_events(articles, threshold=0.3)
    true = articles["doc_id"].where(articles["doc_id"].str.startswith("x"),
                                    articles["doc_id"].str[:3])  # fmt: skip
    precision, recall = right_and_found(found["event"], true)
    assert precision > 0.95
    assert recall > 0.9
    # The earliest article gives its name; the day decides.
    dates = articles.set_index("doc_id")["date"]
    first = found.groupby("event")["date"].min()
    assert (dates[first.index] == first).all()
    span = found.groupby("event")["date"].agg(np.ptp)
    assert span.max() <= pd.Timedelta(days=3)


def test_order_and_parts_make_no_difference(articles):
    whole = match_events(articles).set_index("doc_id")["event"]
    mixed = articles.sample(frac=1, random_state=1)
    assert match_events(mixed).set_index("doc_id")["event"].reindex(whole.index).equals(whole)
    parts = [mixed[:7], mixed[7:100], mixed[100:]]
    plan = plan_events(parts)
    marked = pd.concat([mark_events(part, plan) for part in parts]).set_index("doc_id")
    assert marked["event"].reindex(whole.index).equals(whole)


def test_the_window_and_the_outlets_bound_an_event(articles):
    of_one = articles[articles["doc_id"].str.startswith("e00")].reset_index(drop=True)
    rest = articles[~articles["doc_id"].str.startswith("e00")]

    def together(**columns) -> int:
        frame = pd.concat([of_one.assign(**columns), rest], ignore_index=True)
        return match_events(frame, threshold=0.3)["event"][:3].nunique()

    assert together() == 1
    assert together(date=pd.to_datetime(["2021-01-01", "2021-01-04", "2021-01-04"])) == 1
    assert together(date=pd.to_datetime(["2021-01-01", "2021-01-05", "2021-01-05"])) == 2
    assert together(date=pd.to_datetime(["2021-01-01", "2021-01-03", "2021-01-05"])) == 2
    assert together(outlet="Gazette") == 3
    # Two of one outlet come together where another's article is like both.
    assert together(outlet=["Gazette", "Gazette", "Herald"]) == 1
    assert together(date=pd.to_datetime(["2021-01-01", None, "2021-01-02"])) == 2
    month = pd.to_datetime(["2021-01-01", "2021-01-31", "2021-01-01"])
    assert together(date=pd.Timestamp("2021-01-01"), date_end=month) == 2


def test_reprints_are_one_article(articles):
    story = made(np.random.default_rng(1), [1, 2, 3])
    copies = pd.DataFrame({
        "doc_id": ["p", "q", "r"], "outlet": ["Tribune", "Herald", "Post"], "text": story,
        "date": pd.to_datetime(["2021-03-01", "2021-03-20", "2021-03-01"]),
    })  # fmt: skip
    found = match_events(pd.concat([articles, copies], ignore_index=True))
    assert found["event"][-3:].tolist() == ["p", "p", "p"]
    # Told apart by hand, two of them are of the same day, and two outlets.
    own = pd.concat([articles, copies], ignore_index=True).assign(cluster=lambda d: d["doc_id"])
    assert match_events(own)["event"][-3:].tolist() == ["p", "q", "p"]


def test_the_names_of_stories_make_no_difference(articles):
    story = made(np.random.default_rng(1), [1, 2, 3])
    copies = pd.DataFrame({
        "doc_id": ["p", "q"], "outlet": ["Tribune", "Herald"], "text": story[0],
        "date": pd.to_datetime(["2021-03-01", "2021-03-02"]), "cluster": "p",
    })  # fmt: skip
    known = articles.assign(cluster=articles["doc_id"])
    table = pd.concat([known, copies], ignore_index=True)
    expected = match_events(table)["event"].tolist()
    assert expected[-1] == "p"
    number, _ = pd.factorize(table["cluster"])
    other = table["doc_id"].iloc[(number + 1) % len(table)].to_numpy()  # of another story
    for names in (table["cluster"].map("s-{}".format), number, other):
        assert match_events(table.assign(cluster=names))["event"].tolist() == expected
    # As of numbered stories beside numbered articles.
    ids = pd.Series(range(len(table))).astype("str")
    numbered = match_events(table.assign(doc_id=ids, cluster=ids.iloc[number].to_numpy()))["event"]
    for shift in (1, 2, len(table) - 1):
        names = (number + shift) % len(table)
        assert match_events(table.assign(doc_id=ids, cluster=names))["event"].equals(numbered)
    # The original of a story is left out, as of a topic that it is not in.
    rest = table[table["doc_id"] != "p"]
    own = match_events(rest.assign(cluster=rest["doc_id"]))["event"].tolist()
    assert match_events(rest)["event"].tolist() == own


@pytest.mark.parametrize("blank", [None, ""])
def test_an_article_without_a_story_is_one_of_its_own(articles, blank):
    own = match_events(articles.assign(cluster=articles["doc_id"]))["event"]
    assert match_events(articles.assign(cluster=blank))["event"].tolist() == own.tolist()


def test_similar_articles_are_ranked(articles):
    table = similar_articles(articles, most=3)
    assert table["rank"].max() == 3
    assert (table["outlet"] != table["other_outlet"]).all()
    assert table["days"].abs().max() <= 3
    falling = table.groupby("doc_id")["similarity"].diff().dropna()
    assert (falling <= 0).all()
    first = table[(table["rank"] == 1) & table["doc_id"].str.startswith("e")]
    assert (first["doc_id"].str[:3] == first["other"].str[:3]).mean() > 0.95
    one = first.iloc[0]
    back = table[(table["doc_id"] == one["other"]) & (table["other"] == one["doc_id"])]
    assert back["similarity"].tolist() == [one["similarity"]]


@pytest.mark.shared
def test_triplets_of_basil_are_found(shared):
    """The bounds of the issue; the corpus: Fan et al. 2019, three outlets on sixty events."""
    with gzip.open(shared / "corpora" / "basil_half.jsonl.gz", "rt", encoding="utf-8") as lines:
        basil = pd.DataFrame(map(json.loads, lines)).rename(columns={"id": "doc_id"})
    basil = basil.assign(date=pd.to_datetime(basil["date"]), outlet=basil["outlet"].str.lower())
    found = match_events(basil)
    precision, recall = right_and_found(found["event"], found["triplet"])
    assert precision >= 0.97
    assert recall >= 0.95


def test_empty_tables_and_wrong_arguments(articles):
    assert match_events(articles[:0])["event"].tolist() == []
    assert plan_events([]) == {}
    assert match_events(articles[:1])["event"].tolist() == ["e00Gazette"]
    undated = articles[:3].assign(date=pd.NaT)
    assert match_events(undated)["event"].tolist() == undated["doc_id"].tolist()
    for wrong in ({"window": "soon"}, {"window": "12h"}, {"window": "-1d"}, {"threshold": 0},
                  {"threshold": 2}):  # fmt: skip
        with pytest.raises(ArticlesError, match=next(iter(wrong))):
            match_events(articles, **wrong)
    with pytest.raises(ArticlesError, match="most=0"):
        similar_articles(articles, most=0)
    with pytest.raises(ArticlesError, match="text"):
        match_events(articles.drop(columns="text"))


def test_short_texts_that_share_only_common_words_are_on_different_events():
    texts = [
        "Fire closed the bridge", "Strike closed the harbour", "Rain flooded the valley",
        "Bridge closed after a fire", "Judge freed the miner", "Mayor opened the museum",
    ]  # fmt: skip
    rows = pd.DataFrame({"text": texts, "outlet": ["Gazette", "Herald"] * 3})
    rows = rows.assign(doc_id=list("abcdef"), date=pd.Timestamp("2021-03-14"))
    assert match_events(rows)["event"].tolist() == ["a", "b", "c", "a", "e", "f"]
