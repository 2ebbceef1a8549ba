"""The pictures of the summary, drawn from rectangles and words: shares in one bar, bars to the right, columns."""

from collections.abc import Sequence
from typing import Final

from store.snapshots.report import words
from store.snapshots.report.sheet import BODY, NOTE, SMALL, Sheet, Style

Part = tuple[str, int, str]
"""A word, how many, and the color."""

_VALUE = Style(17, 20, bold=True)
_LABEL = Style(7.4, 9)

BAR: Final = 18.5
"""How high each of the bars is, with its words."""


def tile(sheet: Sheet, place: tuple[float, float, float], part: Part) -> None:
    """A figure with its word below, from (x, y) on and so wide: y is the top."""
    x, y, width = place
    word, count, color = part
    sheet.box(x, y - 46, width, 46, "sunken")
    sheet.box(x, y - 46, 3, 46, color)
    sheet.line(x + 12, y - 22, words.number(count), _VALUE._replace(color=color))
    sheet.line(x + 12, y - 37, sheet.cut(word, NOTE, width - 16), NOTE)


def shares(sheet: Sheet, place: tuple[float, float, float], parts: Sequence[Part]) -> None:
    """One bar of parts that are a whole together, with a legend of words, counts and percent below."""
    x, y, width = place
    whole = sum(count for _, count, _ in parts)
    left = x
    for _, count, color in parts:
        if count:
            share = count * (width - 2 * (len(parts) - 1)) / whole
            sheet.box(left, y - 14, max(share, 1.5), 14, color)
            left += max(share, 1.5) + 2
    if not whole:
        sheet.box(x, y - 14, width, 14, "line")
    left = x
    for word, count, color in parts:
        percent = f", {100 * count / whole:.0f} %" if whole else ""
        text = f"{word}: {words.number(count)}{percent}"
        sheet.box(left, y - 28.5, 6, 6, color)
        sheet.line(left + 10, y - 28, text, _LABEL)
        left += 22 + sheet.face(_LABEL).width(text) * _LABEL.size


def bars(sheet: Sheet, place: tuple[float, float, float], rows: Sequence[tuple[str, str, int]], color: str) -> None:
    """Bars to the right, the longest one for the largest figure: name, below it what it is of, and the figure."""
    x, y, width = place
    largest = max((abs(count) for _, _, count in rows), default=1)
    names = width * 0.5
    for name, kind, count in rows:
        y -= BAR
        sheet.line(x, y + 9.5, sheet.cut(name, _LABEL, names - 10), _LABEL)
        sheet.line(x, y + 1.5, sheet.cut(kind, SMALL, names - 10), SMALL)
        length = max((width - names - 58) * abs(count) / largest, 1)
        sheet.box(x + names, y + 4, length, 9, color)
        sheet.line(x + names + length + 5, y + 6, words.number(count), _LABEL._replace(bold=True))


def columns(sheet: Sheet, place: tuple[float, float, float, float], bars: Sequence[tuple[str, int]]) -> None:
    """Columns over a line, each with its figure on top and its word below."""
    x, y, width, height = place
    step = width / len(bars)
    largest = max((count for _, count in bars), default=0) or 1
    foot = y - height + 14
    sheet.box(x, foot, width, 0.5, "strong-line")
    for number, (word, count) in enumerate(bars):
        left = x + number * step
        tall = (height - 30) * count / largest
        if count:
            sheet.box(left + step * 0.18, foot + 0.6, step * 0.64, max(tall, 1), "watch")
            figure = words.number(count)
            middle = left + step / 2 - sheet.face(SMALL).width(figure) * SMALL.size / 2
            sheet.line(middle, foot + tall + 4, figure, SMALL._replace(color="text"))
        middle = left + step / 2 - sheet.face(SMALL).width(word) * SMALL.size / 2
        sheet.line(middle, foot - 10, word, SMALL)


def nothing(sheet: Sheet, place: tuple[float, float], text: str) -> None:
    """What stands where a picture would be empty."""
    sheet.line(place[0], place[1] - 14, text, BODY._replace(color="muted"))
