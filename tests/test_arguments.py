"""What people first get wrong: one thing passed where another belongs."""

from collections.abc import Callable

import pandas as pd
import pytest

from analysis import (
    AnalysisError,
    DocumentTerms,
    Lexicon,
    add_period,
    check_articles,
    clean_articles,
    collocations,
    cut_furniture,
    dispersion,
    document_terms,
    explore,
    find_reprints,
    group_counts,
    keyness,
    kwic,
    match_events,
    near_terms,
    sensitivity,
    split_voices,
    stance,
    term_frequencies,
    tfidf,
    trend,
    with_titles,
)
from analysis.showing import charts

NAME, CONTRAST = "deterrence-dialogue", ("deterrence", "dialogue")


@pytest.fixture
def counts(articles: pd.DataFrame) -> DocumentTerms:
    return document_terms(articles, lexicon=NAME)


@pytest.mark.parametrize(
    "statistic",
    [
        lambda given: stance(given, NAME, CONTRAST, by="outlet"),
        lambda given: trend(given, NAME, CONTRAST),
        lambda given: sensitivity(given, NAME, CONTRAST),
        lambda given: term_frequencies(given, "outlet"),
        lambda given: tfidf(given, "outlet"),
        lambda given: keyness(given, {"outlet": "Gazette"}),
        lambda given: dispersion(given, "outlet"),
    ],
)
def test_articles_in_place_of_counts(statistic: Callable, articles: pd.DataFrame):
    with pytest.raises(AnalysisError, match=r"counts is a DataFrame: count the articles first"):
        statistic(articles)


@pytest.mark.filterwarnings("ignore:near_terms goes:FutureWarning")
@pytest.mark.parametrize(
    "function",
    [
        add_period,
        check_articles,
        clean_articles,
        lambda given: collocations(given, "talks"),
        cut_furniture,
        document_terms,
        find_reprints,
        match_events,
        lambda given: near_terms(given, "talks"),
        split_voices,
        with_titles,
    ],
)
def test_counts_and_paths_in_place_of_articles(
    function: Callable, counts: DocumentTerms, articles: pd.DataFrame
):
    for given in (counts, "articles.csv", {"text": ["Talks."]}):
        with pytest.raises(AnalysisError, match=rf"a {type(given).__name__}; a DataFrame is need"):
            function(given)
    needed = "date" if function is add_period else "text"
    with pytest.raises(AnalysisError, match=rf"lacks the column\(s\) {needed}; it has doc_id"):
        function(articles.drop(columns=needed))


def test_a_path_in_place_of_articles_to_be_read_in():
    with pytest.raises(AnalysisError, match="the articles are a str; a DataFrame is needed"):
        kwic("articles.csv", "talks")


def test_sums_in_place_of_counts_per_document(counts: DocumentTerms):
    streamed = group_counts(counts, "outlet")
    for statistic in (
        lambda: sensitivity(streamed, NAME, CONTRAST),
        lambda: dispersion(streamed, "outlet"),
    ):
        with pytest.raises(AnalysisError, match="needs counts per document"):
            statistic()


def test_a_lexicon_by_its_name_is_the_lexicon(counts: DocumentTerms):
    pd.testing.assert_frame_equal(
        sensitivity(counts, NAME, CONTRAST), sensitivity(counts, Lexicon.load(NAME), CONTRAST)
    )


@pytest.mark.parametrize(
    "function",
    [
        lambda given, counts, articles: explore(articles, given),
        lambda given, counts, articles: stance(counts, given, CONTRAST),
        lambda given, counts, articles: sensitivity(counts, given, CONTRAST),
        lambda given, counts, articles: document_terms(articles, lexicon=given),
    ],
)
def test_no_lexicon_in_place_of_one(function: Callable, counts, articles: pd.DataFrame):
    with pytest.raises(AnalysisError, match=r"list of 2: one is counted at a time.*\*\*b\.frames"):
        function([NAME, NAME], counts, articles)
    with pytest.raises(AnalysisError, match=r"lexicon is a int: Lexicon\.load"):
        function(7, counts, articles)


def test_a_dict_of_frames_is_a_lexicon(articles: pd.DataFrame):
    frames = {"pressure": ["threat*"], "parley": ["talks"]}
    assert stance(document_terms(articles, lexicon=frames), frames)["n_parley"].tolist() == [4]


def test_three_frames_in_place_of_a_contrast(counts: DocumentTerms):
    with pytest.raises(AnalysisError, match=r"prevalence.* measures any number of frames"):
        stance(counts, NAME, (*CONTRAST, "threats"))


@pytest.mark.parametrize(
    ("chart", "source"),
    [
        (charts.share_by_group, r"this chart takes the table of stance\(\)"),
        (charts.share_multiples, r"this chart takes the table of stance\(\)"),
        (charts.tfidf_multiples, r"this chart takes the table of tfidf\(\)"),
        (charts.specification_curve, r"this chart takes the table of sensitivity\(\)"),
        (charts.coverage, "a DataFrame is needed"),
    ],
)
def test_counts_in_place_of_the_table_of_a_chart(chart: Callable, source: str, counts):
    with pytest.raises(AnalysisError, match=rf"a DocumentTerms.*{source}"):
        chart(counts)
