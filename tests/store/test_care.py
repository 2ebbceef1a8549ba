"""Looking after a book: what it holds, whether it is sound, and copies that can be trusted."""

import sqlite3
from datetime import date

import pytest

from store import care, contracts, protections
from store.errors import BookFault, KnownFault
from store.records import Contract
from tests.conftest import opened, snapshot_of
from tests.estates import item, of


@pytest.fixture
def estate(book, fill):
    fill(book, of(item("1", "Office", 100)))
    return book


def test_a_book_says_what_it_holds(estate):
    found = care.contents(estate)
    assert (found["contracts"], found["contract items"], found["entitlements"], found["demand"]) == (1, 1, 1, 0)
    assert found["judged as of"] == "2026-11-21"
    assert found["last change"] == "import by ann at 2026-11-21T08:30:00Z"


def test_a_fresh_book_has_been_neither_judged_nor_changed(book):
    found = care.contents(book)
    assert (found["judged as of"], found["last change"], found["changes"]) == (None, None, 0)


def test_a_sound_book_has_no_problems(estate):
    assert care.check(estate) == []


def test_a_missing_protection_a_dangling_reference_and_a_missing_mark_are_found(estate):
    outside = sqlite3.connect(estate.path)
    outside.execute("PRAGMA foreign_keys = OFF")
    outside.execute("DROP TRIGGER change_log_loses_nothing")
    outside.execute("DELETE FROM products")
    outside.execute("PRAGMA application_id = 7")
    outside.commit()
    outside.close()

    problems = care.check(estate)
    assert "the protection change_log_loses_nothing is missing" in problems
    assert any(p.endswith("refers to a row of products that does not exist") for p in problems)
    assert "the mark of an Elpis book is missing" in problems


def test_a_backup_is_a_sound_book_with_everything_in_it(estate, tmp_path):
    care.back_up(estate, tmp_path / "copies" / "estate.elpis")

    with opened(tmp_path / "copies" / "estate.elpis") as copy:
        assert care.check(copy) == []
        assert snapshot_of(copy) == snapshot_of(estate)
        assert care.contents(copy) == care.contents(estate)
    assert [path.name for path in (tmp_path / "copies").glob("*.elpis*")] == ["estate.elpis", "estate.elpis.lock"]


def test_a_backup_of_a_book_that_another_is_writing_holds_one_moment(estate, tmp_path):
    with opened(estate.path, read_only=True) as reader, estate.transaction():
        contracts.save(estate, Contract("C9", "half done", date(2026, 1, 1), "EUR"))
        care.back_up(reader, tmp_path / "copy.elpis")

    with opened(tmp_path / "copy.elpis", read_only=True) as copy:
        assert care.contents(copy)["contracts"] == 1


def test_a_later_backup_takes_the_place_of_an_earlier_one(estate, tmp_path):
    care.back_up(estate, tmp_path / "copy.elpis")
    contracts.save(estate, Contract("C9", "new", date(2026, 1, 1), "EUR"))
    care.back_up(estate, tmp_path / "copy.elpis")
    with opened(tmp_path / "copy.elpis", read_only=True) as copy:
        assert care.contents(copy)["contracts"] == 2


def test_a_copy_that_is_not_sound_does_not_replace_an_earlier_one(estate, tmp_path):
    care.back_up(estate, tmp_path / "copy.elpis")
    before = (tmp_path / "copy.elpis").read_bytes()
    estate.run("DROP TRIGGER change_log_loses_nothing")

    with pytest.raises(BookFault, match=r"the copy is not sound .*The earlier backup was kept"):
        care.back_up(estate, tmp_path / "copy.elpis")
    assert (tmp_path / "copy.elpis").read_bytes() == before


def test_a_book_is_not_its_own_backup(estate):
    with pytest.raises(BookFault, match=r"a book cannot be its own backup"):
        care.back_up(estate, estate.path)


def test_a_backup_where_nothing_can_be_written_is_told(estate, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(KnownFault, match=r"a file where a folder is needed"):
        care.back_up(estate, tmp_path / "file" / "copy.elpis")


# -------------------------------------------------------------------------------------------------------- protections
@pytest.mark.parametrize("name", protections.PROTECTIONS)
def test_a_protection_that_was_taken_away_is_made_anew_when_the_book_is_opened_and_that_is_noted(book, name):
    book.run(f"DROP TRIGGER {name}")
    assert care.check(book) == [f"the protection {name} is missing"]
    book.close()
    with opened(book.path) as again:
        assert again.repaired == (name,)
        assert care.check(again) == []
        assert again.rows("SELECT action, subject, key FROM change_log") == [("repair", "protections", name)]


def test_a_protection_that_protects_nothing_any_more_is_no_protection(book):
    book.run("DROP TRIGGER seals_lose_nothing")
    book.run("CREATE TRIGGER seals_lose_nothing BEFORE DELETE ON seals BEGIN SELECT 1; END")
    assert care.check(book) == ["the trigger seals_lose_nothing is not as this program makes it"]
    with opened(book.path, read_only=True) as reader:
        assert reader.repaired == ()


def test_what_another_program_has_put_into_a_book_is_named(book):
    book.run("CREATE TRIGGER spy AFTER INSERT ON contracts BEGIN DELETE FROM demand; END")
    book.run("CREATE VIEW overview_all AS SELECT 1")
    assert care.check(book) == [
        "the view overview_all is not of this program",
        "the trigger spy is not of this program",
    ]


def test_a_check_tells_what_it_is_at(book):
    told = []
    care.check(book, lambda *progress: told.append(progress))
    assert told[0] == ("the pages of the file", 0, 5)
    assert [what for what, *_ in told[1:]] == [
        *("references", "the schema, and what protects the records", "the change log", "the rows"),
    ]
