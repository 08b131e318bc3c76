"""Counts of a part of a corpus: made from batches, added up, and finished as GroupCounts.

Everything in here is an integer total or a list of articles with hits, so that parts add up to
the same result in whatever way the corpus was cut, and in whatever order they come.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis.counting.batch_groups import Integers, Label
from analysis.counting.batches import Batch
from analysis.counting.checked import Checked, check_batch, doc_ids
from analysis.counting.sum_loops import Ids
from analysis.counting.sums import ArticleRows, Cells, CellSums, Source, add_up, recoded
from analysis.lexicons.lexicon import Lexicon
from analysis.lexicons.matching import find_hits
from analysis.lexicons.patterns import text_rules
from analysis.reading.rejected import Rejection, rejected_table
from analysis.tokens import TermRules, tokenize
from analysis.tokens.tally import code_point_order
from analysis.tokens.vocabulary import Vocabulary

# So many rejected rows are kept before they are put into a table.
REJECTED = 10_000


@dataclass(frozen=True)
class CountSpec:
    """What to count: the groups, the lexicon and the rules. It travels to every worker."""

    by: tuple[str, ...]
    lexicon: Lexicon | None = None
    rules: TermRules = TermRules()
    day_first: bool | None = None


@dataclass(frozen=True, eq=False)
class PartitionCounts:
    """Sums over the groups of a part of a corpus.

    Attributes
    ----------
    groups : dict of label to (articles, tokens, sum of squared tokens)
        A label has one value for each of the `by` columns; None where it is missing.
    terms : LargeStringArray, in any order
    cells : Cells
        Their groups and terms are positions in `groups` and `terms`.
    rows : sequence of ArticleRows
        Articles that are not in the cells yet; they never leave the process.
    hits : list of DataFrame
        Articles with hits: ``file, row, group, doc_id, n_tokens`` and hits per frame.
    rejected : list of DataFrame
        ``file, row, source, locator, reason, detail``.
    days : dict of calendar span to (first day, last day)
        What the labels of a span run over.
    """

    groups: dict[Label, tuple[int, int, int]]
    terms: pa.LargeStringArray
    cells: Cells
    rows: Sequence[ArticleRows] = ()
    hits: list[pd.DataFrame] = field(default_factory=list)
    rejected: list[pd.DataFrame] = field(default_factory=list)
    days: dict[str, tuple[pd.Timestamp, pd.Timestamp]] = field(default_factory=dict)


class PartitionCounter:
    """Adds up batches. The vocabulary and the sums stay in memory, the texts do not."""

    def __init__(self, spec: CountSpec) -> None:
        self.spec = spec
        self._vocabulary = Vocabulary(spec.rules)
        self._codes: dict[Label, int] = {}
        self._group_sums = np.zeros((0, 3), np.int64)
        self._sums = CellSums()
        self._hits: list[pd.DataFrame] = []
        self._rejected: list[tuple[int, int, Rejection]] = []
        self._tables: list[pd.DataFrame] = []  # of rows rejected before those
        self._days: dict[str, tuple[pd.Timestamp, pd.Timestamp]] = {}

    def add(self, batch: Batch) -> None:
        """Count the articles of a batch."""
        checked = check_batch(batch, self.spec.by, self.spec.day_first)
        self._rejected += [(batch.file, *found) for found in checked.rejected]
        if len(self._rejected) >= REJECTED:
            self._table_rejected()
        if not len(checked.rows):
            return
        self._days = _wider(self._days, checked.days)
        groups = self._groups(checked)
        lengths = self._count(checked.texts, groups)
        each = np.column_stack([np.ones_like(lengths), lengths, lengths**2])
        np.add.at(self._group_sums, groups, each)
        if self.spec.lexicon is not None:
            self._find_hits(batch, checked, groups, lengths)

    def result(self, *, added_up: bool = True) -> PartitionCounts:
        """The counts so far; on request the last articles as they are, to be added up later."""
        if added_up:
            self._sums.add_up()
        self._table_rejected()
        ids = self._vocabulary.counted()
        codes = np.zeros(len(self._vocabulary), np.int32)
        codes[ids] = np.arange(len(ids), dtype=np.int32)
        cells, rows = self._sums.cells, self._sums.pending
        return PartitionCounts(
            groups=_group_totals(self._codes, self._group_sums),
            terms=self._vocabulary.strings(ids),
            cells=cells._replace(terms=recoded(codes, cells.terms)),
            rows=[part._replace(terms=recoded(codes, part.terms)) for part in rows],
            hits=self._hits,
            rejected=self._tables,
            days=self._days,
        )

    def _table_rejected(self) -> None:
        """Put rejected rows into a table, which takes less than a third of their memory."""
        if not self._rejected:
            return
        files, rows, rejections = zip(*self._rejected, strict=True)
        table = rejected_table(list(rejections))
        self._tables.append(
            table.assign(file=np.array(files, np.int64), row=np.array(rows, np.int64))
        )
        self._rejected = []

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
            self._sums.add(ArticleRows(groups[part], lengths[part], *counts))
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


class Joined(NamedTuple):
    """The groups of several parts under common numbers, with all that is listed by group.

    Attributes
    ----------
    labels : list of label
    totals : int64 array, groups by 3
        Articles, tokens and sum of squared tokens.
    codes : list of int64 arrays, one a part
        The number of each of the part's groups.
    hits, rejected, days : as in PartitionCounts
    """

    labels: list[Label]
    totals: Integers
    codes: list[Integers]
    hits: list[pd.DataFrame]
    rejected: list[pd.DataFrame]
    days: dict[str, tuple[pd.Timestamp, pd.Timestamp]]


def join_groups(parts: Sequence[PartitionCounts]) -> Joined:
    """Bring parts under common numbers of groups."""
    labels: dict[Label, int] = {}
    codes = [
        np.array([labels.setdefault(label, len(labels)) for label in part.groups], np.int64)
        for part in parts
    ]
    joined = Joined(list(labels), np.zeros((len(labels), 3), np.int64), codes, [], [], {})
    for part, of_part in zip(parts, codes, strict=True):
        joined.totals[of_part] += np.array(list(part.groups.values()), np.int64).reshape(-1, 3)
        joined.hits.extend(hits.assign(group=of_part[hits["group"]]) for hits in part.hits)
        joined.rejected.extend(part.rejected)
        joined.days.update(_wider(joined.days, part.days))
    return joined


def join_terms(parts: Sequence[PartitionCounts]) -> tuple[pa.LargeStringArray, list[Ids]]:
    """All terms, each once and sorted, and the place of every part's terms among them."""
    if len(parts) == 1:
        order = code_point_order(parts[0].terms)
        rank = np.empty(len(order), np.int32)
        rank[order] = np.arange(len(order), dtype=np.int32)
        return parts[0].terms.take(pa.array(order)), [rank]
    vocabulary = Vocabulary(TermRules())
    ids = [vocabulary.intern(part.terms) for part in parts]
    terms, rank = vocabulary.sort(np.arange(len(vocabulary), dtype=np.int32))
    return terms, [rank[some] for some in ids]


def sources(
    parts: Sequence[PartitionCounts], group_codes: Sequence[Integers], term_codes: Sequence[Ids]
) -> list[Source]:
    """What the parts have to be added up, each with the numbers of its groups and terms."""
    codes = zip(group_codes, term_codes, strict=True)
    return [
        Source(part.cells, part.rows, *of_part) for part, of_part in zip(parts, codes, strict=True)
    ]


def merge(parts: Sequence[PartitionCounts]) -> PartitionCounts:
    """Add up partitions."""
    if len(parts) == 1 and not parts[0].rows:
        return parts[0]
    labels, totals, group_codes, hits, rejected, days = join_groups(parts)
    terms, term_codes = join_terms(parts)
    cells = add_up(sources(parts, group_codes, term_codes), len(labels), len(terms))
    return PartitionCounts(_group_totals(labels, totals), terms, cells, (), hits, rejected, days)


def _group_totals(labels: Iterable[Label], totals: Integers) -> dict[Label, tuple[int, int, int]]:
    return dict(zip(labels, map(tuple, totals.tolist()), strict=True))


def _wider(
    days: dict[str, tuple[pd.Timestamp, pd.Timestamp]],
    more: dict[str, tuple[pd.Timestamp, pd.Timestamp]],
) -> dict[str, tuple[pd.Timestamp, pd.Timestamp]]:
    merged = dict(days)
    for name, (first, last) in more.items():
        have = merged.get(name, (first, last))
        merged[name] = min(first, have[0]), max(last, have[1])
    return merged
