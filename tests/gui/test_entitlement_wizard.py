"""The wizard that allocates the licenses of an entitlement."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from gui.desk import Place
from gui.main_window import MainWindow
from gui.wizards.allocation_table import DEMAND, LICENSES, RESOURCE_GROUP, USER_GROUP
from store import allocations, holdings, names
from store.allocations import Part
from store.audit import content_hash
from store.records import EntitlementKey
from tests.estates import demand, groups, item, maintenance, of
from tests.gui.conftest import shown
from tests.gui.walking import opened, to_a_failure, to_the_end, to_the_summary

KEY = EntitlementKey("Windows Server 2025 Standard", "perpetual", "core")
HERE = Place("edit-entitlement", str(KEY))


@pytest.fixture
def window(desk_with, qtbot):
    """2000 licenses of the documented example, two resource groups, two teams."""
    desk = desk_with(
        of(
            item("1", KEY.product, 2000, metric="core", responsible="Sales"),
            maintenance("2", KEY.product, 50, "2026-01-01", "2026-12-31", metric="core"),
            demand=[demand(KEY.product, 300, metric="core", resource_group="Berlin")],
            resource_groups=groups("Server Infrastructure", "Berlin"),
            user_groups=groups("Infrastructure Team", "Sales"),
        )
    )
    return shown(MainWindow(desk), qtbot)


@pytest.fixture
def desk(window):
    return window.desk


def typed(model, row, *values):
    for column, value in enumerate(values):
        model.setData(model.index(row, column), value)


def allocated(wizard, *parts):
    """The wizard with these rows typed."""
    model = wizard.allocation.model
    for part in parts:
        wizard.allocation.add()
        typed(model, len(model.lines) - 1, *part)
    return wizard


SERVERS = ("Server Infrastructure", "Infrastructure Team", 2000)


def test_the_documented_example_allocates_2000_and_0_remain(window, desk, qtbot):
    wizard = allocated(opened(window, HERE), SERVERS)
    assert wizard.allocation.figures.shown() == {
        "Quantity": "2,000",
        "Allocated": "2,000",
        "Remaining": "0",
        "Demand": "300",
    }
    wizard.next()
    wizard.responsibility.group.control.setText("infrastructure team")
    to_the_summary(wizard)
    assert wizard.summary.summary.shown()["Responsible user group"] == "Infrastructure Team"
    assert wizard.summary.rows.shown() == {"Server Infrastructure / Infrastructure Team": "2,000"}
    finished = to_the_end(wizard, qtbot)
    assert finished.details.text() == "Allocated 2,000, remaining 0.\nManaged by Infrastructure Team."
    assert finished.place == Place("entitlement", str(KEY))
    held = holdings.of(desk.book, KEY)
    assert (held.allocated, held.responsible) == (2000, "Infrastructure Team")
    assert desk.undo_text == f"Edit entitlement {held.name}"


def test_what_remains_is_shown_while_one_types(window):
    wizard = allocated(opened(window, HERE), ("Berlin", "Sales", 1500))
    assert wizard.allocation.figures.shown()["Remaining"] == "500"
    wizard.allocation.add()
    assert wizard.allocation.model.lines[1].quantity == 500
    assert wizard.allocation.model.lines[1].user_group == "Sales"


def test_more_than_remains_is_refused(window):
    wizard = allocated(opened(window, HERE), ("Berlin", "Sales", 1500), ("Server Infrastructure", "Sales", 501))
    assert wizard.allocation.figures.shown()["Remaining"] == "−1"
    wizard.next()
    assert wizard.currentPage() is wizard.allocation
    assert wizard.allocation.said.text().startswith("1 more are allocated than the 2,000 that there are")


def test_a_row_that_is_not_complete_is_said_and_gone_to(window):
    wizard = allocated(opened(window, HERE), ("Berlin", "", 10))
    wizard.next()
    assert wizard.allocation.said.text().startswith("Row 1 is not complete")
    assert wizard.allocation.table.currentIndex().column() == USER_GROUP


def test_equal_rows_are_added_up(window, desk, qtbot):
    wizard = allocated(opened(window, HERE), ("Berlin", "Sales", 10), ("Berlin", "Sales", 5))
    assert wizard.allocation.said.text() == "Rows of the same resource group and user group are added up."
    to_the_end(wizard, qtbot)
    assert allocations.parts(desk.book, KEY) == [Part("Berlin", "Sales", 15)]


def test_groups_that_there_are_not_are_made_in_place_and_undone_together(window, desk, qtbot):
    before = content_hash(desk.book)
    wizard = allocated(opened(window, HERE), ("Hamburg", "Harbor Team", 10), ("berlin", "Sales", 5))
    model = wizard.allocation.model
    assert model.new_groups(RESOURCE_GROUP) == ["Hamburg"]
    assert model.data(model.index(0, RESOURCE_GROUP), Qt.ItemDataRole.ToolTipRole).startswith("This resource group")
    assert model.data(model.index(0, RESOURCE_GROUP), Qt.ItemDataRole.DecorationRole) is not None
    wizard.next()
    wizard.responsibility.group.control.setText("Harbor Team")
    to_the_summary(wizard)
    to_the_end(wizard, qtbot)
    assert "Hamburg" in names.listed(desk.book, "resource_groups")
    assert holdings.of(desk.book, KEY).responsible == "Harbor Team"
    assert allocations.parts(desk.book, KEY)[1] == Part("Berlin", "Sales", 5)
    desk.undo()
    assert content_hash(desk.book) == before


def test_rows_can_be_suggested_by_demand_and_set_back(window):
    wizard = allocated(opened(window, HERE), SERVERS)
    wizard.allocation.suggest_button.click()
    assert wizard.allocation.model.parts() == [Part("Berlin", "Sales", 300)]
    wizard.allocation.reset_button.click()
    assert wizard.allocation.model.parts() == []


def test_without_any_demand_there_is_nothing_to_suggest(desk_with, qtbot):
    desk = desk_with(of(item("1", KEY.product, 10, metric="core")))
    wizard = opened(shown(MainWindow(desk), qtbot), HERE)
    wizard.allocation.suggest_button.click()
    assert wizard.allocation.said.text() == "No resource group has a demand for this product and metric."
    assert wizard.allocation.table.isColumnHidden(DEMAND)


def test_the_table_is_filled_by_keyboard(window, qtbot):
    wizard = opened(window, HERE)
    table, model = wizard.allocation.table, wizard.allocation.model
    table.setFocus()
    qtbot.keyClick(table, Qt.Key.Key_Insert)
    assert table.state() == table.State.EditingState
    editor = table.focusWidget()
    qtbot.keyClicks(editor, "Berlin")
    editor.completer().popup().hide()
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: table.state() == table.State.NoState)
    assert model.lines[0].resource_group == "Berlin"
    assert wizard.currentPage() is wizard.allocation
    table.setCurrentIndex(model.index(0, LICENSES))
    qtbot.keyClick(table, Qt.Key.Key_Return)
    qtbot.keyClicks(table.focusWidget(), "12")
    qtbot.keyClick(table.focusWidget(), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: table.state() == table.State.NoState)
    assert model.lines[0].quantity == 12
    qtbot.keyClick(table, Qt.Key.Key_Delete)
    assert model.lines == []


def test_a_name_of_its_own_can_be_given(window, desk, qtbot):
    wizard = opened(window, HERE)
    wizard.next()
    wizard.responsibility.name.control.setText("")
    wizard.next()
    assert wizard.responsibility.name.said() == "Give it a name."
    wizard.responsibility.name.control.setText("Servers of the data center")
    finished = to_the_end(wizard, qtbot)
    assert finished.heading.text() == "Servers of the data center was changed"
    assert holdings.of(desk.book, KEY).name == "Servers of the data center"


def test_maintenance_is_not_allocated_but_somebody_answers_for_it(desk_with, qtbot):
    tables = of(maintenance("1", "Office", 50, "2026-01-01", "2026-12-31"), user_groups=groups("Sales"))
    tables["products"] = [{"product": "Office", "maintenance_separate": "yes"}]
    desk = desk_with(tables)
    wizard = opened(shown(MainWindow(desk), qtbot), Place("edit-entitlement", "Office|maintenance|device"))
    assert wizard.steps.names() == ["Responsibility", "Summary", "Progress", "Finished"]
    wizard.responsibility.group.control.setText("Sales")
    assert to_the_end(wizard, qtbot).details.text() == "Managed by Sales."


def test_nothing_is_stored_and_everything_kept_when_storing_fails(window, desk, qtbot):
    before = content_hash(desk.book)
    wizard = allocated(opened(window, HERE), ("Hamburg", "Sales", 10))
    to_the_summary(wizard)
    wizard.drafted.parts = [Part("Hamburg", "Sales", 3000)]
    said = to_a_failure(wizard, qtbot)
    assert "3,000 cannot be allocated" in said
    assert content_hash(desk.book) == before
    wizard.progress.back.click()
    wizard.back()
    assert wizard.allocation.model.parts() == [Part("Hamburg", "Sales", 10)]
    to_the_end(wizard, qtbot)


def test_leaving_without_a_change_does_not_ask_and_with_one_it_does(window):
    wizard = opened(window, HERE)
    wizard.reject()
    assert not wizard.isVisible()
    wizard = allocated(opened(window, HERE), SERVERS)
    wizard.reject()
    assert wizard.asking is not None


def test_an_entitlement_that_is_gone_cannot_be_edited(desk, qtbot):
    with qtbot.waitSignal(desk.told) as told:
        desk.go(Place("edit-entitlement", "Nothing|perpetual|device"))
    assert told.args == ["There is no entitlement Nothing|perpetual|device.", "error"]


@pytest.mark.parametrize("leave", ["escape", "enter", "choose", "remove", "anew", "close"])
def test_suggestions_outlive_each_field_that_shows_them(leave, window, qtbot):
    """A field of the table is gone with a click, perhaps while its suggestions are open."""
    for _ in range(5):
        wizard = allocated(opened(window, HERE), ("Berlin", "Sales", 10))
        table = wizard.allocation.table
        for _ in range(4):
            table.begin(0)
            field = table.viewport().findChildren(QLineEdit)[-1]
            field.selectAll()
            qtbot.keyClicks(field, "ser")
            popup = field.completer().popup()
            assert popup.isVisible()
            if leave == "escape":
                qtbot.keyClick(popup, Qt.Key.Key_Escape)
                qtbot.keyClick(field, Qt.Key.Key_Escape)
            elif leave == "enter":
                qtbot.keyClick(popup, Qt.Key.Key_Enter)
            elif leave == "choose":
                qtbot.mouseClick(
                    popup.viewport(),
                    Qt.MouseButton.LeftButton,
                    pos=popup.visualRect(popup.model().index(0, 0)).center(),
                )
            elif leave == "remove":
                table.model().remove([0])
                wizard.allocation.add()
            elif leave == "anew":
                table.model().beginResetModel()
                table.model().endResetModel()
            else:
                break
            gone()
        wizard.done(0)
        gone()


def gone():
    """What waits for its end is gone."""
    for _ in range(2):
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QApplication.processEvents()
