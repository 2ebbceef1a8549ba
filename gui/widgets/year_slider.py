"""A slider over the days of some years, with the years written below it and today marked."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from gui import theme

_EDGE = 10
_GROOVE = 12
_HANDLE = 7
_MONTH = 30
_YEAR = 365
_WIDEST = 640


class YearSlider(QSlider):
    """Its value is a day (an ordinal). Arrow keys move by a day, page keys by a month, with Control by a year."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._today = 0
        self.setPageStep(_MONTH)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Day of judgement")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaximumWidth(_WIDEST)
        self.setMouseTracking(True)

    def sizeHint(self) -> QSize:
        """Room for the groove and a line of years."""
        return QSize(360, 2 * _GROOVE + QFontMetricsF(theme.font("small")).height().__ceil__())

    def minimumSizeHint(self) -> QSize:
        """Narrow windows keep a slider, if a coarse one."""
        return QSize(140, self.sizeHint().height())

    def cover(self, first: date, last: date, today: date) -> None:
        """Take whole years from that of the first day to that of the last, and mark today."""
        self._today = today.toordinal()
        self.blockSignals(True)
        self.setRange(date(first.year, 1, 1).toordinal(), date(last.year, 12, 31).toordinal())
        self.blockSignals(False)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Add steps of a year."""
        steps = {Qt.Key.Key_PageUp: _YEAR, Qt.Key.Key_PageDown: -_YEAR}
        if event.key() in steps and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.setValue(self.value() + steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go to where was clicked."""
        if event.button() == Qt.MouseButton.LeftButton and self.isEnabled():
            self.setSliderDown(True)
            self.setValue(self._day(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the pointer."""
        if self.isSliderDown():
            self.setValue(self._day(event.position().x()))

    def mouseReleaseEvent(self, _: QMouseEvent) -> None:
        """Let go."""
        if self.isSliderDown():
            self.setSliderDown(False)

    # ------------------------------------------------------------------------------------------------------- drawing
    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the groove, the years, today and the handle."""
        colours = theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("small"))
        strong = colours.colour("accent" if self.isEnabled() else "strong-border")
        self._draw_groove(painter, colours.colour("border"), strong)
        self._draw_years(painter, colours.colour("strong-border"), colours.colour("muted"))
        self._draw_today(painter, colours.colour("warning"))
        at = QPointF(self._x(self.value()), _GROOVE)
        painter.setPen(QPen(strong, 2))
        painter.setBrush(colours.colour("surface"))
        painter.drawEllipse(at, _HANDLE, _HANDLE)
        if self.hasFocus():
            painter.setPen(QPen(colours.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(at, _HANDLE + 3, _HANDLE + 3)

    def _draw_groove(self, painter: QPainter, rest: QColor, strong: QColor) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        for to, colour in ((self.width() - _EDGE, rest), (self._x(self.value()), strong)):
            painter.setBrush(colour)
            painter.drawRoundedRect(QRectF(_EDGE, _GROOVE - 2, to - _EDGE, 4), 2, 2)

    def _draw_years(self, painter: QPainter, tick: QColor, words: QColor) -> None:
        """As many years as have room for their number, each with a tick at its first day."""
        first, last = date.fromordinal(self.minimum()).year, date.fromordinal(max(self.maximum(), 1)).year
        metrics = QFontMetricsF(painter.font())
        room = metrics.horizontalAdvance("2000") + 10
        step = max(1, -(-int(room * (last - first + 1)) // max(1, self.width() - 2 * _EDGE)))
        for year in range(first, last + 1, step):
            x = self._x(date(year, 1, 1).toordinal())
            painter.setPen(QPen(tick, 1))
            painter.drawLine(QPointF(x, _GROOVE + 5), QPointF(x, _GROOVE + 9))
            painter.setPen(words)
            if x + room - 10 <= self.width():
                painter.drawText(QPointF(x + 3, _GROOVE + 7 + metrics.ascent()), str(year))

    def _draw_today(self, painter: QPainter, colour: QColor) -> None:
        if self.minimum() <= self._today <= self.maximum():
            x = self._x(self._today)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawRoundedRect(QRectF(x - 1, _GROOVE - 10, 2, 7), 1, 1)

    def _x(self, day: int) -> float:
        span = max(1, self.maximum() - self.minimum())
        return _EDGE + (day - self.minimum()) / span * (self.width() - 2 * _EDGE)

    def _day(self, x: float) -> int:
        share = (x - _EDGE) / max(1, self.width() - 2 * _EDGE)
        return round(self.minimum() + min(1.0, max(0.0, share)) * (self.maximum() - self.minimum()))
