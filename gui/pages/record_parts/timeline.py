"""The tab License timeline: the drawing, what is chosen in it, how to zoom, and the same as a table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

from PySide6.QtWidgets import QWidget

from gui import record_words, wording
from gui.desk import Desk, Place
from gui.pages.record_parts.parts import either, flowing, way
from gui.widgets.buttons import button, icon_button
from gui.widgets.card import card
from gui.widgets.empty import empty
from gui.widgets.layout import Part, row
from gui.widgets.listing import Cell, Column, Listing, Row
from gui.widgets.text import label, picture
from gui.widgets.timeline import KINDS, TimelineView
from store.portraits.timeline import Bar, Mark, Timeline

_HINT: Final = "Left and right go from one to the next, Enter opens the {}, + and − zoom."

_SPANS: Final = (("Month", 31), ("Year", 365), ("5 years", 1826))
"""Names of spans of time, and their days."""


def parts_of(desk: Desk, shown: Timeline) -> list[Part]:
    """The drawing and the table; a sentence where there is nothing to show."""
    if shown.empty:
        sentence = "Purchases, maintenance and events appear here as soon as a contract item brings them."
        return [empty("calendar-days", "Nothing happens on any day", sentence)]
    view = TimelineView("License timeline", shown, desk.as_of, desk.today)
    view.opened.connect(lambda item: _open(desk, item))
    told = label(_HINT.format("request" if shown.others else "contract"), "muted", wrap=True, selectable=True)
    view.chosen.connect(told.setText)
    return [card("", _tools(view, shown, desk.as_of), view, told), _table(desk, shown)]


def _tools(view: TimelineView, shown: Timeline, as_of: date) -> Part:
    spans = [
        button(name, lambda days=days: view.show_days(*_around(as_of, days)), kind="quiet") for name, days in _SPANS
    ]
    made = row(
        flowing(*_legend(shown)),
        *spans,
        button("All", view.fit, kind="quiet"),
        icon_button("zoom-out", "Zoom out", view.zoom_out),
        icon_button("zoom-in", "Zoom in", view.zoom_in),
        gap=4,
    )
    made.setStretch(0, 1)
    return made


def _around(as_of: date, days: int) -> tuple[date, date]:
    """So many days, a third of them before the as-of day."""
    before = timedelta(min(days // 3, as_of.toordinal() - 1))
    return as_of - before, as_of + timedelta(min(days - days // 3, date.max.toordinal() - as_of.toordinal()))


def _legend(shown: Timeline) -> list[QWidget]:
    """What the icons of the marks mean."""
    return [_meaning(kind) for kind in KINDS if any(mark.kind == kind for mark in shown.marks)]


def _meaning(kind: str) -> QWidget:
    meaning, icon = KINDS[kind]
    made = QWidget()
    made.setLayout(
        row(picture(icon, meaning, 14), label(record_words.outcome(kind), "hint"), gap=4, margins=(0, 6, 8, 6))
    )
    return made


def _open(desk: Desk, item: Bar | Mark) -> None:
    run = _way(desk, item)
    if run is not None:
        run()


def _way(desk: Desk, item: Bar | Mark) -> Callable[[], None] | None:
    """How to go to what brought a bar or mark: a request, or a contract."""
    if isinstance(item, Bar) and item.request:
        return way(desk, Place("request", item.request))
    return way(desk, Place("contract", item.contract)) if item.contract else None


def _table(desk: Desk, shown: Timeline) -> QWidget:
    """The same for those who cannot see the drawing, or want to copy it."""
    last = ("Title or entitlement", "Request", "Line") if shown.others else ("Product or name", "Contract", "Item")
    columns = [
        Column("From"),
        Column("To"),
        Column("What"),
        Column("Quantity", right=True),
        Column(last[0], stretches=True),
        *map(Column, last[1:]),
    ]
    items = sorted((*shown.bars, *shown.marks), key=_first)
    rows = [_bar(desk, item) if isinstance(item, Bar) else _mark(desk, item) for item in items]
    return card("The same as a table", Listing("License timeline as a table", columns, rows, most=10))


def _first(item: Bar | Mark) -> int:
    return item.first if isinstance(item, Bar) else item.day


def _bar(desk: Desk, bar: Bar) -> Row:
    last = Cell("No end", "muted") if bar.last is None else _iso(bar.last)
    units = wording.quantity(bar.quantity)
    word = record_words.outcome(bar.kind)
    return [
        _iso(bar.first),
        last,
        word if shown_alone(bar) else f"Term: {word}",
        units,
        bar.product,
        *_source(desk, bar),
    ]


def shown_alone(bar: Bar) -> bool:
    """Whether a bar is what its kind says, rather than the term of it."""
    return bar.kind in ("authorized", "deployed", "replaced")


def _mark(desk: Desk, mark: Mark) -> Row:
    about = record_words.ahead(mark.lead) if mark.lead >= 0 else wording.line(mark.name)
    meaning, icon = KINDS[mark.kind]
    what = Cell(record_words.outcome(mark.kind), icon=(icon, meaning))
    return [_iso(mark.day), _iso(mark.day), what, "", about, *_source(desk, mark)]


def _source(desk: Desk, item: Bar | Mark) -> tuple[Cell, Cell]:
    name = item.request if isinstance(item, Bar) and item.request else item.contract
    return (Cell(name, run=_way(desk, item)) if name else either("")), either(item.item)


def _iso(day: int) -> str:
    return date.fromordinal(day).isoformat()
