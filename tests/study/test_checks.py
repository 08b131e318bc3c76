"""What a check of a study file finds before anything is counted."""

import pytest

from analysis.errors import AnalysisError
from analysis.study.pipeline import check_study

GROUPS = 'groups = ["outlet"]'
PATH = 'path = "articles.csv"'
LEXICON = '"deterrence-dialogue"'


def test_a_study_that_fits_is_described(small):
    study = small((PATH, f"{PATH}\nwhere = {{ section = 'world' }}"))
    said = "\n".join(check_study(study))
    assert "study.toml fits its lexicon and its corpus." in said
    assert "Contrasts: deterrence against dialogue" in said
    # Two of each outlet's eight articles are opinion.
    assert "24 rows, of which 18 are of the study, 6 left out by its choices, 0 rejected" in said
    assert "3 outlets, 4 periods" in said
    assert not study.folder.exists()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (LEXICON, '"deterence"', "no lexicon 'deterence'"),
        (LEXICON, f'{LEXICON}\ncontrasts = ["deterrence", "peace"]', "no frame 'peace'"),
        (PATH, f"{PATH}\nwhere = {{ lean = 'left' }}", "names the column 'lean'; the articles"),
        (PATH, f"{PATH}\nwhere = {{ section = 'x' }}", "no article is left of 24"),
        (PATH, f"{PATH}\ncolumns = {{ outlet = 'publisher' }}", "publisher"),
        (GROUPS, 'groups = ["lean"]', "groups names the column 'lean'"),
    ],
)
def test_what_would_fail_in_a_run_fails_in_the_check(small, old: str, new: str, message: str):
    study = small((old, new))
    with pytest.raises(AnalysisError, match=message):
        check_study(study)
