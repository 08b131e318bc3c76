"""The sentences that each point of a chart opens: the most typical and the most extreme first."""

from collections.abc import Callable, Sequence

import pandas as pd

from analysis.showing.report.page import Evidence, Quote
from analysis.study.lines import Lines


def evidence_of(
    points: pd.DataFrame,
    lines: Lines,
    by: Sequence[str],
    contrast: tuple[str, str],
    *,
    chart: str,
    most: int,
    negated: str = "apart",
) -> tuple[list[Evidence], list[str]]:
    """A sample of `most` sentences for each point, and the link that opens it.

    Half of the sentences are from the articles whose own share is nearest to the point's, half
    from those whose share is farthest; an article gives one until each that was chosen has given
    one. The `points` are rows of ``stance`` with the columns `by`; the keys of their evidence
    begin with that of the `chart`; `negated` says what became of hits after a negator in the
    score, and becomes of them here. A point without hits has an empty link.
    """
    scored = _scored(lines.table, contrast, negated)
    groups = dict(tuple(scored.groupby([scored[name].astype("str") for name in by], sort=False)))
    chosen: list[tuple[str, str, int, pd.DataFrame, dict[str, str]]] = []
    links = []
    for number, point in enumerate(points.to_dict("records")):
        found = groups.get(tuple(str(point[name]) for name in by))
        if found is None or pd.isna(point["share"]):
            links.append("")
            continue
        key = f"{chart}-s{number}"
        label = ", ".join(str(point[name]) for name in by) or "all articles"
        label = f"{label}: share {point['share']:.2f}"
        sample = _sample(found, contrast[0], point["share"], most)
        group = {name: str(point[name]) for name in by}
        chosen.append((key, label, len(found), sample, group))
        links.append(f"#{key}")
    quotes = _quotes(lines, [sample for _, _, _, sample, _ in chosen])
    return [
        Evidence(key, label, n, quoted, group)
        for (key, label, n, _, group), quoted in zip(chosen, quotes, strict=True)
    ], links


def _scored(lines: pd.DataFrame, contrast: tuple[str, str], negated: str) -> pd.DataFrame:
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
    own = (found["frame"] == first).groupby(found["doc_id"], sort=True).agg(["mean", "size"])
    own["distance"] = (own["mean"] - share).abs()
    near = own.sort_values(["distance", "size"], ascending=[True, False], kind="stable").index
    far = own.sort_values(["distance", "size"], ascending=[False, False], kind="stable").index
    half = -(-most // 2)
    chosen = dict.fromkeys(near[:half], "typical article")
    for doc_id in far:
        if len(chosen) < most:
            chosen.setdefault(doc_id, "extreme article")
    # The turn of each line within its article, so that every article comes before second lines.
    of_chosen = found[found["doc_id"].isin(chosen)]
    turn = of_chosen.groupby("doc_id", sort=False).cumcount()
    place = of_chosen["doc_id"].map({doc_id: n for n, doc_id in enumerate(chosen)})
    order = pd.DataFrame({"turn": turn, "place": place}).sort_values(["turn", "place"]).index[:most]
    sample = of_chosen.loc[order]
    return sample.assign(why=[chosen[doc_id] for doc_id in sample["doc_id"]])


def _quotes(lines: Lines, samples: Sequence[pd.DataFrame]) -> list[list[Quote]]:
    """The sentences of samples of lines, all read at once."""
    if not samples:
        return []
    rows = iter(lines.read(pd.concat(samples)).to_dict("records"))
    return [[_quote(next(rows), why) for why in sample["why"]] for sample in samples]


def _quote(row: dict[str, object], why: str) -> Quote:
    said = {name: "" if pd.isna(value) else str(value) for name, value in row.items()}
    left, right = in_sentence(said["sentence"], said["left"], said["keyword"], said["right"])
    return Quote(
        left=left, keyword=said["keyword"], right=right, outlet=said["outlet"],
        date=said["date"][:10], voice=said["voice"], source=said["source"], link=said["link"],
        why=f"{why}, after a negator" if row["negated"] else why,
    )  # fmt: skip


def in_sentence(sentence: str, left: str, keyword: str, right: str) -> tuple[str, str]:
    """What stands before and after a keyword in its own sentence.

    A keyword may stand there more than once: its context tells which one is meant.
    """
    begins = sentence.find(keyword)
    while begins >= 0:
        before, after = sentence[:begins], sentence[begins + len(keyword) :]
        if _fits(before.rstrip(), left, str.endswith) and _fits(
            after.lstrip(), right, str.startswith
        ):
            return before, after
        begins = sentence.find(keyword, begins + 1)
    return f"{left} ", f" {right}"


def _fits(part: str, context: str, test: Callable[[str, str], bool]) -> bool:
    return test(context.strip(), part) or test(part, context.strip())
