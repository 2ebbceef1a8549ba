"""The header of a table: which of its cells are columns of the template, and what is missing, double or unknown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from store.imports.finding import ERROR, WARNING, Finding
from store.imports.template import Column, Table, folded

_TOLD: Final = 100
"""Columns that are told by name."""


@dataclass(frozen=True)
class Header:
    """The known columns in the order of the cells, and the positions of their cells in a row of `width` cells."""

    columns: tuple[Column, ...]
    positions: tuple[int, ...]
    width: int
    findings: tuple[Finding, ...]

    @property
    def usable(self) -> bool:
        """Whether rows below this header can be read."""
        return all(finding.severity != ERROR for finding in self.findings)


def matched(table: Table, names: Sequence[str], place: str) -> Header:
    """The header cells `names` seen as columns of the table; everything wrong with them becomes a finding."""
    known = {folded(column.name): column for column in table.columns}
    places: dict[str, list[int]] = {}
    for position, name in enumerate(names):
        places.setdefault(folded(name.strip()), []).append(position)
    found = {position: known[name] for name, positions in places.items() for position in positions if name in known}
    chosen = tuple(sorted(found))
    findings = [*_double(table, found, place), *_missing(table, found, names, place), *_unknown(names, found, place)]
    return Header(tuple(found[position] for position in chosen), chosen, len(names), tuple(findings))


def _double(table: Table, found: dict[int, Column], place: str) -> Iterator[Finding]:
    present = list(found.values())
    for column in table.columns:
        if present.count(column) > 1:
            text = f"the column {column.name} stands there {present.count(column)} times; keep one of them"
            yield Finding(ERROR, "duplicate-column", place, text)


def _missing(table: Table, found: dict[int, Column], names: Sequence[str], place: str) -> Iterator[Finding]:
    there = _listed(names)
    for column in table.columns:
        if column.required and column not in found.values():
            text = f"the column {column.name} is missing, and it is needed; the columns found are: {there}"
            yield Finding(ERROR, "missing-column", place, text)


def _unknown(names: Sequence[str], found: dict[int, Column], place: str) -> Iterator[Finding]:
    unknown = [name.strip() for position, name in enumerate(names) if position not in found and name.strip()]
    for name in unknown[:_TOLD]:
        text = f"the column {name} is not known here and was ignored"
        yield Finding(WARNING, "unknown-column", f"{place}, column {name}", text)
    if len(unknown) > _TOLD:
        text = f"{len(unknown) - _TOLD:,} more columns are not known here and were ignored"
        yield Finding(WARNING, "unknown-column", place, text)


def _listed(names: Sequence[str]) -> str:
    there = [name.strip() for name in names if name.strip()]
    more = f" and {len(there) - _TOLD:,} more" if len(there) > _TOLD else ""
    return (", ".join(there[:_TOLD]) + more) or "none"
