"""Encrypts the open book with a passphrase, gives it another one, or makes it plain again; in the background.

The book is closed meanwhile, and opens again afterwards, whatever became of it.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QProgressBar, QRadioButton, QWidget

from gui import cipher_words, icons, wording
from gui.desk import Desk
from gui.dialogs.passphrase import secret_field
from gui.theme import SPACE
from gui.widgets.buttons import button
from gui.widgets.layout import column, fit, row
from gui.widgets.message import Inline, message
from gui.widgets.text import label
from gui.wizards.base import fault_sentence
from gui.work import Job, Report
from store import cipher, encrypting, generations
from store.cipher import SHORTEST, Passphrase
from store.encrypting import LEAVE, REMOVE, TOGETHER, Changed
from store.errors import KnownFault, Locked

_EDGE = 3 * SPACE
_STEPS: Final = 1_000
_PLAIN: Final = (
    "Anybody who has the file of this book can read it. With a passphrase it is encrypted, and so is every backup that"
    " is made from then on."
)
_ENCRYPTED: Final = "This book is encrypted: its passphrase opens it, and every backup that is made of it."
_ELSEWHERE: Final = (
    "Copies, exports and snapshots that lie elsewhere stay as they are. A disk may hold traces of what was deleted for"
    " a while."
)


def open_(desk: Desk, parent: QWidget) -> EncryptionDialog:
    """Show the dialog for the open book."""
    dialog = EncryptionDialog(desk, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog


class EncryptionDialog(QDialog):
    """Asks for a new passphrase, twice, and what becomes of the backups."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self.desk, self.path, self.now = desk, desk.book.path, desk.book.passphrase
        self.job: Job | None = None
        self.changed: Changed | None = None
        title = "Encrypt this book" if self.now is None else "Passphrase of this book"
        self.setWindowTitle(title)
        self.setMinimumWidth(72 * SPACE)
        self.first, self.again = secret_field("New passphrase"), secret_field("New passphrase again")
        self.another = QRadioButton("Give it another passphrase")
        self.plain = QRadioButton("Make it plain: no passphrase, and anybody who has the file can read it")
        self.backups = self._choices()
        self.said = Inline()
        self.bar = QProgressBar()
        self.bar.setAccessibleName("Progress of copying and comparing")
        self.bar.setTextVisible(False)
        self.bar.setRange(0, _STEPS)
        self.bar.hide()
        self.go = button("", self.begin, icon="lock", kind="primary")
        self.go.setDefault(True)
        self.cancel = button("Cancel", self.reject)
        self._build(title)
        self.another.setChecked(True)
        self.plain.toggled.connect(self._turn)
        self._turn(False)
        self.go.setEnabled(not desk.read_only)

    def _choices(self) -> dict[str, QRadioButton]:
        """What may become of the backups; nothing where there are none."""
        count = len(generations.listed(self.path))
        made = {code: QRadioButton() for code in (TOGETHER, REMOVE, LEAVE)[: 3 * bool(count)]}
        if made:
            made[TOGETHER].setChecked(True)
            made[REMOVE].setText("Remove them when the book is encrypted" if self.now is None else "Remove them")
        return made

    def _build(self, title: str) -> None:
        encrypted = self.now is not None
        self.asked = QWidget()
        self.asked.setLayout(column(self.first, self.again, message(cipher_words.KEEP, "warning"), gap=SPACE))
        self.form = QWidget()
        self.form.setLayout(
            column(
                *((self.another, self.plain) if encrypted else ()),
                self.asked,
                *((SPACE, self._beside()) if self.backups else ()),
                label(_ELSEWHERE, "muted", wrap=True),
                gap=SPACE,
            )
        )
        self.setLayout(
            column(
                label(title, "title"),
                label(str(self.path), "muted", wrap=True, selectable=True),
                label(_ENCRYPTED if encrypted else _PLAIN, wrap=True),
                self.form,
                self.said,
                self.bar,
                None,
                row(None, self.go, self.cancel),
                gap=SPACE,
                margins=(_EDGE,) * 4,
            )
        )

    def _beside(self) -> QWidget:
        made, count = QWidget(), wording.plural(len(generations.listed(self.path)), "backup")
        made.setLayout(column(label(f"{count} beside this book", "strong"), *self.backups.values(), gap=SPACE // 2))
        return made

    def _turn(self, plain: bool) -> None:
        """Say what the choice comes to."""
        self.asked.setVisible(not plain)
        icons.give(self.go, "lock-open" if plain else "lock", "on-accent")
        self.go.setText("Make it plain" if plain else "Encrypt" if self.now is None else "Change the passphrase")
        if self.backups:
            together, stays = (
                ("Make them plain, too", "Leave them: they still need the passphrase")
                if plain
                else ("Encrypt them, too", "Leave them plain: anybody who has them can read them")
                if self.now is None
                else ("Change them, too", "Leave them: they do not open with the new passphrase")
            )
            self.backups[TOGETHER].setText(together)
            self.backups[LEAVE].setText(stays)
        if self.isVisible():
            fit(self)

    def showEvent(self, event: QShowEvent) -> None:
        """Have room for every word, also in the largest type."""
        super().showEvent(event)
        fit(self)

    # ------------------------------------------------------------------------------------------------------------ work
    def begin(self) -> None:
        """Do it, unless something is missing."""
        if self.plain.isChecked():
            self._run(None)
        elif not self._complain():
            then = cipher.chosen(self.first.control.text())
            for field in (self.first, self.again):
                field.control.clear()
            self._run(then)

    def _complain(self) -> bool:
        typed, again = self.first.control.text(), self.again.control.text()
        if len(typed) < SHORTEST:
            self.first.say(f"A passphrase has {SHORTEST} characters or more." if typed else "Type a passphrase.")
        elif typed != again:
            self.again.say("The two differ. Type the same passphrase twice.")
        return bool(self.first.said() or self.again.said())

    def _run(self, then: Passphrase | None) -> None:
        desk, path, now = self.desk, self.path, self.now
        ways = next((code for code, one in self.backups.items() if one.isChecked()), TOGETHER)
        if desk.busy:
            self.said.say("Something is changing the book just now. Wait for it, and try again.")
            return

        def work(report: Report) -> Changed:
            return encrypting.change(
                path, now, then, clock=lambda: desk.now, who=desk.who, backups=ways, progress=report
            )

        if desk.keeper is not None:
            desk.keeper.spare()
        desk.close()
        self._busy(True)
        self.job = desk.work.run(self.windowTitle(), work, self._done, self._failed)
        self.job.progressed.connect(lambda done, of: self.bar.setValue(_STEPS * done // of))
        self.job.ended.connect(lambda: self._ended(then))

    def _busy(self, busy: bool) -> None:
        self.bar.setVisible(busy)
        self.form.setEnabled(not busy)
        self.go.setEnabled(not busy)
        self.said.clear()

    def _done(self, changed: Changed) -> None:
        self.changed = changed

    def _failed(self, error: Exception) -> None:
        self._busy(False)
        self.said.say(fault_sentence(error))

    def _ended(self, then: Passphrase | None) -> None:
        """Open the book again, with whatever opens it: it may have been cancelled too late."""
        self.job = None
        self._open(then)
        if self.desk.is_open and self.desk.book.passphrase is then and not self.said.text():
            self.accept()
            self._tell(self.changed or Changed(0, encrypting.left(self.path, then)), then)
        elif not self.said.text():
            self._busy(False)
            self.said.say("This was canceled. The book is as it was.", "info")

    def _open(self, then: Passphrase | None) -> None:
        for passphrase in (then, self.now):
            try:
                self.desk.open(self.path, passphrase=passphrase)
            except Locked:
                continue
            except KnownFault as fault:
                self.desk.tell(str(fault), "error")
            return

    def _tell(self, changed: Changed, then: Passphrase | None) -> None:
        is_now = "encrypted; its passphrase opens it" if then else "plain; anybody who has the file can open it"
        told = f"{self.path.name} is {is_now}."
        if changed.left:
            names = ", ".join(path.name for path in changed.left[:3])
            more = f" and {len(changed.left) - 3} more" if len(changed.left) > 3 else ""
            told += f" Of {names}{more}: {cipher_words.left(self.now is not None, then is not None)}."
        self.desk.tell(told, "warning" if changed.left else "positive")

    def reject(self) -> None:
        """While it is being done, Cancel stops that; the book stays as it was."""
        if self.job is not None:
            self.job.cancel()
        else:
            super().reject()
