"""Values as TOML writes them: the way back from :mod:`ragengine.rulefile.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .parse import LONGEST_LINE

__all__ = ["toml_number", "toml_table", "toml_text", "toml_value"]

_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_ESCAPED = {"\\": "\\\\", '"': '\\"', "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}
#: characters of a long text on one line: as many as fit even if each has to be written as ten
_CHUNK = LONGEST_LINE // 10 - 10
_MOST_PLACES = 15


def _escaped(text: str) -> str:
    """The inside of a string: what nobody could see in an editor is written as its number."""
    return "".join(_ESCAPED.get(c) or (c if c.isprintable() else _numbered(c)) for c in text)


def _numbered(c: str) -> str:
    code = ord(c)
    if 0xD800 <= code <= 0xDFFF:
        return "\ufffd"  # half of a pair: no text holds it alone
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def toml_text(text: str) -> str:
    """A text as a TOML string; one too long for a line goes over several, and is the same text.

    >>> print(toml_text('say "hello"'))
    "say \\"hello\\""
    """
    if len(text) <= _CHUNK:
        return f'"{_escaped(text)}"'
    lines = []
    for start in range(0, len(text), _CHUNK):
        chunk = text[start : start + _CHUNK]
        # a space after a line's closing backslash would be dropped
        lines.append("\\u0020" + _escaped(chunk[1:]) if chunk[0] == " " else _escaped(chunk))
    return '"""\n' + "\\\n".join(lines) + '"""'


def toml_number(value: Fraction | int) -> str:
    """A number that ends within 15 places, exactly; raises ValueError for one that does not.

    >>> toml_number(Fraction("1.58")), toml_number(Fraction(-5))
    ('1.58', '-5')
    """
    value = Fraction(value)
    for places in range(_MOST_PLACES + 1):
        scaled = value * 10**places
        if scaled.denominator == 1:
            digits = f"{abs(scaled.numerator):0{places + 1}d}"
            sign = "-" if value < 0 else ""
            return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"
    raise ValueError(f"{value} has more than {_MOST_PLACES} places")


def toml_value(value: object) -> str:
    """A value on one line: a text, number, date, true or false, a list, or an inline table.

    >>> print(toml_value({"min": 90, "max": Fraction("110.5")}))
    { min = 90, max = 110.5 }
    """
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return toml_text(value)
        case int() | Fraction() | Decimal():
            return toml_number(Fraction(value))
        case date():
            return value.isoformat()
        case Mapping():
            return "{ " + ", ".join(f"{_key(key)} = {toml_value(item)}" for key, item in value.items()) + " }"
        case Sequence():
            return "[" + ", ".join(toml_value(item) for item in value) + "]"
        case _:
            raise TypeError(f"TOML has no {type(value).__name__}")


def toml_table(header: str, table: Mapping[str, object]) -> str:
    """A table under its header, a key a line.

    >>> print(toml_table("area", {"title": "Early help"}), end="")
    [area]
    title = "Early help"
    """
    return f"[{header}]\n" + "".join(f"{_key(key)} = {toml_value(value)}\n" for key, value in table.items())


def _key(key: object) -> str:
    written = str(key)
    return written if _BARE.fullmatch(written) else toml_text(written)
