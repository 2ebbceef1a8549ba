"""A month: a box for each day, with what happens on it."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen

from gui import event_words, icons, theme
from gui.pages.calendar_parts import looks
from gui.pages.calendar_parts.days import DaySurface, months_later, weekdays, weeks

_PAD = 5
_ICON = 12


class MonthView(DaySurface):
    """The weeks of a month; days of its neighbors are there, but pale."""

    def __init__(self, today: date) -> None:
        super().__init__("Month", today)
        self.setMinimumSize(460, 320)

    def span(self, day: date) -> tuple[date, date]:
        """From the first to the last day of the whole weeks."""
        found = weeks(day.year, day.month)
        return found[0][0], found[-1][-1]

    def title(self, day: date) -> str:
        """The month."""
        return event_words.month(day)

    def beside(self, day: date, by: int) -> date:
        """A month further."""
        return months_later(day, by)

    def boxes(self) -> dict[date, QRectF]:
        """The boxes of the days below the names of the weekdays."""
        found = weeks(self.day.year, self.day.month)
        top = self._head()
        width, height = (self.width() - 1) / 7, (self.height() - top - 1) / len(found)
        return {
            day: QRectF(column * width, top + line * height, width, height)
            for line, week in enumerate(found)
            for column, day in enumerate(week)
        }

    def _head(self) -> float:
        return QFontMetricsF(theme.font("small")).height() + 2 * _PAD

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the weekdays, the boxes, the days with their events."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        boxes = self.boxes()
        self._draw_weekdays(painter)
        for day, box in boxes.items():
            self._draw_ground(painter, day, box)
        self._draw_grid(painter, boxes)
        for day, box in boxes.items():
            self._draw_day(painter, day, box)
        self._draw_choice(painter, boxes[self.day])

    def _draw_weekdays(self, painter: QPainter) -> None:
        painter.setFont(theme.font("small", bold=True))
        painter.setPen(theme.of(self).colour("muted"))
        width = (self.width() - 1) / 7
        for column, name in enumerate(weekdays(weeks(self.day.year, self.day.month)[0])):
            box = QRectF(column * width + _PAD, 0, width - _PAD, self._head())
            painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)

    def _draw_ground(self, painter: QPainter, day: date, box: QRectF) -> None:
        colours = theme.of(self)
        if day == self.day:
            painter.fillRect(box, colours.colour("selected"))
        elif day == self._over:
            painter.fillRect(box, colours.colour("hover"))
        elif day.isoweekday() > 5:
            painter.fillRect(box, colours.colour("sunken"))

    def _draw_grid(self, painter: QPainter, boxes: dict[date, QRectF]) -> None:
        painter.setPen(QPen(theme.of(self).colour("border"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for box in boxes.values():
            painter.drawRect(box)

    def _draw_day(self, painter: QPainter, day: date, box: QRectF) -> None:
        colours = theme.of(self)
        inside = day.month == self.day.month
        painter.setFont(theme.font("small", bold=inside))
        metrics = QFontMetricsF(painter.font())
        side = metrics.height() + 4
        number = QRectF(box.left() + _PAD - 2, box.top() + 4, max(side, metrics.horizontalAdvance("88") + 8), side)
        self.draw_number(painter, number, day, colours.colour("text" if inside else "muted"))
        if day == self.as_of != self.today:
            told = QRectF(number.right() + 4, number.top(), box.right() - number.right() - 8, side)
            painter.setFont(theme.font("small"))
            painter.setPen(colours.colour("accent"))
            painter.drawText(told, Qt.AlignmentFlag.AlignVCenter, "as of")
        room = QRectF(
            box.left() + _PAD, number.bottom() + 3, box.width() - 2 * _PAD, box.bottom() - number.bottom() - 6
        )
        self._draw_lines(painter, day, room, pale=not inside)

    def _draw_lines(self, painter: QPainter, day: date, room: QRectF, *, pale: bool) -> None:
        said = looks.lines(self.counts.get(day, {}), self.entries.get(day, ()))
        font = theme.font("small")
        height = QFontMetricsF(font).height() + 3
        fit = max(int(room.height() // height), 0)
        if not said or not fit:
            return
        shown = said if len(said) <= fit else said[: fit - 1]
        painter.setFont(font)
        painter.setOpacity(0.65 if pale else 1.0)
        for number, (kind, text) in enumerate(shown):
            self._draw_line(
                painter, QRectF(room.left(), room.top() + number * height, room.width(), height), kind, text
            )
        if len(shown) < len(said):
            left = QRectF(room.left(), room.top() + len(shown) * height, room.width(), height)
            painter.setPen(theme.of(self).colour("muted"))
            painter.drawText(left, Qt.AlignmentFlag.AlignVCenter, f"+{len(said) - len(shown)} more")
        painter.setOpacity(1.0)

    def _draw_line(self, painter: QPainter, box: QRectF, kind: str, text: str) -> None:
        colours = theme.of(self)
        meaning, icon = looks.KINDS[kind]
        at = QRectF(box.left(), box.center().y() - _ICON / 2, _ICON, _ICON)
        icons.paint(painter, at, icon, colours.colour(meaning))
        painter.setPen(colours.colour("text"))
        room = box.adjusted(_ICON + 4, 0, 2, 0)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)

    def _draw_choice(self, painter: QPainter, box: QRectF) -> None:
        colours = theme.of(self)
        painter.setPen(QPen(colours.colour("focus" if self.hasFocus() else "strong-border"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 3, 3)
