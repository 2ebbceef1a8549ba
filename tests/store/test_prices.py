"""The price list: what it says of a day stands before the price that was paid."""

from datetime import date
from decimal import Decimal

import pytest

from store import derivation, forecast, prices, products, totals, undo
from store.errors import Unfit, Unknown
from store.records import EntitlementKey, ListedPrice
from tests.conftest import AS_OF, snapshot_of
from tests.estates import demand, item, of, product, subscription

OFFICE = EntitlementKey("Office", "perpetual", "device")


def listed(amount="20.00", day="2026-01-01", license_=OFFICE, currency="EUR"):
    return ListedPrice(license_, Decimal(amount), currency, date.fromisoformat(day))


@pytest.fixture
def estate(book, fill):
    """Five of Office at 12.50 EUR each, where seven are needed."""
    fill(book, of(item("1", "Office", 5, unit_price="12.50"), demand=[demand("Office", 7)]))
    return book


def value(book):
    (position,) = snapshot_of(book)["positions"]
    return position["balance_value"]


def test_without_a_row_for_the_day_a_balance_is_worth_what_was_paid(estate):
    assert value(estate) == {"amount": "-25.00", "currency": "EUR"}
    prices.save(estate, listed(day="2026-11-22"))
    assert value(estate) == {"amount": "-25.00", "currency": "EUR"}


def test_a_row_that_holds_on_the_day_stands_before_what_was_paid_and_the_latest_one_counts(estate):
    prices.save(estate, listed("20", "2026-01-01"))
    prices.save(estate, listed("9.99", "2025-01-01"))
    assert value(estate) == {"amount": "-40.00", "currency": "EUR"}
    prices.save(estate, listed("30", "2026-11-21", currency="usd"))
    assert value(estate) == {"amount": "-60.00", "currency": "USD"}
    derivation.recalculate(estate, as_of=date(2026, 11, 20))
    assert value(estate) == {"amount": "-40.00", "currency": "EUR"}


def test_the_entitlement_keeps_the_price_that_was_paid(estate):
    prices.save(estate, listed())
    (entitlement,) = snapshot_of(estate)["entitlements"]
    assert entitlement["price"] == {"amount": "12.50", "currency": "EUR"}


def test_what_nobody_has_bought_has_the_price_of_a_perpetual_license_or_of_a_subscription(book, fill):
    fill(book, {"products": [product("Visio")], "demand": [demand("Visio", 2)]})
    assert value(book) is None
    prices.save(book, listed("5", license_=EntitlementKey("Visio", "subscription", "device")))
    assert value(book) == {"amount": "-10.00", "currency": "EUR"}
    prices.save(book, listed("8", license_=EntitlementKey("Visio", "perpetual", "device")))
    assert value(book) == {"amount": "-16.00", "currency": "EUR"}


def test_the_forecast_takes_the_price_of_the_first_day_that_is_short(book, fill):
    ends = subscription("1", "Office", 5, "2026-01-01", "2026-12-31", unit_price="10")
    fill(book, of(ends, demand=[demand("Office", 5)]))
    rented = EntitlementKey("Office", "subscription", "device")
    prices.save(book, listed("11", "2027-01-01", rented))
    prices.save(book, listed("99", "2027-01-02", rented))
    found = forecast.ahead(book, as_of=AS_OF)
    assert found.costs == {"EUR": Decimal("55.00")}
    derivation.recalculate(book, as_of=date(2027, 5, 1))
    assert forecast.ahead(book, as_of=AS_OF) == found
    assert forecast.ahead(book, as_of=date(2027, 5, 1)).costs == {"EUR": Decimal("495.00")}


def test_a_price_is_changed_removed_and_undone_like_everything_else(estate):
    with undo.step(estate, "Add price"):
        prices.save(estate, listed())
    with undo.step(estate, "Change price"):
        prices.save(estate, listed("30"))
    with undo.step(estate, "Remove price"):
        prices.remove(estate, listed())
    assert (prices.held(estate), value(estate)["amount"]) == ([], "-25.00")
    undo.back(estate)
    assert (prices.held(estate), value(estate)["amount"]) == ([listed("30")], "-60.00")
    undo.back(estate)
    assert value(estate)["amount"] == "-40.00"
    undo.back(estate)
    assert (prices.held(estate), value(estate)["amount"]) == ([], "-25.00")
    undo.forward(estate)
    assert value(estate)["amount"] == "-40.00"


def test_impossible_prices_are_refused(estate):
    for wrong in (listed("-1"), listed(currency=""), listed(currency="Euro")):
        with pytest.raises(Unfit):
            prices.save(estate, wrong)
    with pytest.raises(Unknown):
        prices.save(estate, listed(license_=EntitlementKey("Offce", "perpetual", "device")))
    with pytest.raises(Unknown):
        prices.remove(estate, listed())
    assert prices.held(estate) == []


def test_a_product_with_a_price_cannot_be_removed(book, fill):
    fill(book, {"products": [product("Visio")]})
    prices.save(book, listed(license_=EntitlementKey("Visio", "perpetual", "device")))
    with pytest.raises(Unfit, match=r"used by prices"):
        products.remove(book, "Visio")


def test_totals_are_exact_by_currency(book, fill):
    items = (
        item("1", "A", 5, unit_price="0.125"),
        item("2", "B", 9, unit_price="3"),
        item("3", "C", "unlimited", unit_price="3"),
        item("4", "D", 1),
    )
    fill(book, of(*items, demand=[demand("A", 7), demand("B", 2), demand("C", 5), demand("D", 2)]))
    found = totals.of(book)
    assert found.to_close == {"EUR": Decimal("0.25")}
    assert found.surplus == {"EUR": Decimal("21.00")}
    assert found.unpriced == 1
    assert (found.to_close_together.amount, found.to_close_together.used) == (Decimal("0.25"), ())
