"""The command line: ``ragengine COMMAND``; exit 0 all well, 1 problems reported, 2 wrong use, 3 could not."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence

from . import __version__

__all__ = ["main"]


Parser = argparse.ArgumentParser


def _demo(parser: Parser) -> None:
    parser.add_argument("-o", "--output", default="ragengine-demo", metavar="FOLDER", help="where the report goes")


def _init(parser: Parser) -> None:
    parser.add_argument("folder", metavar="FOLDER")


def _check(parser: Parser) -> None:
    _rules(parser)
    parser.add_argument("--format", choices=("text", "json", "github", "sarif"), default="text")
    parser.add_argument("--strict", action="store_true", help="warnings count as errors")
    parser.add_argument("--as-at", metavar="DAY", help="the day for reviews and graces that end; today if left out")
    _data_option(parser, "measurements, for targets loosened when they were missed")


def _test(parser: Parser) -> None:
    parser.add_argument("rules", metavar="RULES", nargs="+")
    parser.add_argument("-v", "--verbose", action="store_true", help="list the cases that pass, too")
    parser.add_argument("--coverage", action="store_true", help="which thresholds, graces and roll-up rules cases show")
    parser.add_argument("--coverage-min", metavar="PERCENT", type=float, help="fail below this coverage")
    parser.add_argument("--write-missing", action="store_true", help="write the missing cases, for you to confirm")
    parser.add_argument("--mutate", action="store_true", help="list small changes of the rules that no case notices")
    parser.add_argument("--junit", metavar="FILE", help="write the results as JUnit XML")


def _score(parser: Parser) -> None:
    _scoring(parser, "table", "json", "csv")


def _report(parser: Parser) -> None:
    _scoring(parser, "markdown", "text")


def _scoring(parser: Parser, *formats: str) -> None:
    _rules(parser)
    parser.add_argument("data", metavar="DATA", nargs="+", help="folder of data files, or files")
    parser.add_argument("--as-at", metavar="PERIOD", help="Aug-20 or 2020-08-14; the latest in the data if left out")
    parser.add_argument("--previous", metavar="DATA", action="append", help="data of the period before")
    parser.add_argument("--previous-as-at", metavar="PERIOD")
    parser.add_argument("--format", choices=formats, default=formats[0])
    parser.add_argument("-o", "--output", metavar="FILE", help="standard output if left out")


def _explain(parser: Parser) -> None:
    _rules(parser)
    parser.add_argument("subject", metavar="ID", help="a KPI, an action, or with --data an area")
    parser.add_argument("value", nargs="?", help="a value, as a cell would hold it")
    for option in ("period", "as-at", "entity", "numerator", "denominator", "target", "status"):
        parser.add_argument(f"--{option}")
    _data_option(parser, "explain it as this data has it")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def _narrative(parser: Parser) -> None:
    parser.add_argument("data", metavar="DATA", nargs="+", help="folder of data files with narrative.toml, or files")
    _rules(parser)
    parser.add_argument("--as-at", metavar="PERIOD", help="Aug-20 or 2020-08-14; the latest in the data if left out")
    parser.add_argument("--previous", metavar="DATA", action="append", help="data of the period before")
    parser.add_argument("--previous-as-at", metavar="PERIOD")
    parser.add_argument("--format", choices=("text", "json", "github", "sarif"), default="text")
    parser.add_argument("--strict", action="store_true", help="warnings count as errors")
    parser.add_argument("-v", "--verbose", action="store_true", help="list every claim, and what it was held against")


def _rules(parser: Parser) -> None:
    parser.add_argument("rules", metavar="RULES", help="folder of rule files")


def _data_option(parser: Parser, summary: str) -> None:
    parser.add_argument("--data", metavar="DATA", action="append", help=summary)


#: each command with what it does and what adds its arguments, in the order of --help
_COMMANDS: dict[str, tuple[str, Callable[[Parser], None]]] = {
    "demo": ("rate the worked example, a children's-services improvement plan", _demo),
    "init": ("write a small rulebook and data to start from", _init),
    "check": ("say everything that is wrong with a rulebook", _check),
    "test": ("run the examples and cases of a rulebook", _test),
    "score": ("rate a reporting period", _score),
    "report": ("write the exception report of a reporting period", _report),
    "explain": ("say why a KPI, action or area is rated as it is", _explain),
    "narrative": ("hold a plan's sentences against its numbers and colours", _narrative),
}


def _parser() -> Parser:
    parser = argparse.ArgumentParser(
        prog="ragengine",
        description="Red/Amber/Green performance rating from declarative rules, explained.",
        epilog="Exit: 0 all well, 1 finished with problems reported, 2 wrong use, 3 could not.",
    )
    parser.add_argument("--version", action="version", version=f"ragengine {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, (summary, add_arguments) in _COMMANDS.items():
        add_arguments(commands.add_parser(name, help=summary, description=summary))
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    args = _parser().parse_args(arguments)
    # the engine is imported once a command is known: --help and a mistyped option answer at once
    from .commands import run

    return run(args)


if __name__ == "__main__":
    sys.exit(main())
