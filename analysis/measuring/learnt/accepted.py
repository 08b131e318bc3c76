"""Candidates accepted into a lexicon: its next version, and what changed."""

import datetime
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.counting.checking import needed_columns
from analysis.errors import LexiconError
from analysis.formatting import counted
from analysis.lexicons.lexicon import Lexicon, as_lexicon
from analysis.lexicons.patterns import checked_patterns

NEEDED = ("frame", "term", "hits", "articles", "nearest", "similarity", "adds")


def accept_candidates(
    table: pd.DataFrame,
    lexicon: Lexicon | str | Path,
    version: str | None = None,
    *,
    day: str | None = None,
) -> tuple[Lexicon, str]:
    """Add candidates to a lexicon, as a new version of it, with the changelog of that.

    Parameters
    ----------
    table : DataFrame
        The rows of tables of `candidates` that are accepted; a column ``reason`` says why, of each.
    lexicon : Lexicon, or the path or name of one
    version : str, optional
        The new one; by default the last number of the old one goes up, "1.4" after "1.3".
    day : str, optional
        The date of the changelog; by default today.

    Returns
    -------
    (Lexicon, str)
        Everything else is unchanged, except that the head says that new patterns are not coded.

    Raises
    ------
    CountsError
        If a column is missing.
    LexiconError
        If there is no such frame, or it has weights, the lexicon has several languages (add to one
        of its `parts`), or the version is not another.

    Examples
    --------
    >>> lexicon = Lexicon.from_dict({"war": ["raid*"]}, name="small", version="1.0")
    >>> row = {"frame": "war", "term": "bombs", "hits": 10, "articles": 7, "nearest": "raid*",
    ...        "similarity": 0.41, "adds": 9}
    >>> new, changes = accept_candidates(pd.DataFrame([row]), lexicon, day="2021-03-14")
    >>> new.frames["war"]
    ('raid*', 'bombs')
    >>> print(changes)
    ## 1.1, 2021-03-14
    <BLANKLINE>
    Added to small 1.0 65b9662f:
    <BLANKLINE>
    - war: "bombs", 10 hits, 9 of them new, in 7 articles; like "raid*" (.41)
    <BLANKLINE>
    """
    lexicon = as_lexicon(lexicon)
    rows = candidate_rows(table, lexicon)
    version = next_lexicon(lexicon).version if version is None else version.strip()
    if version in ("", lexicon.version):
        raise LexiconError(f"version={version!r}: give one that is not that of {lexicon!r}.")
    frames = dict(lexicon.frames)
    for row in rows:
        for frame in row["holding"]:
            frames[frame] = tuple(dict.fromkeys((*frames[frame], row["term"])))
    said = [change(row) + (f": {row['reason']}" if row["reason"] else "") for row in rows]
    new = replace(next_lexicon(lexicon), frames=frames, version=version)
    return new, changelog(lexicon, version, day or f"{datetime.date.today()}", said)


def candidate_rows(table: pd.DataFrame, lexicon: Lexicon) -> list[dict[str, Any]]:
    """The rows of a table of candidates: each with a reason, or "", and the frames that `holding`.

    A frame that is under others counts for them, too.
    """
    needed_columns(table, "candidates", NEEDED)
    if lexicon.parts:
        raise LexiconError(
            f"{lexicon!r} has several languages: add to one of its parts, "
            f"lexicon.parts[{next(iter(lexicon.parts))!r}]."
        )
    if table.empty:
        raise LexiconError("candidates: there is no row to accept.")
    checked_patterns(table["term"], "candidates")
    numbers = table[["hits", "articles", "adds", "similarity"]].apply(pd.to_numeric)
    reasons = table["reason"].fillna("") if "reason" in table else ""
    rows = table.assign(**dict(numbers), frame=table["frame"].map(lexicon.frame), reason=reasons)
    found: list[dict[str, Any]] = rows.drop_duplicates(["frame", "term"]).to_dict("records")
    for row in found:
        row["holding"] = [n for n in lexicon.frames if f"{row['frame']}/".startswith(f"{n}/")]
        for frame in row["holding"]:
            held = {pattern.casefold() for pattern in lexicon.frames[frame]}
            if frame in lexicon.weights or row["term"].casefold() in held:
                why = "has weights" if frame in lexicon.weights else "already has it"
                raise LexiconError(f"{lexicon!r}: {row['term']!r} can't be added: {frame!r} {why}.")
    return found


def next_lexicon(lexicon: Lexicon) -> Lexicon:
    """The lexicon as its next version begins: its version's last number is one higher.

    What its head says of hits that were coded is said not to hold for new patterns.
    """
    number = re.search(r"\d+$", lexicon.version)
    version = f"{lexicon.version}.1".lstrip(".")
    if number is not None:
        version = f"{lexicon.version[: number.start()]}{int(number[0]) + 1}"
    coded = lexicon.coding and not lexicon.coding.startswith("not coded")
    coding = f"{lexicon.coding}; patterns added since are not coded" if coded else lexicon.coding
    return replace(lexicon, version=version, coding=coding)


def change(row: dict[str, Any]) -> str:
    """What the changelog says of a pattern that is added."""
    near = f"{row['similarity']:.2f}".replace("0.", ".", 1)
    return (
        f'- {row["frame"]}: "{row["term"]}", {counted(row["hits"], "hit")}, {row["adds"]:,.0f} of '
        f'them new, in {counted(row["articles"], "article")}; like "{row["nearest"]}" ({near})'
    )


def changelog(lexicon: Lexicon, version: str, day: str, changes: Sequence[str]) -> str:
    """The changelog of a new version."""
    return "\n".join([f"## {version}, {day}", "", f"Added to {lexicon.label}:", "", *changes, ""])
