"""What the columns of a file stand for is proposed by name and content, always the same way, with reasons."""

import pytest

from store.imports.flat import of_csv
from store.imports.mapping import proposing, shape
from tests.store.imports import samples


@pytest.fixture
def propose(tmp_path):
    def make(header, *rows, target=""):
        path = samples.write_csv(tmp_path / "list.csv", header, [dict(zip(header, row, strict=True)) for row in rows])
        return proposing.propose(of_csv(path), target)

    return make


def test_licenses_are_known_by_name_and_content(propose):
    header = ["Title", "Qty", "Price each", "Valid from", "Expiry", "Publisher", "PO number", "Remark"]
    found = propose(header, ["Office", "1.200", "1.250,50", "03.04.2025", "31.12.2026", "Microsoft", "4500", "x"])
    assert found.mapping.target == "licenses"
    assert found.mapping.columns == {
        "Title": "product",
        "Qty": "quantity",
        "Price each": "unit_price",
        "Valid from": "license_start",
        "Expiry": "license_end",
        "Publisher": "vendor",
        "PO number": "purchase_order_number",
    }
    assert (found.mapping.date_format, found.mapping.decimal) == ("DD/MM/YYYY", ",")
    assert found.reasons["Qty"] == "by its name and its quantities"
    assert found.reasons["Remark"] == "no field has this name"
    assert list(shape.problems(found.mapping)) == []


def test_a_column_whose_cells_contradict_its_name_is_not_taken(propose):
    found = propose(["Software", "Quantity", "Count"], ["Office", "ann@x.org", "5"])
    assert found.mapping.columns == {"Software": "product", "Count": "quantity"}
    assert found.reasons["Quantity"] == "its name says quantity, but its cells are not quantities"


def test_the_order_of_days_and_months_is_seen_in_the_days(propose):
    header = ["Software", "Seats", "Start date"]
    assert propose(header, ["A", "1", "12/31/2025"]).mapping.date_format == "MM/DD/YYYY"
    assert propose(header, ["A", "1", "31/12/2025"]).mapping.date_format == "DD/MM/YYYY"
    assert propose(header, ["A", "1", "2025-12-31"]).mapping.date_format == "YYYY-MM-DD"


def test_what_could_be_otherwise_is_said(propose):
    found = propose(["Software", "Seats", "Start date", "Price"], ["A", "1", "03/04/2025", "1.250"])
    assert found.doubts == (
        "No day tells whether days are DD/MM/YYYY or MM/DD/YYYY; DD/MM/YYYY is taken.",
        'No number tells whether "." or "," stands before decimals; "." is taken.',
    )


@pytest.mark.parametrize(
    ("header", "row", "target"),
    [
        (["Application", "Computer", "User"], ["Visio", "pc1", "ann"], "installations"),
        (["Product", "Required", "Department"], ["Visio", "12", "IT"], "demand"),
        (["sAMAccountName", "mail", "department", "Enabled"], ["ann", "a@x", "IT", "True"], "users"),
        (["Product", "Quantity", "Contract"], ["Visio", "12", "C"], "licenses"),
    ],
)
def test_what_the_rows_are_is_proposed_too(propose, header, row, target):
    assert propose(header, row).mapping.target == target


def test_a_target_can_be_asked_for(propose):
    found = propose(["Product", "Quantity", "Department"], ["Visio", "12", "IT"], target="demand")
    assert found.mapping.columns == {"Product": "product", "Quantity": "quantity", "Department": "resource_group"}


def test_known_formats_are_proposed_as_they_are_known(propose):
    found = propose(["Item name", "serial number", "seats", "reassignable"], ["A", "S", "1", "yes"])
    assert found.mapping.date_format == "MM/DD/YYYY"
    assert found.reasons["seats"] == "as Snipe-IT has it"


def test_the_same_file_gives_the_same_proposal(propose):
    header = ["Name", "Software", "Count", "Qty", "Date"]
    rows = [[f"n{n}", f"s{n}", str(n), str(n), "2026-01-01"] for n in range(30)]
    assert propose(header, *rows) == propose(header, *rows)


def test_double_and_empty_column_names_are_told_apart(propose, tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("Name,,Name,Qty\nOffice,x,y,5\n")
    assert of_csv(path).names == ("Name", "Column B", "Name (2)", "Qty")


def test_the_name_and_title_of_a_person_are_no_product(propose):
    header = ["DistinguishedName", "Enabled", "Name", "DisplayName", "Title", "Description", "SamAccountName"]
    row = ["CN=Ann,OU=Sales,DC=x", "True", "Ann", "Ann A.", "Head", "a person", "ann"]
    found = propose(header, row).mapping
    assert (found.target, found.columns) == ("users", {"Enabled": "enabled", "SamAccountName": "user"})
    assert propose([*header, "Software"], [*row, "Jira"]).mapping.columns["Software"] == "product"


def test_the_words_of_german_lists_are_known(propose):
    header = ["Software", "Lizenztyp", "Anzahl", "Gültig ab", "Gültig bis"]
    found = propose(header, ["Visio", "Abo", "5", "01.01.2026", "31.12.2026"]).mapping
    assert list(found.columns.values()) == ["product", "model", "quantity", "license_start", "license_end"]
    found = propose(["Computername", "Software", "Installationsdatum"], ["PC1", "Visio", "01.01.2026"]).mapping
    assert list(found.columns.values()) == ["device", "product", "installed_on"]
