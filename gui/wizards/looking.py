"""Pages of the import that work in the background before they show something, and the trees in which they show it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QTreeWidget, QTreeWidgetItem, QWidget, QWizard

from gui.desk import Desk
from gui.widgets.buttons import button
from gui.wizards import base
from gui.wizards.base import Page
from gui.work import Job, Report

WIDE = 136
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class LookingPage(Page):
    """A page that works in the background before it shows something."""

    def __init__(self, desk: Desk, step: str, title: str, about: str) -> None:
        super().__init__(step, title, about)
        self.desk = desk
        self.job: Job | None = None
        self.ready = False
        self.bar = QProgressBar()
        self.bar.setAccessibleName(title)
        self.again = button("Look again", self.look, icon="refresh-cw")
        self.cancel = button("Stop", self.stop, icon="x")

    def arrive(self) -> None:
        """Look anew."""
        self.look()

    def look(self) -> None:
        """Begin to look."""
        raise NotImplementedError

    def isComplete(self) -> bool:
        """One goes on when there is something to go on with."""
        return self.ready

    def cleanupPage(self) -> None:
        """Gone back: what is not needed any more stops."""
        self.stop()

    def stop(self) -> None:
        """Stop looking."""
        if self.job is not None:
            self.job.cancel()

    def begin(self, job: Job) -> None:
        self.job = job
        job.progressed.connect(self._move)
        job.ended.connect(lambda: self._ended(job))

    def wait(self, body: QWidget) -> None:
        self.said.clear()
        self.be_ready(False)
        self.bar.setRange(0, 0)
        for part, shown in ((self.bar, True), (self.cancel, True), (self.again, False), (body, False)):
            part.setVisible(shown)

    def show_body(self, body: QWidget) -> None:
        for part, shown in ((self.bar, False), (self.cancel, False), (self.again, True), (body, True)):
            part.setVisible(shown)

    def _move(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def be_ready(self, ready: bool) -> None:
        self.ready = ready
        self.completeChanged.emit()
        if ready:
            role = QWizard.WizardButton.CommitButton if self.sums_up else QWizard.WizardButton.NextButton
            self.wizard().button(role).setFocus()

    def _ended(self, job: Job) -> None:
        if self.job is job:
            self.job = None
            if job.cancelled:
                self.bar.hide()
                self.cancel.hide()
                self.again.show()
                self.said.say("You have stopped this. Nothing was changed.", "info")

    def failed(self, error: Exception) -> None:
        self.bar.hide()
        self.cancel.hide()
        self.again.show()
        self.said.say(base.fault_sentence(error))


def steps(report: Report) -> Callable[[str, int, int], None]:
    """What tells the store's progress to a job."""
    return lambda _, done, total: report(done, total)


def tree(headings: Sequence[str], first: int) -> QTreeWidget:
    """A tree with these headings, the first column so wide."""
    made = QTreeWidget()
    made.setHeaderLabels(list(headings))
    made.setProperty("kind", "boxed")
    made.setAllColumnsShowFocus(True)
    made.setUniformRowHeights(True)
    made.header().resizeSection(0, first)
    for place in range(1, len(headings) - 1):
        made.header().resizeSection(place, WIDE)
    return made


def numbers_tree(name: str, headings: Sequence[str]) -> QTreeWidget:
    """A flat tree: a name, and numbers in line below each other."""
    made = tree(headings, 280)
    made.setAccessibleName(name)
    made.setRootIsDecorated(False)
    made.header().setStretchLastSection(False)
    for place in range(1, len(headings)):
        made.header().resizeSection(place, WIDE)
        made.headerItem().setTextAlignment(place, _RIGHT)
    return made


def numbers(texts: Sequence[str]) -> QTreeWidgetItem:
    """A line of such a tree."""
    made = QTreeWidgetItem(list(texts))
    for place in range(1, len(texts)):
        made.setTextAlignment(place, _RIGHT)
    return made
