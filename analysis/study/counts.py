"""Counting the texts of a study part by part, and what its statistics take of the counts."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.counting.document_terms import DocumentTerms, count_documents
from analysis.counting.grouping import group_codes
from analysis.counting.groups import GroupCounts, group_counts
from analysis.counting.joining import add_up, join_counts
from analysis.counting.languages import warn_of_languages
from analysis.counting.targets import Targets
from analysis.executors import Where
from analysis.lexicons.lexicon import Lexicon
from analysis.study.corpus import texts_of, with_group_names
from analysis.study.dataset import (
    Frames,
    each_part,
    file_name,
    parts_of,
    read_all,
    read_table,
    write_table,
)
from analysis.study.study_file import Done, StudyFile
from analysis.tokens import TermRules

# Columns that say where a segment is, and are no part of what is counted.
OF_SEGMENTS = ("start", "end", "mention", "scare", "unbalanced", "source_as_named", "cue")


def count(study: StudyFile, done: Done, folder: Path, executor: Where) -> None:
    """Count terms and the lexicon's hits; with voices, in every segment of every article."""
    parts = parts_of(texts_of(done))
    groups = study.settings.groups
    once = None
    if study.settings.prepare.reprints == "once":
        once = folder / "once"
        _write_first_copies(study, done, parts, once)
    make = partial(_count, study.lexicon, study.targets, groups, once, folder)
    each_part(make, parts, folder, executor)
    for group in groups:
        sums_of(folder / "groups", group).save(folder / "sums" / file_name(group))
    told = read_all(folder / "languages").sum().astype("int64").to_dict()
    warn_of_languages(study.lexicon, told.pop("articles"), told)


def _write_first_copies(study: StudyFile, done: Done, parts: list[Path], folder: Path) -> None:
    """Of each story, which copy's terms count in each group: the original, else the earliest.

    Terms are counted in whole articles, where scores take the average of a story's copies.
    """
    articles = done["prepare"] / "articles"
    by = ("period", *study.settings.groups)
    columns = list(dict.fromkeys(["doc_id", "reprint_of", "cluster", "date", *by]))
    known = with_group_names(read_all(articles, columns), study.settings.groups)
    order = known.assign(copy=known["reprint_of"].notna()).sort_values(["copy", "date", "doc_id"])
    first = {group: ~order.duplicated([group, "cluster"]).reindex(known.index) for group in by}
    table = pd.DataFrame({"doc_id": known["doc_id"], **first})
    begin = 0
    for part in parts_of(articles):
        size = len(read_table(part, ["doc_id"]))
        each = table.iloc[begin : begin + size].reset_index(drop=True)
        write_table(each, folder / "copies" / part.name)
        begin += size


def _count(
    lexicon: Lexicon, targets: Targets | None, groups: tuple[str, ...], once: Path | None,
    folder: Path, part: Path,
) -> Frames:  # fmt: skip
    """Write the counts of a part: per document, by target, and summed by each group column."""
    texts = read_table(part)
    texts = with_group_names(
        texts.drop(columns=[name for name in OF_SEGMENTS if name in texts]), groups
    )
    counts, (articles, others) = count_documents(texts, lexicon, TermRules())
    if "voice" in texts:
        counts = _by_speaker(counts)
    save_sums(counts, groups, once, folder / "groups", part)
    # For this study alone, which has its texts beside it; its scores need the hits alone.
    for kind, kept in (("documents", counts), ("hits", without_terms(counts))):
        kept.save(folder / kind / part.stem, keep=list(counts.documents.columns))
    if targets is not None:
        near = without_terms(count_documents(texts, lexicon, TermRules(), targets)[0])
        if "voice" in texts:
            speaker = group_codes(near.documents, ["doc_id", "voice", "source"])[0]
            near = _by_speaker(near.assign(part=speaker), "targets", "target")
        near.save(folder / "targets" / part.stem, keep=list(near.documents.columns))
    return {"languages": pd.DataFrame([{"articles": articles, **others}])}


def save_sums(
    counts: DocumentTerms, by: Sequence[str], once: Path | None, folder: Path, part: Path
) -> None:
    """Write the sums of a part by each column; of a story's copies, the first counts in a group."""
    for group in by:
        counted = counts
        if once is not None:
            copies = read_table(once / "copies" / part.name)
            ids = copies.loc[copies[group], "doc_id"]
            counted = counts.subset(counts.documents["doc_id"].isin(ids).to_numpy())
        group_counts(counted, [group]).save(folder / file_name(group) / part.stem)


def without_terms(counts: DocumentTerms) -> DocumentTerms:
    """The counts with their hits alone."""
    return counts.derived(terms=counts.terms[:0], counts=counts.counts[:, :0])


def _by_speaker(counts: DocumentTerms, *further: str) -> DocumentTerms:
    """Add up the segments of an article in which the same source speaks in the same voice."""
    codes, _ = group_codes(counts.documents, ["doc_id", "voice", "source", *further])
    ones = np.ones(len(codes), np.int64)
    member = sparse.csr_array((ones, (codes, np.arange(len(codes)))))
    first = ~pd.Series(codes).duplicated().to_numpy()
    documents = counts.documents[first].iloc[np.argsort(codes[first])].reset_index(drop=True)
    documents["n_tokens"] = member @ counts.documents["n_tokens"].to_numpy(np.int64)
    terms, hits = (sparse.csr_array(member @ found) for found in (counts.counts, counts.hits))
    return replace(counts, documents=documents, counts=terms, hits=hits)


def document_counts(done: Done, kind: str = "hits") -> DocumentTerms:
    """The hits of every document or, by the `kind`, of its "targets"; of "documents" terms, too."""
    parts = map(DocumentTerms.load, sorted((done["count"] / kind).iterdir()))
    counts = join_counts(list(parts))
    choice = next(iter(parts_of(done["choose"] / "choice")))
    periods = read_table(choice, ["period"])["period"].dtype
    documents = counts.documents
    documents["period"] = documents["period"].astype("str").astype(periods)
    return counts


def term_counts(done: Done, group: str) -> GroupCounts:
    """The terms of all parts, summed over the values of a group column."""
    return GroupCounts.load(done["count"] / "sums" / file_name(group))


def sums_of(folder: Path, group: str) -> GroupCounts:
    """All parts of what `save_sums` wrote of a column, added up."""
    return add_up(map(GroupCounts.load, sorted((folder / file_name(group)).iterdir())))
