"""A rulebook laid out as cells and levels, for everything that rates many rows: frames, SQL, workbooks."""

from .catalogue import EVIDENCE, SEPARATOR, Catalogue, Cell, ValueSource, catalogue_of, subject_of

__all__ = ["EVIDENCE", "SEPARATOR", "Catalogue", "Cell", "ValueSource", "catalogue_of", "subject_of"]
