"""Something wrong with one rule, before anyone knows where in a file it stands."""

from __future__ import annotations

from attrs import frozen

from ..problem import Severity

__all__ = ["Fault"]


@frozen
class Fault:
    """A fault of one table of a rule file.

    Attributes:
        key: key within the table, ``bands`` or ``tolerance``; empty for the table itself.
    """

    code: str
    message: str
    hint: str = ""
    key: str = ""
    severity: Severity = Severity.ERROR
