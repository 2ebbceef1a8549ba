"""The first sheet of the workbook: what was judged, what came out, and how to read the rest."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final, Literal

from rules.vocabulary import COMPLIANT, OVER_LICENSED, STATES, UNDER_LICENSED
from store.snapshots import layout
from store.snapshots.cells import Cells, text_cell
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


WIDTHS: Final = (24, 18, 96)
"""How wide the columns of the sheet are, in characters."""


def rows(figures: Figures, cells: Cells) -> Iterator[str]:
    """The rows of the sheet: title, counts with word and color, values, contents, how to read it."""
    yield f'<row r="1" ht="30" customHeight="1"><c r="A1"{text_cell("License compliance", "title")}</row>'
    for number, line in enumerate(_lines(figures), start=2):
        yield _row(number, line, cells)


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


def _row(number: int, line: Line, cells: Cells) -> str:
    kind, label, value, remark = line
    if kind == "section":
        titled = zip("ABC", (label, "", ""), strict=True)
        texts = [f'<c r="{column}{number}"{text_cell(text, "section")}' for column, text in titled]
        return f'<row r="{number}" ht="27.75" customHeight="1">{"".join(texts)}</row>'
    first = f'<c r="A{number}"{cells.cell("status" if kind == "status" else "text", label)}'
    second = "" if value is None else f'<c r="B{number}"{cells.cell(kind, value)}'
    third = f'<c r="C{number}"{text_cell(remark, "wrapped")}' if remark else ""
    return f'<row r="{number}">{first}{second}{third}</row>'
