"""Reads the sheets of a workbook in a process of its own, which may be ended by its limits without harm to anybody.

Run by its path, with nothing of Elpis: `python -I workbook_child.py FOLDER WORKBOOK SHEET...`, where FOLDER is the one
that holds python_calamine. Writes to standard output one JSON array a line: ["sheet", number, row of the header,
header], ["rows", row numbers, rows of texts] as often as needed, ["end", number of cells that have a value] for each
sheet, and at last ["done"]; or ["failed", reason].
"""

import gc
import json
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

try:
    import resource
except ImportError:  # Windows has no such limits; the time limit of the parent holds there too
    resource = None

MEMORY = 2 << 30
SECONDS = 60
WRITTEN = 4 << 30

Cell = int | float | str | bool | time | date | datetime | timedelta

_ROWS_A_LINE = 1_000
_CHARACTERS_A_LINE = 1 << 20
_LONGEST = 131_072
_FIFTEEN_DIGITS = 1e15
_EXACT = 2**53


class Failed(Exception):
    """The workbook cannot be read; the text says why."""


def limit() -> None:
    """Bound memory, time and output of this process, and leave no core behind, where the system can do that."""
    if resource is None:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN, WRITTEN))


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


def lines(path: str, names: list[str]) -> Iterator[list[object]]:
    """What is written out for the sheets of these names, in their order."""
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 (found only once main() ran)

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
    block = _Block()
    for row_number, row in enumerate(rows, 1):
        if row_number <= top:
            continue
        texts = texts_of(row)
        lengths = list(map(len, texts))
        if max(lengths) > _LONGEST:
            raise Failed(f"a cell has more than {_LONGEST:,} characters")
        filled = len(lengths) - lengths.count(0)
        cells += filled
        if header is None:
            header = texts
            yield ["sheet", number, row_number, header]
        elif filled and block.add(row_number, texts, sum(lengths)):
            yield block.taken()
    if header is None:
        yield ["sheet", number, 1, []]
    if block.numbers:
        yield block.taken()
    yield ["end", cells]


class _Block:
    """Rows that go out on one line."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.rows: list[list[str]] = []
        self.size = 0

    def add(self, number: int, texts: list[str], characters: int) -> bool:
        """Take a row of so many characters; whether the line is full now."""
        self.numbers.append(number)
        self.rows.append(texts)
        self.size += characters + len(texts)
        return self.size > _CHARACTERS_A_LINE or len(self.rows) >= _ROWS_A_LINE

    def taken(self) -> list[object]:
        """The line, after which the block is empty."""
        line: list[object] = ["rows", self.numbers, self.rows]
        self.numbers, self.rows, self.size = [], [], 0
        return line


def main(folder: str, path: str, names: list[str]) -> None:
    """Write the sheets to standard output."""
    limit()
    sys.path.append(folder)
    try:
        for line in lines(path, names):
            print(json.dumps(line, separators=(",", ":")))
        print('["done"]')
    except (Failed, MemoryError) as error:
        print(json.dumps(["failed", str(error) or "it needs too much memory"]))


if __name__ == "__main__":
    gc.disable()  # nothing here goes in circles, and there are many lists to look through
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
