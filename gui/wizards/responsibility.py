"""The page of wizards where one says who answers for an entitlement."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCompleter, QLineEdit

from gui.desk import Desk
from gui.wizards.base import Page, Problem
from gui.wizards.fields import Field, text_field
from store import names
from store.errors import KnownFault
from store.groups import USER_GROUPS
from store.holdings import Holding


class ResponsibilityPage(Page):
    """A user group that answers for the entitlement, an existing one or a new one; where asked for, a name, too."""

    def __init__(self, desk: Desk, held: Holding | None = None) -> None:
        super().__init__("Responsibility", "Who answers for it?", _about(held))
        self._known = {name.casefold(): name for name in names.listed(desk.book, USER_GROUPS)}
        field = QLineEdit(held.responsible if held else "")
        field.setMaxLength(200)
        field.setPlaceholderText("Nobody by name")
        field.setClearButtonEnabled(True)
        completer = QCompleter(list(self._known.values()), field)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.popup().setAccessibleName("User groups: suggestions")
        field.setCompleter(completer)
        self.group = Field("Responsible user group", field, hint="Type a name; one that there is not yet is made.")
        self.name = text_field("Name of the entitlement", needed=True, hint="What overviews and reports call it.")
        self.name.control.setText(held.name if held else "")
        if held is None:
            self.name.hide()
        self.group.changed.connect(self._tell)
        self.fill(self.group, self.name)

    def responsible(self) -> str:
        """The user group that is named, "" for none."""
        typed = " ".join(self.group.control.text().split())
        return self._known.get(typed.casefold(), typed)

    def is_new(self) -> bool:
        """Whether that group is to be made."""
        return bool(self.responsible()) and self.responsible().casefold() not in self._known

    def problems(self) -> Iterable[Problem]:
        """A name that can be stored."""
        if self.name.isVisibleTo(self):
            try:
                names.name(self.name.control.text(), "name")
            except KnownFault:
                yield self.name, "Give it a name."

    def _tell(self) -> None:
        new = f"“{self.responsible()}” is a new user group: it is made together with this." if self.is_new() else ""
        self.group.say(new, "warning")


def _about(held: Holding | None) -> str:
    if held is None or held.responsible or not held.managed_by:
        return "The group is shown as “Managed by”, and is who to ask about these licenses."
    return f"Its purchases name {held.managed_by}; a group that is named here takes its place."
