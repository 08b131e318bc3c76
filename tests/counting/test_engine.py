import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.articles import check_articles
from analysis.counting.batches import Batch
from analysis.counting.document_terms import document_terms
from analysis.counting.engine import _count, count_corpus
from analysis.counting.finishing import finish
from analysis.counting.groups import GroupCounts, group_counts
from analysis.counting.partitions import CountSpec, PartitionCounter
from analysis.errors import CountsError, ReadError
from analysis.measuring.frames.stance import stance
from analysis.measuring.terms.frequencies import term_frequencies
from analysis.measuring.terms.tfidf import tfidf
from analysis.reading import read_articles
from analysis.tokens import STOP_WORDS, TermRules

LEXICON = "deterrence-dialogue"
BY = ["outlet", "quarter"]


@pytest.fixture(scope="module")
def sample(root: Path) -> pd.DataFrame:
    frame = pd.read_csv(root / "data" / "sample" / "articles.csv", dtype="str")
    frame["doc_id"] = frame.pop("id")
    return frame


@pytest.fixture(scope="module")
def parquet(sample: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corpus") / "sample.parquet"
    sample.to_parquet(path, row_group_size=11)
    return path


def assert_same(left: GroupCounts, right: GroupCounts) -> None:
    pd.testing.assert_frame_equal(left.groups, right.groups)
    pd.testing.assert_frame_equal(left.hits, right.hits)
    assert left.terms.equals(right.terms)
    assert (left.by, left.lexicon) == (right.by, right.lexicon)
    for name in ("n", "n_docs", "n_sq", "n_tokens"):
        for part in ("indptr", "indices", "data"):
            mine, other = (getattr(getattr(side, name), part) for side in (left, right))
            np.testing.assert_array_equal(mine, other)


@pytest.mark.parametrize("by", ["outlet", BY, ["month"], []])
@pytest.mark.parametrize(
    "rules",
    [
        TermRules(),
        TermRules(ngrams=2, numbers=False, stop_words=STOP_WORDS["english"], stem="english"),
    ],
    ids=["default", "all"],
)
def test_streamed_counts_are_those_in_memory(
    parquet: Path, sample: pd.DataFrame, by: str | list[str], rules: TermRules
):
    streamed = count_corpus(parquet, by, lexicon=LEXICON, rules=rules, batch_size=5)
    counts = document_terms(
        check_articles(sample.dropna(subset="date")), lexicon=LEXICON, rules=rules
    )
    assert_same(streamed, group_counts(counts, by))


def test_statistics_take_both_and_give_the_same(parquet: Path, sample: pd.DataFrame):
    streamed = count_corpus(parquet, BY, lexicon=LEXICON, batch_size=9)
    counts = document_terms(check_articles(sample.dropna(subset="date")), lexicon=LEXICON)
    for table in (
        lambda c: term_frequencies(c, "outlet"),
        lambda c: tfidf(c, BY),
        lambda c: stance(c, LEXICON, ("deterrence", "dialogue"), by="quarter"),
    ):
        pd.testing.assert_frame_equal(table(streamed), table(counts))


@pytest.mark.parametrize("form", ["csv", "tsv", "jsonl", "jsonl.gz"])
def test_every_form_gives_the_same(form: str, sample: pd.DataFrame, parquet: Path, tmp_path: Path):
    path = tmp_path / f"sample.{form}"
    if "json" in form:
        sample.to_json(path, orient="records", lines=True)
    else:
        sample.to_csv(path, index=False, sep="\t" if form == "tsv" else ",")
    expected = count_corpus(parquet, BY, lexicon=LEXICON)
    assert_same(count_corpus(path, BY, lexicon=LEXICON, batch_size=7), expected)


def test_two_files_are_one_corpus(sample: pd.DataFrame, parquet: Path, tmp_path: Path):
    sample.iloc[:20].to_parquet(tmp_path / "a.parquet")
    sample.iloc[20:].to_json(tmp_path / "b.jsonl", orient="records", lines=True)
    assert_same(count_corpus(tmp_path, BY), count_corpus(parquet, BY))
    assert_same(
        count_corpus([tmp_path / "b.jsonl", tmp_path / "a.parquet"], []), count_corpus(parquet, [])
    )


MATRIX = """
import hashlib, json, sys, tempfile
from pathlib import Path
from analysis.counting.engine import count_corpus
found = {}
for path in sys.argv[1:]:
    for batch in (1, 7, 64, 10**6):
        for threads in (1, 2):
            counts = count_corpus(path, ["outlet", "quarter"], lexicon="deterrence-dialogue",
                                  batch_size=batch, threads=threads)
            with tempfile.TemporaryDirectory() as folder:
                files = sorted(counts.save(folder).iterdir())
                content = b"".join(file.name.encode() + file.read_bytes() for file in files)
            found[f"{Path(path).suffix} {batch} {threads}"] = hashlib.sha256(content).hexdigest()
print(json.dumps(found))
"""


def test_batches_threads_and_hash_seeds_change_no_byte(
    parquet: Path, sample: pd.DataFrame, tmp_path: Path, root: Path
):
    dirty = sample.copy()
    dirty.loc[[3, 17], "text"] = None
    dirty.loc[30, "date"] = "on a Tuesday"
    lines = dirty.to_json(orient="records", lines=True).splitlines()
    (tmp_path / "dirty.jsonl").write_text("\n".join([*lines[:9], "{broken", *lines[9:]]))
    files = [str(parquet), str(tmp_path / "dirty.jsonl")]
    hashes: dict[str, set[str]] = {".parquet": set(), ".jsonl": set()}
    for seed in ("0", "1", "20210314"):
        run = subprocess.run(
            [sys.executable, "-c", MATRIX, *files], capture_output=True, text=True, check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
        )  # fmt: skip
        found = json.loads(run.stdout.splitlines()[-1])
        assert len(found) == 16
        for name, value in found.items():
            hashes[name.split()[0]].add(value)
    assert [len(values) for values in hashes.values()] == [1, 1]


@pytest.mark.parametrize("at_a_time", [1, 10_000])
def test_rows_in_are_rows_counted_and_rejected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_a_time: int
):
    monkeypatch.setattr("analysis.counting.partitions.REJECTED", at_a_time)
    rows = [
        {"outlet": "Gazette", "date": "2021-03-14", "text": "Talks."},
        {"outlet": " ", "date": "2021-03-14", "text": "Talks."},
        {"outlet": "Gazette", "date": None, "text": "Talks."},
        {"outlet": "Gazette", "date": "2021-02-30", "text": "Talks."},
        {"outlet": "Gazette", "date": "04/05/2021", "text": "Talks."},
        {"outlet": "Gazette", "date": "2021-03-14", "text": " \n"},
        {"outlet": "Gazette", "date": "March 2021", "text": "Talks \x00 talks"},
        {"outlet": "Gazette", "date": "2021-03-14", "text": "Half a character: \ud800"},
    ]
    path = tmp_path / "odd.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)) + "\n[1]\n\n", encoding="utf-8")
    counts = count_corpus(path, ["outlet", "quarter", "month"])
    assert counts.groups["articles"].sum() + len(counts.rejected) == len(rows) + 1
    assert list(zip(counts.rejected["locator"], counts.rejected["reason"], strict=True)) == [
        ("line 2", "no outlet"),
        ("line 3", "no date"),
        ("line 4", "impossible date"),
        ("line 5", "ambiguous date"),
        ("line 6", "no text"),
        ("line 8", "undecodable"),
        ("line 9", "malformed row"),
    ]
    # "March 2021" lies in one quarter and in one month.
    assert counts.groups["month"].tolist() == ["2021-03"]
    assert counts.groups["tokens"].tolist() == [3]


# What the column "desk" holds in each row of JSON ("": the row has no such key), and its groups.
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([1, "x", 2, "x", 1], {"1": 2, "2": 1, "x": 2}),
        (["1", 1, "\x001"], {"\x001": 1, "1": 2}),
        ([1, None, 2, 1], {1: 2, 2: 1, None: 1}),
        ([1, 1.0, 2], {1: 2, 2: 1}),
        ([True, 1, 0], {"0": 1, "1": 1, "True": 1}),
        ([True, None, False], {False: 1, True: 1, None: 1}),
        (["", "x", ["x"]], {'["x"]': 1, "x": 1, None: 1}),
        (["", 2, 1], {1: 1, 2: 1, None: 1}),
        ([2**70, 1], {1: 1, 2**70: 1}),
    ],
)
def test_a_column_of_json_is_typed_as_a_whole(values: list, expected: dict, tmp_path: Path):
    path, rows = tmp_path / "desks.jsonl", []
    for number, value in enumerate(values):
        row = {"id": f"a{number}", "outlet": "Gazette", "date": "2021-03-14", "text": "Talks"}
        rows.append(row if value == "" else row | {"desk": value})
    path.write_text("\n".join(map(json.dumps, rows)))
    articles, _ = read_articles(path)
    in_memory = group_counts(document_terms(articles), "desk")
    for batch_size in (1, 2, 100):
        for work in (None, tmp_path / f"work{batch_size}"):
            counts = count_corpus(path, "desk", batch_size=batch_size, work=work)
            desks = [None if pd.isna(desk) else desk for desk in counts.groups["desk"]]
            assert list(zip(desks, counts.groups["articles"], strict=True)) == [*expected.items()]
            assert_same(counts, in_memory)


def test_whole_numbers_stay_whole_beside_gaps_in_a_batch(tmp_path: Path):
    # The third row has no desk and no text: whether it is read beside others is of no account.
    frame = pd.DataFrame(
        {"outlet": "Gazette", "date": "2021-03-14", "text": ["Talks", "Talks", None, "Talks"],
         "desk": pd.array([2, 1, None, 1], dtype="Int64")}
    )  # fmt: skip
    frame.to_parquet(tmp_path / "desks.parquet")
    for batch_size in (1, 2, 3, 100):
        groups = count_corpus(tmp_path, "desk", batch_size=batch_size).groups
        assert groups["desk"].dtype == np.int64
        assert groups[["desk", "articles"]].to_numpy().tolist() == [[1, 2], [2, 1]]


@pytest.mark.parametrize("form", ["csv", "parquet", "jsonl", "typed"])
def test_the_last_possible_day_is_as_in_memory(form: str, tmp_path: Path):
    spans = [
        ("2018-03-01", "2018-03-31"), ("2018-03-30", "2018-04-02"), ("2018-03", None),
        ("2018", None), ("2018-03-05", None), ("2018-03-01", "2018-03"), ("2018-02", "2018-04-01"),
    ]  # fmt: skip
    bad = [("2018-03-05", "2018-03-04"), ("2018-03-05", "soon")]
    if form == "typed":
        spans, bad = [*spans[:2], spans[4]], bad[:1]
    frame = pd.DataFrame(spans + bad, columns=["date", "date_end"])
    frame = frame.assign(outlet="Gazette", text="Talks", doc_id=[f"a{n}" for n in frame.index])
    path = tmp_path / f"spans.{'parquet' if form == 'typed' else form}"
    if form == "typed":
        frame[["date", "date_end"]] = frame[["date", "date_end"]].apply(pd.to_datetime)
    if form == "jsonl":
        # The first rows have no such key at all.
        rows = [row.dropna().to_dict() for _, row in frame.iloc[::-1].iterrows()]
        path.write_text("\n".join(map(json.dumps, rows)))
    else:
        frame.to_csv(path, index=False) if form == "csv" else frame.to_parquet(path)
    articles, rejected = read_articles(path)
    assert len(articles) == len(spans)
    counts = document_terms(articles)
    for by in (["day"], ["week"], ["month"], ["quarter"], ["year"], ["date", "date_end"]):
        for batch_size in (1, 3, 100):
            streamed = count_corpus(path, by, batch_size=batch_size)
            assert_same(streamed, group_counts(counts, by))
            assert streamed.rejected["reason"].tolist() == rejected["reason"].tolist()
    if form != "typed":
        months = count_corpus(path, "month").groups
        # By hand: 1, 3, 5 and 6 lie in March; 2, 4 and 7 in no single month.
        assert months["articles"].tolist() == [4, 3]
        assert (months["month"][0], pd.isna(months["month"][1])) == ("2018-03", True)


def test_a_corpus_without_any_article_is_empty_and_not_an_error(tmp_path: Path):
    path = tmp_path / "none.parquet"
    pd.DataFrame({"outlet": ["A"], "date": ["2021"], "text": [""]}).to_parquet(path)
    counts = count_corpus(path, BY, lexicon=LEXICON)
    assert (len(counts.groups), len(counts.terms), len(counts.rejected)) == (0, 0, 1)


def test_columns_go_by_other_names_and_types(tmp_path: Path):
    when = pd.to_datetime(["2021-03-14 23:30", "2022-01-01 00:00"], utc=True)
    frame = pd.DataFrame(
        {"paper": ["B", "A"], "when": when,
         "body": ["No talks", "Talks"], "desk": pd.Categorical(["x", None]), "rank": [2, 1]}
    )  # fmt: skip
    frame.to_parquet(tmp_path / "odd.parquet")
    columns = {"outlet": "paper", "date": "when"}
    for work in (None, tmp_path / "work"):
        counts = count_corpus(
            tmp_path / "odd.parquet", ["rank", "desk", "year"], columns=columns, work=work
        )
        assert counts.groups.drop(columns="tokens_sq").to_dict("list") == {
            "rank": [1, 2], "desk": [np.nan, "x"], "year": ["2022", "2021"],
            "articles": [1, 1], "tokens": [1, 2],
        }  # fmt: skip
    assert len(list((tmp_path / "work").glob("part-*"))) == 1


def test_saved_and_loaded_counts_are_the_same(parquet: Path, tmp_path: Path):
    counts = count_corpus(parquet, BY, lexicon=LEXICON)
    counts.save(tmp_path / "counts")
    again = GroupCounts.load(tmp_path / "counts")
    assert_same(again, counts)
    pd.testing.assert_frame_equal(again.rejected, counts.rejected)
    with pytest.raises(
        CountsError, match=r"is no folder of grouped counts: it lacks groups\.parquet"
    ):
        GroupCounts.load(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"by": "outlets"}, ReadError, "by names the column 'outlets'; the file has outlet"),
        ({"by": [], "batch_size": 0}, CountsError, "batch_size=0 must be a whole number from 1 up"),
        ({"by": [], "batch_size": 2.0}, CountsError, "batch_size=2.0 must be a whole number"),
        ({"by": [], "threads": 0}, CountsError, "threads=0 must be"),
        ({"by": [], "part_rows": -1}, CountsError, "part_rows=-1 must be"),
        ({"by": BY * 2}, CountsError, "a column stands there twice; name each once"),
        ({"by": ["tokens"]}, CountsError, "call a total of theirs. Give your column another name"),
        ({"by": [], "work": "s3://bucket/work"}, CountsError, "must be a folder of a .* disk"),
        ({"by": [], "columns": {"text": "body"}}, ReadError, "has no column 'body'"),
    ],
)
def test_errors_name_what_is_wrong(
    parquet: Path, arguments: dict, error: type[Exception], message: str
):
    with pytest.raises(error, match=message):
        count_corpus(parquet, **arguments)


@pytest.mark.parametrize("inside", ["", "kept/here", "other/../kept"])
def test_finished_parts_are_not_kept_inside_the_corpus(parquet: Path, inside: str):
    with pytest.raises(CountsError, match=r"work='.*' lies inside '.*', and would be"):
        count_corpus(parquet.parent, [], work=parquet.parent / inside)
    assert list(parquet.parent.iterdir()) == [parquet]


def batches(number: int, seen: list[int]) -> Iterator[Batch]:
    """Batches of one article each; what is read of them stands in `seen`."""
    for k in range(number):
        seen.append(k)
        table = {"outlet": ["Gazette"], "date": ["2021-03-14"], "text": ["talks " * (k + 1)]}
        yield Batch("a.csv", 0, "row", [k + 1], pa.table(table))


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_every_batch_is_counted_once(threads: int):
    seen: list[int] = []
    parts = _count(batches(20, seen), CountSpec(("outlet",)), threads)
    assert (len(parts), seen) == (threads, list(range(20)))
    counts = finish(parts, CountSpec(("outlet",)), threads)
    squares = sum(n * n for n in range(1, 21))
    assert counts.groups.to_numpy().tolist() == [["Gazette", 20, 210, squares]]
    assert counts.n.toarray().tolist() == [[210]]


@pytest.mark.parametrize("threads", [1, 2])
def test_a_fault_stops_all_threads(threads: int, monkeypatch: pytest.MonkeyPatch):
    honest = PartitionCounter.add

    def add(counter: PartitionCounter, batch: Batch) -> None:
        if batch.places == [5]:
            raise ReadError("gone")
        time.sleep(0.001)
        honest(counter, batch)

    monkeypatch.setattr(PartitionCounter, "add", add)
    seen: list[int] = []
    with pytest.raises(ReadError, match="gone"):
        _count(batches(1000, seen), CountSpec(()), threads)
    assert 5 <= len(seen) < 100


def test_ctrl_c_does_not_wait_for_the_rest(monkeypatch: pytest.MonkeyPatch):
    class Interrupted(Future):
        def result(self, timeout: float | None = None) -> None:
            raise KeyboardInterrupt

    def submit(pool: ThreadPoolExecutor, task: Callable[[], object]) -> Future:
        honest(pool, task)
        return Interrupted()

    honest = ThreadPoolExecutor.submit
    monkeypatch.setattr(ThreadPoolExecutor, "submit", submit)
    monkeypatch.setattr(PartitionCounter, "add", lambda *_: time.sleep(0.001))
    seen: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        _count(batches(5000, seen), CountSpec(()), 2)
    assert len(seen) < 500


class Bar:
    """Stands in for tqdm, and notes what it was told."""

    made: ClassVar[list["Bar"]] = []

    def __init__(self, **options: object) -> None:
        self.options, self.updates = options, []
        self.made.append(self)

    def __enter__(self) -> "Bar":
        return self

    def __exit__(self, *fault: object) -> None:
        pass

    def update(self, n: int = 1) -> None:
        self.updates.append(n)


@pytest.fixture
def bar(monkeypatch: pytest.MonkeyPatch) -> type[Bar]:
    monkeypatch.setattr("tqdm.auto.tqdm", Bar)
    monkeypatch.setattr(Bar, "made", [])
    return Bar


def test_progress_is_told_in_rows(bar: type[Bar], tmp_path: Path):
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    row = {"outlet": "Gazette", "date": "2021-03-14", "text": "Talks"}
    pd.DataFrame([row] * 5).to_parquet(corpus / "a.parquet")
    count_corpus(corpus, [], batch_size=2, progress=True)
    # How many lines a file has is known only when it is read; those that are no rows count, too.
    lines = [json.dumps(row), "{broken", *[json.dumps(row)] * 3]
    (corpus / "b.jsonl").write_text("\n".join(lines))
    count_corpus(corpus, [], batch_size=4, progress=False)
    # A part is a file, or some row groups of one.
    pd.DataFrame([row] * 5).to_parquet(corpus / "a.parquet", row_group_size=2)
    for _ in range(2):
        count_corpus(corpus, [], part_rows=2, work=tmp_path / "work", progress=True)
    told = [(made.options["total"], made.options["unit"], made.updates) for made in bar.made]
    assert told == [
        (5, " articles", [2, 2, 1]),
        (None, " articles", [4, 1, 4, 1]),
        (4, " parts", [1, 1, 1, 1]),
        (4, " parts", [1, 1, 1, 1]),
    ]
    assert [made.options["disable"] for made in bar.made] == [False, True, False, False]


@pytest.mark.parametrize(
    ("terminal", "shell", "shown"),
    [
        (False, None, False),
        (True, None, True),
        # IPython in a notebook has a kernel; in a terminal it has none; and it may have no shell.
        (False, SimpleNamespace(config={"IPKernelApp": {}}), True),
        (False, SimpleNamespace(config={"TerminalIPythonApp": {}}), False),
        (False, "none", False),
    ],
)
def test_progress_is_shown_where_somebody_looks(
    bar: type[Bar], monkeypatch: pytest.MonkeyPatch, parquet: Path,
    terminal: bool, shell: object, shown: bool,
):  # fmt: skip
    monkeypatch.setattr("sys.stderr", SimpleNamespace(isatty=lambda: terminal))
    if shell is None:
        monkeypatch.delitem(sys.modules, "IPython", raising=False)
    else:
        found = None if shell == "none" else shell
        monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: found))
    count_corpus(parquet, [])
    assert [made.options["disable"] for made in bar.made] == [not shown]


def test_files_that_cannot_be_streamed_are_named(tmp_path: Path):
    with pytest.raises(ReadError, match="no such file or folder"):
        count_corpus(tmp_path / "missing.parquet", [])
    with pytest.raises(ReadError, match="no file to count"):
        count_corpus(tmp_path, [])
    (tmp_path / "page.html").write_text("<p>Talks</p>")
    with pytest.raises(ReadError, match=r"page\.html: count_corpus streams \.parquet"):
        count_corpus(tmp_path / "page.html", [])
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 no more")
    with pytest.raises(ReadError, match=r"broken\.parquet: can't be read as Parquet"):
        count_corpus(tmp_path / "broken.parquet", [], progress=False)


def test_counts_of_the_whole_corpus_are_those_in_memory(shared: Path, tmp_path: Path):
    path = shared / "corpora" / "allsides_security.parquet"
    streamed = count_corpus(path, BY, batch_size=1000, threads=2)
    frame = pq.read_table(path, columns=["id", "outlet", "date", "text"]).to_pandas()
    frame = frame.rename(columns={"id": "doc_id"})
    dated = frame[pd.to_datetime(frame["date"], errors="coerce").notna()]
    assert len(streamed.rejected) == len(frame) - len(dated)
    assert_same(streamed, group_counts(document_terms(check_articles(dated)), BY))


def test_what_stands_for_a_missing_value_is_missing_when_streamed_too(tmp_path: Path):
    """Names, too, have their spaces put in order."""
    rows = [
        ("Gazette", "2021-03-14", "Talks."), (" The \u00a0 Gazette", "2021-03-14", "Talks."),
        ("The Gazette", "N/A", "Talks."), ("Unknown", "2021-03-14", "Talks."),
        ("-", "2021-03-14", "Talks."), ("Gazette", "2021-03-14", " none"),
        ("Gazette", "null", "Unknown soldiers."), ("Gazette", "2021-03-14", "Unknown soldiers."),
    ]  # fmt: skip
    pd.DataFrame(rows, columns=["outlet", "date", "text"]).to_csv(tmp_path / "a.csv", index=False)
    streamed = count_corpus(tmp_path / "a.csv", "outlet")
    articles, rejected = read_articles(tmp_path / "a.csv")
    assert streamed.groups[["outlet", "articles"]].to_numpy().tolist() == [
        ["Gazette", 2], ["The Gazette", 1],
    ]  # fmt: skip
    assert articles["outlet"].value_counts().to_dict() == {"Gazette": 2, "The Gazette": 1}
    columns = ["locator", "reason"]
    assert streamed.rejected[columns].to_numpy().tolist() == rejected[columns].to_numpy().tolist()


@pytest.mark.parametrize(("day_first", "months"), [(True, ["2018-05"]), (False, ["2018-04"])])
@pytest.mark.parametrize("work", [False, True])
def test_the_order_of_day_and_month_can_be_said(
    day_first: bool, months: list[str], work: bool, tmp_path: Path
):
    corpus = tmp_path / "a.csv"
    corpus.write_text("outlet,date,text\nGazette,04/05/2018,Talks.\n", encoding="utf-8")
    folder = tmp_path / "work" if work else None
    unsaid = count_corpus(corpus, "month", work=folder)
    assert unsaid.rejected["reason"].tolist() == ["ambiguous date"]
    assert "framing import and count: --day-first" in unsaid.rejected["detail"][0]
    counts = count_corpus(corpus, "month", day_first=day_first, work=folder)
    assert counts.groups["month"].tolist() == months
