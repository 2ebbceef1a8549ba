"""Whatever people do with a book, undo and redo go back and forth through exactly the books that there were.

Two machines do what people do. `Recorded` is quick: after every step it compares each row of the book with a model that
knows only what the change log says, and judges all anew at the end of a day. `Judged` judges and checks everything after
every step, opens the book anew, and imports.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from store import audit, demand, derivation, evidence, log_chain, reversal, rows, runs, undo
from store.book import Book
from store.errors import KnownFault, Unfit
from store.imports.finding import Refused
from store.imports.load import load
from store.records import Count
from store.tables import BY_NAME
from tests import estates
from tests.conftest import AS_OF, opened
from tests.durability import states
from tests.promises import Promise
from tests.store.undo_day import FIRST, ITEMS, METRICS, MODELS, PLACES, PRODUCTS, QUANTITIES, Day

TREES = ["products", "contracts", "contract_items", "entitlements", "events", "positions", "transfers"]
"""Tables in which rules write."""


def require_judged(book: Book) -> None:
    """What rules have derived is what judging all anew gives."""
    before = {table: book.rows(f"SELECT * FROM {table} ORDER BY 1") for table in TREES}
    with book.transaction():
        derivation.regroup(book)
    derivation.recalculate(book, as_of=AS_OF)
    after = {table: book.rows(f"SELECT * FROM {table} ORDER BY 1") for table in TREES}
    assert before == after


def require_sound(book: Book) -> None:
    """Every reference leads somewhere, and every change is in the chain."""
    assert book.rows("PRAGMA foreign_key_check") == []
    assert log_chain.problems(book) == []


# ------------------------------------------------------------------------------------------------------------ recorded
Rows = dict[tuple[Any, ...], dict[str, Any]]
"""The rows of a book by table and key: columns that people fill, and their values."""


class Reader:
    """Reads a book beside it, with a connection of its own."""

    def __init__(self, path: Path) -> None:
        self.connection = states.connect(path)
        self.queries = {name: self._query(name) for name in BY_NAME}

    def _query(self, name: str) -> tuple[str, tuple[str, ...]]:
        columns = rows.entered(BY_NAME[name])
        quoted = ", ".join(f'"{column}"' for column in columns)
        return f"SELECT {quoted} FROM {name}", columns

    def rows(self) -> Rows:
        """Every row of every table that the change log knows."""
        self.connection.execute("BEGIN")  # one look instead of one a table
        found = {
            _place(name, row): row
            for name, (sql, columns) in self.queries.items()
            for values in self.connection.execute(sql)
            for row in (dict(zip(columns, values, strict=True)),)
        }
        self.connection.execute("COMMIT")
        return found

    def entries(self, after: int) -> list[tuple[Any, ...]]:
        """The entries of the change log after one of them."""
        sql = "SELECT id, action, subject, row_key, before, after FROM change_log WHERE id > ? ORDER BY id"
        return self.connection.execute(sql, (after,)).fetchall()


def _place(name: str, row: dict[str, Any]) -> tuple[Any, ...]:
    """What stands for a row: its table, and its id or else its key."""
    if "id" in row:
        return name, row["id"]
    return name, *(row[column] for column in _keys(name))


def _keys(name: str) -> tuple[str, ...]:
    table: Any = BY_NAME[name]
    key = table._meta.primary_key
    fields = key.field_names if hasattr(key, "field_names") else (key.name,)
    return tuple(table._meta.fields[field].column_name for field in fields)


def told(known: Rows, entry: tuple[Any, ...]) -> Rows:
    """The rows of a book, by what an entry of its change log tells."""
    _, _, name, key, before, after = entry
    row_key, old, new = (None if text is None else orjson.loads(text) for text in (key, before, after))
    place = _place(name, row_key)
    if new is None:
        assert known[place].items() <= {**row_key, **old}.items(), entry
        return {at: row for at, row in known.items() if at != place}
    if old is None:
        assert place not in known, entry
        columns = rows.entered(BY_NAME[name])
        whole = {**rows.defaults(BY_NAME[name]), **row_key, **new}
        return {**known, place: {column: whole[column] for column in columns}}
    assert known[place].items() >= old.items(), entry
    return {**known, place: {**known[place], **new}}


class Workplace:
    """One book for all days: each begins with the same bytes, which are written when nobody reads or writes."""

    def __init__(self, folder: Path) -> None:
        self.book = opened(folder / "estate.elpis", create=True)
        for name, value in (("journal_mode", "memory"), ("synchronous", 0)):
            self.book.database.pragma(name, value)  # a power cut is not what is tried here
        load(self.book, estates.write(folder / "first", FIRST), as_of=AS_OF)
        evidence.settle(self.book)
        self.pristine = self.book.path.read_bytes()
        self.days = 0
        self.reader = Reader(self.book.path)
        self.first = self.reader.rows()

    def begin(self) -> None:
        """The book as it is in the morning; statements stay prepared, for its schema is the same."""
        self.days += 1
        changes = (int.from_bytes(self.pristine[24:28]) + 100_000 * self.days).to_bytes(4)  # so that it is read anew
        fresh = b"".join((self.pristine[:24], changes, self.pristine[28:92], changes, self.pristine[96:]))
        with self.book.path.open("r+b") as file:
            file.write(fresh)
            file.truncate()

    def close(self) -> None:
        self.reader.connection.close()
        self.book.close()


class Recorded(Day):
    """After every step the book is, row by row, what its change log makes of the book of the morning."""

    place: Workplace
    turns = 0
    done = 0

    def __init__(self) -> None:
        super().__init__()
        self.place.begin()
        self.book = self.place.book
        self.states = [self.place.first]
        self.model = self.place.first
        self.last = log_chain.last(self.book.connection()).entry

    def follow(self) -> list[str]:
        """Bring the model to where the change log is, and compare the book with it; the actions that there were."""
        found = self.place.reader.entries(self.last)
        for entry in found:
            self.model = told(self.model, entry)
            self.last = entry[0]
        assert self.place.reader.rows() == self.model, "each row is as the change log tells it"
        return [entry[1] for entry in found]

    def do(self, change: Callable[[], object]) -> None:
        known, last, written = undo.next_back(self.book), self.last, self.book.connection().total_changes
        with suppress(KnownFault, Refused), undo.step(self.book, "something"):
            change()
        if self.book.connection().total_changes == written:
            return  # not one row was written, whatever became of it
        self.follow()
        if undo.next_back(self.book) == known:
            assert self.last == last, "without a step, nothing has changed"
            return
        self.at += 1
        self.steps = self.at
        self.states[self.at :] = [self.model]
        type(self).done += 1

    def turned(self, turn: Callable[[Book], undo.Step], by: int) -> None:
        turn(self.book)
        self.at += by
        assert set(self.follow()) == {"undo" if by < 0 else "redo"}, "and every change is an entry of the log itself"
        assert self.model == self.states[self.at]
        type(self).turns += 1

    def teardown(self) -> None:
        require_sound(self.book)
        require_judged(self.book)


# -------------------------------------------------------------------------------------------------------------- judged
class Judged(Day):
    """A user's day with imports, at whose every step all is checked; and the book is opened anew."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.book = opened(self.folder / "estate.elpis", create=True)
        evidence.settle(self.book)
        self.hashes = [audit.content_hash(self.book)]

    @initialize()
    def an_estate(self) -> None:
        self.do(lambda: load(self.book, estates.write(self.folder / "first", FIRST), as_of=AS_OF))

    def do(self, change: Callable[[], object]) -> None:
        known = undo.next_back(self.book)
        with suppress(KnownFault, Refused), undo.step(self.book, "something"):
            change()
        found = audit.content_hash(self.book)
        if undo.next_back(self.book) == known:
            assert found == self.hashes[self.at], "without a step, nothing has changed"
            return
        self.at += 1
        self.steps = self.at
        self.hashes[self.at :] = [found]

    def turned(self, turn: Callable[[Book], undo.Step], by: int) -> None:
        last = log_chain.head(self.book).seq
        turn(self.book)
        said = {row[0] for row in self.book.rows("SELECT action FROM change_log WHERE id > ?", (last,))}
        assert said == {"undo" if by < 0 else "redo"}
        self.at += by
        assert audit.content_hash(self.book) == self.hashes[self.at]

    @rule()
    def open_anew(self) -> None:
        self.book.close()
        self.book = opened(self.folder / "estate.elpis")

    @precondition(lambda self: not evidence.is_settled(self.book))
    @rule()
    def rows_of_imports_hashed(self) -> None:
        evidence.settle(self.book)

    @rule(
        items=st.lists(
            st.tuples(ITEMS, PRODUCTS, QUANTITIES, MODELS, METRICS),
            unique_by=lambda row: row[0],
            min_size=1,
            max_size=3,
        ),
        counts=st.lists(st.tuples(PRODUCTS, QUANTITIES), unique_by=lambda row: row[0], max_size=3),
        devices=st.lists(st.tuples(PRODUCTS, st.sampled_from(["pc1", "pc2"])), unique=True, max_size=3),
        parent=st.just("") | PLACES,
        then=st.none() | QUANTITIES,
    )
    def an_import(self, items: Any, counts: Any, devices: Any, parent: str, then: int | None) -> None:
        rows = [
            estates.item(n, product, count, model=m, metric=u, end="2027-06-30") for n, product, count, m, u in items
        ]
        tables = estates.of(
            *rows,
            products=[
                estates.product(name) for name in sorted({*(i[1] for i in items), *(r[0] for r in counts + devices)})
            ],
            resource_groups=estates.groups("Europe", "Berlin", **({"Paris": parent} if parent else {})),
            demand=[estates.demand(product, count) for product, count in counts],
            installations=[{"product": product, "device": device} for product, device in devices],
        )
        folder = estates.write(self.folder / f"in{len(list(self.folder.iterdir()))}", tables)

        def change() -> None:
            load(self.book, folder, as_of=AS_OF)
            if then is not None:  # more in the same step
                demand.save(self.book, Count(items[0][1], "device", then, source="count"))

        self.do(change)

    @invariant()
    def everything_is_as_it_should_be(self) -> None:
        require_sound(self.book)
        assert evidence.problems(self.book) == [], "no row is other than the log tells"
        if self.steps:
            require_judged(self.book)

    def teardown(self) -> None:
        while self.at:
            self.back()
        assert undo.next_back(self.book) is None
        while self.at < self.steps:
            self.forward()
        assert undo.next_forward(self.book) is None
        require_sound(self.book)
        self.book.close()
        shutil.rmtree(self.folder)


# --------------------------------------------------------------------------------------------------------------- tried
def drive(machine: type[RuleBasedStateMachine], examples: int, steps: int, *phases: Phase) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=phases or [Phase.generate, Phase.shrink],
        ),
    )


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[type[Recorded]]:
    place = Workplace(tmp_path)
    with closing(place):
        yield type("Recorded", (Recorded,), {"place": place})


def tried(machine: type[Recorded], examples: int, steps: int, promise: Promise) -> None:
    drive(machine, examples, steps)
    done = (
        f"days of {steps} steps, {machine.done:,} changes and {machine.turns:,} times undo or redo, each row compared"
    )
    promise("R24", f"{done} after each", count=examples * steps, control="a change that is not told is noticed")


def test_after_every_step_each_row_is_as_the_change_log_and_undo_say(recorded, promise):
    tried(recorded, 300, 30, promise)


@pytest.mark.deep
@pytest.mark.parametrize("part", range(2))
def test_after_every_step_of_a_long_day_each_row_is_as_the_change_log_and_undo_say(part, recorded, promise):
    tried(recorded, 5_000, 60, promise)


@contextmanager
def _forgotten(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setattr(module, name, lambda *_: None)
        yield


@pytest.mark.parametrize(
    ("module", "name"),
    [(reversal, "_bring_back"), (reversal, "_change_back"), (rows, "log"), (rows, "note"), (derivation, "derive")],
)
def test_what_forgets_a_row_a_change_or_a_conclusion_is_found_by_the_same_machine(recorded, monkeypatch, module, name):
    with _forgotten(monkeypatch, module, name), pytest.raises((AssertionError, Unfit)):
        drive(recorded, 50, 30, Phase.generate)  # seen in a row, or refused where nothing may be


def judged(examples: int, steps: int, few: int, promise: Promise) -> None:
    drive(Judged, examples, steps)
    said = f"days of {steps} steps with imports (runs of {few or 'any'} entries), all judged anew after each"
    promise("R24", said, count=examples * steps, control="an undo that forgets a row is noticed")


@pytest.mark.parametrize("few", [0, 100])
def test_undo_and_redo_lead_through_the_books_that_there_were(few, monkeypatch, promise):
    monkeypatch.setattr(runs, "_FEW", few)
    judged(4, 20, few, promise)


def test_an_undo_that_forgets_something_does_not_lead_back(book, fill, monkeypatch):
    fill(book, estates.of(estates.item("1", "Office", 5), demand=[estates.demand("Office", 4)]))
    before = audit.content_hash(book)
    with undo.step(book, "gone"):
        demand.remove(book, Count("Office", "device", 0, source="count"))
    monkeypatch.setattr(reversal, "_bring_back", lambda *_: None)
    undo.back(book)
    assert audit.content_hash(book) != before


@pytest.mark.deep
@pytest.mark.parametrize("few", [0, 100])
def test_undo_and_redo_lead_through_the_books_that_there_were_however_long_the_day(few, monkeypatch, promise):
    monkeypatch.setattr(runs, "_FEW", few)
    judged(300, 60, few, promise)
