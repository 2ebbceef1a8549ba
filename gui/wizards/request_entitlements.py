"""The entitlements of a chosen title in the request wizard: those that come along, those to choose, those that are not
offered and why.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QWidget

from gui import portal_words, wording
from gui.theme import SPACE
from gui.widgets.badge import badge
from gui.widgets.buttons import button
from gui.widgets.layout import Part, column, frame, line, row
from gui.widgets.number_field import number_field
from gui.widgets.text import label, picture
from gui.wizards.day_edit import DayEdit
from gui.wizards.fields import Field
from gui.wizards.request_state import State, Wish
from rules.vocabulary import INCLUDED, MAX_QUANTITY
from store.portal import definitions
from store.portal.records import Span
from store.portal.requests import EntitlementOffer, TitleOffer

_WIDE = 18 * SPACE


class WishPart(QWidget):
    """An entitlement that may be chosen: a box to tick, and below it quantity, start and end while it is ticked."""

    changed = Signal()

    def __init__(self, state: State, title: TitleOffer, offer: EntitlementOffer) -> None:
        super().__init__()
        self.state, self.title, self.offer = state, title.title, offer
        wish = state.wish(title.title, offer)
        self.box = QCheckBox(wording.line(offer.definition).replace("&", "&&"))
        self.box.setAccessibleName(f"{wording.line(offer.definition)} of {wording.line(title.title)}")
        self.box.setChecked(wish.wanted)
        self.box.setEnabled(not offer.locked)
        self.quantity = Field("Quantity", number_field(1, MAX_QUANTITY, wish.span.quantity))
        self.start = Field("Start", DayEdit())
        self.end = Field("End", DayEdit("No end"))
        for one, day in ((self.start, wish.span.start), (self.end, wish.span.end)):
            one.control.setText(day.isoformat() if day else "")
        for one in (self.quantity, self.start, self.end):
            one.control.setAccessibleName(f"{one.title} of {wording.line(offer.definition)}")
            one.setFixedWidth(_WIDE)
            one.changed.connect(self.keep)
        self.fields = QWidget()
        typed = row(self.quantity, self.start, self.end, None, gap=2 * SPACE)
        for one in (self.quantity, self.start, self.end):
            typed.setAlignment(one, Qt.AlignmentFlag.AlignTop)
        self.fields.setLayout(typed)
        self.box.toggled.connect(self._toggled)
        self._lay_out()

    def _lay_out(self) -> None:
        badges = [badge("included", "Comes with its title")] if self.offer.locked else []
        lock = [picture("lock", "muted")] if self.offer.locked else []
        price = label(price_of(self.offer, self.state), "strong")
        told = [label(sentence, "muted", wrap=True) for sentence in self._told()]
        inner = column(*told, self.fields, gap=SPACE, margins=(26, 0, 0, 0))
        self.setLayout(column(row(self.box, *lock, *badges, None, price), inner, gap=4))
        self.fields.setVisible(self.box.isChecked())

    def _told(self) -> Iterator[str]:
        """What is known before anything is typed."""
        if self.offer.held is not None:
            yield f"{wording.line(self.state.holder)} has {portal_words.span(self.offer.held)}."
        if self.offer.until is not None:
            yield f"May be requested until {self.offer.until.isoformat()}."

    def _toggled(self, on: bool) -> None:
        self.fields.setVisible(on)
        self.keep()
        if on:
            self.quantity.control.setFocus()

    def keep(self) -> None:
        """Put what is typed into the state; a day that is none is kept on the screen alone."""
        before = self.state.wish(self.title, self.offer).span
        held = Span(self.quantity.control.value(), self.start.control.day() or before.start, self.end.control.day())
        self.state.wishes[self.title, self.offer.definition] = Wish(self.box.isChecked(), held)
        self.changed.emit()

    def problems(self) -> Iterator[tuple[Field, str]]:
        """What is wrong with quantity and days."""
        if not self.box.isChecked():
            return
        start, end = self.start.control, self.end.control
        if start.day() is None:
            yield self.start, "Type a day, such as 2026-01-31."
        if end.text().strip() and end.day() is None:
            yield self.end, "Type a day, or nothing for no end."
        elif start.day() and end.day() and end.day() < start.day():
            yield self.end, "The end lies before the start."


class TitlePart(QFrame):
    """The card of a chosen title."""

    changed = Signal()

    def __init__(self, state: State, title: TitleOffer) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.wishes = [WishPart(state, title, one) for one in title.entitlements if one.offered]
        for one in self.wishes:
            one.changed.connect(self.changed)
        included = [one for one in title.entitlements if one.kind == INCLUDED]
        hidden = [one for one in title.entitlements if not one.offered and one.kind != INCLUDED]
        self.hidden = QWidget()
        self.hidden.setLayout(column(*(_hidden(state, title, one) for one in hidden), gap=SPACE))
        self.hidden.hide()
        self._few = f"{wording.number(len(hidden))} that cannot be requested"
        self.more = button(f"Show {self._few}", self.show_hidden, icon="eye-off", kind="link")
        if not hidden:
            self.more.hide()
        parts: list[Part] = [_head(title)]
        for one in [*map(_included, included), *self.wishes]:
            parts += [line(), one]
        if not title.entitlements:
            parts.append(label("It has no entitlements to choose.", "muted"))
        edge = 2 * SPACE
        self.setLayout(column(*parts, row(self.more, None), self.hidden, gap=12, margins=(edge, 12, edge, 12)))

    def show_hidden(self) -> None:
        """Show what is not offered, and why; or hide it again."""
        shown = self.hidden.isHidden()
        self.hidden.setVisible(shown)
        self.more.setText(f"{'Hide' if shown else 'Show'} {self._few}")

    def problems(self) -> Iterator[tuple[Field, str]]:
        """What is wrong on this card."""
        for one in self.wishes:
            yield from one.problems()


def _head(title: TitleOffer) -> Part:
    held = [badge("authorized", "AUTH")] if title.authorization else []
    return row(label(wording.line(title.title), "heading", wrap=True), *held, None)


def _included(offer: EntitlementOffer) -> QWidget:
    box = QCheckBox(f"{wording.line(offer.definition)} (included)".replace("&", "&&"))
    box.setChecked(True)
    box.setEnabled(False)
    made = QWidget()
    made.setLayout(row(box, None, label("Comes with every authorization", "muted")))
    return made


def _hidden(state: State, title: TitleOffer, offer: EntitlementOffer) -> QFrame:
    told = column(
        label(wording.line(offer.definition), "strong"),
        label(why_hidden(state, title, offer), "muted", wrap=True, selectable=True),
        gap=2,
    )
    made = row(picture("eye-off", "muted"), told, gap=12, margins=(12, SPACE, 12, SPACE))
    made.setStretch(1, 1)
    return frame("well", made)


def why_hidden(state: State, title: TitleOffer, offer: EntitlementOffer) -> str:
    """Why an entitlement is not offered, with the day and the limit."""
    said = [portal_words.reasons(offer.reasons)]
    if "not-yet-available" in offer.reasons:
        begins = definitions.read(state.desk.book, offer.definition).starts_on
        said.append(f"It may be requested from {begins} on.")
    elif offer.until is not None:
        said.append(f"The last day was {offer.until.isoformat()}.")
    if "window-closed" in offer.reasons:
        limit = definitions.read(state.desk.book, offer.definition).max_request_days or 0
        said.append(f"The window is {wording.plural(limit, 'day')} from authorization {title.authorization} on.")
    return " ".join(said)


def price_of(offer: EntitlementOffer, state: State) -> str:
    """What one of an entitlement costs."""
    currency = next((one.currency for one in state.offers().values()), "")
    return f"{wording.amount(offer.unit_price, currency)} each" if offer.unit_price is not None else "Free"
