"""The five generic frames of Semetko and Valkenburg in four outlets, year by year."""

from pathlib import Path

from analysis import DocumentTerms, Lexicon, add_period, prevalence
from analysis.showing.charts import frame_multiples, save_figure

HERE = Path(__file__).resolve().parent
LEXICON = Lexicon.load("generic-frames")
NAMES = {frame: frame.replace("_", " ") for frame in LEXICON.frames}
OUTLETS = ["CNN", "USA TODAY", "Washington Times", "NPR"]
YEARS = [str(year) for year in range(2013, 2021)]

corpus = DocumentTerms.load(HERE.parent / "data" / "allsides_frames")
corpus = corpus.assign(period=lambda table: add_period(table, "year")["period"])
chosen = corpus.where(outlet=OUTLETS, period=YEARS)
table = prevalence(chosen, LEXICON, by=["outlet", "period"])
all_years = prevalence(chosen, LEXICON).set_index("frame")["prevalence"].sort_values()
least, most = (NAMES[name] for name in all_years.index[[0, -1]])

written = save_figure(
    frame_multiples(table, by="period", across="outlet", labels=NAMES),
    HERE / "out" / Path(__file__).stem,
    title="Conflict everywhere: five generic frames in four outlets, 2013 to 2020",
    caption=(
        f"Share of articles with a word of the frame (lexicon {LEXICON.caption}; the frames of "
        "Semetko and Valkenburg 2000), AllSides security corpus. Bands are 95% intervals (Wilson) "
        "with the article as the unit of evidence; years with fewer than 10 articles are hollow. A "
        "word of a frame does not make it the frame of the article, and of the words for human "
        "interest a third mean something else (analysis/lexicons/generic-frames.md). n: articles "
        "with the frame, of all."
    ),
    alt=(
        "Small multiples, a row a frame and a column an outlet, of the share of articles with the "
        f"frame by year. Over all four outlets and years it is smallest for {least} "
        f"({all_years.iloc[0]:.2f}) and largest for {most} ({all_years.iloc[-1]:.2f})."
    ),
    table=table,
)
print(*written, sep="\n")
