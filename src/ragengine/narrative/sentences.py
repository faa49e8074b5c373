"""The sentences of narrative files, each with its place in the file."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import field, frozen

from ..data.read import data_files
from ..data.toml_files import NARRATIVE_KEYS, read_toml
from ..period import APRIL
from ..problem import Place, Problem, Severity
from ..rulefile.load import SourceMap, load_document
from ..toml.source import read_text

__all__ = ["Sentence", "read_sentences"]

#: what a report says of an area; ``notes`` are the editors' own, and quote what they comment on
_READ = tuple(key for key in NARRATIVE_KEYS if key != "notes")


@frozen
class Sentence:
    """One text of a narrative file, or the evidence it names.

    Attributes:
        area: id of the area whose table it stands in.
        section: ``key_developments``, ``key_risks``, ``progress`` or ``risks``.
        number: its place in that list, from 0; its evidence has the same.
    """

    area: str
    section: str
    number: int
    text: str
    is_evidence: bool = False
    _source: SourceMap = field(default=SourceMap("", ""), eq=False, repr=False)
    _offsets: Sequence[int] = field(default=(), eq=False, repr=False)

    @property
    def place(self) -> Place:
        """Where its first letter stands."""
        return self.place_of(0)

    def place_of(self, position: int) -> Place:
        """Where one of its characters stands in the file, however it is escaped there."""
        if not self._offsets:
            return Place("")
        return self._source.place_at(self._offsets[min(position, len(self._offsets) - 1)])

    @property
    def list_key(self) -> tuple[str, str, str]:
        """What the sentences of one list have in common: file, area and section."""
        return self.place.file, self.area, self.section

    @property
    def area_place(self) -> Place:
        """Where the name of its area stands."""
        return self._source.key_place((self.area,))

    def problem(
        self, code: str, position: int, message: str, hint: str = "", severity: Severity = Severity.ERROR
    ) -> Problem:
        """A problem at one of its characters, with the line of the file."""
        place = self.place_of(position)
        return Problem(code, message, place, severity, self.area, hint, self._source.line_text(place.line))


def read_sentences(*paths: str | os.PathLike[str]) -> tuple[list[Sentence], list[Problem]]:
    """The sentences of every narrative file among data folders and files, and what is wrong with those files.

    A list entry is one sentence here, as long as it may be. Raises DataError where a path does not exist or holds
    no data.
    """
    sentences: list[Sentence] = []
    problems: list[Problem] = []
    for given in paths:
        for path in data_files(Path(given)):
            if path.suffix.lower() != ".toml" or path.stem == "overrides":
                continue
            name = path.as_posix()
            text, _ = read_text(path, name)
            document = load_document(text, name)[0] if text is not None else None
            if document is not None and "override" in document:
                continue
            problems += read_toml(path, name, APRIL)[2]
            if document is not None and text is not None:
                sentences += _sentences(document, SourceMap(text, name))
    return sentences, problems


def _sentences(document: Mapping[str, Any], source: SourceMap) -> Iterator[Sentence]:
    for area, table in document.items():
        if not isinstance(table, dict):
            continue
        for section in table:
            if section not in _READ:
                continue
            given = table[section]
            for number, item in enumerate(given if isinstance(given, list) else [given]):
                path = (area, section, number) if isinstance(given, list) else (area, section)
                if isinstance(item, str):
                    yield Sentence(area, section, number, item, False, source, source.text_offsets(path))
                elif isinstance(item, dict) and isinstance(item.get("text"), str):
                    said = (*path, "text")
                    yield Sentence(area, section, number, item["text"], False, source, source.text_offsets(said))
                    evidence = item.get("evidence")
                    if isinstance(evidence, str):
                        offsets = source.text_offsets((*path, "evidence"))
                        yield Sentence(area, section, number, evidence, True, source, offsets)
