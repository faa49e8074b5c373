"""Values of the house as JSON text: to the letter what is written of their plain form, without making that first."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from json.encoder import encode_basestring as quoted
from typing import Any

from ..plain import fields_of, has_fields, plain

__all__ = ["JsonText"]

_encoded = json.JSONEncoder(ensure_ascii=False).encode


class JsonText:
    """Writes values; what many have in common, in fields of the ``shared`` names, is written once."""

    def __init__(self, shared: Collection[str] = ()) -> None:
        self._shared = shared
        self._ways: dict[type, Callable[[Any], str]] = {
            str: quoted,
            type(None): lambda _: "null",
            bool: lambda yes: "true" if yes else "false",
            int: int.__repr__,
            tuple: lambda several: f"[{', '.join(map(self.of, several))}]",
        }
        #: by identity, with what it is the text of: while that is kept nothing else has its identity
        self._known: dict[int, tuple[object, str]] = {}

    def of(self, value: Any) -> str:
        """A value as text."""
        kind: Any = type(value)
        way = self._ways.get(kind)
        if way is None:
            way = self._ways[kind] = self._of_fields(kind) if has_fields(kind) else lambda other: _encoded(plain(other))
        return way(value)

    def _of_fields(self, kind: Any) -> Callable[[Any], str]:
        names, values_of = fields_of(kind)
        each = [(f"{quoted(name)}: ", self._once if name in self._shared else self.of) for name in names]

        def way(value: Any) -> str:
            pairs = zip(each, values_of(value), strict=True)
            return f"{{{', '.join([head + write(one) for (head, write), one in pairs])}}}"

        return way

    def _once(self, value: object) -> str:
        known = self._known.get(id(value))
        if known is None:
            known = self._known[id(value)] = value, self.of(value)
        return known[1]
