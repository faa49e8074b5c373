"""Graces on the days before and after their ends, what a suspension comes after, and when a rule begins."""

from __future__ import annotations

from ..row import Row, Table, grey, rated

_LAST_DAY = "a period is judged by its last day; from and until are inclusive"
_OWN = "a KPI's own reason for grey comes before a suspension's"


def _grace(effect: str, when: str = "") -> str:
    condition = f", when = '{when}'" if when else ""
    return (
        '{ name = "g", from = 2020-03-23, until = 2020-09-30, reason = "Closed", authority = "Board", '
        f"{effect}{condition} }}"
    )


_HIGHER = 'direction = "higher"\ntarget = 90\ntolerance = "10 pp"\n'
_FLOOR, _CAP, _WIDER = 'no_worse_than = "amber"', 'no_better_than = "amber"', 'tolerance = "20 pp"'
_COVID, _NORTH = '"covid" in causes', 'entity == "North"'

RULES = {
    "floor": f"{_HIGHER}grace = [{_grace(_FLOOR)}]",
    "cap": f"{_HIGHER}grace = [{_grace(_CAP)}]",
    "suspended": f"{_HIGHER}grace = [{_grace('suspend = true')}]",
    "relieved": f"{_HIGHER}grace = [{_grace('target = 80')}]",
    "wider": f"{_HIGHER}grace = [{_grace(_WIDER)}]",
    "for-covid": f"{_HIGHER}grace = [{_grace(_FLOOR, _COVID)}]",
    "when-value": f"{_HIGHER}grace = [{_grace(_FLOOR, 'value > 50')}]",
    "when-short": f"{_HIGHER}grace = [{_grace(_FLOOR, 'shortfall <= 15.1')}]",
    "when-counts": f"{_HIGHER}grace = [{_grace(_FLOOR, 'denominator < 10')}]",
    "when-where": f"{_HIGHER}grace = [{_grace(_FLOOR, _NORTH)}]",
    "when-divides": f"{_HIGHER}grace = [{_grace(_FLOOR, '100 / value > 2')}]",
    "begins": f"{_HIGHER}rated_from = 2020-07-15",
    "begins-red": f'{_HIGHER}rated_from = 2020-07-15\nmissing = "red"',
    "evident": f"{_HIGHER}requires_evidence = true",
}


def _day(rule: str, day: str, rag: str, short: str | int | None, why: str, **cells: object) -> Row:
    return rated(rule, rag, short, why, period=day, day=day, **cells)


ROWS = (
    # the day before and after each end
    _day("floor", "2020-03-22", "red", 20, "the day before", value="70"),
    _day("floor", "2020-03-23", "amber", 20, "the first day", value="70", computed="red"),
    _day("floor", "2020-09-30", "amber", 20, "the last day", value="70", computed="red"),
    _day("floor", "2020-10-01", "red", 20, "the day after", value="70"),
    _day("floor", "2020-07-31", "green", 0, "a floor leaves what is better", value="90"),
    rated("floor", "red", 20, _LAST_DAY, value="70", period="2020-02", day="2020-02-29"),
    rated("floor", "amber", 20, _LAST_DAY, value="70", computed="red", period="2020-03", day="2020-03-31"),
    rated("floor", "amber", 20, _LAST_DAY, value="70", computed="red", period="Sep-20", day="2020-09-30"),
    rated("floor", "red", 20, _LAST_DAY, value="70", period="2020-10", day="2020-10-31"),
    rated("floor", "amber", 20, _LAST_DAY, value="70", computed="red", period="Q4 2019/20", day="2020-03-31"),
    rated("floor", "red", 20, _LAST_DAY, value="70", period="Q3 2020/21", day="2020-12-31"),
    rated("floor", "red", 20, _LAST_DAY, value="70", period="2020/21", day="2021-03-31"),
    _day("cap", "2020-03-22", "green", 0, "the day before", value="90"),
    _day("cap", "2020-03-23", "amber", 0, "the first day", value="90", computed="green"),
    _day("cap", "2020-09-30", "amber", 0, "the last day", value="90", computed="green"),
    _day("cap", "2020-10-01", "green", 0, "the day after", value="90"),
    _day("cap", "2020-07-31", "red", 20, "a cap leaves what is worse", value="70"),
    _day("suspended", "2020-03-22", "red", 20, "the day before", value="70"),
    grey("suspended", "suspended", "the first day; computed is told", value="70", computed="red", adjusted="grey",
         short=20, period="2020-03-23", day="2020-03-23"),
    grey("suspended", "suspended", "the last day", value="70", computed="red", adjusted="grey", short=20,
         period="2020-09-30", day="2020-09-30"),
    _day("suspended", "2020-10-01", "red", 20, "the day after", value="70"),
    grey("suspended", "no data", _OWN, value=""),
    grey("suspended", "suppressed", _OWN, value="c"),
    grey("suspended", "invalid", _OWN, value="many"),
    grey("suspended", "no cases (0 of 0)", _OWN, numerator="0", denominator="0"),
    _day("relieved", "2020-03-22", "red", 15, "the day before", value="75"),
    _day("relieved", "2020-03-23", "amber", 15, "against 80, and 70", value="75", computed="red"),
    _day("relieved", "2020-09-30", "green", 10, "against 80", value="80", computed="amber"),
    _day("relieved", "2020-10-01", "amber", 10, "the day after", value="80"),
    _day("wider", "2020-03-22", "red", 20, "the day before", value="70"),
    _day("wider", "2020-09-30", "amber", 20, "amber down to 70", value="70", computed="red"),
    _day("wider", "2020-09-30", "red", "20.1", "below it", value="69.9"),
    # conditions
    rated("when-value", "amber", "39.9", "50.1 is more than 50", value="50.1", computed="red"),
    rated("when-value", "red", 40, "50 is not", value="50"),
    rated("when-short", "amber", "15.1", "90 - 74.9 is 15.099999999999994 in floats", value="74.9", computed="red"),
    rated("when-short", "red", "15.11", "more than 15.1", value="74.89"),
    rated("when-counts", "amber", "310/9", "9 is below 10", numerator="5", denominator="9", computed="red"),
    rated("when-counts", "amber", "310/9", "9 once one is excluded", numerator="5", denominator="10", excluded="1",
          computed="red"),
    rated("when-counts", "red", 40, "10 is not", numerator="5", denominator="10"),
    rated("when-counts", "red", 40, "what is missing grants nothing", value="50"),
    rated("when-counts", "red", 40, "nor does a symbol", value="50", denominator="c"),
    rated("when-where", "amber", 40, "of North", value="50", entity="North", computed="red"),
    rated("when-where", "red", 40, "of another", value="50", entity="South"),
    rated("when-divides", "amber", 50, "100 / 40 is more than 2", value="40", computed="red"),
    rated("when-divides", "red", 90, "what divides by zero grants nothing", value="0"),
    # causes
    rated("for-covid", "amber", 20, "the cause", value="70", causes="covid", computed="red"),
    rated("for-covid", "amber", 20, "folded, split at semicolons", value="70", causes="Flood; COVID", computed="red"),
    rated("for-covid", "amber", 20, "split at commas", value="70", causes="covid ,flood", computed="red"),
    rated("for-covid", "amber", 20, "both, and blanks", value="70", causes=" flood,; covid ;", computed="red"),
    rated("for-covid", "red", 20, "another word", value="70", causes="covid-19"),
    rated("for-covid", "red", 20, "another word", value="70", causes="covid 19; flood"),
    rated("for-covid", "red", 20, "letters are no words", value="70", causes="c,o,v,i,d"),
    rated("for-covid", "red", 20, "none", value="70", causes=""),
    rated("for-covid", "red", 20, "none", value="70"),
    rated("for-covid", "amber", 20, "a list", value="70", causes=["Covid"], computed="red"),
    rated("for-covid", "amber", 20, "a list whose texts are split too", value="70", causes=["flood; covid"],
          computed="red"),
    rated("for-covid", "amber", 20, "a set", value="70", causes=frozenset({"flood", " covid "}), computed="red"),
    rated("for-covid", "red", 20, "an empty list", value="70", causes=[]),
    # when a rule begins
    grey("begins", "not due", "the day before", value="70", period="2020-07-14", day="2020-07-14"),
    _day("begins", "2020-07-15", "red", 20, "the first day", value="70"),
    grey("begins", "not due", "a period that ends before", value="70", period="2020-06", day="2020-06-30"),
    rated("begins", "red", 20, "a period that ends after", value="70"),
    grey("begins", "not due", "nothing else is asked", value="many", period="2020-06", day="2020-06-30"),
    grey("begins", "not due", "nothing else is asked", value="c", period="2020-06", day="2020-06-30"),
    grey("begins", "not due", "nothing else is asked", numerator="8", denominator="9", excluded="10", period="2020-06",
         day="2020-06-30"),
    grey("begins-red", "not due", "nothing else is asked", value="", period="2020-06", day="2020-06-30"),
    # evidence
    rated("evident", "green", 0, "evidence is recorded", value="90", evidence="minutes"),
    rated("evident", "amber", 0, "no better than amber without", value="90", computed="green", adjusted="amber"),
    rated("evident", "amber", 0, "a blank is none", value="90", evidence="", computed="green", adjusted="amber"),
    rated("evident", "amber", 0, "blanks are none", value="90", evidence=" ", computed="green", adjusted="amber"),
    rated("evident", "red", 20, "what is worse stays", value="70"),
    rated("evident", "green", 0, "true is evidence", value="90", evidence=True),
    rated("evident", "amber", 0, "false is none", value="90", evidence=False, computed="green", adjusted="amber"),
    grey("evident", "no data", "grey stays", value=""),
)  # fmt: skip

TABLE = Table("plain", RULES, ROWS)
