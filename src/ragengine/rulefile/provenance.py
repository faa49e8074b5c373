"""Where each key of a rulebook was written: in which edition, file and line. Read again for those who ask."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as Folder

from attrs import frozen

from ..problem import Place
from ..toml.parse import parse_toml
from ..toml.positions import Path, SourceMap
from ..toml.source import read_folder
from .editions import Documents, Layer, layers_of

__all__ = ["Origin", "Origins", "origins_of"]


@frozen
class Origin:
    """Where a key was written.

    Attributes:
        place: its file, with the way to an earlier edition's folder, and its line.
        edition: as the book beside the file says; empty where it says none.
        inherited: whether it stands in an edition that the rulebook extends.
    """

    place: Place
    edition: str
    inherited: bool


class Origins:
    """The keys of a rulebook by file and key path, looked for in its own edition first, then in those it extends."""

    def __init__(self, layers: list[Layer]) -> None:
        self._layers = layers
        self._maps: dict[tuple[int, str], SourceMap] = {}

    def of(self, file: str, path: Path) -> Origin | None:
        """Where a key that the rules have was written; None where no edition writes it: it stands at its default."""
        for n, layer in enumerate(self._layers):
            if file not in layer.documents:
                continue
            source = self._maps.get((n, file))
            if source is None:
                source = self._maps[n, file] = SourceMap(layer.texts[file], layer.shown(file))
            if path in source:
                return Origin(source.key_place(path), str(layer.book.get("edition", "")), n > 0)
        return None


def origins_of(folder: Folder | Mapping[str, str]) -> Origins:
    """The origins of a rulebook that has been loaded; what cannot be read has been told by then, and is left out."""
    if isinstance(folder, Mapping):
        texts = {name: text.replace("\r\n", "\n") for name, text in folder.items()}
    else:
        texts, _ = read_folder(folder)
    documents: Documents = {}
    for name, text in texts.items():
        document = None if name.endswith(".cases.toml") else parse_toml(text, name)[0]
        if document is not None:
            documents[name] = document
    layers, _ = layers_of(Layer("", documents, texts), None if isinstance(folder, Mapping) else folder)
    return Origins(layers)
