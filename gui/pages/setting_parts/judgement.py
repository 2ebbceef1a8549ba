"""By what a book is judged: the currency of contracts that name none, the days on which warnings are due."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QLineEdit, QWidget

from gui.desk import Desk
from gui.pages.setting_parts.form import form, setting
from gui.theme import SPACE
from gui.watch import hear
from gui.widgets.layout import column
from gui.widgets.message import Inline
from gui.work import Report
from store import preferences
from store.book import Book
from store.errors import KnownFault

_WORDS = {"currency": "Change the currency", "warning_leads": "Change the warning leads"}


def make(desk: Desk) -> QWidget:
    """A field for each setting; what is typed is taken when the field is left or Enter is pressed."""
    return Judgement(desk)


class Judgement(QWidget):
    """The settings of the book. A change judges the whole book anew, in the background."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.said = Inline()
        self.fields = {name: QLineEdit() for name in preferences.NAMES}
        self.fields["currency"].setMaxLength(3)
        for name, field in self.fields.items():
            field.editingFinished.connect(partial(self._take, name))
        parts = form(
            setting(
                "Currency",
                "Three letters, such as EUR. Taken for contracts that name no currency; amounts of different"
                " currencies are never added up.",
                self.fields["currency"],
            ),
            setting(
                "Warning leads",
                "How many days before the last day of a license warnings are due, such as 90, 60, 30. The longest is"
                " also when a license counts as expiring.",
                self.fields["warning_leads"],
            ),
        )
        self.setLayout(column(self.said, parts, None, gap=2 * SPACE))
        hear(self, desk.changed, lambda subjects: self._show() if "settings" in subjects else None)
        self._show()

    def _show(self) -> None:
        if not self.desk.is_open:
            return
        current = preferences.current(self.desk.book)
        for name, field in self.fields.items():
            field.setText(_shown(current[name]))
            field.setReadOnly(self.desk.read_only)

    def _take(self, name: str) -> None:
        typed = self.fields[name].text().strip()
        if not self.desk.is_open or typed == _shown(preferences.current(self.desk.book)[name]):
            return

        def change(book: Book, _: Report) -> None:
            preferences.change(book, name, typed)

        try:
            self.desk.do_long(_WORDS[name], change, lambda _: self.said.clear(), self._refuse, owner=self)
        except KnownFault as fault:
            self._refuse(fault)

    def _refuse(self, fault: Exception) -> None:
        if not isinstance(fault, KnownFault):
            raise fault
        self.said.say(str(fault))


def _shown(value: str) -> str:
    return ", ".join(value.split(","))
