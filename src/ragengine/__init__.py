"""ragengine: declarative Red/Amber/Green performance rating that an auditor can re-compute.

>>> import ragengine
>>> book = ragengine.load("rules/")
>>> str(book.rate("assessment.single-assessments-45-days", 93, period="Jul-20").rag)
'green'
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .book import PreparedAction, Ratings, Rulebook
    from .data.collection import Data
    from .data.read import read
    from .errors import BadArgument, DataError, RagError, RulebookError, ScorecardFormatError, UnknownId
    from .loading import load
    from .period import Calendar, Period, parse_period
    from .problem import Place, Problem, Severity
    from .rating.prepare import PreparedKpi
    from .rating.rating import Rating
    from .rollup.scorecard import Scorecard
    from .terms import AMBER, GREEN, GREY, RED, Rag, Reason, Scale
    from .workbench.check import check
    from .workbench.diff.changes import RulesDiff
    from .workbench.diff.compare import diff
    from .workbench.governance.review import GraceReview, review_grace

__all__ = [
    "AMBER",
    "GREEN",
    "GREY",
    "RED",
    "BadArgument",
    "Calendar",
    "Data",
    "DataError",
    "GraceReview",
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
    "RulesDiff",
    "Scale",
    "Scorecard",
    "ScorecardFormatError",
    "Severity",
    "UnknownId",
    "__version__",
    "check",
    "diff",
    "load",
    "parse_period",
    "read",
    "review_grace",
]

__version__ = "0.1.0"

#: where each public name is defined; a module is imported when one of its names is first asked for
_HOMES = {
    "book": ("PreparedAction", "Ratings", "Rulebook"),
    "data.collection": ("Data",),
    "data.read": ("read",),
    "errors": ("BadArgument", "DataError", "RagError", "RulebookError", "ScorecardFormatError", "UnknownId"),
    "loading": ("load",),
    "period": ("Calendar", "Period", "parse_period"),
    "problem": ("Place", "Problem", "Severity"),
    "rating.prepare": ("PreparedKpi",),
    "rating.rating": ("Rating",),
    "rollup.scorecard": ("Scorecard",),
    "terms": ("AMBER", "GREEN", "GREY", "RED", "Rag", "Reason", "Scale"),
    "workbench.check": ("check",),
    "workbench.diff.changes": ("RulesDiff",),
    "workbench.diff.compare": ("diff",),
    "workbench.governance.review": ("GraceReview", "review_grace"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    module = _HOME_OF.get(name)
    if module is None:
        raise AttributeError(f"module 'ragengine' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"ragengine.{module}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
