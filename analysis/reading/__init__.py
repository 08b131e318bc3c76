"""Raw exports to articles: one module a format, all behind read_articles."""
