"""The positions of one review, as an overview in which keys decide."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any, Final

from PySide6.QtCore import Signal

from gui.desk import Desk
from gui.tables.overview import OverviewPage
from rules.vocabulary import ACCEPTED, BUY, CANCEL, INVESTIGATE
from store import overviews
from store.overviews import Ask
from store.reviews.records import Position

KEYS: Final = {"a": ACCEPTED, "b": BUY, "c": CANCEL, "i": INVESTIGATE}
"""The letters that decide on the selected position."""

NEXT: Final = "n"
"""The letter that goes on to the next position on which nobody has decided."""


class Positions(OverviewPage):
    """Rows of no other review; letters decide, everything else that is typed searches."""

    pressed = Signal(str)
    """One of the letters of `KEYS`, or `NEXT`."""

    def __init__(self, desk: Desk, title: str) -> None:
        self.title = title
        super().__init__(desk, "review_rows", aside=("note", "status"))

    def ask(self, **changes: Any) -> None:
        """Ask for something else, of this review."""
        super().ask(**{**changes, "where": (("review", self.title),)})

    def _show_asked(self) -> None:
        super()._show_asked()
        self.chips.narrow([], lambda: None)

    def _type(self, letters: str) -> None:
        if letters.lower() in (*KEYS, NEXT):
            self.pressed.emit(letters.lower())
        else:
            super()._type(letters)

    def chosen(self) -> Position | None:
        """The one position that is selected."""
        keys = self.selected_keys() if self.selection.count() == 1 else []
        found = self.records(keys)
        return Position(found[0]["product"], found[0]["model"] or "", found[0]["metric"]) if found else None

    def next_undecided(self) -> bool:
        """Go on to the next position on which nobody has decided, from the top again at the end; if there is one."""
        book, asked = self.desk.book, self.asked()
        left = set(self._ids(Ask(filter="undecided", where=(("review", self.title),))))
        order = list(self._ids(asked)) if left else []
        here = overviews.find(book, self.name, keys[0]) if (keys := self.selected_keys()[:1]) else None
        start = order.index(here) + 1 if here in order else 0
        for number in chain(order[start:], order[:start]):
            if number in left:
                return self.select(overviews.key(book, self.name, number))
        return False

    def _ids(self, ask: Ask) -> Iterator[int]:
        return chain.from_iterable(overviews.ids(self.desk.book, self.name, ask))
