"""TOML text: parsed, with positions, spliced and written; the only home of tomllib. Knows no rules."""
