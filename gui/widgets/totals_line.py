"""A line below the positions: what it costs to close what is short, and what the surplus is worth."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from PySide6.QtWidgets import QWidget

from gui import wording
from gui.desk import Desk
from gui.theme import SPACE
from gui.watch import Watch
from gui.widgets.layout import column
from gui.widgets.text import label
from gui.work import Report, using
from store import totals
from store.rates import Together
from store.totals import Totals


class TotalsLine(QWidget):
    """It asks the book in the background, and is hidden while nothing has a price."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.to_close, self.surplus = label("", "muted", wrap=True), label("", "muted", wrap=True)
        self.setLayout(column(self.to_close, self.surplus, gap=2, margins=(SPACE, 0, SPACE, 0)))
        self._watch = Watch(self, desk, {"compliance", "exchange_rates", "settings"}.intersection, self.ask)
        self.ask()

    def ask(self) -> None:
        """Ask the book."""
        if self.desk.is_open:
            self._watch.stale = False
            book = self.desk.book

            def job(report: Report) -> Totals:
                with using(book, report):
                    return totals.of(book)

            self.desk.work.run("", job, self._show, lane="totals", owner=self)

    def _show(self, found: Totals) -> None:
        self.to_close.setText(said("To close", found.to_close, found.to_close_together, found.unpriced))
        self.surplus.setText(said("Surplus", found.surplus, found.surplus_together))
        self.setVisible(bool(found.to_close or found.surplus))


def said(name: str, amounts: Mapping[str, Decimal], together: Together | None, unpriced: int = 0) -> str:
    """Amounts as a sentence: "To close: 20.00 EUR + 100.00 USD = 100.00 EUR (USD at 0.8 of 2026-11-21)"."""
    parts = " + ".join(wording.amount(amount, code) for code, amount in amounts.items()) or "nothing"
    if together is not None and together.used:
        used = ", ".join(
            f"{one.from_currency} at {one.rate:f} of {one.valid_from.isoformat()}" for one in together.used
        )
        parts += f" = {wording.amount(round(together.amount, 2), together.currency)} ({used})"
    more = f"; {wording.plural(unpriced, 'position')} without a known price" if unpriced else ""
    return f"{name}: {parts}{more}"
