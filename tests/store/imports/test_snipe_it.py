"""License files of Snipe-IT: the sample header and the internal names, seats in several rows, dates, money, notes."""

import pytest

from tests.store.imports import samples

OFFICE = {
    "Item name": "Office",
    "serial number": "AAAA-1",
    "Category": "Office Software",
    "manufacturer": "Microsoft",
    "purchase date": "02/28/2025",
    "purchase cost": "$1,250.00",
    "purchase order": "PO-7",
    "expiration date": "",
    "maintained": "no",
    "reassignable": "yes",
    "seats": "10",
    "supplier": "Softshop",
    "notes": 'first line\nsecond "line", with a comma',
}


@pytest.fixture
def licenses(tmp_path, read):
    return lambda *rows, header=samples.SNIPE_IT: read(samples.write_csv(tmp_path / "any name.txt", header, rows))


def items(found):
    names = "contract item product model metric quantity license_start license_end unit_price".split()
    return [tuple(row[name] for name in names) for row in found.rows["contract_items"]]


def test_a_license_is_a_contract_with_one_item_of_seats(licenses):
    found = licenses(OFFICE)
    assert (found.source.kind, found.errors) == ("snipe-it", [])
    assert items(found) == [
        ("Office (AAAA-1)", "AAAA-1", "Office", "perpetual", "user", 10, "2025-02-28", None, "125.00")
    ]
    (contract,) = found.rows["contracts"]
    assert (contract["name"], contract["currency"], contract["supplier"]) == ("Office", "USD", "Softshop")
    assert (contract["invoice_date"], contract["purchase_order_number"]) == ("2025-02-28", "PO-7")
    assert found.rows["products"][0]["vendor"] == "Microsoft"


def test_what_is_not_taken_is_said(licenses):
    (line,) = licenses(OFFICE).lines
    assert line.startswith("info: any name.txt: not taken from this file: Full Name, Email, Username, Category")


def test_several_rows_of_one_license_are_its_seats(licenses):
    rows = [OFFICE | {"Full Name": name, "Email": f"{name}@x.org"} for name in ("Ann", "Bob", "Cem")]
    found = licenses(*rows, OFFICE | {"serial number": "BBBB-2", "seats": "4"})
    assert [(row[1], row[5]) for row in items(found)] == [("AAAA-1", 10), ("BBBB-2", 4)]
    assert (found.source.read, found.source.left) == (4, 0)


def test_who_holds_a_seat_has_one_even_where_the_file_says_fewer(licenses):
    rows = [OFFICE | {"seats": "1", "Username": name} for name in ("ann", "bob", "cem")]
    assert items(licenses(*rows))[0][5] == 3


def test_the_larger_number_of_seats_counts_where_rows_disagree(licenses):
    assert items(licenses(OFFICE | {"seats": "5"}, OFFICE | {"seats": "7"}))[0][5] == 7


def test_an_expiration_is_the_end_of_a_subscription_and_a_termination_ends_whatever_comes_later(licenses):
    rows = [
        {"item_name": "Cloud", "seats": "5", "expiration_date": "12/31/2026", "reassignable": "true"},
        {"item_name": "Old", "seats": "5", "termination_date": "06/30/2026", "reassignable": "false"},
        {"item_name": "Both", "seats": "5", "expiration_date": "12/31/2026", "termination_date": "01/31/2026"},
    ]
    found = licenses(*rows, header=samples.SNIPE_IT_INTERNAL)
    assert [(row[2], row[3], row[7]) for row in items(found)] == [
        ("Cloud", "subscription", "2026-12-31"),
        ("Old", "perpetual", "2026-06-30"),
        ("Both", "subscription", "2026-01-31"),
    ]


@pytest.mark.parametrize("serial", ["Serial Number", "SERIAL NO.", "serial no", "Product Key", "Key", "serial"])
def test_the_aliases_of_the_serial_number_are_known_whatever_their_case(licenses, serial):
    found = licenses(
        {"Software Name": "Office", serial: "S-1", "Seats": "3", "Reassignable": "yes"},
        header=["Software Name", serial, "Seats", "Reassignable", "Min. QTY"],
    )
    assert (found.source.kind, items(found)[0][:2]) == ("snipe-it", ("Office (S-1)", "S-1"))


@pytest.mark.parametrize("least", ["Min. QTY", "Min Amount", "MINIMUM AMOUNT", "min quantity", "Minimum Quantity"])
def test_a_file_with_nothing_else_of_its_own_is_known_by_the_aliases_of_the_least_number(licenses, least):
    row = {"Item Name": "Office", "Serial No.": "S-1", "Seats": "3", least: "1"}
    found = licenses(row, header=["Item Name", "Serial No.", "Category", "Seats", least])
    assert (found.source.kind, items(found)[0][:2]) == ("snipe-it", ("Office (S-1)", "S-1"))


def test_maintained_licenses_have_maintenance_beside_them(licenses):
    found = licenses(OFFICE | {"maintained": "TRUE"})
    assert [(row[1], row[3], row[5]) for row in items(found)] == [
        ("AAAA-1", "perpetual", 10),
        ("AAAA-1, maintenance", "maintenance", 10),
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"seats": "0"}, 'seats: "0" is no number of seats'),
        ({"seats": "many"}, 'seats: "many" is not a number'),
        ({"seats": ""}, "seats: the quantity is empty"),
        ({"Item name": " "}, "Item name: the cell is empty"),
        ({"purchase date": "28/02/2025"}, 'purchase date: "28/02/2025" is not a day of the calendar'),
        ({"purchase cost": "cheap"}, 'purchase cost: "cheap" is not an amount'),
        ({"maintained": "perhaps"}, 'maintained: "perhaps" is neither true nor false'),
        ({"expiration date": "01/01/2025"}, "expiration date: the license ends on 2025-01-01, before it begins"),
    ],
)
def test_a_refused_row_tells_its_place_and_why_and_the_others_are_read(licenses, change, reason):
    start = {"purchase date": "02/28/2025"}
    found = licenses(OFFICE | start, OFFICE | {"serial number": "X"} | change)
    (row,) = found.source.left_out
    assert row.reason.startswith(reason) or reason in row.reason
    assert found.errors[0].startswith("error: any name.txt, row 3")
    assert (found.source.read, found.source.left) == (2, 1)
    assert [one[1] for one in items(found)] == ["AAAA-1"]


def test_a_row_with_too_many_cells_is_told(tmp_path, read):
    path = samples.write_csv(tmp_path / "a.csv", samples.SNIPE_IT, [OFFICE])
    with path.open("a") as file:
        file.write("one,two\n")
    assert read(path).errors == [
        "error: a.csv, row 3: the row has 2 cells and the header 20; put a cell that holds a separator in quotation marks"
    ]


def test_of_a_report_whose_names_have_commas_without_quotation_marks_the_other_rows_are_read(tmp_path, read):
    path = tmp_path / "custom-report.txt"
    path.write_text(
        "License,Serial,Seats,Remaining Seats,Expiration Date,Purchase Date,Depreciation,Purchase Cost\n"
        "Photoshop,AAAA,10,3,2026-12-31,2024-01-02,None,$12.50\n"
        "Acme, Inc. Office,BBBB,5,5,,2024-01-02,None,$9.00\n"
        "Visio,CCCC,7,7,,,,\n"
    )
    found = read(path)
    assert [row[2] for row in items(found)] == ["Photoshop", "Visio"]
    assert (found.source.kind, found.source.read, found.source.left) == ("snipe-it", 3, 1)
    assert [(row.place, row.reason.partition(";")[0]) for row in found.source.left_out] == [
        ("custom-report.txt, row 3", "the row has 9 cells and the header 8")
    ]
