"""The first pages: the cover with what the report is of and what is in it, and the summary with its pictures."""

from collections.abc import Iterator, Sequence
from typing import Final

from rules.vocabulary import UNDER_LICENSED
from store.snapshots.report import pictures, words
from store.snapshots.report.digest import MONTHS, Digest, Extreme
from store.snapshots.report.sections import STATUSES
from store.snapshots.report.sheet import (
    BODY,
    BOTTOM,
    HEIGHT,
    LEAD,
    LEFT,
    NOTE,
    RIGHT,
    SUBHEADING,
    TITLE,
    Sheet,
    Start,
    Style,
)

_EYEBROW: Final = Style(9, 12, "accent", bold=True)
_NAME: Final = Style(8, 12, "muted")
_FACT: Final = Style(9.4, 13)
_CONTENTS: Final = 560.0
_GAP: Final = 16.0


def cover(sheet: Sheet, as_of: str, book: str, facts: Sequence[tuple[str, str]]) -> None:
    """The cover, but for the contents, of which nothing is known yet. `facts` are names with their values."""
    sheet.box(0, 0, 10, HEIGHT, "accent")
    sheet.y = HEIGHT - 120
    sheet.line(LEFT + 24, sheet.y, "SOFTWARE LICENSE REVIEW", _EYEBROW)
    sheet.y -= 12
    sheet.paragraph(book or "License compliance", TITLE, left=LEFT + 24, width=460)
    sheet.y -= 6
    sheet.paragraph(f"License compliance as of {words.day(as_of)}", LEAD, left=LEFT + 24, width=460)
    sheet.y = min(sheet.y - 40, 250)
    for name, value in facts:
        sheet.y -= 5
        sheet.paragraph(name, _NAME, left=LEFT + 24, width=460)
        sheet.paragraph(value, _FACT, left=LEFT + 24, width=460)


def contents(sheet: Sheet, sections: Sequence[Start]) -> None:
    """Put the names of the sections and the pages on which they begin on the cover."""
    y = HEIGHT - 120
    _add(sheet, _CONTENTS, y, "In this report", SUBHEADING)
    for name, page in sections:
        y -= 18
        _add(sheet, _CONTENTS, y, name, BODY)
        sheet.add(1, sheet.shown(RIGHT, y, f"{page:,}", BODY, right=True))


def _add(sheet: Sheet, x: float, y: float, text: str, style: Style) -> None:
    sheet.add(1, sheet.shown(x, y, text, style))


def summary(sheet: Sheet, digest: Digest) -> Start:
    """One page that says how things stand."""
    sheet.section = "Summary"
    sheet.turn()
    start = sheet.heading(sheet.section)
    for sentence in _sentences(digest):
        sheet.paragraph(sentence, BODY)
    sheet.y -= 12
    _tiles(sheet, digest)
    sheet.y -= 46 + _GAP
    _pictures(sheet, digest)
    sheet.y = BOTTOM
    return start


def _sentences(digest: Digest) -> Iterator[str]:
    known = digest.figures
    positions = sum(known.statuses.values())
    short = known.statuses.get(UNDER_LICENSED, 0)
    verb = "is" if short == 1 else "are"
    covered = f"none of {words.plural(positions, 'position')} is under-licensed."
    missing = (
        f"{short:,} of {words.plural(positions, 'position')} {verb} under-licensed: more is in use than the rights in"
        " force cover, after downgrade and upgrade rights."
    )
    yield f"On {words.day(known.as_of)}, {missing if short else covered}"
    for currency, (below, above) in known.values.items():
        yield (
            f"Balances with a known price: {words.amount(str(below), currency)} below zero and"
            f" {words.amount(str(above), currency)} above it."
        )


def _tiles(sheet: Sheet, digest: Digest) -> None:
    known = digest.figures
    severities = known.severities
    tiles = [
        *((status, known.statuses.get(status, 0), tone) for status, tone in STATUSES.items()),
        ("positions with an override", known.overrides, "watch"),
        ("transfers by a right", known.rows["transfers"], "accent"),
        ("errors and warnings found", severities.get("error", 0) + severities.get("warning", 0), "watch"),
    ]
    width = (RIGHT - LEFT - 10 * (len(tiles) - 1)) / len(tiles)
    for number, part in enumerate(tiles):
        pictures.tile(sheet, (LEFT + number * (width + 10), sheet.y, width), part)


def _pictures(sheet: Sheet, digest: Digest) -> None:
    known = digest.figures
    _title(sheet, LEFT, "Positions by status")
    parts = [(status, known.statuses.get(status, 0), tone) for status, tone in STATUSES.items()]
    pictures.shares(sheet, (LEFT, sheet.y - 7, RIGHT - LEFT), parts)
    sheet.y -= 38 + _GAP
    half = (RIGHT - LEFT - 30) / 2
    _extremes(sheet, LEFT, half, ("Largest shortfalls, in licenses", "Nothing is short."), (digest.short, "bad"))
    right = LEFT + half + 30
    _extremes(sheet, right, half, ("Largest surpluses, in licenses", "Nothing is left over."), (digest.over, "info"))
    sheet.y -= 6 + pictures.BAR * max(len(digest.short), len(digest.over), 1) + _GAP
    _cliff(sheet, digest)


def _extremes(
    sheet: Sheet, x: float, width: float, texts: tuple[str, str], found: tuple[Sequence[Extreme], str]
) -> None:
    title, nothing = texts
    extremes, color = found
    _title(sheet, x, title)
    if not extremes:
        pictures.nothing(sheet, (x, sheet.y), nothing)
    rows = [(product, line, balance) for balance, product, line in extremes]
    pictures.bars(sheet, (x, sheet.y - 4, width), rows, color)


def _cliff(sheet: Sheet, digest: Digest) -> None:
    endings = digest.endings
    title = f"Expiry cliff: entitlements whose rights end, by month, the next {MONTHS} months"
    _title(sheet, LEFT, title)
    count = sum(ending.entitlements for ending in endings)
    if not count:
        pictures.nothing(sheet, (LEFT, sheet.y), "No right ends in these months.")
        return
    licenses = sum(ending.licenses for ending in endings)
    note = f"{words.plural(count, 'entitlement')} with {words.plural(licenses, 'license')}"
    end = LEFT + sheet.face(SUBHEADING).width(title) * SUBHEADING.size + 12
    sheet.line(end, sheet.y, note, NOTE)
    bars = [(words.month(ending.year, ending.month), ending.entitlements) for ending in endings]
    pictures.columns(sheet, (LEFT, sheet.y - 4, RIGHT - LEFT, max(sheet.y - 60, 90)), bars)


def _title(sheet: Sheet, x: float, text: str) -> None:
    sheet.line(x, sheet.y, text, SUBHEADING)
