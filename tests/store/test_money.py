"""Amounts of money are exact to the last decimal."""

from decimal import Decimal

import pytest

from rules.vocabulary import UNLIMITED
from store import money


@pytest.mark.parametrize(
    ("units", "price", "text"),
    [
        (0, "9.99", "0.00"),
        (-1, "12.5", "-12.50"),
        (3, "0.125", "0.375"),
        (1000, "1.00", "1000.00"),
        (2_147_483_647 * 100_000, "999999999999999.00", "214748364699999785251635300000.00"),
    ],
)
def test_some_units_are_worth_exactly_their_number_times_the_price(units, price, text):
    assert money.worth(units, price) == text
    assert money.worth_in(units, price, "EUR") == f"{text} EUR"


def test_what_has_no_limit_or_no_price_is_worth_no_amount():
    assert money.worth(UNLIMITED - 5, "1.00") is None
    assert money.worth_in(UNLIMITED - 5, "1.00", "EUR") is None
    assert money.worth_in(5, None, None) is None


def test_a_sum_keeps_every_decimal_of_what_it_adds():
    assert str(money.total([])) == "0"
    assert str(money.total(map(Decimal, ("0.10", "0.2", "1e2")))) == "100.30"
    huge = money.cost(2**52, "9999999999999.999999")
    assert str(huge) == "45035996273704959995496400372.629504"
    assert str(money.total([huge, Decimal("0.000001")])) == "45035996273704959995496400372.629505"
