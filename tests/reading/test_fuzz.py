"""Anything may stand in a file: what was written is read again, or rejected, and nothing else."""

import csv
import io
import json
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis import read_articles
from analysis.errors import ReadError
from analysis.reading.encodings import mend
from analysis.reading.limits import ReadLimits
from tests.reading import samples

SETTINGS = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LIMITS = ReadLimits(row_chars=10_000, members=20)
ENDINGS = (
    "csv", "tsv", "jsonl", "json", "parquet", "xlsx", "docx", "html", "xml", "txt", "warc",
    "warc.gz", "csv.gz", "csv.zst", "zip", "rtf", "pdf",
)  # fmt: skip
# Any character that a file can hold: no halves of one.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
ROW = st.tuples(TEXT, TEXT, st.one_of(st.just("2018-06-12"), TEXT), TEXT, TEXT)
COLUMNS = ("doc_id", "outlet", "date", "title", "text")


def read_bytes(name: str, data: bytes):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        articles, rejected = read_articles(path, today="2020-01-01", limits=LIMITS)
    rows = sum(note["rows"] for note in articles.attrs["reading"])
    assert len(articles) + len(rejected) == rows
    return articles, rejected


def check_rows(rows, articles, rejected):
    """Every row stands in one of the tables; an article has the text that was written."""
    assert len(articles) + len(rejected) == len(rows)
    written = {mend(row[4]).strip() for row in rows}
    assert set(articles["text"]) <= written
    sound = [
        row for row in rows
        if row[2] == "2018-06-12" and mend(row[4]).strip() and len(mend(row[1]).strip()) > 8
    ]  # fmt: skip
    if not rejected["reason"].isin(["duplicate id", "no text", "no outlet"]).any():
        assert len(articles) >= len(sound)


@SETTINGS
@given(st.lists(ROW, min_size=1, max_size=8))
def test_any_rows_of_csv(rows):
    buffer = io.StringIO()
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    writer.writerows([COLUMNS, *rows])
    check_rows(rows, *read_bytes("a.csv", buffer.getvalue().encode()))


@SETTINGS
@given(st.lists(ROW, min_size=1, max_size=8))
def test_any_rows_of_json_lines(rows):
    lines = [json.dumps(dict(zip(COLUMNS, row, strict=True))) for row in rows]
    check_rows(rows, *read_bytes("a.jsonl", "\n".join(lines).encode()))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=8) | st.sampled_from(COLUMNS), inner, max_size=5)
    ),
    max_leaves=20,
)


@SETTINGS
@given(
    st.sampled_from(["list", "posts", "articles", "results", "lines"]), st.lists(JSON, max_size=5)
)
def test_any_json(shape, items):
    content = {
        "list": items,
        "posts": {"posts": items},
        "articles": {"articles": items},
        "results": {"response": {"results": items}},
        "lines": items,
    }[shape]
    if shape == "lines":
        name, data = "a.jsonl", "\n".join(map(json.dumps, items))
    else:
        name, data = "a.json", json.dumps(content)
    try:
        articles, rejected = read_bytes(name, data.encode())
    except ReadError:
        return
    assert len(articles) + len(rejected) == len(items)


@SETTINGS
@given(st.sampled_from(ENDINGS), st.binary(max_size=400))
def test_any_bytes_under_any_ending(ending, data):
    try:
        read_bytes(f"a.{ending}", data)
    except ReadError as fault:
        assert str(fault).startswith(f"a.{ending}")


TEXTS = {
    "a.txt": samples.lexisnexis(2),
    "b.txt": samples.proquest(samples.PROQUEST_DOCUMENT.format(n=1)),
    "c.html": samples.nexis_html(),
    "d.html": samples.factiva_page("9 words", "12 June 2018"),
    "e.xml": samples.factiva_xml(2),
    "f.html": samples.web_page(),
    "g.html": samples.EUROPRESSE,
    "h.html": samples.proquest_html(),
    "i.rtf": samples.rtf(samples.NEXIS_UNI_LINES),
    "j.rtf": samples.rtf(samples.FACTIVA_CODED),
}


@SETTINGS
@given(st.sampled_from(sorted(TEXTS)), st.data())
def test_exports_with_anything_put_in_or_taken_out(name, data):
    text = TEXTS[name]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 60)))
    changed = text[:start] + data.draw(TEXT) + text[end:]
    try:
        read_bytes(name, changed.encode())
    except ReadError as fault:
        assert str(fault).startswith(name)
