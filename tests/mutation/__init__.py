"""Whether the tests notice a changed engine: ``python -m tests.mutation data/states.py``."""
