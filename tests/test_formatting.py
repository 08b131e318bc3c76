"""What is written for people is the same where a processor computes other last digits."""

import ast
import json
from collections.abc import Callable
from decimal import Context, Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from analysis import (
    compare_groups,
    document_terms,
    keyness,
    sensitivity,
    stance,
    term_frequencies,
    tfidf,
    trend,
)
from analysis.articles import check_articles
from analysis.formatting import counted, csv_text, json_text, rounded, significant
from analysis.periods import add_period
from analysis.showing.charts import (
    keyness_forest,
    save_figure,
    share_by_group,
    share_multiples,
    share_over_time,
    specification_curve,
    terms_over_time,
    tfidf_multiples,
)
from analysis.showing.readable import readable
from analysis.showing.report import Report, Section, Table, render

ROOT = Path(__file__).parent.parent
LEXICON, CONTRAST = "deterrence-dialogue", ("deterrence", "dialogue")
Moved = Callable[[pd.DataFrame, int], pd.DataFrame]
finite = st.floats(-1e300, 1e300, allow_subnormal=False)


def exactly(value: float) -> Decimal:
    """The 12 digits by decimal arithmetic, which rounds the exact value of the float."""
    return Context(prec=12, Emax=999, Emin=-999).create_decimal(Decimal(value))


near = st.builds(
    lambda digits, places, steps: float(np.nextafter(digits / 10**places, steps * np.inf)),
    st.integers(-(10**14), 10**14), st.integers(0, 30), st.sampled_from([-1, 1]),
)  # fmt: skip


@given(st.lists(finite | near | st.sampled_from([0.0, -0.0, np.nan, np.inf, 5e-324]), max_size=20))
@settings(max_examples=300)
def test_a_column_is_rounded_as_its_values_are(values: list[float]):
    found = rounded(pd.DataFrame({"x": pd.Series(values, dtype="float64")}))["x"].to_numpy()
    expected = np.array([v if not np.isfinite(v) else significant(v) for v in values])
    assert found.tobytes() == expected.tobytes()


@given(finite)
def test_twelve_digits_are_those_of_decimal_arithmetic(value: float):
    assume(abs(value) >= 2**53 or value != int(value))
    assert significant(value) == float(exactly(value))


@given(st.integers(-(2**53) + 1, 2**53 - 1))
def test_whole_numbers_lose_no_digit(number: int):
    assert significant(float(number)) == number


def test_no_number_stays_none_and_zero_has_no_sign():
    table = pd.DataFrame({"a": [np.nan, np.inf, -np.inf, -0.0]})
    assert csv_text(table) == 'a\n""\ninf\n-inf\n0.0\n'
    assert json.loads(json_text({"a": [-0.0, True, None, 3]})) == {"a": [0.0, True, None, 3]}


@given(finite, st.sampled_from([-np.inf, np.inf]))
def test_the_last_place_changes_nothing_but_in_the_middle_of_two_numbers(
    value: float, towards: float
):
    near = float(np.nextafter(value, towards))
    assume(value and np.isfinite(near) and abs(value) > 1e-300 and not float(value).is_integer())
    if exactly(value) != exactly(near):
        # Unavoidable: a number in the middle falls to either side. It differs by one in digit 12.
        middle = (exactly(value) + exactly(near)) / 2
        assert abs(Decimal(value) - middle) <= abs(Decimal(near) - Decimal(value))
        return
    assert significant(near) == significant(value)


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    """Each statistic of forty invented articles."""
    rng = np.random.default_rng(20210314)
    words = ["sanctions", "threat", "dialogue", "talks", "missiles", "summit", "harbour", "bread"]
    articles = check_articles(
        pd.DataFrame(
            {
                "doc_id": [f"d{number}" for number in range(80)],
                "outlet": ["Gazette", "Herald", "Courier", "Lantern"] * 20,
                "date": pd.date_range("2021-01-03", periods=80, freq="9D"),
                "text": [" ".join(rng.choice(words, rng.integers(20, 90))) for _ in range(80)],
            }
        )
    )
    counts = document_terms(add_period(articles), lexicon=LEXICON)
    return {
        "stance": stance(counts, LEXICON, CONTRAST, by="outlet"),
        "both": stance(counts, LEXICON, CONTRAST, by=["outlet", "period"]),
        "frequencies": term_frequencies(counts, "period", terms=words[:5]),
        "tfidf": tfidf(counts, "outlet"),
        "keyness": keyness(counts, {"outlet": "Gazette"}),
        "compare": compare_groups(counts, LEXICON, CONTRAST, by="outlet"),
        "trend": trend(counts, LEXICON, CONTRAST),
        "sensitivity": sensitivity(counts, LEXICON, CONTRAST),
    }


def as_page(table: pd.DataFrame) -> str:
    section = Section("a", "A", tables=[Table("t", "T", table)])
    return render(Report("Title", "", [section]))


WRITERS: dict[str, Callable[[pd.DataFrame], str]] = {
    "csv": csv_text,
    "json": lambda table: json_text(table.select_dtypes("float").to_dict("list")),
    "cells": lambda table: readable(table).to_string(),
    "report": as_page,
}


@pytest.mark.parametrize("writer", WRITERS)
def test_every_writer_gives_the_same_bytes(
    writer: str, tables: dict[str, pd.DataFrame], moved_by_an_ulp: Moved
):
    for name, table in tables.items():
        written = WRITERS[writer](table)
        for seed in range(3):
            moved = moved_by_an_ulp(table, seed)
            assert not moved.equals(table), name
            assert WRITERS[writer](moved) == written, name


CHARTS = {
    "share_by_group": (share_by_group, "stance", {}),
    "share_over_time": (share_over_time, "both", {"series": "outlet"}),
    "share_multiples": (share_multiples, "both", {"series": "outlet"}),
    "terms_over_time": (terms_over_time, "frequencies", {}),
    "tfidf_multiples": (tfidf_multiples, "tfidf", {"columns": None}),
    "keyness_forest": (keyness_forest, "keyness", {"target": "Gazette", "reference": "others"}),
    "specification_curve": (specification_curve, "sensitivity", {}),
}


@pytest.mark.parametrize("chart", CHARTS)
def test_a_figure_is_the_same_to_the_byte(
    chart: str, tables: dict[str, pd.DataFrame], moved_by_an_ulp: Moved, tmp_path: Path
):
    draw, source, options = CHARTS[chart]
    words = {"title": "T", "caption": "C.", "alt": "A."}

    def drawn(table: pd.DataFrame, name: str) -> list[bytes]:
        made = draw(table, **options)
        files = save_figure(
            getattr(made, "figure", made), tmp_path / name / "fig", table=table, **words
        )
        assert [file.suffix for file in files] == [".svg", ".png", ".txt", ".csv"]
        return [file.read_bytes() for file in files]

    table = tables[source]
    assert drawn(table, "here") == drawn(moved_by_an_ulp(table, 1), "there")


def test_tables_are_written_in_one_place():
    files = [
        path for room in ("analysis", "figures", "tools") for path in (ROOT / room).rglob("*.py")
    ]
    found = set()
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                names = {word.arg for word in node.keywords}
                if node.func.attr in {"to_csv", "to_json"} or (
                    node.func.attr in {"dump", "dumps"} and "indent" in names
                ):
                    found.add(path.relative_to(ROOT).as_posix())
    # That tool hashes tables, to six digits, and writes none.
    assert found == {"analysis/formatting.py", "tools/table_hashes.py"}


def test_rounding_leaves_the_table_given_as_it_was():
    table = pd.DataFrame({"a": [0.1 + 0.2], "b": ["x"], "c": [1]})
    mixed = pd.DataFrame({"a": [0.1 + 0.2, "x", 2**60]}, dtype=object)
    assert rounded(table)["a"].item() == 0.3
    assert table["a"].item() == 0.1 + 0.2
    assert rounded(mixed)["a"].tolist() == [0.3, "x", 2**60]


def test_a_number_of_a_table_is_counted_like_any_other():
    assert [counted(np.int64(n), "row") for n in (0, 1, 1200)] == ["0 rows", "1 row", "1,200 rows"]
