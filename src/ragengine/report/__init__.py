"""The exception report: as data, then as text and Markdown."""
