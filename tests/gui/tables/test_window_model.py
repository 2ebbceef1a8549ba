"""A list of any length: the first page at once, the rest behind it, nothing read that nobody looks at."""

import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from gui.tables import window_model
from gui.tables.pages import KEPT, PAGE
from gui.tables.window_model import FIRST, WindowModel
from gui.work import Worker
from tests.gui.tables.conftest import COLUMNS, Asked, List


@pytest.fixture
def long() -> List:
    return List(range(10_000))


def settled(model: WindowModel, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: model.complete)


def names(model: WindowModel, *rows: int) -> list[str]:
    return [model.index(row, 0).data() for row in rows]


def test_the_first_page_is_there_at_once(long: List, work: Worker) -> None:
    model = WindowModel(long.source, COLUMNS, work)
    model.ask(Asked())
    assert model.rowCount() == FIRST
    assert names(model, 0, 127) == ["row 0", "row 127"]
    assert not model.complete


def test_all_rows_follow(long: List, work: Worker, qtbot: QtBot) -> None:
    model = WindowModel(long.source, COLUMNS, work)
    model.ask(Asked())
    with qtbot.waitSignal(model.settled):
        pass
    assert model.rowCount() == 10_000
    assert names(model, 127, 128, 9_999) == ["row 127", "row 128", "row 9999"]


def test_a_short_list_is_complete_at_once(work: Worker) -> None:
    model = WindowModel(List(range(5)).source, COLUMNS, work)
    model.ask(Asked())
    assert model.complete
    assert model.rowCount() == 5
    assert not work.jobs


def test_only_pages_that_are_looked_at_are_read(long: List, work: Worker, qtbot: QtBot) -> None:
    model = WindowModel(long.source, COLUMNS, work)
    model.ask(Asked())
    settled(model, qtbot)
    names(model, 0, 5_000, 5_001)
    assert long.read == [PAGE, PAGE]


def test_only_the_last_pages_are_remembered(work: Worker, qtbot: QtBot) -> None:
    long = List(range((KEPT + 2) * PAGE))
    model = WindowModel(long.source, COLUMNS, work)
    model.ask(Asked())
    settled(model, qtbot)
    names(model, *range(0, model.rowCount(), PAGE))
    read = len(long.read)
    names(model, model.rowCount() - 1, 0)
    assert len(long.read) == read + 1


def test_what_is_asked_next_interrupts_what_was_asked_before(long: List, work: Worker, qtbot: QtBot) -> None:
    gate = threading.Event()
    long.before_each = lambda: gate.wait(10) and None
    model = WindowModel(long.source, COLUMNS, work)
    model.ask(Asked())
    qtbot.waitUntil(lambda: bool(work.jobs))
    model.ask(Asked(search="99"))
    gate.set()
    settled(model, qtbot)
    assert model.rowCount() == 280
    assert names(model, 0, 1) == ["row 99", "row 199"]


def test_another_order_shows_other_rows(long: List, work: Worker, qtbot: QtBot) -> None:
    model = WindowModel(long.source, COLUMNS, work)
    model.ask(Asked())
    settled(model, qtbot)
    model.ask(Asked(descending=True))
    assert names(model, 0) == ["row 9999"]
    settled(model, qtbot)
    assert names(model, 9_999) == ["row 0"]


def test_a_refresh_keeps_what_is_shown_until_the_new_list_is_known(long: List, work: Worker, qtbot: QtBot) -> None:
    model = WindowModel(long.source, COLUMNS, work)
    model.ask(Asked())
    settled(model, qtbot)
    long.numbers = range(5, 20_000)
    model.refresh()
    assert model.rowCount() == 10_000
    assert names(model, 0, 5) == ["", "row 5"]
    settled(model, qtbot)
    assert model.rowCount() == 19_995
    assert names(model, 0) == ["row 5"]


def test_a_refresh_without_changes_leaves_every_row_where_it_is(long: List, work: Worker, qtbot: QtBot) -> None:
    model = WindowModel(long.source, COLUMNS, work)
    model.ask(Asked())
    settled(model, qtbot)
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignals([model.dataChanged, model.settled]):
        model.refresh()


def test_a_book_that_changes_while_the_list_is_read_is_shown_as_it_is_then(
    long: List, work: Worker, qtbot: QtBot
) -> None:
    model = WindowModel(long.source, COLUMNS, work)
    model.ask(Asked())
    long.numbers = range(3, 10_000)
    settled(model, qtbot)
    assert model.rowCount() == 9_997
    assert names(model, 0) == ["row 3"]


def test_a_list_that_cannot_be_read_says_why(long: List, work: Worker, qtbot: QtBot) -> None:
    def fail() -> None:
        raise OSError("the disk is gone")

    long.before_each = fail
    model = WindowModel(long.source, COLUMNS, work)
    with qtbot.waitSignal(model.failed) as told:
        model.ask(Asked())
    assert str(told.args[0]) == "the disk is gone"
    assert model.rowCount() == FIRST


def test_a_cell_speaks_its_column_and_its_value(work: Worker) -> None:
    model = WindowModel(List([3]).source, COLUMNS, work)
    model.ask(Asked())
    spoken = [model.index(0, place).data(Qt.ItemDataRole.AccessibleTextRole) for place in range(4)]
    assert spoken == ["Name: row 3", "Quantity: 3", "Balance: \N{MINUS SIGN}3", "Status: Under-licensed"]


def test_figures_stand_at_the_right_under_their_titles(work: Worker) -> None:
    model = WindowModel(List([3]).source, COLUMNS, work)
    model.ask(Asked())
    right = Qt.AlignmentFlag.AlignRight
    assert model.index(0, 1).data(Qt.ItemDataRole.TextAlignmentRole) & right
    assert model.headerData(1, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole) & right
    assert not model.index(0, 0).data(Qt.ItemDataRole.TextAlignmentRole) & right


def test_a_closed_list_is_empty(long: List, work: Worker, qtbot: QtBot) -> None:
    model = WindowModel(long.source, COLUMNS, work)
    model.ask(Asked())
    settled(model, qtbot)
    model.close()
    assert model.rowCount() == 0
    model.refresh()
    assert model.rowCount() == 0


def test_the_model_keeps_the_promises_of_models(
    work: Worker, qtbot: QtBot, qtmodeltester: ModelTester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window_model, "_PART", 500)  # so that few rows come in parts as many do
    model = WindowModel(List(range(1_100)).source, COLUMNS, work)
    fatal = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for ask in (Asked(), Asked(search="9"), Asked(search="no such row"), Asked(descending=True)):
        model.ask(ask)
        settled(model, qtbot)
    model.refresh()
    settled(model, qtbot)
    qtmodeltester.check(model, force_py=True)
    assert fatal.model() is model
