"""Reads the sheets of a workbook.

For each ["begin", number, row of the header, header], its rows, and ["end", number of cells that have a value].
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

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
        else f"{cell:.15g}"
        if type(cell) is float and -_FIFTEEN_DIGITS < cell < _FIFTEEN_DIGITS
        else text_of(cell)
        for cell in row
    ]


def text_of(cell: Cell) -> str:
    """A cell as the template wants it: 5.0 as 5, a day as YYYY-MM-DD, a truth as true or false."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _EXACT else f"{cell:.15g}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat()
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def read(path: str, *names: str) -> Iterator[list[object]]:
    """The sheets of these names, in their order."""
    try:
        with open(path, "rb") as file, CalamineWorkbook.from_filelike(file) as workbook:
            for number, name in enumerate(names):
                sheet = workbook.get_sheet_by_name(name)
                yield from _sheet(number, sheet.start, sheet.iter_rows())
    except (CalamineError, OSError, ValueError) as error:
        raise Failed(str(error)) from None


def _sheet(number: int, start: tuple[int, int] | None, rows: Iterator[list[Cell]]) -> Iterator[list[object]]:
    top = start[0] if start else 0  # rows are counted from the first of the sheet, cells from the first with a value
    cells = 0
    header: list[str] | None = None
    block = Block()
    for row_number, row in enumerate(rows, 1):
        if row_number <= top:
            continue
        texts = texts_of(row)
        lengths = list(map(len, texts))
        if max(lengths) > LONGEST:
            raise Failed(f"a cell has more than {LONGEST:,} characters")
        filled = len(lengths) - lengths.count(0)
        cells += filled
        if header is None:
            header = texts
            yield ["begin", number, row_number, header]
        elif filled and block.add(row_number, texts, sum(lengths)):
            yield block.taken()
    if header is None:
        yield ["begin", number, 1, []]
    if block.numbers:
        yield block.taken()
    yield ["end", cells]
