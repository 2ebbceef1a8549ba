"""The queue of names: decided on by keyboard, several at once, by publisher, and taken back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.desk import Place
from gui.dialogs import matching as dialog
from gui.pages import matching
from store.imports.load import load
from store.matching import deciding
from store.overviews import Ask
from tests import estates, found
from tests.conftest import AS_OF
from tests.found import ACROBAT, ACROBAT_DC, SQL, TAR, VISIO, installed, states
from tests.gui.conftest import settled
from tests.gui.pages.conftest import answer, chips, column


@pytest.fixture
def page(desk_with, qtbot):
    desk = desk_with(found.tables())
    desk.reaches |= {"import", "matching"}
    made = matching.make(desk)
    qtbot.addWidget(made)
    made.resize(1400, 800)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.ask()
    ready(made, qtbot)
    return made


def ready(page, qtbot):
    settled(page.desk, qtbot)
    qtbot.waitUntil(lambda: page.model.complete)
    settled(page.desk, qtbot)


def shown(page, name="software"):
    return [page.model.index(row, column(page, name)).data() for row in range(page.model.rowCount())]


def select(page, *names):
    page.activateWindow()  # a question may just have been closed
    assert QTest.qWaitForWindowActive(page)
    page.view.clearSelection()
    page.view.setFocus()
    for number, name in enumerate(names):
        at = page.view.visualRect(page.model.index(shown(page).index(name), 0)).center()
        held = Qt.KeyboardModifier.ControlModifier if number else Qt.KeyboardModifier.NoModifier
        QTest.mouseClick(page.view.viewport(), Qt.MouseButton.LeftButton, held, at)


def press(page, qtbot, key, held=Qt.KeyboardModifier.ControlModifier):
    QTest.keyClick(page.view, key, held)
    ready(page, qtbot)


def test_names_that_wait_stand_there_with_their_best_candidate_and_why(page):
    at = shown(page).index(SQL)
    assert shown(page, "best")[at] == "SQL Server 2019 Enterprise"
    assert shown(page, "why")[at] == "Same version, edition not told"
    assert shown(page)[-1] == TAR
    assert VISIO not in "".join(shown(page))


def test_a_candidate_is_accepted_by_keyboard_and_the_next_name_is_selected(page, qtbot):
    select(page, ACROBAT_DC)
    press(page, qtbot, Qt.Key.Key_Return)
    assert installed(page.desk.book)[0] == (ACROBAT, "PC1", "ann")
    assert page.desk.undo_text == f"Match {ACROBAT_DC} with {ACROBAT}"
    assert page.selection.count() == 1
    page.desk.undo()
    ready(page, qtbot)
    assert ACROBAT_DC in shown(page)


def test_a_name_without_a_candidate_is_not_accepted(page, qtbot):
    heard = []
    page.desk.told.connect(lambda text, _: heard.append(text))
    select(page, TAR)
    press(page, qtbot, Qt.Key.Key_Return)
    assert "no candidate" in heard[0]
    assert page.desk.undo_text == ""


def test_several_names_need_no_license(page, qtbot):
    select(page, TAR, "gzip")
    press(page, qtbot, Qt.Key.Key_L)
    assert states(page.desk.book)[TAR] == states(page.desk.book)["gzip"] == "ignored"
    assert page.desk.undo_text == "No license for 2 names"
    page.ask(filter="ignored")
    ready(page, qtbot)
    assert shown(page, "why") == ["Decided on this name"] * 2


def test_everything_of_a_publisher_needs_no_license_after_a_question(page, qtbot):
    select(page, TAR)
    page.actions_by_code["publisher-no-license"].trigger()
    assert "GNU Project" in page.question.text()
    answer(page, "Needs no license")
    ready(page, qtbot)
    assert "gzip" not in shown(page)
    page.ask(filter="ignored")
    ready(page, qtbot)
    select(page, TAR)
    press(page, qtbot, Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier)
    assert "2 names" in page.question.informativeText()
    answer(page, "Take back")
    ready(page, qtbot)
    assert states(page.desk.book)["gzip"] == "waiting"


def test_a_name_without_a_publisher_has_none_to_decide_on(page, qtbot, tmp_path):
    load(page.desk.book, estates.write(tmp_path / "more", found.software("PC9,odd,,1,,glpi")), as_of=AS_OF)
    page.refresh()
    ready(page, qtbot)
    select(page, "odd")
    page.actions_by_code["publisher-no-license"].trigger()
    assert "tells no publisher" in page.question.text()
    page.question.close()


def test_a_decision_is_taken_back(page, qtbot):
    deciding.decide(page.desk.book, deciding.called(page.desk.book, TAR), "Ledger")
    page.ask(filter="assigned")
    page.refresh()
    ready(page, qtbot)
    select(page, TAR)
    press(page, qtbot, Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier)
    assert states(page.desk.book)[TAR] == "waiting"


def test_where_nothing_was_decided_nothing_is_taken_back(page, qtbot):
    heard = []
    page.desk.told.connect(lambda text, _: heard.append(text))
    select(page, TAR)
    press(page, qtbot, Qt.Key.Key_Delete, Qt.KeyboardModifier.NoModifier)
    assert heard[0].startswith("Nothing was decided here")


def chosen(page, qtbot, *names):
    select(page, *names)
    press(page, qtbot, Qt.Key.Key_F2, Qt.KeyboardModifier.NoModifier)
    return page.dialog


def test_another_candidate_is_chosen(page, qtbot):
    window = chosen(page, qtbot, SQL)
    assert window.cards.findChildren(type(window.cards.radios["0"]))[1].text() == "SQL Server 2019 Standard"
    assert window.every.isChecked()
    window.cards.choose("1")
    window.save_button.click()
    ready(page, qtbot)
    assert ("SQL Server 2019 Standard", "PC2", "") in installed(page.desk.book)
    assert page.desk.undo_text == f"Match {SQL} with SQL Server 2019 Standard"


def test_a_product_that_is_not_there_is_added(page, qtbot):
    window = chosen(page, qtbot, TAR, "gzip")
    assert "2 names" in window.windowTitle() + window.findChildren(type(window.hint))[0].text()
    window.cards.choose(dialog.OTHER)
    window.save_button.click()
    assert "Choose a product" in window.said.text()
    window.product.setText("Archiver")
    assert "not in the book yet" in window.hint.text()
    window.save_button.click()
    ready(page, qtbot)
    assert [row[0] for row in installed(page.desk.book)] == ["Archiver", "Archiver", VISIO]
    page.desk.undo()
    ready(page, qtbot)
    assert [row[0] for row in installed(page.desk.book)] == [VISIO]


def test_what_the_catalogue_knows_is_said_and_added_with_what_it_knows(page, qtbot):
    window = chosen(page, qtbot, TAR)
    window.cards.choose(dialog.OTHER)
    window.product.setText("SQL Server 2017 Standard")
    assert "the catalogue knows it" in window.hint.text()
    window.reject()


def test_no_license_is_chosen_for_this_version_alone(page, qtbot):
    window = chosen(page, qtbot, ACROBAT_DC)
    assert not window.every.isChecked()
    window.cards.choose(dialog.NONE)
    assert window.every.isChecked()
    window.every.click()
    window.save_button.click()
    ready(page, qtbot)
    assert states(page.desk.book)["Adobe Acrobat DC (64-bit)"] == "waiting"


def test_many_names_are_decided_in_the_background(page, qtbot, tmp_path):
    lines = [f"PC9,tool {n},Maker,{n},,glpi" for n in range(10_000)]
    load(page.desk.book, estates.write(tmp_path / "more", found.software(*lines)), as_of=AS_OF)
    page.refresh()
    page.ask(search="tool 12")
    ready(page, qtbot)
    assert page.model.rowCount() == 111
    page.view.setFocus()
    page.view.selectAll()
    press(page, qtbot, Qt.Key.Key_L)
    assert page.model.rowCount() == 0
    assert page.desk.undo_text == "No license for 111 names"


def test_home_tells_how_many_wait_and_leads_to_them(page, qtbot):
    from gui.pages import home

    places = []
    page.desk.asked.connect(places.append)
    made = home.make(page.desk)
    qtbot.addWidget(made)
    made.show()
    made.arrive(Place("home"))
    ready(page, qtbot)
    link = next(each for each in made.findChildren(home.Link) if "to match" in each.text())
    assert link.text() == "6 names of software to match"
    link.click()
    assert places[-1] == Place("matching", ask=Ask(filter="waiting"))


def test_a_book_without_found_software_says_where_it_comes_from(desk_with, qtbot):
    desk = desk_with({"products": [{"product": "Office"}]})
    made = matching.make(desk)
    qtbot.addWidget(made)
    made.show()
    made.ask()
    ready(made, qtbot)
    assert made._stack.currentWidget() is not made.view
    qtbot.waitUntil(lambda: chips(made)["waiting"] == "Waiting  0")
