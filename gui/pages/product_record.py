"""The record of a product."""

from __future__ import annotations

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
from rules import formulas
from store.portraits import product, reasons
from store.portraits.product import Entitled, Product, Version


def make(desk: Desk, key: str) -> QWidget:
    """The page of a product; its key is its name."""
    return RecordPage(desk, NOUN, key)


def _head(desk: Desk, _: QWidget, key: str, found: Product) -> Head:
    support = {"supported": ("active", "Supported"), "unsupported": ("expired", "Out of support")}
    known = support.get(found.support)
    said = " · ".join(filter(None, (wording.line(found.vendor), wording.line(found.family))))
    return Head(
        icon="package",
        kind="Product",
        name=found.product,
        badges=[badge(*known)] if known else [],
        ways=[
            label(said, "muted"),
            *(parts.narrowed(desk, "products", "family", found.family, "Its family") if found.family else ()),
            *(parts.narrowed(desk, "titles", "product", found.product, "Its titles") if _requested(found) else ()),
        ],
        figures=_figures(found),
        actions=parts.opener(desk, "edit-product", key, "Edit…", "pencil", primary=True),
    )


def _requested(found: Product) -> bool:
    """Whether a title stands for it."""
    return found.authorized is not None


def _figures(found: Product) -> list[Figure]:
    active = formulas.total([one.active for one in found.positions])
    demand = sum(one.demand for one in found.positions)
    balance = formulas.total([one.balance for one in found.positions])
    tone = "negative" if balance < 0 else "positive" if balance == 0 else ""
    ends = "last day of support" if found.support_ends_on else "no end is known"
    return [
        Figure("Active", wording.quantity(active), "licenses in force on this day"),
        Figure("Demand", wording.quantity(demand), "needed"),
        Figure("Balance", wording.signed(balance), "after transfers", tone),
        *(
            [Figure("Authorized", wording.quantity(found.authorized), "units of its titles")]
            if _requested(found)
            else []
        ),
        Figure("Released", found.released_on or "Not known", ""),
        Figure("Support ends", found.support_ends_on or "Not known", ends),
    ]


def _details(desk: Desk, found: Product) -> list[Part]:
    return [
        _about(found),
        parts.table("Versions", *_versions(desk, found.versions), nothing="It belongs to no family of versions."),
        parts.table(
            "Rights", *parts.rights(found.rights), nothing="No downgrade or upgrade right reaches this product."
        ),
        parts.table("Entitlements", *_entitlements(desk, found.entitlements), nothing="No contract item licenses it."),
        parts.table(
            "Positions",
            *parts.standings(desk, found.positions),
            nothing="It has neither licenses nor demand, so there is nothing to compare.",
            more=_authorized(found),
        ),
        parts.table(
            "Demand", *parts.counts(found.counts), nothing="Nobody has counted it, and it is installed nowhere."
        ),
    ]


def _authorized(found: Product) -> str:
    """What is authorized, beside the positions."""
    if found.authorized is None:
        return ""
    units = wording.plural(found.authorized, "unit is", "units are")
    return f"{units} authorized by its titles. That is what people may use, not what is installed."


def _about(found: Product) -> QWidget:
    apart = "An entitlement of its own" if found.maintenance_separate else "Counts with the perpetual entitlement"
    return parts.beside(
        card(
            "Product",
            parts.facts(
                ("Vendor", wording.line(found.vendor)),
                ("Family", wording.line(found.family)),
                ("Edition", wording.line(found.edition)),
                ("Version", wording.line(found.version)),
            ),
            None,
        ),
        card(
            "Counting",
            parts.facts(
                ("Metric", wording.label(found.metric) or "As its contracts say"),
                ("Maintenance", apart),
            ),
            None,
        ),
    )


def _versions(desk: Desk, shown: tuple[Version, ...]) -> tuple[list[Column], list[Row]]:
    figures = [Column(name, right=True) for name in ("Active", "Demand", "Balance")]
    columns = [Column("Version", stretches=True), Column("Age"), Column("Released"), Column("Support ends"), *figures]
    return columns, [_version(desk, one) for one in shown]


def _version(desk: Desk, one: Version) -> Row:
    itself = one.place == 0
    return [
        Cell(one.product.name, "text") if itself else parts.linked(desk, one.product),
        Cell(record_words.age(one.place), "positive" if itself else "muted"),
        parts.either(one.released_on),
        parts.either(one.support_ends_on),
        parts.count(one.active),
        parts.count(one.demand),
        parts.signed(one.balance),
    ]


def _entitlements(desk: Desk, shown: tuple[Entitled, ...]) -> tuple[list[Column], list[Row]]:
    figures = [Column(name, right=True) for name in ("Quantity", "Active", "Allocated")]
    columns = [Column("Entitlement", stretches=True), Column("Model"), Column("Metric"), *figures]
    return [*columns, Column("Expiration"), Column("State")], [
        [
            parts.linked(desk, one.entitlement),
            wording.label(one.model),
            wording.label(one.metric),
            parts.count(one.quantity),
            parts.count(one.active),
            parts.count(one.allocated),
            one.expiration or Cell("Never", "muted"),
            parts.status(one.state) if one.state else Cell(record_words.outcome("archived"), "muted"),
        ]
        for one in shown
    ]


NOUN: Final = Noun("product", product.read, reasons.of_product, _head, _details, overview="products")
