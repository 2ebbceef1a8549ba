"""License files whose columns are known by built-in mappings: Flexera, Ivanti, GLPI, Snow, HCL BigFix."""

import pytest

from tests.store.imports import samples

NAMES = "contract product model metric quantity license_start license_end unit_price".split()


def items(found):
    return [tuple(row[name] for name in NAMES) for row in found.rows["contract_items"]]


@pytest.fixture
def file(tmp_path, read):
    def make(header, *rows):
        return read(samples.write_csv(tmp_path / "export.csv", header, rows))

    return make


IVANTI = {
    "Product": "Visio",
    "Publisher": "Microsoft",
    "Version": "2021",
    "Contract Number": "ELA 9",
    "Contract Description": "Microsoft ELA",
    "Cost": "310.40",
    "Currency Code": "GBP",
    "Metric": "Device",
    "Quantity": "25",
    "EntitlementType": "Base",
}


def test_ivanti_has_days_first_and_its_own_types(file):
    found = file(samples.IVANTI, IVANTI | {"AvailableStartDate": "03/04/2025"})
    assert (found.source.kind, found.errors) == ("ivanti", [])
    assert items(found) == [("ELA 9", "Visio 2021", "perpetual", "device", 25, "2025-04-03", None, "310.40")]
    assert found.rows["contracts"][0]["name"] == "Microsoft ELA"


@pytest.mark.parametrize(
    ("change", "models"),
    [
        ({"EntitlementType": "Maintenance", "MaintenanceType": "Base"}, ["perpetual", "maintenance"]),
        ({"EntitlementType": "Maintenance", "MaintenanceType": "Renewal"}, ["maintenance"]),
        ({"EntitlementType": "Base", "MS Software Assurance": "Yes"}, ["perpetual", "maintenance"]),
        ({"EntitlementType": "Base", "ExpiryDate": "31/12/2027"}, ["subscription"]),
        ({"EntitlementType": "Upgrade"}, []),
    ],
)
def test_ivanti_types_become_models(file, change, models):
    found = file(samples.IVANTI, IVANTI | change)
    assert found.errors == []
    assert [row["model"] for row in found.rows.get("contract_items", [])] == models


def test_ivanti_maintenance_has_its_own_days(file):
    days = {"MaintenanceStartDate": "01/02/2026", "MaintenanceEndDate": "31/01/2027"}
    found = file(samples.IVANTI, IVANTI | {"EntitlementType": "Maintenance", "MaintenanceType": "Base"} | days)
    assert [row[5:7] for row in items(found)] == [("2026-02-01", None), ("2026-02-01", "2027-01-31")] or [
        row[5:7] for row in items(found)
    ] == [(None, None), ("2026-02-01", "2027-01-31")]


def test_an_unknown_maintenance_type_is_refused(file):
    found = file(samples.IVANTI, IVANTI | {"EntitlementType": "Maintenance", "MaintenanceType": "Yes"})
    assert found.source.left_out[0].reason == '"Yes" is no maintenance type; Base and Renewal are'


FLEXERA = {
    "Description": "Acrobat Pro",
    "Publisher": "Adobe",
    "PurchaseOrderNo": "4500017",
    "PurchaseType": "Software",
    "PurchaseDate": "2025-03-04",
    "Quantity": "3",
    "QuantityPerUnit": "10",
    "UnitPrice": "1000.00",
    "CurrencyCode": "EUR",
    "Vendor": "Softshop",
}


def test_a_bundle_of_flexera_licenses_so_many_and_costs_its_share(file):
    found = file(samples.FLEXERA, FLEXERA)
    assert (found.source.kind, found.errors) == ("flexera", [])
    assert items(found) == [("4500017", "Acrobat Pro", "perpetual", "device", 30, "2025-03-04", None, "100.00")]


def test_purchases_of_flexera_that_are_no_licenses_are_left_aside(file):
    found = file(
        samples.FLEXERA, FLEXERA, FLEXERA | {"PurchaseType": "Hardware"}, FLEXERA | {"PurchaseType": "Not set"}
    )
    assert [row.reason for row in found.source.left_out] == ['PurchaseType is "Hardware", and such rows are left aside']
    assert [row[2] for row in items(found)] == ["perpetual", "perpetual"]


def test_glpi_knows_unlimited_licenses_and_those_that_never_expire(file):
    header = ["Name", "ID", "Serial number", "Number", "Purchase version", "Expiration", "Software", "Allow Over-Quota"]
    found = file(
        header,
        {"Name": "Site", "ID": "7", "Number": "-1", "Expiration": "Never expire", "Software": "Putty"},
        {"Name": "Team", "ID": "8", "Number": "5", "Expiration": "2027-01-31", "Software": "Jira"},
        {"Name": "Odd", "ID": "9", "Number": "-2", "Expiration": "", "Software": "Jira"},
    )
    assert found.source.kind == "glpi-licenses"
    assert [(row[0], row[2], row[4], row[6]) for row in items(found)] == [
        ("Site", "perpetual", 2**52, None),
        ("Team", "subscription", 5, "2027-01-31"),
    ]
    assert "-2" in found.source.left_out[0].reason


def test_snow_has_its_dates_as_they_are(file):
    found = file(
        ["Application name", "Legal organisation", "Purchase date", "Metric", "Quantity"],
        {
            "Application name": "Jira",
            "Legal organisation": "ROOT,IT",
            "Purchase date": "2010-10-28",
            "Metric": "Users",
            "Quantity": "12",
        },
    )
    assert found.source.kind == "snow"
    assert items(found) == [("Snow: Jira", "Jira", "perpetual", "user", 12, "2010-10-28", None, None)]


def test_bigfix_knows_agreements_without_limit_and_terms_without_end(file):
    found = file(
        ["product_name", "purchase_number", "vendor", "quantity", "entitlement_start", "entitlement_end"],
        {
            "product_name": "Domino",
            "purchase_number": "PO 1",
            "quantity": "-1",
            "entitlement_start": "2024-01-01",
            "entitlement_end": "9999-12-31",
        },
    )
    assert found.source.kind == "hcl"
    assert items(found) == [("PO 1", "Domino", "perpetual", "device", 2**52, "2024-01-01", None, None)]
