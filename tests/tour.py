"""Pictures of every page, wizard step and dialog, light and dark, at two sizes: `make tour` writes them to build/tour/.

No screen is needed. A screen is a function that brings the window to it and returns what is to be photographed; pages
are photographed by themselves.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QDate, QEventLoop, QTimer
from PySide6.QtWidgets import QDialog, QWidget

from gui import app as program
from gui import books, faults, theme, wording
from gui.desk import Desk, Place
from gui.dialogs import about, fault, findings, shortcuts, snapshot
from gui.dialogs import product as product_dialog
from gui.dialogs import right as right_dialog
from gui.dialogs.compliance import ComplianceDialog
from gui.main_window import PAGES, MainWindow
from gui.pages import settings
from gui.state import State
from gui.widgets.charts import WithTable
from gui.wizards import import_
from gui.wizards.base import Progress, Wizard
from store import calendar as events
from store import choices
from store.book import open_book
from store.imports.load import load
from store.records import ManualEvent
from tests import (
    tour_ahead,
    tour_backups,
    tour_compare,
    tour_contracts,
    tour_counting,
    tour_mapping,
    tour_matching,
    tour_requests,
    tour_signed,
)

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)
SIZES = ((1280, 800), (1920, 1080))
TARGET = Path("build/tour")
CHANGED, REFUSED = TARGET / "changed", TARGET / "refused"
SAMPLE = Path(__file__).parent.parent / "resources" / "sample"

Screen = Callable[[MainWindow], QWidget]


def page(code: str, key: str = "", tab: str = "") -> Screen:
    """The window with a page in it."""

    def show(window: MainWindow) -> QWidget:
        window.desk.go(Place(code, key, tab))
        return window

    return show


def calendar(view: str) -> Screen:
    """The calendar in one of its views, with events of one's own, and reminders above it."""

    def show(window: MainWindow) -> QWidget:
        make_events(window)
        window.desk.go(Place("calendar", "manual|1", "2026-11-24"))
        window.stack.currentWidget().view_buttons[view].click()
        return window

    return show


def make_events(window: MainWindow) -> None:
    """Events of one's own: one that is near, one that was missed, one that comes again."""
    desk = window.desk
    if desk.book.one("SELECT 1 FROM manual_events WHERE name = 'Talk to the reseller'"):
        return
    contract = desk.book.value("SELECT contract FROM contracts WHERE manual = 0 ORDER BY contract LIMIT 1")
    for event in (
        ManualEvent(contract, "custom", date(2026, 11, 24), "Talk to the reseller", None, time(8), 7),
        ManualEvent(contract, "status-update", date(2026, 11, 18), "Confirm the renewal", None),
        ManualEvent(contract, "activity-log", date(2026, 1, 31), "Count the installations", repeat="monthly"),
    ):
        desk.do(f"Add event {event.name}", lambda book, event=event: events.save(book, event))


def step(place: Place, number: int, fill: Callable[[QWidget], object] = lambda wizard: None) -> Screen:
    """A wizard at its step of that number, 0 for the first; `fill` types what it needs to get there."""

    def show(window: MainWindow) -> QWidget:
        window.desk.go(place)
        wizard = window.findChildren(Wizard)[-1]
        fill(wizard)
        for _ in range(number):
            if not isinstance(wizard.currentPage(), Progress):  # which goes on by itself
                wizard.next()
        settle(window.desk)
        return wizard

    return show


def charts_as_tables(window: MainWindow) -> QWidget:
    """The charts of Home as the tables of their numbers."""
    window.desk.go(Place("home"))
    for both in window.stack.currentWidget().findChildren(WithTable):
        both.show_table(True)
    return window


def importing(pages: int, path: Path, tab: int = 0) -> Screen:
    """The import wizard, so many pages on."""

    def show(window: MainWindow) -> QWidget:
        wizard = import_.open_(window.desk, window, str(path))
        for _ in range(pages):
            settle(window.desk)
            wizard.next()
        settle(window.desk)
        wizard.preview.tabs.setCurrentIndex(tab)
        return wizard

    return show


EXAMPLE = Place("edit-entitlement", "Windows Server 2025 Standard|perpetual|core")


def fill_event(wizard: QWidget) -> None:
    """A status update with thirty reminders."""
    wizard.details.record.choose(wizard.desk.book.value("SELECT contract FROM contracts ORDER BY contract LIMIT 1"))
    wizard.details.name.control.setText("Renew or cancel")
    wizard.time.day.control.setDate(QDate(2026, 12, 1))
    wizard.time.remind.setChecked(True)


def fill_allocation(wizard: QWidget) -> None:
    """All of it to one group, and a new group that gets none yet."""
    wizard.allocation.suggest()


def fill_manual(wizard: QWidget) -> None:
    """A product that there is not yet."""
    wizard.license.record.setText("Legacy Plotter 3")
    wizard.license.quantity.control.setValue(12)
    wizard.responsibility.group.control.setText("Design")


def override(window: MainWindow) -> QWidget:
    """The window for typed figures, with those of the documented example."""
    window.desk.go(Place("add-compliance", EXAMPLE.key))
    dialog = window.findChildren(ComplianceDialog)[-1]
    dialog.override.setChecked(True)
    for code, text in {"active": "1000", "demand": "860", "downgrade": "-35", "upgrade": "0"}.items():
        dialog.rows[code].typed.setText(text)
    dialog.reason.control.setPlainText("Counted by hand in the audit of 2026")
    return dialog


def snapshots(window: MainWindow) -> QWidget:
    """The list of snapshots with one in it."""
    window.desk.go(Place("snapshots"))
    page = window.stack.currentWidget()
    page.save()
    page.dialog.control.setText(str(window.desk.book.path.with_name("handed-out")))
    page.dialog.save.click()
    settle(window.desk)
    return window


def palette(window: MainWindow) -> QWidget:
    """The command palette with something typed into it."""
    window.palette_.open_("re")
    return window


def toast(window: MainWindow) -> QWidget:
    """What passes by after an undo."""
    window.palette_.close_()
    window.desk.tell("Undone: Add contract C-17", "positive")
    return window


def mistake(window: MainWindow) -> QWidget:
    """A fault of the program."""
    try:
        raise RuntimeError("an example")
    except RuntimeError as error:
        return fault.open_(window, faults.report(error, "an example", NOW))


def right(window: MainWindow) -> QWidget:
    """A right of the sample, to be changed."""
    return right_dialog.open_(window.desk, window, choices.rights(window.desk.book)[0])


def product(window: MainWindow) -> QWidget:
    """A product of the sample, to be changed."""
    place = Place("edit-product", "Windows Server 2022 Standard")
    return product_dialog.open_(window.desk, window, place)


def in_use(window: MainWindow) -> QWidget:
    """A book that cannot be opened."""
    return books.refuse(window, "This book cannot be opened", "estate.elpis: the file is damaged.")


def read_only(window: MainWindow) -> QWidget:
    """A book that another program has open."""
    window.desk.open(window.desk.book.path, read_only=True)
    return window


def start(window: MainWindow) -> QWidget:
    """No book is open: comes last, because it closes the book."""
    window.desk.close()
    return window


RECORDS = (
    ("entitlement", "Windows Server 2022 Standard|perpetual|core"),
    ("contract", "MS-EA-2022"),
    ("product", "Windows Server 2022 Standard"),
    ("position", "Windows Server 2012 R2 Standard|perpetual|core"),
)
"""Records of the sample that have something to show in each tab."""

SCREENS: list[tuple[str, Screen]] = [
    *((code, page(code)) for code, _, _ in PAGES if code not in wording.REQUEST_PAGES),
    ("rulebook-rule", page("rulebook", "transfers.downgrade")),
    *((f"settings-{code}", page("settings", tab=code)) for code, _, _ in settings.TABS),
    ("dialog-right", right),
    ("dialog-product", product),
    ("dialog-product-new", lambda window: product_dialog.open_(window.desk, window, Place("add-product"))),
    ("dialog-right-new", lambda window: right_dialog.open_(window.desk, window)),
    *((f"calendar-{view}", calendar(view)) for view in ("month", "year", "agenda")),
    *((f"wizard-event-{n}", step(Place("add-event"), n, fill_event)) for n in (0, 1, 2, 3, 4, 6)),
    *((f"wizard-entitlement-{n}", step(EXAMPLE, n, fill_allocation)) for n in (0, 1, 2, 4)),
    *((f"wizard-add-entitlement-{n}", step(Place("add-entitlement"), n, fill_manual)) for n in range(4)),
    *tour_contracts.SCREENS,
    *tour_requests.SCREENS,
    *tour_ahead.SCREENS,
    ("dialog-compliance", override),
    *(
        (f"{noun}-{tab}", page(noun, key, tab))
        for noun, key in RECORDS
        for tab in ("details", "timeline", "history", "why")
    ),
    ("home-tables", charts_as_tables),
    ("import-1-file", importing(0, SAMPLE)),
    ("import-2-recognized", importing(1, SAMPLE)),
    ("import-3-preview", importing(2, CHANGED)),
    ("import-3-changed-rows", importing(2, CHANGED, 2)),
    ("import-3-rows", importing(2, CHANGED, 1)),
    ("import-3-refused", importing(2, REFUSED, 3)),
    ("import-5-finished", importing(3, CHANGED)),
    ("dialog-findings", lambda window: findings.open_(window.desk, window)),
    ("dialog-snapshot", lambda window: snapshot.open_(window.desk, window)),
    ("snapshots-saved", snapshots),
    *tour_mapping.SCREENS,
    *tour_signed.SCREENS,
    *tour_compare.SCREENS,
    *tour_backups.SCREENS,
    *tour_matching.SCREENS,
    *tour_counting.SCREENS,
    ("palette", palette),
    ("toast", toast),
    ("dialog-about", about.open_),
    ("dialog-shortcuts", lambda window: shortcuts.open_(window, window.actions_)),
    ("dialog-fault", mistake),
    ("dialog-refused", in_use),
    ("read-only", read_only),
    ("start", start),
]
"""Every screen by the name of its picture."""


def settle(desk: Desk, milliseconds: int = 250) -> None:
    """Let everything arrive that was asked for, and be laid out."""
    while True:
        waited = bool(desk.work.jobs)
        loop = QEventLoop()
        QTimer.singleShot(milliseconds, loop.quit)
        loop.exec()
        if not waited and not desk.work.jobs:
            return


def take(folder: Path, book: Path, dress: str, size: tuple[int, int]) -> None:
    """All pictures in one theme and size."""
    state = State(folder / "state.ini")
    desk = Desk(lambda: NOW, "ann", state)
    window = MainWindow(desk)
    window.resize(*size)
    window.show()
    own = folder / f"{dress}-{size[0]}"
    own.mkdir()
    desk.open(Path(shutil.copy(book, own)))
    for name, show in SCREENS:
        shown = show(window)
        settle(desk)
        shown.grab().save(str(folder / f"{name}-{dress}-{size[0]}.png"))
        if isinstance(shown, QDialog):
            shown.done(0)  # without asking whether what was typed may be lost
    window.close()
    settle(desk, 50)


def change(folder: Path, name: str, old: str, new: str) -> None:
    """The sample estate with something else in the first row that has it."""
    shutil.copytree(SAMPLE, folder)
    text = (folder / name).read_text(encoding="utf-8")
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def main(target: Path) -> None:
    """Write all pictures into a folder, which is emptied before."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    book = target / "estate.elpis"
    with open_book(book, clock=lambda: NOW, who="ann", create=True) as fresh:
        load(fresh, SAMPLE, as_of=date(2026, 11, 21))
    change(CHANGED, "contract_items.csv", ",55.20,", ",60.00,")
    change(REFUSED, "contract_items.csv", ",perpetual,", ",forever,")
    app = program.make_app(sys.argv[:1])
    for dress in ("light", "dark"):
        theme.apply(app, dress)
        for size in SIZES:
            os.environ["XDG_CONFIG_HOME"] = str(target / f"{dress}-{size[0]}" / "settings")  # where keys are made
            take(target, book, dress, size)
    print(f"{len(list(target.glob('*.png')))} pictures in {target}")


if __name__ == "__main__":
    main(TARGET)
