"""An independent reference: the same contract in the most obvious code, exact fractions, nothing from the engine.

It compares where the engine looks tables up, rounds values where the engine moves thresholds, and walks history
where the engine remembers. It is deliberately naive; where the two differ, one of them is wrong.
"""

# fmt: off
import ast
import calendar
import math
import operator
import re
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .states import Missing, Nothing, counted, ends, number, state

TESTS = {ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Eq: operator.eq,
         ast.NotEq: operator.ne, ast.In: lambda a, b: a in b, ast.NotIn: lambda a, b: a not in b,
         ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
ORDER = {"red": 0, "amber": 1, "green": 2}
MONTHS = {name.lower(): n for n in range(1, 13) for name in (calendar.month_name[n], calendar.month_abbr[n])}

def period(written: Any) -> tuple[str, date, date]:
    """Kind, first and last day: months, quarters, financial years and days."""
    if isinstance(written, date):
        return "day", written, written
    text = written.strip()
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return period(date.fromisoformat(text))
    if m := re.fullmatch(r"(\d{1,2})/(\d\d)/(\d{2,4})", text):
        return period(date(int(m[3]) % 100 + 2000, int(m[2]), int(m[1])))
    if m := re.fullmatch(r"(\d{4})-(\d\d)", text):
        return span("month", date(int(m[1]), int(m[2]), 1), 1)
    if m := re.fullmatch(r"([A-Za-z]+) *[- ] *(\d\d)", text):
        return span("month", date(2000 + int(m[2]), MONTHS[m[1].lower()], 1), 1)
    if m := re.fullmatch(r"Q([1-4]) (\d{4})/\d\d", text):
        month = 3 * int(m[1]) + 1
        return span("quarter", date(int(m[2]) + (month > 12), month - 12 * (month > 12), 1), 3)
    m = re.fullmatch(r"(\d{4})/\d\d", text)
    assert m, text
    return span("year", date(int(m[1]), 4, 1), 12)

def months_on(day: date, months: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))

def span(kind: str, start: date, months: int) -> tuple[str, date, date]:
    return kind, start, months_on(start, months) - timedelta(days=1)

def earlier(which: tuple[str, date, date], months: int | None = None) -> tuple[str, date, date]:
    """The period before, or the same so many months earlier."""
    kind, start, _ = which
    if kind == "day":
        day = start - timedelta(days=1) if months is None else months_on(start, -months)
        return kind, day, day
    size = {"month": 1, "quarter": 3, "year": 12}[kind]
    return span(kind, months_on(start, -(months or size)), size)

def length(text: str) -> tuple[int, int]:
    """Months and days of a duration."""
    n = int(text.split()[0])
    return {"d": (0, n), "w": (0, 7 * n), "m": (n, 0), "y": (12 * n, 0)}[text.split()[1][0]]

def dated(value: Any, day: date) -> Any:
    """The value in force on a day."""
    if isinstance(value, dict) and value and all(re.fullmatch(r"\d{4}-\d\d-\d\d", key) for key in value):
        held = [key for key in sorted(value) if date.fromisoformat(key) <= day]
        return value[held[-1]] if held else None
    return value

def evaluate(text: str, names: dict[str, Any]) -> Any:
    """A formula or condition; raises Missing and ZeroDivisionError."""
    return walk(ast.parse(text, mode="eval").body, text, names)

def walk(node: Any, text: str, names: dict[str, Any]) -> Any:
    def go(part: Any) -> Any:
        return walk(part, text, names)

    match node:
        case ast.Constant(value=str()):
            return node.value
        case ast.Constant():
            return Fraction(ast.get_source_segment(text, node) or "")
        case ast.Name():
            if names.get(node.id) is None:
                raise Missing(node.id)
            return names[node.id]
        case ast.BinOp():
            return TESTS[type(node.op)](go(node.left), go(node.right))
        case ast.UnaryOp():
            return not go(node.operand) if isinstance(node.op, ast.Not) else -go(node.operand)
        case ast.BoolOp():
            values = [go(part) for part in node.values]
            return all(values) if isinstance(node.op, ast.And) else any(values)
        case ast.IfExp():
            return go(node.body) if go(node.test) else go(node.orelse)
        case ast.List() | ast.Tuple():
            return [go(part) for part in node.elts]
        case ast.Compare():
            sides = [go(part) for part in (node.left, *node.comparators)]
            return all(TESTS[type(op)](a, b) for op, a, b in zip(node.ops, sides, sides[1:], strict=False))
        case ast.Call():
            return {"min": min, "max": max, "abs": abs, "round": rounded}[node.func.id](*map(go, node.args))
    raise AssertionError(ast.dump(node))

def rounded(value: Fraction, places: Any = 0) -> Fraction:
    return Fraction(math.floor(value * 10 ** int(places) + Fraction(1, 2)), 10 ** int(places))

def edge(written: Any, target: Fraction) -> Fraction:
    share = Fraction(str(written).split()[0].rstrip("%"))
    return share * target / 100 if "of target" in str(written) else share

def crossing(bands: list[dict[str, Any]], target: Fraction) -> bool:
    """Whether a band holds no number: its lower end lies above its upper end, or on it and outside."""
    for band in bands:
        ends = {k: edge(v, target) for k, v in band.items() if k != "rag"}
        low, high = ends.get("from", ends.get("above")), ends.get("to", ends.get("below"))
        if low is not None and high is not None and (low > high or (low == high and {"above", "below"} & band.keys())):
            return True
    return False

def level(kpi: dict[str, Any], day: date, value: Fraction, target: Any, tolerance: Any) -> str:
    """The level of a number by direct comparison."""
    if kpi.get("decimals") is not None:
        value = rounded(value, kpi["decimals"])
    if "bands" in kpi:
        for band in dated(kpi["bands"], day):
            ends = {k: edge(v, target if isinstance(target, Fraction) else Fraction(1)) for k, v in band.items() if k != "rag"}
            low = ends.get("from", ends.get("above", value)), ends.get("to", ends.get("below", value))
            if low[0] <= value <= low[1] and value not in (ends.get("above"), ends.get("below")):
                return str(band["rag"])
        raise AssertionError("no band")
    beyond = kpi.get("met") == "beyond target"
    if isinstance(target, dict):
        low, high = Fraction(target["min"]), Fraction(target["max"])
        if (low < value < high) if beyond else (low <= value <= high):
            return "green"
        sides = tolerance if isinstance(tolerance, dict) else {"below": tolerance, "above": tolerance}
        under, over = edge(sides["below"], abs(low)), edge(sides["above"], abs(high))
        amber = (under and low - under <= value <= low) or (over and high <= value <= high + over)
        return "amber" if amber else "red"
    sign = -1 if kpi["direction"] == "lower" else 1
    short = (target - value) * sign
    if short < 0 or (short == 0 and not beyond):
        return "green"
    room = (target - Fraction(dated(kpi["amber"], day))) * sign if "amber" in kpi else edge(tolerance, abs(target))
    return "amber" if room and short <= room else "red"

def beside(kpi: dict[str, Any], interval: Any, target: Fraction) -> str:
    """The level of an interval: clear of the target on either side, or neither."""
    low, high = interval
    rises = kpi["direction"] == "higher"
    side = "similar" if low <= target <= high else "better" if (low > target) == rises else "worse"
    named = kpi["compare"] if isinstance(kpi["compare"], dict) else {}
    return str({"better": "green", "similar": "amber", "worse": "red", **named}[side])

def shortfall(kpi: dict[str, Any], value: Fraction, target: Any) -> Fraction | None:
    if isinstance(target, dict):
        return max(Fraction(target["min"]) - value, value - Fraction(target["max"]))
    return None if target is None else (target - value) * (-1 if kpi.get("direction") == "lower" else 1)

def rate_kpi(book: dict[str, Any], kpi: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """The rating of a KPI: rag, adjusted, computed, reason, shortfall, target, value."""
    done: list[dict[str, Any]] = []
    for entry in sorted(fields.get("history", []), key=lambda entry: period(entry["period"])[2]):
        done.append({**rate_one(book, kpi, {"entity": fields.get("entity"), **entry}, done),
                     "at": period(entry["period"]), "fields": entry})
    return rate_one(book, kpi, fields, done)

def grey(reason: str, **more: Any) -> dict[str, Any]:
    return {"rag": "grey", "adjusted": "grey", "computed": "grey", "reason": reason, "value": None, **more}

def relative(kpi: Any, stated: Any, fields: Any, before: list[dict[str, Any]]) -> Fraction | None:
    """The target that the rows directly before make, or the one of a year ago."""
    measured = {e["at"][1:]: rounded(e["value"], kpi.get("decimals", 15)) for e in before
                if e["value"] is not None and not e.get("carried") and e["reason"] in (None, "no target")
                and Fraction(e["fields"].get("denominator") or 10**9) >= kpi.get("minimum_n", 0)}
    source, which = stated["from"], period(fields["period"])
    taken = []
    for _ in range(int(source.split()[2]) if " of " in source else 1):
        which = earlier(which, 12 if source == "year ago" else None)
        taken.append(measured.get(which[1:]))
    if None in taken:
        return None
    best = min if kpi["direction"] == "lower" else max
    made = best(taken) if source.startswith("best") else sum(taken, Fraction(0)) / len(taken)
    by = stated.get("change", "+0")
    return made + (Fraction(by[:-1]) * abs(made) / 100 if by.endswith("%") else Fraction(by.split()[0]))

def rate_one(book: dict[str, Any], kpi: dict[str, Any], fields: dict[str, Any], before: list[dict[str, Any]]) -> dict[str, Any]:
    kpi = {**kpi, **kpi.get("entities", {}).get(fields.get("entity"), {})}
    day = period(fields["period"])[2]
    if "rated_from" in kpi and day < kpi["rated_from"]:
        return grey("not due")
    own = book["book"].get("symbols", {})
    stated = dated(kpi.get("target"), day)
    target: Any = Fraction(stated) if isinstance(stated, int | Decimal) else stated
    takes = stated == "from data" or (target is None and "bands" in kpi)
    if isinstance(stated, dict) and "from" in stated:
        made = relative(kpi, stated, fields, before)
        target, fields, stated, takes = None, {**fields, "target": made}, "from data", True
    if takes or isinstance(target, str):
        brought = number(fields.get("target"), own) if takes else None
        target = brought if isinstance(brought, Fraction) else None
    value = state(kpi, fields, target, own, evaluate)
    interval = ends(fields, own, value) if "compare" in kpi and isinstance(value, Fraction) else None
    value = interval if isinstance(interval, str) else value
    missing, carried = kpi.get("missing", book["book"]["missing"]), False
    if isinstance(value, Nothing) and kpi.get("direction") != "monitor":
        if missing in ("red", "amber"):
            return adjust(book, kpi, fields, before, missing, None, target)
        past = [e for e in before if e["value"] is not None and not e.get("carried")] if missing == "carry forward" else []
        if past:
            months, days = length(kpi.get("max_age", book["book"].get("max_age", "999 years")))
            if months_on(past[-1]["at"][2] + timedelta(days=1), months) + timedelta(days=days - 1) < day:
                return grey("stale")
            stated_here = {k: v for k, v in fields.items() if v not in (None, "", [])}
            fields = {**past[-1]["fields"], **stated_here, "history": ()}
            fields |= {"target": made} if isinstance(kpi.get("target"), dict) and "from" in str(kpi["target"]) else {}
            value, carried = past[-1]["value"], True
            if takes:
                brought = number(fields.get("target"), own)
                target = brought if isinstance(brought, Fraction) else None
    if isinstance(value, Nothing | str):
        return grey(value if isinstance(value, str) else value.reason)
    if takes and target is None and stated == "from data":
        return grey("invalid" if brought == "invalid" else "no target", value=value)
    if "bands" in kpi and isinstance(target, Fraction) and crossing(dated(kpi["bands"], day), target):
        return grey("invalid", value=value)
    if kpi.get("direction") == "monitor":
        return grey("monitored", value=value)
    if target is None and not {"bands", "words"} & kpi.keys():
        return grey("no target", value=value)
    cases = number(fields.get("denominator"), own)
    if "minimum_n" in kpi and isinstance(cases, Fraction) and cases < kpi["minimum_n"]:
        return grey("small numbers", value=value)
    if "words" in kpi:
        computed = list(kpi["words"].values())[int(value)]
    elif "compare" in kpi and interval is None:
        return grey("missing input", value=value)
    elif "compare" in kpi:
        computed = beside(kpi, interval, target)
    else:
        computed = level(kpi, day, value, target, dated(kpi.get("tolerance"), day))
    return {**adjust(book, kpi, fields, before, computed, value, target), "carried": carried}

def adjust(book: Any, kpi: Any, fields: Any, before: Any, computed: str, value: Fraction | None, target: Any) -> dict[str, Any]:
    """Grace, evidence and persistence over the computed level."""
    when = period(fields["period"])
    day = when[2]
    short = None if value is None or "target" in kpi.get("formula", "") else shortfall(kpi, value, target)
    made = {"computed": computed, "reason": None, "value": value, "target": target, "shortfall": short, "instant": None}
    previous = next((e for e in before if e["at"] == earlier(when)), None)
    year_ago = next((e for e in before if e["at"] == earlier(when, 12)), None)
    cells = {n: number(fields.get(n)) for n in ("numerator", "denominator", "excluded")}
    names = {k: v for k, v in {**cells, "denominator": counted(cells)}.items() if isinstance(v, Fraction)}
    names |= {"value": value, "target": target if isinstance(target, Fraction) else None, "shortfall": made["shortfall"]}
    names |= {"previous_value": previous and previous["value"], "year_ago_value": year_ago and year_ago["value"]}
    names |= {"previous": previous and previous["rag"], "year_ago": year_ago and year_ago["rag"], "causes": fields.get("causes", [])}
    names |= {"entity": fields.get("entity") or "", "evidence": fields.get("evidence") or ""}
    names |= {k: v for k in kpi.get("inputs", []) if isinstance(v := number(fields.get(k)), Fraction)}
    adjusted, new_target, new_width = computed, target, dated(kpi.get("tolerance"), day)
    live = [g if isinstance(g, dict) else book["grace"][g] for g in kpi.get("grace", [])]
    live = [g for g in live if g["from"] <= day <= g["until"] and granted(g, names)]
    if any(g.get("suspend") or g.get("exclude_period") for g in live):
        return {**made, "adjusted": "grey", "rag": "grey", "reason": "suspended"}
    for g in live:
        new_target = Fraction(g["target"]) if "target" in g else new_target
        new_width = g.get("tolerance", new_width)
    if value is not None and any("target" in g or "tolerance" in g for g in live):
        adjusted = level(kpi, day, value, new_target, new_width)
    adjusted = min([adjusted, *(g.get("no_better_than", "green") for g in live)], key=ORDER.__getitem__)
    adjusted = max([adjusted, *(g.get("no_worse_than", "red") for g in live)], key=ORDER.__getitem__)
    if kpi.get("requires_evidence") and not fields.get("evidence"):
        adjusted = min(adjusted, "amber", key=ORDER.__getitem__)
    instant = adjusted
    rated = [e for e in before if e["rag"] != "grey" and e.get("instant")]
    if kpi.get("persistence", 1) > 1 and rated and ORDER[instant] < ORDER[rated[-1]["adjusted"]]:
        adopted = rated[-1]["adjusted"]
        run = [e["instant"] for e in rated][-(kpi["persistence"] - 1) :] + [instant]
        worse = len(run) == kpi["persistence"] and all(ORDER[each] < ORDER[adopted] for each in run)
        adjusted = max(run, key=ORDER.__getitem__) if worse else adopted
    return {**made, "adjusted": adjusted, "rag": adjusted, "instant": instant}

def granted(grace: dict[str, Any], names: dict[str, Any]) -> bool:
    try:
        return "when" not in grace or evaluate(grace["when"], names) is True
    except (Missing, ZeroDivisionError):
        return False

def roll_up(policy: dict[str, Any], ratings: list[tuple[str, bool, Fraction]]) -> str:
    """The level of an area from (level, critical, weight) of its children; grey for insufficient coverage."""
    rated = [each for each in ratings if each[0] != "grey"]
    coverage = Fraction(policy.get("minimum_coverage", "0%").rstrip("%")) / 100
    if not rated or Fraction(len(rated), len(ratings)) < coverage:
        return "grey"
    worst = min((each[0] for each in rated), key=ORDER.__getitem__)
    method = policy.get("method", "rules" if "rules" in policy else "worst")
    if method == "worst":
        return worst
    if method == "rules":
        names: dict[str, Any] = {"rated": Fraction(len(rated)), "total": Fraction(len(ratings)), "worst": worst}
        for name in (*ORDER, "grey"):
            names[name] = Fraction(sum(each[0] == name for each in ratings))
            names[f"critical_{name}"] = Fraction(sum(each[0] == name and each[1] for each in rated))
        return next(str(r["rag"]) for r in policy["rules"] if "when" not in r or granted(r, names))
    if method == "points":
        score = sum((ORDER[each[0]] + 1) * each[2] for each in rated) / sum(each[2] for each in rated)
    else:
        score = Fraction(100 * sum(each[0] == "green" for each in rated), len(rated))
    return level({"bands": policy["bands"]}, date(2000, 1, 1), score, None, None)
