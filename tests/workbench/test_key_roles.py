"""A key stands in rulefile/fields.py with its role, and whoever goes by keys has it from there."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve, fields_dict

from ragengine.period import Due
from ragengine.rulebook.action import Action
from ragengine.rulebook.comparison import Comparison
from ragengine.rulebook.dated import Dated
from ragengine.rulebook.kpi import Kpi
from ragengine.rulebook.rules import Rules
from ragengine.rulebook.scoring import Score
from ragengine.rulefile.fields import ACTION, KPI
from ragengine.rulefile.keys import Key, Role
from ragengine.terms import Missing
from ragengine.workbench.diff.keys import action_details, has_one_rule, kpi_details, only_reworded

DOCS = Path(__file__).resolve().parents[2] / "docs"
RULES = Rules("B", "2020-21", Missing.GREY)
A_KPI = Kpi("a.k", "K")
AN_ACTION = Action("a.x", "X", Due(date(2020, 9, 30)))
#: another value of keys whose values are of a kind of their own
OF_ITS_KIND = {"confidence": Fraction(19, 20), "compare": Comparison(than="England"), "score": Score()}
#: told under a heading of their own, or no part of a rule
APART = ("grace", "entities", "examples")

kpi_keys = pytest.mark.parametrize("name", [name for name in KPI if name not in APART])
action_keys = pytest.mark.parametrize("name", [name for name in ACTION if name not in APART])


def other(key: Key, rule: Any) -> Any:
    """The rule with another value of one key."""
    changed: Any = OF_ITS_KIND.get(key.field, "another")
    if isinstance(getattr(rule, key.field), bool):
        changed = not getattr(rule, key.field)
    elif key.dated:
        changed = Dated.of(7)
    return evolve(rule, **{key.field: changed})


@kpi_keys
def test_diff_tells_of_every_key_that_is_part_of_a_kpis_rule(name: str) -> None:
    """A line names it; what only readers read is told as reworded, and rates alike."""
    key = KPI[name]
    after = other(key, A_KPI)
    told = [line for lines in kpi_details(RULES, RULES, A_KPI, after).values() for line in lines]

    if key.role is Role.WORDING:
        assert not told and only_reworded(A_KPI, after) and has_one_rule(A_KPI, after)
    else:
        assert any(line.startswith(name) for line in told) and not has_one_rule(A_KPI, after)


@action_keys
def test_diff_tells_of_every_key_that_is_part_of_an_actions_rule(name: str) -> None:
    """The same of actions."""
    key = ACTION[name]
    after = other(key, AN_ACTION)
    told = action_details(AN_ACTION, after)

    if key.role is Role.WORDING:
        assert not told and only_reworded(AN_ACTION, after)
    else:
        assert any(line.startswith(name) for line in told)


@pytest.mark.parametrize(("keys", "model"), [(KPI, Kpi), (ACTION, Action)], ids=["kpi", "action"])
def test_every_field_of_a_rule_is_filled_by_a_key(keys: dict[str, Key], model: type) -> None:
    """But for where it stands: so what is read has a role, and what has a role is read."""
    filled = {key.field for key in keys.values()}

    assert filled == set(fields_dict(model)) - {"id", "file", "line"}


@pytest.mark.parametrize("name", sorted({*KPI, *ACTION}))
def test_every_key_is_on_the_page_of_rules(name: str) -> None:
    """Whoever adds a key says there what it means."""
    in_code = re.findall(r"`([^`\n]+)`", (DOCS / "rules.md").read_text("utf-8"))

    assert any(re.search(rf"\b{name}\b", code) for code in in_code)
