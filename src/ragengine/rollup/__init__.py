"""Ratings roll up to areas, and areas to a scorecard."""
