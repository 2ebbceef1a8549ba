"""How the program looks: theme, size of the type, language."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QApplication, QComboBox, QWidget

from gui import theme
from gui.desk import Desk
from gui.pages.setting_parts.form import form, setting
from gui.theme import SPACE
from gui.widgets.layout import column

_THEMES = (("system", "As the desktop has it"), ("light", "Light"), ("dark", "Dark"))
_SIZES = (("9", "Small"), ("10", "Normal"), ("11", "Large"), ("13", "Larger"), ("15", "Largest"))
_LANGUAGES = (("en", "English"),)


def make(desk: Desk) -> QWidget:
    """Theme, size and language. They belong to you, not to the book, and are in force at once."""
    look = _choice(_THEMES, desk.state.get("looks/theme", "system"))
    size = _choice(_SIZES, f"{desk.state.get('looks/points', float(theme.BODY_POINTS)):g}")
    language = _choice(_LANGUAGES, "en")
    language.setEnabled(False)

    def wear() -> None:
        desk.state.put("looks/theme", look.currentData())
        desk.state.put("looks/points", float(size.currentData()))
        theme.apply(QApplication.instance(), look.currentData(), float(size.currentData()))

    for box in (look, size):
        box.currentIndexChanged.connect(lambda _: wear())
    made = QWidget()
    parts = form(
        setting("Theme", "Colors of the window. Statuses keep their icon and word in both.", look),
        setting("Size of the type", "Everything grows with it, also rows and buttons.", size),
        setting("Language", "Elpis speaks English; other languages have not been made yet.", language),
    )
    made.setLayout(column(parts, None, gap=2 * SPACE))
    return made


def _choice(options: Sequence[tuple[str, str]], chosen: str) -> QComboBox:
    made = QComboBox()
    for code, text in options:
        made.addItem(text, code)
    made.setCurrentIndex(max(0, made.findData(chosen)))
    return made
