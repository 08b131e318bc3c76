import pytest

from analysis import read_articles
from analysis.errors import ReadError
from analysis.reading.encodings import mend

HEADER = "outlet;date;text\n"
TEXT = "“They met,” said Zoë – à l’heure."


@pytest.mark.parametrize(
    ("encoding", "known"),
    [
        ("utf-8", "utf-8 (valid)"),
        ("utf-8-sig", "utf-8-sig (bom)"),
        ("utf-16", "utf-16 (bom)"),
        ("utf-32", "utf-32 (bom)"),
        ("utf-16-le", "utf-16-le (detected)"),
        ("utf-16-be", "utf-16-be (detected)"),
    ],
)
def test_encodings_are_found_and_told(write, encoding, known):
    path = write("n.csv", f"{HEADER}Gazette;2018;{TEXT}\n".encode(encoding))
    articles, rejected = read_articles(path)
    assert articles["text"].tolist() == [TEXT]
    assert articles.attrs["reading"][0]["encoding"] == known
    assert len(rejected) == 0


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "“They met,” said Zoë – à l’heure, and the café closed. " * 8),
        ("cp1251", "Послы обеих сторон встретились у озера и долго говорили. " * 8),
        ("cp932", "両国の使節は湖のほとりで会い、長い間話し合った。" * 8),
    ],
)
def test_legacy_encodings_are_detected(write, encoding, text):
    path = write("n.csv", f"{HEADER}Gazette;2018;{text}\n".encode(encoding))
    articles, _ = read_articles(path)
    assert articles["text"].tolist() == [text.strip()]
    assert articles.attrs["reading"][0]["encoding"].startswith(f"{encoding} (detected")


def test_that_other_encodings_would_fit_is_told(write, caplog):
    text = "“They met,” said Zoë – à l’heure, and the café closed. " * 8
    path = write("n.csv", f"{HEADER}Gazette;2018;{text}\n".encode("cp1252"))
    read_articles(path)
    assert "encoding: cp1252 (detected; cp1250, cp1257 would fit too)" in caplog.text


def test_an_encoding_that_is_given_is_used(write):
    path = write("n.csv", f"{HEADER}Gazette;2018;{TEXT}\n".encode("cp1252"))
    articles, _ = read_articles(path, encoding="windows-1252")
    assert articles["text"].tolist() == [TEXT]
    with pytest.raises(ReadError, match="encoding='klingon' is unknown"):
        read_articles(path, encoding="klingon")


def test_a_bad_byte_rejects_its_row_and_no_other(write):
    good = f"Gazette;2018;{TEXT}\n".encode()
    path = write("n.csv", HEADER.encode() + good + b"Gazette;2018;br\xffken\n" + good)
    articles, rejected = read_articles(path)
    assert articles["text"].tolist() == [TEXT, TEXT]
    assert rejected[["locator", "reason"]].values.tolist() == [["line 3", "undecodable"]]


def test_mojibake_is_mended_and_counted(write):
    mangled = TEXT.encode().decode("cp1252", errors="ignore")
    path = write("n.csv", f"{HEADER}Gazette;2018;itâ€™s cafÃ©\nGazette;2018;{TEXT}\n")
    articles, _ = read_articles(path)
    assert articles["text"].tolist() == ["it’s café", TEXT]
    assert articles.attrs["reading"][0]["mended"] == 1
    assert mend(mangled) != mangled


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "Москва, Київ, 北京, بغداد, Αθήνα",
        "El Niño, Ångström, Łódź, Ærø, São Paulo, Þingvellir",
        "‘Single’ and «double» quotes… — and an ellipsis",
        "line\nbreaks\r\nand\ttabs &amp; entities stay",
        "ﬁne ligatures and ｆｕｌｌ ｗｉｄｔｈ stay",
    ],
)
def test_what_is_sound_is_left_alone(text):
    assert mend(text) == text


def test_control_characters_are_dropped():
    assert mend("They\x00 met\x07.\x1b[0m") == "They met."
    # Line by line: of ASCII, with mojibake ("’" in UTF-8, read as cp1252), with an escape sequence.
    assert mend("A\r\nitâ€™s\n\nB\x07\n\x1b[1mC") == "A\r\nit’s\n\nB\nC"
