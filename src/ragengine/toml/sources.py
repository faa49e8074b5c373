"""Where rule files may stand: a folder, a mapping of texts, a zip archive, or the resources of a package."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from ..errors import BadArgument
from ..problem import Place, Problem, shorten
from .source import Resource, is_rule_file, misnamed, read_folder

__all__ = ["Source", "read_source"]

Source = str | os.PathLike[str] | Mapping[str, str] | Resource

_WANTED = "name a folder or a zip archive, or give a mapping of file names to texts, or importlib.resources.files(…)"


def read_source(given: Source) -> tuple[dict[str, str], list[Problem], Path | None]:
    """The texts of the rule files by name, what is wrong with reading them, and the folder where it is one.

    Raises BadArgument for what is nothing of this.
    """
    if isinstance(given, Mapping):
        return *_of_mapping(given), None
    if isinstance(given, str | os.PathLike):
        return _of_path(given)
    if all(hasattr(given, name) for name in ("name", "is_dir", "is_file", "iterdir", "open")):
        from .archive import read_resources

        return *read_resources(given), None
    raise BadArgument("rules", given, _WANTED)


def _of_path(given: str | os.PathLike[str]) -> tuple[dict[str, str], list[Problem], Path | None]:
    written = os.fspath(given)
    if not isinstance(written, str):
        raise BadArgument("rules", given, _WANTED)
    path = Path(written)
    try:
        is_archive = path.is_file()
    except (OSError, ValueError) as wrong:
        # a name too long for the system, or with NUL in it
        said = f"{shorten(written)} cannot be read: {wrong if isinstance(wrong, ValueError) else wrong.strerror}"
        return {}, [Problem("RAG001", said, Place(shorten(written)), hint="name a rules folder")], path
    if is_archive and path.suffix.lower() == ".zip":
        # rules in a folder do not wait for zipfile
        from .archive import read_zip

        return *read_zip(path), None
    return *read_folder(path), path


def _of_mapping(given: Mapping[str, str]) -> tuple[dict[str, str], list[Problem]]:
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for name, text in given.items():
        if not isinstance(name, str):
            raise BadArgument("rules", name, "the names of files are texts: book.toml, early-help.toml")
        if not isinstance(text, str):
            raise BadArgument(f"rules[{name!r}]", text, "give the text of the file")
        if is_rule_file(name):
            texts[name] = text.removeprefix("\ufeff").replace("\r\n", "\n")
        else:
            problems += misnamed(name)
    return dict(sorted(texts.items())), problems
