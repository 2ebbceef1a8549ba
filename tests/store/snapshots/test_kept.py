"""The book remembers the snapshots saved from it, and tells whether each still is what was saved."""

import hashlib
import shutil
from contextlib import closing

import pytest

from store import book as books
from store import derivation, settings, undo
from store.content import content_hash
from store.errors import BookFault, Unknown
from store.snapshots import kept, manifest
from store.snapshots.kept import CHANGED, MISSING, REPLACED, WHOLE
from tests.conftest import AS_OF, opened
from tests.estates import demand, item, of


@pytest.fixture
def saved(book, fill, tmp_path):
    fill(book, of(item("1", "Office", 5), demand=[demand("Office", 7)]))
    return kept.save(book, tmp_path / "out", json_only=True)


def test_a_saved_snapshot_is_remembered_with_its_fingerprint(book, saved, tmp_path):
    text = (tmp_path / "out" / "snapshot.json").read_bytes()
    assert saved.sha256 == hashlib.sha256(text).hexdigest()
    assert (saved.as_of, saved.at, saved.who) == ("2026-11-21", "2026-11-21T08:30:00Z", "ann")
    assert saved.statuses == {"compliant": 0, "over-licensed": 0, "under-licensed": 1}
    assert kept.listed(book) == [saved]
    assert kept.state(saved).code == WHOLE


def test_the_latest_snapshot_stands_first(book, saved, tmp_path):
    second = kept.save(book, tmp_path / "second", json_only=True)
    assert kept.listed(book) == [second, saved]
    assert second.sha256 == saved.sha256, "the same book and day give the same bytes"


def test_remembering_is_no_change_of_the_data_and_no_step_to_undo(book, saved, tmp_path):
    before = content_hash(book)
    kept.save(book, tmp_path / "again", json_only=True)
    assert content_hash(book) == before
    assert undo.next_back(book) is None
    changes = book.rows("SELECT action, key FROM change_log WHERE subject = 'snapshots'")
    assert changes == [("save", "1"), ("save", "2")]


def test_a_changed_file_is_told_by_its_name(saved, tmp_path):
    with (tmp_path / "out" / "snapshot.json").open("a", encoding="utf-8") as file:
        file.write(" ")
    assert kept.state(saved) == kept.State(CHANGED, ("snapshot.json was changed",))


def test_a_file_that_was_put_there_is_told(saved, tmp_path):
    (tmp_path / "out" / "note.txt").write_text("hello", encoding="utf-8")
    assert kept.state(saved) == kept.State(CHANGED, ("note.txt is not named in the manifest",))


def test_a_manifest_that_says_nothing_counts_as_changed(saved, tmp_path):
    (tmp_path / "out" / manifest.NAME).write_text("{", encoding="utf-8")
    assert kept.state(saved).code == CHANGED


def test_a_folder_that_is_gone_is_missing(saved, tmp_path):
    shutil.rmtree(tmp_path / "out")
    assert kept.state(saved).code == MISSING


def test_a_later_snapshot_in_the_same_folder_took_its_place(book, saved, fill, tmp_path):
    fill(book, of(item("1", "Office", 9)))
    later = kept.save(book, tmp_path / "out", json_only=True)
    assert kept.state(saved).code == REPLACED
    assert kept.state(later).code == WHOLE


def test_files_that_cannot_be_read_are_told(saved, monkeypatch):
    def refuse(_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(manifest, "verify", refuse)
    assert kept.state(saved) == kept.State(CHANGED, ("it cannot be read: Permission denied",))


def test_a_forgotten_snapshot_leaves_its_files(book, saved, tmp_path):
    kept.forget(book, saved.id)
    assert kept.listed(book) == []
    assert kept.state(saved).code == WHOLE
    with pytest.raises(Unknown, match="forgotten already"):
        kept.forget(book, saved.id)


def test_a_book_that_was_never_judged_has_no_snapshot(book, tmp_path):
    with pytest.raises(BookFault):
        kept.save(book, tmp_path / "out")
    assert kept.listed(book) == []
    assert not (tmp_path / "out").exists()


def test_a_book_from_before_signatures_keeps_its_list_and_gets_an_id_of_its_own(tmp_path, monkeypatch):
    older = tmp_path / "migrations"
    older.mkdir()
    for number in range(1, 6):
        (made,) = books.MIGRATIONS.glob(f"000{number}_*.py")
        shutil.copy(made, older)
    with monkeypatch.context() as then:
        then.setattr(books, "MIGRATIONS", older)
        then.setattr(books, "SCHEMA_VERSION", 5)
        with opened(tmp_path / "old.elpis", create=True) as book:
            book.run("INSERT INTO snapshots VALUES (1, '', 'ann', '2026-01-01', '/handed/out', '0', '{}')")
    ids = set()
    for _ in range(2):
        with closing(opened(tmp_path / "old.elpis")) as book:
            assert [(one.as_of, one.seal, one.key) for one in kept.listed(book)] == [("2026-01-01", None, "")]
            ids.add(settings.get(book, "book_id"))
    assert len(ids) == 1
    assert len(ids.pop()) == 32


def test_a_book_that_is_only_read_saves_but_does_not_remember(book, tmp_path):
    derivation.recalculate(book, as_of=AS_OF)
    with closing(opened(book.path, read_only=True)) as reader:
        saved = kept.save(reader, tmp_path / "out", json_only=True)
        assert kept.state(saved).code == WHOLE
        assert kept.listed(reader) == []
