"""A window that stayed open while something else changed its record: three columns, and a choice."""

from dataclasses import replace

import pytest

from gui.desk import Place
from gui.dialogs import definition, product, title
from gui.main_window import MainWindow
from gui.wizards.contract import ContractWizard
from store import contracts, products
from store.portal import definitions, titles
from tests import estates
from tests.gui.conftest import settled, shown


@pytest.fixture
def window(desk_with, qtbot):
    tables = estates.of(estates.item("1", "Office", 100)) | estates.portal("Office")
    desk = desk_with(tables)
    desk.state.put("window/page", "snapshots")
    return shown(MainWindow(desk), qtbot)


def theirs(desk):
    held, items = contracts.read(desk.book, "C1")
    desk.do("Edit", lambda book: contracts.save_whole(book, replace(held, supplier="theirs"), items))


def texts(dialog):
    table = dialog.table
    return [[table.topLevelItem(n).text(at) for at in range(4)] for n in range(table.topLevelItemCount())]


@pytest.fixture
def wizard(window, qtbot):
    """An edited contract whose wizard stayed open while the contract was changed."""
    made = ContractWizard(window.desk, window, "C1")
    qtbot.addWidget(made)
    made.show()
    made.state.contract["supplier"] = "mine"
    theirs(window.desk)
    while made.currentPage() is not made.progress:
        made.next()
    settled(window.desk, qtbot)
    qtbot.waitUntil(lambda: made.progress.asking is not None)
    return made


def test_the_wizard_shows_what_was_what_is_and_what_was_typed(wizard):
    assert texts(wizard.progress.asking) == [["Supplier", "–", "theirs", "mine"]]
    assert "Contract C1 was changed (supplier) since you opened it" in wizard.progress.said.text()


def test_what_was_typed_is_stored_when_the_user_says_so(wizard, window, qtbot):
    wizard.progress.asking.keep.click()
    settled(window.desk, qtbot)
    assert contracts.read(window.desk.book, "C1")[0].supplier == "mine"


def test_the_book_stays_as_it_is_when_the_user_says_so(wizard, window, qtbot):
    wizard.progress.asking.drop.click()
    settled(window.desk, qtbot)
    assert contracts.read(window.desk.book, "C1")[0].supplier == "theirs"
    assert not wizard.isVisible()


def test_one_may_go_on_typing(wizard, window, qtbot):
    wizard.progress.asking.reject()
    assert wizard.isVisible()
    assert contracts.read(window.desk.book, "C1")[0].supplier == "theirs"


def test_a_product_that_was_changed_meanwhile_is_asked_about(window, qtbot):
    desk = window.desk
    dialog = product.open_(desk, window, Place("edit-product", "Office"))
    dialog.texts["vendor"].setText("mine")
    held = products.read(desk.book, "Office")
    desk.do("Edit", lambda book: products.save(book, replace(held, vendor="theirs")))
    dialog.save()
    assert texts(dialog.asking) == [["Vendor", "–", "theirs", "mine"]]
    dialog.asking.keep.click()
    assert products.read(desk.book, "Office").vendor == "mine"


def test_a_title_and_a_definition_that_were_changed_meanwhile_are_asked_about(window, qtbot):
    desk = window.desk
    form = title.open_(desk, window, Place("edit-title", "Office"))
    other = definition.open_edit(desk, window, Place("edit-definition", "Care|Office"))
    held = titles.read(desk.book, "Office")
    desk.do("Edit", lambda book: titles.save(book, replace(held, orderable=False)))
    known = definitions.read(desk.book, "Care|Office")
    desk.do("Edit", lambda book: definitions.save(book, replace(known, orderable=False)))
    form.save()
    assert texts(form.asking) == [["Orderable", "yes", "no", "yes"]]
    form.asking.drop.click()
    other.save()
    assert texts(other.asking) == [["Orderable", "yes", "no", "yes"]]
    other.asking.keep.click()
    assert not titles.read(desk.book, "Office").orderable
    assert definitions.read(desk.book, "Care|Office").orderable
