"""``init``."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from ..display import did_you_mean
from ..document.blocks import Grid
from ..errors import BadArgument
from ..export.workbook.entry_forms import entry_forms
from ..period import period_given
from ..starter import FILES, published_files, published_keys
from .inputs import load_book
from .output import Out, write_files

__all__ = ["init"]

_HEADERS = ("key", "what it says", "published")


def init(args: argparse.Namespace, out: Out) -> int:
    if args.key == "list":
        return _list_keys(out)
    if not args.folder:
        raise BadArgument("FOLDER", "", "name a folder to write to")
    folder = Path(args.folder)
    if args.xlsx or args.period:
        if args.key:
            raise BadArgument("--key", args.key, "a key makes rules, --xlsx workbooks: one at a time")
        return _forms(args, folder, out)
    if args.key:
        _write_new({f"rules/{name}": text for name, text in _files_of(args.key).items()}, args.folder, out)
        out.say(f"Next:  ragengine check {folder / 'rules'}")
        out.say(f"       ragengine test {folder / 'rules'}")
        out.say(f"       edit {folder / 'rules'}: its indicators and dates are examples, its lines are the key's")
        return 0
    _write_new(FILES, args.folder, out)
    out.say(f"Next:  ragengine check {folder / 'rules'}")
    out.say(f"       ragengine test {folder / 'rules'}")
    out.say(f"       ragengine score {folder / 'rules'} {folder / 'data'}")
    return 0


def _list_keys(out: Out) -> int:
    out.table(Grid(_HEADERS, tuple((key.name, key.about, key.source) for key in published_keys())))
    return 0


def _files_of(name: str) -> Mapping[str, str]:
    try:
        return published_files(name)
    except KeyError:
        near = did_you_mean(name, [key.name for key in published_keys()])
        raise BadArgument(
            "--key", name, f"did you mean {near}?" if near else "init --key list lists the keys"
        ) from None


def _write_new(files: Mapping[str, str], folder: str, out: Out) -> None:
    """Writes files where none of them is yet."""
    root = Path(folder)
    if (root / "book.toml").exists():
        raise BadArgument("FOLDER", folder, "it is a rulebook already: name a new folder")
    for name in files:
        if (root / name).exists():
            raise BadArgument("FOLDER", folder, f"{name} is there already: name another folder")
    paths = {root / name: text for name, text in files.items()}
    write_files(paths)
    for path in paths:
        out.say(f"wrote {path}")
    out.say()


def _forms(args: argparse.Namespace, folder: Path, out: Out) -> int:
    """Workbooks to fill in; one that is there is never written over."""
    if not args.xlsx or not args.period:
        raise BadArgument("--xlsx", args.xlsx, "name the rules, and with --period the first period to fill in")
    book = load_book(args.xlsx, out)
    period = period_given("--period", args.period, book.rules.calendar)
    forms = entry_forms(book.rules, period)
    for name in forms:
        if (folder / name).exists():
            raise BadArgument("FOLDER", args.folder, f"{name} is there already: name another folder")
    write_files({folder / name: content for name, content in forms.items()})
    for name in forms:
        out.say(f"wrote {folder / name}")
    out.say(f"Next:  ragengine score {args.xlsx} {folder} --as-at {args.period}")
    return 0
