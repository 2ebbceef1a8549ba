"""Rows that open: what lies below them stands in the same list, in every order, after every refresh."""

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from gui.tables.tree_model import TreeModel
from gui.work import Worker
from tests.gui.tables.conftest import COLUMNS, Asked, List


@pytest.fixture
def some(work: Worker) -> tuple[List, TreeModel]:
    held = List(range(6), parts={10: 2, 30: 1})
    model = TreeModel(held.source, COLUMNS, work)
    model.ask(Asked())
    return held, model


def names(model: TreeModel) -> list[str]:
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_a_row_opens_to_what_lies_below_it(some: tuple[List, TreeModel]) -> None:
    _, model = some
    model.toggle(1)
    assert names(model)[:5] == ["row 0", "row 1", "part 0 of 1", "part 1 of 1", "row 2"]
    assert [model.depth(row) for row in range(5)] == [0, 0, 1, 1, 0]
    assert [model.opening(row) for row in range(6)] == [None, True, None, None, None, False]


def test_a_row_closes_again(some: tuple[List, TreeModel]) -> None:
    _, model = some
    model.toggle(3)
    model.toggle(1)
    model.toggle(3)
    assert names(model) == ["row 0", "row 1", "row 2", "row 3", "part 0 of 3", "row 4", "row 5"]


def test_a_row_without_parts_does_not_open(some: tuple[List, TreeModel]) -> None:
    _, model = some
    model.toggle(0)
    assert len(names(model)) == 6


def test_a_part_knows_the_row_that_it_lies_below(some: tuple[List, TreeModel]) -> None:
    _, model = some
    model.toggle(1)
    assert [model.id_at(row) for row in range(5)] == [0, 10, 10, 10, 20]
    assert [model.upper(row) for row in range(5)] == [0, 1, 1, 1, 4]
    assert model.key_at(3) == "row 1"
    assert list(model.ids_of(2, 4)) == [10, 20]
    assert model.rows_of({10, 20}, 0, model.rowCount() - 1) == [1, 4]


def test_what_is_open_stays_open_in_another_order(some: tuple[List, TreeModel]) -> None:
    _, model = some
    model.toggle(1)
    model.ask(Asked(descending=True))
    assert names(model)[3:] == ["row 2", "row 1", "part 0 of 1", "part 1 of 1", "row 0"]


def test_a_refresh_shows_new_parts_and_drops_the_last_ones(some: tuple[List, TreeModel]) -> None:
    held, model = some
    model.toggle(3)
    model.toggle(1)
    held.parts = {10: 3}
    model.refresh()
    assert names(model)[1:6] == ["row 1", "part 0 of 1", "part 1 of 1", "part 2 of 1", "row 2"]
    assert model.rowCount() == 9


def test_rows_stay_open_in_a_long_list(work: Worker, qtbot: QtBot) -> None:
    model = TreeModel(List(range(5_000), parts={10: 2, 49_980: 4}).source, COLUMNS, work)
    model.ask(Asked())
    qtbot.waitUntil(lambda: model.complete)
    model.toggle(4_998)
    model.toggle(1)
    model.ask(Asked(descending=True))
    assert names(model)[1:3] == ["row 4998", "part 0 of 4998"]
    qtbot.waitUntil(lambda: model.complete)
    assert model.rowCount() == 5_006
    assert names(model)[-4:] == ["row 1", "part 0 of 1", "part 1 of 1", "row 0"]


def test_the_model_keeps_the_promises_of_models(
    some: tuple[List, TreeModel], qtbot: QtBot, qtmodeltester: ModelTester
) -> None:
    held, model = some
    fatal = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for row in (3, 1, 3, 5, 1):
        model.toggle(row)
    held.numbers = range(1, 9)
    model.refresh()
    model.ask(Asked(search="3"))
    qtmodeltester.check(model, force_py=True)
    assert fatal.model() is model
