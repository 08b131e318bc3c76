"""Which quotation marks open and close, in the marks that newspapers use, and in broken ones."""

import pytest

from analysis.preparing.voices.quotes import find_quotations, find_spans, mask, paragraphs


def spans(text: str) -> list[str]:
    return [text[span.start : span.end] for span in find_spans(text, paragraphs(text))[0]]


@pytest.mark.parametrize(
    "text, quotations",
    [
        ('He said "we go" and left.', ['"we go"']),
        ("He said “we go” and left.", ["“we go”"]),
        ("He said ''we go'' and left.", ["''we go''"]),
        ("He said ``we go'' and left.", ["``we go''"]),
        ("Er sagte „wir gehen“ und ging.", ["„wir gehen“"]),
        ("Er sagte »wir gehen« und ging.", ["»wir gehen«"]),
        ("Il a dit « nous partons » et partit.", ["« nous partons »"]),
        ("Он сказал «мы идём» и ушёл.", ["«мы идём»"]),
        ("He said ‘we go’ and left.", ["‘we go’"]),
        ("He said 'we go' and left.", ["'we go'"]),
        ("“He said ‘we go’ twice,” she wrote.", ["“He said ‘we go’ twice,”"]),
        ("‘He said “we go” twice,’ she wrote.", ["‘He said “we go” twice,’"]),
        ("“One.” Then “two.”", ["“One.”", "“two.”"]),
        ('("we go") and ["they stay"]', ['"we go"', '"they stay"']),
        ('Stop—"we go"—now.', ['"we go"']),
    ],
)
def test_marks_of_all_kinds(text, quotations):
    assert spans(text) == quotations


@pytest.mark.parametrize(
    "text",
    [
        "It's the ministers' plan, and the officials' too.",
        "It’s the ministers’ plan, and the officials’ too.",
        "Rock 'n' roll in the '90s, 'til they told 'em to stop.",
        "A 6' fence and a 12\" gun.",
        "O’Neill’s don’t-know vote",
    ],
)
def test_apostrophes_and_inches_are_no_quotations(text):
    assert spans(text) == []


def test_a_possessive_inside_single_marks_does_not_close_them():
    text = "‘The ministers’ plan is dead,’ he said."
    assert spans(text) == ["‘The ministers’ plan is dead,’"]


def test_a_quotation_over_paragraphs_has_an_opening_mark_on_each():
    text = "“One has no end.\n\n“Two has none.\n\n“Three has,” he said."
    found, unopened = find_spans(text, paragraphs(text))
    assert [text[s.start : s.end] for s in found] == [
        "“One has no end.",
        "“Two has none.",
        "“Three has,”",
    ]
    assert [(s.unclosed, s.continues) for s in found] == [
        (False, False),
        (False, True),
        (False, True),
    ]
    assert unopened == []


@pytest.mark.parametrize(
    "text, quotation",
    [
        # A missing closing mark: to the end of the paragraph if the quotation began it ...
        ("“We go. We stay.\n\nThe port is calm.", "“We go. We stay."),
        # ... else to the end of its sentence ...
        ("He said “we go. Then he left.\n\nThe port is calm.", "“we go."),
        # ... and at the latest where the next one opens.
        ("He said “we go and “we stay” twice.", "“we go and"),
    ],
)
def test_a_missing_closing_mark(text, quotation):
    found, unopened = find_spans(text, paragraphs(text))
    assert text[found[0].start : found[0].end] == quotation
    assert found[0].unclosed
    assert unopened == []


def test_a_closing_mark_alone_is_passed_over_and_counted():
    text = "We go,” he said. “We stay,” she said."
    found, unopened = find_spans(text, paragraphs(text))
    assert [text[s.start : s.end] for s in found] == ["“We stay,”"]
    assert unopened == [text.index("”")]


def test_the_mask_keeps_every_place():
    text = "“We go. We stay,” he said of the “plan”, and left."
    quotations, unopened = find_quotations(text, paragraphs(text))
    masked = mask(text, quotations, unopened)
    assert masked == "Q" + "q" * 15 + ", he said of the  plan , and left."
    assert len(masked) == len(text)
