"""An office suite with optional entitlements, and short words for asking and deciding."""

from datetime import date
from decimal import Decimal
from itertools import count

import pytest

from store import settings
from store.portal import authorizations, decisions, definitions, requests, titles
from store.portal.records import Authorization, Definition, Line, Request, Span, Title
from tests.conftest import snapshot_of

TODAY = date(2025, 3, 1)


def on(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


@pytest.fixture
def portal(book):
    """Office (100, asks for approval) with SA (30), and Viewer (free of charge and of approval) with Help (2)."""
    settings.put(book, "as_of", TODAY.isoformat())
    titles.save(book, Title("Office", price=Decimal(100)))
    titles.save(book, Title("Viewer", requires_approval=False))
    definitions.save(book, Definition("SA", "Office", unit_price=Decimal(30)))
    definitions.save(book, Definition("Help", "Viewer", unit_price=Decimal("2")))
    return book


def title(name="Office", line="1", quantity=1):
    return Line(line, "title", name, quantity=quantity)


def entitlement(quantity=1, start="2025-03-01", end="2026-02-28", *, line="2", title="Office", definition="SA"):
    return Line(line, "entitlement", title, definition, quantity, on(start), on(end))


@pytest.fixture
def ask(portal):
    """Submit lines as kim for PC-1."""
    numbers = count(1)

    def ask(*lines, day=TODAY, holder="PC-1", requester="kim"):
        number = f"R{next(numbers)}"
        return number, requests.submit(portal, Request(number, requester, holder, day, tuple(lines)))

    return ask


@pytest.fixture
def approve(portal):
    """Approve lines of a request as lee."""

    def approve(request, *lines, day=TODAY, by="lee"):
        return decisions.approve(portal, [(request, line) for line in lines], on=day, by=by)

    return approve


@pytest.fixture
def holding(portal):
    """An authorization AU1 of Office for PC-1, since 2025-01-10, holding a span of SA."""

    def holding(span=None, since="2025-01-10"):
        authorizations.save(portal, Authorization("AU1", "Office", "PC-1", on(since)))
        if span is not None:
            quantity, start, end = span
            authorizations.enter(portal, "AU1", "SA", Span(quantity, on(start), on(end)))

    return holding


@pytest.fixture
def lists(portal):
    """The lists of the portal in a snapshot of now."""
    names = ("request_lines", "deployed_entitlements", "charges")
    return lambda: {name: snapshot_of(portal)[name] for name in names}


def outcomes(effects):
    return {one.line: one.outcome for one in effects}


def ledger(book):
    """Every entry of the ledger: line, kind, amount."""
    return [(f"{row[0]}/{row[1]}", *row[2:]) for row in book.rows("SELECT request, line, kind, amount FROM charges")]
