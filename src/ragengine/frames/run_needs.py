"""What one rating of a frame takes: told of the rules, the columns that are there and the engine."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from ..catalogue import Catalogue
from ..errors import BadArgument, CannotRate
from .absent_ratings import MEASURED
from .cells import FrameColumns
from .engines import Engine
from .scores import SCORE, Scores
from .tables import Tables

__all__ = ["HISTORY", "OUTPUT", "RunNeeds"]

#: the columns that are added, in this order
OUTPUT = (
    "rag", "adjusted", "computed", "reason", "target", "shortfall", "band", "grace", "rule", "area", "edition",
)  # fmt: skip
#: those that are added beside them of earlier rows
HISTORY = ("previous", "movement")
#: what values are made of
_COUNTED = ("value", "numerator", "denominator", "excluded")


@frozen
class RunNeeds:
    """What a rating takes.

    Attributes:
        inputs: names of the rulebook's own numbers.
        given: the columns of the frame.
        columns: how they are read.
        scores: what scores take, where they are asked for.
    """

    tables: Tables
    inputs: tuple[str, ...]
    engine: Engine
    given: tuple[str, ...]
    columns: FrameColumns
    scores: Scores | None

    @property
    def catalogue(self) -> Catalogue:
        """The rules as they are looked up."""
        return self.tables.catalogue

    @property
    def known(self) -> tuple[str, ...]:
        """The columns of the frame that a rating may take."""
        return ("kpi", "period", *(name for name in (*MEASURED[2:], *self.inputs) if name in self.given))

    @property
    def refused(self) -> dict[str, str]:
        """The KPIs that are rated one by one, or not at all, with the reason."""
        refused = self.catalogue.refused
        compared = self.catalogue.compared if self.engine.is_lazy else {}
        return {**refused, **compared, **({} if self.makes_targets else self.catalogue.made_from_rows)}

    @property
    def makes_targets(self) -> bool:
        """Whether targets are made from other rows in columns: texts may bring marks, and more digits than floats."""
        if not self.catalogue.made_from_rows or not self.engine.makes_targets:
            return False
        return all(self.columns.kinds.get(name) in (None, "number") for name in _COUNTED)

    @property
    def carries(self) -> bool:
        """Whether values are carried forward."""
        return "period" in self.columns and self.tables.carries

    @property
    def ranks(self) -> bool:
        """Whether rows are ranked among others."""
        return self.scores is not None and bool(self.scores.ranks)

    @property
    def takes_more(self) -> bool:
        """Whether a rating takes more than its row's number."""
        return self.carries or self.ranks or self.tables.conditional > 0

    @property
    def is_plain(self) -> bool:
        """Whether every value is a number as it stands."""
        apart = self.columns.kinds.get("value") != "number" or {"numerator", "denominator"} & set(self.given)
        return not apart and all(source.formula is None and not source.words for source in self.catalogue.sources)

    @property
    def by_parts(self) -> bool:
        """Whether values are compared with lines in two parts, as no float holds them."""
        return self.columns.by_parts and self.columns.kinds.get("value") in ("text", "decimal")

    def check(self, wanted: Sequence[str], suffix: str, history: bool, by_day: bool) -> None:
        """Raises BadArgument for columns that lack, are taken or unknown; CannotRate where the engine cannot do it."""
        unknown = [name for name in wanted if name not in (*OUTPUT, SCORE)]
        if unknown:
            raise BadArgument("columns", unknown[0], f"the columns are {', '.join((*OUTPUT, SCORE))}")
        if self.scores is not None:
            self.scores.check(self.engine.name, windows=not self.engine.is_lazy or self.engine.name == "polars")
        if "kpi" not in self.columns:
            raise BadArgument("frame", sorted(self.given), "it needs a column kpi")
        other_rows = self.catalogue.looks_back or bool(self.catalogue.made_from_rows)
        dated = self.catalogue.is_dated or other_rows or history or by_day
        if dated and "period" not in self.columns:
            raise BadArgument("frame", sorted(self.given), "it needs a column period: rules are dated")
        added = {f"{name}{suffix}" for name in (*wanted, *(HISTORY if history else ()))} - {"target"}
        taken = sorted(added & set(self.given))
        if taken:
            raise BadArgument("frame", taken, "it has columns of these names already: rename them, or give a suffix")
        if self.refused and self.engine.is_lazy:
            hint = "collect the frame first, or leave those rows out"
            raise CannotRate(self.engine.name, dict(self.refused), hint)
