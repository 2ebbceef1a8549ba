"""Checks the open book from end to end, in the background, and names what is wrong and what to do about it."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QProgressBar, QTreeWidgetItem, QWidget

from gui import icons, wording
from gui.desk import Desk
from gui.theme import SPACE
from gui.widgets.buttons import button
from gui.widgets.findings import FindingsList
from gui.widgets.layout import column, row
from gui.widgets.message import Inline
from gui.widgets.text import label
from gui.work import Report
from store import care, evidence
from store.book import Book

Checked = tuple[list[tuple[str, list[str]]], int]
"""What was found by what was checked, and how many changes tell of rows that have no hash yet."""

_ABOUT: Final = (
    "Reads every page of the file, every reference, every entry of the change log and every row that is evidence, and"
    " compares them with the hashes that were kept. Nothing is changed."
)
_SOUND: Final = "This book is sound: everything is as it was written."
_DAMAGED: Final = (
    "This book is not as it was written. Go on with the latest backup that is sound, and keep this file aside."
)
_STEPS: Final = 1_000


def open_(desk: Desk, parent: QWidget) -> BookCheckDialog:
    """Show the dialog and check the open book."""
    dialog = BookCheckDialog(desk, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    dialog.check()
    return dialog


class BookCheckDialog(QDialog):
    """What was checked, line by line, while and after it is done."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk = desk
        self.setWindowTitle("Check this book")
        self.verdict, self.list = Inline(), FindingsList()
        self.list.setAccessibleName("What was checked")
        self.list.setHeaderLabels(["Result", "What was checked", "What was found"])
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Progress of the check")
        self.bar.setTextVisible(False)
        self.bar.setRange(0, _STEPS)
        self.again = button("Check again", self.check, icon="shield-check", kind="primary")
        self.resize(860, 520)
        edge = 3 * SPACE
        self.setLayout(
            column(
                label("Check this book", "title"),
                label(str(desk.book.path), "muted", wrap=True, selectable=True),
                label(_ABOUT, wrap=True),
                self.bar,
                self.verdict,
                self.list,
                row(None, self.again, button("Close", self.close)),
                gap=SPACE,
                margins=(edge, edge, edge, edge),
            )
        )

    def check(self) -> None:
        """Check the book in the background; the dialog may be closed meanwhile."""
        self.again.setEnabled(False)
        self.bar.setValue(0)
        self.bar.show()
        self.verdict.clear()
        job = self.desk.look_long("Checking the book", _checked, self._show, self._failed, owner=self)
        job.progressed.connect(self._progress)

    def _progress(self, done: int, total: int) -> None:
        self.bar.setValue(_STEPS * done // max(total, 1))

    def _show(self, found: Checked) -> None:
        parts, waiting = found
        self.again.setEnabled(True)
        self.bar.hide()
        self.list.clear()
        self.list.addTopLevelItems([item for what, problems in parts for item in _items(what, problems)])
        if waiting:
            self.list.addTopLevelItem(_item("warning", "the rows", _waiting(waiting)))
        self.list.measure()
        wrong = any(problems for _, problems in parts)
        self.verdict.say(_DAMAGED if wrong else _SOUND, "error" if wrong else "positive")

    def _failed(self, error: Exception) -> None:
        self.again.setEnabled(True)
        self.bar.hide()
        self.verdict.say(str(error))


def _checked(book: Book, report: Report) -> Checked:
    return care.checked(book, lambda _, done, of: report(done, of)), evidence.unhashed(book)


def _items(what: str, problems: list[str]) -> list[QTreeWidgetItem]:
    if not problems:
        return [_item("positive", what, "as it was written")]
    return [_item("error", what, problem) for problem in problems]


def _waiting(count: int) -> str:
    changes = wording.plural(count, "change")
    return f"rows of the latest {changes} have no hash yet and could not be compared; they get one in a moment"


_LOOKS: Final = {
    "positive": ("circle-check", "positive", "Sound"),
    "warning": ("triangle-alert", "warning", "Not yet"),
    "error": ("circle-x", "negative", "Damaged"),
}


def _item(result: str, what: str, text: str) -> QTreeWidgetItem:
    icon, meaning, word = _LOOKS[result]
    item = QTreeWidgetItem([word, wording.capital(what), text])
    item.setIcon(0, icons.icon(icon, meaning))
    for place in range(3):
        item.setData(place, Qt.ItemDataRole.AccessibleTextRole, f"{what}: {word}. {text}")
    return item
