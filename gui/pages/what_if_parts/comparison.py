"""A scenario beside the book: sums, and the positions that differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Final

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui import what_if_text, wording
from gui.desk import Desk, Place
from gui.pages.forecast import balance, status
from gui.theme import SPACE
from gui.widgets.layout import clear
from gui.widgets.listing import Cell, Column, Listing, Row
from gui.widgets.text import label
from store.money import cents
from store.scenarios.judging import Amounts, Comparison, Difference, Side

MOST: Final = 500
"""How many positions are shown at most."""

_READABLE: Final = 880
_SUMS: Final = (
    Column("Of what the changes touch", stretches=True),
    Column("Book", right=True),
    Column("Scenario", right=True),
    Column("Difference", right=True),
)
_POSITIONS: Final = (
    Column("Product", stretches=True),
    Column("License"),
    Column("Balance", right=True),
    Column("Becomes", right=True),
    Column("Status then"),
    Column("Short from"),
    Column("Becomes"),
)


class ComparisonView(QWidget):
    """Two tables; or a sentence while there is nothing to compare."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.found: Comparison | None = None
        self.sums: Listing | None = None
        self.positions: Listing | None = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(SPACE)

    def say(self, sentence: str) -> None:
        """Show a sentence instead of tables."""
        clear(self._box)
        self.found = self.sums = self.positions = None
        self._box.addWidget(label(sentence, "muted", wrap=True))

    def show_found(self, found: Comparison) -> None:
        """Show a comparison."""
        clear(self._box)
        self.found = found
        differing = [one for one in found.positions if one.changes]
        self.sums = Listing("Sums beside the book", _SUMS, list(_sums(found)))
        self.sums.setMaximumWidth(_READABLE)
        self._box.addWidget(self.sums)
        self._box.addSpacing(SPACE)
        count = wording.plural(len(differing), "position differs", "positions differ")
        head = f"On {found.on.isoformat()}, and short days up to {found.until.isoformat()}: {count}"
        self._box.addWidget(label(head, "strong"))
        rows = [self._position(one) for one in differing[:MOST]]
        self.positions = Listing("Positions that differ", _POSITIONS, rows)
        self._box.addWidget(self.positions)
        self.positions.setVisible(bool(rows))
        if more := wording.left_out(len(rows), len(differing)):
            self._box.addWidget(label(more, "muted"))

    def _position(self, one: Difference) -> Row:
        sides = one.before, one.after
        last = next(side for side in reversed(sides) if side is not None)
        return (
            Cell(one.product, run=self._to(one) if one.before is not None else None),
            f"{wording.label(one.model) or 'No entitlement'}, {wording.label(one.metric).lower()}",
            *(Cell("–") if side is None else balance(side.standing.balance) for side in sides),
            Cell("Gone", "muted") if one.after is None else status(last.standing.status),
            *map(_short, sides),
        )

    def _to(self, one: Difference) -> Callable[[], object] | None:
        return partial(self.desk.go, Place("position", one.key)) if "position" in self.desk.reaches else None


def _short(side: Side | None) -> Cell:
    text = what_if_text.short_from(side)
    return Cell(text.removeprefix("from "), "negative" if text != "never" else "")


def _sums(found: Comparison) -> Iterator[Row]:
    before, after = found.before, found.after
    for words, old, new in (
        ("Positions short", before.positions, after.positions),
        ("Licenses missing", before.shortfall, after.shortfall),
    ):
        yield words, wording.number(old), wording.number(new), _tinted(wording.signed(new - old), new - old)
    for name, words in what_if_text.AMOUNTS.items():
        yield from _amounts(words, getattr(before, name), getattr(after, name), worse=name != "surplus")
    for words, amounts in (("Bought", found.bought), ("Dropped", found.dropped)):
        for code, amount in amounts.items():
            yield words, "", wording.amount(cents(amount), code), ""


def _amounts(words: str, before: Amounts, after: Amounts, *, worse: bool) -> Iterator[Row]:
    for code in sorted(before.keys() | after.keys()):
        old, new = (cents(side.get(code, Decimal(0))) for side in (before, after))
        more = new - old
        plus = "+" if more > 0 else ""
        shown = f"{plus}{wording.amount(more, code)}" if more else ""
        yield words, wording.amount(old, code), wording.amount(new, code), _tinted(shown, more if worse else 0)


def _tinted(text: str, more: Decimal | int) -> Cell:
    """A difference, in its colour where it is for the worse or for the better."""
    return Cell(text, "negative" if more > 0 else "positive" if more < 0 else "")
