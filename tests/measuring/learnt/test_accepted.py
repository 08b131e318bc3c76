"""Candidates that are accepted: what the next version of a lexicon has, and says."""

import pandas as pd
import pytest

from analysis.errors import CountsError, LexiconError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.learnt.accepted import accept_candidates

FRAMES = {"war": {"arms": ["bomb*", "-bomb squad"], "acts": ["raid"]}, "talk": ["talks"]}
LEXICON = Lexicon.from_dict(FRAMES, name="small", version="2", contrasts=[("war", "talk")])
ROW = {"term": "shells", "hits": 1, "articles": 1, "adds": 1, "nearest": "bomb*", "similarity": 0.5}


def table(*frames: str, **more: object) -> pd.DataFrame:
    return pd.DataFrame([ROW | {"frame": frame, **more} for frame in frames])


def test_a_pattern_counts_for_the_frames_above_its_own():
    new, changes = accept_candidates(table("war/arms", "war/arms"), LEXICON, day="2021-03-14")
    own = ("bomb*", "-bomb squad")
    assert new.frames == {
        "war": (*own, "raid", "shells"), "war/arms": (*own, "shells"), "war/acts": ("raid",),
        "talk": ("talks",),
    }  # fmt: skip
    assert (new.version, new.contrasts) == ("3", (("war", "talk"),))
    assert changes.splitlines()[::2] == [
        "## 3, 2021-03-14", f"Added to {LEXICON.label}:",
        '- war/arms: "shells", 1 hit, 1 of them new, in 1 article; like "bomb*" (.50)',
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "following"),
    [("", "1"), ("1.9", "1.10"), ("draft", "draft.1"), ("2024-06", "2024-7")],
)
def test_versions_that_follow(old: str, following: str):
    lexicon = Lexicon.from_dict(FRAMES, version=old)
    assert accept_candidates(table("talk"), lexicon)[0].version == following
    assert accept_candidates(table("talk"), lexicon, " 7 ")[0].version == "7"


def test_what_is_said_of_coding_is_said_not_to_hold(tmp_path):
    for said, after in (("", ""), ("not coded: no", "not coded: no"),
                        (".9 right", ".9 right; patterns added since are not coded")):  # fmt: skip
        path = tmp_path / "small.yml"
        path.write_text(f"_about: {{coding: '{said or '-'}'}}\ntalk: [talks]\n", encoding="utf-8")
        lexicon = Lexicon.load(path)
        if not said:
            lexicon = Lexicon.from_dict({"talk": ["talks"]})
        assert accept_candidates(table("talk"), lexicon)[0].coding == after


WEIGHTED = Lexicon.from_dict({"talk": {"talks": 1.0}})
SPOKEN = Lexicon.from_dict({name: {"en": [name], "de": [name]} for name in ("war", "talk")})


@pytest.mark.parametrize(
    ("given", "lexicon", "version", "error", "message"),
    [
        (table("peace"), LEXICON, None, LexiconError, "has no frame 'peace'"),
        (table("talk"), LEXICON, "2", LexiconError, "version='2': give one that is not that of"),
        (table("talk"), LEXICON, " ", LexiconError, "version='': give one"),
        (
            table("talk"),
            WEIGHTED,
            None,
            LexiconError,
            "'shells' can't be added: 'talk' has weights",
        ),
        (table("talk"), SPOKEN, None, LexiconError, "several languages: add to one of its parts"),
        (table("talk", term="talks"), LEXICON, None, LexiconError, "'talk' already has it"),
        (table("talk", term="?!"), LEXICON, None, LexiconError, "candidates: pattern"),
        (table("talk").head(0), LEXICON, None, LexiconError, "no row to accept"),
        (table("talk").drop(columns="hits"), LEXICON, None, CountsError, "hits"),
    ],
)
def test_what_cannot_be_accepted(given, lexicon, version, error, message: str):
    with pytest.raises(error, match=message):
        accept_candidates(given, lexicon, version)


def test_a_term_ticked_for_a_frame_and_the_one_above_is_there_once():
    nested = Lexicon.from_dict({"war": {"air": ["raid*"], "sea": ["ship*"]}}, name="n")
    rows = pd.concat([table("war", term="bombs"), table("war/air", term="bombs")])
    as_text = rows.astype({"hits": "str", "adds": "str", "similarity": "str"})
    new, _ = accept_candidates(as_text, nested)
    assert new.frames["war"].count("bombs") == new.frames["war/air"].count("bombs") == 1
    with pytest.raises(LexiconError, match="already has it"):
        accept_candidates(table("war/air", term="RAID*"), nested)
