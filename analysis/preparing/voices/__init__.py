"""Who is speaking: articles to segments of narration, direct quotation and reported speech.

quotes, sentences, tokens, rules (of words), titles, names, attribution, segments, voices_table
and sources, in this order: each works on what those before it found.
"""

from analysis.preparing.voices.sources import name_sources, sources
from analysis.preparing.voices.voices_table import split_voices

__all__ = ["name_sources", "sources", "split_voices"]
