"""The keys of examples and cases: what a measurement brings, and what must come out."""

from __future__ import annotations

from ..terms import Status
from . import shapes as s
from .case_values import case_text, causes, cell, cells, day_or_period
from .keys import Key

__all__ = ["CASE", "CASES_FILE", "EXAMPLE", "EXPECTED", "MEASURED", "PAST", "UNDECLARED"]

#: the way out of a key of an example or a case that nothing reads
UNDECLARED = "an extra number is declared in the KPI's inputs"

_CELL = s.any_shape(s.NUMBER, s.TEXT)
_CAUSES = s.any_shape(s.TEXT, s.TEXTS)
_STATUS = s.choice(*Status)
#: what a measurement brings, in a case and in its history
MEASURED: dict[str, Key] = {
    "value": Key("The value, as a cell of the data would hold it.", _CELL, read=cell),
    "numerator": Key("How many of them.", _CELL, read=cell),
    "denominator": Key("How many in all.", _CELL, read=cell),
    "target": Key("The target that the measurement brings.", _CELL, read=cell),
    "entity": Key("Organisation or team.", s.TEXT, read=case_text),
    "causes": Key("Causes that the data name.", _CAUSES, read=causes),
    "evidence": Key("Evidence that the data name.", s.TEXT, read=case_text),
    "excluded": Key("Cases left out of the denominator.", _CELL, read=cell),
    "exclusion_reason": Key("Why they are left out.", s.TEXT, read=case_text),
}
#: a child of an area that rolls up scores
_RATED: s.Shape = {
    "title": "A level and a score",
    "type": "object",
    "properties": {"rag": s.LEVEL, "score": s.NUMBER},
    "required": ["rag", "score"],
    "additionalProperties": False,
}
_PERIOD = Key('The period it is of: "Jul-20".', s.DUE, read=day_or_period)
PAST: dict[str, Key] = {"period": _PERIOD, **MEASURED}
_OF_ACTIONS: dict[str, Key] = {
    "as_at": Key("The day on which it is judged.", s.DUE, read=day_or_period),
    "status": Key("How far the action has come.", _STATUS, read=case_text),
    "progress": Key("Progress of the action, 0 to 100.", _CELL, read=cell),
    "completed_on": Key("When the action was completed.", s.DUE, read=day_or_period),
}
EXAMPLE: dict[str, Key] = {
    "rag": Key("The level it must have.", s.LEVEL, read=case_text, required=True),
    **{key: known for key, known in MEASURED.items() if key != "exclusion_reason"},
    "period": _PERIOD,
    **_OF_ACTIONS,
    "note": Key("For readers.", s.TEXT, read=case_text),
}

EXPECTED: dict[str, Key] = {
    "rag": Key("The final level.", s.LEVEL, read=case_text),
    "adjusted": Key("The level before an override.", s.LEVEL, read=case_text),
    "computed": Key("The level before grace, evidence and persistence.", s.LEVEL, read=case_text),
    "reason": Key("Why it is grey.", s.TEXT, read=case_text),
    "shortfall": Key("How far it is from the target.", _CELL, read=cell),
    "movement": Key("improved, worsened, unchanged …", s.TEXT, read=case_text),
    "target": Key("The target it was judged by.", _CELL, read=cell),
    "needed_for": Key("What would make it a level, by level.", s.map_of(_CELL, "level"), read=cells),
    "problem": Key("A code, or a text that must stand in a problem's message.", s.TEXT, read=case_text),
    "days_late": Key("How late an action is.", s.NUMBER, read=cell),
    "previous": Key("The level before.", s.LEVEL, read=case_text),
    "value": Key("The value it was judged by.", _CELL, read=cell),
    "score": Key("The number beside the level; of an area the mean that its bands judge.", _CELL, read=cell),
}

CASE: dict[str, Key] = {
    "name": Key("What the case shows, in a few words.", s.TITLE, required=True),
    "kpi": Key('The KPI it is about: "area.kpi".', s.TEXT, read=case_text),
    "action": Key('The action it is about: "area.action"; with as_at.', s.TEXT, read=case_text),
    "area": Key("The area it is about; with ratings.", s.TEXT, read=case_text),
    "rules": Key("Rules of its own: a text, or a table of files.", s.any_shape(s.TEXT, s.map_of(s.TEXT, "file"))),
    "period": _PERIOD,
    **MEASURED,
    "history": Key("Measurements of the periods before.", s.list_of(s.table_of("past"))),
    **_OF_ACTIONS,
    "previous": Key("The level of the action before.", s.LEVEL, read=case_text),
    "ratings": Key(
        "Levels of the area's children, by id; { rag, score } where their scores roll up.",
        s.map_of(s.any_shape(s.LEVEL, _RATED), "child"),
    ),
    "expect": Key("What must come out.", s.table_of("expected"), required=True),
    "unconfirmed": Key("true: written by ragengine test --write-missing, and no person has read it yet.", s.FLAG),
    "note": Key("For readers.", s.TEXT, read=case_text),
}

CASES_FILE: dict[str, Key] = {"case": Key("Tests of the rules, as data.", s.list_of(s.table_of("case")))}
