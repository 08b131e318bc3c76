"""What a lexicon does to a corpus on disk, as lines for a terminal."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from analysis.counting.document_terms import document_terms
from analysis.counting.lexicon import Lexicon
from analysis.errors import ReadError
from analysis.reading import read_articles
from analysis.showing.tables import readable
from analysis.wording import counted


def check_on_corpus(
    lexicon: Lexicon, corpus: Path, columns: Mapping[str, str] | None = None
) -> Iterator[str]:
    """What became of the rows of a corpus, then what in a lexicon wants a second look.

    Raises
    ------
    ReadError
        If the corpus can't be read, or none of its rows is an article.
    """
    articles, rejected = read_articles(corpus, columns=columns or None)
    yield _account(articles, rejected)
    if articles.empty:
        raise ReadError(
            f"{corpus}: holds no article to check the lexicon on. Mend what was rejected; "
            "framing import lists each row."
        )
    found = lexicon.check(document_terms(articles, lexicon=lexicon), articles)
    for finding, rows in found.groupby("finding", sort=False):
        shown = readable(rows.drop(columns="finding"))
        yield f"\n{finding}\n{shown.to_string(index=False)}"


def _account(articles: pd.DataFrame, rejected: pd.DataFrame) -> str:
    kept, refused = len(articles), len(rejected)
    reasons = rejected["reason"].value_counts()
    why = ", ".join(f"{reason}: {n:,}" for reason, n in reasons.items())
    return f"{counted(kept + refused, 'row')}: {counted(kept, 'article')}, {refused:,} rejected" + (
        f" ({why})." if why else "."
    )
