"""The overviews of the request portal: titles and what they offer, who has what, requests, approvals, charges."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget

from gui import wording
from gui.desk import Desk, Place
from gui.dialogs import credit, question
from gui.pages import going
from gui.tables.actions import PageAction
from gui.tables.overview import OverviewPage
from store.book import Book
from store.errors import KnownFault
from store.portal import authorizations, definitions, requests, titles

_REMOVED = "You can undo this. What is used by something else cannot be removed, and says so."


def make_titles(desk: Desk) -> QWidget:
    """The page of titles."""
    page = OverviewPage(
        desk,
        "titles",
        [
            *going.to(desk, "edit", "pencil", "edit-title", "F2"),
            PageAction("remove", "trash-2", "Del", lambda keys: _ask(page, "title", keys, titles.remove), "some"),
            *going.to(desk, "add-title", "plus", "add-title", "Ins", "none"),
            *going.to(desk, "add-definition", "layers", "add-definition"),
            *going.rows_of(desk, lambda: page, "layers", "definitions", "title", "title"),
            *going.rows_of(desk, lambda: page, "badge-check", "authorizations", "title", "title"),
            *going.rows_of(desk, lambda: page, "clipboard-list", "requests", "title", "title"),
        ],
        sort="title",
        aside=("version", "released_on"),
    )
    page.activated.connect(going.opener(desk, "title"))
    return page


def make_definitions(desk: Desk) -> QWidget:
    """The page of entitlement definitions."""
    page = OverviewPage(
        desk,
        "definitions",
        [
            *going.to(desk, "edit", "pencil", "edit-definition", "F2"),
            PageAction(
                "remove", "trash-2", "Del", lambda keys: _ask(page, "definition", keys, definitions.remove), "some"
            ),
            *going.to(desk, "add-definition", "plus", "add-definition", "Ins", "none"),
            *going.rows_of(desk, lambda: page, "boxes", "titles", "title", "title"),
            *going.rows_of(desk, lambda: page, "calendar-clock", "deployed", "definition", "definition"),
        ],
        sort="definition",
        aside=("orderable", "starts_on", "ends_on"),
    )
    page.activated.connect(going.opener(desk, "definition"))
    return page


def make_authorizations(desk: Desk) -> QWidget:
    """The page of authorizations."""
    page = OverviewPage(
        desk,
        "authorizations",
        [
            PageAction("request-for-holder", "clipboard-list", "F2", lambda keys: _request(page, keys), "one"),
            PageAction(
                "remove",
                "trash-2",
                "Del",
                lambda keys: _ask(page, "authorization", keys, authorizations.remove),
                "some",
            ),
            *going.to(desk, "add-authorization", "plus", "add-authorization", "Ins", "none"),
            *going.rows_of(desk, lambda: page, "boxes", "titles", "title", "title"),
            *going.rows_of(desk, lambda: page, "calendar-clock", "deployed", "authorization", "authorization"),
            *going.rows_of(desk, lambda: page, "clipboard-list", "requests", "holder", "holder"),
        ],
        sort="holder",
    )
    page.activated.connect(going.opener(desk, "authorization"))
    return page


def make_deployed(desk: Desk) -> QWidget:
    """The page of deployed entitlements: what authorizations hold on top of their titles."""
    page = OverviewPage(
        desk,
        "deployed",
        [
            PageAction("request-renewal", "clipboard-list", "F2", lambda keys: _request(page, keys), "one"),
            *going.rows_of(desk, lambda: page, "layers", "definitions", "definition", "definition"),
            *going.rows_of(desk, lambda: page, "badge-check", "authorizations", "authorization", "authorization"),
        ],
        sort="end",
        aside=("reasons",),
    )
    page.activated.connect(lambda key: _open(page, key, "authorization", "authorization"))
    return page


def make_requests(desk: Desk) -> QWidget:
    """The page of requests, a row for each line."""
    page = OverviewPage(
        desk,
        "requests",
        [
            *_deciding(lambda: page),
            *going.to(desk, "add-request", "plus", "add-request", "Ins", "none"),
            *going.rows_of(desk, lambda: page, "boxes", "titles", "title", "title"),
            *going.rows_of(desk, lambda: page, "badge-check", "authorizations", "holder", "holder"),
            *going.rows_of(desk, lambda: page, "coins", "charges", "request", "request"),
        ],
        aside=("kind", "start", "end", "decided_on"),
    )
    page.activated.connect(lambda key: _open(page, key, "request", "request"))
    return page


def make_approvals(desk: Desk) -> QWidget:
    """The inbox of approvals: lines that wait, each with what it would lead to today."""
    page = OverviewPage(
        desk,
        "approvals",
        [
            *_deciding(lambda: page),
            PageAction(
                "open-request", "clipboard-list", "", lambda keys: _open(page, keys[0], "request"), "one", False
            ),
            *going.rows_of(desk, lambda: page, "badge-check", "authorizations", "holder", "holder"),
        ],
        aside=("kind", "start", "end"),
    )
    page.activated.connect(lambda key: _decide(page, [key]))
    return page


def make_charges(desk: Desk) -> QWidget:
    """The ledger of charges."""
    page = OverviewPage(
        desk,
        "charges",
        [
            PageAction("give-back", "coins", "F2", lambda keys: _give_back(page, keys), "one"),
            *going.rows_of(desk, lambda: page, "clipboard-list", "requests", "request", "request"),
        ],
        aside=("rule", "quantity"),
    )
    page.activated.connect(lambda key: _open(page, key, "request"))
    return page


def _deciding(page: Callable[[], OverviewPage]) -> list[PageAction]:
    """What can be done with a line that waits; the page is there when it is."""
    return [
        PageAction("decide", "shield-check", "F2", lambda keys: _decide(page(), keys), "one"),
        PageAction("withdraw", "undo-2", "Del", lambda keys: _ask_to_withdraw(page(), keys), "some"),
    ]


# --------------------------------------------------------------------------------------------------------------- going
def _row(page: OverviewPage, key: str) -> dict[str, Any]:
    return page.records([key])[0]


def _open(page: OverviewPage, key: str, noun: str, field: str = "") -> None:
    """Open the record that a field of a row names."""
    if noun in page.desk.reaches:
        page.desk.go(Place(noun, _row(page, key)[field or noun]))


def _request(page: OverviewPage, keys: list[str]) -> None:
    """Request more for the holder of a row, beginning with its title."""
    row = _row(page, keys[0])
    page.desk.go(Place("add-request", row["holder"], row["title"]))


def _decide(page: OverviewPage, keys: list[str]) -> None:
    row = _row(page, keys[0])
    page.desk.go(Place("decide-request", row["request"], row["line"]))


# ----------------------------------------------------------------------------------------------------------- removing
def _ask(page: OverviewPage, noun: str, keys: list[str], remove: Callable[[Book, str], None]) -> None:
    named = f"{noun} {wording.line(keys[0])}" if len(keys) == 1 else f"{wording.number(len(keys))} {noun}s"
    what = f"Remove {named}"
    page.question = question.ask(page, f"{what}?", _REMOVED, "Remove", lambda: _remove(page, what, keys, remove))


def _remove(page: OverviewPage, what: str, keys: list[str], remove: Callable[[Book, str], None]) -> None:
    try:
        page.desk.do(what, lambda book: [remove(book, key) for key in keys])
    except KnownFault as fault:
        page.question = question.tell(page, "Nothing was removed.", str(fault))


def _ask_to_withdraw(page: OverviewPage, keys: list[str]) -> None:
    rows = page.records(keys)
    named = wording.plural(len(rows), "line")
    page.question = question.ask(
        page,
        f"Withdraw {named} of {', '.join(dict.fromkeys(row['request'] for row in rows))}?",
        "Only who has made a request can withdraw what waits of it. Entitlements go with their title.",
        "Withdraw",
        lambda: _withdraw(page, rows, f"Withdraw {named}"),
    )


def _withdraw(page: OverviewPage, rows: list[dict[str, Any]], what: str) -> None:
    lines: dict[str, list[str]] = {}
    for row in rows:
        lines.setdefault(row["request"], []).append(row["line"])
    try:
        page.desk.do(what, lambda book: [requests.withdraw(book, *each) for each in lines.items()])
    except KnownFault as fault:
        page.question = question.tell(page, "Nothing was withdrawn.", str(fault))


def _give_back(page: OverviewPage, keys: list[str]) -> None:
    row = _row(page, keys[0])
    page.question = credit.open_(page.desk, page, row["request"], row["line"], row["amount"])
