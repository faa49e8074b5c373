"""The states of a row in the order of the contract's table: what a cell may be, and what its row comes to."""

# fmt: off
import re
from fractions import Fraction
from typing import Any, NamedTuple

SYMBOLS = {**dict.fromkeys(["c", "[c]", "*"], "suppressed"), **dict.fromkeys(["z", "[z]", "n/a", "N/A"], "not applicable"),
           **dict.fromkeys([":", "x", "[x]", "..", "-", "–", "TBC", "tbc", "u", "[u]", "w", "[w]"], "no data"),
           **dict.fromkeys(["k", "[k]", "[low]", "low"], "small numbers")}
BLANKS = " \t\u00a0"
PRINTED = re.compile(r"([+-]?(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?)([eE][+-]?[0-9]+)?( ?%)?((?: ?\[[A-Za-z]+\])*)")

class Missing(Exception):
    """A name without a value."""

class Nothing(NamedTuple):
    """Nothing was given: what ``missing`` says, else grey for this reason."""

    reason: str

def number(cell: Any, own: dict[str, str] | None = None) -> Fraction | str | None:
    """A number, the reason of a symbol, ``invalid``, or None where nothing is given."""
    if cell is None or (isinstance(cell, str) and not cell.strip(BLANKS)):
        return None
    if not isinstance(cell, str):
        return bounded(repr(cell) if isinstance(cell, float) else cell)
    text = cell.strip(BLANKS)
    if text in SYMBOLS or text in (own or {}):
        return {**SYMBOLS, **(own or {})}[text]
    if not (match := PRINTED.fullmatch(text)):
        return "invalid"
    digits = match[1].replace(",", "")
    return bounded(repr(float(digits + match[2])) if match[2] else digits)

def ends(fields: dict[str, Any], own: dict[str, str], value: Fraction) -> list[Any] | str | None:
    """Both ends of the interval that a row brings, why they are none, or None where it brings neither."""
    found = [number(fields.get(name), own) for name in ("lower", "upper")]
    if found == [None, None]:
        return None
    for end in found:
        if not isinstance(end, Fraction):
            return end or "missing input"
    return found if found[0] <= value <= found[1] else "invalid"

def bounded(written: Any) -> Fraction | str:
    """A number below 10^15 of at most 38 digits where it is a plain text."""
    try:
        found = Fraction(written)
    except (ValueError, OverflowError, TypeError):
        return "invalid"
    plain = isinstance(written, str) and written.lstrip("+-").replace(".", "", 1).isdigit()
    long = plain and len(written.lstrip("+-").replace(".", "")) > 38
    return "invalid" if isinstance(written, bool) or long or abs(found) >= 10**15 else found

def timed(cell: Any, written: Any, unit: str) -> Any:
    """Hours, minutes and seconds in a unit of time; without seconds only where the unit is hours."""
    hours = {"hours": 1, "minutes": Fraction(1, 60), "seconds": Fraction(1, 3600), "days": 24}.get(unit)
    parts = re.fullmatch(r"([0-9]{1,5}):([0-5][0-9])(:[0-5][0-9])?", written.strip(BLANKS)) if isinstance(written, str) else None
    if cell != "invalid" or hours is None or parts is None or (unit != "hours" and not parts[3]):
        return cell
    return Fraction(int(parts[1]) * 3600 + int(parts[2]) * 60 + int((parts[3] or ":0")[1:]), 3600) / hours

def counted(cells: dict[str, Any]) -> Any:
    """The denominator without what is excluded from it."""
    whole, less = cells["denominator"], cells["excluded"]
    return whole - less if isinstance(whole, Fraction) and isinstance(less, Fraction) else whole

def state(kpi: dict[str, Any], fields: dict[str, Any], target: Any, own: dict[str, str], evaluate: Any) -> Any:
    """The number to judge, Nothing, or the reason of a grey."""
    value = unlimited(kpi, fields, target, own, evaluate)
    if isinstance(value, Fraction) and "valid" in kpi:
        least, most = kpi["valid"].get("min", value), kpi["valid"].get("max", value)
        return value if Fraction(least) <= value <= Fraction(most) else "invalid"
    return value

def unlimited(kpi: dict[str, Any], fields: dict[str, Any], target: Any, own: dict[str, str], evaluate: Any) -> Any:
    cells = {name: number(fields.get(name), own) for name in ("value", "numerator", "denominator", "excluded", *kpi.get("inputs", []))}
    if "words" in kpi:
        return word(kpi["words"], fields.get("value"), cells["value"])
    names = set(re.findall(r"[a-z_]+", kpi.get("formula", ""))) & {*cells, "target"}
    if "formula" in kpi:
        cells["target"] = target if isinstance(target, Fraction) else number(fields.get("target"), own)
        asked, counts = [cells[name] for name in names], ["excluded"] if "denominator" in names else []
    elif cells["value"] is not None:
        cells["value"] = timed(cells["value"], fields["value"], kpi.get("unit", "").casefold())
        asked, counts = [cells["value"]], []
    else:
        asked, counts = [cells["numerator"], cells["denominator"]], ["numerator", "denominator", "excluded"]
    for cell in asked:
        if isinstance(cell, str) and cell != "invalid":
            return cell
    if any(cells[name] == "invalid" or (isinstance(cells[name], Fraction) and cells[name] < 0) for name in counts):
        return "invalid"
    over, whole, under = cells["numerator"], cells["denominator"], counted(cells)
    if counts and isinstance(under, Fraction) and whole != under and whole >= 0 > under:
        return "invalid"
    if "formula" in kpi:
        return computed(kpi["formula"], {**cells, "denominator": under}, names, evaluate)
    value = cells["value"]
    if value is not None:
        known = isinstance(value, Fraction) and isinstance(over, Fraction) and isinstance(under, Fraction) and under > 0 <= over
        return "invalid" if known and kpi.get("unit") == "%" and value and over / under == value else value
    if over is None or whole is None:
        return Nothing("no data")
    if under == 0:
        return "division by zero" if over else "no cases (0 of 0)"
    return 100 * over / under if kpi.get("unit") == "%" else "missing input"

def word(words: dict[str, Any], said: Any, cell: Any) -> Any:
    text = said.strip(BLANKS).casefold() if isinstance(said, str) else str(said).casefold() if isinstance(said, bool) else ""
    if text in (known := [each.casefold() for each in words]):
        return Fraction(known.index(text))
    return Nothing("no data") if cell is None else cell if isinstance(cell, str) else "invalid"

def computed(formula: str, cells: dict[str, Any], names: set[str], evaluate: Any) -> Any:
    try:
        return Fraction(evaluate(formula, {name: cell for name, cell in cells.items() if isinstance(cell, Fraction)}))
    except ZeroDivisionError:
        return "division by zero"
    except Missing:
        nothing = [name for name in names if cells[name] is None]
        if not nothing:
            return "invalid"
        return Nothing("no data") if nothing == ["value"] else "no target" if nothing == ["target"] else Nothing("missing input")
