"""The schema of a book is what the migrations make, to the letter."""

import pytest

from store import care, overviews, schema
from tests.durability import older
from tests.estates import item, of


def test_a_fresh_book_has_the_schema_of_the_migrations(book):
    assert schema.differences(book) == []
    assert set(schema.expected()) >= {"contracts", "change_log", "change_log_keeps_entries"}


def test_a_book_that_was_brought_up_to_date_has_it_too(tmp_path):
    from tests.conftest import opened

    with opened(older.make(tmp_path / "old.elpis", 1)) as book:
        assert schema.differences(book) == []


def test_what_keeps_the_overviews_of_a_large_book_quick_does_not_count(book, fill):
    fill(book, of(item("1", "Office", 100)))
    with book.transaction():
        for statement in overviews.preparing.INDEXES.values():
            book.run(statement)
    assert schema.differences(book) == []


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("DROP TRIGGER change_log_keeps_entries", "the protection change_log_keeps_entries is missing"),
        ("DROP INDEX events_day", "the index events_day is missing"),
        ("CREATE TABLE songs (name TEXT)", "the table songs is not of this program"),
        ("CREATE VIEW overview_of_all AS SELECT 1", "the view overview_of_all is not of this program"),
        (
            "CREATE TRIGGER sneaky AFTER INSERT ON products BEGIN DELETE FROM contracts; END",
            "the trigger sneaky is not of this program",
        ),
        ("ALTER TABLE products ADD COLUMN tune TEXT", "the table products is not as this program makes it"),
    ],
)
def test_what_differs_is_named(book, statement, said):
    book.run(statement)
    assert schema.differences(book) == [said]
    assert care.check(book) == [said]
    assert care.quick_check(book, lambda *_: None) == [said]


def test_a_quick_check_tells_how_far_it_is_and_can_be_ended(book):
    told = []
    assert care.quick_check(book, lambda *step: told.append(step)) == []
    assert told[0][0] == 0
    assert told[-1] == (len(told) - 1, len(told) - 1)

    def ends(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        care.quick_check(book, ends)
