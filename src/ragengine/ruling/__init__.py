"""A rule on a day: its table, what it needs of a row, and what it makes of one. KPIs and actions alike."""

from .applied import Applied, Kept, Note
from .ruling import Outcome, Ruling, ruling_on, rulings_of

__all__ = ["Applied", "Kept", "Note", "Outcome", "Ruling", "ruling_on", "rulings_of"]
