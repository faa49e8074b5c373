"""The width of amber as a tolerance cell says it."""

from __future__ import annotations

import re
from fractions import Fraction

from attrs import frozen

from ..number import text
from ..toml.write import toml_number
from .draft import Draft, Seen
from .quantities import Quantity, read_quantity
from .spellings import folded
from .units import Unit

__all__ = ["NO_TOLERANCE", "put_tolerance", "read_tolerance"]

_NONE = frozenset({"", "n a", "na", "none", "nil", "no", "no tolerance", "no amber", "not applicable", "zero"})
#: the mark of a rule whose sheet says nothing of amber
NO_TOLERANCE = "no tolerance is given, so there is no amber"
#: characters of a cell that can be a tolerance
_LONGEST = 120
_SIGN = re.compile(r"(?:±|plus(?: or |/)minus(?= )|\+\s*/?\s*-|\+|(-|−|–))\s*")
_LEAD = re.compile(
    r"(?:within|up to|less than|no more than|not more than|at most|max(?:imum)?(?: of)?|<\s*=?|≤|by|a|amber(?: is"
    r"| if)?:?|tolerance(?: of)?:?|allow(?:s|ed)?)\s+|[<≤]=?\s*",
    re.IGNORECASE,
)
_SIDES = re.compile(
    r"\s*(?:either (?:side|way)|(?:below|under|above|over|off|away|out|adrift|worse|short|deviation|variance"
    r"|tolerance|margin|amber|allowed)"
    r"(?: (?:tolerance|variance|margin))?|\(?relative\)?)(?: of target| from target)?$",
    re.IGNORECASE,
)
_OF_TARGET = re.compile(
    r"(.+?)\s*(?:%|per ?cent)\s*(?:of|off|from|below|above|under|over|within|variance (?:from|against|to)"
    r"|either side of|adrift of)\s*(?:the )?target(?: value)?",
    re.IGNORECASE,
)
_SHARE = re.compile(r"(.+?)\s*(?:%|per ?cent)\s*of\s*(?:the )?target(?: value)?", re.IGNORECASE)
_POINTS = re.compile(
    r"(.+?)\s*(?:pp|ppts?|p\.p\.|%?\s*points?|%?\s*pts|percentage[ -]points?|%-?points?)\.?", re.IGNORECASE
)


@frozen
class CellWidth:
    """A width of amber: in the KPI's unit, or per cent of the target.

    Attributes:
        doubt: the other thing it may mean; empty where it can mean only one.
        other: the width that it may mean instead, in points for per cent of the target and the other way round.
    """

    amount: Fraction
    of_target: bool = False
    doubt: str = ""
    other: bool = False

    def value(self, unit: str) -> Fraction | str:
        """As a rule file writes it."""
        if not self.amount:
            return Fraction(0)
        number = toml_number(self.amount)
        if self.of_target:
            return f"{number}% of target"
        return f"{number} pp" if unit == "%" else self.amount

    def other_value(self, unit: str) -> Fraction | str:
        """As a rule file writes the other thing it may mean."""
        return CellWidth(self.amount, not self.of_target).value(unit)


def read_tolerance(written: str, unit: str, *, share: bool = False, whole: Unit | None = None) -> CellWidth | None:
    """What a tolerance cell says, or None.

    ``share``: plain numbers of this row are shares of one. ``5%`` beside a target in per cent may be points or per
    cent of the target. Of the published rules that were looked at, six of seven mean the latter, which is the
    narrower amber, too.

    >>> read_tolerance("5%", "days"), read_tolerance("within 5%", "%").doubt
    (CellWidth(amount=Fraction(5, 1), of_target=True, doubt='', other=False), 'or "5 pp"')
    """
    written = " ".join(written.split())
    if len(written) > _LONGEST:
        return None
    if folded(written) in _NONE and not any(c.isdigit() for c in written):
        return CellWidth(Fraction(0))
    bare, negative = written, ""
    while (lead := _LEAD.match(bare)) is not None and lead.end() < len(bare):
        bare = bare[lead.end() :]
    sign = _SIGN.match(bare)
    if sign is not None:
        bare = bare[sign.end() :]
        negative = f"{written} is read as {bare}" if sign[1] else ""
    of_target, points = _OF_TARGET.fullmatch(bare), _POINTS.fullmatch(bare)
    sided = _SIDES.sub("", bare)
    points = points or _POINTS.fullmatch(sided)
    quantity = read_quantity(of_target[1] if of_target else points[1] if points else sided)
    if quantity is None or quantity.value < 0:
        return None
    if of_target is not None and _SHARE.fullmatch(bare) and quantity.value > 50:
        rest = toml_number(100 - quantity.value)
        said = f"amber from {toml_number(quantity.value)}% of the target is a tolerance of {rest}%"
        return CellWidth(abs(100 - quantity.value), True, _joined(negative, said))
    return _of(quantity, negative, unit, of_target is not None, points is not None, share=share, whole=whole)


def _of(
    quantity: Quantity, negative: str, unit: str, of_target: bool, points: bool, *, share: bool, whole: Unit | None
) -> CellWidth:
    amount = quantity.value
    if not amount:
        return CellWidth(amount)
    if of_target:
        return CellWidth(amount, True, negative)
    if points:
        return CellWidth(amount, False, negative)
    number = toml_number(amount)
    if quantity.unit == "%":
        if unit == "%":
            return CellWidth(amount, True, _joined(negative, f'or "{number} pp"'), other=True)
        return CellWidth(amount, True, negative)
    if unit != "%":
        return CellWidth(whole.number(quantity) if whole is not None else amount, False, negative)
    if share and amount <= 1:
        amount, number = amount * 100, toml_number(amount * 100)
    return CellWidth(amount, False, _joined(negative, f'or "{number}% of target"'), other=True)


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def _points_likelier(tolerance: CellWidth, target: Fraction) -> bool:
    """Whether per cent of a small percentage would be next to nothing: 1% beside a target of 5%."""
    return tolerance.of_target and target >= tolerance.amount and target * tolerance.amount < 30


def put_tolerance(draft: Draft, seen: Seen, unit: Unit, lowest: Fraction | None, *, nothing_else: bool = True) -> None:
    """Writes ``tolerance``; ``lowest`` is the target, or the lower end of its range, where it is known.

    ``nothing_else``: whether no other cell says where amber is, so that none is a guess.
    """
    if not seen.text:
        said = f"{NO_TOLERANCE} ({seen})" if nothing_else else ""
        draft.put("tolerance", 0, said)
        return
    tolerance = read_tolerance(unit.spelled(seen.text), unit.name, share=unit.share, whole=unit)
    if tolerance is None:
        draft.put("tolerance", 0, f"the tolerance cannot be read, so there is no amber ({seen})")
    elif tolerance.other and lowest is not None and _points_likelier(tolerance, lowest):
        first, second = (CellWidth(tolerance.amount, way).value(unit.name) for way in (False, True))
        mark = f'or "{second}" ({seen})'
        draft.put("tolerance", first, mark)
        draft.offer(f"tolerance {second}", asks=("tolerance", mark), tolerance=second)
    elif tolerance.of_target and lowest is not None and lowest <= 0:
        said = f"{seen.text} of a target of {text(lowest)} makes no amber: write its width in the KPI's unit ({seen})"
        draft.put("tolerance", 0, said)
    else:
        doubt = f"{tolerance.doubt} ({seen})" if tolerance.doubt else ""
        draft.put("tolerance", tolerance.value(unit.name), doubt)
        if tolerance.other:
            other = tolerance.other_value(unit.name)
            draft.offer(f"tolerance {other}", asks=("tolerance", doubt), tolerance=other)
