"""Furniture: what a site repeats over many articles and is no part of them."""

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.articles import REQUIRED, check_table
from analysis.errors import ArticlesError
from analysis.preparing.furniture_lines import AGE, OPENS_LINKS, kind_of
from analysis.preparing.reprints import find_reprints
from analysis.preparing.sentences import sentence_pieces

# The first three and the last six lines of a text are its edges.
EDGE_TOP, EDGE_END = 3, 6
# A repeated sentence with more words is rather a passage that the outlet used again.
MAX_WORDS = 60
# Speakers of a transcript and items of a list come back many times in one article.
MAX_PER_ARTICLE = 8
# Headlines are no longer than so many words, and stand in the second half of a text; ages of other
# articles come in columns.
SHORT, LATE, MIN_AGES = 25, 1 / 2, 3
# Where a line is longer and the text has no more than two, the units are sentences.
LONG_LINE = 600
# A sentence counts as standing at the edges, and a label as the name under a quotation, if so many
# of their occurrences do.
MOSTLY = 0.8
# In the body a sentence has to stand in so many stories, and in such a share of them.
BODY_STORIES, BODY_SHARE = 5, 0.1

# Kinds that a line has because its outlet repeats it, and not by its wording.
REPEATED = ("label", "edge", "body")

Ints = NDArray[np.int64]
_LINE = re.compile(r"[^\n\r]*\S[^\n\r]*")
_BLANK_LINES = re.compile(r"\s*\n\s*\n\s*")

_NO_LETTERS = bytes(byte for byte in range(128) if not chr(byte).isalpha())
_SENTENCE = re.compile(r".*[.!?…:;][\"'”’»)\]]*", re.DOTALL)
_QUOTE_ENDS = '"”’»'
_QUOTED = re.compile(r"[\"“„«‘]|'(?=\w)")


def cut_furniture(
    articles: pd.DataFrame, *, min_articles: int = 3, min_share: float = 0.005
) -> tuple[pd.DataFrame, pd.DataFrame]:
    r"""Cut the lines that are no part of an article, and list what was cut.

    The unit is the line; the sentence where a text has no lines. A unit is furniture

    - by its wording: English lines that are furniture everywhere, such as copyright lines, pleas
      to subscribe, players, ``Read more: ...`` (`analysis.preparing.furniture_lines`), or
    - as a ``headline`` of another article: no sentence, below a label such as ``Read more:`` in
      the second half of the text; or above an age (``3 hours ago``), where there are three, or
    - because its outlet repeats it. Digits, case and punctuation aside, it must stand in at least
      `min_articles` stories and a share `min_share` of the outlet's stories, reprints counted
      once, at most 8 times an article on average, and be one of

      - ``label``: no sentence (``By the news desk``);
      - ``edge``: a sentence of up to 60 words, four times in five among the first three or the
        last six lines;
      - ``body``: such a sentence elsewhere, in a tenth of the stories and in five at least.

      A line that opens with a quotation mark is speech, and never furniture by repetition; nor
      is a label that mostly stands below such a line and says who spoke. Nor are lines of an
      article that would have no other left: the same brief, day after day, is still an article.

    Parameters
    ----------
    articles : DataFrame
        The articles table. Its column ``cluster`` says what is one story; where it is missing,
        `find_reprints` is asked, so that what only two versions of a story share is kept.
    min_articles : int, optional
        In how many stories of its outlet a line must stand, at least 2.
    min_share : float, optional
        In what share of its outlet's stories, between 0 and 1.

    Returns
    -------
    articles : DataFrame
        A copy with the furniture cut from ``text``; a second pass finds nothing more.
    cuts : DataFrame
        One row a string: ``outlet``, ``string`` (its most frequent form), ``kind``, ``articles``
        (in how many it was cut), ``n`` (how many times) and ``characters`` (all together), most
        articles first.

    Raises
    ------
    ArticlesError
        If a column is missing or a parameter is out of its range.

    Examples
    --------
    >>> import pandas as pd
    >>> texts = [f"Gazette staff\n\nItem {word} took place." for word in ("one", "two", "three")]
    >>> articles = pd.DataFrame({"doc_id": ["a", "b", "c"], "outlet": "Gazette", "text": texts})
    >>> articles["date"] = pd.Timestamp("2021-03-14")
    >>> articles, cuts = cut_furniture(articles)
    >>> articles["text"].tolist()
    ['Item one took place.', 'Item two took place.', 'Item three took place.']
    >>> cuts
        outlet         string   kind  articles  n  characters
    0  Gazette  Gazette staff  label         3  3          39
    """
    check_table(articles, *REQUIRED)
    if min_articles < 2:
        raise ArticlesError(f"min_articles={min_articles!r} must be at least 2.")
    if not 0 <= min_share <= 1:
        raise ArticlesError(f"min_share={min_share!r} must be between 0 and 1.")
    clusters = articles if "cluster" in articles else find_reprints(articles)
    units = _units(articles["text"])
    outlets, names = pd.factorize(articles["outlet"].astype("str"), sort=True)
    stories = pd.factorize(clusters["cluster"])[0]
    n_stories = pd.Series(stories).groupby(outlets).nunique().to_numpy()
    floor = np.maximum(min_articles, np.ceil(min_share * n_stories)).astype(np.int64)
    units["outlet"], units["story"] = outlets[units["row"]], stories[units["row"]]

    kind = pd.Series(None, units.index, dtype="str")
    while True:
        found = _kinds(units[kind.isna()], n_stories, floor)
        if found.empty:
            break
        kind[found.index] = found
    units["kind"] = kind
    cuts = units[kind.notna() & ~_would_empty(units)]
    return articles.assign(text=_without(articles["text"], cuts)), _listed(cuts, names)


def _units(texts: pd.Series) -> pd.DataFrame:
    """One row a line or sentence: where it stands, and what its wording says of it."""
    found = [(row, *unit) for row, text in enumerate(texts) for unit in _spans(text)]
    units = pd.DataFrame(found, columns=["row", "start", "end", "string"])
    units = units.astype({"row": np.int64, "start": np.int64, "end": np.int64})
    codes, strings = pd.factorize(units["string"])
    wordings = pd.DataFrame([_wording(string) for string in strings], columns=_WORDING)
    wordings["key"] = pd.factorize(wordings["key"])[0]
    return pd.concat([units, wordings.iloc[codes].reset_index(drop=True)], axis=1)


def _spans(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and string of each line that is not blank, or of each sentence."""
    lines = [(match.start(), match.group()) for match in _LINE.finditer(text)]
    if len(lines) <= 2:
        lines = [unit for start, line in lines for unit in _sentences(start, line)]
    for start, line in lines:
        string = line.strip()
        first = start + len(line) - len(line.lstrip())
        yield first, first + len(string), string


def _sentences(start: int, line: str) -> Iterator[tuple[int, str]]:
    if len(line) <= LONG_LINE:
        yield start, line
        return
    for sentence in sentence_pieces(line):
        if sentence.strip():
            yield start, sentence
        start += len(sentence)


_WORDING = [
    "is_age",
    "is_short",
    "key",
    "is_sentence",
    "is_speech",
    "ends_speech",
    "in_body",
    "at_edge",
]


def _wording(
    string: str,
) -> tuple[bool, bool, bytes, bool, bool, bool, str | None, str | None]:
    """The string's folded form; is it a sentence, or speech; its kinds by its wording."""
    key = string.casefold().encode(errors="replace").translate(None, _NO_LETTERS)
    at_edge = kind_of(string, at_edge=True)
    in_body = kind_of(string, at_edge=False) if at_edge else None
    is_speech = _QUOTED.match(string) is not None or string.count(" ") >= MAX_WORDS
    is_sentence, ends_speech = _SENTENCE.fullmatch(string) is not None, string[-1] in _QUOTE_ENDS
    is_age, is_short = AGE.fullmatch(string) is not None, string.count(" ") < SHORT
    return is_age, is_short, key or b"0", is_sentence, is_speech, ends_speech, in_body, at_edge


def _kinds(units: pd.DataFrame, n_stories: Ints, floor: Ints) -> pd.Series:
    """The kinds of the units that are furniture, among those that are left."""
    row = units["row"].to_numpy()
    length = np.bincount(row)[row]
    position = np.arange(len(row)) - np.searchsorted(row, row)
    top, end = np.minimum(EDGE_TOP, -(-length // 5)), np.minimum(EDGE_END, -(-length // 3))
    edge = (position < top) | (position >= length - end)
    kinds = units["in_body"].where(~edge, units["at_edge"])

    kinds = kinds.mask(
        kinds.isna() & _headlines(units, kinds.notna(), position / length), "headline"
    )
    signs = np.append(False, units["ends_speech"].to_numpy()[:-1]) & (position > 0)

    # Only what comes back in its outlet needs to be counted.
    units = units.assign(edge=edge, signs=signs)[kinds.isna() & ~units["is_speech"]]
    units = units[units.duplicated(["outlet", "key"], keep=False)]
    repeated = _repeated(units, n_stories, floor)
    found = units.join(repeated.rename("kind"), on=["outlet", "key"])["kind"]
    return kinds.fillna(found).dropna()


def _headlines(
    units: pd.DataFrame, known: pd.Series, depth: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Headlines of other articles, below a label such as ``Read more:`` or above their age."""
    row, string = units["row"].to_numpy(), units["string"].to_numpy(dtype=object)
    short, ages = units["is_short"].to_numpy(), units["is_age"].to_numpy()
    found = np.zeros(len(row), bool)
    in_column = ages & (np.bincount(row, ages, minlength=1)[row] >= MIN_AGES)
    for k in np.flatnonzero(in_column):
        found[k] = True
        found[k - 1] |= k > 0 and row[k - 1] == row[k] and short[k - 1]
    line = short & ~units["is_sentence"].to_numpy() & ~units["is_speech"].to_numpy()
    known_line = known.to_numpy()
    for k in np.flatnonzero(known_line & (depth >= LATE)):
        below = k + 1
        if OPENS_LINKS.fullmatch(string[k]):
            while below < len(row) and row[below] == row[k] and (line | known_line)[below]:
                found[below] = True
                below += 1
    return found


def _repeated(units: pd.DataFrame, n_stories: Ints, floor: Ints) -> pd.Series:
    """The kind of each (outlet, key) that is furniture because the outlet repeats it."""
    stats = units.groupby(["outlet", "key"], sort=False).agg(
        n=("row", "size"),
        articles=("row", "nunique"),
        stories=("story", "nunique"),
        edge=("edge", "mean"),
        is_sentence=("is_sentence", "mean"),
        signs=("signs", "mean"),
    )
    outlet = stats.index.get_level_values("outlet").to_numpy(dtype=np.int64)
    enough = stats["stories"] >= floor[outlet]
    enough &= stats["n"] <= MAX_PER_ARTICLE * stats["articles"]
    enough &= stats["signs"] < MOSTLY
    often = stats["stories"] >= np.maximum(BODY_STORIES, BODY_SHARE * n_stories[outlet])
    kinds = pd.Series(None, stats.index, dtype="str")
    kinds[enough & often] = "body"
    kinds[enough & (stats["edge"] >= MOSTLY)] = "edge"
    kinds[enough & (stats["is_sentence"] < 0.5)] = "label"
    return kinds.dropna()


def _would_empty(units: pd.DataFrame) -> pd.Series:
    """The repeated lines of articles that have no line but furniture."""
    nothing_left = units["kind"].notna().groupby(units["row"]).transform("all")
    return nothing_left & units["kind"].isin(REPEATED)


def _without(texts: pd.Series, cuts: pd.DataFrame) -> pd.Series:
    """The texts without the spans that were cut, and without the gaps these leave."""
    kept = texts.astype("str").tolist()
    gaps: dict[int, list[tuple[int, int]]] = {}
    for row, start, end in cuts[["row", "start", "end"]].itertuples(index=False, name=None):
        gaps.setdefault(row, []).append((start, end))
    for row, spans in gaps.items():
        text, starts, ends = kept[row], *zip(*spans, strict=True)
        left = zip((0, *ends), (*starts, len(text)), strict=True)
        joined = "".join(text[start:end] for start, end in left)
        kept[row] = _BLANK_LINES.sub("\n\n", joined).strip()
    return pd.Series(kept, texts.index, dtype="str")


def _listed(cuts: pd.DataFrame, names: pd.Index) -> pd.DataFrame:
    """One row a string that was cut, in its most frequent form."""
    forms = cuts.groupby(["outlet", "key", "string"], as_index=False).size()
    forms = forms.sort_values(
        ["outlet", "key", "size", "string"], ascending=[True, True, False, True]
    )
    listed = (
        cuts.assign(characters=cuts["string"].str.len())
        .groupby(["outlet", "key"])
        .agg(
            kind=("kind", "first"),
            articles=("row", "nunique"),
            n=("row", "size"),
            characters=("characters", "sum"),
        )
    )
    listed["string"] = forms.groupby(["outlet", "key"])["string"].first()
    listed = listed.reset_index()
    listed["outlet"] = names.to_numpy(dtype=object)[listed["outlet"]]
    listed = listed.sort_values(
        ["articles", "outlet", "string"], ascending=[False, True, True], ignore_index=True
    )
    return listed[["outlet", "string", "kind", "articles", "n", "characters"]]
