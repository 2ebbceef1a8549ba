"""What the month and the year share: a drawn surface of days, moved over by keyboard and pointer."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from PySide6.QtCore import QEvent, QLocale, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPen, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from gui import theme, wording
from gui.pages.calendar_parts import looks
from gui.widgets.message import announce
from store.agenda import Counts, Entry

_NOTCH = 120
FIRST_YEAR, LAST_YEAR = 1900, 9998


class DaySurface(QWidget):
    """Days with their events. Arrow keys go by a day or week, page keys by a month or, with Control, by a year."""

    moved = Signal(object)
    """The chosen day (a date) is another one."""
    opened = Signal(object)
    """A day was opened: Enter, or a double click."""
    leapt = Signal(int)
    """The next (1) or earlier (-1) day with events is asked for."""

    def __init__(self, name: str, today: date) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(name)
        self.today, self.as_of, self.day = today, today, today
        self.counts: Counts = {}
        self.entries: dict[date, list[Entry]] = {}
        self._over: date | None = None

    # -------------------------------------------------------------------------------------- what a surface has to say
    def span(self, day: date) -> tuple[date, date]:
        """The first and the last day that are shown together with a day."""
        raise NotImplementedError

    def boxes(self) -> Mapping[date, QRectF]:
        """Where each day stands."""
        raise NotImplementedError

    def title(self, day: date) -> str:
        """What is shown together with a day: "November 2026"."""
        raise NotImplementedError

    def beside(self, day: date, by: int) -> date:
        """The same day in the part after (1) or before (-1) the one that is shown."""
        raise NotImplementedError

    # ----------------------------------------------------------------------------------------------------- common part
    def show_day(self, day: date, as_of: date) -> None:
        """Choose a day, and mark the one that the book is judged on; tells nobody."""
        self.day, self.as_of = day, as_of
        self._speak()
        self.update()

    def show_events(self, counts: Counts, entries: Iterable[Entry]) -> None:
        """Show the events of the span: their numbers, and as far as they are handed over, themselves."""
        self.counts, self.entries = counts, {}
        for entry in entries:
            self.entries.setdefault(entry.on, []).append(entry)
        self._speak()
        self.update()

    def said(self, day: date) -> str:
        """A day and its events in words."""
        return f"{wording.day(day)}: {looks.spoken(self.counts.get(day, {}))}"

    def day_at(self, at: QPointF) -> date | None:
        """The day at a point."""
        return next((day for day, box in self.boxes().items() if box.contains(at)), None)

    def choose(self, day: date) -> None:
        """Go to a day, as far as years are shown."""
        if day != self.day and FIRST_YEAR <= day.year <= LAST_YEAR:
            self.show_day(day, self.as_of)
            announce(self, self.said(day))
            self.moved.emit(day)

    def _speak(self) -> None:
        self.setAccessibleDescription(self.said(self.day))

    # ------------------------------------------------------------------------------------------------------- keyboard
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move and open."""
        key, control = Qt.Key(event.key()), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.opened.emit(self.day)
        elif control and key in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            self.leapt.emit(1 if key == Qt.Key.Key_Right else -1)
        elif (to := moved_by_key(self.day, key, control=control)) is not None:
            self.choose(to)
        else:
            super().keyPressEvent(event)

    # -------------------------------------------------------------------------------------------------------- pointer
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the day below the pointer."""
        day = self.day_at(event.position())
        if day is not None and event.button() == Qt.MouseButton.LeftButton:
            self.choose(day)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the day below the pointer."""
        if self.day_at(event.position()) == self.day:
            self.opened.emit(self.day)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark the day below the pointer."""
        self._hover(self.day_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Mark no day any more."""
        super().leaveEvent(event)
        self._hover(None)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn the pages."""
        if abs(event.angleDelta().y()) >= _NOTCH:
            self.choose(self.beside(self.day, -1 if event.angleDelta().y() > 0 else 1))
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Say in a tooltip what a day has."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            day = self.day_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), self.said(day) if day in self.counts else "", self)
            return True
        return super().event(event)

    def _hover(self, day: date | None) -> None:
        if day != self._over:
            self._over = day
            self.update()

    # -------------------------------------------------------------------------------------------------------- drawing
    def draw_number(self, painter: QPainter, box: QRectF, day: date, colour: QColor) -> None:
        """The number of a day in a box: today on a disk, the as-of day in a ring."""
        colours = theme.of(self)
        disk = _disk(box, painter.fontMetrics().horizontalAdvance(str(day.day)))
        if day == self.today:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.colour("accent"))
            painter.drawRoundedRect(disk, disk.height() / 2, disk.height() / 2)
            colour = colours.colour("on-accent")
        elif day == self.as_of:
            painter.setPen(QPen(colours.colour("accent"), 1.5))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(disk, disk.height() / 2, disk.height() / 2)
        painter.setPen(colour)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(day.day))


def _disk(box: QRectF, text: float) -> QRectF:
    """A disk in the middle of a box, as wide as its text needs."""
    side = min(box.width(), box.height())
    width = min(max(side, text + 6), box.width())
    return QRectF(box.center().x() - width / 2, box.center().y() - side / 2, width, side)


def moved_by_key(day: date, key: Qt.Key, *, control: bool) -> date | None:
    """Where a key leads from a day; None for a key that leads nowhere."""
    steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}
    months = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
    if key in steps:
        return day + timedelta(days=steps[key])
    if key in months:
        return months_later(day, months[key] * (12 if control else 1))
    if key == Qt.Key.Key_Home:
        return day.replace(day=1)
    return day.replace(day=monthrange(day.year, day.month)[1]) if key == Qt.Key.Key_End else None


def months_later(day: date, months: int) -> date:
    """The same day some months later, or the last day of a month that is too short; the first day beyond all years."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return day
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def weeks(year: int, month: int) -> list[list[date]]:
    """The weeks of a month, whole ones, beginning with the first day of the week where the user is."""
    first = date(year, month, 1)
    start = first - timedelta(days=(first.isoweekday() - QLocale().firstDayOfWeek().value) % 7)
    length = monthrange(year, month)[1]
    count = -(-((first - start).days + length) // 7)
    return [[start + timedelta(days=7 * week + day) for day in range(7)] for week in range(count)]


def weekdays(week: Sequence[date]) -> list[str]:
    """The names of the days of a week, short."""
    return [f"{day:%a}" for day in week]
