"""The entitlements of a book as a CycloneDX 1.6 document: each purchase is a commercial license of its product.

What the standard has no field for stands in properties named `elpis:FIELD`, by the columns of the template. The same
book and day give the same bytes: the serial number is made of the content, the timestamp is the day.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import orjson

from rules.vocabulary import CORE, DEVICE, PERPETUAL, SUBSCRIPTION, USER, is_unlimited
from store import settings
from store.book import Book, Row
from store.content import content_hash
from store.snapshots.saving import save_file

SCHEMA: Final = "http://cyclonedx.org/schema/bom-1.6.schema.json"
"""The name of the schema; nothing is fetched."""

OWN: Final = "elpis:"
"""How the names of our own properties begin."""

_MODELS: Final = {PERPETUAL: "perpetual", SUBSCRIPTION: "subscription"}
_METRICS: Final = {DEVICE: "device", USER: "user", CORE: "core-points"}
_SAID: Final = (
    *("product", "edition", "version", "vendor", "contract", "contract_name", "item", "sku", "model", "metric"),
    *("quantity", "license_start", "license_end", "unit_price", "currency", "invoice_date", "supplier", "customer"),
    *("invoice_number", "purchase_order_number", "sales_order_number", "quote_number", "notice_date", "responsible"),
)
"""The fields of a purchase, in the order of the query."""

_PURCHASES: Final = """
SELECT p.product, p.edition, p.version, p.vendor, c.contract, c.name, i.item, i.sku, i.model, m.code, i.quantity,
    i.license_start, i.license_end, i.unit_price, c.currency,
    CASE WHEN NOT c.invoice_date_defaulted THEN c.invoice_date END, c.supplier, c.customer, c.invoice_number,
    c.purchase_order_number, c.sales_order_number, c.quote_number, c.notice_date, g.name, coalesce(e.name, p.product)
FROM contract_items i JOIN contracts c ON c.id = i.contract_id JOIN products p ON p.id = i.product_id
JOIN metrics m ON m.id = i.metric_id LEFT JOIN user_groups g ON g.id = i.responsible_id
LEFT JOIN entitlements e ON e.id = i.entitlement_id ORDER BY p.product, c.contract, i.item"""


def save(book: Book, target: Path) -> int:
    """Write the document; how many licenses stand in it. Raises SavingFault, and then the file there is untouched."""
    count = 0

    def produce(path: Path) -> None:
        nonlocal count
        with path.open("wb") as out:
            out.write(_head(book))
            for number, (licenses, component) in enumerate(_components(book)):
                out.write((b",\n" if number else b"\n") + orjson.dumps(component))
                count += licenses
            out.write(b"\n]}\n")

    with book.reading():
        save_file(target, produce)
    return count


def _head(book: Book) -> bytes:
    """Everything up to the components."""
    day = settings.get(book, "as_of") or "1970-01-01"
    number = uuid.uuid5(uuid.NAMESPACE_URL, f"elpis:{content_hash(book)}:{day}")
    head: dict[str, Any] = {
        "$schema": SCHEMA,
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{number}",
        "version": 1,
        "metadata": {
            "timestamp": f"{day}T00:00:00Z",
            "tools": {"components": [{"type": "application", "name": "Elpis"}]},
        },
    }
    return orjson.dumps(head)[:-1] + b',"components":['


def _components(book: Book) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each product with its purchases, and how many they are."""
    for product, rows in groupby(book.each(_PURCHASES), key=lambda row: str(row[0])):
        found = list(rows)
        vendor, version = found[0][3], found[0][2]
        component: dict[str, Any] = {
            "type": "application",
            "bom-ref": f"product/{quote(product, safe='')}",
            "name": product,
        }
        component |= {"version": version} if version else {}
        component |= {"publisher": vendor} if vendor else {}
        component["licenses"] = [{"license": _license(row)} for row in found]
        yield len(found), component


def _license(row: Row) -> dict[str, Any]:
    said = dict(zip(_SAID, row, strict=False))
    said["quantity"] = "unlimited" if is_unlimited(said["quantity"]) else str(said["quantity"])
    properties = [{"name": f"{OWN}{name}", "value": value} for name, value in said.items() if value not in (None, "")]
    reference = "/".join(quote(said[name], safe="") for name in ("contract", "item"))
    return {
        "bom-ref": f"license/{reference}",
        "name": row[-1],
        "licensing": _licensing(said),
        "properties": properties,
    }


def _licensing(said: dict[str, Any]) -> dict[str, Any]:
    numbers = (said["contract"], f"{said['contract']}/{said['item']}", said["sku"])
    found: dict[str, Any] = {"altIds": list(dict.fromkeys(filter(None, numbers)))}
    for party, name in (
        ("licensor", said["vendor"] or said["supplier"]),
        *(("licensee", said["customer"]), ("purchaser", said["customer"])),
    ):
        found |= {party: {"organization": {"name": name}}} if name else {}
    found |= {"purchaseOrder": said["purchase_order_number"]} if said["purchase_order_number"] else {}
    metric = _METRICS.get(said["metric"], "custom-metric")
    found["licenseTypes"] = [_MODELS.get(said["model"], "other"), metric]
    found["lastRenewal"] = f"{said['license_start']}T00:00:00Z"
    if said["license_end"]:
        found["expiration"] = f"{date.fromisoformat(said['license_end'])}T23:59:59Z"
    return found
