"""Articles to articles: cleaning, reprints, voices."""
