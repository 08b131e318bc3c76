"""What the explorer's page knows of candidates: their rows and lines, and the lexicon's file."""

import re
from typing import Any

import pandas as pd

from analysis.escape import inert
from analysis.lexicons.formats.framing_yaml import content
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.learnt.accepted import candidate_rows, change, changelog, next_lexicon

SHOWN = ("frame", "term", "hits", "articles", "adds", "nearest", "similarity", "holding", "reason")


def candidate_data(table: pd.DataFrame, lexicon: Lexicon, *, lines: bool) -> dict[str, Any]:
    """The rows, what the changelog says of each, and what the new version's file begins with."""
    rows = []
    for row in candidate_rows(table, lexicon):
        own = {name: row[name] for name in SHOWN}
        own |= {"shown": inert(row["term"]), "said": change(row)}
        if lines and "lines" in row:
            own["lines"] = [_parted(str(line), row["term"]) for line in row["lines"]]
        rows.append(own)
    return {
        "rows": rows,
        "version": lexicon.version,
        "lexicon": content(vars(next_lexicon(lexicon))),
        "changelog": changelog(lexicon, "VERSION", "DAY", []).split("\n")[:-1],
    }


def _parted(line: str, term: str) -> list[str]:
    """A line before, at and after its term; all of it before, where the term is spelled apart."""
    found = re.search(r"\W+".join(map(re.escape, term.split())), line, re.IGNORECASE)
    start, end = found.span() if found else (len(line), len(line))
    return list(map(inert, (line[:start], line[start:end], line[end:])))
