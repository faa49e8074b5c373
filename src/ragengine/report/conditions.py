"""Conditions of a roll-up in words, for those that people write most; None for any other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction

from attrs import frozen

from ..terms import Scale

__all__ = ["clauses_of"]

_CLAUSE = re.compile(r"(critical_)?([a-z_0-9]+) (>=|>) (?:(\d+)|(rated|total) / (\d+))", re.ASCII)
_SHARES = {2: "half", 3: "a third", 4: "a quarter", 5: "a fifth", 10: "a tenth"}


@frozen
class Clause:
    """One comparison of a count with a number or a share."""

    level: str
    label: str
    critical: bool
    sign: str
    number: int
    of: str

    def holds(self, counts: Mapping[str, int]) -> bool:
        """Whether it holds of these counts, under the names that a roll-up's ``when`` has."""
        count = counts[("critical_" if self.critical else "") + self.level]
        wanted = Fraction(counts[self.of], self.number) if self.of else Fraction(self.number)
        return count > wanted if self.sign == ">" else count >= wanted

    @property
    def words(self) -> str:
        """``more than half of those rated are Red``, ``any is Red``."""
        who = "critical one" if self.critical else "one"
        if self.of:
            share = _SHARES.get(self.number, f"1 in {self.number}")
            more = "more than" if self.sign == ">" else "at least"
            of = " of those rated" if self.of == "rated" else " of all"
            return f"{more} {share}{of} are {'critical and ' if self.critical else ''}{self.label}"
        least = self.number + (self.sign == ">")
        if least == 1:
            return f"a {who} is {self.label}" if self.critical else f"any is {self.label}"
        return f"{least} {who}s or more are {self.label}" if self.critical else f"{least} or more are {self.label}"


def clauses_of(when: str, scale: Scale) -> list[Clause] | None:
    """The comparisons of a condition joined by ``or``; None where it says more than that."""
    found = []
    for part in when.split(" or "):
        match = _CLAUSE.fullmatch(part.strip())
        level = scale.get(match[2]) if match else None
        if match is None or level is None or level.is_grey or (match[6] is not None and int(match[6]) == 0):
            return None
        number = int(match[4] if match[4] is not None else match[6])
        found.append(Clause(str(level), level.label, bool(match[1]), match[3], number, match[5] or ""))
    return found
