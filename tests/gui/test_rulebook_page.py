"""The rulebook page: every rule in words, how often it fired, and on what."""

import pytest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from gui import main_window
from gui.desk import Desk, Place
from gui.main_window import MainWindow
from gui.pages.rulebook import RulebookPage
from rules import library
from tests.gui.conftest import settled


@pytest.fixture
def page(window: MainWindow, desk: Desk, qtbot: QtBot) -> RulebookPage:
    desk.go(Place("rulebook"))
    settled(desk, qtbot)
    return window.stack.currentWidget()


def words(page: RulebookPage) -> list[str]:
    labels = [label.text() for label in page.findChildren(QLabel) if label.isVisible() and label.text()]
    return labels + [one.accessibleName() or one.text() for one in page.findChildren(QPushButton) if one.isVisible()]


def rules(page: RulebookPage) -> list[str]:
    return [name for i in range(page.list.count()) if (name := page.list.item(i).data(256))]


def test_every_rule_stands_there_in_words_under_its_subject(page: RulebookPage) -> None:
    every = [rule for document in library.documents().values() for rule in document.rules]
    assert rules(page) == [rule.name for rule in every]
    assert {document.about for document in library.documents().values()} <= {
        label.text() for label in page.list.findChildren(QLabel)
    }


def test_how_often_each_fired_stands_beside_it(page: RulebookPage, desk: Desk) -> None:
    count = desk.book.value("SELECT count(*) FROM events WHERE kind = 'purchased'")
    assert page.numbers["lifecycle.purchased"].text() == str(count)
    assert page.numbers["allocation.over-allocated"].text() == "0"


def test_searching_leaves_the_rules_that_hold_every_word(page: RulebookPage) -> None:
    page.search.setText("downgrade right")
    assert rules(page)
    assert all(name.startswith("transfers.") for name in rules(page))
    page.search.setText("no rule speaks of bananas")
    assert rules(page) == []
    assert page.nothing.isVisible()


def test_a_rule_opens_to_its_source_its_conditions_and_what_it_fired_on(
    page: RulebookPage, desk: Desk, qtbot: QtBot
) -> None:
    desk.go(Place("rulebook", "compliance.under-licensed"))
    settled(desk, qtbot)
    rule = library.rule("compliance.under-licensed")
    count = desk.book.value("SELECT count(*) FROM positions WHERE rule = 'compliance.under-licensed'")
    told = {rule.says, rule.source, "unlimited = 0", "balance < 0", f"Fired {count} times as of 2026-11-21"}
    qtbot.waitUntil(lambda: told <= set(words(page)))
    product = desk.book.value(
        "SELECT p.product FROM positions s JOIN products p ON p.id = s.product_id WHERE s.rule = ? ORDER BY 1 LIMIT 1",
        (rule.name,),
    )
    qtbot.waitUntil(lambda: product in words(page))


def test_a_firing_leads_to_its_record(
    page: RulebookPage, desk: Desk, window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(main_window.RECORDS, "contract", lambda _, key: QPushButton(key))
    desk.reaches.add("contract")
    desk.go(Place("rulebook", "lifecycle.contract-invoiced"))
    settled(desk, qtbot)
    qtbot.waitUntil(lambda: any(one.isVisible() for one in page.findChildren(QPushButton)))
    link = next(one for one in page.findChildren(QPushButton) if one.isVisible())
    link.click()
    assert window.place() == Place("contract", link.text())


def test_a_rule_that_leaves_no_trace_says_so(page: RulebookPage, desk: Desk, qtbot: QtBot) -> None:
    desk.go(Place("rulebook", "allocation.granted"))
    settled(desk, qtbot)
    qtbot.waitUntil(lambda: any("leaves no trace" in text for text in words(page)))


def test_on_another_day_the_numbers_are_those_of_that_day(page: RulebookPage, desk: Desk, qtbot: QtBot) -> None:
    before = page.numbers["expiration.expired"].text()
    desk.judge(desk.as_of.replace(year=2035))
    settled(desk, qtbot)
    assert int(page.numbers["expiration.expired"].text()) > int(before)
    count = desk.book.value("SELECT count(*) FROM entitlements WHERE rule = 'expiration.expired' AND archived = 0")
    assert page.numbers["expiration.expired"].text() == str(count)


def test_the_rules_of_transfers_name_giver_taker_and_right(page: RulebookPage, desk: Desk, qtbot: QtBot) -> None:
    desk.go(Place("rulebook", "transfers.downgrade"))
    settled(desk, qtbot)
    told = words(page)
    assert {"giver: a row", "taker: a row", "right: a right"} <= set(told)
    assert {"giver’s balance > 0", "taker’s balance < 0", "right’s line, the greatest first"} <= set(told)
    assert not [text for text in told if "==" in text or "g.balance" in text]
