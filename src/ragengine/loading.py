"""Loads a rulebook."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from pathlib import Path

from .book import Rulebook
from .errors import RulebookError
from .rulefile.load import load_rules

__all__ = ["load"]

_log = logging.getLogger("ragengine")
_log.addHandler(logging.NullHandler())


def load(folder: str | os.PathLike[str] | Mapping[str, str]) -> Rulebook:
    """The rulebook of a folder of rule files, or of a mapping of file names to texts.

    Warnings are logged to ``logging.getLogger("ragengine")``; :func:`ragengine.check` returns them. Raises
    RulebookError with every problem at once.
    """
    rules, problems = load_rules(folder if isinstance(folder, Mapping) else Path(folder))
    if rules is None:
        raise RulebookError(tuple(problems))
    for problem in problems:
        _log.warning("%s", problem)
    return Rulebook(rules)
