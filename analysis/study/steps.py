"""The stages of a study: each takes what earlier ones wrote and writes its own into a folder."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import feather
from scipy import sparse

from analysis.articles import with_titles
from analysis.counting.document_terms import DocumentTerms, document_terms, join_counts
from analysis.counting.groups import group_codes
from analysis.counting.saving import matrix_of
from analysis.errors import StudyError
from analysis.lexicons.lexicon import Lexicon
from analysis.periods import add_period
from analysis.preparing.clean import clean_articles
from analysis.preparing.furniture import cut_furniture
from analysis.preparing.reprints import find_reprints
from analysis.preparing.voices import name_sources, split_voices
from analysis.reading import read_articles
from analysis.showing.kwic import kwic
from analysis.study.naming import named
from analysis.study.workers import Each, Tables

if TYPE_CHECKING:
    from analysis.study import Study

# Columns that say where a segment stands, and are no part of what is counted.
OF_SEGMENTS = ["start", "end", "mention", "scare", "unbalanced", "source_as_named", "cue"]
# Words to either side of a hit.
WINDOW = 30

Done = Mapping[str, Path]
Step = Callable[["Study", Done, Path, Each], None]


def read_corpus(study: "Study") -> tuple[pd.DataFrame, pd.DataFrame]:
    """The articles and rejected rows of a study's corpus."""
    corpus, aliases = study.settings.corpus, study.settings.outlets.aliases
    return read_articles(
        study.path.parent / corpus.path,
        columns=corpus.columns or None,
        manifest=study.path.parent / corpus.manifest if corpus.manifest else None,
        outlet=corpus.outlet,
        day_first=corpus.day_first,
        strip_markup=corpus.strip_markup,
        outlets=(study.path.parent / aliases if isinstance(aliases, str) else aliases) or None,
        leave_out=study.not_corpus,
    )


def read(study: "Study", done: Done, folder: Path, each: Each) -> None:
    """Raw export to articles and rejected rows."""
    articles, rejected = read_corpus(study)
    about = {name: articles.attrs.get(name) for name in ("reading", "similar_outlets")}
    articles.attrs.clear()
    save(articles, folder / "articles")
    save(rejected, folder / "rejected")
    (folder / "about.json").write_text(json.dumps(about, default=str), encoding="utf-8")


def choose(
    study: "Study", articles: pd.DataFrame, rejected: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The study's articles with their periods and reprints, and those left out, with reasons."""
    settings = study.settings
    if articles.empty:
        raise _nothing_read(study, rejected)
    reasons = _not_chosen(study, articles)
    kept = find_reprints(articles[reasons == ""].reset_index(drop=True))
    kept["outlet"] = kept["outlet"].cat.remove_unused_categories()
    spans = settings.periods.spans
    kept = add_period(kept, settings.periods.every, edges=spans or None)
    left_out = [articles.loc[reasons != "", ["doc_id"]].assign(reason=reasons[reasons != ""])]
    if spans:
        left_out.append(_leave_out(kept, kept["period"].isna(), "in none of the study's periods"))
        kept = kept[kept["period"].notna()]
    if settings.prepare.reprints == "drop":
        left_out.append(_leave_out(kept, kept["reprint_of"].notna(), "reprint"))
        kept = kept[kept["reprint_of"].isna()]
    if kept.empty:
        raise _nothing_left(study, articles)
    return kept, pd.concat(left_out)


def prepare(study: "Study", done: Done, folder: Path, each: Each) -> None:
    """Choose the study's articles, find reprints, add periods, cut furniture."""
    settings = study.settings
    articles, rejected = load(done["read"] / "articles"), load(done["read"] / "rejected")
    kept, left_out = choose(study, articles, rejected)
    cuts = pd.DataFrame()
    if settings.prepare.clean:
        kept, cuts = cut_furniture(joined(each(_clean, kept, folder)))
    if settings.prepare.titles:
        kept = with_titles(kept)
    kept.attrs.clear()
    save(kept, folder / "articles")
    save(left_out, folder / "left_out")
    save(cuts, folder / "cuts")


def _nothing_read(study: "Study", rejected: pd.DataFrame) -> StudyError:
    what = f"{study.path.name}: corpus.path = {study.settings.corpus.path!r}"
    if rejected.empty:
        return StudyError(f"{what} has no rows: there is nothing to analyse.")
    counted = rejected["reason"].astype("str").value_counts()
    reasons = ", ".join(f"{reason} ({n:,})" for reason, n in counted.items())
    row = rejected.iloc[0]
    where = ", ".join(filter(None, (row["source"], row["locator"], row["detail"])))
    return StudyError(
        f"{what}: none of its {len(rejected):,} rows could be read as an article: {reasons}. The "
        f"first is {where}."
    )


def _choices(study: "Study") -> list[tuple[str, str, tuple[str, ...]]]:
    """Each choice of articles by the values of a column: its key, the column and the values."""
    where, keep = study.settings.corpus.where, study.settings.outlets.keep
    choices = [(f"corpus.where.{column}", column, wanted) for column, wanted in where.items()]
    return [*choices, ("outlets.keep", "outlet", keep)] if keep else choices


def _not_chosen(study: "Study", articles: pd.DataFrame) -> pd.Series:
    """Why an article is no part of the study, or nothing: it must fit every choice."""
    reasons = pd.Series("", index=articles.index, dtype="str")
    for _, column, wanted in _choices(study):
        if column not in articles:
            raise StudyError(
                f"{study.path.name}: corpus.where names the column {column!r}; the articles have "
                f"{', '.join(articles.columns)}."
            )
        unfit = ~articles[column].astype("str").isin(wanted)
        reasons[unfit & (reasons == "")] = f"{column} is not in the study"
    return reasons


def _nothing_left(study: "Study", articles: pd.DataFrame) -> StudyError:
    """An error that says how many articles each choice would keep, and what there is to choose."""
    kept = []
    for key, column, wanted in _choices(study):
        values = articles[column].astype("str")
        n = int(values.isin(wanted).sum())
        have = "" if n else f" (there are {', '.join(sorted(values.unique())[:8])})"
        kept.append(f"{key} = {list(wanted)} keeps {n:,}{have}")
    if study.settings.periods.spans:
        first, last = articles["date"].min(), articles["date"].max()
        kept.append(f"periods.spans chooses among {first:%Y-%m-%d} to {last:%Y-%m-%d}")
    return StudyError(
        f"{study.path.name}: no article is left of {len(articles):,}: {'; '.join(kept)}. An "
        "article must fit every choice."
    )


def _leave_out(articles: pd.DataFrame, which: pd.Series, reason: str) -> pd.DataFrame:
    return articles.loc[which, ["doc_id"]].assign(reason=reason)


def voices(study: "Study", done: Done, folder: Path, each: Each) -> None:
    """Articles to segments, each with its voice; the same persons under the same names."""
    articles = load(done["prepare"] / "articles")
    if not study.settings.prepare.voices:
        save(articles, folder / "segments")
        return
    segments = name_sources(joined(each(split, articles, folder)))
    names = {form: name for name, forms in study.settings.sources.items() for form in forms}
    segments["source"] = segments["source"].replace(names)
    save(segments, folder / "segments")


def count(study: "Study", done: Done, folder: Path, each: Each) -> None:
    """Count terms and the lexicon's hits; with voices, in every segment of every article."""
    segments = load(done["voices"] / "segments").drop(columns=OF_SEGMENTS, errors="ignore")
    lexicon = lexicon_of(study)
    parts = each(partial(_count, lexicon=lexicon), segments, folder)
    counts = join_counts([from_tables(tables, lexicon.label) for tables in parts])
    if "voice" in segments:
        counts = _by_speaker(counts)
    # For this study alone, which has its texts beside it.
    counts.save(folder / "bundle", keep=list(counts.documents.columns))


def _by_speaker(counts: DocumentTerms) -> DocumentTerms:
    """Add up the segments of an article in which the same source speaks in the same voice."""
    codes, _ = group_codes(counts.documents, ["doc_id", "voice", "source"])
    ones = np.ones(len(codes), np.int64)
    member = sparse.csr_array((ones, (codes, np.arange(len(codes)))))
    first = ~pd.Series(codes).duplicated().to_numpy()
    documents = counts.documents[first].iloc[np.argsort(codes[first])].reset_index(drop=True)
    documents["n_tokens"] = member @ counts.documents["n_tokens"].to_numpy(np.int64)
    return replace(
        counts,
        documents=documents,
        counts=sparse.csr_array(member @ counts.counts),
        hits=sparse.csr_array(member @ counts.hits),
    )


def evidence(study: "Study", done: Done, folder: Path, each: Each) -> None:
    """The sentence of every hit."""
    segments = load(done["voices"] / "segments")
    work = partial(_lines, lexicon=lexicon_of(study))
    lines = joined(each(work, segments, folder))
    # What the charts group by, from the article of each line.
    known = named(load(done["prepare"] / "articles"), study.settings.groups).set_index("doc_id")
    for name in ("period", *study.settings.groups):
        lines[name] = lines["doc_id"].map(known[name].astype("str"))
    save(lines, folder / "lines")


def _clean(articles: pd.DataFrame) -> Tables:
    return [clean_articles(articles)]


def split(articles: pd.DataFrame) -> Tables:
    """Voices of a part of the articles."""
    return [split_voices(articles)]


def _count(segments: pd.DataFrame, lexicon: Lexicon) -> Tables:
    return to_tables(document_terms(segments, lexicon=lexicon))


def _lines(segments: pd.DataFrame, lexicon: Lexicon) -> Tables:
    return [kwic(segments, lexicon, window=WINDOW)]


def joined(parts: list[Tables]) -> pd.DataFrame:
    """The only table of each part, below each other."""
    return pd.concat([table for (table,) in parts], ignore_index=True)


def lexicon_of(study: "Study") -> Lexicon:
    """The study's lexicon: a file beside the study, or one that is shipped."""
    name = study.settings.lexicon.use
    file = study.path.parent / name
    return Lexicon.load(file if file.is_file() else name)


def counts_of(done: Done) -> DocumentTerms:
    """The counts, with the periods in their order again."""
    counts = DocumentTerms.load(done["count"] / "bundle")
    periods = load(done["prepare"] / "articles")["period"].cat.categories
    documents = counts.documents
    documents["period"] = pd.Categorical(documents["period"].astype("str"), periods, ordered=True)
    return counts


def save(frame: pd.DataFrame, path: Path) -> None:
    """Arrow keeps types, and categories with their order, which Parquet does not promise."""
    # In one piece, in however many it was made.
    table = pa.Table.from_pandas(frame, preserve_index=False).combine_chunks()
    feather.write_feather(table, path.with_suffix(".arrow"))


def load(path: Path) -> pd.DataFrame:
    """Read what `save` wrote."""
    return pd.read_feather(path.with_suffix(".arrow"))


def to_tables(counts: DocumentTerms) -> list[pd.DataFrame]:
    """Counts as plain tables: documents, terms, their entries, hit types, their entries."""
    return [
        counts.documents,
        pd.DataFrame({"term": counts.terms}),
        _entries(counts.counts),
        counts.hit_types,
        _entries(counts.hits),
    ]


def from_tables(tables: list[pd.DataFrame], lexicon: str) -> DocumentTerms:
    """Counts from what `to_tables` gives; `lexicon` is the label of the one counted with."""
    documents, terms, entries, types, hits = tables
    return DocumentTerms(
        documents,
        pd.Index(terms["term"], name="term"),
        _matrix(entries, (len(documents), len(terms))),
        types,
        _matrix(hits, (len(documents), len(types))),
        lexicon=lexicon,
    )


def _entries(matrix: sparse.csr_array) -> pd.DataFrame:
    entries = matrix.tocoo()
    return pd.DataFrame({"row": entries.row, "column": entries.col, "n": entries.data})


def _matrix(entries: pd.DataFrame, shape: tuple[int, int]) -> sparse.csr_array:
    places = entries["row"].to_numpy(), entries["column"].to_numpy()
    return matrix_of(entries["n"], places, shape)
