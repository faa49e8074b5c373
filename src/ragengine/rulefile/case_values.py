"""The values of examples and cases: what a cell of the data can be, and no more is asked of them here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ..toml.positions import Path
from .faults import Faults, Wrong
from .keys import Key
from .values import table, text_value, texts, wrong_type

__all__ = ["case_text", "causes", "cell", "cells", "check_values", "day_or_period"]


def cell(value: object) -> None:
    """A number, a text, or true or false, which are words where a rule lists them; raises Wrong."""
    if isinstance(value, Decimal) and not value.is_finite():
        raise Wrong("RAG008", "the number is not finite", "write a finite number")
    if not isinstance(value, bool | int | Decimal | str):
        raise wrong_type(value, "a number or a text")


def cells(value: object) -> None:
    """A table of cells; raises Wrong."""
    for key, one in table(value).items():
        try:
            cell(one)
        except Wrong as wrong:
            raise Wrong(wrong.code, wrong.message, wrong.hint, path=(key,)) from None


def case_text(value: object) -> None:
    """A text; raises Wrong."""
    text_value(value)


def causes(value: object) -> None:
    """A text or a list of texts; raises Wrong."""
    if not isinstance(value, str):
        texts(value)


def day_or_period(value: object) -> None:
    """A date, or a text that names a day or period; raises Wrong."""
    if not isinstance(value, str) and (isinstance(value, datetime) or not isinstance(value, date)):
        raise wrong_type(value, "a date or a period")


def check_values(
    item: Mapping[str, Any], keys: Mapping[str, Key], inputs: Iterable[str], faults: Faults, file: str, path: Path
) -> None:
    """A fault for each value of a table of keys, or of an input, that no cell can be."""
    of_inputs = dict.fromkeys(inputs, cell)
    for key, value in item.items():
        known = keys.get(key)
        read = known.read if known is not None else of_inputs.get(key)
        if read is None:
            continue
        try:
            read(value)
        except Wrong as wrong:
            faults.add_wrong(file, (*path, key), wrong)
