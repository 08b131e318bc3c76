"""The sentence of every hit, part by part."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd

from analysis.executors import Where
from analysis.lexicons.lexicon import Lexicon
from analysis.showing.kwic import kwic
from analysis.study.corpus import texts_of
from analysis.study.counts import lexicon_of
from analysis.study.dataset import Frames, each_part, join, parts_of, read_table
from analysis.study.naming import named
from analysis.study.study_file import Done, StudyFile

# Words to either side of a hit.
WINDOW = 30


def evidence(study: StudyFile, done: Done, folder: Path, executor: Where) -> None:
    """The sentence of every hit."""
    groups, articles = study.settings.groups, done["prepare"] / "articles"
    make = partial(_lines, lexicon_of(study), groups, articles)
    each_part(make, parts_of(texts_of(done)), folder, executor)


def _lines(lexicon: Lexicon, groups: tuple[str, ...], articles: Path, part: Path) -> Frames:
    lines = kwic(read_table(part), lexicon, window=WINDOW)
    # What the charts group by, from the article of each line.
    known = named(read_table(articles / part.name), groups).set_index("doc_id")
    for name in ("period", *groups):
        lines[name] = lines["doc_id"].map(known[name].astype("str"))
    return {"lines": lines}


@dataclass(frozen=True)
class Lines:
    """The line of every hit: what points of charts are made of here, the texts in a folder.

    The `table` has one row a hit: ``doc_id, frame, negated``, the columns that make groups, and
    where the line is: ``part`` and ``row``.
    """

    folder: Path
    table: pd.DataFrame

    @classmethod
    def load(cls, folder: Path, groups: Sequence[str]) -> "Lines":
        """The lines that the stage `evidence` wrote."""
        names = dict.fromkeys(["doc_id", "frame", "negated", "outlet", "voice", "source", "period",
                               *groups])  # fmt: skip
        frames = []
        for number, part in enumerate(parts_of(folder)):
            frame = read_table(part, [*names])
            frames.append(frame.assign(part=number, row=range(len(frame))))
        table = join(frames)
        # Strings would take several times the room.
        kinds = {n: "category" for n in names if n in table and n != "negated"}
        return cls(folder, table.astype(kinds))

    def read(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The whole lines of some rows of the table, in their order."""
        parts = parts_of(self.folder)
        found = [
            read_table(parts[number]).iloc[of_part["row"]].set_index(of_part.index)
            for number, of_part in rows.reset_index(drop=True).groupby("part")
        ]
        return pd.concat(found).sort_index()
