"""What lies in a folder and is not read."""

from pathlib import Path

from analysis.reading import read_articles

TABLE = "outlet,date,text\nGazette,2021-03-14,They met.\n"


def test_hidden_folders_and_what_the_caller_leaves_out_are_not_read(tmp_path: Path):
    for name in ("news.csv", "results/old.csv", ".stages/part.csv", "lists/a.csv", "lists/b.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(TABLE, encoding="utf-8")
    articles, rejected = read_articles(
        tmp_path, leave_out=[tmp_path / "results", str(tmp_path / "lists" / "b.csv")]
    )
    assert [file["source"] for file in articles.attrs["reading"]] == ["news.csv", "lists/a.csv"]
    assert rejected.empty
