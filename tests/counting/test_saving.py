import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from analysis.counting.document_terms import DocumentTerms, document_terms
from analysis.counting.groups import GroupCounts, group_counts
from analysis.errors import CountsError
from analysis.reading.rejected import Reason, Rejection, rejected_table

FILES = ("groups", "counts", "hits", "rejected")


@pytest.fixture
def counts(articles: pd.DataFrame) -> DocumentTerms:
    counted = document_terms(articles.assign(link="https://example.org/"))
    types = pd.DataFrame(
        [("dialogue", "talks", "talks", False), ("dialogue", "dialogue", "dialogue", True)],
        columns=["frame", "pattern", "match", "negated"],
    )
    hits = sparse.csr_array(np.array([[0, 1], [0, 0], [1, 0], [0, 0], [3, 0], [0, 0]]))
    return DocumentTerms(
        counted.documents, counted.terms, counted.counts, types, hits, lexicon="test 1"
    )


def digests(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


def test_a_bundle_reads_back_as_it_was(counts: DocumentTerms, tmp_path: Path):
    again = DocumentTerms.load(counts.save(tmp_path / "bundle"))
    pd.testing.assert_frame_equal(again.documents, counts.documents)
    assert again.terms.tolist() == counts.terms.tolist()
    assert (again.counts != counts.counts).nnz == 0
    assert again.rules == counts.rules
    assert again.lexicon == counts.lexicon
    order = ["frame", "pattern"]
    pd.testing.assert_frame_equal(
        again.hit_types, counts.hit_types.sort_values(order, ignore_index=True)
    )
    assert again.hits.toarray().tolist() == counts.hits.toarray()[:, ::-1].tolist()


def test_the_same_counts_give_the_same_bytes(counts: DocumentTerms, tmp_path: Path):
    first = digests(counts.save(tmp_path / "a"))
    again = digests(DocumentTerms.load(tmp_path / "a").save(tmp_path / "b"))
    assert first == again
    assert sorted(first) == ["bundle.json", "counts.parquet", "documents.parquet", "hits.parquet"]


def test_no_text_and_no_title_goes_into_a_bundle(articles: pd.DataFrame, tmp_path: Path):
    counted = document_terms(articles)
    with_texts = articles.assign(n_tokens=counted.documents["n_tokens"])
    DocumentTerms(with_texts, counted.terms, counted.counts).save(tmp_path)
    documents = pd.read_parquet(tmp_path / "documents.parquet")
    assert documents.columns.tolist() == ["doc_id", "outlet", "date", "n_tokens"]


def test_running_text_of_other_columns_stays_at_home(
    articles: pd.DataFrame, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    words = ["one two three four five six seven eight", "nine", None, "ten", "ten", "ten"]
    long = pd.Series([" ".join("x" * 31)] + [""] * 5)
    counts = document_terms(
        articles.assign(
            body_html="<p>" + articles["text"] + " " + articles["text"] + "</p>",
            abstract=[f"{word} " * 9 for word in "abcdef"],
            highlight=long,
            section=words,
            link="https://example.org/a?b=" + "c" * 300,
            year=2021,
        )
    )
    saved = DocumentTerms.load(counts.save(tmp_path / "b"))
    kept = ["doc_id", "outlet", "date", "section", "link", "year", "n_tokens"]
    assert saved.documents.columns.tolist() == kept
    assert "b: left out body_html, abstract, highlight, which hold(s) running" in caplog.text
    saved = DocumentTerms.load(counts.save(tmp_path / "c", keep=["abstract"]))
    assert set(saved.documents) == {*kept, "abstract"}


def test_a_folder_that_is_no_bundle_is_named(tmp_path: Path):
    for folder in (tmp_path, tmp_path / ("x" * 300)):
        with pytest.raises(CountsError, match=r"is not a feature bundle: it lacks documents\."):
            DocumentTerms.load(folder)


def test_a_newer_form_is_refused(counts: DocumentTerms, tmp_path: Path):
    counts.save(tmp_path)
    head = json.loads((tmp_path / "bundle.json").read_text())
    assert head["form"] == 1
    (tmp_path / "bundle.json").write_text(json.dumps(head | {"form": 99}))
    with pytest.raises(CountsError, match="form 99 is newer"):
        DocumentTerms.load(tmp_path)


def test_where_keeps_the_documents_with_these_values(counts: DocumentTerms):
    assert counts.where(outlet="Herald").documents["doc_id"].tolist() == ["b1", "b2", "b3"]
    assert len(counts.where(outlet=["Herald", "Gazette"]).documents) == 6
    with pytest.raises(CountsError, match=r"no article has outlet='Post'; there are .*Gazette"):
        counts.where(outlet="Post")
    with pytest.raises(CountsError, match="no column 'paper'"):
        counts.where(paper="Herald")


def damage_json(folder: Path) -> None:
    (folder / "bundle.json").write_text('{"form": 1, "rules"')


def damage_keys(folder: Path) -> None:
    (folder / "bundle.json").write_text('{"form": 1, "rules": {"colour": "red"}}')


@pytest.mark.parametrize("key", ["lexicon", "form", "rules", "sha256"])
def test_a_key_of_the_head_with_one_bit_changed_is_refused(
    counts: DocumentTerms, tmp_path: Path, key: str
):
    counts.save(tmp_path)
    head = (tmp_path / "bundle.json").read_text()
    changed = key[:-1] + chr(ord(key[-1]) ^ 1)
    (tmp_path / "bundle.json").write_text(head.replace(f'"{key}"', f'"{changed}"'))
    with pytest.raises(CountsError, match=r"feature bundle is damaged .*bundle\.json"):
        DocumentTerms.load(tmp_path)


def damage_parquet(folder: Path) -> None:
    (folder / "counts.parquet").write_bytes((folder / "counts.parquet").read_bytes()[:-9])


def damage_columns(folder: Path) -> None:
    hits = pd.read_parquet(folder / "hits.parquet")
    hits.drop(columns="match").to_parquet(folder / "hits.parquet")


def damage_documents(folder: Path) -> None:
    documents = pd.read_parquet(folder / "documents.parquet")
    documents[:2].to_parquet(folder / "documents.parquet")


@pytest.mark.parametrize(
    "damage", [damage_json, damage_keys, damage_parquet, damage_columns, damage_documents]
)
def test_a_damaged_bundle_is_named(
    counts: DocumentTerms, tmp_path: Path, damage: Callable[[Path], None]
):
    damage(counts.save(tmp_path / "b"))
    with pytest.raises(CountsError, match=r"/b: this feature bundle is damaged \(\w+: .*Copy it"):
        DocumentTerms.load(tmp_path / "b")


@pytest.fixture
def grouped(articles: pd.DataFrame) -> GroupCounts:
    counts = document_terms(articles, lexicon="deterrence-dialogue")
    return group_counts(counts, ["outlet", "quarter"])


def test_counts_read_back_as_they_were(grouped: GroupCounts, tmp_path: Path):
    assert grouped.save(tmp_path / "a" / "b") == tmp_path / "a" / "b"
    again = GroupCounts.load(tmp_path / "a" / "b")
    pd.testing.assert_frame_equal(again.groups, grouped.groups)
    pd.testing.assert_frame_equal(again.hits, grouped.hits)
    pd.testing.assert_index_equal(again.terms, grouped.terms)
    for name in ("n", "n_docs", "n_sq", "n_tokens"):
        one, other = getattr(again, name), getattr(grouped, name)
        np.testing.assert_array_equal(one.toarray(), other.toarray())
        assert one.dtype == np.int64
    assert (again.by, again.lexicon) == (grouped.by, grouped.lexicon)
    assert len(again.rejected) == 0
    assert np.shares_memory(again.n_sq.indices, again.n.indices)


def test_the_same_grouped_counts_give_the_same_bytes(grouped: GroupCounts, tmp_path: Path):
    first = digests(grouped.save(tmp_path / "a"))
    again = GroupCounts.load(tmp_path / "a").save(tmp_path / "b")
    assert digests(again) == first
    assert sorted(first) == sorted([*(f"{name}.parquet" for name in FILES), "counts.json"])


def test_what_was_rejected_is_kept(grouped: GroupCounts, tmp_path: Path):
    rejected = rejected_table([Rejection("a.csv", "row 3", Reason.NO_TEXT)])
    replace(grouped, rejected=rejected).save(tmp_path)
    pd.testing.assert_frame_equal(GroupCounts.load(tmp_path).rejected, rejected)


def test_a_folder_without_all_files_or_of_a_newer_form_is_refused(
    grouped: GroupCounts, tmp_path: Path
):
    with pytest.raises(CountsError, match=r"it lacks groups\.parquet, counts\.parquet, hits"):
        GroupCounts.load(tmp_path)
    grouped.save(tmp_path)
    head = json.loads((tmp_path / "counts.json").read_text())
    (tmp_path / "counts.json").write_text(json.dumps(head | {"form": head["form"] + 1}))
    with pytest.raises(CountsError, match=r"counts\.json: form 2 is newer than this version"):
        GroupCounts.load(tmp_path)
    (tmp_path / "hits.parquet").unlink()
    with pytest.raises(CountsError, match=r"it lacks hits\.parquet\. Make one with count_corpus"):
        GroupCounts.load(tmp_path)


@pytest.mark.parametrize("key", ["by", "sha256", "parted"])
def test_counts_whose_head_lost_a_key_are_refused(grouped: GroupCounts, tmp_path: Path, key: str):
    grouped.save(tmp_path)
    head = json.loads((tmp_path / "counts.json").read_text())
    (tmp_path / "counts.json").write_text(json.dumps(head | {f"{key}_": head.pop(key)}))
    with pytest.raises(CountsError, match=rf"counts\.json: key '{key}_'; there may be form, sha"):
        GroupCounts.load(tmp_path)


def test_damaged_counts_are_named(grouped: GroupCounts, tmp_path: Path):
    grouped.save(tmp_path)
    pd.read_parquet(tmp_path / "groups.parquet")[:1].to_parquet(tmp_path / "groups.parquet")
    with pytest.raises(CountsError, match=r"grouped counts is damaged \(ValueError: .*Copy it"):
        GroupCounts.load(tmp_path)
