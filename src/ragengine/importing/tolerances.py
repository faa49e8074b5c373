"""The width of amber as a cell says it, and the amber line as threshold columns say it."""

from __future__ import annotations

import re
from fractions import Fraction

from attrs import frozen

from ..number import text
from ..rulebook.compile import shortfall
from ..terms import Direction
from ..toml.write import toml_number
from .draft import Draft, Seen
from .quantities import MOST_OF_ONE, read_bound, read_quantity
from .spellings import folded

__all__ = ["Tolerance", "put_amber_line", "put_tolerance", "read_tolerance"]

_NONE = frozenset({"", "n a", "na", "none", "nil", "no", "no tolerance", "no amber", "not applicable"})
#: characters of a cell that can be a tolerance
_LONGEST = 120
_SIGN = re.compile(r"(?:±|\+\s*/?\s*-|\+|(-|−))\s*")
_OF_TARGET = re.compile(r"(.+?)\s*(?:%|per ?cent)\s*(?:of|off|from|below|within)\s*(?:the )?target", re.IGNORECASE)
_POINTS = re.compile(r"(.+?)\s*(?:pp|ppts?|p\.p\.|%?\s*points?|percentage points?)\.?", re.IGNORECASE)


@frozen
class Tolerance:
    """A width of amber: in the KPI's unit, or per cent of the target.

    Attributes:
        doubt: the other thing it may mean; empty where it can mean only one.
    """

    amount: Fraction
    of_target: bool = False
    doubt: str = ""

    def value(self, unit: str) -> Fraction | str:
        """As a rule file writes it."""
        if not self.amount:
            return Fraction(0)
        number = toml_number(self.amount)
        if self.of_target:
            return f"{number}% of target"
        return f"{number} pp" if unit == "%" else self.amount


def read_tolerance(written: str, unit: str, *, share: bool = False) -> Tolerance | None:
    """What a tolerance cell says, or None.

    ``share``: plain numbers of this row are shares of one. ``5%`` beside a target in per cent may be points or per
    cent of the target. Of the published rules that were looked at, six of seven mean the latter, which is the
    narrower amber, too.

    >>> read_tolerance("5%", "days"), read_tolerance("5%", "%").doubt
    (Tolerance(amount=Fraction(5, 1), of_target=True, doubt=''), 'or "5 pp"')
    """
    written = " ".join(written.split())
    if len(written) > _LONGEST:
        return None
    if folded(written) in _NONE and not any(c.isdigit() for c in written):
        return Tolerance(Fraction(0))
    sign = _SIGN.match(written)
    bare = written[sign.end() :] if sign is not None else written
    negative = f"{written} is read as {bare}" if sign is not None and sign[1] else ""
    of_target, points = _OF_TARGET.fullmatch(bare), _POINTS.fullmatch(bare)
    quantity = read_quantity(of_target[1] if of_target else points[1] if points else bare)
    if quantity is None or quantity.value < 0:
        return None
    amount, number = quantity.value, toml_number(quantity.value)
    if not amount:
        return Tolerance(amount)
    if of_target is not None:
        return Tolerance(amount, True, negative)
    if points is not None:
        return Tolerance(amount, False, negative)
    if quantity.unit == "%":
        other = f'or "{number} pp"' if unit == "%" else ""
        return Tolerance(amount, True, _joined(negative, other))
    if unit != "%":
        return Tolerance(amount, False, negative)
    if share and amount <= 1:
        amount, number = amount * 100, toml_number(amount * 100)
    return Tolerance(amount, False, _joined(negative, f'or "{number}% of target"'))


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def put_tolerance(draft: Draft, seen: Seen, lowest: Fraction | None) -> None:
    """Writes ``tolerance``; ``lowest`` is the target, or the lower end of its range, where it is known."""
    if not seen.text:
        draft.put("tolerance", 0, f"no tolerance is given, so there is no amber ({seen})")
        return
    tolerance = read_tolerance(seen.text, draft.unit, share=draft.percent_of_one)
    if tolerance is None:
        draft.put("tolerance", 0, f"the tolerance cannot be read, so there is no amber ({seen})")
    elif tolerance.of_target and lowest is not None and lowest <= 0:
        said = f"{seen.text} of a target of {text(lowest)} makes no amber: write its width in the KPI's unit ({seen})"
        draft.put("tolerance", 0, said)
    else:
        doubt = f"{tolerance.doubt} ({seen})" if tolerance.doubt else ""
        draft.put("tolerance", tolerance.value(draft.unit), doubt)


def put_amber_line(draft: Draft, amber: Seen, red: Seen, target: Fraction, direction: Direction) -> bool:
    """Writes ``amber`` from the threshold columns; whether they say it."""
    for seen, of_red in ((amber, False), (red, True)):
        bound = read_bound(seen.text)
        if bound is None:
            continue
        ends = [quantity.value for quantity in (bound.low, bound.high) if quantity is not None]
        if draft.percent_of_one and bound.unit != "%" and all(abs(end) <= MOST_OF_ONE for end in ends):
            ends = [end * 100 for end in ends]
        near, far = sorted(ends, key=lambda end: abs(end - target))[0], max(ends, key=lambda end: abs(end - target))
        line = near if of_red else far
        short = shortfall(line, target, direction)
        if short is None or short < 0:
            draft.put("tolerance", 0, f"{text(line)} lies beyond the target, so it cannot be where amber ends ({seen})")
            return True
        said = ""
        if of_red and not bound.beyond:
            said = f"{text(line)} itself is amber here: write it a little lower or higher if it is red ({seen})"
        elif bound.high is not None and not of_red and near != target:
            said = f"amber runs from {text(far)} up to the target {text(target)} ({seen})"
        elif not of_red and bound.beyond:
            said = f"{text(line)} itself is amber here ({seen})"
        draft.put("tolerance" if line == target else "amber", 0 if line == target else line, said)
        return True
    return False
