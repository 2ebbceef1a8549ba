"""What protects the records of a book in the database itself: triggers that refuse what nobody may do.

This is the one place that says what they are. They are made anew whenever a book is brought to a newer schema, because
a table that is rebuilt loses them, and whenever a book is opened without one of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from store.log_chain import COLUMNS


def _append_only(table: str, key: str, what: str, *, s: str = "", unless: str = "") -> dict[str, str]:
    """Entries of a table come, and stay as they are. `s` is for the verb, where the table is one thing; `unless` says
    which change is none."""
    refused = f"BEGIN SELECT raise(ABORT, '{what}: entries cannot be"
    return {
        f"{table}_keep{s}_entries": f"BEFORE UPDATE ON {table} {unless}{refused} changed'); END",
        f"{table}_lose{s}_nothing": f"BEFORE DELETE ON {table} {refused} deleted'); END",
        f"{table}_take{s}_no_place": f"BEFORE INSERT ON {table} WHEN NEW.{key} IN (SELECT {key} FROM {table})"
        f" {refused} replaced'); END",
    }


_LINKED: Final = "WHEN OLD.link IS NOT NULL OR NEW.id IS NOT OLD.id "
"""An entry gets its link, and the mark about the clock, at the end of the transaction that it is written in."""

_WRITTEN: Final = {
    "change_log_keeps_what_was_written": f"BEFORE UPDATE OF {', '.join(COLUMNS)} ON change_log"
    " BEGIN SELECT raise(ABORT, 'the change log is append-only: entries cannot be changed'); END",
}

_BY_RULES: Final = "WHEN (SELECT open FROM derivation_gate) = 0 BEGIN SELECT raise(ABORT, 'automatic events cannot be"

_SIGNED: Final = "(SELECT signed_off_at FROM reviews WHERE id = {}) IS NOT NULL"
_NO_CHANGE: Final = "BEGIN SELECT raise(ABORT, 'a review that is signed off cannot be {}'); END"

_EVENTS: Final = {
    "events_follow_their_source": f"BEFORE UPDATE ON events {_BY_RULES} edited: they follow their contract'); END",
    "events_stay_with_their_source": f"BEFORE DELETE ON events {_BY_RULES} deleted: they follow their contract'); END",
    "events_come_from_rules": f"BEFORE INSERT ON events {_BY_RULES} added by hand: they follow their contract'); END",
}

_CHARGES: Final = {
    "charges_come_once": "BEFORE INSERT ON charges WHEN NEW.turn <> (SELECT count(*) FROM charges"
    " WHERE request = NEW.request AND line = NEW.line AND kind = NEW.kind)"
    " OR (SELECT count(*) FROM charges WHERE request = NEW.request AND line = NEW.line AND kind <> NEW.kind)"
    " <> NEW.turn + (NEW.kind = 'credit') BEGIN SELECT raise(ABORT,"
    " 'the ledger of charges: this line is charged already, or has no charge to give back'); END",
}

_REVIEWS: Final = {
    "reviews_keep_their_signature": "BEFORE UPDATE ON reviews WHEN OLD.signed_off_at IS NOT NULL "
    + _NO_CHANGE.format("changed"),
    "reviews_stay_signed": "BEFORE DELETE ON reviews WHEN OLD.signed_off_at IS NOT NULL "
    + _NO_CHANGE.format("deleted"),
    "reviews_take_no_place": "BEFORE INSERT ON reviews WHEN EXISTS (SELECT 1 FROM reviews"
    " WHERE (id = NEW.id OR title = NEW.title) AND signed_off_at IS NOT NULL) " + _NO_CHANGE.format("replaced"),
    "review_rows_keep_their_decision": "BEFORE UPDATE ON review_rows"
    f" WHEN {_SIGNED.format('OLD.review_id')} OR {_SIGNED.format('NEW.review_id')} " + _NO_CHANGE.format("changed"),
    "review_rows_stay": f"BEFORE DELETE ON review_rows WHEN {_SIGNED.format('OLD.review_id')} "
    + _NO_CHANGE.format("changed"),
    "review_rows_come_before": f"BEFORE INSERT ON review_rows WHEN {_SIGNED.format('NEW.review_id')}"
    f" OR EXISTS (SELECT 1 FROM review_rows r WHERE r.id = NEW.id AND {_SIGNED.format('r.review_id')}) "
    + _NO_CHANGE.format("changed"),
}

PROTECTIONS: Final[Mapping[str, str]] = {
    **_append_only("change_log", "id", "the change log is append-only", s="s", unless=_LINKED),
    **_WRITTEN,
    **_append_only("charges", "id", "the ledger of charges is append-only"),
    **_append_only("seals", "seq", "signed snapshots are remembered for good"),
    **_EVENTS,
    **_CHARGES,
    **_REVIEWS,
}
"""Trigger -> when it fires and what it says, as SQL."""


def broken(connection: Any) -> dict[str, str]:
    """The protections that are not as they should be: each by its name "missing" or "changed"."""
    objects = connection.execute("SELECT type, name, sql FROM sqlite_schema WHERE type IN ('table', 'trigger')")
    found = {(kind, name): sql for kind, name, sql in objects}
    tables = {name for kind, name in found if kind == "table"}
    wrong = [name for name in PROTECTIONS if found.get(("trigger", name)) != statement(name)]
    return {
        name: "changed" if ("trigger", name) in found else "missing"
        for name in wrong
        if PROTECTIONS[name].split(" ON ", 1)[1].split(" ", 1)[0] in tables
    }


def restore(connection: Any) -> list[str]:
    """Make anew what is missing or changed; the names of it. Inside a transaction."""
    names = list(broken(connection))
    for name in names:
        connection.execute(f"DROP TRIGGER IF EXISTS {name}")
        connection.execute(statement(name))
    return names


def statement(name: str) -> str:
    """The statement that makes a protection, as the database keeps it."""
    return f"CREATE TRIGGER {name} {PROTECTIONS[name]}"
