"""Counts to tidy tables: one module a statistic."""
