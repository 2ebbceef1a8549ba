"""The position of an entitlement: its calculated figures, beside them those that a person decides, and why."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from gui import wording
from gui.desk import Desk, Place
from gui.dialogs import conflict, question
from gui.theme import SPACE
from gui.widgets.badge import badge
from gui.widgets.layout import clear, column, fit, frame, line, row
from gui.widgets.message import Inline
from gui.widgets.record_field import RecordField
from gui.widgets.text import label
from gui.wizards.entitlement import key_of
from gui.wizards.fields import Field
from rules.vocabulary import MAINTENANCE, MAX_QUANTITY, is_unlimited
from store import conflicts, overrides, readers, standing
from store.book import Book
from store.conflicts import Conflict
from store.errors import KnownFault
from store.records import EntitlementKey, Override
from store.standing import Figures, Standing

_FIGURES = ("active", "demand", "downgrade", "upgrade")
_SIGNED = frozenset({"downgrade", "upgrade"})
_LICENSES = (("model !=", MAINTENANCE),)
_HINTS = {
    "active": "licenses in force",
    "demand": "licenses needed",
    "downgrade": f"{wording.MINUS} given to older, + received from newer versions",
    "upgrade": f"{wording.MINUS} given to newer, + received from older versions",
}


def parsed(text: str, *, signed: bool) -> int | None:
    """A figure that was typed: "1,000", "-35", or a real minus sign; None for what is none."""
    plain = text.strip().replace(",", "").replace(" ", "").replace(wording.MINUS, "-").removeprefix("+")
    digits = plain.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()) or (plain.startswith("-") and not signed):
        return None
    value = int(plain)
    return value if abs(value) <= MAX_QUANTITY else None


@dataclass(frozen=True)
class _Row:
    """What stands in one line: what is calculated, the field for what is typed, the difference."""

    calculated: QLabel
    typed: QLineEdit
    difference: QLabel


class ComplianceDialog(QDialog):
    """Shows the standing of one entitlement; `start` is the key of one, "" to choose it here."""

    stored = Signal()

    def __init__(self, parent: QWidget, desk: Desk, start: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(92 * SPACE)
        self.desk = desk
        self.standing: Standing | None = None
        self.seen: conflicts.Seen | None = None
        self.asking: conflict.ConflictDialog | None = None
        self.question: QMessageBox | None = None
        self.rows: dict[str, _Row] = {}
        self._code = ""
        self.wrong = Inline()
        self._build()
        self.record.choose(start)
        self.record.setReadOnly(bool(self.record.key()))
        self.record.setClearButtonEnabled(not self.record.isReadOnly())
        self._look_up()
        (self.override if self.standing else self.record).setFocus()
        desk.opened.connect(self.reject)

    def showEvent(self, event: QShowEvent) -> None:
        """Have room for every word, also in the largest type."""
        super().showEvent(event)
        fit(self)

    # ------------------------------------------------------------------------------------------------------- building
    def _build(self) -> None:
        self.record = RecordField(self.desk, "entitlements", ("name",), "Entitlement", _LICENSES)
        self.entitlement = Field("Entitlement", self.record, needed=True)
        self.entitlement.changed.connect(self._look_up)
        self.override = QCheckBox("Manual override")
        self.override.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.override.toggled.connect(self._switch)
        about = label("Off: the figures are calculated. On: those that you type hold instead.", "muted", wrap=True)
        self.reason = Field(
            "Reason", QPlainTextEdit(), needed=True, hint="Why these figures hold; kept in the history."
        )
        self.reason.control.setFixedHeight(9 * SPACE)
        self.reason.control.setTabChangesFocus(True)
        self.reason.changed.connect(self._check)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.save: QPushButton = self.buttons.addButton("Create", QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.title = label("", "title")
        edge = 3 * SPACE
        self.setLayout(
            column(
                self.title,
                self.entitlement,
                column(self.override, row(26, about, gap=0), gap=0),
                self._build_figures(),
                self.reason,
                self.wrong,
                self.buttons,
                gap=2 * SPACE,
                margins=(edge, edge, edge, 2 * SPACE),
            )
        )

    def _build_figures(self) -> QWidget:
        grid = QGridLayout()
        grid.setHorizontalSpacing(3 * SPACE)
        grid.setVerticalSpacing(SPACE)
        grid.setColumnStretch(0, 1)
        for place, text in enumerate(("", "Calculated", "Typed", "Difference")):
            side = Qt.AlignmentFlag.AlignRight if place else Qt.AlignmentFlag.AlignLeft
            grid.addWidget(label(text, "overline"), 0, place, side)
        for number, code in enumerate(_FIGURES, 1):
            self._build_row(grid, number, code)
        grid.addWidget(line(), 5, 0, 1, 4)
        grid.addWidget(label("Balance", "strong"), 6, 0)
        self.calculated = label("", "muted")
        self.balance = label("", "heading")
        self.difference = label("", "muted")
        for place, shown in enumerate((self.calculated, self.balance, self.difference), 1):
            grid.addWidget(shown, 6, place, Qt.AlignmentFlag.AlignRight)
        grid.addWidget(label("Status", "strong"), 7, 0)
        self.status = QHBoxLayout()
        grid.addLayout(self.status, 7, 1, 1, 3, Qt.AlignmentFlag.AlignRight)
        for number in (6, 7):
            grid.setRowMinimumHeight(number, 4 * SPACE)
        made = frame("card", grid)
        grid.setContentsMargins(2 * SPACE, 12, 2 * SPACE, 12)
        return made

    def _build_row(self, grid: QGridLayout, number: int, code: str) -> None:
        name = label(f"{wording.heading(code)} *")
        told = column(name, label(_HINTS[code], "hint"), gap=0)
        typed = QLineEdit()
        typed.setAlignment(Qt.AlignmentFlag.AlignRight)
        typed.setFixedWidth(18 * SPACE)
        typed.setMaxLength(20)
        typed.setAccessibleName(f"{wording.heading(code)}, needed")
        name.setBuddy(typed)
        typed.textChanged.connect(self._check)
        made = _Row(label("", "muted"), typed, label("", "muted"))
        made.difference.setMinimumWidth(10 * SPACE)
        made.difference.setAlignment(Qt.AlignmentFlag.AlignRight)
        grid.addLayout(told, number, 0)
        grid.setRowMinimumHeight(number, 5 * SPACE)
        for place, widget in enumerate((made.calculated, typed, made.difference), 1):
            grid.addWidget(widget, number, place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.rows[code] = made

    # -------------------------------------------------------------------------------------------------------- showing
    def _look_up(self) -> None:
        """Show the standing of the entitlement that is named; where it has an override, that one."""
        key = self.record.key()
        if self.standing is not None and key == str(self.standing.entitlement):
            return
        self.standing = None
        self.entitlement.say("")
        if key:
            try:
                self.standing = standing.of(self.desk.book, key_of(self.desk.book, key))
            except KnownFault as fault:
                self.entitlement.say(str(fault))
        self.seen = _see(self.desk.book, self.standing) if self.standing else None
        held = self.standing.override if self.standing else None
        self._set_switch(held is not None)
        self.reason.control.setPlainText(held.reason if held else "")
        self._fill(held)
        word = "Edit compliance" if held else "Add compliance"
        self.setWindowTitle(word)
        self.title.setText(word)
        self.save.setText("Save" if held else "Create")
        self._show_switch()

    def _fill(self, held: Override | None) -> None:
        """The calculated figures, and in the fields those of an override, or else the same."""
        known = self.standing.calculated if self.standing else None
        for code, shown in self.rows.items():
            calculated = getattr(known, code) if known else None
            typed = getattr(held, code) if held else None
            shown.calculated.setText(_figure(code, calculated))
            shown.typed.blockSignals(True)
            shown.typed.setText(_figure(code, calculated if typed is None else typed))
            shown.typed.blockSignals(False)
        self._check()

    def _show_switch(self) -> None:
        on = self.override.isChecked()
        self.override.setEnabled(self.standing is not None)
        for shown in self.rows.values():
            shown.typed.setEnabled(on)
        self.reason.setVisible(on)
        self._check()

    def figures(self) -> Figures | None:
        """The figures that hold with what is typed; None while one of them is none."""
        if self.standing is None:
            return None
        if not self.override.isChecked():
            return self.standing.calculated
        values = [self._value(code) for code in _FIGURES]
        return None if None in values else Figures(*values)

    def _value(self, code: str) -> int | None:
        """What is typed as a figure; the calculated one where that is without limit and was left as it is."""
        calculated, text = getattr(self.standing.calculated, code), self.rows[code].typed.text()
        if is_unlimited(calculated) and text.strip().casefold() == wording.quantity(calculated).casefold():
            return calculated
        return parsed(text, signed=code in _SIGNED)

    def _check(self) -> None:
        """Show balance, status and differences as they are with what is typed."""
        self.wrong.clear()
        now, on = self.figures(), self.override.isChecked()
        known = self.standing.calculated if self.standing else None
        for code, shown in self.rows.items():
            value = self._value(code) if known and on else None
            wrong = known is not None and on and value is None
            _mark(shown.typed, "true" if wrong else "")
            shown.difference.setText(_difference(value, getattr(known, code)) if value is not None else "")
        self.calculated.setText(wording.signed(known.balance) if known else "")
        self.balance.setText(wording.signed(now.balance) if now else "–")
        self.difference.setText(_difference(now.balance, known.balance) if now and known and on else "")
        clear(self.status)
        self._code = standing.status(now.balance) if now else ""
        if now:
            self.status.addWidget(badge(self._code))
        else:
            self.status.addWidget(label("Type a whole number in every field." if known else "–", "muted"))
        self.save.setEnabled(known is not None and not self.desk.read_only and self._differs())

    def _differs(self) -> bool:
        """Whether there is anything to store."""
        held = self.standing.override if self.standing else None
        return self.override.isChecked() or held is not None

    def status_text(self) -> str:
        """The status that is shown, in words."""
        return wording.badge(self._code)

    # ----------------------------------------------------------------------------------------------------- the switch
    def _set_switch(self, on: bool) -> None:
        self.override.blockSignals(True)
        self.override.setChecked(on)
        self.override.blockSignals(False)
        self._show_switch()

    def _switch(self, on: bool) -> None:
        """On: what is calculated is there to begin with. Off: ask first, when something typed would be lost."""
        if on or not self._has_typed():
            self._return() if not on else self._show_switch()
            return
        self._set_switch(True)
        self.question = question.ask(
            self,
            "Return to the calculated values?",
            "What was typed is discarded. It stays in the history of the entitlement.",
            "Return to calculated",
            self._return,
            stay="Keep the override",
        )

    def _has_typed(self) -> bool:
        now = [self._value(code) for code in _FIGURES]
        known = [getattr(self.standing.calculated, code) for code in _FIGURES] if self.standing else now
        held = self.standing.override is not None if self.standing else False
        return held or now != known or bool(self.reason.control.toPlainText().strip())

    def _return(self) -> None:
        self._set_switch(False)
        self.reason.control.setPlainText("")
        self._fill(None)

    # -------------------------------------------------------------------------------------------------------- storing
    def accept(self) -> None:
        """Store the override, or remove it; what is wrong is said, and everything typed stays."""
        if self.standing is None or (self.override.isChecked() and not self._is_whole()):
            return
        key, name, held = self.standing.entitlement, self.standing.name, self.standing.override
        try:
            if self.override.isChecked():
                typed = self._override()
                word = "Edit" if held else "Add"
                self.desk.do(f"{word} override of {name}", lambda book: _store(book, typed, self.seen))
            elif held is not None:
                self.desk.do(f"Remove override of {name}", lambda book: _remove(book, key, self.seen))
        except KnownFault as fault:
            self.wrong.say(str(fault))
            if isinstance(fault, Conflict):
                self.asking = conflict.open_(self, fault, self.accept, self.reject)
            return
        self.stored.emit()
        super().accept()

    def _override(self) -> Override:
        """What is typed. A figure that nobody ever typed, in an override of fewer figures, stays calculated."""
        calculated, held = self.standing.calculated, self.standing.override
        values: dict[str, int | None] = {}
        for code in _FIGURES:
            value, known = self._value(code), getattr(calculated, code)
            untouched = value == known and (is_unlimited(known) or (held is not None and getattr(held, code) is None))
            values[code] = None if untouched else value
        return Override(self.standing.entitlement, self.reason.control.toPlainText().strip(), **values)

    def _is_whole(self) -> bool:
        """Whether every figure and the reason are there; what is missing is said, and gone to."""
        for code, shown in self.rows.items():
            if self._value(code) is None:
                sign = "a whole number" if code in _SIGNED else "a whole number of 0 or more"
                self.wrong.say(f"{wording.heading(code)}: type {sign}.")
                shown.typed.setFocus()
                return False
        if not self.reason.control.toPlainText().strip():
            self.reason.say("Say why these figures hold.")
            self.reason.control.setFocus()
            return False
        return True


def _see(book: Book, held: Standing) -> conflicts.Seen:
    read = conflicts.record(readers.override, held.entitlement)
    return conflicts.see(book, f"The override of {wording.line(held.name)}", read)


def _store(book: Book, typed: Override, seen: conflicts.Seen | None) -> None:
    conflicts.require_unchanged(book, seen, conflicts.texts(typed))
    overrides.save(book, typed)


def _remove(book: Book, key: EntitlementKey, seen: conflicts.Seen | None) -> None:
    conflicts.require_unchanged(book, seen, {})
    overrides.remove(book, key)


def _figure(code: str, value: int | None) -> str:
    return wording.signed(value) if code in _SIGNED else wording.quantity(value)


def _difference(value: int, calculated: int) -> str:
    """How far a typed figure is from the calculated one, "" for not at all."""
    if value == calculated:
        return ""
    return "now limited" if is_unlimited(calculated) else wording.signed(value - calculated)


def _mark(field: QLineEdit, wrong: str) -> None:
    if field.property("wrong") != wrong:
        field.setProperty("wrong", wrong)
        field.style().unpolish(field)
        field.style().polish(field)


def open_(desk: Desk, parent: QWidget, place: Place) -> ComplianceDialog:
    """Show the window, for the entitlement that the key names, or to choose one."""
    made = ComplianceDialog(parent, desk, place.key)
    made.setWindowModality(Qt.WindowModality.WindowModal)
    made.show()
    return made
