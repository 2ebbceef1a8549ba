"""One CSV file: seen once as bytes, then read as rows, with a sentence for everything that can be wrong with it."""

import codecs
import csv
import hashlib
import io
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import IO, Final

from store import aside
from store.imports.finding import ERROR, MOST_FINDINGS, Finding
from store.imports.headers import Header, matched
from store.imports.source import BATCH, Batch, Columnar, RawTable, Unreadable, split
from store.imports.template import Table, folded

DELIMITERS: Final = (",", ";", "\t")
"""Comma, and what spreadsheet programs of other countries write; the header shows which it is."""

MOST_COLUMNS: Final = 16_384
"""As many as a sheet of a workbook has."""

_CHUNK: Final = 1 << 20
_GLANCED: Final = 1 << 16
_NUL: Final = "\0"
_LARGE: Final = 1 << 23
"""Bytes from which on a file is worth a second process."""

_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ADVICE: Final = "save it as CSV in UTF-8"


@dataclass(frozen=True)
class CsvFile:
    """A CSV file whose bytes are sound: how it is named in findings, what separates its cells, and its first row."""

    path: Path
    place: str
    delimiter: str
    names: tuple[str, ...]
    stamp: tuple[int, int]


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def first_rows(path: Path) -> list[list[str]]:
    """The first row of a file as each separator would cut it, quickly and without any judgement: to recognize it by."""
    seen = _seen.get()
    if seen is None:
        return _first_rows(path)
    if path not in seen:
        seen[path] = _first_rows(path)
    return seen[path]


_seen: ContextVar[dict[Path, list[list[str]]] | None] = ContextVar("seen", default=None)


@contextmanager
def looking_once() -> Generator[None]:
    """A block in which many ask for the first row of a file, and it is looked at once."""
    before = _seen.set({})
    try:
        yield
    finally:
        _seen.reset(before)


def _first_rows(path: Path) -> list[list[str]]:
    try:
        with path.open("rb") as stream:
            start = stream.read(_GLANCED)
        text = io.StringIO(start.decode("utf-8-sig", "replace"), newline="")
        return [_glanced(text, delimiter) for delimiter in DELIMITERS]
    except OSError:
        return []


def _glanced(text: IO[str], delimiter: str) -> list[str]:
    text.seek(0)
    try:
        return [name.strip() for name in next(csv.reader(text, delimiter=delimiter), list[str]())]
    except csv.Error:
        return []


def opened(path: Path, place: str, known: Collection[str]) -> CsvFile | Finding:
    """The file with its header, or what makes it unreadable. `known` are the column names that one hopes for."""
    try:
        stamp = _stamp(path)
        fault = _byte_fault(path)
        if fault:
            return Finding(ERROR, fault[0], place, fault[1])
        delimiter = _delimiter(path, {folded(name) for name in known})
        names = _first_row(path, delimiter)
    except OSError as error:
        return Finding(ERROR, "unreadable", place, f"the file cannot be opened: {error.strerror}")
    except csv.Error as error:
        return Finding(ERROR, "not-csv", f"{place}, row 1", _reason(error))
    if not names:
        text = "the file is empty; its first row must name the columns" if not stamp[0] else "the first row is empty"
        return Finding(ERROR, "empty-file", place, text)
    if len(names) > MOST_COLUMNS:
        text = f"the first row has {len(names):,} columns; at most {MOST_COLUMNS:,} are accepted"
        return Finding(ERROR, "too-wide", place, text)
    return CsvFile(path, place, delimiter, tuple(names), stamp)


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _byte_fault(path: Path) -> tuple[str, str] | None:
    """Code and sentence for the first byte that no text in UTF-8 has, None if there is none."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    offset = 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            if not offset and chunk.startswith(_UTF16):
                return "encoding", f"the file is in UTF-16; {_ADVICE}"
            if b"\0" in chunk:
                at = offset + chunk.index(b"\0")
                return "not-csv", f"the file is no text: byte {at:,} is NUL; {_ADVICE}"
            held = len(decoder.getstate()[0])
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError as error:
                return _not_utf8(offset - held + error.start, error.object[error.start])
            offset += len(chunk)
    held_back = decoder.getstate()[0]
    return _not_utf8(offset - len(held_back), held_back[0]) if held_back else None


def _not_utf8(offset: int, byte: int) -> tuple[str, str]:
    return "encoding", f"the file is not in UTF-8: byte {offset:,} is 0x{byte:02X}; {_ADVICE}"


def _delimiter(path: Path, known: Collection[str]) -> str:
    """What separates the cells of the header. Raises csv.Error where no separator makes sense of it."""
    rows: dict[str, list[str]] = {}
    faults: list[csv.Error] = []
    for delimiter in DELIMITERS:
        try:
            rows[delimiter] = _first_row(path, delimiter)
        except csv.Error as error:
            if not any(words in str(error) for words in _OF_THE_SEPARATOR):
                raise
            faults.append(error)

    def hits(delimiter: str) -> tuple[int, int]:
        row = rows[delimiter]
        return len({folded(name.strip()) for name in row}.intersection(known)), len(row)

    best = max(rows, key=hits, default="")
    if faults and len(rows.get(best, ())) < 2:  # nothing is separated, so this is no reason to pass over a fault
        raise faults[0]
    return best


_OF_THE_SEPARATOR: Final = ("field larger", " expected after ")
"""Faults that may come of the wrong separator: how long cells are, and what follows a quoted one, depends on it."""


def _first_row(path: Path, delimiter: str) -> list[str]:
    with _text(path) as stream:
        return next(csv.reader(stream, delimiter=delimiter, strict=True), list[str]())


def _text(path: Path) -> IO[str]:
    return path.open(encoding="utf-8-sig", newline="")


def _reason(error: csv.Error) -> str:
    """What the csv module noticed, in words of the one who has to correct the file."""
    text = str(error)
    if "field larger" in text:
        return f"a cell has more than {csv.field_size_limit():,} characters, or a quotation mark was never closed"
    if "unexpected end" in text:
        return "a quotation mark that opens a cell here is never closed"
    return 'a quotation mark stands inside a quoted cell; write it twice ("")'


def table_of(file: CsvFile, table: Table, *, even: bool = False) -> tuple[RawTable | None, tuple[Finding, ...]]:
    """The file as a table of the template, None when its header does not do, and what there is to say on its header.

    With `even`, rows that are not as wide as the header are passed over: who reads the table tells of them.
    """
    header = matched(table, file.names, file.place)
    if not header.usable:
        return None, header.findings
    rows = _even if even else _ahead
    return RawTable(table, file.place, header.columns, lambda: _picked(rows(file), header)), header.findings


def _even(file: CsvFile) -> Iterator[Batch]:
    for numbers, rows in rows_of(file, uneven=True):
        kept = [(number, row) for number, row in zip(numbers, rows, strict=True) if len(row) == len(file.names)]
        yield [number for number, _ in kept], [row for _, row in kept]


def _picked(batches: Iterator[Batch], header: Header) -> Iterator[Batch]:
    if header.positions == tuple(range(header.width)):
        yield from batches
        return
    pick = picker(header.positions)
    for numbers, rows in batches:
        yield numbers, list(map(pick, rows))


def picker(positions: Sequence[int]) -> Callable[[Sequence[str]], Sequence[str]]:
    """What takes the cells at these positions out of a row."""
    if len(positions) > 1:
        return itemgetter(*positions)
    return lambda row: [row[at] for at in positions]


def _ahead(file: CsvFile) -> Iterator[Batch]:
    """As `rows_of`; a second process reads a large file ahead of its use."""
    if file.stamp[0] < _LARGE or aside.cores() < 2:
        yield from rows_of(file)
        return
    read = 0
    try:
        for numbers, cells, faults in aside.ahead(_texts_of, file):
            if faults:
                raise Unreadable(*faults)
            yield numbers, Columnar([text.split(_NUL) for text in cells])
            read += 1
    except aside.Gone:
        yield from islice(rows_of(file), read, None)


def _texts_of(file: CsvFile) -> Iterator[tuple[Sequence[int], list[str], tuple[Finding, ...]]]:
    """The rows of each batch: their numbers and the cells of each column in one text. Or what makes them unreadable."""
    try:
        for numbers, rows in rows_of(file):
            # No cell holds a NUL. A few long texts go from process to process at no cost, and are quickly split.
            yield numbers, list(map(_NUL.join, split(rows, len(file.names)))) if rows else [], ()
    except Unreadable as unreadable:
        yield (), [], unreadable.findings


def rows_of(file: CsvFile, *, uneven: bool = False) -> Iterator[Batch]:
    """The rows below the header, at most 5,000 a batch and each as wide as the header.

    Raises Unreadable: at the spot where the quoting breaks, or at the end with every row that is too short or too long.
    With `uneven` such rows are among the others instead, as they are. Not even empty cells behind the last column are
    taken off: they stand there, too, where a separator in a name has moved all cells.
    """
    ragged: list[Finding] = []
    first = 2
    with _text(file.path) as stream:
        reader = csv.reader(stream, delimiter=file.delimiter, strict=True)
        next(reader, None)
        while rows := _next_rows(reader, file, first, ragged):
            yield _as_they_are(rows, first) if uneven else _regular(rows, file, first, ragged)
            first += len(rows)
    if _stamp(file.path) != file.stamp:
        ragged.append(Finding(ERROR, "changed", file.place, "the file was changed while it was read; import it again"))
    if ragged:
        raise Unreadable(*ragged)


def _next_rows(reader: Iterator[list[str]], file: CsvFile, first: int, ragged: Sequence[Finding]) -> list[list[str]]:
    rows: list[list[str]] = []
    try:
        rows.extend(islice(reader, BATCH))  # what was read before a fault stays, so the row is known
    except csv.Error as error:
        fault = Finding(ERROR, "not-csv", f"{file.place}, row {first + len(rows)}", _reason(error))
        raise Unreadable(*ragged, fault) from None
    return rows


def _regular(rows: list[list[str]], file: CsvFile, first: int, ragged: list[Finding]) -> Batch:
    """The rows as wide as the header; the others are noted, but for blank lines."""
    width = len(file.names)
    if set(map(len, rows)) == {width}:
        return range(first, first + len(rows)), rows
    for number, row in enumerate(rows, first):
        if row and len(row) != width and len(ragged) <= MOST_FINDINGS:
            ragged.append(Finding(ERROR, RAGGED, f"{file.place}, row {number}", ragged_row(len(row), width)))
    numbered = [(number, row) for number, row in enumerate(rows, first) if len(row) == width]
    return [number for number, _ in numbered], [row for _, row in numbered]


def _as_they_are(rows: list[list[str]], first: int) -> Batch:
    """The rows but for blank lines."""
    if all(rows):
        return range(first, first + len(rows)), rows
    return [number for number, row in enumerate(rows, first) if row], [row for row in rows if row]


RAGGED: Final = "ragged-row"
"""The code of a row that is not as wide as the header."""


def ragged_row(cells: int, width: int) -> str:
    """What is wrong with a row of so many cells below a header of `width`."""
    return f"the row has {cells} cells and the header {width}; put a cell that holds a separator in quotation marks"
