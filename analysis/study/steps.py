"""The stages of a study: each takes what earlier ones wrote and writes its own into a folder."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis.articles import add_period, with_titles
from analysis.counting.document_terms import DocumentTerms, document_terms
from analysis.counting.lexicon import Lexicon
from analysis.errors import StudyError
from analysis.preparing.reprints import find_reprints
from analysis.reading import read_articles

if TYPE_CHECKING:
    from analysis.study import Study

Done = Mapping[str, Path]
Step = Callable[["Study", Done, Path], None]


def read(study: "Study", done: Done, folder: Path) -> None:
    """Raw export to articles and rejected rows."""
    corpus, aliases = study.settings.corpus, study.settings.outlets.aliases
    articles, rejected = read_articles(
        study.path.parent / corpus.path,
        columns=corpus.columns or None,
        manifest=study.path.parent / corpus.manifest if corpus.manifest else None,
        outlets=(study.path.parent / aliases if isinstance(aliases, str) else aliases) or None,
    )
    about = {name: articles.attrs.get(name) for name in ("reading", "similar_outlets")}
    articles.attrs.clear()
    save(articles, folder / "articles")
    save(rejected, folder / "rejected")
    (folder / "about.json").write_text(json.dumps(about, default=str), encoding="utf-8")


def prepare(study: "Study", done: Done, folder: Path) -> None:
    """Choose the study's articles, find reprints, cut furniture, add periods."""
    settings = study.settings
    articles = load(done["read"] / "articles")
    reasons = pd.Series("", index=articles.index, dtype="str")
    for column, wanted in {**settings.corpus.where, "outlet": settings.outlets.keep}.items():
        if not wanted:
            continue
        if column not in articles:
            raise StudyError(
                f"{study.path.name}: corpus.where names the column {column!r}; the articles have "
                f"{', '.join(articles.columns)}."
            )
        reasons[~articles[column].astype("str").isin(wanted)] = f"{column} is not in the study"
    kept = articles[reasons == ""].reset_index(drop=True)
    kept = find_reprints(kept)
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
        raise StudyError(
            f"{study.path.name}: no article is left of {len(articles)}: the choices under "
            "corpus.where, outlets.keep and periods.spans leave all of them out."
        )
    if settings.prepare.titles:
        kept = with_titles(kept)
    save(kept, folder / "articles")
    save(pd.concat(left_out), folder / "left_out")


def _leave_out(articles: pd.DataFrame, which: pd.Series, reason: str) -> pd.DataFrame:
    return articles.loc[which, ["doc_id"]].assign(reason=reason)


def count(study: "Study", done: Done, folder: Path) -> None:
    """Count terms and the lexicon's hits in every article."""
    articles = load(done["prepare"] / "articles")
    document_terms(articles, lexicon=lexicon_of(study)).save(folder / "bundle")


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
    frame.reset_index(drop=True).to_feather(path.with_suffix(".arrow"))


def load(path: Path) -> pd.DataFrame:
    """Read what `save` wrote."""
    return pd.read_feather(path.with_suffix(".arrow"))
