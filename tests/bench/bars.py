"""The bars of the store: bulk inserts, the first load, single durable edits, and the import of a CSV file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

from store import allocations, contracts, demand, overrides, rows, search
from store.book import Book
from store.bulk import indexes_afterwards
from store.records import Count, EntitlementKey, Override
from store.tables import Allocation
from tests.bench import floors, prepared
from tests.bench.child import import_table, opened
from tests.bench.measures import DERIVED, Scale, some_items
from tests.bench.timing import Figure, Time, child, compared, interleaved, of_child, timed

FED = ("allocations", "overrides", *DERIVED, "contract_items", "entitlement_search", "entitlements", "demand")
"""Tables that are emptied to be loaded again, in an order that foreign keys allow."""

_ITEMS = (
    "contract_id item product_id sku model metric_id quantity license_start license_end unit_price responsible_id"
    " entitlement_id formed_by".split()
)
_ENTITLEMENTS = "product_id model metric_id name".split()


# -------------------------------------------------------------------------------------------------------------- inserts
def inserts(scale: Scale) -> Iterable[Figure]:
    """Contract items (and entitlements) as a load inserts them, against the same rows put into bare tables."""
    items, entitlements = _rows(scale.families)
    parents = prepared.without(scale.families, *FED)
    with prepared.workplace() as place:
        bare = [(("contract_items", _ITEMS, items),), (("contract_items", _ITEMS, items), _named(entitlements))]
        one, raw, load, raw_load = interleaved(
            scale.rounds,
            lambda: _into_book(parents, place, lambda book: _insert(book, "contract_items", _ITEMS, items), bare=True),
            lambda: _into_file(place, bare[0]),
            lambda: _into_book(parents, place, lambda book: _load(book, items, entitlements)),
            lambda: _into_file(place, bare[1]),
        )
    yield compared(f"S1: {len(items):,} rows by Book.many / executemany", one, raw, 2.0)
    yield compared("S3: first load with indexes and search table / executemany", load, raw_load, 4.5)


def _named(entitlements: list[Any]) -> tuple[str, list[str], list[Any]]:
    return "entitlements", _ENTITLEMENTS, entitlements


def _rows(families: int) -> tuple[list[Any], list[Any]]:
    with opened(prepared.book(families)) as book:
        found = book.rows(f"SELECT {', '.join(_ITEMS)} FROM contract_items ORDER BY id")
        items = [(*row[:11], None, "") for row in found]
        return items, book.rows(f"SELECT {', '.join(_ENTITLEMENTS)} FROM entitlements ORDER BY id")


def _into_book(parents: Path, place: Path, work: Callable[[Book], None], *, bare: bool = False) -> Time:
    """Insert into a book in one transaction; `bare` leaves its indexes out altogether."""
    with opened(prepared.copy(parents, place)) as book:
        if bare:
            for (name,) in book.rows(
                "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql > '' AND tbl_name = 'contract_items'"
            ):
                book.run(f"DROP INDEX {name}")

        def transaction() -> None:
            with book.transaction():
                work(book)

        return timed(transaction)


def _insert(book: Book, table: str, names: Sequence[str], values: list[Any]) -> None:
    book.many(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", values)


def _load(book: Book, items: list[Any], entitlements: list[Any]) -> None:
    with indexes_afterwards(book, ["contract_items", "entitlements"]):
        _insert(book, "contract_items", _ITEMS, items)
        _insert(book, *_named(entitlements))
    search.rebuild(book)


def _into_file(place: Path, tables: Iterable[tuple[str, Sequence[str], list[Any]]]) -> Time:
    """Insert into tables without indexes, in one transaction."""
    for end in ("", "-wal", "-shm"):
        (place / f"bare.db{end}").unlink(missing_ok=True)
    connection = floors.opened(place / "bare.db")

    def transaction() -> None:
        for table, names, values in tables:
            floors.insert(connection, table, names, values)
        connection.execute("COMMIT")

    spent = timed(transaction)
    connection.close()
    return spent


# --------------------------------------------------------------------------------------------------------- single edits
EACH = 60


def operations(scale: Scale) -> Iterable[Figure]:
    """Single durable edits, in turns with flushing one page to the same disk.

    The smallest edit is what every operation does before it derives: a row saved and logged, the allocated sum and the
    search row brought up to date. The others are what a person does, with all that follows.
    """
    with prepared.workplace() as place, opened(prepared.copy(prepared.book(scale.families), place)) as book:
        book.run("INSERT INTO user_groups (name) VALUES ('Team')")
        works = _operations(book)
        page, turn = floors.Page(place / "page"), count(1)
        flushed: list[list[Time]] = []
        found: dict[str, list[list[Time]]] = {name: [] for name in works}
        for _ in range(scale.rounds):
            every = interleaved(EACH, lambda: timed_quickly(page.flush), *_each(works, turn))
            flushed.append(every[0])
            for name, times in zip(works, every[1:], strict=True):
                found[name].append(times)
        page.close()
    for name, times in found.items():
        must = 2.5 if name.startswith("S4") else None
        pairs = list(zip(map(_middle, times), map(_middle, flushed), strict=True))
        yield compared(f"{name} / fdatasync of a page", [one for one, _ in pairs], [other for _, other in pairs], must)


def timed_quickly(work: Callable[[], object]) -> Time:
    return timed(work, collect=False)


def _middle(times: Sequence[Time]) -> Time:
    return Time(median(time.wall for time in times), median(time.cpu for time in times))


def _each(works: dict[str, Callable[[int], None]], turn: Iterator[int]) -> list[Callable[[], Time]]:
    return [lambda work=work: timed_quickly(lambda: work(next(turn))) for work in works.values()]


def _operations(book: Book) -> dict[str, Callable[[int], None]]:
    keys = [EntitlementKey(*row) for row in book.rows(_ENTITLED)]
    numbers = [
        row[0] for row in book.rows("SELECT id FROM entitlements WHERE quantity < 50 AND model <> 'maintenance'")
    ]
    Random(4).shuffle(keys)
    items = some_items(book, 2_001)

    def smallest(turn: int) -> None:
        with book.transaction():
            entitlement = numbers[turn % len(numbers)]
            key = {"entitlement_id": entitlement, "resource_group_id": 1 + turn % 5, "user_group_id": 1}
            rows.save(book, Allocation, key, {"quantity": turn}, named=str(entitlement))
            sums = "SELECT sum(quantity) FROM allocations a WHERE a.entitlement_id = entitlements.id"
            book.run(f"UPDATE entitlements SET allocated = ({sums}) WHERE id = ?", (entitlement,))
            search.refresh(book, entitlement)

    def allocate(turn: int) -> None:
        allocations.allocate(book, keys[turn % len(keys)], f"Group {turn % 5}", "Team", 1)

    def override(turn: int) -> None:
        overrides.save(book, Override(keys[turn % len(keys)], "as agreed", demand=turn))

    def counted(turn: int) -> None:
        demand.save(book, Count(keys[turn % len(keys)].product, "device", turn, "", "recount"))

    return {
        "S4: smallest edit (row, log, allocated, search row)": smallest,
        "operation: allocations.allocate": allocate,
        "operation: overrides.save": override,
        "operation: demand.save": counted,
        "operation: contracts.save_item": lambda turn: contracts.save_item(book, items[turn % len(items)]),
    }


_ENTITLED = """
SELECT p.product, e.model, m.code FROM entitlements e JOIN products p ON p.id = e.product_id
JOIN metrics m ON m.id = e.metric_id WHERE e.quantity >= 50 AND e.model <> 'maintenance'"""


# --------------------------------------------------------------------------------------------------------------- import
def imports(scale: Scale) -> Iterable[Figure]:
    """Rows of a CSV file, checked and stored durably, against reading the file; and the memory for the largest."""
    with prepared.workplace() as place:
        yield from _import_of(place, scale, "demand", max(scale.families // 10, 1))
        yield from _import_of(place, scale, "contract_items", scale.families)
        folder = only(place, scale.families, "demand")
        book = prepared.copy(prepared.without(scale.families, *FED), place)
        said = child("import-demand", folder, book)
        read = child("read-demand", folder)
        large = f"I1: import of {100 * scale.families:,} demand rows"
        yield compared(f"{large} / csv.reader", [of_child(said)], [of_child(read)])
        yield Figure(f"{large}: memory above, MB", f"{said['above']:.1f} MB", "", said["above"], 20)


def _import_of(place: Path, scale: Scale, table: str, families: int) -> Iterable[Figure]:
    folder, known = only(place, families, table), prepared.without(families, *FED)
    file = folder / f"{table}.csv"

    def stored() -> Time:
        with opened(prepared.copy(known, place)) as book:
            return timed(lambda: import_table(book, folder, table))

    one, other = interleaved(scale.rounds, stored, lambda: timed(lambda: floors.read(file)))
    with file.open("rb") as rows:
        count = sum(1 for _ in rows) - 1
    must = 5.0 if table == "demand" else None
    yield compared(f"I1: import of {count:,} rows of {table} / csv.reader", one, other, must)


def only(place: Path, families: int, table: str) -> Path:
    """A folder with a single table of an estate."""
    folder = place / f"{table}-{families}"
    folder.mkdir(exist_ok=True)
    (folder / f"{table}.csv").unlink(missing_ok=True)
    (folder / f"{table}.csv").symlink_to(prepared.folder(families) / f"{table}.csv")
    return folder


MEASURES: dict[str, Callable[[Scale], Iterable[Figure]]] = {
    "inserts": inserts,
    "operations": operations,
    "imports": imports,
}
