"""Statistics of frames: the stance of a contrast, and the check of a lexicon."""
