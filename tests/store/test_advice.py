"""What is allowed but seldom meant is said while a contract is typed."""

from dataclasses import replace
from datetime import date

from store import advice, contracts
from store.records import Contract, ContractItem

DAY = date(2026, 11, 21)
ITEM = ContractItem("C1", "1", "Office", "perpetual", "device", 100, date(2024, 2, 1))
C1 = Contract("C1", "First", date(2026, 1, 15), "EUR", supplier="Contoso", invoice_number="4711")


def on_item(**other):
    return [(one.code, one.place) for one in advice.on_item(replace(ITEM, **other), DAY)]


def on_contract(book, **other):
    return [(one.code, one.place) for one in advice.on_contract(book, replace(C1, **other), DAY)]


def test_an_ordinary_item_needs_no_thought():
    assert on_item() == []
    assert on_item(model="subscription", license_end=DAY) == []


def test_a_model_that_does_not_go_with_its_end_is_pointed_out():
    assert on_item(license_end=date(2027, 1, 31)) == [("perpetual-with-end", "license_end")]
    assert on_item(model="subscription") == [("end-missing", "license_end")]
    assert on_item(model="maintenance") == [("end-missing", "license_end")]


def test_an_item_that_gives_nothing_today_is_pointed_out():
    assert on_item(model="subscription", license_end=date(2026, 11, 20)) == [("ended", "license_end")]
    assert on_item(license_start=date(2026, 11, 22)) == [("upcoming", "license_start")]
    assert on_item(quantity=0) == [("no-quantity", "quantity")]


def test_an_invoice_number_that_the_supplier_gave_before_is_pointed_out(book):
    assert on_contract(book) == []
    contracts.save(book, C1)
    assert on_contract(book) == []
    assert on_contract(book, contract="C2") == [("invoice-known", "invoice_number")]
    assert on_contract(book, contract="C2", supplier="CONTOSO") == [("invoice-known", "invoice_number")]
    assert on_contract(book, contract="C2", supplier="Other") == []
    assert on_contract(book, contract="C2", invoice_number=" ") == []


def test_days_that_look_wrong_are_pointed_out(book):
    assert on_contract(book, invoice_date=date(2026, 12, 1)) == [("invoice-later", "invoice_date")]
    assert on_contract(book, notice_date=date(2025, 12, 1)) == [("notice-before-invoice", "notice_date")]
    assert on_contract(book, notice_date=date(2026, 12, 1)) == []
