"""Charts of groups compared like with like: as if they had one mix, and on the same events."""
