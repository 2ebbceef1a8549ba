"""Workbooks and CSV files of entitlements under the labels of ServiceNow."""

import pytest

from tests.store.imports import samples

OFFICE = {
    "Publisher part number": "021-10605",
    "Publisher": "Microsoft",
    "Product": "Office",
    "Version": "2021",
    "Edition": "Standard",
    "License type": "Perpetual",
    "License metric": "Per device",
    "Purchased rights": 50,
    "Unit cost": "EUR;200",
    "Contract number": "C-1",
    "Start date": "2024-05-01",
    "Vendor": "Softshop",
}


@pytest.fixture
def entitlements(tmp_path, read):
    return lambda *rows: read(samples.service_now(tmp_path / "alm_entitlement.xlsx", rows))


def items(found):
    names = "product sku model metric quantity license_start license_end unit_price".split()
    return [tuple(row[name] for name in names) for row in found.rows["contract_items"]]


def test_a_row_is_an_item_of_its_contract_with_money_and_currency(entitlements):
    found = entitlements(OFFICE)
    assert (found.source.kind, found.errors) == ("servicenow", [])
    assert items(found) == [
        ("Office 2021 Standard", "021-10605", "perpetual", "device", 50, "2024-05-01", None, "200.00")
    ]
    (contract,) = found.rows["contracts"]
    assert (contract["contract"], contract["currency"], contract["supplier"]) == ("C-1", "EUR", "Softshop")


@pytest.mark.parametrize(
    ("license_type", "models"),
    [
        ("Perpetual", ["perpetual"]),
        ("Perpetual + Software Assurance", ["perpetual", "maintenance"]),
        ("perpetual  +  maintenance", ["perpetual", "maintenance"]),
        ("Software Assurance", ["maintenance"]),
        ("Maintenance", ["maintenance"]),
        ("Subscription", ["subscription"]),
        ("Add-on", ["subscription"]),
        ("From SA", ["subscription"]),
    ],
)
def test_license_types_become_models(entitlements, license_type, models):
    found = entitlements(OFFICE | {"License type": license_type, "End date": "2027-04-30"})
    assert [row[2] for row in items(found)] == models
    ends = [row["license_end"] for row in found.rows["contract_items"]]
    assert ends[-1] == "2027-04-30"
    assert (ends[0] is None) == (models == ["perpetual", "maintenance"])


@pytest.mark.parametrize("license_type", ["Upgrade", "Step-up", "Subscription step-up"])
def test_what_only_raises_other_licenses_is_left_aside(entitlements, license_type):
    found = entitlements(OFFICE, OFFICE | {"License type": license_type})
    (row,) = found.source.left_out
    assert row.reason == f'License type is "{license_type}", and such rows are left aside'
    assert (len(items(found)), found.errors) == (1, [])


@pytest.mark.parametrize(
    ("change", "quantity", "price"),
    [
        ({"Purchased rights": None, "Number of packs": 12, "Rights per license pack": 16}, 192, "12.50"),
        ({"Purchased rights": 192, "Number of packs": 12, "Rights per license pack": 16}, 192, "12.50"),
        ({"Purchased rights": None, "Number of packs": 12}, 12, "200.00"),
        ({"Unlimited license": "true", "Purchased rights": None}, 2**52, "200.00"),
        ({"Unit cost": None, "Total cost": "USD;250", "Purchased rights": 13}, 13, "19.230769"),
    ],
)
def test_packs_unlimited_licenses_and_totals(entitlements, change, quantity, price):
    ((*_, found, _, _, unit_price),) = items(entitlements(OFFICE | change))
    assert (found, unit_price) == (quantity, price)


def test_packs_that_contradict_the_rights_are_refused(entitlements):
    found = entitlements(OFFICE | {"Number of packs": 2, "Rights per license pack": 16})
    assert found.errors == [
        "error: alm_entitlement.xlsx, sheet Page1, row 2, column Purchased rights:"
        " 2 packs of 16 are 32 rights, but the row says 50"
    ]


def test_a_contract_in_two_currencies_is_refused_by_the_row_that_brings_the_second(entitlements):
    found = entitlements(OFFICE, OFFICE | {"Product": "Visio", "Unit cost": "USD;100"})
    assert found.source.left_out[0].reason == ("its contract C-1 is in EUR by row 2, and this row in USD")


def test_an_unknown_license_type_is_refused(entitlements):
    assert (
        'column License type: "Forever" is no license model that is known here'
        in entitlements(OFFICE | {"License type": "Forever"}).errors[0]
    )


def test_the_same_labels_are_known_in_a_csv_file(tmp_path, read):
    found = read(samples.write_csv(tmp_path / "export.csv", samples.SERVICE_NOW, [OFFICE]))
    assert (found.source.kind, items(found)[0][4]) == ("servicenow", 50)
