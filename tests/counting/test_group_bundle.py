import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.counting.document_terms import document_terms
from analysis.counting.group_bundle import FILES
from analysis.counting.groups import GroupCounts, group_counts
from analysis.errors import CountsError
from analysis.reading.rejected import Reason, Rejection, rejected_table


@pytest.fixture
def grouped(articles: pd.DataFrame) -> GroupCounts:
    counts = document_terms(articles, lexicon="deterrence-dialogue")
    return group_counts(counts, ["outlet", "quarter"])


def digests(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


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


def test_the_same_counts_give_the_same_bytes(grouped: GroupCounts, tmp_path: Path):
    first = digests(grouped.save(tmp_path / "a"))
    again = GroupCounts.load(tmp_path / "a").save(tmp_path / "b")
    assert digests(again) == first
    assert sorted(first) == sorted(FILES)


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


def test_damaged_counts_are_named(grouped: GroupCounts, tmp_path: Path):
    grouped.save(tmp_path)
    pd.read_parquet(tmp_path / "groups.parquet")[:1].to_parquet(tmp_path / "groups.parquet")
    with pytest.raises(CountsError, match=r"grouped counts is damaged \(ValueError: .*Copy it"):
        GroupCounts.load(tmp_path)
