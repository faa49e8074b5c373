"""A report as blocks, before anyone decides how it looks."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

__all__ = ["Block", "Bullets", "Grid", "Heading", "Paragraph"]


@frozen
class Heading:
    """A heading; level 1 is the report's title."""

    text: str
    level: int = 1


@frozen
class Paragraph:
    """One paragraph."""

    text: str


@frozen
class Bullets:
    """A list of sentences."""

    items: tuple[str, ...]


@frozen
class Grid:
    """A table; ``widths`` are shares of the line that each column may take, for plain text."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()


Block = Heading | Paragraph | Bullets | Grid


def bullets(items: Sequence[str]) -> list[Block]:
    """A list, or nothing where there are no items."""
    return [Bullets(tuple(items))] if items else []
