"""From a row of a result table to the lines, or at least the articles, behind it."""

import warnings
from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.counting.document_terms import DocumentTerms
from analysis.counting.groups import each_once
from analysis.counting.targets import AND, Shared, TargetLexicon, Targets, Window, named_alike
from analysis.errors import ArticlesError, CountsError
from analysis.formatting import counted
from analysis.lexicons.lexicon import Lexicon, as_lexicon
from analysis.lexicons.patterns import frame_name
from analysis.measuring.frames.unit_rows import parts_of
from analysis.periods import FREQUENCIES, add_period
from analysis.showing.kwic import Term, kwic, select, sort_lines, with_texts
from analysis.tokens import TermRules

What = Term | tuple[Lexicon, list[str]]


def evidence(
    row: pd.Series | pd.DataFrame | Mapping[str, object],
    articles: pd.DataFrame | DocumentTerms,
    lexicon: Lexicon | str | None = None,
    *,
    where: Mapping[str, object] | None = None,
    n: int | None = 20,
    seed: int = 0,
    negated: bool = False,
    window: int = 10,
    sort: str | None = None,
    rules: TermRules = TermRules(),
    targets: TargetLexicon | None = None,
    near: Window = 10,
    shared: Shared = "all",
) -> pd.DataFrame:
    """Open a number: the lines behind a row of any result table.

    ArticlesError or CountsError if the row names a column that `articles` lacks, names neither a
    term nor a frame, or counts more or fewer hits than the articles have.

    Parameters
    ----------
    row : Series, one-row DataFrame or mapping
        A row of a result table. The columns before ``articles`` or ``term`` are its group; a row of
        `compare_groups` opens both its groups, one of `keyness` the target and the reference, and
        one of `sensitivity` the articles as given. A ``term``, or a pattern that was left out, is
        looked up itself; otherwise its ``frame`` is, or the frames of the columns ``n_<frame>``, or
        those of the lexicon's only contrast.
    articles : DataFrame or DocumentTerms
        What was counted. Counts have no texts: then the articles behind the number are listed with
        their links, with a warning that says so.
    lexicon : Lexicon or str, optional
        The lexicon of the counts, or its name; needed for a row without a term.
    where : mapping, optional
        Further columns and values, such as the ``target`` of a row of `keyness`; then as many lines
        as these articles have.
    n, seed : int
        The size of the sample (None gives all lines) and its seed. Frames share it equally where
        they have enough lines, and an article gives its second line after every other its first.
    negated : bool
        Also the hits after a negator, which scores leave out.
    window, sort, rules, targets, near, shared
        As for `kwic`; a row by ``target`` needs the `targets` that were counted.

    Returns
    -------
    DataFrame
        The lines, as `kwic` returns them; or for counts ``doc_id, outlet, date, n, link`` with
        the group's other columns, most hits first.


    Examples
    --------
    >>> from analysis import Lexicon, check_articles, document_terms, evidence, stance
    >>> lexicon = Lexicon.from_dict({"pressure": ["sanction*"], "parley": ["talks"]})
    >>> frame = pd.DataFrame({"doc_id": [1, 2], "outlet": ["Gazette", "Herald"],
    ...                       "text": ["New sanctions loom. Talks stall.", "Talks resume."]})
    >>> articles = check_articles(frame.assign(date="2021-03-14"))
    >>> scores = stance(document_terms(articles, lexicon=lexicon), lexicon, by="outlet")
    >>> lines = evidence(scores.iloc[0], articles, lexicon)
    >>> lines[["outlet", "frame", "keyword", "sentence"]]
        outlet     frame    keyword             sentence
    0  Gazette  pressure  sanctions  New sanctions loom.
    1  Gazette    parley      Talks         Talks stall.
    """
    cells = _cells(row)
    groups = [{**group, **(where or {})} for group in _groups(cells)]
    what = _what(cells, lexicon)
    if isinstance(articles, DocumentTerms):
        return _articles_behind(articles, groups, what, negated)
    of_target = "target" in groups[0]
    if of_target and targets is None:
        raise CountsError("the row is by target: pass the targets=, near= that were counted.")
    articles, parts = with_texts(articles), []
    if (about := Targets.of(targets, near, shared)) is not None:
        articles = named_alike(articles, about)
    for group in groups:
        target = {"target": group.pop("target")} if of_target else {}
        found = kwic(
            _of_any(articles, [group]), what if isinstance(what, Term) else what[0], window=window,
            rules=rules, targets=targets if of_target else None, near=near, shared=shared,
        )  # fmt: skip
        parts.append(_about(found, **target))
    lines = pd.concat(parts, ignore_index=True)
    if not isinstance(what, Term):
        lines = lines[lines["frame"].isin(what[1])]
        if _of_sensitivity(cells) and cells["change"] == "pattern":
            lines = lines[lines["pattern"] == cells["left_out"]]
    lines = _counted(lines, cells, what, negated, narrowed=where is not None)
    chosen = lines if n is None or len(lines) <= n else _sample(lines, n, seed)
    return sort_lines(chosen, sort)


def _about(lines: pd.DataFrame, target: object = "") -> pd.DataFrame:
    """The lines near a target, or near none if it is missing."""
    if target == "":
        return lines
    if pd.isna(target):
        return lines[lines["targets"].isna()]
    return lines[[target in str(names).split(AND) for names in lines["targets"]]]


def _counted(
    lines: pd.DataFrame, cells: dict[str, object], what: What, negated: bool, *, narrowed: bool
) -> pd.DataFrame:
    """The lines that the row counts; CountsError if these are not as many as it says."""
    plain = lines[~lines["negated"].astype(bool)].reset_index(drop=True)
    said = _said(cells, what)
    if said is None or narrowed:
        return lines.reset_index(drop=True) if negated else plain
    if said not in (len(plain), len(lines)):
        raise CountsError(
            f"the row counts {counted(said, 'hit')}, and these articles have {len(plain):,}"
            + (f" ({len(lines):,} with those after a negator)" if len(lines) > len(plain) else "")
            + ". Pass the articles, the lexicon and the rules= that were counted; and "
            "where={...} for one side of a keyword, or for other articles on purpose."
        )
    # A score that keeps or flips hits after a negator counts these, too.
    return lines.reset_index(drop=True) if negated or said != len(plain) else plain


def _said(cells: dict[str, object], what: What) -> int | None:
    """How many hits the row counts; None where it does not say, or counts stories by halves."""
    if isinstance(what, Term):
        names = ["n"] if "n" in cells else ["n_target", "n_reference"]
    else:
        names = ["n"] if "n" in cells else [f"n_{frame}" for frame in what[1]]
    values = [cells.get(name) for name in names]
    if _of_sensitivity(cells) or not all(isinstance(v, int | np.integer) for v in values):
        return None
    return int(sum(v for v in values if isinstance(v, int | np.integer)))


def _cells(row: pd.Series | pd.DataFrame | Mapping[str, object]) -> dict[str, object]:
    if isinstance(row, pd.DataFrame) and len(row) != 1:
        raise ArticlesError(
            f"row has {len(row)} rows; evidence opens one: table.iloc[[0]] or table.loc[3]."
        )
    cells = row.iloc[0] if isinstance(row, pd.DataFrame) else row
    return {str(name): value for name, value in cells.items()}


def _groups(cells: dict[str, object]) -> list[dict[str, object]]:
    """The columns that made the row's group, with their values; of a comparison both groups."""
    of_frames = _of_frames(cells)
    names = [name for name in cells if not of_frames or name not in ("frame", "measure")]
    if _of_sensitivity(cells) or {"term", "n_target", "n_reference"} <= {*cells}:
        return [{}]
    if {"share", "share_other"} <= {*cells}:
        before = names[: names.index("share")]
        others = {name: cells[f"{name}_other"] for name in before if f"{name}_other" in before}
        one = {name: cells[name] for name in before if name.removesuffix("_other") not in others}
        one |= {name: cells[name] for name in others}
        return [one, one | others] if others else [one]
    end = "articles" if of_frames else "term"
    if end not in cells:
        raise ArticlesError(
            f"row has the columns {', '.join(names)}: neither 'articles' nor 'term' is among "
            "them, so it is not a row of a result table (stance, term_frequencies, keyness, ...)."
        )
    return [{name: cells[name] for name in names[: names.index(end)]}]


def _of_frames(cells: dict[str, object]) -> bool:
    """Whether the row is one of frames, and not of a term."""
    both = ({"articles", "articles_hit"}, {"share", "share_other"})
    return _of_sensitivity(cells) or any(two <= {*cells} for two in both)


def _of_sensitivity(cells: dict[str, object]) -> bool:
    return [*cells][:3] == ["change", "frame", "left_out"]


def _of_any(rows: pd.DataFrame, groups: list[dict[str, object]]) -> pd.DataFrame:
    """The rows of one group or the other."""
    rows = _with_periods(rows, groups[0])
    return pd.concat([select(rows, group) for group in groups], ignore_index=True)


def _what(cells: dict[str, object], lexicon: Lexicon | str | None) -> What:
    """The term, or the lexicon and its frames, that the row is about."""
    if not _of_frames(cells):
        if {"n_near", "n_node"} <= {*cells}:
            raise CountsError(
                f"the row counts {cells['term']!r} near a node that it does not name: "
                "kwic(articles, node) lists the lines of the node."
            )
        return Term(str(cells["term"]))
    if lexicon is None:
        raise CountsError(
            "the row is about frames: pass their lexicon, evidence(row, articles, lexicon)."
        )
    known = as_lexicon(lexicon)
    if "frame" in cells and (not _of_sensitivity(cells) or cells["change"] == "pattern"):
        parts = parts_of(frame_name(str(cells["frame"])), known.frames)
        return known, parts or [known.frame(str(cells["frame"]))]
    found = [frame for frame in known.frames if f"n_{frame}" in cells]
    if not found and len(known.contrasts) > 1:
        raise CountsError(
            "the row does not say which contrast it is about; those of the lexicon are "
            f"{', '.join(' and '.join(pair) for pair in known.contrasts)}. Pass "
            "lexicon.subset([...]) with its two frames."
        )
    return known, found or list(next(iter(known.contrasts), known.frames))


def _with_periods(articles: pd.DataFrame, group: dict[str, object]) -> pd.DataFrame:
    """Add the calendar columns that the group names and the articles lack."""
    for name in group:
        if name in FREQUENCIES and name not in articles:
            articles = articles.assign(**{name: add_period(articles, name)["period"]})
        elif name == "period" and name not in articles:
            raise ArticlesError(
                f"the row has period={group[name]!r}, and the articles have no periods: add them "
                "as for the counts, articles = add_period(articles, ...)."
            )
    return articles


def _sample(lines: pd.DataFrame, n: int, seed: int) -> pd.DataFrame:
    """Draw n lines: frames in turn, within a frame articles in turn."""
    shuffled = lines.iloc[np.random.default_rng(seed).permutation(len(lines))]
    turn = shuffled.groupby(["frame", "doc_id"], sort=False).cumcount().sort_values(kind="stable")
    rank = turn.groupby(shuffled["frame"], sort=False).cumcount().sort_values(kind="stable")
    return lines.loc[np.sort(rank.index[:n])].reset_index(drop=True)


def _articles_behind(
    counts: DocumentTerms, groups: list[dict[str, object]], what: What, negated: bool
) -> pd.DataFrame:
    """Without texts: the articles with a hit, and their links."""
    warnings.warn(
        "counts hold no texts, so here are the articles and their links. For the sentences pass "
        "the articles table that was counted; the README beside a bundle says where its texts "
        "are from.", stacklevel=3,
    )  # fmt: skip
    counts = each_once(counts, {"target"} & {*groups[0]})
    documents = counts.documents
    if isinstance(what, Term):
        place = counts.terms.get_indexer([what.name])
        if place[0] < 0:
            raise CountsError(f"the counts have no term {what.name!r}.")
        n = counts.counts[:, place].toarray().sum(axis=1)
    else:
        types = counts.hit_types
        wanted = types["frame"].isin(what[1]) & (negated | ~types["negated"].astype(bool))
        n = counts.hits[:, np.flatnonzero(wanted)].sum(axis=1)
    found = _of_any(documents.assign(n=np.asarray(n)), groups)
    found = found[found["n"] > 0].rename(columns={"url": "link"})
    names = ["doc_id", "outlet", "date", *groups[0], "n", "link"]
    table = found.reindex(columns=list(dict.fromkeys(names)))
    keys = [name for name in table.columns if name not in ("n", "link")]
    grouped = table.groupby(keys, dropna=False, observed=True, as_index=False)
    table = grouped.agg({"n": "sum", "link": "first"})
    return table.sort_values(["n", "doc_id"], ascending=[False, True], ignore_index=True)
