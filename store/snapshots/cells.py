"""Cells of the workbook: each value is written as what it is, never as what a spreadsheet would make of it."""

# XlsxWriter's parameters are not all typed.
# pyright: reportUnknownMemberType=false

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any, Final

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from store.snapshots.layout import Kind

MAX_CHARACTERS: Final = 32_767
"""Longest text of a cell, in UTF-16 units."""

CUT: Final = "… (cut at 32,767 characters; whole text in snapshot.json)"
"""How a text ends that is too long for a cell."""

_FIRST_DAY = "1900-03-01"  # before it, spreadsheets disagree about the calendar
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_AMOUNT = re.compile(r"-?\d+(?:\.(\d+))?", re.ASCII)
_EXACT_DIGITS = 15  # what a spreadsheet's number holds without rounding

_RIGHT: Final = {"align": "right", "indent": 1}
_HEADER: Final = {"bold": True, "bg_color": "#E7E6E6", "bottom": 1, "valign": "vcenter"}
_TONES: Final = {
    "bad": ("#9C0006", "#FFC7CE"),
    "late": ("#833C0B", "#F8CBAD"),
    "watch": ("#7F6000", "#FFEB9C"),
    "good": ("#006100", "#C6EFCE"),
    "ahead": ("#1F4E78", "#DDEBF7"),
    "past": ("#595959", "#EDEDED"),
}
_TONE_OF: Final = {
    "under-licensed": "bad",
    "over-licensed": "watch",
    "compliant": "good",
    "upcoming": "ahead",
    "scheduled": "ahead",
    "active": "good",
    "expiring": "watch",
    "final-day": "late",
    "expired": "past",
    "ended": "past",
    "error": "bad",
    "warning": "watch",
    "info": "ahead",
}
"""Codes that have a color; the word always stands beside it."""


@dataclass(frozen=True)
class Styles:
    """The formats of one workbook; `amount(decimals)` gives that of money."""

    header: Format
    header_right: Format
    title: Format
    section: Format
    wrapped: Format
    date: Format
    quantity: Format
    right: Format
    fragment: Format
    amount: Callable[[int], Format]
    tones: Mapping[str, Format]


def styles(book: Workbook) -> Styles:
    """Make the formats in a workbook, always the same ones in the same order."""

    @cache
    def amount(decimals: int) -> Format:
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        return book.add_format(_RIGHT | {"num_format": f"{pattern};[Red]-{pattern}"})

    return Styles(
        header=book.add_format(_HEADER),
        header_right=book.add_format(_HEADER | _RIGHT),
        title=book.add_format({"bold": True, "font_size": 18}),
        section=book.add_format({"bold": True, "font_size": 12, "bottom": 1}),
        wrapped=book.add_format({"text_wrap": True, "valign": "top"}),
        date=book.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
        quantity=book.add_format(_RIGHT | {"num_format": "#,##0;[Red]-#,##0"}),
        right=book.add_format(_RIGHT),
        fragment=book.add_format(),
        amount=amount,
        tones={tone: book.add_format({"font_color": font, "bg_color": back}) for tone, (font, back) in _TONES.items()},
    )


def put(sheet: Worksheet, look: Styles, place: tuple[int, int], kind: Kind, value: Any) -> None:
    """Write one value at (row, column); None leaves the cell empty.

    Text that is no date, amount or number of its kind stands as text: nothing is guessed, nothing is rounded.
    """
    if value is None:
        return
    if isinstance(value, bool):
        put_text(sheet, look, place, "yes" if value else "no")
    elif isinstance(value, int):
        _put_number(sheet, place, value, look.quantity, look.right)
    elif isinstance(value, list):
        put_text(sheet, look, place, "; ".join(value))  # pyright: ignore[reportUnknownArgumentType]
    else:
        _PUT.get(kind, put_text)(sheet, look, place, value)


def put_text(sheet: Worksheet, look: Styles, place: tuple[int, int], text: str, style: Format | None = None) -> None:
    """Write text as text: no formula, no link, no number, and not as markup either; cut with a mark if too long."""
    text = _fitting(text)
    if text.startswith("<r>") and text.endswith("</r>"):
        # XlsxWriter would write such text into the sheet as markup; as two runs it is escaped.
        sheet.write_rich_string(*place, text[0], look.fragment, text[1:], *([style] if style else []))
    else:
        sheet.write_string(*place, text, style)


def width(text: str) -> int:
    """Columns of a character that a text takes: wide characters of East Asian scripts take two."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _put_status(sheet: Worksheet, look: Styles, place: tuple[int, int], code: str) -> None:
    tone = _TONE_OF.get(code)
    put_text(sheet, look, place, code, look.tones[tone] if tone else None)


def _put_date(sheet: Worksheet, look: Styles, place: tuple[int, int], text: str) -> None:
    if _DAY.fullmatch(text) and text >= _FIRST_DAY:
        sheet.write_datetime(*place, datetime.fromisoformat(text), look.date)
    else:
        put_text(sheet, look, place, text)


def _put_money(sheet: Worksheet, look: Styles, place: tuple[int, int], text: str) -> None:
    if amount := _AMOUNT.fullmatch(text):
        _put_number(sheet, place, Decimal(text), look.amount(len(amount[1] or "")), look.right)
    else:
        put_text(sheet, look, place, text)


def _put_quantity(sheet: Worksheet, look: Styles, place: tuple[int, int], text: str) -> None:
    put_text(sheet, look, place, text, look.right)


def _put_number(sheet: Worksheet, place: tuple[int, int], value: int | Decimal, style: Format, right: Format) -> None:
    if len(Decimal(value).as_tuple().digits) <= _EXACT_DIGITS:
        sheet.write_number(*place, float(value), style)
    else:
        sheet.write_string(*place, str(value), right)


def _fitting(text: str) -> str:
    if len(text) * 2 <= MAX_CHARACTERS or len(text.encode("utf-16-le")) <= MAX_CHARACTERS * 2:
        return text
    room = (MAX_CHARACTERS - len(CUT)) * 2
    return text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + CUT


_PUT: Final[Mapping[str, Callable[[Worksheet, Styles, tuple[int, int], str], None]]] = {
    "status": _put_status,
    "date": _put_date,
    "money": _put_money,
    "quantity": _put_quantity,
}
