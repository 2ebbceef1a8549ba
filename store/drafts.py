"""Contracts while they are typed: fields as texts, in which anything may still be wrong.

A draft maps the columns of the template to texts. `contract` and `item` make records of them, or say, field by field,
what is wrong in the very words of an import. Where the texts come from (keyboard, clipboard, file) does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Final

from rules.vocabulary import MODELS, is_unlimited
from store import names
from store.book import Book
from store.imports import loose
from store.imports.cells import Wrong, converter
from store.imports.template import BY_NAME, Column
from store.records import Contract, ContractItem

Draft = Mapping[str, str]
"""Texts by the names of the template's columns; a missing one is empty."""

Wrongs = Mapping[str, str]
"""What is wrong: a sentence for each field that something is wrong with."""

_TYPED: Final = frozenset(field.name for field in fields(Contract))
CONTRACT: Final = tuple(column.name for column in BY_NAME["contracts"].columns if column.name in _TYPED)
ITEM: Final = tuple(column.name for column in BY_NAME["contractitems"].columns if column.name != "contract")
"""The fields of a contract, and of an item."""

_COLUMNS: Final = {
    **{column.name: column for column in BY_NAME["contractitems"].columns},
    **{column.name: column for column in BY_NAME["contracts"].columns},
}


@dataclass(frozen=True)
class Known:
    """What the texts of items may name. `products` and `groups` are compared as they stand."""

    products: Collection[str]
    metrics: Collection[str]
    groups: Collection[str]
    counted: Mapping[str, str] = field(default_factory=dict[str, str])
    """Product -> the metric by which its installations are counted, where that is known."""
    suppliers: Collection[str] = ()
    customers: Collection[str] = ()


def known(book: Book) -> Known:
    """What items of a book may name, and whom its contracts name so far."""
    products, metrics, groups = (names.listed(book, table) for table in ("products", "metrics", "user_groups"))
    counted = dict(book.rows("SELECT p.product, m.code FROM products p JOIN metrics m ON m.id = p.metric_id"))
    suppliers, customers = (
        [row[0] for row in book.rows(f"SELECT DISTINCT {name} FROM contracts WHERE {name} <> '' ORDER BY 1")]
        for name in ("supplier", "customer")
    )
    return Known(frozenset(products), metrics, groups, counted, suppliers, customers)


def contract(draft: Draft) -> tuple[Contract | None, Wrongs]:
    """The contract that a draft makes, None with what is wrong."""
    values, wrongs = _converted(draft, CONTRACT)
    if wrongs:
        return None, wrongs
    days = {name: names.day_of(_text(values[name])) for name in ("invoice_date", "notice_date")}
    texts = {name: str(values[name] or "") for name in CONTRACT if name not in days}
    return Contract(
        texts.pop("contract"), texts.pop("name"), days["invoice_date"], notice_date=days["notice_date"], **texts
    ), {}


def item(draft: Draft, contract: str, known: Known) -> tuple[ContractItem | None, Wrongs]:
    """The item of a contract that a draft makes, None with what is wrong."""
    values, wrongs = _converted(draft, ITEM)
    wrongs = {**_unknown(values, known), **_term(values), **wrongs}
    if wrongs:
        return None, wrongs
    quantity, price = int(str(values["quantity"])), values["unit_price"]
    texts = {name: str(values[name] or "") for name in ("item", "product", "model", "metric", "sku", "responsible")}
    return ContractItem(
        contract,
        **texts,
        quantity=None if is_unlimited(quantity) else quantity,
        license_start=date.fromisoformat(str(values["license_start"])),
        license_end=names.day_of(_text(values["license_end"])),
        unit_price=None if price is None else Decimal(str(price)),
    ), {}


def _converted(draft: Draft, fields: Collection[str]) -> tuple[dict[str, object], dict[str, str]]:
    values: dict[str, object] = {}
    wrongs: dict[str, str] = {}
    for name in fields:
        text = draft.get(name, "")
        try:
            values[name] = converter(_COLUMNS[name])(text)
        except Wrong as wrong:
            shown = f"“{text.strip()[:60]}” " if text.strip() else "This "
            wrongs[name] = f"{shown}{wrong.reason}."
    return values, wrongs


def _unknown(values: Mapping[str, object], known: Known) -> dict[str, str]:
    """References to what is not there."""
    wrongs: dict[str, str] = {}
    for name, there in (("product", known.products), ("metric", known.metrics), ("responsible", known.groups)):
        named = values.get(name)
        if named and named not in there:
            wrongs[name] = f"There is no {_WHAT[name]} “{str(named)[:60]}”.{_near(str(named), there)}"
    return wrongs


_WHAT: Final = {"product": "product", "metric": "metric", "responsible": "user group"}


def _near(name: str, there: Collection[str]) -> str:
    close = near(name, there)
    return f" Did you mean “{close[0]}”?" if close else ""


def near(name: str, there: Collection[str], count: int = 1) -> list[str]:
    """The names that are spelled much like another."""
    start = name.strip()[:1].casefold()
    return get_close_matches(name, [one for one in there if one[:1].casefold() == start], count, 0.75)


def _term(values: Mapping[str, object]) -> dict[str, str]:
    start, end = values.get("license_start"), values.get("license_end")
    if start and end and str(end) < str(start):
        return {"license_end": f"This lies before the license start, {start}. Give a day on or after it, or none."}
    return {}


# ------------------------------------------------------------------------------------------------------- and back again
def of_contract(contract: Contract) -> dict[str, str]:
    """The texts of a contract."""
    return {name: _text(getattr(contract, name)) for name in CONTRACT}


def of_item(item: ContractItem) -> dict[str, str]:
    """The texts of an item."""
    quantity = "unlimited" if item.quantity is None else str(item.quantity)
    return {**{name: _text(getattr(item, name)) for name in ITEM}, "quantity": quantity}


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return "" if value is None else str(value)


# --------------------------------------------------------------------------------------------- other people's spellings
def plain(name: str, text: str) -> str:
    """A text as fields take it, where it is only spelled otherwise: 21.11.2026, 1.250,50 EUR, "Per core".

    What could mean two things, or nothing, stays as it is: it is then shown as wrong, with what would be right.
    """
    text = " ".join(text.split())
    spelled = _SPELLINGS.get(name) or _SPELLINGS.get(_COLUMNS[name].kind.partition(":")[0])
    return (spelled(text) if text and spelled else "") or text


def _plain_day(text: str) -> str:
    found = [day for day in loose.days(text) if (day.start, day.end) == (0, len(text)) and day.other is None]
    return found[0].value.isoformat() if found else ""


def _plain_amount(text: str) -> str:
    if _right("unit_price", text):
        return text
    found = [one for one in loose.amounts(text) if (one.start, one.end) == (0, len(text)) and not one.unsure]
    return f"{found[0].value:f}" if found else ""


def _plain_quantity(text: str) -> str:
    found = [one for one in loose.quantities(f"{text} x") if one.start == 0]
    if found and found[0].value is not None and found[0].end == len(text) + 2:
        return str(found[0].value)
    return "unlimited" if text.casefold() in ("unlimited", "unbegrenzt") else ""


def _plain_model(text: str) -> str:
    return text.casefold() if text.casefold() in MODELS else _one(loose.models(text))


def _plain_metric(text: str) -> str:
    return _one(loose.metrics(text)) or loose.metric_of(text)


def _one(words: Iterable[loose.Word]) -> str:
    found = {word.value for word in words}
    return found.pop() if len(found) == 1 else ""


def _right(name: str, text: str) -> bool:
    column: Column = _COLUMNS[name]
    try:
        converter(column)(text)
    except Wrong:
        return False
    return True


_SPELLINGS: Final[Mapping[str, Callable[[str], str]]] = {
    "date": _plain_day,
    "money": _plain_amount,
    "quantity-or-unlimited": _plain_quantity,
    "choice": _plain_model,
    "metric": _plain_metric,
}
