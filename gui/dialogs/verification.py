"""Checks a signed snapshot, whoever it is from, and shows every check in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QLineEdit, QWidget

from gui import own_key
from gui.desk import Desk
from gui.theme import SPACE
from gui.widgets.buttons import button
from gui.widgets.checks import ChecksList
from gui.widgets.layout import column, row
from gui.widgets.message import Inline
from gui.widgets.text import label
from gui.wizards.fields import Field
from gui.work import Report
from store import settings
from store.book import Book
from store.snapshots import verifying
from store.snapshots.verify import INTACT, REFUSED, TRUSTED, earlier_of, grouped, key_of
from store.snapshots.verify import Report as Checked

_FILES: Final = "Signed snapshots (*.licsnap);;All files (*)"
_KEYS: Final = "Public keys (*.pem);;All files (*)"
_VERDICTS: Final = {
    TRUSTED: ("Trusted: the snapshot is as it was signed, by the key that was named.", "positive"),
    INTACT: ("Intact, but not trusted: the snapshot is as it was signed, but nobody vouches for all of it.", "warning"),
    REFUSED: ("Refused: do not rely on this file.", "error"),
}


def ask(desk: Desk, parent: QWidget) -> QFileDialog:
    """Ask for a file, and check it."""
    asking = _asking(parent, "Verify a snapshot", _FILES, lambda name: open_(desk, parent, Path(name)))
    asking.open()
    return asking


def open_(desk: Desk, parent: QWidget, path: Path) -> VerificationDialog:
    """Show the checks of a file."""
    dialog = VerificationDialog(desk, parent, path)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    dialog.check()
    return dialog


class VerificationDialog(QDialog):
    """The checks of one file; a key and an earlier snapshot can be named, and it is checked again."""

    def __init__(self, desk: Desk, parent: QWidget, path: Path) -> None:
        super().__init__(parent)
        self.desk, self.path = desk, path
        self.asking: QFileDialog | None = None
        self.setWindowTitle("Verify a snapshot")
        self.key = Field(
            "Signed by",
            QLineEdit(),
            hint="The public key of the signer (a PEM file) or its fingerprint, which you have from the signer himself,"
            " not from whoever gave you the file.",
        )
        self.earlier = Field(
            "Later than",
            QLineEdit(),
            hint="An earlier snapshot of the same book, or its number; empty: whether it is the latest is not checked.",
        )
        self.verdict, self.list = Inline(), ChecksList()
        self.again = button("Check again", self.check, icon="shield-check", kind="primary")
        self.again.setDefault(True)
        self.resize(920, 680)
        self._build()

    def _build(self) -> None:
        self.key.line.addWidget(button("Choose…", lambda: self._choose(self.key, _KEYS), icon="folder-open"))
        self.earlier.line.addWidget(button("Choose…", lambda: self._choose(self.earlier, _FILES), icon="folder-open"))
        named = row(self.key, self.earlier, gap=2 * SPACE)
        for field in (self.key, self.earlier):
            named.setAlignment(field, Qt.AlignmentFlag.AlignTop)
        edge = 3 * SPACE
        self.setLayout(
            column(
                label("Verify a snapshot", "title"),
                label(str(self.path), "muted", wrap=True, selectable=True),
                SPACE,
                named,
                self.verdict,
                self.list,
                SPACE,
                row(None, self.again, button("Close", self.close)),
                margins=(edge, edge, edge, edge),
            )
        )

    def check(self) -> None:
        """Check the file in the background, by what is typed."""
        text = self.key.control.text().strip()
        try:
            key = key_of(text) if text else None
        except ValueError as fault:
            self.key.say(str(fault))
            return
        self.again.setEnabled(False)
        job = _job(self.path, key, earlier_of(self.earlier.control.text().strip() or None))
        if self.desk.is_open:
            self.desk.look_long("Checking a snapshot", job, self._show, self._failed, owner=self)
        else:
            self.desk.work.run("Checking a snapshot", lambda report: job(None, report), self._show, owner=self)

    def _show(self, found: Checked) -> None:
        self.again.setEnabled(True)
        if not self.key.control.text() and found.manifest and found.manifest["key"] == own_key.fingerprint():
            self.key.control.setText(grouped(found.manifest["key"]))
            self.key.control.setCursorPosition(0)
            self.key.hint.setText("This is your own key.")
        sentence, severity = _VERDICTS[found.verdict]
        self.verdict.say(sentence, severity)
        self.list.show_checks(found.checks)

    def _failed(self, error: Exception) -> None:
        self.again.setEnabled(True)
        self.verdict.say(str(error))

    def _choose(self, field: Field, files: str) -> None:
        self.asking = _asking(self, field.title, files, field.control.setText)
        self.asking.open()


def _job(path: Path, key: str | None, after: Path | int | None) -> Callable[[Book | None, Report], Checked]:
    """Checks the file with all that is at hand: one's own key and the open book, if it is by the one, of the other."""

    def job(book: Book | None, _: Report) -> Checked:
        said = verifying.check(path).manifest or {}
        own = own_key.fingerprint()
        of_this_book = book is not None and settings.get(book, "book_id") == said.get("book")
        return verifying.check(
            path,
            key=key or (own if own == said.get("key") else None),
            after=after,
            contents=True,
            book=book if of_this_book else None,
        )

    return job


def _asking(parent: QWidget, title: str, files: str, then: Callable[[str], object]) -> QFileDialog:
    made = QFileDialog(parent, title, "", files)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    made.setFileMode(QFileDialog.FileMode.ExistingFile)
    made.fileSelected.connect(then)
    return made
