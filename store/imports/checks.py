"""From raw tables to checked rows: whole columns at a time, and cell by cell only where something is wrong."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from store.imports.cells import LONGEST_NAME, Converter, Wrong, converter, is_text
from store.imports.finding import ERROR, Finding, Limited, Report
from store.imports.source import Columnar, RawTable, Rows, Unreadable, split
from store.imports.template import Column

__all__ = ["Converter", "Memo", "Texts", "Wrong", "checked", "checked_columns", "converter", "converters", "quick"]

REMEMBERED: Final = 20_000
"""Distinct cells of a column that are remembered: some MB at most, whatever the file holds."""

Row = tuple[object, ...]
Columns = list[list[object]]
"""The values of every column of a table, in its order."""


class Memo(dict[str, object]):
    """A converter that remembers: a cell seen before costs one look-up. Beyond a bound nothing more is remembered."""

    def __init__(self, convert: Converter, most: int = REMEMBERED) -> None:
        super().__init__()
        self._convert, self._most = convert, most

    def __missing__(self, cell: str) -> object:
        value = self._convert(cell)
        if len(self) < self._most:
            self[cell] = value
        return value

    def __call__(self, cell: str) -> object:
        return self[cell]

    def column(self, cells: Sequence[str]) -> list[object]:
        """The values of many cells."""
        # Straight to the dictionary: calling the memo for each cell would cost four times as much.
        return list(map(self.__getitem__, cells))


class Texts:
    """A converter of text that looks at a whole column at once: mostly there is nothing to correct but blanks."""

    def __init__(self, column: Column, empty: object = None) -> None:
        self._convert, self._required, self._empty = _filled(converter(column), empty), column.required, empty

    def __call__(self, cell: str) -> object:
        return self._convert(cell)

    def column(self, cells: Sequence[str]) -> list[object]:
        """The values of many cells."""
        distinct = set(cells)
        if 4 * len(distinct) < len(cells):
            values = dict(zip(distinct, self.column(list(distinct)), strict=True))
            return list(map(values.__getitem__, cells))
        trimmed = list(map(str.strip, cells))
        if not _plain(trimmed) or (self._required and not all(trimmed)):
            return list(map(self._convert, trimmed))
        return [text or self._empty for text in trimmed] if "" in trimmed else [*trimmed]


def _filled(convert: Converter, empty: object) -> Converter:
    def fill(cell: str) -> object:
        value = convert(cell)
        return empty if value is None else value

    return convert if empty is None else fill


def _plain(texts: Sequence[str]) -> bool:
    """Whether none of the texts is too long or holds something to refuse or to normalize."""
    joined = "".join(texts)
    normal = joined.isascii() or unicodedata.is_normalized("NFC", joined)
    return normal and joined.isprintable() and max(map(len, texts)) <= LONGEST_NAME


def quick(column: Column, empty: object = None) -> Converter:
    """The quickest converter of a column; `empty` is what an empty cell gives."""
    return Texts(column, empty) if is_text(column) else Memo(_filled(converter(column), empty))


def converters(columns: Sequence[Column]) -> dict[str, Converter]:
    """The quickest converter of each column, by the name of the column."""
    return {column.name: quick(column) for column in columns}


def checked(
    raw: RawTable, converters: Mapping[str, Converter], report: Report, absent: Mapping[str, object]
) -> Iterator[tuple[Sequence[int], list[Row]]]:
    """As `checked_columns`, but each batch as rows."""
    for numbers, columns in checked_columns(raw, converters, report, absent):
        yield numbers, list(zip(*columns, strict=True))


def checked_columns(
    raw: RawTable, converters: Mapping[str, Converter], report: Report, absent: Mapping[str, object]
) -> Iterator[tuple[Sequence[int], Columns]]:
    """The values of a table with their row numbers, batch by batch; a wrong cell is reported and its row left out.

    `absent` gives the values of columns that the file does not have (None where it is silent). A converter may raise
    Wrong, or KeyError for a value that is not known. A file that turns bad half way is reported, and the rows end.
    """
    limited = Limited(report, raw.place)
    by_cell = [converters[column.name] for column in raw.columns]
    layout = _layout(raw, absent)
    try:
        for numbers, rows in raw.batches():
            values = _whole_columns(by_cell, rows)
            sound = numbers if values is not None else _sound_rows(raw, by_cell, numbers, rows, limited)
            values = values or _whole_columns(by_cell, _only(sound, numbers, rows))
            if values:
                yield sound, _arranged(layout, values)
    except Unreadable as unreadable:
        for finding in unreadable.findings:
            limited(finding)
    limited.close()


def _whole_columns(by_cell: Sequence[Converter], rows: Rows) -> Columns | None:
    """The converted columns (none if there are no rows), or None when a cell of them is wrong."""
    if not rows:
        return []
    try:
        cells = rows.columns if isinstance(rows, Columnar) else split(rows, len(by_cell))
        return [_convert(*pair) for pair in zip(by_cell, cells, strict=True)]
    except (Wrong, KeyError):
        return None


def _convert(convert: Converter, cells: Sequence[str]) -> list[object]:
    return convert.column(cells) if isinstance(convert, Memo | Texts) else list(map(convert, cells))


def _sound_rows(
    raw: RawTable, by_cell: Sequence[Converter], numbers: Sequence[int], rows: Rows, report: Limited
) -> list[int]:
    """Numbers of the rows without a wrong cell, after each of those was reported. A row without any text is no row."""
    sound: list[int] = []
    for number, row in zip(numbers, rows, strict=True):
        if not any(map(str.strip, row)):
            continue
        before = report.count
        if report.full:
            report.count += sum(map(_is_wrong, by_cell, row))
        else:
            for finding in _wrong_cells(raw, by_cell, number, row):
                report(finding)
        if report.count == before:
            sound.append(number)
    return sound


def _is_wrong(convert: Converter, cell: str) -> bool:
    try:
        convert(cell)
    except (Wrong, KeyError):
        return True
    return False


def _only(sound: Sequence[int], numbers: Sequence[int], rows: Rows) -> Rows:
    chosen = set(sound)
    return [row for number, row in zip(numbers, rows, strict=True) if number in chosen]


def _wrong_cells(raw: RawTable, by_cell: Sequence[Converter], number: int, row: Sequence[str]) -> Iterator[Finding]:
    for column, convert, cell in zip(raw.columns, by_cell, row, strict=True):
        try:
            convert(cell)
        except Wrong as wrong:
            yield _finding(raw, number, column, wrong.code, f"{_shown(cell)} {wrong.reason}")
        except KeyError:
            yield _finding(raw, number, column, "unknown-reference", f"{_shown(cell)} is not known")


def _finding(raw: RawTable, number: int, column: Column, code: str, message: str) -> Finding:
    return Finding(ERROR, code, raw.cell_place(number, column.name), message)


def _shown(cell: str) -> str:
    """The value in quotation marks, on one line and at a length that can be read."""
    text = " ".join("".join(c if c.isprintable() else " " for c in cell[:200]).split())
    return f'"{text if len(text) <= 60 else text[:59] + "…"}"' if cell.strip() else "the cell"


def _layout(raw: RawTable, absent: Mapping[str, object]) -> list[tuple[int | None, object]]:
    """For each column of the table where its values are, or else the value that stands in for it."""
    positions = {column.name: index for index, column in enumerate(raw.columns)}
    return [(positions.get(column.name), absent.get(column.name)) for column in raw.table.columns]


def _arranged(layout: Sequence[tuple[int | None, object]], values: Columns) -> Columns:
    count = len(values[0])
    return [values[at] if at is not None else [given] * count for at, given in layout]
