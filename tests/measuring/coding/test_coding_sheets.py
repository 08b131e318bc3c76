from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import CountsError, ReadError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.coding.agreement import agreement
from analysis.measuring.coding.coding_sheets import coding_sheet, model_codes, search_sheet
from analysis.measuring.coding.sheet_files import read_coding_sheet, write_coding_sheet
from analysis.showing.kwic import kwic


@pytest.fixture
def lines() -> pd.DataFrame:
    n = 120
    return pd.DataFrame(
        {
            "doc_id": [f"d{i // 4}" for i in range(n)],
            "start": [10 * i for i in range(n)],
            "frame": ["pressure"] * 100 + ["parley"] * 20,
            "pattern": ["threat*"] * 90 + ["sanction*"] * 10 + ["talks"] * 20,
            "left": "said that", "keyword": "threats", "right": "were made",
            "outlet": "Gazette",
        }
    )  # fmt: skip


def test_strata_give_equal_numbers_as_far_as_they_have_them(lines: pd.DataFrame):
    sheet = coding_sheet(lines, n=60, by=["frame", "pattern"])
    drawn = sheet["pattern"].value_counts()
    # 20 each; the 10 that sanction* lacks go to threat*, as talks has no more than 20.
    assert drawn.to_dict() == {"threat*": 30, "talks": 20, "sanction*": 10}
    assert sheet.groupby("pattern")["lines_per_row"].sum().to_dict() == {
        "threat*": 90, "talks": 20, "sanction*": 10
    }  # fmt: skip
    assert sheet["line_id"].is_unique
    assert (sheet["code"] == "").all()
    assert "outlet" not in sheet


def test_the_same_lines_give_the_same_sheet_in_any_order(lines: pd.DataFrame):
    sheet = coding_sheet(lines, n=30)
    assert sheet["frame"].value_counts().to_dict() == {"pressure": 15, "parley": 15}
    shuffled = lines.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(coding_sheet(shuffled, n=30), sheet)
    assert coding_sheet(lines, n=30, seed=1)["line_id"].tolist() != sheet["line_id"].tolist()
    assert len(coding_sheet(lines, n=500)) == 120


def test_a_sheet_is_drawn_from_keywords_in_context(articles: pd.DataFrame):
    lexicon = Lexicon.from_dict({"pressure": ["sanction*", "threat"], "parley": ["talks"]})
    lines = kwic(articles, lexicon)
    sheet = coding_sheet(lines, n=4, by="frame")
    assert sheet["frame"].value_counts().to_dict() == {"parley": 2, "pressure": 2}
    assert set(sheet["keyword"]) <= set(lines["keyword"])


def write(path: Path, codes: list[str], pattern: str = "threat*") -> Path:
    rows = {"line_id": [f"l{i}" for i in range(len(codes))], "frame": "pressure"}
    pd.DataFrame(rows | {"pattern": pattern, "code": codes}).to_csv(path, index=False)
    return path


def test_sheets_are_read_back_with_their_coders(tmp_path: Path):
    codes = read_coding_sheet(
        [write(tmp_path / "ana.csv", ["1", "0", "", "yes"]),
         write(tmp_path / "ben.csv", ["1", "No", "1", ""])]
    )  # fmt: skip
    assert codes.groupby("coder")["code"].apply(list).to_dict() == {
        "ana": [True, False, True], "ben": [True, False, True]
    }  # fmt: skip
    assert codes["line_id"].tolist() == ["l0", "l1", "l3", "l0", "l1", "l2"]
    with pytest.raises(CountsError, match="row 3: code 'maybe' is not 1, 0 or empty"):
        read_coding_sheet(write(tmp_path / "c.csv", ["1", "maybe"]))
    pd.DataFrame({"line_id": ["a"], "code": ["1"]}).to_csv(tmp_path / "d.csv", index=False)
    with pytest.raises(CountsError, match=r"d\.csv: no column frame, pattern"):
        read_coding_sheet(tmp_path / "d.csv")


def lines_of(sizes: list[int]) -> pd.DataFrame:
    """Lines of as many patterns as there are sizes."""
    patterns = [f"p{k}" for k, size in enumerate(sizes) for _ in range(size)]
    frame = pd.DataFrame({"pattern": patterns, "frame": "pressure", "keyword": "threat"})
    return frame.assign(doc_id="d", start=range(len(frame)), left="", right="")


@given(st.lists(st.integers(1, 12), min_size=1, max_size=5), st.integers(1, 40))
def test_every_stratum_has_its_fair_part_of_the_sheet(sizes, n):
    sheet = coding_sheet(lines_of(sizes), n=n, by="pattern")
    assert len(sheet) == min(n, sum(sizes))
    drawn = sheet["pattern"].value_counts().reindex(f"p{k}" for k in range(len(sizes))).fillna(0)
    # No stratum has two lines more than one that still has some left.
    spare = drawn.to_numpy() < sizes
    assert drawn.max() - drawn[spare].min() <= 1 if spare.any() else True
    stand_for = sheet.groupby("pattern")["lines_per_row"].sum()
    assert stand_for.to_dict() == pytest.approx(
        {f"p{k}": size for k, size in enumerate(sizes) if drawn.iloc[k]}
    )


def test_a_category_without_lines_changes_no_sheet(lines: pd.DataFrame):
    names = pd.CategoricalDtype(["parley", "peace", "pressure"])
    typed = lines.assign(frame=lines["frame"].astype(names))
    pd.testing.assert_frame_equal(
        coding_sheet(typed, n=30).astype({"frame": "str"}), coding_sheet(lines, n=30)
    )


def test_a_sheet_that_can_not_be_drawn_says_what_is_missing(lines: pd.DataFrame):
    for name in ("doc_id", "start", "frame", "pattern", "left", "keyword", "right"):
        with pytest.raises(CountsError, match=rf"lack the column\(s\) {name};"):
            coding_sheet(lines.drop(columns=name))
    with pytest.raises(CountsError, match=r"lack the column\(s\) voice;"):
        coding_sheet(lines, by="voice")
    with pytest.raises(CountsError, match="n=0: give a whole number of at least 1"):
        coding_sheet(lines, n=0)
    with pytest.raises(CountsError, match="nothing to code"):
        coding_sheet(lines.iloc[:0])


def test_a_line_coded_twice_by_one_coder_is_named(tmp_path: Path):
    path = write(tmp_path / "ana.csv", ["1", "0"])
    twice = pd.read_csv(path, dtype=str)
    pd.concat([twice, twice.tail(1)]).to_csv(path, index=False)
    with pytest.raises(
        CountsError, match=r"ana\.csv, row 4: code '0' is a second code of its line"
    ):
        read_coding_sheet(path)


def test_a_sheet_comes_back_however_a_spreadsheet_saved_it(lines: pd.DataFrame, tmp_path: Path):
    texts = {"left": "he said: \u201eja; nein\u201c,", "right": "Stra\u00dfe, 1,5"}
    sheet = coding_sheet(lines.assign(**texts), n=44, by="pattern")
    sheet["code"] = ["1", "0", "yes", ""] * 11
    plain, german, wide, excel = (tmp_path / n for n in ("a.csv", "b.csv", "c.txt", "d.xlsx"))
    sheet.to_csv(plain, index=False)
    sheet.to_csv(german, index=False, sep=";", decimal=",", encoding="cp1252")
    sheet.to_csv(wide, index=False, sep="\t", encoding="utf-16")
    typed = {"1": 1, "0": False, "yes": True, "": None}
    sheet.assign(code=sheet["code"].map(typed)).to_excel(excel, index=False)
    assert (sheet["lines_per_row"] % 1 > 0).any()
    expected = read_coding_sheet(plain).drop(columns="coder")
    assert len(expected) == 33
    for path in (german, wide, excel):
        found = read_coding_sheet(path).drop(columns="coder")
        pd.testing.assert_frame_equal(found, expected)


def test_coders_of_one_file_name_are_told_apart_by_their_folders(tmp_path: Path):
    for name in ("ana", "ben"):
        (tmp_path / name).mkdir()
    paths = [write(tmp_path / "ana" / "sheet.csv", ["1", "0"]),
             write(tmp_path / "ben" / "sheet.csv", ["1", "1"])]  # fmt: skip
    codes = read_coding_sheet(paths)
    assert codes["coder"].unique().tolist() == ["ana/sheet", "ben/sheet"]
    assert agreement(codes)["lines"][0] == 2
    with pytest.raises(CountsError, match="two of them are the same file"):
        read_coding_sheet([paths[0], paths[0]])


def test_a_sheet_that_can_not_be_read_says_why(tmp_path: Path):
    with pytest.raises(CountsError, match="paths: there are none"):
        read_coding_sheet([])
    with pytest.raises(ReadError, match=r"nowhere\.csv: can't be opened"):
        read_coding_sheet(tmp_path / "nowhere.csv")
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(ReadError, match=r"empty\.csv: is empty"):
        read_coding_sheet(tmp_path / "empty.csv")
    path = tmp_path / "a.csv"
    path.write_text("line_id,frame,pattern,code,lines_per_row\nl1,f,p,1,2\nl2,f,p,1,many\n")
    with pytest.raises(CountsError, match=r"a\.csv, row 3: lines_per_row 'many' is not a number"):
        read_coding_sheet(path)
    path.write_text("line_id,frame,pattern,code\nl1,f,p,1\nl2,f,p\n")
    with pytest.raises(ReadError, match=r"a\.csv, line 3: 3 fields where the header has 4"):
        read_coding_sheet(path)
    (tmp_path / "a.xlsx").write_bytes(b"no zip")
    with pytest.raises(ReadError, match=r"a\.xlsx"):
        read_coding_sheet(tmp_path / "a.xlsx")


@pytest.fixture
def gulls() -> pd.DataFrame:
    """Forty articles of two outlets; those of Gull speak of threats in their first sentence."""
    texts = ["Threats were made. It rained; all was calm.", "No one spoke. The sea was calm."]
    return pd.DataFrame(
        {"doc_id": [f"d{i}" for i in range(40)], "outlet": ["Gull", "Tern"] * 20,
         "date": pd.Timestamp("2021-03-14"), "year": [2020 + i // 20 for i in range(40)],
         "text": [texts[i % 2] for i in range(40)]}
    )  # fmt: skip


def threats(articles: pd.DataFrame) -> pd.DataFrame:
    return kwic(articles, Lexicon.from_dict({"pressure": ["threat*"]}))


def test_a_sheet_keeps_its_groups_and_says_what_each_line_stands_for(gulls: pd.DataFrame):
    lines = threats(gulls)
    sheet = coding_sheet(lines, n=8, by=["outlet", "year"], articles=gulls)
    assert sheet["year"].value_counts().to_dict() == {2020: 4, 2021: 4}
    assert (sheet["lines_per_row"] == 10 / 4).all() and (sheet["outlet"] == "Gull").all()
    # Kept, and not a stratum.
    kept = coding_sheet(lines, n=8, by=["outlet", "year"], strata="frame", articles=gulls)
    assert (kept["lines_per_row"] == 20 / 8).all() and "year" in kept


@pytest.mark.parametrize(("unit", "without"), [("article", 20), ("sentence", 60)])
def test_articles_and_sentences_without_a_hit_are_drawn_for_recall(gulls, unit, without):
    sheet = coding_sheet(threats(gulls), n=20, by="outlet", unit=unit, articles=gulls)
    stand_for = sheet.groupby("hit")["lines_per_row"].sum()
    assert stand_for.to_dict() == pytest.approx({1: 20, 0: without})
    assert (sheet["text"].str.contains("Threats") == (sheet["hit"] == 1)).all()
    assert set(sheet.loc[sheet["hit"] == 0, "outlet"]) == (
        {"Gull", "Tern"} if unit == "sentence" else {"Tern"}
    )


def test_what_units_need_is_named(gulls: pd.DataFrame):
    lines = threats(gulls)
    with pytest.raises(CountsError, match="articles=None: to draw articles, give the articles"):
        coding_sheet(lines, unit="article")
    with pytest.raises(CountsError, match="unit='word' is unknown; allowed are hit, sentence"):
        coding_sheet(lines, unit="word")
    with pytest.raises(CountsError, match="articles: an article has several rows"):
        coding_sheet(lines, unit="article", articles=pd.concat([gulls, gulls]))
    with pytest.raises(CountsError, match=r"lack the column\(s\) region;"):
        coding_sheet(lines, by="region", unit="sentence", articles=gulls)


@pytest.mark.parametrize("name", ["sheet.csv", "sheet.xlsx"])
@pytest.mark.parametrize(
    "left", ["=1+1", "007", "he said: \u201eja; nein\u201c,", "1,5", ' "x" ', "NA"]
)
def test_a_sheet_that_is_read_and_written_again_is_the_same_file(lines, tmp_path, name, left):
    sheet = coding_sheet(lines.assign(left=left), n=44, by=["pattern", "outlet"])
    sheet["code"], sheet["confidence"] = ["1", "?", "no", ""] * 11, ["0.5", ""] * 22
    path = write_coding_sheet(sheet, tmp_path / name)
    again = write_coding_sheet(read_coding_sheet(path, whole=True), tmp_path / f"again_{name}")
    assert path.read_bytes() == again.read_bytes()
    pd.testing.assert_frame_equal(read_coding_sheet(path, whole=True), sheet, check_dtype=False)
    codes = read_coding_sheet(path)
    assert codes["code"].fillna("?").tolist() == [True, "?", False] * 11
    assert {"outlet", "confidence"} <= {*codes.columns} and "left" not in codes


def test_codes_of_several_classes_are_ordered_and_checked(tmp_path: Path):
    path = write(tmp_path / "ana.csv", ["2", "1.0", "?", "", "none"])
    codes = read_coding_sheet(path, classes=["none", 1, "2"])
    assert codes["code"].cat.categories.tolist() == ["none", "1", "2"]
    assert codes["code"].cat.codes.tolist() == [2, 1, -1, 0]
    with pytest.raises(CountsError, match=r"row 2: code '2' is not none, 1 or empty, nor [?] for"):
        read_coding_sheet(path, classes=["none", 1])


@pytest.mark.parametrize(
    ("column", "value", "fault"),
    [("confidence", "7", "is not a number from 0 to 1"), ("hit", "2", "is not 1 or 0"),
     ("line_id", " ", "is empty"), ("lines_per_row", "0", "is not a number of lines")],
)  # fmt: skip
def test_a_bad_row_is_refused_with_its_line(lines, tmp_path, column, value, fault):
    sheet = coding_sheet(lines, n=3).assign(hit="1", code="1")
    sheet[column] = [sheet[column].iloc[0], value, sheet[column].iloc[2]]
    with pytest.raises(CountsError, match=rf"s\.csv, row 3: {column} '{value}' {fault}"):
        read_coding_sheet(write_coding_sheet(sheet, tmp_path / "s.csv"))


def test_a_model_is_a_coder_whose_version_and_prompt_are_kept(lines, tmp_path: Path):
    sheet = coding_sheet(lines, n=10)
    made = model_codes(
        sheet, lambda line: line["pattern"] == "talks" or None,
        model="gauge", version="2", prompt="Does it threaten?",
    )  # fmt: skip
    paths = [write_coding_sheet(made, tmp_path / "a.xlsx"),
             write_coding_sheet(sheet.assign(code="1"), tmp_path / "ben.csv")]  # fmt: skip
    codes = read_coding_sheet(paths)
    assert codes.groupby("coder").size().to_dict() == {"ben": 10, "gauge": 10}
    of_model = codes[codes["coder"] == "gauge"]
    assert of_model["code"].notna().sum() == 5 and set(of_model["version"]) == {"2"}
    assert set(of_model["prompt"]) == {"Does it threaten?"}


def test_a_search_is_judged_by_what_a_wider_net_has_besides(gulls: pd.DataFrame):
    sheet = search_sheet(gulls[:10], gulls, n=20, by="outlet")
    assert sheet.groupby("hit")["lines_per_row"].sum().to_dict() == {0: 30, 1: 10}
    assert sheet["frame"].unique().tolist() == ["relevant"]
