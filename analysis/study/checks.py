"""What of a study can only be checked against its corpus or its lexicon."""

from collections.abc import Collection

from analysis.errors import StudyError
from analysis.study.study_file import StudyFile

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


def check_groups(study: StudyFile, have: Collection[str]) -> None:
    """Check that the columns under groups make groups of articles that have such columns.

    StudyError, if one is not there, is named twice, or can't be, lists those that can.
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
