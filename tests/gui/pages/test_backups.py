"""The page Backups: what there is, what each holds beside the book of today, and the way back."""

from datetime import date, timedelta

import pytest

from gui.desk import Place
from gui.main_window import MainWindow
from store import backups, contracts, generations
from store.content import content_hash
from store.records import Contract
from tests.conftest import NOW
from tests.gui.conftest import settled, shown


def add(desk, number):
    desk.do(f"Add contract {number}", lambda book: contracts.save(book, Contract(number, "x", date(2026, 1, 1), "EUR")))


@pytest.fixture
def page(desk, qtbot):
    window = shown(MainWindow(desk), qtbot)
    desk.go(Place("backups"))
    settled(desk, qtbot)
    return window.stack.currentWidget()


def texts(tree):
    return [
        [tree.topLevelItem(n).text(column) for column in range(tree.columnCount())]
        for n in range(tree.topLevelItemCount())
    ]


def test_without_a_backup_there_is_a_way_to_make_one(page, desk, qtbot):
    assert page.stack.currentIndex() == 1
    page.back_up()
    settled(desk, qtbot)
    assert page.stack.currentIndex() == 0
    [[_, why, size, state]] = texts(page.list)
    assert (why, state) == ("By hand", "Checked")
    assert size.endswith("B")


def test_a_backup_is_compared_with_the_book_as_it_is_now(page, desk, qtbot):
    page.back_up()
    settled(desk, qtbot)
    assert page.summary.text() == "Nothing was changed since."
    add(desk, "C9")
    settled(desk, qtbot)
    assert page.summary.text() == "1 change since"
    [contract] = [one for one in texts(page.rows) if one[0] == "Contracts"]
    assert contract[3] == "+1"
    [[_, who, what]] = texts(page.changes)
    assert (who, what) == ("ann", "Add contract C9")
    assert "Judged as of 2026-11-21" in page.about.text()


def test_restoring_asks_and_brings_back_what_was(page, desk, qtbot):
    page.back_up()
    settled(desk, qtbot)
    before = content_hash(desk.book)
    add(desk, "C9")
    settled(desk, qtbot)
    page.restore()
    assert page.question.text().startswith("Go back to the backup of ")
    with qtbot.waitSignal(desk.told) as told:
        page.question.buttons()[0].click()
    settled(desk, qtbot)
    assert content_hash(desk.book) == before
    assert told.args[0].endswith("sample until 2026-11-21 083000.elpis")


def test_a_backup_that_is_damaged_is_found_and_cannot_be_gone_back_to(page, desk, qtbot):
    page.back_up()
    settled(desk, qtbot)
    [made] = backups.listed(desk.book.path)
    held = bytearray(made.path.read_bytes())
    held[-50] ^= 1
    made.path.write_bytes(held)
    page.check()
    settled(desk, qtbot)
    assert texts(page.list)[0][3] == "Not sound"
    assert "this backup is not what was written" in page.said.text()
    add(desk, "C9")
    settled(desk, qtbot)
    before = content_hash(desk.book)
    page.restore()
    page.question.buttons()[0].click()
    settled(desk, qtbot)
    assert content_hash(desk.book) == before


def test_who_only_reads_a_book_does_not_restore_it(page, desk, qtbot):
    window = page.window()
    page.back_up()
    settled(desk, qtbot)
    desk.open(desk.book.path, read_only=True)
    desk.go(Place("backups"))
    settled(desk, qtbot)
    assert not window.stack.currentWidget().actions_["restore"].isEnabled()


def test_the_folder_of_the_backups_is_shown(page, desk, qtbot, monkeypatch):
    from gui.pages import backups as module

    asked = []
    monkeypatch.setattr(module, "open_local", lambda folder: asked.append(folder) or bool(len(asked) - 1))
    page.open_folder()
    assert "no program is set for folders" in page.said.text()
    page.open_folder()
    assert asked == [generations.folder(desk.book.path)] * 2


def test_the_one_in_hand_stays_in_hand_when_another_comes(page, desk, qtbot):
    page.back_up()
    settled(desk, qtbot)
    first = page.chosen()
    desk._clock = lambda: NOW + timedelta(hours=1)
    backups.back_up(desk.book)
    page.fill()
    assert page.chosen() == first
    assert len(page.shown) == 2
