"""Gives back all or a part of what a line of a request was charged, for a reason."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtWidgets import QLineEdit, QWidget

from gui import wording
from gui.desk import Desk
from gui.dialogs import form, title
from gui.dialogs.form import Form
from store.errors import Unfit
from store.portal import ledger


def open_(desk: Desk, parent: QWidget, request: str, line: str, charged: str) -> Form:
    """Ask how much of a charge ("30.00 EUR") shall be given back, and why."""
    number, _, currency = charged.partition(" ")
    amount, reason = title.price_field(Decimal(number)), QLineEdit()
    amount.setPlaceholderText("")
    reason.setPlaceholderText("Why it is given back")

    def save() -> None:
        given = title.typed(amount)
        if given is None:
            raise Unfit("Type how much is given back.")
        what = (
            f"Give back {wording.amount(given, currency)} of request {wording.line(request)}, line {wording.line(line)}"
        )
        desk.do(what, lambda book: ledger.credit(book, request, line, given, reason.text()))

    return form.open_(
        parent,
        f"Give back a charge of request {wording.line(request)}",
        [(f"Amount in {currency}", amount), ("Reason", reason)],
        save,
        save="Give back",
        about="The charge stays in the ledger; this adds an entry beside it.",
    )
