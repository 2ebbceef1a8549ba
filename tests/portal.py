"""A request portal in the words of the field: titles, what they offer, what Ann and Ben have, and what they ask for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from store import products
from store.book import Book
from store.portal import authorizations, decisions, definitions, requests, titles
from store.portal.records import Authorization, Definition, Line, Request, Span, Title
from store.records import Product

SUITE, VISIO, READER, PLOTTER = "Suite 2024", "Visio Plan 2", "PDF Reader", "Legacy Plotter"
SA, SUPPORT, TRAINING, OLD = "Software Assurance", "Premium support", "Training", "Upgrade Advantage"
LICENSE, DRAWINGS = "Base license", "Drawing templates"
ANN, BEN, LAPTOP = "Ann", "Ben", "LAPTOP-17"
MANAGER = "mona"
TODAY = date(2026, 11, 21)


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def title(name: str, price: str = "", **more: object) -> Title:
    return Title(name, price=Decimal(price) if price else None, **more)


def definition(
    name: str, of: str = SUITE, price: str = "", starts: str = "", ends: str = "", **more: object
) -> Definition:
    amount = Decimal(price) if price else None
    return Definition(name, of, unit_price=amount, starts_on=day(starts), ends_on=day(ends), **more)


def span(quantity: int, start: str, end: str = "") -> Span:
    return Span(quantity, date.fromisoformat(start), day(end))


def offer(book: Book) -> None:
    """Four titles: the suite needs approval and has entitlements of every kind, the reader is granted at once and free."""
    products.save(book, Product("Contoso Suite 2024", vendor="Contoso"))
    titles.save(book, title(SUITE, "100.00", product="Contoso Suite 2024"))
    titles.save(book, title(VISIO, "180.00"))
    titles.save(book, title(READER, requires_approval=False))
    titles.save(book, title(PLOTTER, "20", orderable=False))
    for one in (
        definition(LICENSE, kind="included"),
        definition(SA, price="30.00", version_right="perpetual"),
        definition(SUPPORT, price="12.50", forced=True),
        definition(TRAINING, price="75", max_request_days=90),
        definition(OLD, price="9", ends="2025-12-31"),
        definition(DRAWINGS, VISIO, "15", starts="2027-01-01"),
    ):
        definitions.save(book, one)


def hold(book: Book) -> None:
    """Ann has the suite since 2024, with five of Software Assurance until the end of 2026, and support that has ended."""
    authorizations.save(book, Authorization("A-1", SUITE, ANN, date(2024, 1, 10)))
    authorizations.save(book, Authorization("A-2", READER, ANN, date(2025, 5, 2)))
    authorizations.save(book, Authorization("A-3", SUITE, LAPTOP, date(2026, 9, 1), 2))
    authorizations.enter(book, "A-1", SA, span(5, "2024-01-01", "2026-12-31"))
    authorizations.enter(book, "A-1", SUPPORT, span(1, "2024-01-10", "2025-01-09"))
    authorizations.enter(book, "A-3", SA, span(2, "2026-09-01"))


def ask(book: Book, number: str, holder: str, *wanted: Line, by: str = "ann", on: date = TODAY) -> None:
    requests.submit(book, Request(number, by, holder, on, wanted))


def suite(line: str = "1") -> Line:
    return Line(line, "title", SUITE)


def entitlement(line: str, name: str, quantity: int = 1, start: str = "", end: str = "", of: str = SUITE) -> Line:
    return Line(line, "entitlement", of, name, quantity, day(start), day(end))


def request(book: Book) -> None:
    """What was asked for: by Ann, which waits; by Ben, of which one part was approved and one denied; and withdrawn."""
    ask(
        book,
        "R-2026-001",
        BEN,
        suite(),
        entitlement("2", SUPPORT),
        entitlement("3", SA, 1, "2026-11-21", "2027-11-20"),
    )
    ask(book, "R-2026-002", ANN, suite(), entitlement("2", SA, 8, "2026-11-21", "2026-12-15"), by="ben")
    ask(
        book,
        "R-2026-003",
        LAPTOP,
        suite(),
        entitlement("2", SA, 4, "2026-10-01", "2027-09-30"),
        by="ben",
        on=date(2026, 10, 1),
    )
    ask(book, "R-2026-004", "PC-9", Line("1", "title", VISIO), by="ben", on=date(2026, 10, 5))
    ask(book, "R-2026-005", "PC-9", Line("1", "title", READER), by="ben", on=date(2026, 10, 6))
    ask(book, "R-2026-006", ANN, Line("1", "title", VISIO))
    decisions.approve(book, [("R-2026-003", "2")], on=date(2026, 10, 2), by=MANAGER)
    decisions.deny(book, [("R-2026-004", "1")], on=date(2026, 10, 7), by=MANAGER, reason="The free viewer is enough")
    requests.withdraw(book, "R-2026-006", by="ann")


def fill(book: Book) -> None:
    """All of it."""
    offer(book)
    hold(book)
    request(book)
