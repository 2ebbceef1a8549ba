"""The record of an authorization: who may use what, and every entitlement on top of it with all of its periods."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QPushButton, QWidget

from gui import portal_words, wording
from gui.desk import Desk, Place
from gui.dialogs import authorization as dialogs
from gui.pages.record_parts import parts
from gui.pages.record_parts.page import RecordPage
from gui.pages.record_parts.shape import Figure, Head, Noun
from gui.widgets.badge import badge
from gui.widgets.card import card
from gui.widgets.layout import Part
from gui.widgets.listing import Cell, Column, Row
from gui.widgets.text import label
from rules.vocabulary import ACTIVE
from store.portal.records import Deployed
from store.portraits import authorization, periods, portal_reasons
from store.portraits.authorization import Asked, Authorization
from store.portraits.shape import Link


def make(desk: Desk, key: str) -> QWidget:
    """The page of an authorization; its key is its name."""
    return RecordPage(desk, NOUN, key)


def _head(desk: Desk, page: QWidget, key: str, found: Authorization) -> Head:
    record = found.record
    return Head(
        icon="badge-check",
        kind=f"Authorization {wording.line(key)}",
        name=f"{wording.line(record.holder)} · {wording.line(record.title)}",
        badges=[badge(found.state)],
        ways=[
            label(portal_words.HOW.get(found.how, found.how), "muted"),
            parts.link_button(desk, found.title),
        ],
        figures=[
            Figure("Units", wording.number(record.units), "may be used"),
            Figure("Since", record.authorized_on.isoformat(), "the day of the authorization"),
            Figure("Entitlements", wording.number(_active(found)), "in force on this day"),
            Figure("Free versions", wording.number(len(found.versions)), "newer ones to take"),
        ],
        actions=_actions(desk, page, key, found),
        warning=f"It was ended on {found.ended_on}. What was deployed on it is kept for its history."
        if found.ended_on
        else "",
    )


def _active(found: Authorization) -> int:
    return sum(one.state == ACTIVE for one in found.deployed) + len(found.included)


def _actions(desk: Desk, page: QWidget, key: str, found: Authorization) -> list[QPushButton]:
    if found.ended_on:
        return [parts.action(desk, "Take the end back", "rotate-ccw", lambda: dialogs.bring_back(desk, page, key))]
    request = parts.way(desk, Place("add-request", found.record.holder, found.record.title))
    newest = found.versions[0].title if found.versions else ""
    take = parts.action(desk, "Take newer version…", "arrow-up", lambda: dialogs.take(desk, page, key, newest))
    return [
        *([take] if newest else []),
        parts.action(desk, "End…", "circle-slash", lambda: dialogs.end(desk, page, key)),
        parts.action(desk, "Enter entitlement…", "layers", lambda: dialogs.enter(desk, page, key)),
        *([parts.action(desk, "Request…", "plus", request, primary=True)] if request else []),
    ]


def _details(desk: Desk, found: Authorization) -> list[Part]:
    return [
        parts.table(
            "Entitlements",
            *_deployed(desk, found.deployed),
            nothing="Nothing is deployed on top of it. Request an entitlement together with the title.",
        ),
        parts.beside(_included(desk, found), _versions(desk, found)),
        parts.table(
            "Requests",
            *_asked(desk, found.asked),
            nothing="No request has led to it: it was entered by hand.",
        ),
    ]


def _deployed(desk: Desk, shown: tuple[Deployed, ...]) -> tuple[list[Column], list[Row]]:
    columns = [
        Column("Entitlement", stretches=True),
        Column("Quantity", right=True),
        Column("Start"),
        Column("End"),
        Column("State"),
        Column("Periods", right=True),
        Column("Request"),
    ]
    return columns, [
        [
            parts.linked(desk, Link("definition", one.definition, one.definition)),
            parts.count(one.span.quantity),
            one.span.start.isoformat(),
            one.span.end.isoformat() if one.span.end else Cell("No end", "muted"),
            parts.status(one.state),
            wording.number(len(one.periods)),
            _request(desk, one.periods[-1].line),
        ]
        for one in shown
    ]


def _request(desk: Desk, line: str) -> Cell:
    number = line.rpartition("|")[0]
    return parts.linked(desk, Link("request", number, number)) if number else Cell("Entered", "muted")


def _included(desk: Desk, found: Authorization) -> QWidget:
    shown: list[Part] = [parts.link_button(desk, one) for one in found.included]
    return card("Included", *(shown or [label("Nothing comes with the title on this day.", "muted")]), None)


def _versions(desk: Desk, found: Authorization) -> QWidget:
    shown = [
        parts.flowing(
            parts.link_button(desk, Link("title", one.title, one.title)),
            label(f"released on {one.released_on.isoformat()}, by {wording.line(one.definition)}", "muted"),
        )
        for one in found.versions
    ]
    nothing = label("No newer version is free by its entitlements.", "muted", wrap=True)
    return card("Newer versions for free", *(shown or [nothing]), None)


def _asked(desk: Desk, shown: tuple[Asked, ...]) -> tuple[list[Column], list[Row]]:
    columns = [
        Column("Request"),
        Column("Line"),
        Column("Asked for", stretches=True),
        Column("On"),
        Column("Charge", right=True),
        Column("Outcome"),
    ]
    return columns, [
        [
            parts.linked(desk, one.request),
            one.line,
            wording.line(one.what),
            one.submitted_on,
            parts.either(wording.money(one.amount)),
            parts.status(one.outcome),
        ]
        for one in shown
    ]


NOUN: Final = Noun(
    "authorization",
    authorization.read,
    portal_reasons.of_authorization,
    _head,
    _details,
    overview="authorizations",
    timeline=periods.timeline,
)
