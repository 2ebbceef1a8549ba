"""What holds for a whole book."""

import pytest

from store import settings
from store.errors import Unfit


def test_a_fresh_book_has_defaults(book):
    assert settings.get(book, "currency") == "EUR"
    assert settings.leads(book) == (90, 60, 30, 7)
    assert settings.get(book, "as_of") == ""


def test_a_setting_is_kept_and_replaced(book):
    settings.put(book, "currency", "USD")
    settings.put(book, "currency", "CHF")
    assert settings.get(book, "currency") == "CHF"


def test_a_setting_that_does_not_exist_is_a_mistake(book):
    with pytest.raises(KeyError):
        settings.get(book, "colour")


def test_warning_leads_are_read_in_any_order_and_once_each():
    assert settings.parse_leads(" 7, 90,30,7 ") == (90, 30, 7)
    assert settings.parse_leads("") == ()


@pytest.mark.parametrize("text", ["0", "-7", "x", "3661", "99999999", "7.5", "٣"])
def test_a_warning_lead_that_is_no_number_of_days_is_refused(text):
    with pytest.raises(Unfit, match="is not a number of days from 1 to 3660"):
        settings.parse_leads(f"90, {text}")
