"""What is decided on one position: its frozen figures, the decision, a note, who sees to it, and until when."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtWidgets import QButtonGroup, QComboBox, QFrame, QGridLayout, QPlainTextEdit, QPushButton, QVBoxLayout

from gui import icons, wording
from gui.desk import Desk, Place
from gui.theme import SPACE
from gui.widgets.badge import badge
from gui.widgets.buttons import Link, button, explain
from gui.widgets.layout import clear, column, row
from gui.widgets.message import Inline
from gui.widgets.optional_day import OptionalDay
from gui.widgets.text import label
from rules.vocabulary import ACCEPTED, BUY, CANCEL, INVESTIGATE
from store import names
from store.reviews.records import Decision, Reviewed

_LOOKS: Final = {ACCEPTED: "check", BUY: "plus", CANCEL: "minus", INVESTIGATE: "search"}
_FIGURES: Final = ("active", "demand", "downgrade", "upgrade")
_WIDTH: Final = 43 * SPACE


class DecisionPanel(QFrame):
    """Shows a position of a review and takes a decision; `run` stores what stands there and goes on."""

    def __init__(self, desk: Desk, run: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.setFixedWidth(_WIDTH)
        self.desk = desk
        self.shown: Reviewed | None = None
        self.head = QVBoxLayout()
        self.head.setSpacing(SPACE)
        self.buttons: dict[str, QPushButton] = {}
        self.group = QButtonGroup(self)
        self.group.setExclusive(False)
        self.note = QPlainTextEdit()
        self.note.setAccessibleName("Note")
        self.note.setTabChangesFocus(True)
        self.note.setPlaceholderText("Why, and what is to be done")
        self.responsible = QComboBox()
        self.responsible.setAccessibleName("Responsible")
        self.due = OptionalDay("Due", "no due day", desk.as_of)
        self.said = Inline()
        self.save = button("Save and go on", run, icon="corner-down-right", kind="primary")
        self.save.setShortcut("Ctrl+Return")
        explain(self.save, "Save, and go on to the next position that is not decided", "Ctrl+Return")
        self._build()
        self.fill_groups()

    def _build(self) -> None:
        edge = 2 * SPACE
        inner = column(
            self.head,
            SPACE,
            label("Decision", "overline"),
            self._choices(),
            SPACE // 2,
            label("Note", "overline"),
            self.note,
            label("Responsible", "overline"),
            self.responsible,
            label("Due", "overline"),
            self.due,
            self.said,
            row(None, self.save),
            margins=(edge, edge, edge, edge),
        )
        inner.setStretch(6, 1)
        self.setLayout(inner)

    def _choices(self) -> QGridLayout:
        made = QGridLayout()
        made.setSpacing(SPACE)
        for number, (code, icon) in enumerate(_LOOKS.items()):
            one = button(wording.badge(code), partial(self._choose, code), icon=icon)
            one.setCheckable(True)
            explain(one, f"{wording.badge(code)}: press {code[0].upper()} in the list")
            self.buttons[code] = one
            made.addWidget(one, number // 2, number % 2)
        return made

    def _choose(self, code: str) -> None:
        """One decision at most; pressed again, it is taken back."""
        for other, made in self.buttons.items():
            if other != code:
                made.setChecked(False)
        self._look()

    def _look(self) -> None:
        for code, made in self.buttons.items():
            made.setProperty("kind", "primary" if made.isChecked() else "")
            made.style().unpolish(made)
            made.style().polish(made)
            icons.give(made, _LOOKS[code], "on-accent" if made.isChecked() else "text")

    def fill_groups(self) -> None:
        """Offer the user groups that there are now."""
        held = self.responsible.currentData()
        self.responsible.clear()
        self.responsible.addItem("Nobody", "")
        for name in names.listed(self.desk.book, "user_groups"):
            self.responsible.addItem(wording.line(name), name)
        self.responsible.setCurrentIndex(max(0, self.responsible.findData(held)))

    # --------------------------------------------------------------------------------------------------------- showing
    def show_position(self, found: Reviewed | None, *, fixed: bool) -> None:
        """Show a position, or that none is selected; `fixed` where nothing can be decided (any more)."""
        self.shown = found
        self.said.clear()
        clear(self.head)
        for part in (*self.buttons.values(), self.note, self.responsible, self.due, self.save):
            part.setEnabled(found is not None and not fixed)
        if found is None:
            self.head.addWidget(label("No position is selected", "heading"))
            self.head.addWidget(
                label("Select one in the list, or press N there for the next undecided.", "muted", wrap=True)
            )
            self.take(Decision())
            return
        self._show_head(found)
        self.take(found.decision)

    def _show_head(self, found: Reviewed) -> None:
        product, model, metric = found.position
        link = Link(wording.line(product), lambda: self.desk.go(Place("position", str(found.position))))
        named = " · ".join((wording.label(model) or "No entitlement", wording.label(metric)))
        self.head.addLayout(row(link, gap=0))
        self.head.addLayout(row(label(named, "muted"), None, badge(found.status)))
        balance = label(wording.signed(found.balance), "display")
        told = " · ".join(f"{wording.heading(name)} {wording.quantity(getattr(found, name))}" for name in _FIGURES)
        self.head.addLayout(row(balance, label("balance", "muted"), None))
        self.head.addWidget(label(told, "hint", wrap=True))

    def take(self, decision: Decision) -> None:
        """Show a decision in the fields."""
        for code, made in self.buttons.items():
            made.setChecked(code == decision.decision)
        self._look()
        self.note.setPlainText(decision.note)
        self.responsible.setCurrentIndex(max(0, self.responsible.findData(decision.responsible)))
        self.due.set_day(decision.due_on)

    def typed(self) -> Decision:
        """What stands in the fields."""
        chosen = next((code for code, made in self.buttons.items() if made.isChecked()), "")
        return Decision(
            chosen, self.note.toPlainText().strip(), str(self.responsible.currentData() or ""), self.due.day()
        )

    @property
    def changed(self) -> bool:
        """Whether something else stands there than what is stored."""
        return self.shown is not None and self.save.isEnabled() and self.typed() != self.shown.decision
