"""``explain``: a rule, a rating, an area, or a walk through periods."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any

from ..book import PreparedAction, Rulebook
from ..data.collection import Data
from ..data.read import read
from ..display import all_meant
from ..errors import BadArgument, UnknownId
from ..number import NumberError, exact
from ..period import Period, period_given
from ..problem import has_errors
from ..rating.prepare import PreparedKpi
from ..rating.rating import Rating
from ..rollup.scorecard import Scorecard
from ..rulebook.rules import Rules
from ..rulefile.provenance import Origins, origins_of
from ..terms import Rag
from ..workbench.explain.area import explain_area, policy_strip
from ..workbench.explain.rule import explain_action, explain_kpi
from ..workbench.explain.walk import periods_between, walk_action, walk_kpi, walk_ratings
from ..workbench.explain.why_not import why_not
from ..workbench.explain.why_not_area import why_not_area
from .explain_pages import (
    Page,
    area_page,
    area_rating_page,
    page_lines,
    page_svg,
    rating_page,
    rule_page,
    walk_page,
)
from .inputs import load_book
from .output import Out, form_of, to_file, write

__all__ = ["explain"]

_SUFFIXES = {".txt": "text", ".json": "json", ".svg": "svg"}
#: what a KPI's measurement has, what an action's report has, and what both have
_OF_A_KPI = ("value", "numerator", "denominator", "target", "input")
_OF_AN_ACTION = ("status", "progress", "completed_on")
_OF_BOTH = ("evidence", "cause")
#: columns of a text that goes into a file
_FILE_WIDTH = 100


def explain(args: argparse.Namespace, out: Out) -> int:
    """Explains one KPI, action or area; 1 where the data have errors about it."""
    form = form_of(args.output, args.format, _SUFFIXES, "text")
    book = load_book(args.rules, out, args.data)
    asked = _Asked(args, book)
    page = asked.page()
    if form == "svg" and not page.strips:
        raise BadArgument("--format svg", args.subject, f"there is nothing to draw: {page.undrawn}")
    if form == "json":
        text = json.dumps(page.data, ensure_ascii=False, indent=1) + "\n"
    elif form == "svg":
        text = page_svg(page)
    else:
        text = ""
    if text:
        write(text, args.output)
    elif to_file(args.output):
        write("\n".join(page_lines(page, _FILE_WIDTH, lambda cell: cell)) + "\n", args.output)
    else:
        for line in page_lines(page, out.width, out.paint, plain=out.plain_symbols):
            out.say(line)
    if to_file(args.output):
        out.say(f"wrote {args.output}")
    return asked.told(out)


class _Asked:
    """What the command line asks about one rulebook."""

    def __init__(self, args: argparse.Namespace, book: Rulebook) -> None:
        self.args = args
        self.book = book
        self.rules: Rules = book.rules
        self.subject = _known(self.rules, args.subject)
        self.wanted = _level(self.rules, args.why_not)
        self.data: Data | None = read(*args.data, calendar=self.rules.calendar) if args.data else None
        self.card: Scorecard | None = None

    @property
    def origins(self) -> Origins:
        return origins_of(Path(self.args.rules))

    def page(self) -> Page:
        """The page that was asked for."""
        args = self.args
        self._refuse_what_is_not_read()
        if args.period and ".." in args.period:
            return self._walk()
        if self.data is not None:
            return self._from_data(self.data)
        if self.subject in self.rules.areas:
            if self.wanted is not None:
                raise BadArgument("--why-not", args.why_not, "an area is rated from its children: give --data")
            return area_page(explain_area(self.rules, self.subject, self.origins))
        if self.subject in self.rules.actions:
            return self._action()
        return self._kpi()

    def told(self, out: Out) -> int:
        """The problems of the data that name the subject, and the exit code."""
        if self.card is None:
            return 0
        problems = [problem for problem in self.card.problems if self.subject in problem.text]
        out.problems(problems)
        return int(has_errors(problems))

    # one page each

    def _kpi(self) -> Page:
        args, prepared = self.args, self.book[self.subject]
        assert isinstance(prepared, PreparedKpi)
        if self._has_value():
            period = args.period or args.at
            rating = prepared.rate(args.value, period, **self._details(prepared))
            on = None if period is None else self._day("--period", period)
            return rating_page(rating, on, why_not(rating, self.wanted) if self.wanted else None)
        if self.wanted is not None:
            raise BadArgument("--why-not", args.why_not, "give a value to ask about, or --data")
        on = self._on()
        target = self._number("--target", args.target)
        return rule_page(explain_kpi(self.rules, prepared.kpi, self.origins, on, args.entity, target))

    def _action(self) -> Page:
        args, prepared = self.args, self.book[self.subject]
        assert isinstance(prepared, PreparedAction)
        on = self._on()
        reported = args.status is not None or args.progress is not None or args.completed_on is not None
        if not reported and self.wanted is None:
            return rule_page(explain_action(self.rules, prepared.action, self.origins, on))
        if on is None:
            raise BadArgument("--at", None, f"an action is rated on a day: say which, as in --at {_some_day(prepared)}")
        rating = self._rated_action(prepared, on)
        assumed = "" if args.status is not None else "No --status is given: it is taken to be in progress."
        return rating_page(rating, on, why_not(rating, self.wanted) if self.wanted else None, assumed)

    def _from_data(self, data: Data) -> Page:
        args = self.args
        card = self.card = self.book.score(data, args.at or args.period)
        key = (self.subject, args.entity) if args.entity else self.subject
        if self.subject in self.rules.areas:
            area = card.areas[key]
            answer = why_not_area(self.rules, area, self.wanted) if self.wanted else None
            strip = policy_strip(self.rules, area.id, area.score)
            return area_rating_page(area, answer, strip)
        rating = card.ratings[key]
        assert isinstance(rating, Rating)
        day = rating.period.end if rating.period else card.as_at
        return rating_page(rating, day, why_not(rating, self.wanted) if self.wanted else None)

    def _walk(self) -> Page:
        args, rules = self.args, self.rules
        if self.wanted is not None:
            raise BadArgument("--why-not", args.why_not, "ask it of one period")
        periods = periods_between(args.period, rules.calendar)
        span = f"{periods[0].label} to {periods[-1].label}"
        if self.data is not None:
            stops = list(walk_ratings(self.book, self.data, self.subject, args.entity, periods))
            return walk_page(self.subject, f"{_title(rules, self.subject)}, {span}", stops)
        title = f"{_title(rules, self.subject)}, {span}"
        if self.subject in rules.areas:
            raise BadArgument("--period", args.period, "an area's roll-up is the same in every period: give --data")
        prepared = self.book[self.subject]
        if isinstance(prepared, PreparedAction):
            action = prepared.action
            rate_on: Callable[[date], Rating] | None = None
            if args.status is not None:
                rate_on = partial(self._rated_so_far, prepared)
            else:
                title += ", while it is open"
            return walk_page(self.subject, title, list(walk_action(rules, action, periods, rate_on)))
        kpi = prepared.kpi.for_entity(args.entity)
        target = self._number("--target", args.target)
        rate: Callable[[Period], Rating] | None = None
        if self._has_value():
            details = self._details(prepared)
            rate = partial(prepared.rate, args.value, **details)
        return walk_page(self.subject, title, list(walk_kpi(rules, kpi, periods, target, rate)))

    # what the arguments say

    def _rated_action(self, prepared: PreparedAction, on: date, *, still_open: bool = False) -> Rating:
        args = self.args
        return prepared.rate(
            on,
            "in progress" if still_open or args.status is None else args.status,
            progress=args.progress,
            completed_on=args.completed_on,
            evidence=args.evidence or "",
            causes=args.cause or (),
        )

    def _rated_so_far(self, prepared: PreparedAction, on: date) -> Rating:
        """The same on one of several days: open until it was completed."""
        rating = self._rated_action(prepared, on)
        completed = rating.facts.completed_on
        return rating if completed is None or completed <= on else self._rated_action(prepared, on, still_open=True)

    def _has_value(self) -> bool:
        args = self.args
        return any(given is not None for given in (args.value, args.numerator, args.denominator)) or bool(args.input)

    def _details(self, prepared: PreparedKpi) -> dict[str, Any]:
        args = self.args
        given = {key: getattr(args, key) for key in ("numerator", "denominator", "target", "entity", "evidence")}
        details: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
        if args.cause:
            details["causes"] = args.cause
        inputs = {}
        for written in args.input or ():
            name, equals, number = written.partition("=")
            if not equals or name not in prepared.kpi.inputs:
                known = ", ".join(prepared.kpi.inputs) or "none"
                raise BadArgument("--input", written, f"write NAME=NUMBER; this KPI's inputs: {known}")
            inputs[name] = number
        if inputs:
            details["inputs"] = inputs
        return details

    def _refuse_what_is_not_read(self) -> None:
        """An option that this question does not read is wrong use, never passed over."""
        needless: tuple[str, ...]
        if self.data is not None:
            needless, why = (*_OF_A_KPI, *_OF_AN_ACTION, *_OF_BOTH), "--data says it: leave one out"
        elif self.subject in self.rules.areas:
            needless = (*_OF_A_KPI, *_OF_AN_ACTION, *_OF_BOTH, "entity")
            why = "an area has no value of its own: give --data"
        elif self.subject in self.rules.actions:
            needless, why = (*_OF_A_KPI, "entity"), "an action has no value: give --status and --at"
        elif self._has_value():
            needless, why = _OF_AN_ACTION, "a KPI has none: it is for actions"
        else:
            needless, why = (*_OF_AN_ACTION, *_OF_BOTH), "a rule without a value does not read it"
        for name in needless:
            given = getattr(self.args, name)
            if given is not None:
                shown = "VALUE" if name == "value" else f"--{name.replace('_', '-')}"
                raise BadArgument(shown, ", ".join(given) if isinstance(given, list) else given, why)

    def _on(self) -> date | None:
        args = self.args
        if args.at is not None:
            return self._day("--at", args.at)
        return None if args.period is None else self._day("--period", args.period)

    def _day(self, option: str, written: str) -> date:
        return period_given(option, written, self.rules.calendar).end

    @staticmethod
    def _number(option: str, written: str | None) -> Fraction | None:
        if written is None:
            return None
        try:
            return exact(written)
        except NumberError as wrong:
            raise BadArgument(option, written, f"{wrong}: write a number") from wrong


def _known(rules: Rules, subject: str) -> str:
    """The id, or UnknownId with what it nearly is: also an id without its area."""
    known = [*rules.areas, *rules.kpis, *rules.actions]
    if subject in known:
        return subject
    near = [own for own in known if own.partition(".")[2] == subject]
    near += all_meant(subject, known, 2)
    raise UnknownId("area, KPI or action", subject, tuple(dict.fromkeys(near))[:3])


def _level(rules: Rules, written: str | None) -> Rag | None:
    if written is None:
        return None
    level = rules.scale.read(written)
    if level is None or level.is_grey:
        raise BadArgument("--why-not", written, f"name a level of the scale: {', '.join(map(str, rules.scale))}")
    return level


def _title(rules: Rules, subject: str) -> str:
    rule = rules.areas.get(subject) or rules.kpis.get(subject) or rules.actions[subject]
    return rule.title


def _some_day(prepared: PreparedAction) -> str:
    due = prepared.action.due.day
    return due.isoformat() if due else "2020-09-30"
