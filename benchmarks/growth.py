"""How the cost grows with each thing that a rulebook or a data folder can have more of.

``python benchmarks/growth.py [WORD …]`` runs every case, or those whose name has one of the words, at three sizes that
double, and prints processor seconds (the best of three) and the exponent: the slope of a straight line through the
logarithms. 1 is linear, 2 quadratic. Ends in 1 where one is above 1.15.
"""

from __future__ import annotations

import gc
import math
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import ragengine
from ragengine.workbench.testing.case_runner import run_cases

MOST = 1.15

Texts = dict[str, str]
Work = Callable[[], object]

BOOK = """[book]
title = "Growth"
edition = "1"
missing = "grey"
[rollup]
rules = [
  { rag = "red", when = "critical_red >= 1 or red > rated / 2" },
  { rag = "amber", when = "red >= 1 or amber > rated / 4" },
  { rag = "green" },
]
"""
POINTS = """[book]
title = "Growth"
edition = "1"
missing = "grey"
[rollup]
method = "points"
bands = [
  { rag = "green", from = 2.5 }, { rag = "amber", from = 1.5, below = 2.5 }, { rag = "red", below = 1.5 },
]
"""
KPI = 'direction = "higher"\nunit = "%"\ntarget = 90\ntolerance = "10 pp"\n'


def months(count: int) -> Iterator[str]:
    """So many months, the last one July 2020."""
    for n in range(count):
        ago = count - 1 - n
        yield f"{2020 + (6 - ago) // 12}-{(6 - ago) % 12 + 1:02d}"


def one_area(kpis: int, each: str = "", book: str = BOOK) -> Texts:
    """An area of so many KPIs, each with more lines of its own."""
    rules = "".join(f'[kpi.k{n}]\ntitle = "Measure {n}"\n{KPI}{each.replace("#", str(n))}' for n in range(kpis))
    return {"book.toml": book, "a.toml": f'[area]\ntitle = "A"\n{rules}'}


def flat_areas(areas: int) -> Texts:
    """So many areas of two KPIs."""
    two = "".join(f'[kpi.k{n}]\ntitle = "K"\n{KPI}' for n in range(2))
    return {"book.toml": BOOK, **{f"a{n}.toml": f'[area]\ntitle = "A{n}"\n{two}' for n in range(areas)}}


def chained_areas(areas: int) -> Texts:
    """So many areas, each the child of the one before; the last has a KPI."""
    texts = {"book.toml": BOOK}
    for n in range(areas):
        parent = f'parent = "a{n - 1}"\n' if n else ""
        texts[f"a{n}.toml"] = f'[area]\ntitle = "A{n}"\n{parent}' + (
            f'[kpi.k]\ntitle = "K"\n{KPI}' if n == areas - 1 else ""
        )
    return texts


def dated(count: int) -> Texts:
    """Twenty KPIs with a target for each of so many days."""
    days = [date(2000, 1, 1) + timedelta(days=9 * n) for n in range(count)]
    targets = "".join(f"{day} = {50 + n % 40}\n" for n, day in enumerate(days))
    texts = one_area(20, f"[kpi.k#.target]\n{targets}")
    return {name: text.replace("target = 90\n", "") for name, text in texts.items()}


def rows(*lines: str, header: str = "kpi,period,entity,value") -> Texts:
    """A measurements file."""
    return {"measurements.csv": "\n".join((header, *lines, ""))}


def every_kpi(texts: Texts, value: Callable[[int], object] = lambda n: 70 + n % 30) -> Texts:
    """A row in July 2020 for every KPI of the rules."""
    ids = list(ragengine.load(texts).rules.kpis)
    return rows(*(f"{kpi},2020-07,,{value(n)}" for n, kpi in enumerate(ids)))


def graces(count: int) -> Texts:
    """So many graces of a month each, a hundred a KPI."""
    first = date(2000, 1, 1)
    text = BOOK
    for n in range(count):
        start = first + timedelta(days=40 * (n % 100))
        text += f'[grace.g{n}]\nfrom = {start}\nuntil = {start + timedelta(days=30)}\nno_worse_than = "amber"\n'
        text += 'reason = "R"\nauthority = "A"\n'
    lines = ""
    for kpi in range(math.ceil(count / 100)):
        named = ", ".join(f'"g{n}"' for n in range(kpi * 100, min(kpi * 100 + 100, count)))
        lines += f'[kpi.k{kpi}]\ntitle = "K"\n{KPI}grace = [{named}]\n'
    return {"book.toml": text, "a.toml": f'[area]\ntitle = "A"\n{lines}'}


def rollup_rules(count: int) -> Texts:
    """A roll-up of so many rules."""
    listed = "".join(f'  {{ rag = "{("red", "amber")[n % 2]}", when = "red >= {count - n}" }},\n' for n in range(count))
    return one_area(60, book=f'{BOOK.partition("[rollup]")[0]}[rollup]\nrules = [\n{listed}  {{ rag = "green" }},\n]\n')


def cases(count: int) -> Texts:
    """So many cases."""
    listed = "".join(
        f'[[case]]\nname = "c{n}"\nkpi = "a.k0"\nperiod = "2020-07"\nvalue = {n % 100}\n'
        f'expect = {{ rag = "{"green" if n % 100 >= 90 else "amber" if n % 100 >= 80 else "red"}" }}\n'
        for n in range(count)
    )
    return one_area(1) | {"a.cases.toml": listed}


def overrides(count: int) -> Texts:
    """A row, and an override for each of so many KPIs."""
    listed = "".join(
        f'[[override]]\nsubject = "a.k{n}"\nrag = "amber"\nfrom = 2020-07-01\nuntil = 2020-12-31\n'
        'reason = "R"\nauthority = "A"\n'
        for n in range(count)
    )
    return every_kpi(one_area(count)) | {"overrides.toml": listed}


def overrides_of_one(count: int) -> str:
    """So many overrides of one KPI, one after the other."""
    first = date(2000, 1, 1)
    return "".join(
        f'[[override]]\nsubject = "a.k0"\nentity = "E{n}"\nrag = "amber"\nfrom = {first}\n'
        f'until = {first + timedelta(days=9000)}\nreason = "R"\nauthority = "A"\n'
        for n in range(count)
    )


def load(texts: Texts) -> Work:
    return partial(ragengine.load, texts)


def check(texts: Texts) -> Work:
    return partial(ragengine.check, texts)


def score(texts: Texts, data: Texts, previous: bool = False) -> Work:
    """Reads the data of a folder, rates them and writes the scorecard."""
    book = ragengine.load(texts)
    folder = Path(tempfile.mkdtemp(prefix="growth-"))
    for name, text in data.items():
        (folder / name).write_text(text, encoding="utf-8")

    def work() -> object:
        card = book.score(ragengine.read(folder))
        card.exceptions()
        return card.to_json()

    return work


def tested(texts: Texts) -> Work:
    rules = ragengine.load(texts).rules
    return lambda: list(run_cases(rules))


def compared(old: Texts, new: Texts) -> Work:
    books = ragengine.load(old), ragengine.load(new)
    return lambda: ragengine.diff(*books)


def of_entities(count: int, value: object = 60) -> Texts:
    return rows(*(f"a.k0,2020-07,E{n},{value}" for n in range(count)))


#: name → (the smallest size, what makes the work of a size)
CASES: dict[str, tuple[int, Callable[[int], Work]]] = {
    "KPIs, load": (1_000, lambda n: load(one_area(n))),
    "KPIs, check": (2_000, lambda n: check(one_area(n))),
    "KPIs, score": (500, lambda n: score(one_area(n), every_kpi(one_area(n)))),
    "KPIs, diff": (250, lambda n: compared(one_area(n), one_area(n, each="decimals = 1\n"))),
    "KPIs of unequal weights, score": (
        500,
        lambda n: score(one_area(n, "weight = 1.#\n", POINTS), every_kpi(one_area(n), lambda k: 60 + k % 25)),
    ),
    "KPIs with entities of their own, load": (
        250,
        lambda n: load(one_area(1, "".join(f"[kpi.k0.entities.E{e}]\ntarget = {e % 50 + 20}\n" for e in range(n)))),
    ),
    "dated targets, load": (100, lambda n: load(dated(n))),
    "areas, load": (200, lambda n: load(flat_areas(n))),
    "areas, check": (800, lambda n: check(flat_areas(n))),
    "areas, score": (250, lambda n: score(flat_areas(n), every_kpi(flat_areas(n)))),
    "depth, check": (2_000, lambda n: check(chained_areas(n))),
    "depth, score": (500, lambda n: score(chained_areas(n), rows(f"a{n - 1}.k,2020-07,,85"))),
    "children, one KPI by entity, all red": (1_000, lambda n: score(one_area(1), of_entities(n))),
    "children, one KPI by entity, mixed": (
        1_000,
        lambda n: score(one_area(1), rows(*(f"a.k0,2020-07,E{e},{(60, 85, 95)[e % 3]}" for e in range(n)))),
    ),
    "entities, 20 KPIs": (
        100,
        lambda n: score(
            one_area(20), rows(*(f"a.k{k},2020-07,E{e},{60 + (k * e) % 40}" for e in range(n) for k in range(20)))
        ),
    ),
    "entities, 20 areas": (
        50,
        lambda n: score(flat_areas(20), rows(*(f"a{a}.k0,2020-07,E{e},95" for e in range(n) for a in range(20)))),
    ),
    "entities, a chain of 50 areas": (
        25,
        lambda n: score(chained_areas(50), rows(*(f"a49.k,2020-07,E{e},85" for e in range(n)))),
    ),
    "periods": (
        200,
        lambda n: score(one_area(1), rows(*(f"a.k0,{p},,{60 + m % 40}" for m, p in enumerate(months(n))))),
    ),
    "periods, persistence": (
        200,
        lambda n: score(
            one_area(1, "persistence = 6\n"), rows(*(f"a.k0,{p},,{60 + m % 40}" for m, p in enumerate(months(n))))
        ),
    ),
    "periods, carried forward": (
        200,
        lambda n: score(
            one_area(1, book=BOOK.replace("grey", "carry forward")),
            rows(*(f"a.k0,{p},,{'' if m % 50 else 85}" for m, p in enumerate(months(n)))),
        ),
    ),
    "graces, load": (250, lambda n: load(graces(n))),
    "graces, check": (1_000, lambda n: check(graces(n))),
    "graces, score": (1_000, lambda n: score(graces(n), every_kpi(graces(n)))),
    "overrides": (500, lambda n: score(one_area(n), overrides(n))),
    "overrides of one KPI": (
        250,
        lambda n: score(one_area(1), of_entities(1) | {"overrides.toml": overrides_of_one(n)}),
    ),
    "published levels": (
        1_000,
        lambda n: score(
            one_area(1),
            of_entities(1) | {"published.csv": "subject,period,rag\n" + "".join(f"a.k0,{p},red\n" for p in months(n))},
        ),
    ),
    "roll-up rules, load": (24, lambda n: load(rollup_rules(n))),
    "roll-up rules, score": (24, lambda n: score(rollup_rules(n), every_kpi(rollup_rules(n)))),
    "cases": (250, lambda n: tested(cases(n))),
    "problems, bad values": (
        1_000,
        lambda n: score(one_area(1), rows(*(f"a.k0,2020-07,E{e},x{e}y" for e in range(n)))),
    ),
    "problems, bad periods": (
        1_000,
        lambda n: score(one_area(1), rows("a.k0,2020-07,,9", *(f"a.k0,soon {e},,9" for e in range(n)))),
    ),
    "problems, unknown ids": (
        250,
        lambda n: score(one_area(n), rows("a.k0,2020-07,,9", *(f"a.kpi-{e},2020-07,,90" for e in range(n)))),
    ),
    "problems, duplicates": (
        1_000,
        lambda n: score(one_area(1), rows(*(f"a.k0,2020-07,E{e % (n // 2)},{e}" for e in range(n)))),
    ),
    "problems, one row given again and again": (
        1_000,
        lambda n: score(one_area(1), rows(*(f"a.k0,2020-07,,{e % 90}" for e in range(n)))),
    ),
    "problems, unknown keys": (250, lambda n: check(one_area(n, "tolerence = 3\n"))),
    "problems, unknown parents": (
        100,
        lambda n: check({k: v.replace("[kpi.k0]", "parent = 'b'\n[kpi.k0]") for k, v in flat_areas(n).items()}),
    ),
    "columns": (
        5_000,
        lambda n: score(
            one_area(1),
            rows(f"a.k0,2020-07,,90{',' * n}", header=f"kpi,period,entity,value,{','.join(f'c{c}' for c in range(n))}"),
        ),
    ),
}


def seconds(work: Work) -> float:
    """The best of three, in processor seconds."""
    best = math.inf
    for _ in range(3):
        gc.collect()
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best


def exponent(sizes: Sequence[int], taken: Sequence[float]) -> float:
    """The slope of the least-squares line through the logarithms."""
    xs, ys = [math.log(size) for size in sizes], [math.log(time) for time in taken]
    middle, centre = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - middle) * (y - centre) for x, y in zip(xs, ys)) / sum((x - middle) ** 2 for x in xs)


def main(words: Sequence[str]) -> int:
    worst = 0.0
    print(f"{'case':42} {'sizes':>22}  {'ms':>24}  exponent")
    for name, (smallest, made) in CASES.items():
        if words and not any(word in name for word in words):
            continue
        sizes = [smallest, smallest * 2, smallest * 4]
        taken = [seconds(made(size)) for size in sizes]
        slope = exponent(sizes, taken)
        worst = max(worst, slope)
        shown = " ".join(f"{size:>7,}" for size in sizes)
        ms = " ".join(f"{1000 * each:>7,.1f}" for each in taken)
        print(f"{name:42} {shown}  {ms}  {slope:8.2f}{'  <--' if slope > MOST else ''}", flush=True)
    return int(worst > MOST)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
