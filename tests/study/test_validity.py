"""The validity section of a study's report: first, and never silent."""

import pandas as pd

from analysis import Lexicon, coding_sheet, kwic, read_articles, write_coding_sheet


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


def test_a_lexicon_without_coded_contexts_says_so(small, tmp_path):
    (tmp_path / "mine.yml").write_text(
        "war: [threat*, missile*]\ntalk: [talks, dialogue]\n", encoding="utf-8"
    )
    study = small(('use = "deterrence-dialogue"', 'use = "mine.yml"'))
    study.run()
    page = (study.folder / "report.html").read_text("utf-8")
    assert "with this lexicon come no weights of contexts" in page
