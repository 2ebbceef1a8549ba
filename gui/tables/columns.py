"""The columns of a table, made from the fields of an overview: title, width, alignment, and how values are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from gui import theme, wording

if TYPE_CHECKING:
    from store.overviews import Field

_NUMBERS: Final = frozenset({"count", "money", "number"})

_WIDTHS: Final = {
    "count": 11,
    "number": 11,
    "money": 15,
    "day": 11,
    "moment": 16,
    "flag": 10,
    "code": 13,
    "text": 20,
}
"""Characters that the values of a kind usually take."""

_WIDER: Final = {"name": 40, "product": 30, "products": 30, "status": 16, "state": 15, "metric": 10}

_GUARDED: Final = frozenset({"remaining", "balance", "balance_value"})
"""Figures of which a negative one is bad news. A negative downgrade is a license lent to an older version."""

_SIGNED: Final = frozenset({"downgrade", "upgrade", "balance"})
"""Figures that go both ways, so that a plus is said."""


@dataclass(frozen=True)
class Column:
    """One column. `width` is in characters; `text` is what is shown of a value and `tone` the meaning of its colour.

    `right`: aligned at the right, as numbers are; `status`: shown with an icon; `hidden`: only when somebody asks.
    """

    name: str
    kind: str
    title: str
    width: int
    text: Callable[[Any], str]
    tone: Callable[[Any], str]
    right: bool = False
    status: bool = False
    hidden: bool = False


def of(fields: Iterable[Field]) -> tuple[Column, ...]:
    """The columns of an overview, in the order of its fields."""
    return tuple(_column(field.name, field.kind, getattr(field, 'hidden', False)) for field in fields)


def spoken(column: Column, text: str) -> str:
    """A cell as a screen reader says it: the column, then the value."""
    return f"{column.title}: {text or 'empty'}"


def _column(name: str, kind: str, hidden: bool) -> Column:
    status = name in {"status", "state"}
    return Column(
        name,
        kind,
        wording.heading(name),
        _WIDER.get(name, _WIDTHS[kind]),
        wording.signed if name in _SIGNED else _TEXTS[kind],
        _status_tone if status else _warning if name in _GUARDED else _zero if kind == "count" else _plain,
        right=kind in _NUMBERS,
        status=status,
        hidden=hidden,
    )


_TEXTS: Final[dict[str, Callable[[Any], str]]] = {
    "text": wording.line,
    "code": wording.label,
    "count": wording.quantity,
    "number": wording.quantity,
    "money": wording.money,
    "day": wording.line,
    "moment": wording.moment,
    "flag": wording.flag,
}


def _plain(_: Any) -> str:
    return ""


def _status_tone(code: str | None) -> str:
    return theme.status(code)[0] if code else ""


def _warning(value: Any) -> str:
    return "negative" if value is not None and str(value).startswith("-") else _zero(value)


def _zero(value: Any) -> str:
    return "muted" if value == 0 else ""
