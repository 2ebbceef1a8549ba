"""Light and dark: every colour has a meaning, every text can be read, icons are sharp and follow."""

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QImage
from PySide6.QtWidgets import QApplication, QPushButton

from gui import icons, theme
from gui.theme import DARK, LIGHT, Theme
from gui.widgets.badge import badge
from gui.widgets.text import label
from rules.vocabulary import (
    AUTHORIZATION_STATES,
    DEFINITION_STATES,
    DEPLOYMENT_STATES,
    OUTCOMES,
    STATES,
    STATUSES,
)

PORTAL = (*OUTCOMES, *AUTHORIZATION_STATES, *DEFINITION_STATES, *DEPLOYMENT_STATES)

BOTH = pytest.mark.parametrize("chosen", [LIGHT, DARK], ids=["light", "dark"])
GROUNDS = ("surface", "raised", "sunken", "hover", "selected")
TEXTS = ("text", "muted")
STRONG = ("positive", "negative", "warning", "info", "accent")


def luminance(colour: QColor) -> float:
    def part(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    return 0.2126 * part(colour.redF()) + 0.7152 * part(colour.greenF()) + 0.0722 * part(colour.blueF())


def contrast(chosen: Theme, one: str, other: str) -> float:
    low, high = sorted([luminance(chosen.colour(one)), luminance(chosen.colour(other))])
    return (high + 0.05) / (low + 0.05)


@BOTH
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXTS)
def test_text_can_be_read_on_every_ground(chosen: Theme, ground: str, text: str) -> None:
    assert contrast(chosen, text, ground) >= 4.5


@BOTH
@pytest.mark.parametrize("ground", ["surface", "raised", "sunken"])
@pytest.mark.parametrize("text", STRONG)
def test_coloured_words_can_be_read(chosen: Theme, ground: str, text: str) -> None:
    assert contrast(chosen, text, ground) >= 4.5


@BOTH
@pytest.mark.parametrize("meaning", ["positive", "negative", "warning", "info", "muted", "accent"])
def test_badges_and_messages_can_be_read(chosen: Theme, meaning: str) -> None:
    assert contrast(chosen, meaning, f"{meaning}-soft") >= 4.5
    assert contrast(chosen, "text", f"{meaning}-soft") >= 4.5


@BOTH
def test_the_main_button_can_be_read_and_the_focus_seen(chosen: Theme) -> None:
    assert contrast(chosen, "on-accent", "accent") >= 4.5
    assert contrast(chosen, "on-accent", "accent-hover") >= 4.5
    assert all(contrast(chosen, "focus", ground) >= 3 for ground in ("surface", "raised", "sunken", "selected"))


def test_both_themes_know_the_same_meanings() -> None:
    assert LIGHT.colours.keys() == DARK.colours.keys()


@BOTH
def test_the_stylesheet_has_a_colour_for_every_word_in_it(chosen: Theme) -> None:
    made = theme.stylesheet(chosen)
    assert "@" not in made
    assert all(theme.THEMES.joinpath(name).is_file() for name in re.findall(r'url\(".*?/([\w-]+\.svg)"\)', made))


def test_every_status_state_and_severity_has_an_icon_a_word_and_a_colour() -> None:
    for code in (*STATUSES, *STATES, *PORTAL, "error", "warning", "info"):
        meaning, icon = theme.STATUS[code]
        assert icon in icons.names()
        assert meaning in LIGHT.colours


def test_icons_take_the_colour_of_their_meaning(dressed: QApplication) -> None:
    for chosen in ("light", "dark"):
        theme.apply(dressed, chosen)
        image = icons.pixmap("circle-x", "negative", 16, 2.0).toImage().convertToFormat(QImage.Format.Format_ARGB32)
        seen = {
            image.pixelColor(x, y).name() for x in range(32) for y in range(32) if image.pixelColor(x, y).alpha() == 255
        }
        assert seen == {theme.of().colour("negative").name()}
    theme.apply(dressed, "light")


def test_icons_have_a_drawing_of_their_own_for_each_kind_of_screen_there_is(
    dressed: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert icons._ratios() == [screen.devicePixelRatio() for screen in dressed.screens()] == [1.0]
    monkeypatch.setattr(icons, "_ratios", lambda: [1.0, 1.25, 2.0])
    made = icons.icon("plus", "text", 16)
    for ratio, side in ((1.0, 16), (1.25, 20), (2.0, 32)):
        assert made.pixmap(made.availableSizes()[0], ratio).width() == side
    assert made.pixmap(16, QIcon.Mode.Disabled).toImage() != made.pixmap(16, QIcon.Mode.Normal).toImage()


def test_what_has_an_icon_follows_a_change_of_theme(dressed: QApplication, qtbot) -> None:
    button = QPushButton("Add")
    qtbot.addWidget(button)
    icons.give(button, "plus")
    before = button.icon().pixmap(16).toImage()
    theme.apply(dressed, "dark")
    icons.retint(dressed)
    assert button.icon().pixmap(16).toImage() != before
    theme.apply(dressed, "light")


def test_the_drawings_come_with_the_notice_of_their_license() -> None:
    assert "ISC License" in (icons.FOLDER / "LICENSE").read_text(encoding="utf-8")
    assert "SIL Open Font License" in (theme.FONTS / "LICENSE").read_text(encoding="utf-8")


def test_every_icon_that_is_named_in_the_program_is_shipped() -> None:
    sources = list((icons.FOLDER.parent.parent / "gui").rglob("*.py"))
    named = {
        name
        for path in sources
        for name in re.findall(
            r'(?:icons\.(?:icon|pixmap|give)\([^"()]*|picture\(|icon_button\(|icon=)"([a-z0-9-]+)"',
            path.read_text("utf-8"),
        )
    }
    assert named
    words = {*LIGHT.colours, "primary", "hint"}
    assert named - icons.names() - words == set()


def test_system_means_what_the_desktop_asks_for(dressed: QApplication) -> None:
    dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    assert theme.scheme("system") is (DARK if dark else LIGHT)
    assert (theme.scheme("dark"), theme.scheme("light")) == (DARK, LIGHT)


def test_the_sizes_of_the_type_grow_together(dressed: QApplication) -> None:
    theme.apply(dressed, "light", 15)
    assert theme.font("title").pointSizeF() == 15 * theme.SCALE["title"]
    assert "font-size: 24pt" in dressed.styleSheet()
    theme.apply(dressed, "light")


def test_figures_have_one_width_so_that_columns_stand_in_line(dressed: QApplication, qtbot) -> None:
    shown = label("", "title")
    qtbot.addWidget(shown)
    shown.ensurePolished()
    assert shown.fontMetrics().horizontalAdvance("1111") == shown.fontMetrics().horizontalAdvance("8888")


def test_a_badge_has_icon_word_and_colour(dressed: QApplication, qtbot) -> None:
    made = badge("under-licensed")
    qtbot.addWidget(made)
    words = [part.text() for part in made.findChildren(type(label())) if part.text()]
    assert words == ["Under-licensed"]
    assert any(not part.pixmap().isNull() for part in made.findChildren(type(label())))
    assert made.property("meaning") == "negative"
