"""A table of fifteen columns as a workbook: by the product, and by the library that is its yardstick."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from store.snapshots import layout, workbook

Row = Sequence[Any]

_KINDS: tuple[layout.Kind, ...] = (
    *("text", "code", "code", "text", "status", "quantity", "quantity", "quantity", "quantity"),
    *("date", "date", "money", "code", "text", "text"),
)
_TABLE = layout.Table(
    "table", "Table", "", "table", tuple(layout.Column(f"f{n}", f"Field {n}", kind) for n, kind in enumerate(_KINDS))
)


def table_rows(count: int) -> Iterator[Row]:
    """Rows of fifteen cells, as an overview of entitlements has them."""
    first = date(2024, 1, 1)
    for n in range(count):
        days = (first + timedelta(n % 900)).isoformat(), (first + timedelta(n % 1900)).isoformat()
        state = ("active", "expired", "expiring")[n % 3]
        named = f"Vendor {n % 40} Suite {n:06d} 2019", "perpetual", "device", f"Entitlement {n:06d}", state
        yield (
            *named,
            n % 1000,
            n * 7 % 900,
            n % 13,
            n % 17,
            *days,
            f"{n % 5000}.{n % 100:02d}",
            "EUR",
            f"C{n}",
            "Team",
        )


def export_table(target: Path, count: int) -> None:
    """The workbook of the product."""
    workbook.write_table(target, _TABLE, table_rows(count), "Table", "2026-11-21")


def bare_table(target: Path, count: int) -> None:
    """The same rows by XlsxWriter, which holds one row at a time."""
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        day, figure, money = (book.add_format({"num_format": code}) for code in ("yyyy-mm-dd", "#,##0", "#,##0.00"))
        sheet.freeze_panes(1, 1)
        sheet.write_row(0, 0, [column.heading for column in _TABLE.columns])
        for number, row in enumerate(table_rows(count), start=1):
            for column, (kind, value) in enumerate(zip(_KINDS, row, strict=True)):
                if kind == "quantity":
                    sheet.write_number(number, column, value, figure)
                elif kind == "date":
                    sheet.write_datetime(number, column, datetime.fromisoformat(value), day)
                elif kind == "money":
                    sheet.write_number(number, column, float(value), money)
                else:
                    sheet.write_string(number, column, value)
        sheet.autofilter(0, 0, count, len(_KINDS) - 1)
