"""The shipped lexicons, on sentences written for the purpose and on real news."""

import re
from pathlib import Path

import pandas as pd
import pytest

from analysis.lexicons.lexicon import Lexicon
from analysis.lexicons.matching import count_hits, find_hits
from analysis.lexicons.patterns import EXCLUSION
from analysis.lexicons.shipped import SHIPPED
from analysis.tokens import tokenize

CONTRASTED = ["deterrence-dialogue", "deterrence-dialogue-ru"]
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
    ("A threat in general is none of it; a threat of force is, and threatening to attack.",
     "threat of force|threatening to", ""),
    ("The Peace Corps and a peace prize are no peace; a peace process is.", "", "peace process"),
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

# Senses that are no hits of either frame, by the codebook.
LEFT_OUT = {
    "labour": [
        "The teachers strike ended.", "Teachers' strikes spread to two towns.",
        "A general strike closed the shops.", "The nurses went on strike over pay.",
        "Rail strikes and walkouts are expected.", "The bus strike is in its third week.",
        "The miners' strike of that year is a legend.", "Pilots strike again on Monday.",
        "The union called a strike vote.", "Strike action by postal workers begins.",
        "The drivers threatened to strike.", "A strike by hospital workers followed.",
        "The climate strike filled the square.", "Tenants began a rent strike.",
        "Pupils joined the school strike.", "A hunger strike in the cells went on.",
        "Players fear another baseball strike.", "Wildcat strikes hit the docks.",
        "The six-week strike ended.", "Workers ended their strike.",
        "Hospital staff strike today.", "The union has threatened to strike.",
        "A strike at the plant is over.", "Workers' strikes over pensions continue.",
        "The writers' strike idled the studios.",
    ],
    "sport and games": [
        "Three strikes and you are out.", "The pitch was in the strike zone.",
        "A strikeout ended the inning.", "He threw balls and strikes all evening.",
        "The striker scored twice.", "A swinging strike ended it.", "She threw strikes.",
    ],
    "idioms and texts": [
        "It strikes me as odd.", "What strikes one is the calm.", "They strike up a conversation.",
        "The court may strike down the law.", "Members moved to strike the provision.",
        "They will strike a fair compromise.", "She will strike a delicate balance.",
        "The song strikes a chord.", "Lightning strikes twice.",
        "When the earthquake strikes, run.", "He strikes it rich.", "The clock strikes noon.",
        "They hope to strike a trade deal.",
    ],
    "threats at home": [
        "He threatened to veto the bill.", "She is threatening to sue the paper.",
        "Drought threatens the harvest.", "Threatening weather kept us in.",
        "The sky threatened to rain.", "A life-threatening illness struck.",
        "The row threatened to derail the vote.", "Two ministers threatened to resign.",
        "They threatened to shut down the government.", "Death threats against him were made.",
        "The floods threatened homes.", "He received threatening letters.",
        "He threatened her with a lawsuit.",
    ],
    "retaliation and punishment at home": [
        "She was fired in retaliation for reporting abuse.",
        "Staff spoke up for fear of retaliation.", "The law shields them from retaliation.",
        "They retaliated against whistleblowers.", "Whistleblower retaliation is rife.",
        "It would punish women.", "Punish offenders, he said.", "She won punitive damages.",
        "Cameras deter crime.", "It may deter voters.", "The judge weighed legal sanctions.",
        "A coerced confession was thrown out.", "Police use of force is under review.",
        "The use-of-force policy changed.", "They tried to pressure lawmakers.",
        "A provocative book about art sold well.", "Escalating costs worry the town.",
        "The Senate blockade of nominees went on.",
    ],
    "sanctions that end": [
        "All sanctions must be lifted.", "He wants an end to the sanctions.",
        "They agreed to waive nuclear sanctions.",
    ],
    "negotiations at home": [
        "Budget negotiations stalled.", "Senate negotiators met at noon.",
        "He negotiated with congressional Republicans.", "Debt-ceiling talks broke down.",
        "Talks with Republicans went on.", "The contract talks ended.", "Wage talks begin today.",
        "The union's pay talks resumed.", "They negotiated salaries.",
        "Negotiate lower prices, she said.", "Talks on immigration were held.",
        "Negotiations over the budget dragged.", "Lawmakers negotiated all night.",
        "Talks over pay began.", "He negotiated a raise.",
        "Negotiations on the spending bill failed.", "Talks over a new contract stalled.",
        "Plea negotiations failed.", "Coalition talks collapsed.", "The climate talks opened.",
        "Brexit negotiations drag on.", "Merger talks ended.", "Bipartisan talks went nowhere.",
        "Negotiations between the White House and Congress resumed.",
        "They reached an agreement with prosecutors.", "They reached an agreement on immigration.",
        "The chief negotiator smiled.", "He is a tough negotiator.",
    ],
    "talking, and peace of other kinds": [
        "She talks about her garden.", "He talks to reporters.", "He talks like a sailor.",
        "She gives talks.", "He gave a concession speech.", "A concession stand sold nuts.",
        "We need a dialogue about race.", "A line of dialogue was cut.",
        "Court-ordered mediation began.", "Officers had de-escalation training.",
        "He made his peace with it.", "The village was at peace.",
        "War and peace are in his hands.", "A justice of the peace wed them.",
        "No justice, no peace!", "He came of his own accord.", "The climate accord was signed.",
    ],
}  # fmt: skip
# What the exclusions of these senses must not take: the hit, in upper case, and its frame.
KEPT = [
    ("The navy may STRIKE the port.", "deterrence"), ("AIR STRIKES hit the base.", "deterrence"),
    ("A drone STRIKE on the camp", "deterrence"), ("Retaliatory STRIKES followed.", "deterrence"),
    ("The third STRIKE hit a depot.", "deterrence"),
    ("The island THREATENED TO attack the fleet.", "deterrence"),
    ("The king is THREATENING TO close the strait.", "deterrence"),
    ("They THREATENED MADRID WITH war.", "deterrence"),
    ("The king vowed to RETALIATE.", "deterrence"),
    ("RETALIATORY tariffs were imposed.", "deterrence"),
    ("New SANCTIONS on the island bite.", "deterrence"),
    ("The bank was SANCTIONED by the United States.", "deterrence"),
    ("The bases DETER the northern fleet.", "deterrence"),
    ("They want to PUNISH the regime.", "deterrence"),
    ("PUNITIVE tariffs hit the island.", "deterrence"), ("Tensions ESCALATE at sea.", "deterrence"),
    ("A PROVOCATIVE missile test", "deterrence"), ("USE OF FORCE against the island", "deterrence"),
    ("An effort TO PRESSURE the island", "deterrence"), ("MILITARY EXERCISES began.", "deterrence"),
    ("NEGOTIATIONS with the island resumed.", "dialogue"),
    ("They NEGOTIATED a cease of arms with the north.", "dialogue"),
    ("The NEGOTIATING table is empty.", "dialogue"), ("Nuclear TALKS resumed.", "dialogue"),
    ("Peace TALKS opened in the lakeside town.", "dialogue"),
    ("TALKS to end the war went on.", "dialogue"),
    ("The president's TALKS with the king", "dialogue"), ("A PEACE PROCESS began.", "dialogue"),
    ("They made PEACE WITH the island.", "dialogue"), ("Hopes FOR PEACE grew.", "dialogue"),
    ("The TREATY was signed.", "dialogue"), ("The ACCORD holds.", "dialogue"),
    ("CONCESSIONS to the island were made.", "dialogue"), ("DIALOGUE with the north", "dialogue"),
    ("The king offered to MEDIATE.", "dialogue"),
    ("Both states REACHED AN AGREEMENT.", "dialogue"),
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


def hits_of(texts: list[str]) -> list[tuple[str, str, str]]:
    """The text, the words and the frame of each hit of the English lexicon."""
    stream = tokenize(texts)
    rows = find_hits(stream, Lexicon.load("deterrence-dialogue")).to_frame().itertuples()
    return [
        (
            texts[row.article],
            " ".join(stream.terms[stream.ids[row.first : row.last + 1]]),
            row.frame,
        )
        for row in rows
    ]


@pytest.mark.parametrize("sense", LEFT_OUT)
def test_senses_of_other_news_are_left_out(sense: str):
    assert hits_of(LEFT_OUT[sense]) == []


def test_what_means_the_frame_is_kept():
    found = hits_of([text for text, _ in KEPT])
    for text, frame in KEPT:
        words = " ".join(re.findall(r"\b[A-Z]{2,}\b", text)).lower()
        assert (text, words, frame) in found


@pytest.mark.parametrize("name", ["deterrence-dialogue", "deterrence-dialogue-ru"])
def test_every_shipped_lexicon_is_complete(name: str):
    lexicon = Lexicon.load(name)
    assert lexicon.name == name
    assert lexicon.version and lexicon.language and lexicon.authors
    assert lexicon.domain and lexicon.coding
    assert set(lexicon.definitions) == set(lexicon.rules) == set(lexicon.frames)
    assert (SHIPPED / f"{name.removesuffix('-ru')}.md").exists()


@pytest.mark.parametrize("name", CONTRASTED)
def test_the_frames_of_a_contrast_can_be_negated_and_have_patterns_alike(name: str):
    lexicon = Lexicon.load(name)
    assert lexicon.negators and lexicon.contrasts
    for patterns in lexicon.frames.values():
        assert 25 <= sum(not p.startswith(EXCLUSION) for p in patterns) <= 45


def test_both_shipped_lexicons_have_the_same_frames():
    english, russian = Lexicon.load("deterrence-dialogue-multilingual").parts.values()
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


# What else the names of countries mean, and how these are told from them.
MENTIONS = [
    ("Georgia's governor flew to Atlanta. A senator from Georgia spoke.", ""),
    ("The invasion of Georgia in 2008; Georgian troops; Tbilisi.", "georgia georgia georgia"),
    ("Jim Jordan and Michael Jordan met Mr. Jordan at the Jordan River.", ""),
    ("Refugees crossed into Jordan; the Jordanian king is in Amman.", "jordan jordan jordan"),
    ("The pardon of a wild turkey; roast turkey and turkey sandwiches.", ""),
    ("Turkey's president met Turkish officers in Ankara.", "turkey turkey turkey"),
    ("Chad Griffin and Chad Johnson counted hanging chads.", ""),
    ("Soldiers in Chad; Niger, Chad, Mali; Lake Chad.", "chad niger chad mali chad"),
    ("The Niger Delta is in Nigeria, and Niamey in Niger.", "nigeria nigeria niger niger"),
    ("A Vietnam veteran read the Washington Post in New Mexico by the South China Sea.", ""),
    ("U.S. officials and the White House", "united_states united_states"),
    ("Pyongyang told Seoul; North Korea's missiles and South Korean drills.",
     "north_korea south_korea north_korea south_korea"),
    ("Northern Ireland is no part of Ireland; South Sudan left Sudan.", "ireland sudan"),
]  # fmt: skip


def test_mentions_of_countries():
    stream = tokenize(pd.Series([text for text, _ in MENTIONS]))
    found = find_hits(stream, Lexicon.load("countries")).to_frame().sort_values("first")
    for number, (text, names) in enumerate(MENTIONS):
        assert " ".join(found.loc[found["article"] == number, "frame"]) == names, text
