"""A book of any size for the window, written straight into its tables.

Names are made of the words that people look for. Two entitlements a product, one contract item an entitlement, ten items
a contract, a position for each entitlement and for one product in fifty without any, a purchase event an item, a demand
row a product. All of it follows from the seed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from rules.vocabulary import METRICS, MODELS, STATES, STATUSES
from store import search, settings
from store.book import Book
from store.bulk import collector_off, indexes_afterwards, without_trigger
from store.naming import entitlement_name

AS_OF = date(2026, 11, 21)
VENDORS = "Microsoft Oracle Adobe Autodesk Siemens Citrix SAP IBM VMware Symantec Dell Broadcom".split()
NOUNS = "Server Studio Backup Suite Office Reader Center Security Desktop Manager Engine Designer".split()
EDITIONS = ("Standard", "Enterprise", "Professional", "")
QUERIES = ("s", "se", "serv", "server 20", "oracle backup", "studio 2013 enterprise", "zzz")
"""What is typed into the search field in the measures."""

_TABLES = "products families contracts contract_items entitlements positions events demand change_log".split()
_BOTH = 2


def fill(book: Book, entitlements: int, seed: int = 3) -> None:
    """Fill an empty book. What rules would conclude is made up: only the shape and the size of the tables count."""
    random, products = Random(seed), entitlements // _BOTH
    with book.transaction(resolved=True), collector_off(), indexes_afterwards(book, _TABLES):
        settings.put(book, "as_of", AS_OF.isoformat())
        groups = ("resource_groups", "user_groups")
        for table in groups:
            book.many(f"INSERT INTO {table} (name) VALUES (?)", [(f"Group {n:02d}",) for n in range(40)])
        book.many("INSERT INTO families VALUES (?, ?)", ((n, f"Family {n}") for n in range(1, products // 5 + 2)))
        _insert(book, "products", 9, _products(products, random))
        _insert(book, "contracts", 7, _contracts(entitlements // 10 + 1, random))
        _insert(book, "entitlements", 20, _entitlements(book, products, random))
        _insert(book, "contract_items", 11, _items(entitlements, random))
        _insert(book, "positions", 20, _positions(entitlements, random))
        _insert(
            book, "demand", 6, ((n, n % 3 + 1, 0, "", n % 90, f"2026-{n % 10 + 1:02d}-01") for n in range(1, products))
        )
        with without_trigger(book, "events_come_from_rules"):
            _insert(book, "events", 6, _events(entitlements, random))
        search.rebuild(book)


_COLUMNS = {
    "products": "id product vendor family_id edition version version_rank released_on support_ends_on",
    "contracts": "id contract name invoice_date currency supplier customer",
    "entitlements": "id product_id model metric_id name archived quantity active allocated maintenance_quantity maintained"
    " license_start activation expiration state last_demand_synchronization price_amount price_currency managed_by_id rule",
    "contract_items": "id contract_id item product_id model metric_id quantity license_start license_end unit_price"
    " entitlement_id",
    "positions": "id product_id model metric_id entitlement_id active demand downgrade upgrade balance status"
    " calculated_active calculated_demand calculated_downgrade calculated_upgrade calculated_balance calculated_status"
    " breakdown rule because",
    "demand": "product_id metric_id resource_group_id source quantity counted_on",
    "events": "kind on_day contract_id item_id lead rule",
}


def _insert(book: Book, table: str, width: int, rows: Iterator[tuple[Any, ...]]) -> None:
    names = ", ".join(_COLUMNS[table].split())
    book.many(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * width)})", rows)


def _day(number: int) -> str:
    return (AS_OF + timedelta(number)).isoformat()


def _products(count: int, random: Random) -> Iterator[tuple[Any, ...]]:
    for n in range(1, count + 1):
        vendor, noun, year = VENDORS[n % 12], random.choice(NOUNS), 2005 + 2 * (n % 10)
        edition = random.choice(EDITIONS)
        name = f"{vendor} {noun} {n // 10:06d} {year} {edition}".rstrip()
        support = _day(random.randint(-2000, 2000)) if n % 3 else None
        yield n, name, vendor, n // 5 + 1, edition, str(year), n % 5, f"{year}-0{n % 9 + 1}-01", support


def _contracts(count: int, random: Random) -> Iterator[tuple[Any, ...]]:
    for n in range(1, count + 1):
        day = _day(-random.randrange(4000))
        yield (
            n,
            f"C-{n:07d}",
            f"Agreement {n} {random.choice(VENDORS)}",
            day,
            "EUR",
            random.choice(VENDORS),
            f"Site {n % 70}",
        )


def _entitlements(book: Book, products: int, random: Random) -> Iterator[tuple[Any, ...]]:
    number = 0
    for product, name in book.each("SELECT id, product FROM products WHERE id <= ?", (products,)):
        for model in random.sample(MODELS, _BOTH):
            number += 1
            metric, start = number % 3, -random.randrange(4000)
            quantity, state = random.randint(1, 2000), random.choice(STATES)
            allocated = random.randint(0, quantity) + (2000 if number % 997 == 0 else 0)
            archived = int(number % 500 == 0)
            yield (
                *(number, product, model, metric + 1, entitlement_name(name, model, METRICS[metric]), archived),
                *(quantity, quantity // 2, allocated, quantity // 3, quantity // 3),
                *(_day(start), _day(start), _day(start + 2000) if number % 2 else None),
                *("" if archived else state, f"2026-{number % 10 + 1:02d}-01"),
                *(f"{random.randint(1, 900)}.{number % 100:02d}", "EUR" if number % 5 else "USD"),
                *(random.randint(1, 40) if number % 3 else None, "expiration.active"),
            )


def _items(entitlements: int, random: Random) -> Iterator[tuple[Any, ...]]:
    for n in range(1, entitlements + 1):
        start = -random.randrange(4000)
        end = _day(start + 2000) if n % 2 else None
        terms = (random.randint(1, 2000), _day(start), end, f"{random.randint(1, 900)}.50")
        yield n, n // 10 + 1, str(n), (n + 1) // _BOTH, MODELS[n % 3], n % 3 + 1, *terms, n


def _positions(entitlements: int, random: Random) -> Iterator[tuple[Any, ...]]:
    for n in range(1, entitlements + 1):
        active, demand, moved = random.randint(0, 2000), random.randint(0, 2000), random.randint(-40, 40)
        figures = (active, demand, moved, 0, active + moved - demand, random.choice(STATUSES))
        product = (n + 1) // _BOTH
        alone = n % 100 == 0
        key = (n, product, None if alone else MODELS[n % 2], n % 3 + 1, None if alone else n)
        yield *key, *figures, *figures, "[]", "compliance.compliant", "[]"


def _events(entitlements: int, random: Random) -> Iterator[tuple[Any, ...]]:
    for n in range(1, entitlements + 1):
        yield "purchased", _day(random.randint(-4000, 1000)), n // 10 + 1, n, -1, "lifecycle.purchased"
