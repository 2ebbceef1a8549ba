"""CycloneDX documents, 1.5 to 1.7: what was bought of the components, read in a process of its own."""

import json
import shutil
from pathlib import Path

import pytest

from store.exports import cyclonedx
from store.imports.load import load
from tests import estates
from tests.conftest import AS_OF, opened
from tests.store.imports import samples

DATA = Path(__file__).parents[2] / "data" / "cyclonedx"
SUITE = {
    "name": "Suite",
    "version": "7",
    "ref": "license-1",
    "licensor": {"organization": {"name": "Acme"}},
    "licensee": {"organization": {"name": "Contoso"}},
    "purchaseOrder": "PO-1",
    "licenseTypes": ["perpetual", "named-user"],
    "lastRenewal": "2026-01-01T00:00:00+02:00",
    "properties": {"acme:seats": "25"},
}


@pytest.fixture
def document(tmp_path, read):
    return lambda *licenses, **how: read(samples.cyclonedx(tmp_path / "bom.json", licenses, **how))


def items(found):
    names = "contract item product model metric quantity license_start license_end".split()
    return [tuple(row[name] for name in names) for row in found.rows["contract_items"]]


@pytest.mark.parametrize("version", ["1.5", "1.6"])
def test_the_examples_of_the_standard_are_read(tmp_path, read, version):
    found = read(Path(shutil.copy(DATA / f"valid-license-licensing-{version}.json", tmp_path / "x.txt")))
    assert (found.source.kind, found.errors, found.source.read, found.source.left) == ("cyclonedx", [], 1, 0)
    assert items(found)[0][0] == "PO-12345"
    assert items(found)[0][3:] == ("subscription", "device", 1, "2022-04-13", "2023-04-13")
    assert found.findings[-1].code == "quantity-defaulted"


@pytest.mark.parametrize("version", ["1.5", "1.6", "1.7"])
def test_a_license_is_an_item_and_its_quantity_stands_in_a_property(document, version):
    found = document(SUITE, version=version)
    assert items(found) == [("PO-1", "license-1", "Suite 7", "perpetual", "user", 25, "2026-01-01", None)]
    (contract,) = found.rows["contracts"]
    assert (contract["supplier"], contract["customer"]) == ("Acme", "Contoso")


def test_properties_of_our_own_say_what_the_standard_cannot(document):
    own = {"elpis:quantity": "unlimited", "elpis:model": "maintenance", "elpis:metric": "core", "elpis:item": "9"}
    price = {"elpis:unit_price": "12.50", "elpis:currency": "CHF", "elpis:contract": "C-9"}
    found = document(SUITE | {"properties": own | price, "expiration": "2026-12-31T23:59:59Z"})
    assert items(found) == [("C-9", "9", "Suite 7", "maintenance", "core", 2**52, "2026-01-01", "2026-12-31")]
    assert found.rows["contracts"][0]["currency"] == "CHF"


def test_the_licenses_of_a_book_come_back_from_the_document_that_it_wrote(book, fill, blank, tmp_path):
    fill(book, estates.of(*(estates.item(str(n), f"Suite {n % 3}", n or "unlimited") for n in range(9))))
    cyclonedx.save(book, tmp_path / "out.json")
    path = Path(shutil.copy(blank, tmp_path / "again.elpis"))
    query = """SELECT c.contract, c.name, c.currency, c.supplier, i.item, p.product, p.version, p.vendor, i.model,
        i.quantity, i.license_start, i.license_end, i.unit_price FROM contract_items i
        JOIN contracts c ON c.id = i.contract_id JOIN products p ON p.id = i.product_id ORDER BY 1, 5"""
    with opened(path) as again:
        load(again, tmp_path / "out.json", as_of=AS_OF)
        assert again.rows(query) == book.rows(query)
        assert not load(again, tmp_path / "out.json", as_of=AS_OF).changed


def test_licenses_of_open_source_are_none_that_were_bought(tmp_path, read):
    components = [{"name": "lib", "licenses": [{"license": {"id": "MIT"}}, {"expression": "MIT OR Apache-2.0"}]}]
    (tmp_path / "bom.json").write_text(
        json.dumps({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": components})
    )
    found = read(tmp_path / "bom.json")
    assert [str(one) for one in found.findings] == ["warning: bom.json: the file has no row that can be stored"]


def test_components_within_components_are_read(tmp_path, read, cold_readers):
    inner = {"name": "Part", "licenses": [{"license": {"licensing": {"purchaseOrder": "P"}}}]}
    whole = {"bomFormat": "CycloneDX", "specVersion": "1.7", "components": [{"name": "Whole", "components": [inner]}]}
    (tmp_path / "bom.json").write_text(json.dumps(whole))
    found = read(tmp_path / "bom.json")
    assert items(found)[0][2] == "Part"
    assert "components[0].components[0].licenses[0]" in found.findings[-1].message


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"properties": {"seats": "many"}}, 'column quantity: "many" is not a number'),
        ({"expiration": "soon"}, 'column expiration: "soon" is not a date'),
        ({"name": ""}, None),
        ({"expiration": "2025-01-01T00:00:00Z"}, "before it begins"),
    ],
)
def test_a_refused_license_tells_its_number(document, change, reason):
    found = document(SUITE, SUITE | change)
    if reason is None:
        assert found.errors == []
        return
    assert reason in found.errors[0]
    assert found.errors[0].startswith("error: bom.json, row 2")
    assert (found.source.read, found.source.left) == (2, 1)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"bomFormat": "CycloneDX", "specVersion": "1.2"}', "it is CycloneDX 1.2; 1.5, 1.6, 1.7 can be read"),
        ('{"bomFormat": "CycloneDX", ', "this is no JSON"),
        ('{"bomFormat": "CycloneDX", "components": ' + "[" * 100_000, "deeper than 100 levels"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path, read, text, reason):
    (tmp_path / "bom.json").write_text(text)
    (line,) = read(tmp_path / "bom.json").errors
    assert reason in line
