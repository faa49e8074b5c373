"""The doors that take one row after another: ``book.rate``, ``rate_many`` and cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import ragengine
from ragengine.rulefile.load import load_rules
from ragengine.toml.write import toml_value
from ragengine.workbench.testing.case_runner import run_case

from .door import Answer, Answers, Door, book_of, is_finite, numbers_of
from .row import INPUTS, Given, Table

__all__ = ["DOORS", "rating_of"]

_INVALID = Answer("grey", "grey", "grey", "invalid")


def _details(cells: Mapping[str, Any]) -> dict[str, Any]:
    """The cells as ``rate`` takes them: a formula's inputs apart."""
    made = {name: cell for name, cell in cells.items() if name not in (*INPUTS, "day")}
    inputs = {name: cells[name] for name in INPUTS if name in cells}
    return made | ({"inputs": inputs} if inputs else {})


def rating_of(table: Table, given: Given) -> Any:
    """What ``book.rate`` says of a row; raises BadArgument for a period that cannot be read."""
    row, details = given.row, _details(given.cells)
    if row.is_action:
        status = details.pop("status")
        return book_of(table).rate(given.subject, as_at=row.period, status=status, **details)
    if given.history:
        details["history"] = [_details(past) for past in given.history]
    if row.entity:
        details["entity"] = row.entity
    return book_of(table).rate(given.subject, period=given.period, **details)


def _rate(table: Table, givens: Sequence[Given]) -> Answers:
    made = {}
    for given in givens:
        try:
            made[given.number] = Answer.of(rating_of(table, given))
        except ragengine.BadArgument as error:
            # a caller's period that cannot be read is an exception, by name
            made[given.number] = _INVALID if error.argument == "period" else Answer.broken(error)
        except Exception as error:
            made[given.number] = Answer.broken(error)
    return made


def _rate_many(table: Table, givens: Sequence[Given]) -> Answers:
    """All at once; one by one where a row of them is refused."""
    rows = [(given.subject, given.period, given.cells["value"]) for given in givens]
    try:
        rated = book_of(table).rate_many(rows)
        return {given.number: Answer.of(rating) for given, rating in zip(givens, rated, strict=True)}
    except Exception as error:
        if len(givens) == 1:
            return {givens[0].number: Answer.broken(error)}
    return {number: answer for given in givens for number, answer in _rate_many(table, [given]).items()}


def _is_readable(given: Given) -> bool:
    return given.row.expected.reason != "invalid" or given.row.why != "a period that cannot be read"


def _takes_overrides(given: Given) -> bool:
    return given.row.kind != "judgements" or given.row.rule == "own"


def _is_plain(given: Given) -> bool:
    plain = set(given.cells) == {"value"} and not given.history and not given.row.entity
    return plain and _takes_overrides(given) and _is_readable(given)


def _case(given: Given) -> str:
    row = given.row
    cells = {name: cell for name, cell in given.cells.items() if name not in ("status", "day")}
    made: dict[str, Any] = {"name": str(given.number)}
    if row.is_action:
        made |= {"action": given.subject, "as_at": row.period, "status": given.cells["status"]}
    else:
        made |= {"kpi": given.subject, "period": row.period} | ({"entity": row.entity} if row.entity else {})
    made |= cells
    if given.history:
        made["history"] = [{name: cell for name, cell in past.items() if name != "day"} for past in given.history]
    return "[[case]]\n" + "".join(f"{name} = {_toml(cell)}\n" for name, cell in made.items()) + 'expect.rag = "red"\n'


def _toml(cell: Any) -> str:
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    if isinstance(cell, float):
        return repr(cell)
    if isinstance(cell, list | tuple):
        return f"[{', '.join(map(_toml, cell))}]"
    if isinstance(cell, dict):
        return "{ " + ", ".join(f"{name} = {_toml(each)}" for name, each in cell.items()) + " }"
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return toml_value(cell)


def _cases(table: Table, givens: Sequence[Given]) -> Answers:
    """All in one file; where a case cannot be read there, that one is told and the others are asked without it."""
    made: dict[int, Answer] = {}
    left = list(givens)
    while left:
        texts = {given.number: _case(given) for given in left}
        rules, problems = load_rules(table.files | {"a.cases.toml": "".join(texts.values())})
        if rules is not None:
            book = ragengine.Rulebook(rules)
            for case in rules.cases:
                ran = run_case(book, case)
                made[int(case.name)] = Answer(fault=ran.wrong[0]) if ran.rating is None else Answer.of(ran.rating)
            break
        refused = _refused(texts, {problem.place.line: problem.text for problem in problems if problem.is_error})
        assert refused, problems
        made |= refused
        left = [given for given in left if given.number not in refused]
    return made


def _refused(texts: Mapping[int, str], wrong: Mapping[int, str]) -> dict[int, Answer]:
    """The cases on whose lines a problem stands."""
    found, line = {}, 1
    for number, text in texts.items():
        after = line + text.count("\n")
        told = [message for at, message in wrong.items() if line <= at < after]
        if told:
            found[number] = Answer(fault=f"refused where it is read: {told[0]:.120}")
        line = after
    return found


def _is_written(given: Given) -> bool:
    """Whether a case can say it: TOML's nan and inf are refused where they are read, and so are lists and tables."""
    cells = numbers_of(given)
    plain = all(cell is None or isinstance(cell, str | int | float | Decimal | bool) for cell in cells)
    sets = isinstance(given.cells.get("causes"), frozenset) or given.kind == "evidence"
    return (
        is_finite(given)
        and plain
        and not sets
        and _takes_overrides(given)
        and not isinstance(given.cells.get("status"), bool)
        and not isinstance(given.period, datetime)
    )


DOORS = (
    Door("rate", _takes_overrides, _rate, takes_pandas=True),
    Door("rate_many", _is_plain, _rate_many, takes_pandas=True),
    Door("cases", lambda given: _is_written(given) and _is_readable(given), _cases),
)
