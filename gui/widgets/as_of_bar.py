"""The day of judgement: a field, Today, and a slider over the years of the book."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QDate, QTimer, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.widgets.buttons import button, explain
from gui.widgets.day_field import day_field, day_of, to_qt
from gui.widgets.layout import row
from gui.widgets.text import label
from gui.widgets.year_slider import YearSlider

_CALM = 220
"""Milliseconds without another change after which a day counts as chosen."""


class AsOfBar(QWidget):
    """Shows and changes the day. While it is being changed, every part shows the same day; then `chosen` is emitted."""

    chosen = Signal(object)
    """The day that was chosen (a date)."""

    def __init__(self, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._day = today
        self._shown = today
        self.field = day_field("As-of day", today)
        self.today_button = button("Today", lambda: self._move(self._today))
        self.slider = YearSlider()
        self._timer = QTimer(self, singleShot=True, interval=_CALM)
        self._timer.timeout.connect(self._choose)
        self.field.dateChanged.connect(self._typed)
        self.slider.valueChanged.connect(lambda day: self._move(date.fromordinal(day)))
        name = label("As of", "muted")
        name.setBuddy(self.field)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        for part in (name, self.field, self.today_button):
            part.setSizePolicy(QSizePolicy.Policy.Maximum, part.sizePolicy().verticalPolicy())
        layout = row(name, self.field, self.today_button, 8, self.slider)
        layout.addStretch()
        layout.setStretchFactor(self.slider, 100)
        self.setLayout(layout)
        explain(self.field, "The day on which everything you see is judged", "Ctrl+D")
        explain(self.slider, "Move through the years of the book")
        self.show_day(today, (today, today))

    def show_day(self, day: date, span: tuple[date, date]) -> None:
        """Show the day that the book is judged on, and the days that it is about.

        A day that is being typed or moved to is not touched: it is judged next.
        """
        self._day = day
        shown = self._shown if self._timer.isActive() else day
        first, last = min(day, shown, self._today, span[0]), max(day, shown, self._today, span[1])
        self.slider.cover(first, last, self._today)
        self._show(shown)

    def forget(self) -> None:
        """Give up a day that was not chosen yet: its book is gone."""
        self._timer.stop()

    def shown(self) -> date:
        """The day that the bar shows, chosen already or not."""
        return self._shown

    def _typed(self, day: QDate) -> None:
        self._move(date(day.year(), day.month(), day.day()))

    def _move(self, day: date) -> None:
        if day != self._shown:
            self._show(day)
            self._timer.start()

    def _show(self, day: date) -> None:
        self._shown = day
        for part in (self.field, self.slider):
            part.blockSignals(True)
        if day_of(self.field) != day:
            self.field.setDate(to_qt(day))
        self.slider.setValue(day.toordinal())
        for part in (self.field, self.slider):
            part.blockSignals(False)
        self.today_button.setEnabled(day != self._today and self.isEnabled())
        self.slider.setToolTip(day.isoformat())

    def _choose(self) -> None:
        if self._shown != self._day:
            self._day = self._shown
            self.chosen.emit(self._shown)
