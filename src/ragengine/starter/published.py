"""Published keys as rulebooks: how councils, inspectorates and products turn figures into levels, ready to be edited.

Each is a folder of ``keys``; the first two lines of its book say what the key is, and where and when it was published.
"""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable

from attrs import frozen

__all__ = ["PublishedKey", "published_files", "published_keys"]


@frozen
class PublishedKey:
    """A key that somebody published.

    Attributes:
        name: what ``--key`` takes.
        about: the key, in a sentence.
        source: who published it, where and when.
    """

    name: str
    about: str
    source: str


def published_keys() -> tuple[PublishedKey, ...]:
    """Every key, by name."""
    return tuple(_key(folder) for folder in sorted(_keys().iterdir(), key=lambda each: each.name) if folder.is_dir())


def published_files(name: str) -> dict[str, str]:
    """The files of a key's rulebook, by their names; raises KeyError for a key that is not there."""
    if name not in {key.name for key in published_keys()}:
        raise KeyError(name)
    return {file.name: file.read_text("utf-8") for file in _keys().joinpath(name).iterdir()}


def _keys() -> Traversable:
    return resources.files(__package__).joinpath("keys")


def _key(folder: Traversable) -> PublishedKey:
    about, source, *_ = folder.joinpath("book.toml").read_text("utf-8").split("\n")
    return PublishedKey(folder.name, about.removeprefix("# "), source.removeprefix("# Source: "))
