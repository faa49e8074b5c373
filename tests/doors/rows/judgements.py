"""Rules of an entity's own, and overrides with and without entity, in force and not."""

from __future__ import annotations

from typing import Any

from ..row import Table, grey, rated

_HIGHER = 'direction = "higher"\ntarget = 90\ntolerance = "10 pp"'
_NAMES = "an override is the judgement on the one rating that it names"

RULES = {
    "own": f'{_HIGHER}\nentities = {{ North = {{ target = 80 }}, South = {{ missing = "red", tolerance = 0 }} }}',
    "judged": _HIGHER,
    "judged-no-entity": _HIGHER,
    "judged-grey": _HIGHER,
    "judged-begins": _HIGHER,
    "judged-lapsed": _HIGHER,
    "capped": _HIGHER,
    "floored": _HIGHER,
    "twice": _HIGHER,
}


def _override(subject: str, effect: str, level: str, entity: str = "", start: str = "2020-06-01",
              until: str = "2020-07-31") -> dict[str, Any]:  # fmt: skip
    made = {"subject": subject, effect: level, "from": start, "until": until, "reason": "Judged", "authority": "Board"}
    return made | ({"entity": entity} if entity else {})


OVERRIDES = (
    _override("judged", "rag", "green", "North"),
    _override("judged-no-entity", "rag", "green"),
    _override("judged-grey", "rag", "grey", "North"),
    _override("judged-grey", "rag", "amber", "South"),
    _override("judged-begins", "rag", "green", "North", "2020-07-31", "2020-08-31"),
    _override("judged-begins", "rag", "green", "South", "2020-08-01", "2020-08-31"),
    _override("judged-lapsed", "rag", "green", "North", until="2020-07-30"),
    _override("capped", "no_better_than", "amber", "North"),
    _override("floored", "no_worse_than", "amber", "North"),
    _override("twice", "rag", "red", "North", "2020-05-01"),
    _override("twice", "rag", "green", "North", "2020-07-01"),
)

ROWS = (
    rated("own", "green", -4, "North has a target of its own", value="84", entity="North"),
    rated("own", "red", 6, "South has no amber", value="84", entity="South"),
    rated("own", "amber", 6, "another has the rule's", value="84", entity="East"),
    rated("own", "amber", 6, "an entity is named as it is written", value="84", entity="north"),
    rated("own", "amber", 6, "none has the rule's", value="84", entity=""),
    # one of each rule: rows without an entity would be rows of one KPI and period
    rated("judged", "green", 20, _NAMES, value="70", entity="North", computed="red", adjusted="red"),
    rated("judged", "red", 20, "of another entity", value="70", entity="South"),
    rated("judged", "red", 20, "of the rating without an entity", value="70", entity=""),
    rated(
        "judged-no-entity",
        "green",
        20,
        "without one it is of the rating that has none",
        value="70",
        entity="",
        computed="red",
        adjusted="red",
    ),
    rated("judged-no-entity", "red", 20, "and of no entity's", value="70", entity="North"),
    grey(
        "judged-grey",
        "not applicable",
        "a judgement that it is not rated",
        value="70",
        entity="North",
        computed="red",
        adjusted="red",
        short=20,
    ),
    rated(
        "judged-grey",
        "amber",
        None,
        "a judgement on what is not rated",
        value="",
        entity="South",
        computed="grey",
        adjusted="grey",
    ),
    rated("judged-begins", "green", 20, "on its first day", value="70", entity="North", computed="red", adjusted="red"),
    rated("judged-begins", "red", 20, "the day before", value="70", entity="South"),
    rated("judged-lapsed", "red", 20, "the day after its last", value="70", entity="North"),
    rated("capped", "amber", -5, "a cap", value="95", entity="North", computed="green", adjusted="green"),
    rated("floored", "amber", 20, "a floor", value="70", entity="North", computed="red", adjusted="red"),
    rated(
        "twice",
        "green",
        20,
        "of two in force the last begun counts",
        value="70",
        entity="North",
        computed="red",
        adjusted="red",
    ),
)

TABLE = Table("plain", RULES, ROWS, overrides=OVERRIDES)
