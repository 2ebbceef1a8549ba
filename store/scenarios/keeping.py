"""What a person does with scenarios: keep them in the book, change them, apply them."""

from __future__ import annotations

import orjson

from store import names, rows
from store.book import Book
from store.errors import Unfit, Unknown
from store.scenarios import applying, reading
from store.scenarios.shape import Scenario
from store.tables import Scenario as ScenarioTable


def save(book: Book, scenario: Scenario, *, new: bool = False) -> None:
    """Keep a scenario, or change the one of that name. Whether its changes are possible is seen when it is judged.

    Raises Unfit without a name, and, when it shall be `new`, for a name that is taken.
    """
    name = names.name(scenario.scenario, "scenario")
    changes = orjson.dumps([reading.change_data(change) for change in scenario.changes]).decode()
    with book.transaction():
        if new and _row(book, name) is not None:
            raise Unfit(f"scenario: there is {name!r} already. Choose another name.")
        rows.save(book, ScenarioTable, {"scenario": name}, {"changes": changes}, named=name)


def rename(book: Book, scenario: str, new: str) -> None:
    """Give a scenario another name. Raises Unknown; Unfit for a name that is taken."""
    held, name = read(book, scenario), names.name(new, "scenario")
    if name != held.scenario:
        with book.transaction():
            save(book, Scenario(name, held.changes), new=True)
            remove(book, held.scenario)


def remove(book: Book, scenario: str) -> None:
    """Let go of a scenario; what was applied of it stays. Raises Unknown."""
    with book.transaction():
        if rows.remove(book, ScenarioTable, {"scenario": scenario}, named=scenario) is None:
            raise Unknown(f"scenarios: there is no {scenario!r}.")


def read(book: Book, scenario: str) -> Scenario:
    """The scenario of that name. Raises Unknown."""
    found = _row(book, scenario.strip())
    if found is None:
        raise Unknown(f"scenarios: there is no {scenario!r}.")
    return Scenario(scenario.strip(), reading.changes_of(orjson.loads(found)))


def held(book: Book) -> list[str]:
    """The names of all scenarios."""
    return [row[0] for row in book.rows("SELECT scenario FROM scenarios ORDER BY scenario")]


def apply(book: Book, scenario: Scenario) -> None:
    """Make its changes for real. One step to undo, when that is how it is called. Raises Unfit."""
    applying.apply(book, scenario)


def _row(book: Book, name: str) -> str | None:
    found = book.one("SELECT changes FROM scenarios WHERE scenario = ?", (name,))
    return None if found is None else found[0]
