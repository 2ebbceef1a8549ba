"""The Microsoft License Statement: the sheet Pivot Data of its workbook, a row a product, version and country.

Only the rows of all countries count: the others are parts of them. Effective licenses are perpetual. Licenses under
Software Assurance are maintenance, by the year in which it ends: the statement names no day, so its last possible one
is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from rules.vocabulary import CORE, DEVICE, MAINTENANCE, PERPETUAL, USER
from store.imports.bought import product_name
from store.imports.cells import Wrong
from store.imports.finding import ERROR, INFO, Finding
from store.imports.flat import Flat
from store.imports.foreign import template_table
from store.imports.loose import last_day
from store.imports.mapping import values
from store.imports.mapping.presets import plain
from store.imports.mapping.reading import Tally
from store.imports.mapping.rows import quoted
from store.imports.sheets import flats
from store.imports.source import LeftOut, RawTable, Source, Unreadable
from store.imports.workbook import sheet_names

LICENSE_STATEMENT: Final = "license-statement"
SHEET: Final = "Pivot Data"
EVERYWHERE: Final = "All Countries"
CONTRACT: Final = "Microsoft License Statement"

_FAMILY: Final = "License Product Family"
_VERSION: Final = "License Version"
_EFFECTIVE: Final = "Effective License Quantity"
_ACTIVE: Final = "Active SA Quantity"
_COUNTRY: Final = "Country of Usage"
_ENDING: Final[Mapping[str, tuple[str, int]]] = {
    "Expiring SA 0 - 12 Months": ("0-12 months", 12),
    "Expiring SA 12 - 24 Months": ("12-24 months", 24),
    "Expiring SA > 24 Months": ("over 24 months", 36),
}
"""Columns of Software Assurance by the time in which it ends: what it is called, and months to the last possible day.

Enrollments run for three years, so none ends later than 36 months after the statement.
"""

_NEEDED: Final = (_FAMILY, _VERSION, _EFFECTIVE, _ACTIVE, _COUNTRY)
_NO_VERSION: Final = frozenset({"", "nonspecific", "na", "none", "notapplicable"})
_DATE_ROW: Final = 3


def recognized(path: Path) -> bool:
    """Whether a workbook has the sheet of a license statement."""
    return SHEET in map(str.strip, sheet_names(path))


def read_file(path: Path) -> Source:
    """The statement as tables of the template. Raises Unreadable."""
    wanted = set(map(plain, _NEEDED))
    found = flats(path, lambda row: wanted <= set(map(plain, row)), only=[SHEET])
    if not found:
        names = ", ".join(_NEEDED)
        text = f"the sheet has no header with the columns {names}; in a statement as it comes, it is row 10"
        raise Unreadable(Finding(ERROR, "missing-column", f"{path.name}, sheet {SHEET}", text))
    return _read(found[0])


def _read(flat: Flat) -> Source:
    stated, missing = _stated_on(flat)
    statement = _Statement(flat, stated)
    tally = Tally(flat.place)
    for numbers, rows in flat.rows():
        for number, row in zip(numbers, rows, strict=True):
            if any(map(str.strip, row)):
                tally.read += 1
                if left := statement.take(number, row):
                    tally.leave(left)
    return tally.source(LICENSE_STATEMENT, flat, statement.tables(), *missing, *statement.remarks())


def _stated_on(flat: Flat) -> tuple[str, tuple[Finding, ...]]:
    """The day of the statement: the first one in row 3, where it stands in K3."""
    for number, row in flat.above:
        for cell in row if number == _DATE_ROW else ():
            try:
                return values.day(cell, values.DATE_FORMATS[0]), ()
            except Wrong:
                continue
    text = "row 3 holds no date (it stands in K3 as YYYY/MM/DD), and without it nothing can be said about the terms"
    return "", (Finding(ERROR, "missing-date", f"{flat.place}, row {_DATE_ROW}", text),)


class _Statement:
    """What a statement says, row by row."""

    def __init__(self, flat: Flat, stated: str) -> None:
        self.flat, self.stated = flat, stated
        self._at = {plain(name): at for at, name in reversed(list(enumerate(flat.names)))}
        self._products: dict[str, tuple[int, dict[str, str]]] = {}
        self._items: list[tuple[int, dict[str, str]]] = []

    def take(self, number: int, row: Sequence[str]) -> LeftOut | None:
        """Take a row in, or say why not."""
        country = self._cell(row, _COUNTRY)
        if plain(country) != plain(EVERYWHERE):
            return self._left(number, row, f"{quoted(country)} is a part of {EVERYWHERE}, which has a row of its own")
        family, version = self._cell(row, _FAMILY), self._cell(row, _VERSION)
        product = _product(family, version)
        faults = list(self._faults(number, row, product))
        if faults:
            reason = "; ".join(finding.message for finding in faults)
            return self._left(number, row, reason, *faults)
        cells = {"product": product, "vendor": "Microsoft", "version": "" if plain(version) in _NO_VERSION else version}
        self._products[product] = number, cells
        self._items += [(number, item) for item in self._made(row, product)]
        return None

    def _cell(self, row: Sequence[str], name: str) -> str:
        at = self._at.get(plain(name))
        return "" if at is None else row[at].strip()

    def _faults(self, number: int, row: Sequence[str], product: str) -> Iterator[Finding]:
        if not product:
            yield self._fault(number, _FAMILY, "required", "the cell is empty, and it is needed")
        elif product in self._products:
            first = self._products[product][0]
            yield self._fault(number, _FAMILY, "repeated-row", f"row {first} tells of {product} already")
        for name in (_EFFECTIVE, _ACTIVE, *_ENDING):
            try:
                self._number(row, name)
            except Wrong as wrong:
                yield self._fault(number, name, wrong.code, f"{quoted(self._cell(row, name))} {wrong.reason}")

    def _fault(self, number: int, column: str, code: str, text: str) -> Finding:
        return Finding(ERROR, code, f"{self.flat.place}, row {number}, column {column}", text)

    def _left(self, number: int, row: Sequence[str], reason: str, *wrong: Finding) -> LeftOut:
        cells = tuple((name, cell) for name, cell in zip(self.flat.names, row, strict=True) if cell.strip())
        return LeftOut(f"{self.flat.place}, row {number}", cells, reason, wrong)

    def _number(self, row: Sequence[str], name: str) -> int:
        return int(values.quantity(self._cell(row, name) or "0", "."))

    def _made(self, row: Sequence[str], product: str) -> Iterator[dict[str, str]]:
        """The licenses of a product, and its maintenance by the time of its end. None is said with 0, too.

        That way a newer statement takes back what an older one had.
        """
        metric = _metric(product)
        yield self._item(product, product, PERPETUAL, metric, self._number(row, _EFFECTIVE), "")
        active, told = self._number(row, _ACTIVE), 0
        for name, (words, months) in _ENDING.items():
            count = self._number(row, name)
            told += count
            end = last_day(date.fromisoformat(self.stated), months) if self.stated else None
            item = f"{product}, Software Assurance, {words}"
            yield self._item(product, item, MAINTENANCE, metric, count, end.isoformat() if end else "")
        item = f"{product}, Software Assurance"
        yield self._item(product, item, MAINTENANCE, metric, max(0, active - told), "")

    def _item(self, product: str, item: str, model: str, metric: str, count: int, end: str) -> dict[str, str]:
        return {
            "contract": CONTRACT,
            "item": item,
            "product": product,
            "model": model,
            "metric": metric,
            "quantity": str(count),
            "license_end": end,
        }

    def remarks(self) -> Iterator[Finding]:
        """What the figures of the statement leave open."""
        if any(item["model"] == MAINTENANCE and item["quantity"] != "0" for _, item in self._items):
            text = (
                "a statement says in which year Software Assurance ends, not on which day: the last possible is taken"
            )
            yield Finding(INFO, "end-not-told", self.flat.place, text)

    def tables(self) -> Iterator[RawTable]:
        """Everything as tables of the template."""
        place, number = self.flat.place, _DATE_ROW
        contract = {"contract": CONTRACT, "name": CONTRACT, "invoice_date": self.stated, "supplier": "Microsoft"}
        yield template_table("products", place, self._products.values(), {"product": _FAMILY, "version": _VERSION})
        yield template_table("contracts", place, [(number, contract)], {"invoice_date": "K"})
        for model, column in ((PERPETUAL, _EFFECTIVE), (MAINTENANCE, _ACTIVE)):
            rows = [one for one in self._items if one[1]["model"] == model]
            own = {"product": _FAMILY, "item": _FAMILY, "quantity": column}
            yield template_table("contract_items", place, rows, own, optional=("license_start",))


def _product(family: str, version: str) -> str:
    return (
        family if plain(version) in _NO_VERSION or not family else product_name({"product": family, "version": version})
    )


def _metric(product: str) -> str:
    """How a license is counted, as far as its name says it."""
    if re.search(r"\b(user|usr) ?cal\b|\bper ?user\b|\buser sl\b", product, re.IGNORECASE):
        return USER
    return CORE if re.search(r"\bcores?\b", product, re.IGNORECASE) else DEVICE
