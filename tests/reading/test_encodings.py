import codecs

import pytest

from analysis import read_articles
from analysis.errors import ReadError
from analysis.reading.encodings import find_encoding, mend
from analysis.reading.encodings.multibyte import multibyte
from analysis.reading.files.compressed import input_file
from analysis.reading.limits import ReadLimits

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
    # Word's line break, and the page break of a PDF, part words.
    assert mend("They\x0bmet.\x0cThey parted.") == "They\nmet.\nThey parted."
    # Line by line: of ASCII, with mojibake ("’" in UTF-8, read as cp1252), with an escape sequence.
    assert mend("A\r\nitâ€™s\n\nB\x07\n\x1b[1mC") == "A\r\nit’s\n\nB\nC"


# One line each, as short as a manifest's: the language decides.
LINES = [
    ("cp1252", "Neuvottelut jatkuivat ennen kuin osapuolet pääsivät yhteisymmärrykseen."),
    ("cp1252", "Samtalerne varede i timer, før begge sider blev enige i næste uge."),
    ("cp1252", "Bisedimet zgjatën me orë të tëra përpara se të merreshin vesh."),
    ("cp1252", "Die Tür"), ("cp1252", "L'Écho"), ("cp1252", "L’Écho – “déjà vu”"),
    ("cp1252", "La señal del año"), ("cp1252", "Þorpið við sjóinn"), ("cp1252", "São João"),
    ("cp1252", "Het idee van een café in België"), ("cp1252", "£5 for a naïve reader"),
    ("cp1250", "Rozmowy trwały wiele godzin. Łódź"), ("iso8859_2", "Źródło: Gazeta, ąęśź"),
    ("cp1250", "Jednání trvalo několik hodin, než se strany dohodly."),
    ("cp1254", "Görüşmeler saatlerce sürdü, şimdi ılık rüzgâr"),
    ("cp1257", "Derybos truko kelias valandas, kol šalys susitarė dėl uosto ir ežerų"),
    ("cp1251", "Переговоры продолжались несколько часов"),
    ("koi8_r", "Переговоры продолжались несколько часов"),
    ("cp1253", "Οι συνομιλίες συνεχίστηκαν για ώρες"),
    ("cp1256", "استمرت المحادثات لساعات"), ("cp1255", "השיחות נמשכו שעות"),
    ("mac_roman", "El diálogo continuó durante horas en la señal del año"),
    ("cp850", "El diálogo continuó durante horas en la señal del año"),
    ("gb18030", "谈判持续了几个小时，双方没有达成协议"),
    ("cp932", "会談は数時間続いた。港は来週開く。"),
    ("iso2022_jp", "会談は数時間続いた。"), ("iso2022_kr", "회담은 몇 시간 동안 계속되었다."),
]  # fmt: skip


@pytest.mark.parametrize(("encoding", "line"), LINES)
def test_one_line_is_enough(write, tmp_path, encoding, line):
    write("press/Gull/2021-03-04.txt", line.encode(encoding))
    articles, _ = read_articles(tmp_path / "press", today="2022-01-01")
    assert articles["text"].tolist() == [line]


@pytest.mark.parametrize(
    ("label", "encoding", "text"),
    [
        ("gb2312", "gbk", "朱镕基"),
        ("iso-8859-9", "cp1254", "ışık “x”"),
        ("shift_jis", "cp932", "①髙"),
        ("x-sjis", "cp932", "①髙"),
        ("windows-31j", "cp932", "①髙"),
        ("x-cp1251", "cp1251", "диалог"),
        ("koi8", "koi8_r", "диалог"),
        ("x-mac-cyrillic", "mac_cyrillic", "диалог"),
        ("utf-7", "utf-8", "dialóg"),
        # Saved again as UTF-8, with the old declaration.
        ("gb2312", "utf-8", "谈判继续"),
        ("shift_jis", "utf-8", "対話は続く"),
        ("windows-1251", "utf-8", "диалог"),
    ],
)
def test_a_label_means_what_browsers_take_it_for(write, label, encoding, text):
    head = f'<html><head><meta charset="{label}"><meta property="og:site_name" content="Gull">'
    head += '<meta property="article:published_time" content="2018-06-12"></head><body><article>'
    page = f"{head}<p>{f'{text} met the envoys. ' * 9}</p></article></body></html>"
    articles, _ = read_articles(write("a.html", page.encode(encoding)), today="2020-01-01")
    assert text in articles.loc[0, "text"]


def test_files_whose_names_have_their_encoding(shared):
    # WINDOWS-936 and ISO-8859-1 are read as what holds them; the rest is what the name says.
    same = {"iso8859-1": "cp1252", "cp936": "gb18030", "gbk": "gb18030"}
    same |= {"utf-16-le": "utf-16", "iso2022_jp": "iso2022_jp_ext"}
    for path in (shared / "encodings").glob("UDHR_*.txt"):
        name = path.stem.split("_")[-1].replace("WINDOWS-", "cp")
        codec = codecs.lookup(name).name
        found = find_encoding(input_file(path, path.name, ReadLimits())).name
        assert codecs.lookup(found).name == codecs.lookup(same.get(codec, codec)).name, path.name
    for path in (shared / "encodings").glob("EU_euro_2004_[dfes][eris]_V.txt"):
        assert find_encoding(input_file(path, path.name, ReadLimits())).name == "cp1252", path.name


ASIAN = {
    "cp932": [
        "首相は対話を続けると述べた。",
        "ミサイル発射を非難",
        "会談は失敗に終わったと報じられている",
    ],
    "euc_jp": [
        "首相は対話を続けると述べた。",
        "ミサイル発射を非難",
        "会談は失敗に終わったと報じられている",
    ],
    "cp949": ["대통령은 대화를 계속하겠다고 말했다.", "북한은 미사일을 발사했다", "회담이 열렸다"],
    "gb18030": ["双方同意继续对话。会议在北京举行。", "他说这是不可接受的", "制裁的效果有限"],
    "big5": ["雙方同意繼續對話。會議在臺北舉行。", "他說這是不可接受的", "制裁的效果有限"],
}


@pytest.mark.parametrize("name", ASIAN)
def test_one_sentence_tells_an_encoding_of_several_bytes(name: str):
    for text in ASIAN[name]:
        for row in (text, f"BBC News 2021: {text}", f"id,text\r\n1,{text}\r\n"):
            assert multibyte(row.encode(name)) == name


def test_words_of_one_byte_a_letter_are_of_no_encoding_of_several():
    words = {
        "cp1252": "Die Tür Übermut käme größer Noël garçon pöytää äiti Þjóðin ekki ýkja",
        "cp850": "éíh öernêñto âsoéã déjà fête coördinatie", "cp437": "ëé ére dæoa ôædât",
        "cp1251": "Правда мир газета новости переговоры прошли в Москве",
        "koi8_r": "Правда мир газета новости переговоры прошли в Москве",
        "cp866": "Правда мир газета новости переговоры прошли в Москве",
        "cp1253": "Τα Νέα Καθημερινή πρόεδρος διάλογο", "cp1255": "הארץ הנשיא אמר כי הדיאלוג נמשך",
        "cp1256": "الحياة قال الرئيس إن الحوار مستمر", "cp874": "ไทยรัฐ นายกรัฐมนตรีกล่าวว่าการเจรจา",
    }  # fmt: skip
    for name, text in words.items():
        for row in (text, *text.split()):
            assert multibyte(row.encode(name)) is None
