"""Lists of events: the events of a day, and the agenda, which has the days between them and grows as one goes down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from gui import event_words, icons, theme, wording
from gui.pages.calendar_parts import looks
from store.agenda import Entry

_ENTRY = Qt.ItemDataRole.UserRole
_PAD = 10
_ICON = 16
_MARK = 12

Index = QModelIndex | QPersistentModelIndex
Row = date | Entry


class EntryModel(QAbstractListModel):
    """Events in the order given; with `days`, a row stands above those of each day."""

    wanted = Signal()
    """One has come to the end, and there are more."""

    def __init__(self, parent: QObject, *, days: bool) -> None:
        super().__init__(parent)
        self._days = days
        self._rows: list[Row] = []
        self._more = self._waiting = False

    def fill(self, entries: Sequence[Entry], *, more: bool = False) -> None:
        """Show these events, and no others."""
        self.beginResetModel()
        self._rows = []
        self._rows = self._new(entries)
        self._more, self._waiting = more, False
        self.endResetModel()

    def add(self, entries: Sequence[Entry], *, more: bool) -> None:
        """Show further events below."""
        new = self._new(entries)
        if new:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(new) - 1)
            self._rows += new
            self.endInsertRows()
        self._more, self._waiting = more, False

    def _new(self, entries: Sequence[Entry]) -> list[Row]:
        found: list[Row] = []
        before = self._rows[-1].on if self._rows and isinstance(self._rows[-1], Entry) else None
        for entry in entries:
            if self._days and entry.on != before:
                found.append(entry.on)
            found.append(entry)
            before = entry.on
        return found

    def entries(self) -> list[Entry]:
        """The events that are shown."""
        return [row for row in self._rows if isinstance(row, Entry)]

    def row_of(self, key: str, on: date) -> int:
        """The row of an event, or -1."""
        rows = ((number, row) for number, row in enumerate(self._rows) if isinstance(row, Entry))
        return next((number for number, row in rows if (row.key, row.on) == (key, on)), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        """How many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A row, and what a reader of the screen says of it."""
        row = self._rows[index.row()]
        if role == _ENTRY:
            return row
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return spoken(row)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Days between events are passed by."""
        if isinstance(self._rows[index.row()], Entry):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.NoItemFlags

    def canFetchMore(self, parent: Index) -> bool:
        """Whether there are more, and nobody has asked for them yet."""
        return not parent.isValid() and self._more and not self._waiting

    def fetchMore(self, _: Index) -> None:
        """Ask for more."""
        self._waiting = True
        self.wanted.emit()


def spoken(row: Row) -> str:
    """A row in words."""
    if not isinstance(row, Entry):
        return wording.day(row)
    kind = wording.badge(row.kind)
    made = "automatic" if row.automatic else "your own"
    done = ", acknowledged" if row.done else ""
    return f"{event_words.event_title(row)}. {kind}, {made}{done}. {event_words.event_about(row)}"


class EntryDelegate(QStyledItemDelegate):
    """Draws an event: icon, title, what it is about; a lock and the word where it is automatic."""

    def sizeHint(self, _: QStyleOptionViewItem, index: Index) -> QSize:
        """Two lines for an event, one for a day."""
        body, small = QFontMetricsF(theme.font()).height(), QFontMetricsF(theme.font("small")).height()
        if isinstance(index.data(_ENTRY), Entry):
            return QSize(0, round(body + small + 18))
        return QSize(0, round(body + 26))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row = index.data(_ENTRY)
        if isinstance(row, Entry):
            self._paint_entry(painter, option, row)
        else:
            self._paint_day(painter, QRectF(option.rect), row)
        painter.restore()

    def _paint_day(self, painter: QPainter, box: QRectF, day: date) -> None:
        painter.setFont(theme.font("body", bold=True))
        painter.setPen(theme.of().colour("text"))
        room = box.adjusted(_PAD, 8, -_PAD, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, wording.day(day))

    def _paint_entry(self, painter: QPainter, option: QStyleOptionViewItem, entry: Entry) -> None:
        colours = theme.of()
        box = QRectF(option.rect).adjusted(2, 1, -2, -1)
        self._paint_ground(painter, option, box)
        meaning, icon = looks.KINDS[entry.kind]
        at = QRectF(box.left() + _PAD, box.top() + 9, _ICON, _ICON)
        icons.paint(painter, at, icon, colours.colour("faint" if entry.done else meaning))
        room = box.adjusted(_PAD + _ICON + 10, 6, -_PAD, -6)
        half = room.height() / 2
        mark = self._paint_mark(painter, QRectF(room.left(), room.top(), room.width(), half), entry)
        painter.setFont(theme.font("body"))
        title = QRectF(room.left(), room.top(), room.width() - mark - 8, half)
        _write(painter, title, event_words.event_title(entry), colours.colour("muted" if entry.done else "text"))
        painter.setFont(theme.font("small"))
        about = QRectF(room.left(), room.top() + half, room.width(), half)
        _write(
            painter, about, f"{wording.badge(entry.kind)} · {event_words.event_about(entry)}", colours.colour("muted")
        )

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem, box: QRectF) -> None:
        colours = theme.of()
        state = option.state
        ground = "selected" if state & QStyle.StateFlag.State_Selected else ""
        ground = ground or ("hover" if state & QStyle.StateFlag.State_MouseOver else "")
        painter.setPen(colours.colour("focus") if state & QStyle.StateFlag.State_HasFocus else Qt.PenStyle.NoPen)
        painter.setBrush(colours.colour(ground) if ground else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 6, 6)

    def _paint_mark(self, painter: QPainter, box: QRectF, entry: Entry) -> float:
        """What stands at the right: done, automatic; its width."""
        colours = theme.of()
        icon, word = ("check", "Done") if entry.done else ("lock", "Automatic") if entry.automatic else ("", "")
        if not word:
            return 0.0
        painter.setFont(theme.font("small"))
        width = QFontMetricsF(painter.font()).horizontalAdvance(word)
        painter.setPen(colours.colour("muted"))
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, word)
        at = QRectF(box.right() - width - _MARK - 4, box.center().y() - _MARK / 2, _MARK, _MARK)
        icons.paint(painter, at, icon, colours.colour("muted"))
        return width + _MARK + 4


def _write(painter: QPainter, box: QRectF, text: str, colour: QColor) -> None:
    painter.setPen(colour)
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()))
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, shown)


class EntryList(QListView):
    """A list of events. What is chosen is told by `chosen`, also when it is none."""

    chosen = Signal(object)
    """The event (an Entry) that the keyboard is at, or None."""
    opened = Signal(object)
    """An event was opened: Enter, or a double click."""

    def __init__(self, name: str, *, days: bool = False) -> None:
        super().__init__()
        self.entries = EntryModel(self, days=days)
        self.setModel(self.entries)
        self.setItemDelegate(EntryDelegate(self))
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.activated.connect(lambda index: self.opened.emit(index.data(_ENTRY)))

    def fill(self, entries: Sequence[Entry], *, more: bool = False) -> None:
        """Show these events; the one chosen before stays so, or else the first is."""
        held = self.entry()
        self.entries.fill(entries, more=more)
        row = self.entries.row_of(held.key, held.on) if held else -1
        first = 0 if entries and self.entries.flags(self.entries.index(0)) else 1
        self.setCurrentIndex(self.entries.index(row if row >= 0 else first))
        self.chosen.emit(self.entry())

    def entry(self) -> Entry | None:
        """The event that is chosen."""
        index = self.currentIndex()
        row = index.data(_ENTRY) if index.isValid() else None
        return row if isinstance(row, Entry) else None

    def entry_at(self, at: QPoint) -> Entry | None:
        """The event at a point."""
        index = self.indexAt(at)
        row = index.data(_ENTRY) if index.isValid() else None
        return row if isinstance(row, Entry) else None

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        """Tell of it."""
        super().currentChanged(current, previous)
        self.scrollTo(current)
        self.chosen.emit(self.entry())
