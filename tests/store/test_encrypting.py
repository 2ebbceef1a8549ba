"""A book with a passphrase: nothing of it can be read without, everything works with it, and the way is all or nothing."""

import os
import shutil
import tempfile
import threading
import unicodedata
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from store import backups, care, cipher, content, contracts, encrypting, generations, undo
from store import book as books
from store.cipher import Passphrase
from store.errors import BookFault, BookInUse, Locked
from store.records import Contract
from store.snapshots import compare, parts
from store.snapshots.manifest import UNFINISHED
from tests import estates
from tests.conftest import AS_OF, NOW, SECRET, opened
from tests.durability import older, states

TEXT = "Planted Product 5e2b"


@pytest.fixture
def path(book, fill) -> Path:
    """A plain book with a text in it and a backup beside it, closed."""
    fill(book, estates.of(estates.item("1", TEXT, 10, end="2027-03-31"), demand=[estates.demand(TEXT, 4)]))
    backups.back_up(book)
    book.close()
    return book.path


def change(path, now, then, **how) -> encrypting.Changed:
    return encrypting.change(path, now, then, clock=lambda: NOW, who="ann", **how)


@pytest.fixture
def encrypted(path, secret) -> Path:
    assert change(path, None, secret) == encrypting.Changed(1, ())
    return path


def plain_files(folder: Path) -> list[str]:
    """The files in which the text stands as it is, however it is spelled."""
    spelled = [TEXT.encode(form) for form in ("utf-8", "utf-16-le", "utf-16-be")]
    files = [path for path in folder.rglob("*") if path.is_file() and "tables" not in str(path)]
    return [path.name for path in files if any(text in path.read_bytes() for text in spelled)]


def add_contract(book, name: str) -> None:
    with undo.step(book, f"Add contract {name}"):
        contracts.save(book, Contract(name, f"{TEXT} {name}", date(2026, 1, 1), "EUR"))


# ----------------------------------------------------------------------------------------------------- to and fro
def test_an_encrypted_book_holds_the_same_and_nothing_of_it_can_be_read_in_the_files(path, secret, tmp_path):
    held = states.fingerprint(path)
    assert sorted(plain_files(tmp_path)) == [generations.listed(path)[0].path.name, path.name]
    change(path, None, secret)
    with closing(opened(path, passphrase=secret)) as book:
        assert states.fingerprint_of(book.connection()) == held
        assert care.check(book) == []
        add_contract(book, "K1")
        backups.back_up(book)
        assert Path(f"{path}-wal").stat().st_size > 4_096
        assert plain_files(tmp_path) == []
    assert len(generations.listed(path)) == 2


def test_a_book_becomes_plain_again_as_it_was(path, secret):
    held = states.fingerprint(path)
    change(path, None, secret)
    assert change(path, secret, None) == encrypting.Changed(1, ())
    assert states.fingerprint(path) == held
    with closing(opened(path, passphrase=secret)) as book:
        assert book.passphrase is None, "a plain book needs none, and has none then"
    backups.check(generations.listed(path)[0])


def test_another_passphrase_takes_the_place_of_the_first_for_the_backups_as_well(encrypted, secret):
    other = Passphrase("something else entirely")
    change(encrypted, secret, other)
    for each in (encrypted, generations.listed(encrypted)[0].path):
        with pytest.raises(Locked, match="the passphrase does not open this book"):
            opened(each, passphrase=secret, read_only=True)
        opened(each, passphrase=other, read_only=True).close()


def test_a_passphrase_opens_however_its_letters_are_put_together(encrypted, secret):
    opened(encrypted, passphrase=Passphrase(unicodedata.normalize("NFD", SECRET))).close()


def test_other_programs_that_know_sqlcipher_open_the_book_with_its_passphrase(path):
    change(path, None, Passphrase("it's mine"))
    connection = cipher.connect_by_sqlcipher(str(path), None)
    connection.execute("PRAGMA key = 'it''s mine'")
    assert connection.execute("SELECT product FROM products").fetchall() == [(TEXT,)]
    connection.close()


def test_a_book_that_is_not_encrypted_cannot_be_made_plain(path):
    with pytest.raises(BookFault, match="this book is not encrypted"):
        change(path, None, None)


def test_a_short_passphrase_is_refused():
    with pytest.raises(BookFault, match="8 characters or more"):
        cipher.chosen("short")
    assert isinstance(cipher.chosen("long enough"), Passphrase)


# --------------------------------------------------------------------------------------------------------- opening
@pytest.mark.parametrize("how", [{}, {"read_only": True}])
def test_without_its_passphrase_a_book_is_refused_in_words_and_stays_as_it_is(encrypted, secret, how):
    before = encrypted.read_bytes()
    with pytest.raises(Locked, match=r"this book is encrypted\. It opens with its passphrase only"):
        opened(encrypted, **how)
    with pytest.raises(Locked, match="the passphrase does not open this book") as refused:
        opened(encrypted, passphrase=Passphrase("not this one"), **how)
    assert "not this one" not in str(refused.value)
    assert encrypted.read_bytes() == before
    with closing(opened(encrypted, passphrase=secret)) as book:
        assert book.value("SELECT count(*) FROM products") == 1


def test_a_sqlite_that_can_damage_books_opens_no_encrypted_one_either(encrypted, secret, monkeypatch):
    monkeypatch.setattr(cipher, "driver", lambda: SimpleNamespace(sqlite_version_info=(3, 50, 0)))
    with pytest.raises(BookFault, match=r"SQLite 3\.50\.0 can damage books.*Install sqlcipher3 again"):
        opened(encrypted, passphrase=secret)


@pytest.mark.parametrize("content", [b"", b"x", b"Dear diary, " * 1_000, b"\0" * 10_000])
def test_what_is_no_encrypted_book_is_not_taken_for_one(tmp_path, content, secret):
    path = tmp_path / "x.elpis"
    path.write_bytes(content)
    assert not cipher.is_encrypted(path)
    assert cipher.key_of(path, secret) is None
    assert not cipher.is_encrypted(tmp_path / "missing")


def test_a_thread_of_its_own_reads_an_encrypted_book_too(encrypted, secret):
    found = []
    with closing(opened(encrypted, passphrase=secret)) as book:

        def read() -> None:
            found.append(book.value("SELECT product FROM products"))
            book.release()

        thread = threading.Thread(target=read)
        thread.start()
        thread.join()
    assert found == [TEXT]


def test_a_double_key_is_told_from_damage_in_an_encrypted_book_too(encrypted, secret):
    with closing(opened(encrypted, passphrase=secret)) as book, book.transaction():
        for run in (book.run, book.connection().execute):
            with pytest.raises(books.integrity()):
                run("INSERT INTO products (product) VALUES (?)", (TEXT,))


@pytest.mark.parametrize("page", [2, 5])
def test_a_bit_that_has_turned_is_found_by_the_checks(encrypted, secret, page):
    found = bytearray(encrypted.read_bytes())
    found[page * 4_096 + 700] ^= 1
    encrypted.write_bytes(found)
    with closing(opened(encrypted, passphrase=secret, read_only=True)) as book:
        assert "damaged" in care.check(book)[0]


def test_a_table_that_cannot_be_read_is_found_at_a_look(encrypted, secret):
    with closing(opened(encrypted, passphrase=secret)) as book:
        root = book.value("SELECT rootpage FROM sqlite_schema WHERE name = 'products'")
    found = bytearray(encrypted.read_bytes())
    found[(root - 1) * 4_096 + 700] ^= 1
    encrypted.write_bytes(found)
    with closing(opened(encrypted, passphrase=secret, read_only=True)) as book:
        assert "the table products cannot be read" in care.quick_check(book, lambda *_: None)[0]


# --------------------------------------------------------------------------------------------------------- what is beside
def test_backups_that_are_left_are_told_as_plain_ones(path, secret):
    (backup,) = generations.listed(path)
    aside = path.with_name(f"{path.stem} until 2026-01-01 120000.elpis")
    shutil.copy(path, aside)
    assert change(path, None, secret, backups=encrypting.LEAVE) == encrypting.Changed(0, (backup.path, aside))


def test_backups_that_are_not_wanted_any_more_go_when_the_book_is_encrypted(path, secret):
    assert change(path, None, secret, backups=encrypting.REMOVE) == encrypting.Changed(1, ())
    assert list(generations.folder(path).iterdir()) == []


def test_a_backup_that_cannot_be_read_stays_and_is_told(path, secret):
    (backup,) = generations.listed(path)
    content = bytearray(backup.path.read_bytes())
    content[4_096:20_000] = bytes(15_904)
    backup.path.write_bytes(content)
    assert change(path, None, secret) == encrypting.Changed(0, (backup.path,))
    assert backup.path.read_bytes() == content
    assert generations.listed(path) == [backup]


@pytest.mark.skipif(os.name == "nt", reason="rights of files are another thing there")
def test_who_could_not_read_the_book_before_cannot_read_it_afterwards(path, secret):
    path.chmod(0o600)
    change(path, None, secret)
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_was_begun_and_cut_off_is_finished_by_the_next_start(path, secret):
    def stop(done: int, _: int) -> None:
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        change(path, None, secret, progress=stop)
    assert cipher.is_encrypted(generations.listed(path)[0].path)
    assert not cipher.is_encrypted(path)
    assert change(path, None, Passphrase(SECRET)) == encrypting.Changed(1, ())


def test_its_steps_are_told_and_may_be_ended_within_a_file(path, secret, monkeypatch):
    monkeypatch.setattr(encrypting, "_OFTEN", 1_000)
    told = []

    def tell(done: int, of: int) -> None:
        told.append((done, of))
        if told.count((1, 2)) >= 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        change(path, None, secret, progress=tell)
    assert set(told) == {(0, 2), (1, 2)}
    assert not cipher.is_encrypted(path)
    assert not list(path.parent.glob(".*"))


def test_a_book_that_somebody_has_open_is_left_alone(path, secret):
    before = path.read_bytes()
    with closing(opened(path)), pytest.raises(BookInUse):
        change(path, None, secret)
    with closing(opened(path, read_only=True)) as reader:
        reader.value("SELECT count(*) FROM products")
        with pytest.raises(BookInUse, match="another program is reading this book"):
            change(path, None, secret)
    assert path.read_bytes() == before


def test_what_is_not_the_same_is_not_put_in_place(path, secret, monkeypatch):
    export = encrypting._export

    def forget(connection, made, key) -> None:
        export(connection, made, key)
        with closing(cipher.connect_by_sqlcipher(str(made), key, isolation_level=None)) as other:
            other.execute("UPDATE products SET product = 'other'")

    monkeypatch.setattr(encrypting, "_export", forget)
    before = path.read_bytes()
    with pytest.raises(BookFault, match="what was written is not the same"):
        change(path, None, secret)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("PRAGMA user_version = 3", "user_version"),
        ("DROP TRIGGER change_log_loses_nothing", "the schema"),
        ("UPDATE products SET product = 'other'", "the table products"),
    ],
)
def test_every_difference_between_two_files_is_seen(path, tmp_path, statement, said):
    other = Path(shutil.copy(path, tmp_path / "other.elpis"))
    with closing(cipher.closed(path, None)) as before, closing(cipher.closed(other, None)) as after:
        assert encrypting._difference(before, after) == ""
    with closing(states.connect(other)) as connection:
        connection.execute(statement)
        connection.commit()
    with closing(cipher.closed(path, None)) as before, closing(cipher.closed(other, None)) as after:
        assert encrypting._difference(before, after) == said


def test_what_a_killed_decryption_has_left_goes_when_the_book_is_opened(encrypted, secret, tmp_path):
    folder = generations.folder(encrypted)
    places = [encrypted.parent / f".{encrypted.name}{UNFINISHED}", folder / f".x.elpis{UNFINISHED}"]
    for place in places:
        place.mkdir()
        (place / "half.elpis").write_bytes(b"SQLite format 3\0" + TEXT.encode())
        (place / "other").write_bytes(b"still being written")
    opened(encrypted, passphrase=secret).close()
    assert plain_files(tmp_path) == []
    assert all((place / "other").exists() for place in places)


# ------------------------------------------------------------------------------------------------------------- backups
def test_a_backup_brings_an_encrypted_book_back_and_is_compared_with_it(encrypted, secret, tmp_path):
    with closing(opened(encrypted, passphrase=secret)) as book:
        add_contract(book, "K1")
        (backup,) = generations.listed(encrypted)
        compared = backups.compare(book, replace(backup, holding=None))
        assert (compared.related, [what for _, _, what in compared.changes]) == (True, ["Add contract K1"])
    with pytest.raises(Locked):
        backups.restore(encrypted, backup, clock=lambda: NOW, who="ann")
    aside = backups.restore(encrypted, backup, clock=lambda: NOW, who="ann", passphrase=secret)
    with closing(opened(encrypted, passphrase=secret)) as book:
        assert book.value("SELECT count(*) FROM contracts") == 1
    with closing(opened(aside, passphrase=secret, read_only=True)) as book:
        assert book.value("SELECT count(*) FROM contracts") == 2
    assert plain_files(tmp_path) == []


def test_a_plain_backup_in_the_place_of_an_encrypted_book_is_encrypted(path, secret):
    change(path, None, secret, backups=encrypting.LEAVE)
    (backup,) = generations.listed(path)
    backups.restore(path, backup, clock=lambda: NOW, who="ann", passphrase=secret)
    assert cipher.is_encrypted(path)
    with closing(opened(path, passphrase=secret)) as book:
        assert book.value("SELECT product FROM products") == TEXT


def test_an_older_encrypted_book_is_backed_up_and_brought_up_to_date_without_a_plain_copy(tmp_path, secret):
    plain = older.make(tmp_path / "plain.elpis", 7)
    with closing(states.connect(plain)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    path = tmp_path / "old.elpis"
    encrypting.copy(plain, None, secret.new_key(), path)
    with closing(opened(path, passphrase=secret)) as book:
        assert book.value("PRAGMA user_version") == books.SCHEMA_VERSION
    (backup,) = generations.listed(path)
    assert (backup.why, backup.holding.schema) == ("migration", 7)
    assert cipher.is_encrypted(backup.path)
    assert cipher.is_encrypted(path)


def test_a_copy_for_another_disk_is_encrypted_as_the_book_is(encrypted, secret, tmp_path):
    with closing(opened(encrypted, passphrase=secret, read_only=True)) as book:
        care.back_up(book, tmp_path / "copy.elpis")
    with closing(opened(tmp_path / "copy.elpis", passphrase=secret, read_only=True)) as copy:
        assert content.content_hash(copy)
    assert plain_files(tmp_path) == []


# ---------------------------------------------------------------------------------------------------- temporary copies
class Listening:
    """Looks, at each step of what goes on, whether something plain lies in the folder for temporary files."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.steps, self.found = folder, 0, []

    def __call__(self, *_: object) -> None:
        self.steps += 1
        self.found += plain_files(self.folder)


@pytest.fixture
def temporary(tmp_path, monkeypatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_two_days_are_compared_without_a_plain_copy_anywhere(path, secret, temporary, monkeypatch):
    with closing(opened(path)) as book:
        plain = Listening(temporary)
        wanted = compare.compare(AS_OF, AS_OF + timedelta(days=200), book=book, progress=plain)
        assert plain.found, "the control: of a plain book there is something plain"
    change(path, None, secret)
    monkeypatch.setattr(parts, "_MANY", 1)  # of a plain book, files would go to and fro between two processes
    monkeypatch.setattr(parts, "_ONE_OF", 1)
    with closing(opened(path, passphrase=secret)) as book:
        hidden = Listening(temporary)
        found = compare.compare(AS_OF, AS_OF + timedelta(days=200), book=book, progress=hidden)
        assert (hidden.steps, hidden.found) == (plain.steps, [])
        assert found.differences == wanted.differences
