"""Reads the sheets of a workbook.

For each ["begin", number, row of the header, header], its rows, and ["end", number of cells that have a value].
"""

import json
from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from math import isfinite

from python_calamine import CalamineError, CalamineWorkbook

from store.imports.children.answers import LONGEST, Block, Failed
from store.imports.children.headers import folded

Cell = int | float | str | bool | time | date | datetime | timedelta

_FIFTEEN_DIGITS = 1e15
_EXACT = 2**53


def texts_of(row: list[Cell]) -> list[str]:
    """The cells of a row as texts.

    A number gets the fifteen digits that a spreadsheet shows of it; the rest is noise of its arithmetic.
    """
    return [
        cell
        if type(cell) is str
        else (str(int(cell)) if cell.is_integer() else f"{cell:.15g}")
        if type(cell) is float and -_FIFTEEN_DIGITS < cell < _FIFTEEN_DIGITS
        else text_of(cell)
        for cell in row
    ]


def text_of(cell: Cell) -> str:
    """A cell as the template wants it: 5.0 as 5, a day as YYYY-MM-DD, a truth as true or false."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _number(cell: float) -> str:
    """A number of more than fifteen digits: it names something, and every digit counts."""
    if not isfinite(cell):
        raise Failed("the cell holds a number that is none")
    if cell.is_integer() and abs(cell) < _EXACT:
        return str(int(cell))
    raise Failed("the number has more digits than a spreadsheet keeps; write it as text")


def read(path: str, sheets: str) -> Iterator[list[object]]:
    """Sheets in the order asked for: a JSON list of names, each with the headers that are wanted of it, or null.

    Where headers are given (folded as in the template), rows hold only the cells below these; the cells of all others
    are counted, and are not looked at.
    """
    try:
        with open(path, "rb") as file, CalamineWorkbook.from_filelike(file) as workbook:
            for number, (name, wanted) in enumerate(json.loads(sheets)):
                sheet = workbook.get_sheet_by_name(name)
                yield from _sheet(number, name, wanted, sheet.start, sheet.iter_rows())
    except (CalamineError, OSError, ValueError) as error:
        raise Failed(str(error)) from None


def _sheet(
    number: int, name: str, wanted: Collection[str] | None, start: tuple[int, int] | None, rows: Iterator[list[Cell]]
) -> Iterator[list[object]]:
    # Rows are counted from the first of the sheet, cells from the first with a value.
    top, left = start or (0, 0)
    place = f"sheet {name}"
    below = islice(enumerate(rows, 1), top, None)
    nothing: list[Cell] = []
    row_number, row = next(below, (1, nothing))
    header, _ = _texts(row, left, place, row_number)
    yield ["begin", number, row_number, header]
    chosen = None if wanted is None else [at for at, name in enumerate(header) if folded(name.strip()) in wanted]
    cells = len(header) - header.count("")
    block = Block()
    for row_number, row in below:
        filled = len(row) - row.count("")
        cells += filled
        picked = row if chosen is None else [row[at] for at in chosen]
        texts, size = _texts(picked, left, place, row_number, chosen)
        if filled and block.add(row_number, texts, size):
            yield block.taken()
    if block.numbers:
        yield block.taken()
    yield ["end", cells]


def _texts(
    row: list[Cell], left: int, place: str, number: int, columns: Sequence[int] | None = None
) -> tuple[list[str], int]:
    """The cells of a row as texts, and their characters; where they cannot be, Failed with the place.

    `columns` are those of the cells, counted from the first with a value; None where none is left out.
    """
    try:
        texts = texts_of(row)
    except Failed:
        raise _first_fault(row, left, place, number, columns or range(len(row))) from None
    size = len("".join(texts))
    if size > LONGEST and max(map(len, texts)) > LONGEST:
        raise Failed(f"a cell has more than {LONGEST:,} characters", f"{place}, row {number:,}")
    return texts, size


def _first_fault(row: list[Cell], left: int, place: str, number: int, columns: Sequence[int]) -> Failed:
    """What is wrong with the first cell of a row that has no text, with its address."""
    for column, cell in zip(columns, row, strict=True):
        try:
            texts_of([cell])
        except Failed as failed:
            return Failed(failed.reason, f"{place}, cell {_letters(left + column)}{number}")
    return Failed("a cell has no text", place)


def _letters(column: int) -> str:
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
