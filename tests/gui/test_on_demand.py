"""Pages, wizards and exporters are imported when somebody goes there: the window stands without them."""

import subprocess
import sys

from gui.on_demand import on_demand

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
print(*sys.modules)
"""


def test_a_function_is_fetched_when_it_is_called_and_keeps_its_name():
    join = on_demand("posixpath", "join")
    assert (join.__module__, join.__name__) == ("posixpath", "join")
    assert join("a", "b") == "a/b"


def test_the_first_window_stands_without_what_nobody_has_asked_for_yet(tmp_path):
    asked = [sys.executable, "-c", START, str(tmp_path / "state.ini")]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    imported = set(done.stdout.split())
    assert not imported & {*HEAVY, *LATER}
    assert {"peewee", "durable_rules_engine"} <= imported
