"""Pictures of files of people's own making: their columns, the first rows, what each row becomes, and what is refused."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QWidget

from gui.main_window import MainWindow
from gui.wizards import import_
from gui.wizards.import_ import ImportWizard

Shown = Callable[[MainWindow], QWidget]
_FOLDER = Path("build/tour/own")

_HEADER = "Artikel;Hersteller;Menge;Einzelpreis;Beginn;Ende;Vertragsnummer;Status;Bemerkung".split(";")
_ROWS = [
    ("Visio Standard 2024", "Microsoft", "120", "310,40 €", "01.04.2025", "", "V-2025-17", "aktiv", "Rollout Q2"),
    ("Acrobat Pro", "Adobe", "1.250", "19,99 €", "01.01.2026", "31.12.2026", "V-2026-02", "aktiv", ""),
    ("Snagit 2025", "TechSmith", "einige", "48,00 €", "15.03.2025", "", "V-2025-30", "aktiv", "Menge fehlt"),
    ("WinZip", "Corel", "40", "12,00 €", "01.07.2025", "30.06.2024", "V-2025-31", "aktiv", ""),
    ("TeamViewer", "TeamViewer", "25", "600,00 €", "01.02.2026", "31.01.2027", "V-2026-05", "storniert", ""),
    *((f"Utility {n}", "Softshop", str(n), "5,00 €", "01.06.2025", "", f"V-U-{n}", "aktiv", "") for n in range(1, 20)),
]
_PEOPLE = ["sAMAccountName", "mail", "department", "Enabled"]


def _write(name: str, header: Sequence[str], rows: Sequence[Sequence[str]], delimiter: str = ",") -> Path:
    _FOLDER.mkdir(parents=True, exist_ok=True)
    with (_FOLDER / name).open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=delimiter).writerows([header, *rows])
    return _FOLDER / name


def _list() -> Path:
    return _write("Einkauf Softshop.csv", _HEADER, _ROWS, ";")


def _users() -> Path:
    people = [(f"user{n:02}", f"user{n:02}@contoso.com", ("Sales", "IT")[n % 2], str(n % 5 > 0)) for n in range(40)]
    return _write("directory.csv", _PEOPLE, people)


def _settle(window: MainWindow) -> None:
    while True:
        waited = bool(window.desk.work.jobs)
        loop = QEventLoop()
        QTimer.singleShot(250, loop.quit)
        loop.exec()
        if not waited and not window.desk.work.jobs:
            return


def _opened(window: MainWindow, path: Path, pages: int) -> ImportWizard:
    wizard = import_.open_(window.desk, window, str(path))
    for _ in range(pages):
        wizard.next()
        _settle(window)
    return wizard


def _columns(path: Callable[[], Path]) -> Shown:
    return lambda window: _opened(window, path(), 2)


def _left_out(window: MainWindow) -> ImportWizard:
    wizard = _opened(window, _list(), 2)
    page = wizard.columns
    page.left_column.control.setCurrentIndex(page.left_column.control.findData("Status"))
    page.left_values.control.setText("storniert")
    return wizard


def _preview(leave: bool, tab: int) -> Shown:
    def show(window: MainWindow) -> ImportWizard:
        wizard = _left_out(window)
        wizard.next()
        _settle(window)
        if leave:
            wizard.preview.leave.setChecked(True)
            _settle(window)
        wizard.preview.tabs.setCurrentIndex(tab)
        return wizard

    return show


def _missing(window: MainWindow) -> ImportWizard:
    wizard = _opened(window, _list(), 2)
    wizard.columns.fields["Menge"].setCurrentIndex(0)
    wizard.columns.fields["Status"].setCurrentIndex(wizard.columns.fields["Status"].findData("product"))
    wizard.next()
    return wizard


SCREENS: list[tuple[str, Shown]] = [
    ("import-own-2-recognized", lambda window: _opened(window, _list(), 1)),
    ("import-own-3-columns", _columns(_list)),
    ("import-own-3-left-out", _left_out),
    ("import-own-3-missing", _missing),
    ("import-own-3-people", _columns(_users)),
    ("import-own-4-refused", _preview(leave=False, tab=3)),
    ("import-own-4-rows", _preview(leave=True, tab=1)),
    ("import-own-4-counts", _preview(leave=True, tab=0)),
]
"""Every screen by the name of its picture."""
