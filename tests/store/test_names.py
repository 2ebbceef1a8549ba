"""Names become ids, and what no field takes is refused with what would be right."""

from datetime import date
from decimal import Decimal

import pytest

from rules.vocabulary import UNLIMITED
from store import names
from store.book import Book
from store.errors import Unfit, Unknown
from store.records import EntitlementKey


@pytest.fixture
def office(book):
    book.run("INSERT INTO products (product) VALUES ('Office 2021'), ('Büro')")
    return book


def test_a_name_is_found_however_it_was_typed(office):
    assert names.number(office, "products", " Office 2021 ") == 1
    assert names.number(office, "products", "Bu\N{COMBINING DIAERESIS}ro") == 2


def test_an_unknown_name_is_answered_with_the_nearest_one(office):
    with pytest.raises(Unknown, match=r"products: there is no 'Office 2012'. Did you mean 'Office 2021'\?"):
        names.number(office, "products", "Office 2012")
    with pytest.raises(Unknown, match=r"resource groups: there is no 'Berlin'.$"):
        names.number(office, "resource_groups", "Berlin")


def test_the_group_of_what_no_group_has_cannot_be_named(office):
    with pytest.raises(Unknown):
        names.number(office, "resource_groups", "")
    assert names.optional(office, "resource_groups", " ") is None


def test_an_entitlement_that_does_not_exist_is_answered_with_what_to_do(office):
    with pytest.raises(Unknown, match=r"Contract items open entitlements; add one for it first"):
        names.entitlement(office, EntitlementKey("Office 2021", "perpetual", "device"))


def test_a_quantity_is_a_number_in_bounds_or_unlimited():
    assert [names.units(n, "quantity") for n in (0, 2_147_483_647, None)] == [0, 2_147_483_647, UNLIMITED]
    for wrong in (-1, 2_147_483_648):
        with pytest.raises(Unfit, match=r"quantity: .* is not possible; a number from 0 to 2,147,483,647 is"):
            names.units(wrong, "quantity")


def test_a_model_that_does_not_exist_is_answered_with_those_that_do():
    with pytest.raises(Unfit, match=r"'rental' is none; possible are perpetual, subscription, maintenance"):
        names.model("rental")


def test_texts_are_taken_as_an_import_takes_them():
    assert names.name("  Bu\N{COMBINING DIAERESIS}ro ", "name") == "Büro"
    assert names.line("", "sku") == ""
    assert names.note("two\nlines", "reason") == "two\nlines"
    assert names.currency("chf") == "CHF"


@pytest.mark.parametrize(
    ("take", "sentence"),
    [
        (lambda: names.name("  ", "name"), "name: is empty, and it is needed."),
        (lambda: names.name("two\nlines", "name"), "name: 'two\\\\nlines' holds a character that cannot be shown"),
        (lambda: names.line("x" * 501, "sku"), "has 501 characters; at most 500 are accepted"),
        (lambda: names.note("", "reason"), "reason: is empty, and it is needed."),
        (lambda: names.currency("euro"), "currency: 'euro' is not a currency; write its three letters"),
        (lambda: names.moment("yesterday", "counted on"), "counted on: 'yesterday' is neither a day nor a time"),
        (lambda: names.price(Decimal(-1)), "unit price: -1 is not possible; an amount of 0 or more is."),
        (lambda: names.price(Decimal("NaN")), "unit price: NaN is not possible"),
        (lambda: names.price(Decimal("0.1234567")), "has too many digits"),
        (
            lambda: names.term(date(2026, 5, 1), date(2026, 4, 30)),
            "license end: 2026-04-30 lies before the license start, 2026-05-01.",
        ),
    ],
)
def test_what_no_field_takes_is_refused(take, sentence):
    with pytest.raises(Unfit, match=sentence):
        take()


def test_moments_prices_and_terms_are_kept_as_an_import_keeps_them():
    assert names.moment(None, "counted on") is None
    assert names.moment("2026-11-01T10:00:00+01:00", "counted on") == "2026-11-01T09:00:00Z"
    assert [names.price(Decimal(p)) for p in ("10", "10.5", "0.125", "-0")] == ["10.00", "10.50", "0.125", "0.00"]
    assert names.price(None) is None
    assert names.term(date(2026, 5, 1), None) == ("2026-05-01", None)


def test_all_names_of_a_table_can_be_picked_from(book: Book) -> None:
    assert names.listed(book, "metrics") == ["core", "device", "user"]
    assert names.listed(book, "resource_groups") == []
