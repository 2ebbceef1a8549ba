"""Something that has to be done before one can go on: what it is, how far it is, and a way not to wait for it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QProgressBar, QPushButton, QWidget

from gui.theme import SPACE
from gui.widgets.buttons import button
from gui.widgets.layout import column, row
from gui.widgets.message import Inline
from gui.widgets.text import label
from gui.work import Job

_PATIENCE = 350
"""Milliseconds before it is shown: what is done at once would only flicker."""


class Waiting(QDialog):
    """Follows a job. `stop` is what its first button does, and Esc; more of them can be offered."""

    def __init__(self, parent: QWidget, title: str, about: str, text: str, stop: Callable[[], object]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle("Elpis")
        self.setMinimumWidth(64 * SPACE)
        self.title, self.about = label(title, "title", wrap=True), label(about, "muted", wrap=True)
        if not about:
            self.about.hide()
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(f"{title}: progress")
        self.said = Inline()
        self.ways = row(None, gap=SPACE)
        self.failed = False
        self.stop = self.offer(text, stop)
        self._stop = stop
        edge = 3 * SPACE
        parts = (self.title, self.about, self.bar, self.said, 2 * SPACE, self.ways)
        self.setLayout(column(*parts, gap=SPACE, margins=(edge, edge, edge, edge)))
        self._timer = QTimer(self, singleShot=True, interval=_PATIENCE)
        self._timer.timeout.connect(self.open)

    def follow(self, job: Job) -> None:
        """Show how far a job is, from when it has taken a moment. Whoever runs it calls `end` or `fail`."""
        job.progressed.connect(self._move)
        self._timer.start()

    def offer(self, text: str, run: Callable[[], object]) -> QPushButton:
        """One more button."""
        made = button(text, run)
        self.ways.addWidget(made)
        return made

    def fail(self, title: str, sentence: str) -> None:
        """Say what went wrong, at once; what there is to do about it are the buttons."""
        self._timer.stop()
        self.failed = True
        self.title.setText(title)
        self.about.hide()
        self.bar.hide()
        self.said.say(sentence)
        self.open()
        self.adjustSize()

    def reject(self) -> None:
        """Esc, and the frame's own button."""
        self._stop()

    def end(self) -> None:
        """It is over."""
        self._timer.stop()
        self.done(QDialog.DialogCode.Accepted)
        self.deleteLater()

    def _move(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)
