"""Media framing analysis: term frequencies, TF-IDF and stance scores per outlet and period.

The way through the package, one folder a stage; each folder imports only from those above it::

    reading    raw exports           -> articles + rejected  read_articles
    preparing  articles              -> articles             find_reprints, split_voices
    counting   articles (+ lexicon)  -> DocumentTerms        Lexicon, document_terms, count_corpus
    measuring  DocumentTerms         -> tidy tables          term_frequencies, tfidf, stance, ...
    showing    tables, articles      -> charts, sentences    kwic, evidence, explore

Two foundations carry them: ``articles`` (the table) and ``tokens`` (text to integers).
``study`` runs every stage from one file, and ``cli`` is the command ``framing``.

The public names are listed in ``__init__.pyi``, beside this file. Each is imported when it is
first used, so that ``import analysis`` stays quick.
"""

import lazy_loader as _lazy

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = _lazy.attach_stub(__name__, __file__)
