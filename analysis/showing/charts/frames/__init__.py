"""Charts of single frames."""
