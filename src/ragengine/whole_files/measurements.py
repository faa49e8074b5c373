"""The columns of a batch that rating takes, under the names and in the kinds that it knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl
from attrs import evolve, frozen

from ..book import Rulebook
from ..catalogue import catalogue_of
from ..data.table import CheckedHeader
from ..errors import DataError
from ..problem import Place, Problem, Severity

__all__ = ["MeasurementColumns", "known_columns"]

#: columns that rating takes, beside the inputs of formulas
KNOWN = ("kpi", "period", "entity", "value", "numerator", "denominator", "target", "excluded", "evidence", "causes")
_BLANKS = " \t\u00a0"


def known_columns(book: Rulebook) -> tuple[str, ...]:
    """The columns that rating takes: those of every measurement, and the inputs of formulas."""
    return tuple(dict.fromkeys((*KNOWN, *book.rules.inputs)))


@frozen
class MeasurementColumns:
    """Which of a file's columns hold what rating takes.

    Attributes:
        names: the file's own name of each known column.
        lacking: inputs of formulas that the file has no column for: they are missing in every row.
    """

    names: Mapping[str, str]
    lacking: tuple[str, ...] = ()

    @classmethod
    def of(cls, file: str, schema: pl.Schema, line: int, book: Rulebook, *, history: bool) -> MeasurementColumns:
        """The known columns of a file; raises DataError where one is missing, doubled, nearly spelt or of no use."""
        known = known_columns(book)
        catalogue = catalogue_of(book)
        dated = history or catalogue.is_dated or catalogue.takes_history
        needed = ("kpi", "period") if dated else ("kpi",)
        columns = CheckedHeader(file, schema.names(), line, known, needed)
        # a whole run is not begun on a column that may be meant
        problems = [evolve(problem, severity=Severity.ERROR) for problem in columns.problems]
        own = dict(zip(columns.names, schema.names(), strict=True))
        found = {name: own[name] for name in known if name in own}
        if not problems and not {"value", "numerator", *known[len(KNOWN) :]} & set(found):
            said = "there is no column value, and none of numerator and denominator"
            problems.append(Problem("RAG102", said, Place(file, line, 1 if line else 0), hint="name the column value"))
        for name, named in found.items():
            if schema[named].is_nested() or schema[named] == pl.Binary:
                said = f"the column {named!r} holds {schema[named]}"
                problems.append(Problem("RAG102", said, Place(file, line), hint=f"{name} is a number or a text"))
        if problems:
            raise DataError(tuple(problems))
        return cls(found, tuple(name for name in known[len(KNOWN) :] if name not in found))

    def among(self, schema: pl.Schema) -> MeasurementColumns:
        """Those of them that a batch has."""
        if all(own in schema for own in self.names.values()):
            return self
        return evolve(self, names={name: own for name, own in self.names.items() if own in schema})

    def frame(self, batch: pl.DataFrame, misfits: Sequence[int] = ()) -> pl.DataFrame:
        """The rows as measurements, by the readings that files of data have.

        A row that did not fit its file's columns has no KPI.
        """
        made = batch.select(_cleaned(name, batch.schema[own], own) for name, own in self.names.items())
        made = made.with_columns(pl.lit(None, pl.String).alias(name) for name in self.lacking)
        if misfits:
            unfit = pl.int_range(pl.len()).is_in(list(misfits))
            made = made.with_columns(pl.when(unfit).then(None).otherwise(pl.all()).name.keep())
            made = made.with_columns(pl.col("kpi").fill_null(""))
        return made


def _cleaned(name: str, kind: pl.DataType, own: str) -> pl.Expr:
    column = pl.col(own)
    if name in ("kpi", "period"):
        if isinstance(kind, pl.Datetime):
            column = column.dt.date()
        # a null is a row without a KPI or period, as a blank is
        return column.cast(pl.String).fill_null("").str.strip_chars(_BLANKS).alias(name)
    keeps = kind.is_numeric() or kind == pl.String or (name == "evidence" and kind == pl.Boolean)
    return (column if keeps else column.cast(pl.String)).alias(name)
