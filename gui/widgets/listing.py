"""A small table inside of a page: rows that are all known, some cells of which are ways to other places."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QSizePolicy,
    QTableView,
    QWidget,
)

from gui import icons, theme
from gui.widgets.buttons import plain
from gui.widgets.table import calm

Index = QModelIndex | QPersistentModelIndex

MOST_ROWS: Final = 30
"""Rows that are shown at once; further ones are scrolled to."""

_ROW: Final = 30
_WIDEST: Final = 360
_LEAST: Final = 21 * theme.SPACE
"""What a column that stretches keeps of the width that it needs, before the table scrolls sideways."""


@dataclass(frozen=True)
class Cell:
    """What stands in a cell: its text, the meaning of its colour, an icon with the meaning of its colour, and a way."""

    text: str
    tone: str = ""
    icon: tuple[str, str] | None = None
    run: Callable[[], object] | None = None

    def __str__(self) -> str:
        return self.text


Row = Sequence[Cell | str]


@dataclass(frozen=True)
class Column:
    """A column: its title; numbers stand at the right; one that `stretches` takes the room that is left."""

    title: str
    right: bool = False
    stretches: bool = False
    widest: int = _WIDEST


class ListingModel(QAbstractTableModel):
    """Rows of cells under titles."""

    def __init__(self, columns: Sequence[Column], rows: Sequence[Row], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = columns
        self.cells = [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in rows]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self.cells)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        return 0 if parent.isValid() else len(self.columns)

    def cell(self, index: Index) -> Cell:
        """What stands at an index."""
        return self.cells[index.row()][index.column()]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Texts and looks of a cell; readers of the screen hear its column, too."""
        if not index.isValid():
            return None
        show = _SHOWN.get(Qt.ItemDataRole(role))
        return None if show is None else show(self.columns[index.column()], self.cell(index))

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The titles."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(self.columns[section], None)
        return self.columns[section].title if role == Qt.ItemDataRole.DisplayRole else None


def _alignment(column: Column, _: Cell | None) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _colour(_: Column, cell: Cell) -> Any:
    meaning = cell.tone or ("accent" if cell.run else "")
    return theme.of().colour(meaning) if meaning else None


def _spoken(column: Column, cell: Cell) -> str:
    told = f"{column.title}: {cell.text or 'empty'}"
    return f"{told}, press Enter to go there" if cell.run else told


_SHOWN: Final[dict[Qt.ItemDataRole, Callable[[Column, Cell], Any]]] = {
    Qt.ItemDataRole.DisplayRole: lambda _, cell: cell.text,
    Qt.ItemDataRole.ToolTipRole: lambda _, cell: plain(cell.text),
    Qt.ItemDataRole.AccessibleTextRole: _spoken,
    Qt.ItemDataRole.TextAlignmentRole: _alignment,
    Qt.ItemDataRole.ForegroundRole: _colour,
    Qt.ItemDataRole.DecorationRole: lambda _, cell: icons.icon(*cell.icon) if cell.icon else None,
}


class Listing(QTableView):
    """The table, as high as its rows. Enter and a click follow the way of a cell; Enter elsewhere that of the row."""

    def __init__(self, name: str, columns: Sequence[Column], rows: Sequence[Row], most: int = MOST_ROWS) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setProperty("kind", "listing")
        self.most = most
        self.listed = ListingModel(columns, rows, self)
        self._behave()
        self.setModel(self.listed)
        self._measure()

    def _behave(self) -> None:
        calm(self)
        self.setCornerButtonEnabled(False)
        self.findChild(QAbstractButton).setAccessibleName("Mark everything")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        titles = self.horizontalHeader()
        titles.setHighlightSections(False)
        titles.setSectionsClickable(False)
        titles.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def _measure(self) -> None:
        """Give every column the width of its widest text, within reason, and the rest to those that stretch."""
        self.verticalHeader().setDefaultSectionSize(max(_ROW, self.fontMetrics().height() + theme.SPACE))
        for place in range(len(self.listed.columns)):
            self.setColumnWidth(place, min(self.listed.columns[place].widest, self._needed(place)))
        self._stretch()
        self.updateGeometry()

    def _needed(self, place: int) -> int:
        metrics, edge = self.fontMetrics(), 5 * theme.SPACE // 2
        icon = icons.SIZE + 6
        cells = [row[place] for row in self.listed.cells]
        widest = max((metrics.horizontalAdvance(cell.text) + (icon if cell.icon else 0) for cell in cells), default=0)
        return max(widest + edge, self.horizontalHeader().sectionSizeHint(place))

    def _stretch(self) -> None:
        columns = self.listed.columns
        elastic = [place for place, column in enumerate(columns) if column.stretches]
        if not elastic:
            return
        fixed = sum(self.columnWidth(place) for place in range(len(columns)) if place not in elastic)
        each = (self.viewport().width() - fixed) // len(elastic)
        for place in elastic:
            self.setColumnWidth(place, max(each, min(self._needed(place), _LEAST)))

    def sizeHint(self) -> QSize:
        """As high as the titles and all rows, up to the most that are shown at once."""
        rows = min(self.most, max(1, self.listed.rowCount()))
        bar = self.horizontalScrollBar().sizeHint().height() if self.horizontalScrollBar().maximum() else 0
        height = self.horizontalHeader().sizeHint().height() + rows * self.verticalHeader().defaultSectionSize() + bar
        return QSize(40 * theme.SPACE, height + 2)

    def minimumSizeHint(self) -> QSize:
        """It may become narrow, but not lower."""
        return QSize(20 * theme.SPACE, self.sizeHint().height())

    # ---------------------------------------------------------------------------------------------- keyboard and mouse
    def follow(self, index: Index) -> bool:
        """Go the way of a cell, or the first of its row: whether there is one."""
        row = self.listed.cells[index.row()]
        ways = [cell.run for cell in (row[index.column()], *row) if cell.run]
        if ways:
            ways[0]()
        return bool(ways)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter follows, Copy copies the cells that are marked."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self.follow(self.currentIndex())
        elif event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def copy(self) -> None:
        """Copy what is marked, as a spreadsheet takes it."""
        marked = {(index.row(), index.column()) for index in self.selectedIndexes()}
        lines = [
            "\t".join(self.listed.cells[row][place].text for line, place in sorted(marked) if line == row)
            for row in sorted({row for row, _ in marked})
        ]
        QApplication.clipboard().setText("\n".join(lines))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a way goes there."""
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        left = event.button() == Qt.MouseButton.LeftButton
        if left and index.isValid() and len(self.selectedIndexes()) <= 1 and self.listed.cell(index).run:
            self.follow(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """A hand over what can be followed."""
        super().mouseMoveEvent(event)
        index = self.indexAt(event.position().toPoint())
        over = index.isValid() and self.listed.cell(index).run is not None
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Columns that stretch follow."""
        super().resizeEvent(event)
        self._stretch()

    def changeEvent(self, event: QEvent) -> None:
        """Another font needs other widths."""
        super().changeEvent(event)
        if event.type() in {QEvent.Type.StyleChange, QEvent.Type.FontChange} and hasattr(self, "listed"):
            self._measure()
