"""Keeps the sums that a large book sorts by: made once, marked where a change may have moved them, counted anew there.

Triggers mark, whoever writes to the book. As long as there are marks the sums are not read, so they are never wrong,
only slow; whatever changes a book from a window ends with `keep_up`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from store.book import Book
from store.listing import contracts, demand, products
from store.listing.shape import Kept

KEPT: Final = {kept.table: kept for kept in (contracts.KEPT, products.KEPT, demand.KEPT)}
"""Every table of sums by its name."""

_EVENTS: Final = {"INSERT": ("NEW",), "DELETE": ("OLD",)}
_CONTRACT: Final = "SELECT {0}.contract_id AS id"
_PRODUCT: Final = "SELECT {0}.product_id AS id"
_ITSELF: Final = "SELECT {0}.id AS id"

_MARKED: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "contracts": {
        "contracts": (_ITSELF, "currency manual"),
        "contract_items": (_CONTRACT, "contract_id quantity unit_price"),
    },
    "products": {
        "products": (_ITSELF, "metric_id"),
        "positions": (_PRODUCT, "product_id metric_id active demand calculated_demand"),
        "demand": (_PRODUCT, "product_id metric_id quantity counted_on"),
        "installations": (_PRODUCT, "product_id"),
        "contract_items": (_PRODUCT, "product_id metric_id"),
        "metrics": ("SELECT DISTINCT product_id AS id FROM installations", "code"),
    },
}
"""The nouns whose rows are marked: the tables that their sums come from, which rows a change of a row there marks, and
the columns that count."""


def marks(noun: str) -> str:
    """The table of the ids that are marked."""
    return f"overview_marked_{noun}"


def _statements() -> Iterator[tuple[str, str]]:
    """In the order in which they are made: the tables of sums, which are filled at once, come before their indexes."""
    for noun, tables in _MARKED.items():
        yield marks(noun), f"CREATE TABLE {marks(noun)} (id INTEGER PRIMARY KEY)"
        for table, (which, columns) in tables.items():
            yield from _triggers(noun, table, which, columns.split())
    for kept in KEPT.values():
        columns = ", ".join([*(f"{name} INTEGER NOT NULL" for name in kept.key), *kept.sums])
        yield (
            kept.table,
            f"CREATE TABLE {kept.table} ({columns}, PRIMARY KEY ({', '.join(kept.key)})) WITHOUT ROWID",
        )
    for kept in KEPT.values():
        for order in kept.orders:
            name = f"{kept.table}_{order.split(', ')[-1]}"
            yield name, f"CREATE INDEX {name} ON {kept.table} ({order})"


def _triggers(noun: str, table: str, which: str, columns: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What marks the rows of a noun when a row of a table comes, goes, or has another value in one of the columns.

    An INSERT OR IGNORE would not do: the statement that fires a trigger decides what happens to double keys in it.
    """
    name = f"overview_marks_{noun}_of_{table}"
    for event, rows in _EVENTS.items():
        yield f"{name}_{event}", _trigger(f"{name}_{event}", f"{event} ON {table}", noun, which, rows)
    moved = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
    fired = f"UPDATE OF {', '.join(columns)} ON {table} WHEN {moved}"
    yield f"{name}_UPDATE", _trigger(f"{name}_UPDATE", fired, noun, which, ("OLD", "NEW"))


def _trigger(name: str, fired: str, noun: str, which: str, rows: tuple[str, ...]) -> str:
    into = f"INSERT INTO {marks(noun)} SELECT id FROM"
    unmarked = f"WHERE id NOT IN (SELECT id FROM {marks(noun)})"
    steps = "; ".join(f"{into} ({which.format(row)}) {unmarked}" for row in rows)
    return f"CREATE TRIGGER {name} AFTER {fired} BEGIN {steps}; END"


STATEMENTS: Final = dict(_statements())
"""Everything that a book needs to keep sums by its name: tables, triggers and indexes with what makes them."""


def is_kept(book: Book) -> bool:
    """Whether a book has everything that it needs to keep sums."""
    held = dict(book.rows("SELECT name, sql FROM sqlite_schema WHERE name LIKE 'overview_%'"))
    return all(held.get(name) == sql for name, sql in STATEMENTS.items())


def make(book: Book) -> None:
    """Give a book the tables and triggers of sums, in place of those of an earlier version, and count all of them."""
    with book.transaction():
        for name, sql in STATEMENTS.items():
            book.run(f"DROP {sql.split()[1]} IF EXISTS {name}")
        for name, sql in STATEMENTS.items():
            book.run(sql)
            if name in KEPT:
                _fill(book, KEPT[name])


def _fill(book: Book, kept: Kept, *, marked: bool = False) -> None:
    """Count all sums of a table, which is empty, or those of the marked rows alone."""
    columns = {**kept.key, **kept.sums}
    only = [kept.only] if kept.only else []
    only += [f"{kept.by} IN (SELECT id FROM {marks(kept.marked)})"] if marked else []
    where = f" WHERE {' AND '.join(only)}" if only else ""
    book.run(
        f"INSERT INTO {kept.table} ({', '.join(columns)})"
        f" SELECT {', '.join(columns.values())} FROM {kept.source}{where}"
    )


def is_current(book: Book, kept: Kept) -> bool:
    """Whether the sums of a table can be read: they are kept, and nothing is marked."""
    if book.one("SELECT 1 FROM sqlite_schema WHERE name = ?", (kept.table,)) is None:
        return False
    return book.one(f"SELECT 1 FROM {marks(kept.marked)} LIMIT 1") is None


def is_behind(book: Book) -> bool:
    """Whether a book keeps sums of which some are marked."""
    tables = {row[0] for row in book.rows("SELECT name FROM sqlite_schema WHERE name LIKE 'overview_marked_%'")}
    return any(book.one(f"SELECT 1 FROM {table} LIMIT 1") for table in tables)


def keep_up(book: Book) -> None:
    """Count the sums of what is marked anew; a book that keeps none has nothing to do."""
    if not is_behind(book):
        return
    with book.transaction():
        for kept in KEPT.values():
            first = next(iter(kept.key))
            book.run(f"DELETE FROM {kept.table} WHERE {first} IN (SELECT id FROM {marks(kept.marked)})")
            _fill(book, kept, marked=True)
        for noun in _MARKED:
            book.run(f"DELETE FROM {marks(noun)}")
