"""Where each key of a rulebook was written: in which edition, file and line. Read again for those who ask."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path as Folder

from attrs import frozen

from ..problem import Place
from ..toml.positions import Path, SourceMap
from ..toml.source import read_folder
from .documents import documents_of
from .editions import Layer, layers_of
from .target_table import TARGETS, TableSource, calendar_of, read_targets

__all__ = ["Origins", "origins_of"]


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
        self._maps: dict[tuple[int, str], list[SourceMap | TableSource]] = {}

    def of(self, file: str, path: Path) -> Origin | None:
        """Where a key that the rules have was written; None where no edition writes it: it stands at its default."""
        for n, layer in enumerate(self._layers):
            if file not in layer.documents:
                continue
            for source in self._sources(n, layer, file):
                if path in source:
                    return Origin(source.key_place(path), str(layer.book.get("edition", "")), n > 0)
        return None

    def _sources(self, n: int, layer: Layer, file: str) -> list[SourceMap | TableSource]:
        """The file, and the table of targets beside it."""
        sources = self._maps.get((n, file))
        if sources is None:
            sources = [SourceMap(layer.texts[file], layer.shown(file))] if file in layer.texts else []
            if TARGETS in layer.texts:
                table = read_targets(layer.texts[TARGETS], layer.shown(TARGETS), calendar_of(layer.documents))
                sources += [source] if (source := table.source(file)) is not None else []
            self._maps[n, file] = sources
        return sources


def origins_of(folder: Folder | Mapping[str, str]) -> Origins:
    """The origins of a rulebook that has been loaded; what cannot be read has been told by then, and is left out."""
    if isinstance(folder, Mapping):
        texts = {name: text.replace("\r\n", "\n") for name, text in folder.items()}
    else:
        texts, _ = read_folder(folder)
    documents, _, _ = documents_of(texts)
    layers, _ = layers_of(Layer("", documents, texts), None if isinstance(folder, Mapping) else folder)
    return Origins(layers)
