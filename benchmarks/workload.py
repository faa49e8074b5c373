"""The workload of the benchmarks: 200 KPIs, a tenth with a dated grace, 100,000 measurements, and the floor."""

from __future__ import annotations

import random
from collections.abc import Callable

import ragengine

PERIODS = [f"2020-{month:02d}" for month in range(1, 13)]

Row = tuple[str, str, float]


def rules_text(kpis: int = 200) -> dict[str, str]:
    """Rule files with so many KPIs, 8.5 lines each: mixed directions, a tenth with a floor from March 2020."""
    book = (
        '[book]\ntitle = "Benchmark"\nedition = "2020-21"\nmissing = "grey"\n\n'
        '[grace.covid-19]\nfrom = 2020-03-23\nuntil = 2020-09-30\nno_worse_than = "amber"\n'
        'reason = "Closed"\nauthority = "Board"\n'
    )
    lines = ['[area]\ntitle = "Area"\n']
    for n in range(kpis):
        higher = n % 2 == 0
        lines.append(
            f'\n[kpi.k{n}]\ntitle = "Measure {n}"\nunit = "%"\ndirection = "{"higher" if higher else "lower"}"\n'
            f'target = {50 + n % 40}\ntolerance = "{5 + n % 7} pp"\n'
            + 'source = "Monthly performance scorecard"\n'
            + ("critical = true\n" if n % 10 < 3 else "")
            + ('grace = ["covid-19"]\n' if n % 10 == 0 else "")
        )
    return {"book.toml": book, "area.toml": "".join(lines)}


def measurements(kpis: int = 200, rows: int = 100_000, seed: int = 1) -> list[Row]:
    """So many rows of (kpi, period, value), in random order."""
    rng = random.Random(seed)
    return [(f"area.k{rng.randrange(kpis)}", rng.choice(PERIODS), round(rng.uniform(20, 120), 1)) for _ in range(rows)]


def floor(kpis: int = 200) -> Callable[[str, str, float], str]:
    """What a user would otherwise write: if/elif over a dictionary of thresholds, the grace by comparing texts."""
    table = {}
    for n in range(kpis):
        target, width = 50.0 + n % 40, 5.0 + n % 7
        higher = n % 2 == 0
        amber = target - width if higher else target + width
        table[f"area.k{n}"] = (higher, target, amber, n % 10 == 0)

    def rate(kpi: str, period: str, value: float) -> str:
        higher, target, amber, relieved = table[kpi]
        if higher:
            if value >= target:
                return "green"
            if value >= amber:
                return "amber"
        else:
            if value <= target:
                return "green"
            if value <= amber:
                return "amber"
        if relieved and "2020-03" <= period <= "2020-09":
            return "amber"
        return "red"

    return rate


def book(kpis: int = 200) -> ragengine.Rulebook:
    """The benchmark's rulebook."""
    return ragengine.load(rules_text(kpis))
