"""Sums of several currencies: exact, by rates that hold on the day, or not at all."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store import derivation, rates, totals, undo
from store.errors import Unfit, Unknown
from store.records import ExchangeRate
from tests.conftest import AS_OF
from tests.estates import contract, demand, item, of
from tests.examples import examples

CODES = ("EUR", "USD", "GBP", "JPY")


def rate(one="USD", other="EUR", value="0.92", day="2026-01-01"):
    return ExchangeRate(one, other, Decimal(value), date.fromisoformat(day))


_amounts = st.dictionaries(
    st.sampled_from(CODES), st.decimals(-(10**12), 10**12, places=4, allow_nan=False, allow_infinity=False), max_size=4
)
_rates = st.lists(
    st.builds(
        ExchangeRate,
        st.sampled_from(CODES),
        st.sampled_from(CODES),
        st.decimals("0.000001", 10_000, places=6),
        st.integers(-400, 400).map(lambda days: AS_OF + timedelta(days)),
    ).filter(lambda one: one.from_currency != one.to_currency),
    max_size=12,
    unique_by=lambda one: (one.from_currency, one.to_currency, one.valid_from),
)


@examples(120)
@given(_amounts, _rates, st.sampled_from(CODES))
def test_a_sum_is_exactly_each_amount_times_its_latest_rate_and_nothing_without_one(amounts, known, currency):
    found = rates.together(amounts, currency, rates.valid(known, AS_OF))
    expected, complete = Fraction(0), True
    for code, amount in amounts.items():
        held = [one for one in known if (one.from_currency, one.to_currency) == (code, currency)]
        begun = sorted((one for one in held if one.valid_from <= AS_OF), key=lambda one: one.valid_from)
        complete = complete and (code == currency or bool(begun))
        expected += Fraction(amount) * (1 if code == currency else Fraction(begun[-1].rate) if begun else 0)
    assert (found is not None) == complete
    if found is not None:
        assert Fraction(found.amount) == expected
        assert {one.from_currency for one in found.used} == amounts.keys() - {currency}


def test_a_rate_holds_in_its_own_direction_alone():
    assert rates.together({"USD": Decimal(1)}, "EUR", [rate("EUR", "USD")]) is None


def test_rates_are_kept_changed_removed_and_undone(book):
    with undo.step(book, "Add rate"):
        rates.save(book, rate(" usd", "eur"))
    with undo.step(book, "Change rate"):
        rates.save(book, rate(value="0.95"))
    assert rates.held(book) == [rate(value="0.95")]
    undo.back(book)
    assert rates.held(book) == [rate()]
    rates.remove(book, rate())
    assert rates.held(book) == []
    with pytest.raises(Unknown):
        rates.remove(book, rate())


@pytest.mark.parametrize(
    "wrong", [rate("EUR"), rate(value="0"), rate(value="-1"), rate(value="NaN"), rate(""), rate("US")]
)
def test_impossible_rates_are_refused(wrong, book):
    with pytest.raises(Unfit):
        rates.save(book, wrong)
    assert rates.held(book) == []


def test_totals_of_several_currencies_are_one_sum_only_with_rates_that_hold_on_the_day(book, fill):
    tables = of(
        item("1", "A", 1, unit_price="10"),
        item("1", "B", 1, unit_price="100", contract="C2"),
        demand=[demand("A", 3), demand("B", 2)],
    )
    fill(book, {**tables, "contracts": [contract("C1"), contract("C2", currency="USD")]})
    assert totals.of(book).to_close == {"EUR": Decimal("20.00"), "USD": Decimal("100.00")}
    assert totals.of(book).to_close_together is None
    rates.save(book, rate(value="0.9", day="2026-11-22"))
    assert totals.of(book).to_close_together is None
    rates.save(book, rate(value="0.8", day="2026-11-21"))
    found = totals.of(book).to_close_together
    assert (found.amount, found.currency, found.used) == (
        Decimal("100.000"),
        "EUR",
        (rate(value="0.8", day="2026-11-21"),),
    )
    derivation.recalculate(book, as_of=date(2026, 12, 1))
    assert totals.of(book).to_close_together.amount == Decimal("110.000")
