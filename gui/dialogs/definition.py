"""An entitlement definition: added to a title, or changed."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QCheckBox, QLineEdit, QSpinBox, QWidget

from gui import portal_words, wording
from gui.desk import Desk, Place
from gui.dialogs import form, question, title
from gui.dialogs.form import Form
from gui.widgets.number_field import number_field
from gui.widgets.optional_day import OptionalDay
from gui.widgets.record_field import RecordField
from rules.vocabulary import DEFINITION_KINDS, INCLUDED, VERSION_RIGHTS
from store import choices, conflicts, settings
from store.book import Book
from store.errors import KnownFault, Unfit
from store.portal import definitions
from store.portal.records import Definition

_LONGEST = 36_500


def open_new(desk: Desk, parent: QWidget, place: Place) -> QWidget:
    """Ask for a new definition; the key may name its title."""
    return _shown(desk, parent, None, place.key)


def open_edit(desk: Desk, parent: QWidget, place: Place) -> QWidget:
    """Ask for what shall be different about the definition that the key names."""
    try:
        return _shown(desk, parent, definitions.read(desk.book, place.key), "")
    except KnownFault as fault:
        return question.tell(parent, "This entitlement definition cannot be edited", str(fault))


def _shown(desk: Desk, parent: QWidget, held: Definition | None, of: str) -> Form:
    fields = _Fields(desk, held or Definition("", of))
    fields.name.setReadOnly(held is not None)
    seen = None if held is None else conflicts.see(desk.book, held.definition, partial(_texts, held.definition))

    def save() -> None:
        made = fields.definition()
        if held is None and definitions.exists(desk.book, made.definition):
            raise Unfit(f"There is an entitlement “{made.definition}” already. Choose another name, or edit that one.")
        deed = f"{'Edit' if held else 'Add'} entitlement definition {wording.line(made.definition)}"
        desk.do(deed, partial(_store, made=made, seen=seen))

    title_ = f"Entitlement {wording.line(held.definition)}" if held else "New entitlement definition"
    return form.open_(parent, title_, fields.listed(settings.get(desk.book, "currency")), save)


def _texts(definition: str, book: Book) -> conflicts.Texts:
    return conflicts.texts(definitions.read(book, definition))


def _store(book: Book, *, made: Definition, seen: conflicts.Seen | None) -> None:
    conflicts.require_unchanged(book, seen, conflicts.texts(made))
    definitions.save(book, made)


class _Fields:
    """A field for each part of a definition."""

    def __init__(self, desk: Desk, known: Definition) -> None:
        self.name = QLineEdit(known.definition)
        self.title = form.choice([(one, wording.line(one)) for one in choices.titles(desk.book)], known.title)
        self.kind = form.choice([(code, portal_words.KINDS[code]) for code in DEFINITION_KINDS], known.kind)
        self.price = title.price_field(known.unit_price)
        self.contract = RecordField(desk, "contracts", ("contract", "name"), "Contract")
        self.contract.choose(known.contract)
        self.window = _window(known.max_request_days)
        self.first = OptionalDay("First day", "Since ever", desk.as_of)
        self.first.set_day(known.starts_on)
        self.last = OptionalDay("Last day", "Never ends", desk.as_of)
        self.last.set_day(known.ends_on)
        self.orderable, self.forced = QCheckBox("May be ordered"), QCheckBox("Forced: goes with its title")
        self.orderable.setChecked(known.orderable)
        self.forced.setChecked(known.forced)
        rights = [(code, portal_words.VERSIONS[code]) for code in VERSION_RIGHTS]
        self.versions = form.choice(rights, known.version_right)
        self.kind.currentIndexChanged.connect(lambda _: self._kept())
        self._kept()

    def _kept(self) -> None:
        """What comes along anyway is not ordered."""
        for one in (self.price, self.orderable, self.forced, self.window):
            one.setEnabled(self.kind.currentData() != INCLUDED)

    def listed(self, currency: str) -> form.Fields:
        """The fields by their names, in order."""
        return [
            ("Name", self.name),
            ("Title", self.title),
            ("Kind", self.kind),
            (f"Unit price in {currency}", self.price),
            ("Contract", self.contract),
            ("First day", self.first),
            ("Last day", self.last),
            ("Request window", self.window),
            ("Newer versions", self.versions),
            ("", self.orderable),
            ("", self.forced),
        ]

    def definition(self) -> Definition:
        """The definition as it is typed. Raises Unfit for a contract that there is not, and for what is no amount."""
        typed = self.contract.text().strip()
        if typed and not self.contract.key():
            raise Unfit(f"There is no contract “{typed}”. Choose one of the book, or none.")
        return Definition(
            self.name.text().strip(),
            str(self.title.currentData() or ""),
            self.kind.currentData(),
            title.typed(self.price),
            self.window.value() if self.window.value() >= 0 else None,
            self.first.day(),
            self.last.day(),
            self.contract.key(),
            self.orderable.isChecked(),
            self.forced.isChecked(),
            self.versions.currentData(),
        )


def _window(days: int | None) -> QSpinBox:
    """Days after the authorization; -1 stands for no limit."""
    made = number_field(-1, _LONGEST, -1 if days is None else days, name="Request window")
    made.setSpecialValueText("Open: at any time")
    made.setSuffix(" days after the authorization")
    return made
