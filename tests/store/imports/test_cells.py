"""What the text of a cell may be, and what is said when it may not."""

import unicodedata
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.vocabulary import MAX_QUANTITY, UNLIMITED
from store.imports.cells import Wrong, converter
from store.imports.template import Column


def value(kind, text, required=False):
    return converter(Column("it", kind, required))(text)


def wrong(kind, text, required=False):
    with pytest.raises(Wrong) as caught:
        value(kind, text, required)
    return caught.value.code, caught.value.reason


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("name", "  SQL Server 2022 ", "SQL Server 2022"),
        ("name", "Ångström", "Ångström"),
        ("text", "first\nsecond", "first\nsecond"),
        ("reference:products", " Office ", "Office"),
        ("date", " 2024-02-29 ", "2024-02-29"),
        ("date", "9999-12-31", "9999-12-31"),
        ("date-of-us", "2/29/2024", "2024-02-29"),
        ("moment", "2026-11-01", "2026-11-01"),
        ("moment", "2026-11-01T08:30:00+01:00", "2026-11-01T07:30:00Z"),
        ("moment", "2026-11-01 08:30Z", "2026-11-01T08:30:00Z"),
        ("quantity", "0", 0),
        ("quantity", "0250", 250),
        ("quantity", "2147483647", MAX_QUANTITY),
        ("quantity-or-unlimited", "Unlimited", UNLIMITED),
        ("quantity-or-unlimited", "12", 12),
        ("whole", "-35", -35),
        ("money", "12.5", "12.50"),
        ("money", "0012", "12.00"),
        ("money", "0.123456", "0.123456"),
        ("money", "1.100000000", "1.10"),
        ("currency", "eur", "EUR"),
        ("flag", "TRUE", 1),
        ("flag", "no", 0),
        ("choice:perpetual|subscription", "Perpetual", "perpetual"),
    ],
)
def test_an_accepted_cell_becomes_this_value(kind, text, expected):
    assert value(kind, text) == expected


@pytest.mark.parametrize(
    "kind", ["name", "text", "date", "moment", "quantity", "money", "flag", "choice:a|b", "reference:x"]
)
def test_an_empty_cell_is_nothing_unless_it_is_needed(kind):
    assert value(kind, "  ") is None
    assert wrong(kind, "  ", required=True) == ("required", "is empty, and it is needed")


@pytest.mark.parametrize(
    ("kind", "text", "code", "says"),
    [
        ("name", "two\nlines", "control-character", "cannot be shown"),
        ("text", "a\x00b", "control-character", "cannot be shown"),
        ("name", "x" * 501, "too-long", "at most 500"),
        ("date", "2025-02-30", "not-a-day", "not a day of the calendar"),
        ("date", "30.02.2025", "not-a-date", "YYYY-MM-DD"),
        ("date", "20250101", "not-a-date", "YYYY-MM-DD"),
        ("date", "2025-W01-1", "not-a-date", "YYYY-MM-DD"),
        ("date", "0000-01-01", "not-a-day", "not a day of the calendar"),
        ("date", "٢٠٢٥-٠١-٠١", "not-a-date", "YYYY-MM-DD"),
        ("date-of-us", "2024-02-29", "not-a-date", "MM/DD/YYYY"),
        ("date-of-us", "31/12/2024", "not-a-day", "MM/DD/YYYY"),
        ("moment", "2026-11-01T08:30:00", "not-a-moment", "with its offset"),
        ("moment", "2026-11-01T25:30:00Z", "not-a-moment", "exists"),
        ("moment", "0001-01-01T00:00:00+14:00", "not-a-moment", "exists"),
        ("quantity", "five", "not-a-number", "digits only"),
        ("quantity", "1,000", "not-a-number", "digits only"),
        ("quantity", "5.0", "not-a-number", "digits only"),
        ("quantity", "٥", "not-a-number", "digits only"),
        ("quantity", "-5", "negative", "from 0 to 2,147,483,647"),
        ("quantity", "2147483648", "too-large", "at most 2,147,483,647"),
        ("quantity", "9" * 5_000, "too-large", "at most 2,147,483,647"),
        ("quantity-or-unlimited", "many", "not-a-number", "or the word unlimited"),
        ("money", "12,50", "not-money", "1250.50"),
        ("money", "€5", "not-money", "1250.50"),
        ("money", "1e3", "not-money", "1250.50"),
        ("money", "NaN", "not-money", "1250.50"),
        ("money", "-3.00", "negative", "1250.50"),
        ("money", "1.1234567", "too-exact", "6 of them decimals"),
        ("money", "1234567890123456", "too-exact", "at most 15 digits"),
        ("currency", "Euro", "not-a-currency", "three letters"),
        ("flag", "maybe", "not-a-flag", "true or false"),
        ("choice:perpetual|subscription", "leased", "unknown-choice", "perpetual, subscription"),
    ],
)
def test_a_wrong_cell_is_told_with_what_would_be_right(kind, text, code, says):
    found, reason = wrong(kind, text)
    assert found == code
    assert says in reason


@given(st.dates())
@settings(deadline=None)
def test_every_day_of_the_calendar_is_a_date(day: date):
    assert value("date", day.isoformat()) == day.isoformat()


@given(st.integers(-62_000_000_000, 253_000_000_000), st.integers(-14 * 60, 14 * 60))
@settings(deadline=None)
def test_a_time_is_the_same_instant_afterwards(seconds: int, minutes: int):
    given_time = datetime.fromtimestamp(seconds, timezone(timedelta(minutes=minutes)))
    found = value("moment", given_time.isoformat())
    assert datetime.fromisoformat(str(found)) == given_time
    assert value("moment", str(found)) == found


@given(st.decimals(0, Decimal("999999999.999999"), allow_nan=False, allow_infinity=False, places=6))
@settings(deadline=None)
def test_money_keeps_its_amount_and_reading_it_again_changes_nothing(amount: Decimal):
    found = str(value("money", f"{amount:f}"))
    assert Decimal(found) == amount
    assert value("money", found) == found


def outcome(kind, text):
    """The value, or the code of what is wrong."""
    try:
        return value(kind, text)
    except Wrong as refused:
        return refused


@given(st.text(max_size=60))
@settings(deadline=None)
def test_any_text_is_a_name_in_normal_form_or_is_refused(text: str):
    found = outcome("name", text)
    if isinstance(found, str):
        assert found == unicodedata.normalize("NFC", found)
        assert outcome("name", found) == found
    else:
        assert found is None or found.code == "control-character"


@given(
    st.sampled_from(["date", "moment", "quantity", "quantity-or-unlimited", "whole", "money", "currency", "flag"]),
    st.text(),
)
@settings(deadline=None)
def test_no_text_whatever_makes_a_converter_fail(kind: str, text: str):
    found = outcome(kind, text)
    assert not isinstance(found, Wrong) or (found.code and found.reason)
