"""Closing a book that has changes no backup has: it waits for one, says what goes wrong, and can be closed all the same."""

import shutil
import threading
from datetime import date
from pathlib import Path

import pytest

from gui import leaving
from gui.desk import Desk
from gui.dialogs.waiting import Waiting
from gui.keeping import Keeper
from gui.main_window import MainWindow
from gui.work import Worker
from store import backups, contracts
from store.errors import BookFault
from store.records import Contract
from tests.conftest import NOW
from tests.gui.conftest import settled, shown

SENTENCE = "estate.elpis: there is no room for a backup."


@pytest.fixture
def window(desk: Desk, qtbot) -> MainWindow:
    """The window of a desk that is looked after, with a change that no backup has."""
    path = desk.book.path
    desk.close()
    desk.keeper = Keeper(desk, lambda: NOW, "ann")
    desk.state.put("window/page", "snapshots")
    made = shown(MainWindow(desk), qtbot)
    desk.open(path)
    settled(desk, qtbot)
    change(desk)
    return made


def change(desk, number="C9"):
    desk.do(f"Add contract {number}", lambda book: contracts.save(book, Contract(number, "x", date(2026, 1, 1), "EUR")))


def waiting(window: MainWindow) -> Waiting:
    return window.findChildren(Waiting)[-1]


def button(box: Waiting, text: str):
    return next(box.ways.itemAt(n).widget() for n in range(box.ways.count()) if _text(box.ways.itemAt(n)) == text)


def _text(item) -> str:
    return item.widget().text() if item.widget() is not None else ""


@pytest.fixture
def held_up(monkeypatch):
    """Backups that take until this is set."""
    go, real = threading.Event(), backups.before

    def slowly(book, why, *, progress=None):
        while not go.wait(0.01):
            progress(0, 3)
        return real(book, why, progress=progress)

    monkeypatch.setattr(backups, "before", slowly)
    return go


@pytest.fixture
def impossible(monkeypatch):
    """Backups for which there is no room."""

    def refused(*_, **__):
        raise BookFault(SENTENCE)

    monkeypatch.setattr(backups, "before", refused)


def test_a_window_is_closed_when_its_backup_is_there_without_a_question(window, desk, qtbot):
    path = desk.book.path
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert [one.why for one in backups.listed(path)] == ["close"]
    assert not desk.is_open
    assert window.findChildren(Waiting) == [] or not waiting(window).isVisible()


def test_a_window_without_changes_is_closed_at_once(window, desk, qtbot):
    desk.keeper.back_up()
    settled(desk, qtbot)
    assert window.close()
    assert not desk.is_open


def test_a_backup_that_takes_a_while_is_shown_with_how_far_it_is(window, desk, qtbot, held_up):
    window.close()
    assert window.isVisible()
    box = waiting(window)
    qtbot.waitUntil(box.isVisible)
    assert "Backing up the book" in box.title.text()
    qtbot.waitUntil(lambda: box.bar.maximum() == 3)
    held_up.set()
    qtbot.waitUntil(lambda: not window.isVisible())


def test_one_may_stay_or_not_wait_for_the_backup(window, desk, qtbot, held_up):
    path = desk.book.path
    window.close()
    qtbot.waitUntil(waiting(window).isVisible)
    button(waiting(window), "Stay").click()
    settled(desk, qtbot)
    assert window.isVisible()
    assert desk.is_open
    window.close()
    assert not window.close(), "the second time asks nothing twice"
    button(waiting(window), "Close without a backup").click()
    assert not window.isVisible()
    assert backups.listed(path) == []


def test_a_backup_that_fails_is_told_and_the_book_can_be_closed_all_the_same(window, desk, qtbot, impossible):
    window.close()
    qtbot.waitUntil(lambda: waiting(window).failed)
    box = waiting(window)
    assert box.isVisible()
    assert SENTENCE in box.said.text()
    assert "is stored in the book all the same" in box.said.text()
    box.reject()
    assert window.isVisible()
    window.close()
    qtbot.waitUntil(lambda: waiting(window).failed)
    button(waiting(window), "Close without a backup").click()
    assert not window.isVisible()
    assert not desk.is_open


def test_a_book_that_is_closed_by_its_menu_waits_as_well(window, desk, qtbot):
    path = desk.book.path
    window.actions_["close"].trigger()
    qtbot.waitUntil(lambda: not desk.is_open)
    assert window.isVisible()
    assert [one.why for one in backups.listed(path)] == ["close"]


def test_a_book_that_another_one_takes_the_place_of_is_backed_up_behind_it(window, desk, qtbot, sample_book, tmp_path):
    path = desk.book.path
    desk.open(Path(shutil.copy(sample_book, tmp_path / "other.elpis")))
    qtbot.waitUntil(lambda: not desk.keeper.closing.jobs)
    assert [one.why for one in backups.listed(path)] == ["close"]


def test_what_goes_wrong_behind_another_book_is_told(window, desk, qtbot, sample_book, tmp_path, impossible):
    desk.open(Path(shutil.copy(sample_book, tmp_path / "other.elpis")))
    qtbot.waitUntil(lambda: SENTENCE in window.toasts.text())
    assert "Backing up sample, which was closed" in window.toasts.text()


def test_a_window_waits_for_the_backup_of_a_book_that_was_closed_before(
    window, desk, qtbot, sample_book, tmp_path, held_up
):
    path = desk.book.path
    desk.open(Path(shutil.copy(sample_book, tmp_path / "other.elpis")))
    qtbot.waitUntil(lambda: window.status.shown() == ["Backing up sample, which was closed"])
    assert not window.close()
    held_up.set()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert [one.why for one in backups.listed(path)] == ["close"]


def test_a_book_that_something_else_closes_meanwhile_keeps_nobody_from_leaving(
    window, desk, qtbot, sample_book, tmp_path, held_up
):
    window.close()
    desk.open(Path(shutil.copy(sample_book, tmp_path / "other.elpis")))
    assert not desk.keeper.leaving
    held_up.set()
    qtbot.waitUntil(lambda: not desk.keeper.closing.jobs)
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())


def test_without_a_keeper_there_is_nothing_to_wait_for(empty_desk, empty_window):
    assert leaving.may_leave(empty_desk, empty_window, lambda: None)
    assert isinstance(empty_desk.work, Worker)
