"""Codes, stems, lemmas, stop words and clitics of languages, against the libraries' own lists."""

import sys

import pandas as pd
import pytest
import snowballstemmer
import stopwordsiso
from nltk.stem.snowball import SnowballStemmer

from analysis import AnalysisError, CountsError, Lexicon, TermRules, check_articles, document_terms
from analysis.tokens import STOP_WORDS, count_tokens, fold
from analysis.tokens.languages import language_code, lemmatizer, names, stemmer

# Forms and lemmas of simplemma's own tests (tests/test_lemmatizer.py, version 2.0).
LEMMAS = {
    "de": "Impftermine Impftermin|Impfbeginn Impfbeginn|Hoffnungsmaschinen Hoffnungsmaschine|"
    "börsennotierter börsennotiert|journalistischer journalistisch|Delegiertenstimmen "
    "Delegiertenstimme|Koalitionskreisen Koalitionskreis|Infektionsfälle Infektionsfall|"
    "Corona-Einsatzstabes Corona-Einsatzstab|Clearinghäusern Clearinghaus|Mittelstreckenjets "
    "Mittelstreckenjet|Länderministerien Länderministerium|Gesundheitsschutzkontrollen "
    "Gesundheitsschutzkontrolle|Nachkriegsjuristen Nachkriegsjurist|insulinproduzierende "
    "insulinproduzierend|Grünenvorsitzende Grünenvorsitzende|Qualifikationsrunde "
    "Qualifikationsrunde|krisensichere krisensicher|ironischerweise ironischerweise|"
    "Landespressedienstes Landespressedienst|Lehrerverbänden Lehrerverband|Terminvergaberunden "
    "Terminvergaberunde|Gen-Sequenzierungen Gen-Sequenzierung|Spitzenposten Spitzenposten|I-Pace "
    "I-Pace|PCR-Bestätigungstests PCR-Bestätigungstest|durchgestyltes durchgestylt|"
    "durchgeknallte durchgeknallt|herunterfährt herunterfahren|Atomdeals Atomdeal|"
    "Anspruchsberechtigten Anspruchsberechtigte|Lichtbild-Ausweis Lichtbildausweis|Kapuzenpullis "
    "Kapuzenpulli|Pharmagrößen Pharmagröße|OBI OBI|mRNA-Impfstoffe mRNA-Impfstoff|angekündigten "
    "ankündigen|lemmatisiertes lemmatisiert|zerlemmatisiertes zerlemmatisiert|Hier hier|sind sein",
    "ru": "фиксированные фиксированный|зафиксированные зафиксированный",
    "en": "masks mask",
}


def test_lemmas_are_those_of_simplemmas_own_tests():
    right, of = 0, 0
    for language, pairs in LEMMAS.items():
        rules = TermRules(lemma=language)
        for pair in pairs.split("|"):
            form, lemma = pair.split()
            right += fold(form, rules) == fold(lemma)
            of += 1
    assert right / of >= 0.95


def test_lemmas_undo_what_folding_did():
    # Plain dictionary words: größte is of groß; Greek words end in ς.
    assert fold("Größte", TermRules(lemma="german")) == fold("groß")
    assert fold("ΛΌΓΟΥΣ", TermRules(lemma="el")) == fold("λόγος")
    terms, counts = count_tokens(["Häuser, Haus und Hauses"], TermRules(lemma="de", ngrams=2))
    assert dict(zip(terms, counts.toarray()[0].tolist(), strict=True)) == {
        "haus": 3, "haus haus": 1, "haus und": 1, "und": 1, "und haus": 1,
    }  # fmt: skip


def test_stems_are_nltks_where_it_has_them():
    for language in SnowballStemmer.languages:
        word = {"russian": "переговорами", "arabic": "المحادثات"}.get(language, "negotiations")
        assert fold(word, TermRules(stem=language)) == SnowballStemmer(language).stem(word)
    assert fold("negotiations", TermRules(stem="en")) == SnowballStemmer("english").stem(
        "negotiations"
    )
    for language in set(snowballstemmer.algorithms()) - set(SnowballStemmer.languages):
        found = snowballstemmer.stemmer(language).stemWord("rozmowy")
        assert fold("rozmowy", TermRules(stem=language)) == found


def test_stop_words_of_further_languages():
    assert set(STOP_WORDS["polish"]) == set(STOP_WORDS["pl"]) == stopwordsiso.stopwords("pl")
    assert set(STOP_WORDS) == {"english", "german", "russian"}
    assert "klingon" not in STOP_WORDS
    terms, _ = count_tokens(["Rozmowy są w Warszawie"], TermRules(stop_words=STOP_WORDS["pl"]))
    assert terms.tolist() == ["rozmowy", "warszawie"]


def test_what_there_is_not(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(CountsError, match="stem='klingon' is unknown; allowed are arabic"):
        TermRules(stem="klingon")
    with pytest.raises(CountsError, match="lemma='zh' is unknown; allowed are ar"):
        TermRules(lemma="zh")
    with pytest.raises(CountsError, match="stem='english' and lemma='de' exclude each other"):
        TermRules(stem="english", lemma="de")
    for name in ("simplemma", "snowballstemmer", "stopwordsiso"):
        monkeypatch.setitem(sys.modules, name, None)
    lemmatizer.cache_clear()
    with pytest.raises(AnalysisError, match=r"simplemma is not installed.*\[languages\]"):
        TermRules(lemma="nl")
    stemmer.cache_clear()
    with pytest.raises(AnalysisError, match=r"snowballstemmer is not installed.*\[languages\]"):
        TermRules(stem="catalan")


def test_codes():
    found = {
        name: language_code(name) for name in ("EN", "ger", "deu", "zh_Hans", "Ukrainian", "?")
    }
    assert found == {
        "EN": "en",
        "ger": "de",
        "deu": "de",
        "zh_Hans": "zh",
        "Ukrainian": "uk",
        "?": "",
    }
    assert all(language_code(name) == code for code, name in names().items())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("الحوار والحوار بالحوار للحوار وللحوار كالحوار فالحوار وحوار بحوار لحوار حوار", "حوار"),
        ("حِوَار حـوار", "حوار"),
        ("השיחות והשיחות בשיחות לשיחות שיחות", "שיחות"),
    ],
)
def test_clitics(text: str, expected: str):
    terms, counts = count_tokens([text], TermRules(clitics=True))
    assert terms.tolist() == [expected]
    assert counts.sum() == len(text.split())
    assert len(count_tokens([text])[0]) > 1


def test_patterns_are_folded_like_the_text_with_clitics():
    row = {"doc_id": "a", "outlet": "A", "date": "2024-03-01", "text": "بدأ الحوار والمفاوضات."}
    lexicon = Lexicon.from_dict({"talk": ["حوار", "المفاوضات"]})
    articles = check_articles(pd.DataFrame([row]))
    assert document_terms(articles, lexicon=lexicon).hits.sum() == 0
    rules = TermRules(clitics=True)
    assert document_terms(articles, lexicon=lexicon, rules=rules).hits.sum() == 2
