"""What all wizards share: the steps at the left, problems told where they are, one transaction at the end.

A wizard is a `Wizard` with `Page`s. `route` gives the pages in their order for what has been chosen so far; the last
three are a page that sums up (`sums_up`), `Progress` and `Finished`. Nothing is stored before Progress, and when that
fails, the sentence stands there, and one goes back to everything that was typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QFrame, QMessageBox, QProgressBar, QVBoxLayout, QWidget, QWizard, QWizardPage

from gui.desk import Desk, Place
from gui.dialogs import conflict, question
from gui.theme import SPACE
from gui.widgets.buttons import button
from gui.widgets.layout import Part, clear, column, frame, row, scrolling
from gui.widgets.message import Inline, message
from gui.widgets.summary import Summary
from gui.widgets.text import label, picture
from gui.wizards.fields import Field
from gui.work import Job, Report
from store.book import Book
from store.conflicts import Conflict
from store.errors import KnownFault

_EDGE = 3 * SPACE
_FAULT = "This failed because of a fault in the program, not because of what you typed: {}. Nothing was stored."


@dataclass(frozen=True)
class Made:
    """What a wizard has made: a sentence, more of them below it, where it is shown, and what the button there says."""

    sentence: str
    details: Sequence[str] = ()
    place: Place | None = None
    open_text: str = "Open record"


def fault_sentence(error: Exception) -> str:
    """What to say of a failure: a known problem in its own words, everything else as a fault of the program."""
    known = isinstance(error, KnownFault)
    return str(error) if known else _FAULT.format(type(error).__name__)


Problem = tuple[Field | None, str]
"""What is wrong with a page: the field (None: the page as a whole) and a sentence."""


class Page(QWizardPage):
    """A step: its name in the list of steps, its title, a sentence about it, and its parts below each other.

    Subclasses say in `problems` what keeps one from going on, and fill the page in `arrive`, each time it is come to.
    """

    sums_up = False
    """Whether what is typed gets stored when one goes on from here."""

    def __init__(self, step: str, title: str, about: str = "") -> None:
        super().__init__()
        self.step = step
        self.heading = label(title, "title", wrap=True)
        self.about = label(about, "muted", wrap=True)
        if not about:
            self.about.hide()
        self.said = Inline()
        self.setAccessibleName(title)
        self.setCommitPage(self.sums_up)

    def fill(self, *parts: Part, scroll: bool = True) -> None:
        """Put the parts of the page in, below its head. What may be higher than the window scrolls."""
        head = column(self.heading, self.about, self.said, gap=SPACE, margins=(_EDGE, _EDGE, _EDGE, 2 * SPACE))
        if scroll:
            self.body = scrolling(column(*parts, None, gap=2 * SPACE, margins=(_EDGE, 0, _EDGE, 2 * SPACE)))
            self.setLayout(column(head, self.body, gap=0))
        else:
            inner = column(*parts, gap=SPACE, margins=(_EDGE, 0, _EDGE, 2 * SPACE))
            self.setLayout(column(head, inner, gap=0))
        self.layout().setStretch(1, 1)

    def problems(self) -> Iterable[Problem]:
        """What keeps one from going on."""
        return ()

    def arrive(self) -> None:
        """Fill the page with what the steps before have brought. Called each time one goes on to it."""

    def initializePage(self) -> None:
        """One goes on to this page."""
        self.said.clear()
        self.arrive()

    def cleanupPage(self) -> None:
        """One goes back from this page: everything typed stays."""

    def validatePage(self) -> bool:
        """Say under each field what is wrong, and go to the first; whether nothing is."""
        found = list(self.problems())
        self.said.clear()
        for field, sentence in found:
            if field is None:
                self.said.say(sentence)
            else:
                field.say(sentence)
        first = next((field for field, _ in found if field is not None), None)
        if first is not None:
            first.control.setFocus()
        return not found

    def nextId(self) -> int:
        """The page after this one on the present route."""
        return self.wizard().after(self) if isinstance(self.wizard(), Wizard) else -1


class SummaryPage(Page):
    """What will be stored, name by name, and what should be known of it below."""

    sums_up = True

    def __init__(self, *more: QWidget) -> None:
        super().__init__("Summary", "Is this right?", "Nothing is stored yet.")
        self.summary = Summary()
        self._notes = column(gap=SPACE)
        self.fill(self.summary, *more, self._notes)

    def note(self, *sentences: str, severity: str = "info") -> None:
        """Say these sentences below, and no others."""
        clear(self._notes)
        for sentence in sentences:
            self._notes.addWidget(message(sentence, severity))


class Progress(Page):
    """Stores what was typed, in the background and in one transaction, and goes on by itself."""

    def __init__(self, about: str = "This is one step: all of it is stored, or nothing.") -> None:
        super().__init__("Progress", "Storing", about)
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Progress")
        self.again = button("Try again", self.run, icon="refresh-cw")
        self.back = button("Back", lambda: self.wizard().back(), icon="arrow-left")
        self.ways = QWidget()
        self.ways.setLayout(row(self.back, self.again, None))
        self.job: Job | None = None
        self.asking: conflict.ConflictDialog | None = None
        self.good = False
        self.fill(self.bar, self.ways)

    def arrive(self) -> None:
        """Begin as soon as the page can be seen."""
        self._show(running=True)
        QTimer.singleShot(0, self, self.run)

    def run(self) -> None:
        """Store it."""
        wizard = self.wizard()
        self.good = False
        self._show(running=True)
        try:
            self.job = wizard.desk.do_long(
                wizard.what(),
                wizard.store,
                self._done,
                self._failed,
                owner=wizard,
                resolved=wizard.resolved,
                backup=wizard.backup,
            )
        except KnownFault as fault:
            self._failed(fault)
            return
        self.job.progressed.connect(self._move)
        self.job.ended.connect(self._ended)

    def isComplete(self) -> bool:
        """One goes on only when it is stored."""
        return self.good

    def validatePage(self) -> bool:
        """Also where something else than the button asks for the next page."""
        return self.good

    def _show(self, *, running: bool) -> None:
        self.said.clear()
        self.heading.setText("Storing" if running else "Nothing was stored")
        self.bar.setVisible(running)
        self.bar.setRange(0, 0)
        self.ways.setVisible(not running)

    def _move(self, done: int, total: int) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def _done(self, answer: object) -> None:
        self.good = True
        self.wizard().answer = answer
        self.completeChanged.emit()
        self.wizard().next()

    def _failed(self, error: Exception) -> None:
        self._show(running=False)
        self.said.say(fault_sentence(error))
        self.back.setFocus()
        if isinstance(error, Conflict):
            self.asking = conflict.open_(self, error, self.run, self.wizard().leave)

    def _ended(self) -> None:
        cancelled = self.job is not None and self.job.cancelled
        self.job = None
        if cancelled and not self.good:
            self._show(running=False)
            self.said.say("This was canceled. Everything that you typed is still here.", "info")


class Finished(Page):
    """Says what was made, and leads there."""

    def __init__(self) -> None:
        super().__init__("Finished", "")
        self.open_button = button("Open record", self._open, icon="arrow-right")
        self.details = label("", wrap=True, selectable=True)
        self.place: Place | None = None
        done = picture("circle-check", "positive", 4 * SPACE)
        self.fill(row(done, self.details, gap=2 * SPACE), row(self.open_button, None))
        self.setFinalPage(True)

    def arrive(self) -> None:
        """Say it."""
        made = self.wizard().made(self.wizard().answer)
        self.heading.setText(made.sentence)
        self.setAccessibleName(made.sentence)
        self.details.setText("\n".join(made.details))
        self.place = made.place
        self.open_button.setText(made.open_text)
        self.open_button.setVisible(made.place is not None and made.place.page in self.wizard().desk.reaches)

    def _open(self) -> None:
        desk, place = self.wizard().desk, self.place
        self.wizard().accept()
        if place is not None:
            desk.go(place)


class Steps(QFrame):
    """The list of the steps: those done, the present one, those to come."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setProperty("kind", "well")
        self.setFixedWidth(208)
        self.rows = column(gap=SPACE // 2)
        edge = 2 * SPACE
        box: QVBoxLayout = column(label(title, "heading", wrap=True), SPACE, self.rows, None, gap=SPACE)
        box.setContentsMargins(edge, _EDGE, edge, edge)
        self.setLayout(box)

    def show_steps(self, names: Sequence[str], at: int) -> None:
        """Show the steps by their names, and which is the present one."""
        clear(self.rows)
        for number, name in enumerate(names):
            self.rows.addWidget(_step(number, name, at))

    def names(self) -> list[str]:
        """The names shown."""
        shown = (self.rows.itemAt(number).widget() for number in range(self.rows.count()))
        return [str(one.property("step")) for one in shown]


def _step(number: int, name: str, at: int) -> QFrame:
    icon, meaning = ("circle-check", "positive") if number < at else ("circle-dot", "accent")
    if number > at:
        icon, meaning = "circle", "faint"
    role = "strong" if number == at else "body" if number < at else "muted"
    made = frame("step", row(picture(icon, meaning), label(name, role, wrap=True), gap=SPACE, margins=(8, 6, 8, 6)))
    made.setProperty("step", name)
    made.setProperty("present", "true" if number == at else "")
    word = "done" if number < at else "this step" if number == at else "to come"
    made.setAccessibleName(f"{name}, {word}")
    return made


class Wizard(QWizard):
    """The frame of a wizard. Subclasses fill `begin` with pages, and say `what`, `store`, `made` and `typed`."""

    resolved = False
    """Whether storing takes every id that it writes from the book itself, as imports do."""

    backup = ""
    """The reason of the backup that is made before storing, if one is."""

    def __init__(self, desk: Desk, parent: QWidget | None, title: str, commit: str) -> None:
        super().__init__(parent)
        self.desk = desk
        self.answer: object = None
        self.asking: QMessageBox | None = None
        self.setWindowTitle(title)
        self.setWizardStyle(QWizard.WizardStyle.ModernStyle)
        option = QWizard.WizardOption
        self.setOptions(
            option.NoBackButtonOnStartPage | option.NoBackButtonOnLastPage | option.NoCancelButtonOnLastPage
        )
        role = QWizard.WizardButton
        names = {
            role.BackButton: "Back",
            role.NextButton: "Next",
            role.CommitButton: commit,
            role.FinishButton: "Finish",
        }
        for one, words in (names | {role.CancelButton: "Cancel"}).items():
            self.setButtonText(one, words)
        self.steps = Steps(title)
        self.setSideWidget(self.steps)
        self.resize(1240, 760)
        self.setMinimumSize(800, 560)
        self.currentIdChanged.connect(lambda _: self.refresh())
        desk.opened.connect(self.leave)

    # ------------------------------------------------------------------------------------------ what each wizard says
    def route(self) -> Sequence[Page]:
        """The pages in their order, for what has been chosen so far."""
        raise NotImplementedError

    def what(self) -> str:
        """What the step is called that undo takes back: "Add contract C-17"."""
        raise NotImplementedError

    def store(self, book: Book, report: Report) -> object:
        """Store everything: runs in the background, inside the transaction. Raises the faults of the store."""
        raise NotImplementedError

    def made(self, answer: object) -> Made:
        """What the last page says, given the answer of `store`."""
        raise NotImplementedError

    def typed(self) -> bool:
        """Whether something would be lost by leaving now."""
        raise NotImplementedError

    # ------------------------------------------------------------------------------------------------- common conduct
    def begin(self, *pages: Page) -> None:
        """Take the pages in, all that any route has."""
        for page in pages:
            self.addPage(page)
        self.refresh()

    def after(self, page: QWizardPage) -> int:
        """The id of the page after another on the route, -1 for none."""
        route = list(self.route())
        at = route.index(page) if page in route else len(route)
        return self._id(route[at + 1]) if at + 1 < len(route) else -1

    def refresh(self) -> None:
        """Show the steps of the present route."""
        route, page = list(self.route()), self.currentPage()
        if isinstance(page, Page) and (page.sums_up or isinstance(page, Finished)):
            last = QWizard.WizardButton.CommitButton if page.sums_up else QWizard.WizardButton.FinishButton
            QTimer.singleShot(0, self, self.button(last).setFocus)
        self.steps.show_steps([one.step for one in route], route.index(page) if page in route else 0)

    def reject(self) -> None:
        """Leave: at once when nothing was typed, or the work is done; a job that runs is cancelled instead."""
        page = self.currentPage()
        if isinstance(page, Finished):
            self.accept()
        elif isinstance(page, Progress) and page.job is not None:
            page.job.cancel()
        elif self.typed():
            self._ask()
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The frame's own button leaves like Cancel."""
        event.ignore()
        self.reject()

    def _ask(self) -> None:
        self.asking = question.ask(
            self,
            "Leave without storing anything?",
            "What you typed here is lost then.",
            "Leave",
            self.leave,
            stay="Go on typing",
        )

    def leave(self) -> None:
        """Leave without asking: the user said so, or the book is another."""
        super().reject()

    def _id(self, page: Page) -> int:
        return next(number for number in self.pageIds() if self.page(number) is page)


def open_(wizard: Wizard) -> Wizard:
    """Show a wizard over the window that it belongs to."""
    wizard.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    wizard.open()
    return wizard
