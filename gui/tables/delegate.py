"""Draws the cells of a table: the text of a line at its place, a status with its icon. Backgrounds are the view's.

What Qt's own delegate spends its time on, laying out each text anew, is done once for each text and width.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QFontMetricsF, QHelpEvent, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from gui import icons, theme
from gui.tables.window_model import WindowModel
from gui.widgets.buttons import plain

if TYPE_CHECKING:
    from gui.tables.view import TableView

PADDING: Final = theme.SPACE
"""Between the edge of a cell and its text."""

ICON: Final = icons.SIZE
_GAP: Final = 6
_REMEMBERED: Final = 20_000
_SHAPE: Final = str.maketrans("123456789", "000000000")
"""All digits are of one width, so that a thousand numbers have a dozen widths."""


class CellDelegate(QStyledItemDelegate):
    """Paints the cells of a `TableView` over a `WindowModel`. `prepare` comes before the first cell of a repaint."""

    def __init__(self, view: TableView) -> None:
        super().__init__(view)
        self._view = view
        self._widths: dict[str, int] = {}
        self._elided: dict[tuple[str, int], str] = {}
        self._icons: dict[tuple[str, str], QPixmap] = {}
        self._look = ("", "")
        self.renew()

    def renew(self) -> None:
        """Measure and draw everything anew, if the font or the theme is another one."""
        look = (self._view.font().key(), theme.of(self._view).name)
        if look == self._look:
            return
        self._look = look
        self._metrics = QFontMetrics(self._view.font())
        self._height, self._ascent = self._metrics.height(), self._metrics.ascent()
        self._advances = _Advances(QFontMetricsF(self._view.font()))
        colours = theme.of(self._view).colours
        self._pens = {meaning: theme.of(self._view).colour(meaning) for meaning in colours}
        self._pens[""] = self._pens["text"]
        for held in (self._widths, self._elided, self._icons):
            held.clear()

    def prepare(self, model: WindowModel, first: int) -> None:
        """What holds for all cells of one repaint; `first` is the column in which rows open."""
        self._model, self._first = model, first
        self._opens = model.opens

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex) -> None:
        row, place = index.row(), index.column()
        line = self._model.line(row)
        text = line.texts[place]
        if text is None:
            text = self._model.text(line, place)
        rect: QRect = option.rect  # pyright: ignore[reportAttributeAccessIssue]
        left, top, room = rect.x() + PADDING, rect.y(), rect.width() - 2 * PADDING
        if self._opens and place == self._first:
            indent = self._open_mark(painter, rect, row)
            left, room = left + indent, room - indent
        if not text:
            return
        column, tone = self._model.columns[place], line.tones[place]
        if column.status:
            code = line.values[place]
            painter.drawPixmap(left, top + (rect.height() - ICON) // 2, self._icon(*reversed(theme.status(code))))
            left, room = left + ICON + _GAP, room - ICON - _GAP
        if column.figures:
            width = self._width(text.translate(_SHAPE))
            if width > room:
                text = self._shortened(text, room)
            elif column.right:
                left += room - width
        else:
            text = self._shortened(text, room)
        painter.setPen(self._pens[tone])
        painter.drawText(left, top + (rect.height() - self._height) // 2 + self._ascent, text)

    def sizeHint(self, _: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(self.needed(index), self._view.verticalHeader().defaultSectionSize())

    def needed(self, index: QModelIndex) -> int:
        """The width at which a cell shows all of its text."""
        model: WindowModel = self._view.model()  # pyright: ignore[reportAssignmentType]
        mark = ICON + _GAP if model.columns[index.column()].status else 0
        if model.opens and index.column() == self._view.first_column():
            mark += (1 + model.depth(index.row())) * (ICON + _GAP // 2)
        return self._width(str(index.data())) + mark + 2 * PADDING

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: QModelIndex
    ) -> bool:
        """Show the whole text of a cell that is too narrow for it; never as markup."""
        if event.type() != QEvent.Type.ToolTip or not index.isValid():
            return super().helpEvent(event, view, option, index)
        narrow = self.needed(index) > view.visualRect(index).width()
        text = str(index.data() or "") if narrow else ""
        QToolTip.showText(event.globalPos(), plain(text) if text else "", view)
        return True

    def mark_of(self, rect: QRect, row: int) -> QRect:
        """Where a row is clicked to open it."""
        indent = self._model.depth(row) * (ICON + _GAP // 2)
        side = QSize(ICON, ICON)
        return QRect(QPoint(rect.x() + PADDING + indent, rect.y() + (rect.height() - ICON) // 2), side)

    def _open_mark(self, painter: QPainter, rect: QRect, row: int) -> int:
        opening = self._model.opening(row)
        if opening is not None:
            name = "chevron-down" if opening else "chevron-right"
            painter.drawPixmap(self.mark_of(rect, row).topLeft(), self._icon(name, "muted"))
        return (1 + self._model.depth(row)) * (ICON + _GAP // 2)

    def _icon(self, name: str, meaning: str) -> QPixmap:
        found = self._icons.get((name, meaning))
        if found is None:
            found = icons.pixmap(name, meaning, ICON, self._view.devicePixelRatioF())
            self._icons[name, meaning] = found
        return found

    def _width(self, text: str) -> int:
        found = self._widths.get(text)
        if found is None:
            if len(self._widths) >= _REMEMBERED:
                self._widths.clear()
            found = self._widths[text] = self._metrics.horizontalAdvance(text)
        return found

    def _shortened(self, text: str, room: int) -> str:
        found = self._elided.get((text, room))
        if found is None:
            if len(self._elided) >= _REMEMBERED:
                self._elided.clear()
            found = self._elided[text, room] = self._cut(text, room)
        return found

    def _cut(self, text: str, room: int) -> str:
        """As much of a text as fits. Qt takes eight times as long, and has to where letters change beside each other."""
        if not text.isascii():
            return self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        ends = list(accumulate(map(self._advances.__getitem__, text)))
        if ends[-1] <= room:
            return text
        return text[: bisect_right(ends, room - self._advances["…"])].rstrip() + "…"


class _Advances(dict[str, float]):
    """The widths of letters, each measured when it is first met."""

    def __init__(self, metrics: QFontMetricsF) -> None:
        super().__init__()
        self._metrics = metrics

    def __missing__(self, letter: str) -> float:
        self[letter] = width = self._metrics.horizontalAdvance(letter)
        return width
