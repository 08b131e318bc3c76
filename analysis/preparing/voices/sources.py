"""One name a person throughout a corpus, and the table of who is quoted."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher
from typing import Any

import pandas as pd

from analysis.errors import ArticlesError
from analysis.executors import Where
from analysis.preparing.batches import Load, map_batches
from analysis.tables import as_pandas

# A last name alone is taken for the full name that has at least this share of the articles in
# which anybody of that last name is a source.
_DOMINANT = 2 / 3
_ENOUGH = 1 / 4  # ... and of the articles that have the last name alone
_ALIKE = 0.8

# Every form of a name, and the name that replaces it.
NamePlan = dict[str, str]


def name_sources(segments: pd.DataFrame) -> pd.DataFrame:
    """Bring a person's names together, the most frequent form: one name a person in the corpus.

    docs/rules.md says which names are one.

    Parameters
    ----------
    segments : DataFrame
        What `split_voices` returns; several corpora can be concatenated.

    Returns
    -------
    DataFrame
        A copy with ``source`` replaced, and ``source_as_named`` as it was.

    Examples
    --------
    >>> said = ["Andrei Kelin", "Andrey Kelin", "Kelin", "Andrei Kelin"]
    >>> segments = pd.DataFrame({"doc_id": list("abcd"), "voice": "quoted", "source": said})
    >>> name_sources(segments)["source"].tolist()
    ['Andrei Kelin', 'Andrei Kelin', 'Andrei Kelin', 'Andrei Kelin']
    """
    segments = as_pandas(segments)
    return rename_sources(segments, plan_names([segments]))


def rename_sources(segments: pd.DataFrame, plan: NamePlan) -> pd.DataFrame:
    """Give the sources of a batch of segments the names that `plan_names` found for them."""
    _check(segments)
    names = segments["source"]
    return segments.assign(source=names.map(plan).astype("str"), source_as_named=names)


def plan_names(parts: Iterable[Any], load: Load = None, executor: Where = None) -> NamePlan:
    """Find one name a person in a corpus that comes in parts; `rename_sources` then gives it.

    The result is the same for any cut between articles. `load` and `executor`: see `plan_reprints`.
    """
    articles = Counter[str]()
    for counts in map_batches(_articles_by_name, [(part,) for part in parts], load, executor):
        articles.update(counts)
    return canonical_names(articles)


def _articles_by_name(segments: pd.DataFrame) -> Counter[str]:
    _check(segments)
    return Counter(segments[["doc_id", "source"]].dropna().drop_duplicates()["source"])


def sources(segments: pd.DataFrame) -> pd.DataFrame:
    """Who speaks, in how many articles and how much: a table with one row a source.

    Parameters
    ----------
    segments : DataFrame
        What `split_voices` returns. The names in it are brought together first, see
        `name_sources`.

    Returns
    -------
    DataFrame
        ``source``, ``names`` (every form, most used first), ``articles``, ``outlets``,
        ``quoted`` and ``reported`` (segments), ``characters`` (of both); most articles first.

    Examples
    --------
    >>> from analysis import check_articles, sources, split_voices
    >>> texts = ["“We tried,” said Ada Quill.", "Ada Quill said it failed. “Yes,” Ms Quill said."]
    >>> frame = pd.DataFrame({"doc_id": [1, 2], "outlet": "Gazette", "text": texts})
    >>> segments = split_voices(check_articles(frame.assign(date="2021-03-14")))
    >>> sources(segments)[["source", "articles", "quoted", "reported"]]
          source  articles  quoted  reported
    0  Ada Quill         2       2         1
    """
    segments = as_pandas(segments)
    _check(segments)
    named = segments if "source_as_named" in segments else name_sources(segments)
    told = named.dropna(subset="source").assign(
        quoted=named["voice"] == "quoted",
        reported=named["voice"] == "reported",
        characters=named["end"] - named["start"],
    )
    forms = told.groupby(["source", "source_as_named"])["doc_id"].nunique().reset_index()
    forms = forms.sort_values(["doc_id", "source_as_named"], ascending=[False, True])
    grouped = told.groupby("source")
    table = pd.concat(
        [
            forms.groupby("source")["source_as_named"].agg("; ".join).rename("names"),
            grouped[["doc_id", "outlet"]].nunique(),
            grouped[["quoted", "reported", "characters"]].sum(),
        ],
        axis=1,
    )
    table = table.rename(columns={"doc_id": "articles", "outlet": "outlets"}).reset_index()
    return table.sort_values(["articles", "source"], ascending=[False, True], ignore_index=True)


def canonical_names(articles: Counter[str]) -> dict[str, str]:
    """The name that replaces each form, from the number of articles of each form."""
    names = {name: name for name in articles}
    by_last: dict[str, list[str]] = defaultdict(list)
    for name in sorted(articles, key=lambda n: (-articles[n], n)):
        if len(_parts(name)) < 2:
            continue  # "Kelin", and "Kelin Jr." too
        last = _parts(name)[-1]
        names[name] = next((other for other in by_last[last] if _same(name, other)), name)
        if names[name] == name:
            by_last[last].append(name)
    totals = Counter[str]()
    for name, number in articles.items():
        totals[names[name]] += number
    for name in articles:
        bearers = by_last.get(name.lower(), []) if " " not in name else []
        if bearers:
            top = max(bearers, key=lambda n: (totals[n], n))
            enough = totals[top] >= _ENOUGH * articles[name] and not name.isupper()
            if enough and totals[top] >= _DOMINANT * sum(totals[n] for n in bearers):
                names[name] = top
    return names


def _parts(name: str) -> list[str]:
    words = name.lower().replace(".", "").split() or [name]
    return [word for word in words if word not in ("jr", "sr", "ii", "iii")] or words


def _same(name: str, other: str) -> bool:
    """Whether two names with the same last name can be one person's."""
    first, *middle, _ = _parts(name)
    second, *between, _ = _parts(other)
    if middle and between and [m[0] for m in middle] != [m[0] for m in between]:
        return False  # George W. Bush, George H. W. Bush
    if first == second:
        return True
    if first[0] != second[0] or min(len(first), len(second)) < 4:
        return False
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= _ALIKE


def _check(segments: pd.DataFrame) -> None:
    missing = [name for name in ("doc_id", "voice", "source") if name not in segments.columns]
    if missing:
        raise ArticlesError(
            f"segments lacks the column(s) {', '.join(missing)}; split_voices makes such a table."
        )
