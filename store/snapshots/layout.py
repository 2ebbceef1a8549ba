"""What the tables of a snapshot look like to people: which columns, in which order, under which heading.

The workbook and the CSV files are both made from this; a field of the JSON that no column shows is refused, so that
nothing is left out without being seen.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

Kind = Literal["text", "code", "status", "date", "quantity", "money", "list", "flag"]
"""How the values of a column are written: `status` is a code that also gets a color, `list` is joined by "; "."""


@dataclass(frozen=True)
class Column:
    """One column: the field of the element (dotted where it is nested), a heading for people, and the kind of value."""

    field: str
    heading: str
    kind: Kind


@dataclass(frozen=True)
class Table:
    """One sheet and one CSV file: a list of the snapshot, or what is nested in its elements.

    `name` names the CSV file, `title` the sheet, `about` says what one row is. `inner` names the nested list; its rows
    are led by the fields `outer` of the element that they belong to.
    """

    name: str
    title: str
    about: str
    source: str
    columns: tuple[Column, ...]
    inner: str = ""
    outer: tuple[str, ...] = ()


def _text(field: str, heading: str) -> Column:
    return Column(field, heading, "text")


def _code(field: str, heading: str) -> Column:
    return Column(field, heading, "code")


def _status(field: str, heading: str) -> Column:
    return Column(field, heading, "status")


def _date(field: str, heading: str) -> Column:
    return Column(field, heading, "date")


def _quantity(field: str, heading: str) -> Column:
    return Column(field, heading, "quantity")


def _money(field: str, heading: str) -> Column:
    return Column(field, heading, "money")


_PRODUCT = _text("product", "Product")
_LINE = (_PRODUCT, _code("model", "Model"), _code("metric", "Metric"))
_WHY = (_code("rule", "Rule"), Column("because", "Because", "list"))
_FIGURES = (("active", "Active"), ("demand", "Demand"), ("downgrade", "Downgrade"), ("upgrade", "Upgrade"))

POSITIONS: Final = Table(
    name="positions",
    title="Positions",
    about="the balance of one product, model and metric: rights in force against demand",
    source="positions",
    columns=(
        *_LINE,
        *(_quantity(field, heading) for field, heading in _FIGURES),
        _quantity("balance", "Balance"),
        _status("status", "Status"),
        _money("balance_value.amount", "Balance value"),
        _code("balance_value.currency", "Currency"),
        *(_quantity(f"override.{field}", f"{heading}, override") for field, heading in _FIGURES),
        _text("override.reason", "Reason of the override"),
        *(_quantity(f"calculated.{field}", f"{heading}, calculated") for field, heading in _FIGURES),
        _quantity("calculated.balance", "Balance, calculated"),
        _status("calculated.status", "Status, calculated"),
        *_WHY,
    ),
)

BREAKDOWN: Final = Table(
    name="breakdown",
    title="Breakdown",
    about="the part of a position that one resource group has; without a group, what is allocated to none",
    source="positions",
    columns=(
        *_LINE,
        _text("resource_group", "Resource group"),
        *(_quantity(field, heading) for field, heading in _FIGURES),
        _quantity("balance", "Balance"),
    ),
    inner="breakdown",
    outer=("product", "model", "metric"),
)

ENTITLEMENTS: Final = Table(
    name="entitlements",
    title="Entitlements",
    about="what may be used of one product, model and metric, all its purchases together",
    source="entitlements",
    columns=(
        *_LINE,
        _text("name", "Name"),
        _quantity("quantity", "Quantity"),
        _quantity("active", "Active"),
        _quantity("allocated", "Allocated"),
        _quantity("remaining", "Remaining"),
        _date("license_start", "License start"),
        _quantity("maintenance_quantity", "Maintenance quantity"),
        _date("activation", "Activation"),
        _date("expiration", "Expiration"),
        _status("state", "State"),
        _text("managed_by", "Managed by"),
        _date("last_demand_synchronization", "Last demand synchronization"),
        _money("price.amount", "Price"),
        _code("price.currency", "Currency"),
        *_WHY,
    ),
)

TRANSFERS: Final = Table(
    name="transfers",
    title="Transfers",
    about="units that cover another version by a downgrade or upgrade right",
    source="transfers",
    columns=(
        _code("kind", "Kind"),
        _text("from_product", "From product"),
        _code("from_model", "From model"),
        _text("to_product", "To product"),
        _code("to_model", "To model"),
        _code("metric", "Metric"),
        _quantity("quantity", "Quantity"),
        _text("right", "Right"),
        *_WHY,
    ),
)

EVENTS: Final = Table(
    name="events",
    title="Events",
    about="one day in the calendar: what is invoiced, bought, renewed, about to end or ends",
    source="events",
    columns=(
        _date("on", "On"),
        _code("kind", "Kind"),
        _text("contract", "Contract"),
        _text("item", "Item"),
        *_LINE,
        _quantity("quantity", "Quantity"),
        Column("automatic", "Automatic", "flag"),
        *_WHY,
    ),
)

REQUEST_LINES: Final = Table(
    name="request_lines",
    title="Request lines",
    about="one line of a request and what came of it",
    source="request_lines",
    columns=(
        _text("request", "Request"),
        _text("line", "Line"),
        _code("outcome", "Outcome"),
        Column("reasons", "Reasons", "list"),
        Column("warnings", "Warnings", "list"),
        _text("authorization", "Authorization"),
        *_WHY,
    ),
)

DEPLOYED_ENTITLEMENTS: Final = Table(
    name="deployed_entitlements",
    title="Deployed entitlements",
    about="an optional entitlement on top of an authorization",
    source="deployed_entitlements",
    columns=(
        _text("authorization", "Authorization"),
        _text("definition", "Definition"),
        _quantity("quantity", "Quantity"),
        _date("start", "Start"),
        _date("end", "End"),
        _status("state", "State"),
        *_WHY,
    ),
)

PERIODS: Final = Table(
    name="periods",
    title="Periods",
    about="one period of a deployed entitlement, replaced ones included",
    source="deployed_entitlements",
    columns=(
        _text("authorization", "Authorization"),
        _text("definition", "Definition"),
        _quantity("quantity", "Quantity"),
        _date("start", "Start"),
        _date("end", "End"),
        _date("replaced_on", "Replaced on"),
    ),
    inner="periods",
    outer=("authorization", "definition"),
)

CHARGES: Final = Table(
    name="charges",
    title="Charges",
    about="what a request line debits or credits",
    source="charges",
    columns=(
        _text("request", "Request"),
        _text("line", "Line"),
        _code("kind", "Kind"),
        _money("amount", "Amount"),
        _code("currency", "Currency"),
        *_WHY,
    ),
)

FINDINGS: Final = Table(
    name="findings",
    title="Findings",
    about="what was noticed in the data",
    source="findings",
    columns=(
        _status("severity", "Severity"),
        _code("code", "Code"),
        _text("place", "Place"),
        _text("message", "Message"),
    ),
)

TABLES: Final = (
    POSITIONS,
    BREAKDOWN,
    ENTITLEMENTS,
    TRANSFERS,
    EVENTS,
    REQUEST_LINES,
    DEPLOYED_ENTITLEMENTS,
    PERIODS,
    CHARGES,
    FINDINGS,
)
"""All tables of a snapshot, in the order in which a reader wants them."""


REVIEWS: Final = Table(
    name="reviews",
    title="Reviews",
    about="a review: the positions of a day, on which somebody decides",
    source="reviews",
    columns=(
        _text("review", "Review"),
        _date("as_of", "As of"),
        _code("scope", "Positions"),
        _text("opened_at", "Opened (UTC)"),
        _text("opened_by", "Opened by"),
        _text("signed_off_at", "Signed off (UTC)"),
        _text("signed_off_by", "Signed off by"),
        _text("frozen_sha256", "SHA-256 of the frozen positions"),
    ),
)

REVIEW_ROWS: Final = Table(
    name="review_rows",
    title="Review decisions",
    about="a position as a review froze it, and what was decided",
    source="review_rows",
    columns=(
        _text("review", "Review"),
        *_LINE,
        *(_quantity(field, heading) for field, heading in _FIGURES),
        _quantity("balance", "Balance"),
        _status("status", "Status"),
        _code("decision", "Decision"),
        _text("note", "Note"),
        _text("responsible", "Responsible"),
        _date("due_on", "Due"),
    ),
)

OF_REVIEWS: Final = (REVIEWS, REVIEW_ROWS)
"""The tables of a snapshot whose book has reviews."""


def tables(lists: Iterable[str]) -> tuple[Table, ...]:
    """The tables of a snapshot that has these lists."""
    names = {*lists}
    return (*TABLES, *(table for table in OF_REVIEWS if table.source in names))


def rows(table: Table, elements: Iterable[Mapping[str, Any]]) -> Iterator[tuple[Any, ...]]:
    """The rows of a table, made from the elements of the list `table.source`: values in the order of its columns.

    What an element does not have is None. Raises `ValueError` for a field that no column of the table shows.
    """
    fields = [column.field for column in table.columns]
    known = {*fields, *(other.inner for other in TABLES if other.source == table.source and not table.inner)}
    for element in elements:
        for record in _records(table, element):
            flat = _flat(record)
            if hidden := flat.keys() - known:
                raise ValueError(f"no column of {table.name} shows {', '.join(sorted(hidden))}")
            yield tuple(map(flat.get, fields))


def _records(table: Table, element: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    if not table.inner:
        return (element,)
    outer = {field: element.get(field) for field in table.outer}
    return [outer | record for record in element.get(table.inner) or ()]


def _flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """Nested values under dotted names; what is null is left out, so that a null object needs no columns."""
    flat: dict[str, Any] = {}
    for field, value in record.items():
        if isinstance(value, dict):
            nested = cast("dict[str, Any]", value)
            flat.update((f"{field}.{name}", inner) for name, inner in nested.items())
        elif value is not None:
            flat[field] = value
    return flat
