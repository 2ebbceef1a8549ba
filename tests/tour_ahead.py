"""Pictures of what is to come and what would be if: the pages, each kind of change, prices and exchange rates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal

from PySide6.QtCore import QDate, QEventLoop, QTimer
from PySide6.QtWidgets import QWidget

from gui.desk import Place
from gui.dialogs import pricing
from gui.main_window import MainWindow
from store import prices, rates
from store.book import Book
from store.records import EntitlementKey, ExchangeRate, ListedPrice
from store.scenarios import keeping
from store.scenarios.shape import KINDS, AddItem, ChangeDemand, RenewItem, Scenario

Shown = Callable[[MainWindow], QWidget]

RENEWAL = Scenario(
    "Renew Adobe, more of Docker",
    (
        RenewItem("AD-VIP-2025", "1", date(2027, 12, 31)),
        RenewItem("AD-VIP-2025", "2", date(2027, 12, 31), None, Decimal(700)),
        ChangeDemand("Microsoft 365 E5", "user", percent=Decimal(10)),
        AddItem(
            *("DOCKER-2026", "Docker Desktop", "subscription", "user", 30),
            *(date(2026, 12, 1), date(2027, 11, 30), Decimal(95), "USD"),
        ),
    ),
)


def _filled(window: MainWindow) -> None:
    """Scenarios, prices and rates in the book, once."""
    if not keeping.held(window.desk.book):
        window.desk.do("Add scenario", _fill)


def _fill(book: Book) -> None:
    keeping.save(book, RENEWAL)
    keeping.save(book, Scenario("Without Java"))
    docker = EntitlementKey("Docker Desktop", "subscription", "user")
    prices.save(book, ListedPrice(docker, Decimal(95), "USD", date(2026, 1, 1)))
    for code, rate in (("USD", "0.92"), ("GBP", "1.19")):
        rates.save(book, ExchangeRate(code, "EUR", Decimal(rate), date(2026, 11, 1)))


def _page(code: str, tab: str = "") -> Shown:
    def show(window: MainWindow) -> QWidget:
        _filled(window)
        window.desk.go(Place(code, "", tab))
        return window

    return show


def _falls_short(window: MainWindow) -> QWidget:
    window.desk.go(Place("forecast"))
    window.stack.currentWidget().tabs.setCurrentIndex(1)
    return window


def _scenario(window: MainWindow) -> QWidget:
    _filled(window)
    window.desk.go(Place("what-if", RENEWAL.scenario))
    window.stack.currentWidget().day.setDate(QDate(2027, 1, 1))
    return window


def _change(kind: str) -> Shown:
    """The form of a kind of change: of the scenario, where it has one, with what that leads to."""

    def show(window: MainWindow) -> QWidget:
        _scenario(window)
        page = window.stack.currentWidget()
        held = [number for number, one in enumerate(RENEWAL.changes) if type(one) is KINDS[kind]]
        if held:
            page.changes.setCurrentRow(held[-1])
            page.edit()
        else:
            page.add(kind)
        loop = QEventLoop()
        QTimer.singleShot(500, loop.quit)  # it looks a moment after the last key
        loop.exec()
        return page.dialog

    return show


def _price(window: MainWindow) -> QWidget:
    _filled(window)
    return pricing.ask_price(window.desk, window, prices.held(window.desk.book)[0])


SCREENS: Sequence[tuple[str, Shown]] = [
    ("forecast-falls-short", _falls_short),
    ("what-if-scenario", _scenario),
    *((f"dialog-{kind}", _change(kind)) for kind in KINDS),
    ("settings-prices-filled", _page("settings", "prices")),
    ("settings-rates-filled", _page("settings", "rates")),
    ("dialog-price", _price),
    ("compliance-with-rates", _page("compliance")),
]
"""Every screen by the name of its picture."""
