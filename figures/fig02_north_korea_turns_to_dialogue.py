"""The turn of 2018: the share of deterrence per quarter, North Korea and all other topics."""

from pathlib import Path

from analysis import DocumentTerms, Lexicon, stance, trend
from analysis.showing.charts import figure, save_figure, share_over_time

HERE = Path(__file__).resolve().parent
LEXICON, CONTRAST = Lexicon.load("deterrence-dialogue"), ("deterrence", "dialogue")
THIN = 10
SUMMITS = {"Singapore summit": "2018-06-12", "Hanoi summit": "2019-02-27"}

corpus = DocumentTerms.load(HERE.parent / "data" / "allsides_security")
corpus = corpus.subset((corpus.documents["date"] >= "2012-01-01").to_numpy())
topic = corpus.documents["topic"].astype(str)
corpus = corpus.assign(series=topic.where(topic == "north_korea", "all other topics"))
corpus = corpus.assign(series=corpus.documents["series"].replace("north_korea", "North Korea"))
table = stance(corpus, LEXICON, CONTRAST, by=["series", "quarter"])
turns = trend(corpus, LEXICON, CONTRAST, by="series", each_turn=True)
turn = turns[turns["series"] == "North Korea"].iloc[0]

fig, ax = figure(height=3.1)
share_over_time(table, series="series", period="quarter", events=SUMMITS, turns=turns,
                thin=THIN, ax=ax,
                colours={"North Korea": "#0072B2", "all other topics": "#D55E00"})  # fmt: skip

korea, others = (
    table[table["series"] == name].set_index("quarter")["share"]
    for name in ("North Korea", "all other topics")
)
written = save_figure(
    fig,
    HERE / "out" / Path(__file__).stem,
    title="Coverage of North Korea turned from deterrence to dialogue in 2018",
    caption=(
        "Share of deterrence words among deterrence and dialogue words (lexicon "
        f"{LEXICON.caption}) per quarter in the AllSides security corpus, for the topic North "
        "Korea and for all other "
        "topics. Bands and bars are 95% intervals that treat the article as the unit of evidence "
        f"(delete-one-article jackknife). Quarters with fewer than {THIN} articles are hollow and "
        "have no band. n: articles in each quarter. Dotted lines: the summits of Singapore "
        "(2018-06-12) and Hanoi (2019-02-27). North Korea turned on "
        f"{turn['turn']:%Y-%m-%d} (upright band: 95% interval {turn['turn_low']:%Y-%m-%d} to "
        f"{turn['turn_high']:%Y-%m-%d}; p = {turn['turn_p']:.3f} where months may have effects of "
        "their own); dashes: the shares before and after."
    ),
    alt=(
        "Line chart by quarter. For North Korea the share of deterrence is "
        f"{korea['2017-Q2']:.2f} to {korea['2017-Q3']:.2f} in mid-2017 and falls to "
        f"{korea['2018-Q2']:.2f} in the second quarter of 2018; for all other topics it falls "
        f"from {others['2017-Q2']:.2f} to {others['2018-Q2']:.2f}."
    ),
    table=table,
)
print(*written, sep="\n")
