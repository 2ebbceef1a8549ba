"""The table on the screen: what has to be painted, and what need not be painted again."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.tables.view import TableView
from gui.tables.window_model import WindowModel
from gui.work import Worker
from tests.gui.tables.conftest import COLUMNS, Asked, List


class Paints(QObject):
    """Counts how often a widget is painted."""

    count = 0

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_rows_that_come_below_what_is_seen_are_no_reason_to_paint_it_again(work: Worker, qtbot: QtBot) -> None:
    model = WindowModel(List(range(10_000)).source, COLUMNS, work)
    view = TableView(model)
    qtbot.addWidget(view)
    view.resize(600, 400)
    model.ask(Asked())
    with qtbot.waitExposed(view):
        view.show()
    qtbot.waitUntil(lambda: model.complete)
    QApplication.processEvents()
    paints = Paints()
    view.viewport().installEventFilter(paints)
    model.ask(Asked(descending=True))
    qtbot.waitUntil(lambda: paints.count == 1)
    qtbot.waitUntil(lambda: model.complete)
    QApplication.processEvents()
    assert paints.count == 1
    assert model.rowCount() == 10_000
    view.scrollToBottom()
    assert view.rowAt(view.viewport().height() - 1) == 9_999


def test_rows_that_come_into_sight_are_painted(work: Worker, qtbot: QtBot) -> None:
    model = WindowModel(List(range(10_000)).source, COLUMNS, work)
    view = TableView(model)
    qtbot.addWidget(view)
    view.resize(600, 150 * view.verticalHeader().defaultSectionSize())  # higher than what is known at once
    with qtbot.waitExposed(view):
        view.show()
    model.ask(Asked())
    QApplication.processEvents()
    paints = Paints()
    view.viewport().installEventFilter(paints)
    qtbot.waitUntil(lambda: model.complete)
    qtbot.waitUntil(lambda: paints.count >= 1)
