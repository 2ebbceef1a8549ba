"""Metrics: by what licenses and demand are counted."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from gui.desk import Desk
from gui.pages.setting_parts.form import done
from gui.theme import SPACE
from gui.watch import hear
from gui.widgets.buttons import button, icon_button
from gui.widgets.layout import clear, column, frame, line, row
from gui.widgets.message import Inline
from gui.widgets.text import label
from rules.vocabulary import METRICS
from store import choices, metrics
from store.book import Book

_ABOUT = (
    "By what licenses are counted. Every book counts by device, by user and by core; add what your contracts count"
    " otherwise, such as “named-user” or “socket”."
)


def make(desk: Desk) -> QWidget:
    """The metrics of the book, a field to add one, and a button to remove each that is not used."""
    return Metrics(desk)


class Metrics(QWidget):
    """One line a metric."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.said = Inline()
        self.field = QLineEdit()
        self.field.setAccessibleName("Name of a new metric")
        self.field.setPlaceholderText("Name of a new metric")
        self.field.returnPressed.connect(self.add)
        self.add_button = button("Add", self.add, icon="plus")
        self.lines = QVBoxLayout()
        self.lines.setSpacing(0)
        shown = frame("card", self.lines)
        self.lines.setContentsMargins(2 * SPACE, SPACE, SPACE, SPACE)
        tools = row(self.field, self.add_button)
        self.setLayout(column(label(_ABOUT, "muted", wrap=True), self.said, tools, shown, None, gap=2 * SPACE))
        hear(self, desk.changed, lambda subjects: self.show_metrics() if "settings" in subjects else None)
        self.show_metrics()

    def show_metrics(self) -> None:
        """Show the metrics as the book has them."""
        if not self.desk.is_open:
            return
        clear(self.lines)
        for one in (self.field, self.add_button):
            one.setEnabled(not self.desk.read_only)
        for number, code in enumerate(choices.metrics(self.desk.book)):
            if number:
                self.lines.addWidget(line())
            self.lines.addWidget(self._line(code))

    def _line(self, code: str) -> QWidget:
        made = QWidget()
        if code in METRICS:
            end: QWidget = label("in every book", "muted")
        else:
            end = icon_button("trash-2", f"Remove the metric {code}", partial(self.remove, code))
            end.setEnabled(not self.desk.read_only)
        made.setLayout(row(label(code), None, end, margins=(0, SPACE, SPACE, SPACE)))
        return made

    def add(self) -> None:
        """Add the metric whose name was typed."""
        code = self.field.text().strip()
        if code and self._do(f"Add metric {code}", lambda book: metrics.add(book, code)):
            self.field.clear()

    def remove(self, code: str) -> None:
        """Remove a metric, if nothing uses it."""
        self._do(f"Remove metric {code}", lambda book: metrics.remove(book, code))

    def _do(self, what: str, change: Callable[[Book], None]) -> bool:
        return done(self.desk, self.said, what, change)
