"""Voices in languages without rules: what is between the language's marks is quoted."""

import pandas as pd
import pytest

from analysis import check_articles, split_voices


def segments(text: str, **columns: str) -> list[tuple[str, str]]:
    row = {"doc_id": "a", "outlet": "A", "date": "2024-03-01", "text": text} | columns
    table = split_voices(check_articles(pd.DataFrame([row])))
    assert "".join(table["text"]) == text
    assert table["source"].isna().all() or not columns
    return list(zip(table["voice"], table["text"], strict=True))


@pytest.mark.parametrize(
    ("text", "language", "quoted"),
    [
        ("外交部说:“谈判将恢复。”会议结束。", "", ["“谈判将恢复。”"]),
        ("彼は「対話が必要だ」と述べた。次は『会談』だ。", "", ["「対話が必要だ」", "『会談』"]),
        ("وقال الوزير: «الحوار ضروري» ثم غادر.", "", ["«الحوار ضروري»"]),
        ("Der Minister sagte: „Wir reden.“ Dann ging er.", "de", ["„Wir reden.“"]),
        ("Il a dit : « Nous parlons. » Puis il est parti.", "fr", ["« Nous parlons. »"]),
        ("Hon sade: ”Vi talar.” Sedan gick hon.", "sv", ["”Vi talar.”"]),
        ("Міністр сказав: «Ми говоримо».", "uk", ["«Ми говоримо»."]),
    ],
)
def test_marks_part_quotation_from_narration(text: str, language: str, quoted: list[str]):
    columns = {"language": language} if language else {}
    with pytest.warns(UserWarning, match=r"no rules of reported speech for 1 of 1 articles"):
        found = segments(text, **columns)
    assert [part.strip() for voice, part in found if voice == "quoted"] == quoted
    assert {voice for voice, _ in found} == {"narration", "quoted"}


def test_a_column_says_whose_rules_are_used(recwarn: pytest.WarningsRecorder):
    text = "The envoy said talks had failed."
    assert segments(text, language="English") == segments(text) != [("narration", text)]
    assert not recwarn.list
    with pytest.warns(UserWarning, match="Dutch 1"):
        assert segments(text, language="nl") == [("narration", text)]
