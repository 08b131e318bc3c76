"""Counts of parts put together, as if everything had been counted at once."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from analysis.counting.checking import HIT_COLUMNS, WEIGHT
from analysis.counting.document_terms import DocumentTerms
from analysis.counting.grouping import TOTALS, group_codes, sum_rows, total_per_group
from analysis.counting.groups import GroupCounts
from analysis.counting.saving import SUMS
from analysis.errors import CountsError
from analysis.periods import freq_of, span_between


def add_up(parts: Iterable[GroupCounts]) -> GroupCounts:
    """Add up the counts of parts of a corpus, of the same columns and lexicon, or CountsError.

    The sum is the same to the last byte as grouping all documents at once: groups and terms sorted,
    calendar periods without gaps, hits and rejected records in the order of the parts. Only some
    parts are held at a time: when these are as large as the sum so far, they are added to it.

    Examples
    --------
    >>> from analysis import document_terms, group_counts
    >>> frame = pd.DataFrame(
    ...     {"doc_id": ["a", "b"], "outlet": ["Gazette", "Herald"], "text": ["No talks.", "Talks"],
    ...      "date": pd.Timestamp("2021-03-14")}
    ... )
    >>> parts = [group_counts(document_terms(frame[rows]), "outlet") for rows in
    ...          (slice(0, 1), slice(1, 2))]
    >>> total = add_up(parts)
    >>> total.terms.tolist(), total.n.toarray().tolist()
    (['no', 'talks'], [[1, 1], [0, 1]])
    """
    held: list[GroupCounts] = []
    size = 0
    for part in parts:
        held.append(part)
        size += _size(part)
        # Others wait until they are as large as the sum: a cell is added a few times at most.
        if size >= 2 * _size(held[0]):
            held = [_added(held)]
            size = _size(held[0])
    if not held:
        raise CountsError("add_up: there is no part; one or more are needed.")
    return _added(held)


def _size(counts: GroupCounts) -> int:
    return int(counts.n.nnz) + len(counts.terms) + len(counts.hits) + len(counts.rejected)


def _added(parts: Sequence[GroupCounts]) -> GroupCounts:
    """Add up parts that are all at hand."""
    if len(parts) == 1:
        return parts[0]
    asked = {(part.by, part.lexicon, part.targets, part.all_articles) for part in parts}
    if len(asked) != 1:
        alike = len({question[:2] for question in asked}) == 1
        raise CountsError(
            "add_up: the parts were counted by different "
            f"{'targets, windows or all_articles' if alike else 'columns or lexicons'}: "
            f"{'; '.join(sorted(str(question) for question in asked))}."
        )
    rejected = pd.concat([part.rejected for part in parts], ignore_index=True)
    full = [part for part in parts if part.groups["articles"].any()]
    if len(full) < len(parts):
        # Labels that no article has do not tell their type.
        return replace(_added(full or parts[:1]), rejected=rejected)
    others = sum((Counter(part.other_languages) for part in parts), Counter[str]())
    by, lexicon = parts[0].by, parts[0].lexicon
    labels = _joined_rows([part.groups for part in parts])
    codes, groups = group_codes(labels, by)
    for name in TOTALS:
        groups[name] = total_per_group(codes, labels[name], len(groups))
    terms, places = _union([part.terms for part in parts])
    matrix = _stacked([part.n for part in parts], places, len(terms))
    # All four matrices of a part have the same places.
    values = (np.concatenate([getattr(part, name).data for part in parts]) for name in SUMS)
    sums = dict(zip(SUMS, sum_rows(values, matrix, codes, len(groups)), strict=True))
    rows = np.split(codes, np.cumsum([len(part.groups) for part in parts])[:-1])
    hits = [part.hits.assign(group=row[part.hits["group"].to_numpy(np.intp)])
            for part, row in zip(parts, rows, strict=True)]  # fmt: skip
    table = _joined_hits(hits)
    parted = tuple(name for name in by if any(name in part.parted for part in parts))
    return GroupCounts(by, groups, terms, **sums, hits=table, lexicon=lexicon, rejected=rejected,
                       parted=parted, targets=parts[0].targets, other_languages=dict(others),
                       all_languages=sum(part.all_languages for part in parts),
                       all_articles=parts[0].all_articles)  # fmt: skip


def join_counts(parts: Sequence[DocumentTerms]) -> DocumentTerms:
    """Concatenate the documents of several counts, of the same rules and lexicon, or CountsError.

    The same as counting all documents at once: terms and hit types sorted, none twice.

    Examples
    --------
    >>> from analysis import document_terms
    >>> frame = pd.DataFrame(
    ...     {"doc_id": ["a", "b"], "outlet": "Gazette", "date": pd.Timestamp("2021-03-14"),
    ...      "text": ["No talks.", "Talks, talks."]}
    ... )
    >>> joined = join_counts([document_terms(frame[1:]), document_terms(frame[:1])])
    >>> joined.terms.tolist(), joined.counts.toarray().tolist()
    (['no', 'talks'], [[0, 2], [1, 1]])
    """
    asked = {(part.rules, part.lexicon, part.targets) for part in parts}
    if len(asked) != 1:
        raise CountsError(
            f"join_counts: {len(parts)} parts with {len(asked)} different rules, lexicons, targets "
            "and windows; there must be one part or more, all counted with the same."
        )
    if len(parts) == 1:
        return parts[0]
    terms, places = _union([part.terms for part in parts])
    types, kinds = _joined_types([part.hit_types for part in parts])
    counts = _stacked([part.counts for part in parts], places, len(terms))
    hits = _stacked([part.hits for part in parts], kinds, len(types))
    counts.sort_indices()
    hits.sort_indices()
    return replace(
        parts[0],
        documents=_joined_rows([part.documents for part in parts]),
        terms=terms,
        counts=counts,
        hit_types=types,
        hits=hits,
    )


def _union(parts: Sequence[pd.Index]) -> tuple[pd.Index, list[np.ndarray]]:
    """All terms, sorted; and the place of each part's among them."""
    strings = [pa.array(part, pa.large_string()) for part in parts]
    terms = pc.unique(pa.chunked_array(strings, pa.large_string()))
    terms = terms.take(pc.array_sort_indices(terms))
    places = [pc.index_in(part, terms).to_numpy(zero_copy_only=False) for part in strings]
    return (
        pd.Index(pd.array(terms, dtype="str"), name="term"),
        [place.astype(np.int32) for place in places],
    )


def _joined_rows(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Concatenate tables; categories are those that all rows together would have."""
    joined = pd.concat(frames, ignore_index=True)
    for name in joined.columns:
        columns = [frame[name] for frame in frames if name in frame]
        if all(isinstance(column.dtype, pd.CategoricalDtype) for column in columns):
            joined[name] = _joined_categories(columns, joined[name])
    return joined


def _joined_categories(columns: Sequence[pd.Series], joined: pd.Series) -> pd.Series:
    first = columns[0].dtype
    if all(column.dtype == first for column in columns):
        return joined
    values = joined.astype(object)
    found = dict.fromkeys(name for column in columns for name in column.cat.categories)
    ordered = [column.cat.ordered for column in columns]
    if not any(ordered):
        categories = sorted(found)
    elif all(ordered) and freq_of(found) is not None:
        # A gap between two parts, too, shows as a gap.
        categories = span_between(found)
    else:
        raise CountsError(
            f"the parts have different periods in {joined.name!r}, and nothing says their order: "
            f"{', '.join(map(str, list(found)[:6]))}. Give all parts the same categories."
        )
    return pd.Series(
        pd.Categorical(values, categories=categories, ordered=any(ordered)), joined.index
    )


def _joined_types(parts: Sequence[pd.DataFrame]) -> tuple[pd.DataFrame, list[np.ndarray]]:
    """All hit types, sorted; and the place of each part's among them."""
    types = pd.concat(parts, ignore_index=True)
    columns = [name for name in (*HIT_COLUMNS, WEIGHT) if name in types]
    types = types[columns]
    grouped = types.groupby(columns, sort=True, dropna=False)
    ends = np.cumsum([len(part) for part in parts])[:-1]
    number = grouped.ngroup().to_numpy(np.int64)
    first = types[~pd.Series(number).duplicated()]
    return first.sort_values(columns).reset_index(drop=True), np.split(number, ends)


def _stacked(
    matrices: Sequence[sparse.csr_array], places: Sequence[np.ndarray], width: int
) -> sparse.csr_array:
    """Matrices stacked by row, their columns moved to new places, in which they are not sorted."""
    moved = [
        sparse.csr_array((matrix.data, place[matrix.indices], matrix.indptr),
                         shape=(matrix.shape[0], width))
        for matrix, place in zip(matrices, places, strict=True)
    ]  # fmt: skip
    return sparse.csr_array(sparse.vstack(moved, format="csr"))


def _joined_hits(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Articles with hits in order; each frame's hits, 0 where a part had none of it."""
    fixed = ["doc_id", "n_tokens", "group"]
    names = dict.fromkeys(name for table in tables for name in table if name not in fixed)
    frames = sorted(name for name in names if f"{name}_negated" in names)
    counted = [column for name in frames for column in (name, f"{name}_negated")]
    whole = [table.reindex(columns=[*fixed[:2], *counted, "group"], fill_value=0)
             for table in tables]  # fmt: skip
    return pd.concat(whole, ignore_index=True)
