"""Tables that go on over any number of pages: their head is repeated, long texts wrap, nothing is cut.

A row that fits on no page is split; each of its cells goes on where it was left.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from store.snapshots.report.sheet import BOTTOM, LEFT, RIGHT, TOP, Sheet, Style
from store.snapshots.report.words import MINUS

ROW: Final = Style(7.3, 9.2)
HEAD: Final = Style(6.7, 8.2, "muted", bold=True)
_BOLD: Final = ROW._replace(bold=True)

_PADDING: Final = 3.0
_APART: Final = 8.0
_ABOVE: Final = 3.4
_DOT: Final = 3.6

Lines = Sequence[Sequence[str]]
"""The lines of each cell of a row."""


@dataclass(frozen=True)
class Column:
    """One column: its head, its share of the width of a page, and how its cells look.

    Figures stand at the right. `tones` gives the color of a word, which also gets a dot; `signed` shows what is below
    zero in the color of what is missing.
    """

    head: str
    share: float
    right: bool = False
    signed: bool = False
    bold: bool = False
    tones: Mapping[str, str] = field(default_factory=dict[str, str])


class _Slot(NamedTuple):
    """A column on the page: where its texts begin or end, and how wide they may be (head and cells, in points)."""

    column: Column
    x: float
    room: float
    style: Style


class Grid:
    """A table on the sheets of a report."""

    def __init__(self, sheet: Sheet, columns: Sequence[Column]) -> None:
        self._sheet = sheet
        self._slots = list(_slots(columns))
        self._heads = [sheet.face(HEAD).lines(slot.column.head, slot.room / HEAD.size) for slot in self._slots]
        self._head_height = max(map(len, self._heads)) * HEAD.leading + 9

    def fill(self, rows: Iterable[Sequence[str]]) -> None:
        """Put the head and all rows."""
        self._sheet.need(self._head_height + 40)
        self._head()
        for row in rows:
            lines = self._lines(row)
            height = _height(lines)
            if self._sheet.y - height < BOTTOM and height <= TOP - BOTTOM - self._head_height:
                self._turn()
            self._put_over_pages(lines)

    def _lines(self, row: Sequence[str]) -> Lines:
        return [
            self._sheet.face(slot.style).lines(text, _room(slot) / ROW.size)
            for slot, text in zip(self._slots, row, strict=True)
        ]

    def _put_over_pages(self, lines: Lines) -> None:
        """Put the row, or as much of it as the page has room for, and the rest on the next ones."""
        while (fitting := int((self._sheet.y - BOTTOM - 2 * _ABOVE) // ROW.leading)) < max(map(len, lines)):
            if fitting > 0:
                self._put([cell[:fitting] for cell in lines])
                lines = [cell[fitting:] for cell in lines]
            self._turn()
        self._put(lines)
        self._sheet.rule(self._sheet.y)

    def _put(self, lines: Lines) -> None:
        y = self._sheet.y - _ABOVE - ROW.size
        for slot, cell in zip(self._slots, lines, strict=True):
            if any(cell):
                self._cell(slot, y, cell)
        self._sheet.y -= _height(lines)

    def _cell(self, slot: _Slot, y: float, cell: Sequence[str]) -> None:
        column, x, _, style = slot
        if column.signed and cell[0].startswith(MINUS):
            style = style._replace(color="bad")
        elif tone := column.tones.get("".join(cell)):
            style = style._replace(color=tone)
            self._sheet.box(x, y + 0.9, _DOT, _DOT, tone)
            x += _DOT + 3
        for line in cell:
            self._sheet.line(x, y, line, style, right=column.right)
            y -= ROW.leading

    def _turn(self) -> None:
        self._sheet.turn()
        self._head()

    def _head(self) -> None:
        self._sheet.y -= self._head_height
        self._sheet.box(LEFT, self._sheet.y, RIGHT - LEFT, self._head_height, "sunken")
        for slot, lines in zip(self._slots, self._heads, strict=True):
            for number, line in enumerate(reversed(lines)):
                self._sheet.line(slot.x, self._sheet.y + 5 + number * HEAD.leading, line, HEAD, right=slot.column.right)
        self._sheet.rule(self._sheet.y, "strong-line")


def _slots(columns: Sequence[Column]) -> Iterator[_Slot]:
    """Where the columns stand; one that begins where another ends keeps away from it."""
    scale = (RIGHT - LEFT) / sum(column.share for column in columns)
    left, after_figures = LEFT, False
    for column in columns:
        inset = _PADDING + (_APART if after_figures and not column.right else 0)
        right = left + scale * column.share
        style = _BOLD if column.bold or column.tones else ROW
        yield _Slot(column, right - _PADDING if column.right else left + inset, right - left - inset - _PADDING, style)
        left, after_figures = right, column.right


def _room(slot: _Slot) -> float:
    return slot.room - (_DOT + 3 if slot.column.tones else 0)


def _height(lines: Lines) -> float:
    return max(map(len, lines)) * ROW.leading + 2 * _ABOVE
