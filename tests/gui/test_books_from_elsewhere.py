"""A book that was never open here is asked about; what somebody sent comes in by its rows."""

import shutil

import pysqlite3
import pytest
from PySide6.QtWidgets import QMessageBox

from gui import books
from gui.dialogs.waiting import Waiting


@pytest.fixture
def sent(sample_book, tmp_path):
    return shutil.copy(sample_book, tmp_path / "sent.elpis") and tmp_path / "sent.elpis"


def press(box: QMessageBox, text: str) -> None:
    next(button for button in box.buttons() if button.text() == text).click()


def test_a_book_that_was_open_here_opens_at_once(empty_window, sent):
    empty_window.desk.open(sent)
    empty_window.desk.close()
    assert books.open_chosen(empty_window.desk, empty_window, sent) is None
    assert empty_window.desk.book.path == sent


def test_a_book_of_ones_own_opens_as_it_is(empty_window, sent):
    press(books.open_chosen(empty_window.desk, empty_window, sent), "It is my own: open it")
    assert empty_window.desk.book.path == sent


def test_the_rows_of_a_book_that_somebody_sent_are_copied_into_a_new_one_that_opens(empty_window, sent, qtbot):
    desk, said = empty_window.desk, []
    desk.told.connect(lambda sentence, severity: said.append((sentence, severity)))
    before = sent.read_bytes()
    press(books.open_chosen(desk, empty_window, sent), "Take its rows in")
    (shown,) = empty_window.findChildren(Waiting)
    qtbot.waitUntil(lambda: shown.isVisible() or desk.is_open, timeout=30_000)
    assert shown.title.text() == "Looking through sent.elpis"
    qtbot.waitUntil(lambda: desk.is_open, timeout=30_000)
    assert desk.book.path == sent.with_name("sent taken in.elpis")
    assert desk.book.value("SELECT count(*) FROM contracts") > 5
    told = "The rows of sent.elpis were copied into sent taken in.elpis, which is sound and open now."
    assert said[-1] == (told, "positive")
    assert sent.read_bytes() == before


def test_a_book_with_something_built_in_is_refused_in_words(empty_window, sent, qtbot):
    other = pysqlite3.connect(sent, isolation_level=None)
    other.execute("CREATE TRIGGER spy AFTER INSERT ON contracts BEGIN DELETE FROM demand; END")
    other.close()
    books.take_in(empty_window.desk, empty_window, sent)
    qtbot.waitUntil(lambda: bool(empty_window.findChildren(QMessageBox)), timeout=30_000)
    (box,) = empty_window.findChildren(QMessageBox)
    assert "the trigger 'spy' is not of Elpis" in box.informativeText()
    assert not empty_window.desk.is_open
    box.close()


def test_the_command_line_takes_a_book_in_as_well(sent, tmp_path, elpis):
    said = elpis("books", "take-in", sent, tmp_path / "mine.elpis")
    assert (said.status, said.out) == (0, f"{tmp_path / 'mine.elpis'}: the rows of {sent}\n")
    assert elpis("check", tmp_path / "mine.elpis").out == f"{tmp_path / 'mine.elpis'}: sound\n"
