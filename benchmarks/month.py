"""A country's month: so many KPIs for so many entities read, scored and written, beside what is written by hand.

``python benchmarks/month.py [KPIS ENTITIES] [--counts] [--write]`` prints processor seconds, their ratio to
``csv.reader`` and an if/elif loop over the same file in the same run, and the most memory held so far. With
``--counts`` a row has a numerator and a denominator in place of a value, with ``--write`` the scorecard is written as
JSON and CSV.
"""

from __future__ import annotations

import argparse
import csv
import random
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import workload

import ragengine
from ragengine.commands.output import write
from ragengine.report.ratings_csv import csv_lines
from ragengine.rollup.card_json import json_pieces

PERIOD = "2020-07"
#: KPIs of an area
_EACH = 100


def rules_text(kpis: int) -> dict[str, str]:
    """The benchmark's KPIs, a hundred in each area."""
    written = workload.rules_text(kpis)
    book, area = written["book.toml"], written["area.toml"]
    rollup = (
        '\n[rollup]\nminimum_coverage = "60%"\nrules = [\n'
        '  { rag = "red", when = "critical_red >= 1 or red > rated / 2" },\n'
        '  { rag = "amber", when = "red >= 1 or amber > rated / 4" },\n  { rag = "green" },\n]\n'
    )
    head, *each = area.split("\n[kpi.")
    files = {"book.toml": book + rollup}
    for first in range(0, kpis, _EACH):
        files[f"a{first // _EACH}.toml"] = "\n[kpi.".join([head, *each[first : first + _EACH]])
    return files


def write_month(path: Path, kpis: int, entities: int, *, counts: bool) -> None:
    """A row of each KPI and entity, in random order of entities; one in a hundred has no value."""
    rng = random.Random(1)
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["kpi", "period", "entity", *(("numerator", "denominator") if counts else ("value",))])
        for entity in rng.sample(range(entities), entities):
            for n in range(kpis):
                value = round(rng.uniform(20, 100), 1)
                whole = rng.randrange(50, 5000)
                cells = (round(whole * value / 100), whole) if counts else (value,)
                if rng.random() < 0.01:
                    cells = ("",) * len(cells)
                out.writerow([f"a{n // _EACH}.k{n}", PERIOD, f"E{entity:08}", *cells])


def by_hand(path: Path, kpis: int, *, counts: bool) -> Counter[str]:
    """The floor: how many rows have each level, by ``csv.reader`` and if/elif."""
    rate = workload.floor(kpis)
    names = {f"a{n // _EACH}.k{n}": f"area.k{n}" for n in range(kpis)}
    levels: list[str] = []
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for row in rows:
            if not row[3]:
                levels.append("grey")
            elif counts:
                levels.append(rate(names[row[0]], row[1], 100 * float(row[3]) / float(row[4])))
            else:
                levels.append(rate(names[row[0]], row[1], float(row[3])))
    return Counter(levels)


class Clock:
    """Times steps in processor seconds and prints each beside the first."""

    def __init__(self) -> None:
        self.floor = 0.0

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        start = time.process_time()
        yield
        took = time.process_time() - start
        self.floor = self.floor or took
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{name:<12} {took:8.2f} s  {took / self.floor:7.1f} ×  {most:6.0f} MiB", flush=True)


def main() -> None:
    """Runs the month that the command line asks for."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("size", nargs="*", type=int, default=[500, 200])
    asked.add_argument("--counts", action="store_true")
    asked.add_argument("--write", action="store_true")
    given = asked.parse_args()
    kpis, entities = given.size
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "measurements.csv")
        write_month(path, kpis, entities, counts=given.counts)
        book = ragengine.load(rules_text(kpis))
        with clock.step("by hand"):
            levels = by_hand(path, kpis, counts=given.counts)
        with clock.step("read"):
            data = ragengine.read(path)
        with clock.step("score"):
            card = book.score(data)
        with clock.step("levels"):
            rated = Counter(str(rating.rag) for rating in card.ratings.values())
        assert rated == levels, (rated, levels)
        if given.write:
            for name, pieces in (("csv", csv_lines(card)), ("json", json_pieces(card))):
                written = Path(folder, f"card.{name}")
                with clock.step(name):
                    write(pieces, str(written))
                print(f"{written.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
