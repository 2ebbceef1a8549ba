"""The Microsoft License Statement: the sheet Pivot Data, its date in K3, its header in row 10, all countries only."""

import pytest

from tests.store.imports import samples

OFFICE = ["Applications", "Office Professional Plus", "2021", 250, 0, 0, 120, "All Countries", 20, 0, 100]
GERMANY = ["Applications", "Office Professional Plus", "2021", 90, 0, 0, 40, "Germany", 20, 0, 20]
SQL = ["Servers", "SQL Server Standard Core", "2019", 64, 0, 0, 0, "All Countries", 0, 0, 0]


@pytest.fixture
def statement(tmp_path, read):
    return lambda *rows, **how: read(samples.statement(tmp_path / "MLS.xlsx", rows, **how))


def items(found):
    return [
        (row["item"], row["model"], row["metric"], row["quantity"], row["license_end"])
        for row in found.rows["contract_items"]
        if row["quantity"]
    ]


def test_effective_licenses_are_perpetual_and_assurance_is_maintenance_by_the_time_of_its_end(statement):
    found = statement(OFFICE, GERMANY, SQL)
    assert (found.source.kind, found.errors) == ("license-statement", [])
    assert items(found) == [
        ("Office Professional Plus 2021", "perpetual", "device", 250, None),
        ("SQL Server Standard Core 2019", "perpetual", "core", 64, None),
        ("Office Professional Plus 2021, Software Assurance, 0-12 months", "maintenance", "device", 20, "2027-10-30"),
        (
            "Office Professional Plus 2021, Software Assurance, over 24 months",
            "maintenance",
            "device",
            100,
            "2029-10-30",
        ),
    ]
    (contract,) = found.rows["contracts"]
    assert (contract["contract"], contract["invoice_date"]) == ("Microsoft License Statement", "2026-10-31")
    assert found.rows["products"][0] | {"row": 0} == found.rows["products"][0] | {"row": 0, "version": "2021"}


def test_rows_of_single_countries_are_left_aside_with_the_reason(statement):
    found = statement(OFFICE, GERMANY)
    (row,) = found.source.left_out
    assert row.place == "MLS.xlsx, sheet Pivot Data, row 12"
    assert row.reason == '"Germany" is a part of All Countries, which has a row of its own'
    assert (found.source.read, found.source.left, row.wrong) == (2, 1, ())


def test_assurance_that_ends_at_no_told_time_has_no_end(statement):
    found = statement(["Servers", "Exchange", "Non-specific", 5, 0, 0, 7, "ALL COUNTRIES", 2, 0, 0])
    assert items(found) == [
        ("Exchange", "perpetual", "device", 5, None),
        ("Exchange, Software Assurance, 0-12 months", "maintenance", "device", 2, "2027-10-30"),
        ("Exchange, Software Assurance", "maintenance", "device", 5, None),
    ]


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        (3, -4, '"-4" is negative'),
        (3, 2.5, '"2.5" is not a whole number'),
        (6, "n/a", '"n/a" is not a number'),
        (1, None, "the cell is empty, and it is needed"),
    ],
)
def test_a_refused_row_tells_its_column(statement, place, value, reason):
    wrong = [*SQL[:place], value, *SQL[place + 1 :]]
    found = statement(OFFICE, wrong)
    assert reason in found.source.left_out[0].reason
    assert found.errors[0].startswith(
        f"error: MLS.xlsx, sheet Pivot Data, row 12, column {samples.STATEMENT[place]}: {reason}"
    )


def test_a_product_that_comes_twice_is_refused_the_second_time(statement):
    found = statement(SQL, SQL)
    assert found.source.left_out[0].reason == "row 11 tells of SQL Server Standard Core 2019 already"


def test_a_statement_without_its_date_is_refused(statement):
    (line,) = statement(SQL, stated="soon").errors
    assert line.startswith("error: MLS.xlsx, sheet Pivot Data, row 3: row 3 holds no date")


def test_a_header_in_another_row_is_found(statement):
    assert items(statement(SQL, header=12))[0][3] == 64


def test_a_sheet_without_the_header_is_told(tmp_path, read):
    found = read(samples.write_xlsx(tmp_path / "MLS.xlsx", **{"Pivot Data": [["Pool", "Quantity"], ["A", 1]]}))
    assert "the sheet has no header with the columns License Product Family" in found.errors[0]
