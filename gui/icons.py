"""Icons of one family (Lucide), drawn in the colour of a meaning, sharp on every screen.

QtSvg draws `currentColor` black, so the colour is written into the drawing before it is rendered. An icon that was put
onto a button or action by `give` is drawn anew by `retint` when the theme changes, or a screen comes.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt
from PySide6.QtGui import QAction, QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QMenu

from gui import theme

FOLDER: Final = Path(__file__).parent.parent / "resources" / "icons"
"""Where the drawings lie, with the notice of their license."""

SIZE: Final = 16
"""The side of an icon in buttons, menus and rows."""

_PROPERTY: Final = "elpisIcon"


def icon(name: str, meaning: str = "text", size: int = SIZE) -> QIcon:
    """The icon of that name in the colour of a meaning of the present theme; faint where it is switched off."""
    colours = theme.of().colours
    return _made(name, colours[meaning], colours["faint"], size, tuple(_ratios()))


def pixmap(name: str, meaning: str = "text", size: int = SIZE, ratio: float = 2.0) -> QPixmap:
    """The same as a picture, for labels and delegates. `ratio` is that of the screen."""
    return _drawn(name, theme.of().colour(meaning).name(), size, ratio)


def paint(painter: QPainter, box: QRectF, name: str, colour: QColor) -> None:
    """Draw an icon into a box of a picture that is being painted."""
    _renderer(name, colour.name()).render(painter, box)


def give(target: QAbstractButton | QAction | QLabel, name: str, meaning: str = "text", size: int = SIZE) -> None:
    """Put an icon onto a button, an action or a label, and keep it in step with the theme."""
    target.setProperty(_PROPERTY, f"{name} {meaning} {size}")
    if isinstance(target, QLabel):
        target.setPixmap(pixmap(name, meaning, size, target.devicePixelRatioF()))
    else:
        target.setIcon(icon(name, meaning, size))


def promise(target: QAction, name: str, meaning: str = "text") -> None:
    """Say which icon an action has. It is drawn by `keep`: most menus are never looked into."""
    target.setProperty(_PROPERTY, f"{name} {meaning} {SIZE}")


def keep(menu: QMenu) -> None:
    """Draw the icons that were promised to the actions of a menu."""
    for action in menu.actions():
        if action.icon().isNull():
            _give_again(action)


def retint(app: QApplication) -> None:
    """Draw every icon anew that was given away, after a change of theme."""
    for window in app.topLevelWidgets():
        for found in [window, *window.findChildren(QObject)]:
            if isinstance(found, QAbstractButton | QAction | QLabel):
                _give_again(found)


def _give_again(target: QAbstractButton | QAction | QLabel) -> None:
    if given := target.property(_PROPERTY):
        name, meaning, size = given.split()
        give(target, name, meaning, int(size))


def _ratios() -> list[float]:
    """The ratios of the screens that there are: each icon is drawn for all of them, and for no other."""
    return sorted({screen.devicePixelRatio() for screen in QGuiApplication.screens()})


@cache
def names() -> frozenset[str]:
    """The names of all icons there are."""
    return frozenset(path.stem for path in FOLDER.glob("*.svg"))


@cache
def _source(name: str) -> str:
    return (FOLDER / f"{name}.svg").read_text(encoding="utf-8")


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode()))


@cache
def _made(name: str, colour: str, faint: str, size: int, ratios: tuple[float, ...]) -> QIcon:
    made = QIcon()
    for mode, ink in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, faint)):
        for ratio in ratios:
            made.addPixmap(_drawn(name, ink, size, ratio), mode)
    return made


@cache
def _drawn(name: str, colour: str, size: int, ratio: float) -> QPixmap:
    side = round(size * ratio)
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint(painter, QRectF(0, 0, side, side), name, QColor(colour))
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture
