"""The backups of a book as files: their names, what is known of them, and which are let go of."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from store import generations
from store.errors import BookFault
from store.generations import DAYS, MONTHS, RECENT, WEEKS, kept
from tests.conftest import NOW, opened

moments = some.lists(
    some.integers(0, 3 * 365 * 24 * 3600).map(lambda second: NOW - timedelta(seconds=second)),
    max_size=120,
    unique=True,
)


@given(moments)
@settings(deadline=None)
def test_the_latest_twelve_and_the_latest_of_each_period_stay(found):
    stay = kept(found)
    ordered = sorted(found, reverse=True)
    assert set(ordered[:RECENT]) <= stay <= set(found)
    assert len(stay) <= RECENT + DAYS + WEEKS + MONTHS
    for count, period in ((DAYS, "%Y-%m-%d"), (WEEKS, "%G-%V"), (MONTHS, "%Y-%m")):
        periods = sorted({at.strftime(period) for at in found}, reverse=True)[:count]
        latest = {max(at for at in found if at.strftime(period) == one) for one in periods}
        assert latest <= stay


@given(moments)
@settings(deadline=None)
def test_who_lets_go_after_each_backup_ends_with_the_same_as_who_does_it_once(found):
    held: set[datetime] = set()
    for moment in sorted(found):
        held = kept({*held, moment})
    assert held == kept(found) == kept(kept(found))


def test_a_year_of_one_backup_a_day_leaves_thirty():
    days = [NOW - timedelta(days=n) for n in range(365)]
    stay = kept(days)
    assert {NOW - timedelta(days=n) for n in range(14)} <= stay
    assert len(stay) == 30, "of the weeks and months some end on days that stay anyway"


@pytest.fixture
def path(book):
    """A book, closed."""
    book.close()
    return book.path


def make(path, at=NOW, why="user"):
    def copy(target):
        with opened(path, read_only=True) as book:
            book.run("VACUUM INTO ?", (str(target),))

    return generations.make(path, at, why, copy)


def test_a_backup_is_found_with_what_it_holds(path):
    made = make(path)
    assert generations.listed(path) == [made]
    assert (made.at, made.why, made.size) == (NOW, "user", made.path.stat().st_size)
    assert made.sha256 == generations.sha256(made.path)
    assert made.holding is not None
    assert made.holding.rows["products"] == 0


def test_backups_of_one_second_have_names_of_their_own(path):
    first, second = make(path), make(path, why="import")
    assert [first.path.name, second.path.name] == ["20261121T083000Z-00-user.elpis", "20261121T083000Z-01-import.elpis"]
    assert generations.listed(path) == [second, first]


def test_of_very_many_backups_of_one_second_the_latest_stay_in_their_order(path, monkeypatch):
    monkeypatch.setattr(generations, "_put", lambda target, copy, _: (target.parent.mkdir(exist_ok=True), copy(target)))
    made = [generations.make(path, NOW, "user", Path.touch) for _ in range(205)]
    assert made[-1].path.name == "20261121T083000Z-204-user.elpis"
    assert [one.path for one in generations.listed(path)] == [one.path for one in made[: -1 - RECENT : -1]]


def test_old_backups_are_let_go_of_with_what_is_written_beside_them(path):
    for number in range(20):
        make(path, NOW + timedelta(minutes=number))
    assert len(generations.listed(path)) == RECENT
    assert len(list(generations.folder(path).iterdir())) == 2 * RECENT


def test_nothing_is_let_go_of_when_a_backup_fails(path):
    for number in range(RECENT):
        make(path, NOW + timedelta(minutes=number))
    before = generations.listed(path)

    def fails(target):
        target.write_bytes(b"half")
        raise BookFault("not sound")

    with pytest.raises(BookFault, match="not sound"):
        generations.make(path, NOW + timedelta(hours=1), "changes", fails)
    assert generations.listed(path) == before
    assert len(list(generations.folder(path).iterdir())) == 2 * RECENT


def test_a_backup_whose_description_is_lost_or_wrong_is_listed_all_the_same(path):
    made = make(path)
    for text in ("{}", "nonsense", '{"holding": {"rows": 1}, "sha256": ""}'):
        made.path.with_suffix(".json").write_text(text)
        assert [(one.path, one.holding, one.sha256) for one in generations.listed(path)] == [(made.path, None, "")]
    assert generations.look(made.path) == made.holding


def test_other_files_in_the_folder_are_left_alone(path):
    make(path)
    other = generations.folder(path) / "my own copy.elpis"
    other.write_bytes(b"")
    assert len(generations.listed(path)) == 1
    generations.thin_out(path)
    assert other.exists()


def test_a_disk_that_is_nearly_full_is_told_before_anything_is_written(path, monkeypatch):
    monkeypatch.setattr(generations.shutil, "disk_usage", lambda _: os.statvfs_result and _Usage())
    with pytest.raises(BookFault, match=r"there is no room for a backup: 99 MB of the disk are free"):
        make(path)
    assert not generations.folder(path).exists()


class _Usage:
    free = 99 * 2**20


def test_a_file_that_is_no_book_is_told(tmp_path):
    (tmp_path / "diary.elpis").write_text("Dear diary, " * 1_000)
    with pytest.raises(BookFault, match=r"this backup cannot be read"):
        generations.look(tmp_path / "diary.elpis")
    with pytest.raises(BookFault, match=r"this backup cannot be read"):
        generations.require_sound(tmp_path / "diary.elpis")
