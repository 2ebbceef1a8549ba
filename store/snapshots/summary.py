"""The first sheet of the workbook: what was judged, what came out, and how to read the rest."""

# XlsxWriter's parameters are not all typed.
# pyright: reportUnknownMemberType=false

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, Literal

from xlsxwriter.worksheet import Worksheet

from rules.vocabulary import COMPLIANT, OVER_LICENSED, STATES, UNDER_LICENSED
from store.snapshots import layout
from store.snapshots.cells import Styles, put, put_text
from store.snapshots.figures import Figures
from store.snapshots.layout import Kind

_STATUSES: Final = (UNDER_LICENSED, OVER_LICENSED, COMPLIANT)
_SEVERITIES: Final = ("error", "warning", "info")

_HELP: Final = (
    ("Balance", "Active + downgrade + upgrade - demand. Below zero more is in use than the rights in force cover."),
    ("Status", "under-licensed: balance below zero; compliant: zero; over-licensed: above zero."),
    ("Active", "What may be used on the day of judgement; what starts later or has ended does not count."),
    ("Downgrade, upgrade", "Units that a right takes from one version and gives to another; see the sheet Transfers."),
    ("No model", "A position without a model is demand for which there is no entitlement at all."),
    ("Override", "A figure that a person set, with the reason. Empty: the calculated figure holds."),
    ("Rule, because", "The rule that concluded the row, and the keys of the facts it used: the answer to 'why?'."),
    ("unlimited", "A right without a limit in number."),
    ("No end", "An entitlement without an expiration does not end. Dates are inclusive: the last day is a valid one."),
    ("Colors", "They only repeat what the word in the cell says."),
)


Line = tuple[Kind | Literal["section"], str, Any, str]
"""What a line is, its label, its value, and a remark; the value of a status is how often it occurs."""


def write(sheet: Worksheet, look: Styles, figures: Figures) -> None:
    """Fill the sheet from top to bottom: title, counts with word and color, values, contents, how to read it."""
    _prepare(sheet)
    sheet.write_string(0, 0, "License compliance", look.title)
    for row, line in enumerate(_lines(figures), start=1):
        _write_line(sheet, look, row, line)


def _lines(figures: Figures) -> Iterator[Line]:
    yield "date", "As of", figures.as_of, "the day on which everything is judged"
    yield "text", "Currency", figures.currency, "of amounts that name no other"
    yield from _counted("Positions by status", _STATUSES, figures.statuses)
    yield "quantity", "with an override", figures.overrides, "figures that a person set, with a reason"
    yield from _valued(figures.values)
    yield from _counted("Entitlements by state", STATES, figures.states)
    yield from _counted("Findings by severity", _SEVERITIES, figures.severities)
    yield "section", "Sheets", None, ""
    for table in layout.TABLES:
        yield "quantity", table.title, figures.rows[table.name], f"One row: {table.about}"
    yield "section", "How to read it", None, ""
    for term, meaning in _HELP:
        yield "text", term, None, meaning


def _counted(heading: str, codes: tuple[str, ...], counts: Mapping[str, int]) -> Iterator[Line]:
    yield "section", heading, None, ""
    for code in codes:
        yield "status", code, counts.get(code, 0), ""


def _valued(values: Mapping[str, tuple[Decimal, Decimal]]) -> Iterator[Line]:
    if not values:
        return
    yield "section", "Value of the balances", None, ""
    for currency, (short, over) in values.items():
        yield "money", f"below zero, {currency}", str(short), "of under-licensed positions with a price"
        yield "money", f"above zero, {currency}", str(over), "of over-licensed positions with a price"


def _write_line(sheet: Worksheet, look: Styles, row: int, line: Line) -> None:
    kind, label, value, remark = line
    if kind == "section":
        sheet.set_row(row, 28)
        for column in range(3):
            sheet.write_string(row, column, "" if column else label, look.section)
        return
    put(sheet, look, (row, 0), "status" if kind == "status" else "text", label)
    put(sheet, look, (row, 1), kind, value)
    if remark:
        put_text(sheet, look, (row, 2), remark, look.wrapped)


def _prepare(sheet: Worksheet) -> None:
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 18)
    sheet.set_column(2, 2, 96)
    sheet.set_row(0, 30)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.set_footer("&L&A&RPage &P of &N")
