"""The first pass over a corpus, and the pieces in which it is then read."""
