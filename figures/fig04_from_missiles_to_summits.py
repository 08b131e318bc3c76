"""Keywords of 2018 against 2017 in the coverage of North Korea, with their intervals."""

from pathlib import Path

from analysis import DocumentTerms, keyness
from analysis.showing.charts import figure, keyness_forest, save_figure
from analysis.tokens import STOP_WORDS

HERE = Path(__file__).resolve().parent
TOP = 15

corpus = DocumentTerms.load(HERE.parent / "data" / "allsides_security").where(topic="north_korea")
table = keyness(corpus, target={"year": 2018}, reference={"year": 2017})
content = table[~table["term"].isin(STOP_WORDS["english"])]
drawn = content[(content["t"].rank() <= TOP) | (content["t"].rank(ascending=False) <= TOP)]
articles = corpus.documents["date"].dt.year.value_counts()

fig, ax = figure(height=5.0)
keyness_forest(content, target="2018", reference="2017", top=TOP, ax=ax)
written = save_figure(
    fig,
    HERE / "out" / Path(__file__).stem,
    title="From missiles to summits: keywords of 2018 against 2017 in coverage of North Korea",
    caption=(
        f"The {TOP} clearest keywords of 2018 ({articles[2018]} articles, dots) and of 2017 "
        f"({articles[2017]} articles, squares) in the topic North Korea of the AllSides security "
        "corpus; stop words are left out. Marks: ratio of the rates per token; lines: 95% "
        "intervals with the article as the unit of evidence, with an arrow where they go on beyond "
        "the chart. Terms stand in order of t. Filled marks have q < .05 (Benjamini and Hochberg, "
        f"{len(table):,} terms in at least 5 articles). n: hits in 2017 (left) and 2018 (right)."
    ),
    alt=(
        "Forest plot of 30 words. Summit, denuclearization, meeting, peace and talks were several "
        "times as frequent in 2018; missile, launch, ballistic, China and threat in 2017."
    ),
    table=drawn,
)
print(*written, sep="\n")
