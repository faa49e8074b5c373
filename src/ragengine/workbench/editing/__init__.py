"""Changes one value of a rulebook where it stands in its file."""
