"""Raw exports to articles: one module a format, all behind scan_articles and read_articles.

==============  ===================================================================
module          makes
==============  ===================================================================
scan            the two functions; their parameters
listing         the files of a folder, a list or an address, and the parts of them
recognition     the reader that a file needs
formats         raw rows of each format
columns         standard names for a file's columns
checking        articles and rejected rows from raw rows: the one set of rules
summaries       what the rows of a part of the corpus tell of the whole
survey          what the whole decides, and the pieces to read
pieces          the articles of a piece
duplicates      ids that are given more than once
kinds           the types of further columns
manifest        a folder of documents described by a manifest
import_report   a report on what was read
==============  ===================================================================

The formats share dates, encodings, compressed (.gz, .zst, .zip), html_cells, outlets, limits,
rejected (the reasons) and records.
"""

from analysis.reading.scan import read_articles, scan_articles

__all__ = ["read_articles", "scan_articles"]
