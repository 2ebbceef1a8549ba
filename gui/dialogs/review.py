"""A new review: its title, and which positions of the day it freezes."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QLineEdit, QWidget

from gui import wording
from gui.desk import Desk, Place
from gui.dialogs import form
from gui.dialogs.form import Form
from store.reviews import opening
from store.reviews.records import ALL, UNDER, UNEVEN

_SCOPES: Final = (
    (UNDER, "Those that are under-licensed"),
    (UNEVEN, "Those that are not compliant"),
    (ALL, "All of them"),
)


def open_(desk: Desk, parent: QWidget, _: Place) -> Form:
    """Ask for it; when it is there, it is gone to."""
    title = QLineEdit(f"Review as of {desk.as_of.isoformat()}")
    title.setMaxLength(200)
    title.selectAll()
    scope = form.choice(_SCOPES)

    def save() -> None:
        name = title.text().strip()
        made = desk.do(
            f"Open review {wording.line(name)}", lambda book: opening.open_(book, name, str(scope.currentData()))
        )
        desk.go(Place("review", made))

    return form.open_(
        parent,
        "New review",
        [("Title", title), ("Positions", scope)],
        save,
        save="Open review",
        about=f"The positions of {wording.day(desk.as_of)} are kept as they are now, whatever changes later."
        " For another day, choose it at the top of the window first.",
    )
