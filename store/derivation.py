"""Keeps what the rules conclude in step with the facts: compares it with the book and writes the difference.

Whatever changes the book calls `derive` for the transfer groups it touched, or `derive_all`, inside its own
transaction. What has not changed is not written, so rows keep their ids, and deriving twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any

from rules import lifecycle
from store import aside, conclusions, facts, forming, positioning, rows, search, settings
from store.book import Book, Row
from store.bulk import collector_off, drop_indexes, indexes_afterwards, insert, without_trigger
from store.conclusions import Conclusions, Day, Series
from store.facts import DERIVED, iso, ordinal
from store.tables import Entitlement

Progress = Callable[[int, int], None]
"""Called with how many of how many steps are done."""


def day_of(book: Book) -> Day:
    """The day that the book was last judged on, as the rules take it."""
    return Day(ordinal(settings.get(book, "as_of")), settings.leads(book))


def recalculate(book: Book, *, as_of: date, progress: Progress | None = None) -> None:
    """Judge the whole book on a day, in one transaction. Twice gives the same, and writes nothing the second time."""
    with book.transaction(), collector_off():
        if settings.get(book, "as_of") != as_of.isoformat():
            settings.put(book, "as_of", as_of.isoformat())
        forming.form_all(book)
        derive_all(book, progress)
        search.complete(book)


def derive_all(book: Book, progress: Progress | None = None) -> None:
    """Derive every transfer group and every contract, entitlements formed already. Inside a transaction."""
    day = day_of(book)
    steps = list(facts.ranges(book))
    fresh = not any(book.one(f"SELECT 1 FROM {sign} LIMIT 1") for sign in _SIGNS_OF_A_JUDGEMENT)
    with collector_off(), _first_writing(book) if fresh else _gate(book):
        for number, (between, found) in enumerate(zip(steps, _judged(book, day, steps, fresh), strict=True)):
            _write_all(book, between, found, fresh)
            if progress is not None:
                progress(number + 1, len(steps))
        derive_invoices(book, fresh=fresh)


_SIGNS_OF_A_JUDGEMENT = ("events", "positions", "entitlements WHERE activation IS NOT NULL")
"""An archived entitlement keeps its first day, also where nothing else is left of what was judged."""


_WORTH_HELP = 10
"""Ranges of transfer groups from which on a second process is worth its start."""


def _judged(book: Book, day: Day, steps: Sequence[tuple[int, int]], fresh: bool) -> Iterator[Conclusions]:
    """What follows for each range of transfer groups, in their order."""
    questions = ((facts.fetch(book, *between, fresh=fresh), day) for between in steps)
    if len(steps) < _WORTH_HELP or aside.cores() < 2:
        return (conclusions.judged(*question) for question in questions)
    return aside.shared(conclusions.judged, questions)


def derive(book: Book, groups: Iterable[int], contracts: Iterable[int] = (), progress: Progress | None = None) -> None:
    """Derive what depends on some transfer groups and contracts, and only that. Inside a transaction."""
    if not settings.get(book, "as_of"):
        return
    day = day_of(book)
    with _gate(book):
        chosen = sorted(set(groups))
        for number, group in enumerate(chosen):
            if progress is not None:
                progress(number, len(chosen))
            before = search.managers(book, group)
            forming.form(book, group, group)
            between = (group, group)
            _write_all(book, between, conclusions.judged(facts.fetch(book, *between), day), fresh=False)
            after = search.managers(book, group)
            for entitlement in sorted(after.keys() - before.keys()):
                _log_opened(book, entitlement)
            for entitlement, _ in after.items() - before.items():
                search.refresh(book, entitlement)
        for contract in sorted(set(contracts)):
            derive_invoices(book, contract)


def _log_opened(book: Book, entitlement: int) -> None:
    """Entitlements that a single change opens are in the change log: undone, they go with what opened them."""
    sql = """SELECT p.product || '|' || e.model || '|' || m.code FROM entitlements e
        JOIN products p ON p.id = e.product_id JOIN metrics m ON m.id = e.metric_id WHERE e.id = ?"""
    held = rows.get(book, Entitlement, entitlement)
    after = {column: held[column] for column in ("product_id", "model", "metric_id", "name")}
    rows.log(book, "add", Entitlement, book.value(sql, (entitlement,)), {"id": entitlement}, None, after)


def groups_of(book: Book, products: Iterable[int]) -> list[int]:
    """The transfer groups of some products (ids)."""
    numbers = sorted(set(products))
    marks = ", ".join("?" * len(numbers))
    return [row[0] for row in book.rows(f"SELECT DISTINCT transfer_group FROM products WHERE id IN ({marks})", numbers)]


def drop_events(book: Book, item: int | None, contract: int | None = None) -> None:
    """Let go of the events of a contract item, or of a contract itself, that is about to be removed."""
    with _gate(book):
        if item is not None:
            book.run("DELETE FROM events WHERE item_id = ?", (item,))
        if contract is not None:
            book.run("DELETE FROM events WHERE contract_id = ? AND item_id IS NULL", (contract,))


_HANGING = (
    ("events", "contract_id", "contracts"),
    ("events", "item_id", "contract_items"),
    ("positions", "product_id", "products"),
    ("transfers", "from_product_id", "products"),
    ("transfers", "to_product_id", "products"),
)


def drop(book: Book, ranges: Mapping[str, tuple[int, int]]) -> None:
    """Let go of what hangs on rows about to be removed: table -> the ids after the first, to the last.

    Where they are all rows there were, everything goes at once: deriving again brings back what still follows.
    """
    with without_trigger(book, "events_stay_with_their_source"), _gate(book):
        for table, column, of in _HANGING:
            if of in ranges:
                after, last = ranges[of]
                where = f" WHERE {column} > {after} AND {column} <= {last}" if after else ""
                book.run(f"DELETE FROM {table}{where}")


@contextmanager
def _gate(book: Book) -> Generator[None]:
    """Automatic events may be written only in here; triggers refuse every other hand."""
    book.run("UPDATE derivation_gate SET open = 1")
    yield
    book.run("UPDATE derivation_gate SET open = 0")


@contextmanager
def _first_writing(book: Book) -> Generator[None]:
    """Nothing was derived yet: indexes come afterwards, and no row asks whether it may be written."""
    tables = ("events", "positions", "transfers")
    if book.temporary:
        drop_indexes(book, ["events"])
    with indexes_afterwards(book, tables), without_trigger(book, "events_come_from_rules"), _gate(book):
        yield


def _write_all(book: Book, between: tuple[int, int], found: Conclusions, fresh: bool) -> None:
    """Make the book hold what follows for a range of transfer groups."""
    if found.changed:
        sql = f"UPDATE entitlements SET {', '.join(f'{name} = ?' for name in DERIVED)} WHERE id = ?"
        book.many(sql, found.changed)
    if fresh:
        _write_first_events(book, found)
    else:
        _write_events(book, conclusions.series(found), _held_series(book, between))
    _write(book, "positions", _POSITIONS, found.positions, {} if fresh else _positions(book, between))
    _write(book, "transfers", _TRANSFERS, found.transfers, {} if fresh else _transfers(book, between))


# ------------------------------------------------------------------------------------------------- writing differences
_EVENTS = ("contract_id", "item_id", "kind", "lead"), ("on_day", "rule")
_POSITIONS = ("product_id", "metric_id", "model"), positioning.COLUMNS
_TRANSFERS = (
    tuple("kind from_product_id from_model to_product_id to_model metric_id right_id".split()),
    ("quantity", "rule", "because"),
)
_Columns = tuple[tuple[str, ...], tuple[str, ...]]
_Held = dict[Any, tuple[int, Row]]


def _write(book: Book, table: str, columns: _Columns, wanted: Mapping[Any, Row], held: _Held) -> None:
    """Make a derived table hold what is wanted where it holds something else."""
    key, values = columns
    new = [(*k, *row) for k, row in wanted.items() if k not in held] if held else ((*k, *r) for k, r in wanted.items())
    if new:
        insert(book, table, key + values, new)
    changed = [(*wanted[k], number) for k, (number, row) in held.items() if k in wanted and wanted[k] != row]
    if changed:
        book.many(f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in values)} WHERE id = ?", changed)
    gone = [(number,) for k, (number, _) in held.items() if k not in wanted]
    if gone:
        book.many(f"DELETE FROM {table} WHERE id = ?", gone)


def _held_series(book: Book, between: tuple[int, int]) -> dict[int, str]:
    """The events of each contract item as one text, as `_text` has them."""
    sql = """
        SELECT e.item_id, group_concat(e.kind || ' ' || e.lead || ' ' || e.on_day || ' ' || e.rule, char(10)
                                       ORDER BY e.on_day, e.kind, e.lead)
        FROM products p CROSS JOIN contract_items i ON i.product_id = p.id CROSS JOIN events e ON e.item_id = i.id
        WHERE p.transfer_group BETWEEN ? AND ? GROUP BY p.transfer_group, p.id, i.id"""
    return dict(book.rows(sql, between))


def _text(series: Series) -> str:
    return "\n".join([f"{kind} {lead} {on} {rule}" for kind, lead, on, rule in series])


def _write_events(book: Book, wanted: Mapping[int, tuple[int, Series]], held: Mapping[int, str]) -> None:
    """The events of those contract items whose events are others now."""
    texts = {id(series): _text(series) for _, series in {id(one[1]): one for one in wanted.values()}.values()}
    changed = {item: one for item, one in wanted.items() if held.get(item) != texts[id(one[1])]}
    rows = {
        (contract, item, kind, lead): (on, rule)
        for item, (contract, series) in changed.items()
        for kind, lead, on, rule in series
    }
    _write(book, "events", _EVENTS, rows, _events(book, [item for item in changed if item in held]))


def _write_first_events(book: Book, found: Conclusions) -> None:
    """The events of contract items that have none yet: the database counts the days, and no row passes through here."""
    book.run("CREATE TEMP TABLE bought (item, contract, starts_on, term)")
    book.run("CREATE TEMP TABLE marks (term, place, after, kind, lead, rule, PRIMARY KEY (term, place)) WITHOUT ROWID")
    insert(book, "temp.bought", ("item", "contract", "starts_on", "term"), found.bought)
    marks = ((term, place, *mark) for term, marks in enumerate(found.marks) for place, mark in enumerate(marks))
    insert(book, "temp.marks", ("term", "place", "after", "kind", "lead", "rule"), marks)
    book.run(
        "INSERT INTO events (contract_id, item_id, kind, lead, on_day, rule)"
        f" SELECT contract, item, kind, lead, date(starts_on + after + {_JULIAN}), rule"
        " FROM temp.bought b CROSS JOIN temp.marks m ON m.term = b.term"
    )
    book.run("DROP TABLE temp.bought")
    book.run("DROP TABLE temp.marks")


_JULIAN = 1721424.5
"""What an ordinal lacks to a Julian day, as the database counts days."""


def _events(book: Book, items: list[int]) -> _Held:
    sql = "SELECT id, contract_id, item_id, kind, lead, on_day, rule FROM events WHERE item_id = ?"
    return {row[1:5]: (row[0], row[5:]) for item in items for row in book.rows(sql, (item,))}


def _positions(book: Book, between: tuple[int, int]) -> _Held:
    names = ", ".join("s." + name for name in _POSITIONS[0] + _POSITIONS[1])
    sql = f"""SELECT s.id, {names} FROM products p CROSS JOIN positions s ON s.product_id = p.id
        WHERE p.transfer_group BETWEEN ? AND ?"""
    return {row[1:4]: (row[0], row[4:]) for row in book.each(sql, between)}


def _transfers(book: Book, between: tuple[int, int]) -> _Held:
    names = ", ".join("t." + name for name in _TRANSFERS[0] + _TRANSFERS[1])
    sql = f"""SELECT t.id, {names} FROM products p CROSS JOIN transfers t ON t.from_product_id = p.id
        WHERE p.transfer_group BETWEEN ? AND ?"""
    return {row[1:8]: (row[0], row[8:]) for row in book.each(sql, between)}


def derive_invoices(book: Book, contract: int | None = None, *, fresh: bool = False) -> None:
    """The invoice event of one contract, or of all, where there may be some already or not. Inside the gate."""
    only, values = ("", ()) if contract is None else (" AND c.id = ?", (contract,))
    sql = f"""SELECT e.id, e.contract_id, e.item_id, e.kind, e.lead, e.on_day, e.rule FROM events e
        JOIN contracts c ON c.id = e.contract_id WHERE e.item_id IS NULL{only}"""
    held = {} if fresh else {row[1:5]: (row[0], row[5:]) for row in book.each(sql, values)}
    contracts = book.rows(f"SELECT c.id, c.invoice_date FROM contracts c WHERE c.manual = 0{only}", values)
    concluded = lifecycle.invoice_events([ordinal(day) for _, day in contracts])
    wanted = {
        (number, None, event.kind, event.lead): (iso(event.on), event.rule)
        for (number, _), events in zip(contracts, concluded, strict=True)
        for event in events
    }
    _write(book, "events", _EVENTS, wanted, held)


# --------------------------------------------------------------------------------------------------- transfer groups
def regroup(book: Book) -> None:
    """Number the transfer groups anew: after products, families or named pairs changed. Inside a transaction.

    A group bears the smallest id of its products. Families are one group each; named pairs tie groups together.
    """
    book.run(
        """UPDATE products SET transfer_group = g.first FROM (
               SELECT id, CASE WHEN family_id IS NULL THEN id ELSE min(id) OVER (PARTITION BY family_id) END AS first
               FROM products) g
           WHERE g.id = products.id AND transfer_group <> g.first"""
    )
    pairs = book.rows(
        """SELECT a.transfer_group, b.transfer_group FROM rights r JOIN products a ON a.id = r.from_product_id
           JOIN products b ON b.id = r.to_product_id"""
    )
    root = {group: group for pair in pairs for group in pair}
    for one, other in pairs:
        low, high = sorted((_root(root, one), _root(root, other)))
        root[high] = low
    moved = [(_root(root, group), group) for group in root if _root(root, group) != group]
    book.many("UPDATE products SET transfer_group = ? WHERE transfer_group = ?", moved)


def _root(root: dict[int, int], group: int) -> int:
    while root[group] != group:
        group = root[group]
    return group
