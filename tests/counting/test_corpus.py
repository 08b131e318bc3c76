"""A corpus counted from disk: what read_articles, document_terms and group_counts give, always."""

import datetime as dt
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis.counting import corpus as module
from analysis.counting.corpus import count_corpus
from analysis.counting.document_terms import document_terms
from analysis.counting.groups import GroupCounts, group_counts
from analysis.errors import AnalysisError, CountsError, ReadError
from analysis.preparing.voices import split_voices
from analysis.reading import read_articles
from analysis.tokens import TermRules
from tests.counting.test_joining import assert_same
from tests.kept import written

BY = ["outlet", "quarter"]
LEXICON = "deterrence-dialogue"
DAY = "2024-01-01"


@pytest.fixture(scope="module")
def corpus(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample in four files of four forms; with gaps, ids given twice, days first, and HTML."""
    folder = tmp_path_factory.mktemp("corpus")
    frame = pd.read_csv(root / "data" / "sample" / "articles.csv", dtype="str")
    frame.loc[[3, 17, 41], "text"] = None
    frame.loc[30, "date"] = "on a Tuesday"
    frame.loc[44, "date"] = "2023-12-31"
    frame.loc[20, "id"] = frame.loc[2, "id"]
    frame.loc[26, "text"] = "<p>Talks &amp; talks.</p><p>No threat.</p>"
    frame["score"] = range(len(frame))
    frame["flag"] = frame["score"] % 3 == 0
    frame.iloc[:25].to_parquet(folder / "a.parquet", row_group_size=4)
    frame.iloc[25:36].to_json(folder / "b.jsonl", orient="records", lines=True)
    late = frame.iloc[36:].copy()
    late.loc[late["date"].str.len() == 10, "date"] = late["date"].str.replace(
        r"(\d{4})-(\d\d)-(\d\d)", r"\3/\2/\1", regex=True
    )
    late.to_csv(folder / "c.csv", index=False)
    page = (
        '<html><head><title>A summit</title><meta property="og:site_name" content="Gazette">'
        '<meta property="article:published_time" content="2021-05-02"></head><body><article>'
        f"<p>{'Envoys hope that talks may follow the threat of sanctions. ' * 8}</p>"
        "</article></body></html>"
    )
    (folder / "d.html").write_text(page)
    return folder


Prepare = Callable[[pd.DataFrame], pd.DataFrame] | None


def expected(
    paths: Any, by: str | Sequence[str], lexicon: str | None = LEXICON, prepare: Prepare = None
) -> GroupCounts:
    articles, rejected = read_articles(paths, today=DAY)
    articles = articles if prepare is None else prepare(articles)
    counts = group_counts(document_terms(articles, lexicon=lexicon), by)
    return replace(counts, rejected=rejected)


@pytest.fixture(scope="module")
def whole(corpus: Path) -> GroupCounts:
    counts = expected(corpus, BY)
    assert counts.groups["articles"].sum() + len(counts.rejected) == 48 + 1
    assert len(counts.rejected) >= 5
    assert len(counts.hits)
    return counts


def voices(articles: pd.DataFrame) -> pd.DataFrame:
    return split_voices(articles.assign(half=articles["date"].dt.year))


@pytest.fixture(scope="module")
def near() -> Iterator[Any]:
    """A cluster whose workers are threads of this process."""
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=2, processes=False, dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
        ) as cluster,
        distributed.Client(cluster) as client,
    ):  # fmt: skip
        yield client


@pytest.mark.parametrize(
    "options",
    [
        {}, {"batch_size": 1}, {"batch_size": 7, "part_rows": 1}, {"threads": 3, "part_rows": 5},
        {"executor": 2, "part_rows": 9}, {"executor": "cluster", "part_rows": 4},
    ],
    ids=str,
)  # fmt: skip
def test_batches_parts_and_workers_change_no_byte(
    options: dict[str, Any], corpus: Path, whole: GroupCounts, tmp_path: Path,
    request: pytest.FixtureRequest,
):  # fmt: skip
    if options.get("executor") == "cluster":
        options = options | {"executor": request.getfixturevalue("near")}
    asked = {"lexicon": LEXICON, "today": DAY, "work": tmp_path} | options
    assert_same(count_corpus(corpus, BY, **asked), whole)
    kept = written(tmp_path.glob("part-*"))
    assert kept
    # Once more, wherever: what is kept is taken over.
    again = asked | {"executor": None, "threads": 1, "batch_size": 3}
    assert_same(count_corpus(corpus, BY, **again), whole)
    assert written(tmp_path.glob("part-*")) == kept
    with ThreadPoolExecutor(2) as pool:
        bare = {name: value for name, value in options.items() if name in ("part_rows",)}
        counts = count_corpus(corpus, BY, lexicon=LEXICON, today=DAY, executor=pool, **bare)
    assert_same(counts, whole)


@pytest.mark.parametrize("by", [[], "year", ["score"], ["flag", "outlet"], ["doc_id"], ["week"]])
def test_groups_of_every_kind(by: Any, corpus: Path, tmp_path: Path):
    whole = expected(corpus, by, None)
    counts = count_corpus(corpus, by, today=DAY, batch_size=5, part_rows=1, work=tmp_path)
    assert_same(counts, whole)


def test_a_batch_is_prepared_before_it_is_counted(corpus: Path):
    by = ["voice", "outlet", "half"]
    counts = count_corpus(
        corpus, by, lexicon=LEXICON, prepare=voices, today=DAY, batch_size=4, part_rows=8,
        executor=2,
    )  # fmt: skip
    assert counts.groups["voice"].nunique() > 1
    assert_same(counts, expected(corpus, by, LEXICON, voices))


def test_rules_are_those_of_document_terms(corpus: Path):
    rules = TermRules(ngrams=2, stem="english")
    articles, rejected = read_articles(corpus)
    counts = group_counts(document_terms(articles, rules=rules), BY)
    assert_same(count_corpus(corpus, BY, rules=rules), replace(counts, rejected=rejected))


def test_files_are_counted_in_the_order_that_was_asked(corpus: Path):
    files = [corpus / "c.csv", corpus / "a.parquet"]
    assert_same(count_corpus(files, BY, lexicon=LEXICON, today=DAY), expected(files, BY))


def test_a_corpus_without_articles_has_empty_counts(tmp_path: Path):
    frame = pd.DataFrame({"outlet": ["A"], "date": ["2021"], "text": ["Talks"], "desk": ["home"]})
    frame.iloc[:0].to_parquet(tmp_path / "none.parquet")
    frame.assign(text=None).to_csv(tmp_path / "one.csv", index=False)
    for paths in ([tmp_path / "none.parquet"], [tmp_path / "one.csv"], tmp_path):
        for by in (BY, [], ["outlet"]):
            counts = count_corpus(paths, by, lexicon=LEXICON)
            articles, rejected = read_articles(paths)
            empty = group_counts(document_terms(articles, lexicon=LEXICON), by)
            assert_same(counts, replace(empty, rejected=rejected))


def parts(work: Path) -> dict[Path, tuple[int, int]]:
    return written(work.glob("part-*"))


def test_only_what_is_missing_damaged_or_asked_anew_is_counted(
    corpus: Path, whole: GroupCounts, tmp_path: Path
):
    copy, work = tmp_path / "corpus", tmp_path / "work"
    copy.mkdir()
    for file in corpus.iterdir():
        os.link(file, copy / file.name)
    asked: dict[str, Any] = {"lexicon": LEXICON, "today": DAY, "part_rows": 4, "work": work}
    assert_same(count_corpus(copy, BY, **asked), whole)
    before = parts(work)
    gone, damaged = sorted(before)[:2]
    gone.unlink()
    content = damaged.read_bytes()
    damaged.write_bytes(content[:-7] + bytes([content[-7] ^ 4]) + content[-6:])
    assert_same(count_corpus(copy, BY, **asked), whole)
    after = parts(work)
    assert {path for path in after if after[path] != before[path]} == {gone, damaged}
    # Another question keeps parts of its own, and so does a changed file.
    count_corpus(copy, BY, **asked | {"lexicon": None})
    assert len(parts(work)) == 2 * len(before)
    count_corpus(copy, BY, prepare=voices, **asked)
    assert len(parts(work)) == 3 * len(before)
    content = (copy / "c.csv").read_text(encoding="utf-8")
    (copy / "c.csv").unlink()
    (copy / "c.csv").write_text(f"{content}z9,Gazette,14/03/2021,,Talks,,,9,True\n", "utf-8")
    counts = count_corpus(copy, BY, **asked)
    assert_same(counts, expected(copy, BY))
    assert counts.groups["articles"].sum() == whole.groups["articles"].sum() + 1
    assert len(parts(work)) == 3 * len(before) + 1


def test_a_resumed_run_rejects_only_what_is_in_the_future_still(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    rows = [("Gazette", "2021-03-14", "Talks."), ("Gazette", "2021-03-20", "More talks.")]
    for name in ("a", "b"):
        dates = rows if name == "a" else rows[:1]
        frame = pd.DataFrame(dates, columns=["outlet", "date", "text"])
        frame.to_csv(tmp_path / f"{name}.csv", index=False)
    honest, today = module.read_options, dt.date(2021, 3, 15)
    monkeypatch.setattr(
        module, "read_options", lambda **options: replace(honest(**options), today=today)
    )
    paths, work = [tmp_path / "a.csv", tmp_path / "b.csv"], tmp_path / "work"
    assert count_corpus(paths, BY, work=work).rejected["reason"].tolist() == ["impossible date"]
    kept = parts(work)
    today = dt.date(2021, 3, 21)
    counts = count_corpus(paths, BY, work=work)
    assert counts.groups["articles"].tolist() == [3]
    assert len(counts.rejected) == 0
    assert parts(work) == kept


def test_an_address_gives_the_same_bytes(corpus: Path, whole: GroupCounts, tmp_path: Path):
    fsspec = pytest.importorskip("fsspec")
    files = fsspec.filesystem("memory")
    files.put(str(corpus), "/corpus", recursive=True)
    try:
        counts = count_corpus("memory://corpus", BY, lexicon=LEXICON, today=DAY)
        assert_same(counts, whole)
        kept = count_corpus("memory://corpus", BY, lexicon=LEXICON, today=DAY, work=tmp_path)
        assert_same(kept, whole)
    finally:
        files.rm("/corpus", recursive=True)


def test_a_file_that_changes_under_way_is_an_error(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = tmp_path / "c.csv"
    file.write_bytes((corpus / "c.csv").read_bytes())
    honest = module.Count.counted

    def counted(self: module.Count, articles: pd.DataFrame) -> GroupCounts:
        with file.open("a", encoding="utf-8") as stream:
            stream.write("\n")
        return honest(self, articles)

    monkeypatch.setattr(module.Count, "counted", counted)
    with pytest.raises(ReadError, match=r"c\.csv: changed while it was being read"):
        count_corpus(file, BY, batch_size=2)


@pytest.mark.parametrize(
    ("by", "options", "message"),
    [
        ("desk", {}, r"by=\['desk'\]: the counts have no column 'desk'.*score, flag"),
        (["outlet", "outlet"], {}, "a column is named twice"),
        (BY, {"batch_size": 0}, "batch_size=0 must be an integer of at least 1"),
        (BY, {"threads": 1.5}, r"threads=1\.5 must be an integer of at least 1"),
        (BY, {"threads": 2, "executor": 2}, "threads=2 and executor=2 exclude each other"),
        (BY, {"work": "s3://bucket/work"}, "must be a folder of a"),
        (BY, {"executor": "tcp://192.0.2.1:8786"}, "neither on this machine nor reached by tls"),
        (BY, {"executor": 2, "prepare": lambda batch: batch}, "can't be sent to other processes"),
        (BY, {"lexicon": "no-such-lexicon"}, "no-such-lexicon"),
    ],
)
def test_what_is_wrong_is_said(by: Any, options: dict[str, Any], message: str, corpus: Path):
    with pytest.raises(AnalysisError, match=message):
        count_corpus(corpus, by, **options)


def test_groups_of_columns_that_parquet_cannot_give_alone(tmp_path: Path):
    # Names with a dot are paths to Arrow, and a name given twice is two columns.
    names = ["outlet", "date", "text", "desk.name", "desk", "desk"]
    row = ["Gull", "2021-05-02", "Talks.", "world", "foreign", "home"]
    pq.write_table(pa.table([[cell] for cell in row], names=names), tmp_path / "a.parquet")
    counts = count_corpus(tmp_path, ["desk.name", "desk", "desk.2"])
    assert counts.groups.iloc[0, :3].tolist() == ["world", "foreign", "home"]


def test_a_work_folder_lies_outside_the_corpus(corpus: Path):
    with pytest.raises(CountsError, match="lies inside"):
        count_corpus(corpus, BY, work=corpus / "work")


def test_the_former_name_of_executor_still_works(near: Any, corpus: Path, whole: GroupCounts):
    with pytest.warns(FutureWarning, match=r"client=\.\.\.\) is deprecated: say executor="):
        counts = count_corpus(corpus, BY, lexicon=LEXICON, today=DAY, client=near)
    assert_same(counts, whole)


def test_a_bar_is_shown_on_request(corpus: Path, capsys: pytest.CaptureFixture[str]):
    count_corpus(corpus, BY, progress=True)
    assert "Counting: 100%" in capsys.readouterr().err
    count_corpus(corpus, BY)
    assert capsys.readouterr().err == ""
