"""The tab History: field, old, new, who and when, newest first; each change can be taken back by itself."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from PySide6.QtWidgets import QWidget

from gui import record_words, wording
from gui.desk import Desk
from gui.widgets.card import card
from gui.widgets.empty import empty
from gui.widgets.listing import Cell, Column, Listing, Row
from gui.widgets.message import Inline
from store import audit
from store.audit import Change
from store.errors import KnownFault
from store.portraits.histories import FOLLOWS, RESTORABLE

_COLUMNS: Final = (
    Column("When"),
    Column("Who", widest=120),
    Column("Field", widest=160),
    Column("Old", stretches=True),
    Column("New", stretches=True),
    Column("By", widest=200),
    Column("Take back"),
)

_ABOUT: Final = "To restore a value is a change like any other: it can be undone, and is told here."
_CLOCK: Final = (
    " Newest first, in the order in which they were made. Where it says so, the clock had gone backwards since the"
    " change before: the moments around it are not to be relied upon."
)


def part_of(desk: Desk, wrong: Inline, changes: Sequence[Change]) -> QWidget:
    """The table; a sentence where nothing has been changed. What goes wrong is said in `wrong`."""
    if not changes:
        sentence = "What came with an import stands in its file. Every change made since is told here, field by field."
        return empty("history", "Nothing has been changed by hand", sentence)
    rows = [_row(desk, wrong, change) for change in changes]
    return card(
        "",
        Listing("History", _COLUMNS, rows, most=18),
        about=_ABOUT + (_CLOCK if any(c.clock_suspect for c in changes) else ""),
    )


def _row(desk: Desk, wrong: Inline, change: Change) -> Row:
    may = change.action in RESTORABLE and change.subject not in FOLLOWS and not desk.read_only
    return [
        _when(change),
        change.who,
        wording.heading(change.field),
        Cell(record_words.changed_value(change.field, change.old), "muted"),
        record_words.changed_value(change.field, change.new),
        _what(change),
        Cell("Restore", run=partial(_restore, desk, wrong, change)) if may else Cell(""),
    ]


def _when(change: Change) -> Cell:
    """The moment; one before that of the change before is not to be relied upon, and says so."""
    moment = wording.moment(change.at)
    return Cell(f"{moment} (clock set back)", "warning") if change.clock_suspect else Cell(moment)


def _what(change: Change) -> str:
    """The action of the user, as the user knows it; else what was done with which part of the record."""
    deed = record_words.CHANGES.get(change.action, change.action)
    named = record_words.PARTS.get(change.subject, "")
    part = f"{named} {_key(change)} {deed}" if named else deed.capitalize()
    return wording.line(change.step) if change.step and not named else part


def _key(change: Change) -> str:
    return wording.line(change.key).replace("|", ", ")


def _restore(desk: Desk, wrong: Inline, change: Change) -> None:
    field = wording.heading(change.field)
    wrong.clear()
    try:
        desk.do(
            f"Restore {field.lower()} of {_key(change)}", lambda book: audit.restore(book, change.entry, change.field)
        )
    except KnownFault as fault:
        wrong.say(str(fault))
        return
    desk.tell(
        f"{field} is {record_words.changed_value(change.field, change.old)} again. Undo takes that back.", "positive"
    )
