"""The tables of a book as Peewee models: what their fields are and which fields are the key that people use.

The models are not bound to a database; a query names the book that it runs on (`query.execute(book.database)`).
Dates are ISO text, money is decimal text, quantities are whole numbers (`rules.vocabulary.UNLIMITED` for "unlimited").
"""

# Peewee publishes no complete types; what leaves this module is typed by `store.records`.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportIncompatibleVariableOverride=false
# pyright: reportUnknownArgumentType=false, reportAttributeAccessIssue=false

from __future__ import annotations

from collections.abc import Mapping

from peewee import CompositeKey, ForeignKeyField, IntegerField, TextField

from store.basic_tables import (
    CountingRule,
    Family,
    Host,
    Metric,
    Product,
    ResourceGroup,
    Setting,
    Table,
    UserGroup,
    VirtualMachine,
)
from store.found_tables import DiscoveredSoftware, NameDecision, SoftwareName


class Contract(Table):
    key = ("contract",)
    contract = TextField()
    name = TextField()
    invoice_date = TextField()
    invoice_date_defaulted = IntegerField(default=0)
    currency = TextField()
    supplier = TextField(default="")
    customer = TextField(default="")
    invoice_number = TextField(default="")
    purchase_order_number = TextField(default="")
    sales_order_number = TextField(default="")
    quote_number = TextField(default="")
    notice_date = TextField(null=True)
    manual = IntegerField(default=0)

    class Meta:
        table_name = "contracts"


class Entitlement(Table):
    key = ("product", "model", "metric")
    product = ForeignKeyField(Product, index=False)
    model = TextField()
    metric = ForeignKeyField(Metric, index=False)
    name = TextField()
    responsible = ForeignKeyField(UserGroup, null=True, index=False)
    archived = IntegerField(default=0)
    quantity = IntegerField(default=0)
    active = IntegerField(default=0)
    allocated = IntegerField(default=0)
    maintenance_quantity = IntegerField(default=0)
    maintained = IntegerField(default=0)
    license_start = TextField(null=True)
    activation = TextField(null=True)
    expiration = TextField(null=True)
    state = TextField(default="")
    last_demand_synchronization = TextField(null=True)
    price_amount = TextField(null=True)
    price_currency = TextField(null=True)
    managed_by = ForeignKeyField(UserGroup, null=True, index=False)
    rule = TextField(default="")
    because = TextField(default="[]")

    class Meta:
        table_name = "entitlements"


class ContractItem(Table):
    key = ("contract", "item")
    contract = ForeignKeyField(Contract, index=False)
    item = TextField()
    product = ForeignKeyField(Product, index=False)
    sku = TextField(default="")
    model = TextField()
    metric = ForeignKeyField(Metric, index=False)
    quantity = IntegerField()
    license_start = TextField()
    license_end = TextField(null=True)
    unit_price = TextField(null=True)
    responsible = ForeignKeyField(UserGroup, null=True, index=False)
    entitlement = ForeignKeyField(Entitlement, null=True, index=False)
    formed_by = TextField(default="")

    class Meta:
        table_name = "contract_items"


class Allocation(Table):
    key = ("entitlement", "resource_group", "user_group")
    entitlement = ForeignKeyField(Entitlement, index=False)
    resource_group = ForeignKeyField(ResourceGroup, index=False)
    user_group = ForeignKeyField(UserGroup, index=False)
    quantity = IntegerField()

    class Meta:
        table_name = "allocations"


class Demand(Table):
    key = ("product", "metric", "resource_group", "source")
    product = ForeignKeyField(Product, index=False)
    metric = ForeignKeyField(Metric, index=False)
    resource_group = ForeignKeyField(ResourceGroup, default=0, index=False)
    source = TextField(default="")
    quantity = IntegerField()
    counted_on = TextField(null=True)

    class Meta:
        table_name = "demand"
        primary_key = CompositeKey("product", "metric", "resource_group", "source")
        without_rowid = True


class Installation(Table):
    key = ("product", "device", "user")
    product = ForeignKeyField(Product, index=False)
    device = TextField()
    user = TextField(default="")
    resource_group = ForeignKeyField(ResourceGroup, default=0, index=False)
    cores = IntegerField(null=True)
    installed_on = TextField(null=True)
    last_used_on = TextField(null=True)
    source = TextField(default="")
    host = ForeignKeyField(Host, null=True, index=False)
    vm = ForeignKeyField(VirtualMachine, null=True, index=False)
    found = IntegerField(default=0)

    class Meta:
        table_name = "installations"
        primary_key = CompositeKey("product", "device", "user")
        without_rowid = True


class Right(Table):
    key = ("right",)
    right = TextField()
    kind = TextField()
    family = ForeignKeyField(Family, null=True, index=False)
    from_product = ForeignKeyField(Product, null=True, index=False)
    to_product = ForeignKeyField(Product, null=True, index=False)
    metric = ForeignKeyField(Metric, null=True, index=False)
    depth = IntegerField(null=True)
    valid_from = TextField(null=True)
    valid_until = TextField(null=True)

    class Meta:
        table_name = "rights"


class Override(Table):
    key = ("entitlement",)
    entitlement = ForeignKeyField(Entitlement, index=False)
    active = IntegerField(null=True)
    demand = IntegerField(null=True)
    downgrade = IntegerField(null=True)
    upgrade = IntegerField(null=True)
    reason = TextField()

    class Meta:
        table_name = "overrides"


class ManualEvent(Table):
    key = ("id",)
    kind = TextField()
    on_day = TextField()
    contract = ForeignKeyField(Contract, index=False)
    name = TextField()
    remind_at = TextField(default="")
    remind_days = IntegerField(default=0)
    repeat = TextField(default="none")
    notify = IntegerField(default=1)
    acknowledged_on = TextField(null=True)

    class Meta:
        table_name = "manual_events"


class Acknowledgement(Table):
    key = ("contract", "item", "kind", "lead", "on_day", "who")
    contract = TextField()
    item = TextField()
    kind = TextField()
    lead = IntegerField()
    on_day = TextField()
    who = TextField()
    at = TextField()

    class Meta:
        table_name = "acknowledgements"
        primary_key = CompositeKey("contract", "item", "kind", "lead", "on_day", "who")
        without_rowid = True


class Title(Table):
    key = ("title",)
    title = TextField()
    product = ForeignKeyField(Product, null=True, index=False)
    requires_approval = IntegerField(default=1)
    orderable = IntegerField(default=1)
    price = TextField(null=True)
    listed_on = TextField(default="")

    class Meta:
        table_name = "titles"


class EntitlementDefinition(Table):
    key = ("definition",)
    definition = TextField()
    title = ForeignKeyField(Title, index=False)
    kind = TextField()
    unit_price = TextField(null=True)
    max_request_days = IntegerField(null=True)
    starts_on = TextField(null=True)
    ends_on = TextField(null=True)
    contract = ForeignKeyField(Contract, null=True, index=False)
    orderable = IntegerField(default=1)
    forced = IntegerField(default=0)
    version_right = TextField(default="none")

    class Meta:
        table_name = "entitlement_definitions"


class Authorization(Table):
    key = ("authorization",)
    authorization = TextField()
    title = ForeignKeyField(Title, index=False)
    holder = TextField()
    authorized_on = TextField()
    units = IntegerField(default=1)
    how = TextField(default="entered")
    ended_on = TextField(null=True)

    class Meta:
        table_name = "authorizations"


class Request(Table):
    key = ("request",)
    request = TextField()
    requester = TextField()
    holder = TextField()
    submitted_on = TextField()

    class Meta:
        table_name = "requests"


class RequestLine(Table):
    key = ("request", "line")
    request = ForeignKeyField(Request, index=False)
    line = TextField()
    kind = TextField()
    title = ForeignKeyField(Title, index=False)
    definition = ForeignKeyField(EntitlementDefinition, null=True, index=False)
    quantity = IntegerField(default=1)
    starts_on = TextField(null=True)
    ends_on = TextField(null=True)
    price = TextField(null=True)
    currency = TextField(default="")
    outcome = TextField(default="")
    reasons = TextField(default="[]")
    warnings = TextField(default="[]")
    trail = TextField(default="[]")
    authorization = ForeignKeyField(Authorization, null=True, index=False)

    class Meta:
        table_name = "request_lines"


class DeployedEntitlement(Table):
    key = ("authorization", "definition", "number")
    authorization = ForeignKeyField(Authorization, index=False)
    definition = ForeignKeyField(EntitlementDefinition, index=False)
    number = IntegerField(default=1)
    quantity = IntegerField()
    starts_on = TextField()
    ends_on = TextField(null=True)
    replaced_on = TextField(null=True)
    line = ForeignKeyField(RequestLine, null=True, index=False)

    class Meta:
        table_name = "deployed_entitlements"


class Decision(Table):
    key = ("line",)
    line = ForeignKeyField(RequestLine, index=False)
    decision = TextField()
    decided_on = TextField()
    decided_by = TextField()
    reason = TextField(default="")

    class Meta:
        table_name = "decisions"


class Price(Table):
    key = ("product", "model", "metric", "valid_from")
    product = ForeignKeyField(Product, index=False)
    model = TextField()
    metric = ForeignKeyField(Metric, index=False)
    valid_from = TextField()
    unit_price = TextField()
    currency = TextField()

    class Meta:
        table_name = "prices"


class ExchangeRate(Table):
    key = ("from_currency", "to_currency", "valid_from")
    from_currency = TextField()
    to_currency = TextField()
    valid_from = TextField()
    rate = TextField()

    class Meta:
        table_name = "exchange_rates"


class Scenario(Table):
    key = ("scenario",)
    scenario = TextField()
    changes = TextField()

    class Meta:
        table_name = "scenarios"


class ColumnMapping(Table):
    key = ("mapping",)
    mapping = TextField()
    columns = TextField()

    class Meta:
        table_name = "mappings"


class Review(Table):
    key = ("title",)
    title = TextField()
    as_of = TextField()
    scope = TextField()
    opened_at = TextField()
    opened_by = TextField()
    frozen_sha256 = TextField()
    signed_off_at = TextField(null=True)
    signed_off_by = TextField(null=True)

    class Meta:
        table_name = "reviews"


class ReviewRow(Table):
    key = ("review", "product", "model", "metric")
    review = ForeignKeyField(Review, index=False)
    product = TextField()
    model = TextField()
    metric = TextField()
    active = IntegerField()
    demand = IntegerField()
    downgrade = IntegerField()
    upgrade = IntegerField()
    balance = IntegerField()
    status = TextField()
    decision = TextField(default="")
    note = TextField(default="")
    responsible = ForeignKeyField(UserGroup, null=True, index=False)
    due_on = TextField(null=True)

    class Meta:
        table_name = "review_rows"


TABLES: tuple[type[Table], ...] = (
    Setting,
    Metric,
    Family,
    ResourceGroup,
    UserGroup,
    Product,
    Contract,
    Entitlement,
    ContractItem,
    Allocation,
    Demand,
    Host,
    VirtualMachine,
    CountingRule,
    Installation,
    SoftwareName,
    DiscoveredSoftware,
    NameDecision,
    Right,
    Override,
    ManualEvent,
    Acknowledgement,
    Title,
    EntitlementDefinition,
    Authorization,
    Request,
    RequestLine,
    DeployedEntitlement,
    Decision,
    Price,
    ExchangeRate,
    Scenario,
    ColumnMapping,
    Review,
    ReviewRow,
)
"""The tables that people fill. What rules derive (events, positions, transfers) is written by `store.derivation`."""

BY_NAME: Mapping[str, type[Table]] = {table._meta.table_name: table for table in TABLES}
"""The same by the names that they have in the book, and as subjects in the change log."""

FOLLOWING: Mapping[str, frozenset[str]] = {
    "products": frozenset({"transfer_group"}),
    "contract_items": frozenset({"entitlement_id", "formed_by"}),
    "installations": frozenset({"found"}),
    "software_names": frozenset({"state", "product_id", "reason", "candidates", "devices"}),
    "entitlements": frozenset(
        "archived quantity active allocated maintenance_quantity maintained license_start activation expiration state"
        " last_demand_synchronization price_amount price_currency managed_by_id rule because".split()
    ),
}
"""Columns of these tables that rules fill."""


def references(table: type[Table]) -> dict[str, str]:
    """The columns of a table that refer to rows of others, each with the name of that other table."""
    refers = {name: field for name, field in table._meta.columns.items() if isinstance(field, ForeignKeyField)}
    return {name: field.rel_model._meta.table_name for name, field in refers.items()}
