"""The states of a row as formulas: the table of :mod:`ragengine.data.states`, in its order.

A state is ``value``, the reason of a grey, or ``no value`` for what is missing, which the rules may give a level.
Each step is a column of its own, so that whoever checks a row sees which one decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ...data.states import APART
from ...terms import Reason
from ..band_rows import Given

__all__ = ["PLACES", "of_rule", "state_columns"]

#: decimals that values and edges are compared to: spreadsheets hold 15 digits and no more
PLACES = 9

#: columns that may hold a number, and those of them that are counts
_CELLS = ("value", "over", "under", "less", "target")
_COUNTS = ("over", "under", "less")

#: blanks around a text that are none of it, besides the space; the no-break space stands as itself, for its number
#: differs between systems
_BLANKS = ('"\u00a0"', "CHAR(9)", "CHAR(10)", "CHAR(13)")


def of_rule(column: str) -> str:
    """A cell of the rule in force, as text."""
    return f'INDEX(bands_{column},{{rule_row}})&""'


def state_columns() -> Iterator[tuple[str, str]]:
    """The columns that lead to the state of a row, by name, and ``given``: what the band table has for it."""
    for name in _CELLS:
        yield f"bare_{name}", _bare(name)
        yield f"is_{name}", _is(name)
    yield "word", _word()
    yield "counts", _counts()
    yield "raw", _raw()
    yield "state", _state()
    yield "given", _given()


def _first(pairs: Iterable[tuple[str, str]], otherwise: str) -> str:
    """The first of these whose condition holds."""
    text = otherwise
    for condition, then in reversed(list(pairs)):
        text = f"IF({condition},{then},{text})"
    return text


def _said(text: str) -> str:
    return f'"{text}"'


def _bare(name: str) -> str:
    """A cell's text without blanks around it; those within stay as they are, where TRIM would take some away."""
    spaced = f"{{{name}}}"
    for blank in _BLANKS:
        spaced = f'SUBSTITUTE({spaced},{blank}," ")'
    trimmed = f"TRIM({spaced})"
    text = f'IF({trimmed}="","",IF(ISNUMBER(FIND({trimmed},{{{name}}})),{trimmed},{{{name}}}&""))'
    return f'IF(ISERROR({{{name}}}),"",IF(ISLOGICAL({{{name}}}),IF({{{name}}},"true","false"),{text}))'


def _is(name: str) -> str:
    """What a cell holds: ``value`` for a number, nothing, the reason of a symbol, or ``invalid``."""
    number = f'IF(ABS({{{name}}})<1E+15,"{Given.VALUE}","{Reason.INVALID}")'
    found = f"SUMPRODUCT(EXACT(symbols_text,{{bare_{name}}})*symbols_row)"
    return _first(
        [
            (f"ISERROR({{{name}}})", _said(Reason.INVALID)),
            (f"ISLOGICAL({{{name}}})", _said(Reason.INVALID)),
            (f"ISNUMBER({{{name}}})", number),
            (f'{{bare_{name}}}=""', '""'),
            (f"{found}=0", _said(Reason.INVALID)),
        ],
        f"INDEX(symbols_reason,{found})",
    )


def _symbol(name: str) -> str:
    none = "".join(f',{{is_{name}}}<>"{each}"' for each in ("", Given.VALUE, Reason.INVALID))
    return f"AND({none.removeprefix(',')})"


def _word() -> str:
    """The word that a row has, folded, where the rule lists it; nothing otherwise."""
    listed = "SUMPRODUCT(EXACT(bands_kpi,{kpi})*EXACT(bands_entity,{own})*EXACT(bands_word,LOWER({bare_value})))"
    return f'IF(OR({{rule_row}}=0,{{bare_value}}=""),"",IF({listed}>0,LOWER({{bare_value}}),""))'


def _counted() -> str:
    """What is left of the denominator."""
    return f"ROUND({{under}}-N({{less}}),{PLACES})"


def _counts() -> str:
    """What a row's counts come to, before it is asked what is valid."""
    wrong = [f'{{is_{name}}}="{Reason.INVALID}",N({{{name}}})<0' for name in _COUNTS]
    excess = f'AND({{is_less}}="{Given.VALUE}",{{is_under}}="{Given.VALUE}",N({{less}})>N({{under}}))'
    return _first(
        [
            ("{rule_row}=0", _said(Reason.INVALID)),
            ('AND({is_over}="",{is_under}="")', _said(Given.NO_VALUE)),
            *((_symbol(name), f"{{is_{name}}}") for name in _COUNTS),
            (f"OR({','.join(wrong)},{excess})", _said(Reason.INVALID)),
            ('OR({is_over}="",{is_under}="")', _said(Given.NO_VALUE)),
            (f"{_counted()}<>0", _percentage()),
            ("{over}=0", _said(Reason.NO_CASES)),
        ],
        _said(Reason.DIVISION_BY_ZERO),
    )


def _percentage() -> str:
    return f'IF({of_rule("value_from")}="value or counts","{Given.VALUE}","{Reason.MISSING_INPUT}")'


def _raw() -> str:
    """The number that a row comes to, before it is asked whether it can be."""
    share = f'IF(AND({{is_value}}="",{{counts}}="{Given.VALUE}"),ROUND(100*{{over}}/{_counted()},{PLACES}),"")'
    return f'IF({{is_value}}="{Given.VALUE}",ROUND({{value}},{PLACES}),{share})'


def _hundredth() -> str:
    """Whether a value is the hundredth of what the counts beside it say: a share written as a percentage."""
    share, apart = f"100*{{over}}/{_counted()}", float(APART)
    far = f"ROUND(ABS({{raw}}-{share}),{PLACES})>{apart}"
    return f'IF({{counts}}="{Given.VALUE}",AND({far},ROUND(ABS(100*{{raw}}-{share}),{PLACES})<={apart}),FALSE)'


def _outside() -> str:
    """Whether the number lies outside what is valid."""
    low, high = (
        f'IF(INDEX(bands_valid_{end},{{rule_row}})="",FALSE,{{raw}}{sign}INDEX(bands_valid_{end},{{rule_row}}))'
        for end, sign in (("min", "<"), ("max", ">"))
    )
    return f'IF({{raw}}="",FALSE,OR({low},{high}))'


def _state() -> str:
    """What stands for a value: ``value``, or why there is none."""
    invalid = _said(Reason.INVALID)
    word = _first(
        [
            ('{word}<>""', _said(Given.VALUE)),
            (f'{{is_value}}="{Given.VALUE}"', invalid),
            ('{is_value}=""', _said(Given.NO_VALUE)),
        ],
        "{is_value}",
    )
    value = _first([(_hundredth(), invalid), (_outside(), invalid)], _said(Given.VALUE))
    counts = f'IF(AND({{counts}}="{Given.VALUE}",{_outside()}),{invalid},{{counts}})'
    return _first(
        [
            ('{kpi}=""', '""'),
            ("{rule_row}=0", invalid),
            (f'{of_rule("value_from")}=""', _said(Given.ANYTHING)),
            (f'{of_rule("value_from")}="word"', word),
            (f'{{is_value}}="{Given.VALUE}"', value),
            ('{is_value}<>""', "{is_value}"),
        ],
        counts,
    )


def _given() -> str:
    """What was found, as the band table has it: a target that is asked for, then too few cases."""
    needs, least = of_rule("target_needed"), "N(INDEX(bands_minimum_n,{rule_row}))"
    unusable = f'OR({{is_target}}="{Reason.INVALID}",AND({needs}="above 0",N({{target}})<=0))'
    return _first(
        [
            (f'{{state}}<>"{Given.VALUE}"', "{state}"),
            (f'AND({needs}<>"",OR({{is_target}}="",{_symbol("target")}))', _said(Given.NO_TARGET)),
            (f'AND({needs}<>"",{unusable})', _said(Given.UNUSABLE_TARGET)),
            (f'AND({{is_under}}="{Given.VALUE}",N({{under}})<{least})', _said(Reason.SMALL_NUMBERS)),
        ],
        _said(Given.VALUE),
    )
