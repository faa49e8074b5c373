"""``schema``."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..errors import BadArgument
from ..rulefile.load import load_document
from ..toml.source import read_text
from ..workbench.schema import FileKind, schema_text, tombi_settings
from .inputs import rules_named
from .output import Cannot, Out, write, write_files

__all__ = ["schema"]

_FOLDER = "schemas"


def schema(args: argparse.Namespace, out: Out) -> int:
    """Prints one schema, or writes all of them beside the rules."""
    if args.write is None:
        # as it is, whatever the terminal can show: it is read by programs
        write(schema_text(FileKind(args.kind or FileKind.AREA), extends=args.extends), None)
        return 0
    if args.kind:
        raise BadArgument("kind", args.kind, "--write writes the schemas of all kinds: leave it out")
    _write(rules_named(args.write), args.extends, out)
    return 0


def _write(rules: Path, extends: bool, out: Out) -> None:
    extends = extends or _extends(rules)
    folder = rules / _FOLDER
    write_files({folder / f"{kind}.json": schema_text(kind, extends=extends) for kind in FileKind})
    out.say(f"wrote {', '.join(f'{kind}.json' for kind in FileKind)} to {folder}")
    if extends:
        out.say("The edition extends another: nothing is required that the other may have.")
    _write_settings(rules / "tombi.toml", out)


def _write_settings(path: Path, out: Out) -> None:
    """Settings that are there already belong to whoever wrote them."""
    settings = tombi_settings(_FOLDER)
    if not path.exists():
        write(settings, str(path))
        out.say(f"wrote {path}")
        return
    try:
        written = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as wrong:
        raise Cannot(f"{path}: cannot be read: {getattr(wrong, 'strerror', None) or wrong}") from wrong
    if written == settings:
        out.say(f"{path} is as it should be")
    else:
        out.say(f"{path} is there already and is kept; for Tombi to find the schemas it must say:")
        out.say(settings)


def _extends(rules: Path) -> bool:
    """Whether the book says that it extends another edition."""
    text, problems = read_text(rules / "book.toml", "book.toml")
    if text is None:
        raise Cannot(f"{rules} is no folder of rules: book.toml {problems[0].message}")
    document, _ = load_document(text, "book.toml")
    book = (document or {}).get("book")
    return isinstance(book, dict) and "extends" in book
