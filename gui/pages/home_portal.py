"""What needs attention among requests, for Home: what waits for an approver, and optional entitlements that end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui import wording
from gui.desk import Desk, Place
from gui.theme import SPACE
from gui.widgets.buttons import Link
from gui.widgets.card import card
from gui.widgets.layout import clear, row
from gui.widgets.text import label
from gui.widgets.tile import Line, Tile
from store import attention
from store.attention import DeployedEnding, Expiry
from store.book import Book
from store.portal import titles

SUBJECTS = frozenset({"authorizations", "definitions", "requests", "titles"})
"""Subjects whose changes the row shows."""


@dataclass(frozen=True)
class Seen:
    """What the row shows. `used` says whether the book has titles at all."""

    used: bool
    waiting: int
    expiring: Sequence[Expiry]
    endings: Sequence[DeployedEnding]


def look(book: Book, as_of: date) -> Seen:
    """Ask the book for it."""
    if not titles.any_(book):
        return Seen(False, 0, (), ())
    return Seen(
        True,
        attention.waiting(book),
        attention.expiring_deployed(book, as_of),
        attention.deployed_endings(book, as_of),
    )


class PortalRow(QWidget):
    """Two tiles and a short list beside each other; hidden while nobody uses the request portal."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.waiting = Tile("shield-check", "warning", "Waits for approval")
        self.expiring = Tile("hourglass", "warning", "Optional entitlements that end within 90 days")
        self.endings = QVBoxLayout()
        self.endings.setSpacing(2)
        line = row(self.waiting, self.expiring, card("Next optional entitlements to end", self.endings, None))
        line.setSpacing(2 * SPACE)
        for place in range(3):
            line.setStretch(place, 1)
        self.setLayout(line)
        self.hide()

    def show_seen(self, as_of: date, seen: Seen) -> None:
        """Show what was seen."""
        self.setVisible(seen.used)
        if not seen.used:
            return
        told = "Somebody other than the requester decides." if seen.waiting else "Every request is decided."
        self.waiting.show_figure(seen.waiting, [Line(told)], self._to(Place("approvals")))
        *earlier, last = seen.expiring
        lines = [
            Line(f"{wording.number(one.entitlements)} within {one.within} days", self._until(as_of, one))
            for one in earlier
            if one.entitlements
        ]
        nothing = [Line("No optional entitlement ends until then.")]
        self.expiring.show_figure(
            last.entitlements, lines or nothing[: not last.entitlements], self._until(as_of, last)
        )
        clear(self.endings)
        for one in [self._ending(one) for one in seen.endings] or [label("None ends within 90 days.", "muted")]:
            self.endings.addWidget(one)

    def _ending(self, one: DeployedEnding) -> QWidget:
        made = QWidget()
        run = self._to(Place("authorization", one.authorization))
        text = f"{one.definition} for {one.holder}"
        told = label(wording.line(text)) if run is None else Link(wording.line(text), run)
        line = row(told, label(one.on.isoformat(), "muted"), gap=2 * SPACE)
        line.setStretch(0, 1)
        made.setLayout(line)
        return made

    def _until(self, as_of: date, one: Expiry) -> Callable[[], object] | None:
        return self._to(Place("deployed", ask=attention.ask_expiring_deployed(as_of, one.until)))

    def _to(self, place: Place) -> Callable[[], object] | None:
        return partial(self.desk.go, place) if place.page in self.desk.reaches else None
