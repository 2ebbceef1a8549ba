"""The mappings that a book remembers: what each column of somebody's own files stands for."""

from __future__ import annotations

from pathlib import Path

from gui import wording
from gui.desk import Desk
from gui.pages.setting_parts.boxed import Boxed, Kind
from store.book import Book
from store.imports.mapping import keeping, shape
from store.imports.mapping.shape import ColumnMapping


def make(desk: Desk) -> Boxed[ColumnMapping]:
    """The mappings, with what can be done with them."""
    return Boxed(desk, _MAPPINGS)


def _cells(one: ColumnMapping) -> tuple[str, ...]:
    return one.name, wording.capital(one.target), f"{len(one.columns)} of {len(one.header)}"


def _load(book: Book, path: Path) -> int:
    keeping.save(book, shape.read(path))
    return 1


_MAPPINGS = Kind[ColumnMapping](
    "Mappings",
    "How files with columns of their own are read: a file that has the columns of a mapping is read by it at once. A"
    " mapping is remembered when such a file is imported; one that is removed takes nothing that was imported with it.",
    ("Mapping", "Rows are", "Columns taken"),
    frozenset({2}),
    frozenset({"mappings", "settings"}),
    "layers",
    ("No mapping", "Import a CSV file or a workbook with columns of your own: what they stand for is remembered here."),
    keeping.held,
    _cells,
    None,
    lambda book, one: keeping.remove(book, one.name),
    lambda one: f"mapping {one.name}",
    _load,
    "Mappings (*.json)",
)
