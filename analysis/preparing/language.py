"""The language of each article: given, or told by its script and a small offline identifier."""

import re
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import pandas as pd

from analysis.articles import check_table
from analysis.errors import ArticlesError, needs_extra
from analysis.tokens.languages import language_code, names

UNKNOWN = "und"  # ISO 639's code for what can't be told
# So much of a text is looked at, and so many letters it must have.
_LOOKED_AT, _LEAST = 1000, 20
# Scripts that one language of the press writes in, nearly always.
_SCRIPTS = {
    code: re.compile(f"[{letters}]")
    for code, letters in {
        "ja": "\u3041-\u30ff", "zh": "\u3400-\u9fff", "ko": "\uac00-\ud7a3", "th": "\u0e00-\u0e7f",
        "lo": "\u0e80-\u0eff", "km": "\u1780-\u17ff", "my": "\u1000-\u109f", "el": "\u0370-\u03ff",
        "he": "\u05d0-\u05ea", "hy": "\u0530-\u058f", "ka": "\u10a0-\u10ff", "am": "\u1200-\u137f",
        "ta": "\u0b80-\u0bff", "te": "\u0c00-\u0c7f", "kn": "\u0c80-\u0cff", "ml": "\u0d00-\u0d7f",
        "si": "\u0d80-\u0dff", "gu": "\u0a80-\u0aff", "pa": "\u0a00-\u0a7f", "bn": "\u0980-\u09ff",
    }.items()
}  # fmt: skip
_KANA = 0.05  # of the letters of a Japanese text, more are kana; Chinese has none


def add_language(
    articles: pd.DataFrame, language: str | None = None, *, among: Iterable[str] | None = None
) -> pd.DataFrame:
    """Add the language of each article, so that ``by`` may name "language".

    Parameters
    ----------
    articles : DataFrame
        The articles table. Rows that share a ``doc_id`` are in one language.
    language : str, optional
        A language, of all articles; or the column that has it, as code or English name. Without
        it, the script tells, and py3langid (offline) where several languages share a script.
    among : sequence of str, optional
        The only languages that there are: short texts are told more safely.

    Returns
    -------
    DataFrame
        A copy with ``language``: ISO 639-1 codes, "und" where fewer than 20 letters tell nothing.

    Raises
    ------
    ArticlesError
        If there is no such language or column, or a column has a value that is no language.

    Examples
    --------
    >>> texts = ["Переговоры продолжились в понедельник утром.", "两国代表周二恢复谈判。", "No."]
    >>> frame = pd.DataFrame({"doc_id": ["a", "b", "c"], "text": texts})
    >>> add_language(frame, among=["ru", "uk", "zh"])["language"].tolist()
    ['ru', 'zh', 'und']
    """
    articles = check_table(articles, "doc_id", "text")
    if language is None:
        known = None if among is None else tuple(_code(name, "among") for name in among)
        texts = articles["text"].str.slice(0, _LOOKED_AT)
        if not articles["doc_id"].is_unique:
            texts = texts.groupby(articles["doc_id"], sort=False).transform("sum")
        told = {text: tell_language(text, known) for text in texts.unique()}
        return articles.assign(language=texts.map(told).astype("str"))
    if language in articles:
        given = articles[language].fillna(UNKNOWN).astype("str")
        codes = {name: _code(name, f"column {language!r}") for name in given.unique()}
        return articles.assign(language=given.map(codes).astype("str"))
    return articles.assign(language=_code(language, "language"))


def _code(name: str, where: str) -> str:
    code = UNKNOWN if name == UNKNOWN else language_code(name)
    if not code:
        raise ArticlesError(
            f"{where}: {name!r} is not a language that is known; write an ISO 639-1 code, such as "
            "'en', or an English name."
        )
    return code


def tell_language(text: str, among: Sequence[str] | None = None) -> str:
    """The language of a text, or "und" where it has too few letters."""
    text = text[:_LOOKED_AT]
    letters = sum(map(str.isalpha, text))
    if letters < _LEAST and not any(_SCRIPTS["zh"].search(c) for c in text[:_LEAST]):
        return UNKNOWN
    found = {code: len(script.findall(text)) for code, script in _SCRIPTS.items()}
    if found["ja"] > _KANA * (found["ja"] + found["zh"]):
        found["ja"] += found.pop("zh")
    code = max(found, key=lambda name: found[name])
    if found[code] > letters / 2 and (among is None or code in among):
        return code
    told, _ = _identifier(tuple(among) if among else None).classify(text)
    return str(told)


@cache
def _identifier(among: tuple[str, ...] | None) -> Any:
    with needs_extra("languages"):
        from py3langid.langid import MODEL_FILE, LanguageIdentifier
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(among or [code for code in names() if code in identifier.labels])
    return identifier
