"""Rows of tables are known by their arithmetic: a quantity, a price, and what they make together."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.imports import text_rows


def told(line):
    return [(row.quantity.value, row.unit_price.value, row.total.value) for row in text_rows.rows(line)]


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ("1  Windows Server 2025    500    62.50    31,250.00", (500, "62.50", "31250.00")),
        ("Windows Server 2025  62,50  500  31.250,00", (500, "62.50", "31250.00")),
        ("Office  1’200  10.50  12’600.00", (1200, "10.50", "12600.00")),
        ("Office 1 99.00 99.00", (1, "99.00", "99.00")),
        ("Office 1 500 2,00 3 000,00", (1500, "2.00", "3000.00")),
    ],
)
def test_a_row_is_found_in_every_style(line, row):
    assert told(line) == [(row[0], Decimal(row[1]), Decimal(row[2]))]


@pytest.mark.parametrize(
    "line",
    [
        "Total 500 62.50 31,250.01",
        "2 3 6",
        "10.50 2.5 26.25",
        "0 10.00 0.00",
        "no numbers at all",
        "1 2 3 4 5 6 7 8 9 10 11 12.00 13.00",
        "12/2 3.00 36.00",
        "Office 12 500,00 6 000,00",  # it could be 12,500.00 as well
    ],
)
def test_what_does_not_come_out_is_no_row(line):
    assert told(line) == []


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 99_999), st.decimals("0.01", 9_999, places=2), st.sampled_from([",.", ".,", "’."]))
def test_every_true_row_is_found_as_it_is(count, price, marks):
    def shown(amount, places):
        return f"{amount:,.{places}f}".translate(str.maketrans(",.", marks))

    line = f"4    Some Product    {shown(count, 0)}    {shown(price, 2)}    {shown(count * price, 2)}"
    ((quantity, unit, total),) = told(line)
    assert quantity * unit == total == count * price
