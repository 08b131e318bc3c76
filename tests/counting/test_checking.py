"""What breaks the invariants of counts is refused, in memory and on disk."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from scipy import sparse

from analysis import Lexicon, TermRules, document_terms, group_counts, stance, term_frequencies
from analysis.counting import folders
from analysis.counting.document_terms import DocumentTerms
from analysis.counting.groups import GroupCounts
from analysis.errors import CountsError

LEXICON = Lexicon.from_dict({"risk": ["risk"], "chance": ["chance"]})
DOCUMENTS = pd.DataFrame(
    {"doc_id": list("abc"), "outlet": ["Gull", "Gull", "Tern"],
     "date": pd.Timestamp("2021-03-14"), "n_tokens": [3, 4, 5]}
)  # fmt: skip
MATRIX = np.array([[1, 2], [3, 1], [1, 4]])  # chance, risk


def made(**fields) -> DocumentTerms:
    given = {"documents": DOCUMENTS, "terms": pd.Index(["chance", "risk"]), "counts": MATRIX}
    given |= fields
    given["counts"] = sparse.csr_matrix(given["counts"])
    return DocumentTerms(**given)


def test_terms_in_another_order_are_sorted():
    counts = made(terms=pd.Index(["risk", "chance"]), counts=MATRIX[:, ::-1])
    assert counts.terms.tolist() == ["chance", "risk"]
    assert counts.counts.toarray().tolist() == MATRIX.tolist()
    row = stance(counts, LEXICON, ("risk", "chance"), by=[]).iloc[0]
    assert (row["n_risk"], row["n_chance"]) == (7, 5)
    table = term_frequencies(counts, []).set_index("term")
    assert table["n"].to_dict() == {"risk": 7, "chance": 5}


TYPES = pd.DataFrame({"frame": ["f"], "pattern": ["p"], "match": ["m"], "negated": [False]})


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"terms": pd.Index(["risk", "risk"])}, "terms: 'risk' is there twice"),
        ({"terms": pd.Index(["risk", None])}, "terms: they must be strings, none missing"),
        ({"terms": pd.Index([1, 2])}, "terms: they must be strings"),
        ({"terms": "ab"}, "terms: a str is no list of terms"),
        ({"terms": pd.MultiIndex.from_tuples([("a", "b"), ("c", "d")])}, "terms: a MultiIndex"),
        ({"documents": ["a", "b", "c"]}, "documents: list is not a table"),
        ({"counts": MATRIX * -1}, "counts: row 0 is .*-1.*whole numbers from 0"),
        ({"counts": MATRIX * 0.5}, "counts: row 0 is .*0.5"),
        ({"counts": MATRIX * np.nan}, "counts: row 0 is .*nan"),
        ({"counts": MATRIX * np.inf}, "counts: row 0 is .*inf"),
        ({"counts": MATRIX * 10**12}, "counts: row 0 is .*1000000000000"),
        ({"counts": MATRIX * 2}, "counts: row 0 .* n_tokens=3, and its counts sum to 6"),
        ({"counts": MATRIX[:2]}, r"counts has shape \(2, 2\)"),
        ({"documents": DOCUMENTS.drop(columns="n_tokens")}, "no column 'n_tokens'"),
        ({"documents": DOCUMENTS.drop(columns="doc_id")}, "no column 'doc_id'"),
        ({"documents": DOCUMENTS.assign(doc_id=["a", None, "c"])}, "'doc_id' has no value"),
        ({"documents": DOCUMENTS.assign(doc_id=["a", "b", ""])}, "'doc_id' is empty in row 2"),
        ({"documents": DOCUMENTS.assign(doc_id=["a", "b", "b"])}, "doc_id='b' is the id of art"),
        ({"documents": DOCUMENTS.assign(n_tokens=list("345"))}, "'n_tokens': row 0 is '3'"),
        ({"documents": DOCUMENTS.assign(n_tokens=[3, 4.5, 5])}, "'n_tokens': row 1 is .*4.5"),
        ({"documents": DOCUMENTS.assign(n_tokens=[3, 4, -5])}, "'n_tokens': row 2 is .*-5"),
        ({"documents": DOCUMENTS.assign(n_tokens=[3, 4, None])}, "'n_tokens' has no value in row"),
        ({"hit_types": TYPES, "hits": np.array([[0], [0], [9]])}, "n_tokens=5 and 9 hits of"),
        ({"hit_types": TYPES, "hits": np.array([[0], [-1], [0]])}, "hits: row 0 is .*-1"),
        ({"hit_types": TYPES.assign(negated="no")}, "hits: column 'negated' is"),
        ({"hit_types": TYPES.drop(columns="match")}, "hits: there is no column 'match'"),
        ({"hit_types": TYPES.assign(frame=None)}, "hits: column 'frame' has no value in row 0"),
    ],
)  # fmt: skip
def test_what_counts_cannot_be_is_refused(fields, message):
    with pytest.raises(CountsError, match=message):
        made(**fields)


def test_what_counts_can_be_is_taken():
    # Parts of an article share its id; whole floats and duplicates of a place are counts, too.
    parts = DOCUMENTS.assign(doc_id="a", outlet="Gull")
    assert len(made(documents=parts, counts=MATRIX * 1.0).documents) == 3
    twice = sparse.coo_array(([1, 2], ([0, 0], [1, 1])), shape=(3, 2))
    assert made(counts=twice).counts.toarray().tolist() == [[0, 3], [0, 0], [0, 0]]
    # Some of the terms: the tokens are those of all.
    assert made(terms=pd.Index(["risk"]), counts=MATRIX[:, 1:]).counts.sum() == 7


@pytest.mark.parametrize(
    "rules",
    [
        TermRules(ngrams=3),
        TermRules(stop_words=("risk",)),
        TermRules(stem="english", ngrams=2),
        TermRules(min_length=5, numbers=False),
    ],
)
def test_whatever_the_rules_a_bundle_reads_back(articles, rules: TermRules, tmp_path: Path):
    lexicon = Lexicon.from_dict({"dialogue": ["talk*", "the"], "rest": ["o*", "i*"]})
    counts = document_terms(articles, lexicon=lexicon, rules=rules)
    again = DocumentTerms.load(counts.save(tmp_path / "a"))
    assert again.rules == rules
    assert (again.counts != counts.counts).nnz == 0
    some = DocumentTerms(counts.documents, counts.terms[:1], counts.counts[:, :1], rules=rules)
    assert DocumentTerms.load(some.save(tmp_path / "b")).terms.tolist() == [counts.terms[0]]


Change = Callable[[pd.DataFrame], pd.DataFrame]
# The file, the column that is named, and what is done to the table.
BUNDLE: list[tuple[str, str, Change]] = [
    ("documents", "n", lambda t: t[::-1]),
    ("documents", "n_tokens", lambda t: t.assign(n_tokens=0)),
    ("documents", "n_tokens", lambda t: t.assign(n_tokens=-1)),
    ("documents", "n_tokens", lambda t: t.assign(n_tokens=t["n_tokens"].astype(str))),
    ("documents", "n_tokens", lambda t: t.drop(columns="n_tokens")),
    ("documents", "doc_id", lambda t: t.drop(columns="doc_id")),
    ("documents", "doc_id", lambda t: t.assign(doc_id="a")),
    ("documents", "doc_id", lambda t: t.assign(doc_id=None)),
    ("documents", "document", lambda t: t[:2]),
    ("counts", "n", lambda t: t.assign(n=t["n"] * 2)),
    ("counts", "n", lambda t: t.assign(n=-t["n"])),
    ("counts", "n", lambda t: t.assign(n=t["n"] / 2)),
    ("counts", "n", lambda t: t.assign(n=t["n"].astype(str))),
    ("counts", "n", lambda t: t.assign(n=2**62)),
    ("counts", "document", lambda t: pd.concat([t, t])),
    ("counts", "document", lambda t: t.assign(document=t["document"] + 1)),
    ("counts", "document", lambda t: t.assign(document=-1)),
    ("counts", "document", lambda t: t.assign(document=10**12)),
    ("counts", "n", lambda t: t[:4]),
    ("counts", "term", lambda t: t.assign(term=[None, *t["term"][1:]])),
    ("counts", "term", lambda t: t.drop(columns="term")),
    ("hits", "n", lambda t: t.assign(n=1000)),
    ("hits", "n", lambda t: t.assign(n=-1)),
    ("hits", "negated", lambda t: t.assign(negated="False")),
    ("hits", "document", lambda t: pd.concat([t, t])),
    ("hits", "pattern", lambda t: t.drop(columns="pattern")),
]
GROUPS: list[tuple[str, str, Change]] = [
    ("groups", "n_docs", lambda t: t[::-1]),
    ("groups", "tokens", lambda t: t.assign(tokens=t["tokens"] + 1)),
    ("groups", "articles", lambda t: t.assign(articles=0.5)),
    ("groups", "outlet", lambda t: t.drop(columns="outlet")),
    ("counts", "n", lambda t: t.assign(n=-t["n"])),
    ("counts", "tokens", lambda t: t.assign(n=t["n"] * 2)),
    ("counts", "n_docs", lambda t: t.assign(n_docs=99)),
    ("counts", "n_sq", lambda t: t.assign(n_sq=10**9)),
    ("counts", "group", lambda t: pd.concat([t, t])),
    ("counts", "group", lambda t: t.assign(group=9)),
    ("counts", "term", lambda t: t.assign(term=None)),
    ("hits", "group", lambda t: t.assign(group=9)),
    ("hits", "n_risk", lambda t: t.assign(n_risk=-1)),
    ("hits", "doc_id", lambda t: t.drop(columns="doc_id")),
]


def saved(kind: str, folder: Path) -> tuple[Path, Callable[[Path], object]]:
    texts = ["risk risk chance", "risk chance chance chance", "risk risk risk chance risk of it"]
    articles = DOCUMENTS.drop(columns="n_tokens").assign(text=texts)
    counts = document_terms(articles, lexicon=LEXICON)
    if kind == "bundle":
        return counts.save(folder), DocumentTerms.load
    return group_counts(counts, "outlet").save(folder), GroupCounts.load


@pytest.mark.parametrize("hashes", [True, False])
@pytest.mark.parametrize(
    ("kind", "name", "column", "change"),
    [("bundle", *case) for case in BUNDLE] + [("counts", *case) for case in GROUPS],
)
def test_a_changed_file_is_refused(kind, name, column, change, hashes: bool, tmp_path: Path):
    folder, load = saved(kind, tmp_path / "b")
    head = folder / f"{kind}.json"
    if not hashes:  # as they were saved before there were any
        head.write_text(json.dumps({**json.loads(head.read_text()), "sha256": {}}))
    file = folder / f"{name}.parquet"
    change(pd.read_parquet(file)).to_parquet(file, index=False)
    with pytest.raises(CountsError, match=rf"(?s)damaged.*{name if hashes else column}") as raised:
        load(folder)
    assert ".parquet" in str(raised.value) or not hashes


@pytest.mark.parametrize("kind", ["bundle", "counts"])
def test_a_folder_without_hashes_still_loads(kind, tmp_path: Path):
    folder, load = saved(kind, tmp_path / "b")
    head = folder / f"{kind}.json"
    plain = json.loads(head.read_text())
    assert set(plain.pop("sha256")) == {file.name for file in folder.glob("*.parquet")}
    head.write_text(json.dumps(plain))
    load(folder)


@pytest.mark.parametrize("kind", ["bundle", "counts"])
@pytest.mark.parametrize(
    "content",
    [
        "[" * 100_000, '{"a":' * 100_000, "", "[]", "null", "7", '"form"', "{}", "\0",
        '{"form": "1"}', '{"form": null}', '{"form": [1]}', '{"form": true}', "9" * 5000,
        *(json.dumps({"form": 1, "rules": {}, "lexicon": "", "by": [], "parted": []} | part)
          for part in ({"lexicon": 7, "by": "outlet", "rules": []}, {"by": [7], "rules": None},
                       {"by": ["x"], "rules": {"ngrams": "2"}}, {"sha256": []},
                       {"sha256": {"a": "b"}}, {"parted": 7, "rules": {"stop_words": [7]}},
                       {"by": {}, "rules": {"stem": "klingon"}},
                       {"by": None, "rules": {"fold_case": "no"}})),
    ],
)  # fmt: skip
def test_a_head_of_wrong_values_is_refused(kind, content, tmp_path: Path):
    folder, load = saved(kind, tmp_path / "b")
    (folder / f"{kind}.json").write_text(content)
    with pytest.raises(CountsError, match=r"b: this .* is damaged \(\w+: "):
        load(folder)


def test_what_claims_more_than_the_files_hold_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    folder, load = saved("bundle", tmp_path / "b")
    head = folder / "bundle.json"
    head.write_text(re.sub(r'"sha256": {[^}]*}', '"sha256": {}', head.read_text()))
    documents = pq.read_table(folder / "documents.parquet")
    # 20 MB of one letter, packed into some kB.
    bomb = documents.append_column("x", pa.array(["x" * 20_000_000, "y", "z"]))
    pq.write_table(bomb, folder / "documents.parquet", compression="zstd")
    monkeypatch.setattr(folders, "SMALL", 1 << 20)
    with pytest.raises(CountsError, match=r"documents\.parquet: it claims 20,\d+,\d+ bytes"):
        load(folder)
    pq.write_table(documents, folder / "documents.parquet")
    zeros = pa.array(np.zeros(20_000_000, np.int32))
    term = pa.DictionaryArray.from_arrays(zeros, ["risk"])
    table = pa.table({"document": zeros, "term": term, "n": zeros})
    pq.write_table(table, folder / "counts.parquet")
    with pytest.raises(CountsError, match=r"counts\.parquet: it claims 20,000,000 rows"):
        load(folder)
