"""License estates in the words of the field: rows of the template, written out as people write them."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Tables = Mapping[str, Sequence[Mapping[str, Any]]]


def product(name: str, **more: Any) -> Row:
    return {"product": name, **more}


def contract(number: str = "C1", **more: Any) -> Row:
    return {"contract": number, "name": f"Contract {number}", "invoice_date": "2024-01-15", "currency": "EUR", **more}


def item(number: str, product: str, quantity: int | str, start: str = "2024-02-01", end: str = "", **more: Any) -> Row:
    first = {"contract": "C1", "item": number, "product": product, "model": "perpetual", "metric": "device"}
    return {**first, "quantity": quantity, "license_start": start, "license_end": end, **more}


def subscription(number: str, product: str, quantity: int | str, start: str, end: str = "", **more: Any) -> Row:
    return item(number, product, quantity, start, end, **{"model": "subscription", **more})


def maintenance(number: str, product: str, quantity: int | str, start: str, end: str = "", **more: Any) -> Row:
    return item(number, product, quantity, start, end, **{"model": "maintenance", **more})


def allocation(product: str, group: str, users: str, quantity: int, **more: Any) -> Row:
    first = {"product": product, "model": "perpetual", "metric": "device", "resource_group": group}
    return {**first, "user_group": users, "quantity": quantity, **more}


def demand(product: str, quantity: int, **more: Any) -> Row:
    first = {"product": product, "metric": "device", "resource_group": "", "source": "count", "quantity": quantity}
    return {**first, "counted_on": "2026-11-01", **more}


def override(product: str, **figures: Any) -> Row:
    empty = {"active": "", "demand": "", "downgrade": "", "upgrade": "", "reason": "audit of 2026"}
    return {"product": product, "model": "perpetual", "metric": "device", **empty, **figures}


def groups(*names: str, **parents: str) -> list[Row]:
    return [{"name": name, "parent": ""} for name in names] + [{"name": n, "parent": p} for n, p in parents.items()]


def of(*items: Row, **tables: Sequence[Row]) -> dict[str, Sequence[Row]]:
    """An estate: one contract C1 with these items, the products that the items name, and what else is given."""
    named = dict.fromkeys(row["product"] for row in [*items, *tables.get("demand", ())])
    numbers = dict.fromkeys(["C1", *(row["contract"] for row in items)])
    basis = {"products": [product(name) for name in named], "contracts": [contract(n) for n in numbers]}
    return {**basis, "contract_items": list(items), **tables}


def dated() -> dict[str, Sequence[Row]]:
    """An estate with nine events: Office forever and five Mail for 2026, invoiced in January 2026."""
    items = item("1", "Office", 100), subscription("2", "Mail", 5, "2026-01-01", "2026-12-31")
    return of(*items, contracts=[contract(invoice_date="2026-01-15")])


def family(*versions: Row, name: str = "Server", **tables: Sequence[Row]) -> list[Row]:
    """Products of one family, in their order oldest first."""
    return [{"family": name, "edition": "Standard", "version_rank": n, **v} for n, v in enumerate(versions, 1)]


def portal(*names: str, **more: Any) -> dict[str, Sequence[Row]]:
    """A portal: for each name a title with an entitlement, held by a PC, asked for again and by another PC."""
    numbered = list(enumerate(names, 1))
    line = {"kind": "entitlement", "quantity": 2, "start": "2026-10-01", "end": "2027-09-30"}
    tables: dict[str, Sequence[Row]] = {
        "titles": [{"title": name, "price": "9.99"} for name in names],
        "entitlement_definitions": [
            {"definition": f"Care|{name}", "title": name, "kind": "optional", "unit_price": "1.5"} for name in names
        ],
        "authorizations": [
            {"authorization": f"AU|{n}", "title": name, "holder": "PC-1", "authorized_on": "2026-01-01"}
            for n, name in numbered
        ],
        "requests": [
            {"request": f"R|{who}", "requester": "kim", "holder": f"PC-{who}", "submitted_on": "2026-10-01"}
            for who in (1, 2)
        ],
        "request_lines": [
            {"request": f"R|{who}", "line": f"{n}{end}", "title": name, **what}
            for who in (1, 2)
            for n, name in numbered
            for end, what in (("a", {"kind": "title"}), ("|b", {**line, "definition": f"Care|{name}"}))
        ],
        "decisions": [
            {"request": "R|1", "line": f"{n}|b", "decision": "approve", "decided_on": "2026-10-02", "decided_by": "lee"}
            for n, _ in numbered
        ],
    }
    return tables | more


def write(folder: Path, tables: Tables) -> Path:
    """The estate as a folder of CSV files."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        columns = list(dict.fromkeys(key for row in rows for key in row))
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, columns, restval="")
            writer.writeheader()
            writer.writerows({k: "" if v is None else v for k, v in row.items()} for row in rows)
    return folder
