"""The summary of a contract: what is about to be stored, and everything that follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QLabel, QWidget

from gui import wording
from gui.theme import SPACE
from gui.widgets.layout import clear, column, frame
from gui.widgets.text import label
from gui.wizards import effects, notes
from gui.wizards.base import Page, Problem
from gui.wizards.contract_state import State
from gui.wizards.item_table import shown
from store import advice, drafts
from store.drafts import Draft
from store.imports.finding import WARNING
from store.previews import Preview

_MOST: Final = 40
"""Lines of a table that are shown; the rest is counted."""


class SummaryPage(Page):
    """Contract, items, effects on entitlements, positions and events."""

    sums_up = True

    def __init__(self, state: State) -> None:
        super().__init__("Summary", "Summary", "Nothing is stored yet. This is what will be in the book.")
        self.state = state
        self.parts = QWidget()
        self.parts.setLayout(column(gap=2 * SPACE))
        self.confirm = QCheckBox("Store it all the same")
        self.asked = label("", wrap=True)
        self.question = frame("message", column(self.asked, self.confirm, margins=(12, SPACE, 12, SPACE)))
        self.question.setProperty("severity", "warning")
        self.preview: Preview | str = ""
        self.fill(self.question, self.parts)

    def arrive(self) -> None:
        """Say everything."""
        self.preview = self.state.preview()
        told = self.preview.confirm if isinstance(self.preview, Preview) else ""
        self.asked.setText(told)
        self.confirm.setChecked(False)
        self.question.setVisible(bool(told))
        clear(self.parts.layout())
        for part in self._cards():
            self.parts.layout().addWidget(part)
        if isinstance(self.preview, str):
            self.said.say(self.preview, "warning")

    def problems(self) -> Iterator[Problem]:
        """What must be confirmed first."""
        if isinstance(self.preview, str):
            yield None, self.preview
        elif self.preview.confirm and not self.confirm.isChecked():
            yield None, "Release allocations first, or tick that it shall be stored all the same."
        self.state.confirmed = self.confirm.isChecked()

    # ----------------------------------------------------------------------------------------------------------- cards
    def _cards(self) -> Iterator[QFrame]:
        changes = list(_changes(self.state)) if self.state.number else []
        if changes:
            yield _card("What you have changed", _table(("", "Before", "Now"), changes))
        yield _card("Contract", _pairs(_contract(self.state)))
        yield self._items()
        found = list(self._thoughts())
        if found:
            thoughts = notes.Notes()
            thoughts.show_notes(found)
            yield _card("Worth a thought", thoughts)
        if isinstance(self.preview, Preview):
            yield from _effects(self.preview)

    def _items(self) -> QFrame:
        count = len(self.state.items)
        if not count:
            return _card(
                "Items", label("None. The contract can be stored without items, and get them later on.", "muted")
            )
        names = ("item", "product", "model", "metric", "quantity", "license_start", "license_end", "unit_price")
        rows = [[shown(name, item.texts.get(name, "")) for name in names] for item in self.state.items]
        titles = [wording.heading(name) if name != "item" else "No." for name in names]
        currency = self.state.contract.get("currency", "")
        total = effects.money(self.state.total(), currency.upper())
        return _card(f"Items ({wording.number(count)}), {total} in total", _table(titles, rows, right=(4, 7)))

    def _thoughts(self) -> Iterator[notes.Note]:
        contract, _ = drafts.contract(self.state.contract)
        for finding in advice.on_contract(self.state.desk.book, contract, self.state.as_of) if contract else ():
            yield notes.of_severity(finding.severity, f"{wording.heading(finding.place)}: {finding.message}")
        whole = self.state.whole()
        for item in whole.items if whole else ():
            for finding in (one for one in advice.on_item(item, self.state.as_of) if one.severity == WARNING):
                yield notes.of_severity(finding.severity, f"Item {item.item}, {item.product}: {finding.message}")
        if isinstance(self.preview, Preview):
            for sentence in effects.over_allocated(self.preview.entitlements):
                yield notes.of_severity("warning", sentence)
        for product in whole.products if whole else ():
            yield "sparkles", "accent", f"The product “{product.product}” is added to the book."


def _contract(state: State) -> Iterator[tuple[str, str]]:
    for name in ("contract", *(name for name in drafts.CONTRACT if name != "contract")):
        text = state.contract.get(name, "").strip()
        if text:
            yield wording.heading(name), wording.line(text)


def _changes(state: State) -> Iterator[tuple[str, str, str]]:
    """What is other than it was when the wizard opened: fields of the contract, then of its items."""
    contract, items = state.first
    for name in drafts.CONTRACT:
        old, new = contract.get(name, ""), state.contract.get(name, "").strip()
        if old != new:
            yield wording.heading(name), old or NONE, new or NONE
    before = {item.texts["item"]: item.texts for item in items}
    now = {item.texts["item"]: item.texts for item in state.items}
    for number in [*before, *(number for number in now if number not in before)]:
        yield from _item_changes(number, before.get(number), now.get(number))


def _item_changes(number: str, old: Draft | None, new: Draft | None) -> Iterator[tuple[str, str, str]]:
    if old is None or new is None:
        texts = old or new or {}
        what = ", ".join(shown(name, texts.get(name, "")) for name in ("product", "model", "metric", "quantity"))
        yield f"Item {number}", *((what, "removed") if old else (NONE, what))
        return
    for name in drafts.ITEM:
        if old.get(name, "") != new.get(name, ""):
            title = f"Item {number}, {wording.heading(name)[:1].lower()}{wording.heading(name)[1:]}"
            yield title, *(shown(name, texts.get(name, "")) or NONE for texts in (old, new))


NONE: Final = "\N{EN DASH}"


def _effects(preview: Preview) -> Iterator[QFrame]:
    entitlements = [(one.name, *effects.on_entitlement(one)) for one in preview.entitlements]
    if entitlements:
        yield _card("Entitlements", _table(("Entitlement", "", "What changes"), entitlements))
    positions = [effects.position(one) for one in preview.positions]
    if positions:
        yield _card("Compliance", _table(("Position", "Now", "Then"), positions))
    made = [(one.after.isoformat(), effects.event(one)) for one in preview.events if one.after and not one.before]
    moved = [one for one in preview.events if one.before]
    if made:
        yield _card(f"Events that are made ({len(made)})", _table(("Day", "Event"), sorted(made)))
    if moved:
        rows = [
            (
                one.before.isoformat(),
                one.after.isoformat() if one.after else "goes",
                f"{effects.event(one)}, {one.contract}",
            )
            for one in moved
            if one.before
        ]
        yield _card(f"Events that change ({len(rows)})", _table(("Day", "Then", "Event"), sorted(rows)))
    if not (entitlements or positions or preview.events):
        yield _card("Effects", label("Entitlements, positions and events stay as they are.", "muted"))


def _card(heading: str, inner: QWidget) -> QFrame:
    edge = 2 * SPACE
    return frame(
        "card", column(label(heading, "heading"), SPACE // 2, inner, gap=SPACE // 2, margins=(edge, 12, edge, 12))
    )


def _pairs(pairs: Iterator[tuple[str, str]]) -> QWidget:
    made, box = QWidget(), QGridLayout()
    box.setContentsMargins(0, 0, 0, 0)
    box.setHorizontalSpacing(2 * SPACE)
    box.setVerticalSpacing(SPACE // 2)
    for number, (name, text) in enumerate(pairs):
        box.addWidget(label(name, "muted"), number // 2, number % 2 * 2)
        box.addWidget(label(text, wrap=True, selectable=True), number // 2, number % 2 * 2 + 1)
    for place, stretch in enumerate((0, 1, 0, 1)):
        box.setColumnStretch(place, stretch)
    made.setLayout(box)
    return made


def _table(titles: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> QWidget:
    """Lines of texts in columns. It is read, not worked with: so it is no list that takes the focus."""
    made, box = QWidget(), QGridLayout()
    box.setContentsMargins(0, 0, 0, 0)
    box.setHorizontalSpacing(2 * SPACE)
    box.setVerticalSpacing(SPACE // 2)
    for place, title in enumerate(titles):
        box.addWidget(_text(title, "hint", place in right), 0, place)
    for number, row in enumerate(rows[:_MOST], 1):
        for place, text in enumerate(row):
            box.addWidget(_text(text, "body", place in right), number, place)
    if len(rows) > _MOST:
        box.addWidget(label(f"and {wording.number(len(rows) - _MOST)} more", "muted"), _MOST + 1, 0, 1, len(titles))
    box.setColumnStretch(_widest(rows), 1)
    made.setLayout(box)
    return made


def _text(text: str, role: str, right: bool) -> QLabel:
    made = label(text, role, wrap=len(text) > 24)
    made.setAlignment(
        (Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft) | Qt.AlignmentFlag.AlignTop
    )
    return made


def _widest(rows: Sequence[Sequence[str]]) -> int:
    """The column that gets the room that is left: the one with the longest text."""
    return max(range(len(rows[0])), key=lambda place: max(len(row[place]) for row in rows[:_MOST]))
