"""What of a study can only be checked against its corpus or its lexicon."""

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from analysis.errors import StudyError
from analysis.study.measures import contrasts_of
from analysis.study.steps import choose, lexicon_of, read_corpus

if TYPE_CHECKING:
    from analysis.study import Study

# Columns that are one's own for each article, or change within it.
OF_ARTICLES = {
    "doc_id", "title", "text", "date", "date_end", "period", "n_tokens", "reprint_of", "cluster",
    "start", "end", "mention", "scare", "unbalanced", "source_as_named", "cue",
}  # fmt: skip
# Names that columns of the results have.
OF_RESULTS = {
    "group", "articles", "articles_hit", "tokens", "tokens_sq", "share", "log_odds", "slope",
    "turn", "change", "note", "term", "n", "n_docs", "tf", "idf", "tfidf", "rank", "t", "p", "q",
    "frame", "pattern", "match", "negated", "left", "keyword", "right", "sentence", "link", "all",
}  # fmt: skip


def check_study(study: "Study") -> list[str]:
    """Check a study against its lexicon and its corpus, and say what it is about.

    Raises
    ------
    AnalysisError
        If a run would fail for what stands in the study file.
    """
    lexicon, contrasts = lexicon_of(study), contrasts_of(study)
    articles, rejected = read_corpus(study)
    kept, left_out = choose(study, articles, rejected)
    check_groups(study, kept.columns)
    rows = len(articles) + len(rejected)
    return [
        f"{study.path.name} fits its lexicon and its corpus.",
        f"Lexicon: {lexicon!r}",
        f"Contrasts: {'; '.join(' against '.join(pair) for pair in contrasts)}",
        f"Corpus: {rows:,} rows, of which {len(kept):,} are of the study, {len(left_out):,} left "
        f"out by its choices, {len(rejected):,} rejected.",
        f"Groups by {', '.join(study.settings.groups) or 'nothing'}; {kept['outlet'].nunique():,} "
        f"outlets, {kept['period'].nunique():,} periods.",
        f"Results go to {study.folder}",
    ]


def columns_of(file: Path) -> list[str]:
    """The columns of a table in an Arrow file."""
    with pa.memory_map(str(file)) as content:
        names: list[str] = pa.ipc.open_file(content).schema.names
    return names


def check_groups(study: "Study", have: Collection[str]) -> None:
    """Check that the columns under groups make groups of articles that have such columns.

    Raises
    ------
    StudyError
        If one is not there, is named twice, or can't be: the message lists those that can.
    """
    never = OF_ARTICLES | OF_RESULTS
    if study.settings.prepare.voices:
        never |= {"voice", "source"}
    names = study.settings.groups
    allowed = [name for name in have if name not in never]
    for name in names:
        where = f"{study.path.name}: groups names the column {name!r}"
        fit = f"Those that make groups are {', '.join(allowed)}."
        if name not in have and name not in ("period", "voice", "source"):
            raise StudyError(f"{where}; the articles have none of that name. {fit}")
        if name not in allowed:
            raise StudyError(f"{where}, {_why_not(name)}. {fit}")
    if len(set(names)) < len(names):
        raise StudyError(f"{study.path.name}: groups = {list(names)} names a column twice.")


def _why_not(name: str) -> str:
    if name == "period":
        return "but every group is compared by period anyway"
    if name in ("voice", "source"):
        return f"but the stance of each {name} is given anyway, with prepare.voices = true"
    if name in OF_ARTICLES:
        return "which is no group's but each article's own"
    return "which the tables of results need for themselves: rename it in the corpus"
