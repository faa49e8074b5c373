"""``export``."""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Mapping

from ..display import clean
from ..errors import BadArgument
from ..export.band_rows import BandRows
from ..export.flat_files import bands_csv, bands_json, bands_parquet
from ..export.sql.export import sql_plan, sql_text
from ..export.workbook.book import workbook, workbook_refusals
from .inputs import load_book
from .output import Cannot, Out, count, form_of, to_file, write

__all__ = ["export"]

_SUFFIXES = {f".{kind}": kind for kind in ("sql", "csv", "json", "parquet", "xlsx")}
#: options that only one kind of output has
_OF_SQL = ("dialect", "table", "bands", "view", "columns")


def export(args: argparse.Namespace, out: Out) -> int:
    """Writes one file; what the format cannot rate is refused by name, or left out where that is asked."""
    form = form_of(args.output, args.to, _SUFFIXES, "", "--to")
    _check(args, form)
    table = BandRows(load_book(args.rules, out))
    if not table.rows:
        raise Cannot(f"{args.rules}: no KPIs to export")
    refused: Mapping[str, str] = {}
    match form:
        case "sql":
            columns = None if args.columns is None else [name.strip() for name in args.columns.split(",")]
            plan = sql_plan(table, args.dialect, columns)
            refused = plan.refused
            _refuse(table, refused, f"one query for {plan.dialect.title}", args.leave_out, out)
            names = {"measurements": args.table, "bands": args.bands, "view": args.view}
            write(sql_text(plan, **{name: said for name, said in names.items() if said is not None}), args.output)
        case "csv":
            write(bands_csv(table), args.output)
        case "json":
            write(bands_json(table), args.output)
        case "parquet":
            write(bands_parquet(table), args.output)
        case _:
            refused = workbook_refusals(table)
            _refuse(table, refused, "a workbook", args.leave_out, out)
            write(workbook(table, refused), args.output)
    if to_file(args.output):
        kept = [row for row in table.rows if row.kpi not in refused]
        out.say(f"wrote {args.output}: {count(len(kept), 'band')} of {count(len({row.kpi for row in kept}), 'KPI')}")
    return 0


def _check(args: argparse.Namespace, form: str) -> None:
    """Options that go together; wrong ones are said before the rules are read."""
    if not form:
        raise BadArgument("--to", None, f"say what to write: --to {', '.join(_SUFFIXES.values())}")
    if form == "sql" and args.dialect is None:
        raise BadArgument("--dialect", None, "say for which database: --dialect duckdb")
    for name in _OF_SQL:
        if form != "sql" and getattr(args, name) is not None:
            raise BadArgument(f"--{name}", getattr(args, name), "only --to sql has it")
    if form in ("parquet", "xlsx") and not to_file(args.output):
        raise BadArgument("--output", args.output, f"name the file: -o bands.{form}")
    if args.leave_out and form in ("csv", "json", "parquet"):
        raise BadArgument(
            "--leave-out", True, "the band table leaves nothing out; its column besides says what it lacks"
        )


def _refuse(table: BandRows, refused: Mapping[str, str], what: str, leave_out: bool, out: Out) -> None:
    """Names what is not rated; stops unless it is to be left out."""
    if not refused:
        return
    for kpi, why in refused.items():
        for line in textwrap.wrap(clean(f"{kpi}: {why}"), out.width, subsequent_indent="  "):
            print(line, file=sys.stderr)
    if not leave_out:
        whole = "these KPIs" if len(refused) > 1 else "this KPI"
        raise Cannot(f"{what} cannot rate {whole} exactly; --leave-out writes the others")
    if len(refused) == len(table.book.kpis):
        raise Cannot(f"{what} can rate none of the KPIs exactly")
    print(f"left out: {count(len(refused), 'KPI')}", file=sys.stderr)
