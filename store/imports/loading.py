"""What is said of a table of the template so that it can be loaded: its target, its converters, its rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from store.imports.source import RawTable
from store.imports.staging import Target

if TYPE_CHECKING:
    from store.imports.load import Work

Rows = list[tuple[object, ...]]


@dataclass(frozen=True)
class Rule:
    """What must hold of a staged row: the SQL condition under which it does not, and what is said then.

    `values` are SQL expressions whose values fill the message, `column` is the template's. A rule that is `telling`
    only in a sound import is not asked once an error was found: it would blame rows for what others lack. One of what
    is `given` is not asked of a whole book that comes back: that was given once, and other rows have changed since.
    """

    broken: str
    column: str
    code: str
    message: str
    values: str = "NULL"
    telling: bool = False
    given: bool = False


@dataclass(frozen=True)
class Out:
    """How the rows of a table leave the book, where that is not how they came in.

    `columns` are SQL expressions over the book's table `t` by template column; the others are the target's columns of
    the same place, references by their names. `which` is the condition for the rows that leave. `order` is that of the
    ids, or of the key of a table without ids, unless it is said.
    """

    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    which: str = "1"
    order: str = ""


@dataclass(frozen=True)
class Loading:
    """A table of the template and where it goes. `names` are the template's columns, in the order of the target's.

    `shape` makes rows of the target from checked ones, `prepare` sees to the staged ones, and `finish` to what is left
    when they are merged (it tells how many further rows it changed). A table that may hold very many rows goes
    `straight` into its target in a first import. `narrow` is the loading of an input that has none of the columns that
    it lacks: columns that hardly any input has must not cost the others anything. It leaves the book as `out` says.
    """

    target: Target
    names: tuple[str, ...]
    empty: Mapping[str, object]
    rules: tuple[Rule, ...] = ()
    shape: Callable[[Work, Rows], Rows] | None = None
    prepare: Callable[[Work, Sequence[RawTable]], None] | None = None
    finish: Callable[[Work], int] | None = None
    straight: bool = False
    narrow: Loading | None = None
    out: Out = field(default_factory=Out)


@dataclass(frozen=True)
class Way:
    """A table of the template with a way of its own into the book: what loads it, and how it leaves `table` again."""

    load: Callable[[Work, Sequence[RawTable]], None]
    table: str
    out: Out
