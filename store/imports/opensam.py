"""The four files of OpenSAM, read as they are: licenses.csv, installations.csv, users.csv and vendors.csv.

A license row is a contract with one item. Seats are people, so users are counted. The version of an installation is
informational: what is licensed is the software by its name.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from typing import Final

from rules.vocabulary import MODELS, USER
from store.imports.csv_folder import digest_of
from store.imports.finding import WARNING, Finding
from store.imports.foreign import Cells, Foreign, distinct, has_columns, read, template_table
from store.imports.source import RawTable, Source
from store.imports.template import Column, Table

OPENSAM: Final = "opensam"
CURRENCY: Final = "USD"
"""What unit_cost_usd is in."""


def _column(name: str, kind: str = "name", required: bool = False) -> Column:
    return Column(name, kind, required)


_FILES: Final = {
    "licenses": Table(
        "licenses",
        (
            _column("software", required=True),
            _column("vendor"),
            _column("license_type", "choice:" + "|".join(MODELS), required=True),
            _column("unit_cost_usd", "money"),
            _column("seats_purchased", "quantity", required=True),
            _column("contract_start", "date", required=True),
            _column("contract_end", "date"),
            _column("license_key"),
        ),
        "what was bought",
    ),
    "installations": Table(
        "installations",
        (
            _column("device_id", required=True),
            _column("user_email"),
            _column("software", required=True),
            _column("version"),
            _column("install_date", "date"),
            _column("last_used_date", "date"),
        ),
        "software on a device",
    ),
    "users": Table(
        "users",
        (_column("user_email", required=True), _column("department"), _column("country"), _column("status")),
        "a person and the department",
    ),
    "vendors": Table(
        "vendors",
        (
            _column("vendor", required=True),
            _column("account_manager"),
            _column("email"),
            _column("renewal_notice_days", "quantity"),
        ),
        "who sells, and how long before the end notice is due",
    ),
}
_MARKS: Final = {"licenses": ("software", "license_type"), "installations": ("software", "device_id")}
"""Columns by which the two main files are told from files of the template with the same name."""


def recognized(folder: Path) -> bool:
    """Whether a folder holds licenses or installations of OpenSAM."""
    return any(has_columns(folder / f"{name}.csv", marks) for name, marks in _MARKS.items())


def read_folder(folder: Path) -> Source:
    """The OpenSAM files of a folder as tables of the template; any of the four may be missing."""
    paths = {name: path for name in _FILES if (path := folder / f"{name}.csv").is_file()}
    files = {name: _read(folder / f"{name}.csv", table) for name, table in _FILES.items()}
    files["installations"] = distinct(files["installations"], _seat, "device, user and software")
    files["users"] = distinct(files["users"], lambda cells: (cells["user_email"].casefold(),), "user")
    files["vendors"] = distinct(files["vendors"], lambda cells: (cells["vendor"],), "vendor")
    findings = chain(_unknown(folder, paths), *(file.findings for file in files.values()))
    tables, sha256 = tuple(_tables(files)), digest_of(list(paths.values()))
    read_ = sum(file.read for file in files.values())
    left_out = tuple(chain.from_iterable(file.left_out for file in files.values()))
    return Source(OPENSAM, folder, sha256, tables, tuple(findings), "", read_, len(left_out), left_out)


def _read(path: Path, table: Table) -> Foreign:
    return read(path, table) if path.is_file() else Foreign(path.name, {})


def _seat(cells: Cells) -> tuple[str, ...]:
    return cells["device_id"], cells["user_email"], cells["software"]


def _unknown(folder: Path, paths: Mapping[str, Path]) -> Iterator[Finding]:
    for path in sorted(folder.glob("*.csv")):
        if path not in paths.values():
            yield Finding(WARNING, "unknown-file", path.name, "the file is none of the four of OpenSAM and was ignored")


def _tables(files: Mapping[str, Foreign]) -> Iterator[RawTable]:
    licenses, installations = files["licenses"], files["installations"]
    departments = {cells["user_email"].casefold(): cells["department"] for cells in files["users"].rows.values()}
    yield from _products(licenses, installations)
    yield _groups(files["users"])
    yield _contracts(licenses, _notice_days(files["vendors"]))
    yield _items(licenses)
    yield _installations(installations, departments)


def _products(licenses: Foreign, installations: Foreign) -> Iterator[RawTable]:
    known: set[str] = set()
    for file in (licenses, installations):
        rows: list[tuple[int, Cells]] = []
        for number, cells in file.rows.items():
            if cells["software"] not in known:
                known.add(cells["software"])
                rows.append((number, {"product": cells["software"], "vendor": cells.get("vendor", ""), "metric": USER}))
        yield template_table("products", file.place, rows, {"product": "software"})


def _groups(users: Foreign) -> RawTable:
    first: dict[str, int] = {}
    for number, cells in users.rows.items():
        first.setdefault(cells["department"], number)
    rows = [(number, {"name": name}) for name, number in first.items() if name]
    return template_table("resource_groups", users.place, rows, {"name": "department"})


def _notice_days(vendors: Foreign) -> dict[str, int]:
    days = {cells["vendor"]: cells["renewal_notice_days"] for cells in vendors.rows.values()}
    return {vendor: int(number) for vendor, number in days.items() if number}


def _contract(cells: Cells) -> str:
    return cells["license_key"] or f"{cells['software']} {cells['contract_start']}"


def _contracts(licenses: Foreign, notice_days: Mapping[str, int]) -> RawTable:
    first: dict[str, tuple[int, Cells]] = {}
    for number, cells in licenses.rows.items():
        first.setdefault(_contract(cells), (number, cells))
    rows = [(number, _contract_row(cells, notice_days)) for number, cells in first.values()]
    return template_table("contracts", licenses.place, rows, _CONTRACT_ORIGINS)


_CONTRACT_ORIGINS: Final = {
    "contract": "license_key",
    "name": "software",
    "invoice_date": "contract_start",
    "supplier": "vendor",
    "notice_date": "contract_end",
}


def _contract_row(cells: Cells, notice_days: Mapping[str, int]) -> Cells:
    vendor = cells["vendor"]
    return {
        "contract": _contract(cells),
        "name": f"{cells['software']} ({vendor})" if vendor else cells["software"],
        "invoice_date": cells["contract_start"],
        "currency": CURRENCY,
        "supplier": vendor,
        "notice_date": _notice_date(cells["contract_end"], notice_days.get(vendor)),
    }


def _notice_date(end: str, days: int | None) -> str:
    if not end or days is None:
        return ""
    last = date.fromisoformat(end)
    return (last - timedelta(days)).isoformat() if last.toordinal() > days else ""


def _items(licenses: Foreign) -> RawTable:
    counted: Counter[str] = Counter()
    rows: list[tuple[int, Cells]] = []
    for number, cells in licenses.rows.items():
        counted[_contract(cells)] += 1
        rows.append((number, _item_row(cells, counted[_contract(cells)])))
    return template_table("contract_items", licenses.place, rows, _ITEM_ORIGINS)


_ITEM_ORIGINS: Final = {
    "contract": "license_key",
    "item": "license_key",
    "product": "software",
    "model": "license_type",
    "quantity": "seats_purchased",
    "license_start": "contract_start",
    "license_end": "contract_end",
    "unit_price": "unit_cost_usd",
}


def _item_row(cells: Cells, item: int) -> Cells:
    return {
        "contract": _contract(cells),
        "item": str(item),
        "product": cells["software"],
        "model": cells["license_type"],
        "metric": USER,
        "quantity": cells["seats_purchased"],
        "license_start": cells["contract_start"],
        "license_end": cells["contract_end"],
        "unit_price": cells["unit_cost_usd"],
    }


def _installations(installations: Foreign, departments: Mapping[str, str]) -> RawTable:
    rows = [
        (
            number,
            {
                "product": cells["software"],
                "device": cells["device_id"],
                "user": cells["user_email"],
                "resource_group": departments.get(cells["user_email"].casefold(), ""),
                "installed_on": cells["install_date"],
                "last_used_on": cells["last_used_date"],
                "source": "OpenSAM",
            },
        )
        for number, cells in installations.rows.items()
    ]
    return template_table("installations", installations.place, rows, _INSTALLATION_ORIGINS)


_INSTALLATION_ORIGINS: Final = {
    "product": "software",
    "device": "device_id",
    "user": "user_email",
    "resource_group": "user_email",
    "installed_on": "install_date",
    "last_used_on": "last_used_date",
}
