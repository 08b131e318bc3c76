from .articles import add_period as add_period
from .articles import check_articles as check_articles
from .articles import with_titles as with_titles
from .counting.document_terms import DocumentTerms as DocumentTerms
from .counting.document_terms import document_terms as document_terms
from .counting.groups import GroupCounts as GroupCounts
from .counting.groups import group_counts as group_counts
from .counting.lexicon import Lexicon as Lexicon
from .errors import AnalysisError as AnalysisError
from .errors import ArticlesError as ArticlesError
from .errors import CountsError as CountsError
from .errors import LexiconError as LexiconError
from .errors import ReadError as ReadError
from .errors import StudyError as StudyError
from .measuring.comparison import compare_groups as compare_groups
from .measuring.frequencies import term_frequencies as term_frequencies
from .measuring.stance import stance as stance
from .measuring.tfidf import tfidf as tfidf
from .measuring.trend import trend as trend
from .preparing.reprints import find_reprints as find_reprints
from .preparing.voices import name_sources as name_sources
from .preparing.voices import sources as sources
from .preparing.voices import split_voices as split_voices
from .reading import read_articles as read_articles
from .tokens import TermRules as TermRules

__version__: str
