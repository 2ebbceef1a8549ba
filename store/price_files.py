"""Price lists as CSV files: product, model, metric, unit_price, currency, valid_from; columns in any order."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from store import prices
from store.book import Book
from store.errors import Unfit
from store.imports.cells import Wrong, converter
from store.imports.csv_files import DELIMITERS
from store.imports.template import Column
from store.records import EntitlementKey, ListedPrice

COLUMNS: Final = (
    Column("product", "name", required=True),
    Column("model", "name", required=True),
    Column("metric", "name", required=True),
    Column("unit_price", "money", required=True),
    Column("currency", "currency", required=True),
    Column("valid_from", "date", required=True),
)
"""What a file holds; a first day of a license that is listed already is replaced."""

_TOLD: Final = 5
"""Problems that are told at once."""


def load(book: Book, path: Path) -> int:
    """Take the prices of a file over, all of them or none; how many they were.

    Raises Unfit with what is wrong in which row, Unknown for a product or metric that the book does not have.
    """
    found = read(path)
    prices.save_all(book, found)
    return len(found)


def read(path: Path) -> list[ListedPrice]:
    """The prices of a file. Raises Unfit."""
    found: list[ListedPrice] = []
    wrong: list[str] = []
    for number, row in enumerate(_rows(path), start=2):
        try:
            found.append(_price(row))
        except Unfit as fault:
            wrong.append(f"row {number}, {fault}")
    if wrong:
        more = f" And {len(wrong) - _TOLD} more." if len(wrong) > _TOLD else ""
        raise Unfit(f"{path.name}: {'; '.join(wrong[:_TOLD])}.{more}")
    return found


def _rows(path: Path) -> list[Mapping[str, str]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines(keepends=True)
    except OSError as fault:
        raise Unfit(f"{path}: this file cannot be read ({fault.strerror}).") from fault
    except UnicodeDecodeError as fault:
        raise Unfit(f"{path}: this file is not in UTF-8; save it as CSV in UTF-8.") from fault
    head = lines[0] if lines else ""
    reader = csv.reader(lines, delimiter=max(DELIMITERS, key=head.count), strict=True)
    try:
        names = [name.strip().lower().replace(" ", "_") for name in next(reader, list[str]())]
        lacking = [column.name for column in COLUMNS if column.name not in names]
        if lacking:
            raise Unfit(f"{path.name}: there is no column {', '.join(lacking)}.")
        return [dict(zip(names, cells, strict=False)) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as fault:
        raise Unfit(f"{path.name}: this is no CSV file ({fault}).") from fault


def _price(row: Mapping[str, str]) -> ListedPrice:
    product, model, metric, amount, currency, day = (_cell(column, row) for column in COLUMNS)
    key = EntitlementKey(product, model, metric)
    return ListedPrice(key, Decimal(amount), currency, date.fromisoformat(day))


def _cell(column: Column, row: Mapping[str, str]) -> str:
    value = row.get(column.name, "").strip()
    try:
        return str(converter(column)(value))
    except Wrong as wrong:
        raise Unfit(f"{column.name}: {value!r} {wrong.reason}") from None
