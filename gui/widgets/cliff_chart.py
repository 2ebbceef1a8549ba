"""The cliff: what is missing over the next months, as a line that falls wherever a term ends without a successor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPainterPath, QPen

from gui import theme, wording
from gui.widgets.charts import Chart, Mark

_TOP: Final = 20
_BOTTOM: Final = 26
_RIGHT: Final = 16
_NEAR: Final = 7
"""Pixels within which a mark is meant; marks nearer to each other than that are drawn as one."""


@dataclass(frozen=True)
class Step:
    """A day from which on so many units are missing (0 or more), whether terms have ended then, and what to say."""

    on: date
    missing: int
    ended: bool
    sentence: str
    cells: tuple[str, ...]


class CliffChart(Chart):
    """Steps from the first day over twelve months. The line is at the top while nothing is missing."""

    def __init__(self, name: str, *, rising: bool = False) -> None:
        """`rising`: a count that grows upwards, not a balance that falls."""
        super().__init__(name)
        self.rising = rising
        self.steps: Sequence[Step] = ()
        self._last = date.min

    def show_steps(self, steps: Sequence[Step], last: date) -> None:
        """Show other steps; the first is the present day, `last` is the end of the axis."""
        self.steps = steps
        self._last = last
        self.show_marks([Mark(step.sentence, step.cells) for step in steps])

    def sizeHint(self) -> QSize:
        """Room to see a year."""
        return QSize(480, 200)

    def minimumSizeHint(self) -> QSize:
        """What is still readable."""
        return QSize(320, 150)

    # ----------------------------------------------------------------------------------------------------------- places
    @property
    def scale(self) -> tuple[int, int, int]:
        """Where the axis begins and ends, and the units between two of its lines."""
        missing = [step.missing for step in self.steps] or [0]
        return round_scale(min(missing), max(missing))

    def _plot(self) -> QRectF:
        words = QFontMetricsF(theme.font("small"))
        left = words.horizontalAdvance(self._text(self.scale[1])) + 20
        return QRectF(left, _TOP, self.width() - left - _RIGHT, self.height() - _TOP - _BOTTOM)

    def _x(self, plot: QRectF, day: date) -> float:
        days = max(1, (self._last - self.steps[0].on).days)
        return plot.left() + plot.width() * (day - self.steps[0].on).days / days

    def _y(self, plot: QRectF, missing: int) -> float:
        low, high, _ = self.scale
        far = plot.height() * (missing - low) / (high - low)
        return plot.bottom() - far if self.rising else plot.top() + far

    def _text(self, missing: int) -> str:
        return wording.number(missing if self.rising else -missing)

    def _point(self, plot: QRectF, number: int) -> QPointF:
        step = self.steps[number]
        return QPointF(self._x(plot, step.on), self._y(plot, step.missing))

    def box(self, number: int) -> QRectF:
        """Where a step begins."""
        at = self._point(self._plot(), number)
        return QRectF(at.x() - _NEAR, at.y() - _NEAR, 2 * _NEAR, 2 * _NEAR)

    def find(self, point: QPointF) -> int:
        """The step in force at that place of the axis; -1 beside the chart."""
        if not self.steps:
            return -1
        plot = self._plot()
        near = [number for number in range(len(self.steps)) if self.box(number).contains(point)]
        if near:
            return near[-1]
        if not plot.adjusted(0, -_NEAR, 0, _NEAR).contains(point):
            return -1
        return max((n for n in range(len(self.steps)) if self._x(plot, self.steps[n].on) <= point.x()), default=-1)

    # ---------------------------------------------------------------------------------------------------------- drawing
    def draw(self, painter: QPainter, colours: theme.Theme) -> None:
        """Draw scale, months, area, line, marks, and the deepest falls in numbers."""
        if not self.steps:
            return
        plot = self._plot()
        painter.setFont(theme.font("small"))
        self._draw_scale(painter, colours, plot)
        self._draw_months(painter, colours, plot)
        self._draw_line(painter, colours, plot)
        self._draw_marks(painter, colours, plot)
        self._draw_falls(painter, colours, plot)
        if self.at >= 0:
            self._draw_present(painter, colours, plot)

    def _draw_scale(self, painter: QPainter, colours: theme.Theme, plot: QRectF) -> None:
        low, high, step = self.scale
        for missing in range(low, high + 1, step):
            y = self._y(plot, missing)
            painter.setPen(QPen(colours.colour("border" if missing else "strong-border"), 1))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(colours.colour("muted"))
            beside = QRectF(0, y - 10, plot.left() - 8, 20)
            painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._text(missing))

    def _draw_months(self, painter: QPainter, colours: theme.Theme, plot: QRectF) -> None:
        """As many months as have room for their name."""
        words, free = painter.fontMetrics(), plot.left()
        for first in _months(self.steps[0].on, self._last):
            x = self._x(plot, first)
            painter.setPen(QPen(colours.colour("border"), 1))
            painter.drawLine(QPointF(x, plot.bottom()), QPointF(x, plot.bottom() + 4))
            text = f"{first:%b} {first.year}" if first.month == 1 else f"{first:%b}"
            wide = words.horizontalAdvance(text)
            if x >= free and x + wide <= self.width() - 4:
                painter.setPen(colours.colour("muted"))
                painter.drawText(QPointF(x, plot.bottom() + 8 + words.ascent()), text)
                free = x + wide + 12

    def _draw_line(self, painter: QPainter, colours: theme.Theme, plot: QRectF) -> None:
        line = QPainterPath(self._point(plot, 0))
        for number in range(1, len(self.steps)):
            at = self._point(plot, number)
            line.lineTo(at.x(), line.currentPosition().y())
            line.lineTo(at)
        line.lineTo(plot.right(), line.currentPosition().y())
        area = QPainterPath(line)
        area.lineTo(plot.bottomRight() if self.rising else plot.topRight())
        area.lineTo(plot.bottomLeft() if self.rising else plot.topLeft())
        painter.fillPath(area, colours.colour("negative-soft"))
        short = any(step.missing for step in self.steps)
        painter.strokePath(line, QPen(colours.colour("negative" if short else "positive"), 2))

    def _draw_marks(self, painter: QPainter, colours: theme.Theme, plot: QRectF) -> None:
        """A dot where terms end; those that would touch are left out."""
        drawn: list[QPointF] = []
        for number, step in enumerate(self.steps):
            at = self._point(plot, number)
            close = drawn and at.x() - drawn[-1].x() < _NEAR and abs(at.y() - drawn[-1].y()) < _NEAR
            if not close and (number == 0 or step.ended):
                drawn.append(at)
                worse = number > 0 and step.missing > self.steps[number - 1].missing
                painter.setPen(QPen(colours.colour("negative" if worse or step.missing else "positive"), 2))
                painter.setBrush(colours.colour("negative" if worse else "surface"))
                painter.drawEllipse(at, 3.5, 3.5)

    def _draw_falls(self, painter: QPainter, colours: theme.Theme, plot: QRectF) -> None:
        """The deepest falls say their number, as far as there is room beside each other."""
        words, taken = painter.fontMetrics(), list[QRectF]()
        falls = [(self.steps[n].missing - self.steps[n - 1].missing, n) for n in range(1, len(self.steps))]
        for fall, number in sorted(falls, key=lambda one: (-one[0], one[1]))[:4]:
            text = f"+{self._text(fall)}" if self.rising else self._text(fall)
            at, before = self._point(plot, number), self._point(plot, number - 1)
            wide, deep = words.horizontalAdvance(text) + 2 * _NEAR, abs(at.y() - before.y())
            box = QRectF(at.x() - wide, (at.y() + before.y()) / 2 - words.height() / 2, wide, words.height())
            if box.left() < plot.left():
                box.moveLeft(at.x())
            dots = (self.box(other) for other in range(len(self.steps)) if other not in (number - 1, number))
            if deep > words.height() and not any(box.intersects(other) for other in (*taken, *dots)):
                taken.append(box)
                painter.setPen(colours.colour("negative"))
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_present(self, painter: QPainter, colours: theme.Theme, plot: QRectF) -> None:
        at = self._point(plot, self.at)
        painter.setPen(QPen(colours.colour("accent"), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(at.x(), plot.top()), QPointF(at.x(), plot.bottom()))
        painter.setPen(QPen(colours.colour("accent"), 2))
        painter.setBrush(colours.colour("surface"))
        painter.drawEllipse(at, 5, 5)


def round_scale(least: int, most: int) -> tuple[int, int, int]:
    """The begin, end and step of an axis with about four round steps. It begins at 0, unless the values lie close
    together far from there: then it begins near the least of them.
    """
    low = least if least > most - least else 0
    step = _round_step(max(1, -(-(most - low) // 4)))
    low -= low % step
    return low, max(low + step, most + -(most - low) % step), step


def _round_step(number: int) -> int:
    size = 1
    while True:
        for first in (1, 2, 5):
            if number <= first * size:
                return first * size
        size *= 10


def _months(first: date, last: date) -> list[date]:
    """The first days of the months within."""
    found: list[date] = []
    day = (first.replace(day=1) + timedelta(32)).replace(day=1)
    while day <= last:
        found.append(day)
        day = (day + timedelta(32)).replace(day=1)
    return found
