"""The command line: ``ragengine COMMAND``; exit 0 all well, 1 problems reported, 2 wrong use, 3 could not."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from . import __version__

__all__ = ["main"]


class Parser(argparse.ArgumentParser):
    """Arguments of the program or of one command; a mistyped option is told with the one that was meant."""

    def _print_message(self, message: str, file: Any = None) -> None:
        # argparse passes over what cannot be written, and would end in 0
        (file or sys.stderr).write(message)

    def every_action(self) -> Iterator[argparse.Action]:
        """Its own arguments and those of its commands."""
        for action in self._actions:
            yield action
            if isinstance(action, argparse._SubParsersAction):
                for command in action.choices.values():
                    yield from command.every_action()

    def refuse(self, left: Sequence[str]) -> None:
        """Ends as wrong use over arguments that nothing reads."""
        first = left[0].partition("=")[0]
        if not first.startswith("-"):
            by_option = any("--data" in action.option_strings and action.metavar == "DATA" for action in self._actions)
            hint = f"; data come by an option here: --data {left[0]}" if by_option else ""
            self.error(f"nothing reads the argument {left[0]!r}{hint}")
        options = [option for action in self.every_action() for option in action.option_strings]
        self.error(f"there is no option {first}{_meant(first, options)}")


class _Version(argparse.Action):
    """``--version``: the program's, and of which formats its files are."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        from .rollup.card_json import FORMAT
        from .rulebook.rules import RULE_FORMAT

        scorecards = FORMAT.rpartition(" ")[2]
        parser._print_message(
            f"ragengine {__version__}, rule format {RULE_FORMAT}, scorecard format {scorecards}\n", sys.stdout
        )
        parser.exit()


#: what people call options that have other names here
_CALLED_SO = {
    **dict.fromkeys(("--period", "--month", "--date", "--day"), ("--as-at", "--period")),
    **dict.fromkeys(("--before", "--baseline"), ("--previous",)),
}


def _meant(given: str, known: Sequence[str]) -> str:
    from .display import did_you_mean

    near = next((each for each in _CALLED_SO.get(given, ()) if each in known), "") or did_you_mean(given, known)
    return f"; did you mean {near}?" if near else ""


def _demo(parser: Parser) -> None:
    parser.add_argument("-o", "--output", default="ragengine-demo", metavar="FOLDER", help="where the report goes")


def _init(parser: Parser) -> None:
    parser.add_argument("folder", metavar="FOLDER", nargs="?", help="a new folder; with --xlsx, where workbooks go")
    parser.add_argument("--key", metavar="KEY", help="start from a published key; list names them all")
    parser.add_argument("--xlsx", metavar="RULES", help="write workbooks to fill in, from this rulebook")
    parser.add_argument("--period", metavar="PERIOD", help="with --xlsx: the first period to fill in, as in 2020-09")


def _import(parser: Parser) -> None:
    parser.add_argument("sheet", metavar="SHEET", help="list of KPIs: .xlsx or .csv")
    parser.add_argument("rules", metavar="RULES", help="new folder of rule files")
    parser.add_argument("--sheet", metavar="NAME", dest="tab", help="one sheet of a workbook with several")
    parser.add_argument("--encoding", choices=("utf-8", "cp1252"), help="of a CSV file; found out if left out")
    parser.add_argument("--area-column", metavar="COLUMN", help="the column that names the areas")
    parser.add_argument("--map", metavar="COLUMN=KEY", action="append", default=[], help='"Owner=lead", "Q1=actual"')
    said = "what holds where a cell is blank: tolerance='10%% of target', period=2020/21"
    parser.add_argument("--set", metavar="KEY=VALUE", action="append", default=[], help=said)
    parser.add_argument("--data", metavar="FOLDER", help="where values and statuses go; RULES/data if left out")
    parser.add_argument("--dry-run", action="store_true", help="print the files, write none")


def _check(parser: Parser) -> None:
    _rules(parser)
    parser.add_argument("--format", choices=("text", "json", "github", "sarif"), default="text")
    parser.add_argument("--strict", action="store_true", help="warnings count as errors")
    parser.add_argument("--as-at", metavar="DAY", help="the day for reviews and graces that end; today if left out")
    _data_option(parser, "data, whose own problems are told too")


def _test(parser: Parser) -> None:
    parser.add_argument("rules", metavar="RULES", nargs="+")
    parser.add_argument("-v", "--verbose", action="store_true", help="list the cases that pass, too")
    parser.add_argument("--coverage", action="store_true", help="which thresholds, graces and roll-up rules cases show")
    parser.add_argument("--coverage-min", metavar="PERCENT", help="fail below this coverage")
    parser.add_argument("--write-missing", action="store_true", help="write the missing cases, for you to confirm")
    parser.add_argument("--mutate", action="store_true", help="list small changes of the rules that no case notices")
    parser.add_argument("--junit", metavar="FILE", help="write the results as JUnit XML")


def _score(parser: Parser) -> None:
    _rules(parser)
    parser.add_argument("data", metavar="DATA", nargs="+", help="folder of data files, or files")
    _period_options(parser)
    _output(parser, "table", "json", "csv")
    said = "rate every row of files of any size into -o FILE (.parquet, .csv, .ndjson), not one period"
    parser.add_argument("--rows", action="store_true", help=said)
    parser.add_argument("--history", action="store_true", help="with --rows: also the previous level and the movement")
    parser.add_argument("--suffix", default="", metavar="TEXT", help="with --rows: ends the names of the added columns")


def _report(parser: Parser) -> None:
    parser.add_argument("rules", metavar="RULES", nargs="?", help="folder of rule files")
    parser.add_argument(
        "data", metavar="DATA", nargs="*", help="folder of data files, or files; events.csv beside them"
    )
    _period_options(parser)
    _output(parser, "markdown", "text", "html", "docx", "xlsx", "ods", "pdf")
    parser.add_argument("--periods", metavar="N", help="so many periods, for charts and areas over time")
    parser.add_argument("--brief", action="store_true", help="one screen: programme, areas, what is at risk")
    parser.add_argument("--missing", action="store_true", help="what has no data this period, by lead")
    parser.add_argument("--template", metavar="FILE", help="your own .docx or .typ")
    parser.add_argument("--check", metavar="FILE", help="hold a report that was made against the accessibility list")


def _period_options(parser: Parser) -> None:
    parser.add_argument("--as-at", metavar="PERIOD", help="Aug-20 or 2020-08-14; the latest in the data if left out")
    parser.add_argument("--previous", metavar="DATA", action="append", help="data of the period before")
    parser.add_argument("--previous-as-at", metavar="PERIOD", help="the period before; the latest in its data")
    parser.add_argument("--public", action="store_true", help="the public edition: small counts hidden by the rules")


def _explain(parser: Parser) -> None:
    _rules(parser)
    parser.add_argument("subject", metavar="ID", help="a KPI, an action or an area")
    parser.add_argument("value", nargs="?", metavar="VALUE", help="a value, as a cell would hold it; none: the rule")
    parser.add_argument("--at", "--as-at", metavar="DAY", help="the day that is looked at")
    parser.add_argument("--period", metavar="PERIOD", help="2020-07, or 2020-01..2020-12 for a line for each")
    parser.add_argument("--why-not", metavar="LEVEL", help="what stands in the way of a level, and what would do")
    _data_option(parser, "explain it as this data has it")
    parser.add_argument("--entity", help="an organisation or team")
    for option in ("numerator", "denominator", "target"):
        parser.add_argument(f"--{option}", metavar="NUMBER")
    parser.add_argument("--input", metavar="NAME=NUMBER", action="append", help="a number that the formula names")
    parser.add_argument("--evidence", metavar="TEXT")
    parser.add_argument("--cause", metavar="WORD", action="append")
    parser.add_argument("--status", help="of an action: not started, in progress, complete or deferred")
    parser.add_argument("--progress", metavar="NUMBER")
    parser.add_argument("--completed-on", metavar="DAY")
    _output(parser, "text", "json", "svg")


def _diff(parser: Parser) -> None:
    parser.add_argument("old", metavar="OLD", help="folder of rule files; with --rev the only one")
    parser.add_argument("new", metavar="NEW", nargs="?", help="folder of rule files")
    parser.add_argument("--rev", metavar="REV", help="compare with git's HEAD~3, or A..B, or main...HEAD")
    _data_option(parser, "list every rating and area of this data that flips")
    _output(parser, "text", "markdown", "json")
    parser.add_argument("-v", "--verbose", action="store_true", help="with --data: the explanations, old and new")
    parser.add_argument("--exit-code", action="store_true", help="exit 1 where something changed in meaning")


def _grace(parser: Parser) -> None:
    _rules(parser)
    _data_option(parser, "say what each did, and what rests on them, by this data")
    parser.add_argument("--as-at", metavar="PERIOD", help="a day or period; the latest in the data, else today")
    _output(parser, "text", "json", "markdown")


def _export(parser: Parser) -> None:
    _rules(parser)
    said = "what to write; -o FILE's name says it too"
    parser.add_argument("--to", choices=("sql", "csv", "json", "parquet", "xlsx"), help=said)
    databases = ("duckdb", "postgres", "spark", "bigquery", "snowflake", "tsql")
    parser.add_argument("--dialect", choices=databases, help="of --to sql: for which database")
    parser.add_argument("--table", metavar="NAME", help="of --to sql: the table to be rated; measurements if left out")
    parser.add_argument("--columns", metavar="NAMES", help="of --to sql: its columns, where it has not all of them")
    parser.add_argument("--bands", metavar="NAME", help="of --to sql: name of the band table; rag_bands if left out")
    parser.add_argument("--view", metavar="NAME", help="of --to sql: name of the view that rates; rag_ratings")
    parser.add_argument("--leave-out", action="store_true", help="leave out KPIs that it cannot rate, and list them")
    parser.add_argument("-o", "--output", metavar="FILE", help="standard output if left out")


def _schema(parser: Parser) -> None:
    parser.add_argument("kind", nargs="?", choices=("book", "area", "cases"), help="which rule file; area if left out")
    parser.add_argument(
        "--extends", action="store_true", help="of an edition that extends another: nothing is required"
    )
    parser.add_argument("--write", metavar="RULES", help="write all of them, and tombi.toml, into a folder of rules")


def _set(parser: Parser) -> None:
    _rules(parser)
    parser.add_argument("id", metavar="ID", help="assessment.seen.target, grace.covid-19.until, book.max_age …")
    parser.add_argument("value", metavar="VALUE", help='as TOML has it; a text needs no quotes of its own: "10 pp"')
    parser.add_argument("--from", metavar="DAY", dest="start", help="the first day of the new value; the old one stays")
    parser.add_argument("--since", metavar="DAY", help="with --from: the first day of the old value, if not always")
    parser.add_argument("--always", action="store_true", help="one value in place of a table of dates")
    parser.add_argument("--dry-run", action="store_true", help="show the change and write nothing")


def _narrative(parser: Parser) -> None:
    _rules(parser)
    parser.add_argument("data", metavar="DATA", nargs="+", help="folder of data files with narrative.toml, or files")
    parser.add_argument("--as-at", metavar="PERIOD", help="Aug-20 or 2020-08-14; the latest in the data if left out")
    parser.add_argument("--previous", metavar="DATA", action="append", help="data of the period before")
    parser.add_argument("--previous-as-at", metavar="PERIOD", help="the period before; the latest in its data")
    parser.add_argument("--format", choices=("text", "json", "github", "sarif"), default="text")
    parser.add_argument("--strict", action="store_true", help="warnings count as errors")
    parser.add_argument("-v", "--verbose", action="store_true", help="list every claim, and what it was held against")


def _completion(parser: Parser) -> None:
    parser.add_argument("shell", metavar="SHELL", choices=("bash", "zsh", "fish"), help="bash, zsh or fish")


def _output(parser: Parser, *formats: str) -> None:
    parser.add_argument("--format", choices=formats, help=f"{formats[0]} if left out; the name of -o FILE says it too")
    parser.add_argument("-o", "--output", metavar="FILE", help="standard output if left out")


def _rules(parser: Parser) -> None:
    parser.add_argument("rules", metavar="RULES", help="folder of rule files")


def _data_option(parser: Parser, summary: str) -> None:
    parser.add_argument("--data", metavar="DATA", action="append", help=summary)


#: each command with what it does, what adds its arguments, and examples, in the order of --help
_COMMANDS: dict[str, tuple[str, Callable[[Parser], None], tuple[str, ...]]] = {
    "demo": (
        "rate the worked example, a children's-services improvement plan",
        _demo,
        ("demo", "demo -o first-look"),
    ),
    "init": (
        "write a small rulebook and data to start from",
        _init,
        ("init our-kpis", "init --key list", "init our-kpis --key havering"),
    ),
    "import": (
        "draft a rulebook from a spreadsheet of KPIs",
        _import,
        (
            "import kpis.xlsx rules --dry-run",
            "import kpis.xlsx rules --sheet Scorecard --map Owner=lead --map Q1=actual",
            "import kpis.csv rules --set tolerance='10% of target' --set period=2020/21",
        ),
    ),
    "check": (
        "say everything that is wrong with a rulebook",
        _check,
        ("check rules", "check rules --strict --data data", "check rules --format sarif > problems.sarif"),
    ),
    "test": (
        "run the examples and cases of a rulebook",
        _test,
        ("test rules", "test rules --coverage --mutate", "test rules --write-missing"),
    ),
    "score": (
        "rate a reporting period",
        _score,
        (
            "score rules data",
            "score rules data/2020-08 --previous data/2020-07 -o card.json",
            "score rules extract.parquet -o ratings.parquet",
        ),
    ),
    "report": (
        "write the exception report of a reporting period",
        _report,
        ("report rules data -o report.md", "report rules data/2020-08 --previous data/2020-07 --as-at Aug-20"),
    ),
    "diff": (
        "say what changed in meaning between two rulebooks",
        _diff,
        ("diff last-year/rules rules", "diff rules --rev main...HEAD --data data", "diff old new -o changes.md"),
    ),
    "explain": (
        "explain a rule, or why a KPI, action or area is rated as it is",
        _explain,
        (
            "explain rules early-help.seen-10-days",
            "explain rules early-help.seen-10-days 84 --period Jul-20 --why-not green",
            "explain rules early-help --data data",
        ),
    ),
    "grace": (
        "list every grace and override, what it did, and what rests on it",
        _grace,
        ("grace rules", "grace rules --data data --as-at Aug-20 -o graces.md"),
    ),
    "narrative": (
        "hold a plan's sentences against its numbers and colours",
        _narrative,
        ("narrative rules data", "narrative rules data/2020-08 --previous data/2020-07 -v"),
    ),
    "export": (
        "write the band table, SQL that rates by it, or a workbook that does",
        _export,
        ("export rules -o bands.csv", "export rules --dialect postgres -o rates.sql", "export rules -o rates.xlsx"),
    ),
    "schema": (
        "print the JSON Schema of rule files, for editors",
        _schema,
        ("schema area", "schema --write rules"),
    ),
    "set": (
        "change one value in its file, and leave everything else as it is",
        _set,
        ("set rules early-help.seen-10-days.target 92 --from 2021-04-01", "set rules book.edition 2021-22 --dry-run"),
    ),
    "completion": (
        "print what makes a shell complete commands, options and files",
        _completion,
        ("completion bash > ~/.local/share/bash-completion/completions/ragengine", "completion fish | source"),
    ),
}


def _parser() -> Parser:
    parser = Parser(
        prog="ragengine",
        description="Red/Amber/Green performance rating from declarative rules, explained.",
        epilog=_examples("init our-kpis", "score rules data", "COMMAND --help")
        + "\n\nExit: 0 all well, 1 finished with problems reported, 2 wrong use, 3 could not.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="its version, and of which formats its files are")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    for name, (summary, add_arguments, examples) in _COMMANDS.items():
        command = commands.add_parser(
            name,
            help=summary,
            description=summary,
            epilog=_examples(*examples),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.set_defaults(parser=parser, of_command=command)
        add_arguments(command)
    return parser


def _examples(*lines: str) -> str:
    return "\n".join(("examples:", *(f"  ragengine {line}" for line in lines)))


def _read(arguments: Sequence[str]) -> argparse.Namespace:
    """What the command line says; ends the program where it says what cannot be."""
    parser = _parser()
    named = next((argument for argument in arguments if not argument.startswith("-")), None)
    if named is not None and named not in _COMMANDS:
        parser.error(f"there is no command {named!r}{_meant(named, list(_COMMANDS))}")
    if any("\0" in argument for argument in arguments):
        parser.error("an argument has a NUL character: no file's name can")
    args, left = parser.parse_known_args(arguments)
    if left:
        args.of_command.refuse(left)
    return args


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    from .commands.streams import guarded

    if arguments is None:
        # the process is the command's own, and what it reads lives to its end: looked at by the collector less often
        gc.set_threshold(50_000, 20, 50)
    return guarded(lambda: _run(sys.argv[1:] if arguments is None else arguments))


def _run(arguments: Sequence[str]) -> int:
    args = _read(arguments)
    # the engine is imported once a command is known: --help and a mistyped option answer at once
    from .commands.running import run

    return run(args)


if __name__ == "__main__":
    sys.exit(main())
