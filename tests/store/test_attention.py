"""What needs attention: figures that are exact, by currency, and the same as the rows that they lead to."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from store import attention, derivation, overviews
from store.attention import Amount, Balances
from store.overviews import Ask
from tests.bench import varied
from tests.conftest import AS_OF
from tests.estates import contract, demand, item, of, subscription

USD = contract("C2", currency="USD")


def rows(book, name, ask):
    return [one for chunk in overviews.ids(book, name, ask) for one in chunk]


def short(book):
    return attention.balances(book).short


# ------------------------------------------------------------------------------------------------------------- balances
def test_a_shortfall_costs_its_units_at_the_last_price_and_currencies_are_never_added(book, fill):
    items = [
        item("1", "Office", 10, unit_price="12.50"),
        item("2", "Visio", 1, unit_price="0.333"),
        item("3", "Jira", 5, unit_price="7", contract="C2"),
    ]
    wanted = [demand("Office", 13), demand("Visio", 2), demand("Jira", 6)]
    fill(book, of(*items, demand=wanted, contracts=[contract("C1"), USD]))
    assert short(book) == (Amount("EUR", 2, 4, Decimal("37.833")), Amount("USD", 1, 1, Decimal("7.00")))


def test_what_has_no_price_is_told_apart_and_comes_last(book, fill):
    fill(book, of(item("1", "Office", 1, unit_price="2"), demand=[demand("Office", 2), demand("Visio", 9)]))
    assert short(book) == (Amount("EUR", 1, 1, Decimal("2.00")), Amount("", 1, 9, Decimal("0.00")))


def test_only_what_is_rented_can_be_canceled(book, fill):
    items = [subscription("1", "Office", 10, "2026-01-01", unit_price="3"), item("2", "Visio", 4, unit_price="100")]
    fill(book, of(*items, demand=[demand("Office", 4), demand("Visio", 1)]))
    found = attention.balances(book)
    assert found.rented == (Amount("EUR", 1, 6, Decimal("18.00")),)
    assert found.owned == 1


def test_what_is_held_without_limit_is_no_surplus(book, fill):
    fill(book, of(subscription("1", "Office", "unlimited", "2026-01-01", unit_price="3"), demand=[demand("Office", 4)]))
    found = attention.balances(book)
    assert (found.rented, found.owned) == ((), 0)


def test_an_empty_book_has_nothing_that_needs_attention(book):
    derivation.recalculate(book, as_of=AS_OF)
    nothing = Balances(dict.fromkeys(("compliant", "over-licensed", "under-licensed"), 0))
    assert attention.balances(book) == nothing
    assert attention.shortages(book) == []
    assert attention.endings(book, AS_OF) == []
    assert attention.stale_demand(book) == 0
    assert attention.last_import(book) is None


@pytest.mark.parametrize("seed", [5, 6])
def test_every_figure_is_the_number_of_the_rows_that_it_leads_to(book, fill, seed):
    fill(book, varied.estate(seed))
    found = attention.balances(book)
    for status, count in found.statuses.items():
        assert len(rows(book, "compliance", Ask(filter=status))) == count
    for amount in found.short:
        assert (
            len(rows(book, "compliance", attention.ask_amount("under-licensed", amount.currency))) == amount.positions
        )
    for amount in found.rented:
        ask = attention.ask_amount("over-licensed", amount.currency, "subscription")
        assert len(rows(book, "compliance", ask)) == amount.positions
    assert len(rows(book, "compliance", attention.ask_owned())) == found.owned
    for one in attention.expiring(book, AS_OF):
        assert len(rows(book, "entitlements", attention.ask_expiring(AS_OF, one.until))) == one.entitlements
    assert len(rows(book, "demand", Ask(filter="stale"))) == attention.stale_demand(book) > 0


def test_the_sums_are_those_of_the_single_positions(book, fill):
    fill(book, varied.estate(7))
    single = attention.shortages(book, limit=10_000)
    for amount in short(book):
        mine = [one for one in single if one.currency == amount.currency]
        assert sum(one.units for one in mine) == amount.units
        assert sum((one.cost or Decimal(0) for one in mine), Decimal(0)) == amount.value


# ----------------------------------------------------------------------------------------------------------- the lists
def test_the_largest_shortfalls_are_those_that_cost_most_the_currency_of_the_book_first(book, fill):
    items = [
        item("1", "Office", 1, unit_price="1"),
        item("2", "Visio", 1, unit_price="9"),
        item("3", "Jira", 1, unit_price="99", contract="C2"),
    ]
    wanted = [demand("Office", 5), demand("Visio", 2), demand("Jira", 2), demand("Unknown", 70)]
    fill(book, of(*items, demand=wanted, contracts=[contract("C1"), USD]))
    found = attention.shortages(book)
    assert [one.product for one in found] == ["Visio", "Office", "Jira", "Unknown"]
    assert (found[0].key, found[0].cost, found[0].currency) == ("Visio|perpetual|device", Decimal("9.00"), "EUR")
    assert (found[3].key, found[3].cost, found[3].currency) == ("Unknown||device", None, "")
    assert [one.product for one in attention.shortages(book, limit=1)] == ["Visio"]


def test_what_expires_is_counted_from_the_day_of_judgement_on_last_day_included(book, fill):
    ends = ("2026-11-20", "2026-11-21", "2026-12-21", "2026-12-22", "2027-02-19", "2027-02-20")
    fill(book, of(*(subscription(str(n), f"P{n}", 5, "2026-01-01", end) for n, end in enumerate(ends))))
    assert [(one.within, one.entitlements) for one in attention.expiring(book, AS_OF)] == [(30, 2), (60, 3), (90, 4)]
    found = attention.endings(book, AS_OF, limit=2)
    assert [(one.product, one.on, one.active) for one in found] == [
        ("P1", date(2026, 11, 21), 5),
        ("P2", date(2026, 12, 21), 5),
    ]
    assert found[0].key == "P1|subscription|device"


def test_at_the_end_of_the_calendar_nothing_breaks(book):
    assert {one.until for one in attention.expiring(book, date(9999, 12, 31))} == {date(9999, 12, 31)}


# -------------------------------------------------------------------------------------------------------------- import
def test_the_last_import_tells_its_findings_gravest_first_as_it_told_them(book, fill):
    tables = of(item("1", "Office", 5), contracts=[contract("C1", colour="red")])
    imported = fill(book, tables)
    last = attention.last_import(book)
    assert last is not None
    assert (last.source, last.who, last.severities) == ("tables0", "ann", {"warning": 1})
    assert tuple(attention.import_findings(book)) == imported.findings
    assert replace(last, severities={}) == attention.LastImport("2026-11-21T08:30:00Z", "tables0", "ann", {})
