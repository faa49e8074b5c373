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
    from . import frames as frames
    from .bands import BandTable, Interval, Threshold
    from .book import PreparedAction, Ratings, Rulebook
    from .data.collection import Data
    from .data.model import ActionReport, Invalid, Measurement, Narrative, Override, Published, Statement, Symbol
    from .data.read import read
    from .errors import (
        BadArgument,
        CannotRate,
        DataError,
        MissingExtra,
        RagError,
        RulebookError,
        ScorecardFormatError,
        UnknownId,
    )
    from .loading import load
    from .period import Calendar, Duration, Period, PeriodError, PeriodKind, parse_period
    from .problem import Place, Problem, Severity
    from .rating.certainty import IntervalLine
    from .rating.explanation import (
        BandLine,
        Explanation,
        GraceLine,
        LevelLine,
        NumberLine,
        OverrideLine,
        RuleReference,
        Step,
    )
    from .rating.facts import Cause, Change, Facts, Movement, PastLevel, Previous
    from .rating.history import History
    from .rating.needed import Needed
    from .rating.peers import Peers
    from .rating.prepare import PreparedKpi
    from .rating.rating import Rating
    from .rating.relative_words import ReferenceLine, TakenLine
    from .rating.scoring import PointLine, ScoreLine
    from .rollup.area_rating import AreaRating, ChildLine
    from .rollup.exceptions import ExceptionRow
    from .rollup.policy import LimitTrace, RuleTrace
    from .rollup.rows import ByKey, RowCounts
    from .rollup.scorecard import Rated, Scorecard
    from .rulebook.action import Action
    from .rulebook.grace import Grace
    from .rulebook.kpi import Kpi
    from .rulebook.measure import Range, RelativeTarget
    from .ruling import Applied, Note, Outcome, Ruling
    from .statistics import PeerPlace
    from .terms import AMBER, GREEN, GREY, RED, Rag, Reason, Scale, Status
    from .toml.source import Resource
    from .workbench.check import check
    from .workbench.checks.base import Check
    from .workbench.diff.changes import RulesDiff
    from .workbench.diff.compare import diff
    from .workbench.diff.revisions import RevisionError
    from .workbench.governance.review import GraceReview, review_grace

__all__ = [
    "AMBER",
    "GREEN",
    "GREY",
    "RED",
    "Action",
    "ActionReport",
    "Applied",
    "AreaRating",
    "BadArgument",
    "BandLine",
    "BandTable",
    "ByKey",
    "Calendar",
    "CannotRate",
    "Cause",
    "Change",
    "Check",
    "ChildLine",
    "Data",
    "DataError",
    "Duration",
    "ExceptionRow",
    "Explanation",
    "Facts",
    "Grace",
    "GraceLine",
    "GraceReview",
    "History",
    "Interval",
    "IntervalLine",
    "Invalid",
    "Kpi",
    "LevelLine",
    "LimitTrace",
    "Measurement",
    "MissingExtra",
    "Movement",
    "Narrative",
    "Needed",
    "Note",
    "NumberLine",
    "Outcome",
    "Override",
    "OverrideLine",
    "PastLevel",
    "PeerPlace",
    "Peers",
    "Period",
    "PeriodError",
    "PeriodKind",
    "Place",
    "PointLine",
    "PreparedAction",
    "PreparedKpi",
    "Previous",
    "Problem",
    "Published",
    "Rag",
    "RagError",
    "Range",
    "Rated",
    "Rating",
    "Ratings",
    "Reason",
    "ReferenceLine",
    "RelativeTarget",
    "Resource",
    "RevisionError",
    "RowCounts",
    "RuleReference",
    "RuleTrace",
    "Rulebook",
    "RulebookError",
    "RulesDiff",
    "Ruling",
    "Scale",
    "ScoreLine",
    "Scorecard",
    "ScorecardFormatError",
    "Severity",
    "Statement",
    "Status",
    "Step",
    "Symbol",
    "TakenLine",
    "Threshold",
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
    "bands": ("BandTable", "Interval", "Threshold"),
    "book": ("PreparedAction", "Ratings", "Rulebook"),
    "data.collection": ("Data",),
    "data.model": (
        "ActionReport",
        "Invalid",
        "Measurement",
        "Narrative",
        "Override",
        "Published",
        "Statement",
        "Symbol",
    ),
    "data.read": ("read",),
    "errors": (
        "BadArgument",
        "CannotRate",
        "DataError",
        "MissingExtra",
        "RagError",
        "RulebookError",
        "ScorecardFormatError",
        "UnknownId",
    ),
    "loading": ("load",),
    "period": ("Calendar", "Duration", "Period", "PeriodError", "PeriodKind", "parse_period"),
    "problem": ("Place", "Problem", "Severity"),
    "rating.certainty": ("IntervalLine",),
    "rating.explanation": (
        "BandLine",
        "Explanation",
        "GraceLine",
        "LevelLine",
        "NumberLine",
        "OverrideLine",
        "RuleReference",
        "Step",
    ),
    "rating.facts": ("Cause", "Change", "Facts", "Movement", "PastLevel", "Previous"),
    "rating.history": ("History",),
    "rating.needed": ("Needed",),
    "rating.peers": ("Peers",),
    "rating.prepare": ("PreparedKpi",),
    "rating.rating": ("Rating",),
    "rating.relative_words": ("ReferenceLine", "TakenLine"),
    "rating.scoring": ("PointLine", "ScoreLine"),
    "rollup.area_rating": ("AreaRating", "ChildLine"),
    "rollup.exceptions": ("ExceptionRow",),
    "rollup.policy": ("LimitTrace", "RuleTrace"),
    "rollup.rows": ("ByKey", "RowCounts"),
    "rollup.scorecard": ("Rated", "Scorecard"),
    "rulebook.action": ("Action",),
    "rulebook.grace": ("Grace",),
    "rulebook.kpi": ("Kpi",),
    "rulebook.measure": ("Range", "RelativeTarget"),
    "ruling": ("Applied", "Note", "Outcome", "Ruling"),
    "statistics": ("PeerPlace",),
    "terms": ("AMBER", "GREEN", "GREY", "RED", "Rag", "Reason", "Scale", "Status"),
    "toml.source": ("Resource",),
    "workbench.check": ("check",),
    "workbench.checks.base": ("Check",),
    "workbench.diff.changes": ("RulesDiff",),
    "workbench.diff.compare": ("diff",),
    "workbench.diff.revisions": ("RevisionError",),
    "workbench.governance.review": ("GraceReview", "review_grace"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name == "frames":
        # a room of its own, whose library may be missing: it says so by its extra
        return importlib.import_module("ragengine.frames")
    module = _HOME_OF.get(name)
    if module is None:
        raise AttributeError(f"module 'ragengine' has no attribute {name!r}")
    value = getattr(importlib.import_module(f"ragengine.{module}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "frames"})
