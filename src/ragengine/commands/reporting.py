"""``report``: the exception report of a period, for a terminal, a browser, an office and the public."""

from __future__ import annotations

import argparse
from pathlib import Path

from ..book import Rulebook
from ..document.markdown import markdown
from ..errors import BadArgument
from ..problem import has_errors
from ..report.build import report_of_card
from ..report.events import read_events
from ..report.exception_report import exception_report
from ..report.model import Report
from ..report.terminal import brief, full_report, missing
from .cards import load_cards
from .inputs import load_book
from .output import Cannot, Out, form_of, to_file, write

__all__ = ["made_report", "rendered", "report"]

#: what the end of a file's name says
_SUFFIXES = {
    ".md": "markdown",
    ".txt": "text",
    ".html": "html",
    ".docx": "docx",
    ".xlsx": "xlsx",
    ".ods": "ods",
    ".pdf": "pdf",
}
#: formats that are no text, and are not printed
_BINARY = ("docx", "xlsx", "ods", "pdf")
_FILE_WIDTH = 80
_MOST_PERIODS = 120


def report(args: argparse.Namespace, out: Out) -> int:
    if args.check:
        from .report_checking import check_files

        return check_files([args.check, *filter(None, (args.rules, *args.data))], out)
    if args.rules is None or not args.data:
        raise BadArgument("RULES DATA", None, "name the folder of rules and the folder of data")
    form = _format(args)
    made = made_report(args, load_book(args.rules, out, [*args.data, *(args.previous or ())]), out)
    if args.brief or args.missing:
        width = _FILE_WIDTH if args.output else out.width
        lines = brief(made, width, out.paint) if args.brief else missing(made, width)
        _print(lines, args.output, out)
    elif form == "text" and not to_file(args.output):
        _print(full_report(made, out.width, out.paint), None, out)
    else:
        write(rendered(made, form, args.template), args.output)
    if to_file(args.output):
        out.say(f"wrote {args.output}")
    out.problems(made.problems)
    return int(has_errors(made.problems))


def made_report(args: argparse.Namespace, book: Rulebook, out: Out) -> Report:
    """The report that the arguments name."""
    *earlier, card = load_cards(args, book, out, _periods(args))
    known = frozenset((*book.rules.areas, *book.rules.kpis, *book.rules.actions))
    events, problems = read_events([Path(name) for name in args.data], known, book.rules.calendar)
    return report_of_card(book, card, earlier, events, problems, public=args.public)


def rendered(made: Report, form: str, template: str | None = None) -> str | bytes:
    """The report in a format; raises Cannot where its extra is not installed."""
    try:
        if form == "html":
            from ..report.html.page import html_page

            return html_page(made)
        if form == "docx":
            from ..report.docx import docx_file

            return docx_file(made, None if template is None else Path(template))
        if form == "xlsx":
            from ..report.xlsx import xlsx_file

            return xlsx_file(made)
        if form == "ods":
            from ..report.ods import ods_file

            return ods_file(made)
        if form == "pdf":
            from ..report.pdf import pdf_file

            return pdf_file(made, None if template is None else Path(template))
    except ImportError as lacking:
        raise Cannot(f'{form} needs an extra: pip install "ragengine[{form}]" ({lacking})') from lacking
    if form == "text":
        return "\n".join(full_report(made, _FILE_WIDTH)) + "\n"
    return markdown(exception_report(made))


def _print(lines: list[str], path: str | None, out: Out) -> None:
    if path is not None and to_file(path):
        write("\n".join(lines) + "\n", path)
        return
    for line in lines:
        out.say(line)


def _periods(args: argparse.Namespace) -> int:
    if args.periods is None:
        return 1
    if not args.periods.isascii() or not args.periods.isdigit() or not 1 <= int(args.periods) <= _MOST_PERIODS:
        raise BadArgument("--periods", args.periods, f"write a whole number from 1 to {_MOST_PERIODS}")
    return int(args.periods)


def _format(args: argparse.Namespace) -> str:
    """As ``--format`` says, else as the file's name ends, else Markdown."""
    if args.brief or args.missing:
        return form_of(args.output, args.format, {".txt": "text"}, "text")
    form = form_of(args.output, args.format, _SUFFIXES, "markdown")
    if form in _BINARY and not to_file(args.output):
        raise BadArgument("--format", form, "it is no text: name a file with -o")
    if args.template and form not in ("docx", "pdf"):
        raise BadArgument("--template", args.template, "a template is for --format docx or pdf")
    if args.template and not Path(args.template).is_file():
        raise BadArgument("--template", args.template, "there is no such file")
    return form
