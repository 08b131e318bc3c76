"""Hashes of what the sample corpus comes to, to be compared between Pythons and versions.

Prints one JSON object: table to SHA-256. Counts are hashed exactly; estimates, which pass through
other libraries' logarithms and quantiles, to six significant digits.
"""

import hashlib
import json
import platform
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import pandas as pd

from analysis import (
    TermRules,
    add_period,
    clean_articles,
    compare_groups,
    count_corpus,
    cut_furniture,
    dispersion,
    document_terms,
    find_reprints,
    keyness,
    kwic,
    read_articles,
    split_voices,
    stance,
    term_frequencies,
    tfidf,
    trend,
)  # fmt: skip
from analysis.counting.groups import GroupCounts

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "sample" / "articles.csv"
LEXICON, CONTRAST = "deterrence-dialogue", ("deterrence", "dialogue")


def digest(table: pd.DataFrame) -> str:
    """SHA-256 of a table as text."""
    content = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
    return hashlib.sha256(content.encode()).hexdigest()


def counted(counts: GroupCounts) -> pd.DataFrame:
    """All counts of a grouped corpus as one long table."""
    sums = [getattr(counts, name).tocoo() for name in ("n", "n_docs", "n_sq", "n_tokens")]
    table = pd.DataFrame({"group": sums[0].row, "term": counts.terms[sums[0].col]})
    return table.assign(**{f"sum_{k}": part.data for k, part in enumerate(sums)})


def tables() -> dict[str, pd.DataFrame]:
    """Every table, by its name."""
    articles, rejected = read_articles(SAMPLE, columns={"doc_id": "id"})
    articles = add_period(articles)
    clean, cut = cut_furniture(find_reprints(clean_articles(articles)))
    counts = document_terms(articles, lexicon=LEXICON)
    voices = split_voices(articles)
    by = ["outlet", "quarter"]
    stemmed = TermRules(ngrams=2, stem="english")
    found = {"articles": articles, "rejected": rejected, "clean": clean, "cut": cut}
    found |= {"voices": voices, "kwic": kwic(voices, (LEXICON, "dialogue"))}
    with tempfile.TemporaryDirectory() as work:
        for name, options in {
            "plain": {}, "stemmed": {"rules": stemmed}, "threads": {"threads": 2, "batch_size": 5},
            "kept": {"work": work}, "cluster": {"client": "local"},
        }.items():  # fmt: skip
            streamed = count_corpus(SAMPLE, by, lexicon=LEXICON, **options)
            found |= {f"counts {name}": counted(streamed), f"hits {name}": streamed.hits}
    return found | {
        "frequencies": term_frequencies(counts, by),
        "tfidf": tfidf(counts, by),
        "stance": stance(counts, LEXICON, CONTRAST, by=by),
        "keyness": keyness(counts, {"outlet": articles["outlet"].cat.categories[0]}),
        "dispersion": dispersion(counts, "outlet"),
        "compare": compare_groups(counts, LEXICON, CONTRAST, by="outlet"),
        "trend": trend(counts, LEXICON, CONTRAST),
    }


if __name__ == "__main__":
    names = ("numpy", "pandas", "scipy", "pyarrow", "numba")
    made_with = [f"python {platform.python_version()}", *(f"{n} {version(n)}" for n in names)]
    print(", ".join(made_with), file=sys.stderr)
    print(json.dumps({name: digest(table) for name, table in tables().items()}))
