"""A group column that is called like a result column is refused, and none is overwritten."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from analysis.articles import check_articles
from analysis.counting.document_terms import DocumentTerms, document_terms
from analysis.errors import AnalysisError, ArticlesError, CountsError, LexiconError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.coding.precision import precision
from analysis.measuring.comparing.adjusting.paired import one_sided_events
from analysis.measuring.comparing.comparison import compare_groups
from analysis.measuring.comparing.sensitivity import sensitivity
from analysis.measuring.comparing.trend import trend
from analysis.measuring.frames.prevalence import prevalence
from analysis.measuring.frames.stance import stance
from analysis.measuring.terms.collocations import collocations
from analysis.measuring.terms.dispersion import dispersion
from analysis.measuring.terms.frequencies import article_frequencies, term_frequencies
from analysis.measuring.terms.keyness import keyness
from analysis.measuring.terms.tfidf import tfidf
from analysis.periods import add_period

LEXICON = Lexicon.from_dict({"cod": ["cod"], "reef": ["reef"]})
ARTICLES = check_articles(
    pd.DataFrame(
        {
            "doc_id": range(8), "outlet": "Gull", "deck": ["front", "back"] * 4,
            "date": ["2022-01-05"] * 4 + ["2022-04-05"] * 4,
            "text": ["cod reef reef", "cod cod reef", "cod reef", "cod reef reef reef",
                     "cod cod cod reef", "reef reef cod", "cod reef", "cod cod reef"],
        }
    )
)  # fmt: skip
BY_GROUP: dict[str, Callable[[pd.DataFrame, DocumentTerms, str], pd.DataFrame]] = {
    "stance": lambda a, c, by: stance(c, LEXICON, by=by),
    "compare_groups": lambda a, c, by: compare_groups(c, LEXICON, by=by),
    "stories": lambda a, c, by: stance(
        c.assign(story=[1, 1, *range(6)]), LEXICON, by=by, unit="story"
    ),
    "rest": lambda a, c, by: compare_groups(c, LEXICON, by=by, against="rest", frames=["cod"]),
    "prevalence": lambda a, c, by: prevalence(c, LEXICON, by=by),
    "one_sided_events": lambda a, c, by: one_sided_events(c.assign(event=[*"aabbccdd"]), by),
    "trend": lambda a, c, by: trend(c, LEXICON, by=by, resamples=19, min_articles=2),
    "term_frequencies": lambda a, c, by: term_frequencies(c, by),
    "tfidf": lambda a, c, by: tfidf(c, by),
    "dispersion": lambda a, c, by: dispersion(c, by),
    "keyness": lambda a, c, by: keyness(c, each=by, min_articles=1),
    "collocations": lambda a, c, by: collocations(a, "cod", by, min_near=1),
}


@pytest.mark.parametrize("statistic", BY_GROUP.values(), ids=BY_GROUP)
def test_a_group_column_keeps_its_values_or_is_refused(statistic):
    plain = statistic(ARTICLES, document_terms(ARTICLES, lexicon=LEXICON), "deck")
    others = [
        "share",
        "term",
        "rank",
        "position",
        "group",
        "near",
        "row",
        "rows",
        "side",
        "change",
        "code",
        "weight",
        "weight_sq",
        "counts",
    ]
    own = [name for name in plain.columns if not name.startswith("deck")]
    for name in [*own, *others]:
        articles = ARTICLES.rename(columns={"deck": name})
        counts = document_terms(articles, lexicon=LEXICON) if name != "n_tokens" else None
        try:
            table = statistic(articles, counts, name)
        except CountsError as refusal:
            assert name in [*plain.columns, *others]
            assert f"{name!r}" in str(refusal)
        else:
            assert name not in plain.columns
            renamed = plain.rename(columns={"deck": name, "deck_other": f"{name}_other"})
            pd.testing.assert_frame_equal(table, renamed)


def test_a_column_of_articles_called_like_a_result_is_refused():
    counts = document_terms(ARTICLES.rename(columns={"deck": "per_million"}))
    with pytest.raises(CountsError, match=r"'per_million'.*rename"):
        article_frequencies(counts, "cod")


def test_the_period_before_is_that_of_the_same_group_whatever_its_column_is_called():
    # Cod is 2 of 5 tokens of the first quarter's front pages, then 4 of 6; 3 of 7, then 3 of 6.
    right = {"front": np.log2((4 / 6) / (2 / 5)), "back": np.log2((3 / 6) / (3 / 7))}
    for name in ("position", "row", "rest", "deck"):
        dated = add_period(ARTICLES.rename(columns={"deck": name}), "quarter")
        table = term_frequencies(document_terms(dated), [name, "period"], terms=["cod"])
        later = table[table["period"] == "2022-Q2"].set_index(name)["change"]
        assert later.to_dict() == pytest.approx(right)


CODES = pd.DataFrame(
    {"line_id": ["a", "b"], "frame": "cod", "pattern": "cod", "lines_per_row": 1, "code": [1, 0]}
)
NO_COLUMN = [5, 1.5, True, object(), ["deck", 5], [["deck"]]]


@pytest.mark.parametrize("by", NO_COLUMN, ids=lambda by: type(by).__name__)
def test_what_names_no_columns_is_refused(by):
    counts = document_terms(ARTICLES, lexicon=LEXICON)
    for statistic in BY_GROUP.values():
        with pytest.raises(CountsError, match=r"(by|each)=.*give the name"):
            statistic(ARTICLES, counts, by)


def test_no_column_is_one_group_and_no_unit_is_none():
    counts = document_terms(ARTICLES, lexicon=LEXICON)
    assert stance(counts, LEXICON, by=None).equals(stance(counts, LEXICON))
    for unit in (None, 5, ["deck"], {"deck": 1}):
        with pytest.raises(CountsError, match=r"unit=.*no such column"):
            stance(counts, LEXICON, unit=unit)
        with pytest.raises(CountsError, match=r"each=.*column"):
            keyness(counts, each=unit or ["deck"])
    for level in (None, "95%", 95, [0.9]):
        with pytest.raises(CountsError, match=r"level=.*between 0 and 1"):
            stance(counts, LEXICON, level=level)


COUNTS = document_terms(ARTICLES, lexicon=LEXICON)
GULL = {"outlet": "Gull"}


@pytest.mark.parametrize(
    ("call", "names"),
    [
        (lambda: compare_groups(COUNTS, LEXICON, by="deck", within=5), "within=5"),
        (lambda: compare_groups(COUNTS, LEXICON, by="deck", adjust=5), "adjust=5"),
        (lambda: compare_groups(COUNTS, LEXICON, by="deck", standardise=["x"]), "standardise="),
        (lambda: compare_groups(COUNTS, LEXICON, by="deck", frames=1.5), "frames=1.5"),
        (lambda: trend(COUNTS, LEXICON, time=None), "time=None"),
        (lambda: trend(COUNTS, LEXICON, dates=["2022-02-01"]), "dates="),
        (lambda: keyness(COUNTS, "Gull"), "target='Gull'"),
        (lambda: keyness(COUNTS, {"deck": "front"}, "back"), "reference='back'"),
        (lambda: sensitivity(COUNTS, LEXICON, between=(GULL,)), "between="),
        (lambda: sensitivity(COUNTS, LEXICON, between=("Gull", "Tern")), "between='Gull'"),
        (lambda: sensitivity(COUNTS, LEXICON, reference=0.4, outlet="paper"), "outlet=.*'paper'"),
        (lambda: term_frequencies(COUNTS, [], terms=5), "terms=5"),
        (lambda: article_frequencies(COUNTS, None), "terms=None"),
        (lambda: collocations(ARTICLES, 5), "node: patterns=5"),
        (lambda: document_terms(ARTICLES, rules=None), "rules=None"),
        (lambda: stance(COUNTS.assign(w=np.inf), LEXICON, weights="w"), "weights='w'.*inf"),
    ],
)
def test_what_an_argument_cannot_be_is_refused_by_name(call: Callable[[], object], names: str):
    with pytest.raises(AnalysisError, match=names):
        call()


def test_a_column_called_like_the_other_group_is_refused():
    counts = COUNTS.assign(deck_other=["x"] * 4 + ["y"] * 4, event="a")
    for refused in (
        lambda: compare_groups(counts, LEXICON, by=["deck", "deck_other"]),
        lambda: compare_groups(counts, LEXICON, by="deck", within="deck_other"),
        lambda: one_sided_events(counts, ["deck", "deck_other"]),
    ):
        with pytest.raises(CountsError, match="a column 'deck_other' of its own"):
            refused()


def test_a_column_that_counts_make_is_kept_or_refused():
    words = ARTICLES.assign(n_tokens=["short", "long"] * 4)
    with pytest.raises(ArticlesError, match=r"'n_tokens'.*another name"):
        document_terms(words)
    assert document_terms(ARTICLES.assign(n_tokens=1)).documents["n_tokens"].tolist()[:2] == [3, 3]
    for name in ("part", "target", "targets"):
        own = ARTICLES.assign(**{name: ["a", "b"] * 4})
        with pytest.raises(ArticlesError, match=f"{name!r}.*another name"):
            document_terms(own, targets={"Cod": ["cod"]})
        assert stance(document_terms(own, lexicon=LEXICON), LEXICON, by=name)[name].tolist() == [
            "a",
            "b",
        ]


def test_own_columns_part_and_targets_lose_no_row():
    rows = pd.DataFrame(
        {"doc_id": "a", "outlet": "Gull", "date": pd.Timestamp("2022-01-05"), "part": "news",
         "targets": "all", "text": ["cod reef", "cod cod"]}
    )  # fmt: skip
    counts = document_terms(rows, lexicon=LEXICON)
    assert stance(counts, LEXICON)[["n_cod", "n_reef"]].to_numpy().tolist() == [[3, 1]]
    assert article_frequencies(counts, "cod")["n"].tolist() == [3]


def test_a_column_of_several_types_can_not_be_saved(tmp_path):
    counts = document_terms(ARTICLES.assign(lean=[1, "left"] * 4))
    with pytest.raises(CountsError, match=r"'?lean'?.*one type"):
        counts.save(tmp_path / "counts")


def test_a_column_of_lists_is_refused():
    counts = document_terms(ARTICLES.assign(tags=[["a", "b"]] * 8), lexicon=LEXICON)
    for refused in (
        lambda: stance(counts, LEXICON, by="tags"),
        lambda: stance(counts, LEXICON, unit="tags"),
        lambda: keyness(counts, {"tags": "a"}),
        lambda: compare_groups(counts, LEXICON, by="deck", adjust="tags"),
        lambda: one_sided_events(counts.assign(event="a"), "tags"),
        lambda: sensitivity(counts, LEXICON, reference=0.4, outlet="tags"),
        lambda: precision(CODES.assign(tags=[["a"]] * 2), by="tags"),
    ):
        with pytest.raises(CountsError, match="'tags' holds lists"):
            refused()
    assert article_frequencies(counts, "cod")["tags"].tolist() == [["a", "b"]] * 8


@pytest.mark.parametrize(
    "frames",
    [("pos", "pos_negated"), ("a", "a_low"), ("a", "a_high"), ("not_negated",), ("negated",)],
)
def test_frames_whose_results_would_share_a_column_are_refused(frames):
    with pytest.raises(LexiconError, match="give the frame another name"):
        Lexicon.from_dict({frame: ["reef"] for frame in frames})


def test_a_frame_called_tokens_is_refused():
    with pytest.raises(LexiconError, match="the number of tokens"):
        Lexicon.from_dict({"tokens": ["reef"]})


@pytest.mark.parametrize("day", [pd.Timestamp("2022-01-05"), "2022-01-05", "5 January 2022"])
def test_a_day_is_found_however_it_is_given(day):
    counts = document_terms(ARTICLES)
    table = keyness(counts, {"date": day}, min_articles=1).set_index("term")
    assert table.loc["cod", ["n_target", "n_reference"]].tolist() == [5, 7]
    assert len(counts.where(date=day).documents) == 4
