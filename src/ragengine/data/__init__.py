"""Measurements, actions, overrides and narrative: read, never judged."""
