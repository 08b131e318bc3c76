import hashlib
from pathlib import Path

import docx
import pandas as pd
import pytest

from analysis import read_articles
from analysis.errors import ReadError
from tests.reading import samples

TEXT = "MENU\nEnvoys met.\n\nThey parted.\nRead more: weather\n"


@pytest.fixture
def folder(write) -> Path:
    return write("texts/a.txt", TEXT).parent


def manifest(
    folder: Path, *rows: str, header: str = "file,outlet,date,body_start,body_end"
) -> Path:
    path = folder / "manifest.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def outcome(rejected: pd.DataFrame) -> list[list[str]]:
    return rejected[["source", "locator", "reason"]].values.tolist()


@pytest.mark.parametrize(
    "bounds", ["5,30", "Envoys met.,They parted.", "5,They parted.", "Envoys met.,30"]
)
def test_the_body_is_cut_out_by_offsets_or_by_its_first_and_last_line(folder: Path, bounds: str):
    manifest(folder, f"a.txt,Gazette,2018-06-12,{bounds}")
    articles, rejected = read_articles(folder)
    assert articles.loc[0, "text"] == "Envoys met.\n\nThey parted."
    assert articles.loc[0, "doc_id"] == "a.txt"
    assert articles.loc[0, "furniture_chars"] == len(TEXT) - 25
    assert len(rejected) == 0


def test_dates_and_other_columns_of_the_manifest_are_kept(folder: Path):
    header = "file,sha256,outlet,reprinted_from,date,date_end,inferred,title"
    sha256 = hashlib.sha256(TEXT.encode()).hexdigest()
    path = manifest(
        folder, f"a.txt,{sha256},Gazette,Herald,2022-10,2023-02,yes,Talks", header=header
    )
    articles, _ = read_articles(folder, manifest=path)
    row = articles.iloc[0]
    assert (row["title"], row["reprinted_from"], row["inferred"]) == ("Talks", "Herald", "yes")
    assert str(row["date"].date()) == "2022-10-01"
    assert str(row["date_end"].date()) == "2023-02-28"


def test_the_title_and_furniture_inside_the_body_are_cut_out_by_offsets(folder: Path):
    header = "file,outlet,date,title_start,title_end,body_start,body_end,furniture"
    manifest(folder, "a.txt,Gazette,2018,0,4,5,50,11-15; 29-49", header=header)
    articles, _ = read_articles(folder)
    assert articles.loc[0, "title"] == "MENU"
    assert articles.loc[0, "text"] == "Envoys.\n\nThey parted"
    # 50 characters: 4 of title, 21 of body with the line's end, 25 others.
    assert articles.loc[0, "furniture_chars"] == 25


def test_the_five_documents(root: Path, shared: Path):
    articles, rejected = read_articles(
        shared / "seeds", manifest=root / "data" / "kelin" / "manifest.csv", today="2026-01-01"
    )
    assert len(rejected) == 0
    # From the account of the five documents beside them.
    assert articles["outlet"].tolist() == [
        "Unknown site", "socialbites.ca", "RT", "MyJoyOnline", "Embassy of Russia in London",
    ]  # fmt: skip
    assert articles["date"].dt.strftime("%Y-%m").tolist() == [
        "2025-02", "2022-10", "2020-07", "2025-03", "2021-03",
    ]  # fmt: skip
    # Body lengths as the manifest's offsets say, less blanks at the edges: 1043-1408 lies in RT's.
    upper = [2275 - 61, 3110 - 114, 2367 - 129 - 365, 3020 - 20, 5231 - 817]
    lengths = articles["text"].str.len().tolist()
    assert all(0 <= most - found <= 4 for most, found in zip(upper, lengths, strict=True))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("a.txt,Gazette,2018-06-12,0,5," + "0" * 64, "file differs from the manifest"),
        ("b.txt,Gazette,2018-06-12,,,", "file not found"),
        ("../a.txt,Gazette,2018-06-12,,,", "unsafe path"),
        ("/etc/hostname,Gazette,2018-06-12,,,", "unsafe path"),
        (",Gazette,2018-06-12,,,", "unsafe path"),
        ("a.txt,Gazette,2018-06-12,999,,", "malformed row"),
        ("a.txt,Gazette,2018-06-12,31,5,", "malformed row"),
        ("a.txt,Gazette,2018-06-12,No such line,,", "malformed row"),
        ("a.txt,,2018-06-12,,,", "no outlet"),
        ("a.txt,Gazette,,,,", "no date"),
    ],
)
def test_what_does_not_fit_is_rejected(folder: Path, row: str, reason: str):
    header = "file,outlet,date,body_start,body_end,sha256"
    manifest(folder, row, header=header)
    articles, rejected = read_articles(folder)
    assert len(articles) == 0
    assert [line[2] for line in outcome(rejected) if line[2] != "file not in the manifest"] == [
        reason
    ]


def test_a_file_that_the_manifest_does_not_list_is_rejected(folder: Path, write):
    write("texts/sub/b.txt", "Other.")
    manifest(folder, "a.txt,Gazette,2018-06-12,,")
    articles, rejected = read_articles(folder)
    assert len(articles) == 1
    assert outcome(rejected) == [["sub/b.txt", "file", "file not in the manifest"]]


def test_a_link_out_of_the_folder_is_not_followed(folder: Path, write):
    outside = write("secret.txt", "Secret.")
    (folder / "b.txt").symlink_to(outside)
    manifest(folder, "a.txt,Gazette,2018,,", "b.txt,Gazette,2018,,")
    articles, rejected = read_articles(folder)
    assert articles["doc_id"].tolist() == ["a.txt"]
    assert outcome(rejected) == [["manifest.csv", "line 3", "unsafe path"]]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "empty"),
        ("file,outlet\na.txt,Gazette\n", "lacks the column"),
        ("file,outlet,date\na.txt,Gazette\n", "line 2: 2 fields where the header has 3"),
        ('file,outlet,date\na.txt,"Gazette,2018\n', "line 2: a quote opened here"),
    ],
)
def test_a_manifest_that_is_broken_is_an_error(folder: Path, content: str, message: str):
    (folder / "manifest.csv").write_text(content)
    with pytest.raises(ReadError, match=message):
        read_articles(folder)


def test_pages_and_word_documents_with_a_manifest(write, tmp_path):
    home = write("in/a.html", samples.web_page()).parent
    document = docx.Document()
    document.add_paragraph("Envoys met.")
    document.add_paragraph("Read more: weather")
    document.save(home / "b.docx")
    samples.nexis_docx(home / "c.docx", [("T", "Wire", "June 1, 2018")] * 2)
    write("in/d.html", "<p>Not listed.</p>")
    rows = "a.html,Gazette,2018-06-12,,\nb.docx,Herald,2018-06-13,0,11\nc.docx,Wire,2018,,\n"
    write("in/manifest.csv", "file,outlet,date,body_start,body_end\n" + rows)
    articles, rejected = read_articles(home, today="2020-01-01")
    assert articles["outlet"].tolist() == ["Gazette", "Herald"]
    assert articles["title"].tolist() == ["Talks at the lake", ""]
    assert articles.loc[0, "text"].split("\n\n")[-3:] == samples.PARAGRAPHS
    assert articles.loc[1, "text"] == "Envoys met."
    assert rejected["reason"].tolist() == ["file not in the manifest", "malformed row"]
    assert "holds 2 articles" in rejected.loc[1, "detail"]


@pytest.mark.parametrize(
    ("name", "content", "reason", "detail"),
    [
        ("a.html", "<rss><channel></channel></rss>", "unknown format", "is a feed"),
        ("a.doc", "x", "unknown format", ".doc is no known format"),
        ("a.docx", "x", "damaged file", ""),
    ],
)
def test_a_listed_file_that_cannot_be_read(write, name, content, reason, detail):
    home = write(f"in/{name}", content).parent
    (home / "manifest.csv").write_text(f"file,outlet,date\n{name},Gull,2018-06-12\n")
    articles, rejected = read_articles(home)
    assert len(articles) == 0
    assert rejected["reason"].tolist() == [reason]
    assert rejected["detail"][0].startswith(f"{name!r}: {detail}")
    assert rejected["detail"][0].count(name) == 1
