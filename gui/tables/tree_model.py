"""A window over rows that open: the rows below an open one follow it in the same flat list.

Flat, because a tree view asks for the index of every row there is; a table view asks for those it shows.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QObject

from gui.tables.columns import Column
from gui.tables.pages import Line, Row
from gui.tables.window_model import Source, WindowModel
from gui.work import Worker

_ROOT = QModelIndex()


class _Open(NamedTuple):
    """An open row: where it stands among all rows, its place among the ids, and how many rows lie below it."""

    row: int
    place: int
    below: int


class TreeModel(WindowModel):
    """Rows that `toggle` opens and closes; what is open stays open in every order."""

    opens = True

    def __init__(self, source: Source, columns: Sequence[Column], work: Worker, parent: QObject | None = None) -> None:
        self._below: dict[int, list[Line]] = {}
        self._keys: dict[int, str] = {}
        self._open: list[_Open] = []
        super().__init__(source, columns, work, parent)

    def toggle(self, row: int) -> None:
        """Open or close the row, or the one that it lies below; one that has nothing below it stays as it is."""
        place, number = self._place(row)[0], self.id_at(row)
        row = self._row(place)
        if number in self._below:
            self.beginRemoveRows(_ROOT, row + 1, row + len(self._below[number]))
            del self._below[number], self._keys[number]
            self._placed()
            self.endRemoveRows()
        elif below := self._lines_below(number):
            self.beginInsertRows(_ROOT, row + 1, row + len(below))
            self._below[number] = below
            self._keys[number] = self.key_at(row)
            self._placed()
            self.endInsertRows()
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(self.columns) - 1))

    def close(self) -> None:
        """Stop reading, and show nothing."""
        self._keys.clear()
        super().close()

    def upper(self, row: int) -> int:
        """The row that a row lies below; itself for one of the list."""
        return self._row(self._place(row)[0])

    def depth(self, row: int) -> int:
        return int(self._place(row)[1] > 0)

    def opening(self, row: int) -> bool | None:
        place, below = self._place(row)
        if below or not self._source.opens(self._pages.line(self._ids, place).values):
            return None
        return self._ids[place] in self._below

    def line(self, row: int) -> Line:
        place, below = self._place(row)
        return self._below[self._ids[place]][below - 1] if below else self._pages.line(self._ids, place)

    def id_at(self, row: int) -> int:
        return self._ids[self._place(row)[0]]

    def ids_of(self, first: int, last: int) -> Sequence[int]:
        """The ids of the rows from `first` to `last`, and of those that they lie below."""
        return self._ids[self._place(first)[0] : self._place(last)[0] + 1]

    def rows_of(self, ids: Collection[int], first: int, last: int) -> list[int]:
        start, end = self._place(first)[0], self._place(last)[0]
        return [self._row(place) for place, number in enumerate(self._ids[start : end + 1], start) if number in ids]

    def rowCount(self, parent: QModelIndex = _ROOT) -> int:
        return 0 if parent.isValid() else self._row(len(self._ids))

    def _place(self, row: int) -> tuple[int, int]:
        """The place of a row among the ids, and its number among the rows below that one (0 for itself)."""
        before = bisect_right(self._open, row, key=lambda opened: opened.row)
        if not before:
            return row, 0
        opened = self._open[before - 1]
        further = row - opened.row
        if further <= opened.below:
            return opened.place, further
        return opened.place + further - opened.below, 0

    def _row(self, place: int) -> int:
        before = bisect_left(self._open, place, key=lambda opened: opened.place)
        if not before:
            return place
        opened = self._open[before - 1]
        return opened.row + opened.below + place - opened.place

    def _lines_below(self, number: int) -> list[Line]:
        return [self._lower(row) for row in self._source.children(number)]

    def _lower(self, row: Row) -> Line:
        """A row below another. Only as a whole can a position be bad news: parts of it stand in plain color."""
        tones = ["muted" if value == 0 else "" for value in row]
        texts = [column.text(value) for column, value in zip(self.columns, row, strict=True)]
        if not row[0]:
            texts[0], tones[0] = self._source.nobody, "muted"
        return Line(row, texts, tones)

    # -------------------------------------------------------------------------------- what the window model asks for
    def _height(self, part: array[int]) -> int:
        return len(part) + sum(len(self._below[number]) for number in part if number in self._below)

    def _renewed(self) -> bool:
        fresh = self._lines_anew()
        same = {n: len(lines) for n, lines in fresh.items()} == {n: len(lines) for n, lines in self._below.items()}
        if same:
            self._below = fresh
        return same

    def _lines_anew(self) -> dict[int, list[Line]]:
        """What lies below open rows now; those that were derived anew are found by their keys."""
        numbers = {number: key for key in self._keys.values() if (number := self._source.find(key)) is not None}
        fresh = {number: lines for number in numbers if (lines := self._lines_below(number))}
        self._keys = {number: numbers[number] for number in fresh}
        return fresh

    def _placed(self, *, anew: bool = False) -> None:
        if anew:
            self._below = self._lines_anew()
        self._open, row = [], 0
        for place, number in enumerate(self._ids) if self._below else ():
            if number in self._below:
                below = len(self._below[number])
                self._open.append(_Open(place + row, place, below))
                row += below
