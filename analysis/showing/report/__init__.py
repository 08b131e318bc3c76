"""The report: one HTML file that opens from disk, works without scripts and fetches nothing."""

from analysis.showing.report.page import Chart, Evidence, Quote, Report, Section, Table, render

__all__ = ["Chart", "Evidence", "Quote", "Report", "Section", "Table", "render"]
