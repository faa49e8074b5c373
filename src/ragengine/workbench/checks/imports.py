"""Checks of rules that ``ragengine import`` drafted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...toml.parse import comments_of
from ...toml.positions import Path
from .base import CheckInput, Finding, new_check

_MARK = re.compile(r"#\s*CONFIRM\b")
_HEADER = re.compile(r"\[([a-z0-9_.-]+)\]", re.ASCII)
_KEY = re.compile(r"([a-z_]+)\s*=", re.ASCII)


@new_check("RAG060", "guesses of an import that nobody has confirmed")
def unconfirmed(given: CheckInput) -> Iterator[Finding]:
    """A guess rates like a rule: until a person has looked at it, nobody answers for the colour."""
    for file, text in given.texts.items():
        if not file.endswith(".toml"):
            continue
        lines = [line for line, comment in comments_of(text) if "CONFIRM" in comment and _MARK.search(comment)]
        if lines and not file.endswith(".cases.toml"):
            said = f"{len(lines):,} guesses are to be confirmed, the first on line {lines[0]}"
            if len(lines) == 1:
                said = f"a guess is to be confirmed, on line {lines[0]}"
            hint = "look at each line with CONFIRM, mend or keep it, and delete the comment"
            yield Finding(file, _key_at(text, lines[0]), said, hint)


def _key_at(text: str, number: int) -> Path:
    """The key on a line, or below a comment that takes a line of its own."""
    lines = text.split("\n")
    header = next((m[1] for line in reversed(lines[:number]) if (m := _HEADER.fullmatch(line.strip()))), "")
    for line in lines[number - 1 : number + 1]:
        key = _KEY.match(line)
        if key is not None and header:
            return (*header.split(".", 1), key[1])
    return ()
