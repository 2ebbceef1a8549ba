"""The card that opens a counted demand: the rule, every host, machine, device or user, the formula and its numbers."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame

from gui import counting_words, wording
from gui.desk import Desk, Place
from gui.pages.record_parts import parts
from gui.widgets.card import card
from gui.widgets.layout import Part, row
from gui.widgets.listing import Cell, Column, Listing, Row
from gui.widgets.text import label
from store.counting_why import Counting, Line


def card_of(desk: Desk, found: Counting) -> QFrame:
    """How a demand was counted."""
    since = f"since {found.valid_from}" if found.valid_from else "always"
    given = counting_words.given(found.parameters)
    shown: list[Part] = [
        label(f"{counting_words.METHODS[found.method]}, {since}. {found.says}.", wrap=True, selectable=True),
        *([label(given, "muted", wrap=True)] if given else []),
        Listing("Counted", *_table(found)),
        label(_sum(found), wrap=True, selectable=True),
        label(_covered(found), "muted", wrap=True),
    ]
    way = parts.way(desk, Place("rulebook", found.rule))
    if way is not None:
        shown.append(row(parts.action_link(f"Rule {found.rule}", way), None))
    return card("How demand is counted", *shown)


def _table(found: Counting) -> tuple[list[Column], list[Row]]:
    """A line each; columns in which none has anything are left out."""
    grouped = any(line.resource_group for line in found.lines)
    guests = any(line.guests for line in found.lines)
    covered = any(line.covered for line in found.lines)
    columns = [
        Column("Counted on"),
        *([Column("Resource group")] if grouped else []),
        *([Column("Virtual machines")] if guests else []),
        Column("Formula", stretches=True),
        Column("Units", right=True),
        *([Column("Covered", right=True)] if covered else []),
    ]
    return columns, [_row(line, grouped=grouped, guests=guests, covered=covered) for line in found.lines]


def _row(line: Line, *, grouped: bool, guests: bool, covered: bool) -> Row:
    return [
        f"{counting_words.KINDS[line.kind]} {wording.line(line.name)}",
        *([wording.line(line.resource_group) or Cell(parts.NONE, "faint")] if grouped else []),
        *([_guests(line.guests) or Cell(parts.NONE, "faint")] if guests else []),
        line.formula,
        line.units,
        *([Cell(line.covered, "" if line.covered == line.units else "negative")] if covered else []),
    ]


_NAMED = 2


def _guests(names: tuple[str, ...]) -> str:
    """The first machines by name, and how many more there are."""
    shown = ", ".join(wording.line(name) for name in names[:_NAMED])
    more = len(names) - _NAMED
    return f"{shown} and {wording.number(more)} more" if more > 0 else shown


def _sum(found: Counting) -> str:
    more = f"With {wording.number(found.more)} more that are not shown: " if found.more else ""
    return f"{more}{', then '.join(found.steps)}. Needed: {wording.quantity(found.total)}."


def _covered(found: Counting) -> str:
    """How far the rights reach."""
    how = "a device wholly, or not at all" if found.coverage == "all-or-nothing" else "a part where they do not reach"
    rights, covered = wording.quantity(found.rights), wording.quantity(min(found.covered, found.total))
    return f"Rights: {rights}. They cover {covered} of {wording.quantity(found.total)}; {how}."
