"""Lexicons: frames and their patterns, the files they come in, and the hits that they find."""
