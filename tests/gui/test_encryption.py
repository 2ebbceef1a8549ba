"""Encrypted books in the window: the passphrase is asked for wherever one is opened, and set, changed and taken away."""

import shutil
import threading
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from gui import books, theme
from gui.desk import Desk, Place
from gui.dialogs import encryption
from gui.dialogs.encryption import EncryptionDialog
from gui.dialogs.passphrase import PassphraseDialog
from gui.keeping import Keeper
from gui.main_window import MainWindow
from store import backups, cipher, encrypting, generations
from store.cipher import Passphrase
from store.errors import Locked
from tests.conftest import NOW, SECRET, opened
from tests.gui.conftest import settled


@pytest.fixture(scope="module")
def hidden_once(sample_book, tmp_path_factory) -> Path:
    """The sample estate as an encrypted book; copied for each test."""
    path = Path(shutil.copy(sample_book, tmp_path_factory.mktemp("hidden") / "hidden.elpis"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cipher, "ROUNDS", 1_000)
        encrypting.change(path, None, Passphrase(SECRET), clock=lambda: NOW, who="ann")
    return path


@pytest.fixture
def hidden(hidden_once, tmp_path, secret) -> Path:
    """An encrypted book."""
    return Path(shutil.copy(hidden_once, tmp_path / "hidden.elpis"))


def asking(window: QWidget) -> PassphraseDialog:
    (dialog,) = [one for one in window.findChildren(PassphraseDialog) if one.isVisible()]
    return dialog


def answer(dialog: PassphraseDialog, text: str) -> None:
    dialog.field.control.setText(text)
    dialog.go.click()


# ------------------------------------------------------------------------------------------------------------ opening
def test_an_encrypted_book_asks_until_a_passphrase_opens_it(empty_window: MainWindow, hidden, qtbot: QtBot):
    desk = empty_window.desk
    empty_window.take(hidden)
    dialog = asking(empty_window)
    answer(dialog, "")
    assert dialog.field.said() == "Type the passphrase."
    answer(dialog, "not this one")
    qtbot.waitUntil(lambda: dialog.field.said().startswith("The passphrase does not open this book."))
    assert not desk.is_open
    assert dialog.go.isEnabled()
    answer(dialog, SECRET)
    qtbot.waitUntil(lambda: desk.is_open)
    assert desk.book.path == hidden
    assert desk.book.value("SELECT count(*) FROM contracts") > 5


def test_who_does_not_know_the_passphrase_stays_with_the_book_that_is_open(window: MainWindow, hidden, qtbot):
    before = window.desk.book.path
    assert not books.open_path(window.desk, window, hidden)
    asking(window).reject()
    assert window.desk.book.path == before


def test_nothing_of_the_passphrase_is_remembered(empty_window, hidden, qtbot, tmp_path):
    desk = empty_window.desk
    books.open_path(desk, empty_window, hidden)
    answer(asking(empty_window), SECRET)
    qtbot.waitUntil(lambda: desk.is_open)
    desk.close()
    desk.state.save()
    assert SECRET.encode() not in (tmp_path / "remembered.ini").read_bytes()
    books.open_path(desk, empty_window, hidden)
    assert asking(empty_window).field.control.text() == ""
    with pytest.raises(Locked):
        desk.open(hidden)


def test_a_book_that_another_program_has_open_is_read_with_its_passphrase(empty_window, hidden, secret, qtbot):
    desk = empty_window.desk
    with closing(opened(hidden, passphrase=secret)):
        books.open_path(desk, empty_window, hidden)
        (box,) = empty_window.findChildren(QMessageBox)
        next(one for one in box.buttons() if one.text() == "Open for reading").click()
        answer(asking(empty_window), SECRET)
        qtbot.waitUntil(lambda: desk.is_open)
        assert desk.read_only
    books.open_path(desk, empty_window, hidden)
    assert not desk.read_only, "the passphrase of the open book is not asked for again"


def test_an_encrypted_book_from_elsewhere_is_taken_in_by_its_passphrase(empty_window, hidden, qtbot):
    desk = empty_window.desk
    box = books.open_chosen(desk, empty_window, hidden)
    next(one for one in box.buttons() if one.text() == "Take its rows in").click()
    answer(asking(empty_window), SECRET)
    qtbot.waitUntil(lambda: desk.is_open, timeout=30_000)
    assert desk.book.path == hidden.with_name("hidden taken in.elpis")
    assert cipher.is_encrypted(desk.book.path)


# ------------------------------------------------------------------------------------------------------------- beside it
def test_an_encrypted_book_is_backed_up_when_it_is_closed_and_restored(empty_desk: Desk, hidden, secret, qtbot):
    desk = empty_desk
    desk.keeper = Keeper(desk, lambda: NOW, "ann")
    desk.open(hidden, passphrase=secret)
    settled(desk, qtbot)
    desk.do("Rename", lambda book: book.run("UPDATE settings SET value = 'CHF' WHERE key = 'currency'"))
    desk.keeper._dirty = True
    desk.close()
    qtbot.waitUntil(lambda: not desk.keeper.closing.jobs, timeout=20_000)
    (made,) = generations.listed(hidden)
    assert cipher.is_encrypted(made.path)
    desk.open(hidden, passphrase=secret)
    asides = []
    desk.restore(made, asides.append)
    qtbot.waitUntil(lambda: bool(asides), timeout=20_000)
    assert cipher.is_encrypted(asides[0])
    assert desk.book.passphrase is secret
    settled(desk, qtbot)


def test_the_backups_of_an_encrypted_book_are_checked_and_compared(window: MainWindow, secret, qtbot, hidden):
    desk = window.desk
    desk.open(hidden, passphrase=secret)
    backups.back_up(desk.book)
    desk.go(Place("backups"))
    page = window.stack.currentWidget()
    qtbot.waitUntil(lambda: page.rows.topLevelItemCount() > 3)
    page.check()
    settled(desk, qtbot)
    assert page.faults == {}


# ------------------------------------------------------------------------------------------------------------ the dialog
def shown(window: MainWindow) -> EncryptionDialog:
    return encryption.open_(window.desk, window)


def typed(dialog: EncryptionDialog, first: str, again: str) -> None:
    dialog.first.control.setText(first)
    dialog.again.control.setText(again)
    dialog.go.click()


def texts(dialog: QWidget) -> str:
    return "\n".join(one.text() for one in dialog.findChildren(QLabel))


def changed(window: MainWindow, qtbot: QtBot, dialog: EncryptionDialog) -> None:
    with qtbot.waitSignal(dialog.accepted, timeout=20_000):
        dialog.go.click()
    settled(window.desk, qtbot)


def test_a_book_is_encrypted_changed_and_made_plain_in_the_window(window: MainWindow, secret, qtbot):
    desk, said, path = window.desk, [], window.desk.book.path
    desk.told.connect(lambda sentence, severity: said.append((sentence, severity)))
    backup = backups.back_up(desk.book)
    dialog = shown(window)
    assert dialog.go.text() == "Encrypt"
    assert "without it nobody can open this book" in texts(dialog)
    assert dialog.backups["together"].isChecked()
    for field in (dialog.first, dialog.again):
        field.control.setText(SECRET)
    changed(window, qtbot, dialog)
    assert said[-1] == (f"{path.name} is encrypted; its passphrase opens it.", "positive")
    assert cipher.is_encrypted(path)
    assert cipher.is_encrypted(backup.path)
    assert desk.book.value("SELECT count(*) FROM contracts") > 5

    dialog = shown(window)
    assert dialog.go.text() == "Change the passphrase"
    for field in (dialog.first, dialog.again):
        field.control.setText("another one entirely")
    dialog.backups["leave"].setChecked(True)
    changed(window, qtbot, dialog)
    assert said[-1] == (
        f"{path.name} is encrypted; its passphrase opens it. Of {backup.path.name}: it does not open with the new"
        " passphrase.",
        "warning",
    )

    dialog = shown(window)
    dialog.plain.setChecked(True)
    assert dialog.go.text() == "Make it plain"
    assert not dialog.asked.isVisible()
    dialog.backups["remove"].setChecked(True)
    assert dialog.plain.isChecked()
    changed(window, qtbot, dialog)
    assert cipher.is_plain(path)
    assert not backup.path.exists()


def test_what_is_missing_is_said_below_the_fields(window: MainWindow, secret, qtbot):
    dialog = shown(window)
    assert dialog.backups == {}, "there are none to ask about"
    typed(dialog, "", "")
    assert dialog.first.said() == "Type a passphrase."
    typed(dialog, "short", "short")
    assert dialog.first.said() == "A passphrase has 8 characters or more."
    typed(dialog, "long enough", "long enouhg")
    assert dialog.again.said() == "The two differ. Type the same passphrase twice."
    dialog.reject()
    assert window.desk.is_open


def test_a_book_that_is_read_elsewhere_stays_as_it_is_and_opens_again(window: MainWindow, secret, qtbot):
    path = window.desk.book.path
    dialog = shown(window)
    with closing(opened(path, read_only=True)) as reader:
        reader.value("SELECT count(*) FROM products")
        typed(dialog, SECRET, SECRET)
        qtbot.waitUntil(lambda: "another program is reading this book" in dialog.said.text(), timeout=20_000)
    assert window.desk.is_open
    assert cipher.is_plain(path)
    dialog.reject()
    settled(window.desk, qtbot)


@pytest.mark.parametrize("late", [False, True])
def test_cancelled_it_is_as_it_was_or_all_of_it_is_done(window: MainWindow, secret, qtbot, monkeypatch, late):
    reached, go_on, real = threading.Event(), threading.Event(), encrypting.change

    def slow(*arguments, **how) -> object:
        done = real(*arguments, **how) if late else None
        reached.set()
        go_on.wait()
        return done or real(*arguments, **how)

    monkeypatch.setattr(encrypting, "change", slow)
    dialog, path = shown(window), window.desk.book.path
    typed(dialog, SECRET, SECRET)
    assert dialog.bar.isVisible()
    qtbot.waitUntil(reached.is_set)
    dialog.reject()
    go_on.set()
    qtbot.waitUntil(lambda: window.desk.is_open, timeout=20_000)
    assert cipher.is_encrypted(path) == late
    if not late:
        assert dialog.said.text() == "This was canceled. The book is as it was."
        dialog.reject()
    settled(window.desk, qtbot)


def test_the_menu_leads_to_the_dialog(window: MainWindow, secret):
    window.actions_["encrypt"].trigger()
    (dialog,) = window.findChildren(EncryptionDialog)
    assert dialog.isVisible()
    dialog.reject()


@pytest.mark.parametrize("points", [theme.BODY_POINTS, 15])
def test_every_word_has_room_in_any_size_of_the_type(window: MainWindow, secret, qtbot: QtBot, points: float):
    theme.apply(QApplication.instance(), "light", points)
    try:
        dialog = encryption.open_(window.desk, window)
        for part in dialog.findChildren(QLabel):
            if part.isVisible() and part.wordWrap():
                assert part.height() >= part.heightForWidth(part.width())
        for part in (dialog.first.control, dialog.again.control, dialog.go):
            assert part.height() >= part.minimumSizeHint().height()
            assert part.visibleRegion().boundingRect() == part.rect()
    finally:
        theme.apply(QApplication.instance(), "light")
