"""The errors that users meet. Each message names what was wrong, what is allowed and what to do."""

from collections.abc import Iterator
from contextlib import contextmanager


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
    """The articles table lacks a column, or a column holds what it must not.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis import check_articles
    >>> check_articles(pd.DataFrame({"doc_id": [1], "outlet": ["Gazette"]}))
    Traceback (most recent call last):
    analysis.errors.ArticlesError: the articles table lacks the column(s) text; it has ...
    """


class ReadError(AnalysisError):
    """A file can't be read at all (single bad rows are rejected, not raised).

    Examples
    --------
    >>> from analysis import read_articles
    >>> read_articles("nowhere.csv")
    Traceback (most recent call last):
    analysis.errors.ReadError: nowhere.csv: there is no such file or folder. Check the path.
    """


class OutputError(AnalysisError):
    """A result can't be written: no room, no permission, no such folder.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis import save_table
    >>> save_table(pd.DataFrame(), "table.doc")
    Traceback (most recent call last):
    analysis.errors.OutputError: table.doc: the name of a table ends in ...
    """


class LexiconError(AnalysisError):
    """A lexicon is malformed, or does not have what was asked of it.

    Examples
    --------
    >>> from analysis import Lexicon
    >>> Lexicon.from_dict({"talks": []})
    Traceback (most recent call last):
    analysis.errors.LexiconError: ...
    """


class CountsError(AnalysisError):
    """Counts can't answer the question: a column is missing, or the texts would be needed.

    Examples
    --------
    >>> import pandas as pd
    >>> from analysis import stance
    >>> stance(pd.DataFrame(), "deterrence-dialogue")
    Traceback (most recent call last):
    analysis.errors.CountsError: ...
    """


class ExecutorError(CountsError):
    """Workers can't be started or reached, or ended before they were done."""


class NoFindingError(CountsError):
    """The two sides of a finding are even, or have no score: nothing could turn round."""


class StudyError(AnalysisError):
    """A study file has an unknown key or a value that does not fit.

    Examples
    --------
    >>> from analysis import Study
    >>> Study.load("nowhere.toml")
    Traceback (most recent call last):
    analysis.errors.StudyError: ...
    """


@contextmanager
def needs_extra(extra: str) -> Iterator[None]:
    """Imports of libraries of an extra: AnalysisError, if one is missing, names the extra."""
    try:
        yield
    except ModuleNotFoundError as fault:
        raise AnalysisError(
            f"{fault.name} is not installed, and is needed here. It comes with the extra "
            f'{extra!r}: pip install "media-framing-analysis[{extra}]".'
        ) from fault
