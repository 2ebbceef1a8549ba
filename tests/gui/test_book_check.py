"""File, Check this book: what was checked and what is wrong, while one can go on working."""

from pathlib import Path

import pysqlite3
import pytest

from gui.dialogs import book_check
from store import evidence
from store.book import Book


@pytest.fixture
def sample_book(imported_book: Path) -> Path:
    """As the import leaves it: its rows have no hashes yet."""
    return imported_book


@pytest.fixture
def checked(window, desk, qtbot):
    """The dialog after it has checked."""

    def check() -> list[tuple[str, ...]]:
        window.actions_["check"].trigger()
        dialog = window.findChildren(book_check.BookCheckDialog)[-1]
        qtbot.waitUntil(lambda: dialog.verdict.text() != "")
        listed = [dialog.list.topLevelItem(n) for n in range(dialog.list.topLevelItemCount())]
        said = [(dialog.verdict.text(),), *(tuple(item.text(n) for n in range(3)) for item in listed)]
        dialog.close()
        return said

    return check


def meddle(book: Book, *statements: str) -> None:
    other = pysqlite3.connect(book.path, isolation_level=None)
    for statement in statements:
        other.execute(statement)
    other.close()


def test_a_sound_book_is_told_to_be_sound_part_by_part(checked, desk):
    evidence.settle(desk.book)
    (verdict,), *parts = checked()
    assert verdict.startswith("This book is sound")
    assert [part[:2] for part in parts] == [
        ("Sound", "The pages of the file"),
        ("Sound", "References"),
        ("Sound", "The schema, and what protects the records"),
        ("Sound", "The change log"),
        ("Sound", "The rows"),
    ]


def test_a_damaged_row_is_named_with_what_to_do(checked, desk):
    evidence.settle(desk.book)
    meddle(desk.book, "UPDATE contract_items SET quantity = quantity + 1 WHERE id = 1")
    (verdict,), *parts = checked()
    assert "Go on with the latest backup that is sound" in verdict
    (row,) = (part for part in parts if part[0] == "Damaged")
    assert row[1] == "The rows"
    assert row[2].startswith("contract items, row 1 (")


def test_what_has_no_hash_yet_is_not_called_sound_without_a_word(checked, desk):
    (verdict,), *parts = checked()
    assert verdict.startswith("This book is sound")
    assert parts[-1][0] == "Not yet"


def test_a_protection_that_was_taken_away_is_told_when_the_book_is_opened(desk, qtbot):
    path = desk.book.path
    meddle(desk.book, "DROP TRIGGER change_log_loses_nothing")
    desk.close()
    with qtbot.waitSignal(desk.told) as told:
        desk.open(path)
    assert told.args[0].startswith("Something else than Elpis has taken away what protects")


def test_rows_get_their_hashes_in_a_calm_moment(desk, qtbot):
    assert not evidence.is_settled(desk.book)
    qtbot.waitUntil(lambda: evidence.is_settled(desk.book), timeout=20_000)
    assert desk.book.value("SELECT count(*) FROM row_hashes") > 100
