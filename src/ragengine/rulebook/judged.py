"""Written bands as the values that they judge see them."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

from attrs import evolve

from ..bands import BandsFault, from_bands
from ..number import exact
from ..terms import Scale
from .compile import band_cuts
from .measure import Band, Edge

__all__ = ["as_judged", "with_ids"]


def with_ids(bands: tuple[Band, ...], scale: Scale) -> tuple[Band, ...]:
    """Bands whose levels may be named by a label or an alias, by their ids."""
    return tuple(evolve(band, rag=scale.id_of(band.rag)) for band in bands)


def as_judged(bands: tuple[Band, ...], places: int, scale: Scale) -> tuple[Band, ...]:
    """Bands that leave gaps or overlap, with their ends where the rounded values see them; else as they are written.

    No value of one decimal lies between 99.9 and 100: ``to = 99.9`` beside ``from = 100`` leaves no gap.
    """
    edges = [edge for band in bands for edge in (band.lower, band.upper) if edge is not None]
    if any(edge.of_target for edge in edges) or any(scale.get(band.rag) is None for band in bands):
        return bands
    try:
        from_bands(band_cuts(bands, scale))
    except BandsFault:
        return tuple(_on_grid(band, places) for band in bands)
    return bands


def _on_grid(band: Band, places: int) -> Band:
    """The band from its lowest value with so many places, to below the lowest that lies above it."""
    lower = None if band.lower is None else _first(band.lower, places, reached=band.lower_in)
    upper = None if band.upper is None else _first(band.upper, places, reached=not band.upper_in)
    return evolve(band, lower=lower, lower_in=True, upper=upper, upper_in=False)


def _first(edge: Edge, places: int, *, reached: bool) -> Edge:
    """The lowest value with so many places at an edge, or beyond it where it is not ``reached``."""
    steps: Fraction = exact(edge.amount) * 10**places
    number = math.ceil(steps) if reached else math.floor(steps) + 1
    return Edge(Decimal(f"{number}e-{places}"))
