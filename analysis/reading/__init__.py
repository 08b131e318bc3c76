"""Raw exports to articles: one module a format, all behind scan_articles and read_articles.

``survey`` finds what the whole of a corpus decides, ``checking`` has the one set of rules.
"""

from analysis.reading.scan import read_articles, scan_articles

__all__ = ["read_articles", "scan_articles"]
