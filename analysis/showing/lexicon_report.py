"""What a lexicon finds in a corpus on disk, as lines for a terminal."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from analysis.counting.document_terms import DocumentTerms, document_terms
from analysis.errors import ReadError
from analysis.formatting import counted
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.frames.lexicon_check import check_lexicon
from analysis.reading import read_articles
from analysis.showing.readable import readable


def check_on_corpus(
    lexicon: Lexicon, corpus: Path, columns: Mapping[str, str] | None = None
) -> Iterator[str]:
    """What became of the rows of a corpus, then what in a lexicon needs a second look.

    ReadError if the corpus can't be read, or none of its rows is an article.
    """
    articles, rejected = read_articles(corpus, columns=columns or None)
    kept, refused = len(articles), len(rejected)
    reasons = rejected["reason"].value_counts()
    why = ", ".join(f"{reason}: {n:,}" for reason, n in reasons.items())
    said = f"{counted(kept + refused, 'row')}: {counted(kept, 'article')}, {refused:,} rejected"
    yield f"{said} ({why})." if why else f"{said}."
    if articles.empty:
        raise ReadError(
            f"{corpus}: has no article to check the lexicon on. Fix what was rejected; "
            "framing import lists each row."
        )
    counts = document_terms(articles, lexicon=lexicon)
    yield from filter(None, [lexicon.scope])
    yield from _frames(lexicon, counts)
    found = check_lexicon(lexicon, counts, articles)
    # A word that is next to a pattern once says nothing about it, and there are many such words.
    found = found[(found["finding"] != "neighbour") | (found["n"] > 1)]
    found = found[found["finding"] != "scope"]  # said above
    if found.empty:
        yield "\nNothing needs a second look."
    for finding, rows in found.groupby("finding", sort=False):
        shown = readable(rows.drop(columns="finding"))
        yield f"\n{finding}\n{shown.to_string(index=False)}"


def _frames(lexicon: Lexicon, counts: DocumentTerms) -> Iterator[str]:
    """How often each frame was found, and in how many articles."""
    for frame in lexicon.frames:
        mine = (counts.hit_types["frame"] == frame).to_numpy()
        negated = mine & counts.hit_types["negated"].to_numpy()
        hits, apart = int(counts.hits[:, mine].sum()), int(counts.hits[:, negated].sum())
        having = int((counts.hits[:, mine].sum(axis=1) > 0).sum())
        yield f"{frame}: {counted(hits, 'hit')} in {counted(having, 'article')}" + (
            f", {apart:,} of them after a negator" if lexicon.negators else ""
        )
