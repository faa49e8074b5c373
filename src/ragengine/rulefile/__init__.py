"""TOML becomes a rulebook: keys, shapes and references read, every fault told with its place."""
