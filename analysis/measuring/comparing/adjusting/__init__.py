"""Groups compared as if they had the same mix of topics, times or any other covariates."""
