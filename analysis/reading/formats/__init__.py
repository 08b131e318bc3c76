"""One module a format: each reads a file into the rows that checking takes."""
