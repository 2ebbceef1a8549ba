"""A signed snapshot beside its book: the book knows it, or tells that something was taken away."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from store.snapshots import kept, verifying
from store.snapshots.verify import BAD, OK, REFUSED, TRUSTED
from tests import signing
from tests.conftest import opened
from tests.estates import demand, item, of

ME = signing.signer()


@pytest.fixture
def estate(book, fill):
    fill(book, of(item("1", "Office", 5), demand=[demand("Office", 7)]))
    return book


@pytest.fixture
def one(estate, tmp_path):
    return kept.save_signed(estate, tmp_path / "one.licsnap", ME).folder


def codes(report, result=BAD):
    return [check.code for check in report.checks if check.result == result]


def beside(book, file, **how):
    return verifying.check(file, key=ME.fingerprint, book=book, **how)


def test_a_book_knows_its_snapshots_and_how_many_came_since(estate, one, fill, tmp_path):
    assert [check.sentence for check in beside(estate, one).checks][-2:-1] == [
        "The book remembers it; none was made since."
    ]
    fill(estate, of(item("1", "Office", 9)))
    for name in ("two", "three"):
        kept.save_signed(estate, tmp_path / f"{name}.licsnap", ME)
    report = beside(estate, one)
    assert report.verdict == TRUSTED
    assert codes(report, OK)[-2:] == ["book.ok", "audit.ok"]
    assert "2 were made since" in report.checks[-2].sentence


def test_it_needs_no_more_than_reading_the_book(estate, one):
    with closing(opened(estate.path, read_only=True)) as reader:
        assert beside(reader, one).verdict == TRUSTED


def test_another_book_does_not_know_it(one, signed, tmp_path):
    with closing(opened(tmp_path / "other.elpis", create=True)) as other:
        assert codes(beside(other, one)) == ["book.other"]


def test_an_older_copy_of_the_book_is_behind_the_snapshot(estate, tmp_path, fill):
    estate.close()
    shutil.copy(estate.path, tmp_path / "older.elpis")
    with closing(opened(estate.path)) as book:
        fill(book, of(item("1", "Office", 9)))
        late = kept.save_signed(book, tmp_path / "late.licsnap", ME).folder
    with closing(opened(tmp_path / "older.elpis")) as older:
        assert codes(beside(older, late)) == ["book.unknown", "audit.behind-anchor"]


def test_two_copies_of_a_book_cannot_both_make_the_next_snapshot_unnoticed(estate, tmp_path):
    estate.close()
    shutil.copy(estate.path, tmp_path / "copy.elpis")
    with closing(opened(estate.path)) as book:
        one = kept.save_signed(book, tmp_path / "one.licsnap", ME).folder
    with closing(opened(tmp_path / "copy.elpis")) as copy:
        kept.save_signed(copy, tmp_path / "rival.licsnap", ME, made_by="bob")
        assert codes(beside(copy, one)) == ["book.differs"]


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("UPDATE change_log SET who = 'bob' WHERE id = 1", "audit.differs"),
        ("DELETE FROM change_log WHERE id = 1", "audit.differs"),
        ("DELETE FROM change_log", "audit.behind-anchor"),
    ],
)
def test_a_change_log_that_was_tampered_with_is_told_by_the_snapshot(statement, code, estate, one):
    outside = sqlite3.connect(estate.path, isolation_level=None)
    for trigger in ("change_log_keeps_entries", "change_log_keeps_what_was_written", "change_log_loses_nothing"):
        outside.execute(f"DROP TRIGGER {trigger}")
    outside.execute(statement)
    outside.close()
    assert codes(beside(estate, one)) == [code]


def test_a_file_without_a_manifest_is_not_asked_for_in_the_book(estate, tmp_path):
    (tmp_path / "no.licsnap").write_bytes(b"hello")
    report = beside(estate, tmp_path / "no.licsnap")
    assert (report.verdict, codes(report)) == (REFUSED, ["container.unreadable"])
