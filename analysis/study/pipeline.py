"""The stages of a study, in the order in which they are done."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis.counting.document_terms import DocumentTerms
from analysis.study.checks import check_groups, columns_of
from analysis.study.measures import measure
from analysis.study.stages import stage
from analysis.study.steps import Done, Step, count, counts_of, evidence, load, prepare, read, voices
from analysis.study.workers import Each, here

if TYPE_CHECKING:
    from analysis.study import Study

Say = Callable[[str], None]

STEPS: dict[str, Step] = {
    "read": read,
    "prepare": prepare,
    "voices": voices,
    "count": count,
    "measure": measure,
    "evidence": evidence,
}


def do(study: "Study", say: Say, last: str = "", each: Each = here) -> Done:
    """Do every stage that has not been done, up to and with `last`; the folder of each.

    What takes one article after the other is given to `each`.
    """
    keys = study.keys()
    done: dict[str, Path] = {}
    for name, step in STEPS.items():

        def make(folder: Path, name: str = name, step: Step = step) -> None:
            say(name)
            step(study, done, folder, each)

        done[name] = stage(study.folder / ".stages", name, keys[name], make)
        if name == "prepare":
            check_groups(study, columns_of(done[name] / "articles.arrow"))
        if name == last:
            break
    return done


def counts_of_study(study: "Study") -> DocumentTerms:
    """The counts of a study, of the last run or made now."""
    return counts_of(do(study, lambda _: None, last="count"))


def segments_of_study(study: "Study") -> pd.DataFrame:
    """The texts of a study as they were counted, of the last run or made now."""
    done = do(study, lambda _: None, last="voices")
    return load(done["voices"] / "segments")
