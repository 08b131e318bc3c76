"""Articles to counts: the lexicon, the document-term matrix and the streaming engine."""
