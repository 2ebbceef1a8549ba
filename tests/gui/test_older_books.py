"""A book of an older Elpis is brought up to date in the background, while the window says how far it is."""

import threading
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMessageBox

from gui import books
from gui.dialogs.waiting import Waiting
from gui.main_window import MainWindow
from store import backups, cipher, encrypting, generations
from store.book import SCHEMA_VERSION, is_old, take
from store.cipher import Passphrase
from store.errors import BookFault
from tests.durability import older, states
from tests.gui.conftest import settled

VERSION = 7


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A book of an older schema that was judged on a day."""
    path = older.make(tmp_path / "old.elpis", VERSION, filled=False)
    with closing(states.connect(path)) as connection:
        connection.execute("INSERT INTO settings (key, value) VALUES ('as_of', '2026-11-21')")
        connection.commit()
    return path


def version(path: Path) -> int:
    with closing(states.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def waiting(window: MainWindow) -> Waiting:
    return window.findChildren(Waiting)[-1]


@pytest.fixture
def slow(monkeypatch):
    """The check of the backup takes until this is set; whether the thread of the window did it is kept."""
    go, real = threading.Event(), generations.require_sound
    threads: list[bool] = []

    def slowly(path, passphrase=None):
        threads.append(threading.current_thread() is threading.main_thread())
        assert go.wait(30)
        real(path, passphrase)

    monkeypatch.setattr(generations, "require_sound", slowly)
    go.threads = threads
    return go


def test_an_older_book_is_known_before_it_is_opened(old, sample_book, tmp_path):
    assert is_old(old)
    assert not is_old(sample_book)
    assert not is_old(tmp_path / "nothing.elpis")
    (tmp_path / "text.elpis").write_text("no book, " * 100)
    assert not is_old(tmp_path / "text.elpis")


def test_an_older_book_is_opened_when_it_is_up_to_date_after_a_backup(old, empty_window, empty_desk, qtbot):
    assert not books.open_path(empty_desk, empty_window, old)
    assert not empty_desk.is_open
    qtbot.waitUntil(lambda: empty_desk.is_open)
    assert empty_desk.book.path == old
    assert not empty_desk.read_only
    [made] = backups.listed(old)
    assert (made.why, made.holding.schema) == ("migration", VERSION)
    empty_desk.close()
    assert version(old) == SCHEMA_VERSION


def test_the_window_lives_and_says_how_far_it_is(old, empty_window, empty_desk, qtbot, slow):
    ticks: list[int] = []
    timer = QTimer(interval=5)
    timer.timeout.connect(lambda: ticks.append(1))
    timer.start()
    empty_window.take(old)
    box = waiting(empty_window)
    qtbot.waitUntil(box.isVisible)
    assert box.title.text() == "Bringing old.elpis up to date"
    assert "A backup of it is made" in box.about.text()
    qtbot.waitUntil(lambda: box.bar.maximum() == 3000)
    before = len(ticks)
    qtbot.waitUntil(lambda: len(ticks) > before + 5)
    assert slow.threads == [False]
    slow.set()
    qtbot.waitUntil(lambda: empty_desk.is_open)
    assert not any(one.isVisible() for one in empty_window.findChildren(Waiting))


def test_who_does_not_want_to_wait_leaves_the_book_as_it_was(old, empty_window, empty_desk, qtbot, slow):
    before = states.fingerprint(old)
    books.open_path(empty_desk, empty_window, old)
    box = waiting(empty_window)
    qtbot.waitUntil(box.isVisible)
    box.stop.click()
    slow.set()
    settled(empty_desk, qtbot)
    assert not empty_desk.is_open
    assert empty_window.toasts.text() == "old.elpis was not opened."
    assert (version(old), states.fingerprint(old)) == (VERSION, before)
    assert backups.listed(old) == []


def test_without_a_backup_the_book_stays_as_it_was_and_it_is_told(old, empty_window, empty_desk, qtbot, monkeypatch):
    def refused(_):
        raise BookFault("there is no room for a backup.")

    monkeypatch.setattr(generations, "require_room", refused)
    books.open_path(empty_desk, empty_window, old)
    settled(empty_desk, qtbot)
    box = empty_window.findChild(QMessageBox)
    assert "no room" in box.informativeText()
    assert version(old) == VERSION


def test_an_older_book_that_is_in_use_is_told(old, empty_window, empty_desk, qtbot):
    lock = take(old)
    books.open_path(empty_desk, empty_window, old)
    settled(empty_desk, qtbot)
    lock.release()
    assert "open in another program" in empty_window.findChild(QMessageBox).informativeText()


def test_the_book_that_is_open_stays_open_until_the_other_is_up_to_date(old, window, desk, qtbot, slow):
    first = desk.book.path
    books.open_path(desk, window, old)
    qtbot.waitUntil(waiting(window).isVisible)
    assert desk.book.path == first
    slow.set()
    qtbot.waitUntil(lambda: desk.book.path == old)


def test_an_encrypted_older_book_is_brought_up_to_date_as_well_and_stays_encrypted(
    old, empty_window, empty_desk, qtbot, tmp_path, slow
):
    passphrase = Passphrase("correct horse")
    locked = tmp_path / "locked.elpis"
    encrypting.copy(old, None, passphrase.new_key(), locked)
    assert not is_old(locked)
    assert not is_old(locked, Passphrase("another one"))
    assert is_old(locked, passphrase)
    slow.set()
    books.open_path(empty_desk, empty_window, locked, passphrase)
    qtbot.waitUntil(lambda: empty_desk.is_open)
    assert slow.threads == [False]
    assert cipher.is_encrypted(locked)
    assert [cipher.is_encrypted(one.path) for one in backups.listed(locked)] == [True]


def test_going_back_to_a_backup_of_an_older_elpis_is_brought_up_to_date_beside_the_window(
    old, empty_window, empty_desk, qtbot, slow
):
    slow.set()
    books.open_path(empty_desk, empty_window, old)
    qtbot.waitUntil(lambda: empty_desk.is_open)
    [made] = backups.listed(old)
    slow.clear()
    asides: list[Path | None] = []
    empty_desk.restore(made, asides.append)
    slow.set()
    qtbot.waitUntil(lambda: bool(asides))
    assert empty_desk.book.path == old
    assert asides[0] is not None
    assert asides[0].is_file()
    assert len(slow.threads) == 3, "at the first opening, read before it is restored, and in its place"
    assert not any(slow.threads)


def test_a_backup_that_cannot_be_put_in_place_is_told_and_the_book_is_open_as_before(window, desk, qtbot, monkeypatch):
    made, path = backups.back_up(desk.book), desk.book.path

    def refused(*_, **__):
        raise BookFault("another program is reading this book.")

    monkeypatch.setattr(backups, "restore", refused)
    desk.restore(made, lambda _: None)
    qtbot.waitUntil(lambda: "another program is reading" in window.toasts.text())
    assert desk.book.path == path


def test_what_runs_while_no_book_is_open_is_shown(empty_window, empty_desk, qtbot):
    go = threading.Event()
    job = empty_desk.work.run("Looking through sent.elpis", lambda report: go.wait(30), lambda _: None)
    qtbot.waitUntil(waiting(empty_window).isVisible)
    assert waiting(empty_window).title.text() == "Looking through sent.elpis"
    assert not waiting(empty_window).about.isVisible()
    with qtbot.waitSignal(job.ended):
        go.set()
    assert not any(one.isVisible() for one in empty_window.findChildren(Waiting))
