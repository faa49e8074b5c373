"""TOML and rulebooks: the only home of tomllib and of source positions."""
