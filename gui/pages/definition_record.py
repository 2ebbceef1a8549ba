"""The record of an entitlement definition."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QWidget

from gui import portal_words, wording
from gui.desk import Desk
from gui.pages.record_parts import parts
from gui.pages.record_parts.page import RecordPage
from gui.pages.record_parts.shape import Figure, Head, Noun
from gui.widgets.badge import badge
from gui.widgets.card import card
from gui.widgets.layout import Part
from gui.widgets.listing import Cell, Column, Row
from gui.widgets.text import label
from rules.vocabulary import INCLUDED
from store.portraits import definition, portal_reasons
from store.portraits.definition import Definition, Held


def make(desk: Desk, key: str) -> QWidget:
    """The page of a definition; its key is its name."""
    return RecordPage(desk, NOUN, key)


def _head(desk: Desk, _: QWidget, key: str, found: Definition) -> Head:
    return Head(
        icon="layers",
        kind="Entitlement definition",
        name=found.record.definition,
        badges=[badge(found.state)],
        ways=[
            label("Included in" if found.record.kind == INCLUDED else "To choose with", "muted"),
            parts.link_button(desk, found.title),
            *([parts.link_button(desk, found.contract)] if found.contract else []),
        ],
        figures=_figures(found),
        actions=parts.opener(desk, "edit-definition", key, "Edit…", "pencil", primary=True),
    )


def _figures(found: Definition) -> list[Figure]:
    record = found.record
    price = wording.amount(record.unit_price, found.currency) if record.unit_price is not None else "Free"
    window = record.max_request_days
    return [
        Figure("Unit price", price, "for one of the quantity"),
        Figure("Last day", found.effective_end or "Never", "its own or that of its contract"),
        Figure("Window", wording.plural(window, "day") if window is not None else "Open", "after the authorization"),
        Figure("Holders", wording.number(found.held_count), "authorizations that hold it"),
    ]


def _details(desk: Desk, found: Definition) -> list[Part]:
    included = found.record.kind == INCLUDED
    return [
        parts.beside(_rules(found), _days(desk, found)),
        parts.table(
            "Who holds it",
            *_held(desk, found.held),
            nothing="It comes with every authorization of its title, without a record of its own."
            if included
            else "Nobody holds it yet. It is requested together with its title.",
            more=parts.beyond(found.held_count, "holders"),
        ),
    ]


def _rules(found: Definition) -> QWidget:
    record = found.record
    return card(
        "Requests",
        parts.facts(
            ("Kind", "Included: it comes with every authorization" if record.kind == INCLUDED else "Optional"),
            ("May be ordered", "Yes" if record.orderable else "No"),
            ("Forced", "Yes: it goes with its title" if record.forced else "No"),
            ("Newer versions", portal_words.VERSIONS[record.version_right]),
        ),
        None,
    )


def _days(desk: Desk, found: Definition) -> QWidget:
    record = found.record
    contract = parts.link_button(desk, found.contract) if found.contract else "None"
    return card(
        "Validity",
        parts.facts(
            ("First day", record.starts_on.isoformat() if record.starts_on else "Since ever"),
            ("Last day", record.ends_on.isoformat() if record.ends_on else "Never"),
            ("Contract", contract),
            ("Together", f"until {found.effective_end}" if found.effective_end else "without end"),
        ),
        None,
    )


def _held(desk: Desk, shown: tuple[Held, ...]) -> tuple[list[Column], list[Row]]:
    columns = [
        Column("Holder", stretches=True),
        Column("Authorization"),
        Column("Quantity", right=True),
        Column("Start"),
        Column("End"),
        Column("State"),
        Column("Periods", right=True),
    ]
    return columns, [
        [
            wording.line(one.holder),
            parts.linked(desk, one.authorization),
            parts.count(one.deployed.span.quantity),
            one.deployed.span.start.isoformat(),
            one.deployed.span.end.isoformat() if one.deployed.span.end else Cell("No end", "muted"),
            parts.status(one.deployed.state),
            wording.number(len(one.deployed.periods)),
        ]
        for one in shown
    ]


NOUN: Final = Noun(
    "definition",
    definition.read,
    portal_reasons.of_definition,
    _head,
    _details,
    overview="definitions",
    tabs=("details", "history", "why"),
)
