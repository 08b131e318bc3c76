"""Deterrence and dialogue in narration, quotation and reported speech, and by who is quoted."""

from pathlib import Path

import pandas as pd

from analysis import DocumentTerms, Lexicon, stance
from analysis.showing.charts import figure, save_figure, share_by_group, share_by_voice

HERE = Path(__file__).resolve().parent
LEXICON, CONTRAST = Lexicon.load("deterrence-dialogue"), ("deterrence", "dialogue")
OUTLET_LEAST, SOURCE_LEAST, HITS_LEAST = 40, 30, 30

corpus = DocumentTerms.load(HERE.parent / "data" / "allsides_voices")
articles = corpus.documents.groupby("outlet", observed=True)["doc_id"].nunique()
large = articles[articles >= OUTLET_LEAST].index.tolist()
by_voice = stance(corpus.where(outlet=large), LEXICON, CONTRAST, by=["outlet", "voice"])

spoken = corpus.where(voice=["quoted", "reported"])
by_source = stance(spoken, LEXICON, CONTRAST, by="source").query(
    "source.notna() and articles >= @SOURCE_LEAST"
)
hits = by_source["n_deterrence"] + by_source["n_dialogue"]
shown = by_source[(hits >= HITS_LEAST) & by_source["share_low"].notna()]

fig, (left, right) = figure(height=7.2, columns=2, width_ratios=[1, 1])
share_by_voice(by_voice, title="Outlets, by voice", ax=left)
share_by_group(shown, label="source", title="Sources, quoted or reported", ax=right)

written = save_figure(
    fig,
    HERE / "out" / Path(__file__).stem,
    title="Who speaks of deterrence: three voices in each outlet, and the sources themselves",
    caption=(
        "Share of deterrence words among deterrence and dialogue words (lexicon "
        f"{LEXICON.caption}), "
        f"AllSides security corpus. Left: outlets with {OUTLET_LEAST} or more articles, by voice: "
        "the outlet's own narration, direct quotation, and what sources say without quotation "
        f"marks. Right: sources in {SOURCE_LEAST} or more articles and with {HITS_LEAST} or more "
        "of these words in what is quoted or reported of them. Lines are 95% intervals that treat "
        "the article as the unit of evidence (delete-one-article jackknife). Voices and sources "
        "are told by rules; docs/benchmarks/voices.md says how well. n: articles in which the "
        "voice or source has words."
    ),
    alt=(
        f"Two dot plots. Left: {len(large)} outlets, each with the share of deterrence in "
        f"narration, quotation and reported speech. Right: {len(shown)} sources, from "
        f"{shown.sort_values('share')['source'].iloc[0]} with a share of "
        f"{shown['share'].min():.2f} to {shown.sort_values('share')['source'].iloc[-1]} with "
        f"{shown['share'].max():.2f}."
    ),
    table=pd.concat([by_voice, by_source], ignore_index=True),
)
print(*written, sep="\n")
