"""Is it 95 to 5? The share of deterrence per outlet, and in the five documents."""

from pathlib import Path

import pandas as pd

from analysis import DocumentTerms, Lexicon, stance
from analysis.showing.charts import figure, save_figure, share_by_group

HERE = Path(__file__).resolve().parent
LEXICON, CONTRAST = Lexicon.load("deterrence-dialogue"), ("deterrence", "dialogue")
CLAIM = (0.95, "the ambassador’s “95 to 5”")
LEAST = 40

corpus = DocumentTerms.load(HERE.parent / "data" / "allsides_security")
outlets = stance(corpus, LEXICON, CONTRAST, by="outlet").query("articles >= @LEAST")
lean = corpus.documents.groupby("outlet", observed=True)["lean"].agg(lambda of: of.mode().iloc[0])
outlets = outlets.assign(lean=outlets["outlet"].map(lean).astype(str))

kelin = DocumentTerms.load(HERE.parent / "data" / "kelin")
about = kelin.documents.set_index("doc_id")
each = stance(kelin, LEXICON, CONTRAST, by="doc_id")
source = each["doc_id"].map(about["reprinted_from"]).fillna("").astype(str)
year = each["doc_id"].map(about["date"].dt.strftime("%Y"))
each["document"] = each["doc_id"].map(about["outlet"]).astype(str) + (
    source.where(source == "", "\nafter " + source) + ", " + year
)
each = each.sort_values("share", ascending=False)
pooled = stance(kelin, LEXICON, CONTRAST).assign(document="all five")
five = pd.concat([each, pooled], ignore_index=True)

fig, (left, right) = figure(height=4.4, columns=2, width_ratios=[1.25, 1])
share_by_group(
    outlets, colour_by="lean", colour_order=["left", "center", "right"], reference=CLAIM,
    title=f"Outlets with {LEAST} or more articles", ax=left,
)  # fmt: skip
share_by_group(
    five, label="document", sort=False, reference=CLAIM, title="The five documents", ax=right
)

written = save_figure(
    fig,
    HERE / "out" / Path(__file__).stem,
    title="No outlet writes as the ambassador counts: deterrence and dialogue, by outlet",
    caption=(
        "Share of deterrence words among deterrence and dialogue words (lexicon "
        f"{LEXICON.caption}). Left: outlets with {LEAST} or more articles of the AllSides "
        "security corpus, sorted; lines are "
        "95% intervals that treat the article as the unit of evidence (delete-one-article "
        "jackknife); colour and marker give the lean that AllSides assigns to the outlet. Right: "
        "the five documents of the founding example; a single document is one unit of evidence "
        "and has no interval, so it is drawn hollow. Dashed: what Ambassador Kelin said of "
        "British policy in 2020, 95% deterrence and 5% dialogue. n: articles."
    ),
    alt=(
        f"Dot plot. {len(outlets)} outlets range from a share of deterrence of "
        f"{outlets['share'].min():.2f} to {outlets['share'].max():.2f}; the five documents "
        f"together have {pooled['share'].iloc[0]:.2f}. The ambassador's .95 is beyond all outlets."
    ),
    table=pd.concat([outlets, five], ignore_index=True).drop(columns=["doc_id"]),
)
print(*written, sep="\n")
