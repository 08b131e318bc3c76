"""Raw exports to articles: one module a format, all behind scan_articles and read_articles.

==============  ===================================================================
scan            the two functions; their parameters
files           the files of a folder, a list or an address; how each is opened and read
formats         raw rows of each format; databases has the exports of libraries' databases
columns         standard names for a file's columns
checking        articles and rejected rows from raw rows: the one set of rules
survey          what the whole of a corpus decides, and the pieces in which it is read
manifest        a folder of documents described by a manifest
import_report   a report on what was read
==============  ===================================================================

The formats share dates, encodings, html_cells, outlets, text_column, limits, rejected (the reasons)
and records.
"""

from analysis.reading.scan import read_articles, scan_articles

__all__ = ["read_articles", "scan_articles"]
