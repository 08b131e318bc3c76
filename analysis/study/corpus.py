"""From raw files to the texts that are counted: the first stages of a study, part by part."""

import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import pandas as pd

from analysis.articles import with_titles
from analysis.counting.targets import Targets, named_alike
from analysis.errors import StudyError
from analysis.executors import Where
from analysis.formatting import NO_NAME
from analysis.parts import map_parts
from analysis.periods import add_period
from analysis.preparing.clean import clean_articles
from analysis.preparing.events import EventPlan, mark_events, plan_events
from analysis.preparing.furniture import FurniturePlan, plan_furniture, remove_furniture
from analysis.preparing.language import add_language
from analysis.preparing.reprints import ReprintPlan, mark_reprints, plan_reprints
from analysis.preparing.voices.sources import NamePlan, plan_names, rename_sources
from analysis.preparing.voices.voices_table import split_voices
from analysis.reading.scan import read_options, tell
from analysis.reading.survey.corpus import survey
from analysis.reading.survey.pieces import Piece, read_piece
from analysis.study.dataset import (
    Frames,
    columns_of,
    each_part,
    parts_of,
    read_all,
    read_table,
    write_table,
)
from analysis.study.study_file import Done, StudyFile

# The setting by which the language of each article is told, where no column has it.
TOLD = "told"
# Articles in a part: some seconds of telling voices apart.
PART = 1_000
# A choice of articles by the values of a column: its key in the study file, column and values.
Choice = tuple[str, str, tuple[str, ...]]
# Why articles are left out, beside the study's choices.
NO_PERIOD, REPRINT = "in none of the study's periods", "reprint"


def read(study: StudyFile, done: Done, folder: Path, executor: Where) -> None:
    """Raw files to articles and rejected rows."""
    for begun in ("articles", "rejected"):
        shutil.rmtree(folder / begun, ignore_errors=True)
    corpus, aliases = study.settings.corpus, study.settings.outlets.aliases
    home = study.path.parent
    outlets = (home / aliases if isinstance(aliases, str) else aliases) or None
    options = read_options(
        columns=corpus.columns, outlet=corpus.outlet, day_first=corpus.day_first,
        strip_markup=corpus.strip_markup, outlets=outlets, leave_out=study.not_corpus,
    )  # fmt: skip
    manifest = home / corpus.manifest if corpus.manifest else None
    found = survey([study.corpus], options, executor, folder / "raw", manifest=manifest)
    tell(found)
    pieces = list(enumerate(found.pieces))
    where = executor if len(pieces) > 1 else None
    # A lexicon in several languages needs that of each article.
    language = corpus.language or (TOLD if study.lexicon.parts else None)
    for _ in map_parts(partial(_read_piece, folder, language), pieces, where):
        pass
    shutil.rmtree(folder / "raw", ignore_errors=True)


def _read_piece(folder: Path, language: str | None, numbered: tuple[int, Piece]) -> None:
    """Write the articles and rejected rows of a piece, some to a file."""
    number, piece = numbered
    for batch, (articles, rejected) in enumerate(read_piece(piece, PART)):
        if language is not None:
            given = "language" if "language" in articles else None
            articles = add_language(articles, given if language == TOLD else language)
        name = f"{number:05d}-{batch:05d}.parquet"
        write_table(articles, folder / "articles" / name)
        write_table(rejected, folder / "rejected" / name)


def choose(study: StudyFile, done: Done, folder: Path, executor: Where) -> None:
    """Which articles belong to the study, with their periods and reprints, one row an article.

    ``doc_id, reason, reprint_of, cluster, period``: the reason is empty unless an article is left
    out. Where the study compares event by event, and the articles come without, ``event``, too.
    """
    parts = parts_of(done["read"] / "articles")
    choices = choices_of(study)
    _check_choices(study, choices, columns_of(done["read"] / "articles"))
    load = partial(_chosen, choices)
    where = executor if len(parts) > 1 else None
    plan, events = plan_reprints(parts, load, where), None
    compare = study.settings.compare
    if compare.within == "event" and "event" not in columns_of(done["read"] / "articles"):
        known = partial(_with_reprints, load, plan)
        events = plan_events(parts, known, where, window=compare.window)
    every = read_all(done["read"] / "articles", ["date", "date_end", *(by for _, by, _ in choices)])
    every = every[_reasons(choices, every) == ""]
    if every.empty:
        raise _nothing_left(study, done, choices)
    periods = study.settings.periods
    spans = add_period(every, periods.every, edges=periods.spans or None)["period"].dtype
    make = partial(_choose, study, choices, plan, events, spans)
    each_part(make, parts, folder, executor)
    if (read_all(folder / "choice", ["reason"])["reason"] != "").all():
        raise _nothing_left(study, done, choices)


def choices_of(study: StudyFile) -> list[Choice]:
    """Each choice of articles by the values of a column."""
    where, keep = study.settings.corpus.where, study.settings.outlets.keep
    choices = [(f"corpus.where.{column}", column, wanted) for column, wanted in where.items()]
    return [*choices, ("outlets.keep", "outlet", keep)] if keep else choices


def _check_choices(study: StudyFile, choices: Sequence[Choice], have: Sequence[str]) -> None:
    for _, column, _ in choices:
        if have and column not in have:
            raise StudyError(
                f"{study.path.name}: corpus.where names the column {column!r}; the articles have "
                f"{', '.join(have)}."
            )


def _reasons(choices: Sequence[Choice], articles: pd.DataFrame) -> pd.Series:
    """Why an article is no part of the study, or nothing: it must fit every choice."""
    reasons = pd.Series("", index=articles.index, dtype="str")
    for _, column, wanted in choices:
        fit = articles[column].astype("str").isin(wanted) if column in articles else False
        reasons = reasons.mask((reasons == "") & ~pd.Series(fit, articles.index), f"{column} is "
                               "not in the study")  # fmt: skip
    return reasons


def _chosen(choices: Sequence[Choice], part: Path) -> pd.DataFrame:
    """The articles of a part that fit the study's choices."""
    articles = read_table(part)
    return articles[_reasons(choices, articles) == ""].reset_index(drop=True)


def _with_reprints(
    load: Callable[[Path], pd.DataFrame], plan: ReprintPlan, part: Path
) -> pd.DataFrame:
    return mark_reprints(load(part), plan)


def _choose(
    study: StudyFile,
    choices: Sequence[Choice],
    plan: ReprintPlan,
    events: EventPlan | None,
    spans: pd.CategoricalDtype,
    part: Path,
) -> Frames:
    articles = read_table(part)
    reasons = _reasons(choices, articles)
    chosen = mark_reprints(articles[reasons == ""], plan)
    periods = study.settings.periods
    chosen = add_period(chosen, periods.every, edges=periods.spans or None)
    choice = pd.DataFrame({"doc_id": articles["doc_id"], "reason": reasons})
    # The others have neither.
    names = ["reprint_of", "cluster", "period"]
    if events is not None:
        chosen = mark_events(chosen, events)
        names.append("event")
    for name in names:
        choice[name] = chosen[name].astype("str").reindex(articles.index)
    choice["period"] = choice["period"].astype(spans)
    fits = choice["reason"] == ""
    if periods.spans:
        choice.loc[fits & choice["period"].isna(), "reason"] = NO_PERIOD
    if study.settings.prepare.reprints == "drop":
        fits = choice["reason"] == ""
        choice.loc[fits & choice["reprint_of"].notna(), "reason"] = REPRINT
    return {"choice": choice}


def prepare(study: StudyFile, done: Done, folder: Path, executor: Where) -> None:
    """The study's articles, cleaned, without furniture, on request with their titles."""
    parts = parts_of(done["read"] / "articles")
    kept = read_all(done["read"] / "articles", ["outlet"])["outlet"]
    left_out = read_all(done["choose"] / "choice", ["reason"])["reason"] != ""
    outlets = kept[~left_out.to_numpy()].astype("str").unique()
    make = partial(_join_choice, study, done["choose"] / "choice", sorted(outlets))
    if not study.settings.prepare.clean:
        each_part(make, parts, folder, executor)
        return
    each_part(make, parts, folder / "cleaned", executor)
    cleaned = parts_of(folder / "cleaned" / "articles")
    plan = plan_furniture(cleaned, read_table, executor if len(cleaned) > 1 else None)
    each_part(partial(_cut, study, plan), cleaned, folder, executor)
    shutil.rmtree(folder / "cleaned", ignore_errors=True)


def _join_choice(study: StudyFile, choices: Path, outlets: Sequence[str], part: Path) -> Frames:
    choice = read_table(choices / part.name)
    fits = (choice["reason"] == "").to_numpy()
    columns = choice.columns.drop(["doc_id", "reason"])
    articles = pd.concat([read_table(part), choice[columns]], axis=1)[fits]
    articles = articles.reset_index(drop=True)
    articles["outlet"] = articles["outlet"].cat.set_categories(outlets)
    if study.settings.prepare.clean:
        articles = clean_articles(articles)
        articles.attrs.pop("cut", None)  # the same tables, however many parts they come in
    elif study.settings.prepare.titles:
        articles = with_titles(articles)
    return {"articles": articles}


def _cut(study: StudyFile, plan: FurniturePlan, part: Path) -> Frames:
    articles, _ = remove_furniture(read_table(part), plan)
    return {"articles": with_titles(articles) if study.settings.prepare.titles else articles}


def voices(study: StudyFile, done: Done, folder: Path, executor: Where) -> None:
    """Articles to segments, each with its voice; the same persons under the same names."""
    parts = parts_of(done["prepare"] / "articles")
    if not study.settings.prepare.voices:
        return
    each_part(_split, parts, folder / "split", executor)
    split = parts_of(folder / "split" / "segments")
    plan = plan_names(split, read_table, executor if len(split) > 1 else None)
    names = {form: name for name, forms in study.settings.sources.items() for form in forms}
    each_part(partial(_name, plan, names, study.targets), split, folder, executor)
    shutil.rmtree(folder / "split", ignore_errors=True)


def _split(part: Path) -> Frames:
    return {"segments": split_voices(read_table(part))}


def _name(plan: NamePlan, names: dict[str, str], targets: Targets | None, part: Path) -> Frames:
    segments = rename_sources(read_table(part), plan)
    segments = segments.assign(source=segments["source"].replace(names))
    return {"segments": segments if targets is None else named_alike(segments, targets)}


def texts_of(done: Done) -> Path:
    """The folder of the texts that are counted: articles, or segments with their voices."""
    segments = done["voices"] / "segments"
    return segments if segments.is_dir() else done["prepare"] / "articles"


def with_group_names(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The frame with ``(none)`` where a column that makes groups has no value."""
    for column in columns:
        values = frame[column].astype("str")
        nameless = frame[column].isna() | (values.str.strip() == "")
        if nameless.any():
            frame = frame.assign(**{column: values.mask(nameless, NO_NAME)})
    return frame


def _nothing_left(study: StudyFile, done: Done, choices: Sequence[Choice]) -> StudyError:
    """An error that says how many articles each choice would keep, and what there is to choose."""
    articles = read_all(done["read"] / "articles", ["date", *(column for _, column, _ in choices)])
    if articles.empty:
        return _nothing_read(study, read_all(done["read"] / "rejected"))
    kept = []
    for key, column, wanted in choices:
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


def _nothing_read(study: StudyFile, rejected: pd.DataFrame) -> StudyError:
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
