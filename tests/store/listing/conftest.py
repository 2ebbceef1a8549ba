"""A small estate in which every filter has rows, every field several values, and names hold what confuses searches."""

from contextlib import closing

import pytest

from store import calendar, contracts, entitlements, overrides, settings, undo
from store.imports.load import load
from store.listing import preparing
from store.portal import authorizations, decisions
from store.portal.records import Line, Request
from store.portal.requests import submit
from store.records import ContractItem, EntitlementKey, ManualEvent, Override
from tests import estates
from tests.conftest import AS_OF, opened
from tests.estates import allocation, contract, demand, item, maintenance, product, subscription

PRODUCTS = [
    product(
        "Server 2019 Standard", vendor="Contoso", family="Server", edition="Standard", version="2019", version_rank=1
    ),
    product(
        "Server 2022 Standard", vendor="Contoso", family="Server", edition="Standard", version="2022", version_rank=2
    ),
    product("Server 2022 Enterprise", vendor="Contoso", family="Server", edition="Enterprise", version="2022"),
    product("server tools", vendor="contoso", metric="user"),
    product('SQL_Studio 100% "Pro"', vendor="Fabrikam", family="Studio", released_on="2020-05-01"),
    product("SQLxStudio 100 Pro", vendor="Fabrikam", family="Studio", released_on="2024-05-01", metric="core"),
    product("Büro-Paket", vendor="O'Reilly", version="7"),
    product("Reader|Device", vendor="Adobe"),
    product("Freeware", vendor="Adobe"),
    product("Installed only", vendor="Zeta", metric="user"),
]

ITEMS = [
    item("1", "Server 2019 Standard", 120, unit_price="10.50", responsible="Platform"),
    maintenance("2", "Server 2019 Standard", 60, "2024-02-01", "2027-12-31"),
    item("3", "Server 2022 Standard", 50, "2025-01-01", unit_price="99.99", responsible="apps"),
    item("4", "Server 2022 Enterprise", "unlimited", "2025-01-01", unit_price="5"),
    subscription(
        "1", "server tools", 20, "2025-01-01", "2027-01-15", contract="C-2", unit_price="3.333333", metric="user"
    ),
    subscription("2", 'SQL_Studio 100% "Pro"', 30, "2024-01-01", "2025-12-31", contract="C-2", unit_price="7"),
    subscription("3", "SQLxStudio 100 Pro", 40, "2027-03-01", "2029-02-28", contract="C-2", metric="core"),
    subscription("1", "Büro-Paket", 7, "2025-11-22", "2026-11-21", contract="c|3", unit_price="0.1"),
    item("2", "Büro-Paket", 70, contract="c|3", unit_price="0.2", responsible="Apps & more"),
    item("A", "Reader|Device", 5, contract="c|3"),
]

TABLES = {
    "products": PRODUCTS,
    "user_groups": estates.groups("Platform", "apps", "Apps & more"),
    "resource_groups": estates.groups("Plant", "office"),
    "contracts": [
        contract("C1", supplier="Contoso Ltd", customer="Plant 1", invoice_number="R-17"),
        contract("C-2", currency="USD", supplier="100%", notice_date="2026-12-24", invoice_date="2023-03-01"),
        contract("c|3", supplier="o'reilly", customer="plant 2", notice_date="2027-12-24"),
        contract("C4", name="Nothing bought yet", purchase_order_number="PO_9"),
    ],
    "contract_items": ITEMS,
    "allocations": [
        allocation("Server 2019 Standard", "Plant", "Platform", 40),
        allocation("Server 2019 Standard", "office", "apps", 70),
        allocation("Server 2022 Standard", "Plant", "Platform", 10),
    ],
    "demand": [
        demand("Server 2019 Standard", 60, resource_group="Plant", source="scan A"),
        demand("Server 2019 Standard", 65, resource_group="office", source="scan B", counted_on="2026-10-01"),
        demand("Server 2022 Standard", 10),
        demand("Büro-Paket", 300, counted_on="2026-01-01"),
        demand("Büro-Paket", 3, metric="user", counted_on=""),
        demand("Freeware", 12),
        demand("server tools", 20, metric="user"),
    ],
    "installations": [
        {"product": "Installed only", "device": f"pc{n}", "user": f"u{n % 2}", "resource_group": "Plant" if n else ""}
        for n in range(3)
    ],
    "rights": [{"right": "R1", "kind": "downgrade", "family": "Server"}],
    **estates.portal(
        *("Server tools", "büro plan", "Studio 100%"),
        titles=[
            {"title": "Server tools", "product": "server tools", "price": "20"},
            {"title": "büro plan", "product": "Büro-Paket", "price": "3.333", "requires_approval": "false"},
            {"title": "Studio 100%", "orderable": "false"},
        ],
        entitlement_definitions=[
            {
                "definition": "Care|Server tools",
                "title": "Server tools",
                "kind": "optional",
                "unit_price": "7",
                "contract": "C-2",
                "max_request_days": 900,
                "version_right": "perpetual",
            },
            {"definition": "Care|büro plan", "title": "büro plan", "kind": "optional", "ends_on": "2026-11-20"},
            {"definition": "Care|Studio 100%", "title": "Studio 100%", "kind": "included"},
            {
                "definition": "Late",
                "title": "büro plan",
                "kind": "optional",
                "starts_on": "2027-01-01",
                "forced": "true",
            },
            {"definition": "Off", "title": "büro plan", "kind": "optional", "orderable": "false", "unit_price": "1"},
        ],
        authorizations=[
            {"authorization": "AU1", "title": "Server tools", "holder": "PC-1", "authorized_on": "2026-01-01"},
            {"authorization": "au2", "title": "büro plan", "holder": "kim", "authorized_on": "2026-12-01", "units": 4},
            {"authorization": "AU|3", "title": "Server tools", "holder": "PC-3", "authorized_on": "2025-01-01"},
        ],
        deployed_entitlements=[
            {"authorization": "AU1", "definition": "Care|Server tools", "quantity": 5, "start": "2026-01-01"},
            {"authorization": "au2", "definition": "Off", "quantity": 1, "start": "2025-01-01", "end": "2025-12-31"},
            {"authorization": "au2", "definition": "Late", "quantity": 9, "start": "2027-01-01", "end": "2027-12-31"},
            {
                "authorization": "AU|3",
                "definition": "Care|Server tools",
                "quantity": 2,
                "start": "2025-01-01",
                "end": "2027-01-31",
            },
        ],
        decisions=[
            {"request": "R|1", "line": "1|b", "decision": "approve", "decided_on": "2026-10-02", "decided_by": "Ann"},
            {
                "request": "R|2",
                "line": "1a",
                "decision": "deny",
                "decided_on": "2026-10-03",
                "decided_by": "lee",
                "reason": "100% no",
            },
        ],
    ),
}

SUPPORT = {
    "Server 2019 Standard": "2026-11-20",
    "Server 2022 Standard": "2026-11-21",
    "Server 2022 Enterprise": "2027-11-21",
    "server tools": "2029-01-01",
}


def filled(path):
    """The estate in a book of its own."""
    with closing(opened(path, create=True)) as book:
        load(book, estates.write(path.with_suffix(".tables"), TABLES), as_of=AS_OF)
        for name, day in SUPPORT.items():
            book.run("UPDATE products SET support_ends_on = ? WHERE product = ?", (day, name))
        calendar.save(book, ManualEvent("C-2", "custom", AS_OF, 'Call "Fabrikam" 50%'))
        calendar.save(book, ManualEvent("c|3", "activity-log", AS_OF.replace(year=2025), "audit"))
        reader = EntitlementKey("Reader|Device", "perpetual", "device")
        overrides.save(
            book, Override(EntitlementKey("Server 2022 Standard", "perpetual", "device"), "as agreed", demand=9)
        )
        server = EntitlementKey("Server 2019 Standard", "perpetual", "device")
        contracts.save_item(
            book,
            ContractItem("C1", "1", server.product, server.model, server.metric, 100, AS_OF.replace(year=2024)),
        )
        contracts.save_item(
            book, ContractItem("c|3", "A", "Freeware", reader.model, reader.metric, 5, AS_OF.replace(year=2024))
        )
        entitlements.rename(book, server, "Renamed by hand")
        authorizations.end(book, "AU|3", AS_OF)
        line = Line("1", "title", "Server tools")
        submit(book, Request("S-4", "O'Reilly", "PC-4", AS_OF, (line,)))
        with undo.step(book, "Approve"):
            decisions.approve(book, [("S-4", "1")], on=AS_OF, by="lee")
        undo.back(book)
        assert settings.get(book, "as_of") == "2026-11-21"
    return path


@pytest.fixture(scope="session")
def estate_file(tmp_path_factory):
    return filled(tmp_path_factory.mktemp("overviews") / "estate.elpis")


@pytest.fixture(scope="session")
def plain_book(estate_file):
    """The estate in a book without indexes or search tables of its own for the overviews."""
    with closing(opened(estate_file)) as book:
        book.run("DELETE FROM entitlement_search")
        yield book


@pytest.fixture(scope="session")
def large_book(tmp_path_factory):
    """The same estate in a book that was prepared as if it were large."""
    with closing(opened(filled(tmp_path_factory.mktemp("large") / "estate.elpis"))) as book:
        preparing.prepare(book, large=0)
        yield book
