"""An articles table to the table of its segments."""

import gc
import warnings
from collections import Counter
from typing import Any

import pandas as pd

from analysis.articles import REQUIRED, check_table
from analysis.preparing.voices.script import language_by_script
from analysis.preparing.voices.segments import (
    NARRATION,
    QUOTED,
    REPORTED,
    RULES,
    Segment,
    split_text,
)
from analysis.tokens.languages import language_code, language_name


def _languages(articles: pd.DataFrame) -> list[str]:
    """The language of each text whose rules are used; a warning counts those without any."""
    given = [""] * len(articles)
    if "language" in articles:
        given = [language_code(name) for name in articles["language"].fillna("").astype("str")]
    pairs = zip(articles["text"], given, strict=True)
    found = [code or language_by_script(text) for text, code in pairs]
    bare = Counter(code for code in found if code not in RULES)
    if bare:
        each = ", ".join(f"{language_name(c) or 'unknown'} {n:,}" for c, n in bare.most_common())
        warnings.warn(
            f"split_voices: there are no rules of reported speech for {bare.total():,} of "
            f"{len(found):,} articles ({each}): in these, what is between quotation marks is "
            "quoted, and all else narration.",
            stacklevel=3,
        )
    return found


VOICES = (NARRATION, QUOTED, REPORTED)
# The columns of the segments, in this order, behind the article's id.
_TYPES: dict[str, Any] = {
    "voice": pd.CategoricalDtype(VOICES), "source": "str", "cue": "str", "start": "int64",
    "end": "int64", "text": "str", "mention": "str", "scare": "int64", "unbalanced": "int64",
}  # fmt: skip


def split_voices(articles: pd.DataFrame) -> pd.DataFrame:
    """Split every article into narration, direct quotation and reported speech, with its source.

    Rules and word lists, of English and Russian; no model is used. Of articles in other languages
    (by the column ``language``, if there is one; else by their script alone) what is between
    quotation marks is quoted, and all else is narration; a warning counts them. The segments of an
    article, joined in order, are its text to the character, and the table can go wherever an
    articles table goes: rows that share a ``doc_id`` remain one unit of evidence.

    Parameters
    ----------
    articles : DataFrame
        The articles table (ArticlesError if a column is missing). To split headlines too, pass
        ``with_titles(articles)``.

    Returns
    -------
    DataFrame, one row a segment, in the order of the text

        - ``doc_id``;
        - ``voice``, a category: ``narration``, ``quoted`` (in quotation marks) or ``reported``
          (what somebody says or thinks, without marks);
        - ``source``: whom it comes from, as the fullest name that the article has for them;
          missing where the article does not tell, or names nobody ("officials");
        - ``cue``: the word that reports (``said``, ``according to``), missing in narration and
          for a quotation that goes on with the speaker before it;
        - ``start``, ``end``: characters of the article's text;
        - ``text``: exactly those characters, quotation marks included;
        - ``mention``: the source as the text has it ("the ambassador", "he", "officials");
        - ``scare``: quotations inside the segment that are no one's speech (of one to three
          words without a reporting verb, or titles of works); they keep its voice;
        - ``unbalanced``: quotation marks inside the segment that lack their partner;
        - the other columns of `articles`.


    Examples
    --------
    >>> text = "The envoy, Ada Quill, said talks had failed. “We tried for weeks,” she said."
    >>> row = {"doc_id": "1", "outlet": "Gazette", "date": "2021-03-14", "text": text}
    >>> segments = split_voices(pd.DataFrame([row]))
    >>> for row in segments[["voice", "source", "cue", "text"]].itertuples(index=False):
    ...     print(*row, sep=" | ")
    narration | nan | nan | The envoy, Ada Quill, said
    reported | Ada Quill | said | talks had failed.
    quoted | Ada Quill | said | “We tried for weeks,”
    narration | nan | nan | she said.
    """
    articles = check_table(articles, *REQUIRED)
    languages = _languages(articles)
    # Nothing here refers to itself, and the collector would go through all of it again and again.
    collects = gc.isenabled()
    gc.disable()
    try:
        rows = [
            (number, *segment, text[segment.start : segment.end])
            for number, (text, language) in enumerate(zip(articles["text"], languages, strict=True))
            for segment in split_text(text, language)
        ]
    finally:
        if collects:
            gc.enable()
    found = pd.DataFrame(rows, columns=["number", *Segment._fields, "text"])
    taken = articles.drop(columns="text").iloc[found["number"]].reset_index(drop=True)
    table = found.astype(_TYPES).assign(doc_id=taken["doc_id"])[["doc_id", *_TYPES]]
    others = taken.drop(columns=[name for name in table.columns if name in taken.columns])
    return pd.concat([table, others], axis=1)
