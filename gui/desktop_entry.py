"""What the desktop of Linux is told so that a double-click opens a book: the program, the kind of file, its picture.

After the Desktop Entry Specification 1.5 and the Shared MIME-info specification 0.21 of freedesktop.org. All of it lies
in the folder of the user's own data; nothing of the system is changed.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from store.snapshots.saving import save_file

MIME: Final = "application/x-elpis-book"
"""What a book is called among the kinds of files."""

_PICTURE: Final = Path(__file__).parent.parent / "resources" / "icons" / "elpis.svg"

_ENTRY: Final = """\
[Desktop Entry]
Type=Application
Version=1.5
Name=Elpis
GenericName=License review
Comment=Entitlements, demand and compliance for any day, offline
Exec={command} %f
Icon=elpis
Terminal=false
Categories=Office;
MimeType={mime};
StartupWMClass=elpis
"""

# A book is known by its name, and, where it is not encrypted, by the mark in the 68th byte of its header.
_KIND: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="{mime}">
    <comment>Elpis book</comment>
    <icon name="elpis"/>
    <magic priority="60">
      <match type="string" offset="0" value="SQLite format 3">
        <match type="string" offset="68" value="Elps"/>
      </match>
    </magic>
    <glob pattern="*.elpis"/>
  </mime-type>
</mime-info>
"""

_REFRESHED: Final = (("update-mime-database", "mime"), ("update-desktop-database", "applications"))
_QUOTED: Final = str.maketrans({one: f"\\{one}" for one in '"`$\\'})


def home(environment: Mapping[str, str]) -> Path:
    """The folder of the user's own data, as the desktop looks for it."""
    given = Path(environment.get("XDG_DATA_HOME", ""))
    return given if given.is_absolute() else Path.home() / ".local" / "share"


def add(data: Path, program: Path) -> list[Path]:
    """Have books opened by `program`; the files that say so. Raises SavingFault where they cannot be written."""
    for path, text in _files(data, program).items():
        save_file(path, _writing(text))
    refresh(data)
    return list(_files(data, program))


def remove(data: Path) -> list[Path]:
    """Take away what `add` wrote; the files that were there."""
    found = [path for path in _files(data, Path()) if path.exists()]
    for path in found:
        path.unlink()
    refresh(data)
    return found


def refresh(data: Path) -> None:
    """Have the lists made anew in which the desktop looks things up. A desktop without such programs needs none."""
    for name, folder in _REFRESHED:
        if (program := shutil.which(name)) and (data / folder).is_dir():
            subprocess.run([program, str(data / folder)], check=False, capture_output=True)  # noqa: S603 (found by name)


def _files(data: Path, program: Path) -> dict[Path, str]:
    return {
        data / "applications" / "elpis.desktop": _ENTRY.format(command=quoted(str(program)), mime=MIME),
        data / "mime" / "packages" / "elpis.xml": _KIND.format(mime=MIME),
        data / "icons" / "hicolor" / "scalable" / "apps" / "elpis.svg": _PICTURE.read_text(encoding="utf-8"),
    }


def _writing(text: str) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_text(text, encoding="utf-8", newline="\n")

    return write


def quoted(argument: str) -> str:
    """An argument of a command as a desktop entry has it: what is special to it, to a string in it, and to codes."""
    return f'"{argument.translate(_QUOTED)}"'.replace("\\", "\\\\").replace("%", "%%")
