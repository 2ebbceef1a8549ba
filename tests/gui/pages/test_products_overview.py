"""The overview of products: by family and version, with ways to all that is known of each; changed and renamed."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from gui.desk import Desk, Place
from gui.dialogs.product import ProductDialog
from gui.main_window import MainWindow
from gui.tables.overview import OverviewPage
from store import products
from store.audit import content_hash
from store.overviews import Ask
from store.records import Product
from tests.gui.conftest import settled as settled_desk
from tests.gui.pages.conftest import Open, answer, button, choose, settled, shown, titles
from tests.gui.test_every_widget import rich, unnamed


@pytest.fixture
def page(desk: Desk, open_page: Open) -> OverviewPage:
    return open_page(desk, "products")


def test_versions_of_a_family_stand_together(page: OverviewPage) -> None:
    families = [name for name in shown(page, "family") if name]
    assert len(list(dict.fromkeys(families))) == len({*families})
    assert {"Released on", "Support ends on"} <= {*titles(page)}


def test_a_product_leads_to_all_that_is_known_of_it(page: OverviewPage, places: list[Place]) -> None:
    choose(page, 3)
    product = page.selected_keys()[0]
    for code in ("entitlements", "compliance", "contracts", "demand"):
        page.actions_by_code[f"show-{code}"].trigger()
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    ask = Ask(where=(("product", product),))
    assert places == [
        Place(code, ask=ask) for code in ("entitlements", "compliance", "contracts", "demand", "entitlements")
    ]


# ------------------------------------------------------------------------------------------------- add, change, remove
def filled(window: MainWindow, place: Place, **texts: str) -> ProductDialog:
    window.desk.go(place)
    dialog = window.findChildren(ProductDialog)[-1]
    for name, text in texts.items():
        (dialog.name if name == "name" else dialog.texts[name]).setText(text)
    return dialog


def test_products_are_added_changed_and_removed_by_key(page: OverviewPage, places: list[Place]) -> None:
    QTest.keyClick(page.view, Qt.Key.Key_Insert)
    choose(page, 3)
    QTest.keyClick(page.view, Qt.Key.Key_F2)
    assert places == [Place("add-product"), Place("edit-product", page.selected_keys()[0])]
    QTest.keyClick(page.view, Qt.Key.Key_Delete)
    answer(page, "Remove")
    assert page.question.text() == "Nothing was removed."
    assert "it is used by" in page.question.informativeText()


def test_a_product_that_nothing_uses_is_removed_and_comes_back(desk: Desk, page: OverviewPage, qtbot: QtBot) -> None:
    desk.do("Add product Plotter", lambda book: products.save(book, Product("Plotter")))
    before = content_hash(desk.book)
    page.ask(search="plotter")
    settled(page, qtbot)
    page.view.selectAll()
    button(page, "remove").click()
    assert page.question.text() == "Remove Plotter?"
    answer(page, "Remove")
    settled(page, qtbot)
    assert page.model.rowCount() == 0
    desk.undo()
    assert content_hash(desk.book) == before


def test_a_product_is_added_with_what_the_catalogue_knows(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    before = content_hash(desk.book)
    dialog = filled(window, Place("add-product"), name="SQL Server 2019 Web")
    dialog.name.editingFinished.emit()
    assert (dialog.texts["vendor"].text(), dialog.texts["family"].text()) == ("Microsoft", "SQL Server")
    assert dialog.known.text().startswith("The catalogue knows this product")
    dialog.separate.setChecked(True)
    qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    held = products.read(desk.book, "SQL Server 2019 Web")
    assert (held.edition, held.version, held.maintenance_separate) == ("Web", "2019", True)
    assert str(held.support_ends_on) == "2030-01-08"
    desk.undo()
    assert content_hash(desk.book) == before


def test_a_product_is_renamed_and_changed_in_one_step(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    before = content_hash(desk.book)
    dialog = filled(
        window, Place("edit-product", "Windows Server 2022 Standard"), name="Windows Server 2022 Std.", vendor="MS"
    )
    dialog.support_ends_on.set_day(None)
    qtbot.mouseClick(dialog.save_button, Qt.MouseButton.LeftButton)
    held = products.read(desk.book, "Windows Server 2022 Std.")
    assert (held.vendor, held.family, held.support_ends_on) == ("MS", "Windows Server", None)
    assert desk.undo_text == "Edit product Windows Server 2022 Standard"
    desk.undo()
    settled_desk(desk, qtbot)
    assert content_hash(desk.book) == before


def test_a_name_that_is_missing_or_taken_is_said_and_everything_typed_stays(window: MainWindow, desk: Desk) -> None:
    for name, fault in {" ": "product: is empty", "AutoCAD 2024": "'AutoCAD 2024' is in the book already"}.items():
        dialog = filled(window, Place("add-product"), name=name, vendor="Somebody")
        dialog.save()
        assert fault in dialog.said.text()
        assert dialog.texts["vendor"].text() == "Somebody"
        dialog.reject()
    dialog = filled(window, Place("edit-product", "AutoCAD 2024"), name="AutoCAD 2016")
    dialog.save()
    assert "there is 'AutoCAD 2016' already" in dialog.said.text()
    dialog.reject()
    assert desk.undo_text == ""


def test_the_dialog_has_names_and_plain_texts_and_nothing_opens_for_a_product_that_is_gone(
    window: MainWindow, desk: Desk, qtbot: QtBot
) -> None:
    dialog = filled(window, Place("edit-product", "AutoCAD 2024"))
    assert (unnamed(dialog), rich(dialog)) == ([], [])
    dialog.reject()
    with qtbot.waitSignal(desk.told) as told:
        desk.go(Place("edit-product", "Gone"))
    assert told.args == ["products: there is no 'Gone'.", "error"]


def test_a_product_is_edited_from_its_record(window: MainWindow, desk: Desk, qtbot: QtBot) -> None:
    desk.go(Place("product", "AutoCAD 2024"))
    settled_desk(desk, qtbot)
    page = window.stack.currentWidget()
    next(one for one in page.findChildren(QPushButton) if one.text() == "Edit…").click()
    assert window.findChildren(ProductDialog)[-1].name.text() == "AutoCAD 2024"
    window.findChildren(ProductDialog)[-1].reject()
