"""A year: twelve small months, each day in the colour of the most urgent that happens on it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen

from gui import theme
from gui.pages.calendar_parts import looks
from gui.pages.calendar_parts.days import DaySurface, months_later, weekdays, weeks

_GAP = 24
_ROWS = 8
"""Lines of a small month: its name, the weekdays, and at most six weeks."""

_LEVELS = ((1, 0.22), (3, 0.4), (10, 0.6))
"""Up to so many events, a day is coloured so strongly; with more, in full."""


class YearView(DaySurface):
    """The months of a year, as many beside each other as there is room for."""

    def __init__(self, today: date) -> None:
        super().__init__("Year", today)
        self.setMinimumSize(460, 320)

    def span(self, day: date) -> tuple[date, date]:
        """The year."""
        return date(day.year, 1, 1), date(day.year, 12, 31)

    def title(self, day: date) -> str:
        """The year."""
        return str(day.year)

    def beside(self, day: date, by: int) -> date:
        """A year further."""
        return months_later(day, 12 * by)

    def _month_box(self, month: int) -> QRectF:
        across = 6 if self.width() > 1_300 else 4 if self.width() > 560 else 3
        down = 12 // across
        width = (self.width() - (across - 1) * _GAP) / across
        height = (self.height() - (down - 1) * _GAP / 2) / down
        column, line = (month - 1) % across, (month - 1) // across
        return QRectF(column * (width + _GAP), line * (height + _GAP / 2), width, height)

    def boxes(self) -> dict[date, QRectF]:
        """The boxes of the days of all months."""
        found: dict[date, QRectF] = {}
        for month in range(1, 13):
            outer = self._month_box(month)
            width, height = outer.width() / 7, outer.height() / _ROWS
            for line, week in enumerate(weeks(self.day.year, month), 2):
                for column, day in enumerate(week):
                    if day.month == month:
                        found[day] = QRectF(
                            outer.left() + column * width, outer.top() + line * height, width, height
                        ).adjusted(1, 1, -1, -1)
        return found

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the months."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for month in range(1, 13):
            self._draw_head(painter, month)
        painter.setFont(theme.font("small"))
        boxes = self.boxes()
        for day, box in boxes.items():
            self._draw_day(painter, day, box)
        painter.setPen(QPen(theme.of(self).colour("focus" if self.hasFocus() else "strong-border"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(boxes[self.day], 4, 4)

    def _draw_head(self, painter: QPainter, month: int) -> None:
        colours, outer = theme.of(self), self._month_box(month)
        width, height = outer.width() / 7, outer.height() / _ROWS
        painter.setFont(theme.font("body", bold=True))
        painter.setPen(colours.colour("accent" if month == self.day.month else "text"))
        left = QRectF(outer.left() + 4, outer.top(), outer.width(), height)
        painter.drawText(left, Qt.AlignmentFlag.AlignVCenter, f"{date(self.day.year, month, 1):%B}")
        painter.setPen(QPen(colours.colour("border"), 1))
        painter.drawLine(QPointF(left.left(), left.bottom()), QPointF(outer.right() - 4, left.bottom()))
        painter.setFont(theme.font("small"))
        painter.setPen(colours.colour("muted"))
        short = QFontMetricsF(painter.font()).horizontalAdvance("Mon") + 2 > width
        for column, name in enumerate(weekdays(weeks(self.day.year, month)[0])):
            box = QRectF(outer.left() + column * width, outer.top() + height, width, height)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name[:2] if short else name)

    def _draw_day(self, painter: QPainter, day: date, box: QRectF) -> None:
        colours = theme.of(self)
        counts = self.counts.get(day, {})
        words = colours.colour("text" if counts else "muted")
        if counts and day != self.today:
            colour = colours.colour(urgency(counts))
            strength = next((share for most, share in _LEVELS if sum(counts.values()) <= most), 1.0)
            words = colours.colour("on-accent") if strength == 1.0 else words
            colour.setAlphaF(strength)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawRoundedRect(box, 4, 4)
        if day == self._over:
            painter.setPen(QPen(colours.colour("strong-border"), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 4, 4)
        self.draw_number(painter, box.adjusted(0, 1, 0, -1), day, words)
        if counts and day == self.today:
            painter.setPen(QPen(colours.colour(urgency(counts)), 2))
            painter.drawLine(QPointF(box.left() + 5, box.bottom()), QPointF(box.right() - 5, box.bottom()))


def urgency(counts: Mapping[str, int]) -> str:
    """The meaning of the colour of the most urgent kind."""
    return looks.KINDS[looks.in_order(counts)[0]][0]
