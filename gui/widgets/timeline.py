"""A timeline, drawn: licenses as bars, maintenance below them, events as marks, the as-of day and today as lines.

It is moved through by keyboard: left and right go from one bar or mark to the next, Enter opens its contract, plus and
minus zoom. What is chosen is told in words below, and to readers of the screen; a table with the same days stands
beside it where it is used.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QBrush,
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui import icons, record_words, theme, wording
from gui.widgets import timeline_scale
from gui.widgets.buttons import plain
from gui.widgets.timeline_scale import Scale
from store.portraits.timeline import Bar, Mark, Timeline

KINDS: Final = {
    "license-end": ("negative", "flag"),
    "expiration-warning": ("warning", "triangle-alert"),
    "notice": ("warning", "bell-ring"),
    "support-end": ("negative", "life-buoy"),
    "purchased": ("accent", "circle-plus"),
    "purchased-renewal": ("accent", "repeat"),
    "contract-invoiced": ("muted", "receipt"),
    "released": ("info", "package"),
    "status-update": ("info", "circle-dot"),
    "activity-log": ("info", "activity"),
    "custom": ("info", "calendar"),
    "entitlement-end": ("negative", "flag"),
    "authorization-ended": ("negative", "circle-slash"),
    "authorized": ("accent", "badge-check"),
}
"""Kinds of marks -> the meaning of their colour and their icon, the weightiest first."""

_GAP: Final = 4
_EDGE: Final = 12
_ICON: Final = 16
_MARK: Final = 22
"""The height of a row of marks."""
_STACKED: Final = 3
"""Kinds of marks that are drawn below each other where they come close."""
_RADIUS: Final = 5


@dataclass(frozen=True)
class Heights:
    """How high the parts are in the font of the program; `label` is how far the lines of the calendar are apart."""

    axis: float
    lane: float
    bar: float
    label: float


def heights() -> Heights:
    """As high as the words in the parts need."""
    metrics = QFontMetricsF(theme.font("small"))
    line = metrics.height()
    return Heights(
        max(28.0, line + 14), max(20.0, line + 6), max(24.0, line + 8), metrics.horizontalAdvance("2026-11") + 8
    )


@dataclass(frozen=True)
class Placed:
    """Something to choose: a bar or a mark, and where it is drawn."""

    item: Bar | Mark
    box: QRectF


class TimelineView(QWidget):
    """The drawing. `as_of` and `today` are days."""

    chosen = Signal(str)
    """What has been chosen, in words."""
    opened = Signal(object)
    """A bar or mark was opened, by Enter or a double click."""

    def __init__(self, name: str, shown: Timeline, as_of: date, today: date) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._shown, self._as_of, self._today = shown, as_of.toordinal(), today.toordinal()
        self._stops: list[Bar | Mark] = sorted((*shown.bars, *shown.marks), key=_first_day)
        self._chosen = -1
        self._dragged: float | None = None
        self._view = self._whole()
        self._rows = [timeline_scale.pack([_term(bar) for bar in lane.bars]) for lane in shown.lanes]
        self._placed: list[Placed] = []
        self._high = heights()

    # ---------------------------------------------------------------------------------------------------------- sizes
    def _whole(self) -> tuple[int, int]:
        bars = self._shown.bars
        days = [bar.first for bar in bars] + [bar.last for bar in bars if bar.last is not None]
        days += [mark.day for mark in self._shown.marks]
        return timeline_scale.span(days, self._as_of, endless=any(bar.last is None for bar in bars))

    def _lanes(self) -> list[tuple[str, Sequence[Bar], list[int]]]:
        """Names of the lanes that have bars, with their bars and rows."""
        return [(lane.name, lane.bars, rows) for lane, rows in zip(self._shown.lanes, self._rows, strict=True)]

    def sizeHint(self) -> QSize:
        """Wide, and as high as its rows."""
        high = heights()
        bars = sum(high.lane + (max(rows) + 1) * (high.bar + _GAP) + _GAP for _, _, rows in self._lanes())
        marks = high.lane + self._stacked() * _MARK + _GAP if self._shown.marks else 0
        return QSize(600, round(high.axis + bars + marks + _GAP))

    def _clusters(self) -> list[tuple[float, list[Mark]]]:
        """Marks that come close at this scale, with the pixels at which they stand."""
        scale, marks = self.scale(), self._shown.marks
        return timeline_scale.clusters(marks, [scale.x(mark.day) for mark in marks], _ICON + 6)

    def _stacked(self) -> int:
        """How many rows of marks there are at this scale."""
        kinds = (len({mark.kind for mark in together}) for _, together in self._clusters())
        return min(max(kinds, default=1), _STACKED)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width needs another height."""
        super().resizeEvent(event)
        self.updateGeometry()

    def _look(self, first: int, last: int) -> None:
        """Show the time between two days (ordinals)."""
        self._view = first, last
        self.updateGeometry()
        self.update()

    def minimumSizeHint(self) -> QSize:
        """It may become narrow, but not lower."""
        return QSize(240, self.sizeHint().height())

    def scale(self) -> Scale:
        """Which days stand where."""
        return Scale(*self._view, _EDGE, self.width() - _EDGE)

    # -------------------------------------------------------------------------------------------------------- choosing
    @property
    def choice(self) -> Bar | Mark | None:
        """What is chosen."""
        return self._stops[self._chosen] if self._chosen >= 0 else None

    def choose(self, item: Bar | Mark) -> None:
        """Choose a bar or mark, bring it into sight and say what it is."""
        self._chosen = next(place for place, stop in enumerate(self._stops) if stop is item)
        scale = self.scale()
        day = _first_day(item)
        last = item.last if isinstance(item, Bar) and item.last is not None else day
        if last < scale.first or day > scale.last:
            moved = scale.moved(day - (scale.first + scale.last) // 2)
            self._look(moved.first, moved.last)
        told = describe(item)
        self.setAccessibleDescription(told)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        self.chosen.emit(told)
        self.update()

    def _step(self, by: int) -> None:
        if self._stops:
            self.choose(self._stops[min(max(self._chosen + by, 0), len(self._stops) - 1)])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left, Right, Home, End choose; Enter opens; plus, minus and 0 zoom."""
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Home: -(10**6), Qt.Key.Key_End: 10**6}
        key = Qt.Key(event.key())
        if key in steps:
            self._step(steps[key])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.choice is not None:
            self.opened.emit(self.choice)
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_0}:
            {Qt.Key.Key_Plus: self.zoom_in, Qt.Key.Key_Minus: self.zoom_out, Qt.Key.Key_0: self.fit}[key]()
        else:
            super().keyPressEvent(event)

    # --------------------------------------------------------------------------------------------------------- zooming
    def zoom_in(self) -> None:
        """Show half of the time."""
        self._zoom(0.5)

    def zoom_out(self) -> None:
        """Show twice the time."""
        self._zoom(2.0)

    def fit(self) -> None:
        """Show everything."""
        self._look(*self._whole())

    def show_days(self, first: date, last: date) -> None:
        """Show the time between two days."""
        self._look(first.toordinal(), max(last.toordinal(), first.toordinal() + 1))

    def _zoom(self, factor: float, about: float | None = None) -> None:
        middle = self._as_of if self._view[0] <= self._as_of <= self._view[1] else sum(self._view) / 2
        made = self.scale().zoomed(factor, middle if about is None else about)
        self._look(made.first, made.last)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """With Control, zoom about the pointer; without, the page scrolls."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and event.angleDelta().y():
            self._zoom(0.8 if event.angleDelta().y() > 0 else 1.25, self.scale().day(event.position().x()))
            event.accept()
        else:
            event.ignore()

    # ----------------------------------------------------------------------------------------------------------- mouse
    def at(self, point: QPointF) -> list[Bar | Mark]:
        """The bars and marks at a point."""
        return [placed.item for placed in self._placed if placed.box.contains(point)]

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose what is there, or begin to move the view."""
        found = self.at(event.position())
        if found:
            self.choose(found[0])
        self._dragged = event.position().x()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move the view while a button is held."""
        if self._dragged is not None and event.buttons() & Qt.MouseButton.LeftButton:
            days = round((self._dragged - event.position().x()) / self.scale().per_day)
            if days:
                made = self.scale().moved(days)
                self._look(made.first, made.last)
                self._dragged = event.position().x()
        over = bool(self.at(event.position()))
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, _: QMouseEvent) -> None:
        """Let the view go."""
        self._dragged = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open what is there."""
        found = self.at(event.position())
        if found:
            self.opened.emit(found[0])

    def event(self, event: QEvent) -> bool:
        """Tooltips: what stands at the pointer, in plain text."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            told = "\n".join(describe(item) for item in self.at(QPointF(event.pos()))[:12])
            QToolTip.showText(event.globalPos(), plain(told), self)
            return True
        return super().event(event)

    # --------------------------------------------------------------------------------------------------------- drawing
    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the calendar, the lanes, the marks and the two days."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("small"))
        scale, self._placed, self._high = self.scale(), [], heights()
        self._draw_calendar(painter, scale)
        top = self._high.axis
        for name, bars, rows in self._lanes():
            top = self._draw_lane(painter, scale, top, name, bars, rows)
        if self._shown.marks:
            self._draw_marks(painter, top)
        self._draw_days(painter, scale)
        if self.hasFocus():
            painter.setPen(QPen(theme.of(self).colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def _draw_calendar(self, painter: QPainter, scale: Scale) -> None:
        colours = theme.of(self)
        metrics = QFontMetricsF(painter.font())
        for day, words in timeline_scale.ticks(scale, self._high.label):
            x = round(scale.x(day)) + 0.5
            painter.setPen(QPen(colours.colour("border"), 1))
            painter.drawLine(QPointF(x, self._high.axis - 8), QPointF(x, self.height() - 2))
            painter.setPen(colours.colour("muted"))
            if x + metrics.horizontalAdvance(words) + 4 < self.width():
                painter.drawText(QPointF(x + 4, 4 + metrics.ascent()), words)

    def _draw_lane(
        self, painter: QPainter, scale: Scale, top: float, name: str, bars: Sequence[Bar], rows: Sequence[int]
    ) -> float:
        """Draw a lane; where the next one begins."""
        self._draw_title(painter, top, name)
        top += self._high.lane
        for bar, place in zip(bars, rows, strict=True):
            self._draw_bar(painter, scale, top + place * (self._high.bar + _GAP), bar)
        return top + (max(rows) + 1) * (self._high.bar + _GAP) + _GAP

    def _draw_title(self, painter: QPainter, top: float, name: str) -> None:
        painter.setFont(theme.font("small", bold=True))
        wide = QFontMetricsF(painter.font()).horizontalAdvance(name)
        painter.fillRect(QRectF(_EDGE - 4, top, wide + 8, self._high.lane), theme.of(self).colour("raised"))
        painter.setPen(theme.of(self).colour("muted"))
        painter.drawText(QRectF(_EDGE, top, self.width(), self._high.lane), Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(theme.font("small"))

    def _draw_bar(self, painter: QPainter, scale: Scale, top: float, bar: Bar) -> None:
        colours = theme.of(self)
        endless = bar.last is None
        left, right = scale.x(bar.first), self.width() - 2.0 if bar.last is None else scale.x(bar.last + 1)
        box = QRectF(left, top, max(3.0, right - left), self._high.bar)
        if box.right() < 0 or box.left() > self.width():
            return
        in_force = bar.first <= self._as_of and (bar.last is None or bar.last >= self._as_of)
        meaning = "info" if bar.kind in ("maintenance", "authorized") else "accent"
        coming = bar.first > self._as_of
        strong = colours.colour(meaning if in_force or coming else "faint")
        soft = _SOFT[meaning] if in_force else "raised" if coming else "muted-soft"
        painter.setBrush(self._filling(box, colours.colour(soft), endless))
        painter.setPen(Qt.PenStyle.NoPen if endless else QPen(strong, 1, _LINE[bar.kind]))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(strong)
        painter.drawRoundedRect(QRectF(box.left(), top, 4, self._high.bar), 2, 2)
        self._draw_words(painter, box, bar, colours.colour("text" if in_force else "muted"))
        self._keep(painter, Placed(bar, box))

    def _filling(self, box: QRectF, soft: QColor, endless: bool) -> QBrush:
        """A term without end fades away."""
        if not endless:
            return QBrush(soft)
        fading, clear = QLinearGradient(box.topLeft(), box.topRight()), QColor(soft)
        clear.setAlpha(0)
        fading.setColorAt(0, soft)
        fading.setColorAt(0.85, soft)
        fading.setColorAt(1, clear)
        return QBrush(fading)

    def _draw_words(self, painter: QPainter, box: QRectF, bar: Bar, colour: QColor) -> None:
        """As many of the words of a bar as it has room for, in the part of it that is in sight."""
        seen = box.intersected(QRectF(self.rect())).adjusted(10, 0, -6, 0)
        metrics = QFontMetricsF(painter.font())
        short = wording.quantity(bar.quantity)
        whole = "   ".join(filter(None, (short, source(bar))))
        words = whole if metrics.horizontalAdvance(whole) <= seen.width() else short
        if metrics.horizontalAdvance(words) <= seen.width():
            painter.setPen(colour)
            painter.drawText(seen, Qt.AlignmentFlag.AlignVCenter, words)

    def _draw_marks(self, painter: QPainter, top: float) -> None:
        self._draw_title(painter, top, "Events")
        for x, together in self._clusters():
            if -_ICON < x < self.width() + _ICON:
                self._draw_cluster(painter, QRectF(x - _ICON / 2, top + self._high.lane + 2, _ICON, _ICON), together)

    def _draw_cluster(self, painter: QPainter, box: QRectF, together: Sequence[Mark]) -> None:
        """Marks that stand too close: a row for each kind, the weightiest first; what is left over is in the last."""
        order = list(KINDS)
        kinds = sorted({mark.kind for mark in together}, key=order.index)
        for place, kind in enumerate(kinds[:_STACKED]):
            rest = kinds[place:] if place == _STACKED - 1 else [kind]
            self._draw_mark(painter, box.translated(0, place * _MARK), kind, [m for m in together if m.kind in rest])

    def _draw_mark(self, painter: QPainter, box: QRectF, kind: str, marks: Sequence[Mark]) -> None:
        """An icon for some marks, and how many there are."""
        colours = theme.of(self)
        meaning, name = KINDS[kind]
        around = box.adjusted(-3, -3, 3, 3)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.colour("raised"))
        painter.drawEllipse(around)
        icons.paint(painter, box, name, colours.colour(meaning))
        if len(marks) > 1:
            painter.setPen(colours.colour("muted"))
            painter.drawText(QPointF(box.right() + 2, box.bottom() - 3), str(len(marks)))
        for mark in marks:
            self._keep(painter, Placed(mark, around))

    def _keep(self, painter: QPainter, placed: Placed) -> None:
        """Remember where something is drawn; a ring around what is chosen."""
        self._placed.append(placed)
        if placed.item is self.choice:
            painter.setPen(QPen(theme.of(self).colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(placed.box.adjusted(-1, -1, 1, 1), _RADIUS, _RADIUS)

    def _draw_days(self, painter: QPainter, scale: Scale) -> None:
        """The as-of day, and today where that is another day."""
        colours = theme.of(self)
        if self._today != self._as_of:
            self._draw_day(painter, scale, self._today, "Today", colours.colour("warning"), Qt.PenStyle.DashLine)
        self._draw_day(painter, scale, self._as_of, "As of", colours.colour("accent"), Qt.PenStyle.SolidLine)

    def _draw_day(
        self, painter: QPainter, scale: Scale, day: int, name: str, colour: QColor, line: Qt.PenStyle
    ) -> None:
        x = round(scale.x(day + 0.5)) + 0.5
        if not 0 <= x <= self.width():
            return
        words = f"{name} {date.fromordinal(day).isoformat()}"
        metrics = QFontMetricsF(painter.font())
        wide = metrics.horizontalAdvance(words) + 12
        box = QRectF(min(max(x - wide / 2, 2), self.width() - wide - 2), 2, wide, self._high.axis - 10)
        painter.setPen(QPen(colour, 1.5, line))
        painter.drawLine(QPointF(x, box.bottom()), QPointF(x, self.height() - 2))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.setPen(theme.of(self).colour("surface"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


_SOFT: Final = {"accent": "accent-soft", "info": "info-soft"}
_LINE: Final = {
    "purchased": Qt.PenStyle.SolidLine,
    "purchased-renewal": Qt.PenStyle.SolidLine,
    "maintenance": Qt.PenStyle.DashLine,
    "authorized": Qt.PenStyle.SolidLine,
    "deployed": Qt.PenStyle.SolidLine,
    "replaced": Qt.PenStyle.DashLine,
}


def source(item: Bar | Mark) -> str:
    """What brought a bar or mark: "C-17, item 3" of a contract, "R-5, line 2" of a request, "" for nothing known."""
    if isinstance(item, Bar) and item.request:
        return f"{item.request}, line {item.item}"
    return ", item ".join(filter(None, (item.contract, item.item)))


def describe(item: Bar | Mark) -> str:
    """A bar or mark in words, on one line."""
    place = source(item)
    if isinstance(item, Bar):
        term = (
            f"{_iso(item.first)} to {_iso(item.last)}" if item.last is not None else f"from {_iso(item.first)}, no end"
        )
        return f"{record_words.outcome(item.kind)}: {wording.quantity(item.quantity)} of {item.product}, {term}" + (
            f" ({place})" if place else ""
        )
    lead = f", {record_words.ahead(item.lead)}" if item.lead >= 0 else ""
    name = f" “{wording.line(item.name)}”" if item.name else ""
    return f"{_iso(item.day)}: {record_words.outcome(item.kind)}{name}{lead}" + (f" ({place})" if place else "")


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()


def _first_day(item: Bar | Mark) -> int:
    return item.first if isinstance(item, Bar) else item.day


def _term(bar: Bar) -> tuple[int, int]:
    return bar.first, date.max.toordinal() if bar.last is None else bar.last
