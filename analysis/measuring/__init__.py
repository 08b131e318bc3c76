"""From counts to tidy tables: one module per statistic."""
