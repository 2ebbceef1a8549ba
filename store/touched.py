"""What a change has touched: the subjects that a screen asks for again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from store.book import Book

_FOLLOWS: Final = frozenset({"changes", "entitlements", "compliance", "events", "findings"})
"""What rules conclude may follow from any change."""

_ALONE: Final = frozenset({"exchange_rates", "mappings", "reviews", "scenarios", "snapshots"})
"""Nothing follows from these."""

_BESIDES: Final = frozenset({"changes", "events"})
"""What a review brings with it: its due days stand in the calendar."""

_NAMING: Final = frozenset({"matching", "products"})
"""What names of found software stand for follows from these, and demand from that."""

_COUNTED: Final = frozenset({"counting_rules", "hosts", "virtual_machines"})
_COUNTING: Final = frozenset({"demand"})
"""What these tables are about besides: demand is counted on them."""

_SUBJECT: Final = {
    "contract_items": "contracts",
    "decisions": "requests",
    "deployed_entitlements": "authorizations",
    "discovered_software": "matching",
    "entitlement_definitions": "definitions",
    "counting_rules": "settings",
    "families": "products",
    "installations": "demand",
    "manual_events": "events",
    "metrics": "settings",
    "name_decisions": "matching",
    "positions": "compliance",
    "request_lines": "requests",
    "resource_groups": "groups",
    "review_rows": "reviews",
    "software_names": "matching",
    "user_groups": "groups",
}
"""Tables that are not called as the subject is that people see."""


def mark(book: Book) -> int:
    """Where the change log stands, for `since`."""
    return book.value("SELECT coalesce(max(id), 0) FROM change_log")


def since(book: Book, mark: int) -> frozenset[str]:
    """The subjects of all changes after a mark; none if nothing has changed."""
    return subjects(row[0] for row in book.rows("SELECT DISTINCT subject FROM change_log WHERE id > ?", (mark,)))


def subjects(tables: Iterable[str]) -> frozenset[str]:
    """The subjects that a change of some tables is about, with those of the conclusions that follow."""
    changed = frozenset(tables)
    found = frozenset(_SUBJECT.get(table, table) for table in changed)
    if found & _NAMING:
        found |= {"demand", "matching"}
    found |= _COUNTING if changed & _COUNTED else frozenset[str]()
    if found - _ALONE:
        return found | _FOLLOWS
    return found | _BESIDES if "reviews" in found else found
