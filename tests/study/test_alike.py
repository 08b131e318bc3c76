"""Studies that compare like with like: adjusted, and on the same events."""

import numpy as np
import pandas as pd
import pytest

from analysis.errors import StudyError
from analysis.study import pipeline
from analysis.study.dataset import read_all, read_table

pytestmark = pytest.mark.usefixtures("undrawn")

ASKED = "[compare]\nadjust = ['section', 'spline(date)']\nwithin = 'event'\n\n[prepare]"
WORDS = {"deterrence": "Sanctions", "dialogue": "Dialogue"}


def corpus() -> pd.DataFrame:
    """Forty events, each in two outlets of three a day apart; the section decides the words."""
    rng = np.random.default_rng(4)
    vocabulary = [f"{a}{b}{c}o" for a in "bdfgklmn" for b in "aeiou" for c in "prstvz"]
    rows = []
    for event in range(40):
        about = rng.choice(vocabulary, 6, replace=False)
        section = "war" if rng.random() < 0.5 else "trade"
        for late, outlet in enumerate(rng.permutation(["Courier", "Gazette", "Herald"])[:2]):
            words = rng.choice(about, 30).tolist()
            for _ in range(3):
                hard = rng.random() < (0.75 if section == "war" else 0.3)
                words.insert(5, WORDS["deterrence" if hard else "dialogue"])
            day = pd.Timestamp("2021-01-01") + pd.Timedelta(days=9 * event + late)
            rows.append((f"e{event:02}-{outlet}", outlet, day.date(), section, " ".join(words)))
    return pd.DataFrame(rows, columns=["doc_id", "outlet", "date", "section", "text"])


@pytest.fixture(scope="module")
def articles() -> pd.DataFrame:
    return corpus()


def test_a_study_adjusts_and_pairs(small, articles):
    results = small(("[prepare]", ASKED), articles=articles).run()
    tables = results.tables
    adjusted = tables["stance_adjusted_by_outlet"]
    assert adjusted["outlet"].tolist() == ["Courier", "Gazette", "Herald"]
    assert adjusted["adjusted_p"].notna().all()
    paired = tables["stance_paired_by_outlet"]
    # By construction: how many of the forty events each pair has.
    have = articles.assign(event=articles["doc_id"].str[:3]).groupby("event")["outlet"].agg(set)
    both = [
        sum({a, b} == two for two in have) for a, b in paired[["outlet", "outlet_other"]].to_numpy()
    ]
    assert paired["events"].tolist() == both
    assert len(tables["one_sided_by_outlet"]) == 80
    names = {path.name for path in (results.folder / "figures").iterdir()}
    assert {"adjusted_by_outlet.svg", "events_by_outlet.svg"} <= names
    page = results.report.read_text(encoding="utf-8")
    assert "By outlet, with the same mix (section, spline(date))" in page
    assert "On the same events (" in page


def test_frames_and_events_of_ones_own(small, articles):
    own = articles.assign(event=np.where(np.arange(80) < 60, "a", "b"))
    use = 'use = "deterrence-dialogue"'
    changes = (
        ("[prepare]", ASKED.replace("'section', ", "")),
        (use, f"{use}\nframes = 'deterrence'"),
    )
    done = pipeline.do(small(*changes, articles=own), str, last="measure")
    paired = read_table(done["measure"] / "frames_paired_by_outlet.parquet")
    assert paired["events"].tolist() == [2, 2, 2]
    assert "event" not in read_all(done["choose"] / "choice")


def test_what_cannot_be_adjusted_is_said(small):
    study = small(("[prepare]", "[compare]\nadjust = 'section'\n\n[prepare]"))
    done = pipeline.do(study, str, last="measure")
    (said,) = read_table(done["measure"] / "stance_adjusted_by_outlet.parquet")["adjusting"]
    assert said.startswith("not adjusted: ")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("adjust = 'sektion'", "compare.adjust names 'sektion'; the articles have"),
        ("adjust = 'spline(date, 99)'", "compare.adjust='spline(date, 99)': a spline has 2 to 10"),
        ("within = 'story'", "compare.within = 'story': allowed are event"),
    ],
)
def test_what_the_file_must_not_say(small, asked: str, said: str):
    with pytest.raises(StudyError) as fault:
        pipeline.do(small(("[prepare]", f"[compare]\n{asked}\n\n[prepare]")), str, last="choose")
    assert said in str(fault.value)
