"""The record of a license contract."""

from __future__ import annotations

from functools import partial
from typing import Final

from PySide6.QtWidgets import QWidget

from gui import record_words, wording
from gui.desk import Desk
from gui.pages.record_parts import parts
from gui.pages.record_parts.page import RecordPage
from gui.pages.record_parts.shape import Figure, Head, Noun
from gui.widgets.badge import badge
from gui.widgets.card import card
from gui.widgets.layout import Part
from gui.widgets.listing import Cell, Column, Row
from gui.widgets.text import label
from gui.widgets.timeline import KINDS
from store.portraits import contract, reasons
from store.portraits.contract import Contract
from store.portraits.shape import Event, Purchase


def make(desk: Desk, key: str) -> QWidget:
    """The page of a contract; its key is its number."""
    return RecordPage(desk, NOUN, key)


def _head(desk: Desk, _: QWidget, key: str, found: Contract) -> Head:
    return Head(
        icon="file-text",
        kind="Manual entitlement" if found.manual else "License contract",
        name=found.name or found.contract,
        badges=[_badge(found)],
        ways=[
            label(" · ".join(filter(None, (found.contract, wording.line(found.supplier)))), "muted"),
            *parts.narrowed(desk, "entitlements", "contract", key, "Its entitlements"),
        ],
        figures=_figures(desk, found),
        actions=parts.opener(desk, "edit-contract", key, "Edit…", "pencil", primary=True),
        warning="The invoice date is not known; the day of the import stands in for it."
        if found.invoice_date_defaulted
        else "",
    )


def _badge(found: Contract) -> QWidget:
    if found.running:
        return badge("active", "In force")
    return badge("expired", "Nothing in force")


def _figures(desk: Desk, found: Contract) -> list[Figure]:
    unpriced = f"{wording.number(found.unpriced)} without a price or limit" if found.unpriced else "of all items"
    days = "" if found.next_end is None else f"last valid day after {desk.as_of.isoformat()}"
    return [
        Figure("Total costs", wording.money(found.total) or "Not known", unpriced),
        Figure("Items", wording.number(found.item_count), f"{wording.number(found.running)} in force on this day"),
        Figure("Invoice date", found.invoice_date, "taken from the import" if found.invoice_date_defaulted else ""),
        Figure("Next end", found.next_end or "None", days),
    ]


def _details(desk: Desk, found: Contract) -> list[Part]:
    items = _items(desk, found)
    events = parts.table("Events", *_events(found.events), nothing="No event is in the calendar for this contract.")
    return [parts.beside(_parties(found), _numbers(found)), items, events]


def _parties(found: Contract) -> QWidget:
    return card(
        "Parties and days",
        parts.facts(
            ("Supplier", wording.line(found.supplier)),
            ("Customer", wording.line(found.customer)),
            ("Currency", found.currency),
            ("Notice date", found.notice_date or ""),
        ),
        None,
    )


def _numbers(found: Contract) -> QWidget:
    return card(
        "Numbers",
        parts.facts(
            ("Contract ID", wording.line(found.contract)),
            ("Invoice", wording.line(found.invoice_number)),
            ("Purchase order", wording.line(found.purchase_order_number)),
            ("Sales order", wording.line(found.sales_order_number)),
            ("Quote", wording.line(found.quote_number)),
        ),
        None,
    )


def _items(desk: Desk, found: Contract) -> QWidget:
    columns = [
        Column("Item"),
        Column("Feeds entitlement", stretches=True),
        Column("Model"),
        Column("SKU"),
        Column("Quantity", right=True),
        Column("Term"),
        Column("Unit price", right=True),
        Column("Price", right=True),
        Column("In force"),
    ]
    return parts.table(
        f"Contract items, prices in {found.currency}",
        columns,
        [_item(desk, one) for one in found.items],
        nothing="This contract has no items yet. Edit it to add some.",
        more=parts.beyond(found.item_count, "items"),
    )


def _item(desk: Desk, one: Purchase) -> Row:
    return [
        one.item,
        parts.linked(desk, one.entitlement),
        wording.label(one.model),
        parts.either(one.sku),
        parts.count(one.quantity),
        record_words.lasting(one.license_start, one.license_end),
        parts.either(_amount(one.unit_price)),
        parts.either(_amount(one.price)),
        Cell("Yes", "positive", ("check", "positive")) if one.in_force else Cell("No", "muted"),
    ]


def _amount(money: str | None) -> str:
    """An amount under a title that has the currency."""
    return wording.money(money).rpartition(" ")[0]


def _events(shown: tuple[Event, ...]) -> tuple[list[Column], list[Row]]:
    columns = [Column("Day"), Column("Event"), Column("About", stretches=True), Column("Item"), Column("Made by")]
    return columns, [list(map(partial(_event, one), range(len(columns)))) for one in shown]


def _event(one: Event, place: int) -> Cell:
    meaning, icon = KINDS[one.kind]
    about = record_words.ahead(one.lead).capitalize() if one.lead >= 0 else wording.line(one.name)
    made_by = Cell(one.rule, "muted") if one.rule else Cell("You")
    cells = (Cell(one.day), Cell(record_words.outcome(one.kind), "", (icon, meaning)), Cell(about))
    return (*cells, parts.either(one.item), made_by)[place]


NOUN: Final = Noun("contract", contract.read, reasons.of_contract, _head, _details, overview="contracts")
