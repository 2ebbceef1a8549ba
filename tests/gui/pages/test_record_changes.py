"""The pages of records follow the book: changes on them and elsewhere, other days, and what the history restores."""

from datetime import date

import pytest
from pytestqt.qtbot import QtBot

from gui.desk import Desk
from gui.dialogs.entitlement import OneField
from gui.main_window import RECORDS
from store import contracts, entitlements, overrides
from store.records import Contract, EntitlementKey, Override
from tests.gui.conftest import settled
from tests.gui.pages.records import SHORT, WINDOWS, Go, follow, pressed, rows, table, texts


# ---------------------------------------------------------------------------------------------------------- responding
def test_an_entitlement_is_renamed_on_its_page_and_that_can_be_undone(go: Go, desk: Desk, qtbot: QtBot) -> None:
    page = go("entitlement", WINDOWS)
    pressed(page, "Rename…").click()
    dialog = page.findChild(OneField)
    dialog.field.setText("Windows, all sites")
    dialog.accept()
    settled(desk, qtbot)

    assert "Windows, all sites" in texts(page)
    desk.undo()
    settled(desk, qtbot)
    assert "Windows Server 2022 Standard - Perpetual - Core based" in texts(page)


def test_a_name_that_is_not_possible_is_refused_beside_the_field(go: Go) -> None:
    page = go("entitlement", WINDOWS)
    pressed(page, "Rename…").click()
    dialog = page.findChild(OneField)
    dialog.field.setText("   ")
    dialog.accept()

    assert dialog.isVisible()
    assert dialog.wrong.text().startswith("name:")
    dialog.reject()


def test_somebody_is_named_for_an_entitlement(go: Go, desk: Desk, qtbot: QtBot) -> None:
    page = go("entitlement", WINDOWS)
    pressed(page, "Responsibility…").click()
    dialog = page.findChild(OneField)
    dialog.field.setCurrentIndex(dialog.field.findData("Design Office"))
    dialog.accept()
    settled(desk, qtbot)

    assert texts(page).count("Design Office") == 2


def test_a_change_is_shown_without_losing_the_tab(go: Go, desk: Desk, qtbot: QtBot) -> None:
    page = go("entitlement", WINDOWS, "history")
    desk.do("Rename", lambda book: entitlements.rename(book, EntitlementKey(*WINDOWS.split("|")), "Ours"))
    settled(desk, qtbot)

    assert page.tab == "history"
    assert "Ours" in texts(page)
    assert rows(page, "History")[0][2:5] == [
        "Name",
        "Windows Server 2022 Standard - Perpetual - Core based",
        "Ours",
    ]


def test_a_change_elsewhere_leaves_the_page_as_it_is(go: Go, desk: Desk, qtbot: QtBot) -> None:
    page = go("position", SHORT)
    held = table(page, "By resource group")
    desk.do("Add contract", lambda book: contracts.save(book, Contract("NEW", "New", date(2026, 1, 1))))
    settled(desk, qtbot)

    assert table(page, "By resource group") is held


def test_a_changed_page_stays_scrolled_to_where_it_was(go: Go, desk: Desk, qtbot: QtBot) -> None:
    page = go("position", SHORT)
    bar = page.areas["details"].verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 200)
    bar.setValue(150)
    typed = Override(EntitlementKey(*SHORT.split("|")), "A test", demand=100)
    desk.do("Override", lambda book: overrides.save(book, typed))
    settled(desk, qtbot)

    assert "Why the figures were typed" in texts(page)
    qtbot.waitUntil(lambda: bar.value() == 150)


def test_another_day_is_judged_on_the_page(go: Go, desk: Desk, qtbot: QtBot) -> None:
    page = go("entitlement", "Microsoft 365 E3|subscription|user")
    desk.judge(date(2028, 6, 1))
    settled(desk, qtbot)

    assert "Expired" in texts(page)


def test_a_record_that_is_removed_leaves_a_sentence_and_comes_back_with_undo(go: Go, desk: Desk, qtbot: QtBot) -> None:
    desk.do("Add contract", lambda book: contracts.save(book, Contract("NEW", "New", date(2026, 1, 1))))
    page = go("contract", "NEW")
    assert "This contract has no items yet. Edit it to add some." in texts(page)

    desk.do("Remove contract", lambda book: contracts.remove(book, "NEW"))
    settled(desk, qtbot)
    assert page.stack.currentIndex() == 1
    assert "This contract is no longer in the book." in texts(page)

    desk.undo()
    settled(desk, qtbot)
    assert page.stack.currentIndex() == 0


@pytest.mark.parametrize("noun", RECORDS)
def test_a_record_that_never_was_is_told_to_be_gone(go: Go, noun: str) -> None:
    page = go(noun, "Nothing|perpetual|device")

    assert page.stack.currentIndex() == 1


def test_a_page_that_is_not_looked_at_reads_nothing_until_it_is(go: Go, desk: Desk, qtbot: QtBot) -> None:
    page = go("entitlement", WINDOWS)
    go("contract", "MS-EA-2022")
    desk.do("Rename", lambda book: entitlements.rename(book, EntitlementKey(*WINDOWS.split("|")), "Ours"))
    settled(desk, qtbot)
    assert "Ours" not in texts(page)

    go("entitlement", WINDOWS)
    assert "Ours" in texts(page)


# ------------------------------------------------------------------------------------------------------------- history
def test_a_change_is_restored_from_the_history(go: Go, desk: Desk, qtbot: QtBot) -> None:
    desk.do("Rename", lambda book: entitlements.rename(book, EntitlementKey(*WINDOWS.split("|")), "Ours"))
    page = go("entitlement", WINDOWS, "history")
    follow(page, "History", "Restore")
    settled(desk, qtbot)

    assert "Windows Server 2022 Standard - Perpetual - Core based" in texts(page)
    assert len(rows(page, "History")) == 2
    assert desk.undo_text.startswith("Restore name")


def test_what_cannot_be_restored_any_more_is_said_on_the_page(go: Go, desk: Desk, qtbot: QtBot) -> None:
    key = EntitlementKey(*SHORT.split("|"))
    desk.do("Override", lambda book: overrides.save(book, Override(key, "First", demand=1)))
    desk.do("Override", lambda book: overrides.save(book, Override(key, "Second", demand=2)))
    page = go("entitlement", SHORT, "history")
    listing = table(page, "History")
    desk.book.run("DELETE FROM overrides")
    restorable = next(row for row in listing.listed.cells if row[-1].run)
    restorable[-1].run()
    settled(desk, qtbot)

    assert page.wrong.text()


def test_a_record_that_nobody_changed_says_so(go: Go) -> None:
    assert "Nothing has been changed by hand" in texts(go("contract", "MS-EA-2022", "history"))
