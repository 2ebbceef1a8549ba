"""The desk: one book, one day, changes as steps that every screen hears of."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from gui.desk import SUBJECTS, Desk, Place
from gui.state import State
from gui.work import Job, Report
from store import contracts, derivation, overviews, settings
from store.audit import content_hash
from store.book import Book
from store.errors import BookFault, BookInUse, KnownFault, Unfit
from store.imports.load import load
from store.listing import keeping, preparing
from store.records import Contract
from tests import estates
from tests.conftest import AS_OF, NOW, opened
from tests.gui.conftest import SAMPLE, settled

LATER = date(2027, 6, 1)


def add(number: str = "C-17") -> Callable[[Book], None]:
    return lambda book: contracts.save(book, Contract(number, f"Contract {number}", date(2026, 1, 1)))


def holds(desk: Desk, number: str = "C-17") -> bool:
    return desk.book.one("SELECT 1 FROM contracts WHERE contract = ?", (number,)) is not None


@pytest.fixture
def heard(desk: Desk) -> list[frozenset[str]]:
    told: list[frozenset[str]] = []
    desk.changed.connect(told.append)
    return told


# ------------------------------------------------------------------------------------------------------------- changes
def test_a_change_is_stored_and_told_by_the_subjects_that_it_touches(desk: Desk, heard: list) -> None:
    desk.do("Add contract C-17", add())
    assert holds(desk)
    assert len(heard) == 1
    assert {"contracts", "events", "changes"} <= heard[0] <= SUBJECTS
    assert "products" not in heard[0]


def test_a_change_that_is_refused_stores_nothing_tells_nobody_and_is_said_where_it_was_asked_for(
    desk: Desk, heard: list
) -> None:
    def change(book: Book) -> None:
        add()(book)
        raise Unfit("this is not possible.")

    with pytest.raises(Unfit, match="not possible"):
        desk.do("Add contract C-17", change)
    assert not holds(desk)
    assert heard == []
    assert desk.undo_text == ""


def test_a_change_of_nothing_is_no_step(desk: Desk, heard: list) -> None:
    desk.do("Nothing", lambda _: None)
    assert (heard, desk.undo_text) == ([], "")


def test_a_change_can_be_undone_and_redone_by_its_name(desk: Desk, heard: list) -> None:
    said: list[str] = []
    desk.told.connect(lambda sentence, _: said.append(sentence))
    desk.do("Add contract C-17", add())
    assert (desk.undo_text, desk.redo_text) == ("Add contract C-17", "")
    desk.undo()
    assert not holds(desk)
    assert (desk.undo_text, desk.redo_text) == ("", "Add contract C-17")
    desk.redo()
    assert holds(desk)
    assert said == ["Undone: Add contract C-17", "Redone: Add contract C-17"]
    assert all("contracts" in subjects for subjects in heard)


def test_undo_of_nothing_is_told_and_does_no_harm(desk: Desk) -> None:
    said: list[tuple[str, str]] = []
    desk.told.connect(lambda *told: said.append(told))
    desk.undo()
    assert [severity for _, severity in said] == ["error"]


def test_a_long_change_runs_in_the_background_and_is_one_step(desk: Desk, qtbot: QtBot, heard: list) -> None:
    done: list[str] = []

    def change(book: Book, report: Report) -> str:
        for number in range(3):
            report(number, 3)
            add(f"C-{number}")(book)
        return "three contracts"

    desk.do_long("Add three contracts", change, lambda answer: done.append(answer if heard else "too early"))
    settled(desk, qtbot)
    assert done == ["three contracts"]
    assert desk.undo_text == "Add three contracts"
    desk.undo()
    assert not any(holds(desk, f"C-{number}") for number in range(3))


def test_while_the_book_is_being_changed_no_other_change_is_begun(desk: Desk, qtbot: QtBot) -> None:
    go_on = threading.Event()
    desk.do_long("Import the estate", lambda *_: go_on.wait(10), lambda _: None)
    with pytest.raises(KnownFault, match="“Import the estate” is running"):
        desk.do("Add contract C-17", add())
    go_on.set()
    settled(desk, qtbot)
    desk.do("Add contract C-17", add())
    assert holds(desk)


def test_a_long_change_that_is_cancelled_leaves_nothing_behind(desk: Desk, qtbot: QtBot, heard: list) -> None:
    begun, done = threading.Event(), []

    def change(book: Book, report: Report) -> None:
        add()(book)
        begun.set()
        while True:
            report(0, 0)

    job = desk.do_long("Add contract C-17", change, done.append, done.append)
    begun.wait(10)
    job.cancel()
    settled(desk, qtbot)
    assert not holds(desk)
    assert (done, heard) == ([], [])
    desk.do("Add contract C-18", add("C-18"))


def test_a_long_change_that_fails_tells_its_screen_and_stores_nothing(desk: Desk, qtbot: QtBot) -> None:
    faults: list[Exception] = []

    def change(book: Book, _: Report) -> None:
        add()(book)
        raise Unfit("the file is not an estate.")

    desk.do_long("Import", change, lambda _: None, faults.append)
    settled(desk, qtbot)
    assert [str(fault) for fault in faults] == ["the file is not an estate."]
    assert not holds(desk)


def imported(desk: Desk, qtbot: QtBot, tmp_path: Path) -> str:
    """Import one more contract item in a step; the content of the book before it."""
    before = content_hash(desk.book)
    folder = estates.write(tmp_path / "more", estates.of(estates.item("1", "Plotter", 5, contract="C-77")))
    desk.do_long("Import more", lambda book, _: load(book, folder, as_of=AS_OF), lambda _: None, resolved=True)
    settled(desk, qtbot)
    assert content_hash(desk.book) != before
    return before


def test_undo_of_an_import_tells_how_far_it_is(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    before = imported(desk, qtbot, tmp_path)
    steps: list[tuple[int, int]] = []
    desk.work.started.connect(lambda job: job.progressed.connect(lambda done, total: steps.append((done, total))))
    desk.undo()
    assert [job.what for job in desk.work.jobs] == ["Undo: Import more"]
    with pytest.raises(KnownFault, match="“Undo: Import more” is running"):
        desk.do("Add contract C-17", add())
    settled(desk, qtbot)
    assert steps[-1][0] == steps[-1][1] > 0
    assert content_hash(desk.book) == before


def test_undo_and_redo_of_an_import_that_are_cancelled_change_nothing(
    desk: Desk, qtbot: QtBot, tmp_path: Path, heard: list
) -> None:
    before = imported(desk, qtbot, tmp_path)
    after = content_hash(desk.book)
    told: list[str] = []
    desk.told.connect(lambda sentence, _: told.append(sentence))

    def press_the_cross(job: Job) -> None:
        job.report._tell = lambda *_: job.report.cancel()  # as soon as it tells how far it is

    for turn, content in ((desk.undo, after), (desk.redo, before)):
        heard.clear()
        told.clear()
        desk.work.started.connect(press_the_cross)
        turn()
        settled(desk, qtbot)
        desk.work.started.disconnect(press_the_cross)
        assert (content_hash(desk.book), heard, told) == (content, [], [])
        turn()
        settled(desk, qtbot)
    assert content_hash(desk.book) == after


# ----------------------------------------------------------------------------------------------------------------- day
def test_another_day_judges_the_book_in_the_background_and_every_screen_hears_of_it(
    desk: Desk, qtbot: QtBot, heard: list
) -> None:
    with qtbot.waitSignal(desk.day_changed) as told:
        desk.judge(LATER)
    assert told.args == [LATER]
    assert desk.as_of == LATER
    assert settings.get(desk.book, "as_of") == "2027-06-01"
    assert heard == [SUBJECTS]


def test_of_two_days_asked_for_quickly_the_last_one_counts(desk: Desk, qtbot: QtBot) -> None:
    desk.judge(date(2027, 1, 1))
    desk.judge(LATER)
    settled(desk, qtbot)
    assert desk.as_of == LATER


def test_a_judgement_that_is_cancelled_leaves_the_book_on_its_day(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, heard: list
) -> None:
    begun = threading.Event()

    def recalculate(book: Book, *, as_of: date, progress: Callable[[int, int], None]) -> None:
        with book.transaction():
            settings.put(book, "as_of", as_of.isoformat())
            begun.set()
            while True:
                progress(1, 2)

    monkeypatch.setattr(derivation, "recalculate", recalculate)
    with qtbot.waitSignal(desk.day_changed) as told:
        desk.judge(LATER)
        begun.wait(10)
        desk.work.cancel_all()
    assert told.args == [AS_OF]
    assert (desk.as_of, settings.get(desk.book, "as_of")) == (AS_OF, "2026-11-21")
    assert heard == []


def test_cancelling_stops_a_query_that_says_nothing(desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = threading.Event()

    def recalculate(book: Book, **_: object) -> None:
        begun.set()
        book.value("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")

    monkeypatch.setattr(derivation, "recalculate", recalculate)
    desk.judge(LATER)
    begun.wait(10)

    def stopped() -> bool:
        desk.work.cancel_all()
        return not desk.busy

    qtbot.waitUntil(stopped)
    assert desk.as_of == AS_OF


def test_a_judgement_that_fails_is_told_and_the_desk_goes_on(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def recalculate(book: Book, **_: object) -> None:
        raise BookFault("the disk is full.")

    monkeypatch.setattr(derivation, "recalculate", recalculate)
    with qtbot.waitSignal(desk.work.failed) as told:
        desk.judge(LATER)
    assert str(told.args[1]) == "the disk is full."
    settled(desk, qtbot)
    desk.do("Add contract C-17", add())
    assert desk.as_of == AS_OF


# --------------------------------------------------------------------------------------------------------- large books
@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty products make a large book, and nobody waits for calm."""
    monkeypatch.setattr(preparing, "LARGE", 50)
    monkeypatch.setattr("gui.desk._PREPARE_AFTER", 0)


@pytest.fixture
def large_desk(large: None, state: State, program: object) -> Iterator[Desk]:
    made = Desk(lambda: NOW, "ann", state)
    yield made
    made.close()


def open_copy(desk: Desk, sample: Path, folder: Path) -> None:
    desk.open(Path(shutil.copy(sample, folder / "large.elpis")))


def is_prepared(desk: Desk) -> bool:
    return not desk.work.jobs and preparing.is_prepared(desk.book)


def held_up(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Let the preparation wait for nothing, as that of a very large book seems to; the event says that it has begun."""
    begun = threading.Event()

    def prepare(book: Book, _: Report) -> None:
        begun.set()
        with book.transaction():
            book.value("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")

    monkeypatch.setattr(overviews, "prepare", prepare)
    return begun


def test_a_large_book_is_prepared_in_the_background_when_it_is_opened(
    large_desk: Desk, sample_book: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    said: list[str] = []
    large_desk.work.started.connect(lambda job: said.append(job.what))
    open_copy(large_desk, sample_book, tmp_path)
    assert not large_desk.busy
    qtbot.waitUntil(lambda: is_prepared(large_desk))
    assert said[0] == "Preparing a large book"
    assert "overview_products_vendor" in dict(large_desk.book.rows("SELECT name, 1 FROM sqlite_schema"))


def test_a_book_that_an_import_makes_large_is_prepared_afterwards(
    large_desk: Desk, tmp_path: Path, qtbot: QtBot
) -> None:
    large_desk.open(tmp_path / "new.elpis", create=True)

    def import_(book: Book, _: Report) -> None:
        load(book, SAMPLE, as_of=AS_OF)

    large_desk.do_long("Import", import_, lambda _: None, resolved=True)
    assert preparing.is_prepared(large_desk.book)  # it is small yet
    qtbot.waitUntil(lambda: keeping.is_kept(large_desk.book), timeout=20_000)
    qtbot.waitUntil(lambda: is_prepared(large_desk))


def test_a_change_does_not_wait_until_a_large_book_is_prepared_and_that_goes_on_afterwards(
    large_desk: Desk, sample_book: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        begun = held_up(patched)
        open_copy(large_desk, sample_book, tmp_path)
        qtbot.waitUntil(begun.is_set)
        large_desk.do("Add contract C-17", add())
    assert holds(large_desk)
    qtbot.waitUntil(lambda: is_prepared(large_desk))


def test_another_day_does_not_wait_for_it_either(
    large_desk: Desk, sample_book: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        begun = held_up(patched)
        open_copy(large_desk, sample_book, tmp_path)
        qtbot.waitUntil(begun.is_set)
        large_desk.judge(LATER)
    qtbot.waitUntil(lambda: is_prepared(large_desk))
    assert large_desk.as_of == LATER


def test_who_cancels_the_preparation_is_not_asked_again_until_the_book_is_opened_again(
    large_desk: Desk, sample_book: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        begun = held_up(patched)
        open_copy(large_desk, sample_book, tmp_path)
        qtbot.waitUntil(begun.is_set)
        large_desk.work.jobs[0].stop()
        settled(large_desk, qtbot)
    started: list[object] = []
    large_desk.work.started.connect(started.append)
    large_desk.do("Add contract C-17", add())
    qtbot.waitUntil(lambda: not large_desk._calm.isActive())
    assert started == []
    large_desk.open(large_desk.book.path)
    qtbot.waitUntil(lambda: is_prepared(large_desk))


def test_what_a_large_book_sorts_by_is_right_again_after_each_change(
    large_desk: Desk, sample_book: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    open_copy(large_desk, sample_book, tmp_path)
    qtbot.waitUntil(lambda: is_prepared(large_desk))
    large_desk.do("Add contract C-17", add())
    assert preparing.is_prepared(large_desk.book)
    large_desk.undo()
    assert preparing.is_prepared(large_desk.book)
    large_desk.judge(LATER)
    settled(large_desk, qtbot)
    assert preparing.is_prepared(large_desk.book)


def test_a_large_book_that_is_only_read_is_left_as_it_is(large_desk: Desk, sample_book: Path, qtbot: QtBot) -> None:
    with closing(opened(sample_book)):
        large_desk.open(sample_book, read_only=True)
        qtbot.waitUntil(lambda: not large_desk._calm.isActive())
        assert large_desk.work.jobs == []
        large_desk.close()


def test_a_small_book_is_given_nothing(desk: Desk, qtbot: QtBot) -> None:
    desk._calm.setInterval(0)
    desk.do("Add contract C-17", add())
    qtbot.waitUntil(lambda: not desk._calm.isActive())
    assert desk.work.jobs == []
    assert not keeping.is_kept(desk.book)


# --------------------------------------------------------------------------------------------------------------- books
def test_a_new_book_is_judged_today_and_so_ready_for_its_first_contract(empty_desk: Desk, tmp_path: Path) -> None:
    empty_desk.open(tmp_path / "new.elpis", create=True)
    empty_desk.do("Add contract C-17", add())
    assert empty_desk.as_of == empty_desk.today == AS_OF
    assert empty_desk.book.value("SELECT count(*) FROM events") == 1


def test_a_book_that_another_program_has_open_can_be_read_only(empty_desk: Desk, sample_book: Path) -> None:
    with closing(opened(sample_book)):
        with pytest.raises(BookInUse, match="open in another program"):
            empty_desk.open(sample_book)
        assert not empty_desk.is_open
        empty_desk.open(sample_book, read_only=True)
        assert empty_desk.read_only
        with pytest.raises(KnownFault, match="reading only"):
            empty_desk.do("Add contract C-17", add())
        empty_desk.close()


def test_a_file_that_is_no_book_leaves_the_present_one_open(desk: Desk, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.elpis"
    wrong.write_text("not a book")
    with pytest.raises(BookFault):
        desk.open(wrong)
    assert desk.is_open
    desk.do("Add contract C-17", add())


def test_opening_the_same_book_again_works_although_it_is_locked_by_oneself(desk: Desk) -> None:
    desk.open(desk.book.path)
    assert desk.is_open


def test_closing_gives_the_file_free_for_others(desk: Desk) -> None:
    path = desk.book.path
    desk.close()
    with closing(opened(path)) as book:
        assert book.lock is not None
    with pytest.raises(RuntimeError, match="no book"):
        _ = desk.book


def test_an_opened_book_is_remembered(desk: Desk) -> None:
    assert desk.state.recent() == [desk.book.path.absolute()]


def test_going_somewhere_is_asked_of_the_window(desk: Desk, qtbot: QtBot) -> None:
    with qtbot.waitSignal(desk.asked) as told:
        desk.go(Place("rulebook", "lifecycle.purchased"))
    assert told.args == [Place("rulebook", "lifecycle.purchased")]
