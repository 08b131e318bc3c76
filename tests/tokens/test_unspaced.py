"""Scripts without spaces: words are those of quanteda, and all that counts them agrees."""

import sys
from pathlib import Path

import pandas as pd
import pytest

from analysis import Lexicon, check_articles, document_terms, kwic
from analysis.tokens import TermRules, tokenize

# Words of oracles/icu_zh_ja_th.csv, zh01, zh03, and what quanteda gives for zh02's beginning.
TALKS = "两国代表周二在河边小镇恢复谈判。"
TALKS_WORDS = ["两国", "代表", "周二", "在", "河", "边", "小", "镇", "恢复", "谈判"]
CEASEFIRE = "停火协议在午夜开始执行。"


def words(text: str) -> list[str]:
    stream = tokenize([text], TermRules(fold_case=False), offsets=True)
    spans = zip(stream.starts, stream.ends, strict=True)
    found = [text[start:end] for start, end in spans]
    assert found == stream.terms[stream.ids].tolist()
    return found


@pytest.mark.shared
def test_words_are_those_of_quanteda(shared: Path):
    oracle = pd.read_csv(shared / "oracles" / "icu_zh_ja_th.csv")
    found = ["|".join(words(text)) for text in oracle["text"]]
    assert found == oracle["quanteda_no_punct"].tolist()
    assert len(found) == 60


# Khmer "country Cambodia", Lao "hello country Laos", Burmese "they fish" (ICU 78, word breaks).
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ប្រទេសកម្ពុជា", "ប្រទេស កម្ពុជា"),
        ("ສະບາຍດີປະເທດລາວ", "ສະບາຍດີ ປະເທດ ລາວ"),
        ("COVID-19谈判 and NATO对话", "COVID-19 谈判 and NATO 对话"),
        ("北约-对话 ‘谈判’了 2024年5月", "北约 对话 谈判 了 2024 年 5 月"),
        ("𠀀对话 the co-operation’s", "𠀀 对话 the co-operation"),
        ("การ\u200bเจรจา", "การ เจรจา"),
    ],
)
def test_only_runs_of_these_scripts_are_cut(text: str, expected: str):
    stream = tokenize([text], TermRules(fold_case=False))
    assert stream.terms[stream.ids].tolist() == expected.split()


def test_a_wide_full_stop_ends_a_sentence_without_a_space():
    assert tokenize(["停火。谈判!制裁,协议"]).gaps.tolist() == [0, 2, 1, 1]
    assert tokenize(["停火。谈判！制裁，协议"]).gaps.tolist() == [0, 2, 2, 1]


@pytest.fixture(scope="module")
def articles() -> pd.DataFrame:
    texts = [f"{TALKS}{CEASEFIRE}", "外交部没有谈判。停火", "NATO said: 谈判桌 and 停火。"]
    frame = pd.DataFrame({"doc_id": list("abc"), "outlet": "A", "date": "2024-03-01"})
    return check_articles(frame.assign(text=texts))


def test_patterns_are_cut_like_the_text(articles: pd.DataFrame):
    frames = {"talk": ["谈判*", "恢复谈判"], "stop": ["停火协议", "停火"]}
    lexicon = Lexicon.from_dict(frames, negators=["没有"])
    counts = document_terms(articles, lexicon=lexicon)
    assert counts.documents["n_tokens"].tolist()[0] == len(TALKS_WORDS) + 6
    found = counts.hit_types.assign(n=counts.hits.sum(axis=0))
    assert found.values.tolist() == [
        ["stop", "停火", "停火", False, 2],
        ["stop", "停火协议", "停火 协议", False, 1],
        ["talk", "恢复谈判", "恢复 谈判", False, 1],
        ["talk", "谈判*", "谈判", False, 1],
        ["talk", "谈判*", "谈判", True, 1],
    ]
    lines = kwic(articles, lexicon, window=2)
    assert lines["keyword"].tolist() == ["恢复谈判", "停火协议", "谈判", "停火", "谈判", "停火"]
    texts = articles.set_index("doc_id")["text"]
    for line in lines.itertuples():
        assert texts[line.doc_id][line.start : line.end] == line.keyword
    assert lines.loc[0, ["left", "right", "sentence"]].tolist() == ["小镇", "。停火协议", TALKS]


def test_windows_of_targets_count_words(articles: pd.DataFrame):
    lexicon = Lexicon.from_dict({"talk": ["谈判"]})
    near = document_terms(articles, lexicon=lexicon, targets={"two": ["两国"]}, window=9)
    assert int(near.hits[(near.documents["target"] == "two").to_numpy()].sum()) == 1
    near = document_terms(articles, lexicon=lexicon, targets={"two": ["两国"]}, window=8)
    assert int(near.hits[(near.documents["target"] == "two").to_numpy()].sum()) == 0


def test_without_icu_a_warning_counts_what_stays_whole(monkeypatch: pytest.MonkeyPatch):
    from analysis.tokens import unspaced

    unspaced._breaker.cache_clear()
    monkeypatch.setitem(sys.modules, "icu4py.breakers", None)
    with pytest.warns(UserWarning, match=r"3 runs of Chinese.*icu4py.*\[languages\]"):
        stream = tokenize(["停火协议，谈判", "talks 停火协议 again"])
    assert stream.terms[stream.ids].tolist()[:2] == ["停火协议", "谈判"]
    unspaced._breaker.cache_clear()


def test_a_word_that_was_a_run_before_is_folded():
    # U+FA0B is composed as 廓 (NFC); its run is cut in the first text, a word in the second.
    stream = tokenize(["\ufa0b对话", "\ufa0b", "廓", "NATO和É对话e\u0301"])
    assert stream.terms[stream.ids].tolist() == [
        "廓",
        "对话",
        "廓",
        "廓",
        "nato",
        "和",
        "é",
        "对话",
        "é",
    ]


def test_a_joiner_within_a_run_is_crossed_like_a_space_and_other_marks_are_not():
    for text, gaps in (
        ("北约-对话", [0, 0]), ("北约 对话", [0, 0]), ("X-对话", [0, 0]), ("北约'对话", [0, 0]),
        ("北约--对话", [0, 1]), ("北约- 对话", [0, 1]), ("北约，对话", [0, 1]),
        ("北约。对话", [0, 2]),
    ):  # fmt: skip
        assert tokenize([text]).gaps.tolist() == gaps, text
    lexicon = Lexicon.from_dict({"talk": ["北约 对话"]})
    texts = ["北约-对话", "北约 对话", "北约，对话"]
    articles = pd.DataFrame({"doc_id": ["a", "b", "c"], "outlet": "A", "text": texts})
    assert document_terms(articles, lexicon=lexicon).hits.sum(axis=1).tolist() == [1, 1, 0]
