"""Tables of contract items that come from elsewhere: copied out of a spreadsheet, or a file of somebody else's making.

Columns are known by their headers, in many spellings; without headers, in the order of the template. Cells become
texts of drafts, so what is wrong in them is shown where they stand.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from store import drafts
from store.imports.template import folded

Cells = Sequence[Sequence[str]]

_ALSO: Final = {
    "item": "item no|item number|line|line no|pos|position|#|nr",
    "product": "product name|name|software|title|description|article|artikel|produkt|bezeichnung|product suite",
    "sku": "part number|part no|mpn|article number|artikelnummer|item code",
    "model": "license model|licence model|license type|type|modell|lizenzmodell",
    "metric": "license metric|licence metric|unit|counted by|metrik|lizenzmetrik",
    "quantity": "qty|seats|licenses|licences|count|units|amount|menge|anzahl|number of licenses",
    "license_start": "start|start date|from|valid from|begin|beginn|von|ab|term start",
    "license_end": "end|end date|to|until|valid until|expires|expiration|expiration date|expiry|ende|bis|term end",
    "unit_price": "price|unit cost|price per unit|cost|list price|einzelpreis|preis|price each",
    "responsible": "responsibility|owner|responsible group|verantwortlich",
    "contract": "contract number|contract id|agreement|vertrag|vertragsnummer",
    "name": "contract name|license contract name",
    "invoice_date": "invoiced|rechnungsdatum",
    "supplier": "reseller|seller|lieferant",
    "customer": "company|kunde",
    "invoice_number": "invoice|invoice no|rechnungsnummer",
    "purchase_order_number": "po|po number|purchase order|bestellnummer",
    "sales_order_number": "order number|sales order|auftragsnummer",
    "quote_number": "quote|offer|angebotsnummer",
    "notice_date": "notice|notice by",
}
_ITEM_NAMES: Final = {
    folded(name): column for column in drafts.ITEM for name in (column, *_ALSO.get(column, column).split("|"))
}
_CONTRACT_NAMES: Final = {
    folded(name): column
    for column in drafts.CONTRACT
    for name in (column, *_ALSO.get(column, column).split("|"))
    if folded(name) not in _ITEM_NAMES
}
_ORDER: Final = ("product", "model", "metric", "quantity", "license_start", "license_end", "unit_price", "sku")
"""What cells without a header are taken for."""


@dataclass(frozen=True)
class Table:
    """What a table says: items, what all rows agree on about their contract, and the headers that nobody knows."""

    items: tuple[dict[str, str], ...] = ()
    contract: dict[str, str] = field(default_factory=dict[str, str])
    unknown: tuple[str, ...] = ()


def cells_of(text: str) -> list[list[str]]:
    """The cells of a text as spreadsheets copy it (tabs), or as CSV files have it (commas or semicolons)."""
    lines = text.strip("\r\n").splitlines()
    first = lines[0] if lines else ""
    delimiter = max("\t;,", key=lambda mark: (first.count(mark) > 0, mark == "\t", first.count(mark)))
    quoting = csv.QUOTE_MINIMAL if '"' in text else csv.QUOTE_NONE
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter, quoting=quoting))
    except csv.Error:
        rows = [line.split(delimiter) for line in lines]
    return [row for row in rows if any(cell.strip() for cell in row)]


def read(cells: Cells) -> Table:
    """The items of a table. Empty rows do not count; cells beyond the columns are left out."""
    rows = [[cell.strip() for cell in row] for row in cells if any(cell.strip() for cell in row)]
    if not rows:
        return Table()
    header = [folded(cell) for cell in rows[0]]
    at = {name: header.index(key) for key, name in reversed(_ITEM_NAMES.items()) if key in header}
    if not ("product" in at or len(at) > 1):
        return Table(tuple(_row(row, dict(zip(_ORDER, range(len(row)), strict=False))) for row in rows))
    about = {name: header.index(key) for key, name in reversed(_CONTRACT_NAMES.items()) if key in header}
    used = {*at.values(), *about.values()}
    unknown = tuple(cell for place, cell in enumerate(rows[0]) if cell and place not in used)
    return Table(tuple(_row(row, at) for row in rows[1:]), _agreed(rows[1:], about), unknown)


def _row(row: Sequence[str], at: dict[str, int]) -> dict[str, str]:
    return {name: drafts.plain(name, row[place]) for name, place in at.items() if place < len(row) and row[place]}


def _agreed(rows: Sequence[Sequence[str]], at: dict[str, int]) -> dict[str, str]:
    """Fields of the contract that are the same in all rows that have them."""
    found: dict[str, str] = {}
    for name, place in at.items():
        values = {row[place] for row in rows if place < len(row) and row[place]}
        if len(values) == 1:
            found[name] = drafts.plain(name, values.pop())
    return found
