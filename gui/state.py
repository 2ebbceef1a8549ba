"""What the window remembers from one time to the next: sizes, columns, filters, the last page, recent books."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final, TypeVar

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

T = TypeVar("T")

RECENT: Final = 10
"""How many books are remembered."""

KNOWN: Final = 500
"""Of how many books is it known that they are not from elsewhere."""


def default_path() -> Path:
    """The file in the user's folder for settings of programs."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppConfigLocation)) / "elpis.ini"


class State:
    """Remembered values in one INI file, as JSON texts. A file that cannot be read or written counts as empty."""

    def __init__(self, path: Path) -> None:
        self._settings = QSettings(str(path), QSettings.Format.IniFormat)

    def get(self, key: str, default: T) -> T:
        """What is remembered under a key such as "columns/entitlements"; the default for nothing, or another kind."""
        try:
            found: Any = json.loads(str(self._settings.value(key, "null")))
        except ValueError:
            return default
        return found if isinstance(found, type(default)) else default

    def put(self, key: str, value: object) -> None:
        """Remember a value: texts, numbers, and lists and dicts of them."""
        self._settings.setValue(key, json.dumps(value))

    def get_bytes(self, key: str) -> QByteArray:
        """What Qt has made of a geometry or of header sections; empty for nothing."""
        return QByteArray.fromBase64(self.get(key, "").encode())

    def put_bytes(self, key: str, value: QByteArray) -> None:
        """Remember what Qt makes of a geometry or of header sections."""
        self.put(key, value.toBase64().data().decode())

    def save(self) -> None:
        """Write what is remembered to its file."""
        self._settings.sync()

    # -------------------------------------------------------------------------------------------------- recent books
    def recent(self) -> list[Path]:
        """The books opened lately that still exist, the latest first."""
        return [path for path in map(Path, _texts(self.get("recent", []))) if path.is_file()]

    def remember_book(self, path: Path) -> None:
        """Put a book in front of the recent ones."""
        opened = str(path.absolute())
        others = [text for text in _texts(self.get("recent", [])) if text != opened]
        self.put("recent", [opened, *others][:RECENT])
        known = [text for text in _texts(self.get("known", [])) if text != opened]
        self.put("known", [opened, *known][:KNOWN])

    def knows_book(self, path: Path) -> bool:
        """Whether a book was made or opened here before."""
        return str(path.absolute()) in _texts(self.get("known", []))

    def forget_book(self, path: Path) -> None:
        """Take a book out of the recent ones."""
        self.put("recent", [text for text in _texts(self.get("recent", [])) if text != str(path)])


def _texts(found: Iterable[object]) -> list[str]:
    return [text for text in found if isinstance(text, str)]
