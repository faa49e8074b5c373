"""A rule on a day: its table, what it needs of a row, and what it makes of one. KPIs and actions alike."""

from .outcome import Applied, Kept, Note, Outcome
from .ruling import Ruling, ruling_on, rulings_of

__all__ = ["Applied", "Kept", "Note", "Outcome", "Ruling", "ruling_on", "rulings_of"]
