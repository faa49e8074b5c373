"""``import``."""

from __future__ import annotations

import argparse
import textwrap
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ..display import clean
from ..document.blocks import Grid
from ..errors import BadArgument
from ..importing.headings import HeadedColumn, checked_map
from ..importing.imported import Compared, Imported, ReadSheet, Skipped
from ..importing.importing import import_sheets
from ..importing.sheet import read_sheets
from ..importing.wishes import Wishes
from ..problem import shorten
from .output import Out, count, write_files

__all__ = ["import_"]

#: skipped rows and columns are told one by one up to so many
_MOST_TOLD = 20


def import_(args: argparse.Namespace, out: Out) -> int:
    """Drafts the rules and says what of the sheet is in them; 1 while anything is unread or disagrees."""
    rules = Path(args.rules)
    data = Path(args.data) if args.data else rules / "data"
    wishes = Wishes(checked_map(args.map), _said(args.set), args.area_column)
    sheets = read_sheets(Path(args.sheet), sheet=args.tab, encoding=args.encoding)
    imported = import_sheets(sheets, wishes)
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
    return int(imported.unread or imported.disagrees)


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
    for sheet in imported.sheets:
        _columns(sheet, out)
    guesses = imported.guesses
    if guesses:
        whole = imported.kpis + imported.actions
        rows = tuple((key, f"{number:,} of {whole:,}") for key, number in guesses.items())
        out.table(Grid(("To confirm", "KPIs and actions" if imported.actions else "KPIs"), rows))
        out.say()
    _net(imported.compared, out)
    _left_out(imported, out)
    further = f" + {imported.further:,} of further periods" if imported.further else ""
    actions = f" + {count(imported.actions, 'action')}" if imported.actions else ""
    out.say(
        f"{count(imported.rows, 'row')} read = {count(imported.kpis, 'KPI')}{actions}{further}"
        f" + {len(imported.skipped):,} skipped; {count(len(imported.areas), 'area')}"
    )


def _columns(sheet: ReadSheet, out: Out) -> None:
    head = f"Column of {clean(shorten(sheet.tab, 40))}" if sheet.tab else "Column"
    rows = tuple((clean(shorten(c.heading, 60)), _read_as(c)) for c in sheet.columns if c.heading)
    out.table(Grid((head, "Read as"), rows))
    out.say()


def _net(compared: Sequence[Compared], out: Out) -> None:
    """What was published beside what the draft gives: each that disagrees, and how many agree."""
    if not compared:
        return
    wrong = [one for one in compared if not one.agrees]
    rows = tuple(
        (
            clean(one.kpi),
            one.period,
            clean(shorten(one.value, 20)),
            str(one.published),
            one.ours,
            clean(one.would_agree) or "-",
        )
        for one in wrong[:_MOST_TOLD]
    )
    if rows:
        out.table(Grid(("KPI", "Period", "Value", "Published", "Draft", "Would agree with"), rows))
        if len(wrong) > _MOST_TOLD:
            out.say(f"and {len(wrong) - _MOST_TOLD:,} more")
    right = len(compared) - len(wrong)
    out.say(f"{count(len(compared), 'published level')}: {right:,} as the draft has it, {len(wrong):,} not")
    out.say()


def _left_out(imported: Imported, out: Out) -> None:
    """Each row, column and value that is in none of the files, and how the file was read where it did not say so."""
    for skipped in imported.skipped[:_MOST_TOLD]:
        _wrapped(f"skipped {skipped.where}: {skipped.reason}: {skipped.shown}", out)
    if len(imported.skipped) > _MOST_TOLD:
        _more(imported.skipped[_MOST_TOLD:], out)
    for sheet in imported.sheets:
        if sheet.unread:
            names = ", ".join(repr(shorten(column.heading, 40)) for column in sheet.unread)
            where = f" of sheet {sheet.tab}" if sheet.tab else ""
            _wrapped(
                f'note: columns{where} that nothing reads: {names} (not wanted: --map "Column=ignore")',
                out,
            )
    for remark in (*imported.remarks, *imported.notes):
        _wrapped(f"note: {remark}", out)
    if imported.skipped or imported.remarks or imported.notes or any(sheet.unread for sheet in imported.sheets):
        out.say()


def _more(skipped: Sequence[Skipped], out: Out) -> None:
    reasons = Counter(one.reason for one in skipped)
    for reason, number in reasons.items():
        out.say(f"skipped {number:,} more: {reason}")


def _wrapped(text: str, out: Out) -> None:
    for line in textwrap.wrap(clean(text), out.width, subsequent_indent="  ", break_long_words=False):
        out.say(line)


def _read_as(column: HeadedColumn) -> str:
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
