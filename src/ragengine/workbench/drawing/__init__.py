"""Bands drawn: as a line of text and as SVG, from one layout."""
