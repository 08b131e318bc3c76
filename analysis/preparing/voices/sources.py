"""One name a person throughout a corpus, and the table of who is quoted."""

from collections import Counter, defaultdict
from difflib import SequenceMatcher

import pandas as pd

from analysis.errors import ArticlesError

# A last name alone is taken for the full name that has at least this share of the articles in
# which anybody of that last name is a source.
_DOMINANT = 2 / 3
_ALIKE = 0.75


def name_sources(segments: pd.DataFrame) -> pd.DataFrame:
    """Bring a person's names together: one name a person throughout the corpus.

    Three rules, each counted in articles: middle names and initials are passed over (Donald J.
    Trump, Donald Trump); first names that differ in a letter or two, such as transliterations,
    are one (Andrei and Andrey Kelin); a last name alone stands for the full name that has two
    thirds or more of the articles of that last name. The name used most stands for all.

    Parameters
    ----------
    segments : DataFrame
        What `split_voices` returns; several corpora can be concatenated.

    Returns
    -------
    DataFrame
        A copy with ``source`` replaced, and ``source_as_named`` as it was.
    """
    _check(segments)
    known = segments[["doc_id", "source"]].dropna().drop_duplicates()
    names = canonical_names(Counter(known["source"]))
    return segments.assign(
        source=segments["source"].map(names).astype("str"), source_as_named=segments["source"]
    )


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
    """
    _check(segments)
    named = segments if "source_as_named" in segments else name_sources(segments)
    told = named[named["source"].notna()]
    order = told.groupby(["source", "source_as_named"], sort=True)["doc_id"].nunique()
    forms: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for (source, form), articles in order.items():
        forms[source].append((-articles, form))
    grouped = told.groupby("source", sort=True)
    table = pd.DataFrame(
        {
            "names": {name: "; ".join(form for _, form in sorted(forms[name])) for name in forms},
            "articles": grouped["doc_id"].nunique(),
            "outlets": grouped["outlet"].nunique(),
            "quoted": (told["voice"] == "quoted").groupby(told["source"]).sum(),
            "reported": (told["voice"] == "reported").groupby(told["source"]).sum(),
            "characters": (told["end"] - told["start"]).groupby(told["source"]).sum(),
        }
    )
    table = table.rename_axis("source").reset_index()
    return table.sort_values(["articles", "source"], ascending=[False, True], ignore_index=True)


def canonical_names(articles: Counter[str]) -> dict[str, str]:
    """The name that each form stands for, from the number of articles of each form."""
    names = {name: name for name in articles}
    by_last: dict[str, list[str]] = defaultdict(list)
    for name in sorted(articles, key=lambda n: (-articles[n], n)):
        if " " not in name:
            continue
        first, last = _first_and_last(name)
        alike = (other for other in by_last[last] if _same(first, _first_and_last(other)[0]))
        names[name] = next(alike, name)
        if names[name] == name:
            by_last[last].append(name)
    totals: Counter[str] = Counter()
    for name, number in articles.items():
        totals[names[name]] += number
    for name in articles:
        bearers = by_last.get(name.lower(), []) if " " not in name else []
        if bearers:
            top = max(bearers, key=lambda n: (totals[n], n))
            if totals[top] >= _DOMINANT * sum(totals[n] for n in bearers):
                names[name] = top
    return names


def _first_and_last(name: str) -> tuple[str, str]:
    words = [word for word in name.lower().split() if word not in ("jr", "sr", "ii", "iii")]
    return (words[0], words[-1]) if words else (name.lower(), name.lower())


def _same(first: str, other: str) -> bool:
    if first == other:
        return True
    if first[0] != other[0] or min(len(first), len(other)) < 4:
        return False
    return SequenceMatcher(None, first, other, autojunk=False).ratio() >= _ALIKE


def _check(segments: pd.DataFrame) -> None:
    missing = [name for name in ("doc_id", "voice", "source") if name not in segments.columns]
    if missing:
        raise ArticlesError(
            f"segments lacks the column(s) {', '.join(missing)}; split_voices makes such a table."
        )
