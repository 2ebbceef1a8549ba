"""Pictures of the care of a book: backups, the question before a restore, a damaged book, a conflict, passphrases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QWidget

from gui import wording
from gui.desk import Place
from gui.dialogs import conflict, encryption, passphrase
from gui.dialogs.waiting import Waiting
from gui.leaving import ABOUT, FAILED
from gui.main_window import MainWindow
from store import backups, cipher, contracts
from store.conflicts import Conflict, Difference, Seen
from store.records import Contract


def _made(window: MainWindow) -> None:
    """Three backups, and something done after each."""
    desk = window.desk
    for number, why in enumerate(("import", "changes", "user"), 1):
        if len(backups.listed(desk.book.path)) < number:
            backups.back_up(desk.book, why)
            made = Contract(f"T-{number}", "Added after a backup", date(2026, 1, 1), "EUR")
            desk.do(f"Add contract {made.contract}", lambda book, made=made: contracts.save(book, made))


def listed(window: MainWindow) -> QWidget:
    """The page, with the oldest backup in hand."""
    _made(window)
    window.desk.go(Place("backups"))
    page = window.stack.currentWidget()
    page.list.setCurrentItem(page.list.topLevelItem(page.list.topLevelItemCount() - 1))
    return window


def question(window: MainWindow) -> QWidget:
    """What is asked before a backup is restored."""
    listed(window)
    page = window.stack.currentWidget()
    page.restore()
    return page.question


def damaged(window: MainWindow) -> QWidget:
    """What stands above the pages of a book that is not sound."""
    window.banner.say(
        "This book is not sound: the index events_day is missing. It is open for reading only, so that nothing gets"
        " worse. Restore a backup; this file is kept aside then.",
        "error",
    )
    return window


def changed_meanwhile(window: MainWindow) -> QWidget:
    """A contract that an import has changed while it was edited."""
    window.banner.clear()
    found = (
        Difference("supplier", "Comparex", "SoftwareONE", "Crayon"),
        Difference("item 2: quantity", "100", "120", "110"),
        Difference("item 2: unit price", "", "55.20", ""),
    )
    told = Conflict(Seen("Contract MS-EA-2022", lambda _: {}, {}), {"supplier": "SoftwareONE"}, found)
    return conflict.open_(window, told, lambda: None, lambda: None)


def _waiting(window: MainWindow) -> Waiting:
    made = Waiting(window, "Backing up the book before it is closed", ABOUT, "Stay", lambda: None)
    made.offer("Close without a backup", lambda: None)
    made.open()
    return made


def backing_up(window: MainWindow) -> QWidget:
    """A backup at closing that takes a while."""
    made = _waiting(window)
    made.bar.setRange(0, 3)
    made.bar.setValue(1)
    return made


def not_backed_up(window: MainWindow) -> QWidget:
    """A backup at closing that failed."""
    made = _waiting(window)
    full = "estate.elpis: there is no room for a backup: 80 MB of the disk are free, and 140 MB are needed."
    made.fail("Close without a backup?", FAILED.format(full))
    return made


def asked_for_passphrase(window: MainWindow) -> QWidget:
    """An encrypted book is opened, and what was typed does not open it."""
    desk = window.desk
    made = passphrase.open_(desk, window, desk.book.path, lambda _: None)
    made.field.control.setText("not the passphrase")
    made.field.say(wording.capital(str(cipher.refused(desk.book.path)).removeprefix(f"{desk.book.path}: ")))
    return made


def to_be_encrypted(window: MainWindow) -> QWidget:
    """A plain book with backups gets a passphrase."""
    made = encryption.open_(window.desk, window)
    made.first.control.setText("correct horse")
    return made


def passphrases_that_differ(window: MainWindow) -> QWidget:
    """The same, after something else was typed the second time."""
    made = to_be_encrypted(window)
    made.again.control.setText("another one")
    made.go.click()
    return made


SCREENS: Sequence[tuple[str, object]] = [
    ("backups-made", listed),
    ("dialog-restore", question),
    ("book-damaged", damaged),
    ("dialog-conflict", changed_meanwhile),
    ("dialog-backing-up", backing_up),
    ("dialog-no-backup", not_backed_up),
    ("dialog-passphrase", asked_for_passphrase),
    ("dialog-encryption", to_be_encrypted),
    ("dialog-encryption-differs", passphrases_that_differ),
]
"""Every screen by the name of its picture."""
