"""Reads the sheets of a workbook.

For each ["begin", number, row of the header, header], its rows, and ["end", number of cells that have a value].
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from math import isfinite

from python_calamine import CalamineError, CalamineWorkbook

from store.imports.children.answers import LONGEST, Block, Failed

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


def read(path: str, *names: str) -> Iterator[list[object]]:
    """The sheets of these names, in their order."""
    try:
        with open(path, "rb") as file, CalamineWorkbook.from_filelike(file) as workbook:
            for number, name in enumerate(names):
                sheet = workbook.get_sheet_by_name(name)
                yield from _sheet(number, name, sheet.start, sheet.iter_rows())
    except (CalamineError, OSError, ValueError) as error:
        raise Failed(str(error)) from None


def _sheet(number: int, name: str, start: tuple[int, int] | None, rows: Iterator[list[Cell]]) -> Iterator[list[object]]:
    # Rows are counted from the first of the sheet, cells from the first with a value.
    top, left = start or (0, 0)
    cells = 0
    header: list[str] | None = None
    block = Block()
    for row_number, row in enumerate(rows, 1):
        if row_number <= top:
            continue
        try:
            texts = texts_of(row)
        except Failed:
            raise _first_fault(row, left, f"sheet {name}", row_number) from None
        size = len("".join(texts))
        if size > LONGEST and max(map(len, texts)) > LONGEST:
            raise Failed(f"a cell has more than {LONGEST:,} characters", f"sheet {name}, row {row_number:,}")
        filled = len(texts) - texts.count("")
        cells += filled
        if header is None:
            header = texts
            yield ["begin", number, row_number, header]
        elif filled and block.add(row_number, texts, size):
            yield block.taken()
    if header is None:
        yield ["begin", number, 1, []]
    if block.numbers:
        yield block.taken()
    yield ["end", cells]


def _first_fault(row: list[Cell], left: int, place: str, number: int) -> Failed:
    """What is wrong with the first cell of a row that has no text, with its address."""
    for column, cell in enumerate(row, left):
        try:
            texts_of([cell])
        except Failed as failed:
            return Failed(failed.reason, f"{place}, cell {_letters(column)}{number}")
    return Failed("a cell has no text", place)


def _letters(column: int) -> str:
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name
