"""The rows of a batch that are articles, with their groups, and the others with their reasons."""

import datetime as dt
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from analysis.articles import FREQUENCIES, add_period
from analysis.counting.batches import Batch
from analysis.counting.checked import Checked, check_batch, doc_ids
from analysis.errors import ReadError
from analysis.reading.rejected import Reason, Rejection


def batch(**columns: Any) -> Batch:
    """A batch with rows on lines 2, 4, 6 ..., and with texts, outlets and dates, if not said."""
    size = len(next(iter(columns.values())))
    given = {"text": ["Talks"] * size, "outlet": ["Gazette"] * size, "date": ["2021-03-14"] * size}
    return Batch("a.csv", 0, "line", range(2, 2 * size + 2, 2), pa.table(given | columns))


def labels_of(checked: Checked) -> list[Any]:
    """The label of each article's group; of a single column, its value."""
    found = [checked.labels[group] for group in checked.groups]
    return [label[0] if len(label) == 1 else label for label in found]


def reasons_of(checked: Checked) -> list[tuple[int, str, str]]:
    assert all(r.locator == f"line {place}" for place, r in checked.rejected)
    assert {rejection.source for _, rejection in checked.rejected} <= {"a.csv"}
    return [(place, str(r.reason), r.detail) for place, r in checked.rejected]


def test_rows_without_text_outlet_or_date_are_rejected_for_the_first_of_these():
    some = batch(
        text=["A", None, " \n\u2003", "", "B", "C", None, "D"],
        outlet=["G", "G", None, "", " \t", None, "G", " G "],
        date=["2021", "2021", "2021", None, "soon", "2021", None, None],
    )
    checked = check_batch(some, ["outlet"])
    assert reasons_of(checked) == [
        (4, "no text", ""), (6, "no text", ""), (8, "no text", ""), (10, "no outlet", ""),
        (12, "no outlet", ""), (14, "no text", ""), (16, "no date", ""),
    ]  # fmt: skip
    assert (checked.rows.tolist(), checked.texts.to_pylist()) == ([0], ["A"])


def test_words_for_a_missing_value_are_none():
    """The Kelvin sign (three bytes) is a k."""
    names = ["Unknown", " - ", "un\u212anown", "Unknown Times", "N\u00a0\n Y  Post"]
    some = batch(outlet=names, text=["Talks"] * 5)
    checked = check_batch(some, ["outlet"])
    assert [reason for _, reason, _ in reasons_of(checked)] == ["no outlet"] * 3
    assert labels_of(checked) == ["Unknown Times", "N Y Post"]
    checked = check_batch(batch(text=["n/a", "NaN.", " None", "A", "nothing"]), [])
    assert checked.texts.to_pylist() == ["NaN.", "A", "nothing"]
    checked = check_batch(batch(date=["Null", "2021", "soon"]), [])
    assert [reason for _, reason, _ in reasons_of(checked)] == ["no date", "unreadable date"]


def test_the_order_of_day_and_month_is_that_which_is_said():
    some = batch(date=["04/05/2018", "13/05/2018"])
    for day_first, months in ((True, ["2018-05", "2018-05"]), (False, ["2018-04", "2018-05"])):
        assert labels_of(check_batch(some, ["month"], day_first)) == months


def test_articles_keep_their_texts_as_they_stand():
    texts = ["Talks", " Talks\n", "\x00"]
    checked = check_batch(batch(text=texts), [])
    assert (checked.texts.to_pylist(), checked.rows.tolist()) == (texts, [0, 1, 2])
    assert (checked.labels, checked.groups.tolist(), checked.rejected) == ([()], [0, 0, 0], [])
    checked = check_batch(batch(text=[None, *texts, None]), [])
    assert (checked.texts.to_pylist(), checked.rows.tolist()) == (texts, [1, 2, 3])
    checked = check_batch(batch(text=[None]), ["outlet"])
    assert (len(checked.texts), checked.labels, len(checked.rejected)) == (0, [], 1)


def test_what_could_not_be_read_stands_before_what_was_rejected():
    some = batch(text=["", "Talks"])
    malformed = 3, Rejection("a.csv", "line 3", Reason.MALFORMED, "2 cells")
    some.rejections.append(malformed)
    assert [place for place, _ in check_batch(some, []).rejected] == [3, 2]
    assert some.rejections == [malformed]


def test_dates_are_read_as_parse_date_reads_them():
    dates = ["14 March 2021", "soon", "2021-02-30", "04/05/2021", "1501-01-01", "9999", " 2021 "]
    checked = check_batch(batch(date=[*dates, dates[1]]), ["date"])
    assert [reason[:2] for reason in reasons_of(checked)] == [
        (4, "unreadable date"), (6, "impossible date"), (8, "ambiguous date"),
        (10, "impossible date"), (16, "unreadable date"),
    ]  # fmt: skip
    assert "'soon'" in reasons_of(checked)[0][2]
    days = [pd.Timestamp(day) for day in ("2021-03-14", "9999-01-01", "2021-01-01")]
    assert labels_of(checked) == days


def test_the_last_day_is_that_of_date_end_or_else_of_the_date():
    spans = [("2021-03-14", None), ("2021-03", None), ("2021-03", "2021-05"),
             ("2021", "2021-12-31"), ("2021-03-14", "2021-03-14"), ("2021-03-14", ""),
             ("1969-03", ""), ("1605-01-01", "1970-01")]  # fmt: skip
    date, date_end = (list(column) for column in zip(*spans, strict=True))
    checked = check_batch(batch(date=date, date_end=date_end), ["date", "date_end"])
    assert [tuple(str(day.date()) for day in label) for label in labels_of(checked)] == [
        ("2021-03-14", "2021-03-14"), ("2021-03-01", "2021-03-31"), ("2021-03-01", "2021-05-31"),
        ("2021-01-01", "2021-12-31"), ("2021-03-14", "2021-03-14"), ("2021-03-14", "2021-03-14"),
        ("1969-03-01", "1969-03-31"), ("1605-01-01", "1970-01-31"),
    ]  # fmt: skip


def test_a_last_day_before_the_first_or_that_is_no_day_is_rejected():
    spans = [("2021-03-14", "2021-03-13"), ("2021-03-14", "soon"), ("soon", "2021-03-14"),
             (None, "2021-02-30"), ("2021-03-14", "04/05/2021"), ("2021-03-14", None)]  # fmt: skip
    date, date_end = (list(column) for column in zip(*spans, strict=True))
    checked = check_batch(batch(date=date, date_end=date_end), [])
    reasons = reasons_of(checked)
    assert reasons[0] == (2, "impossible date", "date_end 2021-03-13 is before date")
    assert [reason[:2] for reason in reasons[1:]] == [
        (4, "unreadable date"), (6, "unreadable date"), (8, "no date"), (10, "ambiguous date"),
    ]  # fmt: skip
    assert checked.rows.tolist() == [5]


@pytest.mark.parametrize(
    "kind",
    [pa.date32(), pa.date64(), pa.timestamp("s"), pa.timestamp("ns"),
     pa.timestamp("us", "Europe/London"), pa.timestamp("ms", "-07:00")],
    ids=str,
)  # fmt: skip
def test_typed_days_are_those_as_published(kind: pa.DataType):
    given: list[Any] = [dt.datetime(2021, 6, 30, 23, 30), None, dt.datetime(1969, 12, 31)]
    if pa.types.is_date(kind):
        dates = pa.array([day and day.date() for day in given], kind)
    else:
        naive = pa.array(given, pa.timestamp(kind.unit))
        dates = naive if kind.tz is None else pc.assume_timezone(naive, kind.tz)
    checked = check_batch(batch(date=dates), ["date", "month"])
    assert reasons_of(checked) == [(4, "no date", "")]
    assert labels_of(checked) == [
        (pd.Timestamp("2021-06-30"), "2021-06"), (pd.Timestamp("1969-12-31"), "1969-12"),
    ]  # fmt: skip
    ends = check_batch(batch(date=dates, date_end=dates), ["date_end"])
    assert labels_of(ends) == [label[0] for label in labels_of(checked)]


@pytest.mark.parametrize("freq", FREQUENCIES)
def test_calendar_spans_are_those_of_add_period(freq: str):
    spans = [("2021-03-14", "2021-03-20"), ("2021-03-14", None), ("2020-12-31", "2021-01-01"),
             ("2019-07-01", "2019-07-02"), (None, None), ("2022-02-01", "2022-02-28")]  # fmt: skip
    date, date_end = (list(column) for column in zip(*spans, strict=True))
    checked = check_batch(batch(date=date, date_end=date_end), [freq])
    days = [span for span in spans if span[0]]
    frame = pd.DataFrame(days, columns=["date", "date_end"]).apply(pd.to_datetime)
    period = add_period(frame, freq)["period"]
    assert labels_of(checked) == period.astype(object).where(period.notna(), None).tolist()
    # The labels run over the days of those articles that have one.
    known = frame["date"][period.notna()]
    assert checked.days == {freq: (known.min(), known.max())}


def test_a_calendar_span_that_no_article_lies_in_has_no_days():
    checked = check_batch(batch(date=["2021", "2020"]), ["month"])
    assert (labels_of(checked), checked.days) == ([None, None], {})
    checked = check_batch(batch(date=[None]), ["month", "year"])
    assert (checked.labels, checked.days) == ([], {})


def test_groups_are_those_of_the_articles_alone():
    desks = ["news", None, "city", "news", "world", "news"]
    some = batch(
        outlet=[" Gazette", "Herald", "Gazette ", "Gazette", None, "Herald"],
        desk=desks,
        rank=pa.array([2, 1, None, 2, 3, 1]),
        flag=pa.array([True, None, False, True, None, None]),
        kind=pa.array(desks).dictionary_encode(),
        large=pa.array(desks, pa.large_string()),
    )
    for by, values in {
        "outlet": ["Gazette", "Herald", "Gazette", "Gazette", "Herald"],
        "desk": ["news", None, "city", "news", "news"],
        "large": ["news", None, "city", "news", "news"],
        "kind": ["news", None, "city", "news", "news"],
        "rank": [2, 1, None, 2, 1],
        "flag": [True, None, False, True, None],
    }.items():
        checked = check_batch(some, [by])
        assert labels_of(checked) == values
        assert len(checked.labels) == len(set(values))
    checked = check_batch(some, ["outlet", "rank", "year"])
    assert labels_of(checked) == [
        ("Gazette", 2, "2021"), ("Herald", 1, "2021"), ("Gazette", None, "2021"),
        ("Gazette", 2, "2021"), ("Herald", 1, "2021"),
    ]  # fmt: skip
    # Whole numbers stay whole beside a gap.
    assert {type(value) for value in labels_of(check_batch(some, ["rank"]))} == {int, type(None)}


def test_ids_are_those_given_or_else_file_and_place():
    assert doc_ids(batch(text=["A", "B"])).tolist() == ["a.csv:2", "a.csv:4"]
    some = batch(doc_id=["x", None, "", " ", "x"], text=["A", "B", "C", "D", None])
    assert doc_ids(some).tolist() == ["x", "a.csv:4", "a.csv:6", " ", "x"]
    assert labels_of(check_batch(some, ["doc_id"])) == ["x", "a.csv:4", "a.csv:6", " "]
    assert doc_ids(batch(doc_id=[7, None])).tolist() == ["7", "a.csv:4"]
    assert labels_of(check_batch(batch(text=["A", ""]), ["doc_id"])) == ["a.csv:2"]


def test_a_column_without_any_value_is_one_of_missing_values():
    nothing = pa.nulls(2)
    assert check_batch(batch(date_end=nothing), ["month"]).labels == [("2021-03",)]
    assert check_batch(batch(desk=nothing), ["desk"]).labels == [(None,)]
    assert doc_ids(batch(doc_id=nothing)).tolist() == ["a.csv:2", "a.csv:4"]
    for name, reason in {"text": "no text", "outlet": "no outlet", "date": "no date"}.items():
        checked = check_batch(batch(**{name: nothing}), [])
        assert reasons_of(checked) == [(2, reason, ""), (4, reason, "")]


@pytest.mark.parametrize("name", ["text", "outlet", "date", "date_end"])
def test_a_column_of_lists_is_no_column_of_strings(name: str):
    with pytest.raises(ReadError, match=rf"a\.csv: the column for {name} holds list<.*, not str"):
        check_batch(batch(**{name: [["A"], ["B"]]}), [])
    with pytest.raises(ReadError, match=r"the column for text holds binary, not strings \("):
        check_batch(batch(text=[b"\xff"]), [])


@pytest.mark.parametrize("values", [[["a"], ["b"]], [{"a": 1}, None]])
def test_lists_and_records_make_no_groups(values: list[Any]):
    with pytest.raises(ReadError, match=r"a\.csv: by names the column 'desk', which holds (li|st)"):
        check_batch(batch(desk=values), ["outlet", "desk"])
