"""A generated estate of any size: families of five versions, two contract items a product, twenty demand rows a product.

Six of ten first items are perpetual, the others are subscriptions of one to three years. The second item of a product is
maintenance, a further purchase, or a subscription. Every family may downgrade, every second one may upgrade. One product
in ten is counted by resource group. All of it follows from the seed.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

VERSIONS = 5
ITEMS = 2 * VERSIONS
DEMAND = 20 * VERSIONS
GROUPS = 5
FIRST = date(2014, 1, 1)
AS_OF = date(2026, 11, 21)


def write(folder: Path, families: int, seed: int = 7) -> None:
    """Write the template tables of an estate with 10 contract items and 100 demand rows a family."""
    folder.mkdir(parents=True, exist_ok=True)
    _table(folder, "products", "product vendor family version version_rank released_on", _products(families))
    _table(folder, "resource_groups", "name parent", [(f"Group {n}", "") for n in range(GROUPS)])
    _table(folder, "contracts", "contract name invoice_date currency supplier", _contracts(families, Random(seed)))
    _table(
        folder,
        "contract_items",
        "contract item product model metric quantity license_start license_end unit_price",
        _items(families, Random(seed + 1)),
    )
    _table(
        folder,
        "demand",
        "product metric resource_group source quantity counted_on",
        _demand(families, Random(seed + 2)),
    )
    _table(folder, "rights", "right kind family", _rights(families))


def _table(folder: Path, name: str, header: str, rows: Iterable[Sequence[object]]) -> None:
    with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header.split())
        writer.writerows(rows)


def product(family: int, version: int) -> str:
    return f"Vendor {family % 40} Suite {family:06d} {2015 + 2 * version}"


def _products(families: int) -> Iterator[Sequence[object]]:
    for family in range(families):
        for version in range(VERSIONS):
            released_on = date(2015 + 2 * version, 1 + family % 12, 1)
            name = product(family, version)
            yield name, f"Vendor {family % 40}", f"Suite {family:06d}", 2015 + 2 * version, version, released_on


def _contracts(families: int, random: Random) -> Iterator[Sequence[object]]:
    for family in range(families):
        invoiced = FIRST + timedelta(random.randrange(4500))
        yield f"C{family:06d}", f"Contract {family:06d}", invoiced, "EUR", f"Vendor {family % 40}"


def _items(families: int, random: Random) -> Iterator[Sequence[object]]:
    for family in range(families):
        for version in range(VERSIONS):
            for number in range(2):
                model = _model(number, random)
                start = FIRST + timedelta(365 * 2 * version + random.randrange(900))
                end = "" if model == "perpetual" else start + timedelta(365 * random.randint(1, 3) - 1)
                item = f"{version * 2 + number + 1}"
                price = f"{random.randint(5, 900)}.{random.randrange(100):02d}"
                quantity = random.randint(1, 400)
                yield f"C{family:06d}", item, product(family, version), model, "device", quantity, start, end, price


def _model(number: int, random: Random) -> str:
    chance = random.random()
    if number == 0:
        return "perpetual" if chance < 0.6 else "subscription"
    return "maintenance" if chance < 0.4 else "perpetual" if chance < 0.7 else "subscription"


def _demand(families: int, random: Random) -> Iterator[Sequence[object]]:
    for family in range(families):
        for version in range(VERSIONS):
            grouped = (family * VERSIONS + version) % 10 == 0
            name = product(family, version)
            for row in range(DEMAND // VERSIONS):
                group, source = (f"Group {row % GROUPS}", row // GROUPS) if grouped else ("", row)
                day = f"2026-{1 + row % 10:02d}-{1 + family % 28:02d}"
                yield name, "device", group, f"site {source:02d}", random.randrange(25), day


def _rights(families: int) -> Iterator[Sequence[object]]:
    for family in range(families):
        yield f"D{family:06d}", "downgrade", f"Suite {family:06d}"
        if family % 2:
            yield f"U{family:06d}", "upgrade", f"Suite {family:06d}"
