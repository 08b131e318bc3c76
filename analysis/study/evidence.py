"""The sentence of every hit, part by part, and those that each point of a chart opens."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.counting.targets import AND, Targets
from analysis.executors import Where
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.coding.contexts import looks_right, shipped_contexts
from analysis.showing.kwic import kwic
from analysis.showing.kwic_view import around_hit
from analysis.showing.readable import interval
from analysis.showing.report.page import Evidence, Quote
from analysis.study.corpus import texts_of, with_group_names
from analysis.study.dataset import Frames, each_part, join, parts_of, read_table
from analysis.study.study_file import Done, StudyFile

# Words to either side of a hit.
WINDOW = 30


def evidence(study: StudyFile, done: Done, folder: Path, executor: Where) -> None:
    """The sentence of every hit."""
    groups, articles = study.settings.groups, done["prepare"] / "articles"
    make = partial(_lines, study.lexicon, study.targets, groups, articles)
    each_part(make, parts_of(texts_of(done)), folder, executor)


def _lines(
    lexicon: Lexicon, targets: Targets | None, groups: tuple[str, ...], articles: Path, part: Path
) -> Frames:
    weights = shipped_contexts(lexicon)
    window = weights.window if weights else WINDOW
    lines = kwic(read_table(part), lexicon, window=window, targets=targets)
    if weights is not None:
        lines = looks_right(lines, lexicon, weights)
        lines["left"] = [" ".join(text.split()[-WINDOW:]) for text in lines["left"]]
        lines["right"] = [" ".join(text.split()[:WINDOW]) for text in lines["right"]]
    # What the charts group by, from the article of each line.
    known = with_group_names(read_table(articles / part.name), groups).set_index("doc_id")
    for name in ("period", *groups):
        lines[name] = lines["doc_id"].map(known[name].astype("str"))
    return {"lines": lines}


@dataclass(frozen=True)
class Lines:
    """The line of every hit: what points of charts are made of here, the texts in a folder.

    The `table` has one row a hit: ``doc_id, frame, pattern, negated``, the columns that make
    groups, ``unlike`` where the lexicon has weights of contexts, and where the line is: ``part``
    and ``row``.
    """

    folder: Path
    table: pd.DataFrame

    @classmethod
    def load(cls, folder: Path, groups: Sequence[str]) -> "Lines":
        """The lines that the stage `evidence` wrote."""
        fixed = ["doc_id", "frame", "pattern", "negated", "unlike"]
        fixed += ["outlet", "voice", "source", "period", "targets"]
        names = dict.fromkeys([*fixed, *groups])
        frames = (read_table(part, [*names]) for part in parts_of(folder))
        table = join(f.assign(part=part, row=range(len(f))) for part, f in enumerate(frames))
        # Strings would take several times the room.
        kinds = {n: "category" for n in names if n in table and n not in ("negated", "unlike")}
        return cls(folder, table.astype(kinds))

    def read(self, rows: pd.DataFrame) -> pd.DataFrame:
        """The whole lines of some rows of the table, in their order."""
        parts = parts_of(self.folder)
        found = [
            read_table(parts[number]).iloc[of_part["row"]].set_index(of_part.index)
            for number, of_part in rows.reset_index(drop=True).groupby("part")
        ]
        return pd.concat(found).sort_index()


def evidence_of(
    points: pd.DataFrame,
    lines: Lines,
    by: Sequence[str],
    contrast: tuple[str, ...],
    *,
    chart: str,
    most: int,
    negated: str = "apart",
    measure: str = "share",
) -> tuple[list[Evidence], list[str]]:
    """A sample of `most` sentences for each point, and the link that opens it.

    Half of the sentences are from the articles whose own share is nearest to the point's, half
    from those whose share is farthest; an article gives one until each that was chosen has given
    one. The `points` are rows of ``stance`` with the columns `by`; the keys of their evidence
    begin with that of the `chart`; `negated` says what became of hits after a negator in the
    score, and becomes of them here. A point without hits has an empty link. The points of one
    frame are told by its `measure`.
    """
    scored = _scored(lines.table, contrast, negated)
    if "target" in by:
        each = scored["targets"].astype("str").str.split(AND, regex=False)
        scored = scored.assign(target=each).explode("target", ignore_index=True)
    groups = dict(tuple(scored.groupby([scored[name].astype("str") for name in by], sort=False)))
    samples, links = [], []
    chosen: list[Evidence] = []
    for number, point in enumerate(points.to_dict("records")):
        group = {name: str(point[name]) for name in by}
        of_frame = {"frame": contrast[0]} if len(contrast) == 1 else {}
        found = groups.get(tuple(group.values()))
        if found is None or pd.isna(point["share"]):
            links.append("")
            continue
        key = f"{chart}-s{number}"
        where = ", ".join((*of_frame.values(), *group.values())) or "all articles"
        said = interval(*(point[f"{measure}{end}"] for end in ("", "_low", "_high")))
        label = f"{where}: {measure} {said}, n = {point['articles']:,}"
        samples.append(_sample(found, contrast[0], point["share"], most))
        chosen.append(Evidence(key, label, len(found), (), group | of_frame))
        links.append(f"#{key}")
    quotes = zip(chosen, _quotes(lines, samples), strict=True)
    return [replace(one, quotes=quoted) for one, quoted in quotes], links


def _scored(lines: pd.DataFrame, contrast: tuple[str, ...], negated: str) -> pd.DataFrame:
    """The hits that made the score, each with the frame that it counted for."""
    after = lines["negated"].astype(bool)
    scored = lines[lines["frame"].isin(contrast) & (~after | (negated != "apart"))]
    if negated == "flip":
        other = dict(zip(contrast, contrast[::-1], strict=True))
        flipped = scored["frame"].astype("str").map(other)
        scored = scored.assign(frame=flipped.where(after[scored.index], scored["frame"]))
    return scored


def _sample(found: pd.DataFrame, first: str, share: float, most: int) -> pd.DataFrame:
    """The rows of the lines that are shown, and why each is."""
    # Looking ids up would go through those of all lines for each point.
    article = found["doc_id"].cat.codes.to_numpy()
    own = (found["frame"] == first).groupby(article, sort=True).agg(["mean", "size"])
    own["distance"] = (own["mean"] - share).abs()
    near = own.sort_values(["distance", "size"], ascending=[True, False], kind="stable").index
    far = own.sort_values(["distance", "size"], ascending=[False, False], kind="stable").index
    half = -(-most // 2)
    chosen = dict.fromkeys(near[:half], "typical article")
    for code in far:
        if len(chosen) < most:
            chosen.setdefault(code, "extreme article")
    # The turn of each line within its article, so that every article comes before second lines.
    rows = np.flatnonzero(np.isin(article, [*chosen]))
    turn = pd.Series(rows).groupby(article[rows], sort=False).cumcount()
    place = pd.Index([*chosen]).get_indexer(article[rows])
    rows = rows[np.lexsort((place, turn))[:most]]
    return found.iloc[rows].assign(why=[chosen[code] for code in article[rows]])


def _quotes(lines: Lines, samples: Sequence[pd.DataFrame]) -> list[list[Quote]]:
    """The sentences of samples of lines, all read at once."""
    if not samples:
        return []
    rows = iter(lines.read(pd.concat(samples)).to_dict("records"))
    return [[_quote(next(rows), why) for why in sample["why"]] for sample in samples]


def _quote(row: dict[str, object], why: str) -> Quote:
    said = {name: "" if pd.isna(value) else str(value) for name, value in row.items()}
    left, keyword, right = around_hit(row)
    return Quote(
        left=left, keyword=keyword, right=right, outlet=said["outlet"],
        date=said["date"][:10], voice=said["voice"], source=said["source"], link=said["link"],
        why=f"{why}, after a negator" if row["negated"] else why,
        mentions=said.get("mentions", ""),
    )  # fmt: skip
