"""SQL laid out so that a person can read it."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["case", "indented", "listing", "with_part"]

_SHORT = 100


def indented(text: str, by: int) -> str:
    """A text with each line but the first further in."""
    return text.replace("\n", "\n" + " " * by)


def case(pairs: Sequence[tuple[str, str]], otherwise: str = "NULL") -> str:
    """The first case that holds; on one line where that is short."""
    if not pairs:
        return otherwise
    lines = [f"WHEN {condition} THEN {value}" for condition, value in pairs]
    last = [] if otherwise == "NULL" else [f"ELSE {otherwise}"]
    flat = " ".join(["CASE", *lines, *last, "END"])
    if len(flat) <= _SHORT and "\n" not in flat:
        return flat
    return "\n".join(["CASE", *(f"  {indented(line, 2)}" for line in [*lines, *last]), "END"])


def listing(items: Sequence[str]) -> str:
    """Items of a list, a line each."""
    return ",\n".join(f"  {indented(item, 2)}" for item in items)


def with_part(name: str, why: str, select: str) -> str:
    """One named step of a query."""
    return f"{name} AS (\n  -- {why}\n  {indented(select, 2)}\n)"
