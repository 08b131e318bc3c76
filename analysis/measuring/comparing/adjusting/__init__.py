"""Like with like: groups compared as if they had the same mix, or on the same events."""
