"""Exports of the databases of articles that libraries subscribe to."""
