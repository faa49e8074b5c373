"""Speed, each figure beside its baseline in the same run: ``pytest benchmarks -o addopts=""``."""
