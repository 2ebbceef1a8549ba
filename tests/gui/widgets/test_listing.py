"""The small tables of the pages."""

from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui import theme
from gui.widgets.formula import Term, formula
from gui.widgets.listing import Cell, Column, Listing, ListingModel

COLUMNS = [Column("Name", stretches=True), Column("Units", right=True), Column("Status")]
Role = Qt.ItemDataRole


def listing(qtbot: QtBot, rows: int = 3, **more: int) -> Listing:
    went: list[int] = []
    made = Listing(
        "Things",
        COLUMNS,
        [
            [f"<b>{n}", Cell("5", run=lambda n=n: went.append(n)), Cell("Good", "positive", ("check", "positive"))]
            for n in range(rows)
        ],
        **more,
    )
    made.went = went
    qtbot.addWidget(made)
    made.resize(600, made.sizeHint().height())
    with qtbot.waitExposed(made):
        made.show()
    return made


def test_the_model_keeps_the_rules_of_models(dressed: QApplication) -> None:
    model: QAbstractItemModel = ListingModel(COLUMNS, [["a", "1", "x"], ["b", "2", "y"]])
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert tester.model() is model
    assert model.data(QModelIndex()) is None
    assert model.headerData(0, Qt.Orientation.Vertical) is None


def test_cells_say_their_column_and_that_they_lead_somewhere(qtbot: QtBot, dressed: QApplication) -> None:
    made = listing(qtbot)
    model = made.listed

    assert model.index(0, 0).data(Role.AccessibleTextRole) == "Name: <b>0"
    assert model.index(0, 1).data(Role.AccessibleTextRole) == "Units: 5, press Enter to go there"
    assert "&lt;b&gt;0" in model.index(0, 0).data(Role.ToolTipRole)
    assert model.index(0, 2).data(Role.ForegroundRole) == theme.LIGHT.colour("positive")


def test_it_is_as_high_as_its_rows_up_to_a_limit(qtbot: QtBot, dressed: QApplication) -> None:
    few, more, many = listing(qtbot, 2), listing(qtbot, 4, most=4), listing(qtbot, 40, most=4)

    assert few.sizeHint().height() < more.sizeHint().height() == many.sizeHint().height()
    assert few.verticalScrollBar().maximum() == 0


def test_enter_follows_the_way_of_the_row(qtbot: QtBot, dressed: QApplication) -> None:
    made = listing(qtbot)
    made.setCurrentIndex(made.listed.index(1, 2))
    qtbot.keyClick(made, Qt.Key.Key_Return)

    assert made.went == [1]


def test_the_pointer_is_a_hand_over_what_leads_somewhere(qtbot: QtBot, dressed: QApplication) -> None:
    made = listing(qtbot)
    for column, shape in ((1, Qt.CursorShape.PointingHandCursor), (0, Qt.CursorShape.ArrowCursor)):
        qtbot.mouseMove(made.viewport(), made.visualRect(made.listed.index(0, column)).center())
        qtbot.waitUntil(lambda shape=shape: made.viewport().cursor().shape() == shape)


def test_a_bigger_font_makes_bigger_rows(qtbot: QtBot, dressed: QApplication) -> None:
    made = listing(qtbot)
    before = made.verticalHeader().defaultSectionSize()
    theme.apply(dressed, "light", 24)
    qtbot.waitUntil(lambda: made.verticalHeader().defaultSectionSize() > before)


def test_a_sum_is_spoken_as_one_sentence(qtbot: QtBot, dressed: QApplication) -> None:
    made = formula(
        [Term("", "Active", "5"), Term("−", "Demand", "7", "calculated: 6", changed=True), Term("=", "Balance", "−2")]
    )
    qtbot.addWidget(made)

    assert made.accessibleName() == "Active 5 − Demand 7 = Balance −2"
