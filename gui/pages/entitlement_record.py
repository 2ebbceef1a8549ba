"""The record of an entitlement."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QPushButton, QWidget

from gui import record_words, wording
from gui.desk import Desk
from gui.dialogs import entitlement as dialogs
from gui.pages.record_parts import parts
from gui.pages.record_parts.page import RecordPage
from gui.pages.record_parts.shape import Figure, Head, Noun
from gui.widgets.badge import badge
from gui.widgets.card import card
from gui.widgets.layout import Part
from gui.widgets.listing import Column
from gui.widgets.text import label
from rules.vocabulary import is_unlimited
from store.portraits import entitlement, reasons
from store.portraits.entitlement import Entitlement
from store.portraits.shape import Link
from store.records import EntitlementKey


def make(desk: Desk, key: str) -> QWidget:
    """The page of an entitlement; its key is product|model|metric."""
    return RecordPage(desk, NOUN, key)


def _head(desk: Desk, page: QWidget, key: str, found: Entitlement) -> Head:
    position = [parts.link_button(desk, one.position, "Its position") for one in found.positions]
    return Head(
        icon="key-round",
        kind="Entitlement",
        name=found.name,
        badges=[badge("archived", record_words.outcome("archived")) if found.archived else badge(found.state)],
        ways=[
            label(f"{wording.label(found.model)} · {wording.label(found.metric)} based", "muted"),
            parts.link_button(desk, Link("product", found.product, found.product)),
            *position,
        ],
        figures=_figures(found),
        actions=[] if found.archived else _actions(desk, page, key, found),
        warning=_warning(found),
    )


def _figures(found: Entitlement) -> list[Figure]:
    left = found.remaining
    rest = [
        Figure("Quantity", wording.quantity(found.quantity), "of all purchases"),
        Figure("Active", wording.quantity(found.active), "in force on this day"),
    ]
    if found.model == "maintenance":
        return rest
    short = "more than there is" if left < 0 else "not allocated"
    rest += [
        Figure("Allocated", wording.quantity(found.allocated), "to groups"),
        Figure("Remaining", wording.quantity(left), short, "negative" if left < 0 else ""),
    ]
    if found.model == "perpetual":
        rest.append(Figure("Maintained", wording.quantity(found.maintenance_quantity), "under maintenance"))
    return rest


def _actions(desk: Desk, page: QWidget, key: str, found: Entitlement) -> list[QPushButton]:
    record = EntitlementKey(found.product, found.model, found.metric)
    return [
        parts.action(desk, "Rename…", "type", lambda: dialogs.rename(desk, page, record, found.name)),
        parts.action(
            desk,
            "Responsibility…",
            "user",
            lambda: dialogs.responsible(desk, page, record, found.name, found.responsible),
        ),
        *parts.opener(desk, "edit-entitlement", key, "Edit…", "pencil", primary=True),
    ]


def _warning(found: Entitlement) -> str:
    if found.archived:
        return "No contract item feeds this entitlement any more. It is kept for its history, and counts nowhere."
    if found.remaining < 0:
        return f"{wording.quantity(-found.remaining)} more are allocated than the entitlement holds."
    if found.excess_maintenance > 0 and not is_unlimited(found.maintained):
        return f"{wording.quantity(found.excess_maintenance)} units of maintenance have no active license to cover."
    return ""


def _details(desk: Desk, found: Entitlement) -> list[Part]:
    return [
        parts.beside(_term(found), _price(found), _responsibility(found)),
        _allocations(found),
        parts.table(
            "License contracts",
            *parts.purchases(desk, found.purchases),
            nothing="No contract item feeds this entitlement any more.",
            more=parts.beyond(found.purchase_count, "purchases"),
        ),
    ]


def _term(found: Entitlement) -> QWidget:
    return card(
        "Term",
        parts.facts(
            ("License start", found.license_start or ""),
            ("Activation", found.activation or "Not yet active"),
            ("Expiration", found.expiration or ("" if found.archived else "Never")),
            ("Demand synchronized", wording.moment(found.last_demand_synchronization) or parts.NONE),
        ),
        None,
    )


def _price(found: Entitlement) -> QWidget:
    pairs = [
        ("Unit price", wording.money(found.unit_price) or "Not known"),
        ("Active licenses", _worth(found)),
    ]
    return card("Price information", parts.facts(*pairs), None, about="By the latest purchase that has a price.")


def _worth(found: Entitlement) -> str:
    if is_unlimited(found.active):
        return "Unlimited: no amount stands for it"
    return wording.money(found.value) or "Not known"


def _responsibility(found: Entitlement) -> QWidget:
    named = wording.line(found.responsible) or dialogs.FOLLOWING
    return card(
        "Responsibility",
        parts.facts(("Named for it", named), ("Managed by", wording.line(found.managed_by) or "Nobody")),
        None,
    )


def _allocations(found: Entitlement) -> QWidget:
    columns = [Column("Resource group", stretches=True), Column("User group", stretches=True)]
    rows = [
        [one.resource_group, one.user_group, parts.count(one.quantity), _share(one.quantity, found.quantity)]
        for one in found.allocations
    ]
    maintenance = "Maintenance covers licenses; it is not allocated itself."
    nothing = "Nothing is allocated yet. Edit the entitlement to set licenses aside for groups."
    return parts.table(
        "License allocations",
        [*columns, Column("Licenses", right=True), Column("Share", right=True)],
        rows,
        nothing=maintenance if found.model == "maintenance" else nothing,
        more=parts.beyond(found.allocation_count, "allocations"),
    )


def _share(part: int, whole: int) -> str:
    return parts.NONE if is_unlimited(whole) or whole == 0 else f"{part / whole:.0%}"


NOUN: Final = Noun("entitlement", entitlement.read, reasons.of_entitlement, _head, _details, overview="entitlements")
