"""The columns of a table, made from the fields of an overview: title, width, alignment, and how values are shown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from gui import portal_words, theme, wording

if TYPE_CHECKING:
    from store.overviews import Field

_NUMBERS: Final = frozenset({"count", "money", "number"})

_FIGURES: Final = _NUMBERS | {"day", "moment"}

_WIDTHS: Final = {
    "count": 7,
    "number": 5,
    "money": 13,
    "day": 10,
    "moment": 16,
    "flag": 3,
    "code": 10,
    "text": 15,
}
"""Characters that the values of a kind usually take."""

_WIDER: Final = {
    "name": 36,
    "product": 26,
    "model": 12,
    "metric": 6,
    "status": 13,
    "vendor": 12,
    "contract": 14,
    "currency": 8,
    "version": 8,
    "edition": 12,
    "title": 17,
    "definition": 24,
    "holder": 13,
    "requester": 10,
    "reasons": 22,
    "request": 11,
    "line": 4,
    "decided_by": 10,
    "outcome": 13,
    "effect": 13,
    "review": 30,
    "scope": 15,
    "decided": 9,
    "decision": 13,
    "review_state": 13,
    "opened_by": 10,
    "signed_off_by": 12,
    "state": 12,
    "software": 30,
    "publisher": 16,
    "best": 22,
    "why": 22,
    "name_state": 15,
}

_ASKED_FOR: Final = frozenset({"override", "parts"})
"""Columns that only stand there when somebody asks for them: a filter says the same."""

_SHORT: Final = 22
"""Of a product, where a name that begins with it stands beside it."""

_GUARDED: Final = frozenset({"remaining", "balance", "balance_value"})
"""Figures of which a negative one is bad news. A negative downgrade is a license lent to an older version."""

_STATUSES: Final = frozenset({"status", "state", "outcome", "effect", "decision", "review_state", "name_state"})
"""Codes that are shown with the icon and colour of what they mean."""

_SIGNED: Final = frozenset({"downgrade", "upgrade", "balance"})
"""Figures that go both ways, so that a plus is said."""


@dataclass(frozen=True)
class Column:
    """One column. `width` is in characters; `text` is what is shown of a value and `tone` the meaning of its colour.

    `figures`: of digits; `right`: aligned at the right, as numbers are; `status`: shown with an icon; `hidden`: only
    shown when somebody asks for it.
    """

    name: str
    kind: str
    title: str
    width: int
    text: Callable[[Any], str]
    tone: Callable[[Any], str]
    figures: bool = False
    right: bool = False
    status: bool = False
    hidden: bool = False
    sortable: bool = True


def of(fields: Iterable[Field], aside: Collection[str] = ()) -> tuple[Column, ...]:
    """The columns of an overview, in the order of its fields; those `aside` are hidden until somebody asks for them."""
    hidden = {*_ASKED_FOR, *aside}
    made = [_column(field, field.hidden or field.name in hidden) for field in fields]
    if any(column.name == "name" and not column.hidden for column in made):
        made = [replace(column, width=_SHORT) if column.name == "product" else column for column in made]
    return tuple(made)


def spoken(column: Column, text: str) -> str:
    """A cell as a screen reader says it: the column, then the value."""
    return f"{column.title}: {text or 'empty'}"


def _column(field: Field, hidden: bool) -> Column:
    name, kind = field.name, field.kind
    status = name in _STATUSES
    return Column(
        name,
        kind,
        wording.heading(name),
        _WIDER.get(name, _WIDTHS[kind]),
        wording.signed if name in _SIGNED else _SAID.get(name) or _TEXTS[kind],
        _status_tone if status else _warning if name in _GUARDED else _zero if kind == "count" else plain,
        figures=kind in _FIGURES,
        right=kind in _NUMBERS,
        status=status,
        hidden=hidden,
        sortable=field.sortable,
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


_SAID: Final[dict[str, Callable[[Any], str]]] = dict.fromkeys(
    ("reasons", "warnings", "kind", "how", "version_right"), portal_words.listed
)
"""Columns whose codes have words of the request portal."""


def plain(_: Any) -> str:
    """The tone of a column whose values mean nothing good or bad."""
    return ""


def _status_tone(code: str | None) -> str:
    return theme.status(code)[0] if code else ""


def _warning(value: Any) -> str:
    if isinstance(value, str):
        return "negative" if value.startswith("-") else ""
    return "negative" if value is not None and value < 0 else _zero(value)


def _zero(value: Any) -> str:
    return "muted" if value == 0 else ""
