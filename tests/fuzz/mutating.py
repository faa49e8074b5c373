"""Mutations that know something of what they mutate: lines, cells, numbers, quotes and names, not only bytes."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from functools import lru_cache

__all__ = ["mutated", "mutated_bytes"]

_TOKEN = re.compile(r"\"[^\"\n]*\"|'[^'\n]*'|[\w.+-]+|[^\w\s]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")

#: what people and attackers write where something else was meant
NASTY = (
    "", " ", "\t", "\n", "\r\n", "\0", "\ufeff", "\u00a0", "\u202e", "\ud7ff", "é", "９０", "٣", "😀", "'", '"', '"""', "'''", "[", "]",
    "[[", "{", "}", "#", "=", ",", ";", ".", "-", "--", "..", "*", "%", "true", "false", "null", "nan", "NaN", "inf", "-inf",
    "Infinity", "1e999999", "-1e999999", "1e-999999", "9" * 40, "0." + "0" * 50 + "1", "-0", "0", "1", "100", "1,234", "84,5", "1_000",
    "0x10", "95%", "10 pp", "-10 pp", "10% of target", "c", "z", "n/a", "[p]", "12 [b]", "TBC", "2020-07", "Jul-20", "31 June 2020",
    "2020-02-30", "0001-01-01", "9999-12-31", "2020/21", "Q1 2020/21", "Q9 2020/21", "H1 2020/21", "2020-W53", "FY21", "14/08/20",
    "2020-07-31T00:00:00Z", "red", "green", "grey", "purple", "higher", "lower", "within", "monitor", "carry forward", "previous",
    "value", "target", "numerator", "1 / 0", "value / 0", "a.b.c.d.e.f.g.h.i.j", "(" * 30, "9**9**9", "__import__('os')", "x if y else z",
    "=1+1", "@SUM(A1)", "<script>", "../../etc/passwd", "../x", "a" * 300, "1e15", "999999999999999.999", "2 days", "-5 days", "0 days",
    "all", "worst", "points", "share", "rules", "a.k", "no-such-id", "A.K",
)  # fmt: skip


def _bytes(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text) + 1)
    return text[:at] + rng.choice(NASTY) + text[at + rng.choice((0, 0, 1, 2, 5, 20)) :]


def _lines(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    at, to = rng.randrange(len(lines)), rng.randrange(len(lines))
    match rng.randrange(4):
        case 0:
            del lines[at]
        case 1:
            lines.insert(to, lines[at])
        case 2:
            lines[at], lines[to] = lines[to], lines[at]
        case _:
            lines[at:to] = []
    return "\n".join(lines)


@lru_cache(maxsize=32)  # most mutations begin with one text
def _found(pattern: re.Pattern[str], text: str) -> list[re.Match[str]]:
    return list(pattern.finditer(text))


def _token(text: str, rng: random.Random) -> str:
    found = _found(_TOKEN, text)
    if not found:
        return _bytes(text, rng)
    one, other = rng.choice(found), rng.choice(found)
    new = rng.choice((rng.choice(NASTY), other[0], one[0] * 2, f'"{rng.choice(NASTY)}"', one[0][:-1]))
    return text[: one.start()] + new + text[one.end() :]


def _number(text: str, rng: random.Random) -> str:
    found = _found(_NUMBER, text)
    if not found:
        return _token(text, rng)
    one = rng.choice(found)
    new = rng.choice(
        ("0", "-1", f"-{one[0]}", f"{one[0]}0", f"{one[0]}.5", f"{one[0]}e{rng.randrange(-400, 400)}", "9" * 20)
    )
    return text[: one.start()] + new + text[one.end() :]


def _spliced(text: str, rng: random.Random, others: Sequence[str]) -> str:
    other = rng.choice(others)
    return text[: rng.randrange(len(text) + 1)] + other[rng.randrange(len(other) + 1) :]


def mutated(text: str, rng: random.Random, others: Sequence[str]) -> str:
    """The text after one to four mutations; ``others`` are texts of the same kind, to be spliced in."""
    ways: tuple[Callable[[str, random.Random], str], ...] = (_bytes, _lines, _token, _token, _token, _number)
    for _ in range(rng.choice((1, 1, 1, 2, 2, 3, 4))):
        text = _spliced(text, rng, others) if rng.random() < 0.05 else rng.choice(ways)(text, rng)
    return text


def mutated_bytes(data: bytes, rng: random.Random) -> bytes:
    """The bytes with a few of them changed, cut out or doubled."""
    for _ in range(rng.choice((1, 1, 2, 4))):
        at = rng.randrange(len(data) + 1)
        match rng.randrange(3):
            case 0:
                data = data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
            case 1:
                data = data[:at] + data[at + rng.randrange(1, 9) :]
            case _:
                data = data[:at] + data[at : at + rng.randrange(1, 30)] + data[at:]
    return data
