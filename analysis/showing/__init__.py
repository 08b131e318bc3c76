"""Tables and articles to charts, sentences and reports."""
