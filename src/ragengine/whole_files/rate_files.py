"""Rates every row of files of any size into one new file, whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from os import stat_result
from pathlib import Path

import polars as pl
from attrs import frozen

from ..book import Rulebook
from ..catalogue import catalogue_of
from ..data.table import column_name
from ..document.files import put_in_place, refuse_special
from ..errors import BadArgument
from ..frames import OUTPUT, rate
from ..problem import Problem
from ..rollup.rows import RowCounts
from ..terms import GREY, Reason
from .by_kpi import CLASH, ByKpi
from .formats import FORMATS, format_of, named_files, opened
from .measurements import MeasurementColumns, known_columns
from .own_columns import own_schema
from .rejected import ProblemFile
from .source import Batch, Source, unusable
from .writers import Writer, writer_for

__all__ = ["RatedFiles", "rate_files"]

_HISTORY = ("previous", "movement")
_NUMBERS = ("target", "shortfall")

#: part done (0 to 1), rows done, and what is being done to them
Progress = Callable[[float, int, str], None]


@frozen
class RatedFiles:
    """What a run came to.

    Attributes:
        counts: read == rated + grey + rejected; a rejected row is grey, invalid, in the output.
        problems_file: a line for each rejected row; None where there is none.
        problems: what was told of rejected rows, the most frequent first, each with how many rows and its first place.
    """

    counts: RowCounts
    output: Path
    problems_file: Path | None
    problems: tuple[tuple[int, Problem], ...]


def rate_files(
    book: Rulebook,
    files: Sequence[str],
    output: Path,
    *,
    history: bool = False,
    suffix: str = "",
    progress: Progress = lambda part, rows, doing: None,
) -> RatedFiles:
    """Every row of the files, in their order, with its rating beside its own columns, written to ``output``.

    Args:
        files: Parquet, CSV or JSON lines, all of one format: names, patterns, folders.
        output: a file whose name ends in one of these formats; it is replaced when everything is written.
        history: also ``previous`` and ``movement``.
        suffix: ends the names of the added columns.

    Raises DataError for files that cannot be read to their end or lack a column, BadArgument for names that cannot be
    used, OSError where the output cannot be written; then nothing is left behind.
    """
    if not format_of(output):
        raise BadArgument("output", str(output), f"its name ends in {', '.join(FORMATS)}")
    problems_path = output.with_name(f"{output.stem}.problems.csv")
    paths = named_files(files)
    for path in paths:
        if path.resolve() in (output.resolve(), problems_path.resolve()):
            raise BadArgument("output", str(output), "it is one of the files that are read: name another")
    refuse_special(output)
    names = (*OUTPUT, *(_HISTORY if history else ()))
    added = pl.Schema({f"{name}{suffix}": pl.Float64() if name in _NUMBERS else pl.String() for name in names})
    known = {*known_columns(book), *map(column_name, added)}
    sources = [opened(path, output, known) for path in paths]
    measured = [MeasurementColumns.of(s.name, s.schema, s.header_line, book, history=history) for s in sources]
    own = own_schema(sources, added, output)
    with _folder_beside(output) as folder:
        made = folder / output.name
        writer = writer_for(format_of(output), made, own, added)
        problems = ProblemFile(folder / problems_path.name, book, sources[0].place)
        run = _Run(book, sources, measured, writer, problems, added, history, progress)
        try:
            before = [path.stat() for path in paths]
            run.go(folder)
            _check_unchanged(paths, before)
            writer.close()
            problems.close()
        except BaseException:
            writer.abandon()
            problems.close()
            raise
        if problems.rows:
            put_in_place(folder / problems_path.name, problems_path)
        put_in_place(made, output)
        if not problems.rows:
            # one of an earlier run would speak of rows that are no more
            problems_path.unlink(missing_ok=True)
    return RatedFiles(
        run.counts,
        output,
        problems_path if problems.rows else None,
        problems.rejections.told(),
    )


@contextmanager
def _folder_beside(output: Path) -> Iterator[Path]:
    """A folder on the output's own disk, which is taken away whatever happens."""
    folder = Path(tempfile.mkdtemp(dir=output.parent, prefix=f".{output.name}.", suffix=".part"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _check_unchanged(paths: Sequence[Path], before: Sequence[stat_result]) -> None:
    for path, then in zip(paths, before, strict=True):
        now = path.stat()
        if (now.st_size, now.st_mtime_ns) != (then.st_size, then.st_mtime_ns):
            raise unusable(str(path), "the file was changed while it was read", hint="run the command again")


class _Run:
    """One run: what it has counted so far."""

    def __init__(
        self,
        book: Rulebook,
        sources: Sequence[Source],
        measured: Sequence[MeasurementColumns],
        writer: Writer,
        problems: ProblemFile,
        added: pl.Schema,
        history: bool,
        progress: Progress,
    ) -> None:
        self.book = book
        self.sources = sources
        self.measured = list(measured)
        self._seen: set[str] = set()
        self.writer = writer
        self.problems = problems
        self.added = added
        self.history = history
        self.progress = progress
        self.counts = RowCounts()
        self._sizes = [max(Path(source.name).stat().st_size, 1) for source in sources]

    def go(self, folder: Path) -> None:
        if self.history or catalogue_of(self.book).takes_history:
            self._go_by_kpi(folder)
            return
        for number, batch in self._batches():
            work = self._work(number, batch)
            self._put(number, batch, work, self._rate(work), {})
            self.progress(self._part_read(number), self.counts.read, "rated")

    def _go_by_kpi(self, folder: Path) -> None:
        """The files are read twice: for what rating takes, and for the columns beside which the ratings go."""
        together = ByKpi(folder, self._guessed_rows(), self.book, [source.name for source in self.sources])
        for number, batch in self._batches():
            together.add(self._work(number, batch), batch.lines, number)
            self.progress(self._part_read(number) / 4, together.rows, "read")
        for done in together.rate(self._rate):
            self.progress(0.25 + done / max(together.rows, 1) / 2, done, "rated")
        for number, batch in self._batches():
            ratings = together.next_rows(self.counts.read + len(batch))
            clashes = {n: text for n, text in enumerate(ratings[CLASH].to_list()) if text is not None}
            self._put(number, batch, self._work(number, batch), ratings.drop(CLASH), clashes)
            self.progress(0.75 + self._part_read(number) / 4, self.counts.read, "written")

    def _batches(self) -> Iterator[tuple[int, Batch]]:
        for number, source in enumerate(self.sources):
            try:
                for batch in source.batches():
                    for piece in batch.pieces():
                        yield number, piece
            except OSError as wrong:
                raise unusable(source.name, f"cannot be read: {wrong.strerror or wrong}") from wrong

    def _part_read(self, number: int) -> float:
        done = sum(self._sizes[:number]) + self._sizes[number] * self.sources[number].part_read
        return done / sum(self._sizes)

    def _guessed_rows(self) -> int:
        """About how many rows there are, to choose how many parts they are sorted into."""
        return sum(source.rows_guessed for source in self.sources)

    def _work(self, number: int, batch: Batch) -> pl.DataFrame:
        source, schema = self.sources[number], batch.frame.schema
        if len(schema) > len(source.schema) and not set(schema) <= self._seen:
            # a row of JSON lines may bring a key that no row before it had
            self._seen |= set(schema)
            own = MeasurementColumns.of(source.name, schema, source.header_line, self.book, history=self.history)
            self.measured[number] = own
        present = self.measured[number].among(schema)
        return present.frame(batch.frame, tuple(batch.misfits))

    def _rate(self, work: pl.DataFrame) -> pl.DataFrame:
        rated: pl.DataFrame = rate(work, self.book, history=self.history, columns=OUTPUT)
        names = (*OUTPUT, *(_HISTORY if self.history else ()))
        made = zip(names, self.added.items(), strict=True)
        return rated.select(pl.col(name).cast(kind).alias(named) for name, (named, kind) in made)

    def _put(
        self, number: int, batch: Batch, work: pl.DataFrame, ratings: pl.DataFrame, clashes: dict[int, str]
    ) -> None:
        names = list(self.added)
        rag, reason = ratings[names[0]], ratings[names[OUTPUT.index("reason")]]
        rejected = (reason == str(Reason.INVALID)).fill_null(False)
        rows = rejected.arg_true()
        if len(rows):
            self.problems.add(batch, self.measured[number], work, rows, clashes)
        self.writer.write(batch, ratings)
        grey = int((rag == str(GREY)).sum()) - len(rows)
        c = self.counts
        rated = len(batch) - grey - len(rows)
        self.counts = RowCounts(c.read + len(batch), c.rated + rated, c.grey + grey, c.rejected + len(rows))
