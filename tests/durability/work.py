"""What is being done when the process is killed or the power fails: the real operations, one after the other.

The same script on the same book gives the same states, whenever it was cut off and begun again; so what a book may
hold after a cut is known exactly: the state after the last operation that was acknowledged, or after the one that was
under way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from store import care, contracts, derivation, overrides, undo
from store.book import Book
from store.imports.load import load
from store.records import Contract, ContractItem, EntitlementKey, Override
from store.snapshots import kept
from tests import estates

AS_OF = date(2026, 11, 21)
SEED = estates.of(
    estates.item("1", "Office", 100),
    estates.subscription("2", "Mail", 5, "2026-01-01", "2026-12-31"),
    demand=[estates.demand("Office", 80)],
)
OFFICE = EntitlementKey("Office", "perpetual", "device")


def save_contract(book: Book, place: Path, number: int) -> None:
    """A contract that is typed."""
    with undo.step(book, f"Add contract K{number}"):
        contracts.save(book, Contract(f"K{number}", f"Contract {number}", date(2026, 1, 1), "EUR"))


def finish_wizard(book: Book, place: Path, number: int) -> None:
    """What the contract wizard stores: a contract with its items, which form and feed entitlements."""
    item = ContractItem(f"W{number}", "1", "Office", "perpetual", "device", 10 + number, date(2026, 2, 1))
    mail = replace(item, item="2", product="Mail", model="subscription", license_end=date(2027, 1, 31))
    with undo.step(book, f"Add contract W{number}"):
        contracts.save_whole(book, Contract(f"W{number}", "Wizard", date(2026, 1, 1), "EUR"), [item, mail], new=True)


def tables(place: Path, number: int) -> Path:
    """The folder of tables that is imported."""
    rows = estates.of(
        *(estates.item(f"{number}-{n}", f"Tool {n}", number + n, contract=f"I{number}") for n in range(12)),
        contracts=[estates.contract(f"I{number}")],
    )
    folder = place / f"tables{number}"
    return folder if folder.exists() else estates.write(folder, rows)


def import_files(book: Book, place: Path, number: int) -> None:
    """A folder of tables."""
    folder = tables(place, number)
    with undo.step(book, "Import tables", resolved=True):
        load(book, folder, as_of=AS_OF)


def go_back(book: Book, place: Path, number: int) -> None:
    """Undo."""
    undo.back(book)


def go_forward(book: Book, place: Path, number: int) -> None:
    """Redo."""
    undo.forward(book)


def type_figures(book: Book, place: Path, number: int) -> None:
    """An override."""
    with undo.step(book, "Override Office"):
        overrides.save(book, Override(OFFICE, "counted", active=number))


def back_up(book: Book, place: Path, number: int) -> None:
    """A backup, which changes nothing."""
    care.back_up(book, place / "copies" / f"copy{number}.elpis")


def save_snapshot(book: Book, place: Path, number: int) -> None:
    """A snapshot, which the book remembers."""
    kept.save(book, place / "out" / f"snapshot{number}", json_only=True)


def judge(book: Book, place: Path, number: int) -> None:
    """Another day."""
    derivation.recalculate(book, as_of=date(2026, 11, 1 + number % 28))


Operation = Callable[[Book, Path, int], None]
SCRIPT: Sequence[Operation] = (
    *(save_contract, finish_wizard, import_files, go_back, go_forward, type_figures, judge, save_snapshot),
    *(finish_wizard, back_up, go_back, go_back, import_files, go_back, save_contract, finish_wizard, type_figures),
    *(import_files, save_snapshot, go_back, go_forward, back_up, judge, save_contract),
)


def seed(book: Book, place: Path) -> None:
    """What the book holds before the first operation."""
    load(book, estates.write(place / "seed", SEED), as_of=AS_OF)
