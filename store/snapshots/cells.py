"""Cells of the workbook: each value is written as what it is, never as what a spreadsheet would make of it.

Text is always inline text: there is no cell type here by which a spreadsheet would calculate or follow anything.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from typing import Any, Final
from xml.sax.saxutils import escape

from store.snapshots.layout import Kind
from store.snapshots.styles import NUMBERS, Amounts

MAX_CHARACTERS: Final = 32_767
"""Longest text of a cell, in UTF-16 units."""

CUT: Final = "… (cut at 32,767 characters; whole text in snapshot.json)"
"""How a text ends that is too long for a cell."""

_FIRST_DAY: Final = "1900-03-01"  # before it, spreadsheets disagree about the calendar
_BEFORE_ALL: Final = date(1899, 12, 30).toordinal()
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_AMOUNT: Final = re.compile(r"-?\d+(?:\.(\d+))?", re.ASCII)
_EXACT_DIGITS: Final = 15  # what a spreadsheet's number holds without rounding
_LARGEST: Final = 10**_EXACT_DIGITS - 1

_UNSAFE: Final = re.compile(r"(_x[0-9a-fA-F]{4}_)|([\x00-\x08\x0b-\x1f\ufffe\uffff])")
"""What XML cannot hold, and what spreadsheets would take for the escape of it."""

_RISKY: Final = re.compile(r"[&<>_\x00-\x08\x0b-\x1f\ufffe\uffff]")
_SHORT: Final = MAX_CHARACTERS // 2
_KEPT: Final = 2_048

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


def _style(number: int) -> str:
    return f' s="{number}"' if number else ""


_DATE, _QUANTITY, _RIGHT = (_style(NUMBERS[name]) for name in ("date", "quantity", "right"))


def width(text: str) -> int:
    """Columns of a character that a text takes: wide characters of East Asian scripts take two."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


@cache
def letters(column: int) -> str:
    """What a spreadsheet calls the column at a place, counted from 0: A, B … Z, AA."""
    before, own = divmod(column, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + own)


def text_cell(text: str, style: str = "plain") -> str:
    """A cell with text, from behind its reference on; cut with a mark if the text is too long."""
    return _text(text, _style(NUMBERS[style]))


class Cells:
    """Makes the cells of a workbook. What occurs again and again is made once."""

    def __init__(self, amounts: Amounts) -> None:
        self._amounts = amounts
        self._makers: Mapping[Kind, Callable[[Any], str]] = {
            "text": _text,
            "code": lru_cache(_KEPT)(_text),
            "status": lru_cache(_KEPT)(_status),
            "date": lru_cache(_KEPT)(_date),
            "quantity": _quantity,
            "money": lru_cache(_KEPT)(self._money),
            "list": _list,
            "flag": _flag,
        }

    def cell(self, kind: Kind, value: Any) -> str:
        """A cell with a value of a kind, from behind its reference on.

        Text that is no date, amount or number of its kind stands as text: nothing is guessed, nothing is rounded.
        """
        return _number(value) if type(value) is int else self._makers[kind](value)

    def rows(self, kinds: Sequence[Kind], rows: Iterable[Sequence[Any]], first: int) -> Iterator[str]:
        """The XML of each row, numbered from `first` on, with the kinds of its columns; None leaves a cell empty."""
        columns = [(f'<c r="{letters(place)}', self._makers[kind]) for place, kind in enumerate(kinds)]
        for number, row in enumerate(rows, start=first):
            behind = f'{number}"'
            cells = [
                start + behind + (_number(value) if type(value) is int else make(value))
                for (start, make), value in zip(columns, row, strict=True)
                if value is not None
            ]
            yield f'<row r="{number}">{"".join(cells)}</row>'

    def _money(self, text: str) -> str:
        amount = _AMOUNT.fullmatch(text)
        if amount is None:
            return _text(text)
        decimals = amount[1] or ""
        if len(text) - text.startswith("-") - bool(decimals) > _EXACT_DIGITS:
            return _text(text, _RIGHT)
        return f"{_style(self._amounts.number(len(decimals)))}><v>{float(text):.16G}</v></c>"


def _text(text: str, style: str = "") -> str:
    if len(text) > _SHORT:
        text = _fitting(text)
    if _RISKY.search(text):
        text = escape(_UNSAFE.sub(_harmless, text))
    space = "" if text == text.strip() else ' xml:space="preserve"'
    return f'{style} t="inlineStr"><is><t{space}>{text}</t></is></c>'


def _status(code: str) -> str:
    return text_cell(code, _TONE_OF.get(code, "plain"))


def _date(text: str) -> str:
    if _DAY.fullmatch(text) and text >= _FIRST_DAY:
        return f"{_DATE}><v>{date.fromisoformat(text).toordinal() - _BEFORE_ALL}</v></c>"
    return _text(text)


def _quantity(text: str) -> str:
    return _text(text, _RIGHT)


def _number(value: int) -> str:
    exact = -_LARGEST <= value <= _LARGEST
    return f"{_QUANTITY}><v>{value}</v></c>" if exact else _text(str(value), _RIGHT)


def _list(values: list[str]) -> str:
    return _text("; ".join(values))


def _flag(value: bool | str) -> str:
    return _text(value if isinstance(value, str) else "yes" if value else "no")


def _harmless(found: re.Match[str]) -> str:
    return f"_x005F{found[1]}" if found[1] else f"_x{ord(found[2]):04X}_"


def _fitting(text: str) -> str:
    if len(text.encode("utf-16-le")) <= MAX_CHARACTERS * 2:
        return text
    room = (MAX_CHARACTERS - len(CUT)) * 2
    return text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + CUT
