"""Background work: it reports, can be cancelled, fails without harm, and the window goes on meanwhile."""

import threading
from collections.abc import Iterator

import peewee
import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from gui.work import Report, Worker


@pytest.fixture
def work(qtbot: QtBot) -> Iterator[Worker]:
    made = Worker()
    yield made
    made.close()


def counting(report: Report) -> int:
    for step in range(100):
        report(step + 1, 100)
    return 100


def test_the_answer_of_a_job_arrives_on_the_thread_of_the_window(work: Worker, qtbot: QtBot) -> None:
    threads = []

    def job(_: Report) -> int:
        threads.append(threading.current_thread())
        return 42

    answers = []
    with qtbot.waitSignal(work.finished):
        work.run("Counting", job, lambda answer: answers.append((answer, threading.current_thread())))
    assert answers == [(42, threading.main_thread())]
    assert threads[0] is not threading.main_thread()


def test_a_job_shows_how_far_it_is(work: Worker, qtbot: QtBot) -> None:
    with qtbot.waitSignal(work.finished):
        job = work.run("Counting", counting, lambda _: None)
    assert job.progress == (100, 100)


def test_a_cancelled_job_ends_at_its_next_report_and_answers_nobody(work: Worker, qtbot: QtBot) -> None:
    begun, go_on, answers = threading.Event(), threading.Event(), []

    def job(report: Report) -> None:
        begun.set()
        go_on.wait(10)
        report(1, 2)
        answers.append("went on")

    handle = work.run("Waiting", job, answers.append, answers.append)
    with qtbot.waitSignal(work.finished):
        begun.wait(10)
        handle.cancel()
        go_on.set()
    assert answers == []
    assert work.jobs == []


def test_a_job_that_waits_for_its_turn_can_be_cancelled_before_it_begins(work: Worker, qtbot: QtBot) -> None:
    go_on, done = threading.Event(), []
    work.run("First", lambda _: go_on.wait(10), lambda _: done.append("first"))
    second = work.run("Second", lambda _: done.append("second ran"), lambda _: done.append("second"))
    second.cancel()
    with qtbot.waitSignals([work.finished, work.finished]):
        go_on.set()
    assert done == ["first"]


def test_a_job_that_fails_tells_who_handed_it_in(work: Worker, qtbot: QtBot) -> None:
    faults = []
    with qtbot.waitSignal(work.finished):
        work.run("Dividing", lambda _: 1 // 0, lambda _: None, faults.append)
    assert isinstance(faults[0], ZeroDivisionError)


def test_a_failure_that_nobody_expects_is_told_to_the_window_and_the_next_job_runs(work: Worker, qtbot: QtBot) -> None:
    with qtbot.waitSignal(work.failed) as told:
        work.run("Dividing", lambda _: 1 // 0, lambda _: None)
    assert isinstance(told.args[1], ZeroDivisionError)
    with qtbot.waitSignal(work.finished):
        work.run("Counting", counting, lambda _: None)


def test_a_full_disk_that_the_database_tells_of_is_no_fault_of_the_program(work: Worker, qtbot: QtBot) -> None:
    full = peewee.OperationalError("database or disk is full")
    full.sqlite_errorname = "SQLITE_FULL"

    def job(_: Report) -> None:
        raise full

    with qtbot.assertNotEmitted(work.broke), qtbot.waitSignal(work.failed) as failed:
        work.run("Comparing", job, lambda _: None)
    assert str(failed.args[1]) == "The disk is full; nothing was stored. Free some space and try again."


def test_an_answer_for_a_screen_that_is_gone_is_dropped(work: Worker, qtbot: QtBot) -> None:
    go_on, owner, answers = threading.Event(), QObject(), []
    with qtbot.waitSignal(work.finished):
        work.run("Waiting", lambda _: go_on.wait(10), answers.append, owner=owner)
        owner.deleteLater()
        qtbot.waitUntil(lambda: not _valid(owner))
        go_on.set()
    assert answers == []


def _valid(thing: QObject) -> bool:
    import shiboken6

    return shiboken6.isValid(thing)


def test_jobs_of_other_lanes_need_not_wait(work: Worker, qtbot: QtBot) -> None:
    go_on, done = threading.Event(), []
    work.run("Long", lambda _: go_on.wait(10), lambda _: done.append("long"))
    with qtbot.waitSignal(work.finished):
        work.run("Short", lambda _: None, lambda _: done.append("short"), lane="rows")
    assert done == ["short"]
    with qtbot.waitSignal(work.finished):
        go_on.set()


def test_the_window_keeps_its_heartbeat_while_a_job_computes(work: Worker, qtbot: QtBot) -> None:
    beats = []
    heart = QTimer(interval=10)
    heart.timeout.connect(lambda: beats.append(1))
    heart.start()

    def job(report: Report) -> int:
        total = 0
        while len(beats) < 5:
            total += sum(range(1000))
            report(0, 0)
        return total

    with qtbot.waitSignal(work.finished):
        work.run("Computing", job, lambda _: None)
    assert len(beats) >= 5


def test_closing_ends_what_runs(work: Worker, qtbot: QtBot) -> None:
    begun = threading.Event()

    def job(report: Report) -> None:
        begun.set()
        while True:
            report(0, 0)

    work.run("Endless", job, lambda _: None)
    begun.wait(10)
    work.close()
    assert work.jobs == []
