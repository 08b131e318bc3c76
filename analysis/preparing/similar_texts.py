"""Which texts share many shingles, how much of one is in the other, and which is the original."""

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from analysis.preparing.shingles import Arrays, Bools, Ints, Postings, groups_of

# A shingle in more texts is a stock phrase or a template, or else the text is everywhere.
COMMON = 100
# An outlet's candidates of at least this number of weeks hold a template. Versions of one story are
# published within days.
TEMPLATE_WEEKS = 3
# Rows of a product, or pairs of texts, at a time.
CHUNK = 100

Floats = NDArray[np.float64]
Incidence = tuple[Ints, Ints, Ints]


def candidates(
    sample: Postings, texts: Bools, totals: Ints, digests: NDArray[np.uint64], threshold: float
) -> Ints:
    """Pairs of the given texts whose mean containment in the sample reaches a threshold.

    A shingle pairs all its holders with each other; where it has more than `COMMON`, it pairs one
    of them with all others, so that the number of pairs grows with the texts, not their square. Of
    any such pair one text, at least, shares so much of its own with all others together: what none
    of these holds is not kept.
    """
    shared = np.zeros(len(texts), np.int64)
    for _, rows, weights in _shared(sample, texts):
        shared += np.bincount(rows, weights, len(texts)).astype(np.int64)
    strong = shared >= (threshold - 1e-9) * np.maximum(totals, 1)
    columns, rows, weights = map(np.concatenate, zip(*_held_by(sample, texts, strong), strict=True))
    if not len(columns):
        return np.zeros((0, 2), np.int64)
    which, local = np.unique(rows, return_inverse=True)
    totals, strong = totals[which], strong[which]

    holders = np.bincount(columns)[columns]
    rare, common = holders <= COMMON, holders > COMMON
    # The one holder is the same in every order of rows: that with the smallest digest.
    order = np.lexsort((digests[rows], columns))
    one = np.zeros(len(order), bool)
    one[order[groups_of(columns[order])[0]]] = True
    shape = len(which), int(columns[-1]) + 1
    of_rare, of_all, of_one = (
        sparse.csr_array((weights[keep], (local[keep], columns[keep])), shape=shape)
        for keep in (rare, common, common & one)
    )
    held = sparse.hstack([of_rare, of_all, of_one], format="csr")
    there = sparse.hstack([of_rare, of_one, of_all], format="csr") > 0
    pairs: Ints = _pairs(held, there.astype(np.int64), totals, strong, threshold)
    return np.take(which, pairs)


def _pairs(
    weights: sparse.csr_array, present: sparse.csr_array, totals: Ints, strong: Bools, least: float
) -> Ints:
    """Pairs i < j of rows with at least this mean containment, of which one is strong."""
    weights_there, present_there = weights.T.tocsr(), present.T.tocsr()
    found = [np.zeros((0, 2), np.int64)]
    strong_rows = np.flatnonzero(strong)
    for start in range(0, len(strong_rows), CHUNK):
        rows = strong_rows[start : start + CHUNK]
        own, other = weights[rows] @ present_there, present[rows] @ weights_there
        own.sort_indices()
        other.sort_indices()
        first, second = np.repeat(rows, np.diff(own.indptr)), own.indices.astype(np.int64)
        mean = (own.data / totals[first] + other.data / totals[second]) / 2
        # Where both are strong, the pair comes twice.
        keep = (mean >= least) & np.where(strong[second], first < second, first != second)
        found.append(np.sort(np.column_stack([first[keep], second[keep]]), axis=1))
    return np.concatenate(found)


def _shared(postings: Postings, texts: Bools) -> Iterator[Arrays]:
    """Of the given texts, what two or more hold."""
    for hashes, rows, weights in postings.ranges():
        keep = texts[rows]
        same = np.diff(hashes[keep]) == 0
        keep[keep] = np.append(same, False) | np.append(False, same)
        yield hashes[keep], rows[keep], weights[keep]


def _held_by(postings: Postings, texts: Bools, strong: Bools) -> Iterator[Incidence]:
    """Of what two or more texts hold, what a strong one holds: column, row and weight."""
    n = 0
    for hashes, rows, weights in _shared(postings, texts):
        starts, group = groups_of(hashes)
        keep = np.zeros(len(starts), bool)
        keep[group[strong[rows]]] = True
        column, n = n + np.cumsum(keep) - 1, n + int(keep.sum())
        kept = keep[group]
        yield column[group[kept]], rows[kept].astype(np.int64), weights[kept].astype(np.int64)


def containments(
    postings: Postings, pairs: Ints, outlets: NDArray[np.uint64], weeks: Ints
) -> Floats:
    """How much of the first text of each pair the second holds, and the other way round.

    What an outlet repeats over weeks counts for nothing, where a quarter of the article remains.
    `outlets` and `weeks` are those of all texts.
    """
    texts, local = np.unique(pairs, return_inverse=True)
    local = local.reshape(pairs.shape)
    place = np.full(len(outlets), -1, np.int64)
    place[texts] = np.arange(len(texts))
    outlets, weeks = outlets[texts], weeks[texts]
    totals, repeated = np.zeros((2, len(texts)), np.int64)
    for _, rows, weights, template in _with_templates(postings, place, outlets, weeks):
        totals += np.bincount(rows, weights, len(texts)).astype(np.int64)
        repeated += np.bincount(rows, weights * template, len(texts)).astype(np.int64)
    enough = 4 * (totals - repeated) >= totals
    shared = np.zeros(pairs.shape, np.int64)
    for hashes, rows, weights, template in _with_templates(postings, place, outlets, weeks):
        keep = ~(template & enough[rows])
        starts, columns = groups_of(hashes[keep])
        held = sparse.csr_array(
            (weights[keep].astype(np.int64), (rows[keep], columns)), (len(texts), len(starts))
        )
        there = (held > 0).astype(np.int64)
        for start in range(0, len(pairs), CHUNK):
            first, second = local[start : start + CHUNK].T
            for side, (one, other) in enumerate([(first, second), (second, first)]):
                shared[start : start + CHUNK, side] += held[one].multiply(there[other]).sum(axis=1)
    shares: Floats = shared / (totals - repeated * enough)[local]
    return shares


def _with_templates(
    postings: Postings, place: Ints, outlets: NDArray[np.uint64], weeks: Ints
) -> Iterator[tuple[NDArray[np.uint64], Ints, NDArray[np.uint8], Bools]]:
    """Hashes, places and weights of the texts that have a place; which are a template's."""
    for hashes, rows, weights in postings.ranges():
        texts = place[rows]
        keep = texts >= 0
        hashes, texts, weights = hashes[keep], texts[keep], weights[keep]
        # One number for shingle and outlet: both are hashes.
        yield hashes, texts, weights, _in_weeks(hashes ^ outlets[texts], weeks[texts])


def _in_weeks(keys: NDArray[np.uint64], weeks: Ints) -> Bools:
    """Which keys are those of a template: they come in enough different weeks."""
    order = np.lexsort((weeks, keys))
    starts, group = groups_of(keys[order])
    _, week = groups_of(keys[order], weeks[order])
    template = np.zeros(len(keys), bool)
    template[order] = (np.diff(week[starts], append=week[-1:] + 1) >= TEMPLATE_WEEKS)[group]
    return template


# How agencies sign a story, beside their names in full.
ABBREVIATIONS = {
    "associated press": "AP",
    "agence france-presse": "AFP",
    "united press international": "UPI",
    "deutsche presse-agentur": "dpa",
    "press association": "PA",
}
# Characters at the beginning and the end of a text.
CREDIT_HEAD, CREDIT_TAIL = 200, 400


class Version(NamedTuple):
    """An article that may be one of several versions of a story."""

    doc_id: str
    outlet: str
    last_day: int
    text: int
    edges: str


def originals(versions: dict[int, Version], copies: Ints) -> dict[int, int]:
    """For each article that is a reprint, the row of its original.

    `versions` are by their rows; those of the same words have the same `text`. `copies` are pairs
    of texts: the first may be a reprint of the second.
    """
    holders = defaultdict[int, list[int]](list)
    for row, version in versions.items():
        holders[version.text].append(row)
    sources = {text: {text} for text, rows in holders.items() if len(rows) > 1}
    for copy, source in copies.tolist():
        sources.setdefault(copy, {copy}).add(source)
        sources.setdefault(source, {source})
    credited = _credited(versions, holders, sources)

    def rank(row: int) -> tuple[bool, int, str]:
        return row not in credited, versions[row].last_day, versions[row].doc_id

    original: dict[int, int] = {}
    first_of_text: dict[int, int] = {}
    for row in sorted((row for text in sources for row in holders[text]), key=rank):
        text = versions[row].text
        found = [first_of_text[source] for source in sources[text] if source in first_of_text]
        if found:
            original[row] = min(found, key=rank)
        else:
            first_of_text[text] = row
    return original


def _credited(
    versions: dict[int, Version], holders: dict[int, list[int]], sources: dict[int, set[int]]
) -> set[int]:
    """Rows whose outlet another outlet's copy names near its beginning or end."""
    credited: set[int] = set()
    for text, found in sources.items():
        copies = [versions[row] for row in holders[text]]
        for source in found:
            for name in {versions[row].outlet for row in holders[source]}:
                pattern = _credit_pattern(name)
                if any(copy.outlet != name and pattern.search(copy.edges) for copy in copies):
                    credited.update(row for row in holders[source] if versions[row].outlet == name)
    return credited


def edges(text: str) -> str:
    """The parts of a text that may hold credits: its beginning and its end."""
    text = text.strip()
    return text[:CREDIT_HEAD] + "\n" + text[CREDIT_HEAD:][-CREDIT_TAIL:]


@cache
def _credit_pattern(outlet: str) -> re.Pattern[str]:
    """The outlet's name, or the abbreviation that it signs with."""
    name = re.sub(r"^the\s+", "", outlet.strip(), flags=re.IGNORECASE)
    forms = [f"(?i:{re.escape(name)})"]
    if name.casefold() in ABBREVIATIONS:
        forms.append(ABBREVIATIONS[name.casefold()])
    return re.compile(rf"(?<!\w)(?:{'|'.join(forms)})(?!\w)")
