"""The formulas of the sheet that rates: look-ups in the sheet of rules, in functions that every spreadsheet has.

No formula knows a rule: each finds its row in the band table by KPI, entity, day, answers and value.
"""

from __future__ import annotations

from attrs import frozen

from ...terms import GREY, Reason
from ..band_rows import Given
from .states import PLACES, of_rule, state_columns

__all__ = ["COLUMNS", "LAST_DAY", "PLACES", "formula"]

#: a day after all others, where a rule has no last one
LAST_DAY = 2958465


@frozen
class InputColumn:
    """One column of the sheet.

    Attributes:
        formula: with ``{kpi}`` and the like for cells of the same row; empty where people fill it in.
        hint: what is told when a cell to fill in is chosen.
        hidden: whether it only serves other columns.
    """

    name: str
    heading: str
    width: int
    formula: str = ""
    hint: str = ""
    hidden: bool = False


def _end(side: str, column: str) -> str:
    """One end of the target in force: the rule's, or the one that the row brings; empty for none."""
    stated = f'IF(INDEX(bands_{column},{{rule_row}})="","",INDEX(bands_{column},{{rule_row}}))'
    brought = f'IF({{is_target}}="{Given.VALUE}",{{target}},"")'
    return f'IF({{rule_row}}=0,"",IF(INDEX(bands_target_side,{{rule_row}})="{side}",{brought},{stated}))'


def _in_force() -> str:
    """1 for each row of the KPI, or of the entity's own rule, on the day; none on what is no day."""
    day = f'IF({{day}}="",{LAST_DAY},IF(ISNUMBER({{day}}),INT({{day}}),{LAST_DAY + 1}))'
    return f"EXACT(bands_kpi,{{kpi}})*EXACT(bands_entity,{{own}})*(bands_from<=INT(N({{day}})))*(bands_until>={day})"


def _edge(name: str) -> str:
    moved = f"bands_{name}_per_target*N({{target}})+bands_{name}_per_size*ABS(N({{target}}))"
    return f"ROUND(bands_{name}+{moved},{PLACES})"


def _inside() -> str:
    """1 for each row whose band holds the number."""
    sides = []
    for name, sign in (("lower", "<"), ("upper", ">")):
        edge = _edge(name)
        sides.append(
            f'(((bands_{name}="")+({edge}{sign}{{number}})+({edge}={{number}})*(bands_{name}_included=TRUE))>0)'
        )
    return "*".join(sides)


def _band_row() -> str:
    same = '(bands_given={given})*(bands_held={answer})*((bands_word="")+EXACT(bands_word,{word}))'
    return (
        'IF(OR({kpi}="",{rule_row}=0),0,SUMPRODUCT('
        f'{_in_force()}*(((bands_given="{Given.ANYTHING}")+{same}*{_inside()})>0)*bands_row))'
    )


def _result(column: str, otherwise: str) -> str:
    """A cell of the band that was found."""
    return f'IF({{kpi}}="","",IF({{band_row}}=0,{otherwise},INDEX(bands_{column},{{band_row}})&""))'


_GREY = f'"{GREY.symbol} {GREY.label}"'
_WHY = f'IF({{given}}="{Given.VALUE}","{Reason.INVALID}",IF({{given}}="{Given.NO_VALUE}","{Reason.NO_DATA}",{{given}}))'

_INPUTS = (
    InputColumn("kpi", "KPI", 34, hint="Choose one of the list."),
    InputColumn("entity", "Entity", 14, hint="Organisation or team, where it has a rule of its own; else blank."),
    InputColumn("day", "Period end", 12, hint="The last day of the period decides which rule is in force."),
    InputColumn(
        "value", "Value", 12, hint="93 for 93%, not 93%. A word where the rule has words. c, z, .. as printed."
    ),
    InputColumn("over", "Numerator", 11, hint="With a denominator, where there is no value."),
    InputColumn("under", "Denominator", 12),
    InputColumn("less", "Excluded", 10, hint="How many of the denominator do not count."),
    InputColumn("target", "Target brought", 12, hint="Only where the rule leaves the target to the data."),
    InputColumn(
        "held", "Conditions hold?", 14, hint="yes or no for each condition on the left: yes, no. Blank means no."
    ),
)

_RESULTS = (
    InputColumn("level", "Level", 14, _result("level", _GREY)),
    InputColumn("computed", "By the rule alone", 14, _result("computed", _GREY)),
    InputColumn("reason", "Reason", 16, _result("reason", _WHY)),
    InputColumn("band", "Band", 26, _result("band", '""')),
    InputColumn(
        "in_force",
        "Target",
        10,
        'IF({low}="",{high},IF({high}="",{low},IF({number}="","",IF({low}-{number}>={number}-{high},{low},{high}))))',
    ),
    InputColumn(
        "shortfall",
        "Shortfall",
        10,
        'IF(OR({number}="",AND({low}="",{high}="")),"",'
        'ROUND(IF({high}="",{low}-{number},IF({low}="",{number}-{high},MAX({low}-{number},{number}-{high}))),'
        f"{PLACES}))",
    ),
    InputColumn("grace", "Grace", 16, _result("grace", '""')),
    InputColumn("rule", "Rule", 24, f'IF({{rule_row}}=0,"",{of_rule("rule")})'),
)

_ASKED = InputColumn("asked", "Conditions", 24, f'IF({{rule_row}}=0,"",{of_rule("conditions")})')

_SERVING = (
    InputColumn(
        "own",
        "entity",
        8,
        'IF({entity}="","",IF(SUMPRODUCT(EXACT(bands_kpi,{kpi})*EXACT(bands_entity,{entity}))>0,{entity},""))',
    ),
    InputColumn("rule_row", "rule row", 8, f'IF({{kpi}}="",0,SUMPRODUCT(MAX({_in_force()}*bands_row)))'),
    *(InputColumn(name, name.replace("_", " "), 8, text) for name, text in state_columns()),
    InputColumn("number", "number", 8, f'IF(AND({{state}}="{Given.VALUE}",{{word}}=""),{{raw}},"")'),
    InputColumn(
        "answer",
        "answer",
        8,
        f'IF({{rule_row}}=0,"",IF(TRIM({{held}})="",{of_rule("held_if_blank")},LOWER(TRIM({{held}}))))',
    ),
    InputColumn("low", "low", 8, _end("at least", "target_low")),
    InputColumn("high", "high", 8, _end("at most", "target_high")),
    InputColumn("band_row", "band row", 8, _band_row()),
)

#: the sheet's columns, from left to right
COLUMNS = (
    *_INPUTS[:-1],
    _ASKED,
    _INPUTS[-1],
    *_RESULTS,
    *(InputColumn(each.name, each.heading, each.width, each.formula, hidden=True) for each in _SERVING),
)


def _letters(number: int) -> str:
    """The letters of a column, from 0."""
    return chr(65 + number) if number < 26 else _letters(number // 26 - 1) + chr(65 + number % 26)


def formula(column: InputColumn, row: int) -> str:
    """A column's formula in a row of the sheet, from 1."""
    cells = {each.name: f"${_letters(number)}{row}" for number, each in enumerate(COLUMNS)}
    return "=" + column.formula.format(**cells)
