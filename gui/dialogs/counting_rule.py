"""A counting rule: added, or changed. Only the fields that its method takes can be seen."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from PySide6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QWidget

from gui import counting_words, wording
from gui.desk import Desk
from gui.dialogs import form
from gui.dialogs.form import Form
from gui.widgets.optional_day import OptionalDay
from gui.widgets.text import label
from rules import counted, counting_texts, counting_tiers
from rules.counting_methods import CORE, METHODS, Parameters, takes
from store import choices, conflicts, counting_rules, counting_why, readers
from store.book import Book
from store.errors import Unfit
from store.records import CountingRule

_NUMBERS: Final = tuple(name for name in Parameters._fields if name not in {*counting_words.CODES, "factor", "tiers"})


def ask(desk: Desk, parent: QWidget, held: CountingRule | None) -> Form:
    """Ask for a new rule, or for what shall be different about one."""
    known = held or CountingRule("device", CORE, Parameters())
    metric = form.choice([(code, wording.label(code)) for code in choices.metrics(desk.book)], known.metric)
    method = form.choice([(code, counting_words.METHODS[code]) for code in METHODS], known.method)
    first = OptionalDay("Valid from", "Always", desk.as_of)
    first.set_day(known.valid_from)
    says = label("", "hint", wrap=True)
    fields = {name: _field(name, known.parameters) for name in Parameters._fields}
    called = f"The counting rule of {wording.line(known.metric)}"
    seen = conflicts.see(desk.book, called, lambda book: _held(book, known)) if held else None

    def save() -> None:
        given = _typed({name: fields[name] for name in takes(method.currentData())})
        made = CountingRule(metric.currentData(), method.currentData(), given, first.day())
        _refuse_taken(desk.book, held, made)
        deed = f"{'Edit' if held else 'Add'} counting rule of {wording.line(made.metric)}"
        desk.do(deed, lambda book: _store(book, held, made, seen))

    rows: list[tuple[str, QWidget]] = [("Metric", metric), ("Valid from", first), ("Method", method)]
    rows += [(counting_words.PARAMETERS[name], fields[name]) for name in _order()]
    shown = form.open_(
        parent,
        "Counting rule" if held else "New counting rule",
        rows,
        save,
        about="Demand of products with this metric is counted from their installations, from the first day on.",
    )
    layout = shown.findChild(QFormLayout)
    layout.insertRow(3, "", says)
    method.currentIndexChanged.connect(lambda _: _fit(shown, layout, fields, says, method.currentData()))
    _fit(shown, layout, fields, says, known.method)
    return shown


def _order() -> list[str]:
    """The parameters as they stand below each other: what many methods take comes last."""
    return [*(name for name in Parameters._fields if name not in _EVERYWHERE), *_EVERYWHERE]


_EVERYWHERE: Final = ("minimum", "pack", "coverage")


def _fit(shown: Form, layout: QFormLayout, fields: Mapping[str, QWidget], says: Any, method: str) -> None:
    """Show what a method does, and the fields that it takes with what holds where they stay empty."""
    found = counted.in_force([(0, method, Parameters())], 1)
    ruling = {} if found is None else found[1].then
    says.setText("" if found is None else f"{found[1].says}.")
    for name, field in fields.items():
        layout.setRowVisible(field, name in takes(method))
        if isinstance(field, QLineEdit):
            default = str(ruling.get(name, _WITHOUT.get(name, "")))
            field.setPlaceholderText(default)
    shown.adjustSize()


_WITHOUT: Final = {"per": "Any number", "minimum": "None", "pack": "1", "tiers": "2500:1, 10000:0.8, 0.6"}
"""What holds for a parameter of which the rulebook says nothing."""


# -------------------------------------------------------------------------------------------------------------- fields
def _field(name: str, given: Parameters) -> QWidget:
    held = getattr(given, name)
    if name in counting_words.CODES:
        options = [("", "As usual"), *counting_words.CODES[name].items()]
        return form.choice(options, "" if held is None else str(held))
    return QLineEdit(_text(name, held))


def _text(name: str, held: Any) -> str:
    if name == "tiers":
        return counting_tiers.text_of(held) if held else ""
    return "" if held is None else counting_texts.shown(held).replace(",", "")


def _typed(fields: Mapping[str, QWidget]) -> Parameters:
    """The parameters that are typed or chosen. Raises Unfit for what is no number."""
    made: dict[str, Any] = {}
    for name, field in fields.items():
        text = field.currentData() if isinstance(field, QComboBox) else field.text().strip()
        if text:
            made[name] = _value(name, text)
    return Parameters()._replace(**made)


def _value(name: str, text: str) -> Any:
    called = counting_words.PARAMETERS[name]
    if name == "tiers":
        try:
            return counting_tiers.parse(text)
        except ValueError as wrong:
            raise Unfit(f"{called}: “{text}” {wrong}.") from None
    if name == "factor":
        known = counting_tiers.decimal(text)
        if known is None:
            raise Unfit(f"{called}: “{text}” is no number. Type one such as 0.5.")
        return Fraction(known)
    if name in _NUMBERS or name == "count_host":
        if not text.replace(",", "").isdecimal():
            raise Unfit(f"{called}: “{text}” is no whole number. Type one such as 16.")
        return int(text.replace(",", ""))
    return text


# ------------------------------------------------------------------------------------------------------------- storing
def _refuse_taken(book: Book, held: CountingRule | None, made: CountingRule) -> None:
    """A rule of another metric or day must not take the place of one that is there."""
    other = held is None or (held.metric, held.valid_from) != (made.metric, made.valid_from)
    if other and counting_rules.exists(book, made.metric, made.valid_from):
        since = f"from {made.valid_from}" if made.valid_from else "for always"
        raise Unfit(f"There is a counting rule of {made.metric} {since} already. Choose another day, or edit it.")


def _held(book: Book, like: CountingRule) -> conflicts.Texts:
    """The rule of the same metric and day as another, as the book has it."""
    for one in readers.counting_rules(book):
        if (one.metric, one.valid_from) == (like.metric, like.valid_from):
            return _texts(one)
    return {}


def _texts(rule: CountingRule) -> conflicts.Texts:
    given = counting_words.given(counting_why.told(rule.parameters, rule.method))
    first = rule.valid_from.isoformat() if rule.valid_from else ""
    method = counting_words.METHODS[rule.method]
    return {"metric": rule.metric, "valid from": first, "method": method, "parameters": given}


def _store(book: Book, held: CountingRule | None, made: CountingRule, seen: conflicts.Seen | None) -> None:
    conflicts.require_unchanged(book, seen, _texts(made))
    moved = held is None or (held.metric, held.valid_from) != (made.metric, made.valid_from)
    if held is not None and seen is not None and seen.is_there and moved:
        counting_rules.remove(book, held.metric, held.valid_from)
    counting_rules.save(book, made)
