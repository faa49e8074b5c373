"""The command line: ``ragengine COMMAND``; exit 0 all well, 1 problems reported, 2 wrong use, 3 could not."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from . import __version__

__all__ = ["main"]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ragengine",
        description="Red/Amber/Green performance rating from declarative rules, explained.",
        epilog="Exit: 0 all well, 1 finished with problems reported, 2 wrong use, 3 could not.",
    )
    parser.add_argument("--version", action="version", version=f"ragengine {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, summary: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=summary, description=summary)

    demo = command("demo", "rate the worked example, a children's-services improvement plan")
    demo.add_argument("-o", "--output", default="ragengine-demo", metavar="FOLDER", help="where the report goes")

    init = command("init", "write a small rulebook and data to start from")
    init.add_argument("folder", metavar="FOLDER")

    checking = command("check", "say everything that is wrong with a rulebook")
    checking.add_argument("rules", metavar="RULES", help="folder of rule files")
    checking.add_argument("--format", choices=("text", "json", "github", "sarif"), default="text")
    checking.add_argument("--strict", action="store_true", help="warnings count as errors")
    checking.add_argument("--as-at", metavar="DAY", help="the day for reviews and graces that end; today if left out")
    checking.add_argument(
        "--data", metavar="DATA", action="append", help="measurements, for targets loosened when they were missed"
    )

    testing = command("test", "run the examples and cases of a rulebook")
    testing.add_argument("rules", metavar="RULES", nargs="+")
    testing.add_argument("-v", "--verbose", action="store_true", help="list the cases that pass, too")
    testing.add_argument(
        "--coverage", action="store_true", help="which thresholds, graces and roll-up rules cases show"
    )
    testing.add_argument("--coverage-min", metavar="PERCENT", type=float, help="fail below this coverage")
    testing.add_argument("--write-missing", action="store_true", help="write the missing cases, for you to confirm")
    testing.add_argument("--mutate", action="store_true", help="list small changes of the rules that no case notices")
    testing.add_argument("--junit", metavar="FILE", help="write the results as JUnit XML")

    for name, summary, formats in (
        ("score", "rate a reporting period", ("table", "json", "csv")),
        ("report", "write the exception report of a reporting period", ("markdown", "text")),
    ):
        scoring = command(name, summary)
        scoring.add_argument("rules", metavar="RULES")
        scoring.add_argument("data", metavar="DATA", nargs="+", help="folder of data files, or files")
        scoring.add_argument(
            "--as-at", metavar="PERIOD", help="Aug-20 or 2020-08-14; the latest in the data if left out"
        )
        scoring.add_argument("--previous", metavar="DATA", action="append", help="data of the period before")
        scoring.add_argument("--previous-as-at", metavar="PERIOD")
        scoring.add_argument("--format", choices=formats, default=formats[0])
        scoring.add_argument("-o", "--output", metavar="FILE", help="standard output if left out")

    explaining = command("explain", "say why a KPI, action or area is rated as it is")
    explaining.add_argument("rules", metavar="RULES")
    explaining.add_argument("subject", metavar="ID", help="a KPI, an action, or with --data an area")
    explaining.add_argument("value", nargs="?", help="a value, as a cell would hold it")
    for option in ("period", "as-at", "entity", "numerator", "denominator", "target", "status"):
        explaining.add_argument(f"--{option}")
    explaining.add_argument("--data", metavar="DATA", action="append", help="explain it as this data has it")
    explaining.add_argument("--format", choices=("text", "json"), default="text")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    args = _parser().parse_args(arguments)
    # the engine is imported once a command is known: --help and a mistyped option answer at once
    from .commands import run

    return run(args)


if __name__ == "__main__":
    sys.exit(main())
