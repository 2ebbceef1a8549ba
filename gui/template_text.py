"""The template as text: what every table and column of an input holds, and empty files to fill in."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from rules import counted, library
from rules.counting_methods import EVERYWHERE, METHODS
from store.errors import KnownFault
from store.imports.tables import LOADINGS
from store.imports.template import BY_NAME, TABLES, Column, Table, folded
from store.snapshots.saving import save_file

_KINDS = {
    "text": "text",
    "name": "one line of text",
    "date": "YYYY-MM-DD",
    "moment": "YYYY-MM-DD, or a time with its offset",
    "quantity": "a whole number from 0",
    "quantity-or-unlimited": "a whole number from 0, or unlimited",
    "whole": "a whole number",
    "money": "an amount such as 1250.50",
    "currency": "three letters such as EUR",
    "flag": "true or false",
    "decimal": "a number such as 0.5",
    "tiers": "limits and weights",
    "figure": "a whole number, or unlimited",
    "time": "HH:MM",
    "rate": "a number above 0 such as 0.92",
    "list": "a JSON list",
}


def described(name: str | None) -> Iterator[str]:
    """Every table, or the one of that name. Raises KnownFault for a name that no table has."""
    if name is None:
        for table in TABLES:
            yield from _described(table)
        return
    if folded(name) not in BY_NAME:
        known = ", ".join(table.name for table in TABLES)
        raise KnownFault(f"the template has no table {name!r}; it has {known}")
    yield from _described(BY_NAME[folded(name)])


def write_headers(folder: Path) -> None:
    """Write a CSV file with nothing but its header for every table. Raises KnownFault before anything is written."""
    targets = {folder / f"{table.name}.csv": table for table in TABLES}
    for target in targets:
        if target.exists():
            raise KnownFault(f"{target} is there already; name an empty folder, so that nothing is overwritten")
    folder.mkdir(parents=True, exist_ok=True)
    for target, table in targets.items():
        save_file(target, partial(_write, table))


def _write(table: Table, path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerow([column.name for column in table.columns])


def _described(table: Table) -> Iterator[str]:
    yield f"{table.name}: {table.says}"
    width = max(len(column.name) for column in table.columns) + 2
    for column in table.columns:
        marks = ("#" if column.key else "") + ("*" if column.required else "")
        says = f"; {column.says}" if column.says else ""
        kind = _kind(column).replace(" from 0", " from 1") if _is_positive(table, column) else _kind(column)
        yield f"  {column.name + marks:<{width}}  {kind}{says}"
    if table.name == "counting_rules":
        yield from _methods()
    yield ""


def _methods() -> Iterator[str]:
    """What each method counts, and the parameters that it takes with what holds unless they are given."""
    for rule in library.documents()[counted.SUBJECT].rules:
        chosen = dict(_CHOSEN.findall(" ".join(condition.text for condition in rule.conditions)))
        if "method" in chosen:
            own = METHODS[chosen["method"]]
            taken = ", ".join(f"{name} ({rule.then[name]})" if name in rule.then else name for name in own)
            what = ", ".join(f"{name} {value}" for name, value in chosen.items())
            yield f"  {what}: {rule.says}" + (f"; takes {taken}" if own else "")
    yield f"  every method takes {', '.join(EVERYWHERE)}, too"


_CHOSEN = re.compile(r"c\.(\w+) == '([\w-]+)'")
"""What a rule on counting rules asks for."""


def _is_positive(table: Table, column: Column) -> bool:
    """Whether an input in which the column is 0 is refused."""
    rules = LOADINGS[table.name].rules if table.name in LOADINGS else ()
    return any(rule.code == "not-positive" and rule.column == column.name for rule in rules)


def _kind(column: Column) -> str:
    word, _, rest = column.kind.partition(":")
    if word == "choice":
        return rest.replace("|", ", ")
    return f"a name in {rest.replace('_', ' ')}" if word == "reference" else _KINDS[column.kind]
