"""The measures of the portal: lines of requests decided by the rules alone, and decided and written in a book."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from rules import library, optional_entitlements, reference
from rules.optional_entitlements import Effect, Update
from rules.vocabulary import APPROVE, NEVER
from store.book import Book
from store.bulk import insert
from store.portal import decisions
from store.portal.records import Decision
from tests.bench import floors, prepared
from tests.bench.child import opened
from tests.bench.measures import Scale
from tests.bench.timing import Figure, Time, compared, interleaved, middle, seconds, timed

TODAY = date(2026, 11, 21)
_ON = TODAY.toordinal()
_LINES = 10
"""Entitlements of one request."""


def rules(scale: Scale) -> Iterable[Figure]:
    """Approved lines judged by the update rule, with their warnings, and by the same rules in plain Python."""
    count = 10 * scale.families
    updates, effects = _cases(count)
    optional_entitlements.updates(updates[:1000]), optional_entitlements.effects(effects[:1000])
    document = library.documents()["optional_entitlements"]
    judged, warned, plain = interleaved(
        scale.rounds,
        lambda: timed(lambda: optional_entitlements.updates(updates)),
        lambda: timed(lambda: optional_entitlements.effects(effects)),
        lambda: timed(lambda: reference.conclude(document, "update", updates)),
    )
    rate = count / middle(judged)
    name = f"portal: {count:,} lines decided by the rules, {rate:,.0f}/s; 100,000/s / that"
    yield Figure(name, seconds(middle(judged)), "", 100_000 / rate, 1.0)
    yield compared("portal: the same / the same rules in plain Python", judged, plain)
    yield compared("portal: their warnings / the decisions", warned, judged)


def _cases(count: int) -> tuple[list[Update], list[Effect]]:
    random = Random(6)
    updates, effects = list[Update](), list[Effect]()
    for _ in range(count):
        held, new = (_span(random) for _ in range(2))
        updates.append(Update(1, held[0], held[2], new[0], new[2]))
        effects.append(Effect(1, *held, *new, _ON))
    return updates, effects


def _span(random: Random) -> tuple[int, int, int]:
    start = _ON - random.randrange(-400, 900)
    return random.randrange(1, 50), start, NEVER if random.random() < 0.1 else start + random.randrange(1, 1500)


def written(scale: Scale) -> Iterable[Figure]:
    """Lines decided and written in one transaction, against inserting the very rows that this writes."""
    count = 10 * scale.families
    with prepared.workplace() as place:
        waiting = place / "waiting.elpis"
        with opened(waiting) as book:
            lines = _fill(book, count)
            book.run("PRAGMA wal_checkpoint(TRUNCATE)")
        rows: dict[str, list[Any]] = {}

        def decide() -> Time:
            with opened(prepared.copy(waiting, place)) as book:
                marks = {table: book.value(f"SELECT coalesce(max(id), 0) FROM {table}") for table in _WRITTEN}
                made = [Decision(*key, APPROVE, TODAY, "lee") for key in lines]
                spent = timed(lambda: decisions.decide(book, made))
                if not rows:
                    rows.update(_rows(book, marks))
            return spent

        decide()
        ones, others = interleaved(scale.rounds, decide, lambda: timed(lambda: _floor(place, rows)))
        total = sum(map(len, rows.values()))
        name = f"portal: {count:,} lines decided and written / executemany of the same {total:,} rows"
        yield compared(name, ones, others, 5.0)
        yield Figure("portal: lines decided and written a second", "", "", count / middle(ones))


_WRITTEN = ("decisions", "deployed_entitlements", "charges", "change_log", "request_lines")


def _rows(book: Book, marks: dict[str, int]) -> dict[str, list[Any]]:
    """What was written: new rows, and the lines, which all have changed."""
    marks = {**marks, "request_lines": 0}
    return {
        table: book.rows(f"SELECT * FROM {table} WHERE id > ? {_ONLY.get(table, '')}", (marks[table],))
        for table in _WRITTEN
    }


_ONLY = {"request_lines": "AND kind = 'entitlement'"}


def _floor(place: Path, rows: dict[str, list[Any]]) -> None:
    target = place / "floor.db"
    for file in place.glob("floor.db*"):
        file.unlink()
    connection = floors.opened(target)
    for table, values in rows.items():
        floors.insert(connection, table, [f"c{n}" for n in range(len(values[0]))], values)
    connection.execute("COMMIT")
    connection.close()


def _fill(book: Book, count: int) -> Sequence[tuple[str, str]]:
    """Requests of ten entitlements each that wait for an approver; a third is new, a third longer, a third the same."""
    holders = count // _LINES
    with book.transaction():
        book.run("INSERT INTO titles (id, title, price) VALUES (1, 'Office', '100.00')")
        columns = ("id", "definition", "title_id", "kind", "unit_price")
        insert(book, "entitlement_definitions", columns, [(n, f"E{n}", 1, "optional", "30.00") for n in range(1, 11)])
        columns = ("id", "authorization", "title_id", "holder", "authorized_on")
        insert(
            book, "authorizations", columns, [(n, f"A{n}", 1, f"PC-{n}", "2026-01-01") for n in range(1, holders + 1)]
        )
        columns = ("authorization_id", "definition_id", "quantity", "starts_on", "ends_on")
        held = [
            (n, e, 2, "2026-01-01", "2026-12-31") for n in range(1, holders + 1) for e in range(1, 11) if (n + e) % 3
        ]
        insert(book, "deployed_entitlements", columns, held)
        columns = ("id", "request", "requester", "holder", "submitted_on")
        insert(book, "requests", columns, [(n, f"R{n}", "kim", f"PC-{n}", "2026-11-01") for n in range(1, holders + 1)])
        columns = tuple(
            "request_id line kind title_id definition_id quantity starts_on ends_on price currency outcome".split()
        )
        title = (1, None, 1, None, None, "100.00", "EUR", "authorized")
        insert(book, "request_lines", columns, [(n, "0", "title", *title) for n in range(1, holders + 1)])
        asked = [
            (n, str(e), "entitlement", 1, e, 2, "2026-11-01", _end(n + e), "30.00", "EUR", "pending")
            for n in range(1, holders + 1)
            for e in range(1, 11)
        ]
        insert(book, "request_lines", columns, asked)
    return [(f"R{n}", str(e)) for n in range(1, holders + 1) for e in range(1, 11)]


def _end(number: int) -> str:
    return "2027-12-31" if number % 3 == 1 else "2026-12-31"


MEASURES: dict[str, Callable[[Scale], Iterable[Figure]]] = {"requests": rules, "decisions": written}
