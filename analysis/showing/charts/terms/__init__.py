"""Charts of terms."""
