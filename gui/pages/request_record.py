"""The record of a request: its lines with what became of them, or what would become of them."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QPushButton, QWidget

from gui import portal_words, wording
from gui.desk import Desk, Place
from gui.dialogs import approval
from gui.pages.record_parts import parts
from gui.pages.record_parts.page import RecordPage
from gui.pages.record_parts.shape import Figure, Head, Noun
from gui.theme import SPACE
from gui.widgets import line_effects
from gui.widgets.badge import badge
from gui.widgets.layout import Part, row
from gui.widgets.text import label, picture
from store.portal.records import Effect
from store.portraits import portal_reasons, request
from store.portraits.request import Line, Request
from store.portraits.shape import Link


def make(desk: Desk, key: str) -> QWidget:
    """The page of a request; its key is its number."""
    return RecordPage(desk, NOUN, key)


def _head(desk: Desk, page: QWidget, key: str, found: Request) -> Head:
    record, waiting = found.record, len(found.waiting)
    done = badge("granted", "Decided")
    return Head(
        icon="clipboard-list",
        kind="Request",
        name=record.request,
        badges=[badge("pending", f"{wording.plural(waiting, 'line')} pending") if waiting else done],
        ways=[
            label(
                f"For {wording.line(record.holder)} · requested by {wording.line(record.requester)}"
                f" on {record.submitted_on.isoformat()}",
                "muted",
            ),
            *parts.narrowed(desk, "authorizations", "holder", record.holder, "What the holder has"),
        ],
        figures=_figures(found),
        actions=_actions(desk, page, key, found) if waiting else [],
        warning=_warning(found),
    )


def _figures(found: Request) -> list[Figure]:
    charged = [one.charged for one in found.lines if one.charged is not None]
    total = wording.amount(sum(charged[1:], charged[0]), found.currency) if charged else "Nothing"
    return [
        Figure("Lines", wording.number(len(found.lines)), "titles and entitlements"),
        Figure("Pending", wording.number(len(found.waiting)), "wait for an approver"),
        Figure("Charged", total, "so far"),
        Figure("Would be charged", portal_words.total([one.effect for one in found.waiting]), "if approved today"),
    ]


def _warning(found: Request) -> str:
    if found.waiting and found.mine:
        return "You have made this request yourself. Somebody else has to approve it; you can withdraw it."
    return ""


def _actions(desk: Desk, page: QWidget, key: str, found: Request) -> list[QPushButton]:
    if found.mine:
        return [parts.action(desk, "Withdraw…", "undo-2", lambda: approval.ask_to_withdraw(desk, page, key))]
    run = parts.way(desk, Place("decide-request", key))
    return [parts.action(desk, "Decide…", "shield-check", run, primary=True)] if run else []


def _details(desk: Desk, found: Request) -> list[Part]:
    effects = [one.effect for one in found.lines]
    known = {one.effect.line: one for one in found.lines}
    on = max([desk.today, found.record.submitted_on])
    return list(line_effects.cards(effects, on, below=lambda effect: _told(desk, known[effect.line])))


def _told(desk: Desk, line: Line) -> list[Part]:
    """The decision on a line, what was given back, and where it has led to."""
    made: list[Part] = []
    if line.decision is not None:
        made.append(_said("user", portal_words.decision(line.decision)))
    if line.credited is not None:
        made.append(_said("coins", f"{wording.amount(line.credited, line.effect.currency)} given back."))
    link = _authorization(desk, line.effect)
    return [*made, link] if link else made


def _said(icon: str, sentence: str) -> Part:
    made = row(picture(icon, "muted"), label(sentence, wrap=True, selectable=True), gap=SPACE)
    made.setStretch(1, 1)
    return made


def _authorization(desk: Desk, effect: Effect) -> Part:
    """The way to the authorization that a line has led to."""
    if not effect.authorization or effect.step == "pending":
        return None
    link = Link("authorization", effect.authorization, f"Authorization {effect.authorization}")
    return row(parts.link_button(desk, link), None)


NOUN: Final = Noun(
    "request",
    request.read,
    portal_reasons.of_request,
    _head,
    _details,
    overview="requests",
    tabs=("details", "history", "why"),
)
