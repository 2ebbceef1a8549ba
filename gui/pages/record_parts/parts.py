"""Cards, grids of facts and tables that the details of records share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QWidget

from gui import record_words, theme, wording
from gui.desk import Desk, Place
from gui.pages.record_parts.shape import Figure
from gui.tables.flow import Flow
from gui.theme import SPACE
from gui.widgets.buttons import button
from gui.widgets.card import card
from gui.widgets.even import Even
from gui.widgets.layout import Part, column, frame, row
from gui.widgets.listing import Cell, Column, Listing, Row
from gui.widgets.text import label
from store.overviews import Ask
from store.portraits.shape import MOST, Count, Link, Purchase, Right, Standing

NONE = "—"
"""What stands where a value is not known or does not exist."""


# ---------------------------------------------------------------------------------------------------------------- ways
def way(desk: Desk, place: Place) -> Callable[[], None] | None:
    """How to go to a place; None where there is no such page."""
    return partial(desk.go, place) if place.page in desk.reaches else None


def to(desk: Desk, link: Link) -> Callable[[], None] | None:
    """How to go to a record."""
    return way(desk, Place(link.subject, link.key))


def linked(desk: Desk, link: Link | None) -> Cell:
    """A cell that leads to a record."""
    return Cell(NONE, "faint") if link is None else Cell(wording.line(link.name), run=to(desk, link))


def link_button(desk: Desk, link: Link, text: str = "") -> QWidget:
    """The name of a record, to go there by; a plain label where there is no such page."""
    run, shown = to(desk, link), wording.line(text or link.name)
    if run is None:
        return label(shown, selectable=True)
    made = button(shown.replace("&", "&&"), run, kind="link")
    made.setAccessibleName(f"Go to {link.subject} {link.name}")
    return made


def action_link(text: str, run: Callable[[], None]) -> QPushButton:
    """A button that leads somewhere, as a link."""
    return button(text.replace("&", "&&"), run, kind="link")


def narrowed(desk: Desk, page: str, where: str, value: str, text: str) -> list[QPushButton]:
    """A button to an overview with only those rows whose `where` is a value, if there is such an overview."""
    run = way(desk, Place(page, ask=Ask(where=((where, value),))))
    return [button(text, run, kind="link")] if run else []


def opener(desk: Desk, page: str, key: str, text: str, icon: str, *, primary: bool = False) -> list[QPushButton]:
    """A button that opens a wizard or dialog on a record, if there is one and the book can be changed."""
    run = way(desk, Place(page, key))
    return [action(desk, text, icon, run, primary=primary)] if run else []


def action(desk: Desk, text: str, icon: str, run: Callable[[], object], *, primary: bool = False) -> QPushButton:
    """A button that changes the book."""
    made = button(text, run, icon=icon, kind="primary" if primary else "")
    made.setEnabled(not desk.read_only)
    return made


# ------------------------------------------------------------------------------------------------------ cards and facts
def figures(shown: Iterable[Figure]) -> QWidget:
    """The key figures of a record: cards of one width beside each other, on as many lines as they need."""
    made, cards = QWidget(), Even()
    for one in shown:
        cards.addWidget(_figure(one))
    made.setLayout(cards)
    return made


def _figure(one: Figure) -> QFrame:
    value = label(one.value, "title", selectable=True)
    value.setProperty("meaning", one.tone)
    value.setAccessibleName(f"{one.name}: {one.value}")
    told = column(label(one.name, "overline"), value, label(one.hint, "hint"), gap=2, margins=(14, 10, 14, 10))
    return frame("card", told)


def flowing(*shown: Part) -> Flow:
    """Widgets beside each other, on further lines where one is full."""
    made = Flow()
    for part in shown:
        if isinstance(part, QWidget):
            made.addWidget(part)
    return made


def facts(*pairs: tuple[str, str | QWidget]) -> QGridLayout:
    """Names and values below each other."""
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(3 * SPACE)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(1, 1)
    for place, (name, value) in enumerate(pairs):
        grid.addWidget(label(name, "muted"), place, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(_value(value), place, 1, Qt.AlignmentFlag.AlignTop)
    return grid


def _value(value: str | QWidget) -> QWidget:
    if isinstance(value, QWidget):
        return value
    return label(value or NONE, wrap=True, selectable=bool(value))


def beside(*cards: QWidget) -> Part:
    """Cards of one width beside each other."""
    made = row(*cards, gap=2 * SPACE)
    for place in range(made.count()):
        made.setStretch(place, 1)
    return made


def table(title: str, columns: Sequence[Column], rows: Sequence[Row], *, nothing: str, more: str = "") -> QFrame:
    """A card with a table, or with the sentence of why there is none; `more` says what the table leaves out."""
    if not rows:
        return card(title, label(nothing, "muted", wrap=True))
    below: list[Part] = [label(more, "hint", wrap=True)] if more else []
    return card(title, Listing(title, columns, rows), *below)


def beyond(total: int, what: str) -> str:
    """What a table leaves out: "The first 300 of 1,250 purchases."""
    shown, all_ = wording.number(MOST), wording.number(total)
    return f"The first {shown} of {all_} {what}." if total > MOST else ""


def signed(value: int) -> Cell:
    """A quantity that is below zero in bad times."""
    return Cell(wording.signed(value), "negative" if value < 0 else "faint" if value == 0 else "")


def count(value: int) -> Cell:
    """A quantity; nothing to look at when it is none."""
    return Cell(wording.quantity(value), "faint" if value == 0 else "")


def status(code: str) -> Cell:
    """A status or state with its icon."""
    if not code:
        return Cell(NONE, "faint")
    meaning, icon = theme.status(code)
    return Cell(record_words.outcome(code), meaning, (icon, meaning))


def either(text: str | None) -> Cell:
    """A text, or a sign that there is none."""
    return Cell(wording.line(text)) if text else Cell(NONE, "faint")


# -------------------------------------------------------------------------------------------------------------- tables
def purchases(desk: Desk, shown: Sequence[Purchase]) -> tuple[list[Column], list[Row]]:
    """Purchases of one product, with the contracts that they come from."""
    columns = [
        Column("Contract", stretches=True),
        Column("Item"),
        Column("Model"),
        Column("Quantity", right=True),
        Column("License start"),
        Column("License end"),
        Column("Unit price", right=True),
        Column("Price", right=True),
        Column("In force"),
    ]
    return columns, [
        [
            Cell(_named(one.contract), run=to(desk, one.contract)),
            one.item,
            wording.label(one.model),
            count(one.quantity),
            one.license_start,
            one.license_end or Cell("No end", "muted"),
            either(wording.money(one.unit_price)),
            either(wording.money(one.price)),
            Cell("Yes", "positive", ("check", "positive")) if one.in_force else Cell("No", "muted"),
        ]
        for one in shown
    ]


def _named(contract: Link) -> str:
    name = wording.line(contract.name)
    return contract.key if name == contract.key else f"{contract.key} · {name}"


def standings(desk: Desk, shown: Sequence[Standing]) -> tuple[list[Column], list[Row]]:
    """Positions in one line each."""
    figures = ("Active", "Downgrade", "Upgrade", "Demand", "Balance")
    columns = [
        Column("Position", stretches=True),
        Column("Model"),
        Column("Metric"),
        *(Column(name, right=True) for name in figures),
        Column("Status"),
    ]
    return columns, [
        [
            linked(desk, one.position),
            wording.label(one.model) or Cell("No entitlement", "muted"),
            wording.label(one.metric),
            count(one.active),
            Cell(wording.signed(one.downgrade), "faint" if one.downgrade == 0 else ""),
            Cell(wording.signed(one.upgrade), "faint" if one.upgrade == 0 else ""),
            count(one.demand),
            signed(one.balance),
            status(one.status),
        ]
        for one in shown
    ]


def counts(shown: Sequence[Count]) -> tuple[list[Column], list[Row]]:
    """What is needed where, and who counted it."""
    columns = [
        Column("Resource group", stretches=True),
        Column("Metric"),
        Column("Quantity", right=True),
        Column("Source"),
        Column("Counted"),
    ]
    return columns, [
        [
            one.resource_group or Cell("No resource group", "muted"),
            wording.label(one.metric),
            count(one.quantity),
            Cell("Installations", "muted") if one.source is None else either(one.source),
            either(wording.moment(one.counted_on)),
        ]
        for one in shown
    ]


def rights(shown: Sequence[Right]) -> tuple[list[Column], list[Row]]:
    """What lets licenses move, and whether it holds today."""
    columns = [
        Column("Right"),
        Column("Kind"),
        Column("Reaches", stretches=True),
        Column("Metric"),
        Column("How far", right=True),
        Column("Valid"),
        Column("State"),
    ]
    return columns, [
        [
            one.name,
            wording.label(one.kind),
            f"Family {one.reach[0]}" if len(one.reach) == 1 else f"{one.reach[0]} for {one.reach[1]}",
            wording.label(one.metric) or "Any",
            record_words.far(one.depth) if len(one.reach) == 1 else NONE,
            record_words.lasting(one.valid_from, one.valid_until) or "Always",
            status(one.state),
        ]
        for one in shown
    ]
