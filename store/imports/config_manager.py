"""The general license file of Microsoft Configuration Manager, read as it is: one CSV, a row a purchase.

Licenses are perpetual and counted by device; support bought with them becomes an item of its own, a maintenance.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Final

from rules.vocabulary import DEVICE, MAINTENANCE, PERPETUAL
from store.imports.csv_files import digest
from store.imports.foreign import Cells, Foreign, has_columns, read, template_table
from store.imports.source import RawTable, Source
from store.imports.template import Column, Table

CONFIG_MANAGER: Final = "config-manager"

_FILE: Final = Table(
    "licenses",
    (
        Column("Name", "name", required=True),
        Column("Publisher", "name", required=True),
        Column("Version", "name", required=True),
        Column("Language", "name"),
        Column("EffectiveQuantity", "quantity", required=True),
        Column("PONumber", "name"),
        Column("ResellerName", "name"),
        Column("DateOfPurchase", "date-of-us"),
        Column("SupportPurchased", "flag"),
        Column("SupportExpirationDate", "date-of-us"),
        Column("Comments", "text"),
    ),
    "a purchase",
)
MARKS: Final = ("Name", "Publisher", "Version", "EffectiveQuantity")


def recognized(path: Path) -> bool:
    """Whether a file is a license file of Configuration Manager."""
    return has_columns(path, MARKS)


def read_file(path: Path) -> Source:
    """The file as tables of the template.

    `license_start` of an item is empty where the file has no day of purchase; who loads it decides on a day.
    """
    file = read(path, _FILE)
    tables, left = tuple(_tables(file)), len(file.left_out)
    return Source(CONFIG_MANAGER, path, digest(path), tables, file.findings, "", file.read, left, file.left_out)


def _tables(file: Foreign) -> Iterator[RawTable]:
    items = list(_items(file))
    yield template_table("products", file.place, _first(file, _product_row, "product"), _ORIGINS)
    yield template_table("contracts", file.place, _first(file, _contract_row, "contract"), _ORIGINS)
    for model in (PERPETUAL, MAINTENANCE):
        rows = [(number, cells) for number, cells in items if cells["model"] == model]
        yield template_table("contract_items", file.place, rows, _ITEM_ORIGINS[model], optional=("license_start",))


_ORIGINS: Final = {
    "product": "Name",
    "vendor": "Publisher",
    "version": "Version",
    "contract": "PONumber",
    "name": "PONumber",
    "supplier": "ResellerName",
    "invoice_date": "DateOfPurchase",
    "purchase_order_number": "PONumber",
}
_ITEM: Final = _ORIGINS | {"item": "Name", "quantity": "EffectiveQuantity", "license_start": "DateOfPurchase"}
_ITEM_ORIGINS: Final[Mapping[str, Mapping[str, str]]] = {
    PERPETUAL: _ITEM | {"model": "Name"},
    MAINTENANCE: _ITEM | {"model": "SupportPurchased", "license_end": "SupportExpirationDate"},
}


def _first(file: Foreign, made_of: Callable[[Cells], Cells], key: str) -> list[tuple[int, Cells]]:
    """What is made of each row, once for each key."""
    found: dict[str, tuple[int, Cells]] = {}
    for number, cells in file.rows.items():
        made = made_of(cells)
        found.setdefault(made[key], (number, made))
    return list(found.values())


def _product(cells: Cells) -> str:
    name, version = cells["Name"], cells["Version"]
    return name if name.casefold().endswith(version.casefold()) else f"{name} {version}"


def _product_row(cells: Cells) -> Cells:
    return {"product": _product(cells), "vendor": cells["Publisher"], "version": cells["Version"], "metric": DEVICE}


def _contract(cells: Cells) -> str:
    return cells["PONumber"] or f"Configuration Manager: {_product(cells)}"


def _contract_row(cells: Cells) -> Cells:
    order = cells["PONumber"]
    return {
        "contract": _contract(cells),
        "name": f"Purchase order {order}" if order else _product(cells),
        "invoice_date": cells["DateOfPurchase"],
        "supplier": cells["ResellerName"],
        "purchase_order_number": order,
    }


def _items(file: Foreign) -> Iterator[tuple[int, Cells]]:
    """For each row its perpetual item, and one for the support that was bought with it.

    Items are named after what was bought, so that a row put in between leaves the others what they were; only what is
    bought twice in one order gets a running number.
    """
    bought: Counter[tuple[str, str]] = Counter()
    for number, cells in file.rows.items():
        item = _product(cells) + (f" ({cells['Language']})" if cells["Language"] else "")
        bought[_contract(cells), item] += 1
        again = bought[_contract(cells), item]
        item += f" #{again}" if again > 1 else ""
        yield number, _item_row(cells, item, PERPETUAL, "")
        if cells["SupportPurchased"] == "1":
            yield number, _item_row(cells, f"{item}, support", MAINTENANCE, cells["SupportExpirationDate"])


def _item_row(cells: Cells, item: str, model: str, end: str) -> Cells:
    return {
        "contract": _contract(cells),
        "item": item,
        "product": _product(cells),
        "model": model,
        "metric": DEVICE,
        "quantity": cells["EffectiveQuantity"],
        "license_start": cells["DateOfPurchase"],
        "license_end": end,
    }
