"""The table itself: rows in one colour each, a ring around the current cell, everything by keyboard."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QTableView, QWidget

from gui import theme
from gui.tables.columns import Column
from gui.tables.delegate import ICON, PADDING, CellDelegate
from gui.tables.ground import ground
from gui.tables.header import Header
from gui.tables.window_model import WindowModel
from gui.widgets.table import calm

ROW: Final = 30
"""The height of a row: one line of text with air, and as many rows as calm allows."""

_STRETCHED: Final = 1.5
_SQUEEZED: Final = 0.35
_SCROLLED: Final = 0.75
"""How far the elastic column may go beside its usual width, down as long as all columns fit then."""
_RADIUS: Final = 4


class TableView(QTableView):
    """A table over a `WindowModel`."""

    typed = Signal(str)
    """A letter was typed into the table: the search wants it."""
    entered_row = Signal(int)
    """A row was opened, by Enter or a double click."""

    def __init__(self, model: WindowModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.elastic = True
        """Whether nobody has arranged the columns, so that they may follow the width of the window."""
        self.stretching = False
        self._hovered = -1
        self._rows = model
        self.setViewport(ground())
        self._behave()
        self._titles = Header(model, self)
        self.setHorizontalHeader(self._titles)
        self.setModel(model)
        model.modelReset.connect(self.executeDelayedItemsLayout)  # a moment later would cost another repaint
        model.rowsInserted.connect(self._grown)
        self._titles.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self._titles.setSortIndicatorShown(True)
        self._cells = CellDelegate(self)
        self.setItemDelegate(self._cells)
        self.fit()

    def _behave(self) -> None:
        calm(self)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    def fit(self) -> None:
        """Measure rows and header for the font in force, and give every column its usual width."""
        metrics = self.fontMetrics()
        self.verticalHeader().setMinimumSectionSize(metrics.height())
        self.verticalHeader().setDefaultSectionSize(max(ROW, metrics.height() + PADDING))
        self._titles.setFixedHeight(self._titles.sizeHint().height())
        self._titles.setMinimumSectionSize(5 * PADDING)
        self._titles.blockSignals(True)  # one layout at the end instead of one for each column
        for place, column in enumerate(self._rows.columns):
            self.setColumnWidth(place, self.usual_width(column))
        self._titles.blockSignals(False)
        self.updateGeometries()

    def usual_width(self, column: Column) -> int:
        """The width of a column that nobody has changed: its usual values fit, and so does its title."""
        metrics = self.fontMetrics()
        letter = "n" if column.kind in {"text", "code"} else "0"
        mark = ICON + PADDING if column.status else 0
        title = self._titles.narrowest(self._rows.columns.index(column))
        return max(metrics.horizontalAdvance(letter * column.width) + mark + 2 * PADDING, title)

    def stretch(self) -> None:
        """Let the widest column of text take the room that is left, or give some: for columns as they usually stand."""
        columns = self._rows.columns
        shown = [place for place in range(len(columns)) if not self.isColumnHidden(place)]
        elastic = max(
            (place for place in shown if columns[place].kind == "text"), key=lambda place: columns[place].width
        )
        usual = self.usual_width(columns[elastic])
        room = self.viewport().width() - sum(self.columnWidth(place) for place in shown if place != elastic)
        self.stretching = True
        fits = room >= usual * _SQUEEZED
        self.setColumnWidth(elastic, min(room, round(usual * _STRETCHED)) if fits else round(usual * _SCROLLED))
        self.stretching = False

    def first_column(self) -> int:
        """The column that stands leftmost."""
        header = self.horizontalHeader()
        shown = (header.logicalIndex(place) for place in range(header.count()))
        return next((column for column in shown if not header.isSectionHidden(column)), 0)

    def _grown(self, _: QModelIndex, first: int) -> None:
        """Rows that come below what is seen are no reason to paint that again."""
        seen = self.viewport()
        if self.rowViewportPosition(first) >= seen.height():
            seen.setAttribute(Qt.WidgetAttribute.WA_UpdatesDisabled, True)
            self.executeDelayedItemsLayout()
            seen.setAttribute(Qt.WidgetAttribute.WA_UpdatesDisabled, False)

    # ------------------------------------------------------------------------------------------------------- painting
    def paintEvent(self, event: QPaintEvent) -> None:
        self._cells.prepare(self._rows, self.first_column())
        painter = QPainter(self.viewport())
        self._paint_rows(painter, event.rect())
        painter.end()
        super().paintEvent(event)
        if self.hasFocus() and self.currentIndex().isValid():
            self._paint_ring()
        if self._rows.waiting:
            QTimer.singleShot(0, self._rows, self._rows.go_on)

    def _paint_rows(self, painter: QPainter, area: QRect) -> None:
        first, last = self.rowAt(area.top()), self.rowAt(area.bottom())
        if first < 0:
            return
        colours, chosen = theme.of(self), self.selectionModel()
        selected, hovered, line = (colours.colour(name) for name in ("selected", "hover", "border"))
        height, width = self.verticalHeader().defaultSectionSize(), self.viewport().width()
        top = self.rowViewportPosition(first)
        nowhere = QModelIndex()
        for row in range(first, last + 1 if last >= 0 else self._rows.rowCount()):
            if chosen.isRowSelected(row, nowhere):
                painter.fillRect(0, top, width, height, selected)
            elif row == self._hovered:
                painter.fillRect(0, top, width, height, hovered)
            painter.fillRect(0, top + height - 1, width, 1, line)
            top += height

    def _paint_ring(self) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.of(self).colour("focus"), 2))
        painter.drawRoundedRect(self.visualRect(self.currentIndex()).adjusted(1, 1, -1, -2), _RADIUS, _RADIUS)
        painter.end()

    # ---------------------------------------------------------------------------------------------- keyboard and mouse
    def keyPressEvent(self, event: QKeyEvent) -> None:
        current = self.currentIndex()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and current.isValid():
            self.entered_row.emit(current.row())
        elif not (self._rows.opens and self._open_by_key(event.key())):
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.entered_row.emit(index.row())

    def _open_by_key(self, key: int) -> bool:
        """Right or plus opens a row, left or minus closes it, or goes to the one above: whether the key did that."""
        current = self.currentIndex()
        at_edge = current.column() == self.first_column()
        opens = key == Qt.Key.Key_Plus or (key == Qt.Key.Key_Right and at_edge)
        closes = key == Qt.Key.Key_Minus or (key == Qt.Key.Key_Left and at_edge)
        if not current.isValid() or not (opens or closes):
            return False
        row, upper = current.row(), self._rows.upper(current.row())
        if closes and row != upper:
            self.setCurrentIndex(self._rows.index(upper, current.column()))
        elif self._rows.opening(row) is (not opens):
            self._rows.toggle(row)
        else:
            return key in {Qt.Key.Key_Plus, Qt.Key.Key_Minus}
        return True

    def keyboardSearch(self, search: str) -> None:
        """Letters go to the search field: Qt would look at every row there is."""
        if search.strip():
            self.typed.emit(search)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if self._rows.opens and index.column() == self.first_column() and event.button() == Qt.MouseButton.LeftButton:
            mark = self._cells.mark_of(self.visualRect(index), index.row()).adjusted(
                -_RADIUS, -PADDING, _RADIUS, PADDING
            )
            if mark.contains(event.position().toPoint()) and self._rows.opening(index.row()) is not None:
                self._rows.toggle(index.row())
                return
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.rowAt(round(event.position().y())))
        super().mouseMoveEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._hover(-1)
        return super().viewportEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.elastic:
            self.stretch()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.StyleChange, QEvent.Type.FontChange, QEvent.Type.PaletteChange}:
            self._renew()

    def _renew(self) -> None:
        if hasattr(self, "_cells"):
            self._cells.renew()
            self._titles.renew()
            self.viewport().update()

    def _hover(self, row: int) -> None:
        if row != self._hovered:
            for touched in (row, self._hovered):
                if touched >= 0:
                    self.viewport().update(self._strip(touched))
            self._hovered = row

    def _strip(self, row: int) -> QRect:
        height = self.verticalHeader().defaultSectionSize()
        return QRect(QPoint(0, self.rowViewportPosition(row)), QSize(self.viewport().width(), height))
