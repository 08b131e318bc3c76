"""The errors that users meet. Each message names what was wrong, what is allowed and what to do."""


class AnalysisError(Exception):
    """Anything that a user can mend: the command line prints it without a traceback.

    Examples
    --------
    >>> from analysis import AnalysisError, read_articles
    >>> try:
    ...     read_articles("nowhere.csv")
    ... except AnalysisError as fault:
    ...     print(fault)
    nowhere.csv: there is no such file or folder. Check the path.
    """


class ArticlesError(AnalysisError):
    """The articles table lacks a column, or a column holds what it must not."""


class ReadError(AnalysisError):
    """A file can't be read at all (single bad rows are rejected, not raised)."""


class OutputError(AnalysisError):
    """A result can't be written: no room, no permission, no such folder."""


class LexiconError(AnalysisError):
    """A lexicon is malformed, or does not have what was asked of it."""


class CountsError(AnalysisError):
    """Counts can't answer the question: a column is missing, or the texts would be needed."""


class ExecutorError(CountsError):
    """Workers can't be started or reached, or ended before they were done."""


class NoFindingError(CountsError):
    """The two sides of a finding are even, or have no score: nothing could turn round."""


class StudyError(AnalysisError):
    """A study file has an unknown key or a value that does not fit."""
