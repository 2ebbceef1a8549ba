"""A second start brings the first window to the front; a killed one leaves the door free; one of many gets in."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from gui import app, door
from gui.door import Door
from gui.main_window import MainWindow
from tests.conftest import opened


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "windows"


@pytest.fixture
def entrance(folder, qapp):
    """The door of a window that has no book open."""
    made = Door(folder)
    made.open(lambda: None)
    yield made
    made.close()


KNOCKS = (
    "import sys; from pathlib import Path; from gui import door; print(door.knock(Path(sys.argv[1]), sys.argv[2], 20))"
)


def other_start(folder: Path, wanted: str) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", KNOCKS, folder, wanted], stdout=subprocess.PIPE, text=True)


def test_the_first_window_comes_to_the_front_for_a_second_start(empty_window: MainWindow, entrance, folder, qtbot):
    app.open_door(entrance, empty_window)
    empty_window.showMinimized()
    with other_start(folder, "") as second:
        with qtbot.waitSignal(entrance.knocked, timeout=20_000):
            pass
        assert second.stdout.read() == "True\n"
    assert not empty_window.isMinimized()


def test_only_the_window_that_has_a_book_answers_for_it(folder, qapp, qtbot, tmp_path):
    first, second = Door(folder), Door(folder)
    book = tmp_path / "estate.elpis"
    first.open(lambda: None)
    second.open(lambda: book)
    heard = []
    first.knocked.connect(lambda: heard.append("first"))
    second.knocked.connect(lambda: heard.append("second"))
    assert (first.first, second.first) == (True, False)
    with other_start(folder, str(book)) as other:
        qtbot.waitUntil(lambda: heard == ["second"], timeout=20_000)
        assert other.stdout.read() == "True\n"
    first.close()
    second.close()


def test_who_knocked_before_the_window_stood_is_answered_then(folder, qapp, qtbot):
    made = Door(folder)
    with other_start(folder, "") as second:
        qtbot.waitUntil(lambda: bool(list(folder.glob("*.knock"))), timeout=20_000)
        made.open(lambda: None)
        assert second.stdout.read() == "True\n"
    made.close()


def test_a_window_that_does_not_answer_keeps_nobody_out(folder, qapp):
    frozen, late = Door(folder), Door(folder)
    assert not late.first
    assert not late.answered(None, patience=0.05)
    assert list(folder.glob("*.knock")) == []
    frozen.close()


def test_a_book_that_nobody_has_open_gets_a_window_of_its_own(entrance, folder, book):
    later = Door(folder)
    path = book.path
    assert not later.answered(path, patience=0.05), "it is open, but no window has it"
    book.close()
    assert not later.answered(path)
    assert not later.answered(path.with_name("none.elpis"))
    assert not later.answered(path.parent / "no folder" / "none.elpis")


def test_what_is_no_knock_is_left_alone(entrance, folder):
    (folder / "1.knock").write_text("nonsense")
    entrance.look()
    assert (folder / "1.knock").exists()


# ---------------------------------------------------------------------------------------------------- whole programs
@contextmanager
def started(settings: Path, *arguments: object):
    environment = {**os.environ, "XDG_CONFIG_HOME": str(settings), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "gui", *map(str, arguments)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def owner(settings: Path) -> int:
    """The process whose window is the first."""
    lock = settings / "elpis" / "windows" / "window.lock"
    first, *_ = (lock.read_text() if lock.exists() else "").splitlines() or ["0"]
    return int(first)


def wait_for(process: subprocess.Popen[str], settings: Path) -> float:
    """Seconds from now until a process has the door."""
    begun = time.monotonic()
    while owner(settings) != process.pid:
        assert process.poll() is None
        assert time.monotonic() - begun < 60
        time.sleep(0.01)  # another process: there is nothing to be told by
    return time.monotonic() - begun


_SOON = 2
"""Seconds in which a start after a kill is in."""

_MORE = 6


@pytest.mark.parametrize("count", [2, pytest.param(10, marks=pytest.mark.deep)])
def test_a_second_start_ends_and_after_a_kill_the_next_one_stands(tmp_path, book, promise, count):
    settings, lasted, faults = tmp_path / "settings", [], []
    path = book.path
    book.close()
    for number in range(count + _MORE):
        if number >= count and min(lasted[1:]) <= _SOON:
            break  # only where other programs held the machine up
        with started(settings, path) as first:
            lasted.append(wait_for(first, settings))
            with started(settings) as second:
                told = second.communicate(timeout=60)[0]
            if (second.returncode, "brought to the front" in told) != (0, True):
                faults.append(f"start {number}: {second.returncode} {told}")
            os.kill(first.pid, signal.SIGKILL)
            first.wait()
            with closing(opened(path)) as free:
                assert free.lock is not None
    if min(lasted[1:]) > _SOON:
        faults.append(f"after a kill it took {min(lasted[1:]):.1f} s to be in")
    control = f"after kill -9 the next start was in after {min(lasted[1:]):.1f} s"
    promise("R27", "second starts of the whole program", count=count, faults=faults, control=control)


RACERS = """
import json, os, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from gui.door import Door
from store.errors import BookInUse
from tests.conftest import opened

folder, path, races, starters = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), 6
hasty = sys.argv[4:] == ["hasty"]
found = []
for number in range(races):
    gate, told, stop = os.pipe(), os.pipe(), os.pipe()
    children = []
    for _ in range(starters):
        child = os.fork()
        if child == 0:
            os.close(gate[1]); os.close(stop[1])
            os.read(gate[0], 1)
            try:
                book, wrote = opened(path), True
            except BookInUse:
                wrote = False
            entrance = Door(folder / str(number))
            if hasty:
                entrance.close()
            os.write(told[1], b"%d%d" % (entrance.first, wrote))
            os.read(stop[0], 1)
            os._exit(0)
        children.append(child)
    os.close(gate[1])
    said = b""
    while len(said) < 2 * starters:
        said += os.read(told[0], 64)
    os.close(stop[1])
    for child in children:
        os.waitpid(child, 0)
    for end in (gate[0], told[0], told[1], stop[0]):
        os.close(end)
    found.append([said[0::2].count(b"1"), said[1::2].count(b"1")])
print(json.dumps(found))
"""


@pytest.mark.parametrize("count", [5, pytest.param(20, marks=pytest.mark.deep)])
def test_of_six_that_start_at_once_one_is_first_and_one_writes(tmp_path, book, promise, count):
    path = book.path
    book.close()
    found = raced(tmp_path / "doors", path, count)
    faults = [race for race in found if race != [1, 1]]
    hasty = max(first for first, _ in raced(tmp_path / "let go", path, 3, "hasty"))
    assert hasty > 1, "the control: where the door is let go of, more than one gets in"
    control = f"where the door is let go of at once, {hasty} of 6 are first"
    promise("R27", "races of six starts", count=count, faults=faults, control=control)


def raced(folder: Path, path: Path, *how: object) -> list[list[int]]:
    """Of each race, how many were first, and how many could write to the book."""
    command = [sys.executable, "-c", RACERS, folder, path, *map(str, how)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def test_a_window_is_shown_above_others(empty_window: MainWindow):
    empty_window.showMinimized()
    door.to_the_front(empty_window)
    assert empty_window.isVisible()
    assert not empty_window.isMinimized()
