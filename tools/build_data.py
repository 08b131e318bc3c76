"""Rebuild the feature bundles of data/ from raw texts: ``python tools/build_data.py FOLDER``.

FOLDER holds ``allsides_security.parquet`` and the five documents that data/kelin/manifest.csv
lists, each somewhere below it. Only counts, metadata, links and hashes are written.
"""

import hashlib
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd

from analysis import (
    AnalysisError,
    DocumentTerms,
    Lexicon,
    cut_furniture,
    document_terms,
    find_reprints,
    match_events,
    name_sources,
    read_articles,
    split_voices,
)
from analysis.files import replace_file
from analysis.formatting import csv_text

DATA = Path(__file__).resolve().parent.parent / "data"
LEXICON = "deterrence-dialogue"
# Bundles of hits alone, which repeat of each article what groups are made of.
HIT_COLUMNS = ("doc_id", "outlet", "date", "lean", "topic", "cluster", "text")
TARGETS = ("russia", "iran", "north_korea", "china")
VOICE_COLUMNS = ("outlet", "date", "date_end", "lean", "topic", "link", "cluster")
TODAY = "2026-01-01"  # dates after it are impossible; fixed, so that a rebuild gives the same rows


def main(folder: str) -> None:
    """Rebuild each bundle whose raw texts lie below a folder."""
    raw = Path(folder)
    if not raw.is_dir():
        raise AnalysisError(f"{folder!r} is no folder; say make data RAW=<folder of raw texts>.")
    build_allsides(find(raw, "allsides_security.parquet"))
    first = pd.read_csv(DATA / "kelin" / "manifest.csv")["file"].iloc[0]
    build_kelin(find(raw, first).parent)


def find(folder: Path, name: str) -> Path:
    """The file of that name below a folder."""
    found = sorted(folder.rglob(name))
    if not found:
        raise AnalysisError(f"there is no {name} below {folder}; data/README.md says where from.")
    return found[0]


def build_allsides(path: Path) -> None:
    """Count the AllSides security corpus."""
    target = DATA / "allsides_security"
    articles, rejected = read_articles(
        path, columns={"doc_id": "id"}, outlets=target / "outlets.csv", today=TODAY
    )
    replace_file(target / "rejected.csv", csv_text(rejected))
    kept = articles.drop(columns="authors").rename(columns={"url": "link"})
    kept, cuts = cut_furniture(find_reprints(kept))
    # How much was cut, by outlet and kind; the strings themselves are the publishers'.
    cut = cuts.groupby(["outlet", "kind"], observed=True)
    cut = cut.agg(strings=("string", "size"), characters=("characters", "sum")).reset_index()
    replace_file(target / "furniture.csv", csv_text(cut))
    # Those that have a mate; every other article is an event of its own.
    events = match_events(kept)[["doc_id", "event"]]
    events = events[events["event"].duplicated(keep=False)].sort_values("doc_id")
    replace_file(target / "events.csv", csv_text(events))
    write(count(kept), target, len(rejected))
    write(count_voices(kept), DATA / "allsides_voices", len(rejected))
    frames = document_terms(kept[list(HIT_COLUMNS)], lexicon="generic-frames")
    write(hits_alone(frames), DATA / "allsides_frames", len(rejected))
    write(hits_alone(count_targets(kept)), DATA / "allsides_targets", len(rejected))


def count_targets(articles: pd.DataFrame) -> DocumentTerms:
    """Count what each voice of an article says within ten tokens of each of four countries."""
    segments = name_sources(split_voices(articles[list(HIT_COLUMNS)]))
    columns = [name for name in HIT_COLUMNS if name != "cluster"]
    counts = document_terms(
        segments[[*columns, "voice", "source"]],
        lexicon=LEXICON,
        targets=Lexicon.load("countries").subset(TARGETS),
    )
    return counts.subset(counts.documents["target"].notna().to_numpy())


def hits_alone(counts: DocumentTerms) -> DocumentTerms:
    """The counts without those of terms, which other bundles of the same articles have."""
    return replace(counts, terms=counts.terms[:0], counts=counts.counts[:, :0])


def build_kelin(folder: Path) -> None:
    """Count the five documents of the founding example."""
    target = DATA / "kelin"
    articles, rejected = read_articles(folder, manifest=target / "manifest.csv", today=TODAY)
    if len(rejected):
        raise AnalysisError(f"{target / 'manifest.csv'}: {rejected.to_string()}")
    write(count(articles), target, len(rejected))
    write(count_voices(articles), DATA / "kelin_voices", len(rejected))


def count(articles: pd.DataFrame) -> DocumentTerms:
    """Count articles, keeping a hash of each text in place of the text."""
    hashes = [hashlib.sha256(text.encode()).hexdigest() for text in articles["text"]]
    return document_terms(articles.assign(text_sha256=hashes), lexicon=Lexicon.load(LEXICON))


def count_voices(articles: pd.DataFrame) -> DocumentTerms:
    """Count each article's voices apart: a document is what one source says in one article."""
    segments = name_sources(split_voices(articles))
    keys = ["doc_id", "voice", "source"]
    # Segments stay apart as paragraphs, so that no phrase reaches from one to the next.
    joined = segments.groupby(keys, observed=True, dropna=False, sort=True)["text"].agg("\n\n".join)
    own = [name for name in articles.columns if name in VOICE_COLUMNS]
    documents = joined.reset_index().merge(articles[["doc_id", *own]], on="doc_id")
    return document_terms(documents, lexicon=Lexicon.load(LEXICON))


def write(counts: DocumentTerms, folder: Path, rejected: int) -> None:
    """Save a bundle and say what is in it."""
    # How we know a day or an outlet, in our own words.
    counts.save(folder, keep=["inferred_from"])
    size = sum(file.stat().st_size for file in folder.iterdir()) / 1e6
    print(f"{folder.relative_to(DATA.parent)}: {counts}; {rejected} rows rejected; {size:.1f} MB")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:2] or ["raw"])
    except AnalysisError as error:
        sys.exit(f"build_data: {error}")
