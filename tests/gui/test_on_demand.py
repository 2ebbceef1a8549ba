"""Pages, wizards and exporters are imported when somebody goes there: the window stands without them."""

import subprocess
import sys
from pathlib import Path

from gui.on_demand import Later, on_demand

HEAVY = ("polars", "pandas", "numpy", "openpyxl", "reportlab", "psycopg")
LATER = (
    "icalendar",
    "store.snapshots.workbook",
    "store.snapshots.report.document",
    "python_calamine",
    "gui.pages.calendar",
    "gui.wizards.contract",
    "store.imports.load",
)
OF_A_BOOK = (
    "peewee",
    "durable_rules_engine",
    "filelock",
    "orjson",
    "rules.language",
    "store.book",
    "store.derivation",
    "store.overviews",
    "store.undo",
    "store.lookup",
    "gui.palette",
    "gui.widgets.as_of_bar",
    "gui.widgets.reminders",
)
OF_THE_COMMAND_LINE = ("click", "gui.cli", "gui.commands")

START = """
import sys
from pathlib import Path
from gui import __main__
from gui.app import dress, make_app, make_window
from gui.state import State
app, state = make_app(["elpis"]), State(Path(sys.argv[1]))
dress(app, state)
window = make_window(state)
window.show()
window.grab()
"""
SAY = "print(*sys.modules)"
GET_READY = """
from gui.ready import get_ready
get_ready(window, app.quit)
app.exec()
before = set(sys.modules)
"""
OPEN = """
from PySide6.QtWidgets import QWidget
from gui import main_window
main_window._MAKERS["home"] = lambda desk: QWidget()
window.desk.open(Path(sys.argv[1]).with_name("estate.elpis"), create=True)
print(*(name for name in set(sys.modules) - before if name.startswith(("store.", "rules.", "gui."))))
"""


def imported(program: str, folder: Path) -> set[str]:
    asked = [sys.executable, "-c", program, str(folder / "state.ini")]
    return set(subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split())


def test_a_function_is_fetched_when_it_is_called_and_keeps_its_name():
    join = on_demand("posixpath", "join")
    assert (join.__module__, join.__name__) == ("posixpath", "join")
    assert join("a", "b") == "a/b"


def test_a_module_is_there_when_something_of_it_is_asked_for_and_not_before():
    paths = Later("posixpath")
    assert "join" not in vars(paths)
    assert paths.join("a", "b") == "a/b"


def test_the_first_window_stands_without_what_nobody_has_asked_for_yet(tmp_path):
    assert not imported(START + SAY, tmp_path) & {*HEAVY, *LATER, *OF_A_BOOK, *OF_THE_COMMAND_LINE}


def test_a_window_that_stands_gets_ready_for_a_book(tmp_path):
    assert imported(START + GET_READY + SAY, tmp_path) >= {*OF_A_BOOK}


def test_a_window_that_is_ready_opens_a_book_without_another_import_than_that_of_the_page(tmp_path):
    assert imported(START + GET_READY + OPEN, tmp_path) == set()
