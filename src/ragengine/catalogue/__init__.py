"""A rulebook laid out as cells and levels, for everything that rates many rows: frames, SQL, workbooks."""

from .catalogue import Catalogue, catalogue_of
from .cell import EVIDENCE, SEPARATOR, Cell, ValueSource, rule_key

__all__ = ["EVIDENCE", "SEPARATOR", "Catalogue", "Cell", "ValueSource", "catalogue_of", "rule_key"]
