"""The band table as CSV, JSON and Parquet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from attrs import fields

from ..display import safe_cell
from ..errors import MissingExtra
from ..plain import plain
from .band_rows import COLUMNS, BandRow, BandRows
from .decimals import decimal_text, digits_of

__all__ = ["bands_csv", "bands_json", "bands_parquet"]


#: what the JSON says once
_OF_THE_BOOK = ("edition", "fingerprint")


def _printed(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Fraction():
            return decimal_text(value)
        case _:
            return safe_cell(str(value))


def bands_csv(table: BandRows) -> str:
    """A row for each band; numbers in full, blank for none."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in table.rows:
        writer.writerow(_printed(getattr(row, name)) for name in COLUMNS)
    return out.getvalue()


def bands_json(table: BandRows) -> str:
    """An object with the edition, the fingerprint and the bands; decimals are texts, so that no reader rounds them."""
    rules = table.book.rules
    said = {
        "title": rules.title,
        "edition": rules.edition,
        "fingerprint": rules.fingerprint,
        "scale": [{"id": level.id, "label": level.label, "symbol": level.symbol} for level in rules.scale],
        "bands": [
            {
                name: plain(getattr(row, name), {Fraction: decimal_text})
                for name in COLUMNS
                if name not in ("edition", "fingerprint")
            }
            for row in table.rows
        ],
    }
    return json.dumps(said, ensure_ascii=False, indent=1) + "\n"


def bands_parquet(table: BandRows) -> bytes:
    """The bytes of a Parquet file: decimals as decimals, days as days. Raises MissingExtra without pyarrow."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as missing:
        raise MissingExtra("Parquet", "pyarrow", "parquet") from missing
    arrays = [_array(pyarrow, table.rows, each.name, str(each.type)) for each in fields(BandRow)]
    made = pyarrow.table(dict(zip(COLUMNS, arrays, strict=True)))
    out = pyarrow.BufferOutputStream()
    pyarrow.parquet.write_table(made, out)
    written: bytes = out.getvalue().to_pybytes()
    return written


def _array(pyarrow: Any, rows: Sequence[BandRow], name: str, kind: str) -> Any:
    values = [getattr(row, name) for row in rows]
    if kind.startswith("Fraction"):
        places = digits_of(value for value in values if value is not None).places
        # pyarrow takes no Fraction and rounds no text: the text of an exact decimal is one
        exact = pyarrow.array([None if value is None else decimal_text(value) for value in values], pyarrow.string())
        return exact.cast(pyarrow.decimal128(38, places))
    types = {"bool": pyarrow.bool_(), "date": pyarrow.date32(), "int": pyarrow.int32()}
    return pyarrow.array(values, types.get(kind.partition(" ")[0], pyarrow.string()))
