"""The validity section of a study's report: first, and never silent."""

import pandas as pd
import pytest

from analysis import (
    Lexicon,
    check_articles,
    coding_sheet,
    document_terms,
    kwic,
    prevalence,
    read_articles,
    write_coding_sheet,
)
from analysis.study.reporting.validity import validity

pytestmark = pytest.mark.usefixtures("undrawn")


def test_a_study_without_codes_says_so_before_its_findings(small):
    study = small()
    study.run()
    page = (study.folder / "report.html").read_text("utf-8")
    said = page.index("Not validated on this corpus")
    assert said < page.index("Findings</h2>")
    assert "lines look unlike those coded as right" in page
    contexts = pd.read_csv(study.folder / "tables" / "validity_contexts.csv")
    assert set(contexts["column"]) == {"all hits", "pattern", "outlet"}


def test_coded_sheets_give_precision_agreement_and_corrected_scores(small, tmp_path):
    small()
    articles, _ = read_articles(tmp_path / "articles.csv")
    lines = kwic(articles, Lexicon.load("deterrence-dialogue"))
    sheet = coding_sheet(lines[~lines["negated"]], n=30, by=["frame", "outlet"])
    for coder in ("ada", "ben"):
        codes = ["0" if i % 5 == 0 else "1" for i in range(len(sheet))]
        write_coding_sheet(sheet.assign(code=codes), tmp_path / f"{coder}.csv")
    study = small(('groups = ["outlet"]', 'groups = ["outlet"]\ncoding = ["ada.csv", "ben.csv"]'))
    study.run()
    page = (study.folder / "report.html").read_text("utf-8")
    assert f"{len(sheet)} lines of this corpus coded by 2 coders" in page
    assert "Not validated" not in page and "Recall is not known" in page
    tables = {path.stem for path in (study.folder / "tables").glob("validity_*.csv")}
    assert tables == {
        "validity_contexts", "validity_precision", "validity_precision_by_outlet",
        "validity_agreement", "validity_corrected_by_outlet",
    }  # fmt: skip
    corrected = pd.read_csv(study.folder / "tables" / "validity_corrected_by_outlet.csv")
    assert corrected["outlet"].tolist() == ["Courier", "Gazette", "Herald"]
    # Where there is no number, the note says why.
    assert (corrected["share_corrected"].notna() == corrected["note"].isna()).all()
    assert corrected["share_corrected"].notna().sum() == 2


def test_frames_one_by_one_are_corrected_too(tmp_path):
    codes = {"coder": "ada", "line_id": [f"l{i}" for i in range(20)], "frame": "war",
             "pattern": "troops", "outlet": ["Gull", "Tern"] * 10,
             "lines_per_row": 1.0}  # fmt: skip
    sheet = pd.DataFrame(codes).assign(code=["1", "0"] * 5 + ["1"] * 10)
    write_coding_sheet(sheet, tmp_path / "ada.csv")
    texts = ["Troops came.", "It rained.", "The troops left.", "Troops stayed."]
    frame = pd.DataFrame({"text": texts, "doc_id": range(4), "outlet": ["Gull", "Tern"] * 2})
    lexicon = Lexicon.from_dict({"war": ["troops"]})
    counts = document_terms(check_articles(frame.assign(date="2021-03-14")), lexicon=lexicon)
    tables = {"frames_by_outlet": prevalence(counts, lexicon, by="outlet")}
    said, made = validity(pd.DataFrame(), [tmp_path / "ada.csv"], tables, [], ["outlet"])
    table = made["validity_corrected_frames_by_outlet"].set_index("outlet")
    # All ten lines of Gull are right, five of Tern's; two of all (.75) are added to each.
    assert table["prevalence_corrected"].tolist() == pytest.approx([11.5 / 12, 0.5 * 6.5 / 12])
    # One hit among the four tokens of Tern's two articles.
    assert table["rate_corrected"]["Tern"] == pytest.approx(1000 / 4 * 6.5 / 12)
    assert not any("not corrected" in line for line in said)


def test_a_lexicon_without_coded_contexts_says_so(small, tmp_path):
    (tmp_path / "mine.yml").write_text(
        "war: [threat*, missile*]\ntalk: [talks, dialogue]\n", encoding="utf-8"
    )
    study = small(('use = "deterrence-dialogue"', 'use = "mine.yml"'))
    study.run()
    page = (study.folder / "report.html").read_text("utf-8")
    assert "with this lexicon come no weights of contexts" in page
