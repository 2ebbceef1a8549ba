"""The header of a table: titles on up to two lines, the arrow of the order beside the title it belongs to."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QWidget

from gui import icons, theme
from gui.tables.ground import ground
from gui.tables.window_model import WindowModel

_ARROW = 12
_GAP = 4
_PADDING = theme.SPACE
_LINES = 2


class Header(QHeaderView):
    """Columns can be dragged, sorted by a click, and arranged from a menu."""

    def __init__(self, rows: WindowModel, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._rows = rows
        self.setViewport(ground())
        self._hovered = -1
        self._letters: QFont | None = None
        self.renew()
        self.setSectionsMovable(True)
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setResizeContentsPrecision(0)  # the rows in sight, not a thousand
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setStretchLastSection(False)
        self.setMouseTracking(True)
        self.sectionEntered.connect(self._hover)

    def renew(self) -> None:
        """Measure everything anew, if the font is another one."""
        letters = theme.font("small", bold=True)
        if letters == self._letters:
            return
        self._letters = letters
        metrics = QFontMetrics(self._letters)
        self._high = _LINES * metrics.height() + _PADDING
        self._narrowest = [_narrowest(column.title, metrics) for column in self._rows.columns]

    def sizeHint(self) -> QSize:
        """High enough for two lines."""
        return QSize(super().sizeHint().width(), self._high)

    def narrowest(self, place: int) -> int:
        """The width that a title needs on two lines."""
        return self._narrowest[place]

    def paintSection(self, painter: QPainter, rect: QRect, place: int) -> None:
        colours = theme.of(self)
        sorted_ = self.isSortIndicatorShown() and self.sortIndicatorSection() == place
        painter.save()
        painter.fillRect(rect, colours.colour("hover" if place == self._hovered else "surface"))
        painter.setFont(self._letters)
        painter.setPen(colours.colour("text" if sorted_ or place == self._hovered else "muted"))
        right = self._rows.columns[place].right
        room = rect.adjusted(_PADDING, 0, -_PADDING, -1)
        edge = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        flags = (edge | Qt.AlignmentFlag.AlignVCenter).value | Qt.TextFlag.TextWordWrap.value
        title = self._rows.columns[place].title
        painter.drawText(room, flags, title)
        if sorted_:
            self._paint_arrow(painter, painter.boundingRect(room, flags, title), right=right)
        painter.restore()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.fillRect(0, self.height() - 1, self.width(), 1, theme.of(self).colour("strong-border"))
        painter.end()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def sectionSizeFromContents(self, place: int) -> QSize:
        return QSize(self._narrowest[place], self._high)

    def _paint_arrow(self, painter: QPainter, text: QRect, *, right: bool) -> None:
        name = "arrow-up" if self.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder else "arrow-down"
        left = text.left() - _ARROW - _GAP if right else text.right() + _GAP
        drawn = icons.pixmap(name, "accent", _ARROW, self.devicePixelRatioF())
        painter.drawPixmap(QPoint(left, text.center().y() - _ARROW // 2 + 1), drawn)

    def _hover(self, place: int) -> None:
        if place != self._hovered:
            self._hovered = place
            self.viewport().update()


def _narrowest(title: str, metrics: QFontMetrics) -> int:
    words = title.split()
    breaks = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words) + 1)]
    return min(max(map(metrics.horizontalAdvance, lines)) for lines in breaks) + 2 * _PADDING
