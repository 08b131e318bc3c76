"""The choices of a study: which articles, which groups, which contrasts."""

import re
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import AnalysisError, StudyError
from analysis.study import pipeline
from analysis.study.dataset import read_all
from analysis.study.stages import PROVENANCE
from tests.study.conftest import small_corpus

pytestmark = pytest.mark.usefixtures("undrawn")

GROUPS = 'groups = ["outlet"]'
PATH = 'path = "articles.csv"'


def do(study, last: str = "measure") -> dict[str, Path]:
    return pipeline.do(study, lambda _: None, last=last)


def fault(study, last: str = "measure") -> str:
    with pytest.raises(StudyError) as error:
        do(study, last)
    return str(error.value)


def test_articles_must_fit_every_choice(small):
    """Of the Gazette's 8 articles, n = 0 and 4 are opinion (see small_corpus)."""
    where = f"{PATH}\nwhere = {{ outlet = ['Gazette', 'Herald'], section = 'opinion' }}"
    keep = "[outlets]\nkeep = ['Gazette', 'Courier']\n\n[prepare]"
    done = do(small((PATH, where), ("[prepare]", keep)), "prepare")
    kept = read_all(done["prepare"] / "articles")
    assert list(kept["doc_id"]) == ["Gazette-0", "Gazette-4"]
    assert (read_all(done["choose"] / "choice")["reason"] != "").sum() == 22


def test_an_outlet_that_is_not_there_leaves_nothing(small):
    said = fault(small((PATH, f"{PATH}\nwhere = {{ outlet = ['Nobody'] }}")))
    assert "no article is left of 24: corpus.where.outlet = ['Nobody'] keeps 0" in said
    assert "there are Courier, Gazette, Herald" in said


def test_choices_without_a_common_article_say_what_each_keeps(small):
    where = f"{PATH}\nwhere = {{ outlet = ['Gazette'] }}"
    said = fault(small((PATH, where), ("[prepare]", "[outlets]\nkeep = 'Herald'\n[prepare]")))
    assert "corpus.where.outlet = ['Gazette'] keeps 8; outlets.keep = ['Herald'] keeps 8" in said


def test_a_study_of_one_outlet_has_a_report(small):
    keep = "[outlets]\nkeep = ['Gazette']\n\n[prepare]"
    plea = small_corpus().iloc[:1].assign(doc_id="plea", text="Subscribe to our newsletter")
    articles = pd.concat([small_corpus(), plea])
    cleaned = ("clean = false", "clean = true")
    results = small(("[prepare]", keep), cleaned, articles=articles).run()
    assert list(results.tables["stance_by_outlet"]["outlet"]) == ["Gazette"]
    assert results.tables["stance_differences_by_outlet"].empty
    assert results.tables["keyness_by_outlet"].empty
    page = results.report.read_text(encoding="utf-8")
    assert "All articles have one outlet, Gazette: there is none to compare." in page
    assert "9 articles of 1 outlet; lexicon" in page and "9 articles of 1 outlet. A white" in page
    assert "1 article had no words left when furniture was cut." in page


def test_a_study_can_do_without_groups(small):
    results = small((GROUPS, "groups = []")).run()
    assert not [name for name in results.provenance["files"] if "outlet" in name]
    assert {"stance_overall", "stance_by_period", "patterns"} <= set(results.tables)


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        (["lean"], "names the column 'lean'; the articles have none of that name. Those that"),
        (["period"], "'period', but every group is compared by period anyway"),
        (["voice"], "'voice', but the stance of each voice is given anyway"),
        (["source"], "'source', but the stance of each source is given anyway"),
        (["date"], "'date', which is no group's but each article's own"),
        (["doc_id"], "'doc_id', which is no group's"),
        (["n_tokens"], "'n_tokens'; the articles have none of that name"),
        (["outlet", "outlet"], "names a column twice"),
    ],
)
@pytest.mark.parametrize("voices", ["false", "true"])
def test_columns_that_make_no_groups_are_refused(small, groups, message: str, voices: str):
    study = small((GROUPS, f"groups = {groups}"), ("voices = false", f"voices = {voices}"))
    said = fault(study)
    assert message in said
    # What the message offers can be taken.
    if offered := re.search(r"make groups are (.*)\.$", said):
        assert offered[1].split(", ") == ["outlet", "section"]


def test_every_group_that_is_offered_runs(small):
    done = do(small((GROUPS, 'groups = ["outlet", "section"]')), "evidence")
    lines = read_all(done["evidence"] / "lines")
    assert set(lines["section"]) == {"opinion", "world"}


NESTED = """\
_about:
  name: nested
  language: english
  contrasts: [force/threat vs talk/peace, force/arms vs talk/deal]
force:
  threat: [threat*, sanction*]
  arms: [missile*, troops]
talk:
  peace: [peace, dialogue, summit]
  deal: [talks]
"""


def test_frames_within_frames_have_files(small, tmp_path: Path):
    (tmp_path / "nested.yml").write_text(NESTED, encoding="utf-8")
    results = small(('"deterrence-dialogue"', '"nested.yml"')).run()
    names = set(results.provenance["files"])
    for pair in ("force-threat_talk-peace", "force-arms_talk-deal"):
        assert f"tables/stance_{pair}_by_outlet.csv" in names
        assert f"figures/{pair}_share_by_outlet.svg" in names
    assert all(re.fullmatch(r"(\w+/)?[\w-]+\.\w+", name) for name in names)
    page = results.report.read_text(encoding="utf-8")
    # Each contrast's table opens the sentences of its own chart.
    for pair in ("force-threat_talk-peace", "force-arms_talk-deal"):
        table = page.partition(f'id="table-stance_{pair}_by_outlet"')[2].partition("</table>")[0]
        targets = re.findall(r'href="#([^"]+)"', table)
        assert targets
        assert all(target.startswith(f"{pair}_share_by_outlet-s") for target in targets)


def test_a_column_s_name_need_not_be_a_file_s(small):
    rows = pd.read_csv(small().path.parent / "articles.csv").rename(
        columns={"section": "desk/section v1.2"}
    )
    done = do(small((GROUPS, 'groups = ["desk/section v1.2"]'), articles=rows))
    table = pd.read_parquet(done["measure"] / "stance_by_desk-section-v1-2.parquet")
    assert sorted(table["desk/section v1.2"]) == ["opinion", "world"]


def test_columns_that_would_share_a_file_are_refused(small):
    rows = pd.read_csv(small().path.parent / "articles.csv")
    rows = rows.assign(**{"a b": rows["section"], "a/b": rows["section"]})
    study = small((GROUPS, 'groups = ["a b", "a/b"]'), articles=rows)
    assert "two tables would be called 'stance_by_a-b'" in fault(study)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([], "corpus.path = 'articles.csv' has no rows"),
        (["", "soon"], "none of its 2 rows could be read as an article: "),
    ],
)
def test_a_corpus_without_articles_says_why(small, rows: list[str], message: str):
    columns = ["doc_id", "outlet", "date", "text"]
    table = [(str(n), "Gazette", date, "They met and talked.") for n, date in enumerate(rows)]
    said = fault(small(articles=pd.DataFrame(table, columns=columns)))
    assert message in said
    assert "corpus.where" not in said
    if rows:
        assert "no date (1)" in said
    assert PROVENANCE not in said


def test_a_study_says_how_its_corpus_is_to_be_read(small):
    """Of 4 May or 5 April, by an outlet that is not named, with tags."""
    rows = pd.DataFrame(
        {"doc_id": ["1"], "date": ["04/05/2018"], "text": ["<p>They <b>met</b>.</p>"]}
    )

    def read(*lines: str) -> list[object]:
        done = do(small((PATH, "\n".join((PATH, *lines))), articles=rows), "read")
        (row,) = read_all(done["read"] / "articles").itertuples()
        return [row.outlet, f"{row.date:%d %m}", row.text]

    assert read('outlet = "Gazette"', "day_first = true") == ["Gazette", "04 05", "They met."]
    assert read('outlet = "Herald"', "day_first = false", "strip_markup = false") == [
        "Herald", "05 04", "<p>They <b>met</b>.</p>",
    ]  # fmt: skip
    done = do(small((PATH, f'{PATH}\noutlet = "Gazette"'), articles=rows), "read")
    (reason,) = read_all(done["read"] / "rejected")["detail"]
    assert "in a study: corpus.day_first" in reason


FRAMES = 'use = "deterrence-dialogue"\nframes = ["deterrence", "dialogue"]'


@pytest.mark.parametrize("measure", ["prevalence", "rate", "share"])
def test_frames_one_by_one(small, measure: str):
    study = small(('use = "deterrence-dialogue"', f'{FRAMES}\nmeasure = "{measure}"'))
    folder = Path(study.run().folder)
    tables = {path.stem: pd.read_csv(path) for path in (folder / "tables").glob("*.csv")}
    assert not any(name.startswith("stance") for name in tables)
    by_outlet = tables["frames_by_outlet"]
    assert by_outlet["frame"].tolist() == ["deterrence", "dialogue"] * 3
    # Four articles of the Gazette, those with odd numbers, and no others of it have "talks".
    row = by_outlet[(by_outlet["outlet"] == "Gazette") & (by_outlet["frame"] == "dialogue")]
    assert row[["articles", "articles_hit", "prevalence"]].to_numpy().tolist() == [[8, 4, 0.5]]
    apart = tables["frames_differences_by_outlet"]
    assert apart["measure"].unique().tolist() == [measure]
    assert apart["tests"].unique().tolist() == [apart["p"].notna().sum()]
    report = (folder / "report.html").read_text(encoding="utf-8")
    assert "over all of them" in report
    assert "Frames over time" in report
    assert report.count('id="frames_by_outlet-') > 3
    # Each outlet over time, and the one that differs most from all others.
    assert "Frames over time, by outlet" in report
    assert report.count('id="frames_by_outlet_period-') > 8
    assert "and of all others" in report


def test_frames_and_contrasts_exclude_each_other(small):
    use = 'use = "deterrence-dialogue"'
    both = f'{FRAMES}\ncontrasts = [["deterrence", "dialogue"]]'
    for written, message in (
        (both, "lexicon.contrasts and lexicon.frames or measure exclude each other"),
        (f'{FRAMES}\nnegated = "flip"', "negated = 'flip' is for contrasts"),
        (f'{use}\nframes = ["peace"]', "there is no frame 'peace'"),
        (f'{use}\nmeasure = "tone"', "allowed are prevalence, rate, share"),
    ):
        with pytest.raises(AnalysisError, match=message):
            do(small((use, written)))
