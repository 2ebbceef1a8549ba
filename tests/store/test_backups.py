"""Backups: made and checked, compared with the book, and restored while the present book is kept aside."""

from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from store import backups, contracts, undo
from store.content import content_hash
from store.errors import BookFault, BookInUse
from store.records import Contract
from tests.conftest import NOW, opened
from tests.durability import older
from tests.estates import item, of


@pytest.fixture
def estate(book, fill):
    with undo.step(book, "Import tables", resolved=True):
        fill(book, of(item("1", "Office", 100)))
    return book


def add(book, number):
    with undo.step(book, f"Add contract {number}"):
        contracts.save(book, Contract(number, "new", date(2026, 1, 1), "EUR"))


def restore(path, backup):
    return backups.restore(path, backup, clock=lambda: NOW + timedelta(hours=1), who="ann")


def hash_of(path: Path) -> str:
    with closing(opened(path)) as book:
        return content_hash(book)


def test_a_backup_holds_what_the_book_held_at_its_moment(estate):
    before, made = content_hash(estate), backups.back_up(estate)
    add(estate, "C9")
    assert backups.latest(estate.path) == made
    backups.check(made)
    assert hash_of(made.path) == before != content_hash(estate)


def test_its_steps_are_told(estate):
    told = []
    backups.back_up(estate, progress=lambda *step: told.append(step))
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_a_backup_that_the_newest_one_makes_needless_is_not_made(estate):
    assert backups.before(estate, "import") is not None
    assert backups.before(estate, "import") is None
    add(estate, "C9")
    assert backups.unsaved(estate) == 1
    assert backups.before(estate, "import") is not None
    assert [one.why for one in backups.listed(estate.path)] == ["import", "import"]


def test_an_empty_book_needs_no_backup(book):
    assert backups.before(book, "import") is None


def test_a_copy_that_is_not_sound_is_no_backup_and_the_earlier_ones_stay(estate):
    made = backups.back_up(estate)
    estate.run("DROP TRIGGER change_log_loses_nothing")
    with pytest.raises(BookFault, match=r"the copy is not sound"):
        backups.back_up(estate)
    assert backups.listed(estate.path) == [made]


# ------------------------------------------------------------------------------------------------------------ comparing
def test_a_comparison_tells_rows_then_and_now_and_what_was_done_since(estate):
    made = backups.back_up(estate)
    add(estate, "C9")
    undo.back(estate)
    add(estate, "C10")
    found = backups.compare(estate, made)
    assert (found.then.rows["contracts"], found.now.rows["contracts"]) == (1, 2)
    assert [what for _, _, what in found.changes] == ["Add contract C10", "Undone: Add contract C9", "Add contract C9"]
    assert (found.related, found.more) == (True, 0)


def test_what_changed_without_being_a_step_is_told_in_the_words_of_the_log(estate):
    made = backups.back_up(estate)
    contracts.save(estate, Contract("C9", "new", date(2026, 1, 1), "EUR"))
    assert [what for _, _, what in backups.compare(estate, made).changes] == ["add contracts C9"]


def test_a_backup_of_another_history_tells_of_no_changes_since(estate, tmp_path):
    made = backups.back_up(estate)
    add(estate, "C9")
    later = backups.back_up(estate)
    estate.close()
    restore(estate.path, made)
    with closing(opened(estate.path)) as book:
        found = backups.compare(book, later)
        assert (found.related, found.changes) == (False, ())
        assert backups.compare(book, made).changes[0][2] == f"restore backups {made.path.name}"


def test_a_backup_without_a_description_is_compared_all_the_same(estate):
    made = backups.back_up(estate)
    made.path.with_suffix(".json").unlink()
    assert backups.latest(estate.path) is None
    [found] = backups.listed(estate.path)
    assert backups.compare(estate, found).then == made.holding


# ------------------------------------------------------------------------------------------------------------ restoring
def test_restoring_brings_everything_back_and_keeps_the_present_book_aside(estate):
    made, before = backups.back_up(estate), content_hash(estate)
    add(estate, "C9")
    after = content_hash(estate)
    estate.close()

    aside = restore(estate.path, made)
    assert hash_of(estate.path) == before
    assert aside == estate.path.with_name("estate until 2026-11-21 093000.elpis")
    assert hash_of(aside) == after
    assert backups.listed(estate.path)[0].why == "restore", "what was there is among the backups, too"
    with closing(opened(estate.path)) as book:
        last = book.rows("SELECT action, subject, key FROM change_log ORDER BY id DESC LIMIT 1")
        assert last == [("restore", "backups", made.path.name)]


def test_a_book_that_is_open_is_not_restored(estate):
    made = backups.back_up(estate)
    add(estate, "C9")
    with pytest.raises(BookInUse):
        restore(estate.path, made)
    assert estate.value("SELECT count(*) FROM contracts") == 2


def test_a_book_that_another_program_reads_is_not_restored(estate):
    made = backups.back_up(estate)
    add(estate, "C9")
    with closing(opened(estate.path, read_only=True)) as reader:
        assert reader.value("SELECT count(*) FROM contracts") == 2
        estate.close()
        with pytest.raises(BookInUse, match=r"another program is reading this book"):
            restore(estate.path, made)
        assert reader.value("SELECT count(*) FROM contracts") == 2


def test_a_damaged_book_is_restored_and_kept_aside_as_it_is(estate):
    made, before = backups.back_up(estate), content_hash(estate)
    estate.close()
    damaged = b"nonsense" * 1_000
    estate.path.write_bytes(damaged)
    Path(f"{estate.path}-wal").write_bytes(b"what it left")

    aside = restore(estate.path, made)
    assert hash_of(estate.path) == before
    assert aside.read_bytes() == damaged


def test_a_book_that_is_gone_comes_back(estate):
    made, before = backups.back_up(estate), content_hash(estate)
    estate.close()
    estate.path.unlink()
    assert restore(estate.path, made) is None
    assert hash_of(estate.path) == before


def test_two_books_kept_aside_in_one_second_have_names_of_their_own(estate):
    made = backups.back_up(estate)
    estate.close()
    first, second = restore(estate.path, made), restore(estate.path, made)
    assert (first.name, second.name) == (
        "estate until 2026-11-21 093000.elpis",
        "estate until 2026-11-21 093000 2.elpis",
    )


def flip(path: Path) -> None:
    held = bytearray(path.read_bytes())
    held[-100] ^= 1
    path.write_bytes(held)


def test_a_backup_that_was_changed_by_a_bit_is_not_restored(estate):
    made = backups.back_up(estate)
    flip(made.path)
    estate.close()
    with pytest.raises(BookFault, match=r"this backup is not what was written"):
        restore(estate.path, made)
    assert not list(estate.path.parent.glob("* until *"))


def test_a_damaged_backup_without_a_description_is_not_restored(estate):
    made = backups.back_up(estate)
    made.path.with_suffix(".json").unlink()
    with made.path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(bytes(4096 * 20))
    estate.close()
    with pytest.raises(BookFault, match=r"this backup (is not sound|cannot be read)"):
        restore(estate.path, backups.listed(estate.path)[0])


# ----------------------------------------------------------------------------------------------------------- migrations
def test_a_book_of_an_older_schema_is_backed_up_before_it_is_changed(tmp_path):
    path = older.make(tmp_path / "old.elpis", 2)
    opened(path).close()
    [made] = backups.listed(path)
    assert (made.why, made.at) == ("migration", NOW)
    assert made.holding is not None
    assert made.holding.schema == 2
    backups.check(made)


def test_a_backup_of_an_older_schema_is_restored_and_brought_up_to_date(tmp_path):
    path = older.make(tmp_path / "old.elpis", 2)
    opened(path).close()
    [made] = backups.listed(path)
    restore(path, made)
    assert [one.why for one in backups.listed(path)].count("migration") == 2
    with closing(opened(path, read_only=True)) as book:
        assert book.value("SELECT count(*) FROM products") == older.ROWS


def test_an_older_book_that_is_damaged_is_not_migrated(tmp_path):
    path = older.make(tmp_path / "old.elpis", 2)
    with closing(generations_connection(path)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("DELETE FROM products WHERE id = 1")
        connection.commit()
    with pytest.raises(BookFault, match=r"this backup is not sound .*refers to what is not there"):
        opened(path)
    assert backups.listed(path) == []


def generations_connection(path: Path):
    from tests.durability import states

    return states.connect(path)
