"""Small charts, drawn in the colours of the theme. Each can be walked through by keyboard, and read as a table.

A chart is made of marks. The mark under the pointer or in focus says its numbers; choosing it (click, Enter) leads to
the rows behind it. `with_table` puts a table of the same numbers behind the chart, for those who cannot see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QToolTip,
    QWidget,
)

from gui import icons, theme, wording
from gui.theme import SPACE
from gui.widgets.buttons import plain
from gui.widgets.layout import column, row, stacked
from gui.widgets.text import label


@dataclass(frozen=True)
class Mark:
    """One thing in a chart: what it says of itself, and its cells in the table of the numbers."""

    sentence: str
    cells: tuple[str, ...]


class Chart(QWidget):
    """Marks that are hovered, walked through by arrow keys, and chosen. Subclasses draw, and say where marks are."""

    chosen = Signal(int)
    """A mark was clicked, or Enter was pressed on it: its number."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.marks: Sequence[Mark] = ()
        self.at = -1
        """The mark in focus or under the pointer, -1 for none."""
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_marks(self, marks: Sequence[Mark]) -> None:
        """Show other marks."""
        self.marks = marks
        self.at = -1
        self.setAccessibleDescription(" ".join(mark.sentence for mark in marks[:20]))
        self.update()

    def box(self, number: int) -> QRectF:
        """Where a mark is."""
        raise NotImplementedError

    def find(self, point: QPointF) -> int:
        """The mark at a place, -1 for none."""
        return next((number for number in range(len(self.marks)) if self.box(number).contains(point)), -1)

    def draw(self, painter: QPainter, colours: theme.Theme) -> None:
        """Draw the chart, the marked mark included."""
        raise NotImplementedError

    # ------------------------------------------------------------------------------------------------------ conduct
    def go(self, number: int) -> None:
        """Mark another mark, and let readers of the screen say it."""
        if number != self.at and -1 <= number < len(self.marks):
            self.at = number
            if number >= 0 and self.hasFocus():
                self.setAccessibleDescription(self.marks[number].sentence)
                QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
            self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows, Home and End walk through the marks, Enter and Space choose one."""
        last, key = len(self.marks) - 1, Qt.Key(event.key())
        steps = {
            Qt.Key.Key_Right: min(last, self.at + 1),
            Qt.Key.Key_Down: min(last, self.at + 1),
            Qt.Key.Key_Left: max(0, self.at - 1),
            Qt.Key.Key_Up: max(0, self.at - 1),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        if key in steps and self.marks:
            self.go(steps[key])
            self._tell()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.at >= 0:
            self.chosen.emit(self.at)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark what is under the pointer, and say its numbers."""
        self.go(self.find(event.position()))
        self._tell(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose what was clicked."""
        number = self.find(event.position())
        if number >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(number)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is marked where no pointer is."""
        if not self.hasFocus():
            self.go(-1)
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Who comes by keyboard begins at the first mark."""
        super().focusInEvent(event)
        if self.at < 0 and event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self.go(0)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leave nothing marked behind."""
        super().focusOutEvent(event)
        QToolTip.hideText()
        self.go(-1)

    def paintEvent(self, _: QPaintEvent) -> None:
        """Draw the chart, and a frame around it while it has the focus."""
        colours = theme.of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.draw(painter, colours)
        if self.hasFocus():
            painter.setPen(QPen(colours.colour("focus"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 6, 6)

    def _tell(self, point: QPointF | None = None) -> None:
        if self.at < 0:
            QToolTip.hideText()
            return
        at = self.box(self.at).center() if point is None else point
        QToolTip.showText(self.mapToGlobal(at.toPoint()), plain(self.marks[self.at].sentence), self)


# ---------------------------------------------------------------------------------------------------------------- bars
@dataclass(frozen=True)
class Bar:
    """A bar: the code of a status, how many there are, and what is said of it."""

    code: str
    count: int
    sentence: str


class BarChart(Chart):
    """Lying bars below each other: icon and word of the status, the bar, its number."""

    _HIGH = 40

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.bars: Sequence[Bar] = ()

    def show_bars(self, bars: Sequence[Bar]) -> None:
        """Show other bars."""
        self.bars = bars
        self.show_marks([Mark(bar.sentence, (wording.badge(bar.code), wording.number(bar.count))) for bar in bars])
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Room for every bar."""
        return QSize(320, self._HIGH * max(1, len(self.bars)) + SPACE)

    minimumSizeHint = sizeHint

    def box(self, number: int) -> QRectF:
        """The whole line of a bar."""
        high = min(1.5 * self._HIGH, (self.height() - SPACE) / max(1, len(self.bars)))
        return QRectF(0, 4 + number * high, self.width(), high)

    def draw(self, painter: QPainter, colours: theme.Theme) -> None:
        """Draw all bars by one scale."""
        most = max((bar.count for bar in self.bars), default=0)
        words = QFontMetricsF(theme.font())
        left = max((words.horizontalAdvance(wording.badge(bar.code)) for bar in self.bars), default=0) + 42
        right = max((words.horizontalAdvance(wording.number(bar.count)) for bar in self.bars), default=0) + 20
        for number, bar in enumerate(self.bars):
            self._draw_bar(painter, colours, self.box(number), bar, (left, right, most), number == self.at)

    def _draw_bar(
        self, painter: QPainter, colours: theme.Theme, box: QRectF, bar: Bar, scale: tuple[float, float, int], hot: bool
    ) -> None:
        left, right, most = scale
        meaning, icon = theme.status(bar.code)
        if hot:
            fill(painter, box.adjusted(0, 2, 0, -2), colours.colour("hover"), 6)
        centre = box.center().y()
        icons.paint(painter, QRectF(box.left() + 4, centre - 8, 16, 16), icon, colours.colour(meaning))
        painter.setFont(theme.font())
        painter.setPen(colours.colour("text"))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box.adjusted(28, 0, 0, 0), middle | Qt.AlignmentFlag.AlignLeft, wording.badge(bar.code))
        groove = QRectF(box.left() + left, centre - 6, box.width() - left - right, 12)
        fill(painter, groove, colours.colour("muted-soft"), 4)
        if bar.count:
            long = max(4.0, groove.width() * bar.count / most)
            fill(painter, QRectF(groove.left(), groove.top(), long, groove.height()), colours.colour(meaning), 4)
        painter.setFont(theme.font(bold=True))
        painter.setPen(colours.colour("text"))
        numbers = box.adjusted(0, 0, -8, 0)
        painter.drawText(numbers, middle | Qt.AlignmentFlag.AlignRight, wording.number(bar.count))


def fill(painter: QPainter, box: QRectF, colour: QColor, radius: float) -> None:
    """Fill a box with round corners."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(box, radius, radius)


# -------------------------------------------------------------------------------------------------------------- tables
class WithTable(QWidget):
    """A chart and, behind a button, the table of its numbers. Enter in a row of the table chooses its mark."""

    def __init__(self, title: str, chart: Chart, headings: Sequence[str], about: str = "") -> None:
        super().__init__()
        self.chart = chart
        self.table = _table(title, headings)
        self.stack = stacked(chart, self.table)
        self.about = label(about, "hint", wrap=True)
        if not about:
            self.about.hide()
        self.toggle = QPushButton("Show as table")
        self.toggle.setProperty("kind", "link")
        self.toggle.setAccessibleName(f"{title}: show as table")
        self.toggle.clicked.connect(lambda _=False: self.show_table(self.stack.currentWidget() is chart))
        self.table.activated.connect(lambda index: chart.chosen.emit(index.row()))
        head = row(label(title, "heading"), None, self.toggle)
        self.setLayout(column(head, self.about, self.stack, gap=SPACE))
        self.layout().setStretch(2, 1)

    def show_table(self, shown: bool) -> None:
        """Show the numbers as a table, or the chart again."""
        self.stack.setCurrentWidget(self.table if shown else self.chart)
        self.toggle.setText("Show as chart" if shown else "Show as table")
        self.toggle.setAccessibleName(f"{self.table.accessibleName()}: {self.toggle.text().lower()}")

    def fill(self) -> None:
        """Take the numbers of the chart over into the table."""
        marks = self.chart.marks
        self.table.setRowCount(len(marks))
        for number, mark in enumerate(marks):
            for place, text in enumerate(mark.cells):
                item = QTableWidgetItem(text)
                right = Qt.AlignmentFlag.AlignRight if place else Qt.AlignmentFlag.AlignLeft
                item.setTextAlignment(right | Qt.AlignmentFlag.AlignVCenter)
                item.setToolTip(plain(mark.sentence))
                self.table.setItem(number, place, item)


def _table(title: str, headings: Sequence[str]) -> QTableWidget:
    made = QTableWidget(0, len(headings))
    made.setAccessibleName(title)
    made.setHorizontalHeaderLabels(list(headings))
    made.verticalHeader().hide()
    made.setShowGrid(False)
    made.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    made.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    made.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    made.setTabKeyNavigation(False)
    made.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    for place in range(len(headings)):
        right = Qt.AlignmentFlag.AlignRight if place else Qt.AlignmentFlag.AlignLeft
        made.horizontalHeaderItem(place).setTextAlignment(right | Qt.AlignmentFlag.AlignVCenter)
    return made
