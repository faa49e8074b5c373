"""The scorecard: every rating of one reporting period, with the previous one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from attrs import field, frozen

from ..data.model import Narrative
from ..period import Period
from ..problem import Problem
from ..rating.phrases import plural
from ..terms import Scale
from .area_rating import AreaRating
from .card import Rated
from .card_rows import card_frame
from .exceptions import ExceptionRow, exception_rows
from .notebook import card_html
from .rows import ByKey, RowCounts

__all__ = ["Rated", "Scorecard"]


@frozen(eq=False, repr=False)
class Scorecard:
    """Every rating of one reporting period, KPIs, actions and areas, with the previous one.

    Two scorecards are equal when they would be written the same.

    Attributes:
        period: the reporting period; ``as_at`` is the day on which actions and overrides are judged.
        ratings: by KPI or action id, or by id and entity.
        areas: by area id, or by id and entity, in the order reports print them.
        programme: the areas without a parent, rolled up by the book's policy.
        problems: what is wrong with the data, and what the rules make of them.
        narrative: by area id.
    """

    title: str
    edition: str
    fingerprint: str
    period: Period
    as_at: date
    scale: Scale
    ratings: ByKey[Rated]
    areas: ByKey[AreaRating]
    programme: AreaRating
    rows: RowCounts = RowCounts()
    problems: tuple[Problem, ...] = ()
    narrative: Mapping[str, Narrative] = field(factory=dict)

    def of_area(self, area: str, entity: str | None = None) -> list[Rated]:
        """The ratings of an area's own KPIs and actions, in the order they are written."""
        return list(self._by_area.get((area, entity), ()))

    @cached_property
    def _by_area(self) -> Mapping[tuple[str, str | None], Sequence[Rated]]:
        found: dict[tuple[str, str | None], list[Rated]] = defaultdict(list)
        for rating in self.ratings.values():
            found[rating.id.partition(".")[0], rating.entity].append(rating)
        return dict(found)

    def exceptions(self) -> list[ExceptionRow]:
        """The rows a board must read, and why each is in."""
        return exception_rows(self)

    def to_json(self) -> str:
        """The scorecard as JSON: the same card gives the same text."""
        # who scores and writes no JSON does not wait for cattrs
        from .card_json import card_to_json

        return card_to_json(self)

    @staticmethod
    def from_json(written: str) -> Scorecard:
        """A scorecard read back; writing it gives the same text. Raises ScorecardFormatError."""
        from .card_json import card_from_json

        return Scorecard(**card_from_json(written))

    def to_frame(self, kind: str) -> Any:
        """The areas and ratings as a frame of ``"polars"``, ``"pandas"`` or ``"pyarrow"``, a row each.

        Its columns are those of ``score --format csv``; numbers are floats, and what is not there is null. Of a range
        the target is the end that is missed, or the nearer one. Raises BadArgument for another kind, MissingExtra
        where its library is not installed.
        """
        return card_frame(self, kind)

    def _repr_html_(self) -> str:
        return card_html(self)

    def __eq__(self, other: object) -> bool:
        return self.to_json() == other.to_json() if isinstance(other, Scorecard) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # a card is compared by what it says, and large

    def __repr__(self) -> str:
        counts = f"{plural(len(self.areas), 'area')}, {plural(len(self.ratings), 'rating')}"
        return f"<Scorecard {self.title!r}, {self.period.label}: {counts}>"
