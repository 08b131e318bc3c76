"""Series of articles over time: their slope, turns, and changes at known dates."""
