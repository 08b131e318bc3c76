"""What tools/fuzz_readers.py found in the home-made parsers, kept so that it stays found."""

import signal
from collections.abc import Iterator

import pytest

from analysis import read_articles
from analysis.errors import ReadError
from analysis.reading.containers import InputFile
from analysis.reading.dates import DateError, parse_date
from analysis.reading.nexis import read_lexisnexis_text
from analysis.reading.records import ReadOptions


@pytest.fixture(autouse=True)
def _no_hang() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise AssertionError("took longer than 20 s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def test_many_commas_before_a_time_take_no_exponential_time():
    with pytest.raises(DateError):
        parse_date("2018� 6月122018-06-12T" + "," * 60 + "10:15:00Z日")


def test_a_text_without_a_counter_is_no_export_of_lexisnexis(write):
    path = write("x.txt", "LENGTH: 9 words\n")
    file = InputFile("x.txt", lambda: path.open("rb"))
    with pytest.raises(ReadError, match="no article can be found"):
        read_lexisnexis_text(file, ReadOptions())


def test_a_separator_without_documents_is_no_export_of_proquest(write):
    path = write("x.txt", "_" * 60 + "\n\nReport Information from ProQuest\n" + "_" * 60)
    with pytest.raises(ReadError, match="no article can be found"):
        read_articles(path)
