"""Actions: status words, progress, days late, graces, and what cannot be read."""

from __future__ import annotations

from ..row import Row, Table, grey, rated

_WORDS = "status words fold case, spaces and hyphens"
_NOT = "another word, or a progress outside 0 to 100: invalid"
_OWN = "an action's own reason for grey comes before a suspension's"
_BY_PROGRESS = (
    'start = 2020-01-01\nformula = "progress"\nbands = [{ rag = "green", from = 90 }, { rag = "amber", from = 70, '
    'below = 90 }, { rag = "red", below = 70 }]'
)
_SUSPENDED = 'grace = [{ name = "g", from = 2020-03-23, until = 2020-09-30, reason = "Closed", authority = "Board", suspend = true }]'
_FLOORED = _SUSPENDED.replace("suspend = true", 'no_worse_than = "amber"')
_LATER = _SUSPENDED.replace("suspend = true", 'extend_due = "30 days"')

ACTIONS = {
    "due": 'due = "Jun-20"\nwarning = "28 days"\ntolerance = "7 days"',
    "done": f'due = 2020-06-30\n{_BY_PROGRESS}',
    "tbc": 'due = "TBC"',
    "tentative": 'due = "TBC 30 June 2020"',
    "late-counts": 'due = 2020-06-30\non_time = false',
    "suspended-x": f'due = 2020-06-30\n{_SUSPENDED}',
    "suspended-tbc": f'due = "TBC"\n{_SUSPENDED}',
    "floored-x": f'due = 2020-06-30\n{_FLOORED}',
    "extended": f'due = 2020-06-30\n{_LATER}',
    "evident-x": 'due = 2020-06-30\nrequires_evidence = true',
}  # fmt: skip


def _day(action: str, day: str, rag: str, why: str, status: object = "in progress", **cells: object) -> Row:
    return rated(action, rag, None, why, status=status, period=day, day=day, **cells)


def _grey(
    action: str, reason: str, why: str, status: object = "in progress", day: str = "2020-07-31", **cells: object
) -> Row:
    return grey(action, reason, why, status=status, period=day, day=day, **cells)


def _rows() -> tuple[Row, ...]:
    return (
        # status words
        *(_day("due", "2020-07-31", "green", _WORDS, status) for status in
          ("complete", "Complete", " COMPLETE ", "complete ")),
        *(_day("due", "2020-05-31", "green", _WORDS, status) for status in
          ("in progress", "In-Progress", "IN PROGRESS", "in  progress", "In - Progress", "not started", "Not-Started",
           "NOT STARTED")),
        *(_grey("due", "not applicable", _WORDS, status) for status in ("deferred", "Deferred")),
        *(_grey("due", "invalid", _NOT, status) for status in
          ("Completed", "done", "started", "delayed", "x", "90%", "in progess", "true")),
        _grey("due", "invalid", "a boolean is no status", True),
        *(_grey("due", "no data", "no status", status) for status in ("", " ")),
        # days
        _day("due", "2020-06-02", "amber", "28 days before: warning includes its last day"),
        _day("due", "2020-06-01", "green", "29 days before"),
        _day("due", "2020-06-30", "amber", "the day itself"),
        _day("due", "2020-07-07", "amber", "7 days late is tolerated"),
        _day("due", "2020-07-08", "red", "8 are not"),
        _day("due", "2020-07-08", "green", "complete is green, however late", "complete"),
        _day("late-counts", "2020-07-31", "green", "completed on the day", "complete", completed_on="2020-06-30"),
        _day("late-counts", "2020-07-31", "red", "completed a day late", "complete", completed_on="2020-07-01"),
        _day("late-counts", "2020-07-31", "green", "completed in the month that ends then", "complete",
             completed_on="Jun-20"),
        _grey("late-counts", "missing input", "nobody says when", "complete"),
        *(_grey(action, "invalid", "completed on a day that is still to come", "complete", completed_on=day)
          for action in ("late-counts", "due", "tbc", "suspended-x") for day in ("2020-08-01", "Aug-20", "2021-01-31")),
        *(_day("due", "2020-07-31", "green", "known on the day itself", "complete", completed_on=day)
          for day in ("2020-07-31", "Jul-20", "2020-07-30", "2020/21")),
        _day("late-counts", "2020-07-10", "red", "in a month that goes on: by then", "complete", completed_on="Jul-20"),
        _day("late-counts", "2020-06-10", "green", "in a month that goes on: by then", "complete", completed_on="Jun-20"),
        _day("due", "2020-07-31", "red", "open, whatever day is given", completed_on="2020-08-01"),
        _grey("due", "no data", "a day is no status", "", completed_on="2020-08-01"),
        # progress
        *(_day("done", "2020-05-31", rag, "by progress", progress=progress) for progress, rag in
          (("100", "green"), ("90", "green"), ("89.999999999999999", "amber"), ("70", "amber"), ("69.9", "red"),
           ("0", "red"), ("90%", "green"), ("-0", "red"))),
        *(_grey("done", "invalid", _NOT, progress=progress) for progress in
          ("150", "100.1", "-1", "-0.1", "half", "NaN", "100.00000000000000000001")),
        _grey("done", "missing input", "no progress", progress=""),
        _grey("done", "missing input", "no progress"),
        _grey("due", "invalid", _NOT + ", though no rule reads it", progress="150"),
        _grey("due", "invalid", "a complete action too", "complete", progress="150"),
        _grey("due", "invalid", "status and progress", "Completed", progress="150"),
        # due
        _grey("tbc", "no due date", "due TBC"),
        _day("tbc", "2020-07-31", "green", "complete is green without a due date", "complete"),
        _grey("tbc", "invalid", "before no due date", "Completed"),
        _grey("tbc", "no data", "before no due date", ""),
        _day("tentative", "2020-07-01", "red", "tentative dates rate: a day late"),
        _day("tentative", "2020-06-30", "green", "tentative dates rate: on the day"),
        # graces
        _day("floored-x", "2020-07-31", "amber", "a floor", computed="red"),
        _day("floored-x", "2020-09-30", "amber", "on its last day", computed="red"),
        _day("floored-x", "2020-10-01", "red", "the day after"),
        _day("extended", "2020-07-30", "green", "30 days more", computed="red"),
        _day("extended", "2020-07-31", "red", "and a day"),
        _grey("suspended-x", "suspended", "what was computed is told", computed="red", adjusted="grey"),
        _day("suspended-x", "2020-10-01", "red", "the day after"),
        _grey("suspended-x", "no data", _OWN, ""),
        _grey("suspended-x", "not applicable", _OWN, "deferred"),
        _grey("suspended-x", "invalid", _OWN, "Completed"),
        _grey("suspended-x", "invalid", _OWN, progress="150"),
        _grey("suspended-tbc", "no due date", _OWN),
        # evidence
        _day("evident-x", "2020-07-31", "green", "evidence is recorded", "complete", evidence="minutes"),
        _day("evident-x", "2020-07-31", "amber", "no better than amber without", "complete", computed="green",
             adjusted="amber"),
        _day("evident-x", "2020-07-31", "amber", "a blank is none", "complete", evidence=" ", computed="green",
             adjusted="amber"),
    )  # fmt: skip


TABLE = Table("actions", {}, _rows(), actions=ACTIONS)

_RATED_FROM = {
    "from-day": 'due = 2020-06-30\nrated_from = 2020-07-15',
    "from-start": 'due = 2020-08-31\nwarning = "90 days"\nstart = 2020-07-15\nrated_from = "start"',
    "from-tbc": 'due = "TBC"\nrated_from = 2020-07-15',
}  # fmt: skip
FROM_TABLE = Table(
    "actions rated from",
    {},
    (
        _grey("from-day", "not due", "the day before", day="2020-07-14"),
        _day("from-day", "2020-07-15", "red", "the first day"),
        _grey("from-day", "not due", "nothing else is asked", "Completed", day="2020-07-14"),
        _grey("from-day", "not due", "nothing else is asked", "", day="2020-07-14"),
        _grey("from-day", "not due", "nothing else is asked", "complete", day="2020-07-14"),
        _grey("from-start", "not due", "the day before it starts", day="2020-07-14"),
        _day("from-start", "2020-07-15", "amber", "the day on which it starts"),
        _grey("from-tbc", "not due", "before no due date", day="2020-07-14"),
        _grey("from-tbc", "no due date", "from then on", day="2020-07-15"),
    ),
    actions=_RATED_FROM,
)
