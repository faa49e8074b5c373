"""README and docs examples run as tests, from the root of the repository."""

from __future__ import annotations

import os
from pathlib import Path

from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser

_ROOT = Path(__file__).resolve().parent


def _from_root(_namespace: dict[str, object]) -> None:
    os.chdir(_ROOT)


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser()], patterns=["README.md", "docs/*.md"], setup=_from_root
).pytest()
