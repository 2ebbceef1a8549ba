"""An entitlement definition: added to a title, or changed."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QLineEdit, QSpinBox, QWidget

from gui import portal_words, wording
from gui.desk import Desk, Place
from gui.dialogs import form, question, title
from gui.dialogs.form import Form
from gui.widgets.number_field import number_field
from gui.widgets.optional_day import OptionalDay
from gui.widgets.record_field import RecordField
from rules.vocabulary import DEFINITION_KINDS, INCLUDED, VERSION_RIGHTS
from store import choices, settings
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
    known = held or Definition("", of)
    name = QLineEdit(known.definition)
    name.setReadOnly(held is not None)
    titles = choices.titles(desk.book)
    of_title = form.choice([(one, wording.line(one)) for one in titles], known.title)
    kind = form.choice([(code, portal_words.KINDS[code]) for code in DEFINITION_KINDS], known.kind)
    price = title.price_field(known.unit_price)
    contract = RecordField(desk, "contracts", ("contract", "name"), "Contract")
    contract.choose(known.contract)
    window = _window(known.max_request_days)
    first, last = OptionalDay("First day", "Since ever", desk.as_of), OptionalDay("Last day", "Never ends", desk.as_of)
    first.set_day(known.starts_on)
    last.set_day(known.ends_on)
    orderable, forced = QCheckBox("May be ordered"), QCheckBox("Forced: goes with its title")
    orderable.setChecked(known.orderable)
    forced.setChecked(known.forced)
    versions = form.choice([(code, portal_words.VERSIONS[code]) for code in VERSION_RIGHTS], known.version_right)

    def asked() -> None:
        """Who comes along anyway is not ordered."""
        for one in (price, orderable, forced, window):
            one.setEnabled(kind.currentData() != INCLUDED)

    kind.currentIndexChanged.connect(lambda _: asked())
    asked()

    def save() -> None:
        if contract.text().strip() and not contract.key():
            raise Unfit(f"There is no contract “{contract.text().strip()}”. Choose one of the book, or none.")
        made = Definition(
            name.text().strip(),
            str(of_title.currentData() or ""),
            kind.currentData(),
            title.typed(price),
            window.value() if window.value() >= 0 else None,
            first.day(),
            last.day(),
            contract.key(),
            orderable.isChecked(),
            forced.isChecked(),
            versions.currentData(),
        )
        if held is None and definitions.exists(desk.book, made.definition):
            raise Unfit(f"There is an entitlement “{made.definition}” already. Choose another name, or edit that one.")
        deed = f"{'Edit' if held else 'Add'} entitlement definition {wording.line(made.definition)}"
        desk.do(deed, lambda book: definitions.save(book, made))

    currency = settings.get(desk.book, "currency")
    return form.open_(
        parent,
        f"Entitlement {wording.line(held.definition)}" if held else "New entitlement definition",
        [
            ("Name", name),
            ("Title", of_title),
            ("Kind", kind),
            (f"Unit price in {currency}", price),
            ("Contract", contract),
            ("First day", first),
            ("Last day", last),
            ("Request window", window),
            ("Newer versions", versions),
            ("", orderable),
            ("", forced),
        ],
        save,
    )


def _window(days: int | None) -> QSpinBox:
    """Days after the authorization; -1 stands for no limit."""
    made = number_field(-1, _LONGEST, -1 if days is None else days, name="Request window")
    made.setSpecialValueText("Open: at any time")
    made.setSuffix(" days after the authorization")
    return made
