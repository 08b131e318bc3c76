"""``framing events``: what it writes is what `match_events` finds in the whole corpus."""

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result

from analysis import cli_events, match_events, read_articles
from analysis.cli import main


def framing(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def sample(root: Path) -> Path:
    return root / "data" / "sample" / "articles.csv"


@pytest.mark.parametrize("part", [7, 2_000])
def test_articles_are_written_with_their_events(
    part: int, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(cli_events, "PART", part)
    output = tmp_path / "deep" / "events.parquet"
    result = framing("events", sample, "-o", output, "--threshold", "0.2", "--window", "5d")
    assert result.exit_code == 0, result.stderr
    articles, rejected = read_articles(sample)
    expected = match_events(articles, window="5d", threshold=0.2)
    found = pd.read_parquet(output)
    pd.testing.assert_frame_equal(found, expected)
    listed = pd.read_csv(output.with_suffix(".rejected.csv"))
    assert listed["reason"].tolist() == rejected["reason"].astype("str").tolist()
    several = expected.groupby("event")["outlet"].nunique() > 1
    on_them = expected["event"].isin(several.index[several]).sum()
    said = f"46 articles: {on_them} of them on {several.sum()} events that several outlets cover."
    assert said in result.stdout


def test_two_outlets_on_one_event(tmp_path: Path):
    """Two reports of one fire, by hand, and a third article on something else."""
    for name, outlet, text in (
        ("a", "Gazette", "Fire closed the bridge"), ("b", "Herald", "Bridge closed after a fire"),
        ("c", "Herald", "Judge freed the miner"),
    ):  # fmt: skip
        line = f"doc_id,outlet,date,text\n{name},{outlet},2021-03-14,{text}\n"
        (tmp_path / f"{name}.csv").write_text(line, encoding="utf-8")
    output = tmp_path / "out" / "events.parquet"
    result = framing("events", *(tmp_path / f"{n}.csv" for n in "abc"), "-o", output)
    assert result.exit_code == 0, result.stderr
    assert pd.read_parquet(output)["event"].tolist() == ["a", "a", "c"]
    assert "3 articles: 2 of them on 1 event that several outlets cover." in result.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--window", "soon"], "window='soon': it must be a number of days"),
        (["--threshold", "2"], "threshold=2.0 must be above 0 and at most 1"),
        (["--columns", "text"], "is not NAME=COLUMN"),
        (["-o", "events.csv"], "does not end in .parquet"),
    ],
)
def test_wrong_arguments_are_one_line(options: list[str], said: str, sample: Path, tmp_path: Path):
    result = framing("events", sample, "-o", tmp_path / "events.parquet", *options)
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert said in result.stderr
    assert list(tmp_path.iterdir()) == []
