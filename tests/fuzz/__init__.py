"""Careless and hostile input by the hundred thousand: ``python -m tests.fuzz rules csv json --inputs 100000``."""
