"""A flat file: one header and the rows below it, as a CSV file or a sheet of a workbook has them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from store.imports import csv_files
from store.imports.finding import Finding
from store.imports.source import Batch

SAMPLE: Final = 200
"""Rows that are looked at to find out what a file holds."""

Rows = Callable[[], Iterator[Batch]]


@dataclass(frozen=True)
class Flat:
    """A header and how to read the rows below it, anew at each call; `names` are all different, none is empty.

    A row of a CSV file may be shorter or longer than the header: who reads it tells what is `wrong_with` it.
    `above` are the rows that stand above the header, by their numbers.
    """

    path: Path
    place: str
    sha256: str
    names: tuple[str, ...]
    rows: Rows
    findings: tuple[Finding, ...] = ()
    above: tuple[tuple[int, Sequence[str]], ...] = ()

    def sample(self, most: int = SAMPLE) -> list[Sequence[str]]:
        """The first rows that hold anything and are as wide as the header."""
        every = (row for _, rows in self.rows() for row in rows if any(map(str.strip, row)))
        return list(islice((row for row in every if len(row) == len(self.names)), most))

    def wrong_with(self, row: Sequence[str]) -> str:
        """Why the cells of a row cannot be those of the columns, "" if they can."""
        return "" if len(row) == len(self.names) else csv_files.ragged_row(len(row), len(self.names))


def of_csv(path: Path, known: Sequence[str] = ()) -> Flat | Finding:
    """A CSV file as it is; `known` are column names that help to tell what separates its cells."""
    file = csv_files.opened(path, path.name, known)
    if isinstance(file, Finding):
        return file
    return Flat(
        path, path.name, csv_files.digest(path), named(file.names), lambda: csv_files.rows_of(file, uneven=True)
    )


def named(names: Sequence[str]) -> tuple[str, ...]:
    """Column names that are all different: one that comes again gets a number, an empty one the letter of its place."""
    found: dict[str, None] = {}
    times: dict[str, int] = {}  # a header may say one name a hundred thousand times
    for at, name in enumerate(names):
        base = " ".join(name.split()) or f"Column {letter(at)}"
        one = base
        while one in found:
            times[base] = times.get(base, 1) + 1
            one = f"{base} ({times[base]})"
        found[one] = None
    return tuple(found)


def letter(at: int) -> str:
    """The letters by which spreadsheets name a column, counted from 0."""
    found = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        found = chr(ord("A") + rest) + found
    return found
