"""Files of ratings, written batch after batch."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO, Protocol

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from ..display import safe_cell
from .source import Batch, unusable

__all__ = ["Writer", "writer_for"]


class Writer(Protocol):
    """Takes each batch with its ratings; raises OSError where the disk is full."""

    def write(self, batch: Batch, ratings: pl.DataFrame) -> None: ...
    def close(self) -> None:
        """Ends the file and brings it to the disk."""
        ...

    def abandon(self) -> None:
        """Closes the file as it is, which is then good for nothing."""
        ...


def writer_for(kind: str, path: Path, own: pl.Schema, added: pl.Schema) -> Writer:
    """A writer of a format."""
    match kind:
        case "Parquet":
            return _Parquet(path, own, added)
        case "CSV":
            return _Csv(path, own, added)
        case _:
            return _JsonLines(path, own, added)


def _as_given(batch: Batch, own: pl.Schema, added: pl.Schema) -> pl.DataFrame:
    """The file's own columns but those that an added one replaces, in the types of the output."""
    kept = [name for name in own.names() if name not in added]
    return batch.frame.select(pl.col(name).cast(own[name]) for name in kept)


class _PartFile:
    """A file that is written, flushed and closed."""

    def __init__(self, path: Path, own: pl.Schema, added: pl.Schema) -> None:
        self.file: BinaryIO = path.open("wb")
        self.own, self.added = own, added

    def close(self) -> None:
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()

    def abandon(self) -> None:
        # what a full disk still holds back cannot be written on closing either
        try:
            self.file.close()
        except OSError:
            return


class _Parquet(_PartFile):
    def __init__(self, path: Path, own: pl.Schema, added: pl.Schema) -> None:
        super().__init__(path, own, added)
        kept = {name: kind for name, kind in own.items() if name not in added}
        self._schema = _arrow(pl.DataFrame(schema={**kept, **added})).schema
        self._writer = pq.ParquetWriter(self.file, self._schema, compression="zstd")

    def write(self, batch: Batch, ratings: pl.DataFrame) -> None:
        rows = pl.concat([_as_given(batch, self.own, self.added), ratings], how="horizontal")
        self._writer.write_table(_arrow(rows).cast(self._schema))

    def close(self) -> None:
        self._writer.close()
        super().close()

    def abandon(self) -> None:
        # else it would write its footer when it is collected
        self._writer.is_open = False
        super().abandon()


def _arrow(frame: pl.DataFrame) -> pa.Table:
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest())


class _Csv(_PartFile):
    def __init__(self, path: Path, own: pl.Schema, added: pl.Schema) -> None:
        super().__init__(path, own, added)
        self._begun = False

    def write(self, batch: Batch, ratings: pl.DataFrame) -> None:
        texts = [name for name, kind in ratings.schema.items() if kind == pl.String]
        safe = ratings.with_columns(_safe(ratings[name]) for name in texts)
        rows = pl.concat([_as_given(batch, self.own, self.added), safe], how="horizontal")
        buffer = io.BytesIO()
        rows.write_csv(buffer, include_header=not self._begun)
        self._begun = True
        self.file.write(buffer.getbuffer())

    def close(self) -> None:
        if not self._begun:
            pl.DataFrame(schema={**self.own, **self.added}).write_csv(self.file)
        super().close()


def _safe(column: pl.Series) -> pl.Series:
    """A column of few texts, none of which a spreadsheet takes for a formula."""
    changed = {text: safe for text in column.unique().drop_nulls().to_list() if (safe := safe_cell(text)) != text}
    return column.replace(changed) if changed else column


class _JsonLines(_PartFile):
    """JSON lines; rows that were JSON lines stay as they stand, with members added."""

    def write(self, batch: Batch, ratings: pl.DataFrame) -> None:
        buffer = io.BytesIO()
        if batch.texts is None:
            pl.concat([_as_given(batch, self.own, self.added), ratings], how="horizontal").write_ndjson(buffer)
            self.file.write(buffer.getbuffer())
            return
        ratings.write_ndjson(buffer)
        added = buffer.getvalue().decode("utf-8").split("\n")
        replaced = [name for name in batch.frame.columns if name in self.added]
        if set(replaced) - {"target"}:
            said = f"a row has the key {replaced[0]!r}, which is that of an added column"
            raise unusable(batch.file, said, int(batch.lines[0]), hint="give a --suffix for the added ones")
        texts = ["{}" if n in batch.misfits else text for n, text in enumerate(batch.texts)]
        if replaced:
            texts = [_without(replaced, text) for text in texts]
        lines = (_joined(own, new) for own, new in zip(texts, added, strict=False))
        self.file.write("".join(lines).encode("utf-8"))


def _without(names: Sequence[str], text: str) -> str:
    """An object without some of its members; the text as it stands where it has none of them."""
    members = json.loads(text)
    kept = {name: value for name, value in members.items() if name not in names}
    return text if len(kept) == len(members) else json.dumps(kept, ensure_ascii=False)


def _joined(own: str, new: str) -> str:
    """An object with the members of another at its end."""
    bare = own[:-1].rstrip()
    return f"{bare}{'' if bare == '{' else ','}{new[1:]}\n"
