"""The shipped lexicons, on sentences written for the purpose and on real news."""

from pathlib import Path

import pandas as pd
import pytest

from analysis.lexicons.lexicon import Lexicon
from analysis.lexicons.matching import count_hits, find_hits
from analysis.lexicons.patterns import EXCLUSION
from analysis.lexicons.shipped import shipped_lexicons
from analysis.tokens import tokenize

ENGLISH = [
    ("The fleet deters them; its deterrent deterred them.", "deters|deterrent|deterred", ""),
    ("They are determined to see conditions deteriorate over detergent.", "", ""),
    ("Sanctions relief came first; lifting of sanctions followed, then sanctions.",
     "sanctions", "sanctions relief|lifting of sanctions"),
    ("A strike near the port, a lightning strike, a hunger strike.", "strike", ""),
    ("They struck a deal. To strike a deal, strike an early agreement.", "", ""),
    ("Blood pressure rose under pressure of work; the plan is to pressure the island.",
     "to pressure", ""),
    ("Public pressure on the speaker, maximum pressure on the island.", "maximum pressure", ""),
    ("The nuclear test site is closed: a halt after five nuclear tests.", "nuclear tests", ""),
    ("A blockade of the port, and an end to the blockade.", "blockade", ""),
    ("A threat in general is none of it; a threat of force is, and who threatens.",
     "threat of force|threatens", ""),
    ("The Peace Corps and a peace prize are not peace.", "", "peace"),
    ("The plea agreement, a trade agreement; then they reached an agreement.",
     "", "reached an agreement"),
    ("They withdrew from the nuclear agreement, and kept to the framework agreement.",
     "", "framework agreement"),
    ("The annual summit of the mayors; a summit with the island.", "", "summit with"),
    ("Treaty allies left; the treaty stands, though the sea is at peace and security is dear.",
     "", "treaty"),
    ("She studies diplomacy at the School of Law and Diplomacy.", "", "diplomacy"),
    ("Normalizing relations is not normalizing hatred.", "", "normalizing relations"),
    ("The diplomatic compound burned; diplomatic efforts went on.", "", "diplomatic efforts"),
    ("A talks show talks about talks.", "", "talks"),
    ("Cease-fire, cease fire and ceasefire", "", "cease-fire|cease fire|ceasefire"),
    ("Red lines and a military build-up or military buildup",
     "red lines|military build-up|military buildup", ""),
]  # fmt: skip

RUSSIAN = [
    ("Посол говорил о сдерживании и о диалоге.", "сдерживании", "диалоге"),
    ("Он санкционировал обыск, но санкции остались.", "санкции", ""),
    ("После снятия всех санкций настала разрядка.", "", "снятия всех санкций|разрядка"),
    ("Артериальное давление; экономическое давление на остров.", "экономическое давление", ""),
    ("Ядерное испытание, а потом мораторий на ядерные испытания", "ядерное испытание", ""),
    (
        "Саммит городов; саммит с островом, и достигнуто соглашение.",
        "",
        "саммит с|достигнуто соглашение",
    ),
    ("Стороны договорились о мирном договоре.", "", "договорились|мирном договоре"),
    ("Угроза паводка, военная угроза; остров пригрозил ударом.", "военная угроза|пригрозил", ""),
    ("Провокационный шаг и дипломатические усилия", "провокационный", "дипломатические усилия"),
    ("Сдержанный тон посла никого не удивил.", "", ""),
    ("Дипломатическое представительство закрыто, дипломатия жива.", "", "дипломатия"),
]


@pytest.mark.parametrize(
    ("name", "text", "deterrence", "dialogue"),
    [("deterrence-dialogue", *row) for row in ENGLISH]
    + [("deterrence-dialogue-ru", *row) for row in RUSSIAN],
)
def test_what_counts_and_what_does_not(name: str, text: str, deterrence: str, dialogue: str):
    stream = tokenize([text])
    hits = find_hits(stream, Lexicon.load(name)).to_frame()
    hits["words"] = [
        " ".join(stream.terms[stream.ids[first : last + 1]])
        for first, last in zip(hits["first"], hits["last"], strict=True)
    ]
    for frame, expected in (("deterrence", deterrence), ("dialogue", dialogue)):
        assert hits.loc[hits["frame"] == frame, "words"].tolist() == expected.split("|") * bool(
            expected
        )


@pytest.mark.parametrize("name", shipped_lexicons())
def test_every_shipped_lexicon_is_complete(name: str):
    lexicon = Lexicon.load(name)
    assert lexicon.name == name
    assert lexicon.version and lexicon.language and lexicon.authors
    assert lexicon.negators and lexicon.contrasts
    assert set(lexicon.definitions) == set(lexicon.rules) == set(lexicon.frames)
    for patterns in lexicon.frames.values():
        assert 25 <= sum(not p.startswith(EXCLUSION) for p in patterns) <= 45


def test_both_shipped_lexicons_have_the_same_frames():
    english, russian = (Lexicon.load(name) for name in shipped_lexicons())
    assert english.definitions == russian.definitions
    assert english.contrasts == russian.contrasts


@pytest.mark.shared
@pytest.mark.slow
def test_the_turn_of_2018_over_north_korea_is_found(shared: Path):
    # The turn that the corpus is known for: above .7 in each quarter of 2017, and below .5 in the
    # quarter of the Singapore summit (rough word lists gave .82 to .88, and .37).
    corpus = pd.read_parquet(shared / "corpora" / "allsides_security.parquet")
    corpus["date"] = pd.to_datetime(corpus["date"], errors="coerce", format="ISO8601")
    korea = corpus[(corpus["topic"] == "north_korea") & corpus["date"].notna()]
    stream = tokenize(korea["text"])
    types, counts = count_hits(stream, find_hits(stream, Lexicon.load("deterrence-dialogue")))
    kept = ~types["negated"]
    sums = {
        frame: counts[:, (kept & (types["frame"] == frame)).to_numpy().nonzero()[0]].sum(axis=1)
        for frame in ("deterrence", "dialogue")
    }
    quarters = pd.DataFrame(sums).groupby(korea["date"].dt.to_period("Q").to_numpy()).sum()
    share = quarters["deterrence"] / quarters.sum(axis=1)
    assert (share["2017Q2":"2017Q4"] > 0.7).all()
    assert share["2018Q2"] < 0.5
