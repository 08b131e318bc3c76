"""Counts of a whole corpus as GroupCounts: groups and terms sorted, labels in their types."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.counting.batch_groups import Integers, arrived
from analysis.counting.groups import TOTALS, GroupCounts, group_codes
from analysis.counting.partitions import (
    CountSpec,
    Joined,
    PartitionCounts,
    join_groups,
    join_terms,
    sources,
)
from analysis.counting.sums import Cells, add_up, each
from analysis.periods import add_period
from analysis.reading.formats.tables import one_type
from analysis.reading.rejected import rejected_table


def finish(parts: Sequence[PartitionCounts], spec: CountSpec, threads: int = 1) -> GroupCounts:
    """Add up the parts of a corpus; everything in them is exact, and floats come later."""
    from scipy import sparse

    joined = join_groups(parts)
    jobs = partial(join_terms, parts), partial(_sorted_groups, joined, spec.by)
    (terms, term_codes), (codes, groups) = each(lambda job: job(), zip(jobs), threads)
    places = [codes[of_part] for of_part in joined.codes]
    added = sources(parts, places, term_codes)
    cells = add_up(added, len(groups), len(terms), threads)
    bounds, shape = _bounds(cells), (len(groups), len(terms))
    matrices = {
        name: sparse.csr_array((values, cells.terms, bounds), shape)
        for name, values in cells.totals._asdict().items()
    }
    return GroupCounts(
        spec.by,
        groups,
        pd.Index(pd.array(terms, dtype="str"), name="term"),
        **matrices,
        hits=_hit_table(joined.hits, codes),
        lexicon="" if spec.lexicon is None else spec.lexicon.label,
        rejected=_in_order(joined.rejected, rejected_table([])),
    )


def _sorted_groups(joined: Joined, by: Sequence[str]) -> tuple[Integers, pd.DataFrame]:
    """The place of each label in the table of groups, and that table."""
    codes, groups = group_codes(_group_frame(joined, by), by)
    # Without any column in `by` there is one group, unless there is no article at all.
    groups = groups.iloc[: len(joined.labels)].copy()
    totals = np.zeros((len(groups), 3), np.int64)
    np.add.at(totals, codes, joined.totals)
    for number, name in enumerate(TOTALS):
        groups[name] = totals[:, number]
    return codes, groups


def _bounds(cells: Cells) -> NDArray[np.integer[Any]]:
    """As small as the terms, where they fit: otherwise each matrix would copy the terms."""
    small = len(cells.terms) <= np.iinfo(np.int32).max
    return cells.bounds.astype(np.int32) if small else cells.bounds


def _group_frame(part: Joined, by: Sequence[str]) -> pd.DataFrame:
    """The groups' labels in the types that the articles table gives them."""
    columns: dict[str, object] = {}
    for place, name in enumerate(by):
        values = [arrived(label[place]) for label in part.labels]
        known = sorted({str(value) for value in values if value is not None})
        if name in part.days:
            ends = pd.DataFrame({"date": list(part.days[name])})
            spans = add_period(ends, name)["period"].cat.categories
            columns[name] = pd.Categorical(values, categories=spans, ordered=True)
        elif name == "outlet":
            columns[name] = pd.Categorical(values, categories=known)
        else:
            columns[name] = one_type(pd.Series(values, dtype=None if values else "str"))
    return pd.DataFrame(columns, index=range(len(part.labels)))


def _hit_table(hits: list[pd.DataFrame], codes: Integers) -> pd.DataFrame:
    """Articles with hits in the order of the corpus; frames without any hit have no column."""
    empty = pd.DataFrame(
        {"doc_id": pd.Series(dtype="str"), "n_tokens": pd.Series(dtype="int64"),
         "group": pd.Series(dtype="int64")}
    )  # fmt: skip
    if not hits:
        return empty
    table = _in_order(hits, empty)
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
    table = pd.concat(tables).sort_values(["file", "row"], kind="stable", ignore_index=True)
    return table.drop(columns=["file", "row"])
