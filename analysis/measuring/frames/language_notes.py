"""What tables of frames say where articles are in several languages."""

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.counting.document_terms import DocumentTerms
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.frames.unit_rows import Counts
from analysis.tokens.languages import language_name

NOTE = "several languages: levels compare within a language"


def with_language_note(notes: NDArray[Any], counts: Counts, lexicon: object) -> NDArray[Any]:
    """The notes of a table; each says so where articles of several languages were counted."""
    table = counts.documents if isinstance(counts, DocumentTerms) else counts.groups
    if "language" in table:
        several = table["language"].nunique() > 1
    else:
        several = isinstance(lexicon, Lexicon) and len(lexicon.parts) > 1
    if not several:
        return notes
    return np.array([f"{note}; {NOTE}" if note else NOTE for note in notes], object)


def warn_across_languages(counts: Counts, by: Sequence[str], within: Sequence[str]) -> None:
    """Warn where groups that are compared are not all in one language."""
    table = counts.documents if isinstance(counts, DocumentTerms) else counts.groups
    known = [name for name in by if name in table]
    if "language" not in table or "language" in within or not known:
        return
    spoken = table.groupby(known, observed=True)["language"].agg(lambda of: tuple(sorted(set(of))))
    if spoken.nunique() == 1 and len(spoken.iloc[0]) == 1:
        return
    each = [
        f"{', '.join(map(str, group if isinstance(group, tuple) else (group,)))} "
        f"({', '.join(map(language_name, codes))})"
        for group, codes in spoken.head(4).items()
    ]
    warnings.warn(
        f"by={list(by)}: groups are in several languages: {'; '.join(each)}"
        f"{', ...' if len(spoken) > 4 else ''}. Levels compare within a language, as patterns of "
        'one may find more than those of another. within="language" compares groups of the same '
        'language, standardise="language" how far each is from all articles in its language.',
        stacklevel=3,
    )
