"""Contracts while they are typed: what is wrong is said for each field, and other spellings are understood."""

from datetime import date
from decimal import Decimal

import pytest

from store import contracts, drafts, products
from store.records import Contract, ContractItem, Product

KNOWN = drafts.Known({"Office 2024", "Visio"}, ["device", "user", "core"], ["Staff"])
ITEM = {
    "item": "1",
    "product": "Office 2024",
    "model": "perpetual",
    "metric": "device",
    "quantity": "5",
    "license_start": "2026-01-01",
}


def test_a_contract_and_its_texts_are_the_same_thing():
    contract = Contract("C1", "First", date(2026, 1, 15), "EUR", supplier="Contoso", notice_date=date(2026, 9, 30))
    assert drafts.contract(drafts.of_contract(contract)) == (contract, {})
    assert drafts.contract({"contract": "C1", "name": "First"}) == (Contract("C1", "First"), {})


def test_an_item_and_its_texts_are_the_same_thing():
    item = ContractItem(
        *("C1", "1", "Office 2024", "perpetual", "device", None, date(2026, 1, 1), date(2026, 12, 31)),
        *(Decimal("9.50"), "SKU-1", "Staff"),
    )
    assert drafts.item(drafts.of_item(item), "C1", KNOWN) == (item, {})
    assert drafts.item(ITEM, "C1", KNOWN)[0].quantity == 5


def test_everything_that_is_missing_in_a_contract_is_said():
    contract, wrongs = drafts.contract({"currency": "euros", "invoice_date": "yesterday"})
    assert contract is None
    assert wrongs["contract"] == "This is empty, and it is needed."
    assert wrongs["currency"] == "“euros” is not a currency; write its three letters, for example EUR."
    assert set(wrongs) == {"contract", "name", "currency", "invoice_date"}


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("quantity", "many", "“many” is not a whole number"),
        ("quantity", "", "This is empty, and it is needed."),
        ("product", "Office 2042", "There is no product “Office 2042”. Did you mean “Office 2024”?"),
        ("product", "Zebra", "There is no product “Zebra”."),
        ("metric", "moon", "There is no metric “moon”."),
        ("responsible", "Nobody", "There is no user group “Nobody”."),
        ("license_end", "2025-12-31", "This lies before the license start, 2026-01-01."),
        ("model", "rented", "“rented” is not known here; accepted: perpetual, subscription, maintenance."),
    ],
)
def test_what_is_wrong_in_an_item_is_said_at_its_field(field, text, sentence):
    item, wrongs = drafts.item({**ITEM, field: text}, "C1", KNOWN)
    assert item is None
    assert list(wrongs) == [field]
    assert sentence in wrongs[field]


def test_what_items_can_name_comes_out_of_the_book(book):
    products.add(book, Product("Office", metric="device"))
    contracts.save(book, Contract("C1", "First", date(2026, 1, 1), "EUR", supplier="Contoso", customer="Us"))
    known = drafts.known(book)
    assert (known.products, known.metrics, known.counted) == (
        {"Office"},
        ["core", "device", "user"],
        {"Office": "device"},
    )
    assert (known.suppliers, known.customers) == (["Contoso"], ["Us"])


@pytest.mark.parametrize(
    ("field", "text", "plain"),
    [
        ("license_start", "21.11.2026", "2026-11-21"),
        ("license_start", "3/4/2026", "3/4/2026"),
        ("license_start", "soon", "soon"),
        ("unit_price", "1.250,50 EUR", "1250.50"),
        ("unit_price", "1250.50", "1250.50"),
        ("unit_price", "1.250 EUR", "1.250 EUR"),
        ("quantity", "1,500", "1500"),
        ("quantity", "Unlimited", "unlimited"),
        ("quantity", "12.5", "12.5"),
        ("quantity", "-5", "-5"),
        ("model", "Perpetual license", "perpetual"),
        ("model", "SUBSCRIPTION", "subscription"),
        ("model", "perpetual subscription", "perpetual subscription"),
        ("metric", "Per Core", "core"),
        ("metric", "Seats", "user"),
        ("metric", "device or user", "device or user"),
        ("product", "  Office   2024 ", "Office 2024"),
        ("sku", "", ""),
    ],
)
def test_other_spellings_are_understood_and_what_is_not_clear_stays(field, text, plain):
    assert drafts.plain(field, text) == plain
