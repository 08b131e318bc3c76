"""Fuzz the home-made parsers with atheris: python tools/fuzz_readers.py [corpus folder].

Not part of the test suite: atheris is installed apart (pip install atheris), and a run is given a
time, `-max_total_time=3600`. What a run finds is kept as a test
in tests/reading/test_found_by_fuzzing.py.
"""

# ruff: noqa: S101, D103 - a driver, whose asserts are what it checks
import io
import sys

import atheris

with atheris.instrument_imports(include=["analysis.reading"]):
    from analysis.errors import ReadError
    from analysis.reading.dates import DateError, parse_date, seen_orders
    from analysis.reading.dates_in_lines import leading_date
    from analysis.reading.encodings import find_encoding
    from analysis.reading.files.compressed import InputFile
    from analysis.reading.formats.delimited import find_dialect, read_rows
    from analysis.reading.formats.texts import read_text
    from analysis.reading.limits import ReadLimits
    from analysis.reading.records import ReadOptions

LIMITS = ReadLimits(row_chars=2_000)


def as_file(data: bytes) -> InputFile:
    return InputFile("fuzz.txt", lambda: io.BytesIO(data), LIMITS)


# Latin-1 decodes any bytes, so that they reach the parsers.
OPTIONS = ReadOptions(encoding="latin-1", limits=LIMITS)


def dates(data: bytes) -> None:
    text = data.decode("utf-8", errors="replace")
    for day_first in (None, True, False):
        try:
            span = parse_date(text, day_first)
        except DateError:
            continue
        assert span.first <= span.last
    seen_orders([text])
    if found := leading_date(text):
        assert found[0]


def texts(data: bytes) -> None:
    """A .txt of LexisNexis, of ProQuest, or one article, by what it begins with."""
    kinds = (b"1 of 2 DOCUMENTS\n", b"ProQuest\n" + b"_" * 30 + b"\n", b"")
    try:
        raw = read_text(as_file(kinds[data[0] % 3] + data[1:] if data else b""), OPTIONS)
    except ReadError:
        return
    if len(raw.frame):
        assert raw.frame["text"].map(type).eq(str).all()


def rows(data: bytes) -> None:
    file = as_file(data)
    try:
        encoding = find_encoding(file)
        for row in read_rows(file, encoding, find_dialect(file, encoding)):
            assert row
    except ReadError:
        pass


TARGETS = (dates, texts, rows)


def one_input(data: bytes) -> None:
    if data:
        TARGETS[data[0] % len(TARGETS)](data[1:])


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
