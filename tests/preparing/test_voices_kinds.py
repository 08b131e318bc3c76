"""Kinds of wrong voices that were found in articles, each with sentences of its own."""

import pytest

from analysis.preparing.voices import rules
from analysis.preparing.voices.segments import split_text
from analysis.preparing.voices.words import kinds_of_words, word_table


def said(text: str) -> list[str]:
    return [text[s.start : s.end].strip(" .,") for s in split_text(text) if s.voice != "narration"]


@pytest.mark.parametrize(
    "sentence, content",
    [
        ("In spring, she said, the town should mend the pier.", "the town should mend the pier"),
        ("After the storm, Ada Marsh says, the wall must rise.", "the wall must rise"),
        ("But in May, he told reporters, boats will sail.", "boats will sail"),
        ("The study shows the pier sinks by a hand a year.", "the pier sinks by a hand a year"),
        ("Marsh pointed out that the pier was old.", "that the pier was old"),
        ("Marsh pointed out the pier was old.", "the pier was old"),
        ("The court dismissed a complaint that the dyke was weak.", "that the dyke was weak"),
        ("The judge rejected an allegation that Marsh stole.", "that Marsh stole"),
        ("A count showed fewer boats came in spring.", "fewer boats came in spring"),
        ("A survey found most bakers work at night.", "most bakers work at night"),
        ("The court overruled a finding that Marsh had lied.", "that Marsh had lied"),
        ("There is a claim that the pier is safe.", "that the pier is safe"),
        ("The report that the pier had sunk was false.", "that the pier had sunk"),
        ("A rumour that the mill would close spread fast.", "that the mill would close"),
        ("Marsh told a woman who asked about trams that they would go.", "that they would go"),
        ("Marsh told the man who had sold the nets to leave.", "to leave"),
        ("Marsh warned the crew, which had waited, that ice would come.", "that ice would come"),
        ("The pier is safe, according to Marsh, who mended it.", "The pier is safe"),
        ("According to Marsh, who mended it, the pier is safe.", "the pier is safe"),
        ("The pier is safe, according to Marsh, a baker from Orle.", "The pier is safe"),
        ("Marsh responded that the pier is safe.", "that the pier is safe"),
        ("Marsh commented that the pier is safe.", "that the pier is safe"),
        ("Marsh declined to sell the pier.", "to sell the pier"),
        ("One of the bakers knows whether it is safe.", "whether it is safe"),
        ("Marsh called on the council to resign.", "on the council to resign"),
        ("Q: Was the pier safe? I doubt it.", "Was the pier safe? I doubt it"),
    ],
)  # fmt: skip
def test_what_is_said(sentence: str, content: str):
    assert said(sentence) == [content]


def test_who_declined_to_comment_is_the_source_of_what_follows():
    (segment,) = (
        s for s in split_text("Ada Marsh declined to comment, saying that it was too early.")
        if s.voice != "narration"
    )  # fmt: skip
    assert (segment.source, segment.cue) == ("Ada Marsh", "saying")


@pytest.mark.parametrize(
    ("verb", "source"),
    [
        ("rejected an allegation", None),
        ("denied claims", None),
        ("dismissed a complaint", None),
        ("voiced the view", "Ada Marsh"),
        ("repeated the claim", "Ada Marsh"),
        ("denied", "Ada Marsh"),
    ],
)
def test_who_rejects_a_claim_is_not_its_source(verb: str, source: str | None):
    segments = split_text(f"Ada Marsh {verb} that Ivo Quill had sold the boats.")
    assert [s.source for s in segments if s.voice != "narration"] == [source]


def test_a_verb_and_its_particle_are_the_cue():
    segments = split_text("Ada Marsh pointed out that the pier was old.")
    assert [s.cue for s in segments if s.voice != "narration"] == ["pointed out"]


def test_a_clause_before_the_cue_is_said_too():
    sentence = "Ada Marsh is the mayor. But to stop floods, she said, officials should build dams."
    assert said(sentence) == ["But to stop floods", "officials should build dams"]


@pytest.mark.parametrize(
    "sentence",
    [
        "The banks have been paring back branches as more customers move online.",
        "The town will scale back plans for the fair.",
        "The debates require patience and a sense of pacing.",
        "The work required skill.",
        "Ada Marsh did not respond to requests for comment.",
        "The mill has not replied to a letter about the nets.",
        "Ada Marsh called in to a convention of bakers.",
        "Ada Marsh calls on her friends at the pier.",
        "They called off the search for the boat.",
        "The drugs can be carried for as long as 20 years.",
        "It is too early to know whether it is a new status quo.",
        "It may be hard to say who sank the boat.",
        "Ada Marsh told jokes at the pier.",
        "Ada Marsh declined to comment.",
        "The mill has declined for now to comment on the nets.",
        "The council is refusing to comment further.",
        "Ada Marsh would not comment on whether the pier was safe.",
        "The mill hasn't commented on the nets.",
        "Nobody knows whether the pier is safe.",
        "No one at the mill said that the pier was safe.",
        "No-one believes the pier is safe.",
    ],
)
def test_nobody_says_it(sentence: str):
    assert said(sentence) == []


@pytest.mark.parametrize(
    "sentence, source",
    [
        ('"We will win," Republicans said.', "Republicans"),
        ('"We will win," said the Democrats.', "Democrats"),
        ('"We will sail," the National Harbour Board said.', "National Harbour Board"),
        ("“It is over,” the Orle City Council said.", "Orle City Council"),
        ('"We will sail," Ludo van der Berg said.', "Ludo van der Berg"),
        ('"We will sail," said Ursa von der Lohe.', "Ursa von der Lohe"),
        ('"We will sail," Ana de la Orla said.', "Ana de la Orla"),
        ('"We will sail," Rui dos Passos said.', "Rui dos Passos"),
    ],
)
def test_groups_and_boards_are_quoted(sentence: str, source: str):
    first = split_text(sentence)[0]
    assert (first.voice, first.source) == ("quoted", source)
    assert sentence[: first.end].strip() == sentence[: sentence.index(",") + 2]


def test_every_kind_that_the_rules_ask_for_has_words():
    _, table = word_table()
    without = [kind for kind in range(table.shape[1]) if not table[:, kind].any()]
    assert without == [rules.NEVER]
    # And every kind with words is asked for, but those that are parts of others.
    assert set(kinds_of_words()) - set(vars(rules)) == {"BASE", "PAST_FORM", "VERB_FORM"}
