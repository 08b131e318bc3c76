"""The lines behind a number that is by target are those of the hits near that target."""

import pandas as pd
import pytest

from analysis.articles import check_articles
from analysis.counting.document_terms import document_terms
from analysis.errors import CountsError
from analysis.lexicons.lexicon import Lexicon
from analysis.measuring.frames.stance import stance
from analysis.showing.evidence import evidence

FRAMES = Lexicon.from_dict({"hard": ["threat*"], "soft": ["talks"]})
TARGETS = {"Anytown": ["anytown"], "Bigcity": ["bigcity"]}
TEXT = (
    "A threat to Anytown. Talks with Bigcity.\nAnytown and Bigcity see a threat. Rain fell.\nTalks."
)


@pytest.mark.parametrize("window", [3, "sentence", "paragraph"])
def test_lines_of_a_target(window: int | str):
    frame = pd.DataFrame({"doc_id": [1, 2], "outlet": list("GH"), "date": "2021-03-14"})
    articles = check_articles(frame.assign(text=TEXT))
    counts = document_terms(articles, lexicon=FRAMES, targets=TARGETS, window=window)
    table = stance(counts, FRAMES, by=["outlet", "target"])
    assert len(table) == 6
    for _, row in table.iterrows():
        lines = evidence(row, articles, FRAMES, targets=TARGETS, near=window)
        assert lines["outlet"].eq(row["outlet"]).all()
        assert len(lines) == row["n_hard"] + row["n_soft"]
        named = lines["targets"].str.contains(str(row["target"])).fillna(False)
        assert named.all() if row["target"] == row["target"] else lines["targets"].isna().all()
    with pytest.raises(CountsError, match="the row is by target"):
        evidence(table.iloc[0], articles, FRAMES)
