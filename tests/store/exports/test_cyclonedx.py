"""A book as a CycloneDX document: what the schema asks for, every purchase, and the same bytes each time."""

import json
import re
import uuid

import pytest

from store import derivation
from store.exports import cyclonedx
from store.imports.load import load
from tests import estates
from tests.conftest import AS_OF, opened

# What the schema of CycloneDX 1.6 allows, as far as a document of ours goes: required and possible keys.
KEYS = {
    "bom": ({"bomFormat", "specVersion"}, {"$schema", "serialNumber", "version", "metadata", "components"}),
    "component": ({"type", "name"}, {"bom-ref", "version", "publisher", "licenses"}),
    "license": ({"name"}, {"bom-ref", "licensing", "properties"}),
    "licensing": (
        set(),
        {"altIds", "licensor", "licensee", "purchaser", "purchaseOrder", "licenseTypes", "lastRenewal", "expiration"},
    ),
}
TYPES = set(
    "academic appliance client-access concurrent-user core-points custom-metric device evaluation named-user node-locked"
    " oem perpetual processor-points subscription user other".split()
)
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def fits(kind, found):
    needed, possible = KEYS[kind]
    assert needed <= found.keys() <= needed | possible, found.keys()


@pytest.fixture
def document(filled, tmp_path):
    count = cyclonedx.save(filled, tmp_path / "book.cdx.json")
    found = json.loads((tmp_path / "book.cdx.json").read_bytes())
    assert (
        count
        == filled.value("SELECT count(*) FROM contract_items")
        == sum(len(c["licenses"]) for c in found["components"])
    )
    return found


def test_the_document_is_what_the_schema_asks_for(document):
    fits("bom", document)
    assert (document["bomFormat"], document["specVersion"], document["version"]) == ("CycloneDX", "1.6", 1)
    assert uuid.UUID(document["serialNumber"].removeprefix("urn:uuid:"))
    assert MOMENT.fullmatch(document["metadata"]["timestamp"])
    references = []
    for component in document["components"]:
        fits("component", component)
        assert component["type"] == "application"
        references.append(component["bom-ref"])
        for choice in component["licenses"]:
            assert choice.keys() == {"license"}
            fits("license", choice["license"])
            references.append(choice["license"]["bom-ref"])
            licensing = choice["license"]["licensing"]
            fits("licensing", licensing)
            assert set(licensing["licenseTypes"]) <= TYPES
            assert all(MOMENT.fullmatch(licensing[name]) for name in ("lastRenewal", "expiration") if name in licensing)
            assert all(isinstance(one, str) and one for one in licensing["altIds"])
            for party in ("licensor", "licensee", "purchaser"):
                assert licensing.get(party, {"organization": {"name": "x"}}).keys() == {"organization"}
            for one in choice["license"]["properties"]:
                assert one.keys() == {"name", "value"}
                assert isinstance(one["value"], str)
    assert len(references) == len(set(references))


def test_a_purchase_says_everything_that_the_book_knows_of_it(document):
    component = next(one for one in document["components"] if one["name"] == "Büro 2024")
    license_ = component["licenses"][0]["license"]
    assert license_["name"] == "-Our office"
    assert license_["licensing"] == {
        "altIds": ["C1", "C1/1", "BU-1"],
        "licensor": {"organization": {"name": "supplier 7"}},
        "licensee": {"organization": {"name": "customer 7"}},
        "purchaser": {"organization": {"name": "customer 7"}},
        "purchaseOrder": "PO-1",
        "licenseTypes": ["perpetual", "device"],
        "lastRenewal": "2024-02-01T00:00:00Z",
    }
    said = {one["name"]: one["value"] for one in license_["properties"]}
    assert said["elpis:quantity"] == "100"
    assert said["elpis:unit_price"] == "12.50"
    assert said["elpis:responsible"] == "IT"
    other = next(one for one in document["components"] if one["name"] == "オフィス")
    assert other["licenses"][0]["license"]["licensing"]["expiration"] == "2026-12-31T23:59:59Z"


def test_what_is_unlimited_and_counted_by_a_metric_of_ones_own_says_so(document):
    found = {c["name"]: c["licenses"][0]["license"] for c in document["components"]}
    assert {"name": "elpis:quantity", "value": "unlimited"} in found["Server 2"]["properties"]
    assert found["Server 2"]["licensing"]["licenseTypes"] == ["perpetual", "core-points"]
    assert found["Server 1"]["licensing"]["licenseTypes"] == ["perpetual", "custom-metric"]


def test_the_same_book_and_day_give_the_same_bytes_and_others_another_number(book, fill, tmp_path):
    fill(book, estates.of(estates.item("1", "Office", 3)))
    cyclonedx.save(book, tmp_path / "a.json")
    cyclonedx.save(book, tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    first = json.loads((tmp_path / "a.json").read_bytes())["serialNumber"]
    derivation.recalculate(book, as_of=AS_OF.replace(year=2027))
    cyclonedx.save(book, tmp_path / "b.json")
    assert json.loads((tmp_path / "b.json").read_bytes())["serialNumber"] != first


def test_our_own_document_is_read_again_with_every_purchase(filled, tmp_path):
    cyclonedx.save(filled, tmp_path / "book.cdx.json")
    columns = """SELECT c.contract, c.name, c.currency, c.invoice_date, c.supplier, c.customer, c.purchase_order_number,
        i.item, p.product, i.sku, i.model, m.code, i.quantity, i.license_start, i.license_end, i.unit_price
        FROM contract_items i JOIN contracts c ON c.id = i.contract_id JOIN products p ON p.id = i.product_id
        JOIN metrics m ON m.id = i.metric_id ORDER BY 1, 8"""
    with opened(tmp_path / "other.elpis", create=True) as other:
        other.run("INSERT INTO metrics (code) VALUES ('robot')")
        other.run("INSERT INTO user_groups (name) VALUES ('IT')")
        load(other, tmp_path / "book.cdx.json", as_of=AS_OF)
        assert other.rows(columns) == filled.rows(columns)
        assert not load(other, tmp_path / "book.cdx.json", as_of=AS_OF).changed


def test_our_own_document_changes_nothing_in_the_book_that_it_came_from(book, fill, tmp_path):
    """Neither that of a contract without an invoice date, where the day of its import stands in."""
    fill(book, estates.of(estates.item("1", "Office", 5), contracts=[{"contract": "C1", "name": "One"}]))
    cyclonedx.save(book, tmp_path / "book.json")
    assert book.rows("SELECT invoice_date, invoice_date_defaulted FROM contracts") == [(AS_OF.isoformat(), 1)]
    assert "elpis:invoice_date" not in (tmp_path / "book.json").read_text()
    assert not load(book, tmp_path / "book.json", as_of=AS_OF).changed


def test_a_book_without_purchases_is_a_document_without_components(book, tmp_path):
    assert cyclonedx.save(book, tmp_path / "book.json") == 0
    assert json.loads((tmp_path / "book.json").read_bytes())["components"] == []
