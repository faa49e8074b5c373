"""Plain values written as TOML: what is written for a person to read, and rules made up for tests."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ..number import text

__all__ = ["toml_table", "toml_value"]

_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def toml_value(value: object) -> str:
    """A text, number, date, list or table as it stands behind an equals sign, in one line.

    >>> toml_value({"rag": "green", "from": Decimal("85.50"), "in": [1, True]})
    '{ rag = "green", from = 85.50, in = [1, true] }'
    """
    match value:
        case bool():
            return str(value).lower()
        case str():
            # a JSON text is a TOML text, but for the character DEL
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case Decimal():
            return f"{value:f}"
        case Fraction():
            return text(value, grouped=False)
        case date():
            return value.isoformat()
        case Mapping():
            return "{ " + ", ".join(f"{_key(key)} = {toml_value(item)}" for key, item in value.items()) + " }"
        case list() | tuple():
            return "[" + ", ".join(map(toml_value, value)) + "]"
    return str(value)


def toml_table(header: str, table: Mapping[str, object]) -> str:
    """A table under its header, a key a line.

    >>> print(toml_table("area", {"title": "Early help"}), end="")
    [area]
    title = "Early help"
    """
    return f"[{header}]\n" + "".join(f"{_key(key)} = {toml_value(value)}\n" for key, value in table.items())


def _key(key: object) -> str:
    written = str(key)
    return written if _BARE.fullmatch(written) else toml_value(written)
