"""The four OpenSAM files of a real project (tests/data/opensam, MIT), read as they are."""

import csv
import shutil
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "data" / "opensam"


def original(name):
    with (DATA / f"{name}.csv").open(newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def copy(tmp_path):
    def make(*names, **changed):
        for name in names:
            shutil.copy(DATA / f"{name}.csv", tmp_path)
        for name, (old, new) in changed.items():
            path = tmp_path / f"{name}.csv"
            assert old in path.read_text()
            path.write_text(path.read_text().replace(old, new, 1))
        return tmp_path

    return make


ALL = ("licenses", "installations", "users", "vendors")


def test_the_files_are_recognized_and_nothing_is_wrong_with_them(copy, read):
    found = read(copy(*ALL))
    assert found.source.kind == "opensam"
    assert found.findings == []


def test_every_license_row_is_a_contract_with_one_item(copy, read):
    rows, licenses = read(copy(*ALL)).rows, original("licenses")
    assert len(licenses) == 40
    assert [row["contract"] for row in rows["contracts"]] == [line["license_key"] for line in licenses]
    for item, line in zip(rows["contract_items"], licenses, strict=True):
        assert (item["contract"], item["item"], item["metric"]) == (line["license_key"], "1", "user")
        assert (item["product"], item["model"]) == (line["software"], line["license_type"])
        assert item["quantity"] == int(line["seats_purchased"])
        assert (item["license_start"], item["license_end"]) == (line["contract_start"], line["contract_end"])
        assert float(item["unit_price"]) == float(line["unit_cost_usd"])


def test_a_contract_knows_its_vendor_currency_and_day_of_notice(copy, read):
    first = read(copy(*ALL)).rows["contracts"][0]
    assert first == {
        "row": 2,
        "contract": "MSFT-E3-2025",
        "name": "Microsoft 365 E3 (Microsoft)",
        "invoice_date": "2025-01-01",
        "currency": "USD",
        "supplier": "Microsoft",
        "notice_date": "2025-11-01",  # 60 days before 2025-12-31
        "customer": None,
        "invoice_number": None,
        "purchase_order_number": None,
        "sales_order_number": None,
        "quote_number": None,
        "invoice_date_defaulted": None,
        "manual": None,
    }


def test_every_installation_is_there_with_the_department_of_its_user(copy, read):
    rows, installations = read(copy(*ALL)).rows, original("installations")
    departments = {line["user_email"]: line["department"] for line in original("users")}
    assert len(rows["installations"]) == len(installations) == 317
    for row, line in zip(rows["installations"], installations, strict=True):
        assert (row["product"], row["device"], row["user"]) == (line["software"], line["device_id"], line["user_email"])
        assert row["resource_group"] == departments.get(line["user_email"])
        assert (row["installed_on"], row["last_used_on"]) == (line["install_date"], line["last_used_date"])
    assert {row["name"] for row in rows["resource_groups"]} == set(departments.values())


def test_software_that_is_installed_without_a_license_is_a_product_all_the_same(copy, read):
    found = read(copy(*ALL, installations=("LAP-001,alex.rivera@acme.com,Microsoft 365 E3", "LAP-001,,Winamp")))
    assert found.errors == []
    assert [(row["row"], row["product"], row["vendor"]) for row in found.rows["products"]][-1] == (2, "Winamp", None)
    assert len(found.rows["products"]) == 41


@pytest.mark.parametrize(
    "names", [("licenses",), ("installations",), ("licenses", "vendors"), ("installations", "users")]
)
def test_any_part_of_the_files_will_do(copy, read, names):
    found = read(copy(*names))
    assert found.source.kind == "opensam"
    assert found.findings == []
    assert found.rows["products"]


def test_a_wrong_cell_is_told_in_the_words_of_the_file_and_only_once(copy, read):
    found = read(copy(*ALL, licenses=(",120,", ",many,"), vendors=("@vendor.com,60", "@vendor.com,soon")))
    assert found.errors == [
        'error: licenses.csv, row 2, column seats_purchased: "many" is not a whole number;'
        " write digits only, for example 250",
        'error: vendors.csv, row 2, column renewal_notice_days: "soon" is not a whole number;'
        " write digits only, for example 250",
    ]


def test_a_missing_column_and_an_unreadable_file_are_told(copy, read):
    path = copy("licenses", "installations", installations=("device_id,user_email", "device_id,who"))
    (path / "users.csv").write_bytes(b"\xff")
    (path / "budget.csv").write_text("a\n")
    found = read(path)
    assert [line.split(": ", 1)[1] for line in found.lines] == [
        "budget.csv: the file is none of the four of OpenSAM and was ignored",
        "installations.csv, column who: the column who is not known here and was ignored",
        "users.csv: the file is not in UTF-8: byte 0 is 0xFF; save it as CSV in UTF-8",
    ]


def test_a_row_that_repeats_another_is_left_out_and_named(copy, read):
    line = (DATA / "installations.csv").read_text().splitlines()[1]
    found = read(copy(*ALL, installations=(line, f"{line}\n{line}")))
    assert found.lines == [
        "warning: installations.csv, row 3: the row repeats the device, user and software of row 2 and was left out"
    ]
    assert len(found.rows["installations"]) == 317


def test_rows_of_one_license_key_are_items_of_one_contract_and_rows_without_a_key_have_their_own(tmp_path, read):
    (tmp_path / "licenses.csv").write_text(
        "software,vendor,license_type,unit_cost_usd,seats_purchased,contract_start,contract_end,license_key\n"
        "Word,,perpetual,,5,2025-01-01,,K1\n"
        "Excel,Microsoft,perpetual,1,5,2025-01-01,,K1\n"
        "Visio,Microsoft,subscription,1,5,2025-01-01,2025-12-31,\n"
    )
    rows = read(tmp_path).rows
    assert [(row["contract"], row["item"]) for row in rows["contract_items"]] == [
        ("K1", "1"),
        ("K1", "2"),
        ("Visio 2025-01-01", "1"),
    ]
    assert [(row["contract"], row["name"]) for row in rows["contracts"]] == [
        ("K1", "Word"),
        ("Visio 2025-01-01", "Visio (Microsoft)"),
    ]


def test_a_notice_before_the_calendar_begins_is_none(copy, read):
    found = read(copy(*ALL, vendors=("@vendor.com,60", "@vendor.com,2000000000")))
    assert found.rows["contracts"][0]["notice_date"] is None


def test_a_file_without_a_needed_column_is_told(copy, read):
    (line,) = read(copy("licenses", licenses=("seats_purchased", "places"))).errors
    assert line.startswith("error: licenses.csv: the column seats_purchased is missing, and it is needed")
