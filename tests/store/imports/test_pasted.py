"""Rows that are copied out of a spreadsheet, or stand in somebody else's file, become items."""

import pytest

from store.imports import pasted


def read(text):
    return pasted.read(pasted.cells_of(text))


def test_headers_are_known_in_many_spellings_and_cells_in_usual_ones():
    table = read("Product name\tQty\tValid from\tPrice each\nOffice\t1,500\t21.11.2026\t1.250,50 EUR\n")
    assert table.items == (
        {"product": "Office", "quantity": "1500", "license_start": "2026-11-21", "unit_price": "1250.50"},
    )


@pytest.mark.parametrize("mark", ["\t", ";", ","])
def test_cells_are_separated_as_the_header_shows(mark):
    assert read(f"product{mark}quantity\nOffice{mark}5").items == ({"product": "Office", "quantity": "5"},)


def test_without_a_header_cells_stand_in_the_order_of_the_template():
    table = read("Office\tperpetual\tper device\t5\t2026-01-01\n")
    assert table.items[0] == {
        "product": "Office",
        "model": "perpetual",
        "metric": "device",
        "quantity": "5",
        "license_start": "2026-01-01",
    }


def test_what_all_rows_say_of_their_contract_is_the_contracts():
    table = read("supplier,PO,invoice date,product\nContoso,1,2026-01-01,A\nContoso,2,2026-01-01,B\n")
    assert table.contract == {"supplier": "Contoso", "invoice_date": "2026-01-01"}
    assert [item["product"] for item in table.items] == ["A", "B"]


def test_columns_that_nobody_knows_are_named():
    assert read("product,mood,,qty\nOffice,good,,5").unknown == ("mood",)


def test_what_is_wrong_stays_as_it_is_to_be_shown():
    assert read("product,qty\nOffice,many").items == ({"product": "Office", "quantity": "many"},)


def test_empty_rows_and_short_ones_are_no_trouble():
    assert read("\n\nproduct\tqty\n\t\nOffice\n").items == ({"product": "Office"},)
    assert read("").items == ()
    assert read(" \n \t \n").items == ()


def test_a_quotation_mark_in_a_cell_is_no_trouble():
    assert read('product,qty\n"Office, ""large""",5').items[0]["product"] == 'Office, "large"'
    assert read('product\tqty\nMonitor 24"\t5').items[0]["product"].startswith("Monitor 24")


def test_a_cell_that_is_larger_than_any_is_split_by_lines(monkeypatch):
    assert len(read('product,qty\n"' + "x" * 200_000 + '",5').items) == 1
