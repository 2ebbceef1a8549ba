"""The overviews of the request portal on the sample estate: their rows, chips and actions."""

import pytest
from PySide6.QtWidgets import QMessageBox

from gui.desk import Place
from gui.dialogs.form import Form
from store.overviews import Ask
from store.portal import definitions, titles
from tests import portal
from tests.estates import item, of
from tests.gui.conftest import settled as idle
from tests.gui.pages.conftest import answer, button, chips, choose, settled, shown
from tests.portal import SUITE

NAMES = ("titles", "definitions", "authorizations", "deployed", "requests", "approvals", "charges")


@pytest.fixture
def filled(desk):
    """The sample estate with further titles and requests, some of which are one's own."""
    desk.do("Offer", portal.fill)
    return desk


def row_of(page, field, text):
    return shown(page, field).index(text)


def records(page, field, value):
    """What the row with a value shows, by field."""
    row = row_of(page, field, value)
    return {each.name: page.model.index(row, place).data() for place, each in enumerate(page.model.columns)}


def test_titles_show_what_is_authorized_beside_the_balance_of_their_product(open_page, filled):
    page = open_page(filled, "titles")
    found = records(page, "title", "Office 2021")
    assert (found["authorized"], found["price"], found["requires_approval"]) == ("1", "429.00 EUR", "Yes")
    assert found["owned"]
    assert found["balance"]
    assert records(page, "title", SUITE)["included"] == "1"


def test_definitions_say_their_kind_state_and_effective_end(open_page, filled):
    page = open_page(filled, "definitions")
    found = records(page, "definition", "Upgrade Advantage")
    assert (found["kind"], found["state"], found["effective_end"]) == ("Optional", "Expired", "2025-12-31")
    assert records(page, "definition", "Base license")["kind"] == "Included"


def test_authorizations_say_how_they_came_about(open_page, filled, qtbot):
    page = open_page(filled, "authorizations")
    assert records(page, "authorization", "A-1")["how"] == "By hand"
    assert "By request" in shown(page, "how")


def test_requests_say_in_words_what_became_of_each_line(open_page, filled):
    page = open_page(filled, "requests")
    reasons, warnings = set(shown(page, "reasons")), set(shown(page, "warnings"))
    assert "The quantity is another" in reasons
    assert {"Shortens", ""} <= warnings
    assert {"Title", "Entitlement"} == set(shown(page, "kind"))
    assert {"Pending", "Authorized", "Replaced", "Denied"} <= set(shown(page, "outcome"))


def test_the_inbox_shows_what_each_line_would_lead_to_today(open_page, filled, qtbot):
    page = open_page(filled, "approvals")
    found = next(
        row
        for row in range(page.model.rowCount())
        if shown(page, "request")[row] == "R-2026-002" and shown(page, "kind")[row] == "Entitlement"
    )
    assert (shown(page, "effect")[found], shown(page, "warnings")[found], shown(page, "amount")[found]) == (
        "Replaced",
        "Shortens",
        "240.00 EUR",
    )


def test_charges_show_the_ledger_and_give_back_by_another_entry(open_page, filled, qtbot):
    page = open_page(filled, "charges")
    choose(page, row_of(page, "request", "R-2026-003"))
    button(page, "give-back").click()
    form: Form = page.question
    assert form.fields["Amount in EUR"].text() == "120.00"
    form.save_button.click()
    assert form.said.text().startswith("reason:")
    form.fields["Reason"].setText("Ordered twice")
    form.fields["Amount in EUR"].setText("")
    form.save_button.click()
    assert form.said.text() == "Type how much is given back."
    form.fields["Amount in EUR"].setText("500")
    form.save_button.click()
    assert "at most 120.00" in form.said.text()
    form.fields["Amount in EUR"].setText("20")
    form.save_button.click()
    settled(page, qtbot)
    assert [kind for kind in shown(page, "kind") if kind == "Credit"] == ["Credit"]
    assert "Ordered twice" in shown(page, "reason")


def test_chips_count_the_lines_of_each_outcome(open_page, filled, qtbot):
    page = open_page(filled, "requests")
    idle(filled, qtbot)
    qtbot.waitUntil(lambda: "  " in chips(page)["pending"])
    assert chips(page)["all"].startswith("All  ")


@pytest.mark.parametrize(
    ("name", "field", "value", "place"),
    [
        ("titles", "title", SUITE, Place("title", SUITE)),
        ("definitions", "definition", "Training", Place("definition", "Training")),
        ("authorizations", "authorization", "A-1", Place("authorization", "A-1")),
        ("deployed", "authorization", "A-3", Place("authorization", "A-3")),
        ("requests", "request", "R-2026-004", Place("request", "R-2026-004")),
        ("approvals", "request", "R-2026-002", Place("decide-request", "R-2026-002", "2")),
        ("charges", "request", "R-2026-003", Place("request", "R-2026-003")),
    ],
)
def test_a_row_opens_what_it_is_about(open_page, filled, places, name, field, value, place):
    page = open_page(filled, name)
    page._activate(row_of(page, field, value))
    assert places[-1] == place


@pytest.mark.parametrize(
    ("name", "field", "value", "code", "place"),
    [
        ("titles", "title", SUITE, "edit", Place("edit-title", SUITE)),
        ("titles", "title", SUITE, "add-definition", Place("add-definition", SUITE)),
        ("definitions", "definition", "Training", "edit", Place("edit-definition", "Training")),
        ("authorizations", "authorization", "A-1", "request-for-holder", Place("add-request", "Ann", SUITE)),
        ("deployed", "authorization", "A-3", "request-renewal", Place("add-request", "LAPTOP-17", SUITE)),
        ("requests", "request", "R-2026-002", "decide", Place("decide-request", "R-2026-002", "1")),
        ("titles", "title", SUITE, "show-authorizations", Place("authorizations", ask=Ask(where=(("title", SUITE),)))),
    ],
)
def test_what_can_be_done_with_a_row(open_page, filled, places, name, field, value, code, place):
    page = open_page(filled, name)
    choose(page, row_of(page, field, value))
    page.actions_by_code[code].trigger()
    assert places[-1].page == place.page
    assert (places[-1].key, places[-1].ask) == (place.key, place.ask)


def test_what_is_used_is_not_removed_and_says_by_what(open_page, filled):
    page = open_page(filled, "titles")
    choose(page, row_of(page, "title", SUITE))
    button(page, "remove").click()
    assert page.question.text() == f"Remove title {SUITE}?"
    answer(page, "Remove")
    assert page.question.text() == "Nothing was removed."
    assert "it is used by" in page.question.informativeText()
    assert titles.exists(filled.book, SUITE)


def test_what_nothing_uses_is_removed_and_comes_back(open_page, filled, qtbot):
    page = open_page(filled, "definitions")
    choose(page, row_of(page, "definition", "Training"))
    button(page, "remove").click()
    answer(page, "Remove")
    assert not definitions.exists(filled.book, "Training")
    filled.undo()
    assert definitions.exists(filled.book, "Training")


def test_only_ones_own_lines_are_withdrawn(open_page, filled, qtbot):
    page = open_page(filled, "approvals")
    choose(page, row_of(page, "request", "R-2026-002"))
    button(page, "withdraw").click()
    answer(page, "Withdraw")
    assert "only who has made a request can withdraw it" in page.question.informativeText()
    page = open_page(filled, "approvals")
    choose(page, row_of(page, "request", "R-2026-001"))
    button(page, "withdraw").click()
    answer(page, "Withdraw")
    settled(page, qtbot)
    assert "R-2026-001" not in shown(page, "request")


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_book_says_what_to_do(open_page, desk_with, name):
    page = open_page(desk_with(of(item("1", "Server", 5))), name)
    assert page.model.rowCount() == 0
    assert not isinstance(page.question, QMessageBox)
    assert page.words.advice


def test_every_overview_can_be_exported(open_page, filled, tmp_path, qtbot):
    for name in NAMES:
        page = open_page(filled, name)
        page.export_to(tmp_path / f"{name}.csv")
        idle(filled, qtbot)
        assert (tmp_path / f"{name}.csv").read_text(encoding="utf-8").count("\n") > 1, name
