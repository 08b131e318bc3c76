"""Who is speaking: articles to segments of narration, direct quotation and reported speech.

The way through this folder::

    quotes       quotation marks              -> speech, scare quotes, titles; the text without them
    sentences    the text without quotations  -> sentences, their tokens, clauses and subjects
    verbs        a verb of speech or thought  -> what it reports, behind it or before it
    reported     a sentence                   -> what is reported, the cue, its subject
    titles       capitalised words            -> titles and names
    names        the whole article            -> the people and organisations it names
    attribution  a subject                    -> the name that it means
    segments     all of these                 -> the segments of a text
    voices_table articles                     -> the segments table
    sources      segments                     -> one name a person; who is quoted

``words`` reads the word lists, each a file in ``word_lists``.
"""

from analysis.preparing.voices.sources import name_sources, sources
from analysis.preparing.voices.voices_table import split_voices

__all__ = ["name_sources", "sources", "split_voices"]
