"""Ratings of whole frames: Polars, pandas, pyarrow, DuckDB, Dask, Spark, by the same look-ups as one measurement.

What is compared is exact: numbers, also one step of a float beside a line; counts up to 10**9 against lines of up to
three decimals. What is computed first, by a formula or as a distance to the target, is on a line where it is within
2**-44 of it.

Needs narwhals: ``pip install "ragengine[frames]"``.
"""

from __future__ import annotations

from ..errors import MissingExtra

try:
    import narwhals.stable.v2 as _narwhals  # noqa: F401  # asked for here, so that the message names the extra
except ImportError as missing:
    raise MissingExtra("ragengine.frames", "narwhals", "frames") from missing

from .as_data import data
from .explain import explain
from .rate import OUTPUT, rate
from .rate_actions import rate_actions
from .roll_up import roll_up

__all__ = ["OUTPUT", "data", "explain", "rate", "rate_actions", "roll_up"]
