"""Free files read by a mapping: licenses, installations, demand and lists of people, with everything that goes wrong."""

import csv
from dataclasses import replace

import pytest

from store.imports.dry_run import stops
from store.imports.mapping.shape import ColumnMapping, LeaveOut
from store.imports.readers import open_source
from store.imports.source import without_refused
from tests.store.imports import samples
from tests.store.imports.conftest import reading_of

HEADER = ["Software", "Anzahl", "Preis", "Beginn", "Ende", "Status", "Vertrag"]
BOUGHT = ColumnMapping(
    "Reseller",
    "licenses",
    {
        "Software": "product",
        "Anzahl": "quantity",
        "Preis": "unit_price",
        "Beginn": "license_start",
        "Ende": "license_end",
        "Vertrag": "contract",
    },
    {"metric": "user"},
    "DD/MM/YYYY",
    ",",
    ("unbegrenzt",),
    (LeaveOut("Status", ("storniert",)),),
)
ROW = {"Software": "Office", "Anzahl": "1.200", "Preis": "1.250,50 €", "Beginn": "03.04.2025", "Vertrag": "V-1"}


@pytest.fixture
def read(tmp_path):
    def make(header, *rows, mapping=BOUGHT):
        return reading_of(open_source(samples.write_csv(tmp_path / "liste.csv", header, rows), mapping=mapping))

    return make


def items(found):
    names = "contract product model metric quantity license_start license_end unit_price".split()
    return [tuple(row[name] for name in names) for row in found.rows.get("contract_items", [])]


def test_a_row_is_read_as_the_mapping_says(read):
    found = read(HEADER, ROW)
    assert found.errors == []
    assert items(found) == [("V-1", "Office", "perpetual", "user", 1200, "2025-04-03", None, "1250.50")]
    assert found.rows["contracts"][0]["currency"] == "EUR"
    assert found.source.reason == "the mapping Reseller"


def test_words_for_unlimited_are_those_of_the_mapping(read):
    assert items(read(HEADER, ROW | {"Anzahl": "Unbegrenzt"}))[0][4] == 2**52
    assert "is not a number" in read(HEADER, ROW | {"Anzahl": "unlimited"}).source.left_out[0].reason


def test_rows_are_left_aside_by_what_a_column_says(read):
    found = read(HEADER, ROW, ROW | {"Status": "Storniert", "Anzahl": "nonsense"})
    (row,) = found.source.left_out
    assert (row.place, row.reason) == ("liste.csv, row 3", 'Status is "Storniert", and such rows are left aside')
    assert (found.errors, found.source.read, found.source.left) == ([], 2, 1)


@pytest.mark.parametrize(
    ("change", "column", "reason"),
    [
        ({"Anzahl": "12,5"}, "Anzahl", '"12,5" is not a whole number'),
        ({"Anzahl": "1,200.00"}, "Anzahl", 'is not a number; this file has "," before the decimals'),
        ({"Anzahl": "3.000.000.000"}, "Anzahl", "is too large"),
        ({"Preis": "12 EUR USD"}, "Preis", "is not an amount"),
        ({"Preis": "-1"}, "Preis", "is negative"),
        ({"Beginn": "31.02.2025"}, "Beginn", "is not a day of the calendar"),
        ({"Beginn": "gestern"}, "Beginn", "is not a date; this file has days as DD/MM/YYYY"),
        ({"Ende": "01.01.2020"}, "Ende", "before it begins on 2025-04-03"),
        ({"Software": ""}, "Software", "the cell is empty, and it is needed"),
        ({"Software": "x" * 501}, "Software", "has 501 characters"),
    ],
)
def test_a_refused_row_tells_place_column_and_reason(read, change, column, reason):
    found = read(HEADER, ROW, ROW | change)
    assert found.errors[0].startswith(f"error: liste.csv, row 3, column {column}: ")
    assert reason in found.errors[0]
    (row,) = found.source.left_out
    assert dict(row.cells).get(column, "")[:10] == change[column][:10]
    assert len(items(found)) == 1


def test_an_end_that_is_never_is_none(read):
    for word in ("31.12.9999", "nie", "9999-12-31", "never"):
        assert items(read(HEADER, ROW | {"Ende": word}))[0][2] == "perpetual"


def test_words_of_the_mapping_translate_cells(read):
    typed = replace(
        BOUGHT, columns={**BOUGHT.columns, "Status": "model"}, leave_out=(), words={"model": {"Miete": "subscription"}}
    )
    assert items(read(HEADER, ROW | {"Status": "miete"}, mapping=typed))[0][2] == "subscription"


def test_a_mapping_for_columns_that_are_not_there_is_refused(read):
    assert read(["Software", "Anzahl"], ROW and {"Software": "A", "Anzahl": "1"}).errors[0] == (
        "error: liste.csv, mapping Reseller: There is no column Preis in the file."
    )


INSTALLED = ColumnMapping(
    "Scan",
    "installations",
    {"App": "product", "PC": "device", "Who": "user", "Dept": "resource_group", "Cores": "cores"},
)


def test_installations_bring_their_products_and_groups(read):
    found = read(
        ["App", "PC", "Who", "Dept", "Cores"],
        {"App": "Visio", "PC": "pc1", "Who": "ann", "Dept": "Sales", "Cores": "8"},
        {"App": "Visio", "PC": "pc2", "Dept": "IT", "Cores": "4"},
        {"App": "Visio", "PC": "pc1", "Who": "ann", "Dept": "IT", "Cores": "4"},
        mapping=INSTALLED,
    )
    assert [
        (row["product"], row["device"], row["user"], row["resource_group"], row["cores"], row["source"])
        for row in found.rows["installations"]
    ] == [("Visio", "pc1", "ann", "Sales", 8, "Scan"), ("Visio", "pc2", None, "IT", 4, "Scan")]
    assert [row["name"] for row in found.rows["resource_groups"]] == ["Sales", "IT"]
    assert found.source.left_out[0].reason == "row 2 tells of this already"


DEMANDED = ColumnMapping(
    "Count", "demand", {"App": "product", "Needed": "quantity", "Site": "resource_group"}, {"metric": "device"}
)


def test_demand_that_is_told_twice_is_refused(read):
    found = read(
        ["App", "Needed", "Site"],
        {"App": "Visio", "Needed": "12", "Site": "Rome"},
        {"App": "Visio", "Needed": "9", "Site": "Oslo"},
        {"App": "Visio", "Needed": "5", "Site": "Rome"},
        mapping=DEMANDED,
    )
    assert [
        (row["product"], row["metric"], row["resource_group"], row["quantity"], row["source"])
        for row in found.rows["demand"]
    ] == [("Visio", "device", "Rome", 12, "Count"), ("Visio", "device", "Oslo", 9, "Count")]
    assert "row 2 gives the demand of this product" in found.errors[0]


PEOPLE = ColumnMapping(
    "Directory",
    "users",
    {"sAMAccountName": "user", "mail": "mail", "department": "resource_group", "Enabled": "enabled"},
    {"product": "Microsoft 365 E3"},
)


def test_people_are_installations_of_the_product_counted_by_user_without_disabled_accounts(read):
    found = read(
        ["sAMAccountName", "mail", "department", "Enabled"],
        {"sAMAccountName": "ann", "mail": "ann@x.org", "department": "Sales", "Enabled": "True"},
        {"sAMAccountName": "bob", "department": "CN=IT\\, Core,OU=Groups,DC=x", "Enabled": "512"},
        {"sAMAccountName": "old", "mail": "old@x.org", "Enabled": "False"},
        {"sAMAccountName": "gone", "mail": "gone@x.org", "Enabled": "514"},
        mapping=PEOPLE,
    )
    assert [
        (row["product"], row["device"], row["user"], row["resource_group"]) for row in found.rows["installations"]
    ] == [
        ("Microsoft 365 E3", "ann", "ann@x.org", "Sales"),
        ("Microsoft 365 E3", "bob", "bob", "IT, Core"),
    ]
    assert found.rows["products"][0]["metric"] == "user"
    assert [row.reason for row in found.source.left_out] == ["the account is disabled"] * 2
    assert (found.errors, found.source.read, found.source.left) == ([], 4, 2)


def test_a_sheet_with_a_title_above_its_header_is_read(tmp_path):
    rows = [
        ["Report of October"],
        [],
        ["App", "Needed", "Site"],
        ["Visio", 12, "Rome"],
        [None, None, None],
        ["Jira", 3, "Rome"],
    ]
    found = reading_of(open_source(samples.write_xlsx(tmp_path / "r.xlsx", Demand1=rows), mapping=DEMANDED))
    assert [(row["row"], row["product"], row["quantity"]) for row in found.rows["demand"]] == [
        (4, "Visio", 12),
        (6, "Jira", 3),
    ]
    assert found.source.tables[-1].cell_place(4, "quantity") == "r.xlsx, sheet Demand1, row 4, column Needed"


def test_every_row_of_a_large_file_is_stored_or_refused_as_a_second_reader_counts(tmp_path):
    rows = [{"App": f"P{n % 7}", "Needed": str(n) if n % 11 else "many", "Site": f"S{n}"} for n in range(12_000)]
    path = samples.write_csv(tmp_path / "d.csv", ["App", "Needed", "Site"], rows)
    source = open_source(path, mapping=DEMANDED)
    stored = sum(len(numbers) for raw in source.tables if raw.table.name == "demand" for numbers, _ in raw.batches())
    with path.open(newline="") as file:
        told = sum(1 for _ in csv.DictReader(file))
    assert (source.read, stored + source.left) == (told, told)
    assert source.left == len([n for n in range(12_000) if n % 11 == 0])


def test_beyond_a_thousand_refused_rows_the_rest_can_still_be_imported(tmp_path):
    rows = [{"A": f"P{number}", "B": "few" if number else "5"} for number in range(1_102)]
    mapping = ColumnMapping("List", "licenses", {"A": "product", "B": "quantity"})
    source = open_source(samples.write_csv(tmp_path / "x.csv", ["A", "B"], rows), mapping=mapping)
    assert [str(one) for one in source.findings if one.code == "more-rows-refused"] == [
        "error: x.csv: 101 more findings are not listed; correct those above first"
    ]
    assert not stops(source)
    assert {finding.severity for finding in without_refused(source).findings} == {"warning"}


def test_a_remembered_mapping_reads_files_that_spell_its_columns_otherwise(tmp_path):
    mapping = ColumnMapping(
        "List",
        "licenses",
        {"Artikel": "product", "Anzahl Lizenzen": "quantity"},
        leave_out=(LeaveOut("Status", ("tot",)),),
        header=("Artikel", "Anzahl Lizenzen", "Status"),
    )
    path = tmp_path / "x.csv"
    path.write_text("STATUS;anzahl_lizenzen;ARTIKEL\nlebt;5;Visio\ntot;7;Word\n")
    found = reading_of(open_source(path, remembered=[mapping]))
    assert (found.source.reason, found.errors) == ("the mapping List", [])
    assert [(row["product"], row["quantity"]) for row in found.rows["contract_items"]] == [("Visio", 5)]
    assert [row.reason for row in found.source.left_out] == ['STATUS is "tot", and such rows are left aside']
