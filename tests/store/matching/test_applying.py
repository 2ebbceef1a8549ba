"""Products in files of other programs get the names of the book where that is certain; nothing is lost."""

from pathlib import Path

import pytest

from store import undo
from store.content import content_hash
from store.imports import load
from store.imports.foreign import template_table
from store.imports.source import Source
from store.matching import applying, deciding
from tests import found
from tests.conftest import AS_OF
from tests.found import ACROBAT, VISIO


@pytest.fixture
def book(book, fill):
    fill(book, {"products": found.rows(found.PRODUCTS)})
    return book


def source(kind="other", **tables):
    made = tuple(
        template_table(name, f"{name} of the file", list(enumerate(rows, 2)), {}) for name, rows in tables.items()
    )
    return Source(kind, Path("other.csv"), "", made)


def rows(source):
    return {raw.table.name: [tuple(row) for _, part in raw.batches() for row in part] for raw in source.tables}


def license_(product, vendor="", **more):
    item = {"contract": "C1", "item": product, "product": product, "sku": "", "model": "perpetual", "metric": "device"}
    return {
        "products": [{"product": product, "vendor": vendor, "version": ""}],
        "contracts": [{"contract": "C1", "name": "C1", "invoice_date": "2026-01-01"}],
        "contract_items": [{**item, "quantity": "5", "license_start": "2026-01-01", **more}],
    }


VISIO_THERE = license_("Microsoft Visio Professional 2019 (x64)", "Microsoft Corp.")


def test_a_product_that_is_certain_is_named_as_in_the_book_and_not_told_again(book):
    made = rows(applying.apply(book, source(**VISIO_THERE)))
    assert made["products"] == []
    assert made["contract_items"][0][2] == VISIO


def test_applied_twice_it_is_the_same(book):
    once = applying.apply(book, source(**VISIO_THERE))
    assert rows(applying.apply(book, once)) == rows(once)


def test_the_own_format_means_what_it_says(book):
    own = source("template", **VISIO_THERE)
    assert applying.apply(book, own) is own


def test_what_needs_no_other_name_is_left_alone(book):
    plain = source(**license_(ACROBAT))
    assert applying.apply(book, plain) is plain


def test_a_product_that_nobody_knows_becomes_one_of_its_own(book):
    load.load_source(book, source(**license_("Unheard Of 7")), as_of=AS_OF)
    assert book.value("SELECT count(*) FROM products") == 7
    assert deciding.count(book) == 0


def test_a_product_that_something_is_near_to_waits_for_a_person_and_is_there_meanwhile(book):
    load.load_source(book, source(**license_("Ledger (x64)", "Somebody AG")), as_of=AS_OF)
    (one,) = deciding.waiting(book)
    assert (one.name, [each.product for each in one.candidates]) == ("Ledger (x64)", ["Ledger"])
    assert book.one("SELECT 1 FROM products WHERE product = 'Ledger (x64)'")


def test_a_decision_on_it_makes_it_the_other_product_in_one_step(book):
    load.load_source(book, source(**license_("Ledger (x64)", "Somebody AG")), as_of=AS_OF)
    before = content_hash(book)
    with undo.step(book, "Match"):
        deciding.decide(book, deciding.waiting(book), "Ledger")
    sql = "SELECT p.product, i.quantity FROM contract_items i JOIN products p ON p.id = i.product_id"
    assert book.rows(sql) == [("Ledger", 5)]
    assert book.one("SELECT 1 FROM products WHERE product = 'Ledger (x64)'") is None
    assert not load.load_source(book, source(**license_("Ledger (x64)", "Somebody AG")), as_of=AS_OF).changed
    undo.back(book)
    assert content_hash(book) == before


def test_a_part_number_of_the_book_names_the_product(book, fill):
    fill(book, license_(ACROBAT, sku="AP-1") | {"products": [{"product": ACROBAT}]})
    other = source(**license_("PDF editor, part no. 1", sku="AP-1"))
    assert rows(applying.apply(book, other))["contract_items"][0][2] == ACROBAT


def test_a_decision_serves_the_next_file(book):
    load.load_source(book, source(**license_("Ledger (x64)", "Somebody AG")), as_of=AS_OF)
    deciding.ignore(book, deciding.waiting(book))
    again = source(**license_("Ledger (x64)", "Somebody AG"))
    assert rows(applying.apply(book, again))["contract_items"][0][2] == "Ledger (x64)"


def test_two_names_of_one_product_are_one_installation_and_one_count(book):
    names = ["Acrobat Pro (x64)", "ACROBAT PRO"]
    products = [{"product": name, "vendor": "Adobe"} for name in names]
    installations = [{"product": name, "device": "PC1"} for name in names] + [{"product": VISIO, "device": "PC1"}]
    counts = [
        {"product": n, "metric": "device", "source": "x", "quantity": q} for n, q in zip(names, "53", strict=True)
    ]
    made = source(products=products, installations=installations, demand=counts)
    found = rows(applying.apply(book, made))
    assert [row[:2] for row in found["installations"]] == [(ACROBAT, "PC1"), (VISIO, "PC1")]
    assert [(row[0], row[-1]) for row in found["demand"]] == [(ACROBAT, "8")]


def test_names_that_only_rows_tell_are_matched_too(book):
    made = source(installations=[{"product": " acrobat PRO ", "device": "PC1"}])
    assert rows(applying.apply(book, made))["installations"] == [(ACROBAT, "PC1")]


def test_what_is_no_quantity_is_left_to_be_refused(book):
    products = [{"product": "Acrobat Pro (x64)", "vendor": "Adobe"}]
    counts = [{"product": "Acrobat Pro (x64)", "metric": "device", "source": "x", "quantity": "many"}]
    found = rows(applying.apply(book, source(products=products, demand=counts)))
    assert [(row[0], row[-1]) for row in found["demand"]] == [(ACROBAT, "many")]
