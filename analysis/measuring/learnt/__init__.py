"""Scales and candidates for a lexicon, learnt from which words stand in the same sentences."""
