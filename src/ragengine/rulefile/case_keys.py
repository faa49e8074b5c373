"""The keys of examples and cases: what a measurement brings, and what must come out."""

from __future__ import annotations

from ..terms import Status
from . import shapes as s
from .keys import Key

__all__ = ["CASE", "CASES_FILE", "EXAMPLE", "EXPECTED", "MEASURED", "PAST"]

_CELL = s.any_of(s.NUMBER, s.TEXT)
_CAUSES = s.any_of(s.TEXT, s.TEXTS)
_STATUS = s.choice(*Status)
#: what a measurement brings, in a case and in its history
MEASURED: dict[str, Key] = {
    "value": Key("The value, as a cell of the data would hold it.", _CELL),
    "numerator": Key("How many of them.", _CELL),
    "denominator": Key("How many in all.", _CELL),
    "target": Key("The target that the measurement brings.", _CELL),
    "entity": Key("Organisation or team.", s.TEXT),
    "causes": Key("Causes that the data name.", _CAUSES),
    "evidence": Key("Evidence that the data name.", s.TEXT),
    "excluded": Key("Cases left out of the denominator.", _CELL),
    "exclusion_reason": Key("Why they are left out.", s.TEXT),
}
_PERIOD = Key('The period it is of: "Jul-20".', s.DUE)
PAST: dict[str, Key] = {"period": _PERIOD, **MEASURED}
_OF_ACTIONS: dict[str, Key] = {
    "as_at": Key("The day on which it is judged.", s.DUE),
    "status": Key("How far the action has come.", _STATUS),
    "progress": Key("Progress of the action, 0 to 100.", _CELL),
    "completed_on": Key("When the action was completed.", s.DUE),
}
EXAMPLE: dict[str, Key] = {
    "rag": Key("The level it must have.", s.LEVEL, required=True),
    **{key: known for key, known in MEASURED.items() if key != "exclusion_reason"},
    "period": _PERIOD,
    **_OF_ACTIONS,
    "note": Key("For readers.", s.TEXT),
}

EXPECTED: dict[str, Key] = {
    "rag": Key("The final level.", s.LEVEL),
    "adjusted": Key("The level before an override.", s.LEVEL),
    "computed": Key("The level before grace, evidence and persistence.", s.LEVEL),
    "reason": Key("Why it is grey.", s.TEXT),
    "shortfall": Key("How far it is from the target.", _CELL),
    "movement": Key("improved, worsened, unchanged …", s.TEXT),
    "target": Key("The target it was judged by.", s.any_of(s.NUMBER, s.TEXT)),
    "needed_for": Key("What would make it a level, by level.", s.map_of(_CELL, "level")),
    "problem": Key("A code, or a text that must stand in a problem's message.", s.TEXT),
    "days_late": Key("How late an action is.", s.NUMBER),
    "previous": Key("The level before.", s.LEVEL),
    "value": Key("The value it was judged by.", _CELL),
}

CASE: dict[str, Key] = {
    "name": Key("What the case shows, in a few words.", s.TITLE, required=True),
    "kpi": Key('The KPI it is about: "area.kpi".', s.TEXT),
    "action": Key('The action it is about: "area.action"; with as_at.', s.TEXT),
    "area": Key("The area it is about; with ratings.", s.TEXT),
    "rules": Key("Rules of its own: a text, or a table of files.", s.any_of(s.TEXT, s.map_of(s.TEXT, "file"))),
    "period": _PERIOD,
    **MEASURED,
    "history": Key("Measurements of the periods before.", s.list_of(s.table_of("past"))),
    **_OF_ACTIONS,
    "previous": Key("The level of the action before.", s.LEVEL),
    "ratings": Key("Levels of the area's children, by id.", s.map_of(s.LEVEL, "child")),
    "expect": Key("What must come out.", s.table_of("expected"), required=True),
    "unconfirmed": Key("true: written by ragengine test --write-missing, and no person has read it yet.", s.FLAG),
    "note": Key("For readers.", s.TEXT),
}

CASES_FILE: dict[str, Key] = {"case": Key("Tests of the rules, as data.", s.list_of(s.table_of("case")))}
