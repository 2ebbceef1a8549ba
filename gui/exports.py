"""The ways in which a whole book is handed out: what each is called, what it writes, and where that goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from store.book import Book

Report = Callable[[int, int], None]
"""Called with how many of how many steps are done; may raise to stop there."""


@dataclass(frozen=True)
class Way:
    """A way: its title, what is said of it, how the name of its file ends ("" for a folder), and what writes it.

    `workbook` tells whether a name that ends in .xlsx makes it one file.
    """

    title: str
    about: str
    ending: str
    save: Callable[[Book, Path, Report], dict[str, int]]
    workbook: bool = False


def _template(book: Book, target: Path, report: Report) -> dict[str, int]:
    from store.exports import template

    return template.save(book, target, report)


def _tables(book: Book, target: Path, report: Report) -> dict[str, int]:
    from store.exports import everything

    return everything.save(book, target, report)


def _cyclonedx(book: Book, target: Path, _: Report) -> dict[str, int]:
    from store.exports import cyclonedx

    return {"licenses": cyclonedx.save(book, target)}


def _icalendar(book: Book, target: Path, report: Report) -> dict[str, int]:
    from gui.event_words import told
    from store import calendar_export

    return {"events": calendar_export.export(book, target, told, first=date.min, report=report)}


WAYS: Final[dict[str, Way]] = {
    "template": Way(
        "The whole book, to import it again",
        "All that people entered, in the tables of the template. Imported into a new book, it gives the same book.",
        "",
        _template,
        workbook=True,
    ),
    "tables": Way(
        "Every overview and list",
        "All rows as the book was last judged, for spreadsheets and other programs.",
        "",
        _tables,
        workbook=True,
    ),
    "cyclonedx": Way(
        "Licenses as CycloneDX",
        "Every purchase as a license of its product: CycloneDX 1.6, JSON.",
        ".cdx.json",
        _cyclonedx,
    ),
    "icalendar": Way("Calendar", "All events, automatic ones and your own, for other calendars.", ".ics", _icalendar),
}
"""The ways by the names that they have on the command line."""
