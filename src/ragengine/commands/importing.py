"""``import``."""

from __future__ import annotations

import argparse
import textwrap
from pathlib import Path

from ..display import clean
from ..document.blocks import Grid
from ..errors import BadArgument
from ..importing.headings import Column, checked_map
from ..importing.imported import Imported
from ..importing.importing import import_sheet
from ..importing.sheet import read_sheet
from ..importing.wishes import Wishes
from ..problem import shorten
from .output import Out, count, write_files

__all__ = ["import_"]

#: skipped rows and columns are told one by one up to so many
_MOST_TOLD = 20


def import_(args: argparse.Namespace, out: Out) -> int:
    """Drafts the rules and says what of the sheet is in them; 1 where a row or value is left out."""
    rules = Path(args.rules)
    data = Path(args.data) if args.data else rules / "data"
    wishes = Wishes(checked_map(args.map), _said(args.set), args.area_column)
    sheet = read_sheet(Path(args.sheet), sheet=args.tab, encoding=args.encoding)
    imported = import_sheet(sheet, wishes)
    files = {rules / name: text for name, text in imported.rules.items()}
    files |= {data / name: text for name, text in imported.data.items()}
    if args.dry_run:
        for path, text in files.items():
            out.say(f"# == {path}")
            out.say(clean(text))
    else:
        _refuse_to_overwrite(rules, files)
        write_files(files)
    _account(imported, out)
    out.say()
    if args.dry_run:
        out.say(f"Nothing was written: {count(len(files), 'file')} would be.")
    else:
        _next(args, imported, rules, data, out)
    return int(bool(imported.skipped or imported.remarks))


def _said(given: list[str]) -> dict[str, str]:
    said = {}
    for each in given:
        key, equals, value = each.partition("=")
        if not equals:
            raise BadArgument("--set", each, "write KEY=VALUE: tolerance='10% of target'")
        said[key.strip()] = value.strip()
    return said


def _refuse_to_overwrite(rules: Path, files: dict[Path, str]) -> None:
    there = sorted(rules.glob("*.toml")) if rules.is_dir() else [rules] if rules.exists() else []
    there += [path for path in files if path.exists()]
    if there:
        raise BadArgument("RULES", str(rules), f"{there[0]} is there already: name a new folder")


def _account(imported: Imported, out: Out) -> None:
    out.table(
        Grid(
            ("Column", "Read as"),
            tuple((clean(shorten(c.heading, 60)), _read_as(c)) for c in imported.columns if c.heading),
        )
    )
    out.say()
    guesses = imported.guesses
    if guesses:
        rows = tuple((key, f"{number:,} of {imported.kpis:,}") for key, number in guesses.items())
        out.table(Grid(("To confirm", "KPIs"), rows))
        out.say()
    for skipped in imported.skipped[:_MOST_TOLD]:
        _wrapped(f"skipped {skipped.where}: {skipped.reason}: {skipped.shown}", out)
    if len(imported.skipped) > _MOST_TOLD:
        out.say(f"skipped {len(imported.skipped) - _MOST_TOLD:,} more rows")
    for remark in imported.remarks:
        _wrapped(f"note: {remark}", out)
    if imported.skipped or imported.remarks:
        out.say()
    further = f" + {imported.further:,} of further periods" if imported.further else ""
    out.say(
        f"{count(imported.rows, 'row')} read = {count(imported.kpis, 'KPI')}{further}"
        f" + {len(imported.skipped):,} skipped; {count(len(imported.areas), 'area')}"
    )


def _wrapped(text: str, out: Out) -> None:
    for line in textwrap.wrap(clean(text), out.width, subsequent_indent="  ", break_long_words=False):
        out.say(line)


def _read_as(column: Column) -> str:
    if not column.key:
        return f"not read: {clean(shorten(column.why_not, 60))}" if column.why_not else "not read"
    period = f", {column.period.label}" if column.period is not None else ""
    return f"{column.key}{period}{' (to confirm)' if column.guessed else ''}"


def _next(args: argparse.Namespace, imported: Imported, rules: Path, data: Path, out: Out) -> None:
    out.say(f"wrote {count(len(imported.rules), 'file')} to {rules}")
    if imported.data:
        out.say(f"wrote {' and '.join(imported.data)} to {data}")
    out.say()
    out.say(f"Next:  grep -n '# CONFIRM' {rules}/*.toml")
    out.say(f"       ragengine check {rules}")
    if any(name.endswith(".cases.toml") for name in imported.rules):
        out.say(f"       ragengine test {rules}")
    if "measurements.csv" in imported.data:
        out.say(f"       ragengine score {rules} {data}")
