"""License rows of other programs, a row a purchase, made into products, contracts and contract items.

Whatever file they come from, it is decided here by what key a purchase is known again: its contract (or purchase order,
invoice, sales order, or else the product itself), and in it the item (its number in the file, or else the product).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from rules.vocabulary import DEVICE, MAINTENANCE, PERPETUAL, SUBSCRIPTION
from store.imports.cells import Wrong
from store.imports.foreign import template_table
from store.imports.mapping.rows import Cells, Fault, Row
from store.imports.mapping.values import BOTH, UNLIMITED, plain_amount, quantity
from store.imports.source import RawTable

_CONTRACT: Final = (
    "currency invoice_date supplier customer invoice_number purchase_order_number sales_order_number quote_number"
    " notice_date".split()
)
_NUMBERS: Final = {
    "purchase_order_number": "Purchase order",
    "invoice_number": "Invoice",
    "sales_order_number": "Order",
}
"""What stands in for the number of a contract, and what such a contract is called."""


@dataclass
class Purchases:
    """License rows, taken one by one. `label` is how contracts without any number are called: "Snipe-IT"."""

    label: str
    products: dict[str, tuple[int, Cells]] = field(default_factory=dict[str, tuple[int, Cells]])
    contracts: dict[str, tuple[int, Cells]] = field(default_factory=dict[str, tuple[int, Cells]])
    items: list[tuple[int, Cells]] = field(default_factory=list[tuple[int, Cells]])
    groups: dict[str, int] = field(default_factory=dict[str, int])
    _bought: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])

    def take(self, row: Row) -> list[Fault]:
        """Take a row in; or what is wrong with it, and then nothing of it is taken."""
        cells = row.cells
        faults = list(_faults(cells))
        contract = self._contract(cells)
        currency, held = cells.get("currency", ""), self.contracts.get(contract)
        if held and currency and held[1]["currency"] not in ("", currency):
            text = f"its contract {contract} is in {held[1]['currency']} by row {held[0]}, and this row in {currency}"
            faults.append(Fault("currency", "two-currencies", text))
        if not faults:
            self._store(row.number, cells, contract)
        return faults

    def _contract(self, cells: Cells) -> str:
        numbers = (cells.get(name, "") for name in ("contract", *_NUMBERS))
        return next(filter(None, numbers), "") or f"{self.label}: {product_name(cells)}"

    def _store(self, number: int, cells: Cells, contract: str) -> None:
        product = product_name(cells)
        _fill(self.products, product, number, _product_row(product, cells))
        _fill(self.contracts, contract, number, self._contract_row(contract, cells))
        if group := cells.get("responsible", ""):
            self.groups.setdefault(group, number)
        item = cells.get("item", "") or product
        self._bought[contract, item] += 1
        again = self._bought[contract, item]
        item += f" #{again}" if again > 1 else ""
        self.items += [(number, made) for made in _items(cells, contract, item, product)]

    def _contract_row(self, contract: str, cells: Cells) -> Cells:
        said = next((f"{word} {cells[name]}" for name, word in _NUMBERS.items() if cells.get(name) == contract), "")
        title = (
            cells.get("contract_name", "") or said or (product_name(cells) if not cells.get("contract") else contract)
        )
        return {"contract": contract, "name": title, **{name: cells.get(name, "") for name in _CONTRACT}}

    def tables(self, place: str, origins: Mapping[str, str]) -> Iterator[RawTable]:
        """What was taken, as tables of the template."""
        own = _origins(origins)
        yield template_table("products", place, _sparse(self.products.values(), origins), own)
        if self.groups:
            rows = [(number, {"name": name}) for name, number in self.groups.items()]
            yield template_table("user_groups", place, rows, {"name": own.get("responsible", "name")})
        yield template_table("contracts", place, _sparse(self.contracts.values(), origins), own)
        for models in ((PERPETUAL, SUBSCRIPTION), (MAINTENANCE,)):
            rows = [one for one in self.items if one[1]["model"] in models]
            if rows:
                of_maintenance = {
                    "license_start": own.get("maintenance_start", own.get("license_start", "license_start")),
                    "license_end": own.get("maintenance_end", own.get("license_end", "license_end")),
                }
                named = own | of_maintenance if models == (MAINTENANCE,) else own
                yield template_table(
                    "contract_items", place, _sparse(rows, origins), named, optional=("license_start",)
                )


def _origins(origins: Mapping[str, str]) -> dict[str, str]:
    """The file's names of the template's columns, also of those that are made of others."""
    product = origins.get("product", "product")
    contract = next((origins[name] for name in ("contract", *_NUMBERS) if name in origins), product)
    made = {"contract": contract, "name": origins.get("contract_name", contract), "item": product}
    priced = {"unit_price": origins["total_price"]} if "total_price" in origins else {}
    return {**made, **priced, **origins}


def _sparse(rows: Iterable[tuple[int, Cells]], given: Container[str]) -> list[tuple[int, Cells]]:
    """Rows without the columns that the file does not have: on what it is silent, the book keeps its own."""
    kept = list(rows)
    used = {name for _, cells in kept for name, cell in cells.items() if cell or name in given}
    return [(number, {name: cell for name, cell in cells.items() if name in used}) for number, cells in kept]


def _fill(found: dict[str, tuple[int, Cells]], key: str, number: int, cells: Cells) -> None:
    """Keep the first row of a key; later ones fill in what it left open."""
    _, held = found.setdefault(key, (number, cells))
    held.update({name: cell for name, cell in cells.items() if cell and not held.get(name)})


def product_name(cells: Cells) -> str:
    """The name of a product: what the file calls it, with the edition and version that this does not say yet.

    Where `exact` says so, it is the whole name already.
    """
    found = cells["product"]
    for part in () if cells.get("exact") else (cells.get("version", ""), cells.get("edition", "")):
        if part and not re.search(rf"(?<!\w){re.escape(part)}(?!\w)", found, re.IGNORECASE):
            found = f"{found} {part}"
    return found


def _product_row(product: str, cells: Cells) -> Cells:
    return {"product": product, **{name: cells.get(name, "") for name in ("vendor", "edition", "version")}}


# ---------------------------------------------------------------------------------------------------------- one row
def _faults(cells: Cells) -> Iterator[Fault]:
    """What is wrong with a row as a whole."""
    try:
        if not rights(cells):
            yield Fault("quantity", "required", "the quantity is empty, and it is needed")
    except Wrong as wrong:
        yield Fault("quantity", wrong.code, wrong.reason)
    started = _started(cells)
    for name, start, end in (
        ("license", started, "license_end"),
        ("maintenance", cells.get("maintenance_start", "") or started, "maintenance_end"),
    ):
        if cells.get(end) and cells[end] < start:
            yield Fault(end, "end-before-start", f"the {name} ends on {cells[end]}, before it begins on {start}")


def _started(cells: Cells) -> str:
    """The first day of a license: its own, or that of its purchase."""
    return cells.get("license_start", "") or cells.get("invoice_date", "")


def rights(cells: Cells) -> str:
    """How many rights a row gives, or unlimited; "" where it does not say it. Raises Wrong.

    Where a file has packs, the quantity is that of all rights; where it only has rights per pack, it is that of packs.
    """
    if cells.get("unlimited") == "true":
        return UNLIMITED
    count, packs, per_pack = (cells.get(name, "") for name in ("quantity", "packs", "rights_per_pack"))
    if count == UNLIMITED or not (packs or per_pack):
        return count
    product = str(int(packs or count or 0) * int(per_pack or 1)) if packs or count else ""
    if packs and count and per_pack and count != product:
        raise Wrong("contradiction", f"{packs} packs of {per_pack} are {product} rights, but the row says {count}")
    return count if packs and count else product and quantity(product, ".")


def _items(cells: Cells, contract: str, item: str, product: str) -> Iterator[Cells]:
    """The item of a row, and one for the maintenance that was bought with it."""
    started, end = _started(cells), cells.get("license_end", "")
    model = cells.get("model", "") or (SUBSCRIPTION if end else PERPETUAL)
    with_maintenance = _maintained(cells, model)
    base = {
        "contract": contract,
        "product": product,
        "sku": cells.get("sku", ""),
        "metric": cells.get("metric", "") or DEVICE,
        "quantity": rights(cells),
        "responsible": cells.get("responsible", ""),
    }
    if model == MAINTENANCE:
        span = (cells.get("maintenance_start", "") or started, cells.get("maintenance_end", "") or end)
        yield _item(base, item, MAINTENANCE, *span, _unit_price(cells))
        return
    yield _item(
        base, item, PERPETUAL if model == BOTH else model, started, "" if model == BOTH else end, _unit_price(cells)
    )
    if with_maintenance:
        own_end = cells.get("maintenance_end", "") or (end if model == BOTH else "")
        yield _item(
            base, f"{item}, maintenance", MAINTENANCE, cells.get("maintenance_start", "") or started, own_end, ""
        )


def _maintained(cells: Cells, model: str) -> bool:
    """Whether maintenance was bought with a license. A subscription has its own in it."""
    told = cells.get("maintained") == "true" or any(cells.get(f"maintenance_{word}") for word in ("start", "end"))
    return model == BOTH or (model == PERPETUAL and told and cells.get("maintained") != "false")


def _item(base: Cells, item: str, model: str, start: str, end: str, price: str) -> Cells:
    return {**base, "item": item, "model": model, "license_start": start, "license_end": end, "unit_price": price}


def _unit_price(cells: Cells) -> str:
    """What one right costs: by the price of one (of a pack, where there are packs), or by that of all of them."""
    unit, total, count = cells.get("unit_price", ""), cells.get("total_price", ""), rights(cells)
    if unit:
        return plain_amount(Decimal(unit) / max(1, int(cells.get("rights_per_pack", "") or 1)))
    if total and count.isdecimal() and int(count):
        return plain_amount(Decimal(total) / int(count))
    return ""
