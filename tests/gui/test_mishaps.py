"""Faults of the program in the window: the report, its dialog, and the start after a run that did not come to its end."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from gui import cli, faults
from gui.desk import Desk, Place
from gui.dialogs import fault as fault_dialog
from gui.dialogs.fault import FaultDialog
from gui.dialogs.signing import Signing
from gui.main_window import MainWindow
from gui.mishaps import Mishaps
from gui.wizards.base import fault_sentence
from store.snapshots import pkcs8
from tests.conftest import NOW
from tests.gui.conftest import settled

SECRET = "Planted Product 5e2b"

RUN = """
import os, signal, sys
from pathlib import Path
from gui.app import make_app, make_window, _now
from gui.mishaps import Mishaps
from gui.state import State
app = make_app(["elpis"])
state = State(Path(sys.argv[1]) / "state.ini")
window = make_window(state)
mishaps = Mishaps(Path(sys.argv[1]) / "faults", _now)
mishaps.join(window)
window.show()
if "fault" in sys.argv:
    mishaps.write(ValueError("Planted Product 5e2b"))
if "native" in sys.argv:
    import ctypes
    def planted_product_5e2b():
        ctypes.string_at(0)
    mishaps.listen()
    planted_product_5e2b()
if "listen" in sys.argv:
    mishaps.listen()
if "close" in sys.argv:
    mishaps.end()
os.kill(os.getpid(), signal.SIGKILL)
"""
"""A run of the window that is killed."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "faults"


@pytest.fixture
def mishaps(window: MainWindow, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mishaps]:
    """The window hears of all that goes wrong."""
    for place in (sys, threading):
        monkeypatch.setattr(place, "excepthook", place.excepthook)
    made = start(window, folder)
    made.watch()
    yield made
    made.end()


def start(window: MainWindow, folder: Path) -> Mishaps:
    made = Mishaps(folder, lambda: NOW)
    made.join(window)
    return made


def killed(tmp_path: Path, *how: str, status: int = -signal.SIGKILL) -> None:
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(tmp_path), *how], check=False, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == status, done.stderr
    assert SECRET not in done.stderr + done.stdout


def buttons(window: MainWindow) -> dict[str, QPushButton]:
    return {one.text(): one for one in window.banner.findChildren(QPushButton)}


def fail() -> None:
    raise ValueError(SECRET)


# ---------------------------------------------------------------------------------------------------------- the report
def test_what_goes_wrong_in_a_reaction_is_written_down_and_shown_and_the_window_lives(
    mishaps: Mishaps, window: MainWindow, desk: Desk, folder: Path, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    QTimer.singleShot(0, window, fail)
    qtbot.waitUntil(lambda: mishaps.dialog is not None)
    [report] = faults.kept(folder)
    text = report.read_text(encoding="utf-8")
    assert mishaps.dialog.details.toPlainText() == text
    assert "builtins.ValueError\n  tests/gui/test_mishaps.py:" in text
    assert "in fail" in text
    for line in ("Moment: 2026-11-21 08:30:00 UTC", "Elpis:  0.", "Python: 3.", "Qt:     6.", "SQLite: 3.", "System: "):
        assert line in text
    said = capsys.readouterr().err
    assert "builtins.ValueError" in said
    for planted in (SECRET, str(desk.book.path), str(Path.home()), "sample"):
        assert planted not in text
        assert planted not in said
    mishaps.dialog.close()
    assert desk.do("Nothing", lambda _: 1) == 1


def test_what_goes_wrong_on_another_thread_is_shown_by_the_window(mishaps: Mishaps, folder: Path, qtbot: QtBot) -> None:
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: mishaps.dialog is not None)
    assert len(faults.kept(folder)) == 1


def test_what_goes_wrong_in_the_background_is_written_down_and_known_problems_are_not(
    mishaps: Mishaps, desk: Desk, folder: Path, qtbot: QtBot
) -> None:
    met: list[Exception] = []
    desk.work.run("Fail", lambda _: fail(), lambda _: None, met.append)
    settled(desk, qtbot)
    [report] = faults.kept(folder)
    assert "Doing:  work in the background" in report.read_text(encoding="utf-8")
    assert len(met) == 1
    known = faults.save
    desk.work.run("Save", lambda _: known(folder, ""), lambda _: None, met.append)
    settled(desk, qtbot)
    assert len(met) == 2
    assert len(faults.kept(folder)) == 1


def test_the_report_says_on_which_page_it_happened_and_not_at_which_record(mishaps: Mishaps, desk: Desk) -> None:
    desk.go(Place("snapshots", key=SECRET))
    text = mishaps.write(ValueError(SECRET))
    assert "Doing:  in the window, at snapshots\n" in text
    assert SECRET not in text


def test_only_one_dialog_stands_at_a_time(mishaps: Mishaps, window: MainWindow, qtbot: QtBot) -> None:
    for _ in range(3):
        QTimer.singleShot(0, window, fail)
    qtbot.waitUntil(lambda: mishaps.dialog is not None)
    QApplication.sendPostedEvents()
    assert len(window.findChildren(FaultDialog)) == 1


def test_a_report_that_cannot_be_written_is_shown_all_the_same(mishaps: Mishaps, folder: Path, qtbot: QtBot) -> None:
    mishaps.end()
    folder.rmdir()
    folder.write_bytes(b"")
    sys.excepthook(ValueError, ValueError(SECRET), None)
    qtbot.waitUntil(lambda: mishaps.dialog is not None)
    folder.unlink()
    folder.mkdir()


def test_the_ten_newest_reports_stay(folder: Path) -> None:
    for number in range(12):
        faults.keep(folder, f"{number}", NOW + timedelta(seconds=number))
    assert [path.read_text() for path in faults.kept(folder)] == [str(number) for number in range(11, 1, -1)]


def test_an_endless_recursion_and_exceptions_in_a_circle_are_told_in_short() -> None:
    def deeper() -> None:
        deeper()

    with pytest.raises(RecursionError) as met:
        deeper()
    first, second = met.value, KeyError(SECRET)
    first.__cause__, second.__cause__ = second, first
    text = faults.report(first, "a test", NOW)
    assert "steps before" in text
    assert text.count("builtins.RecursionError") == 1
    assert text.count("Led to it: builtins.KeyError") == 1


def test_names_that_could_be_data_are_not_told(tmp_path: Path) -> None:
    kind = type(SECRET, (Exception,), {})
    assert SECRET not in faults.report(kind(), "a test", NOW)
    assert faults.place(str(tmp_path / "ann.py")) == "(elsewhere)"
    assert faults.place("<frozen importlib._bootstrap>") == "<frozen importlib._bootstrap>"
    assert faults.place(f"<{SECRET}>") == "(elsewhere)"
    assert faults.place(pytest.__file__) == "pytest/__init__.py"


# ---------------------------------------------------------------------------------------------------------- the dialog
def test_the_report_is_saved_where_the_user_wants_it(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    text = faults.report(ValueError(SECRET), "a test", NOW)
    dialog = fault_dialog.open_(window, text)
    next(one for one in dialog.findChildren(QPushButton) if one.text() == "Save…").click()
    dialog.asking.fileSelected.emit(str(tmp_path / "report.txt"))
    dialog.asking.close()
    assert (tmp_path / "report.txt").read_text(encoding="utf-8") == text
    assert dialog.said.text() == f"Saved: {tmp_path / 'report.txt'}"
    dialog.save(tmp_path)
    assert "nothing was changed" in dialog.said.text()
    next(one for one in dialog.findChildren(QPushButton) if one.text() == "Copy").click()
    assert QApplication.clipboard().text() == text
    dialog.close()


# ------------------------------------------------------------------------------------------------------ the next start
def test_a_run_that_was_killed_is_told_at_the_next_start_once(
    empty_window: MainWindow, sample_book: Path, tmp_path: Path, folder: Path
) -> None:
    killed(tmp_path)
    empty_window.desk.state.remember_book(sample_book)
    first, second = (start(empty_window, folder) for _ in range(2))
    second.tell()
    assert empty_window.banner.text() == ""
    first.tell()
    assert empty_window.banner.text().startswith("Elpis ended last time without being closed. Your book is intact: ")
    assert list(buttons(empty_window)) == ["Open the last book", "Close"]
    first.end()
    second.end()


def test_the_last_book_is_opened_from_there(
    empty_window: MainWindow, desk: Desk, tmp_path: Path, folder: Path, qtbot: QtBot
) -> None:
    path = desk.book.path
    desk.close()
    killed(tmp_path)
    mishaps = start(empty_window, folder)
    mishaps.tell()
    buttons(empty_window)["Open the last book"].click()
    assert desk.book.path == path.absolute()
    mishaps.end()


def test_a_fault_that_ended_a_run_is_told_with_its_report(
    empty_window: MainWindow, tmp_path: Path, folder: Path, qtbot: QtBot
) -> None:
    killed(tmp_path, "fault")
    mishaps = start(empty_window, folder)
    mishaps.tell()
    assert empty_window.banner.text().startswith(
        "Elpis made a mistake last time, and ended; a report of it was written."
    )
    buttons(empty_window)["Read the report"].click()
    dialog = empty_window.findChild(FaultDialog)
    assert "builtins.ValueError" in dialog.details.toPlainText()
    dialog.close()
    faults.kept(folder)[0].unlink()
    buttons(empty_window)["Read the report"].click()
    assert "The report is gone." in [one.text for one in empty_window.findChildren(FaultDialog)]
    mishaps.end()


BROKEN = """
import sys
from gui import __main__, app
from gui.state import State
def broken(state):
    raise ValueError("Planted Product 5e2b")
app.make_window = broken
sys.argv[1:] = []
__main__.main()
"""


def test_a_fault_before_there_is_a_window_is_told_at_once_and_at_the_next_start(
    empty_window: MainWindow, tmp_path: Path
) -> None:
    home = {**os.environ, "XDG_CONFIG_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", BROKEN], check=False, capture_output=True, text=True, timeout=60, env=home
    )
    assert done.returncode == cli.FAILED
    assert done.stderr.count("builtins.ValueError") == 1
    assert "a fault of the program, not of your data" in done.stderr
    (folder,) = tmp_path.rglob("faults")
    (report,) = faults.kept(folder)
    text = report.read_text(encoding="utf-8")
    assert "Doing:  before there was a window" in text
    assert "in broken" in text
    assert SECRET not in text + done.stderr
    mishaps = start(empty_window, folder)
    mishaps.tell()
    assert "a report of it was written" in empty_window.banner.text()
    mishaps.end()


def test_what_ended_a_run_below_python_is_told_with_where_it_was(
    empty_window: MainWindow, tmp_path: Path, folder: Path
) -> None:
    killed(tmp_path, "native", status=-signal.SIGSEGV)
    mishaps = start(empty_window, folder)
    mishaps.tell()
    assert "a report of it was written" in empty_window.banner.text()
    (report,) = faults.kept(folder)
    text = report.read_text(encoding="utf-8")
    assert "Fatal Python error: Segmentation fault" in text
    assert "in planted_product_5e2b" in text
    assert "(elsewhere)" in text
    assert str(tmp_path) not in text
    mishaps.end()
    assert [path.suffix for path in folder.iterdir()] == [".txt"]


def test_a_line_of_it_that_could_hold_data_is_not_told() -> None:
    lines = [
        f'  File "/home/ann/{SECRET}.py", line 3 in f',
        f'  File "a.py", line 3 in {SECRET}',
        SECRET,
        f"Fatal {SECRET}",
    ]
    assert SECRET not in faults.native_report("\n".join(lines), NOW)


@pytest.mark.parametrize("how", [("close",), ("fault", "close"), ("listen", "close")])
def test_a_run_that_was_closed_leaves_nothing_to_say(
    how: tuple[str, ...], empty_window: MainWindow, tmp_path: Path, folder: Path
) -> None:
    killed(tmp_path, *how)
    mishaps = start(empty_window, folder)
    mishaps.tell()
    assert empty_window.banner.text() == ""
    mishaps.end()
    assert not list(folder.glob("*.run"))


# -------------------------------------------------------------------------------------------------------------- secrets
def test_a_passphrase_that_was_typed_gets_neither_into_the_report_nor_stays_on_the_screen(
    mishaps: Mishaps, window: MainWindow, folder: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, capsys, promise
) -> None:
    def fail_with_it(_: bytes, passphrase: str) -> bytes:
        raise ValueError(passphrase)

    monkeypatch.setattr(pkcs8, "encrypted", fail_with_it)
    signing, met = Signing(), list[Exception]()
    qtbot.addWidget(signing)
    for field in (signing.passphrase, signing.again):
        field.control.setText(SECRET)
    assert not signing.complain()
    signer = signing.signer()
    shown = [field.control.text() for field in (signing.passphrase, signing.again)]
    window.desk.work.run("Sign", lambda _: signer(), lambda _: None, met.append)
    settled(window.desk, qtbot)
    [report] = faults.kept(folder)
    texts = [*shown, repr(signer), repr(signing), capsys.readouterr().err, report.read_text(), fault_sentence(met[0])]
    control = "the exception itself holds it" if SECRET in str(met[0]) else ""
    assert control
    promise("R26", "the signing dialog", count=len(texts), faults=[t for t in texts if SECRET in t], control=control)
