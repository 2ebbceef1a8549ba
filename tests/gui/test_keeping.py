"""The book on the desk is looked through when it is opened, and backed up while it changes and when it is closed."""

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from gui import keeping
from gui.desk import Desk, Place
from gui.keeping import Keeper
from gui.main_window import MainWindow
from store import backups, contracts
from store.content import content_hash
from store.records import Contract
from tests.conftest import NOW, opened
from tests.gui.conftest import settled, shown


@pytest.fixture
def kept(desk: Desk) -> Keeper:
    """A desk with the sample estate, looked after."""
    path = desk.book.path
    desk.close()
    desk.keeper = Keeper(desk, lambda: NOW, "ann")
    desk.open(path)
    return desk.keeper


def add(desk, number="C9"):
    desk.do(f"Add contract {number}", lambda book: contracts.save(book, Contract(number, "x", date(2026, 1, 1), "EUR")))


def test_a_book_that_is_opened_is_looked_through(kept, desk, qtbot):
    settled(desk, qtbot)
    assert kept.problems == ()
    assert not desk.read_only


def test_a_damaged_book_is_only_read_and_the_window_leads_to_its_backups(desk, qtbot):
    path = desk.book.path
    made = backups.back_up(desk.book)
    desk.close()
    with closing(sqlite3.connect(path)) as outside:
        outside.execute("DROP INDEX events_day")
        outside.commit()
    desk.keeper = Keeper(desk, lambda: NOW, "ann")
    window = shown(MainWindow(desk), qtbot)
    with qtbot.waitSignal(desk.keeper.unsound):
        desk.open(path)
    settled(desk, qtbot)
    assert desk.read_only
    assert "This book is not sound: the index events_day is missing" in window.banner.text()

    desk.go(Place("backups"))
    page = window.stack.currentWidget()
    assert page.chosen() == made
    page.restore()
    page.question.buttons()[0].click()
    qtbot.waitUntil(lambda: desk.is_open and not desk.read_only)
    settled(desk, qtbot)
    assert desk.keeper.problems == ()
    assert window.banner.text() == ""


def test_changes_that_no_backup_has_are_backed_up_after_half_an_hour(kept, desk, qtbot, monkeypatch):
    settled(desk, qtbot)
    kept.back_up()
    settled(desk, qtbot)
    assert kept.latest is not None
    assert not kept._timer.isActive()
    add(desk)
    assert kept._timer.isActive()
    assert kept._timer.interval() == keeping.EVERY
    with qtbot.waitSignal(kept.kept):
        kept._timer.setInterval(0)
    settled(desk, qtbot)
    assert [one.why for one in backups.listed(desk.book.path)] == ["changes", "user"]


def test_while_something_else_changes_the_book_the_backup_waits(kept, desk, qtbot, monkeypatch):
    settled(desk, qtbot)
    monkeypatch.setattr(type(desk), "busy", property(lambda _: True))
    kept._due()
    assert kept._timer.isActive()
    assert backups.listed(desk.book.path) == []


def test_a_book_with_changes_is_backed_up_when_it_is_closed_and_only_then(kept, desk, qtbot):
    settled(desk, qtbot)
    path = desk.book.path
    add(desk)
    held = content_hash(desk.book)
    desk.close()
    qtbot.waitUntil(lambda: not kept.closing.jobs)
    [made] = backups.listed(path)
    assert made.why == "close"
    with closing(opened(made.path, read_only=True)) as copy:
        assert content_hash(copy) == held
    desk.open(path)
    desk.close()
    assert kept.closing.jobs == []


def test_a_book_in_use_elsewhere_is_not_backed_up_from_here(kept, desk, qtbot):
    settled(desk, qtbot)
    path = desk.book.path
    desk.open(path, read_only=True)
    qtbot.waitUntil(lambda: not kept.closing.jobs)
    desk.close()
    assert kept.closing.jobs == []


def test_before_an_import_and_before_it_is_undone_there_is_a_backup(kept, desk, qtbot, fill, tmp_path):
    from store.imports.load import load
    from tests import estates

    settled(desk, qtbot)
    folder = estates.write(tmp_path / "more", estates.of(estates.item("X1", "Visio 9", 5, contract="X1")))
    desk.do_long("Import more", lambda book, _: load(book, folder, as_of=desk.as_of), lambda _: None, backup="import")
    settled(desk, qtbot)
    assert [one.why for one in backups.listed(desk.book.path)] == ["import"]
    desk.undo()
    settled(desk, qtbot)
    assert [one.why for one in backups.listed(desk.book.path)] == ["undo", "import"]


def test_the_bottom_of_the_window_says_how_old_the_last_backup_is(kept, desk, qtbot):
    window = shown(MainWindow(desk), qtbot)
    settled(desk, qtbot)
    assert window.status.kept.text() == "No backup yet"
    kept.back_up()
    settled(desk, qtbot)
    assert window.status.kept.text() == "Last verified backup: just now"
    window.status.kept.click()
    assert window.place() == Place("backups")


def test_a_book_in_a_folder_that_is_copied_is_warned_of(desk, qtbot, tmp_path):
    window = shown(MainWindow(desk), qtbot)
    place = tmp_path / "Dropbox" / "sample.elpis"
    place.parent.mkdir()
    desk.close()
    Path(tmp_path / "sample.elpis").rename(place)
    desk.open(place)
    assert "in a folder that Dropbox copies" in window.banner.text()
