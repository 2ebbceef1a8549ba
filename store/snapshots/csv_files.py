"""The snapshot as CSV: one file a table, for spreadsheets and scripts.

UTF-8, commas, lines end in a line feed, the header holds the names of the fields. Text that a spreadsheet could take
for a formula gets a leading apostrophe, and so does text that starts with one, so that `plain` always gives it back.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from store.snapshots import layout, reading

_INVISIBLE = r"\s\u00ad\u200b-\u200f\u2060\ufeff"
_RISKY: Final = re.compile(rf"'|[{_INVISIBLE}]*[=+\-@＝＋－＠﹦﹢﹣﹫\t\r\n]")
_QUOTED: Final = re.compile(r'[",\r\n]')
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)


def write(snapshot: Path, folder: Path) -> None:
    """Make the folder and write `<table>.csv` for every table of `layout` into it, from the snapshot's JSON alone.

    Raises `OSError` when a file cannot be written, and what `reading.elements` raises.
    """
    folder.mkdir()
    for table in layout.tables(reading.names(snapshot)):
        rows = layout.rows(table, reading.elements(snapshot, table.source))
        with (folder / f"{table.name}.csv").open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines(table, rows))


def guarded(text: str) -> str:
    """The text as it stands in a cell: with a leading apostrophe where a spreadsheet could calculate or misread it."""
    return f"'{text}" if _RISKY.match(text) else text


def plain(cell: str) -> str:
    """The text that `guarded` made a cell of."""
    return cell[1:] if cell.startswith("'") else cell


def freed(cell: str) -> str:
    """As `plain`, for cells that others may have written: only what looks guarded loses its apostrophe."""
    return cell[1:] if cell.startswith("'") and _RISKY.match(cell, 1) else cell


def lines(table: layout.Table, rows: Iterable[tuple[Any, ...]], *, headings: bool = False) -> Iterator[str]:
    """The lines of a CSV file; the first one names the fields, or their `headings` for people."""
    yield ",".join(column.heading if headings else column.field for column in table.columns) + "\n"
    money = frozenset(place for place, column in enumerate(table.columns) if column.kind == "money")
    for row in rows:
        yield ",".join([_cell(value, place in money) for place, value in enumerate(row)]) + "\n"


def _cell(value: Any, is_money: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) or (is_money and _NUMBER.fullmatch(value)):
        return str(value)
    return _text("; ".join(value) if isinstance(value, list) else value)  # pyright: ignore[reportUnknownArgumentType]


@lru_cache(maxsize=16_384)
def _text(text: str) -> str:
    cell = guarded(text)
    return '"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell
