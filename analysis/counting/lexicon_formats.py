"""Readers of lexicon files: one per format."""

from pathlib import Path

from analysis.counting.lexicon import Lexicon
from analysis.counting.lexicon_yaml import read_yaml


def read_lexicon(path: Path) -> Lexicon:
    """Read a lexicon file by its format."""
    return read_yaml(path)
