"""What is done with authorizations by hand: added, ended, an entitlement entered, a newer version taken."""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QMessageBox, QWidget

from gui import wording
from gui.desk import Desk, Place
from gui.dialogs import form, question
from gui.dialogs.form import Form
from gui.widgets.day_field import day_field, day_of
from gui.widgets.number_field import number_field
from gui.widgets.optional_day import OptionalDay
from rules.vocabulary import MAX_QUANTITY
from store import choices
from store.errors import KnownFault, Unfit
from store.portal import authorizations, versions
from store.portal.records import Authorization, Span

_BY_HAND = (
    "For what was there before, without a request and without a charge. It stands in the history as entered by hand."
)


def open_new(desk: Desk, parent: QWidget, place: Place) -> Form:
    """Ask for an authorization that no request has led to; the key may name its title."""
    name = QLineEdit(authorizations.propose_name(desk.book))
    title = form.choice([(one, wording.line(one)) for one in choices.titles(desk.book)], place.key)
    holder, since = QLineEdit(), day_field("Authorized on", desk.today)
    holder.setPlaceholderText("A device, a person or a group")
    units = number_field(1, MAX_QUANTITY, 1)

    def save() -> None:
        made = Authorization(
            name.text().strip(), str(title.currentData() or ""), holder.text().strip(), day_of(since), units.value()
        )
        if authorizations.exists(desk.book, made.authorization):
            raise Unfit(f"There is an authorization “{made.authorization}” already. Choose another name.")
        desk.do(f"Add authorization {wording.line(made.authorization)}", lambda book: authorizations.save(book, made))

    fields = [("Name", name), ("Title", title), ("Holder", holder), ("Authorized on", since), ("Units", units)]
    return form.open_(parent, "New authorization", fields, save, about=_BY_HAND)


def enter(desk: Desk, parent: QWidget, key: str) -> Form:
    """Ask for an entitlement that an authorization holds already."""
    title = authorizations.read(desk.book, key).title
    offered = form.choice([(one, wording.line(one)) for one in choices.definitions(desk.book, title)])
    quantity = number_field(1, MAX_QUANTITY, 1)
    start, end = day_field("Start", desk.today), OptionalDay("End", "No end", desk.today)

    def save() -> None:
        definition = str(offered.currentData() or "")
        if not definition:
            raise Unfit(f"“{title}” has no optional entitlements. Add a definition to it first.")
        span = Span(quantity.value(), day_of(start), end.day())
        desk.do(
            f"Enter {wording.line(definition)} for {wording.line(key)}",
            lambda book: authorizations.enter(book, key, definition, span),
        )

    fields = [("Entitlement", offered), ("Quantity", quantity), ("Start", start), ("End", end)]
    return form.open_(parent, "Enter an entitlement", fields, save, about=_BY_HAND)


def end(desk: Desk, parent: QWidget, key: str) -> Form:
    """Ask for the day from which on an authorization is ended."""
    on = day_field("Ended on", desk.today)

    def save() -> None:
        desk.do(f"End authorization {wording.line(key)}", lambda book: authorizations.end(book, key, day_of(on)))

    about = "From this day on its holder has it no more, and all entitlements on it are ended. Its history stays."
    return form.open_(
        parent, f"End authorization {wording.line(key)}", [("Ended on", on)], save, save="End", about=about
    )


def bring_back(desk: Desk, parent: QWidget, key: str) -> QMessageBox | None:
    """Take the end of an authorization back; a window says why not where that cannot be."""
    try:
        desk.do(f"Bring back authorization {wording.line(key)}", lambda book: authorizations.end(book, key, None))
    except KnownFault as fault:
        return question.tell(parent, "The authorization stays ended.", str(fault))
    return None


def take(desk: Desk, parent: QWidget, key: str, title: str) -> QMessageBox:
    """Ask whether a newer version shall be taken for free."""

    def run() -> None:
        try:
            desk.do(
                f"Take {wording.line(title)} for {wording.line(key)}",
                lambda book: versions.take(book, key, title, desk.today),
            )
        except KnownFault as fault:
            question.tell(parent, "The version was not taken.", str(fault))

    more = "The authorization is for this title from then on, and keeps its entitlements. Nothing is charged."
    return question.ask(parent, f"Take “{wording.line(title)}” for free?", more, "Take", run)
