"""Segments: every character once, every token once, and the voices of planted sentences."""

import json

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis import ArticlesError, Lexicon, document_terms, stance, with_titles
from analysis.preparing.voices import split_voices
from analysis.tokens import tokenize

MARKS = "\"'“”‘’«»„‚‹›`"
# Text as bad as it comes: marks anywhere, cues without clauses, all kinds of space.
WILD = st.lists(
    st.one_of(
        st.sampled_from(
            [
                "said", "he said,", "5,000-strong", "Mr.", "according to", "that", "Smith:", "who",
                ",", ".", "?", "—", "\n", "\n\n", " ", "-", "'em", "officials'", "заявил", "что",
                "Qqq", "(", ")", "dialogue", "“", "”", "``", "’s", ".\xa0", "\u2028", "\x85",
                "\u200b", "\r",
            ]
        ),
        st.text(alphabet=MARKS + " aB.,\n", max_size=8),
        st.text(max_size=5),
    ),
    max_size=30,
).flatmap(lambda parts: st.sampled_from(["", " "]).map(lambda glue: glue.join(parts)))  # fmt: skip


def articles_of(*texts: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "doc_id": [f"d{number}" for number in range(len(texts))],
            "outlet": "Gazette",
            "date": pd.Timestamp("2021-03-14"),
            "title": "",
            "text": list(texts),
        }
    )


def read(text: str) -> list[tuple[str, str | None, str | None, str]]:
    """Voice, source, cue and text of each segment, missing values as None."""
    segments = split_voices(articles_of(text))
    told = segments[["voice", "source", "cue", "text"]].astype(object)
    return [tuple(row) for row in told.where(told.notna(), None).itertuples(index=False)]


@settings(max_examples=60)
@given(WILD)
def test_segments_join_to_the_article_exactly(text):
    segments = split_voices(articles_of(text, "Then."))
    own = segments[segments["doc_id"] == "d0"]
    assert "".join(own["text"]) == text
    assert own["start"].iloc[0] == 0
    assert own["end"].iloc[-1] == len(text)
    assert (own["start"].iloc[1:].to_numpy() == own["end"].iloc[:-1].to_numpy()).all()
    assert [text[a:b] for a, b in zip(own["start"], own["end"], strict=True)] == [*own["text"]]


@settings(max_examples=40)
@example("said\u200bsaid")
@given(WILD)
def test_no_token_is_cut_in_two(text):
    whole = tokenize([text], offsets=True)
    segments = split_voices(articles_of(text))
    parts = tokenize(segments["text"], offsets=True)
    places = [
        (int(start), int(end))
        for number, offset in enumerate(segments["start"])
        for start, end in zip(
            parts.starts[parts.bounds[number] : parts.bounds[number + 1]] + offset,
            parts.ends[parts.bounds[number] : parts.bounds[number + 1]] + offset,
            strict=True,
        )
    ]
    assert places == [*zip(whole.starts.tolist(), whole.ends.tolist(), strict=True)]


@pytest.mark.parametrize(
    "sentence, source, cue, content",
    [
        ("Ada Quill argued that talks failed.", "Ada Quill", "argued", "that talks failed."),
        ("The talks had failed, officials said.", None, "said", "The talks had failed"),
        ("Talks failed, according to Ada Quill.", "Ada Quill", "according to", "Talks failed"),
        ("According to Ada Quill, talks failed.", "Ada Quill", "According to", "talks failed."),
        ("Ada Quill accused Ravenna of a threat.", "Ada Quill", "accused", "Ravenna of a threat."),
        ("Ada Quill vowed to keep the missiles.", "Ada Quill", "vowed", "to keep the missiles."),
        ("The truce, Ada Quill warned, was dead.", "Ada Quill", "warned", "The truce"),
        ("Talks had failed, said Ada Quill.", "Ada Quill", "said", "Talks had failed"),
        ("Minister Ada Quill: no more talks now", "Ada Quill", ":", "no more talks now"),
        ("Ravenna is expected to sign the treaty.", None, "expected", "to sign the treaty."),
    ],
)  # fmt: skip
def test_reported_speech(sentence, source, cue, content):
    reported = [row for row in read(sentence) if row[0] == "reported"]
    _, who, word, text = reported[0]
    assert (who, word, text.strip(" ,")) == (source, cue, content)


@pytest.mark.parametrize(
    "sentence",
    [
        "The claims of the two states overlap in the strait.",
        "The ships moved north at dawn, and the port was closed.",
        "Reports from the cape arrived late.",
        "His demands were met in full.",
    ],
)
def test_narration_stays_narration(sentence):
    assert {row[0] for row in read(sentence)} == {"narration"}


def test_the_voices_of_a_paragraph_in_order():
    text = (
        'Ada Quill, the envoy, was blunt. "We came to talk," she said. "They came to stare." '
        "She added that the threat was real, and that sanctions would follow."
    )
    assert [(row[0], row[1]) for row in read(text)] == [
        ("narration", None),
        ("quoted", "Ada Quill"),
        ("narration", None),
        ("quoted", "Ada Quill"),
        ("narration", None),
        ("reported", "Ada Quill"),
    ]


def test_a_quotation_of_several_paragraphs_keeps_its_speaker():
    text = (
        "“We waited for nine long weeks,” Ada Quill said. “Then the ships came.\n\n"
        "“So we left the table for good.”\n\nThe port is calm."
    )
    quoted = [(row[1], row[3].strip()) for row in read(text) if row[0] == "quoted"]
    assert quoted == [
        ("Ada Quill", "“We waited for nine long weeks,”"),
        ("Ada Quill", "“Then the ships came."),
        ("Ada Quill", "“So we left the table for good.”"),
    ]
    assert split_voices(articles_of(text))["unbalanced"].sum() == 0


def test_scare_quotes_keep_the_voice_around_them_and_are_counted():
    segments = split_voices(
        articles_of("The “dialogue” ended. Ada Quill said the ‘peace’ was a “sham”.")
    )
    assert segments["voice"].tolist() == ["narration", "reported"]
    assert segments["scare"].tolist() == [1, 2]


def test_titles_of_works_are_no_speech():
    segments = split_voices(articles_of("She read “The Long Road to the Cape” on the ferry."))
    assert segments["voice"].tolist() == ["narration"]
    assert segments["scare"].tolist() == [1]


def test_russian():
    text = "Посол Иван Орлов заявил, что переговоров нет. «Мы готовы к диалогу», — сказал он."
    assert [(row[0], row[1], row[3].strip()) for row in read(text) if row[0] != "narration"] == [
        ("reported", "Иван Орлов", "что переговоров нет."),
        ("quoted", "Иван Орлов", "«Мы готовы к диалогу»"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("По словам посла Орлова, переговоров не будет.",
         [("reported", "Орлова", "переговоров не будет.")]),
        ("Переговоров не будет, по словам Орлова.",
         [("reported", "Орлова", "Переговоров не будет")]),
        ("Переговоров не будет, сообщил Орлов.",
         [("reported", "Орлов", "Переговоров не будет")]),
        ("Переговоров не будет, — сообщила Анна Белова, — пока идёт отвод войск.",
         [("reported", "Анна Белова", "Переговоров не будет"),
          ("reported", "Анна Белова", "пока идёт отвод войск.")]),
        ("Как сообщил посол Орлов, переговоры начнутся в мае.",
         [("reported", "Орлов", "переговоры начнутся в мае.")]),
        ("Переговоры, как сообщает «Курьер», сорваны.",
         [("reported", "Курьер", "Переговоры"), ("reported", "Курьер", "сорваны.")]),
        ("Иван Орлов отметил, что мост цел, добавив, что поезда идут.",
         [("reported", "Иван Орлов", "что мост цел"),
          ("reported", "Иван Орлов", "что поезда идут.")]),
        ("Белов сказал, что приедет, а Орлов ответил, что не ждёт его.",
         [("reported", "Белов", "что приедет"), ("reported", "Орлов", "что не ждёт его.")]),
        ("Белов сказал, что приедет, и добавил, что ждёт ответа.",
         [("reported", "Белов", "что приедет"), ("reported", "Белов", "что ждёт ответа.")]),
        ("«Мы не уйдём», — заявила Анна Белова.",
         [("quoted", "Анна Белова", "«Мы не уйдём»")]),
        ("Анна Белова спросила: «Вы придёте?»",
         [("quoted", "Анна Белова", "«Вы придёте?»")]),
        ("Переговоры сорваны, сообщили в министерстве.",
         [("reported", None, "Переговоры сорваны")]),
        ("Министр заявил о готовности к диалогу.", []),
        ("Министр Белов назвал переговоры «цирком».", []),
        ("Он приехал, сказал речь о мире и уехал.", []),
        ("Он вышел к прессе, заявил о мире и уехал.", []),
        ("По улице шёл посол.", []),
    ],
)  # fmt: skip
def test_russian_reports(text: str, expected: list[tuple[str, str | None, str]]):
    segments = [(row[0], row[1], row[3].strip()) for row in read(text)]
    assert [row for row in segments if row[0] != "narration"] == expected


def test_an_empty_text_keeps_its_article():
    segments = split_voices(articles_of("", "   "))
    assert segments["doc_id"].tolist() == ["d0", "d1"]
    assert segments["voice"].tolist() == ["narration", "narration"]
    assert segments["text"].tolist() == ["", "   "]


def test_no_articles_make_no_segments():
    segments = split_voices(articles_of().iloc[:0])
    assert len(segments) == 0
    assert {"doc_id", "voice", "source", "cue", "start", "end", "text", "outlet"} <= {*segments}


def test_a_frame_without_texts_is_refused():
    with pytest.raises(ArticlesError, match="lacks the column\\(s\\) text"):
        split_voices(articles_of("a").drop(columns="text"))


def test_each_article_is_split_by_itself():
    texts = [
        "Ada Quill said talks failed.",
        "He said no more.",
        "“We shall see about that,” she said.",
    ]
    together = split_voices(articles_of(*texts))
    alone = pd.concat(
        [split_voices(articles_of(*texts).iloc[[k]]) for k in range(3)], ignore_index=True
    )
    pd.testing.assert_frame_equal(together, alone)


def test_segments_are_counted_like_articles():
    text = (
        "Sanctions fell. Ada Quill said dialogue had won. “The threat is gone for good,” she said."
    )
    lexicon = Lexicon.from_dict(
        {"deterrence": ["sanction*", "threat*"], "dialogue": ["dialogue", "talks"]}
    )
    counts = document_terms(split_voices(articles_of(text, text, "No talks.")), lexicon=lexicon)
    scores = stance(
        counts, lexicon, contrast=("deterrence", "dialogue"), by=["outlet", "voice"]
    ).set_index("voice")
    # Two articles with one hit in each voice; the third has one hit in its narration.
    assert scores["articles"].to_dict() == {"narration": 3, "quoted": 2, "reported": 2}
    assert scores["n_deterrence"].to_dict() == {"narration": 2, "quoted": 2, "reported": 0}
    assert scores["n_dialogue"].to_dict() == {"narration": 1, "quoted": 0, "reported": 2}


@pytest.fixture(scope="module")
def sample(root):
    """The sample corpus with its titles, its segments, and how far titles move the text."""
    articles = pd.read_csv(root / "data/sample/articles.csv", dtype=str, keep_default_na=False)
    articles = articles.rename(columns={"id": "doc_id"})
    shift = {row.doc_id: len(row.title) + 2 if row.title else 0 for row in articles.itertuples()}
    segments = split_voices(with_titles(articles))
    return dict([*segments.groupby("doc_id")]), shift


def segment_at(sample, planted: dict, body: str) -> pd.Series:
    segments, shift = sample
    middle = planted["start"] + len(body) // 2
    middle += shift[planted["id"]] if planted["field"] == "text" else 0
    own = segments[planted["id"]]
    return own[(own["start"] <= middle) & (middle < own["end"])].iloc[0]


# What truth.json plants, and the least that the rules must find of it: they are rules, and the
# corpus has sentences beyond them.
def test_planted_quotations_are_found(root, sample):
    planted = json.loads((root / "data/sample/truth.json").read_text(encoding="utf-8"))["quotes"]
    found = right = told = 0
    for quote in planted:
        segment = segment_at(sample, quote, quote["quote"])
        scare = "scare" in quote["flags"]
        found += (segment["voice"] == "quoted") != scare
        told += not scare
        right += not scare and (segment["source"] or None) == quote["source"]
    assert found / len(planted) >= 0.97
    assert right / told >= 0.80


def test_planted_reports_are_found(root, sample):
    planted = json.loads((root / "data/sample/truth.json").read_text(encoding="utf-8"))["reported"]
    found = sum(
        segment_at(sample, report, report["content"])["voice"] == "reported" for report in planted
    )
    assert found / len(planted) >= 0.93
