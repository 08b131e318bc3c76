import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import check_articles, read_articles
from analysis.reading.dates import DateError, check_possible, parse_date, seen_orders
from analysis.reading.rejected import Reason

DAY = dt.date(2018, 6, 12)


@pytest.mark.parametrize(
    "text",
    [
        "2018-06-12", "2018/6/12", "2018.06.12", "20180612", "20180612T101500Z", "20180612101500",
        "2018-06-12T23:59:59-04:00", "2018-06-12T00:30:00+09:00", "2018-06-12 10:15:00.000 UTC",
        "June 12, 2018", "June 12, 2018 Tuesday", "Tuesday, June 12, 2018", "12 June 2018",
        "12th June 2018", "June 12th, 2018", "Jun. 12, 2018", "12-Jun-2018", "JUNE 12, 2018",
        "Tue, 12 Jun 2018 10:15:00 GMT", "June 12, 2018 Tuesday 10:15 AM GMT",
        "June 12, 2018 at 10:15 a.m. EDT", "12. Juni 2018", "Dienstag, 12. Juni 2018",
        "12. Juni 2018, 10:15 Uhr", "12 juin 2018", "12 de junio de 2018", "12 giugno 2018",
        "12 juni 2018", "12 de junho de 2018", "12 июня 2018 г.", "2018年6月12日",
        "2018年6月12日 10:15", "２０１８年６月１２日", "2018 年 6 月 12 日", "12.06.2018",
        "12.6.2018 10:15", "12th of June, 2018", "Di., 12.06.2018", "12.06.2018, 10 Uhr",
        "Dienstag, den 12. Juni 2018 um 10.15 Uhr", "mardi 12 juin 2018 à 10h15",
        "le 12 juin 2018 - 10 h", "Mar. 12 juin 2018", "martes, 12 de junio de 2018 a las 10:15 h",
        "el 12 de junio del 2018", "martedì 12 giugno 2018 alle ore 10.15",
        "terça-feira, 12 de junho de 2018 às 10h15min", "dinsdag 12 juni 2018 om 10:15 uur",
        "12e juni 2018", "12 июня 2018 года в 10:15", "12.06.2018 г.", "вт, 12.06.2018 10:15 МСК",
        "2018年6月12日 星期二 10时15分",
    ],
)  # fmt: skip
def test_complete_dates(text: str):
    assert parse_date(text).first == parse_date(text).last == DAY


# The first of a month has a name of its own in many languages.
@pytest.mark.parametrize(
    "text",
    [
        "1er mars 2021", "lundi 1er mars 2021", "1ᵉʳ mars 2021", "le 1er mars 2021 à 14h30",
        "1º de marzo de 2021", "1.º de março de 2021", "1ro de marzo 2021",
        "1° marzo 2021", "lunedì 1º marzo 2021", "1ste maart 2021", "March 1st, 2021",
        "1. März 2021", "01.03.2021г.",
    ],
)  # fmt: skip
def test_the_first_of_march(text: str):
    assert parse_date(text).first == parse_date(text).last == dt.date(2021, 3, 1)


@pytest.mark.parametrize("text", ["le 15/03/2021 à 14:30", "lundi 15/03/2021", "Mo, 15/3/2021"])
def test_numbers_between_words(text: str):
    assert parse_date(text).first == parse_date(text).last == dt.date(2021, 3, 15)
    assert seen_orders([text]) == {True}


@pytest.mark.parametrize("text", ["le 04/03/2021 à 14:30", "lundi 4/3/2021"])
def test_words_around_a_date_decide_no_order(text: str):
    with pytest.raises(DateError) as fault:
        parse_date(text)
    assert fault.value.reason is Reason.AMBIGUOUS_DATE
    assert parse_date(text, True).first == dt.date(2021, 3, 4)


# The names as calendars of each language have them, from January on.
CALENDARS = [
    "January February March April May June July August September October November December",
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "januari februari maart april mei juni juli augustus september oktober november december",
    "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
    "янв. февр. мар. апр. мая июн. июл. авг. сент. окт. нояб. дек.",
]


@pytest.mark.parametrize("names", CALENDARS)
def test_the_months_of_each_language(names: str):
    for month, name in enumerate(names.split(), start=1):
        assert parse_date(f"12 {name} 2018").first == dt.date(2018, month, 12)
        span = parse_date(f"{name} 2018")
        assert (span.first, (span.last + dt.timedelta(1)).day) == (dt.date(2018, month, 1), 1)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2018-06", "2018-06-01", "2018-06-30"),
        ("June 2018", "2018-06-01", "2018-06-30"),
        ("Juni 2018", "2018-06-01", "2018-06-30"),
        ("2018年6月", "2018-06-01", "2018-06-30"),
        ("июнь 2018 г.", "2018-06-01", "2018-06-30"),
        ("February 2020", "2020-02-01", "2020-02-29"),
        ("2018", "2018-01-01", "2018-12-31"),
        ("2018年", "2018-01-01", "2018-12-31"),
    ],
)
def test_partial_dates_become_spans(text: str, first: str, last: str):
    span = parse_date(text)
    assert (str(span.first), str(span.last)) == (first, last)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.NO_DATE),
        ("   ", Reason.NO_DATE),
        ("yesterday", Reason.UNREADABLE_DATE),
        ("last June 12, 2018", Reason.UNREADABLE_DATE),
        ("June 12", Reason.UNREADABLE_DATE),
        ("du 12 au 15 juin 2018", Reason.UNREADABLE_DATE),
        ("page 12e, June 2018", Reason.UNREADABLE_DATE),
        ("12 March June 2018", Reason.UNREADABLE_DATE),
        ("12/06/18", Reason.UNREADABLE_DATE),
        ("1528761600", Reason.UNREADABLE_DATE),
        ("43263", Reason.UNREADABLE_DATE),
        ("Spring 2018", Reason.UNREADABLE_DATE),
        ("June 12, 2018 June 13, 2018", Reason.UNREADABLE_DATE),
        ("x" * 10_000, Reason.UNREADABLE_DATE),
        ("t" * 119, Reason.UNREADABLE_DATE),
        ("Monday/Tuesday 12 June 2018", Reason.UNREADABLE_DATE),
        ("12 June 2018/Tuesday", Reason.UNREADABLE_DATE),
        ("June 12, 2018 10:15 [corrected]", Reason.UNREADABLE_DATE),
        ("June 12, 2018 10:15 GMT (last update)", Reason.UNREADABLE_DATE),
        ("04/05/2018", Reason.AMBIGUOUS_DATE),
        ("10. listopada 2018", Reason.AMBIGUOUS_DATE),
        ("2018-02-30", Reason.IMPOSSIBLE_DATE),
        ("31 June 2018", Reason.IMPOSSIBLE_DATE),
        ("2018-13-01", Reason.IMPOSSIBLE_DATE),
        ("13/13/2018", Reason.IMPOSSIBLE_DATE),
        ("0000-00-00", Reason.IMPOSSIBLE_DATE),
        ("2018-00", Reason.IMPOSSIBLE_DATE),
    ],
)
def test_what_is_no_date_is_refused_with_a_reason(text: str, reason: Reason):
    with pytest.raises(DateError) as fault:
        parse_date(text)
    assert fault.value.reason is reason


def test_the_order_of_day_and_month_comes_from_the_file_or_the_user():
    assert parse_date("04/05/2018", True).first == dt.date(2018, 5, 4)
    assert parse_date("04/05/2018", False).first == dt.date(2018, 4, 5)
    assert parse_date("04.05.2018").first == dt.date(2018, 5, 4)
    assert parse_date("06/06/2018").first == dt.date(2018, 6, 6)
    # A number above 12 is the day, whatever the file does otherwise.
    assert parse_date("06/13/2018", True).first == dt.date(2018, 6, 13)


@pytest.mark.parametrize(
    ("texts", "orders"),
    [
        (["04/05/2018", "25/05/2018"], {True}),
        (["04/05/2018", "05/25/2018 10:15"], {False}),
        (["25/05/2018", "05/25/2018"], {True, False}),
        (["04/05/2018", "2018-05-25", "May 25, 2018"], set()),
        (["99/99/2018"], set()),
        ([], set()),
    ],
)
def test_orders_of_day_and_month(texts: list[str], orders: set[bool]):
    assert seen_orders(texts) == orders


def test_impossible_days():
    today = dt.date(2024, 1, 31)
    check_possible(parse_date("2024-01-31"), today)
    check_possible(parse_date("2024"), today)
    check_possible(parse_date("1605-01-01"), today)
    for text in ("2024-02-01", "2025", "0001-01-01", "1601-01-01"):
        with pytest.raises(DateError) as fault:
            check_possible(parse_date(text), today)
        assert fault.value.reason is Reason.IMPOSSIBLE_DATE


@given(st.dates(min_value=dt.date(1605, 1, 1), max_value=dt.date(2100, 1, 1)))
def test_every_day_comes_back_from_each_form(day: dt.date):
    months = "January February March April May June July August September October November December"
    name = months.split()[day.month - 1]
    for text in (
        day.isoformat(),
        f"{day:%Y%m%d}",
        f"{name} {day.day}, {day.year}",
        f"{day.day} {name} {day.year} 04:05",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.day:02}.{day.month:02}.{day.year}",
    ):
        span = parse_date(text)
        assert span.first == span.last == day
    assert parse_date(f"{day.day}/{day.month}/{day.year}", True).first == day


@given(st.text(max_size=60))
def test_any_text_is_a_date_or_refused(text: str):
    try:
        span = parse_date(text)
    except DateError as fault:
        assert fault.reason in Reason
    else:
        assert span.first <= span.last


@pytest.mark.parametrize(
    "text",
    [
        "Wed Oct 10 20:19:24 +0000 2018", "Wed, 10 Oct 2018 20:19:24 +0000",
        "Wed Oct 10 19:20:36 CEST 2018", "Wed Oct 10 19:20:36 2018", "10 października 2018 r.",
        "10. října 2018", "10 Ekim 2018 Çarşamba", "2018년 10월 10일", "2018. 10. 10.",
        "2018년 10월 10일 (수)", "10 أكتوبر 2018", "الأربعاء، 10 أكتوبر 2018",
        "10 تشرين الأول 2018", "10 octombrie 2018", "10 жовтня 2018 р.",
        "среда, 10 октября 2018 г.",         "2018年10月10日(水)",
        "10. lokakuuta 2018", "2018. október 10.", "10. október 2018", "10 oktober 2018",
        "10. lokakuuta 2018 klo 20.19", "onsdag den 10. oktober 2018 kl. 20.19",
        "środa, 10 października 2018, godz. 20:19", "10. listopada 2018.", "2018 m. spalio 10 d.",
        "10 кастрычніка 2018", "2018. gada 10. oktobris", "ngày 10 tháng 10 năm 2018",
        "יום רביעי, 10 באוקטובר 2018", "10 اكتوبر 2018", "۱۰ اکتبر ۲۰۱۸", "10 अक्टूबर 2018",
        "2018.10.10. 오후 8:19", "2018年10月10日 下午8:19", "2018/10/10 午後8時19分",
        "10/10/2018 8:19 p. m.", "the 10th of October 2018",
    ],
)  # fmt: skip
def test_the_press_of_many_countries(text):
    assert parse_date(text).first == dt.date(2018, 10, 10)


@pytest.mark.parametrize(
    ("table", "days"),
    [
        ("outlet,date,text\nG,1539202764,a\nG,1539289164,b\n", ["2018-10-10", "2018-10-11"]),
        ("outlet,date,text\nG,1539202764000,a\nG,,b\n", ["2018-10-10"]),
        (
            "outlet,created_utc,text\nG,1539202764.0,a\nG,2018-10-12,b\n",
            ["2018-10-10", "2018-10-12"],
        ),
        ("outlet,date,text\nG,1539202764,a\nG,2018-10-12,b\n", ["2018-10-12"]),
        ("outlet,date,text\nG,153920276,a\n", []),
        ("outlet,date,text\nG,9939202764,a\n", []),
    ],
)
def test_moments_of_unix_time_where_the_column_says_so(write, table, days):
    articles, _ = read_articles(write("a.csv", table), today="2020-01-01")
    assert articles["date"].astype("str").tolist() == days


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("world-17451203", None), ("a1b19980712c3", None), ("phone-18001231", None),
        ("id-99999999", None), ("x20180304", None), ("20180304", "2018-03-04"),
        ("2018-03-04 talks", "2018-03-04"), ("x_2018_03_04_y", "2018-03-04"),
        ("id-99999999-20180304", "2018-03-04"), ("21180304", None), ("20180304123456", None),
        ("2018 03 04 talks", "2018-03-04"), ("20180304T101500", "2018-03-04"),
        ("2019-01-01 export/Gull/2018-03-04 talks", "2018-03-04"),
        ("2019-01-01 export/2018/03/04/talks", "2018-03-04"),
        ("2018-03-04 on the war of 1918-11-11", "2018-03-04"), ("№20180304", "2018-03-04"),
    ],
)  # fmt: skip
def test_a_day_in_a_name_stands_alone(write, tmp_path, name, day):
    write(f"press/Gull/{name}.txt", "Talks went on.")
    articles, rejected = read_articles(tmp_path / "press", today="2020-01-01")
    assert articles["date"].astype("str").tolist() == ([day] if day else [])
    assert rejected["reason"].tolist() == ([] if day else ["no date"])


# As JavaScript, Java, Apache and calendars of CLDR write them; Czech dates have spaces, Arabic ones
# marks of direction, and Turkish capitals a dot on the i.
@pytest.mark.parametrize(
    "text",
    [
        "Tue Jun 12 2018 20:19:24 GMT+0200 (Central European Summer Time)",
        "Tue, 12 Jun 2018 20:19:24 GMT+0200 (CEST)", "2018-06-12T20:19:24.123+02:00[Europe/Berlin]",
        "2018-06-12T20:19:24Z[UTC]", "Tue, 12 Jun 2018 20:19:24 +1000 (AEST)",
        "12 Jun 2018 20:19 (AEST)",
        "Tue Jun 12 2018 20:19:24 GMT+0200 (heure d’été d’Europe centrale)", "Jun/12/2018",
        "12/Jun/2018", "12. 6. 2018", "st 12. 6. 2018 10:00", "12 HAZİRAN 2018 SALI",
        "\u200f12\u200f يونيو 2018", "12 d’juny del 2018", "terça-feira, 12 de junho de 2018",
        "2018-06-12Z", "2018-06-12+02:00", "12/Jun/2018:20:19:24 +0000", "2018-06-12 20:19 EEST",
        "2018-06-12 20:19:24 JST", "12 Jun 2018 20:19 WIB", "2018-06-12T20:19:24 UTC+02:00",
    ],
)  # fmt: skip
def test_dates_of_programs_and_calendars(text: str):
    assert parse_date(text).first == parse_date(text).last == DAY


@pytest.mark.parametrize(
    ("text", "month"), [("12 EKİM 2018", 10), ("12 ARALIK 2018", 12), ("12 Μαΐου 2018", 5)]
)
def test_letters_that_fold_to_several(text: str, month: int):
    assert parse_date(text).first == dt.date(2018, month, 12)


# In languages that write dots the day is first, whatever dates with slashes show.
@pytest.mark.parametrize(
    ("dates", "days"),
    [
        (("09.02.2023", "03/25/2023"), ["2023-02-09", "2023-03-25"]),
        (("09.02.2023", "03.25.2023"), ["2023-09-02", "2023-03-25"]),
        (("09/02/2023", "25.03.2023"), ["2023-02-09", "2023-03-25"]),
        (("09-02-2023", "03/25/2023 10:15"), ["2023-09-02", "2023-03-25"]),
        (("09.02.2023", "25/03/2023", "03/25/2023"), ["2023-02-09", "2023-03-25", "2023-03-25"]),
    ],
)
def test_dots_have_an_order_of_their_own(write, dates, days):
    rows = "".join(f"Gull,{date},Talks {n}\n" for n, date in enumerate(dates))
    path = write("n.csv", f"outlet,date,text\n{rows}")
    articles, rejected = read_articles(path, today="2024-01-01")
    assert len(rejected) == 0
    assert articles["date"].astype("str").tolist() == days
    frame = pd.DataFrame({"outlet": "Gull", "date": dates, "text": "Talks"})
    frame.insert(0, "doc_id", frame.index.astype("str"))
    assert check_articles(frame)["date"].astype("str").tolist() == days


# A name of the month that two languages have: Croatian's October is Polish and Czech November.
@pytest.mark.parametrize(
    ("text", "month"),
    [("10 listopada 2018", 11), ("10. listopadu 2018", 11), ("10. listopada 2018. u 20:19", 10)],
)
def test_listopad(text, month):
    assert parse_date(text).first == dt.date(2018, month, 10)
