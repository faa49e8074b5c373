"""Figures as SVG: strips, sparklines, bullets and charts, from the rows of a report."""
