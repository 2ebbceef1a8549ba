"""People who edit what they saw a while ago: a record of each kind that a window edits, each with a number to count up.

Between seeing and storing the book is closed, so that somebody else may have it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

from store import allocations, calendar, conflicts, contracts, demand, drafts, overrides, readers, rights, undo
from store.allocations import Part
from store.book import Book
from store.conflicts import Conflict, Seen
from store.groups import RESOURCE_GROUPS, USER_GROUPS, add
from store.records import Count, ManualEvent, Override, Right
from tests.durability.work import OFFICE

COUNT = Count("Office", "device", 80, source="survey")


@dataclass(frozen=True)
class Kind:
    """A kind of record: how it is read as a window reads it, as texts, and stored; and its number."""

    read: Callable[[Book], Any]
    texts: Callable[[Any], conflicts.Texts]
    save: Callable[[Book, Any], object]
    number: Callable[[Any], int]
    more: Callable[[Any, int], Any]
    """The record with another number."""


def _field(read: Callable[[Book], Any], save: Callable[[Book, Any], object], name: str) -> Kind:
    """A record that stands for itself, counted by one of its fields."""
    return Kind(
        read, conflicts.texts, save, lambda held: getattr(held, name), lambda held, n: replace(held, **{name: n})
    )


def _contract_texts(items: list[Any]) -> conflicts.Texts:
    return conflicts.contract_texts({}, [dict(drafts.of_item(one)) for one in items])


def _save_items(book: Book, items: list[Any]) -> None:
    contracts.save_item(book, items[0])


def _parts(book: Book) -> list[Part]:
    return allocations.parts(book, OFFICE)


def _parts_texts(parts: list[Part]) -> conflicts.Texts:
    return conflicts.entitlement_texts("", "", parts)


KINDS: Mapping[str, Kind] = {
    "contract": Kind(
        lambda book: contracts.read(book, "C1")[1],
        _contract_texts,
        _save_items,
        lambda items: items[0].quantity,
        lambda items, n: [replace(items[0], quantity=n), *items[1:]],
    ),
    "demand": _field(lambda book: demand.read(book, COUNT), demand.save, "quantity"),
    "override": _field(lambda book: readers.override(book, OFFICE), overrides.save, "active"),
    "right": _field(lambda book: readers.right(book, "R1"), rights.save, "depth"),
    "event": Kind(
        lambda book: readers.event(book, 1),
        conflicts.texts,
        calendar.save,
        lambda held: held.on.toordinal(),
        lambda held, n: replace(held, on=date.fromordinal(n)),
    ),
    "allocation": Kind(
        _parts,
        _parts_texts,
        lambda book, parts: allocations.replace_all(book, OFFICE, parts),
        lambda parts: parts[0].quantity,
        lambda parts, n: [replace(parts[0], quantity=n)],
    ),
}


def seed(book: Book) -> None:
    """A record of each kind; there are enough licenses for all that is allocated."""
    item, *_ = contracts.read(book, "C1")[1]
    contracts.save_item(book, replace(item, quantity=10_000_000))
    demand.save(book, COUNT)
    overrides.save(book, Override(OFFICE, "counted", active=1))
    rights.save(book, Right("R1", "downgrade", from_product="Office", to_product="Mail", depth=1))
    calendar.save(book, ManualEvent("C1", "custom", date(2027, 1, 1), "Talk", remind_at=time(10), remind_days=1))
    add(book, RESOURCE_GROUPS, "Berlin")
    add(book, USER_GROUPS, "Desk")
    allocations.allocate(book, OFFICE, "Berlin", "Desk", 1)


def numbers(book: Book) -> dict[str, int]:
    """The number of each record."""
    return {name: kind.number(kind.read(book)) for name, kind in KINDS.items()}


@dataclass
class Editor:
    """Who edits, and how much he adds each time: two who type the same have no conflict.

    `stale` counts how often a record was another one by then, `told` how often that was said.
    """

    adds: int
    careful: bool
    stale: int = 0
    told: int = 0

    def __post_init__(self) -> None:
        self._seen: dict[str, tuple[Seen, Any]] = {}

    def look(self, book: Book) -> None:
        """See every record, to edit it later."""
        for name, kind in KINDS.items():
            self._see(book, name, kind)

    def store(self, book: Book) -> None:
        """Store more of each number than was seen; who is told that it was changed looks again."""
        for name, kind in KINDS.items():
            self.stale += kind.number(kind.read(book)) != kind.number(self._seen[name][1])
            try:
                self._store(book, name, kind)
            except Conflict:
                self.told += 1
                self._see(book, name, kind)
                self._store(book, name, kind)

    def _see(self, book: Book, name: str, kind: Kind) -> None:
        def read(book: Book) -> conflicts.Texts:
            return kind.texts(kind.read(book))

        self._seen[name] = conflicts.see(book, name, read), kind.read(book)

    def _store(self, book: Book, name: str, kind: Kind) -> None:
        seen, held = self._seen[name]
        typed = kind.more(held, kind.number(held) + self.adds)
        with undo.step(book, f"More of {name}"):
            if self.careful:
                conflicts.require_unchanged(book, seen, kind.texts(typed))
            kind.save(book, typed)
