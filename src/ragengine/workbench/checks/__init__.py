"""Every check over a rulebook that loads; the registry is made of the functions themselves."""

from __future__ import annotations

from . import areas, bands, graces, history, imports
from .base import Check, CheckInput, Finding

__all__ = ["CHECKS", "Check", "CheckInput", "Finding"]

#: by code
CHECKS: dict[str, Check] = {
    found.code: found
    for module in (bands, graces, areas, history, imports)
    for found in vars(module).values()
    if isinstance(found, Check)
}
CHECKS = dict(sorted(CHECKS.items()))
