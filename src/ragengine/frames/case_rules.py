"""What the intervals of cases take of the rules: in which way each is made, and how confident it is."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cached_property
from typing import Any

import narwhals.stable.v2 as nw
from attrs import define

from ..catalogue import Catalogue, Cell
from ..catalogue.intervals import CaseColumns
from ..rulebook.expression import Expression
from ..statistics import BYAR_FROM, exact_poisson, normal_quantile
from .engines import unused
from .small_table import SmallTable

__all__ = ["FEW", "CaseRules"]

#: the columns of the exact limits of few cases
FEW = (unused("few_lower"), unused("few_upper"))
_BY_FORMULA = (CaseColumns.RATE, CaseColumns.SHARE)


@define(slots=False)
class CaseRules:
    """The rules of a catalogue that compare the interval of their cases; there is one at least.

    Attributes:
        cells: theirs.
        ways: in which ways their intervals are made.
        beside_others: whether values come from more than one source.
    """

    cells: list[Cell]
    ways: frozenset[CaseColumns]
    beside_others: bool

    @classmethod
    def of(cls, catalogue: Catalogue) -> CaseRules | None:
        """Those of a catalogue; None where there are none."""
        compared = [cell for cell in catalogue.cells if cell.kpi.id in catalogue.compared]
        cells = [cell for cell in compared if CaseColumns.of(cell.kpi) is not CaseColumns.NONE]
        ways = frozenset(CaseColumns.of(cell.kpi) for cell in cells)
        return cls(cells, ways, len(catalogue.sources) > 1) if cells else None

    @property
    def shares(self) -> bool:
        """Whether any has Wilson's interval."""
        return bool(self.ways & {CaseColumns.COUNTS, CaseColumns.SHARE})

    @property
    def counts(self) -> bool:
        """Whether any has Poisson's, or Byar's; of a share with more cases than there can be it is that, too."""
        return bool(self.ways & {CaseColumns.VALUE, *_BY_FORMULA})

    @cached_property
    def rates(self) -> dict[int, Expression]:
        """The formulas whose numerators are cases, by the number of their source."""
        rates = (cell for cell in self.cells if CaseColumns.of(cell.kpi) in _BY_FORMULA)
        return {cell.source: cell.kpi.formula for cell in rates if cell.kpi.formula is not None}

    @cached_property
    def _confidences(self) -> list[Fraction]:
        return list(dict.fromkeys(cell.kpi.confidence for cell in self.cells if cell.kpi.confidence is not None))

    def columns(self) -> dict[str, tuple[Callable[[Cell], Any], Any]]:
        """What is looked up for each cell, and what there is of a rule that nobody knows."""
        found: dict[str, tuple[Callable[[Cell], Any], Any]] = {
            "cases": (lambda cell: int(CaseColumns.of(cell.kpi)), int(CaseColumns.NONE)),
        }
        if len(self._confidences) > 1:
            found["z"] = (lambda cell: self._quantiles[self._number(cell)], 1.0)
        return {**found, "confidence": (self._number, 0)} if self.counts else found

    @property
    def z(self) -> nw.Expr:
        """The quantile of the normal distribution that belongs to the confidence of each row's rule."""
        return nw.col(unused("z")) if len(self._confidences) > 1 else nw.lit(self._quantiles[0])

    @cached_property
    def _quantiles(self) -> list[float]:
        return [float(normal_quantile(confidence)) for confidence in self._confidences]

    def _number(self, cell: Cell) -> int:
        """The number of a rule's confidence; of one without, the first."""
        confidence = cell.kpi.confidence
        return self._confidences.index(confidence) if confidence in self._confidences else 0

    @cached_property
    def few_cases(self) -> SmallTable:
        """The exact limits of few cases, by the number of the confidence and theirs; the last of each is for more."""
        ends: list[tuple[float, float]] = []
        for confidence in self._confidences:
            limits = (exact_poisson(number, confidence) for number in range(BYAR_FROM))
            ends += [*((float(each.lower), float(each.upper)) for each in limits), (0.0, 0.0)]
        return SmallTable.of({FEW[0]: [end for end, _ in ends], FEW[1]: [end for _, end in ends]})
