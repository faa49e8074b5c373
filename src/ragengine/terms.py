"""The field's words as values: levels, scales, directions and the reasons for grey."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from fractions import Fraction

from attrs import field, frozen

from .errors import BadArgument, UnknownId

__all__ = [
    "AMBER", "DEFAULT_SCALE", "GREEN", "GREY", "RED", "Direction", "Missing", "Rag", "Reason", "Scale", "Status",
    "level_given",
]  # fmt: skip


@frozen(eq=False, repr=False)
class Rag:
    """One level of a scale, or grey.

    Levels compare by their place on the scale, worst first; grey stands outside the order and refuses to be
    compared. A level equals its own id, so ``rating.rag == "green"`` says what it seems to say.

    >>> RED < AMBER < GREEN, str(GREEN), GREEN == "green"
    (True, 'green', True)
    """

    #: name in rules, data and conditions
    id: str
    #: what reports print
    label: str
    symbol: str
    #: text colour, as ``#rrggbb``
    colour: str
    #: 0 is the worst level; -1 is grey
    rank: int
    points: Fraction | None = None
    #: other spellings that are read and never written
    aliases: tuple[str, ...] = ()

    @property
    def is_grey(self) -> bool:
        """Whether nothing was rated."""
        return self.rank < 0

    def __str__(self) -> str:
        return self.id

    def __repr__(self) -> str:
        return f"<Rag {self.id}>"

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Rag):
            return self.id == other.id
        if isinstance(other, str):
            return self.id == other
        return NotImplemented

    def __hash__(self) -> int:
        return hash(self.id)

    def _ordered(self, other: Rag) -> bool:
        return isinstance(other, Rag) and not self.is_grey and not other.is_grey

    def __lt__(self, other: Rag) -> bool:
        return self.rank < other.rank if self._ordered(other) else NotImplemented

    def __le__(self, other: Rag) -> bool:
        return self.rank <= other.rank if self._ordered(other) else NotImplemented

    def __gt__(self, other: Rag) -> bool:
        return self.rank > other.rank if self._ordered(other) else NotImplemented

    def __ge__(self, other: Rag) -> bool:
        return self.rank >= other.rank if self._ordered(other) else NotImplemented


RED = Rag("red", "Red", "▲", "#651b1b", 0, Fraction(1), ("r",))
AMBER = Rag("amber", "Amber", "●", "#7a3c1c", 1, Fraction(2), ("a", "y", "yellow"))
GREEN = Rag("green", "Green", "★", "#083d29", 2, Fraction(3), ("g",))
GREY = Rag("grey", "Grey", "–", "#0b0c0c", -1, None, ("gray", "not rated"))


def _by_name(levels: tuple[Rag, ...]) -> dict[str, Rag]:
    names: dict[str, Rag] = {}
    for level in (*levels, GREY):
        for name in (level.id, level.label, *level.aliases):
            names.setdefault(name.casefold(), level)
    return names


@frozen(repr=False)
class Scale:
    """The levels of a rulebook, worst first; grey is always there, outside the order.

    >>> [str(level) for level in DEFAULT_SCALE]
    ['red', 'amber', 'green']
    >>> DEFAULT_SCALE.read(" Y ")
    <Rag amber>
    """

    levels: tuple[Rag, ...]
    _names: dict[str, Rag] = field(init=False, eq=False)
    #: whether it has the levels that a target and a tolerance give
    has_the_usual: bool = field(init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_names", _by_name(self.levels))
        usual = all(self.get(level) is not None for level in ("red", "amber", "green"))
        object.__setattr__(self, "has_the_usual", usual)

    def __iter__(self) -> Iterator[Rag]:
        return iter(self.levels)

    def __contains__(self, level: object) -> bool:
        return any(level == own for own in self.levels)

    def __repr__(self) -> str:
        return f"<Scale {' < '.join(str(level) for level in self.levels)}>"

    @property
    def worst(self) -> Rag:
        return self.levels[0]

    @property
    def best(self) -> Rag:
        return self.levels[-1]

    def __getitem__(self, level_id: str) -> Rag:
        """The level with this id, grey included; raises UnknownId, which is a KeyError."""
        found = self._names.get(level_id.casefold()) if isinstance(level_id, str) else None
        if found is None or found.id != level_id:
            raise UnknownId("level", level_id)
        return found

    def get(self, level_id: str) -> Rag | None:
        """The level with this id, or None."""
        try:
            return self[level_id]
        except KeyError:
            return None

    def read(self, text: str) -> Rag | None:
        """The level a person means by an id, a label or an alias, in any case; None where there is none."""
        return self._names.get(text.strip().casefold())

    def id_of(self, text: str) -> str:
        """The id of the level that a rule names by a label or an alias; the text itself where there is none.

        The short forms of the usual scale (``y``) are of data alone: in a rule they are slips.
        """
        level = None if self is DEFAULT_SCALE else self.read(text)
        return text if level is None else level.id


DEFAULT_SCALE = Scale((RED, AMBER, GREEN))


def level_given(argument: str, given: object, scale: Scale) -> Rag:
    """The level of a scale that a caller means; raises BadArgument where it has none."""
    level = scale.read(str(given)) if isinstance(given, str | Rag) else None
    if level is None:
        raise BadArgument(argument, given, f"it is one of {', '.join(map(str, scale))}")
    return level


class Direction(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"
    WITHIN = "within"
    MONITOR = "monitor"


class Missing(StrEnum):
    """What a missing value means; a rulebook must choose."""

    GREY = "grey"
    RED = "red"
    AMBER = "amber"
    CARRY_FORWARD = "carry forward"


class Reason(StrEnum):
    """Why a rating is grey: a closed list."""

    NO_DATA = "no data"
    MISSING_INPUT = "missing input"
    SUPPRESSED = "suppressed"
    NOT_APPLICABLE = "not applicable"
    NOT_DUE = "not due"
    NO_DUE_DATE = "no due date"
    STALE = "stale"
    NO_TARGET = "no target"
    SUSPENDED = "suspended"
    MONITORED = "monitored"
    INVALID = "invalid"
    NO_CASES = "no cases (0 of 0)"
    DIVISION_BY_ZERO = "division by zero"
    SMALL_NUMBERS = "small numbers"
    INSUFFICIENT_COVERAGE = "insufficient coverage"


class Status(StrEnum):
    """How far an action has come."""

    NOT_STARTED = "not started"
    IN_PROGRESS = "in progress"
    COMPLETE = "complete"
    DEFERRED = "deferred"
