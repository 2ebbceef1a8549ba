"""One item of a contract: all its fields, and live what it would do to entitlements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QLineEdit, QWidget

from gui import wording
from gui.theme import SPACE
from gui.widgets.buttons import button
from gui.widgets.layout import column, frame, line, row, scrolling
from gui.widgets.text import label
from gui.wizards import effects, notes
from gui.wizards.contract_state import ItemDraft, State
from gui.wizards.day_edit import DayEdit
from gui.wizards.fields import Field, choice, grid
from gui.wizards.product_part import ProductPart
from rules.vocabulary import MODELS
from store import advice, drafts, previews

_CALM: Final = 150
"""Milliseconds without another key after which the preview is made anew."""

_CONFIDENCE: Final = {"sure": "Found in the text.", "likely": "Probably this.", "unsure": "Not sure."}


class ItemEditor(QDialog):
    """Edits a copy of an item; `taken` hands it out when it is right."""

    taken = Signal(object)
    pointed = Signal(str)
    """The field that one is in."""

    def __init__(self, state: State, draft: ItemDraft, parent: QWidget, *, instead: ItemDraft | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self.draft = draft
        self.instead = instead
        self.setWindowTitle("Contract item" if instead else "Add contract item")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.fields = self._make_fields()
        self.product = ProductPart(state, self.fields["product"])
        self.unlimited = QCheckBox("Unlimited")
        self.fields["quantity"].line.addWidget(self.unlimited)
        self.notes = notes.Notes()
        self.timer = QTimer(self, singleShot=True, interval=_CALM)
        self.timer.timeout.connect(self.judge)
        self._lay_out()
        self._show()
        self._connect()
        self.judge()

    # ------------------------------------------------------------------------------------------------------- building
    def _make_fields(self) -> dict[str, Field]:
        known = self.state.known
        groups = [("", "Nobody"), *((name, name) for name in known.groups)]
        controls: dict[str, tuple[QWidget, str, bool]] = {
            "product": (QLineEdit(), "", True),
            "item": (QLineEdit(), "", True),
            "model": (choice([("", "Choose"), *((code, wording.label(code)) for code in MODELS)]), "", True),
            "metric": (choice([("", "Choose"), *((code, wording.label(code)) for code in known.metrics)]), "", True),
            "quantity": (QLineEdit(), "", True),
            "unit_price": (
                QLineEdit(),
                f"For one, in {self.state.contract.get('currency') or self.state.currency}.",
                False,
            ),
            "license_start": (DayEdit(), "The first day.", True),
            "license_end": (DayEdit("Never"), "The last day; empty: it never ends.", False),
            "sku": (QLineEdit(), "", False),
            "responsible": (choice(groups), "", False),
        }
        return {
            name: Field(wording.heading(name) if name != "item" else "Number", control, hint=hint, needed=needed)
            for name, (control, hint, needed) in controls.items()
        }

    def _lay_out(self) -> None:
        one = self.fields
        lines = grid(
            (one["model"], one["metric"]),
            (one["quantity"], one["unit_price"]),
            (one["license_start"], one["license_end"]),
            (one["item"], one["sku"], one["responsible"]),
        )
        form = column(one["product"], self.product, lines, None, gap=2 * SPACE, margins=(0, 0, SPACE, 0))
        follows = frame(
            "well",
            column(label("What follows from it", "overline"), self.notes, margins=(2 * SPACE, 12, 2 * SPACE, 12)),
        )
        self.ok = button("Apply" if self.instead else "Add item", self.accept, kind="primary")
        self.ok.setDefault(True)
        buttons = row(None, self.ok, button("Cancel", self.reject))
        edge = 3 * SPACE
        self.setLayout(
            column(
                label(self.windowTitle(), "title"), scrolling(form), follows, line(), buttons, gap=2 * SPACE,
                margins=(edge, edge, edge, 2 * SPACE),
            )
        )  # fmt: skip
        self.layout().setStretch(1, 1)
        self.resize(QSize(720, 720))

    def _connect(self) -> None:
        for field in self.fields.values():
            field.changed.connect(self.timer.start)
        self.product.changed.connect(self.timer.start)
        self.unlimited.toggled.connect(self._limit)
        self.fields["product"].changed.connect(self._suggest)

    def _show(self) -> None:
        """Fill the fields with the draft."""
        for name, field in self.fields.items():
            put(field.control, self.draft.texts.get(name, ""))
            reading = self.draft.readings.get(name)
            if reading is not None:
                field.hint.setText(f"{_CONFIDENCE[reading.confidence]} {reading.remark}".strip())
                field.hint.show()
        self.unlimited.setChecked(self.draft.texts.get("quantity", "") == "unlimited")
        self._limit(self.unlimited.isChecked())
        self.product.show_product(self.draft.product)
        self.fields["product"].control.setFocus()

    def _limit(self, off: bool) -> None:
        box = self.fields["quantity"].control
        box.setEnabled(not off)
        if off:
            box.setText("unlimited")
        elif box.text() == "unlimited":
            box.clear()

    def _suggest(self) -> None:
        """The metric by which a product of the book is counted, where none has been chosen."""
        box = self.fields["metric"].control
        counted = self.state.known.counted.get(self.fields["product"].control.text().strip(), "")
        if counted and not box.currentData():
            put(box, counted)

    # -------------------------------------------------------------------------------------------------------- judging
    def current(self) -> ItemDraft:
        """The item as it is typed now."""
        texts = {name: drafts.plain(name, taken(field.control)) for name, field in self.fields.items()}
        return replace(self.draft, texts=texts, product=self.product.product(), checked=True)

    def judge(self) -> None:
        """Show what follows from what is typed."""
        self.notes.show_notes(self._notes(self.current()))

    def _notes(self, draft: ItemDraft) -> Iterator[notes.Note]:
        wrongs = self.state.wrongs(draft, self.instead)
        if wrongs:
            fields = ", ".join(self.fields[name].title for name in wrongs)
            yield "circle-dashed", "muted", f"Shown as soon as everything needed is there: {fields}."
            return
        yield from notes_of(self.state, draft, self.items_with(draft))

    def items_with(self, draft: ItemDraft) -> list[ItemDraft]:
        """All items, this one among them."""
        others = self.state.items
        return [draft if one is self.instead else one for one in others] + ([] if self.instead else [draft])

    def accept(self) -> None:
        """Hand the item out, or say under the fields what is wrong."""
        draft = self.current()
        for name, field in self.fields.items():
            put(field.control, draft.texts[name])
        wrongs = {**self.state.wrongs(draft, self.instead), **self.product.wrongs()}
        for name, field in self.fields.items():
            field.say(wrongs.get(name, ""))
        if wrongs:
            next(field for name, field in self.fields.items() if name in wrongs).control.setFocus()
            return
        self.taken.emit(draft)
        super().accept()


def notes_of(state: State, draft: ItemDraft, items: Sequence[ItemDraft]) -> Iterator[notes.Note]:
    """What an item that is right does among all items, and what to think about."""
    record, _ = drafts.item(draft.texts, "", state.known_with(draft.product))
    preview = state.preview([one for one in items if one is draft or not state.wrongs(one)])
    if isinstance(preview, previews.Preview) and record is not None:
        icon, _, sentence = effects.of_item(preview, record.item)
        yield icon, "accent", sentence
    elif isinstance(preview, str):
        yield "circle-dashed", "muted", preview
    if draft.product is not None:
        yield "sparkles", "accent", f"The product “{draft.product.product}” is added to the book."
    for finding in advice.on_item(record, state.as_of) if record is not None else ():
        yield notes.of_severity(finding.severity, finding.message)


def put(control: QWidget, text: str) -> None:
    """Show a text in a line, or choose the option of that code."""
    if isinstance(control, QComboBox):
        at = control.findData(text)
        if at < 0:
            control.addItem(text, text)
            at = control.count() - 1
        control.setCurrentIndex(at)
    elif isinstance(control, QLineEdit) and control.text() != text:
        control.setText(text)


def taken(control: QWidget) -> str:
    """The text of a line, or the code that is chosen."""
    return str(control.currentData()) if isinstance(control, QComboBox) else control.text().strip()
