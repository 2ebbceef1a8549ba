"""Rows of what is in use, made into installations or demand: read twice, so that a million of them need no memory.

The first time every row is judged, and products and groups are gathered; the second time the rows go out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from rules.vocabulary import DEVICE, USER
from store.imports.bought import product_name
from store.imports.foreign import template_table
from store.imports.mapping import targets
from store.imports.mapping.rows import Cells, Fault, Reader, Row
from store.imports.source import BATCH, Batch, RawTable
from store.imports.template import BY_NAME, folded

_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "installations": ("product", "device", "user", "resource_group", "cores", "installed_on", "last_used_on", "source"),
    "demand": ("product", "metric", "resource_group", "source", "quantity", "counted_on"),
}
_KEYS: Final[Mapping[str, tuple[int, ...]]] = {"installations": (0, 1, 2), "demand": (0, 1, 2, 3)}
_TABLE: Final = {targets.INSTALLATIONS: "installations", targets.USERS: "installations", targets.DEMAND: "demand"}


@dataclass
class Used:
    """What a first look at the rows has found: products and groups by their first rows, and the rows to pass over."""

    reader: Reader
    products: dict[str, tuple[int, Cells]] = field(default_factory=dict[str, tuple[int, Cells]])
    groups: dict[str, int] = field(default_factory=dict[str, int])
    passed_over: set[int] = field(default_factory=set[int])
    _seen: dict[int, int] = field(default_factory=dict[int, int])

    @property
    def table(self) -> str:
        """The table of the template that the rows go to."""
        return _TABLE[self.reader.mapping.target]

    def take(self, row: Row) -> list[Fault] | str:
        """Judge a row: what is wrong with it, or why it is left aside ("" if it is wanted)."""
        cells = row.cells
        if cells.get("enabled") == "false":
            self.passed_over.add(row.number)
            return "the account is disabled"
        made = self._made(row.cells)
        key = hash(tuple(made[at] for at in _KEYS[self.table]))
        first = self._seen.setdefault(key, row.number)
        if first != row.number:
            self.passed_over.add(row.number)
            return self._again(first)
        group = cells.get("resource_group", "")
        if group:
            self.groups.setdefault(group, row.number)
        if made[0] not in self.products:
            self.products[made[0]] = row.number, self._product(made[0], cells)
        return ""

    def _again(self, first: int) -> list[Fault] | str:
        if self.table == "demand":
            text = f"row {first} gives the demand of this product, metric, group and source already; keep one of them"
            return [Fault("product", "repeated-row", text)]
        return f"row {first} tells of this already"

    def _product(self, product: str, cells: Cells) -> Cells:
        made = {"product": product} | {name: cells.get(name, "") for name in ("vendor", "edition", "version")}
        return made | ({"metric": USER} if self.reader.mapping.target == targets.USERS else {})

    def _made(self, cells: Cells) -> tuple[str, ...]:
        """The cells of the template's columns."""
        product = product_name(cells)
        if self.reader.mapping.target == targets.USERS:
            user = cells["user"]
            return (
                product,
                user,
                cells.get("mail", "") or user,
                cells.get("resource_group", ""),
                "",
                "",
                "",
                self.source,
            )
        if self.table == "demand":
            metric, source = cells.get("metric", "") or DEVICE, cells.get("source", "") or self.source
            group, counted = cells.get("resource_group", ""), cells.get("counted_on", "")
            return product, metric, group, source, cells["quantity"], counted
        rest = (cells.get(name, "") for name in _COLUMNS["installations"][1:-1])
        return product, *rest, self.source

    @property
    def source(self) -> str:
        """What the rows are said to come from: the name of the mapping."""
        return self.reader.mapping.name

    def tables(self) -> Iterator[RawTable]:
        """What was found, as tables of the template."""
        place, own = self.reader.flat.place, _origins(self.reader)
        used = {name for _, cells in self.products.values() for name, cell in cells.items() if cell}
        products = [
            (n, {name: cell for name, cell in cells.items() if name in used}) for n, cells in self.products.values()
        ]
        yield template_table("products", place, products, own)
        if self.groups:
            groups = [(number, {"name": name}) for name, number in self.groups.items()]
            yield template_table("resource_groups", place, groups, {"name": own.get("resource_group", "name")})
        table = BY_NAME[folded(self.table)]
        given = [at for at, name in enumerate(_COLUMNS[self.table]) if self._is_given(name)]
        columns = tuple(table.column(_COLUMNS[self.table][at]) for at in given)
        yield RawTable(table, place, columns, lambda: self._batches(given), own)

    def _is_given(self, name: str) -> bool:
        mapped = {*self.reader.mapping.columns.values(), *self.reader.mapping.constants}
        made = {"device", "user", "source"} if self.reader.mapping.target == targets.USERS else {"source", "metric"}
        return name in mapped or name in made or name == "product"

    def _batches(self, given: list[int]) -> Iterator[Batch]:
        numbers: list[int] = []
        rows: list[list[str]] = []
        for one in self.reader.read():
            if isinstance(one, Row) and one.number not in self.passed_over:
                made = self._made(one.cells)
                numbers.append(one.number)
                rows.append([made[at] for at in given])
                if len(rows) == BATCH:
                    yield numbers, rows
                    numbers, rows = [], []
        if rows:
            yield numbers, rows


def _origins(reader: Reader) -> Mapping[str, str]:
    """The file's names of the template's columns, also of those that are made of others."""
    own = dict(reader.origins)
    return {"device": own["user"], **own} if "user" in own and "device" not in own else own
