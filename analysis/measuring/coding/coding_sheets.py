"""Coding sheets: hits, or articles and sentences with and without one, drawn for coders."""

import hashlib
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.articles import check_table
from analysis.counting.grouping import columns_of, refuse_lists
from analysis.errors import CountsError
from analysis.measuring.coding.codes import CONTROL, label
from analysis.preparing.voices.sentences import split_sentences

LINE = ("line_id", "frame", "pattern", "left", "keyword", "right", "lines_per_row", "code")
BLANK = dict.fromkeys(["pattern", *LINE[3:6]], "")
UNITS = ("hit", "sentence", "article")


def coding_sheet(
    lines: pd.DataFrame,
    *,
    n: int = 200,
    by: str | Sequence[str] = "frame",
    strata: str | Sequence[str] | None = None,
    unit: str = "hit",
    articles: pd.DataFrame | None = None,
    seed: int = 0,
) -> pd.DataFrame:
    """Draw hits, or articles or sentences with and without a hit, to be coded by hand.

    The question for each line is: does the hit mean (or the text have) what its frame says, by the
    frame's definition? Every stratum contributes the same number of lines, as far as it has enough:
    n of its N lines, each drawn with the probability n / N, to represent N / n of them. Coders fill
    ``code`` with 1 or 0, with one of several classes, or with ``?`` where they cannot tell, and may
    say in ``confidence``, from 0 to 1, how sure they are.

    Parameters
    ----------
    lines : DataFrame
        Keywords in context, one row per hit, as `kwic` gives them: ``doc_id, start, frame, pattern,
        left, keyword, right``. Leave out negated hits (``lines[~lines["negated"]]``) if they are
        not scored.
    n : int
        Lines to draw.
    by : str or sequence of str
        Columns that the sheet keeps, such as ``["outlet", "period"]``, so that `precision`,
        `recall` and `corrected_stance` can tell these groups apart.
    strata : str or sequence of str, optional
        Columns that make the strata; by default `by`, and of sentences and articles ``hit`` and
        ``frame``, too.
    unit : {"hit", "sentence", "article"}
        What a line is. Sentences and articles are drawn both with and without a hit of each frame,
        for `recall`.
    articles : DataFrame, optional
        The articles of `lines`: for sentences and articles, and for columns that the lines lack.
    seed : int
        The seed of the draw. The same lines in another order give the same sheet.

    Returns
    -------
    DataFrame
        ``line_id`` (a hash of article, place and frame), ``frame, pattern``, the columns of `by`,
        ``left, keyword, right``, ``hit`` and ``text`` of a sentence or article, ``lines_per_row``
        (how many lines of the corpus each drawn one represents), an empty ``code`` and
        ``confidence``, in random order, so that no coder sees a stratum as a block. Write it with
        `write_coding_sheet`.

    Raises
    ------
    CountsError
        If a column is missing, there is no line, or `n` is below 1.

    Examples
    --------
    >>> from analysis import Lexicon, check_articles, coding_sheet, kwic
    >>> row = {"doc_id": 1, "outlet": "Gazette", "date": "2021-03-14",
    ...        "text": "Talks begin. More talks follow, then a summit. No talks are held in May."}
    >>> lexicon = Lexicon.from_dict({"dialogue": ["talks", "summit"]})
    >>> articles = check_articles(pd.DataFrame([row]))
    >>> lines = kwic(articles, lexicon, window=2)
    >>> sheet = coding_sheet(lines, n=2, by="pattern")
    >>> sheet[["pattern", "keyword", "lines_per_row"]].sort_values("pattern", ignore_index=True)
      pattern keyword  lines_per_row
    0  summit  summit            1.0
    1   talks   talks            3.0
    >>> coding_sheet(lines[:1], unit="sentence", articles=articles)[["hit", "text"]].sort_values(
    ...     "hit", ascending=False, ignore_index=True).head(1)
       hit          text
    0    1  Talks begin.
    """
    if unit not in UNITS:
        raise CountsError(f"unit={unit!r} is unknown; allowed are {', '.join(UNITS)}.")
    by = list(columns_of(by))
    default = by if unit == "hit" else ["frame", "hit", *by]
    strata = list(columns_of(strata, "strata") or default or ["frame"])
    hits = lines if articles is None else _with_columns(lines, articles, [*by, *strata])
    needed = ["doc_id", "start", *LINE[1:6]] if unit == "hit" else ["doc_id", "start", "frame"]
    _check(hits, [*needed, *(by if unit == "hit" else ()), *(strata if unit == "hit" else ())])
    if not len(lines):
        raise CountsError("lines: there are none, so there is nothing to code.")
    shown = list(LINE[3:6])
    if unit != "hit":
        if articles is None:
            raise CountsError(f"articles=None: to draw {unit}s, give the articles of the lines.")
        articles = check_table(articles, "doc_id", "text")
        hits = _with_columns(_units(lines, articles, unit), articles, [*by, *strata])
        shown += ["hit", "text"]
        _check(hits, [*by, *strata])
    return _drawn(hits, n, by, strata, shown, seed)


def search_sheet(
    found: pd.DataFrame,
    net: pd.DataFrame,
    *,
    n: int = 200,
    by: str | Sequence[str] = (),
    seed: int = 0,
) -> pd.DataFrame:
    """Draw articles that a search string found, and articles of a broader search that it did not.

    Coders say of each whether it belongs to the study. `recall` then tells which share of the
    relevant articles of the broader search was found, and how many were missed (King, Lam and
    Roberts 2017, American Journal of Political Science 61, 971-988); not what the broader search
    missed, too.

    Parameters
    ----------
    found, net : DataFrame
        Articles of the search string, and of a broader one; an article of both was found.
    n, by, seed
        As for `coding_sheet`: half of the articles are of those found.

    Returns
    -------
    DataFrame
        As `coding_sheet` gives it for articles; the frame is ``relevant``.

    Examples
    --------
    >>> net = pd.DataFrame({"doc_id": list("abcd"), "text": ["Talks.", "Rain.", "Talk.", "Sun."]})
    >>> sorted(search_sheet(net[net["text"] == "Talks."], net, n=2)["hit"])
    [0, 1]
    """
    found, net = (check_table(table, "doc_id", "text") for table in (found, net))
    by = list(columns_of(by))
    both = pd.concat([found.assign(hit=1), net.assign(hit=0)], ignore_index=True)
    both = both[~both["doc_id"].duplicated()].assign(frame="relevant", start=0)
    _check(both, by)
    both = both.assign(**BLANK, text=both["text"].map(_shown))
    return _drawn(both, n, by, ["hit", *by], [*LINE[3:6], "hit", "text"], seed)


def _drawn(
    pool: pd.DataFrame, n: int, by: Sequence[str], strata: Sequence[str], shown: Sequence[str],
    seed: int,
) -> pd.DataFrame:  # fmt: skip
    """Draw lines by strata; ``lines_per_row`` says how many of the pool each represents."""
    if n < 1:
        raise CountsError(f"n={n}: a sheet has at least one line.")
    keys = pool[["doc_id", "start", "frame"]].astype(str).agg("|".join, axis=1)
    ids = [hashlib.sha256(key.encode()).hexdigest()[:16] for key in keys]
    pool = pool.assign(line_id=ids).sort_values("line_id", kind="stable", ignore_index=True)
    rng = np.random.default_rng(seed)
    pool = pool.iloc[rng.permutation(len(pool))].reset_index(drop=True)
    stratum = pool.groupby(list(strata), observed=True, sort=True, dropna=False).ngroup()
    sizes = stratum.value_counts().sort_index().to_numpy()
    quota = _quota(sizes, n)
    place = stratum.groupby(stratum).cumcount()
    drawn = (place < quota[stratum]).to_numpy()
    stratum = stratum[drawn]
    rows = pool[drawn].assign(lines_per_row=sizes[stratum] / quota[stratum], code="", confidence="")
    texts = {name: rows[name].map(_shown) for name in LINE[3:6]}
    names = dict.fromkeys([*LINE[:3], *by, *shown, *LINE[6:], "confidence"])
    return rows.assign(**texts).reset_index(drop=True)[list(names)]


def model_codes(
    sheet: pd.DataFrame,
    code: Callable[[Mapping[str, object]], object],
    *,
    model: str,
    version: str,
    prompt: str,
) -> pd.DataFrame:
    """Let a model code a sheet: a coder like others, whose version and prompt the sheet keeps.

    Parameters
    ----------
    sheet : DataFrame
        As `coding_sheet` gives it.
    code : callable
        Takes a line (a mapping of column to value) and gives its code, None if it cannot tell.
    model, version, prompt : str

    Returns
    -------
    DataFrame
        The sheet with the codes, and ``coder`` (the model), ``version, prompt``.

    Examples
    --------
    >>> sheet = pd.DataFrame({"keyword": ["talks"], "right": ["show tonight"], "code": [""]})
    >>> about = {"model": "rule", "version": "1", "prompt": "No shows."}
    >>> model_codes(sheet, lambda line: "show" not in line["right"], **about)["code"].tolist()
    ['0']
    """
    codes = [label(code(line)) or "?" for line in sheet.to_dict("records")]
    return sheet.assign(code=codes, coder=model, version=version, prompt=prompt)


def _check(table: pd.DataFrame, needed: Sequence[str]) -> None:
    if missing := [name for name in dict.fromkeys(needed) if name not in table]:
        raise CountsError(
            f"lines lack the column(s) {', '.join(missing)}; a sheet needs "
            f"{', '.join(dict.fromkeys(needed))}, as kwic gives, or articles that have them."
        )
    refuse_lists(table, needed, "by, strata")


def _with_columns(
    lines: pd.DataFrame, articles: pd.DataFrame, names: Sequence[str]
) -> pd.DataFrame:
    """The lines with columns that their articles have and they lack."""
    articles = check_table(articles, "doc_id")
    of_articles = articles[~articles["doc_id"].duplicated()].set_index("doc_id")
    for name in dict.fromkeys(names):
        if name not in lines and name in of_articles:
            lines = lines.assign(**{name: lines["doc_id"].map(of_articles[name])})
    return lines


def _units(lines: pd.DataFrame, articles: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Every article or sentence once for each frame, and whether it has a hit of it."""
    if articles["doc_id"].duplicated().any():
        raise CountsError(
            "articles: an article has several rows; give whole articles, not segments."
        )
    rows = []
    for doc_id, text in zip(articles["doc_id"], articles["text"], strict=True):
        for start, end in _sentences(text) if unit == "sentence" else [(0, len(text))]:
            rows.append((doc_id, start, end, _shown(text[start:end])))
    units = pd.DataFrame(rows, columns=["doc_id", "start", "end", "text"])
    parts = []
    for frame, hits in lines.groupby("frame", observed=True, sort=True):
        pairs = units.reset_index()[["index", "doc_id", "start", "end"]].merge(
            hits[["doc_id", "start"]], on="doc_id", suffixes=("", "_hit")
        )
        inside = pairs["start_hit"].between(pairs["start"], pairs["end"] - 1)
        has = units.index.isin(pairs.loc[inside, "index"])
        parts.append(units.assign(frame=str(frame), hit=has.astype("int64")))
    return pd.concat(parts or [units], ignore_index=True).assign(**BLANK)


def _sentences(text: str) -> list[tuple[int, int]]:
    """The sentences of a text that have letters or digits; a line shares none with another."""
    spans, begin = [], 0
    for line in text.splitlines(keepends=True):
        spans += [(begin + a, begin + b) for a, b in split_sentences(line, "en")]
        begin += len(line)
    return [(a, b) for a, b in spans if any(map(str.isalnum, text[a:b]))]


def _shown(text: object) -> str:
    return " ".join(CONTROL.sub(" ", str(text)).split())


def _quota(sizes: np.ndarray, n: int) -> np.ndarray:
    """The same number of lines of each stratum, as far as it has enough; n in all."""
    quota = np.zeros(len(sizes), np.int64)
    while (left := n - quota.sum()) > 0 and (open_ := quota < sizes).any():
        share = max(left // open_.sum(), 1)
        chosen = np.flatnonzero(open_)[:left]
        quota[chosen] += np.minimum(share, sizes[chosen] - quota[chosen])
    return quota
