"""License files of other programs whose columns are known: Snipe-IT, ServiceNow, Flexera, Ivanti, GLPI, Snow, HCL.

Each is a built-in mapping (`mapping.presets`); what a mapping cannot say of a format stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from rules.vocabulary import MAINTENANCE, PERPETUAL, SUBSCRIPTION
from store.imports import csv_files
from store.imports.cells import Wrong
from store.imports.finding import Finding
from store.imports.flat import Flat, named, of_csv
from store.imports.mapping import presets, values
from store.imports.mapping.presets import Preset, plain
from store.imports.mapping.reading import Between, Format, Rows, read
from store.imports.mapping.rows import Fault, Reader, Row, quoted
from store.imports.source import LeftOut, Source


def recognized(preset: Preset, path: Path) -> bool:
    """Whether a CSV file has the columns of a format."""
    return path.is_file() and any(preset.fits(named(row)) for row in csv_files.first_rows(path))


def read_file(preset: Preset, path: Path) -> Source:
    """A CSV file of a format as tables of the template."""
    flat = of_csv(path, list(_spellings(preset)))
    if isinstance(flat, Finding):
        return Source(preset.kind, path, csv_files.digest(path), findings=(flat,))
    return read_flat(preset, flat)


def read_flat(preset: Preset, flat: Flat) -> Source:
    """A file or sheet of a format as tables of the template."""
    return read(flat, preset.mapping(flat.names), Format(preset.kind, _BETWEEN.get(preset.kind)))


def _spellings(preset: Preset) -> Iterator[str]:
    for names in preset.columns.values():
        yield from names


Get = Callable[[Row, str], str]


def _getter(reader: Reader) -> Get:
    """What gives a cell of a row by the plain name of its column; "" where the file has no such column."""
    at = {plain(name): position for position, name in reversed(list(enumerate(reader.flat.names)))}
    return lambda row, name: row.texts[at[name]].strip() if name in at else ""


def _each(change: Callable[[Row, Get, Reader], Row | list[Fault]], reader: Reader, rows: Rows) -> Rows:
    """Rows of which each is changed by itself, or refused."""
    get = _getter(reader)
    for row in rows:
        if isinstance(row, LeftOut):
            yield row
            continue
        made = change(row, get, reader)
        yield made if isinstance(made, Row) else reader.refused(row.number, row.texts, made)


def _with(row: Row, **cells: str) -> Row:
    return replace(row, cells={**row.cells, **cells})


# ------------------------------------------------------------------------------------------------------------ Snipe-IT
def _snipe_it(reader: Reader, rows: Rows) -> Rows:
    """Rows of one license, by its name and serial number, are its seats: they say it again for each who holds one.

    A license has as many seats as it says, and at least one for each row that names somebody.
    """
    get = _getter(reader)
    first: dict[tuple[str, str], Row] = {}
    holders: dict[tuple[str, str], int] = {}
    for row in _each(_snipe_it_row, reader, rows):
        if isinstance(row, LeftOut):
            yield row
            continue
        key = row.cells["product"], row.cells.get("item", "")
        holders[key] = holders.get(key, 0) + any(get(row, name) for name in _HOLDER)
        held = first.setdefault(key, row)
        if int(row.cells["quantity"] or 0) > int(held.cells["quantity"] or 0):
            first[key] = _with(held, quantity=row.cells["quantity"])
    for key, row in first.items():
        seats = max(int(row.cells["quantity"] or 0), holders[key])
        yield _with(row, quantity=str(seats) if seats else "")


_HOLDER: Final = ("fullname", "email", "username")


def _snipe_it_row(row: Row, get: Get, reader: Reader) -> Row | list[Fault]:
    try:
        ended = (
            values.last_day(get(row, "terminationdate"), reader.mapping.date_format)
            if get(row, "terminationdate")
            else ""
        )
    except Wrong as wrong:
        return [Fault("", wrong.code, f"the termination date {quoted(get(row, 'terminationdate'))} {wrong.reason}")]
    if row.cells["quantity"] == values.UNLIMITED or row.cells["quantity"] == "0":
        text = f"{quoted(get(row, 'seats'))} is no number of seats; Snipe-IT has 1 or more"
        return [Fault("quantity", "not-positive", text)]
    serial, expires = row.cells.get("item", ""), row.cells.get("license_end", "")
    name = row.cells["product"]
    ends = min(filter(None, (expires, ended)), default="")
    customer = row.cells.get("customer", "") or get(row, "licensedtoname") or get(row, "licensename")
    return _with(
        row,
        contract=f"{name} ({serial})" if serial else f"Snipe-IT: {name}",
        contract_name=name,
        item=serial or name,
        license_end=ends,
        customer=values.name(customer),
        model=SUBSCRIPTION if expires else PERPETUAL,
    )


# ---------------------------------------------------------------------------------------------------------- ServiceNow
def _service_now_row(row: Row, get: Get, _: Reader) -> Row | list[Fault]:
    """The unit cost of ServiceNow is that of a pack; the product falls back on the number of the part."""
    number = get(row, "publisherpartnumber")
    bought = row.cells.get("item", "") or " ".join(
        filter(None, (number, row.cells["product"], get(row, "licensetype")))
    )
    return _with(row, item=bought, sku=row.cells.get("sku", "") or number)


# -------------------------------------------------------------------------------------------------------------- Ivanti
def _ivanti_row(row: Row, get: Get, _: Reader) -> Row | list[Fault]:
    """Maintenance of the type Base is a license with maintenance, a Renewal is maintenance alone."""
    model, kind = row.cells.get("model", ""), get(row, "maintenancetype").casefold()
    if model == MAINTENANCE and kind == "base":
        return _with(row, model=values.BOTH)
    if model == PERPETUAL and row.cells.get("license_end"):
        return _with(row, model=SUBSCRIPTION)
    if model == MAINTENANCE and kind not in ("", "renewal"):
        return [
            Fault(
                "",
                "unknown-choice",
                f"{quoted(get(row, 'maintenancetype'))} is no maintenance type; Base and Renewal are",
            )
        ]
    return row


_BETWEEN: Final[Mapping[str, Between]] = {
    presets.SNIPE_IT.kind: _snipe_it,
    presets.SERVICE_NOW.kind: partial(_each, _service_now_row),
    presets.IVANTI.kind: partial(_each, _ivanti_row),
}
