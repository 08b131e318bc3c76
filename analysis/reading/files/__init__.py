"""The files of a corpus: found, opened, and each given to its reader."""
