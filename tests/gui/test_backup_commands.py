"""The backups of a book on the command line."""

from contextlib import closing

import pytest

from store import backups
from store.content import content_hash
from tests import estates
from tests.conftest import opened


@pytest.fixture
def estate(book, fill):
    fill(book, estates.of(estates.item("1", "Office", 100)))
    book.close()
    return book.path


def more(folder):
    return folder(estates.of(estates.item("2", "Visio", 5)))


def test_before_an_import_a_backup_is_made_and_listed(elpis, estate, folder):
    assert elpis("import", more(folder), "--book", estate, "--as-of", "2026-11-21").status == 0
    said = elpis("books", "backups", estate)
    assert said.out.endswith("before an import\n")
    [one] = elpis("books", "backups", estate, "--json").json
    assert (one["why"], one["rows"]["contract_items"]) == ("import", 1)


def test_a_backup_is_compared_with_the_book(elpis, estate, folder):
    elpis("import", more(folder), "--book", estate, "--as-of", "2026-11-21")
    said = elpis("books", "backups", estate, "latest")
    assert "Contract items: 1 then, 2 now\n" in said.out
    assert "since\n" in said.out
    told = elpis("books", "backups", estate, "latest", "--json").json
    assert (told["then"]["products"], told["now"]["products"], told["related"]) == (1, 2, True)


def test_a_backup_is_restored_and_the_present_book_kept(elpis, estate, folder):
    with closing(opened(estate, read_only=True)) as book:
        before = content_hash(book)
    elpis("import", more(folder), "--book", estate, "--as-of", "2026-11-21")
    [one] = backups.listed(estate)

    said = elpis("books", "restore", estate, one.path.stem)
    assert (said.status, said.err) == (0, "")
    assert said.out.startswith(f"{estate}: restored as it was at ")
    assert len(list(estate.parent.glob("estate until *.elpis"))) == 1
    with closing(opened(estate, read_only=True)) as book:
        assert content_hash(book) == before


def test_a_book_in_use_is_not_restored(elpis, estate):
    with closing(opened(estate)) as book:
        backups.back_up(book)
        said = elpis("books", "restore", estate, "latest")
    assert (said.status, "open in another program" in said.err) == (1, True)


def test_a_name_that_no_backup_has_is_told_with_those_that_there_are(elpis, estate, tmp_path):
    assert "there are no backups of this book" in elpis("books", "backups", estate).out
    assert elpis("books", "restore", estate, "latest").err.endswith("there are no backups of this book\n")
    with closing(opened(estate)) as book:
        made = backups.back_up(book)
    assert made.path.stem in elpis("books", "restore", estate, "yesterday").err
    assert elpis("books", "backups", tmp_path / "none.elpis").status == 1


def test_a_review_that_keeps_its_book_makes_a_backup_before(elpis, estate, folder, tmp_path):
    elpis("review", more(folder), "--as-of", "2026-11-21", "--out", tmp_path / "out", "--book", estate)
    assert [one.why for one in backups.listed(estate)] == ["import"]
