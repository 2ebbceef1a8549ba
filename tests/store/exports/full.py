"""A book in which every table and every column that people fill holds something: who adds one, adds to this."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

from rules.counting_methods import METHODS, takes
from store import calendar, contracts, demand, derivation, entitlements, preferences, prices, products, rates
from store.book import Book
from store.imports.mapping import keeping as mappings
from store.imports.mapping.shape import ColumnMapping
from store.imports.mapping.targets import LICENSES
from store.portal import authorizations, decisions, definitions, ledger, requests
from store.records import (
    Count,
    EntitlementKey,
    ExchangeRate,
    ListedPrice,
    ManualEntitlement,
    ManualEvent,
    Product,
)
from store.reviews import deciding, opening, reading
from store.reviews.records import Decision, Position
from store.scenarios import keeping
from store.scenarios.shape import AddItem, ChangeDemand, Scenario
from tests import estates, portal
from tests.conftest import AS_OF

OFFICE = EntitlementKey("Büro 2024", "perpetual", "device")
TRICKY = ('=HYPERLINK("http://x.invalid";"1")', "'s-Hertogenbosch", "+49 30", "'=1+1", "-5", "@SUM(A1)", "_x0041_")


PARAMETERS = {
    **{
        "per": 3,
        "per_threads": 18,
        "minimum_per_processor": 4,
        "minimum_per_server": 8,
        "minimum_per_vm": 2,
        "minimum": 5,
    },
    **{"factor": "0.5", "virtual": "vm", "count_host": "true", "basis": "device", "tiers": "2500:1, 0.8", "pack": 2},
    **{"coverage": "all-or-nothing"},
}


def tables() -> dict[str, list[estates.Row]]:
    """What comes by an import."""
    server = {"family": "Server", "vendor": "Contoso", "edition": "Standard"}
    own = [{"product": "Server 1", "version": "1", "version_rank": 1, "released_on": "2019-05-01", **server}]
    own += [{"product": "Server 2", "version": "2", "version_rank": 2, **server, "metric": "core"}]
    own += [estates.product(name) for name in (*TRICKY, "Büro 2024", "オフィス", "Офис", "Mail")]
    own += [{"product": "Suite", "maintenance_separate": "true", "support_ends_on": "2027-01-01"}]
    agreement = {name: f"{name} 7" for name in "supplier customer invoice_number quote_number".split()}
    agreement |= {"purchase_order_number": "PO-1", "sales_order_number": "SO-1", "notice_date": "2026-12-01"}
    return {
        "metrics": [{"metric": "robot"}],
        "families": [{"family": "Nobody's"}],
        "products": own,
        "resource_groups": estates.groups("Europe", Berlin="Europe"),
        "user_groups": estates.groups("Desk", IT="Desk"),
        "contracts": [estates.contract(**agreement), {"contract": "C2", "name": "Undated", "currency": "USD"}],
        "contract_items": [
            estates.item("1", "Büro 2024", 100, unit_price="12.5", sku="BU-1", responsible="IT"),
            estates.item("2", "Server 2", "unlimited", metric="core"),
            estates.item("3", "Server 1", 7, metric="robot", contract="C2"),
            estates.subscription("4", "オフィス", 5, "2026-01-01", "2026-12-31"),
            estates.subscription("5", "Mail", 5, "2026-01-01", "2026-12-31"),
            *(estates.item(f"T{number}", name, 1) for number, name in enumerate(TRICKY)),
        ],
        "allocations": [estates.allocation("Büro 2024", "Berlin", "IT", 3)],
        "demand": [estates.demand("Büro 2024", 130), estates.demand("Server 1", 2, resource_group="Berlin")],
        "installations": [
            {
                **{"product": "Server 1", "device": "=pc", "user": "ann", "resource_group": "Europe", "cores": 8},
                **{"installed_on": "2024-01-01", "last_used_on": "2026-01-01", "source": "scan"},
                **{"host": "ESX 1", "vm": "VM 1"},
            },
            {"product": "Büro 2024", "device": "pc2"},
        ],
        "hosts": [
            {
                **{"host": "ESX 1", "resource_group": "Berlin", "processors": 2, "cores_per_processor": 16},
                **{"cluster": "=C1"},
            }
        ],
        "virtual_machines": [{"vm": "VM 1", "host": "ESX 1", "cluster": "=C1", "vcpus": 4}],
        "counting_rules": counting(),
        "discovered_software": [
            {
                **{"device": "pc3", "name": "=Office", "publisher": "Contoso", "version": "16.0", "user": "ann"},
                **{
                    "resource_group": "Berlin",
                    "installed_on": "2025-01-01",
                    "source": "scan",
                    "host": "ESX 1",
                    "vm": "VM 1",
                },
            },
            {"device": "pc3", "name": "Mail", "source": "scan"},
        ],
        "name_decisions": [
            {"publisher": "Contoso Ltd.", "name": "=Office", "version": "16.0", "product": "Büro 2024"},
            {"publisher": "Nobody", "name": "*", "version": "*"},
        ],
        "licensed_names": [{"name": "Off-ice", "publisher": "Contoso", "version": "2"}],
        "rights": [
            {"right": "R1", "kind": "downgrade", "family": "Server", "depth": 2, "valid_from": "2020-01-01"},
            {
                **{"right": "R2", "kind": "upgrade", "from_product": "Server 1", "to_product": "Büro 2024"},
                **{"metric": "device", "valid_until": "2030-01-01"},
            },
        ],
        "overrides": [
            estates.override(
                "Büro 2024", active=90, demand=95, downgrade=-1, upgrade=2, reason='=1+1\nwith "two" lines\r\nand three'
            )
        ],
    }


def counting() -> list[estates.Row]:
    """Counting rules that between them use every parameter."""
    found: list[estates.Row] = []
    for method in METHODS:
        own = {name: value for name, value in PARAMETERS.items() if name in takes(method)}
        found.append({"metric": f"by {method}", "method": method, "valid_from": "2026-01-01", **own})
    return found


def do(book: Book) -> None:
    """What people do in the window."""
    preferences.change(book, "currency", "USD")
    preferences.change(book, "warning_leads", "120, 14")
    entitlements.rename(book, OFFICE, "-Our office")
    entitlements.set_responsible(book, OFFICE, "Desk")
    entitlements.add(book, ManualEntitlement("Suite", "perpetual", "device", None, date(2024, 1, 1)))
    entitlements.rename(book, EntitlementKey("Mail", "subscription", "device"), "Gone")
    contracts.remove_item(book, "C1", "5")
    products.save(book, Product("Windows Server 2019", vendor="", family="Own family", metric="user"))
    demand.save(book, Count("Mail", "user", 4, source="=count", counted_on="2026-11-01T08:30:00+01:00"))
    calendar.save(
        book,
        ManualEvent("C1", "custom", date(2026, 12, 1), "Talk", None, time(9, 30), 3, "monthly", notify=False),
    )
    calendar.acknowledge_own(book, 1, date(2026, 12, 1))
    calendar.acknowledge(book, book.value("SELECT id FROM events WHERE kind = 'expiration-warning' LIMIT 1"))
    calendar.acknowledge(book, book.value("SELECT id FROM events WHERE kind = 'contract-invoiced' LIMIT 1"))
    prices.save(book, ListedPrice(OFFICE, Decimal("14.125"), "EUR", date(2026, 1, 1)))
    rates.save(book, ExchangeRate("EUR", "USD", Decimal("1.0850"), date(2026, 1, 1)))
    item = AddItem("C1", "Büro 2024", "perpetual", "device", 3, date(2027, 1, 1), unit_price=Decimal("1.50"))
    keeping.save(book, Scenario("Next = year", (item, ChangeDemand("Büro 2024", "device", -4))))
    keeping.save(book, Scenario("Nothing", ()))
    mappings.save(book, ColumnMapping("=Our list", LICENSES, {"Software": "product", "Seats": "quantity"}))


def review(book: Book) -> None:
    """A review under way, and one that is signed off."""
    opening.open_(book, "Open", "all")
    opening.open_(book, "=Signed", "under-licensed")
    for one in reading.rows(book, "=Signed"):
        decision = Decision("buy", "by\nmail", "IT", date(2026, 12, 24))
        deciding.decide(book, "=Signed", Position(*one.position), decision)
    deciding.sign_off(book, "=Signed")


def ask(book: Book) -> None:
    """Requests with all that may become of them, an ended authorization, and a ledger with an entry taken back."""
    portal.fill(book)
    definitions.save(book, portal.definition(portal.TRAINING, price="75", max_request_days=90, orderable=False))
    decisions.approve(book, [("R-2026-002", "2")], on=AS_OF, by=portal.MANAGER)
    decisions.approve(book, [("R-2026-001", "2")], on=AS_OF, by=portal.MANAGER)
    ledger.credit(book, "R-2026-003", "2", Decimal("1.00"), "=kind")
    authorizations.end(book, "A-2", date(2026, 11, 1))
    number = book.value("SELECT id FROM charges WHERE kind = 'credit'")
    with book.transaction():
        ledger.reverse(book, number)
    requests.withdraw(book, "R-2026-001", by="ann")
    book.run(
        "UPDATE entitlement_definitions SET contract_id = (SELECT id FROM contracts WHERE contract = 'C1')"
        " WHERE definition = ?",
        (portal.DRAWINGS,),
    )


def fill(book: Book, load: object) -> None:
    """All of it."""
    load(book, tables())  # type: ignore[operator]
    do(book)
    ask(book)
    review(book)
    derivation.recalculate(book, as_of=AS_OF)
