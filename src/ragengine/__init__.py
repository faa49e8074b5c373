"""ragengine: declarative Red/Amber/Green performance rating that an auditor can re-compute.

>>> import ragengine
>>> book = ragengine.load("rules/")
>>> str(book.rate("assessment.single-assessments-45-days", 93, period="Jul-20").rag)
'green'
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from pathlib import Path

from .book import PreparedAction, Ratings, Rulebook
from .data.model import Data
from .data.read import read
from .errors import BadArgument, DataError, RagError, RulebookError, ScorecardFormatError, UnknownId
from .period import Period, parse_period
from .problem import Place, Problem, Severity
from .rating.prepare import PreparedKpi
from .rating.rating import Rating
from .rollup.scorecard import Scorecard
from .rulefile.load import load_rules
from .terms import AMBER, GREEN, GREY, RED, Rag, Reason, Scale
from .workbench.check import check

__all__ = [
    "AMBER",
    "GREEN",
    "GREY",
    "RED",
    "BadArgument",
    "Data",
    "DataError",
    "Period",
    "Place",
    "PreparedAction",
    "PreparedKpi",
    "Problem",
    "Rag",
    "RagError",
    "Rating",
    "Ratings",
    "Reason",
    "Rulebook",
    "RulebookError",
    "Scale",
    "Scorecard",
    "ScorecardFormatError",
    "Severity",
    "UnknownId",
    "__version__",
    "check",
    "load",
    "parse_period",
    "read",
]

__version__ = "0.1.0"

_log = logging.getLogger("ragengine")
_log.addHandler(logging.NullHandler())


def load(folder: str | os.PathLike[str] | Mapping[str, str]) -> Rulebook:
    """The rulebook of a folder of rule files, or of a mapping of file names to texts.

    Warnings are logged to ``logging.getLogger("ragengine")``; :func:`check` returns them. Raises RulebookError with
    every problem at once.
    """
    rules, problems = load_rules(folder if isinstance(folder, Mapping) else Path(folder))
    if rules is None:
        raise RulebookError(tuple(problems))
    for problem in problems:
        _log.warning("%s", problem)
    return Rulebook(rules)
