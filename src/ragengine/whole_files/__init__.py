"""Whole files of measurements rated row by row, in bounded memory, whatever their size.

Needs Polars and pyarrow: ``pip install "ragengine[frames]"``.
"""

from __future__ import annotations

from ..errors import MissingExtra

try:
    import polars as _polars  # noqa: F401  # asked for here, so that the message names the extra
    import pyarrow as _pyarrow  # noqa: F401
except ImportError as missing:
    raise MissingExtra("rating whole files", "polars and pyarrow", "frames") from missing

from .formats import FORMATS
from .rate_files import RatedFiles, rate_files

__all__ = ["FORMATS", "RatedFiles", "rate_files"]
