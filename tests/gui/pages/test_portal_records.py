"""The records of titles, definitions, authorizations and requests: what they show, and what can be done on them."""

import pytest
from PySide6.QtWidgets import QComboBox, QMessageBox

from gui.desk import Place
from gui.dialogs.approval import ApprovalDialog
from gui.dialogs.form import Form
from gui.pages.record_parts.page import RecordPage
from gui.widgets.timeline import TimelineView
from store import undo
from store.audit import content_hash
from store.portal import authorizations, definitions, requests, titles
from tests import portal
from tests.gui.conftest import settled
from tests.gui.pages.records import pressed, reasons, rows, texts
from tests.portal import ANN, BEN, SA, SUITE, SUPPORT, TODAY, TRAINING, VISIO


@pytest.fixture
def go(window, qtbot):
    """Go to a record of the filled portal and wait for it."""
    window.desk.do("Offer", portal.fill)

    def go(page, key, tab="details"):
        window.desk.go(Place(page, key, tab))
        settled(window.desk, qtbot)
        found = window.stack.currentWidget()
        assert isinstance(found, RecordPage)
        return found

    return go


def form(window):
    return [one for one in window.findChildren(Form) if one.isVisible()][-1]


def question(window):
    return [one for one in window.findChildren(QMessageBox) if one.isVisible()][-1]


def answer(window, text):
    next(one for one in question(window).buttons() if one.text() == text).click()


# -------------------------------------------------------------------------------------------------------------- titles
def test_a_title_shows_its_price_its_entitlements_and_who_has_it(go):
    page = go("title", SUITE)
    told = texts(page)
    assert {"100.00 EUR", "May be requested", "Needs approval", "Holders", "Contoso Suite 2024"} <= set(told)
    assert rows(page, "Entitlement definitions")[0][:3] == ["Base license", "Included", "—"]
    assert {row[0]: row[4] for row in rows(page, "Entitlement definitions")}["Upgrade Advantage"] == "Expired"
    assert [row[0] for row in rows(page, "Holders")] == [ANN, "LAPTOP-17"]


def test_a_title_tied_to_a_product_shows_what_is_authorized_beside_its_position(go, desk):
    page = go("title", "Office 2021")
    assert rows(page, "Positions of Office LTSC Professional Plus 2021")
    assert any(one.startswith("1 unit is authorized.") for one in texts(page))


def test_a_title_is_added_and_edited(go, window, desk):
    before = content_hash(desk.book)
    desk.go(Place("add-title"))
    made = form(window)
    made.fields["Name"].setText(SUITE)
    made.save_button.click()
    assert "There is a title “Suite 2024” already" in made.said.text()
    made.fields["Name"].setText("Mind map")
    made.fields["Price in EUR"].setText("twelve")
    made.save_button.click()
    assert made.said.text() == "“twelve” is no amount. Type one such as 120.50, or nothing for free."
    made.fields["Price in EUR"].setText("1,012.50")
    made.fields["Needs approval"].setChecked(False)
    made.save_button.click()
    assert f"{titles.read(desk.book, 'Mind map').price}" == "1012.50"
    desk.go(Place("edit-title", "Mind map"))
    form(window).fields["Name"].setText("Mind maps")
    form(window).save_button.click()
    assert not titles.read(desk.book, "Mind maps").requires_approval
    assert (desk.undo_text, desk.undo(), desk.undo()) == ("Edit title Mind maps", None, None)
    assert content_hash(desk.book) == before


def test_a_title_that_is_gone_cannot_be_edited(go, window, desk):
    desk.go(Place("edit-title", "Nowhere"))
    assert question(window).text() == "This title cannot be edited"


# --------------------------------------------------------------------------------------------------------- definitions
def test_a_definition_shows_its_rules_its_days_and_who_holds_it(go):
    page = go("definition", SA)
    assert {"30.00 EUR", "Orderable", "Optional", "Free forever, when they came out while it was in force"} <= set(
        texts(page)
    )
    held = {row[0]: row[2:6] for row in rows(page, "Who holds it")}
    assert held["LAPTOP-17"] == ["4", "2026-10-01", "2027-09-30", "Active"]
    page = go("definition", SA, "why")
    assert reasons(page) == ["Orderable"]


def test_an_included_definition_says_that_it_comes_along(go):
    page = go("definition", "Base license")
    assert "It comes with every authorization of its title, without a record of its own." in texts(page)


def test_a_definition_is_added_to_its_title_and_edited(go, window, desk):
    go("title", VISIO)
    desk.go(Place("add-definition", VISIO))
    made = form(window)
    assert made.fields["Title"].currentText() == VISIO
    made.fields["Name"].setText(SA)
    made.save_button.click()
    assert "There is an entitlement “Software Assurance” already" in made.said.text()
    made.fields["Name"].setText("Stencils")
    made.fields["Contract"].setText("no such contract")
    made.save_button.click()
    assert "There is no contract “no such contract”" in made.said.text()
    made.fields["Contract"].setText("")
    made.fields["Unit price in EUR"].setText("4.20")
    made.fields["Request window"].setValue(30)
    made.save_button.click()
    assert definitions.read(desk.book, "Stencils").max_request_days == 30
    desk.go(Place("edit-definition", "Stencils"))
    made = form(window)
    assert made.fields["Name"].isReadOnly()
    made.fields["Request window"].setValue(-1)
    made.fields["Forced: goes with its title"].setChecked(True)
    made.save_button.click()
    found = definitions.read(desk.book, "Stencils")
    assert (found.max_request_days, found.forced, f"{found.unit_price}") == (None, True, "4.20")


def test_what_comes_along_has_no_price_and_no_window(go, window, desk):
    desk.go(Place("add-definition", VISIO))
    made = form(window)
    kind = made.fields["Kind"]
    kind.setCurrentIndex(kind.findData("included"))
    assert not made.fields["Unit price in EUR"].isEnabled()
    kind.setCurrentIndex(kind.findData("optional"))
    assert made.fields["Unit price in EUR"].isEnabled()


# ------------------------------------------------------------------------------------------------------ authorizations
def test_an_authorization_shows_its_entitlements_and_what_led_to_them(go):
    page = go("authorization", "A-3")
    assert "LAPTOP-17 · Suite 2024" in texts(page)
    assert rows(page, "Entitlements") == [[SA, "4", "2026-10-01", "2027-09-30", "Active", "2", "R-2026-003"]]
    assert [row[2] for row in rows(page, "Requests")] == [SUITE, SA]


def test_its_timeline_keeps_every_period(go, qtbot):
    page = go("authorization", "A-3", "timeline")
    view = page.findChild(TimelineView)
    told = []
    view.chosen.connect(told.append)
    for item in view._stops:
        view.choose(item)
    assert "Replaced: 2 of Software Assurance, 2026-09-01 to 2026-10-01" in told
    assert "Deployed: 4 of Software Assurance, 2026-10-01 to 2027-09-30 (R-2026-003, line 2)" in told
    assert ["2026-10-01", "2027-09-30", "Deployed", "4", SA, "R-2026-003", "2"] in rows(page, "License timeline")
    with qtbot.waitSignal(page.desk.asked):
        view.opened.emit(next(one for one in view._stops if getattr(one, "request", "")))


def test_every_state_says_why(go):
    page = go("authorization", "A-1", "why")
    assert reasons(page) == ["Active", "Expired   Premium support", "Active   Software Assurance"]


def test_an_authorization_is_ended_and_brought_back(go, window, desk, qtbot):
    page = go("authorization", "A-1")
    pressed(page, "End…").click()
    form(window).save_button.click()
    settled(desk, qtbot)
    assert any(one.startswith("It was ended on 2026-11-21.") for one in texts(page))
    assert rows(page, "Entitlements")[1][4] == "Ended"
    pressed(page, "Take the end back").click()
    settled(desk, qtbot)
    assert rows(page, "Entitlements")[1][4] == "Active"


def test_an_end_before_the_beginning_is_refused_in_its_window(go, window):
    page = go("authorization", "A-1")
    pressed(page, "End…").click()
    form(window).fields["Ended on"].setDate(portal_day("2020-01-01"))
    form(window).save_button.click()
    assert "lies before the authorization" in form(window).said.text()


def portal_day(text):
    from PySide6.QtCore import QDate

    return QDate.fromString(text, "yyyy-MM-dd")


def test_an_entitlement_is_entered_by_hand(go, window, desk, qtbot):
    page = go("authorization", "A-3")
    pressed(page, "Enter entitlement…").click()
    made = form(window)
    box: QComboBox = made.fields["Entitlement"]
    box.setCurrentIndex(box.findData(SA))
    made.save_button.click()
    assert "was requested since. Request the change, too." in made.said.text()
    box.setCurrentIndex(box.findData(TRAINING))
    made.fields["Quantity"].setValue(3)
    made.save_button.click()
    settled(desk, qtbot)
    assert rows(page, "Entitlements")[1][:2] == [TRAINING, "3"]
    assert authorizations.held(desk.book, "A-3", TRAINING, TODAY).span.quantity == 3


def test_a_request_can_begin_at_an_authorization(go, window, qtbot):
    page = go("authorization", "A-1")
    with qtbot.waitSignal(page.desk.asked) as asked:
        pressed(page, "Request…").click()
    assert asked.args == [Place("add-request", ANN, SUITE)]


def test_an_authorization_is_added_by_hand(go, window, desk):
    desk.go(Place("add-authorization", VISIO))
    made = form(window)
    assert made.fields["Name"].text() == "A-4"
    made.save_button.click()
    assert made.said.text().startswith("holder:")
    made.fields["Holder"].setText("Meeting room")
    made.fields["Name"].setText("A-1")
    made.save_button.click()
    assert "There is an authorization “A-1” already" in made.said.text()
    made.fields["Name"].setText("A-4")
    made.save_button.click()
    assert authorizations.read(desk.book, "A-4").holder == "Meeting room"


def test_a_newer_version_is_taken_for_free(go, window, desk, qtbot):
    page = go("authorization", "AU-1001")
    assert "Newer versions for free" in texts(page)
    pressed(page, "Take newer version…").click()
    title = question(window).text().split("“")[1].split("”")[0]
    answer(window, "Take")
    settled(desk, qtbot)
    assert authorizations.read(desk.book, "AU-1001").title == title


# ------------------------------------------------------------------------------------------------------------ requests
def test_a_request_shows_what_became_of_its_lines_and_who_decided(go):
    told = texts(go("request", "R-2026-003"))
    for expected in (
        "It takes the place of what LAPTOP-17 had. The quantity is another.",
        "2, from 2026-09-01, no end",
        "4, 2026-10-01 to 2027-09-30",
        "Approved by mona on 2026-10-02.",
        "120.00 EUR",
        "It ends earlier: 2027-09-30 instead of never.",
    ):
        assert expected in told


def test_a_denied_request_says_why(go):
    told = texts(go("request", "R-2026-004"))
    assert "Denied by mona on 2026-10-07: The free viewer is enough" in told
    assert "Denied" in told


def test_the_rules_behind_a_line_are_told(go):
    page = go("request", "R-2026-003", "why")
    assert "Replaced   line 2, Software Assurance" in reasons(page)


def test_the_history_of_a_request_tells_its_lines_and_decisions(go):
    page = go("request", "R-2026-004", "history")
    assert "decision" in " ".join(row[2].lower() for row in rows(page, "History"))


def test_nobody_approves_his_own_request(go, window, desk, qtbot):
    page = go("request", "R-2026-001")
    assert "You have made this request yourself. Somebody else has to approve it; you can withdraw it." in texts(page)
    desk.go(Place("decide-request", "R-2026-001"))
    dialog = window.findChildren(ApprovalDialog)[-1]
    assert not dialog.approve_button.isEnabled()
    assert "nobody approves his own request" in dialog.approve_button.toolTip()
    assert any("nobody approves his own request" in one for one in texts(dialog))
    assert not dialog.deny_button.isVisible()
    dialog.withdraw_button.click()
    settled(desk, qtbot)
    assert texts(page).count("Canceled") == 3


def test_ones_own_request_is_withdrawn_after_a_question(go, window, desk, qtbot):
    page = go("request", "R-2026-001")
    pressed(page, "Withdraw…").click()
    answer(window, "Withdraw")
    settled(desk, qtbot)
    assert texts(page).count("Canceled") == 3
    assert desk.undo_text == "Withdraw request R-2026-001"


def dialog_of(window, request, line=""):
    window.desk.go(Place("decide-request", request, line))
    return window.findChildren(ApprovalDialog)[-1]


def test_the_approver_sees_the_effect_and_approves(go, window, desk, qtbot):
    go("request", "R-2026-002")
    dialog = dialog_of(window, "R-2026-002")
    told = texts(dialog)
    assert {"It ends earlier: 2026-12-15 instead of 2026-12-31.", "240.00 EUR", "1 line: 240.00 EUR"} <= set(told)
    dialog.approve_button.click()
    assert authorizations.held(desk.book, "A-1", SA, TODAY).span.quantity == 8
    assert undo.next_back(desk.book).what == "Approve 1 line of request R-2026-002"
    desk.undo()
    assert requests.effects_of(desk.book, "R-2026-002")[1].step == "pending"
    assert authorizations.held(desk.book, "A-1", SA, TODAY).span.quantity == 5


def test_a_denial_needs_a_reason(go, window, desk):
    dialog = dialog_of(window, "R-2026-002")
    dialog.deny_button.click()
    assert dialog.reason.said() == "Say why: the requester reads it."
    dialog.reason.control.setPlainText("Too expensive")
    dialog.deny_button.click()
    assert requests.effects_of(desk.book, "R-2026-002")[1].outcome == "denied"


def test_an_entitlement_is_decided_with_its_title(go, window, desk):
    desk.do(
        "Ask", lambda book: portal.ask(book, "R-9", BEN, portal.suite(), portal.entitlement("2", SUPPORT), by="ben")
    )
    dialog = dialog_of(window, "R-9", "2")
    assert dialog.chosen() == ["1", "2"]
    dialog.boxes["1"].setChecked(False)
    assert dialog.chosen() == []
    assert not dialog.approve_button.isEnabled()
    dialog.boxes["2"].setChecked(True)
    assert dialog.chosen() == ["1", "2"]
    assert dialog.total.text() == "2 lines: 112.50 EUR"


def test_what_somebody_else_has_decided_meanwhile_is_said(go, window, desk):
    dialog = dialog_of(window, "R-2026-002")
    desk.do(
        "Meanwhile", lambda book: portal.decisions.deny(book, [("R-2026-002", "2")], on=TODAY, by="mona", reason="no")
    )
    dialog.approve_button.click()
    assert "this is not pending" in dialog.said.text()


def test_nothing_to_decide_is_said(go, window, desk):
    desk.go(Place("decide-request", "R-2026-003"))
    assert question(window).text() == "Nothing of request R-2026-003 waits for a decision."
    desk.go(Place("decide-request", "R-?"))
    assert question(window).text() == "There is no request R-? any more."


def test_a_record_that_is_gone_says_so(go, desk):
    for noun in ("title", "definition", "authorization", "request"):
        page = go(noun, "Nowhere")
        assert page.stack.currentIndex() == 1
        assert any("is no longer in the book" in one for one in texts(page))
