"""The record of a title."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QWidget

from gui import wording
from gui.desk import Desk
from gui.pages.record_parts import parts
from gui.pages.record_parts.page import RecordPage
from gui.pages.record_parts.shape import Figure, Head, Noun
from gui.widgets.badge import badge
from gui.widgets.card import card
from gui.widgets.layout import Part
from gui.widgets.listing import Cell, Column, Row
from gui.widgets.text import label
from rules import formulas
from store.portraits import title
from store.portraits.title import Holder, Offer, Title


def make(desk: Desk, key: str) -> QWidget:
    """The page of a title; its key is its name."""
    return RecordPage(desk, NOUN, key)


def _head(desk: Desk, _: QWidget, key: str, found: Title) -> Head:
    record = found.record
    state = badge("orderable", "May be requested") if record.orderable else badge("hidden", "Cannot be requested")
    product = [label("Stands for", "muted"), parts.link_button(desk, found.product)] if found.product else []
    return Head(
        icon="boxes",
        kind="Title",
        name=record.title,
        badges=[state, badge("pending", "Needs approval") if record.requires_approval else badge("granted", "At once")],
        ways=[*product, *parts.narrowed(desk, "authorizations", "title", key, "Its authorizations")],
        figures=_figures(found),
        actions=[
            *parts.opener(desk, "add-definition", key, "Add entitlement…", "layers"),
            *parts.opener(desk, "edit-title", key, "Edit…", "pencil", primary=True),
        ],
    )


def _figures(found: Title) -> list[Figure]:
    price = found.record.price
    included = sum(one.kind == "included" for one in found.offers)
    return [
        Figure("Price", wording.amount(price, found.currency) if price is not None else "Free", "for one"),
        Figure("Authorized", wording.quantity(found.authorized), "units on this day"),
        *_balance(found),
        Figure("Included", wording.number(included), "entitlements come along"),
        Figure("Optional", wording.number(len(found.offers) - included), "entitlements to choose"),
    ]


def _balance(found: Title) -> list[Figure]:
    """Of the product that it stands for, as far as there is one."""
    if not found.positions:
        return []
    balance = formulas.total([one.balance for one in found.positions])
    return [Figure("Balance", wording.signed(balance), "of its product", "negative" if balance < 0 else "")]


def _details(desk: Desk, found: Title) -> list[Part]:
    return [
        _about(found),
        parts.table(
            "Entitlement definitions",
            *_offers(desk, found),
            nothing="It has no entitlements yet. Add one that comes with every authorization, or one to choose.",
        ),
        parts.table(
            "Holders",
            *_holders(desk, found.holders),
            nothing="Nobody has it yet. A request that is approved makes an authorization.",
            more=parts.beyond(found.holder_count, "holders"),
        ),
        *_position(desk, found),
    ]


def _about(found: Title) -> QWidget:
    record = found.record
    asked = "After somebody has approved it" if record.requires_approval else "At once, on the day of the request"
    return card(
        "Title",
        parts.facts(
            ("Product", record.product or "None: it stands for itself"),
            ("May be requested", "Yes" if record.orderable else "No"),
            ("Granted", asked),
            ("In the list since", found.listed_on),
        ),
    )


def _offers(desk: Desk, found: Title) -> tuple[list[Column], list[Row]]:
    columns = [
        Column("Entitlement", stretches=True),
        Column("Kind"),
        Column("Unit price", right=True),
        Column("Ends"),
        Column("State"),
        Column("Forced"),
        Column("Holders", right=True),
    ]
    return columns, [_offer(desk, found.currency, one) for one in found.offers]


def _offer(desk: Desk, currency: str, one: Offer) -> Row:
    price = wording.money(f"{one.unit_price} {currency}") if one.unit_price else ""
    return [
        parts.linked(desk, one.definition),
        wording.label(one.kind),
        parts.either(price),
        one.ends_on or Cell("Never", "muted"),
        parts.status(one.state),
        "Yes" if one.forced else "",
        parts.count(one.holders),
    ]


def _holders(desk: Desk, shown: tuple[Holder, ...]) -> tuple[list[Column], list[Row]]:
    columns = [
        Column("Holder", stretches=True),
        Column("Authorization"),
        Column("Since"),
        Column("Units", right=True),
        Column("Entitlements", right=True),
        Column("State"),
    ]
    return columns, [
        [
            wording.line(one.holder),
            parts.linked(desk, one.authorization),
            one.authorized_on,
            parts.count(one.units),
            parts.count(one.entitlements),
            parts.status(one.state),
        ]
        for one in shown
    ]


def _position(desk: Desk, found: Title) -> list[Part]:
    """What is authorized beside the positions of the product."""
    if found.product is None:
        return []
    units = wording.plural(found.authorized, "unit is", "units are")
    more = f"{units} authorized. That is what people may use, not what is installed: it is no part of the balance."
    table = parts.table(
        f"Positions of {found.product.name}",
        *parts.standings(desk, found.positions),
        nothing="The product has neither licenses nor demand, so there is nothing to compare.",
        more=more,
    )
    return [table]


NOUN: Final = Noun("title", title.read, lambda *_: (), _head, _details, overview="titles", tabs=("details", "history"))
