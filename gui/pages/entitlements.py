"""The overview of entitlements: those of contracts follow their items, manual ones are added and removed here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtWidgets import QWidget

from gui import wording
from gui.desk import Desk, Place
from gui.dialogs import question
from gui.pages import going, removing
from gui.tables.actions import PageAction
from gui.tables.overview import OverviewPage
from store import entitlements
from store.overviews import Ask
from store.records import EntitlementKey


def make(desk: Desk) -> QWidget:
    """The page. Most entitlements come from contract items, so adding one is adding a contract first of all."""
    page = OverviewPage(
        desk,
        "entitlements",
        [
            *going.to(desk, "edit", "pencil", "edit-entitlement", "F2"),
            PageAction("remove", "trash-2", "Del", lambda keys: _ask_to_remove(page, keys), "some"),
            *going.to(desk, "add-contract", "plus", "add-contract", "Ins", "none"),
            *going.to(desk, "add-entitlement", "key-round", "add-entitlement", "Alt+Ins", "none"),
            *going.rows_of(desk, lambda: page, "scale", "compliance", "product", "product"),
            *going.rows_of(desk, lambda: page, "file-text", "contracts", "product", "product"),
        ],
        sort="product",
    )
    page.activated.connect(going.opener(desk, "entitlement"))
    return page


@dataclass
class _Chosen:
    """The selected entitlements, told apart by what can be done about them."""

    manual: list[dict[str, Any]]
    of_contracts: list[dict[str, Any]]
    archived: list[dict[str, Any]]


def _ask_to_remove(page: OverviewPage, keys: list[str]) -> None:
    """Manual ones can be removed; the others say where they come from."""
    chosen, book = _Chosen([], [], []), page.desk.book
    for row in page.records(keys):
        key = _key(row)
        manual, fed = entitlements.is_manual(book, key), entitlements.is_fed(book, key)
        (chosen.manual if manual else chosen.of_contracts if fed else chosen.archived).append(row)
    if chosen.manual:
        _ask(page, chosen)
    elif chosen.of_contracts:
        _explain(page, chosen.of_contracts)
    elif chosen.archived:
        told = _several(chosen.archived, "{} is archived.", "Each of these {} entitlements is archived.")
        page.question = question.tell(page, told, "It has no purchases any more, and is kept for its history alone.")


def _key(row: dict[str, Any]) -> EntitlementKey:
    return EntitlementKey(row["product"], row["model"], row["metric"])


def _several(rows: list[dict[str, Any]], one: str, many: str) -> str:
    """A sentence about one entitlement by its name, or about several by their number."""
    return one.format(wording.line(rows[0]["name"])) if len(rows) == 1 else many.format(wording.number(len(rows)))


def _ask(page: OverviewPage, chosen: _Chosen) -> None:
    what = _several(chosen.manual, "Remove {}", "Remove {} manual entitlements")
    kept = []
    if chosen.of_contracts:
        of = _several(chosen.of_contracts, "{} comes", "{} others come")
        kept.append(f"{of} from license contracts and will stay; remove the contract items instead.")
    if chosen.archived:
        kept.append(_several(chosen.archived, "{} is archived and stays.", "{} archived ones stay."))
    page.question = question.ask(
        page,
        f"{what}?",
        " ".join(["The licenses that were added by hand go with their events. You can undo this.", *kept]),
        "Remove",
        lambda: removing.remove(
            page,
            what,
            [_key(row) for row in chosen.manual],
            lambda book, key, confirmed: entitlements.remove(book, key, confirmed=confirmed),
        ),
    )


def _explain(page: OverviewPage, rows: list[dict[str, Any]]) -> None:
    """Entitlements follow contracts: what can be removed is the items that feed them."""
    products = {row["product"] for row in rows}
    ways = {}
    if len(products) == 1 and "contracts" in page.desk.reaches:
        place = Place("contracts", ask=Ask(where=(("product", products.pop()),)))
        ways["Show the contracts"] = lambda: page.desk.go(place)
    page.question = question.tell(
        page,
        _several(rows, "{} comes from license contracts.", "These {} entitlements come from license contracts."),
        "An entitlement is there for as long as a contract item feeds it. Remove these items, or change their product,"
        " model or metric, and it goes by itself.",
        **ways,
    )
