"""Statistics of terms: frequencies, TF-IDF, keyness, dispersion and collocations."""
