"""Settings: looks, judgement, groups, metrics and rights, each change in force at once and one step to undo."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from gui import theme
from gui.desk import Desk, Place
from gui.dialogs.form import Form
from gui.dialogs.right import RightDialog
from gui.main_window import MainWindow
from gui.pages.setting_parts.boxed import Boxed
from gui.pages.setting_parts.groups import Groups
from gui.pages.setting_parts.judgement import Judgement
from gui.pages.setting_parts.metrics import Metrics
from gui.pages.setting_parts.rights import Rights
from gui.widgets.totals_line import TotalsLine
from store import choices, groups, preferences, prices, rates
from store.imports.mapping import keeping, shape
from store.imports.mapping.shape import ColumnMapping
from tests.gui.conftest import settled

Open = Callable[[str, type], QWidget]


@pytest.fixture
def part(window: MainWindow, desk: Desk) -> Open:
    """A part of the settings, opened in the window."""

    def open_(tab: str, kind: type) -> QWidget:
        desk.go(Place("settings", tab=tab))
        return window.findChild(kind)

    return open_


def box(window: QWidget, name: str) -> QComboBox:
    return next(one for one in window.findChildren(QComboBox) if one.accessibleName() == name)


# --------------------------------------------------------------------------------------------------------------- looks
def test_another_theme_is_in_force_at_once_and_remembered(
    window: MainWindow, desk: Desk, dressed: QApplication
) -> None:
    desk.go(Place("settings", tab="looks"))
    choice = box(window, "Theme")
    choice.setCurrentIndex(choice.findData("dark"))
    assert theme.of() is theme.DARK
    assert desk.state.get("looks/theme", "") == "dark"
    choice.setCurrentIndex(choice.findData("light"))
    assert theme.of() is theme.LIGHT


def test_larger_type_is_in_force_at_once_and_remembered(window: MainWindow, desk: Desk, dressed: QApplication) -> None:
    desk.go(Place("settings", tab="looks"))
    choice = box(window, "Size of the type")
    choice.setCurrentIndex(choice.findText("Largest"))
    assert dressed.font().pointSizeF() == 15
    assert desk.state.get("looks/points", 0.0) == 15
    choice.setCurrentIndex(choice.findText("Normal"))


def test_the_one_language_that_there_is_is_shown_and_cannot_be_chosen(window: MainWindow, desk: Desk) -> None:
    desk.go(Place("settings", tab="looks"))
    choice = box(window, "Language")
    assert (choice.count(), choice.currentText(), choice.isEnabled()) == (1, "English", False)


# ----------------------------------------------------------------------------------------------------------- judgement
def typed(field: QLineEdit, text: str, qtbot: QtBot) -> None:
    field.setFocus()
    field.setText(text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def test_other_warning_leads_judge_the_book_anew_in_the_background(part: Open, desk: Desk, qtbot: QtBot) -> None:
    shown = part("judgement", Judgement)
    before = desk.book.value("SELECT count(*) FROM events WHERE kind = 'expiration-warning'")
    typed(shown.fields["warning_leads"], "30, 120", qtbot)
    settled(desk, qtbot)
    assert preferences.current(desk.book)["warning_leads"] == "120,30"
    assert shown.fields["warning_leads"].text() == "120, 30"
    assert desk.book.value("SELECT count(*) FROM events WHERE kind = 'expiration-warning'") < before
    assert desk.undo_text == "Change the warning leads"
    desk.undo()
    settled(desk, qtbot)
    assert preferences.current(desk.book)["warning_leads"] == "90,60,30,7"


@pytest.mark.parametrize(("name", "wrong"), [("warning_leads", "soon"), ("currency", "E1")])
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    part: Open, desk: Desk, qtbot: QtBot, name: str, wrong: str
) -> None:
    shown = part("judgement", Judgement)
    typed(shown.fields[name], wrong, qtbot)
    settled(desk, qtbot)
    assert wrong in shown.said.text()
    assert shown.fields[name].text() == wrong
    assert desk.undo_text == ""


def test_leaving_a_field_as_it_was_changes_nothing(part: Open, desk: Desk, qtbot: QtBot) -> None:
    shown = part("judgement", Judgement)
    typed(shown.fields["currency"], "EUR", qtbot)
    assert not desk.busy
    assert desk.undo_text == ""


# -------------------------------------------------------------------------------------------------------------- groups
@pytest.fixture
def tree(part: Open) -> Groups:
    return part("resource-groups", Groups)


def known(desk: Desk) -> dict[str, str]:
    return groups.tree(desk.book, groups.RESOURCE_GROUPS)


def rename(shown: Groups, new: str) -> None:
    shown.tree.currentItem().setText(0, new)


def test_the_groups_are_a_tree(tree: Groups, desk: Desk) -> None:
    tree.choose("Data Center North")
    assert tree.tree.currentItem().parent().text(0) == "Data Center"
    assert tree.parent_box.currentText() == "Data Center"


def test_a_group_is_added_renamed_and_put_below_another(tree: Groups, desk: Desk) -> None:
    tree.choose("Plants")
    tree.add()
    rename(tree, "Plant Bremen")
    assert known(desk)["Plant Bremen"] == ""
    tree.parent_box.setCurrentIndex(tree.parent_box.findData("Plants"))
    tree.parent_box.activated.emit(tree.parent_box.currentIndex())
    assert known(desk)["Plant Bremen"] == "Plants"
    assert tree.chosen() == "Plant Bremen"
    assert desk.undo_text == "Move resource group Plant Bremen"
    for _ in range(3):
        desk.undo()
    assert "Plant Bremen" not in known(desk)


def test_a_group_is_added_below_the_chosen_one(tree: Groups, desk: Desk) -> None:
    tree.choose("Plants")
    tree.add_below()
    assert known(desk)["New group"] == "Plants"
    tree.add()
    assert known(desk)["New group 2"] == "Plants"


def test_a_name_that_is_taken_is_refused_and_the_old_one_stays(tree: Groups, desk: Desk) -> None:
    tree.choose("Plants")
    rename(tree, "Headquarters")
    assert "already" in tree.said.text()
    assert tree.chosen() == "Plants"
    assert tree.tree.currentItem().text(0) == "Plants"


def test_an_empty_name_is_no_name(tree: Groups, desk: Desk) -> None:
    tree.choose("Plants")
    rename(tree, "  ")
    assert "Plants" in known(desk)
    assert tree.tree.currentItem().text(0) == "Plants"


def test_a_group_cannot_be_put_below_itself(tree: Groups, desk: Desk) -> None:
    tree.move_below("Data Center", "Data Center North")
    assert "cannot be its own ancestor" in tree.said.text()
    assert known(desk)["Data Center"] == ""


def test_a_group_that_is_dropped_onto_another_goes_below_it_and_one_dropped_beside_all_goes_to_the_top(
    tree: Groups, desk: Desk
) -> None:
    tree.choose("Plants")
    onto = tree.tree.findItems("Headquarters", Qt.MatchFlag.MatchExactly)[0]
    tree.tree.drop(tree.tree.indexFromItem(onto))
    assert known(desk)["Plants"] == "Headquarters"
    tree.tree.drop(QModelIndex())
    assert known(desk)["Plants"] == ""


def test_a_group_in_use_is_not_removed_and_it_is_said_what_uses_it(tree: Groups, desk: Desk) -> None:
    tree.choose("Headquarters")
    tree.remove()
    assert "used by" in tree.said.text()
    assert "Headquarters" in known(desk)


def test_a_group_that_nothing_uses_is_removed_with_the_delete_key(tree: Groups, desk: Desk, qtbot: QtBot) -> None:
    tree.add()
    tree.choose("New group")
    tree.remove()
    assert "New group" not in known(desk)
    desk.undo()
    assert "New group" in known(desk)


def test_folded_groups_stay_folded_when_another_one_changes(tree: Groups, desk: Desk) -> None:
    tree.tree.findItems("Data Center", Qt.MatchFlag.MatchExactly)[0].setExpanded(False)
    tree.choose("Plants")
    tree.add()
    assert not tree.tree.findItems("Data Center", Qt.MatchFlag.MatchExactly)[0].isExpanded()


def test_a_name_with_markup_is_shown_as_it_is(tree: Groups, desk: Desk) -> None:
    name = "<b>Bold</b> & <img src=x>"
    tree.add()
    tree.choose("New group")
    rename(tree, name)
    assert tree.chosen() == name


# ------------------------------------------------------------------------------------------------------------- metrics
def test_a_metric_is_added_and_removed_again(part: Open, desk: Desk, qtbot: QtBot) -> None:
    shown = part("metrics", Metrics)
    typed(shown.field, "socket", qtbot)
    assert choices.metrics(desk.book) == ["device", "user", "core", "socket"]
    assert shown.field.text() == ""
    remove = [one for one in shown.findChildren(QToolButton) if "socket" in one.accessibleName()]
    remove[0].click()
    assert choices.metrics(desk.book) == ["device", "user", "core"]
    desk.undo()
    assert "socket" in choices.metrics(desk.book)


def test_a_metric_that_is_there_already_is_refused(part: Open, desk: Desk, qtbot: QtBot) -> None:
    shown = part("metrics", Metrics)
    typed(shown.field, "Device", qtbot)
    assert "already" in shown.said.text()
    assert shown.field.text() == "Device"


# -------------------------------------------------------------------------------------------------------------- rights
@pytest.fixture
def shown_rights(part: Open) -> Rights:
    return part("rights", Rights)


def transfers(desk: Desk, right: str) -> int:
    sql = 'SELECT count(*) FROM transfers t JOIN rights r ON r.id = t.right_id WHERE r."right" = ?'
    return desk.book.value(sql, (right,))


def used(desk: Desk) -> str:
    return desk.book.value('SELECT r."right" FROM transfers t JOIN rights r ON r.id = t.right_id ORDER BY t.id LIMIT 1')


def choose(shown: Rights, name: str) -> None:
    shown.table.selectRow([right.right for right in shown.held].index(name))


def test_without_a_right_nothing_is_moved_and_undo_brings_both_back(shown_rights: Rights, desk: Desk) -> None:
    name = used(desk)
    count = transfers(desk, name)
    choose(shown_rights, name)
    shown_rights.remove_button.click()
    assert name not in [right.right for right in shown_rights.held]
    assert transfers(desk, name) == 0
    desk.undo()
    assert transfers(desk, name) == count


def test_a_right_for_a_pair_of_products_is_added(shown_rights: Rights, desk: Desk, window: MainWindow) -> None:
    shown_rights.add_button.click()
    dialog = window.findChild(RightDialog)
    dialog.name.setText("MY-RIGHT")
    dialog.of_pair.setChecked(True)
    assert not dialog.family.isEnabled()
    first, second = choices.products(desk.book)[:2]
    dialog.from_product.setText(first)
    dialog.to_product.setText(second)
    dialog.apart.setValue(2)
    dialog.valid_from.open.setChecked(False)
    dialog.save_button.click()
    right = next(right for right in shown_rights.held if right.right == "MY-RIGHT")
    assert (right.from_product, right.to_product, right.family, right.depth) == (first, second, "", 2)
    assert (right.valid_from, right.valid_until) == (desk.as_of, None)
    assert desk.undo_text == "Add right MY-RIGHT"


def test_what_is_wrong_with_a_right_is_said_in_the_dialog_and_what_was_typed_stays(
    shown_rights: Rights, desk: Desk, window: MainWindow
) -> None:
    shown_rights.add_button.click()
    dialog = window.findChild(RightDialog)
    dialog.name.setText("MY-RIGHT")
    dialog.of_pair.setChecked(True)
    dialog.from_product.setText("no such product")
    dialog.to_product.setText(choices.products(desk.book)[0])
    dialog.save_button.click()
    assert "no such product" in dialog.said.text()
    assert dialog.isVisible()
    dialog.name.setText(shown_rights.held[0].right)
    dialog.save_button.click()
    assert "already" in dialog.said.text()
    assert desk.undo_text == ""


def test_a_right_is_edited_under_its_name(shown_rights: Rights, desk: Desk, window: MainWindow) -> None:
    right = next(right for right in shown_rights.held if right.family)
    choose(shown_rights, right.right)
    shown_rights.edit_button.click()
    dialog = window.findChild(RightDialog)
    assert dialog.typed() == right
    assert dialog.name.isReadOnly()
    dialog.apart.setValue(7)
    dialog.save_button.click()
    assert shown_rights.chosen().depth == 7
    assert desk.undo_text == f"Change right {right.right}"


def test_a_product_is_found_by_a_part_of_its_name(shown_rights: Rights, desk: Desk, window: MainWindow) -> None:
    shown_rights.add_button.click()
    dialog = window.findChild(RightDialog)
    dialog.of_pair.setChecked(True)
    dialog.from_product.textEdited.emit("sql server")
    found = dialog.from_product.completer().model().stringList()
    assert found
    assert all("sql server" in name.lower() for name in found)


# ------------------------------------------------------------------------------------------------- prices and rates
def saved(fields: dict[str, str], window: MainWindow) -> str:
    """Type into the fields of the open form and save; what is said then."""
    form = window.findChildren(Form)[-1]
    for name, text in fields.items():
        control = form.fields[name]
        if isinstance(control, QLineEdit):
            control.setText(text)
        else:
            control.setCurrentIndex(control.findData(text))
    form.save()
    return form.said.text()


def test_a_price_is_listed_changed_and_removed_and_positions_follow(
    part: Open, window: MainWindow, desk: Desk, qtbot: QtBot
) -> None:
    shown = part("prices", Boxed)
    shown.add()
    docker = {"Product": "Docker Desktop", "Model": "subscription", "Metric": "user", "Unit price": "95"}
    assert "is no number" in saved({**docker, "Unit price": "much", "Currency": "USD"}, window)
    assert saved({**docker, "Unit price": "95"}, window) == ""
    assert [one.unit_price for one in prices.held(desk.book)] == [Decimal(95)]
    value = desk.book.rows("SELECT price_amount, price_currency FROM positions WHERE demand = 27 AND model IS NULL")
    assert value == [("95.00", "USD")]
    shown.table.selectRow(0)
    shown.edit()
    assert saved({"Unit price": "90", "Model": "perpetual"}, window) == ""
    assert [(one.license.model, one.unit_price) for one in prices.held(desk.book)] == [("perpetual", Decimal(90))]
    shown.table.selectRow(0)
    shown.remove()
    assert prices.held(desk.book) == []
    assert not shown.none.isHidden()
    desk.undo()
    assert shown.table.item(0, 3).text() == "90.00 USD"


def test_a_rate_is_kept_and_the_sums_below_the_positions_say_that_it_was_used(
    part: Open, window: MainWindow, desk: Desk, qtbot: QtBot
) -> None:
    shown = part("rates", Boxed)
    shown.add()
    assert "needs no rate" in saved({"Currency": "EUR", "In currency": "EUR", "Is worth": "1"}, window)
    assert saved({"Currency": "USD", "Is worth": "0.5"}, window) == ""
    assert rates.held(desk.book)[0].rate == Decimal("0.5")
    desk.go(Place("compliance"))
    settled(desk, qtbot)
    said = window.findChild(TotalsLine).to_close.text()
    assert "= 192,457.00 EUR (USD at 0.5 of 2026-11-21)" in said
    shown.table.selectRow(0)
    shown.edit()
    assert saved({"Is worth": "0.25"}, window) == ""
    shown.table.selectRow(0)
    shown.remove()
    settled(desk, qtbot)
    assert " = " not in window.findChild(TotalsLine).to_close.text()


def test_a_price_list_is_read_from_a_file_as_one_step(part: Open, desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    shown = part("prices", Boxed)
    path = tmp_path / "list.csv"
    head = "product,model,metric,unit_price,currency,valid_from\n"
    path.write_text(f"{head}Docker Desktop,subscription,user,95,USD,2026-01-01\n")
    shown.ask_file().fileSelected.emit(str(path))
    settled(desk, qtbot)
    assert shown.table.item(0, 3).text() == "95.00 USD"
    assert desk.undo_text == "Read price list from list.csv"
    path.write_text(f"{head}Docker,subscription,user,95,USD,2026-01-01\n")
    shown.read_file(path)
    settled(desk, qtbot)
    assert "there is no 'Docker'" in shown.said.text()


# ------------------------------------------------------------------------------------------------------------- mappings
COLUMNS = {"Title": "product", "Count": "quantity"}
OWN = ColumnMapping("Own list", "demand", COLUMNS, {"metric": "device"}, header=(*COLUMNS, "Remark"))


def test_a_mapping_that_is_remembered_is_listed_removed_and_comes_again_with_undo(part: Open, desk: Desk) -> None:
    shown = part("mappings", Boxed)
    assert not shown.none.isHidden()
    assert shown.add_button.isHidden()
    desk.do("Keep mapping Own list", lambda book: keeping.save(book, OWN))
    assert [shown.table.item(0, place).text() for place in range(3)] == ["Own list", "Demand", "2 of 3"]
    shown.add()
    shown.edit()
    shown.table.selectRow(0)
    shown.remove()
    assert keeping.held(desk.book) == []
    assert desk.undo_text == "Remove mapping Own list"
    desk.undo()
    assert shown.table.rowCount() == 1


def test_a_mapping_comes_from_the_file_of_somebody_else(part: Open, desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    shown = part("mappings", Boxed)
    shape.write(OWN, tmp_path / "own.json")
    shown.ask_file().fileSelected.emit(str(tmp_path / "own.json"))
    settled(desk, qtbot)
    assert keeping.held(desk.book) == [OWN]
    assert shown.table.rowCount() == 1
    (tmp_path / "bad.json").write_text("{}")
    shown.read_file(tmp_path / "bad.json")
    settled(desk, qtbot)
    assert "bad.json" in shown.said.text()
