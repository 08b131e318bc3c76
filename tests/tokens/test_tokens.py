"""What a token and a term are, case by case, and the containers that texts may come in."""

import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from icu4py.breakers import WordBreaker
from nltk.stem.snowball import SnowballStemmer
from sklearn.feature_extraction.text import CountVectorizer

from analysis.errors import ArticlesError, CountsError
from analysis.tokens import STOP_WORDS, TermRules, count_tokens, fold, kernel, tokenize
from analysis.tokens.vocabulary import Vocabulary
from tests.tokens import reference


def words(text: str, rules: TermRules = TermRules()) -> list[str]:
    stream = tokenize([text], rules)
    return [str(term) for term in stream.terms[stream.ids]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kyiv’s, Kyiv's and KYIV", ["kyiv", "kyiv", "and", "kyiv"]),
        ("soldiers' pay", ["soldiers", "pay"]),
        ("co-operation co‑operation co‐operation", ["co-operation"] * 3),
        ("war - peace war—peace war–peace", ["war", "peace"] * 3),
        ("rock 'n' roll -- end-", ["rock", "n", "roll", "end"]),
        ("don't don’t donʼt", ["don't"] * 3),
        ("snake_case a/b 3.5%", ["snake", "case", "a", "b", "3", "5"]),
        ("15th F-16s COVID-19", ["15th", "f-16s", "covid-19"]),
        ("ﬁne Straße STRASSE", ["ﬁne".casefold(), "strasse", "strasse"]),
        ("Слово СЛОВО м’ята", ["слово", "слово", "м'ята"]),
        ("ΛΌΓΟΣ λόγος", ["λόγοσ", "λόγοσ"]),
        # A dotted capital I is an i, which has its dot already.
        ("İstanbul I\u0307STANBUL i\u0307stanbul istanbul", ["istanbul"] * 4),
        ("don‘t don´t don`t don＇t DON`T don′t", ["don't"] * 6),
        ("Kyiv`s KYIV´S Hawaiʻi's o‘zbek oʻzbek", ["kyiv", "kyiv", "hawai'i", "o'zbek", "o'zbek"]),
        ("café cafe\u0301", ["café", "café"]),
        ("co\u00adoperate zero\u200bwidth \ufeffbom", ["cooperate", "zerowidth", "bom"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("שָׁלוֹם עליכם", ["שָׁלוֹם", "עליכם"]),
        ("𝐀𝐁 𐐀𐐁", ["𝐀𝐁", "𐐨𐐩"]),
        ("a\x00b \ud800c\udc00", ["a", "b", "c"]),
        ("❤\ufe0f peace", ["peace"]),
        ("平和 会談", ["平和", "会談"]),
        ("", []),
        (" \n.!", []),
    ],
)
def test_tokens(text: str, expected: list[str]):
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("It ended. They left", 1),
        ("“It ended.” They left", 1),
        ("It ended.) They left", 1),
        ("Really?! Yes… no", 2),
        ("Gen. Smith met Mr. Jones of the U.S. Senate", 0),
        ("Troops of the U.S. They left", 1),
        ("Troops of the U.S. “It's over”", 1),
        ("Troops of the U.S. they left", 0),
        ("At 3.5 percent. Then more", 1),
        ("one\ntwo\r\nthree", 2),
        ("one, two; three: four", 0),
        ("конец. Начало", 1),
    ],
)
def test_sentence_ends(text: str, ends: int):
    assert (tokenize([text]).gaps == 2).sum() == ends


def test_offsets_are_characters_of_the_python_string():
    text = "Ünï 𐐀𐐁, co\u00adop. \ud800 end"
    stream = tokenize(["first", text], offsets=True)
    assert stream.starts is not None and stream.ends is not None
    cut = [text[a:b] for a, b in zip(stream.starts[1:], stream.ends[1:], strict=True)]
    assert cut == ["Ünï", "𐐀𐐁", "co\u00adop", "end"]


TEXTS = ["Peace talks", "", "Ünïcode — talks"]


@pytest.mark.parametrize(
    "texts",
    [
        TEXTS,
        tuple(TEXTS),
        iter(TEXTS),
        np.array(TEXTS),
        np.array(TEXTS, dtype=object),
        pd.Series(TEXTS),
        pd.Series(TEXTS, dtype=object),
        pd.Series(TEXTS, dtype="category"),
        pd.Series([*TEXTS, "x"]).iloc[:3],
        pa.array(TEXTS),
        pa.array(TEXTS, pa.large_string()),
        pa.array(TEXTS, pa.string_view()),
        pa.array(["x", *TEXTS, "y"])[1:4],
        pa.chunked_array([TEXTS[:1], [], TEXTS[1:]]),
    ],
    ids=lambda texts: type(texts).__name__,
)
def test_texts_come_in_many_containers(texts: object):
    terms, counts = count_tokens(texts)  # type: ignore[arg-type]
    assert terms.tolist() == ["peace", "talks", "ünïcode"]
    assert counts.toarray().tolist() == [[1, 1, 0], [0, 0, 0], [0, 1, 1]]


def test_texts_without_any_token_have_no_terms():
    for texts in ([], ["", " "], pd.Series([], dtype="str")):
        terms, counts = count_tokens(texts)
        assert counts.shape == (len(texts), 0) and len(terms) == 0
        assert len(tokenize(texts).ids) == 0


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["a", None], "text is missing in row 1"),
        (pd.Series(["a", "b", np.nan]), "text is missing in row 2"),
        (pa.chunked_array([["a"], ["b", None]]), "text is missing in row 2"),
        (["a", 7], "text in row 1 is 7, not a string"),
        ([1, 2], "text in row 0 is 1, not a string"),
        (pa.array([1.5]), "texts are of type double; strings are needed"),
        ("a single string", "texts is a single string"),
    ],
)
def test_a_text_that_is_none_is_named(texts: object, message: str):
    with pytest.raises(ArticlesError, match=message):
        count_tokens(texts)  # type: ignore[arg-type]


def test_long_strings_that_differ_only_at_one_place_are_two_terms():
    base = "x" * 40
    variants = [base[:i] + "y" + base[i + 1 :] for i in range(40)]
    terms, counts = count_tokens([" ".join([base, *variants, base])])
    assert terms.tolist() == sorted([base, *variants])
    assert counts.sum() == 42


def test_a_hundred_thousand_distinct_strings_grow_the_table():
    names = [f"n{number:x}-{'z' * (number % 13)}1" for number in range(100_000)]
    terms, counts = count_tokens([" ".join(names[k::100]) for k in range(100)])
    assert terms.tolist() == sorted(names)
    assert (counts.data == 1).all() and counts.nnz == 100_000


def test_rules_leave_terms_out():
    text = "The 3 men haven't met Gen. Smith since 1999"
    assert words(text, TermRules(numbers=False)).count("") == 2
    rules = TermRules(stop_words=STOP_WORDS["english"], numbers=False, min_length=4)
    assert count_tokens([text], rules)[0].tolist() == ["smith"]
    assert count_tokens(["HAVEN’T X"], TermRules(stop_words=("haven't",)))[0].tolist() == ["x"]


def test_stems_are_those_of_snowball():
    text = "negotiations negotiated Negotiator's talks deterring"
    terms, counts = count_tokens([text], TermRules(stem="english"))
    stem = SnowballStemmer("english").stem
    folded = ["negotiations", "negotiated", "negotiator", "talks", "deterring"]
    assert terms.tolist() == sorted({stem(word) for word in folded})
    assert counts.sum() == 5
    assert words("переговоры", TermRules(stem="russian")) == ["переговор"]


def test_a_stem_that_is_a_token_too_keeps_its_own_stem():
    # "universities" -> "univers"; were ids of terms and strings mixed up, a term would be
    # stemmed twice as soon as it also stood in a text.
    stem = SnowballStemmer("english").stem
    tokens = ["generically", stem("generically"), stem(stem("generically"))]
    for texts in ([" ".join(tokens)], tokens, tokens[::-1]):
        terms, _ = count_tokens(texts, TermRules(stem="english"))
        assert terms.tolist() == sorted({stem(token) for token in tokens})


def test_ngrams_stay_in_their_sentence_and_jump_over_nothing():
    rules = TermRules(ngrams=2, stop_words=("of",))
    terms, counts = count_tokens(["Minister of defence. Peace talks", "peace talks"], rules)
    assert terms.tolist() == ["defence", "minister", "peace", "peace talks", "talks"]
    assert counts.toarray().tolist() == [[1, 1, 1, 1, 1], [0, 0, 1, 1, 1]]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"stem": "klingon"}, "stem='klingon' is unknown; allowed are arabic"),
        ({"ngrams": 0}, "ngrams=0 must be an integer of at least 1"),
        ({"min_length": 1.5}, "min_length=1.5 must be"),
        ({"stop_words": "english"}, "stop_words='english' must be a sequence"),
    ],
)
def test_rules_are_checked(options: dict, message: str):
    with pytest.raises(CountsError, match=message):
        TermRules(**options)


def test_stop_words_are_terms_of_this_tokenizer():
    for terms in STOP_WORDS.values():
        assert len(set(terms)) == len(terms)
        for term in terms:
            assert words(term) == [term] == [fold(term)]


FORMS = dict.fromkeys(map(ord, reference.APOSTROPHES), "'") | {0x2010: "-", 0x2011: "-"}
FORMS |= dict.fromkeys([0xAD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF, 0xFE0F], None)


def nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


@pytest.mark.shared
def test_counts_equal_those_of_scikit_learn_on_a_third_of_the_corpus(shared: Path):
    texts = pd.read_parquet(shared / "corpora" / "allsides_security.parquet")["text"].iloc[::3]
    # The tokenizer's definition as a pattern: the word characters of `re` are letters, numbers
    # and "_". Marks are added here; the forms of joiners are made one by FORMS.
    points = map(chr, range(0x30000))
    marks = "".join(c for c in points if unicodedata.category(c)[0] == "M")
    # The corpus has names in Han: each word that ICU finds in them stands by itself.
    han = re.compile("[\u3400-\u9fff]+")

    def spaced(text: str) -> str:
        return han.sub(lambda run: " ".join(["", *WordBreaker(run[0], "zh"), ""]), text)

    word = rf"[^\W_](?:[^\W_]|[{marks}])*"
    vectorizer = CountVectorizer(
        preprocessor=lambda text: spaced(nfc(nfc(text.translate(FORMS)).casefold())),
        token_pattern=f"{word}(?:['-]{word})*",
    )
    expected = vectorizer.fit_transform(texts)
    terms, counts = count_tokens(texts, TermRules(possessives=False))
    assert terms.tolist() == vectorizer.get_feature_names_out().tolist()
    assert (counts != expected).nnz == 0


def test_counts_stay_right_when_their_places_begin_anew(monkeypatch: pytest.MonkeyPatch):
    from analysis.tokens import vocabulary

    # Every text is a block of its own, and the places of its terms begin at 0 again.
    monkeypatch.setattr(vocabulary, "_INT32_MAX", 3)
    monkeypatch.setattr("analysis.tokens.texts.BLOCK_BYTES", 1)
    terms, counts = count_tokens(["a b a", "b c", "", "c c c c", "a a d"])
    assert terms.tolist() == ["a", "b", "c", "d"]
    assert counts.toarray().tolist() == [
        [2, 1, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0], [0, 0, 4, 0], [2, 0, 0, 1],
    ]  # fmt: skip


def test_strings_that_begin_alike_are_sorted_whole():
    words = ["prefixes", "prefixesb", "prefixesa", "prefixe", "prefixesaé", "é", "prefixesaa", "z"]
    terms, counts = count_tokens([" ".join(words)])
    assert terms.tolist() == sorted(words)
    assert counts.toarray().tolist() == [[1] * len(words)]


def probes(words: list[str]) -> int:
    """How many slots are looked at in all to find each of some words, once they are in a table."""
    vocabulary = Vocabulary(TermRules())
    list(vocabulary.scan([" ".join(words)]))
    entries, _, _, (_, start) = vocabulary._table
    filled = np.flatnonzero(entries[:, 1])
    slots = kernel._mix.py_func(entries[filled, 0] ^ np.uint64(start)) >> np.uint64(32)
    return int(((filled - slots.astype(np.int64)) % len(entries) + 1).sum())


def test_words_made_to_collide_collide_in_no_other_process(monkeypatch: pytest.MonkeyPatch):
    # Of all words of letters these have their slots within 64 of 65,536, where START is 1.
    monkeypatch.setattr(kernel, "START", 1)
    letters = np.random.default_rng(1).integers(97, 123, (1 << 21, 8), np.uint8)
    slots = kernel._mix.py_func(letters.view(np.uint64)[:, 0] ^ np.uint64(1)) >> np.uint64(32)
    chosen = letters[slots % np.uint64(1 << 16) < 64]
    words = [bytes(word).decode() for word in chosen]
    n = len(words)
    assert n > 1500
    assert probes(words) > n * n / 4
    tables = [count_tokens(words)]
    for start in (2, 3, 1 << 62):
        monkeypatch.setattr(kernel, "START", start)
        assert probes(words) < 4 * n
        tables.append(count_tokens(words))
    for terms, counts in tables[1:]:
        assert terms.equals(tables[0][0])
        assert (counts != tables[0][1]).nnz == 0


def test_every_process_starts_anew():
    code = "from analysis.tokens import kernel; print(kernel.START)"
    assert int(subprocess.check_output([sys.executable, "-c", code])) != kernel.START
