"""Whom a mention means, and one name a person throughout a corpus."""

from collections import Counter

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.preparing.voices import name_sources, sources, split_voices
from analysis.preparing.voices.sources import canonical_names


def speaker(text: str) -> str | None:
    """The source of the last segment that has one."""
    articles = pd.DataFrame(
        {"doc_id": ["1"], "outlet": ["Gazette"], "date": ["2021-03-14"], "text": [text]}
    )
    told = split_voices(articles)["source"].dropna()
    return told.iloc[-1] if len(told) else None


@pytest.mark.parametrize(
    "text, name",
    [
        ("Ada Quill met the press. Mrs Quill said talks were near.", "Ada Quill"),
        ("Ada Quill met the press. Quill said talks were near.", "Ada Quill"),
        ("Ambassador Ada Quill left. The ambassador said talks were near.", "Ada Quill"),
        ("Ada Quill, the Ravennan ambassador, left. The ambassador said so.", "Ada Quill"),
        ("Ravenna's ambassador, Ada Quill, said talks were near.", "Ada Quill"),
        ("Ada Quill left. Ivo Marsh stayed. He said talks were near.", "Ivo Marsh"),
        ("Mr Ivo Marsh met Mrs Ada Quill. She said talks were near.", "Ada Quill"),
        ("Campaign manager Ivo Marsh said talks were near.", "Ivo Marsh"),
        ("Ravenna's Ivo Marsh said talks were near.", "Ivo Marsh"),
        ("The State Department said talks were near.", "State Department"),
        ("A spokesman for Ivo Marsh said talks were near.", None),
        ("Officials said talks were near.", None),
        ("A minister said talks were near.", None),
        ("Foreign Minister Ada Quill met Defence Minister Ivo Marsh. "
         "The foreign minister said talks were near.", "Ada Quill"),
        ("Mr Marsh left. Ivo Marsh, who said talks were near, smiled.", "Ivo Marsh"),
    ],
)  # fmt: skip
def test_a_mention_means_the_nearest_fitting_name(text, name):
    if "Ivo Marsh stayed" in text:
        text = text.replace("Ivo Marsh", "Mr Ivo Marsh", 1).replace("Ada Quill", "Ms Ada Quill", 1)
    assert speaker(text) == name


def test_one_name_a_person():
    articles = Counter(
        {
            "Andrei Kelin": 5, "Andrey Kelin": 2, "Andrei V. Kelin": 1, "Kelin": 3,
            "Ivo Marsh": 2, "Una Marsh": 2, "Marsh": 4, "State Department": 1,
        }
    )  # fmt: skip
    names = canonical_names(articles)
    assert {names[form] for form in ("Andrey Kelin", "Andrei V. Kelin", "Kelin")} == {
        "Andrei Kelin"
    }
    assert names["Marsh"] == "Marsh"  # nobody has two thirds of that name's articles
    assert names["Una Marsh"] == "Una Marsh"
    assert names["State Department"] == "State Department"


@given(st.lists(st.text(alphabet="AaBb .-'J r", max_size=9), max_size=12))
def test_any_names_can_be_brought_together(names):
    canonical = canonical_names(Counter(names))
    assert set(canonical) == set(names)
    assert set(canonical.values()) <= set(names)


@pytest.fixture
def segments() -> pd.DataFrame:
    rows = [
        ("1", "Gazette", "quoted", "Ada Quill", 0, 10),
        ("1", "Gazette", "reported", "Ada Quill", 10, 30),
        ("2", "Herald", "quoted", "Quill", 0, 5),
        ("2", "Herald", "narration", None, 5, 50),
        ("3", "Herald", "quoted", "Ivo Marsh", 0, 7),
    ]
    return pd.DataFrame(rows, columns=["doc_id", "outlet", "voice", "source", "start", "end"])


def test_name_sources_keeps_what_stood_there(segments):
    named = name_sources(segments)
    assert named["source"].dropna().tolist() == ["Ada Quill"] * 3 + ["Ivo Marsh"]
    assert named["source_as_named"].dropna().tolist() == segments["source"].dropna().tolist()
    assert named["source"].isna().tolist() == segments["source"].isna().tolist()


def test_the_table_of_sources(segments):
    expected = pd.DataFrame(
        {
            "source": ["Ada Quill", "Ivo Marsh"],
            "names": ["Ada Quill; Quill", "Ivo Marsh"],
            "articles": [2, 1],
            "outlets": [2, 1],
            "quoted": [2, 1],
            "reported": [1, 0],
            "characters": [35, 7],
        }
    )
    pd.testing.assert_frame_equal(sources(segments), expected, check_dtype=False)


def test_a_last_name_with_a_suffix_is_no_first_and_last_name():
    names = canonical_names(Counter({"Ada Quill": 5, "Quill Jr.": 1}))
    assert names == {"Ada Quill": "Ada Quill", "Quill Jr.": "Quill Jr."}
