"""The wizard for requests, as people walk through it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLabel, QMessageBox

from gui.desk import Place
from gui.main_window import MainWindow
from gui.wizards.request_titles import ENTITLEMENTS, PRICE, STEP, TITLE
from store.audit import content_hash
from store.portal import authorizations, requests
from tests import portal
from tests.estates import item, of
from tests.gui.conftest import shown
from tests.gui.walking import opened, to_a_failure, to_the_end, to_the_summary
from tests.portal import ANN, BEN, LAPTOP, OLD, PLOTTER, READER, SA, SUITE, SUPPORT, TODAY, TRAINING, VISIO

HERE = Place("add-request")


@pytest.fixture
def offered(window: MainWindow) -> MainWindow:
    """The window with titles, and with what Ann has."""
    window.desk.do("Offer", portal.offer)
    window.desk.do("Hold", portal.hold)
    return window


def begun(window, holder, *titles):
    """The wizard with a holder and titles ticked, on the page of the entitlements."""
    wizard = opened(window, HERE)
    wizard.holder.holder.control.setText(holder)
    wizard.next()
    for title in titles:
        tick(wizard, title)
    wizard.next()
    return wizard


def rows(wizard):
    """The titles as the table shows them."""
    model = wizard.titles.model
    return {
        model.index(row, TITLE).data(): tuple(model.index(row, column).data() for column in (ENTITLEMENTS, PRICE, STEP))
        for row in range(model.rowCount())
    }


def tick(wizard, title):
    """Press Space on the row of a title."""
    table = wizard.titles.table
    table.setCurrentIndex(wizard.titles.model.index(list(rows(wizard)).index(title), TITLE))
    QTest.keyClick(table, Qt.Key.Key_Space)


def wish(wizard, name):
    return next(one for card in wizard.entitlements.cards for one in card.wishes if one.offer.definition == name)


def texts(widget):
    return [one.text() for one in widget.findChildren(QLabel) if one.text() and one.isVisibleTo(widget)]


def test_who_is_asked_for_is_named_and_what_he_has_is_shown(offered, qtbot):
    wizard = opened(offered, HERE)
    wizard.next()
    assert wizard.holder.holder.said() == "Name the device, person or group that it is for."
    wizard.holder.holder.control.setText(ANN)
    qtbot.waitUntil(lambda: wizard.holder.held.layout().count() == 1)
    assert "Requested by ann on 2026-11-21. What needs approval, somebody else has to approve." in texts(wizard.holder)
    listing = wizard.holder.held.findChildren(QLabel)
    assert f"What {ANN} has" in [one.text() for one in listing]


def test_titles_say_what_they_cost_and_whether_somebody_has_to_approve(offered):
    wizard = opened(offered, HERE)
    wizard.holder.holder.control.setText(ANN)
    wizard.next()
    shown = rows(wizard)
    assert shown[SUITE] == ("1 included, 2 to choose", "0.00 EUR  (AUTH)", "Ann has it: nothing to approve")
    assert shown[VISIO] == ("", "180.00 EUR", "Needs approval")
    assert shown[PLOTTER][2] == "Cannot be requested: it may not be ordered"
    wizard.titles.search.setText("vis plan")
    assert list(rows(wizard)) == [VISIO]
    wizard.titles.search.setText("nothing like it")
    assert wizard.titles.stack.currentIndex() == 1


def test_nothing_goes_on_without_a_title(offered):
    wizard = opened(offered, HERE)
    wizard.holder.holder.control.setText(BEN)
    wizard.next()
    tick(wizard, PLOTTER)
    wizard.next()
    assert wizard.titles.said.text() == "Tick at least one title."
    tick(wizard, SUITE)
    assert (wizard.titles.said.text(), wizard.titles.count.text()) == ("", "1 title chosen")


def test_a_click_ticks_a_title_and_another_one_takes_it_out(offered):
    wizard = opened(offered, HERE)
    wizard.holder.holder.control.setText(BEN)
    wizard.next()
    table, index = wizard.titles.table, wizard.titles.model.index(0, PRICE)
    for chosen in ([next(iter(rows(wizard)))], []):
        QTest.mouseClick(
            table.viewport(),
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
            table.visualRect(index).center(),
        )
        assert wizard.state.titles == [one for one in chosen if one != PLOTTER]


def test_a_book_without_titles_says_where_to_begin(desk_with, qtbot):
    window = shown(MainWindow(desk_with(of(item("1", "Server", 5)))), qtbot)
    wizard = opened(window, Place("add-request", BEN))
    wizard.next()
    wizard.next()
    assert wizard.titles.said.text() == "The book has no titles yet. Add one on the page Titles first."


def test_included_entitlements_are_grey_forced_ones_locked_and_hidden_ones_explained(offered):
    wizard = begun(offered, BEN, SUITE)
    (card,) = wizard.entitlements.cards
    grey = next(one for one in card.findChildren(QCheckBox) if "included" in one.text())
    assert grey.isChecked()
    assert not grey.isEnabled()
    assert [(one.offer.definition, one.box.isChecked(), one.box.isEnabled()) for one in card.wishes] == [
        (SUPPORT, True, False),
        (SA, False, True),
        (TRAINING, False, True),
    ]
    assert OLD not in texts(card)
    card.more.click()
    assert "It is not offered any more. The last day was 2025-12-31." in texts(card)
    card.more.click()
    assert OLD not in texts(card)


def test_a_closed_window_is_told_with_its_day_and_limit(offered):
    card = begun(offered, ANN, SUITE).entitlements.cards[0]
    card.more.click()
    assert (
        "Its request window has closed. The last day was 2024-04-09. The window is 90 days from authorization A-1 on."
        in texts(card)
    )


def test_what_is_not_available_yet_says_from_when_on(offered):
    card = begun(offered, BEN, VISIO).entitlements.cards[0]
    card.more.click()
    assert "It is not available yet. It may be requested from 2027-01-01 on." in texts(card)


def test_days_that_are_none_are_said_where_they_are_typed(offered):
    wizard = begun(offered, BEN, SUITE)
    part = wish(wizard, SA)
    part.box.setChecked(True)
    part.start.control.setText("someday")
    part.end.control.setText("never ever")
    wizard.next()
    assert part.start.said() == "Type a day, such as 2026-01-31."
    assert part.end.said() == "Type a day, or nothing for no end."
    part.start.control.setText("2026-12-01")
    part.end.control.setText("2026-11-30")
    wizard.next()
    assert part.end.said() == "The end lies before the start."


def test_a_renewal_is_proposed_for_what_is_held(offered):
    wizard = begun(offered, ANN, SUITE)
    part = wish(wizard, SA)
    assert (part.quantity.control.value(), part.start.control.text(), part.end.control.text()) == (
        5,
        "2024-01-01",
        "2027-12-31",
    )
    assert "Ann has 5, 2024-01-01 to 2026-12-31." in texts(part)
    ended = wish(wizard, SUPPORT)
    assert (ended.start.control.text(), ended.end.control.text()) == ("2026-11-21", "2027-11-20")


def test_the_effect_is_shown_before_anything_is_stored(offered, desk):
    before = content_hash(desk.book)
    wizard = begun(offered, ANN, SUITE)
    wish(wizard, SA).box.setChecked(True)
    wizard.next()
    shown = texts(wizard.preview)
    for expected in (
        "Ann has it already: nothing to approve, and nothing is charged.",
        "It takes the place of what Ann had. The end is later.",
        "5, 2024-01-01 to 2026-12-31",
        "5, 2024-01-01 to 2027-12-31",
        "150.00 EUR",
        "In total: 150.00 EUR",
        "Needs approval",
        "Granted at once",
    ):
        assert expected in shown
    assert content_hash(desk.book) == before


def test_what_takes_something_away_has_to_be_confirmed(offered):
    wizard = begun(offered, ANN, SUITE)
    part = wish(wizard, SA)
    part.box.setChecked(True)
    part.quantity.control.setValue(3)
    part.start.control.setText("2026-12-24")
    part.end.control.setText("2026-12-30")
    wizard.next()
    shown = texts(wizard.preview)
    assert "It ends earlier: 2026-12-30 instead of 2026-12-31." in shown
    assert "It is fewer: 3 instead of 5." in shown
    assert "Nothing is in force from 2026-11-21 to 2026-12-23." in shown
    wizard.next()
    assert wizard.preview.said.text() == "Read the warnings, and tick that you ask for it all the same."
    wizard.preview.confirm.setChecked(True)
    to_the_summary(wizard)


def test_a_request_that_would_leave_something_ended_is_not_submitted(offered):
    wizard = begun(offered, ANN, SUITE)
    part = wish(wizard, SUPPORT)
    part.box.setChecked(True)
    part.end.control.setText("2025-01-09")
    part.start.control.setText("2024-01-10")
    wizard.next()
    assert "It ended on 2025-01-09 and stays ended: ask for a later end." in texts(wizard.preview)
    wizard.next()
    assert wizard.preview.said.text() == f"{SUPPORT} would stay ended. Choose a later end, or leave it out."


def test_the_same_again_changes_nothing_and_costs_nothing(offered):
    wizard = begun(offered, ANN, SUITE)
    part = wish(wizard, SA)
    part.box.setChecked(True)
    part.end.control.setText("2026-12-31")
    wizard.next()
    assert "It stays as it is, and is not charged: neither is the end later, nor the quantity another." in texts(
        wizard.preview
    )


def test_the_summary_parts_what_is_granted_from_what_needs_approval(offered, desk, qtbot):
    before = content_hash(desk.book)
    wizard = begun(offered, BEN, SUITE, READER)
    to_the_summary(wizard)
    assert wizard.summary.number.control.text() == "R-2026-001"
    assert wizard.summary.summary.shown()["Total"] == "112.50 EUR"
    assert {"Granted at once: No charge", "Needs approval: 112.50 EUR"} <= set(texts(wizard.summary))
    finished = to_the_end(wizard, qtbot)
    assert finished.heading.text() == "Request R-2026-001 was submitted"
    assert finished.details.text().splitlines()[:2] == [
        "1 line was granted at once: No charge.",
        "2 lines wait for somebody else to approve.",
    ]
    assert finished.place == Place("request", "R-2026-001")
    assert [line.definition for line in requests.read(desk.book, "R-2026-001").lines] == ["", "", SUPPORT]
    desk.undo()
    assert content_hash(desk.book) == before


def test_a_number_that_is_taken_or_missing_is_said(offered, desk):
    desk.do("Request", lambda book: portal.ask(book, "R-7", LAPTOP, portal.suite()))
    wizard = begun(offered, BEN, READER)
    to_the_summary(wizard)
    for typed, said in (
        ("R-7", "There is a request of that number already."),
        ("", "Give the request a number."),
    ):
        wizard.summary.number.control.setText(typed)
        wizard.next()
        assert wizard.summary.number.said() == said


def test_a_failure_keeps_what_was_typed_and_leaving_asks(offered, desk, qtbot):
    wizard = begun(offered, BEN, SUITE)
    wish(wizard, SA).box.setChecked(True)
    to_the_summary(wizard)
    desk.do("Meanwhile", lambda book: portal.ask(book, "R-2026-001", LAPTOP, portal.suite()))
    before = content_hash(desk.book)
    assert "is in the book already" in to_a_failure_from_the_summary(wizard, qtbot)
    assert content_hash(desk.book) == before
    wizard.progress.back.click()
    while wizard.currentPage() is not wizard.entitlements:
        wizard.back()
    assert wish(wizard, SA).box.isChecked()
    wizard.reject()
    assert wizard.asking is not None


def to_a_failure_from_the_summary(wizard, qtbot):
    """Somebody else has taken the number after the page had looked."""
    wizard.summary.problems = lambda: ()
    return to_a_failure(wizard, qtbot)


def test_typed_days_survive_going_back_and_another_title(offered):
    wizard = begun(offered, BEN, SUITE)
    part = wish(wizard, SA)
    part.box.setChecked(True)
    part.quantity.control.setValue(7)
    wizard.back()
    tick(wizard, VISIO)
    wizard.next()
    assert wish(wizard, SA).quantity.control.value() == 7
    assert len(wizard.entitlements.cards) == 2


def test_a_place_names_holder_and_title(offered, desk):
    wizard = opened(offered, Place("add-request", ANN, SUITE))
    wizard.next()
    wizard.next()
    assert wizard.state.titles == [SUITE]
    wizard.reject()
    assert authorizations.held(desk.book, "A-1", SA, TODAY).span.quantity == 5


def test_a_book_for_reading_only_takes_no_requests(offered, desk):
    desk.open(desk.book.path, read_only=True)
    desk.go(HERE)
    (box,) = offered.findChildren(QMessageBox)
    assert box.text() == "The book is open for reading only"
    box.done(0)
