"""What the store hands out and takes in: plain records, without a database behind them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from rules.counting_methods import Parameters


@dataclass(frozen=True)
class Contract:
    """A license contract. `contract` is its number; without an invoice date, the day of the last judgement is taken."""

    contract: str
    name: str
    invoice_date: date | None = None
    currency: str = ""
    supplier: str = ""
    customer: str = ""
    invoice_number: str = ""
    purchase_order_number: str = ""
    sales_order_number: str = ""
    quote_number: str = ""
    notice_date: date | None = None


@dataclass(frozen=True)
class ContractItem:
    """One position of a contract: a quantity (None: unlimited) of a product from a first to a last valid day.

    `unit_price` is for one of the quantity, in the currency of the contract.
    """

    contract: str
    item: str
    product: str
    model: str
    metric: str
    quantity: int | None
    license_start: date
    license_end: date | None = None
    unit_price: Decimal | None = None
    sku: str = ""
    responsible: str = ""


@dataclass(frozen=True)
class EntitlementKey:
    """What identifies an entitlement."""

    product: str
    model: str
    metric: str

    def __str__(self) -> str:
        return f"{self.product}|{self.model}|{self.metric}"


@dataclass(frozen=True)
class Override:
    """Figures of a position that a person decides, and why; a figure of None stays calculated."""

    entitlement: EntitlementKey
    reason: str
    active: int | None = None
    demand: int | None = None
    downgrade: int | None = None
    upgrade: int | None = None


@dataclass(frozen=True)
class Count:
    """A demand count: so many of a product are needed by a metric, in a resource group ("" for none), by a source."""

    product: str
    metric: str
    quantity: int
    resource_group: str = ""
    source: str = ""
    counted_on: str | None = None


@dataclass(frozen=True)
class Host:
    """A physical machine. What is not known of it counts as 1; `cluster` names hosts that share virtual machines."""

    host: str
    resource_group: str = ""
    processors: int | None = None
    cores_per_processor: int | None = None
    cluster: str = ""


@dataclass(frozen=True)
class VirtualMachine:
    """A virtual machine, on a host or on every host of a cluster. Unknown vCPUs count as its installations tell."""

    vm: str
    host: str = ""
    cluster: str = ""
    vcpus: int | None = None


@dataclass(frozen=True)
class CountingRule:
    """How a metric is counted from a day on (None: always); parameters as `rules.counting_methods` has them."""

    metric: str
    method: str
    parameters: Parameters
    valid_from: date | None = None


@dataclass(frozen=True)
class ManualEvent:
    """An event that a person put into the calendar of a contract. `id` is None until it is stored.

    `remind_days` days before it, and on each day up to the last before it, the window reminds of it at `remind_at`; 0
    for not at all. `repeat` is one of `rules.recurrence.REPEATS`. Without `notify` it only stands in the calendar.
    """

    contract: str
    kind: str
    on: date
    name: str
    id: int | None = None
    remind_at: time | None = None
    remind_days: int = 0
    repeat: str = "none"
    notify: bool = True


@dataclass(frozen=True)
class Product:
    """A product with what decides whether and how its licenses may move. `family` and `metric` may be "".

    Without a `metric`, installations are counted by that of its contract items.
    """

    product: str
    vendor: str = ""
    family: str = ""
    edition: str = ""
    version: str = ""
    version_rank: int | None = None
    released_on: date | None = None
    support_ends_on: date | None = None
    metric: str = ""
    maintenance_separate: bool = False


@dataclass(frozen=True)
class Right:
    """A right to move licenses: within a family, or from one named product to another; of one metric, or of all.

    `kind` is downgrade or upgrade; `depth` says over how many versions, None for any.
    """

    right: str
    kind: str
    family: str = ""
    from_product: str = ""
    to_product: str = ""
    metric: str = ""
    depth: int | None = None
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True)
class ManualEntitlement:
    """Licenses that no contract is known for: a quantity (None: unlimited) of a product from a first to a last day.

    `unit_price` is for one of the quantity, in `currency` ("" for that of the book).
    """

    product: str
    model: str
    metric: str
    quantity: int | None
    license_start: date
    license_end: date | None = None
    unit_price: Decimal | None = None
    currency: str = ""
    responsible: str = ""


@dataclass(frozen=True)
class ListedPrice:
    """A row of the price list: what one license of a product, model and metric costs from a day on."""

    license: EntitlementKey
    unit_price: Decimal
    currency: str
    valid_from: date


@dataclass(frozen=True)
class ExchangeRate:
    """What one unit of a currency is worth in another from a day on, until a later rate begins."""

    from_currency: str
    to_currency: str
    rate: Decimal
    valid_from: date
