"""Pictures of comparisons and reviews: two days side by side, a review that is under way, one that is signed off."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QWidget

from gui.desk import Place
from gui.main_window import MainWindow
from store.reviews import deciding, opening, reading
from store.reviews.records import Decision

TITLE = "Year end 2026"
_WAYS = ("buy", "investigate", "accepted", "buy", "cancel")


def compared(window: MainWindow) -> QWidget:
    """The next three months."""
    window.desk.go(Place("compare"))
    page = window.stack.currentWidget()
    page.compare()
    return window


def under_way(window: MainWindow) -> QWidget:
    """A review in which some positions are decided."""
    desk = window.desk
    if not reading.any_(desk.book):
        desk.do("Open review", lambda book: opening.open_(book, TITLE))
        rows = list(reading.rows(desk.book, TITLE))
        for way, row in zip(_WAYS, rows, strict=False):
            due = date(2026, 12, 15) if way == "buy" else None
            made = Decision(way, "Ask the reseller for a quote" if due else "", "", due)
            desk.do("Decide", lambda book, at=row.position, made=made: deciding.decide(book, TITLE, at, made))
    desk.go(Place("review", TITLE))
    return window


def overview(window: MainWindow) -> QWidget:
    """The overview with a review in it."""
    under_way(window)
    window.desk.go(Place("reviews"))
    return window


def signed(window: MainWindow) -> QWidget:
    """The same, signed off."""
    desk = window.desk
    under_way(window)
    for row in list(reading.rows(desk.book, TITLE)):
        if not row.decision.decision:
            made = Decision("accepted")
            desk.do("Decide", lambda book, at=row.position, made=made: deciding.decide(book, TITLE, at, made))
    if not reading.read(desk.book, TITLE).signed:
        desk.run_alone("", lambda book, _: deciding.sign_off(book, TITLE), lambda _: None)
    return window


SCREENS = [
    ("compare-days", compared),
    ("review-under-way", under_way),
    ("reviews-one", overview),
    ("review-signed", signed),
]
"""In this order: each needs what the one before made."""
