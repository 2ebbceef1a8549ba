"""The door for every kind of input: says what it is, by its content, and hands over its tables."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from store.imports import config_manager, csv_folder, isolated, opensam
from store.imports.finding import ERROR, Finding
from store.imports.source import BATCH, Batch, RawTable, Rows, Source, Unreadable
from store.imports.workbook import read_workbook

__all__ = ["BATCH", "Batch", "RawTable", "Rows", "Source", "Unreadable", "open_source"]


_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OLE: Final = bytes.fromhex("D0CF11E0A1B11AE1")
"""How workbooks begin: the present ones, and the old or encrypted ones."""


def open_source(path: Path, before: Callable[[], object] | None = None) -> Source:
    """The input as tables of the template, whatever it is: a folder, a workbook, or a file of another program.

    Bad input does not raise: what is wrong stands in the findings of the source, with severity error. `before` is
    called every now and then while that takes long, and may raise to stop it.
    """
    try:
        with isolated.watched_by(before):
            return _folder(path) if path.is_dir() else _file(path)
    except Unreadable as unreadable:
        return Source(csv_folder.TEMPLATE, path, "", findings=unreadable.findings)
    except FileNotFoundError:
        return _refused(path, "not-found", "there is no such file or folder")
    except OSError as error:
        return _refused(path, "unreadable", f"it cannot be opened: {error.strerror}")


def _refused(path: Path, code: str, text: str) -> Source:
    return Source(csv_folder.TEMPLATE, path, "", findings=(Finding(ERROR, code, path.name or str(path), text),))


def _folder(path: Path) -> Source:
    return opensam.read_folder(path) if opensam.recognized(path) else csv_folder.read_folder(path)


def _file(path: Path) -> Source:
    with path.open("rb") as stream:
        start = stream.read(8)
    if start.startswith(_ZIP):
        return read_workbook(path)
    if start.startswith(_OLE):
        text = "this is an old Excel file (.xls) or one with a password; save it as .xlsx without a password"
        return _refused(path, "not-a-workbook", text)
    if config_manager.recognized(path):
        return config_manager.read_file(path)
    table = csv_folder.table_named(path)
    if table:
        return csv_folder.read_file(path, table)
    text = "this is not a file that can be imported; give a folder of CSV files or an XLSX workbook"
    return _refused(path, "not-recognized", text)
