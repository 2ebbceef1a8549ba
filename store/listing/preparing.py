"""What keeps the overviews of large books quick: an index for each order, search tables, sums to sort by.

A small book needs none of it, and neither does a book that lives for one review: so it is no part of the schema, but
made when a window has a large book open. The book keeps it from then on, and whatever writes to the book keeps it up to
date.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from store import search
from store.book import Book
from store.listing import compliance, contracts, entitlements, keeping, products

Report = Callable[[int, int], None]
"""Called with how many of how many steps are done; may raise to stop there."""

LARGE: Final = 10_000
"""Entitlements, contracts or products from which on a book is large. Below, everything is quick without help."""

_PREFIX: Final = "overview_"


def _bare(*terms: str) -> str:
    """Terms of an overview as an index names them, without the aliases of tables."""
    return ", ".join(re.sub(r"\b[a-z]\.", "", term) for term in terms)


def _indexes() -> Iterator[tuple[str, str]]:
    """The indexes by their names: what follows the name in the statement that makes them."""
    marks, status = _bare(*entitlements.MARKS), _bare(compliance.STATUS)
    plain = "model quantity allocated maintenance_quantity last_demand_synchronization active product_id metric_id"
    for column in f"{plain} managed_by_id".split():
        yield f"entitlements_{column}", f"entitlements ({column}, {marks})"
    for day in ("license_start", "activation", "expiration"):
        yield f"entitlements_{day}", f"entitlements (coalesce({day}, '9'), {marks})"
    yield "entitlements_name", f"entitlements (name COLLATE NOCASE, {marks})"
    yield "entitlements_remaining", f"entitlements (quantity - allocated, {marks})"
    yield "entitlements_price", f"entitlements (price_currency, CAST(price_amount AS REAL), {marks})"
    yield "entitlements_state", f"entitlements (state, {marks})"
    yield "entitlements_over", "entitlements (id) WHERE archived = 0 AND allocated > quantity"
    for column in "model active downgrade upgrade demand balance product_id metric_id".split():
        yield f"positions_{column}", f"positions ({column}, {status})"
    yield "positions_entitlement", "positions (entitlement_id)"
    yield "entitlements_archived", "entitlements (id) WHERE archived = 1"
    yield "positions_alone", "positions (product_id) WHERE entitlement_id IS NULL"
    yield "positions_status", f"positions ({status})"
    yield "positions_value", f"positions ({_bare(*compliance.BALANCE_VALUE)}, {status})"
    for column in ("product", "vendor", "edition", "version"):
        yield f"products_{column}", f"products ({column} COLLATE NOCASE)"
    yield (
        "products_family",
        "products (family_id, edition COLLATE NOCASE, version_rank, released_on, product COLLATE NOCASE)",
    )
    yield "products_released_on", "products (released_on)"
    yield "products_support", "products (support_ends_on)"
    yield "products_support_ends_on", "products (coalesce(support_ends_on, '9'))"
    yield "products_metric_id", "products (metric_id)"
    yield "families_name", "families (name COLLATE NOCASE)"
    yield "user_groups_name", "user_groups (name COLLATE NOCASE)"
    for column in contracts.TEXTS:
        yield f"contracts_{column}", f"contracts ({column} COLLATE NOCASE)"
    yield "contracts_invoice_date", "contracts (invoice_date)"
    yield "contracts_sums", "contracts (currency)"
    yield "contracts_notice_date", "contracts (coalesce(notice_date, '9'))"
    yield "contract_items_costs", "contract_items (contract_id, license_end, unit_price, quantity)"
    yield "demand_source", "demand (source, product_id) WHERE source <> ''"
    yield "events_kind", "events (kind, on_day)"


INDEXES: Final = {
    f"{_PREFIX}{name}": f"CREATE INDEX {_PREFIX}{name} ON {definition}" for name, definition in _indexes()
}
"""Every index of the overviews by its name, with the statement that makes it."""

_WANTED: Final = {**INDEXES, **keeping.STATEMENTS}

_CONTRACTS: Final = f"SELECT c.id, {contracts.WORDS} FROM contracts c"
_PRODUCTS: Final = f"SELECT p.id, {products.WORDS} FROM products p LEFT JOIN families f ON f.id = p.family_id"

_SEARCHES: Final = {
    "contract_search": (
        _CONTRACTS,
        {
            "contract_added": f"AFTER INSERT ON contracts BEGIN {{add}} {_CONTRACTS} WHERE c.id = NEW.id; END",
            "contract_changed": f"AFTER UPDATE OF {', '.join(contracts.TEXTS)} ON contracts BEGIN {{remove}} = OLD.id;"
            f" {{add}} {_CONTRACTS} WHERE c.id = NEW.id; END",
            "contract_removed": "AFTER DELETE ON contracts BEGIN {remove} = OLD.id; END",
        },
    ),
    "product_search": (
        _PRODUCTS,
        {
            "product_added": f"AFTER INSERT ON products BEGIN {{add}} {_PRODUCTS} WHERE p.id = NEW.id; END",
            "product_changed": "AFTER UPDATE OF product, vendor, family_id, edition, version ON products"
            f" BEGIN {{remove}} = OLD.id; {{add}} {_PRODUCTS} WHERE p.id = NEW.id; END",
            "product_removed": "AFTER DELETE ON products BEGIN {remove} = OLD.id; END",
            "family_renamed": "AFTER UPDATE OF name ON families BEGIN"
            " {remove} IN (SELECT id FROM products WHERE family_id = NEW.id);"
            f" {{add}} {_PRODUCTS} WHERE p.family_id = NEW.id; END",
        },
    ),
}
"""The search tables: what fills each of them, and the triggers that keep it up to date."""


def prepare(book: Book, report: Report | None = None, *, large: int | None = None) -> None:
    """Make what a book of this size lacks, one piece a transaction, so that others wait for one piece at most."""
    if not _is_large(book, large):
        return
    held = dict(book.rows(f"SELECT name, sql FROM sqlite_schema WHERE name LIKE '{_PREFIX}%' AND type = 'index'"))
    for name in [name for name, sql in held.items() if _WANTED.get(name) != sql]:
        book.run(f"DROP INDEX {name}")
    missing = [sql for name, sql in INDEXES.items() if held.get(name) != sql]
    indexes = ((lambda sql=sql: book.run(sql)) for sql in missing)
    steps = [*_missing_searches(book), *indexes, *_missing_sums(book)]
    for number, step in enumerate(steps):
        if report is not None:
            report(number, len(steps))
        step()


def is_prepared(book: Book, *, large: int | None = None) -> bool:
    """Whether `prepare` would find nothing to do. Quick, also in a large book."""
    if not _is_large(book, large):
        return True
    held = dict(book.rows("SELECT name, sql FROM sqlite_schema"))
    return (
        held.keys() >= _SEARCHES.keys()
        and all(held.get(name) == sql for name, sql in _WANTED.items())
        and not keeping.is_behind(book)
    )


def _is_large(book: Book, large: int | None) -> bool:
    tables = ("entitlements", "contracts", "products")
    last = (LARGE if large is None else large) - 1
    return any(book.one(f"SELECT 1 FROM {table} LIMIT 1 OFFSET ?", (max(last, 0),)) for table in tables)


def _missing_searches(book: Book) -> Iterator[Callable[[], object]]:
    tables = {row[0] for row in book.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    for name in _SEARCHES.keys() - tables:
        yield lambda name=name: _make_search(book, name)
    if book.one("SELECT 1 FROM entitlement_search LIMIT 1") is None:
        yield lambda: _complete(book)


def _missing_sums(book: Book) -> Iterator[Callable[[], object]]:
    if not keeping.is_kept(book):
        yield lambda: keeping.make(book)
    elif keeping.is_behind(book):
        yield lambda: keeping.keep_up(book)


def _make_search(book: Book, name: str) -> None:
    filling, triggers = _SEARCHES[name]
    add, remove = f"INSERT INTO {name} (rowid, words)", f"DELETE FROM {name} WHERE rowid"
    with book.transaction():
        book.run(
            f"CREATE VIRTUAL TABLE {name} USING fts5 (words, content = '', contentless_delete = 1, prefix = '1 2 3')"
        )
        book.run(f"{add} {filling}")
        for trigger, definition in triggers.items():
            book.run(f"CREATE TRIGGER {_PREFIX}{trigger} {definition.format(add=add, remove=remove)}")


def _complete(book: Book) -> None:
    with book.transaction():
        search.complete(book)
