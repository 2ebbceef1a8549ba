"""A table's rows as a window over them: the ids of all, the values only of the pages that are looked at.

A search, filter or sort reads the first page at once, so that it is painted with the next frame; all ids follow in the
background, and what is asked next interrupts them. A refresh keeps what is shown until the new order is known.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, QTimer, Signal

from gui.tables.columns import Column, spoken
from gui.tables.pages import Line, Pages, Row
from gui.work import Job, Report, Worker

if TYPE_CHECKING:
    from store.overviews import Ask

FIRST: Final = 128
"""Rows that are known at once: more than any screen shows."""

_PART: Final = 160_000
"""Ids that are handed to the window at once: it takes them in two milliseconds, and answers in between."""

_LATEST: Final = 100
"""Milliseconds after which the rest is read even if nobody has painted the first page."""

_TEXT = Qt.ItemDataRole.DisplayRole
_SPOKEN = Qt.ItemDataRole.AccessibleTextRole
_ALIGNED = Qt.ItemDataRole.TextAlignmentRole
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_WRAPPED: Final = Qt.TextFlag.TextWordWrap.value

Index = QModelIndex
_ROOT: Final = QModelIndex()


@dataclass(frozen=True)
class Source:
    """Where a table gets its rows from. All but `ids` are called on the thread of the window and must be quick.

    `rows` leaves out what is gone. `children` and `opens` are for tables whose rows open: the rows below one, and
    whether a row has any. `key` and `find` are the public key of a row and the id that it has now: derived rows get
    new ids when they are derived anew.
    """

    first: Callable[[Ask, int], list[int]]
    ids: Callable[[Ask, Report], Generator[Sequence[int]]]
    rows: Callable[[Sequence[int]], Mapping[int, Row]]
    children: Callable[[int], Sequence[Row]] = lambda _: ()
    opens: Callable[[Row], bool] = lambda _: False
    key: Callable[[Row], str] = lambda _: ""
    find: Callable[[str], int | None] = lambda _: None
    nobody: str = ""
    """What a row below another is called when it has no name."""


class WindowModel(QAbstractTableModel):
    """The rows that were asked for last. `ask` and `refresh` are all that changes it."""

    opens = False
    """Whether there may be rows below rows."""
    settled = Signal()
    """All ids are known: the number of rows is exact."""
    failed = Signal(object)
    """The ids could not be read: the exception."""
    _part = Signal(int, object, bool)

    def __init__(self, source: Source, columns: Sequence[Column], work: Worker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.complete = True
        self.waiting = False
        """Whether the rest has still to be read: from `go_on` on, or after a moment."""
        self.asked: Ask | None = None
        self._plain = ("",) * len(self.columns)
        self._unmade = (None,) * len(self.columns)
        self._source, self._work = source, work
        self._ids: array[int] = array("q")
        self._coming: array[int] | None = None
        self._arrived = 0
        self._pages = Pages(source.rows, self._shown)
        self._job: Job | None = None
        self._generation = 0
        self._part.connect(self._take, Qt.ConnectionType.QueuedConnection)

    # ---------------------------------------------------------------------------------------------------------- rows
    def line(self, row: int) -> Line:
        """The row as it is shown."""
        return self._pages.line(self._ids, row)

    def text(self, line: Line, place: int) -> str:
        """The text of a cell; with it, the meaning of its colour is known."""
        text = line.texts[place]
        if text is None:
            column, value = self.columns[place], line.values[place]
            text = line.texts[place] = column.text(value)
            if tone := column.tone(value):
                line.tones = [*line.tones[:place], tone, *line.tones[place + 1 :]]
        return text

    def total(self) -> int:
        """How many rows the list has, without those below rows."""
        return len(self._ids)

    def id_at(self, row: int) -> int:
        """The id of a row; of a row below another, that of the upper one."""
        return self._ids[row]

    def key_at(self, row: int) -> str:
        """The public key of a row; of a row below another, that of the upper one."""
        return self._source.key(self.line(self.upper(row)).values)

    def upper(self, row: int) -> int:
        """The row that a row lies below; itself for one of the list."""
        return row

    def toggle(self, row: int) -> None:
        """Open or close a row that opens."""

    def ids_of(self, first: int, last: int) -> Sequence[int]:
        """The ids of the rows from `first` to `last`."""
        return self._ids[first : last + 1]

    def rows_of(self, ids: Collection[int], first: int, last: int) -> list[int]:
        """Which rows from `first` to `last` have one of these ids."""
        return [row for row, number in enumerate(self._ids[first : last + 1], first) if number in ids]

    def depth(self, row: int) -> int:  # noqa: ARG002 - a tree knows better
        """0 for a row of the list, 1 for one below it."""
        return 0

    def opening(self, row: int) -> bool | None:  # noqa: ARG002
        """Whether a row is open; None for one that does not open."""
        return None

    def values(self, ids: Sequence[int]) -> list[Row]:
        """The values of rows in the order of their ids, without those that are gone."""
        found = self._source.rows(ids)
        return [found[number] for number in ids if number in found]

    # ------------------------------------------------------------------------------------------------------------ Qt
    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = _TEXT) -> Any:
        if role == _TEXT:
            return self.text(self.line(index.row()), index.column()) if index.isValid() else None
        if role == _SPOKEN and index.isValid():
            return spoken(self.columns[index.column()], self.text(self.line(index.row()), index.column()))
        if role == _ALIGNED and index.isValid():
            return (_RIGHT if self.columns[index.column()].right else _LEFT).value
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _TEXT) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        column = self.columns[section]
        if role in {_TEXT, _SPOKEN}:
            return column.title
        if role == _ALIGNED:
            return (_RIGHT if column.right else _LEFT).value | _WRAPPED
        return None

    # -------------------------------------------------------------------------------------------------------- asking
    def ask(self, ask: Ask) -> None:
        """Show the first page of what is asked for, and read the rest in the background."""
        self._stop()
        self.asked = ask
        first = self._source.first(ask, FIRST)
        self._replace(array("q", first))
        self._continue(whole=len(first) < FIRST)

    def refresh(self) -> None:
        """Read everything anew; what is shown stays until the new order is known. Nothing happens before `ask`."""
        if self.asked is None:
            return
        self._stop()
        first = self._source.first(self.asked, FIRST)
        if len(first) < FIRST:
            self._replace(array("q", first))
        else:
            self._pages.forget()
            self._tell_changed()
            self._coming = array("q")
        self._continue(whole=len(first) < FIRST)

    def close(self) -> None:
        """Stop reading, and show nothing."""
        self._stop()
        self.asked, self.complete = None, True
        self._replace(array("q"))

    def _continue(self, *, whole: bool) -> None:
        self.complete = whole
        if whole:
            self.settled.emit()
        else:
            generation = self._generation
            self.waiting = True
            QTimer.singleShot(_LATEST, self, lambda: self._read(generation))

    def go_on(self) -> None:
        """Read the rest: the first page is painted, so that nothing competes with that any more."""
        self._read(self._generation)

    def _stop(self) -> None:
        self._generation += 1
        self.waiting = False
        self._coming, self._arrived = None, 0
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _read(self, generation: int) -> None:
        if self.waiting and generation == self._generation and self.asked is not None:
            ask, self.waiting = self.asked, False
            self._job = self._work.run(
                "",
                lambda report: self._send(generation, ask, report),
                lambda _: self._end(generation),
                lambda fault: self._fail(generation, fault),
                lane="lists",
                owner=self,
            )

    def _send(self, generation: int, ask: Ask, report: Report) -> None:
        """On the background thread: read all ids and hand them over in parts."""
        part: array[int] = array("q")
        with closing(self._source.ids(ask, report)) as chunks:
            for ids in chunks:
                report(0, 1)
                part.extend(ids)
                if len(part) >= _PART:
                    self._part.emit(generation, part, False)
                    part = array("q")
            self._part.emit(generation, part, True)

    def _take(self, generation: int, part: array[int], last: bool) -> None:
        if generation != self._generation:
            return
        if self._coming is not None:
            self._coming.extend(part)
        elif self._arrived == 0 and part[: len(self._ids)] != self._ids:
            self._replace(part)
        else:
            self._append(part[len(self._ids) - self._arrived :])
        self._arrived += len(part)
        if last:
            self.complete = True
            if self._coming is not None:
                coming, self._coming = self._coming, None
                self._replace(coming)
            self.settled.emit()

    def _end(self, generation: int) -> None:
        if generation == self._generation:
            self._job = None

    def _fail(self, generation: int, fault: Exception) -> None:
        if generation == self._generation:
            self._job = self._coming = None
            self.failed.emit(fault)

    # ------------------------------------------------------------------------------------------------- what is shown
    def _replace(self, ids: array[int]) -> None:
        if ids == self._ids and self._renewed():
            self._pages.forget()
            self._tell_changed()
            return
        self.beginResetModel()
        self._pages.forget()
        self._ids = ids
        self._placed(anew=True)
        self.endResetModel()

    def _append(self, part: array[int]) -> None:
        if not part:
            return
        first = self.rowCount()
        self.beginInsertRows(_ROOT, first, first + self._height(part) - 1)
        self._pages.forget(len(self._ids))
        self._ids.extend(part)
        self._placed()
        self.endInsertRows()

    def _height(self, part: array[int]) -> int:
        """How many rows these ids take."""
        return len(part)

    def _renewed(self) -> bool:
        """Read anew what lies below rows; whether the same ids still take the same rows."""
        return True

    def _placed(self, *, anew: bool = False) -> None:
        """The ids have changed; `anew`: all of them."""

    def _tell_changed(self) -> None:
        if self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, len(self.columns) - 1))

    def _shown(self, values: Row | None) -> Line:
        if values is None:
            return Line((None,) * len(self.columns), self._plain, self._plain)
        return Line(values, self._unmade, self._plain)
