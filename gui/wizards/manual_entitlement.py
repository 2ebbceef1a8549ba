"""The wizard for licenses that no contract is known for: what they are, from when to when, who answers for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSpinBox, QWidget

from gui import wording
from gui.desk import Desk, Place
from gui.widgets.day_field import day_field, day_of
from gui.widgets.layout import row
from gui.widgets.number_field import number_field
from gui.widgets.record_field import RecordField
from gui.wizards import base
from gui.wizards.base import Finished, Made, Page, Problem, Progress, Wizard
from gui.wizards.fields import Field, choice, grid, text_field
from gui.wizards.responsibility import ResponsibilityPage
from gui.work import Report
from rules.vocabulary import MAX_QUANTITY, MODELS, PERPETUAL
from store import entitlements, groups, names, products, settings
from store.book import Book
from store.errors import KnownFault
from store.groups import USER_GROUPS
from store.records import EntitlementKey, ManualEntitlement, Product


def open_(desk: Desk, parent: QWidget, place: Place) -> Wizard:
    """Show the wizard; the key may name a product."""
    return base.open_(ManualWizard(desk, parent, place.key))


class LicensePage(Page):
    """What the licenses are: product, model, metric, how many, and what one of them cost."""

    def __init__(self, desk: Desk, product: str) -> None:
        super().__init__(
            "License",
            "Which licenses are these?",
            "Only for licenses that no contract is known for. Where there is one, add that: it can be traced.",
        )
        self._desk = desk
        book = desk.book
        self.record = RecordField(desk, "products", ("product", "vendor"), "Product")
        self.record.choose(product)
        self.product = Field("Product", self.record, needed=True, hint="A product that there is not yet is made.")
        self.model = Field("Model", choice([(code, wording.label(code)) for code in MODELS]), needed=True)
        metrics = [(code, wording.label(code)) for code in names.listed(book, "metrics")]
        self.measure = Field("Metric", choice(metrics), needed=True)
        self.quantity = Field("Quantity", number_field(1, MAX_QUANTITY, 1), needed=True)
        self.unlimited = QCheckBox("Unlimited")
        self.unlimited.toggled.connect(lambda on: self.quantity.control.setEnabled(not on))
        self.quantity.line.addWidget(self.unlimited)
        self.price = text_field("Unit price", hint="For one license; may stay empty.")
        self.currency = text_field("Currency", hint="Its three letters.")
        self.currency.control.setText(settings.get(book, "currency"))
        self.currency.control.setMaxLength(3)
        self.product.changed.connect(self._tell)
        self.fill(
            self.product,
            grid((self.model, self.measure), (self.quantity, self.price, self.currency)),
        )

    def name(self) -> str:
        """The product: one that there is, or the name of a new one."""
        return self.record.key() or " ".join(self.record.text().split())

    def is_new(self) -> bool:
        """Whether that product is to be made."""
        return bool(self.name()) and not self.record.key()

    def unit_price(self) -> Decimal | None:
        """What is typed as price, None for nothing. Raises InvalidOperation for what is no number."""
        typed = self.price.control.text().replace(",", "").strip()
        return Decimal(typed) if typed else None

    def codes(self) -> tuple[str, str]:
        """The model and the metric."""
        model: QComboBox = self.model.control
        metric: QComboBox = self.measure.control
        return model.currentData(), metric.currentData()

    def problems(self) -> Iterable[Problem]:
        """What the store would refuse, said where it is typed."""
        yield from self._wrong_product()
        try:
            names.price(self.unit_price())
        except (InvalidOperation, KnownFault):
            yield self.price, "Type an amount such as 120.50."
        try:
            names.currency(self.currency.control.text())
        except KnownFault:
            yield self.currency, "Type three letters, such as EUR."

    def _wrong_product(self) -> Iterable[Problem]:
        book, name = self._desk.book, self.name()
        try:
            names.name(name, "product")
        except KnownFault:
            yield self.product, "Name the product."
            return
        key = EntitlementKey(name, *self.codes())
        if entitlements.is_fed(book, key) and not entitlements.is_manual(book, key):
            yield self.product, "A contract feeds this entitlement already. Add an item to that contract instead."

    def _tell(self) -> None:
        new = f"“{self.name()}” is a new product: it is made together with this." if self.is_new() else ""
        self.product.say(new, "warning")


class TermPage(Page):
    """From when to when they are valid."""

    def __init__(self, desk: Desk) -> None:
        super().__init__("Term", "From when to when are they valid?", "Both days are included.")
        self.start = Field("License start", day_field("License start", desk.as_of), needed=True)
        self.end = Field("License end", day_field("License end", desk.as_of.replace(month=12, day=31)))
        self.open_end = QCheckBox("Without end")
        self.open_end.setChecked(True)
        self.open_end.toggled.connect(self._tell)
        self.end.changed.connect(self._tell)
        self.start.changed.connect(self._tell)
        self.fill(grid((self.start, self.end)), row(self.open_end, None))

    def last(self) -> date | None:
        """The last valid day, None without end."""
        return None if self.open_end.isChecked() else day_of(self.end.control)

    def arrive(self) -> None:
        """Say what the model asks for."""
        self._tell()

    def problems(self) -> Iterable[Problem]:
        """The end does not lie before the start."""
        last = self.last()
        if last is not None and last < day_of(self.start.control):
            yield self.end, "The end lies before the start."

    def _tell(self) -> None:
        self.end.setEnabled(not self.open_end.isChecked())
        wizard = self.wizard()
        model = wizard.license.codes()[0] if isinstance(wizard, ManualWizard) else PERPETUAL
        unusual = model != PERPETUAL and self.open_end.isChecked()
        self.said.clear()
        if unusual:
            self.said.say(f"A {wording.label(model).lower()} usually has an end.", "warning")


class SummaryPage(base.SummaryPage):
    """What will be stored."""

    def arrive(self) -> None:
        """Show it."""
        wizard: ManualWizard = self.wizard()
        wizard.drafted = one = wizard.draft()
        wizard.new_product, wizard.new_group = wizard.license.is_new(), wizard.responsibility.is_new()
        price = f"{wording.money(str(one.unit_price))} {one.currency}" if one.unit_price is not None else ""
        self.summary.show_rows(
            [
                ("Product", one.product),
                ("Model", wording.label(one.model)),
                ("Metric", wording.label(one.metric)),
                ("Quantity", "Unlimited" if one.quantity is None else wording.number(one.quantity)),
                ("Unit price", price),
                ("License start", one.license_start.isoformat()),
                ("License end", one.license_end.isoformat() if one.license_end else "Without end"),
                ("Responsible user group", one.responsible),
            ]
        )
        made = [f"A new product is made: {one.product}."] if wizard.new_product else []
        made += [f"A new user group is made: {one.responsible}."] if wizard.new_group else []
        self.note(*made)


class ManualWizard(Wizard):
    """Adds an entitlement without a contract."""

    def __init__(self, desk: Desk, parent: QWidget | None, product: str) -> None:
        super().__init__(desk, parent, "Add entitlement", "Add")
        self.license = LicensePage(desk, product)
        self.term = TermPage(desk)
        self.responsibility = ResponsibilityPage(desk)
        self.summary, self.progress, self.finished = SummaryPage(), Progress(), Finished()
        self.begin(*self.route())
        self.before = self.drafted = self.draft()
        self.new_product = self.new_group = False

    def route(self) -> Sequence[Page]:
        """Always all pages."""
        return [self.license, self.term, self.responsibility, self.summary, self.progress, self.finished]

    def draft(self) -> ManualEntitlement:
        """The entitlement as it is typed."""
        try:
            price = self.license.unit_price()
        except InvalidOperation:
            price = None
        quantity: QSpinBox = self.license.quantity.control
        currency: QLineEdit = self.license.currency.control
        return ManualEntitlement(
            *(self.license.name(), *self.license.codes()),
            None if self.license.unlimited.isChecked() else quantity.value(),
            day_of(self.term.start.control),
            self.term.last(),
            unit_price=price,
            currency=currency.text().strip().upper(),
            responsible=self.responsibility.responsible(),
        )

    def what(self) -> str:
        """What undo takes back."""
        return f"Add entitlement {self.draft().product}"

    def store(self, book: Book, _: Report) -> object:
        """A new product and group first, then the entitlement."""
        one = self.drafted
        if self.new_product:
            products.save(book, Product(one.product))
        if self.new_group:
            groups.add(book, USER_GROUPS, one.responsible)
        return entitlements.add(book, one)

    def typed(self) -> bool:
        """Whether anything differs from the beginning."""
        return self.draft() != self.before

    def made(self, answer: EntitlementKey) -> Made:
        """Say it, and lead to the record."""
        one = self.drafted
        quantity = "Unlimited" if one.quantity is None else wording.number(one.quantity)
        until = f"until {one.license_end.isoformat()}" if one.license_end else "without end"
        line = f"{quantity} {wording.label(one.model).lower()}, from {one.license_start.isoformat()}, {until}."
        return Made(f"{one.product} was added", [line], Place("entitlement", str(answer)))
