"""A small snapshot, written by hand: every list, and the values that are easy to get wrong."""

from pathlib import Path
from typing import Any

from store.snapshots import canonical

HEAD: dict[str, str | int] = {"format": "elpis-snapshot", "format_version": 1, "as_of": "2026-11-21", "currency": "EUR"}

LONG_NAME = "Systems Management Suite for Hybrid Estates, Premium Edition"

ENTITLEMENTS: list[dict[str, Any]] = [
    {
        "product": "SQL Server 2022 Standard",
        "model": "perpetual",
        "metric": "core",
        "name": "SQL Server 2022 Standard",
        "quantity": 120,
        "active": 120,
        "allocated": 140,
        "remaining": -20,
        "license_start": "2023-02-01",
        "maintenance_quantity": 80,
        "activation": "2023-02-01",
        "expiration": None,
        "state": "active",
        "managed_by": "Database Team",
        "last_demand_synchronization": "2026-11-20T22:15:00+01:00",
        "price": {"currency": "EUR", "amount": "3586.20"},
        "rule": "expiration.active",
        "because": ["C-1001/1", "C-1007/2"],
    },
    {
        "product": "Σύστημα Αρχειοθέτησης",
        "model": "subscription",
        "metric": "user",
        "name": "Σύστημα Αρχειοθέτησης",
        "quantity": "unlimited",
        "active": "unlimited",
        "allocated": 0,
        "remaining": "unlimited",
        "license_start": "2024-12-01",
        "maintenance_quantity": 0,
        "activation": "2024-12-01",
        "expiration": "2026-11-30",
        "state": "expiring",
        "managed_by": "License contract",
        "last_demand_synchronization": "2026-11-01",
        "price": None,
        "rule": "expiration.expiring",
        "because": ["C-1002/1"],
    },
    {
        "product": "資産管理システム",
        "model": "subscription",
        "metric": "device",
        "name": "資産管理システム",
        "quantity": 35,
        "active": 0,
        "allocated": 0,
        "remaining": 35,
        "license_start": "2024-01-01",
        "maintenance_quantity": 0,
        "activation": "2024-01-01",
        "expiration": "2025-12-31",
        "state": "expired",
        "managed_by": "",
        "last_demand_synchronization": None,
        "price": {"currency": "JPY", "amount": "125000"},
        "rule": "expiration.expired",
        "because": ["C-1003/1"],
    },
]

EVENTS: list[dict[str, Any]] = [
    {
        "on": "2023-01-15",
        "kind": "contract-invoiced",
        "contract": "C-1001",
        "product": None,
        "model": None,
        "metric": None,
        "item": None,
        "quantity": None,
        "automatic": True,
        "rule": "lifecycle.invoiced",
        "because": ["C-1001"],
    },
    {
        "on": "2026-11-30",
        "kind": "license-end",
        "contract": "C-1002",
        "product": "Σύστημα Αρχειοθέτησης",
        "model": "subscription",
        "metric": "user",
        "item": "1",
        "quantity": "unlimited",
        "automatic": True,
        "rule": "lifecycle.ends",
        "because": ["C-1002/1"],
    },
    {
        "on": "2026-12-01",
        "kind": "activity-log",
        "contract": "C-1003",
        "product": "資産管理システム",
        "model": "subscription",
        "metric": "device",
        "item": None,
        "quantity": None,
        "automatic": False,
        "rule": None,
        "because": [],
    },
]

POSITIONS: list[dict[str, Any]] = [
    {
        "product": "SQL Server 2022 Standard",
        "model": "perpetual",
        "metric": "core",
        "active": 120,
        "demand": 1155,
        "downgrade": -35,
        "upgrade": 0,
        "balance": -1070,
        "status": "under-licensed",
        "override": None,
        "calculated": {
            "active": 120,
            "demand": 1155,
            "downgrade": -35,
            "upgrade": 0,
            "balance": -1070,
            "status": "under-licensed",
        },
        "balance_value": {"currency": "EUR", "amount": "-3837234.00"},
        "breakdown": [
            {
                "resource_group": None,
                "active": 20,
                "demand": 0,
                "downgrade": 0,
                "upgrade": 0,
                "balance": 20,
            },
            {
                "resource_group": "Ζυρίχη / Datacenter 1",
                "active": 100,
                "demand": 1155,
                "downgrade": -35,
                "upgrade": 0,
                "balance": -1090,
            },
        ],
        "rule": "compliance.under",
        "because": ["SQL Server 2022 Standard/perpetual/core", "demand/SQL Server 2022 Standard/core"],
    },
    {
        "product": LONG_NAME,
        "model": "subscription",
        "metric": "device",
        "active": 500,
        "demand": 480,
        "downgrade": 0,
        "upgrade": 0,
        "balance": 20,
        "status": "over-licensed",
        "override": {
            "active": None,
            "demand": 480,
            "downgrade": None,
            "upgrade": None,
            "reason": "20 Geräte doppelt gezählt; siehe Prüfbericht",
        },
        "calculated": {
            "active": 500,
            "demand": 500,
            "downgrade": 0,
            "upgrade": 0,
            "balance": 0,
            "status": "compliant",
        },
        "balance_value": {"currency": "USD", "amount": "1599.80"},
        "breakdown": [],
        "rule": "compliance.over",
        "because": ["O-1"],
    },
    {
        "product": "Учёт оборудования 2019",
        "model": None,
        "metric": "device",
        "active": 0,
        "demand": 0,
        "downgrade": 0,
        "upgrade": 0,
        "balance": 0,
        "status": "compliant",
        "override": None,
        "calculated": {
            "active": 0,
            "demand": 0,
            "downgrade": 0,
            "upgrade": 0,
            "balance": 0,
            "status": "compliant",
        },
        "balance_value": None,
        "breakdown": [],
        "rule": "compliance.even",
        "because": [],
    },
]

TRANSFERS: list[dict[str, Any]] = [
    {
        "kind": "downgrade",
        "from_product": "SQL Server 2022 Standard",
        "from_model": "perpetual",
        "to_product": "SQL Server 2019 Standard",
        "to_model": None,
        "metric": "core",
        "quantity": 35,
        "right": "R-SQL-DOWN",
        "because": ["R-SQL-DOWN", "SQL Server 2022 Standard", "SQL Server 2019 Standard"],
    },
]

REQUEST_LINES: list[dict[str, Any]] = [
    {
        "request": "RQ-7",
        "line": "1",
        "outcome": "replaced",
        "reasons": ["end-later", "quantity-changed"],
        "warnings": [],
        "authorization": "AU-3",
    },
]

DEPLOYED_ENTITLEMENTS: list[dict[str, Any]] = [
    {
        "authorization": "AU-3",
        "definition": "Extra storage",
        "quantity": 2,
        "start": "2026-01-01",
        "end": "2027-12-31",
        "state": "active",
        "periods": [
            {"quantity": 1, "start": "2026-01-01", "end": "2026-12-31", "replaced_on": "2026-06-01"},
            {"quantity": 2, "start": "2026-01-01", "end": "2027-12-31", "replaced_on": None},
        ],
    },
]

CHARGES: list[dict[str, Any]] = [
    {
        "request": "RQ-7",
        "line": "1",
        "kind": "credit",
        "amount": "-12.345",
        "currency": "KWD",
        "rule": "optional.credit",
    },
]

FINDINGS: list[dict[str, Any]] = [
    {
        "severity": "warning",
        "code": "unknown-column",
        "place": "contracts.csv, column Remarks",
        "message": "the column is not known and was ignored",
    },
]

LISTS: dict[str, list[dict[str, Any]]] = {
    "entitlements": ENTITLEMENTS,
    "events": EVENTS,
    "positions": POSITIONS,
    "transfers": TRANSFERS,
    "request_lines": REQUEST_LINES,
    "deployed_entitlements": DEPLOYED_ENTITLEMENTS,
    "charges": CHARGES,
    "findings": FINDINGS,
}


def write(path: Path, **lists: list[dict[str, Any]]) -> Path:
    """The sample as snapshot.json at `path`, with some of its lists replaced."""
    canonical.write(path, HEAD, {name: map(canonical.encode, found) for name, found in (LISTS | lists).items()})
    return path
