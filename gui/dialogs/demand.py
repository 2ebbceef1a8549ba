"""Adds a demand count or changes one: so many of a product are needed, by a metric, in a resource group."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from gui import wording
from gui.desk import Desk
from gui.dialogs import conflict
from gui.theme import SPACE
from gui.widgets.day_field import day_field, day_of
from gui.widgets.layout import column
from gui.widgets.message import Inline
from gui.widgets.text import label
from rules.vocabulary import DEVICE, MAX_QUANTITY
from store import conflicts, demand, names, overviews
from store.book import Book
from store.conflicts import Conflict
from store.errors import KnownFault
from store.overviews import Ask
from store.records import Count

_EDGE = 3 * SPACE
_SUGGESTED = 12
_MANUAL = "manual"


class DemandDialog(QDialog):
    """A window for one count: `held` is the one that is changed, None for a new one that begins as `start`."""

    def __init__(self, parent: QWidget, desk: Desk, held: Count | None, start: Count) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Edit demand" if held else "Add demand")
        self.setMinimumWidth(56 * SPACE)
        self._desk, self._held = desk, held
        self._seen = _see(desk.book, held) if held else None
        self.asking: conflict.ConflictDialog | None = None
        self._make_fields(start)
        self.wrong = Inline()
        kinds = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(kinds.Save | kinds.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.setLayout(column(self._head(), SPACE, self._form(), self.wrong, SPACE, self.buttons, margins=(_EDGE,) * 4))
        (self.quantity if start.product else self.product).setFocus()
        self._check()

    def _head(self) -> QWidget:
        return label(
            "How many licenses of a product are needed. A count of the same source is replaced.", "muted", wrap=True
        )

    def _make_fields(self, start: Count) -> None:
        book = self._desk.book
        self.product = QLineEdit(start.product)
        self.product.setPlaceholderText("Begin to type its name")
        self.product.setReadOnly(self._held is not None)
        self._suggest_products()
        self.counted_by, self.group = QComboBox(), QComboBox()
        for code in names.listed(book, "metrics"):
            self.counted_by.addItem(wording.label(code), code)
        self.counted_by.setCurrentIndex(self.counted_by.findData(start.metric or DEVICE))
        self.group.addItem("None", "")
        for name in names.listed(book, "resource_groups"):
            self.group.addItem(wording.line(name), name)
        self.group.setCurrentIndex(max(self.group.findData(start.resource_group), 0))
        self.source = QLineEdit(start.source)
        self.source.setPlaceholderText("Where the number comes from")
        self.quantity = QSpinBox()
        self.quantity.setRange(0, MAX_QUANTITY)
        self.quantity.setGroupSeparatorShown(True)
        self.quantity.setValue(start.quantity)
        self._counted_on = start.counted_on
        self.counted_on = day_field("Counted on", _day(start.counted_on) or self._desk.as_of)

    def _form(self) -> QFormLayout:
        form = QFormLayout()
        form.setSpacing(SPACE)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, field in (
            ("&Product", self.product),
            ("&Metric", self.counted_by),
            ("&Resource group", self.group),
            ("&Source", self.source),
            ("&Quantity", self.quantity),
            ("&Counted on", self.counted_on),
        ):
            form.addRow(text, field)
            field.setAccessibleName(text.replace("&", ""))
        return form

    def _suggest_products(self) -> None:
        """Suggest products while their name is typed."""
        self._names = QStringListModel(self)
        completer = QCompleter(self._names, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.product.setCompleter(completer)
        self.product.textEdited.connect(self._suggest)
        self.product.textChanged.connect(lambda _: self._check())

    def _suggest(self, typed: str) -> None:
        book = self._desk.book
        ids = overviews.first(book, "products", Ask(search=typed, sort="product"), _SUGGESTED)
        place = [field.name for field in overviews.OVERVIEWS["products"].fields].index("product")
        rows = overviews.rows(book, "products", ids)
        self._names.setStringList([rows[number][place] for number in ids])

    def _check(self) -> None:
        self.buttons.button(QDialogButtonBox.StandardButton.Save).setEnabled(bool(self.product.text().strip()))

    def count(self) -> Count:
        """The count as it stands in the fields."""
        return Count(
            self.product.text().strip(),
            self.counted_by.currentData(),
            self.quantity.value(),
            self.group.currentData(),
            self.source.text().strip(),
            self._moment(),
        )

    def _moment(self) -> str:
        """The day in the field; the moment that was there before as long as nobody has picked another day."""
        day, before = day_of(self.counted_on), self._counted_on
        return before if before and _day(before) == day else day.isoformat()

    def accept(self) -> None:
        """Store the count, and close; what is wrong is said, and everything typed stays."""
        count = self.count()
        word = "Edit" if self._held else "Add"
        try:
            self._desk.do(
                f"{word} demand for {count.product}", lambda book: _store(book, self._held, count, self._seen)
            )
        except KnownFault as fault:
            self.wrong.say(str(fault))
            if isinstance(fault, Conflict):
                self.asking = conflict.open_(self, fault, self.accept, self.reject)
            return
        super().accept()


def _see(book: Book, held: Count) -> conflicts.Seen:
    return conflicts.see(book, f"The demand for {wording.line(held.product)}", conflicts.record(demand.read, held))


def _store(book: Book, held: Count | None, count: Count, seen: conflicts.Seen | None) -> None:
    """A count whose product, metric, group or source is changed is another one: the old one goes."""
    conflicts.require_unchanged(book, seen, conflicts.texts(count))
    if held is not None and seen is not None and seen.is_there and _key(held) != _key(count):
        demand.remove(book, held)
    demand.save(book, count)


def _key(count: Count) -> Count:
    return replace(count, quantity=0, counted_on=None)


def _day(moment: str | None) -> date | None:
    return date.fromisoformat(moment[:10]) if moment else None


def open_(
    desk: Desk, parent: QWidget, held: Count | None = None, *, product: str = "", metric: str = ""
) -> DemandDialog:
    """Show the window, for a new count or to change one."""
    start = held or Count(product, metric, 0, source=_MANUAL, counted_on=desk.as_of.isoformat())
    made = DemandDialog(parent, desk, held, start)
    made.setWindowModality(Qt.WindowModality.WindowModal)
    made.show()
    return made
