"""Texts of orders and invoices: what is found in them, where it stands, and how sure that is."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from store.imports import loose, text_reader
from store.imports.product_names import Products
from store.imports.reading import LIKELY, SURE, UNSURE

TEXTS = Path(__file__).parent / "texts"
EXPECTED = json.loads((TEXTS / "expected.json").read_text(encoding="utf-8"))
MARKS = {SURE: "", LIKELY: " ~", UNSURE: " ?"}
PRODUCTS = Products(
    [
        *("Windows Server 2025 Standard", "Windows Server 2025 Datacenter", "Windows Server 2025 User CAL"),
        *("Windows 11 Enterprise", "Microsoft 365 E3", "Microsoft 365 E5", "SQL Server 2022 Standard"),
        *("SQL Server 2022 Enterprise", "Acrobat Pro 2024"),
    ],
    {"Windows Server 2025 Standard": "core", "Microsoft 365 E3": "user"},
)


def marked(fields):
    """Values with a mark for how sure they are: nothing, "~" likely, "?" unsure."""
    return {name: reading.value + MARKS[reading.confidence] for name, reading in fields.items() if name != "item"}


def read(text):
    return text_reader.read(text, PRODUCTS)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_text_gives_the_fields_that_a_person_reads_in_it(name):
    found = read((TEXTS / f"{name}.txt").read_text(encoding="utf-8"))
    assert marked(found.contract) == EXPECTED[name]["contract"]
    assert [marked(item) for item in found.items] == EXPECTED[name]["items"]


def test_every_written_text_has_its_expected_fields():
    assert {path.stem for path in TEXTS.glob("*.txt")} == set(EXPECTED)


# ------------------------------------------------------------------------------------------------------------- places
VERBATIM = (
    "contract",
    "name",
    "supplier",
    "customer",
    "sku",
    "invoice_number",
    "purchase_order_number",
    "quote_number",
)


def hold(text, found):
    """Every place lies in the text, and what is read word for word stands there so."""
    for fields in (found.contract, *found.items):
        for name, reading in fields.items():
            assert 0 <= reading.start < reading.end <= len(text)
            place = text[reading.start : reading.end]
            if name in VERBATIM:
                assert place == reading.value
            if name == "quantity" and reading.value != "unlimited":
                assert reading.value in "".join(filter(str.isdigit, place))
            if name in ("invoice_date", "notice_date"):
                assert reading.value in {day.value.isoformat() for first in (0, 1) for day in days(place, first)}


def days(place, month_first):
    return loose.days(place, month_first=bool(month_first))


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_place_of_each_value_holds_the_value(name):
    text = (TEXTS / f"{name}.txt").read_text(encoding="utf-8")
    hold(text, read(text))


PIECES = st.sampled_from(
    [
        *(
            "Invoice no.: ",
            "Supplier: ",
            "Customer:\n",
            "PO 4711",
            "Quote ",
            "Contract ID ",
            "date ",
            "until ",
            "from ",
        ),
        *("500 x ", "qty 12 ", "seats", "unlimited ", "Windows Server 2025 Standard", "SQL Server 2022", "Foo Suite 3"),
        *(
            "1.250,50 EUR",
            "$1,250.50",
            "12.00",
            " each",
            " total ",
            "2026-11-21",
            "21.11.2026",
            "11/12/2026",
            "31/31/2026",
        ),
        *(
            "3 years",
            "999 months",
            "perpetual",
            "subscription",
            "software assurance",
            "per core",
            "\n",
            "\n\n",
            "\t",
            ", ",
        ),
        *(
            "SKU 9EM-00124",
            "notice by ",
            "0 x ",
            "9999-12-31",
            "0001-01-01",
            "\u00a0",
            "😀",
            "İ",
            "\r\n",
            "currency: CHF",
        ),
    ]
)


@settings(deadline=None, max_examples=150)
@given(st.lists(PIECES | st.text(max_size=12), max_size=40).map("".join))
def test_no_text_is_too_strange_and_every_place_lies_in_it(text):
    hold(text, read(text))


def test_the_same_text_always_gives_the_same_fields():
    text = (TEXTS / "order-confirmation.txt").read_text(encoding="utf-8")
    assert read(text) == read(text)


def test_a_very_long_text_is_read_up_to_a_limit():
    text = "x " * text_reader.LONGEST + "Invoice no. 4711"
    assert "invoice_number" not in read(text).contract


def test_numbers_without_an_end_do_not_keep_the_reader_busy():
    assert read("1," * 50_000).items == ()


# ------------------------------------------------------------------------------------------------------ single values
@pytest.mark.parametrize(
    ("text", "day", "other"),
    [
        ("2026-11-21", date(2026, 11, 21), None),
        ("21.11.2026", date(2026, 11, 21), None),
        ("11/21/2026", date(2026, 11, 21), None),
        ("21 November 2026", date(2026, 11, 21), None),
        ("21st of Nov. 2026", date(2026, 11, 21), None),
        ("21. März 2026", date(2026, 3, 21), None),
        ("November 21, 2026", date(2026, 11, 21), None),
        ("03/04/2026", date(2026, 4, 3), date(2026, 3, 4)),
        ("04/04/2026", date(2026, 4, 4), None),
    ],
)
def test_a_day_is_read_in_every_usual_spelling_and_told_when_it_could_be_another(text, day, other):
    (found,) = loose.days(f"on {text}.")
    assert (found.value, found.other) == (day, other)
    assert f"on {text}."[found.start : found.end] == text


@pytest.mark.parametrize(
    "text", ["2026-02-30", "32.01.2026", "13/13/2026", "12026-01-01", "1.2.2026.3", "30 February 2026"]
)
def test_what_is_no_day_is_not_read_as_one(text):
    assert list(loose.days(text)) == []


def test_a_day_that_could_be_two_is_unsure_and_says_so():
    reading = read("Invoice date: 03/04/2026").contract["invoice_date"]
    assert reading.confidence == UNSURE
    assert "could also be 2026-03-04" in reading.remark


def test_one_day_with_a_single_meaning_decides_the_order_of_all():
    assert read("Invoice date: 03/04/2026, notice by 03/25/2027").contract["invoice_date"].value == "2026-03-04"
    assert read("Invoice date: 03/04/2026, notice by 25/03/2027").contract["invoice_date"].value == "2026-04-03"


@pytest.mark.parametrize(
    ("text", "value", "currency", "unsure"),
    [
        ("1.250,50 EUR", "1250.50", "EUR", False),
        ("$1,250.50", "1250.50", "USD", False),
        ("CHF 1'250.00", "1250.00", "CHF", False),
        ("€ 12", "12", "EUR", False),
        ("1250,5 EUR", "1250.5", "EUR", False),
        ("1.250 EUR", "1250", "EUR", True),
        ("1.250.000 EUR", "1250000", "EUR", False),
        ("62.50", "62.50", "", False),
    ],
)
def test_an_amount_is_read_with_its_currency(text, value, currency, unsure):
    (found,) = loose.amounts(text)
    assert (f"{found.value:f}", found.currency, found.unsure) == (value, currency, unsure)


@pytest.mark.parametrize("text", ["1,2,3.00 EUR", "1.25.00,10 EUR", "1,000.50,25.75 EUR", "2025"])
def test_what_is_no_amount_is_not_read_as_one(text):
    assert list(loose.amounts(text)) == []


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("500 x", 500, ""),
        ("qty 500", 500, ""),
        ("Quantity: 1,500", 1500, ""),
        ("500 licenses", 500, "licenses"),
        ("25 named users", 25, "users"),
        ("16 cores", 16, "cores"),
        ("16-core", 16, "core"),
        ("unlimited", None, ""),
    ],
)
def test_a_quantity_is_read_with_what_is_counted(text, value, unit):
    (found,) = loose.quantities(text)
    assert (found.value, found.unit) == (value, unit)


def test_a_quantity_that_no_field_takes_is_none():
    assert list(loose.quantities("9999999999 x")) == []


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2026, 1, 1), 12, date(2026, 12, 31)),
        (date(2026, 12, 15), 1, date(2027, 1, 14)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(9999, 12, 1), 1, None),
    ],
)
def test_a_term_ends_on_the_day_before_its_first_day_comes_again(first, months, last):
    assert loose.last_day(first, months) == last


def test_a_term_of_no_months_is_none():
    assert list(loose.terms("0 months")) == []


# --------------------------------------------------------------------------------------------------------- the wording
@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("Windows 11 Enterprise, 5 devices, 2026-01-01 - 2026-12-31", "license_start", "2026-01-01"),
        ("Windows 11 Enterprise, 5 devices, 2026-01-01 - 2026-12-31", "license_end", "2026-12-31"),
        ("Windows 11 Enterprise, 5 devices, 9999 months from 9990-01-01", "license_start", "9990-01-01"),
        ("3 x Windows 11 Enterprise, part number W11-0001, 100.00 EUR in total 300.00 EUR", "unit_price", "100.00"),
        ("3 x Windows 11 Enterprise, total: 100.00 EUR", "quantity", "3"),
        ("5 x Power BI Subscription Pack, 12.00 EUR", "model", "subscription"),
        ("Windows 11 Enterprise and 5 x Microsoft 365 E3", "product", "Microsoft 365 E3"),
        ("2 packs Windows 11 Enterprise, qty 40", "quantity", "40"),
        ("4 x Microsoft 365 E3", "metric", "user"),
        ("4 x Windows 11 Enterprise 9EM-00124", "sku", "9EM-00124"),
    ],
)
def test_an_item_is_read_from_what_stands_around_its_product(text, field, value):
    assert read(text).items[0][field].value == value


def test_a_total_that_does_not_divide_leaves_the_price_open():
    assert "unit_price" not in read("3 x Windows 11 Enterprise, total: 100.00 EUR").items[0]


def test_a_total_without_a_quantity_leaves_the_price_open():
    assert "unit_price" not in read("Windows 11 Enterprise, total: 100.00 EUR").items[0]


def test_a_term_beyond_the_calendar_has_no_end():
    assert "license_end" not in read("Windows 11 Enterprise, 12 months from 9999-06-01").items[0]


def test_a_product_that_is_only_mentioned_beside_others_is_no_item():
    assert len(read("5 x Microsoft 365 E3\n\nreplaces Windows 11 Enterprise").items) == 1


def test_a_supplier_is_no_product_though_it_bears_the_name_of_one():
    assert (
        read("Supplier: Windows 11 Enterprise Shop\n\n5 x Microsoft 365 E3").items[0]["product"].value
        == "Microsoft 365 E3"
    )


def test_the_days_of_one_product_are_not_those_of_another():
    first, second = read("5 x Microsoft 365 E3 from 2026-01-01\n5 x Windows 11 Enterprise").items
    assert first["license_start"].value == "2026-01-01"
    assert "license_start" not in second


@pytest.mark.parametrize("text", ["31/31/2026", "31/31/2026 $"])
def test_a_slashed_day_that_is_none_in_either_order_is_not_read(text):
    assert "invoice_date" not in read(f"Invoice date: {text}").contract


def test_amounts_of_several_currencies_leave_the_currency_unsure():
    reading = read("5 x Microsoft 365 E3, 10.00 EUR each, list 12.00 USD, 11.00 EUR").contract["currency"]
    assert (reading.value, reading.confidence, reading.remark) == ("EUR", UNSURE, "The text also has amounts in USD.")


def test_a_number_in_the_name_of_a_product_is_no_article_number():
    assert "sku" not in read("5 x SKU 9EM-00124").items[0]


def test_products_of_the_book_are_found_however_they_are_written():
    assert PRODUCTS.find("microsoft 365  (e3)") == "Microsoft 365 E3"
    assert PRODUCTS.find("Microsoft 365") == ""


def test_an_item_without_an_invoice_date_or_any_other_day_has_no_start():
    assert "license_start" not in read("5 x Microsoft 365 E3").items[0]


def test_a_model_that_is_said_of_all_products_is_that_of_each():
    first, second = read("All licenses are perpetual.\n\n5 x Microsoft 365 E3\n2 x Windows 11 Enterprise").items
    assert (first["model"].value, first["model"].confidence) == ("perpetual", LIKELY)
    assert second["model"].value == "perpetual"


def test_a_product_whose_name_looks_like_an_article_number_has_none():
    found = text_reader.read("5 x Tool ABC-12345, part number 77-1", Products(["Tool ABC-12345"])).items[0]
    assert (found["product"].value, found["sku"].value) == ("Tool ABC-12345", "77-1")
