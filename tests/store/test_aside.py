"""A second process helps with bulk work: in order, ahead of use, and whatever becomes of it nothing is lost."""

import io
import os
import pickle
import signal
import subprocess
from pathlib import Path

import pytest

from store import aside


def squared(number):
    return number * number


def counted(count):
    yield from range(count)


def said_by(_):
    return os.getpid()


def dying(number):
    """Only who asks survives a three."""
    if number == 3 and os.environ["ASKED_BY"] != str(os.getpid()):
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def broken_off(count):
    yield from range(count)
    os.kill(os.getpid(), signal.SIGKILL)


def failing(number):
    raise ValueError(f"{number} cannot be judged")


@pytest.fixture
def importable(monkeypatch):
    """The second process finds this file as it finds the program."""
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    monkeypatch.setenv("ASKED_BY", str(os.getpid()))


@pytest.fixture(autouse=True)
def nothing_left_running(monkeypatch):
    """Every process that a test starts is at its end, and its end is known."""
    started = []

    class Told(subprocess.Popen):
        def __init__(self, *arguments, **how):
            super().__init__(*arguments, **how)
            started.append(self)

    monkeypatch.setattr(aside.subprocess, "Popen", Told)
    yield
    for one in started:
        with pytest.raises(ChildProcessError):
            os.waitpid(one.pid, os.WNOHANG)


@pytest.mark.parametrize("count", [0, 1, 2, 7, 300])
def test_answers_come_in_the_order_of_the_questions(importable, count):
    assert list(aside.shared(squared, ((number,) for number in range(count)))) == [n * n for n in range(count)]


def test_both_processes_take_their_share(importable):
    """So many questions at once that the first process does not wait for the second one."""
    pids = set(aside.shared(said_by, ((b"0" * 100_000,) for _ in range(50))))
    assert os.getpid() in pids
    with aside.helping(said_by) as ask:
        assert ask(1).result() not in pids | {os.getpid()}


def test_when_the_second_process_dies_the_first_does_the_work(importable):
    with aside.helping(dying) as ask, pytest.raises(aside.Gone):
        ask(3).result()
    assert list(aside.shared(dying, [(number,) for number in range(6)])) == list(range(6))


def test_a_fault_of_the_work_is_met_by_the_one_who_asked(importable):
    with pytest.raises(ValueError, match="4 cannot be judged"):
        list(aside.shared(failing, [(4,)]))


def test_without_a_second_process_everything_is_done_here(importable, monkeypatch):
    monkeypatch.setattr(aside, "__file__", "/there/is/no/such/program.py")
    assert list(aside.shared(squared, [(number,) for number in range(9)])) == [n * n for n in range(9)]


def test_rows_are_made_ahead_and_come_in_order(importable):
    assert list(aside.ahead(counted, 1_000)) == list(range(1_000))


def test_rows_that_break_off_are_told_from_rows_that_end(importable):
    rows = aside.ahead(broken_off, 5)
    assert [next(rows) for _ in range(5)] == list(range(5))
    with pytest.raises(aside.Gone):
        next(rows)


def test_who_stops_reading_leaves_no_process_behind(importable):
    rows = aside.ahead(counted, 10_000_000)
    assert [next(rows), next(rows)] == [0, 1]
    rows.close()


def test_the_second_process_serves_until_nobody_asks():
    questions, answers = io.BytesIO(), io.BytesIO()
    for question in ((aside._answers, squared, (3,)), (aside._yields, counted, (2,))):
        pickle.dump(question, questions)
    questions.seek(0)
    aside.serve(questions, answers)
    answers.seek(0)
    assert [pickle.load(answers) for _ in range(4)] == [9, (0,), (1,), ()]
    assert answers.read() == b""


def test_there_is_at_least_one_core(monkeypatch):
    assert aside.cores() >= 1
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert aside.cores() >= 1
