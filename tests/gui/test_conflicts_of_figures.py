"""Figures, rights, events and allocations that were changed while their window stayed open: asked about, never lost."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest

from gui.desk import Place
from gui.dialogs import compliance, counting_rule, demand, entitlement, hardware, pricing, right
from gui.main_window import MainWindow
from rules.counting_methods import CORE, Parameters
from store import (
    allocations,
    calendar,
    counting_rules,
    entitlements,
    holdings,
    overrides,
    prices,
    rates,
    readers,
    rights,
)
from store import demand as counts
from store import hardware as machines
from store.allocations import Part
from store.records import (
    Count,
    CountingRule,
    EntitlementKey,
    ExchangeRate,
    Host,
    ListedPrice,
    ManualEvent,
    Override,
    Right,
    VirtualMachine,
)
from tests import estates
from tests.gui.conftest import settled, shown
from tests.gui.walking import opened, to_the_summary

KEY = EntitlementKey("Office", "perpetual", "device")
COUNT = Count("Office", "device", 80, source="count", counted_on="2026-11-01")
DAY = date(2026, 1, 1)


@pytest.fixture
def window(desk_with, qtbot):
    desk = desk_with(
        estates.of(
            estates.item("1", "Office", 100),
            estates.item("2", "Mail", 5),
            demand=[estates.demand("Office", 80)],
            resource_groups=estates.groups("Berlin", "Paris"),
            user_groups=estates.groups("Desk", "Build"),
        )
    )
    desk.state.put("window/page", "snapshots")
    return shown(MainWindow(desk), qtbot)


@pytest.fixture
def desk(window):
    return window.desk


def theirs(desk, change):
    """Something else changes the book meanwhile."""
    return desk.do("Something else", change)


def told(dialog):
    """The rows of the three columns."""
    table = dialog.asking.table
    return [[table.topLevelItem(n).text(at) for at in range(4)] for n in range(table.topLevelItemCount())]


# ------------------------------------------------------------------------------------------------------------ overrides
@pytest.fixture
def figures(window, desk):
    """An override that is edited, and typed over."""
    theirs(desk, lambda book: overrides.save(book, Override(KEY, "counted", active=50)))
    made = compliance.open_(desk, window, Place("add-compliance", str(KEY)))
    made.rows["active"].typed.setText("60")
    return made


def test_an_override_that_was_changed_meanwhile_is_asked_about(figures, desk):
    theirs(desk, lambda book: overrides.save(book, Override(KEY, "audited", active=70)))
    figures.accept()
    assert told(figures) == [["Reason", "counted", "audited", "counted"], ["Active", "50", "70", "60"]]
    assert "The override of Office" in figures.wrong.text()
    assert readers.override(desk.book, KEY).active == 70
    figures.asking.keep.click()
    assert readers.override(desk.book, KEY).active == 60


def test_an_override_that_somebody_else_added_first_is_asked_about(window, desk):
    made = compliance.open_(desk, window, Place("add-compliance", str(KEY)))
    made.override.setChecked(True)
    made.rows["active"].typed.setText("60")
    made.reason.control.setPlainText("mine")
    theirs(desk, lambda book: overrides.save(book, Override(KEY, "theirs", active=70)))
    made.accept()
    assert ["Active", "–", "70", "60"] in told(made)
    made.asking.drop.click()
    assert readers.override(desk.book, KEY).reason == "theirs"


def test_an_override_that_was_changed_meanwhile_is_not_taken_away_unasked(figures, desk):
    figures._return()
    theirs(desk, lambda book: overrides.save(book, Override(KEY, "audited", active=70)))
    figures.accept()
    assert told(figures) == [["Reason", "counted", "audited", "–"], ["Active", "50", "70", "–"]]
    figures.asking.keep.click()
    assert readers.override(desk.book, KEY) is None


def test_an_override_that_was_taken_away_meanwhile_can_be_put_back(figures, desk):
    theirs(desk, lambda book: overrides.remove(book, KEY))
    figures.accept()
    assert figures.asking.windowTitle() == "Changed meanwhile"
    assert "was removed" in figures.wrong.text()
    figures.asking.keep.click()
    assert readers.override(desk.book, KEY).active == 60


# --------------------------------------------------------------------------------------------------------------- demand
def test_a_count_that_was_changed_meanwhile_is_asked_about(window, desk):
    made = demand.open_(desk, window, COUNT)
    made.quantity.setValue(90)
    theirs(desk, lambda book: counts.save(book, replace(COUNT, quantity=85)))
    made.accept()
    assert told(made) == [["Quantity", "80", "85", "90"]]
    assert counts.read(desk.book, COUNT).quantity == 85
    made.asking.keep.click()
    assert counts.read(desk.book, COUNT).quantity == 90


def test_a_count_that_was_removed_meanwhile_can_be_stored_under_another_source(window, desk):
    made = demand.open_(desk, window, COUNT)
    made.source.setText("survey")
    theirs(desk, lambda book: counts.remove(book, COUNT))
    made.accept()
    made.asking.keep.click()
    assert counts.read(desk.book, COUNT) is None
    assert counts.read(desk.book, replace(COUNT, source="survey")).quantity == 80


# --------------------------------------------------------------------------------------------------------------- rights
def test_a_right_that_was_changed_meanwhile_is_asked_about(window, desk):
    held = Right("R1", "downgrade", from_product="Office", to_product="Mail", depth=1)
    theirs(desk, lambda book: rights.save(book, held))
    made = right.open_(desk, window, held)
    made.apart.setValue(3)
    theirs(desk, lambda book: rights.save(book, replace(held, depth=2, valid_until=date(2028, 1, 1))))
    made.save()
    assert told(made) == [["Depth", "1", "2", "3"], ["Valid until", "–", "2028-01-01", "–"]]
    assert readers.right(desk.book, "R1").depth == 2
    made.asking.keep.click()
    assert readers.right(desk.book, "R1").depth == 3


# --------------------------------------------------------------------------------------------------------------- events
@pytest.fixture
def wizard(window, desk, qtbot):
    """An event of one's own whose wizard stayed open; what is stored now is asked about."""
    event = ManualEvent("C1", "custom", date(2027, 1, 1), "Talk", remind_at=time(10), remind_days=5)
    theirs(desk, lambda book: calendar.save(book, event))
    made = opened(window, Place("edit-event", "manual|1"))
    made.time.days.control.setValue(9)
    return made


def stored(wizard, desk, qtbot):
    to_the_summary(wizard)
    wizard.next()
    settled(desk, qtbot)
    qtbot.waitUntil(lambda: wizard.progress.asking is not None)
    return wizard.progress


def test_an_event_that_was_changed_meanwhile_is_asked_about(wizard, desk, qtbot):
    theirs(desk, lambda book: calendar.save(book, replace(readers.event(book, 1), name="Call")))
    progress = stored(wizard, desk, qtbot)
    assert told(progress) == [["Name", "Talk", "Call", "Talk"]]
    progress.asking.keep.click()
    settled(desk, qtbot)
    assert readers.event(desk.book, 1).remind_days == 9


def test_an_event_that_was_removed_meanwhile_can_be_added_anew(wizard, desk, qtbot):
    theirs(desk, lambda book: calendar.remove(book, 1))
    progress = stored(wizard, desk, qtbot)
    assert "Event Talk was removed" in progress.said.text()
    progress.asking.keep.click()
    settled(desk, qtbot)
    assert readers.event(desk.book, 1).remind_days == 9


# --------------------------------------------------------------------------------------------------------- entitlements
def test_allocations_that_were_changed_meanwhile_are_asked_about(window, desk, qtbot):
    theirs(desk, lambda book: allocations.allocate(book, KEY, "Berlin", "Desk", 10))
    made = opened(window, Place("edit-entitlement", str(KEY)))
    made.allocation.model.fill([Part("Berlin", "Desk", 20)])
    theirs(desk, lambda book: allocations.allocate(book, KEY, "Berlin", "Desk", 15))
    theirs(desk, lambda book: allocations.allocate(book, KEY, "Paris", "Build", 7))
    progress = stored(made, desk, qtbot)
    assert told(progress) == [
        ["Allocated to Berlin / Desk", "10", "15", "20"],
        ["Allocated to Paris / Build", "–", "7", "–"],
    ]
    assert len(allocations.parts(desk.book, KEY)) == 2
    progress.asking.keep.click()
    settled(desk, qtbot)
    assert allocations.parts(desk.book, KEY) == [Part("Berlin", "Desk", 20)]


def test_a_name_that_was_given_meanwhile_is_asked_about_in_the_wizard_and_in_the_small_window(window, desk, qtbot):
    made = opened(window, Place("edit-entitlement", str(KEY)))
    made.responsibility.group.control.setText("Desk")
    small = entitlement.rename(desk, window, KEY, "Office")
    small.field.setText("Mine")
    other = entitlement.responsible(desk, window, KEY, "Office", "")
    other.field.setCurrentIndex(other.field.findData("Desk"))
    theirs(desk, lambda book: entitlements.rename(book, KEY, "Theirs"))
    theirs(desk, lambda book: entitlements.set_responsible(book, KEY, "Build"))
    base = told(stored(made, desk, qtbot))
    assert base[0][2:] == ["Theirs", base[0][1]]
    assert base[1] == ["Responsible user group", "–", "Build", "Desk"]
    small.accept()
    assert told(small)[0][2:] == ["Theirs", "Mine"]
    small.asking.keep.click()
    other.accept()
    assert told(other) == [["Responsible", "–", "Build", "Desk"]]
    other.asking.drop.click()
    held = holdings.of(desk.book, KEY)
    assert (held.name, held.responsible) == ("Mine", "Build")


# ------------------------------------------------------------------------------------------------ hardware and settings
def test_a_host_and_a_machine_that_were_changed_meanwhile_are_asked_about(window, desk):
    theirs(desk, lambda book: machines.save_host(book, Host("h1", "", 2, 8)))
    theirs(desk, lambda book: machines.save_machine(book, VirtualMachine("v1", "h1", "", 4)))
    host = hardware.open_host(desk, window, Place("edit-host", "h1"))
    machine = hardware.open_machine(desk, window, Place("edit-virtual-machine", "v1"))
    theirs(desk, lambda book: machines.save_host(book, Host("h1", "", 4, 8)))
    theirs(desk, lambda book: machines.save_machine(book, VirtualMachine("v1", "h1", "", 6)))
    host.save()
    assert told(host) == [["Processors", "2", "4", "2"]]
    host.asking.drop.click()
    machine.save()
    assert told(machine) == [["Vcpus", "4", "6", "4"]]
    machine.asking.keep.click()
    assert (readers.host(desk.book, "h1").processors, readers.machine(desk.book, "v1").vcpus) == (4, 4)


def test_a_price_and_a_rate_that_were_changed_meanwhile_are_asked_about(window, desk):
    price = ListedPrice(KEY, Decimal("10"), "EUR", DAY)
    rate = ExchangeRate("USD", "EUR", Decimal("0.9"), DAY)
    theirs(desk, lambda book: (prices.save(book, price), rates.save(book, rate)))
    first, second = pricing.ask_price(desk, window, price), pricing.ask_rate(desk, window, rate)
    theirs(desk, lambda book: prices.save(book, replace(price, unit_price=Decimal("12"))))
    theirs(desk, lambda book: rates.remove(book, rate))
    first.fields["Unit price"].setText("11")
    first.save()
    assert told(first) == [["Unit price", "10", "12", "11"]]
    first.asking.keep.click()
    second.save()
    assert "was removed" in second.said.text()
    second.asking.keep.click()
    assert prices.read(desk.book, KEY, DAY).unit_price == 11
    assert rates.read(desk.book, rate) == rate


def test_a_counting_rule_that_was_changed_meanwhile_is_asked_about(window, desk):
    rule = CountingRule("core", CORE, Parameters(minimum=8))
    theirs(desk, lambda book: counting_rules.save(book, rule))
    made = counting_rule.ask(desk, window, rule)
    theirs(desk, lambda book: counting_rules.save(book, replace(rule, parameters=Parameters(minimum=16))))
    made.save()
    [(field, *texts)] = told(made)
    assert field == "Parameters"
    assert [text.rpartition(" ")[2] for text in texts] == ["8", "16", "8"]
    made.asking.keep.click()
    assert readers.counting_rules(desk.book) == [rule]
