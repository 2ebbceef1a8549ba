"""Keeps the selected rows and the current one of a table over every search, sort and refresh, by their keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QObject, Signal

from gui.tables.view import TableView
from gui.tables.window_model import WindowModel

MANY: Final = 5_000
"""A selection of more rows is kept only when it is the whole list: Qt's ranges grow slow with their number."""

_KEYED: Final = 100
"""Rows whose keys are remembered, so that they are found again after they were derived anew."""

_ADD: Final = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows


class Selection(QObject):
    """The selection of one table."""

    changed = Signal()
    """Other rows are selected, by the user or because they came back or went."""

    def __init__(self, view: TableView, model: WindowModel, find: Callable[[str], int | None]) -> None:
        super().__init__(view)
        self._view, self._model, self._find = view, model, find
        self._ids: set[int] = set()
        self._keys: dict[str, int] = {}
        self._current: tuple[int, str, int] | None = None
        self._all = self._restoring = False
        view.selectionModel().selectionChanged.connect(self._select)
        view.selectionModel().currentChanged.connect(self._move)
        model.modelReset.connect(self._restore_all)
        model.rowsInserted.connect(self._restore)

    # ------------------------------------------------------------------------------------------------------ what it is
    def rows(self) -> Iterator[int]:
        """The selected rows from top to bottom."""
        for first, last in self.ranges():
            yield from range(first, last + 1)

    def ranges(self) -> list[tuple[int, int]]:
        """The first and last row of each stretch of selected rows, from top to bottom."""
        return sorted((part.top(), part.bottom()) for part in self._view.selectionModel().selection())

    def count(self) -> int:
        """How many rows are selected."""
        return sum(last - first + 1 for first, last in self.ranges())

    def keys(self) -> list[str]:
        """The public keys of the selected rows, each once, from top to bottom."""
        return list(dict.fromkeys(self._model.key_at(row) for row in self.rows()))

    # -------------------------------------------------------------------------------------------------------- keeping
    def find_again(self) -> None:
        """Before a refresh: rows that were derived anew have other ids under the same keys."""
        found = {key: number for key in self._keys if (number := self._find(key)) is not None}
        self._ids = (self._ids - set(self._keys.values())) | set(found.values())
        self._keys = found
        if self._current is not None and (number := self._find(self._current[1])) is not None:
            self._current = (number, *self._current[1:])

    def _select(self) -> None:
        if not self._restoring:
            self._remember()
            self.changed.emit()

    def _remember(self) -> None:
        count = self.count()
        self._all = count > 1 and count == self._model.rowCount() and self._model.complete
        self._ids = set()
        if count <= MANY:
            for first, last in self.ranges():
                self._ids.update(self._model.ids_of(first, last))
        rows = self.rows() if count <= _KEYED else ()
        self._keys = {self._model.key_at(row): self._model.id_at(row) for row in rows}

    def _move(self, current: QModelIndex) -> None:
        if not self._restoring and current.isValid():
            row = current.row()
            self._current = (self._model.id_at(row), self._model.key_at(row), current.column())

    def _restore_all(self) -> None:
        if self._model.rowCount():
            self._restore(QModelIndex(), 0, self._model.rowCount() - 1)
        self.changed.emit()

    def _restore(self, _: QModelIndex, first: int, last: int) -> None:
        chosen, ends = QItemSelection(), len(self._model.columns) - 1
        wanted = [(first, last)] if self._all else _stretches(self._found(first, last))
        for start, end in wanted:
            chosen.select(self._model.index(start, 0), self._model.index(end, ends))
        self._restoring = True
        self._restore_current(first, last)
        if wanted:
            self._view.selectionModel().select(chosen, _ADD)
        self._restoring = False
        if wanted:
            self.changed.emit()

    def _found(self, first: int, last: int) -> list[int]:
        return self._model.rows_of(self._ids, first, last) if self._ids else []

    def _restore_current(self, first: int, last: int) -> None:
        if self._current is None or self._view.currentIndex().isValid():
            return
        number, _, column = self._current
        for row in self._model.rows_of({number}, first, last):
            index = self._model.index(row, column)
            self._view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)


def _stretches(rows: list[int]) -> list[tuple[int, int]]:
    """Neighboring rows as stretches."""
    found: list[tuple[int, int]] = []
    for row in rows:
        if found and found[-1][1] == row - 1:
            found[-1] = (found[-1][0], row)
        else:
            found.append((row, row))
    return found
