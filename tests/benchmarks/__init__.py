"""Speed, memory and coverage, measured beside named peers: ``python -m tests.benchmarks``."""
