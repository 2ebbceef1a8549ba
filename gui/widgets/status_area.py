"""The bottom of the window: what runs in the background, how far it is, and a way to stop it."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QWidget

from gui import wording
from gui.theme import SPACE
from gui.widgets.buttons import icon_button
from gui.widgets.layout import frame, row
from gui.widgets.text import label
from gui.work import Job, Worker

_PATIENCE = 350
"""Milliseconds before a job is shown: what is done at once would only flicker."""


class StatusArea(QFrame):
    """Shows the running jobs of a worker, each with its name, a bar, and a button that cancels it."""

    def __init__(self, work: Worker, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "status")
        self._rows: dict[Job, QFrame] = {}
        self._said = label("", "hint")
        self.kept = QPushButton()
        self.kept.setProperty("kind", "link")
        self.kept.hide()
        self._jobs = QHBoxLayout()
        self._jobs.setSpacing(2 * SPACE)
        self.setLayout(row(self._said, None, self._jobs, self.kept, margins=(2 * SPACE, 4, 2 * SPACE, 4)))
        self.setMinimumHeight(4 * SPACE)
        self.follow(work)

    def follow(self, work: Worker) -> None:
        """Show the jobs of a worker."""
        work.started.connect(self._wait)
        work.finished.connect(self._drop)

    def say(self, text: str) -> None:
        """Say what is true all the time: what the book holds."""
        self._said.setText(text)

    def say_kept(self, text: str) -> None:
        """Say how old the last backup is."""
        self.kept.setText(text)
        self.kept.setVisible(bool(text))

    def shown(self) -> list[str]:
        """What the jobs say that are being shown."""
        return [job.what for job in self._rows]

    def _wait(self, job: Job) -> None:
        if job.what:
            QTimer.singleShot(_PATIENCE, self, lambda: self._show(job))

    def _show(self, job: Job) -> None:
        if job in self._rows or not job.running:
            return
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setFixedWidth(160)
        bar.setAccessibleName(f"{job.what}: progress")
        share = label("", "hint")
        share.setMinimumWidth(36)
        job.progressed.connect(lambda done, total: _tell(bar, share, done, total))
        _tell(bar, share, *job.progress)
        stop = icon_button("x", f"Cancel: {job.what}", job.cancel)
        self._rows[job] = frame("job", row(label(job.what, "small"), bar, share, stop))
        self._jobs.addWidget(self._rows[job])

    def _drop(self, job: Job) -> None:
        shown = self._rows.pop(job, None)
        if shown is not None:
            shown.hide()
            shown.deleteLater()


def _tell(bar: QProgressBar, share: QWidget, done: int, total: int) -> None:
    bar.setRange(0, total)
    bar.setValue(done)
    if total:
        share.setText(f"{wording.number(100 * done // total)} %")
