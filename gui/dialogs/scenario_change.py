"""A change of a scenario: what it is, and what the scenario would lead to with it, while it is being typed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from gui import what_if_text, wording
from gui.desk import Desk
from gui.dialogs import form
from gui.dialogs.form import Fields, Form
from gui.dialogs.pricing import currency_field, decimal
from gui.widgets.day_field import day_field, day_of
from gui.widgets.item_field import ItemField
from gui.widgets.number_field import number_field
from gui.widgets.optional_day import OptionalDay
from gui.widgets.product_field import product_field
from gui.widgets.text import label
from gui.work import Job, Report, using
from rules.vocabulary import MODELS
from store import choices
from store.errors import KnownFault, Unfit
from store.scenarios import judging
from store.scenarios.judging import Comparison
from store.scenarios.shape import (
    KINDS,
    AddItem,
    Change,
    ChangeDemand,
    DropItem,
    RedateItem,
    RenewItem,
    Scenario,
    SwitchRight,
)

Editor = tuple[Fields, Callable[[], Change]]
"""The fields of a kind of change, and what they say; it raises Unfit for what they cannot mean."""

_AFTER: Final = 300
"""Milliseconds after the last key before the difference is looked for."""

_SHOWN: Final = 4
"""Positions that are told; the page shows all."""


def open_(
    desk: Desk,
    parent: QWidget,
    scenario: Scenario,
    kind: str,
    keep: Callable[[Change], object],
    place: int | None = None,
) -> Form:
    """Ask for a new change of a kind, or for what shall be different about the one at a place; `keep` takes it."""
    held = None if place is None else scenario.changes[place]
    fields, said = _EDITORS[KINDS[kind]](desk, held)
    earlier = scenario.changes[:place] if place is not None else scenario.changes
    later = scenario.changes[place + 1 :] if place is not None else ()

    def save() -> None:
        change = said()
        judging.compare(desk.book, Scenario(scenario.scenario, (*earlier, change)), months=1)
        keep(change)

    made = form.open_(parent, what_if_text.KINDS[kind], fields, save, about=_ABOUT[KINDS[kind]])
    told = label("", "muted", wrap=True)
    told.setMinimumHeight(told.fontMetrics().lineSpacing() * (_SHOWN + 1))
    made.layout().insertWidget(made.layout().count() - 2, told)
    _Preview(made, desk, told, lambda: Scenario(scenario.scenario, (*earlier, said(), *later)))
    return made


class _Preview(QTimer):
    """Tells below the fields what the scenario would lead to, whenever they have changed."""

    def __init__(self, parent: Form, desk: Desk, told: Any, scenario: Callable[[], Scenario]) -> None:
        super().__init__(parent, singleShot=True, interval=_AFTER)
        self._desk, self._told, self._scenario = desk, told, scenario
        self._job: Job | None = None
        for line in parent.findChildren(QLineEdit):
            line.textChanged.connect(lambda _: self.start())
        for box in parent.findChildren(QComboBox):
            box.currentIndexChanged.connect(lambda _: self.start())
        for check in parent.findChildren(QCheckBox):
            check.toggled.connect(lambda _: self.start())
        self.timeout.connect(self._look)
        self.start()

    def _look(self) -> None:
        try:
            scenario = self._scenario()
        except KnownFault as fault:
            self._told.setText(str(fault))
            return
        if self._job is not None and self._job.running:
            self._job.cancel()
        book = self._desk.book

        def look(report: Report) -> Comparison:
            with using(book, report):
                return judging.compare(book, scenario)

        self._job = self._desk.work.run("", look, self._tell, self._fail, lane="what-if-preview", owner=self)

    def _tell(self, found: Comparison) -> None:
        differing = [one for one in found.positions if one.changes]
        lines = [what_if_text.difference(one) for one in differing[:_SHOWN]]
        if len(differing) > _SHOWN:
            lines[-1] = f"… and {wording.plural(len(differing) - _SHOWN + 1, 'more position')}"
        text = "\n".join(("With this change, beside the book:", *lines))
        self._told.setText(text if lines else "No position is any different.")

    def _fail(self, fault: Exception) -> None:
        if not isinstance(fault, KnownFault):
            raise fault
        self._told.setText(wording.capital(str(fault)))


# ------------------------------------------------------------------------------------------------------ kinds of fields
def _add(desk: Desk, held: AddItem | None) -> Editor:
    known = held or AddItem("", "", "subscription", "device", 1, desk.as_of, None)
    contract, product = QLineEdit(known.contract), product_field(desk, "Product")
    contract.setPlaceholderText("A contract of the book, or the number of a new one")
    product.setText(known.product)
    model = form.choice([(code, wording.label(code)) for code in MODELS], known.model)
    metric = _metric(desk, known.metric)
    quantity, unlimited = number_field(0, value=known.quantity or 0), QCheckBox("Unlimited")
    unlimited.setChecked(known.quantity is None)
    unlimited.toggled.connect(quantity.setDisabled)
    start = day_field("License start", known.license_start)
    end = _end(known.license_end, known.license_start)
    price, currency = _price(known.unit_price), currency_field(known.currency)
    currency.setPlaceholderText("That of the book; only for a new contract")

    def said() -> Change:
        return AddItem(
            *(contract.text().strip(), product.text().strip(), model.currentData(), metric.currentData()),
            *(None if unlimited.isChecked() else quantity.value(), day_of(start), end.day(), _amount(price)),
            *(currency.text().strip().upper(), held.item if held else ""),
        )

    fields = [
        *(("Contract", contract), ("Product", product), ("Model", model), ("Metric", metric)),
        *(("Quantity", quantity), ("", unlimited), ("License start", start), ("License end", end)),
        *(("Unit price", price), ("Currency", currency)),
    ]
    return fields, said


def _drop(desk: Desk, held: DropItem | None) -> Editor:
    item = _item(desk, held)
    return [("Contract item", item)], lambda: DropItem(*item.key())


def _renew(desk: Desk, held: RenewItem | None) -> Editor:
    item, end = _item(desk, held), _end(held.license_end if held else _in_years(desk.as_of, 2), desk.as_of)
    quantity, price = _line(held.quantity if held else None), _price(held.unit_price if held else None)
    for one in (quantity, price):
        one.setPlaceholderText("As before")

    def said() -> Change:
        return RenewItem(*item.key(), end.day(), _whole(quantity), _amount(price))

    return [("Contract item", item), ("Renewed until", end), ("Quantity", quantity), ("Unit price", price)], said


def _redate(desk: Desk, held: RedateItem | None) -> Editor:
    item = _item(desk, held)
    start = day_field("License start", held.license_start if held else desk.as_of)
    end = _end(held.license_end if held else _in_years(desk.as_of, 1), desk.as_of)
    fields = [("Contract item", item), ("License start", start), ("License end", end)]
    return fields, lambda: RedateItem(*item.key(), day_of(start), end.day())


def _demand(desk: Desk, held: ChangeDemand | None) -> Editor:
    product, metric = product_field(desk, "Product"), _metric(desk, held.metric if held else "device")
    product.setText(held.product if held else "")
    share = held is not None and held.percent is not None
    how = form.choice([("by", "By a number"), ("percent", "By percent")], "percent" if share else "by")
    amount = QLineEdit("" if held is None else f"{held.percent:f}" if held.percent is not None else str(held.by))
    amount.setPlaceholderText("Such as 25, or -10 for less")

    def said() -> Change:
        named = product.text().strip(), metric.currentData()
        if how.currentData() == "percent":
            return ChangeDemand(*named, percent=decimal(amount.text()))
        return ChangeDemand(*named, by=_whole(amount) or 0)

    return [("Product", product), ("Metric", metric), ("Change", how), ("Amount", amount)], said


def _switch(desk: Desk, held: SwitchRight | None) -> Editor:
    names = [one.right for one in choices.rights(desk.book)]
    right = form.choice([(name, wording.line(name)) for name in names], held.right if held else "")
    on = form.choice([("off", "Off"), ("on", "On")], "on" if held and held.on else "off")

    def said() -> Change:
        if right.currentData() is None:
            raise Unfit("This book has no rights. Add one in the settings first.")
        return SwitchRight(right.currentData(), on.currentData() == "on")

    return [("Right", right), ("Switch it", on)], said


_EDITORS: Final[dict[type, Callable[[Desk, Any], Editor]]] = {
    AddItem: _add,
    DropItem: _drop,
    RenewItem: _renew,
    RedateItem: _redate,
    ChangeDemand: _demand,
    SwitchRight: _switch,
}
_ABOUT: Final = {
    AddItem: "A new contract item. A contract that does not exist yet is made when the scenario is applied.",
    DropItem: "What the item holds is missing, as if it had never been bought.",
    RenewItem: "A new item follows the day after the end of this one.",
    RedateItem: "The item begins and ends on other days.",
    ChangeDemand: "More or less is needed; a share is rounded up to whole licenses.",
    SwitchRight: "From the day of judgement on, the right holds, or holds no longer.",
}


# ------------------------------------------------------------------------------------------------------------- controls
def _item(desk: Desk, held: DropItem | RenewItem | RedateItem | None) -> ItemField:
    made = ItemField(desk, "Contract item")
    if held is not None:
        made.choose(held.contract, held.item)
    return made


def _metric(desk: Desk, chosen: str) -> QComboBox:
    return form.choice([(code, wording.label(code)) for code in choices.metrics(desk.book)], chosen)


def _end(end: date | None, start: date) -> OptionalDay:
    made = OptionalDay("License end", "Without end", _in_years(start, 1))
    made.set_day(end)
    return made


def _in_years(day: date, years: int) -> date:
    return date(day.year + years, 12, 31)


def _line(value: int | None) -> QLineEdit:
    return QLineEdit("" if value is None else str(value))


def _price(price: Decimal | None) -> QLineEdit:
    made = QLineEdit("" if price is None else f"{price:f}")
    made.setPlaceholderText("For one license, such as 120.50")
    return made


def _amount(line: QLineEdit) -> Decimal | None:
    return decimal(line.text()) if line.text().strip() else None


def _whole(line: QLineEdit) -> int | None:
    text = line.text().replace(",", "").strip()
    if not text:
        return None
    found = decimal(text)
    if not found.is_finite() or found != int(found):
        raise Unfit(f"“{text}” is no whole number.")
    return int(found)
