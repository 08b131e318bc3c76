"""What four outlets wrote about, year by year: their heaviest terms by TF-IDF."""

from pathlib import Path

from analysis import DocumentTerms, tfidf
from analysis.showing.charts import own_names, save_figure, tfidf_multiples
from analysis.tokens import STOP_WORDS, TITLES

HERE = Path(__file__).resolve().parent
OUTLETS, YEARS, TOP = (
    ["Fox News", "Reuters", "USA TODAY", "Washington Times"],
    [2016, 2017, 2018],
    8,
)

corpus = DocumentTerms.load(HERE.parent / "data" / "allsides_security")
corpus = corpus.assign(year=corpus.documents["date"].dt.year).where(outlet=OUTLETS, year=YEARS)
table = tfidf(corpus, by=["outlet", "year"], formula="log10")
letters = [term for term in corpus.terms if len(term) == 1]
left_out = table["term"].isin([*STOP_WORDS["english"], *TITLES, *letters])
drawn = table[~left_out & ~own_names(table, "outlet")]
drawn = drawn.groupby(["outlet", "year"], observed=True).head(TOP)
articles = corpus.documents.groupby(["outlet", "year"], observed=True)["doc_id"].nunique()

fig = tfidf_multiples(drawn, rows="outlet", columns="year", top=TOP)
written = save_figure(
    fig,
    HERE / "out" / Path(__file__).stem,
    title="What four outlets wrote about security and diplomacy, year by year",
    caption=(
        f"The {TOP} terms with the highest TF-IDF in each outlet and year of the AllSides security "
        "corpus: hits per token in the outlet's year, times log10(N / df) over the articles of the "
        "four outlets in these years, in thousandths. Stop words, single letters, titles (mr, mrs, "
        "gen, ...) and the words of the outlet's own name are left out. Bars are long in "
        "proportion to the panel's heaviest term. Blue bars with "
        "black names lead in one panel only, grey ones in several. From "
        f"{articles.min()} to {articles.max()} articles a panel. TF-IDF has no intervals: it shows "
        "what to look at, not what differs for certain."
    ),
    alt=(
        "Eleven panels of horizontal bars, a row for each outlet and a column for each year. "
        "In 2017 and 2018 the words of North Korea (north, korea, kim) lead in most outlets; in "
        "2016 the outlets have little in common. Reuters has no articles in 2016."
    ),
    table=drawn,
)
print(*written, sep="\n")
