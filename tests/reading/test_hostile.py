"""Files that are broken or mean harm: each ends in a ReadError, or in rows that are accounted for.

Never in another traceback, a hang, or a loss without a word.
"""

import gzip
import io
import json
import random
import signal
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
import zstandard

from analysis import read_articles
from analysis.errors import ReadError
from analysis.reading.limits import ReadLimits
from analysis.reading.rejected import Reason
from tests.reading import samples

TODAY = "2020-01-01"
LIMITS = ReadLimits(row_chars=100_000, document_bytes=2_000_000, members=50, depth=200)
SECONDS = 30
WRONG_ENDINGS = (
    "csv jsonl parquet xlsx json docx html xml txt warc zip csv.gz csv.zst pdf rtf".split()  # noqa: SIM905
)


@pytest.fixture(autouse=True)
def _no_hang() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise AssertionError(f"took longer than {SECONDS} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


ROWS = [
    {"doc_id": f"d{n}", "outlet": "Gazette", "date": f"2018-06-0{n}", "title": "Talks",
     "text": f"Envoys met for the {n}. time.\n\nThey said \"no\", and “nothing”, twice."}
    for n in (1, 2, 3)
]  # fmt: skip


def in_memory(save: Callable[[io.BytesIO], object]) -> bytes:
    buffer = io.BytesIO()
    save(buffer)
    return buffer.getvalue()


def make_samples(folder: Path) -> dict[str, bytes]:
    """A sound file in every format, by name."""
    frame = pd.DataFrame(ROWS)
    csv = frame.to_csv(index=False, quoting=1).encode()
    jsonl = "\n".join(json.dumps(row) for row in ROWS).encode()
    page = samples.web_page(
        '<meta property="article:published_time" content="2018-06-12">'
        '<meta property="og:site_name" content="Skarrow Wire">'
    )
    heads = [("Talks", "Skarrow Wire", "June 1, 2018 Friday", "Length:\xa09 words")] * 2
    captures = [("https://example.org/2018/06/12/a", "200 OK", page.encode())] * 2

    def archive(buffer: io.BytesIO) -> None:
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as members:
            members.writestr("a.csv", csv)
            members.writestr("b.jsonl", jsonl.replace(b'"d', b'"e'))

    return {
        "table.csv": csv,
        "table.tsv": frame.to_csv(index=False, sep="\t", quoting=1).encode(),
        "table.csv.gz": gzip.compress(csv),
        "table.csv.zst": zstandard.compress(csv),
        "table.jsonl": jsonl,
        "table.json": json.dumps(ROWS).encode(),
        "table.parquet": in_memory(frame.to_parquet),
        "table.xlsx": in_memory(lambda buffer: frame.to_excel(buffer, index=False)),
        "guardian.json": json.dumps(samples.GUARDIAN).encode(),
        "newsapi.json": json.dumps(samples.NEWSAPI).encode(),
        "webz.json": json.dumps(samples.WEBZ).encode(),
        "lexisnexis.txt": samples.lexisnexis(3).encode(),
        "nexis.html": samples.nexis_html().encode(),
        "nexis.docx": samples.nexis_docx(folder / "nexis.docx", heads).read_bytes(),
        "factiva.html": samples.factiva_page("9 words", "12 June 2018").encode(),
        "factiva.xml": samples.factiva_xml(3).encode(),
        "proquest.txt": samples.proquest(samples.PROQUEST_DOCUMENT.format(n=1)).encode(),
        "europresse.html": samples.EUROPRESSE.encode(),
        "proquest.html": samples.proquest_html().encode(),
        "registry.json": json.dumps(samples.EVENT_REGISTRY).encode(),
        "nexis.rtf": samples.rtf(samples.NEXIS_UNI_LINES).encode(),
        "factiva.rtf": samples.rtf(samples.FACTIVA_LINES).encode(),
        "nexis.pdf": samples.pdf([line.strip("*") for line in samples.NEXIS_UNI_LINES]),
        "page.html": page.encode(),
        "capture.warc": samples.web_archive(*captures, compress=False),
        "capture.warc.gz": samples.web_archive(*captures),
        "archive.zip": in_memory(archive),
    }


SAMPLES = tuple(make_samples(Path(__import__("tempfile").mkdtemp())))
NOISE = random.Random(7).randbytes(4096)
DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "first byte": lambda data: data[:1],
    "first quarter": lambda data: data[: len(data) // 4],
    "first half": lambda data: data[: len(data) // 2],
    "three quarters": lambda data: data[: len(data) * 3 // 4],
    "last bytes gone": lambda data: data[:-9],
    "first bytes gone": lambda data: data[3:],
    "zeros": lambda data: bytes(4096),
    "noise": lambda data: NOISE,
    "zeros inside": lambda data: data[: len(data) // 2] + bytes(64) + data[len(data) // 2 :],
    "noise inside": lambda data: data[: len(data) // 2] + NOISE[:64] + data[len(data) // 2 :],
    "bits turned": lambda data: bytes(b ^ 64 if n % 97 == 50 else b for n, b in enumerate(data)),
    "utf-16": lambda data: data.decode("latin-1").encode("utf-16"),
    "twice": lambda data: data + data,
    "compressed once more": gzip.compress,
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> dict[str, bytes]:
    return make_samples(tmp_path_factory.mktemp("sound"))


def read_or_error(path: Path, **options) -> tuple[pd.DataFrame, pd.DataFrame] | None:
    """What was read, all of it accounted for; None for an error that says what to do."""
    try:
        articles, rejected = read_articles(path, today=TODAY, limits=LIMITS, **options)
    except ReadError as fault:
        message = str(fault)
        assert message.startswith(path.name), message
        # What was found, and then a sentence on what to do.
        assert len(message) > len(path.name) + 20, message
        assert message.rstrip().endswith((".", ")")), message
        return None
    rows = sum(note["rows"] for note in articles.attrs["reading"])
    assert len(articles) + len(rejected) == rows
    assert set(rejected["reason"]) <= {str(reason) for reason in Reason}
    assert rejected["source"].ne("").all()
    assert rejected["locator"].ne("").all()
    return articles, rejected


@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_are_sound(write, sound, name):
    read = read_or_error(write(name, sound[name]))
    assert read is not None
    assert len(read[0]) >= 1


@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("name", SAMPLES)
def test_damaged_files(write, sound, name, damage):
    read = read_or_error(write(name, DAMAGE[damage](sound[name])))
    if read is None:
        return
    articles, rejected = read
    assert len(articles) + len(rejected) > 0, "read without a word and without a row"


# Formats whose records show where they end. In a table without quotes, a page or a plain text, the
# end can't be told from a shorter article.
@pytest.mark.parametrize("name", [name for name in SAMPLES if not name.endswith("page.html")])
@pytest.mark.parametrize("part", [0.3, 0.5, 0.7, 0.8, 0.9, 0.97])
def test_no_cut_text_passes_for_a_whole_one(write, sound, name, part):
    whole, _ = read_articles(write(name, sound[name]), today=TODAY)
    data = sound[name]
    read = read_or_error(write(name, data[: int(len(data) * part)]))
    if read is not None:
        assert set(read[0]["text"]) <= set(whole["text"])


@pytest.mark.parametrize(
    "ending",
    WRONG_ENDINGS,
)
@pytest.mark.parametrize("name", ["table.parquet", "page.html", "archive.zip", "nexis.docx"])
def test_files_under_a_wrong_name(write, sound, name, ending):
    read = read_or_error(write(f"wrong.{ending}".rstrip("."), sound[name]))
    assert read is None or len(read[0]) + len(read[1]) > 0


def outcome(path: Path, **options) -> list[str] | str:
    """The reasons of the rejected rows after the number of articles; or the error."""
    limits = options.pop("limits", LIMITS)
    try:
        articles, rejected = read_articles(path, today=TODAY, limits=limits, **options)
    except ReadError as fault:
        return str(fault)
    return [str(len(articles)), *rejected["reason"]]


HEADER = "doc_id,outlet,date,title,text\n"
GOOD = "1,Gazette,2018-06-12,T,They met.\n"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (HEADER + GOOD + 'a,"b\n', ["1", "malformed row"]),
        (HEADER + '"' + GOOD, ["0", "malformed row"]),
        (HEADER + GOOD + '2,Gazette,2018-06-12,T,"x"y\n' + GOOD.replace("1", "3", 1),
         ["2", "malformed row"]),
        (HEADER + GOOD + "2,Gazette\n", ["1", "malformed row"]),
        (HEADER + GOOD + "2,Gazette,2018-06-12,T,x,extra\n", ["1", "malformed row"]),
        (HEADER + "1,NaN,2018-06-12,T,x\n2,,2018-06-12,T,x\n3,null,2018-06-12,T,x\n",
         ["0", "no outlet", "no outlet", "no outlet"]),
        (HEADER + "1,Gazette,NaN,T,x\n2,Gazette,NaT,T,x\n", ["0", "no date", "no date"]),
        (HEADER + "1,Gazette,2018-06-12,T,nan\n", ["0", "no text"]),
        (HEADER + "1,Gazette,2018-06-12,T,   \n", ["0", "no text"]),
        (HEADER + "1,Gazette,2018-06-12,T,\x00\x00\n", ["0", "no text"]),
        (HEADER + "1,Gaz\x00ette,2018-06-12,T,They\x00 met.\n", ["1"]),
        (HEADER + GOOD * 3, ["1", "duplicate id", "duplicate id"]),
        (HEADER + ",,,,\n" * 3, ["0", "no text", "no text", "no text"]),
        (HEADER + "\n\n" + GOOD + "\n\n", ["1"]),
        (HEADER, ["0"]),
        (HEADER + "1,Gazette,2018-06-12,T," + "x" * 100_001 + "\n" + GOOD,
         ["1", "over the size limit"]),
        (HEADER + '1,Gazette,2018-06-12,T,"' + "x\n" * 60_000 + '"\n',
         ["0", "over the size limit", *["malformed row"] * 10_000]),
        (HEADER.replace(",", "\t") + GOOD, ["0", "malformed row"]),
        ("a" * 200_000, "longer than 100,000 characters"),
        ("=cmd|' /C calc'!A0,outlet,date,text\nx,Gazette,2018,They met.\n", ["1"]),
        ("text,text,text,outlet,date\nx,y,z,Gazette,2018\n", ["1"]),
        (",,outlet,date,text\n1,2,Gazette,2018,x\n", ["1"]),
        ("outlet,date,text\r" + "Gazette,2018,x\r" * 2, ["2"]),
        ("\ufeff\ufeffoutlet,date,text\nGazette,2018,x\n", ["1"]),
        (HEADER + "1,Gazette,9999999999999999999,T,x\n", ["0", "unreadable date"]),
        (HEADER + "1,Gazette,-0044-03-15,T,x\n", ["0", "unreadable date"]),
        (HEADER + "1,Gazette,9999-12-31,T,x\n", ["0", "impossible date"]),
        (HEADER + "1,Gazette,0001-01-01T00:00:00,T,x\n", ["0", "impossible date"]),
        (HEADER + "1,Gazette,١٢/٠٦/٢٠١٨,T,x\n", ["0", "ambiguous date"]),
        (HEADER + f"1,{'G' * 5000},2018,T,x\n", ["1"]),
    ],
)  # fmt: skip
def test_hostile_tables(write, content, expected):
    found = outcome(write("table.csv", content))
    if isinstance(expected, str):
        assert expected in found
    elif len(expected) > 1000:
        # The row over the limit is refused, and so is each line that is left of it.
        assert found[:2] == expected[:2]
        assert set(found[2:]) == {"malformed row"}
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "malformed row"),
        ("[]", "malformed row"),
        ("null", "malformed row"),
        ("NaN", "malformed row"),
        ('"x"', "malformed row"),
        ("[" * 50_000, "malformed row"),
        ('{"a":' * 15_000, "malformed row"),
        ('{"outlet": "G", "date": "2018", "text": "x"', "malformed row"),
        ('{"outlet": "G", "date": "2018", "text": 7}', "malformed row"),
        ('{"outlet": "G", "date": "2018", "text": ["x"]}', "malformed row"),
        ('{"outlet": {"a": 1}, "date": "2018", "text": "x"}', "malformed row"),
        ('{"outlet": "G", "date": "2018", "text": null}', "no text"),
        ('{"outlet": "G", "date": "2018", "text": "\\u0000"}', "no text"),
        ('{"outlet": "G", "date": "2018", "text": "half \\ud83d"}', "undecodable"),
        ('{"outlet": "G", "date": "2018", "text": "x", "more": "\\udc00"}', "undecodable"),
        ('{"outlet": "G", "date": "2018", "text": "x", "\\ud800": 1}', "undecodable"),
        ('{"outlet": "G", "date": null, "text": "x"}', "no date"),
        ('{"outlet": "G", "date": 1e400, "text": "x"}', "unreadable date"),
        ('{"outlet": "G", "date": [2018], "text": "x"}', "unreadable date"),
        ('{"outlet": "G", "date": true, "text": "x"}', "unreadable date"),
        ('{"outlet": "G", "date": 1528761600, "text": "x"}', "unreadable date"),
        ('{"outlet": NaN, "date": "2018", "text": "x"}', "no outlet"),
        ('{"outlet": "G", "date": "2018", "text": "' + "x" * 100_000 + '"}', "over the size limit"),
        ('{"outlet": "G", "date": "2018", "text": "x", "id": "1"}', "duplicate id"),
        ("{}", "no text"),
        ('{"outlet": "G", "date": "2018", "text": "x", "n": ' + "9" * 5000 + "}", "malformed row"),
    ],
)
def test_hostile_lines_of_json(write, line, reason):
    good = '{"outlet": "G", "date": "2018-06-12", "text": "They met.", "id": "1"}'
    last = '{"outlet": "G", "date": "2018-06-12", "text": "They left.", "id": "2"}'
    found = outcome(write("table.jsonl", "\n".join([good, line, last])))
    assert found == ["2", reason]


def zipped(*members: tuple[str, bytes], link: str = "") -> bytes:
    def save(buffer: io.BytesIO) -> None:
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in members:
                archive.writestr(name, data)
            if link:
                info = zipfile.ZipInfo("link.csv")
                info.external_attr = 0o120777 << 16
                archive.writestr(info, link)

    return in_memory(save)


TABLE = (HEADER + GOOD).encode()


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../up.csv", "unsafe path"),
        ("a/../../up.csv", "unsafe path"),
        ("/etc/up.csv", "unsafe path"),
        ("C:/up.csv", "unsafe path"),
        ("C:\\up.csv", "unsafe path"),
        ("..\\up.csv", "unsafe path"),
        ("\\\\server\\up.csv", "unsafe path"),
        ("inner.zip", "unknown format"),
        ("program.exe", "unknown format"),
        ("noending", "unknown format"),
        ("empty.csv", "damaged file"),
        ("broken.parquet", "damaged file"),
        ("broken.docx", "damaged file"),
        ("broken.csv.gz", "damaged file"),
    ],
)
def test_hostile_members_of_archives(write, name, reason):
    content = b"" if name == "empty.csv" else TABLE
    if name == "inner.zip":
        content = zipped(("a.csv", TABLE))
    found = outcome(write("a.zip", zipped((name, content), ("good.csv", TABLE))))
    assert found == ["1", reason]


def test_an_archive_writes_nothing_to_disk(write, tmp_path):
    before = {path.name for path in tmp_path.iterdir()}
    path = write("a.zip", zipped(("../up.csv", TABLE), ("good.csv", TABLE)))
    read_articles(path, today=TODAY)
    assert {entry.name for entry in tmp_path.iterdir()} == before | {"a.zip"}


def test_links_in_archives_are_not_followed(write):
    assert outcome(write("a.zip", zipped(("good.csv", TABLE), link="/etc/hostname"))) == [
        "1",
        "unsafe path",
    ]


def test_an_encrypted_member_is_rejected(write):
    data = bytearray(zipped(("good.csv", TABLE)))
    # The flag in the local header and in the directory says that the member is encrypted.
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    assert outcome(write("a.zip", bytes(data))) == ["0", "unsafe path"]


def test_two_members_of_one_name(write):
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped(("a.csv", TABLE), ("a.csv", TABLE.replace(b"met", b"left")))
    assert outcome(write("a.zip", data))[0] == "2"


def test_too_many_members(write):
    data = zipped(*((f"{n}.txt", b"x") for n in range(51)))
    assert "51 files, more than 50" in outcome(write("a.zip", data))


BOMB = b'1,Gazette,2018-06-12,T,"' + b"0" * 40_000_000 + b'"\n'


@pytest.mark.parametrize("name", ["bomb.csv.gz", "bomb.csv.zst"])
def test_compression_bombs_stop_at_the_ratio(write, name):
    pack = gzip.compress if name.endswith("gz") else zstandard.compress
    found = outcome(write(name, pack(HEADER.encode() + BOMB)))
    assert found.startswith(f"{name}: expands to more than 16,777,216 bytes")


def test_a_bomb_among_the_members_of_an_archive(write):
    data = zipped(("bomb.csv", HEADER.encode() + BOMB), ("good.csv", TABLE))
    assert outcome(write("a.zip", data)) == ["1", "over the size limit"]
    limits = ReadLimits(expanded_bytes=1000)
    assert outcome(write("b.zip", data), limits=limits) == ["0", *["over the size limit"] * 2]


@pytest.mark.parametrize("ending", ["docx", "xlsx"])
def test_bombs_inside_office_files(write, ending):
    parts = zipped(("[Content_Types].xml", b" " * 40_000_000), ("word/document.xml", b"<a/>"))
    assert "compression bomb" in outcome(write(f"bomb.{ending}", parts))


def test_an_xml_bomb_is_not_expanded(write):
    entities = "".join(
        f'<!ENTITY a{n} "{"&a" + str(n - 1) + ";" if n else "x"}'
        f'{("&a" + str(n - 1) + ";") * 9 if n else "x"}">'
        for n in range(12)
    )
    content = f"<!DOCTYPE x [{entities}]>" + samples.factiva_xml(1)[38:].replace("agreed", "&a11;")
    found = outcome(write("bomb.xml", content))
    assert found[0] in ("0", "1")


@pytest.mark.parametrize("depth", [300, 100_000])
@pytest.mark.parametrize("tag", ["div", "b", "table", "blockquote"])
def test_deep_pages(write, tag, depth):
    page = samples.web_page(body=f"<{tag}>" * depth + "x")
    found = outcome(write("deep.html", page))
    assert "nest deeper than 200" in found


@pytest.mark.parametrize(
    "content",
    [
        "<html></html>", "<", "<!DOCTYPE html>", "<html><body>" + "<br>" * 50_000,
        "<p>" * 20_000, "<script>" + "x" * 100_000, "<!--", "<html><head><meta charset='nonsense'>",
        "<a href='" + "x" * 100_000 + "'>x</a>", "&#0;&#x110000;&nosuch;", "]]>" * 1000,
        "<svg><foreignObject>" * 90, "<title>" * 300, "<?xml version='1.0' encoding='utf-16'?><p>",
    ],
)  # fmt: skip
def test_odd_pages(write, content):
    read = read_or_error(write("odd.html", content))
    assert read is None or len(read[0]) + len(read[1]) == 1


def test_a_file_over_the_limit_of_what_is_held_whole(write):
    found = outcome(write("big.html", b"x" * 2_000_001))
    assert "larger than 2,000,000 bytes" in found


def test_links_and_odd_files_in_folders(write, tmp_path):
    home = write("in/good.csv", TABLE).parent
    secret = write("secret.csv", TABLE)
    (home / "out.csv").symlink_to(secret)
    (home / "circle.csv").symlink_to("circle.csv")
    (home / "nowhere.csv").symlink_to("nothing.csv")
    (home / "loop").symlink_to(home)
    (home / "same.csv").symlink_to("good.csv")
    (home / "folder.csv").mkdir()
    __import__("os").mkfifo(home / "pipe.csv")
    articles, rejected = read_articles(home, today=TODAY)
    assert len(articles) == 1
    assert rejected[["source", "reason"]].values.tolist() == [
        ["circle.csv", "unsafe path"],
        ["loop", "unsafe path"],
        ["nowhere.csv", "unsafe path"],
        ["out.csv", "unsafe path"],
        ["pipe.csv", "file not found"],
        ["same.csv", "duplicate id"],
    ]


@pytest.mark.parametrize(
    "name", ["\n.csv", "a\tb.csv", "-rf.csv", "“quoted”.csv", "ü.csv", "x" * 200 + ".csv", "a.csv."]
)
def test_odd_names_of_files(write, name):
    found = outcome(write(name, TABLE))
    assert found == ["1"] or name.endswith("csv.")


def test_a_name_that_is_not_utf8(tmp_path):
    home = tmp_path / "in"
    home.mkdir()
    with open(bytes(home) + b"/\xff.csv", "wb") as stream:  # noqa: PTH123 - bytes, not a Path
        stream.write(TABLE.replace(b"1,G", b",G"))
    articles, rejected = read_articles(home, today=TODAY)
    assert len(articles) + len(rejected) == 1


def test_what_is_no_file(tmp_path):
    assert "no such file or folder" in outcome(tmp_path / "nothing.csv")
    assert "holds no file to read" in outcome(tmp_path)
    assert "holds no file to read" in outcome([tmp_path, tmp_path])


@pytest.mark.parametrize(
    "name", ["\x00.txt", "x" * 5000, "a\n.txt", ".", "..", "~", "//x", "a/" * 3000]
)
def test_hostile_names_in_a_manifest(write, name):
    home = write("in/a.txt", "They met.").parent
    quoted = name.replace('"', '""')
    write("in/manifest.csv", f'file,outlet,date\na.txt,Gazette,2018\n"{quoted}",Gazette,2018\n')
    articles, rejected = read_articles(home, today=TODAY)
    assert len(articles) == 1
    assert rejected["reason"].tolist()[0] in ("unsafe path", "file not found")


def test_hostile_today_and_aliases(write):
    path = write("a.csv", TABLE)
    with pytest.raises(ReadError, match="today='soon'"):
        read_articles(path, today="soon")
    for content in (
        "",
        "a\n",
        "name,outlet\nx\n",
        'name,outlet\n"x\n',
        "name,o\nx,A\nX,B\n",
        b"\xff",
    ):
        with pytest.raises(ReadError, match="outlets: "):
            read_articles(path, outlets=write("aliases.csv", content))
    with pytest.raises(ReadError, match="outlets: "):
        read_articles(path, outlets=path.parent / "nothing.csv")
