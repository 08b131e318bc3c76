"""The reverse of candidates: patterns of a lexicon that do not behave like their frame."""

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.lexicons.lexicon import Lexicon, as_lexicon
from analysis.measuring.learnt.in_space import InSpace
from analysis.measuring.learnt.space import WordSpace


def unlike_patterns(
    articles: pd.DataFrame, lexicon: Lexicon | str | Path, *, space: WordSpace | None = None
) -> pd.DataFrame:
    """How much each pattern behaves like the others of its frame, the most unlike first.

    ``frame, pattern, hits, own, other, other_frame``: its mean cosine with the other patterns of
    its frame, and with those of the frame that it is most like; where ``other`` is larger, its
    sentences are more like that frame's. Parameters and errors are those of `candidates`.

    Examples
    --------
    >>> from analysis import Lexicon, unlike_patterns
    >>> texts = ["Threats and sanctions.", "Sanctions, new threats.", "Talks of peace.",
    ...          "Peace by talks."] * 5
    >>> frame = pd.DataFrame({"text": texts, "outlet": "Gazette", "doc_id": range(20)})
    >>> lexicon = Lexicon.from_dict({"pressure": ["threats", "sanctions"], "parley": ["talks"]})
    >>> sorted(unlike_patterns(frame, lexicon)["pattern"])
    ['sanctions', 'talks', 'threats']
    """
    lexicon = as_lexicon(lexicon)
    corpus = InSpace.of(articles, lexicon, space, 5)
    known = {frame: corpus.patterns(frame) for frame in lexicon.frames}
    rows = []
    for frame, (patterns, directions, times) in known.items():
        near = {
            other: (directions @ theirs.T).mean(axis=1)
            for other, (_, theirs, _) in known.items() if other != frame and len(theirs)
        }  # fmt: skip
        alike = directions @ directions.T
        own = (alike.sum(axis=1) - 1) / max(len(patterns) - 1, 1)
        for k, pattern in enumerate(patterns):
            closest = max(near, key=lambda other: near[other][k], default="")
            rows.append({
                "frame": frame, "pattern": pattern, "hits": times[k],
                "own": own[k] if len(patterns) > 1 else np.nan,
                "other": near[closest][k] if closest else np.nan, "other_frame": closest,
            })  # fmt: skip
    columns = ["frame", "pattern", "hits", "own", "other", "other_frame"]
    table = pd.DataFrame(rows, columns=columns)
    order = (table["own"] - table["other"].fillna(0)).sort_values(kind="stable").index
    return table.loc[order].reset_index(drop=True)
