"""The license file of Configuration Manager, with the header that Microsoft documents."""

import pytest

from store.imports.source import without_refused

HEADER = (
    "Name,Publisher,Version,Language,EffectiveQuantity,PONumber,ResellerName,DateOfPurchase,SupportPurchased,"
    "SupportExpirationDate,Comments\n"
)


@pytest.fixture
def licenses(tmp_path, read):
    def make(*rows):
        path = tmp_path / "al.csv"
        path.write_text(HEADER + "".join(f"{row}\n" for row in rows))
        return read(path)

    return make


def items(found):
    return [
        (row["row"], row["contract"], row["item"], row["model"], row["quantity"])
        for row in found.rows["contract_items"]
    ]


def test_a_row_is_a_perpetual_item_of_its_purchase_order(licenses):
    found = licenses("Office,Microsoft,2021,English,50,PO 7,Softshop,10/09/2024,0,,bought late")
    assert found.source.kind == "config-manager"
    assert found.findings == []
    (product,), (contract,), (item,) = (found.rows[name] for name in ("products", "contracts", "contract_items"))
    assert (product["product"], product["vendor"], product["metric"]) == ("Office 2021", "Microsoft", "device")
    assert (contract["contract"], contract["name"], contract["supplier"]) == ("PO 7", "Purchase order PO 7", "Softshop")
    assert (contract["invoice_date"], contract["purchase_order_number"]) == ("2024-10-09", "PO 7")
    assert (item["product"], item["model"], item["metric"]) == ("Office 2021", "perpetual", "device")
    assert (item["quantity"], item["license_start"], item["license_end"]) == (50, "2024-10-09", None)


def test_a_version_that_the_name_ends_with_is_not_said_twice(licenses):
    assert licenses("Visio 2019,Microsoft,2019,,7,,,,,,").rows["products"][0]["product"] == "Visio 2019"


def test_support_is_an_item_of_its_own_until_it_expires(licenses):
    found = licenses("Office,Microsoft,2021,,50,PO1,,10/09/2024,1,10/8/2026,")
    assert [row[2:] for row in items(found)] == [
        ("Office 2021", "perpetual", 50),
        ("Office 2021, support", "maintenance", 50),
    ]
    assert found.rows["contract_items"][1]["license_end"] == "2026-10-08"
    assert found.source.tables[-1].cell_place(2, "license_end") == "al.csv, row 2, column SupportExpirationDate"


def test_rows_of_one_order_are_items_of_one_contract_and_repeated_ones_get_numbers(licenses):
    row = "Office,Microsoft,2021,English,50,PO1,,10/09/2024,0,,"
    found = licenses(row, "Visio,Microsoft,2021,,5,PO1,,10/09/2024,0,,", row)
    assert len(found.rows["contracts"]) == 1
    assert [row[2] for row in items(found)] == ["Office 2021 (English)", "Visio 2021", "Office 2021 (English) #2"]
    assert [row["product"] for row in found.rows["products"]] == ["Office 2021", "Visio 2021"]


def test_a_purchase_without_order_and_day_keeps_them_open(licenses):
    found = licenses("Office,Microsoft,2021,,50,,,,,,")
    assert found.errors == []
    assert items(found)[0][1] == "Configuration Manager: Office 2021"
    assert found.rows["contract_items"][0]["license_start"] is None
    assert found.rows["contracts"][0]["invoice_date"] is None


def test_wrong_cells_are_told_with_the_columns_of_the_file(licenses):
    found = licenses("Office,,2021,,lots,PO1,,2024-10-09,2,,")
    assert [line.split(": ")[1] for line in found.errors] == [
        f"al.csv, row 2, column {name}"
        for name in ("Publisher", "EffectiveQuantity", "DateOfPurchase", "SupportPurchased")
    ]


def test_a_file_that_breaks_off_is_told(tmp_path, read):
    (tmp_path / "al.csv").write_text(HEADER + 'Office,"Microsoft')
    assert read(tmp_path / "al.csv").errors == [
        "error: al.csv, row 2: a quotation mark that opens a cell here is never closed"
    ]


def test_refused_rows_are_told_row_by_row_and_the_others_are_read(licenses):
    short, unquoted = "Visio,Microsoft,2021", "Foo, Bar,Acme,1,,5,,,,,,"
    found = licenses("Office,Microsoft,2021,,50,,,,,,", ",Microsoft,2021,,lots,,,,,,", short, unquoted)
    assert [row[2] for row in items(found)] == ["Office 2021"]
    assert (found.source.read, found.source.left) == (4, 3)
    assert [(row.place, row.reason) for row in found.source.left_out] == [
        (
            "al.csv, row 3",
            "Name: the cell is empty, and it is needed;"
            ' EffectiveQuantity: "lots" is not a whole number; write digits only, for example 250',
        ),
        (
            "al.csv, row 4",
            "the row has 3 cells and the header 11; put a cell that holds a separator in quotation marks",
        ),
        (
            "al.csv, row 5",
            "the row has 12 cells and the header 11; put a cell that holds a separator in quotation marks",
        ),
    ]
    assert [finding.severity for finding in without_refused(found.source).findings] == ["warning"] * 4


def test_beyond_a_thousand_findings_refused_rows_can_still_be_left_out(licenses):
    found = licenses(*["Office,Microsoft,2021,,lots,,,,,,"] * 1_200, "Visio,Microsoft,2021,,7,,,,,,")
    assert (found.source.read, found.source.left) == (1_201, 1_200)
    assert found.errors[-1] == "error: al.csv: 200 more findings are not listed; correct those above first"
    assert {finding.severity for finding in without_refused(found.source).findings} == {"warning"}
    assert [row[4] for row in items(found)] == [7]
