"""The own columns of several files as those of one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from ..errors import BadArgument
from ..problem import shorten
from .formats import format_of
from .source import Source, unusable

__all__ = ["own_schema"]


def own_schema(sources: Sequence[Source], added: pl.Schema, output: Path) -> pl.Schema:
    """Names and types of the own columns in the output.

    Raises DataError where files have other columns than the first, or types that have none in common, or that the
    output's format has not; BadArgument where an added column would have the name of an own one.
    """
    first = sources[0]
    made = first.schema
    for source in sources[1:]:
        # rows of JSON lines that stay JSON lines keep their own keys
        keeps_rows = format_of(output) == format_of(Path(source.name)) == "JSON lines"
        made = pl.Schema({**made, **source.schema}) if keeps_rows else _common(first, source, made)
    # the target in force stands in place of the one that the row brought
    taken = sorted((set(made) & set(added)) - {"target"})
    if taken:
        wanted = f"{first.name} has columns of these names already: give a --suffix for the added ones"
        raise BadArgument("output columns", ", ".join(taken), wanted)
    if format_of(output) == "CSV":
        for name, kind in made.items():
            if kind.is_nested() or kind == pl.Binary:
                said = f"the column {name!r} holds {kind}, and cells of CSV hold numbers and texts"
                raise unusable(first.name, said, code="RAG102", hint="write .parquet")
    return made


def _common(first: Source, source: Source, so_far: pl.Schema) -> pl.Schema:
    missing = [name for name in so_far if name not in source.schema]
    more = [name for name in source.schema if name not in so_far]
    if missing or more:
        said = f"its columns are not those of {first.name}: "
        said += "; ".join(
            f"{what} {', '.join(shorten(name, 30) for name in names[:5])}"
            for what, names in (("it lacks", missing), ("it has", more))
            if names
        )
        raise unusable(source.name, said, source.header_line, code="RAG102", hint="rate them one by one")
    others = {name: (so_far[name], source.schema[name]) for name in so_far if so_far[name] != source.schema[name]}
    mixed = [name for name, kinds in others.items() if pl.String in kinds and any(kind.is_numeric() for kind in kinds)]
    frames = [pl.DataFrame(schema=so_far), pl.DataFrame(schema=source.schema).select(list(so_far))]
    try:
        if not mixed:
            return pl.concat(frames, how="vertical_relaxed").schema
    except pl.exceptions.PolarsError:
        mixed = list(others)
    told = ", ".join(f"{name} is {others[name][1]}, there {others[name][0]}" for name in mixed)
    raise unusable(source.name, f"its types are not those of {first.name}: {told}", code="RAG102")
