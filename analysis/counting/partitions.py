"""Counts of a part of a corpus: made from batches, added up, and finished as GroupCounts.

Everything in here is an integer total or a list of articles with hits, so that parts add up to
the same result in whatever way the corpus was cut, and in whatever order they come.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.articles import add_period
from analysis.counting.batch_groups import Integers, Label
from analysis.counting.batches import Batch
from analysis.counting.checked import Checked, check_batch, doc_ids
from analysis.counting.groups import GroupCounts, group_codes
from analysis.counting.lexicon import Lexicon
from analysis.counting.matching import find_hits
from analysis.counting.patterns import text_rules
from analysis.counting.sums import ArticleRows, Cells, CellSums, add_cells, by_group_and_term
from analysis.reading.rejected import Rejection, rejected_table
from analysis.tokens import TermRules, tokenize
from analysis.tokens.vocabulary import Vocabulary


@dataclass(frozen=True)
class CountSpec:
    """What to count: the groups, the lexicon and the rules. It travels to every worker."""

    by: tuple[str, ...]
    lexicon: Lexicon | None = None
    rules: TermRules = TermRules()


@dataclass(frozen=True, eq=False)
class PartitionCounts:
    """Sums over the groups of a part of a corpus.

    Attributes
    ----------
    groups : dict of label to (articles, tokens, sum of squared tokens)
        A label has one value for each of the `by` columns; None where it is missing.
    terms : LargeStringArray, in any order
    group, term : integer arrays, one entry a cell with counts
        Positions in `groups` and `terms`.
    totals : int64 array, cells by 4
        n, articles, sum n_d^2, sum n_d L_d.
    hits : list of DataFrame
        Articles with hits: ``file, row, group, doc_id, n_tokens`` and hits per frame.
    rejected : list of DataFrame
        ``file, row, source, locator, reason, detail``.
    days : dict of calendar span to (first day, last day)
        What the labels of a span run over.
    """

    groups: dict[Label, tuple[int, int, int]]
    terms: pa.LargeStringArray
    group: Integers
    term: Integers
    totals: Integers
    hits: list[pd.DataFrame] = field(default_factory=list)
    rejected: list[pd.DataFrame] = field(default_factory=list)
    days: dict[str, tuple[pd.Timestamp, pd.Timestamp]] = field(default_factory=dict)


def count_partition(batch: Batch, spec: CountSpec) -> PartitionCounts:
    """Count one batch; the same batch always gives the same counts."""
    counter = PartitionCounter(spec)
    counter.add(batch)
    return counter.result()


class PartitionCounter:
    """Adds up batches. The vocabulary and the sums stay in memory, the texts do not."""

    def __init__(self, spec: CountSpec) -> None:
        self.spec = spec
        self._vocabulary = Vocabulary(spec.rules)
        self._codes: dict[Label, int] = {}
        self._group_sums = np.zeros((0, 3), np.int64)
        self._cells = CellSums()
        self._hits: list[pd.DataFrame] = []
        self._rejected: list[tuple[int, int, Rejection]] = []
        self._days: dict[str, tuple[pd.Timestamp, pd.Timestamp]] = {}

    def add(self, batch: Batch) -> None:
        """Count the articles of a batch."""
        checked = check_batch(batch, self.spec.by)
        self._rejected += [(batch.file, *found) for found in checked.rejected]
        if not len(checked.rows):
            return
        self._days = _wider(self._days, checked.days)
        groups = self._groups(checked)
        lengths = self._count(checked.texts, groups)
        each = np.column_stack([np.ones_like(lengths), lengths, lengths**2])
        np.add.at(self._group_sums, groups, each)
        if self.spec.lexicon is not None:
            self._find_hits(batch, checked, groups, lengths)

    def result(self) -> PartitionCounts:
        """The counts so far."""
        cells = self._cells.cells()
        ids = self._vocabulary.used(cells.term)
        place = np.zeros(int(ids.max(initial=0)) + 1, np.int64)
        place[ids] = np.arange(len(ids))
        totals = [tuple(map(int, row)) for row in self._group_sums]
        return PartitionCounts(
            groups=dict(zip(self._codes, totals, strict=True)),  # type: ignore[arg-type]
            terms=self._vocabulary.strings(ids),
            group=cells.group,
            term=place[cells.term],
            totals=cells.totals,
            hits=self._hits,
            rejected=self._rejected_table(),
            days=self._days,
        )

    def _rejected_table(self) -> list[pd.DataFrame]:
        if not self._rejected:
            return []
        files, rows, rejections = zip(*self._rejected, strict=True)
        table = rejected_table(list(rejections))
        return [table.assign(file=np.array(files, np.int64), row=np.array(rows, np.int64))]

    def _groups(self, checked: Checked) -> Integers:
        """The number of each article's group; new groups are added."""
        known = [self._codes.setdefault(label, len(self._codes)) for label in checked.labels]
        fresh = np.zeros((len(self._codes) - len(self._group_sums), 3), np.int64)
        self._group_sums = np.concatenate([self._group_sums, fresh])
        numbers: Integers = np.array(known, np.int64)[checked.groups]
        return numbers

    def _count(self, texts: pa.Array, groups: Integers) -> Integers:
        """Add up the terms of the texts; gives the tokens of each."""
        lengths, done = np.empty(len(groups), np.int64), 0
        for tokens in self._vocabulary.scan(texts, gaps=self.spec.rules.ngrams > 1):
            part = slice(done, done + len(tokens.bounds) - 1)
            lengths[part] = self._vocabulary.kept(tokens)
            counts = self._vocabulary.count(tokens)
            self._cells.add(ArticleRows(groups[part], lengths[part], *counts))
            done = part.stop
        return lengths

    def _find_hits(
        self, batch: Batch, checked: Checked, groups: Integers, lengths: Integers
    ) -> None:
        lexicon, rules = self.spec.lexicon, self.spec.rules
        assert lexicon is not None  # noqa: S101
        hits = find_hits(tokenize(checked.texts, text_rules(rules)), lexicon, rules)
        shape = (len(groups), len(lexicon.frames), 2)
        counts = np.zeros(shape, np.int32)
        np.add.at(counts, (hits.article, hits.frame, hits.negated.astype(int)), 1)
        hit = counts.any(axis=(1, 2))
        rows = checked.rows[hit]
        places = np.asarray(batch.places, np.int64)[rows]
        table = pd.DataFrame({"file": batch.file, "row": places})
        table["doc_id"] = doc_ids(batch).iloc[rows].to_numpy()
        table["group"], table["n_tokens"] = groups[hit], lengths[hit]
        for number, frame in enumerate(hits.frames):
            table[f"n_{frame}"] = counts[hit, number, 0]
            table[f"n_{frame}_negated"] = counts[hit, number, 1]
        if len(table):
            self._hits.append(table)


def merge(parts: Sequence[PartitionCounts]) -> PartitionCounts:
    """Add up partitions."""
    if len(parts) == 1:
        return parts[0]
    terms = pc.unique(pa.chunked_array([part.terms for part in parts], pa.large_string()))
    labels: dict[Label, int] = {}
    for part in parts:
        for label in part.groups:
            labels.setdefault(label, len(labels))
    totals = np.zeros((len(labels), 3), np.int64)
    days: dict[str, tuple[pd.Timestamp, pd.Timestamp]] = {}
    cells, hits = [], []
    for part in parts:
        codes = np.array([labels[label] for label in part.groups], np.int64)
        totals[codes] += np.array(list(part.groups.values()), np.int64).reshape(-1, 3)
        places = pc.index_in(part.terms, terms).to_numpy(zero_copy_only=False).astype(np.int64)
        cells.append(Cells(codes[part.group], places[part.term], part.totals))
        hits += [table.assign(group=codes[table["group"]]) for table in part.hits]
        days = _wider(days, part.days)
    group, term, added = add_cells(cells)
    return PartitionCounts(
        groups={label: tuple(map(int, totals[code])) for label, code in labels.items()},  # type: ignore[misc]
        terms=terms,
        group=group,
        term=term,
        totals=added,
        hits=hits,
        rejected=[table for part in parts for table in part.rejected],
        days=days,
    )


def finish(part: PartitionCounts, spec: CountSpec) -> GroupCounts:
    """The counts in the order and the types that GroupCounts has; floats come later."""
    from scipy import sparse

    frame = _group_frame(part, spec.by)
    codes, groups = group_codes(frame, spec.by)
    totals = np.array(list(part.groups.values()), np.int64).reshape(-1, 3)
    if not part.groups:
        groups = groups.iloc[:0]
    for number, name in enumerate(("articles", "tokens", "tokens_sq")):
        groups[name] = np.zeros(len(groups), np.int64)
        groups.loc[codes, name] = totals[:, number]
    order = pc.array_sort_indices(part.terms).to_numpy()
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    group = codes[part.group]
    indices, columns = by_group_and_term(Cells(group, rank[part.term], part.totals))
    indptr = np.concatenate([[0], np.cumsum(np.bincount(group, minlength=len(groups)))])
    matrices = {
        name: sparse.csr_array((values, indices, indptr), shape=(len(groups), len(order)))
        for name, values in zip(("n", "n_docs", "n_sq", "n_tokens"), columns, strict=True)
    }
    return GroupCounts(
        spec.by,
        groups,
        pd.Index(pd.array(part.terms.take(order), dtype="str"), name="term"),
        **matrices,
        hits=_hit_table(part, codes),
        lexicon="" if spec.lexicon is None else spec.lexicon.label,
        rejected=_in_order(part.rejected, rejected_table([])),
    )


def _group_frame(part: PartitionCounts, by: Sequence[str]) -> pd.DataFrame:
    """The groups' labels in the types that the articles table gives them."""
    columns: dict[str, object] = {}
    for place, name in enumerate(by):
        values = [label[place] for label in part.groups]
        known = sorted({str(value) for value in values if value is not None})
        if name in part.days:
            ends = pd.DataFrame({"date": list(part.days[name])})
            spans = add_period(ends, name)["period"].cat.categories
            columns[name] = pd.Categorical(values, categories=spans, ordered=True)
        elif name == "outlet":
            columns[name] = pd.Categorical(values, categories=known)
        else:
            columns[name] = pd.Series(values, dtype=None if values else "str")
    return pd.DataFrame(columns, index=range(len(part.groups)))


def _hit_table(part: PartitionCounts, codes: Integers) -> pd.DataFrame:
    """Articles with hits in the order of the corpus; frames without any hit have no column."""
    empty = pd.DataFrame(
        {"doc_id": pd.Series(dtype="str"), "n_tokens": pd.Series(dtype="int64"),
         "group": pd.Series(dtype="int64")}
    )  # fmt: skip
    if not part.hits:
        return empty
    table = _in_order(part.hits, empty)
    counted = [name for name in table.columns if name not in ("doc_id", "group", "n_tokens")]
    frames = sorted(
        name for name in counted
        if f"{name}_negated" in counted and table[[name, f"{name}_negated"]].to_numpy().any()
    )  # fmt: skip
    names = [column for name in frames for column in (name, f"{name}_negated")]
    table = table.assign(group=codes[table["group"].to_numpy()])
    return table[["doc_id", "n_tokens", *names, "group"]].astype(dict.fromkeys(names, np.int64))


def _in_order(tables: list[pd.DataFrame], empty: pd.DataFrame) -> pd.DataFrame:
    if not tables:
        return empty
    table = pd.concat(tables, ignore_index=True).sort_values(["file", "row"], kind="stable")
    return table.drop(columns=["file", "row"]).reset_index(drop=True)


def _wider(
    days: dict[str, tuple[pd.Timestamp, pd.Timestamp]],
    more: dict[str, tuple[pd.Timestamp, pd.Timestamp]],
) -> dict[str, tuple[pd.Timestamp, pd.Timestamp]]:
    merged = dict(days)
    for name, (first, last) in more.items():
        have = merged.get(name, (first, last))
        merged[name] = min(first, have[0]), max(last, have[1])
    return merged
