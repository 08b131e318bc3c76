"""Text to integer-coded tokens, and the folding of their vocabulary: see docs/rules.md.

The modules: ``characters`` (the kind of every character), ``kernel`` and ``tally`` (compiled: text
to string ids, and their counts), ``rules`` (strings to terms), ``languages`` (stems and lemmas),
``vocabulary`` (these together), ``unspaced`` (words in runs), ``sentence_ends``, ``ngrams``,
``texts`` (columns and lists to Arrow), ``stream`` (what other rooms use), ``word_lists`` and its
text files. Numba is imported when texts are first tokenized.
"""

from analysis.tokens.characters import GAP_AMPERSAND as GAP_AMPERSAND
from analysis.tokens.characters import GAP_HYPHEN as GAP_HYPHEN
from analysis.tokens.characters import GAP_SENTENCE as GAP_SENTENCE
from analysis.tokens.characters import GAP_SLASH as GAP_SLASH
from analysis.tokens.characters import GAP_SPACE as GAP_SPACE
from analysis.tokens.characters import GAP_STOP as GAP_STOP
from analysis.tokens.rules import TermRules as TermRules
from analysis.tokens.rules import fold as fold
from analysis.tokens.stream import TokenStream as TokenStream
from analysis.tokens.stream import count_and_tokenize as count_and_tokenize
from analysis.tokens.stream import count_tokens as count_tokens
from analysis.tokens.stream import tokenize as tokenize
from analysis.tokens.stream import tokenize_to_count as tokenize_to_count
from analysis.tokens.word_lists import STOP_WORDS as STOP_WORDS
from analysis.tokens.word_lists import TITLES as TITLES
