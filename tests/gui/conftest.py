"""A desk with a filled book on it, and the window: what the tests of every screen need. No screen is needed."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui import theme
from gui.desk import Desk
from gui.main_window import MainWindow
from gui.state import State
from store import evidence
from store.imports.load import load
from store.snapshots import pkcs8
from tests import estates
from tests.conftest import AS_OF, NOW, opened

SAMPLE = Path(__file__).parent.parent.parent / "resources" / "sample"


@pytest.fixture(scope="session")
def imported_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample estate as a book, judged on 2026-11-21, as the import leaves it."""
    path = tmp_path_factory.mktemp("imported") / "sample.elpis"
    with opened(path, create=True) as book:
        load(book, SAMPLE, as_of=AS_OF)
    return path


@pytest.fixture(scope="session")
def sample_book(imported_book: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with the hashes of its rows, which a window would make in every copy; copied for each test."""
    path = Path(shutil.copy(imported_book, tmp_path_factory.mktemp("sample")))
    with opened(path) as book:
        evidence.settle(book)
    return path


@pytest.fixture(autouse=True)
def own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the signing key: empty, and never that of whoever runs the tests."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "settings"))
    monkeypatch.setattr(pkcs8, "ROUNDS", 1_000)
    return tmp_path / "settings" / "elpis"


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[tuple[str, bool, bool]]]:
    """Sits at a terminal and types the same text each time; with what was asked, whether hidden, and whether twice."""

    def types(text: str) -> list[tuple[str, bool, bool]]:
        asked: list[tuple[str, bool, bool]] = []

        def answer(question: str, *, hide_input: bool, confirmation_prompt: bool, err: bool) -> str:
            assert err  # what is asked stands in no output
            asked.append((question, hide_input, confirmation_prompt))
            return text

        monkeypatch.setattr("click.prompt", answer)
        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        return asked

    return types


@pytest.fixture
def dressed(qapp: QApplication) -> QApplication:
    """The program in its light dress: for tests that look at sizes, places and colors."""
    theme.apply(qapp, "light")
    return qapp


@pytest.fixture
def program(qapp: QApplication, request: pytest.FixtureRequest) -> QApplication:
    """The program in its colors and its type, and without the stylesheet, which takes half of what a window takes.

    With `--dressed` (`make deep` asks for it) every test has the whole dress.
    """
    if "dressed" in request.fixturenames or request.config.getoption("dressed"):
        theme.apply(qapp, "light")
    elif qapp.styleSheet() or theme.of().dark or qapp.font() != theme.typeface(theme.BODY_POINTS):
        theme.apply(qapp, "light")
        qapp.setStyleSheet("")
    return qapp


@pytest.fixture
def state(tmp_path: Path) -> State:
    """What the window remembers: nothing yet."""
    return State(tmp_path / "remembered.ini")


@pytest.fixture
def empty_desk(program: QApplication, state: State) -> Iterator[Desk]:
    """Ann's desk on the morning of 2026-11-21, without a book."""
    made = Desk(lambda: NOW, "ann", state)
    yield made
    made.close()


@pytest.fixture
def desk(empty_desk: Desk, sample_book: Path, tmp_path: Path) -> Desk:
    """Ann's desk with the sample estate on it."""
    empty_desk.open(Path(shutil.copy(sample_book, tmp_path / "sample.elpis")))
    return empty_desk


@pytest.fixture
def desk_with(empty_desk: Desk, blank: Path, tmp_path: Path) -> Callable[[estates.Tables], Desk]:
    """A desk with a book of one's own: `desk_with(estates.of(...))`."""

    def make(tables: estates.Tables) -> Desk:
        path = Path(shutil.copy(blank, tmp_path / "own.elpis"))
        with opened(path) as book:
            load(book, estates.write(tmp_path / "own", tables), as_of=AS_OF)
        empty_desk.open(path)
        return empty_desk

    return make


@pytest.fixture
def window(desk: Desk, qtbot: QtBot) -> MainWindow:
    """The window with the sample estate, shown; where nothing else is remembered, it begins on the lightest page."""
    desk.state.put("window/page", desk.state.get("window/page", "snapshots"))
    return shown(MainWindow(desk), qtbot)


@pytest.fixture
def empty_window(empty_desk: Desk, qtbot: QtBot) -> MainWindow:
    """The window without a book, shown."""
    return shown(MainWindow(empty_desk), qtbot)


def shown(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """A window on the screen that is the active one."""
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    return window


def settled(desk: Desk, qtbot: QtBot) -> None:
    """Wait until nothing runs in the background any more, and all that it brought is shown."""
    qtbot.waitUntil(lambda: not desk.work.jobs)
    QApplication.sendPostedEvents()
