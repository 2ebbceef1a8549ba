"""The record of a position: active licenses against demand."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QPushButton, QWidget

from gui import record_words, theme, wording
from gui.desk import Desk, Place
from gui.pages.record_parts import counting, parts
from gui.pages.record_parts.page import RecordPage
from gui.pages.record_parts.shape import Figure, Head, Noun
from gui.widgets.badge import badge
from gui.widgets.card import card
from gui.widgets.formula import Term, formula
from gui.widgets.layout import Part
from gui.widgets.listing import Cell, Column, Row
from gui.widgets.text import label
from rules.vocabulary import is_unlimited
from store.book import Book
from store.portraits import position, reasons, refusals
from store.portraits.position import Position, Transfer
from store.portraits.reasons import Reason
from store.portraits.shape import Link


def make(desk: Desk, key: str) -> QWidget:
    """The page of a position; its key is product|model|metric, with an empty model where there is no entitlement."""
    return RecordPage(desk, NOUN, key)


def _head(desk: Desk, _: QWidget, key: str, found: Position) -> Head:
    badges = [badge(found.status)]
    if found.entitlement is None:
        badges.append(badge("warning", "No entitlement"))
    if found.override is not None:
        badges.append(badge("info", "Overridden"))
    model = f"{wording.label(found.model)} · " if found.model else ""
    entitled = [] if found.entitlement is None else [parts.link_button(desk, found.entitlement, "Its entitlement")]
    return Head(
        icon="scale",
        kind="Position",
        name=found.name,
        badges=badges,
        ways=[
            label(f"{model}{wording.label(found.metric)} based", "muted"),
            parts.link_button(desk, Link("product", found.product, found.product)),
            *entitled,
        ],
        figures=_figures(found),
        actions=_actions(desk, key, found),
    )


def _figures(found: Position) -> list[Figure]:
    now, tone = found.figures, theme.status(found.status)[0]
    value = wording.money(found.value) or parts.NONE
    about = "no price, or no limit" if found.value is None else "balance at the unit price"
    lent = now.downgrade + now.upgrade
    moved = "received" if lent > 0 else "given" if lent < 0 else "nothing moved"
    return [
        Figure("Balance", wording.signed(now.balance), record_words.outcome(found.status), tone),
        Figure("Active", wording.quantity(now.active), "licenses in force on this day"),
        Figure("Demand", wording.quantity(now.demand), "needed"),
        Figure("By transfers", wording.signed(lent), moved),
        Figure("Balance value", value, about),
    ]


def _actions(desk: Desk, key: str, found: Position) -> list[QPushButton]:
    if found.entitlement is None:
        return []
    text = "Change override…" if found.override else "Override…"
    return parts.opener(desk, "add-compliance", key, text, "sliders-horizontal", primary=True)


def _details(desk: Desk, found: Position) -> list[Part]:
    shown: list[Part] = [_formula(found)]
    if found.override is not None:
        shown.append(card("Why the figures were typed", label(found.override.reason, wrap=True, selectable=True)))
    shown += [
        _breakdown(found),
        parts.table(
            "Transfers",
            *_transfers(desk, found.transfers),
            nothing="Nothing was given or received. The tab Why says what stood in the way.",
        ),
        parts.table("Demand", *parts.counts(found.counts), nothing="Nothing is needed, as far as anybody has counted."),
    ]
    return shown if found.counting is None else [*shown, counting.card_of(desk, found.counting)]


def _formula(found: Position) -> QWidget:
    now, was = found.figures, found.calculated
    typed = found.override
    terms = [
        _term("", "Active", now.active, was.active, typed is not None and typed.active is not None),
        _term("+", "Downgrade", now.downgrade, was.downgrade, typed is not None and typed.downgrade is not None),
        _term("+", "Upgrade", now.upgrade, was.upgrade, typed is not None and typed.upgrade is not None),
        _term(wording.MINUS, "Demand", now.demand, was.demand, typed is not None and typed.demand is not None),
        Term("=", "Balance", wording.signed(now.balance), _result(found), theme.status(found.status)[0]),
    ]
    return card("How the balance comes about", formula(terms))


def _term(sign: str, name: str, now: int, was: int, changed: bool) -> Term:
    show = wording.signed if name in ("Downgrade", "Upgrade") else wording.quantity
    return Term(sign, name, show(now), f"calculated: {show(was)}" if changed else "", changed=changed)


def _result(found: Position) -> str:
    """The status, and the balance without the override where that is another one."""
    if found.figures.balance == found.calculated.balance:
        return record_words.outcome(found.status)
    return f"calculated: {wording.signed(found.calculated.balance)}"


def _breakdown(found: Position) -> QWidget:
    figures = ("Active", "Downgrade", "Upgrade", "Demand", "Balance")
    columns = [Column("Resource group", stretches=True), *(Column(name, right=True) for name in figures)]
    rows = [
        [
            one.resource_group or Cell("Unallocated", "muted"),
            parts.count(one.active),
            _moved(one.downgrade),
            _moved(one.upgrade),
            parts.count(one.demand),
            parts.signed(one.balance),
        ]
        for one in found.parts
    ]
    return parts.table(
        "By resource group", columns, rows, nothing="No resource group has a part of it.", more=_differing(found)
    )


def _moved(units: int) -> Cell:
    return Cell(wording.signed(units), "faint" if units == 0 else "")


def _differing(found: Position) -> str:
    """What the parts do not tell by themselves."""
    told: list[str] = []
    if found.unexplained and not is_unlimited(abs(found.unexplained)):
        told.append(f"The override changes the balance by {wording.signed(found.unexplained)} beyond these parts.")
    if found.crossings:
        times = "One transfer crosses" if found.crossings == 1 else f"{found.crossings} transfers cross"
        told.append(f"{times} from one resource group to another.")
    return " ".join(told)


def _transfers(desk: Desk, shown: tuple[Transfer, ...]) -> tuple[list[Column], list[Row]]:
    columns = [
        Column("Direction"),
        Column("Other position", stretches=True),
        Column("Model"),
        Column("Kind"),
        Column("Quantity", right=True),
        Column("Right"),
        Column("Rule"),
    ]
    return columns, [
        [
            Cell("Given to", icon=("arrow-right", "muted"))
            if one.gives
            else Cell("From", icon=("arrow-left", "accent")),
            parts.linked(desk, one.other),
            wording.label(one.other_model) or Cell("No entitlement", "muted"),
            wording.label(one.kind),
            wording.signed(-one.quantity if one.gives else one.quantity),
            one.right,
            Cell(one.rule, run=parts.way(desk, Place("rulebook", one.rule))),
        ]
        for one in shown
    ]


def _reasons(book: Book, key: str) -> list[Reason]:
    return [*reasons.of_position(book, key), *refusals.moved(book, key)]


NOUN: Final = Noun("position", position.read, _reasons, _head, _details, refusals.of_position, overview="compliance")
