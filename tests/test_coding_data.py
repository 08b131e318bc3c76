"""The coded hits that are shipped: what they hold, and that they are hits."""

import hashlib
import re
from math import sqrt
from pathlib import Path

import pandas as pd
import pytest

from analysis import DocumentTerms, Lexicon, kwic, precision, read_articles, read_coding_sheet
from analysis.counting.targets import Targets
from analysis.lexicons.patterns import EXCLUSION
from analysis.lexicons.shipped import SHIPPED

SHEETS = ["allsides_security.csv", "allsides_security_by_pattern.csv"]
ELSEWHERE = "other_topics.csv"
TOPICS = {"international": "international affairs", "other": "other topics in the corpus"}


@pytest.fixture
def coding(root: Path) -> Path:
    return root / "data" / "coding"


@pytest.fixture
def hits(root: Path, coding: Path) -> pd.Series:
    """The hits that are scored, by topics, frame and pattern, from the bundle's files alone."""
    bundle = root / "data" / "allsides_security"
    rows = pd.read_parquet(bundle / "hits.parquet")
    rows = rows[~rows["negated"].astype(bool)].astype({"frame": str, "pattern": str})
    ids = pd.read_parquet(bundle / "documents.parquet")["doc_id"].astype(str).to_numpy()
    other = pd.Series(ids[rows["document"]]).isin(
        pd.read_csv(coding / "allsides_other_topics.csv")["doc_id"]
    )
    group = other.map({True: "other", False: "international"}).to_numpy()
    return rows.assign(group=group).groupby(["group", "frame", "pattern"])["n"].sum()


def told(value: float) -> str:
    return f"{value:.2f}".removeprefix("0")


def wilson(right: int, n: int) -> tuple[float, float]:
    """Wilson's interval at 95%, by his formula (1927)."""
    z, p = 1.959964, right / n
    centre, half = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return (centre - half) / (1 + z * z / n), (centre + half) / (1 + z * z / n)


@pytest.mark.parametrize("name", [*SHEETS, ELSEWHERE])
def test_the_lines_are_those_of_the_shipped_lexicon_and_bundle(name: str, coding: Path, root: Path):
    lines = pd.read_csv(coding / name)
    lexicon = Lexicon.load("deterrence-dialogue")
    for row in lines.itertuples():
        assert row.pattern in lexicon.frames[row.frame]
        key = f"{row.doc_id}|{row.start}|{row.frame}"
        assert row.line_id == hashlib.sha256(key.encode()).hexdigest()[:16]
    documents = DocumentTerms.load(root / "data" / "allsides_security").documents
    assert set(lines["doc_id"]) <= set(documents["doc_id"]) or name == ELSEWHERE
    whys = {"another meaning", "ended or refused"} if name in SHEETS else {"another meaning"}
    assert set(lines.loc[lines["code"] == 0, "why"]) == whys
    assert lines.loc[lines["code"] == 1, "why"].isna().all()
    assert not {"left", "keyword", "right", "text"} & set(lines.columns)


def test_the_random_lines_are_a_hundred_a_frame_and_stand_among_those_by_pattern(coding: Path):
    random, every = (pd.read_csv(coding / name) for name in SHEETS)
    other = set(pd.read_csv(coding / "allsides_other_topics.csv")["doc_id"])
    assert (random["doc_id"].isin(other) == (random["group"] == "other")).all()
    assert not other & set(every["doc_id"])
    random = random[random["group"] == "international"]
    assert random["frame"].value_counts().to_dict() == {"deterrence": 100, "dialogue": 100}
    columns = ["line_id", "pattern", "code", "why"]
    both = random[columns].merge(every[columns], on=["line_id", "pattern"], how="left")
    assert both["code_x"].equals(both["code_y"])
    assert both["why_x"].equals(both["why_y"])


def test_a_line_stands_for_its_share_of_the_hits(coding: Path, hits: pd.Series):
    random, every = (pd.read_csv(coding / name) for name in SHEETS)
    by_frame = random.groupby(["group", "frame"])["lines_per_row"].sum()
    assert by_frame.tolist() == pytest.approx(
        hits.groupby(["group", "frame"]).sum().tolist(), abs=1
    )
    by_pattern = every.groupby(["frame", "pattern"])["lines_per_row"].sum()
    expected = hits["international"].loc[by_pattern.index].to_numpy()
    assert by_pattern.to_numpy() == pytest.approx(expected, abs=0.01)


def test_every_pattern_has_lines_and_most_of_them_are_right(coding: Path, hits: pd.Series):
    every = pd.read_csv(coding / SHEETS[1]).groupby(["frame", "pattern"])["code"]
    lines, right = every.size(), every.mean()
    lexicon = Lexicon.load("deterrence-dialogue")
    for frame, patterns in lexicon.frames.items():
        for pattern in patterns:
            if not pattern.startswith(EXCLUSION):
                assert lines[frame, pattern] >= min(7, hits["international", frame, pattern])
                assert right[frame, pattern] >= 0.7


def test_the_precision_is_the_one_that_the_readme_reports(coding: Path, hits: pd.Series):
    readme = (coding / "README.md").read_text(encoding="utf-8")
    random, every = (pd.read_csv(coding / name) for name in SHEETS)
    elsewhere = pd.read_csv(coding / ELSEWHERE).assign(group="home politics, other corpora")
    random["group"] = random["group"].map(TOPICS)
    for (group, frame), codes in pd.concat([random, elsewhere]).groupby(["group", "frame"])["code"]:
        n, right = len(codes), int(codes.sum())
        low, high = map(told, wilson(right, n))
        row = f"| {group} | {frame} | {n} | {right} | {told(right / n)} | {low} to {high} |"
        assert row in readme
    hits = hits["international"]
    for (frame, pattern), codes in every.groupby(["frame", "pattern"])["code"]:
        n, right = len(codes), int(codes.sum())
        low, high = (told(value) for value in wilson(right, n))
        row = (
            f"| {frame} | `{pattern}` | {hits[frame, pattern]:,} | {n} | {right} | "
            f"{told(right / n)} | {low} to {high} |"
        )
        assert row in readme
    assert len(re.findall(r"^\| d\w+ \| `", readme, flags=re.M)) == every["pattern"].nunique()
    # Weighted by the patterns' hits: sum of hits times precision, over the hits.
    shares = every.groupby(["frame", "pattern"])["code"].mean()
    weighted = (shares * hits.loc[shares.index]).groupby("frame").sum()
    weighted /= hits.loc[shares.index].groupby("frame").sum()
    table = precision(read_coding_sheet(coding / SHEETS[1])).query("pattern == ''")
    assert table["precision"].to_numpy() == pytest.approx(weighted.to_numpy(), abs=1e-4)
    said = [
        f"{told(row.precision)} ({told(row.low)} to {told(row.high)}) for {row.frame}"
        for row in table.itertuples()
    ]
    assert f"weighted, they give {said[0]} and {said[1]}." in " ".join(readme.split())


def test_the_head_of_the_lexicon_and_its_codebook_say_what_the_sheet_does(coding: Path):
    random = pd.read_csv(coding / SHEETS[0]).query("group == 'international'")
    lexicon = Lexicon.load("deterrence-dialogue")
    codebook = (SHIPPED / "deterrence-dialogue.md").read_text(encoding="utf-8")
    for _, codes in random.groupby("frame")["code"]:
        low, high = map(told, wilson(int(codes.sum()), 100))
        assert told(codes.mean()) in lexicon.coding and f"{low} to {high}" in lexicon.coding
        assert f"{told(codes.mean())} ({low} to {high}) of 100" in codebook


def test_the_window_of_targets_is_chosen_from_the_coded_pairs(coding: Path, root: Path):
    lines = pd.read_csv(coding / "targets.csv").assign(in_article=1)
    assert len(lines) == 200 and lines["line_id"].is_unique
    assert not {"left", "keyword", "right", "text"} & set(lines.columns)
    docs = (root / "docs" / "lexicons.md").read_text(encoding="utf-8")
    right = lines["code"] * lines["lines_per_row"]
    for window in ("5", "10", "sentence", "paragraph", "article"):
        inside = lines[f"in_{window}"] == 1
        weights = lines.loc[inside, "lines_per_row"]
        share = right[inside].sum() / weights.sum()
        n = weights.sum() ** 2 / (weights**2).sum()  # lines that would weigh the same (Kish)
        low, high = (f"{end:.2f}".removeprefix("0") for end in wilson(share * n, n))
        found = told(right[inside].sum() / right.sum()) if window != "article" else "1"
        [row] = [row for row in docs.splitlines() if re.match(rf"\| {window}( tokens)?[ (]", row)]
        assert row.endswith(f"| {told(share)} | {low} to {high} | {found} |")
        if window == "10":
            assert Targets.of({"a": ["b"]}, 10, "all").window == Targets(None, ()).window
            assert share >= 0.8


def test_the_codebook_of_countries_says_what_its_sheet_does(coding: Path):
    lines = pd.read_csv(coding / "countries.csv")
    lexicon = Lexicon.load("countries")
    assert set(lines["frame"]) == set(lexicon.frames)
    n, right = len(lines), int(lines["code"].sum())
    low, high = map(told, wilson(right, n))
    assert f"{right} of {n}" in lexicon.coding and f"{low} to {high}" in lexicon.coding
    book = (SHIPPED / "countries.md").read_text(encoding="utf-8")
    assert f"({told(right / n)}, 95% interval {low} to {high})" in book


@pytest.mark.shared
@pytest.mark.parametrize("name", [*SHEETS, "generic_frames.csv", "targets.csv", "countries.csv"])
def test_every_coded_line_is_a_hit_in_the_texts(name: str, coding: Path, root: Path, shared: Path):
    articles, _ = read_articles(
        shared / "corpora" / "allsides_security.parquet",
        columns={"doc_id": "id"},
        outlets=root / "data" / "allsides_security" / "outlets.csv",
        today="2026-01-01",
    )
    lines = pd.read_csv(coding / name)
    others = {"generic_frames.csv": "generic-frames", "countries.csv": "countries"}
    lexicon = others.get(name, "deterrence-dialogue")
    found = kwic(articles[articles["doc_id"].isin(lines["doc_id"])], Lexicon.load(lexicon))
    keys = ["doc_id", "start", "frame", "pattern"]
    hits = set(map(tuple, found.loc[~found["negated"], keys].to_numpy()))
    assert set(map(tuple, lines[keys].to_numpy())) <= hits


def test_the_generic_frames_report_what_their_sheet_says(coding: Path, root: Path):
    lines = pd.read_csv(coding / "generic_frames.csv")
    lexicon = Lexicon.load("generic-frames")
    files = [coding / "README.md", SHIPPED / "generic-frames.md"]
    texts = [file.read_text(encoding="utf-8") for file in files]
    assert not {"left", "keyword", "right", "text"} & set(lines.columns)
    assert set(lines["frame"]) == set(lexicon.frames)
    assert set(lines["doc_id"]) <= set(
        pd.read_parquet(root / "data" / "allsides_security" / "documents.parquet")["doc_id"]
    )
    for row in lines.itertuples():
        assert row.pattern in lexicon.frames[row.frame]
        key = f"{row.doc_id}|{row.start}|{row.frame}"
        assert row.line_id == hashlib.sha256(key.encode()).hexdigest()[:16]
        # Drawn from the half that the patterns were not tried on.
        assert int(hashlib.sha256(row.doc_id.encode()).hexdigest(), 16) % 2 == 1
    for frame, codes in lines.groupby("frame")["code"]:
        n, right = len(codes), int(codes.sum())
        assert n >= 60
        low, high = map(told, wilson(right, n))
        said = f"{told(right / n)} | {low} to {high}"
        assert all(f"| {frame} | {n} | {right} | {said} |" in text for text in texts)
        assert f"{told(right / n)} ({low} to {high})" in lexicon.coding.replace("95% interval ", "")
