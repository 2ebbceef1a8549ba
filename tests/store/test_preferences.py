"""What a person sets for a whole book."""

import pytest

from store import preferences
from store.errors import Unfit, Unknown
from tests import estates


@pytest.fixture
def licensed(book, fill):
    """A book with one subscription that ends on 2026-12-31."""
    fill(book, estates.of(estates.subscription("1", "Office", 10, "2026-01-01", "2026-12-31")))
    return book


def warned(book):
    return [row[0] for row in book.rows("SELECT on_day FROM events WHERE kind = 'expiration-warning' ORDER BY on_day")]


def test_other_warning_leads_move_the_warnings_and_the_state_at_once(licensed):
    assert warned(licensed) == ["2026-10-02", "2026-11-01", "2026-12-01", "2026-12-24", "2026-12-31"]
    preferences.change(licensed, "warning_leads", "20, 10")
    assert warned(licensed) == ["2026-12-11", "2026-12-21", "2026-12-31"]
    assert licensed.value("SELECT state FROM entitlements") == "active"
    assert preferences.current(licensed) == {"currency": "EUR", "warning_leads": "20,10"}


def test_a_changed_setting_is_logged_and_an_equal_one_is_not(licensed):
    before = licensed.value("SELECT count(*) FROM change_log")
    preferences.change(licensed, "currency", "chf")
    preferences.change(licensed, "currency", "CHF")
    logged = licensed.rows("SELECT action, subject, key, after FROM change_log WHERE id > ?", (before,))
    assert logged == [("add", "settings", "currency", '{"value":"CHF"}')]


def test_a_setting_of_a_book_without_a_day_is_only_kept(book):
    preferences.change(book, "warning_leads", "30")
    assert preferences.current(book)["warning_leads"] == "30"


@pytest.mark.parametrize(("name", "value"), [("warning_leads", "soon"), ("currency", "Euro"), ("currency", "")])
def test_a_value_that_a_setting_cannot_have_is_refused(licensed, name, value):
    with pytest.raises(Unfit, match=name.split("_")[0]):
        preferences.change(licensed, name, value)
    assert preferences.current(licensed) == {"currency": "EUR", "warning_leads": "90,60,30,7"}


def test_a_setting_that_does_not_exist_is_named_with_those_that_do(licensed):
    with pytest.raises(Unknown, match="there is no setting 'colour'; there are currency, warning_leads"):
        preferences.change(licensed, "colour", "red")


def test_settings_are_shown_and_set_on_the_command_line(licensed, elpis):
    licensed.close()
    assert elpis("books", "settings", str(licensed.path)).out == "currency: EUR\nwarning_leads: 90,60,30,7\n"
    assert "warning_leads: 14" in elpis("books", "settings", str(licensed.path), "warning_leads", "14").out
    assert elpis("books", "settings", str(licensed.path), "warning_leads").status == 2
    assert elpis("books", "settings", str(licensed.path), "warning_leads", "x").status == 1
