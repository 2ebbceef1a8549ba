"""Saved views of an overview: what is searched, filtered, sorted and shown, under a name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from gui.dialogs import name as naming
from gui.state import State

View = dict[str, Any]
"""What a view holds: "search", "filter", "sort", "descending", "columns"."""


@dataclass
class Views:
    """The saved views of one overview. `current` says how it looks now, `show` makes it look like a view."""

    state: State
    name: str
    owner: QWidget
    current: Callable[[], View]
    usual: Callable[[], View]
    show: Callable[[View], object]

    def saved(self) -> dict[str, View]:
        """All views by name, in the order of their names."""
        found: dict[str, Any] = self.state.get(self._key(), {})
        held = {name: view for name, view in found.items() if isinstance(view, dict)}
        return dict(sorted(held.items(), key=lambda each: each[0].casefold()))

    def save(self, name: str) -> None:
        """Keep how the overview looks now under a name; a view of that name is replaced."""
        self.state.put(self._key(), {**self.saved(), name: self.current()})

    def remove(self, name: str) -> None:
        """Forget a view."""
        self.state.put(self._key(), {each: view for each, view in self.saved().items() if each != name})

    def rename(self, old: str, new: str) -> None:
        """Call a view otherwise."""
        self.state.put(self._key(), {new if each == old else each: view for each, view in self.saved().items()})

    def active(self) -> str:
        """The name of the view that the overview looks like now, "" for none."""
        now = _shape(self.current())
        return next((name for name, view in self.saved().items() if _shape(view) == now), "")

    def fill(self, menu: QMenu) -> None:
        """Put the views and what can be done with them into a menu, anew each time it opens."""
        menu.clear()
        active = self.active()
        self._add(
            menu,
            "Standard view",
            lambda: self.show(self.usual()),
            checked=_shape(self.current()) == _shape(self.usual()),
        )
        for name, view in self.saved().items():
            self._add(menu, name, lambda view=view: self.show(view), checked=name == active)
        menu.addSeparator()
        self._add(menu, "Save view…", self._ask_to_save)
        if active:
            self._add(menu, f"Rename “{active}”…", lambda: self._ask_to_rename(active))
            self._add(menu, f"Remove “{active}”", lambda: self.remove(active))

    def _add(self, menu: QMenu, text: str, run: Callable[[], object], *, checked: bool | None = None) -> None:
        action = QAction(text.replace("&", "&&"), menu)
        if checked is not None:
            action.setCheckable(True)
            action.setChecked(checked)
        action.triggered.connect(lambda _=False: run())
        menu.addAction(action)

    def _ask_to_save(self) -> None:
        naming.open_(self.owner, "Save view", self.save, taken=["Standard view", *self.saved()])

    def _ask_to_rename(self, old: str) -> None:
        taken = ["Standard view", *self.saved()]
        naming.open_(self.owner, "Rename view", lambda new: self.rename(old, new), name=old, taken=taken)

    def _key(self) -> str:
        return f"views/{self.name}"


def _shape(view: View) -> View:
    """A view without the widths of its columns: to drag one a little makes no other view of it."""
    return {**view, "columns": [(each.get("name"), each.get("shown")) for each in view.get("columns", [])]}
