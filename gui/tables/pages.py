"""The rows that were looked at lately, in pages: what a list of a million rows holds of them in memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

PAGE: Final = 64
"""Rows that are read at once. With twice as many, a jump between two pages takes twice as long."""

KEPT: Final = 48
"""Pages that are kept; the one that was not looked at for longest goes first."""

Row = tuple[Any, ...]


class Line:
    """A row as it is shown. Texts of cells, and the meanings of their colours, are made when they are painted."""

    __slots__ = ("texts", "tones", "values")

    def __init__(self, values: Row, texts: Sequence[str | None], tones: Sequence[str]) -> None:
        self.values = values
        self.texts = list(texts)
        self.tones = tones


Shown = Callable[[Row | None], Line]
"""Makes the line of a row; of None, that of a row which is gone from the book."""


class Pages:
    """Lines by their place in a sequence of ids, read a page at a time and made one by one as they are painted."""

    def __init__(self, read: Callable[[Sequence[int]], Mapping[int, Row]], shown: Shown) -> None:
        self._read, self._shown = read, shown
        self._held: OrderedDict[int, list[Row | Line | None]] = OrderedDict()

    def line(self, ids: Sequence[int], place: int) -> Line:
        """The line at a place of `ids`. Raises IndexError for a place that they do not have."""
        number, within = divmod(place, PAGE)
        page = self._held.get(number)
        if page is None:
            page = self._load(ids, number)
        else:
            self._held.move_to_end(number)
        line = page[within]
        if not isinstance(line, Line):
            page[within] = line = self._shown(line)
        return line

    def forget(self, first: int = 0) -> None:
        """Read the pages from that of the place `first` on anew when they are looked at again."""
        for number in [number for number in self._held if number >= first // PAGE]:
            del self._held[number]

    def _load(self, ids: Sequence[int], number: int) -> list[Row | Line | None]:
        wanted = list(ids[number * PAGE : (number + 1) * PAGE])
        found = self._read(wanted)
        page: list[Row | Line | None] = [found.get(row) for row in wanted]
        self._held[number] = page
        if len(self._held) > KEPT:
            self._held.popitem(last=False)
        return page
