"""What a table of the template is made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """One column of a table.

    `kind` is one of: text (lines allowed), name (one line), date, moment, time, quantity (0 to 2,147,483,647),
    quantity-or-unlimited, whole (may be negative), figure (any whole number, or unlimited), money, rate (a decimal
    above 0), currency, flag, decimal, tiers, list (a JSON array), choice:<a|b|c>, reference:<table>.
    `reference:metrics` names a metric of the book.
    `key` columns together identify a row; a key column that is not `required` may be empty.
    """

    name: str
    kind: str
    required: bool = False
    key: bool = False
    says: str = ""


@dataclass(frozen=True)
class Table:
    """One table: its name (of the file or sheet), its columns, and what one row of it is."""

    name: str
    columns: tuple[Column, ...]
    says: str

    @property
    def key(self) -> tuple[str, ...]:
        """The names of the columns that identify a row."""
        return tuple(column.name for column in self.columns if column.key)

    def column(self, name: str) -> Column:
        """The column of that name; KeyError if there is none."""
        return {column.name: column for column in self.columns}[name]


def key(name: str, kind: str = "name", says: str = "") -> Column:
    """A column that identifies a row, alone or with others."""
    return Column(name, kind, required=True, key=True, says=says)


def needed(name: str, kind: str, says: str = "") -> Column:
    """A column whose cells may not be empty."""
    return Column(name, kind, required=True, says=says)
