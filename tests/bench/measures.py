"""The measures of whole jobs: a review, deriving everything, the rules alone, one edit, and how they grow."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from math import log
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import pysqlite3

from rules import expiration, library, lifecycle, reference
from rules.vocabulary import DEFAULT_LEADS, is_unlimited
from store import conclusions, contracts, derivation, facts, positioning
from store.book import Book
from store.bulk import collector_off
from store.records import ContractItem
from tests.bench import floors, loops, prepared
from tests.bench.child import opened
from tests.bench.estate import AS_OF
from tests.bench.timing import (
    Figure,
    Time,
    child,
    compared,
    interleaved,
    middle,
    of_child,
    seconds,
    timed,
)

DERIVED = ("events", "positions", "transfers")
EDITS = 200
LARGE = 50_000


@dataclass(frozen=True)
class Scale:
    """How large the estate is, how often it is measured, and at which sizes growth is looked at (families)."""

    families: int
    rounds: int
    sizes: tuple[int, ...] = ()


# ------------------------------------------------------------------------------------------------------------- reviews
def review(scale: Scale) -> Iterable[Figure]:
    """From CSV to the snapshot, against reading the same files and inserting their rows."""
    folder, said = prepared.folder(scale.families), list[dict[str, Any]]()
    ones, others = interleaved(
        scale.rounds, lambda: _noted(_in_child("review", folder), said), lambda: of_child(_in_child("floor", folder))
    )
    yield compared("review: CSV to snapshot / csv + executemany", ones, others, 5.0)
    memory = median(each["peak"] for each in said)
    yield Figure("review: peak memory, MB", f"{memory:.0f} MB", "", memory, 800)
    for part in ("import", "derive", "snapshot"):
        spent = [Time(each[part], each[part]) for each in said]
        yield replace(compared(f"review: {part} alone / the same floor", spent, others), cpu=None)


def _noted(said: dict[str, Any], notes: list[dict[str, Any]]) -> Time:
    notes.append(said)
    return of_child(said)


def _in_child(work: str, folder: Path) -> dict[str, Any]:
    with prepared.workplace() as place:
        return child(work, folder, place)


def growth(scale: Scale) -> Iterable[Figure]:
    """Reviews of estates ten times as large, one after the other; of very large ones a single one."""
    said: dict[int, dict[str, float]] = {}
    for size in scale.sizes:
        runs = [_in_child("review", prepared.folder(size)) for _ in range(scale.rounds if size < LARGE else 1)]
        said[size] = {part: median(run[part] for run in runs) for part in ("wall", "import", "derive", "peak")}
        memory = f"growth: peak memory of a review of {size:,} families, MB"
        yield Figure(memory, f"{said[size]['peak']:.0f} MB", "", said[size]["peak"])
    for small, large in pairwise(said):
        one, other = said[large], said[small]
        times, name = large / small, f"{small:,} to {large:,} families"
        texts = seconds(one["wall"]), seconds(other["wall"])
        yield Figure(f"growth: review, {name}", *texts, one["wall"] / other["wall"], 1.1 * times)
        for part, law in (("import", 1.15), ("derive", 1.25)):
            exponent = log(one[part] / other[part]) / log(times)
            yield Figure(f"growth: exponent of {part}, {name}", seconds(one[part]), seconds(other[part]), exponent, law)


# ------------------------------------------------------------------------------------------------- deriving everything
def recalculate(scale: Scale) -> Iterable[Figure]:
    """Deriving a whole book, against loops written by hand and against only reading what it reads."""
    with prepared.workplace() as place:
        empty = prepared.without(scale.families, *DERIVED)
        again: list[Time] = []
        moved: list[Time] = []

        def full() -> Time:
            with opened(prepared.copy(empty, place)) as book:
                spent = timed(lambda: derivation.recalculate(book, as_of=AS_OF))
                again.append(timed(lambda: derivation.recalculate(book, as_of=AS_OF)))
                moved.append(timed(lambda: derivation.recalculate(book, as_of=AS_OF + timedelta(1))))
            return spent

        def by_hand(everything: bool) -> Callable[[], Time]:
            return lambda: timed(lambda: _by_hand(empty, place, everything))

        def compliance() -> Time:
            with opened(prepared.copy(empty, place)) as book:
                return timed(lambda: _compliance(book))

        works = full, by_hand(False), by_hand(True), compliance, _fetching(empty, _TABLES)
        done, hand, hand_all, positions, rows = interleaved(scale.rounds, *works)
        _check_equal(prepared.book(scale.families), place)
        yield compared("recalculate into empty tables / loops by hand", done, hand, 3.0)
        yield compared("recalculate / loops that write transfers and entitlements, too", done, hand_all)
        yield compared("recalculate again, nothing changed / loops by hand", again, hand)
        yield compared("recalculate for the next day / loops by hand", moved, hand)
        yield compared("R1: recompute of compliance / fetchall of the rows it depends on", positions, rows, 3.2)
        yield compared("recalculate (events, too) / the same fetchall", done, rows)


def _compliance(book: Book) -> None:
    """What R1 was measured with: active units, demand, transfers and a position for each entitlement, but no events."""
    day = derivation.day_of(book)
    columns = ("product_id", "metric_id", "model", *positioning.COLUMNS)
    marks = ", ".join("?" * len(columns))
    with collector_off(), book.transaction():
        for first, last in facts.ranges(book):
            known = facts.read(book, first, last)
            found, _ = positioning.judge(known, conclusions.judge_entitlements(known, day), day.as_of)
            rows = [(*key, *row) for key, row in found.items()]
            book.many(f"INSERT INTO positions ({', '.join(columns)}) VALUES ({marks})", rows)


def _by_hand(book: Path, place: Path, everything: bool) -> None:
    target = place / "loops.db"
    target.unlink(missing_ok=True)
    loops.derive(book, target, AS_OF.isoformat(), everything=everything)
    if everything:
        target.rename(place / "everything.db")


def _fetching(book: Path, queries: Sequence[tuple[str, Sequence[object]]]) -> Callable[[], Time]:
    def work() -> Time:
        with collector_off():
            return timed(lambda: floors.fetch(book, queries))

    return work


_TABLES = [
    (f"SELECT {columns} FROM {table}", ())
    for table, columns in {
        "products": "id, product, family_id, edition, version, version_rank, released_on, maintenance_separate",
        "contracts": "id, contract, invoice_date, currency",
        "contract_items": "id, contract_id, item, product_id, model, metric_id, quantity, license_start, license_end,"
        " unit_price, responsible_id, entitlement_id, formed_by",
        "entitlements": "id, product_id, model, metric_id, name, responsible_id, archived",
        "demand": "product_id, metric_id, resource_group_id, quantity, counted_on",
        "rights": "*",
        "allocations": "*",
        "overrides": "*",
        "installations": "*",
    }.items()
]
"""The rows on which every conclusion depends."""


def _check_equal(book: Path, place: Path) -> None:
    """The book and the loops must have come to the same rows."""
    connection = pysqlite3.connect(book.absolute().as_uri() + "?mode=ro", uri=True)
    connection.execute("ATTACH ? AS hand", (str(place / "everything.db"),))
    for table, columns in WRITTEN.items():
        names = ", ".join(columns.split())
        ours, theirs = (f"SELECT {names} FROM {schema}.{table}" for schema in ("main", "hand"))
        for one, other in ((ours, theirs), (theirs, ours)):
            found = connection.execute(f"SELECT * FROM ({one} EXCEPT {other}) LIMIT 1").fetchone()
            if found:
                raise AssertionError(f"{table}: the rules and the loops disagree on {found}")
        counts = {connection.execute(f"SELECT count(*) FROM ({each})").fetchone() for each in (ours, theirs)}
        if len(counts) > 1:
            raise AssertionError(f"{table}: {counts} rows")
    connection.close()


WRITTEN = {
    "events": loops.EVENTS,
    "positions": loops.POSITIONS,
    "transfers": loops.TRANSFERS,
    "entitlements": loops.ENTITLEMENTS,
}
"""The tables that the loops write, with their columns."""


# ----------------------------------------------------------------------------------------------------------- the rules
def rules(scale: Scale) -> Iterable[Figure]:
    """Events and states of distinct purchases by the engine, by the same rules in plain Python, and by lambdas."""
    count = 10 * scale.families
    purchases, terms = _purchases(count)
    judged = _facts(purchases, terms)
    library.engine("lifecycle"), library.engine("expiration")
    one, other, hand = interleaved(
        scale.rounds,
        lambda: timed(lambda: _judge(purchases, terms)),
        lambda: timed(lambda: [reference.conclude(*each) for each in judged]),
        lambda: timed(lambda: [_by_lambdas(kind, each) for _, kind, each in judged]),
    )
    name = f"rules: {count:,} distinct purchases, {count / middle(one):,.0f}/s"
    yield compared(f"{name} / plain Python", one, other, 3.0)
    yield compared("rules: plain Python / lambdas by hand", other, hand)
    yield compared("rules: engine / lambdas by hand", one, hand)


def _purchases(count: int) -> tuple[list[lifecycle.Purchase], list[expiration.Term]]:
    """Purchases of which no two have the same place, length and continuation, and their terms, all distinct."""
    random, today = Random(3), AS_OF.toordinal()
    found = []
    for number in range(count):
        start = today - random.randrange(9_000)
        purchase = lifecycle.Purchase(1 + number % 2, start, start + number // 4, number // 2 % 2)
        found.append(purchase)
    random.shuffle(found)
    spans = {(start, end) for _, start, end, _ in found}
    while len(spans) < count:
        start = today - random.randrange(9_000)
        spans.add((start, start + random.randrange(10_000)))
    return found, [expiration.Term(*span, today, max(DEFAULT_LEADS)) for span in sorted(spans)[:count]]


def _facts(
    purchases: Sequence[lifecycle.Purchase], terms: Sequence[expiration.Term]
) -> list[tuple[Any, str, list[Any]]]:
    """Document, kind and facts of all that is judged."""
    lengths = [lifecycle.term(purchase) for purchase in purchases]
    warned = [lifecycle.Warned(each.days, each.continued, lead) for each in lengths for lead in sorted(DEFAULT_LEADS)]
    documents = library.documents()
    return [
        (documents["lifecycle"], "purchase", lengths),
        (documents["lifecycle"], "warning", warned),
        (documents["expiration"], "term", list(terms)),
    ]


def _judge(purchases: Sequence[lifecycle.Purchase], terms: Sequence[expiration.Term]) -> None:
    lifecycle.purchase_events(purchases, DEFAULT_LEADS)
    expiration.states(terms)


_NEVER = 3_652_059
_LAMBDAS: dict[str, list[Callable[[Any], bool]]] = {
    "purchase": [
        lambda p: p[0] == 1,
        lambda p: p[0] > 1,
        lambda p: p[1] < _NEVER,
        lambda p: p[1] < _NEVER and p[2] == 0,
    ],
    "warning": [lambda w: w[0] < _NEVER and w[1] == 0 and 0 < w[2] <= w[0]],
    "term": [
        lambda t: t[0] > t[2],
        lambda t: t[0] <= t[2] and t[1] == _NEVER,
        lambda t: t[0] <= t[2] and t[1] < _NEVER and t[1] > t[2] + t[3],
        lambda t: t[0] <= t[2] and t[2] < t[1] < _NEVER and t[1] <= t[2] + t[3],
        lambda t: t[0] <= t[2] and t[1] == t[2],
        lambda t: t[0] <= t[2] and t[1] < t[2],
    ],
}


def _by_lambdas(kind: str, facts: Sequence[Any]) -> list[list[int]]:
    tests = list(enumerate(_LAMBDAS[kind]))
    return [[number for number, test in tests if test(fact)] for fact in facts]


# -------------------------------------------------------------------------------------------------------- single edits
def edits(scale: Scale) -> Iterable[Figure]:
    """One contract item changed, with all that follows from it, durably; at every size that is asked for."""
    found: dict[int, float] = {}
    for size in sorted({scale.families, *(size for size in scale.sizes if size > scale.families)}):
        with prepared.workplace() as place, opened(prepared.copy(prepared.book(size), place)) as book:
            items = some_items(book, 1 + EDITS)
            _check_untouched(book, items[0])
            times = [_edit(book, item) for item in items[1:]]
            found[size] = middle(times)
            name = f"edit: save_item of {len(times)} items, median ms, {size:,} families"
            yield Figure(name, seconds(found[size]), "", found[size] * 1e3, 10.0)
            if size == scale.families:
                whole = [_whole(size, place) for _ in range(scale.rounds)]
                share = found[size] / middle(whole)
                yield Figure(
                    "R2: one edit / full recompute", seconds(found[size]), seconds(middle(whole)), share, 0.001
                )
    for small, large in pairwise(found):
        name = f"edit: {large:,} / {small:,} families"
        yield Figure(name, seconds(found[large]), seconds(found[small]), found[large] / found[small], 1.5)


def _edit(book: Book, item: ContractItem) -> Time:
    return timed(lambda: contracts.save_item(book, item), collect=False)


def _whole(families: int, place: Path) -> Time:
    target = prepared.without(families, *DERIVED)
    fresh = place / "whole"
    fresh.mkdir(exist_ok=True)
    with opened(prepared.copy(target, fresh)) as book:
        return timed(lambda: derivation.recalculate(book, as_of=AS_OF))


def some_items(book: Book, count: int) -> list[ContractItem]:
    """Items of the book, each with another quantity than it has."""
    highest = book.value("SELECT max(id) FROM contract_items")
    numbers = Random(5).sample(range(1, highest + 1), min(count, highest))
    sql = """SELECT c.contract, i.item, p.product, i.model, m.code, i.quantity, i.license_start, i.license_end, i.unit_price
             FROM contract_items i JOIN contracts c ON c.id = i.contract_id JOIN products p ON p.id = i.product_id
             JOIN metrics m ON m.id = i.metric_id WHERE i.id = ?"""
    return [_item(book.rows(sql, (number,))[0]) for number in numbers]


def _item(row: tuple[Any, ...]) -> ContractItem:
    *names, quantity, start, end, price = row
    term = date.fromisoformat(start), date.fromisoformat(end) if end else None
    units = 5 if is_unlimited(quantity) else quantity + 7
    return ContractItem(*names, units, *term, None if price is None else Decimal(price))


def _check_untouched(book: Book, item: ContractItem) -> None:
    """An edit leaves the derived rows of all other families as they are, ids included."""
    family = book.value("SELECT transfer_group FROM products WHERE product = ?", (item.product,))
    before = _others(book, family)
    contracts.save_item(book, item)
    if _others(book, family) != before:
        raise AssertionError(f"an edit in the family of {item.product} changed rows of another one")


def _others(book: Book, group: int) -> list[tuple[int, int]]:
    """Number and hash of the derived rows outside of a transfer group."""
    outside = "SELECT id FROM products WHERE transfer_group <> ?"
    queries = (
        f"SELECT * FROM positions WHERE product_id IN ({outside})",
        f"SELECT * FROM transfers WHERE from_product_id IN ({outside})",
        f"SELECT * FROM entitlements WHERE product_id IN ({outside})",
        f"SELECT e.* FROM events e JOIN contract_items i ON i.id = e.item_id WHERE i.product_id IN ({outside})",
    )
    found: list[tuple[int, int]] = []
    for sql in queries:
        count = total = 0
        for row in book.each(sql, (group,)):
            count, total = count + 1, total ^ hash(row)
        found.append((count, total))
    return found


MEASURES: dict[str, Callable[[Scale], Iterable[Figure]]] = {
    "rules": rules,
    "recalculate": recalculate,
    "edits": edits,
    "review": review,
    "growth": growth,
}
