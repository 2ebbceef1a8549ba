"""Meanings to colours, sizes and one stylesheet: light and dark, in one place.

A screen names a meaning ("negative", "muted"), never a colour. `apply` dresses the whole program; what is drawn by
hand asks `of(widget)` while it draws, so a change of theme needs nothing but a repaint.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

SPACE: Final = 8
"""The grid: every distance is a multiple of it, or half of it between things that belong together."""

SCALE: Final[Mapping[str, float]] = {"display": 2.0, "title": 1.6, "heading": 1.2, "body": 1.0, "small": 0.9}
"""The type scale: sizes as multiples of the body's."""

BODY_POINTS: Final = 10
"""The size of the body where the user has chosen none."""

CHOICES: Final = ("system", "light", "dark")

STATUS: Final[Mapping[str, tuple[str, str]]] = {
    "compliant": ("positive", "circle-check"),
    "over-licensed": ("info", "circle-arrow-up"),
    "under-licensed": ("negative", "circle-alert"),
    "upcoming": ("info", "circle-dashed"),
    "active": ("positive", "circle-check"),
    "expiring": ("warning", "clock-alert"),
    "final-day": ("warning", "clock-alert"),
    "expired": ("muted", "circle-slash"),
    "error": ("negative", "circle-x"),
    "warning": ("warning", "triangle-alert"),
    "info": ("info", "info"),
    "pending": ("warning", "hourglass"),
    "granted": ("positive", "circle-check"),
    "authorized": ("positive", "badge-check"),
    "created": ("positive", "circle-plus"),
    "replaced": ("info", "refresh-cw"),
    "no-change": ("muted", "circle-minus"),
    "denied": ("negative", "circle-x"),
    "refused": ("negative", "circle-slash"),
    "cancelled": ("muted", "circle-slash"),
    "stale": ("warning", "clock-alert"),
    "scheduled": ("info", "circle-dashed"),
    "ended": ("muted", "circle-slash"),
    "orderable": ("positive", "circle-check"),
    "included": ("info", "layers"),
    "hidden": ("muted", "eye-off"),
    "standing": ("positive", "circle-check"),
    "reversed": ("muted", "undo-2"),
    "open": ("info", "circle-dashed"),
    "decided": ("positive", "circle-check"),
    "signed-off": ("positive", "badge-check"),
    "accepted": ("positive", "circle-check"),
    "buy": ("info", "circle-plus"),
    "cancel": ("warning", "circle-minus"),
    "investigate": ("warning", "search"),
    "waiting": ("warning", "hourglass"),
    "matched": ("positive", "circle-check"),
    "assigned": ("positive", "badge-check"),
    "ignored": ("muted", "circle-slash"),
}
"""Statuses, states and severities -> the meaning of their colour, and their icon."""

_LIGHT: Final = {
    "surface": "#ffffff",
    "raised": "#ffffff",
    "sunken": "#f6f7f9",
    "hover": "#eef0f3",
    "selected": "#e4eafc",
    "border": "#e3e5ea",
    "strong-border": "#c3c7d0",
    "text": "#1b1e25",
    "muted": "#5a616e",
    "faint": "#8b919d",
    "accent": "#3a57d0",
    "accent-hover": "#2f48b5",
    "accent-soft": "#e9eefd",
    "on-accent": "#ffffff",
    "focus": "#3a57d0",
    "positive": "#14703f",
    "positive-soft": "#e2f4ea",
    "negative": "#b8261f",
    "negative-soft": "#fdebe9",
    "warning": "#865200",
    "warning-soft": "#fdf1d8",
    "info": "#1f5fa8",
    "info-soft": "#e5f0fb",
    "muted-soft": "#eef0f3",
}

_DARK: Final = {
    "surface": "#191b20",
    "raised": "#202329",
    "sunken": "#131519",
    "hover": "#282c34",
    "selected": "#2b3660",
    "border": "#2d3139",
    "strong-border": "#484e5a",
    "text": "#eceef2",
    "muted": "#a6acb8",
    "faint": "#6d7482",
    "accent": "#93a8ff",
    "accent-hover": "#aebdff",
    "accent-soft": "#262e4d",
    "on-accent": "#0f1430",
    "focus": "#93a8ff",
    "positive": "#66d19a",
    "positive-soft": "#17322a",
    "negative": "#ff938a",
    "negative-soft": "#402124",
    "warning": "#f2bd63",
    "warning-soft": "#3a2d17",
    "info": "#7fb9f5",
    "info-soft": "#1b2f45",
    "muted-soft": "#282c34",
}


@dataclass(frozen=True)
class Theme:
    """One set of colours. `name` is "light" or "dark"."""

    name: str
    colours: Mapping[str, str]

    def colour(self, meaning: str) -> QColor:
        """The colour of a meaning. Raises KeyError for a meaning that does not exist."""
        return QColor(self.colours[meaning])

    @property
    def dark(self) -> bool:
        """Whether this is the dark theme."""
        return self.name == "dark"


LIGHT: Final = Theme("light", _LIGHT)
DARK: Final = Theme("dark", _DARK)

THEMES: Final = Path(__file__).parent.parent / "resources" / "themes"
"""Where the stylesheet and the small drawings that it names lie."""

FONTS: Final = Path(__file__).parent.parent / "resources" / "fonts"

STYLED: Final = "elpisStyled"
"""Set on a program that was begun with the style already."""

_PROPERTY: Final = "elpisTheme"
_WORD: Final = re.compile(r"@([a-z][a-z-]*[a-z])(?=[^a-z-])")


def of(_: QObject | None = None) -> Theme:
    """The theme in force, for a widget or the whole program."""
    app = QApplication.instance()
    return DARK if app is not None and app.property(_PROPERTY) == "dark" else LIGHT


def font(role: str = "body", *, bold: bool = False) -> QFont:
    """The program's font in a size of the type scale, for what is drawn by hand."""
    made = QFont(QApplication.font())
    made.setPointSizeF(made.pointSizeF() * SCALE[role])
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return made


def status(code: str) -> tuple[str, str]:
    """The meaning of the colour of a status, state or severity, and its icon; quiet ones for what is not known."""
    return STATUS.get(code, ("muted", "circle"))


def scheme(choice: str) -> Theme:
    """The theme for a choice of the user: "light", "dark", or "system" for what the desktop asks for."""
    if choice == "system":
        hints = QGuiApplication.styleHints()
        return DARK if hints.colorScheme() == Qt.ColorScheme.Dark else LIGHT
    return DARK if choice == "dark" else LIGHT


def apply(app: QApplication, choice: str = "system", points: float = BODY_POINTS) -> Theme:
    """Dress the whole program: style, palette, font, stylesheet. `points` is the size of the body text."""
    _ask_the_desktop(choice)
    chosen = scheme(choice)
    looks = stylesheet(chosen, points)
    if app.styleSheet() == looks:  # to dress every widget anew takes a moment
        return chosen
    app.setProperty(_PROPERTY, chosen.name)
    if not app.styleSheet() and not app.property(STYLED):
        app.setStyle("Fusion")  # asking for the style in force takes as long: its 570 names are made by either
    app.setFont(typeface(points))
    app.setPalette(palette(chosen))
    app.setStyleSheet(looks)
    return chosen


def typeface(points: float) -> QFont:
    """The program's own typeface, with figures of one width so that columns of numbers stand in line."""
    made = QFont(_family())
    made.setPointSizeF(points)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


@cache
def _family() -> str:
    numbers = [QFontDatabase.addApplicationFont(str(path)) for path in sorted(FONTS.glob("*.ttf"))]
    return QFontDatabase.applicationFontFamilies(numbers[0])[0]


def _ask_the_desktop(choice: str) -> None:
    """Let title bars and file dialogs of the desktop follow, where it can."""
    wanted = {"light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}.get(choice)
    hints = QGuiApplication.styleHints()
    if wanted is None:
        hints.unsetColorScheme()
    else:
        hints.setColorScheme(wanted)


_ROLES: Final = {
    QPalette.ColorRole.Window: "surface",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "sunken",
    QPalette.ColorRole.ToolTipBase: "raised",
    QPalette.ColorRole.ToolTipText: "text",
    QPalette.ColorRole.PlaceholderText: "muted",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.Button: "raised",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "negative",
    QPalette.ColorRole.Link: "accent",
    QPalette.ColorRole.LinkVisited: "accent",
    QPalette.ColorRole.Highlight: "selected",
    QPalette.ColorRole.HighlightedText: "text",
    QPalette.ColorRole.Light: "raised",
    QPalette.ColorRole.Midlight: "hover",
    QPalette.ColorRole.Mid: "border",
    QPalette.ColorRole.Dark: "strong-border",
    QPalette.ColorRole.Shadow: "border",
    QPalette.ColorRole.Accent: "accent",
}
_OFF: Final = (
    QPalette.ColorRole.WindowText,
    QPalette.ColorRole.Text,
    QPalette.ColorRole.ButtonText,
    QPalette.ColorRole.HighlightedText,
)


def palette(chosen: Theme) -> QPalette:
    """The colours for what the style draws by itself."""
    made = QPalette()
    for role, meaning in _ROLES.items():
        made.setColor(role, chosen.colour(meaning))
    for role in _OFF:
        made.setColor(QPalette.ColorGroup.Disabled, role, chosen.colour("faint"))
    return made


def stylesheet(chosen: Theme, points: float = BODY_POINTS) -> str:
    """The stylesheet with colours for meanings and points for the sizes of the type scale."""
    sizes = {name: f"{points * factor:g}pt" for name, factor in SCALE.items()}
    words = {**chosen.colours, **sizes, "images": THEMES.as_posix(), "name": chosen.name}
    return _WORD.sub(lambda found: words[found[1]], (THEMES / "elpis.qss").read_text(encoding="utf-8"))
