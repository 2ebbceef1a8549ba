"""Pictures of signed snapshots: the first one with its new key, the next one, what the checks say."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui.desk import Place
from gui.dialogs import verification
from gui.main_window import MainWindow
from gui.pages.snapshots import SnapshotsPage
from tests.signing import PASSPHRASE


def asked(window: MainWindow) -> QWidget:
    """The dialog, with a signed snapshot chosen."""
    dialog = _page(window).dialog
    dialog.signed.setChecked(True)
    dialog.control.setText(str(window.desk.book.path.with_name("q4-2026.licsnap")))
    return dialog


def made(window: MainWindow) -> QWidget:
    """The list with a signed snapshot in it."""
    dialog = asked(window)
    for field in (dialog.signing.passphrase, dialog.signing.again):
        field.control.setText(PASSPHRASE)
    dialog.save.click()
    return window


def checked(window: MainWindow) -> QWidget:
    """The checks of what was signed."""
    return verification.open_(window.desk, window, window.desk.book.path.with_name("q4-2026.licsnap"))


def refused(window: MainWindow) -> QWidget:
    """The checks of what was signed and changed afterwards."""
    made = window.desk.book.path.with_name("q4-2026.licsnap")
    forged = made.with_name("forged.licsnap")
    forged.write_bytes(made.read_bytes().replace(b"under-licensed", b"over--licensed", 2))
    return verification.open_(window.desk, window, forged)


def _page(window: MainWindow) -> SnapshotsPage:
    window.desk.go(Place("snapshots"))
    page = window.stack.currentWidget()
    page.save()
    return page


SCREENS = [
    ("dialog-snapshot-signed", asked),
    ("snapshots-signed", made),
    ("dialog-verify", checked),
    ("dialog-verify-refused", refused),
]
"""In this order: each needs what the one before made."""
