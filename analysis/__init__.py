"""Media framing analysis: term frequencies, TF-IDF and stance scores per outlet and period.

One way leads from a file to a number, for a corpus in memory and for one of any size: articles
flow in batches, and every stage is a function of a batch. What needs the whole corpus comes from
small summaries of the batches, which add up. From the top down; a module imports only from its own
room or from those below it::

    cli         the command ``framing``
    study       one study file           -> every stage, and a report    Study
    showing     tables, articles         -> charts, sentences            kwic, evidence, explore
    measuring   counts                   -> tidy tables
                terms      frequencies, TF-IDF, keyness, dispersion, collocations
                frames     the stance of a contrast, the check of a lexicon
                comparing  differences, trends, what a finding depends on
                coding     coding sheets, agreement, precision, recall, correction, contexts
                learnt     scales of words learnt from the corpus, candidates for a lexicon
    counting    articles (+ lexicon)     -> counts                     document_terms, count_corpus
    preparing   articles                 -> articles                     find_reprints, split_voices
    lexicons    files and dicts          -> frames, their patterns, hits Lexicon
    reading     raw files                -> articles + rejected rows   read_articles, scan_articles
    articles    the table: its columns and their checks                  check_articles
    tokens      text                     -> terms, as integers           TermRules
    the ground  parts (the only loop over parts of a corpus), executors (where it runs), periods,
                tables (of other libraries, and to files), files, formatting, escape, errors

The public names are listed in ``__init__.pyi``, beside this file. Each is imported when it is
first used, so that ``import analysis`` stays quick.
"""

import lazy_loader as _lazy

__version__ = "0.2.0"

_find, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)


def __getattr__(name: str) -> object:
    """A public name, imported now; AttributeError says where others are."""
    try:
        return _find(name)
    except AttributeError:
        from importlib.util import find_spec

        if name.startswith("_") or find_spec(f"{__name__}.{name}"):
            raise  # a module: import finds it
        from difflib import get_close_matches

        where = ""
        if name in _find("charts").__all__:
            where = f": it is charts.{name} (from analysis import charts)"
        elif near := get_close_matches(name, __all__, 3):
            where = f". Is {' or '.join(near)} meant?"
        raise AttributeError(f"analysis has no attribute {name!r}{where}", name=name) from None
