"""The door for every kind of input: says what it is, by its content, and hands over its tables."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from store.imports import (
    config_manager,
    csv_files,
    csv_folder,
    cyclonedx,
    free,
    glpi,
    isolated,
    license_files,
    license_statement,
    opensam,
    workbook,
)
from store.imports.finding import ERROR, Finding
from store.imports.mapping import presets
from store.imports.mapping.shape import ColumnMapping
from store.imports.source import BATCH, Batch, RawTable, Rows, Source, Unreadable

__all__ = ["BATCH", "READERS", "Batch", "RawTable", "Reader", "Rows", "Source", "Unreadable", "open_source"]


@dataclass(frozen=True)
class Reader:
    """Something that can be read: by what it is known, as "Recognized by …" says it, and how it becomes tables.

    `recognized` looks at the content, never at a name, and is quick; `read` hands over whatever is wrong as findings.
    """

    kind: str
    known_by: str
    recognized: Callable[[Path], bool]
    read: Callable[[Path], Source]


_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OLE: Final = bytes.fromhex("D0CF11E0A1B11AE1")
"""How workbooks begin: the present ones, and the old or encrypted ones."""


def _is_workbook(path: Path) -> bool:
    return path.is_file() and _start(path).startswith(_ZIP)


def _start(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(8)


def _columns(*names: str) -> str:
    return f"its columns {', '.join(names[:-1])} and {names[-1]}"


READERS: Final = (
    Reader(
        opensam.OPENSAM, "the columns of licenses.csv or installations.csv", opensam.recognized, opensam.read_folder
    ),
    Reader(glpi.GLPI, "its members content and deviceid", glpi.recognized, glpi.read),
    Reader(csv_folder.TEMPLATE, "the names of its files", Path.is_dir, csv_folder.read_folder),
    Reader(csv_folder.TEMPLATE, "the names of its sheets", workbook.is_template, workbook.read_workbook),
    Reader(
        license_statement.LICENSE_STATEMENT,
        f"its sheet {license_statement.SHEET}",
        license_statement.recognized,
        license_statement.read_file,
    ),
    Reader(free.FREE, "the header of a sheet", _is_workbook, free.read_workbook),
    Reader(
        config_manager.CONFIG_MANAGER,
        _columns(*config_manager.MARKS),
        config_manager.recognized,
        config_manager.read_file,
    ),
    *(
        Reader(one.kind, one.known_by, partial(license_files.recognized, one), partial(license_files.read_file, one))
        for one in presets.PRESETS
    ),
    Reader(cyclonedx.CYCLONEDX, "what CycloneDX documents begin with", cyclonedx.recognized, cyclonedx.read_file),
    Reader(csv_folder.TEMPLATE, "the name of the file", csv_folder.is_table, csv_folder.read_file),
    Reader(free.FREE, "", free.recognized, free.read_file),
)
"""What can be read, in the order in which it is asked for: what is more particular stands first."""


def open_source(
    path: Path,
    before: Callable[[], object] | None = None,
    *,
    mapping: ColumnMapping | None = None,
    remembered: Iterable[ColumnMapping] = (),
) -> Source:
    """The input as tables of the template, whatever it is: a folder, a workbook, or a file of another program.

    A file is read by the `mapping` that is given, or by a `remembered` one that was made for files with its columns.
    Bad input does not raise: what is wrong stands in the findings of the source, with severity error. `before` is
    called every now and then while that takes long, and may raise to stop it.
    """
    try:
        with isolated.watched_by(before):
            if mapping is not None:
                return free.read_with(path, mapping)
            return free.fitting(path, remembered) or _open(path)
    except Unreadable as unreadable:
        return Source(csv_folder.TEMPLATE, path, "", findings=unreadable.findings)
    except FileNotFoundError:
        return _refused(path, "not-found", "there is no such file or folder")
    except OSError as error:
        return _refused(path, "unreadable", f"it cannot be opened: {error.strerror}")


def _open(path: Path) -> Source:
    if path.exists() and not path.is_file() and not path.is_dir():  # a pipe may never begin, a device never end
        return _refused(path, "not-a-file", "this is neither a file nor a folder; choose one of these")
    if path.is_file() and _start(path).startswith(_OLE):
        text = "this is an old Excel file (.xls) or one with a password; save it as .xlsx without a password"
        return _refused(path, "not-a-workbook", text)
    with csv_files.looking_once():
        reader = next((one for one in READERS if one.recognized(path)), None)
    if reader is not None:
        found = reader.read(path)
        return replace(found, reason=found.reason or reader.known_by)
    _start(path)  # what is not there, or may not be opened, is said so
    text = "this is not a file that can be imported; give a folder of CSV files or an XLSX workbook"
    return _refused(path, "not-recognized", text)


def _refused(path: Path, code: str, text: str) -> Source:
    return Source(csv_folder.TEMPLATE, path, "", findings=(Finding(ERROR, code, path.name or str(path), text),))
