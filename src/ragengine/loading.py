"""Loads a rulebook."""

from __future__ import annotations

import logging

from .book import Rulebook
from .collector import kept_still
from .errors import RulebookError
from .rulefile.load import load_rules
from .toml.sources import Source

__all__ = ["load"]

_log = logging.getLogger("ragengine")
_log.addHandler(logging.NullHandler())


def load(rules: Source) -> Rulebook:
    """The rulebook of a folder of rule files; or of a mapping of file names to texts, a zip archive of such a folder,
    or ``importlib.resources.files(…)``, which give the same problems and the same fingerprint.

    Warnings are logged to ``logging.getLogger("ragengine")``; :func:`ragengine.check` returns them. Raises
    RulebookError with every problem at once, BadArgument for what holds no rules.
    """
    with kept_still():
        made, problems = load_rules(rules)
    if made is None:
        raise RulebookError(tuple(problems))
    for problem in problems:
        _log.warning("%s", problem)
    return Rulebook(made)
