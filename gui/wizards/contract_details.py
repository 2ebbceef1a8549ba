"""The fields of a contract: typed, or read from a text and then verified one by one beside it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from typing import Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtWidgets import QCompleter, QGridLayout, QLineEdit, QSplitter, QToolButton, QWidget

from gui import icons, wording
from gui.theme import SPACE
from gui.widgets.buttons import explain
from gui.widgets.layout import column, scrolling
from gui.widgets.text import label
from gui.wizards.base import Page, Problem
from gui.wizards.contract_state import State
from gui.wizards.day_edit import DayEdit
from gui.wizards.fields import Field
from gui.wizards.source_view import SourceView
from store import advice, drafts
from store.imports import loose
from store.imports.reading import LIKELY, SURE, Reading

LINES: Final = (
    ("name", "contract"),
    ("supplier", "customer"),
    ("invoice_date", "notice_date", "currency"),
    ("invoice_number", "purchase_order_number"),
    ("sales_order_number", "quote_number"),
)
"""The fields as they stand beside each other."""

_HINTS: Final = {
    "contract": "How people find it again. It is proposed for you, and cannot be changed later on.",
    "name": "Such as “Windows 11 Enterprise, 500 seats”.",
    "notice_date": "The last day to give notice.",
}
_NEEDED: Final = ("contract", "name", "invoice_date", "currency")


class Verify(QToolButton):
    """Says that a person has looked at a value that was read from a text."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.title = title
        self.setCheckable(True)
        self.setIconSize(QSize(18, 18))
        self.toggled.connect(self._show)
        self._show(False)

    def _show(self, on: bool) -> None:
        icons.give(self, "circle-check" if on else "circle-dashed", "positive" if on else "warning", 18)
        words = f"{self.title}: verified" if on else f"{self.title}: not verified yet. Press when the value is right."
        self.setAccessibleName(words)
        explain(self, words)


class DetailsPage(Page):
    """All fields of the contract. With a text, it stands at the right, and each value found has to be verified."""

    def __init__(self, state: State) -> None:
        super().__init__("Enter details", "Contract details")
        self.state = state
        self.fields = {name: _field(name, state) for line in LINES for name in line}
        self.checks: dict[str, Verify] = {}
        for name, field in self.fields.items():
            self._prepare(name, field)
        self.grid = QGridLayout()
        self.grid.setHorizontalSpacing(2 * SPACE)
        self.grid.setVerticalSpacing(2 * SPACE)
        self.source = SourceView()
        self.source.asked.connect(lambda name: self.fields[name].control.setFocus())
        self.pane = QWidget()
        self.pane.setLayout(
            column(label("The text", "strong"), self.source, gap=SPACE // 2, margins=(2 * SPACE, 0, 0, 0))
        )
        self.fill(self._halves(), scroll=False)

    def _halves(self) -> QSplitter:
        form = column(self.grid, None, margins=(0, 0, 2 * SPACE, SPACE))
        halves = QSplitter(Qt.Orientation.Horizontal)
        halves.setChildrenCollapsible(False)
        halves.addWidget(scrolling(form))
        halves.addWidget(self.pane)
        halves.setSizes([460, 400])
        return halves

    def _prepare(self, name: str, field: Field) -> None:
        check = self.checks[name] = Verify(field.title)
        check.hide()
        check.toggled.connect(lambda _: self._count())
        field.line.addWidget(check)
        field.changed.connect(partial(self._typed, name))
        field.control.installEventFilter(self)

    # ---------------------------------------------------------------------------------------------------------- coming
    def arrive(self) -> None:
        """Show the drafts; with a text, show it too."""
        read = bool(self.state.text)
        self.heading.setText("Verify data" if read else "Contract details")
        self.pane.setVisible(read)
        self._arrange(1 if read else 2)
        for name, field in self.fields.items():
            text = self.state.contract.get(name, "")
            if field.control.text() != text:
                field.control.setText(text)
            self._tell(name)
        self.source.show_text(self.state.text, self.state.readings)
        self._count()
        if self.wizard() is not None:
            self.wizard().refresh()
        first = next(iter(self.fields.values())).control
        QTimer.singleShot(0, first, first.setFocus)  # after the wizard, which would choose a button

    def _arrange(self, wide: int) -> None:
        lines = LINES if wide > 1 else [(name,) for line in LINES for name in line]
        for field in self.fields.values():
            self.grid.removeWidget(field)
        for number, line in enumerate(lines):
            share = 6 // len(line)
            for place, name in enumerate(line):
                self.grid.addWidget(self.fields[name], number, place * share, 1, share, Qt.AlignmentFlag.AlignTop)
        for place in range(6):
            self.grid.setColumnStretch(place, 1)
        order = [self.fields[name].control for line in lines for name in line]
        for before, after in pairwise([*order, self.source]):
            self.setTabOrder(before, after)  # from field to field, and only then into the text

    def _tell(self, name: str) -> None:
        """Say below a field how sure its value is, where it was read from a text."""
        reading = self._reading(name)
        check, field = self.checks[name], self.fields[name]
        check.setVisible(reading is not None)
        text = _HINTS.get(name, "")
        if reading is not None:
            text = _sureness(reading)
        elif self.state.text and name in _NEEDED and name not in self.state.readings:
            text = text or "Not found in the text."
        field.hint.setText(text)
        field.hint.setVisible(bool(text) and not field.said())

    def _reading(self, name: str) -> Reading | None:
        return self.state.readings.get(name) if self.state.text else None

    def _typed(self, name: str) -> None:
        text = self.fields[name].control.text()
        reading = self._reading(name)
        if self.state.contract.get(name, "") != text:
            self.state.contract[name] = text
            if reading is not None:
                self.checks[name].setChecked(True)

    def _count(self) -> None:
        left = sum(1 for name in self._open())
        found = sum(1 for name in self.fields if self._reading(name))
        words = f"{found - left} of {found} values verified. Look at each and press its mark, or correct it."
        self.about.setText(words if self.state.text else "Fields with a star are needed.")
        self.about.show()

    def _open(self) -> Iterator[str]:
        """Fields that were read and nobody has verified yet."""
        return (name for name in self.fields if self._reading(name) and not self.checks[name].isChecked())

    # ----------------------------------------------------------------------------------------------------------- going
    def problems(self) -> Iterator[Problem]:
        """What is wrong in the words of an import, and values that nobody has verified."""
        _, wrongs = drafts.contract(self.state.contract)
        wrongs = dict(wrongs)
        if not self.state.contract.get("invoice_date", "").strip():
            wrongs["invoice_date"] = "This is empty, and it is needed; today will do if nothing else is known."
        if not self.state.contract.get("currency", "").strip():
            wrongs["currency"] = "This is empty, and it is needed, for example EUR."
        if not self.state.number and "contract" not in wrongs and self.state.taken():
            wrongs["contract"] = (
                "There is a contract of this number in the book already. Give another one, or edit that."
            )
        for name, sentence in wrongs.items():
            yield self.fields[name], sentence
        for name in self._open():
            if name not in wrongs:
                yield self.fields[name], "Compare this with the text, then press the mark beside it."

    def validatePage(self) -> bool:
        """Tidy the spellings first; then say what is wrong, or else what is only unusual."""
        for name, field in self.fields.items():
            tidy = drafts.plain(name, field.control.text())
            if name in ("invoice_date", "notice_date") and tidy != field.control.text():
                field.control.setText(tidy)
        good = super().validatePage()
        if good:
            self._advise()
        return good

    def _advise(self) -> None:
        contract, _ = drafts.contract(self.state.contract)
        for finding in advice.on_contract(self.state.desk.book, contract, self.state.as_of) if contract else ():
            self.fields[finding.place].say(finding.message, "warning")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The field that one is in has its place in the text marked; Enter verifies it."""
        name = next((name for name, field in self.fields.items() if field.control is watched), "")
        if event.type() == QEvent.Type.FocusIn:
            self.source.point(name)
        enter = event.type() == QEvent.Type.KeyPress and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self._reading(name) and not self.checks[name].isChecked():
            self.checks[name].setChecked(True)
            self.focusNextChild()
            return True
        return False


def _sureness(reading: Reading) -> str:
    if reading.confidence == SURE:
        return "Found in the text."
    words = "Probably this." if reading.confidence == LIKELY else "Not sure."
    return f"{words} {reading.remark}".strip()


def _field(name: str, state: State) -> Field:
    control = DayEdit() if name.endswith("_date") else QLineEdit()
    if name == "contract" and state.number:
        control.setReadOnly(True)
    if name == "currency":
        control.setMaxLength(3)
    options = {"supplier": state.known.suppliers, "customer": state.known.customers, "currency": loose.CURRENCIES}
    if name in options:
        completer = QCompleter(list(options[name]), control)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        control.setCompleter(completer)
    hint = "" if name == "contract" and state.number else _HINTS.get(name, "")
    return Field(wording.heading(name), control, hint=hint, needed=name in _NEEDED)
