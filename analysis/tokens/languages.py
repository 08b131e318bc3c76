"""Languages: their codes and names, and the stems, lemmas and stop words of each."""

from collections.abc import Callable
from functools import cache

from analysis.errors import CountsError, needs_extra

# ISO 639-1, 639-2 or 639-3 (with the bibliographic code, if another), and the name.
_KNOWN = """
af afr afrikaans, am amh amharic, ar ara arabic, az aze azerbaijani, be bel belarusian, bg bul
bulgarian, bn ben bengali, bs bos bosnian, ca cat catalan, cs ces/cze czech, cy cym/wel welsh, da
dan danish, de deu/ger german, el ell/gre greek, en eng english, eo epo esperanto, es spa spanish,
et est estonian, eu eus/baq basque, fa fas/per persian, fi fin finnish, fr fra/fre french, ga gle
irish, gl glg galician, gu guj gujarati, ha hau hausa, he heb hebrew, hi hin hindi, hr hrv
croatian, hu hun hungarian, hy hye/arm armenian, id ind indonesian, is isl/ice icelandic, it ita
italian, ja jpn japanese, ka kat/geo georgian, kk kaz kazakh, km khm khmer, kn kan kannada, ko kor
korean, ku kur kurdish, ky kir kyrgyz, la lat latin, lo lao lao, lt lit lithuanian, lv lav latvian,
mk mkd/mac macedonian, ml mal malayalam, mn mon mongolian, mr mar marathi, ms msa/may malay, my
mya/bur burmese, nb nob norwegian-bokmal, ne nep nepali, nl nld/dut dutch, nn nno
norwegian-nynorsk, no nor norwegian, pa pan punjabi, pl pol polish, ps pus pashto, pt por
portuguese, ro ron/rum romanian, ru rus russian, si sin sinhala, sk slk/slo slovak, sl slv
slovenian, so som somali, sq sqi/alb albanian, sr srp serbian, st sot sesotho, sv swe swedish, sw
swa swahili, ta tam tamil, te tel telugu, th tha thai, tl tgl tagalog, tr tur turkish, uk ukr
ukrainian, ur urd urdu, uz uzb uzbek, vi vie vietnamese, yi yid yiddish, zh zho/chi chinese, zu zul
zulu
"""


@cache
def names() -> dict[str, str]:
    """The English name of each language that is known, in small letters, by its ISO 639-1 code."""
    entries = (entry.split() for entry in _KNOWN.split(","))
    return {code: name for code, _, name in entries}


@cache
def _codes() -> dict[str, str]:
    found: dict[str, str] = {}
    for code, longer, name in (entry.split() for entry in _KNOWN.split(",")):
        found |= dict.fromkeys((code, name, *longer.split("/")), code)
    return found


def language_code(language: str) -> str:
    """The ISO 639-1 code of a language, by a code, locale or English name; empty if unknown.

    Examples
    --------
    >>> language_code("English"), language_code("rus"), language_code("pt-BR"), language_code("x")
    ('en', 'ru', 'pt', '')
    """
    name = str(language).strip().casefold()
    return _codes().get(name) or _codes().get(name.replace("_", "-").split("-")[0], "")


def language_name(code: str) -> str:
    """The English name of a language by its code, or the code where it has none."""
    return names().get(code, code).capitalize()


@cache
def stemmer(language: str) -> Callable[[str], str]:
    """The Snowball stemmer of a language: NLTK's where it has one, else snowballstemmer's."""
    from nltk.stem.snowball import SnowballStemmer

    known = list(SnowballStemmer.languages)
    named = language if language in known else names().get(language_code(language), "")
    stem: Callable[[str], str]
    if named in known:
        stem = SnowballStemmer(named).stem
        return stem
    with needs_extra("languages"):
        import snowballstemmer
    more = list(snowballstemmer.algorithms())
    if (named := named or language) not in more:
        raise CountsError(
            f"TermRules: stem={language!r} is unknown; allowed are "
            f"{', '.join(sorted({*known, *more}))}, or None."
        )
    stem = snowballstemmer.stemmer(named).stemWord
    return stem


@cache
def lemmatizer(language: str) -> Callable[[str], str]:
    """The lemma of a folded word, by simplemma.

    Folding is undone where simplemma's dictionaries need it: capitals and ß in German, ς at the end
    in Greek. German compounds that they lack are taken apart.
    """
    with needs_extra("languages"):
        import simplemma
        from simplemma.strategies.dictionaries.dictionary_factory import SUPPORTED_LANGUAGES
    code = language_code(language) or language
    code = {"no": "nb", "hr": "hbs", "sr": "hbs", "bs": "hbs"}.get(code, code)
    if code not in SUPPORTED_LANGUAGES:
        raise CountsError(
            f"TermRules: lemma={language!r} is unknown; allowed are "
            f"{', '.join(sorted(SUPPORTED_LANGUAGES))}, or None."
        )

    def lemma(term: str) -> str:
        forms = [term]
        if code == "el" and term.endswith("σ"):
            forms = [term[:-1] + "ς"]
        elif code == "de" and "ss" in term:
            forms.append(term.replace("ss", "ß"))
        noun = term.capitalize()
        known = code == "de" and simplemma.is_known(noun, code)
        if known and simplemma.lemmatize(noun, code).casefold() == term:
            return term  # a lemma itself: "haus" is no form of hausen
        for form in forms:
            if simplemma.is_known(form, code):
                return simplemma.lemmatize(form, code)
        for form in forms if code == "de" else ():
            found: str = simplemma.lemmatize(form.capitalize(), code, greedy=True)
            if found.casefold() != term:
                return found
        return simplemma.lemmatize(forms[0], code)

    return lemma


@cache
def more_stop_words(language: str) -> tuple[str, ...]:
    """The stop words of stopwordsiso, sorted; KeyError where there are none, or it is missing."""
    try:
        import stopwordsiso
    except ImportError:
        raise KeyError(f"{language} (of stopwordsiso: the extra 'languages')") from None
    code = language_code(language)
    if not stopwordsiso.has_lang(code):
        raise KeyError(language)
    return tuple(sorted(stopwordsiso.stopwords(code)))
