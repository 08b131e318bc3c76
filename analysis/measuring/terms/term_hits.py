"""Hits of a plain lexicon, counted from terms that were counted without it."""

import numpy as np
import pandas as pd
from scipy import sparse

from analysis.counting.checking import HIT_COLUMNS
from analysis.counting.document_terms import DocumentTerms
from analysis.errors import CountsError
from analysis.lexicons.frames import weigh
from analysis.lexicons.lexicon import Lexicon, counted_with
from analysis.lexicons.patterns import EXCLUSION, Pattern, parse_patterns, text_rules
from analysis.lexicons.search import SortedTerms
from analysis.tokens import TermRules
from analysis.tokens.rules import normalize


def hits_from_terms(counts: DocumentTerms, lexicon: Lexicon) -> DocumentTerms:
    """Count a lexicon's hits from terms alone; exact for a lexicon of single words.

    CountsError if the lexicon has phrases, exclusions or negators, which need the texts, or the
    terms are stemmed, joined or partly left out.
    """
    patterns = {frame: parse_patterns(p, counts.rules) for frame, p in lexicon.frames.items()}
    fault = _fault(counts, lexicon, patterns)
    if fault:
        near = "n_node" in counts.documents or counts.targets
        near = ", targets=..., window=..." if near else ""
        raise CountsError(
            f"lexicon={lexicon.label!r}: these counts were {counted_with(counts.lexicon)}, and "
            f"{fault}. Count the articles again: document_terms(articles, lexicon=lexicon{near})."
        )
    vocabulary = SortedTerms(counts.terms.to_numpy(object))
    rows, columns = [], []
    for frame, parsed in patterns.items():
        taken: dict[int, str] = {}
        # Within a frame a token counts once, for the most specific pattern.
        for pattern in sorted(parsed, key=lambda pattern: pattern.specificity):
            for term in vocabulary.match(pattern.words[0]).tolist():
                taken.setdefault(term, pattern.source)
        for term in sorted(taken):
            rows.append((frame, taken[term], str(counts.terms[term]), False))
            columns.append(term)
    types = pd.DataFrame(rows, columns=list(HIT_COLUMNS)).astype({"negated": bool})
    hits = sparse.csr_array(counts.counts[:, np.array(columns, np.intp)])
    types = weigh(types, lexicon.weights)
    return counts.derived(hit_types=types, hits=hits, lexicon=lexicon.label)


def _fault(counts: DocumentTerms, lexicon: Lexicon, patterns: dict[str, list[Pattern]]) -> str:
    """Why the texts are needed, or nothing."""
    if counts.rules != text_rules(counts.rules):
        return "their terms are stemmed, joined or partly left out"
    # Terms of others, such as CountVectorizer's.
    terms = counts.terms
    spelling = TermRules(fold_case=counts.rules.fold_case, possessives=False)
    if other := next((t for t in terms if " " in t or t != normalize(t, spelling)), None):
        return f"their term {other!r} is not one word in small letters, spelt as ours"
    if lexicon.negators:
        return "the lexicon has negators, which need the texts"
    for frame, parsed in patterns.items():
        for pattern in parsed:
            if pattern.source.startswith(EXCLUSION):
                return f"the exclusion {pattern.source!r} of {frame!r} needs the texts"
            if len(pattern.words) != 1:
                return f"the phrase {pattern.source!r} of {frame!r} needs the texts"
    return ""
