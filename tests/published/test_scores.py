"""Scores, ranks, means and the cap of the NHS Oversight Framework 2025/26, by the keys that say them: against what was published."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import ragengine

from .answers import table, vectors

SEGMENTS = "".join(
    f'[[scale.levels]]\nid = "segment_{n}"\nlabel = "Segment {n}"\nsymbol = "{n}"\ncolour = "#000000"\npoints = {n}\n'
    for n in (4, 3, 2, 1)
)
LINES = [("1", None, "2.1"), ("2", "2.1", "2.35"), ("3", "2.35", "2.7"), ("4", "2.7", None)]
BANDS = ", ".join(
    f'{{ rag = "segment_{n}"' + (f", above = {low}" if low else "") + (f", to = {high}" if high else "") + " }"
    for n, low, high in LINES
)
HEAD = '[book]\ntitle = "NHS oversight"\nedition = "2025-26"\nmissing = "grey"\n'
#: a metric whose value is its score, and one whose score is the rank of its value
AS_SCORED = 'bands = [{ rag = "segment_1" }]\nscore = [{ at = 1, points = 1 }, { at = 4, points = 4 }]\n'
RANKED = 'bands = [{ rag = "segment_1" }]\nscore = { rank_of = "entities", best = 1, worst = 4 }\n'
METRIC = '[kpi.{}]\ntitle = "Metric"\nunit = "points"\ndirection = "{}"\n{}'
ROLLUP = f'[rollup]\nmethod = "points"\nbands = [{BANDS}]\n'
#: a deficit is no part of the mean, and caps the segment at 3
DEFICIT = '[kpi.deficit]\ntitle = "In financial deficit"\nweight = 0\nwords = { Yes = "segment_4", No = "segment_1" }\n'
CAP = 'caps = [{ no_better_than = "segment_3", child = "deficit", at = "segment_4" }]\n'


def book(rollup: str, **areas: str) -> ragengine.Rulebook:
    """Segments from scores."""
    return ragengine.load({"book.toml": HEAD + rollup + SEGMENTS, **{f"{n}.toml": text for n, text in areas.items()}})


@pytest.mark.parametrize("row", vectors("nhs_oversight_rank_score"), ids=lambda row: row["id"])
def test_a_rank_among_trusts_scores_as_published(row: dict[str, str]) -> None:
    """So many trusts, each with a value of its own: the one at a rank has the score, to the last digit that is printed."""
    ranked = book(ROLLUP, trust='[area]\ntitle = "T"\n' + METRIC.format("metric", "lower", RANKED))
    rows = [
        {"kpi": "trust.metric", "period": "2025-12", "entity": f"T{n}", "value": n}
        for n in range(1, int(row["organisations"]) + 1)
    ]
    card = ranked.score(ragengine.Data.of(measurements=rows), as_at="2025-12")
    score = card.ratings["trust.metric", f"T{row['rank_1_is_best']}"].score

    assert score is not None
    assert abs(score - Fraction(row["score"])) <= Fraction(1, 10**12)
    assert abs(score - Fraction(row["printed"])) <= Fraction(1, 200)


def test_the_segments_of_116_trusts_by_a_cap_of_the_roll_up(shared: Path) -> None:
    """Computed: before the cap; adjusted: with it. As published but for one, whose deficit is not in the file."""
    area = f'[area]\ntitle = "Trust"\n{ROLLUP}{CAP}{METRIC.format("average", "lower", AS_SCORED)}{DEFICIT}'
    rules = book('[rollup]\nmethod = "worst"\n', trust=area)
    trusts = table(shared / "methods/nhs_oversight.csv")
    rows = []
    for trust in trusts:
        place = {"period": "Q3 2025/26", "entity": trust["trust"]}
        rows.append({**place, "kpi": "trust.average", "value": trust["average_metric_score"]})
        rows.append({**place, "kpi": "trust.deficit", "value": trust["in_financial_deficit"] or None})
    card = rules.score(ragengine.Data.of(measurements=rows), "Q3 2025/26")
    differing = []
    for trust in trusts:
        ours = card.areas["trust", trust["trust"]]
        before, after = trust["segment_before_override_from_score"], trust["published_segment"]
        assert ours.score == Fraction(trust["average_metric_score"])
        assert ours.adjusted == ours.rag
        if (before and ours.computed != f"segment_{before}") or ours.rag != f"segment_{after}":
            differing.append((trust["trust"], str(ours.computed), str(ours.rag), after))

    assert (len(trusts), differing) == (116, [("RAT", "segment_1", "segment_1", "3")])
    capped = [area for area in card.areas.values() if area.entity and area.adjusted != area.computed]
    assert capped and all(
        area.deciding == ("trust.deficit",) and "Limited to Segment 3" in area.explain() for area in capped
    )


def test_domain_scores_are_means_of_metric_scores(shared: Path) -> None:
    """Every published domain score of one trust, in three quarters: the mean of its metrics', planned deficit aside."""
    published: dict[tuple[str, str], Decimal] = {}
    metrics: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in table(shared / "methods/nhs_oversight_metrics.csv"):
        place = (row["quarter"], row["domain"])
        if row["metric"].startswith("OF400") and row["unit"] == "score":
            published[place] = Decimal(row["value"])
        elif row["metric"].startswith("OF1") and row["unit"] == "score" and row["metric"] not in ("OF1079", "OF1081"):
            metrics[place].append(row["value"])
    differing = []
    for place, score in published.items():
        own = {f"m{n}": value for n, value in enumerate(metrics[place])}
        area = '[area]\ntitle = "Domain"\n' + "".join(METRIC.format(name, "lower", AS_SCORED) for name in own)
        rows = [{"kpi": f"domain.{name}", "period": "2025-12", "value": value} for name, value in own.items()]
        made = book(ROLLUP, domain=area).score(ragengine.Data.of(measurements=rows), as_at="2025-12").areas["domain"]
        # metric scores are printed to two decimals, and so is the mean of what they were before
        if made.score is None or abs(made.score - Fraction(score)) > Fraction(1, 100):
            differing.append((*place, made.score, score))

    assert len(published) == 15
    assert differing == []
