"""The template: the tables and columns in which license data comes in. Data only.

The names are public: a rename breaks the files that people have.
"""

from collections.abc import Mapping
from typing import Final

from rules.counting_methods import BASES, COVERAGES, METHODS, PLACES
from rules.vocabulary import (
    AUTHORIZATION_ORIGINS,
    DECISIONS,
    DEFINITION_KINDS,
    LINE_KINDS,
    MODELS,
    OUTCOMES,
    TRANSFER_KINDS,
    VERSION_RIGHTS,
)
from store.imports import book_tables
from store.imports.children.headers import folded
from store.imports.columns import Column, Table
from store.imports.columns import key as _key
from store.imports.columns import needed as _needed

__all__ = ["BY_NAME", "TABLES", "Column", "Table", "folded"]


_MODEL: Final = "choice:" + "|".join(MODELS)

TABLES: Final = (
    Table(
        "products",
        (
            _key("product", says="the name by which every other table speaks of it"),
            Column("vendor", "name"),
            Column("family", "name", says="products that may give rights to each other"),
            Column("edition", "name"),
            Column("version", "name"),
            Column("version_rank", "whole", says="larger is newer; empty: from the release day, then from the version"),
            Column("released_on", "date"),
            Column("metric", "reference:metrics", says="how installations are counted; empty: from its contract items"),
            Column("maintenance_separate", "flag", says="whether maintenance is an entitlement of its own"),
            Column("support_ends_on", "date", says="empty: as the catalogue of products knows it"),
        ),
        "something that is licensed",
    ),
    Table(
        "resource_groups",
        (_key("name"), Column("parent", "reference:resource_groups")),
        "where licenses are used",
    ),
    Table(
        "user_groups",
        (_key("name"), Column("parent", "reference:user_groups")),
        "who uses or answers for licenses",
    ),
    Table(
        "contracts",
        (
            _key("contract", says="its number"),
            _needed("name", "name"),
            Column("invoice_date", "date", says="empty: the day of the review, with a finding"),
            Column("currency", "currency", says="three letters; empty: the currency of the book"),
            Column("supplier", "name"),
            Column("customer", "name"),
            Column("invoice_number", "name"),
            Column("purchase_order_number", "name"),
            Column("sales_order_number", "name"),
            Column("quote_number", "name"),
            Column("notice_date", "date", says="the last day to give notice"),
            Column("invoice_date_defaulted", "flag", says="whether nobody gave that date; empty: false"),
            Column("manual", "flag", says="whether it stands for licenses without a contract; empty: false"),
        ),
        "an agreement or an order",
    ),
    Table(
        "contract_items",
        (
            _key("contract", "reference:contracts"),
            _key("item", says="its number in the contract"),
            _needed("product", "reference:products"),
            Column("sku", "name"),
            _needed("model", _MODEL),
            _needed("metric", "reference:metrics"),
            _needed("quantity", "quantity-or-unlimited"),
            _needed("license_start", "date", "the first day"),
            Column("license_end", "date", says="the last day; empty: never ends"),
            Column("unit_price", "money", says="for one of the quantity, in the currency of the contract"),
            Column("responsible", "reference:user_groups"),
        ),
        "one position of a contract: so many of a product, from a day on",
    ),
    *book_tables.OF_ENTITLEMENTS,
    Table(
        "allocations",
        (
            _key("product", "reference:products"),
            _key("model", _MODEL),
            _key("metric", "reference:metrics"),
            _key("resource_group", "reference:resource_groups"),
            _key("user_group", "reference:user_groups"),
            _needed("quantity", "quantity"),
        ),
        "a part of an entitlement, set aside for a group",
    ),
    Table(
        "demand",
        (
            _key("product", "reference:products"),
            _key("metric", "reference:metrics"),
            Column("resource_group", "reference:resource_groups", key=True),
            Column("source", "name", key=True, says="where the number comes from"),
            _needed("quantity", "quantity"),
            Column("counted_on", "moment", says="a day, or a time with its offset"),
        ),
        "how many are needed, as somebody counted them",
    ),
    Table(
        "hosts",
        (
            _key("host", says="its name; an installation whose device bears it runs on it"),
            Column("resource_group", "reference:resource_groups"),
            Column("processors", "quantity", says="sockets in use; empty: 1"),
            Column("cores_per_processor", "quantity", says="physical ones; empty: as installations tell, or 1"),
            Column("cluster", "name", says="whose virtual machines may run on it"),
        ),
        "a physical machine",
    ),
    Table(
        "virtual_machines",
        (
            _key("vm", says="its name; an installation whose device bears it runs on it"),
            Column("host", "reference:hosts", says="where it runs; or else its cluster"),
            Column("cluster", "name", says="on each of whose hosts it may run"),
            Column("vcpus", "quantity", says="empty: as installations tell, or 1"),
        ),
        "a virtual machine",
    ),
    Table(
        "counting_rules",
        (
            _key("metric", "reference:metrics"),
            _needed("method", "choice:" + "|".join(METHODS)),
            Column("per", "quantity", says="how many one right covers, of what the method counts; empty: see below"),
            Column("per_threads", "quantity", says="how many vCPUs of its VMs one right covers; empty: 20"),
            Column("minimum_per_processor", "quantity", says="cores, or users, that count at least; empty: see below"),
            Column("minimum_per_server", "quantity", says="cores, processors or users, at least; empty: see below"),
            Column("minimum_per_vm", "quantity", says="vCPUs that count at least; only with virtual vm"),
            Column("minimum", "quantity", says="units that count at least, in all; empty: 0"),
            Column("factor", "decimal", says="what a core counts, such as 0.5; empty: 1"),
            Column("virtual", "choice:" + "|".join(PLACES), says="where installations on VMs count; empty: host"),
            Column("count_host", "flag", says="whether a host with the product is one of its VMs; empty: false"),
            Column(
                "basis",
                "choice:" + "|".join(BASES),
                says="what tiers, or installations, are counted by; empty: see below",
            ),
            Column("tiers", "tiers", says="up to how many each counts how much, such as 2500:1, 10000:0.8, 0.6"),
            Column("pack", "quantity", says="units of one right, rounded up once at the end; empty: 1"),
            Column("coverage", "choice:" + "|".join(COVERAGES), says="how rights cover a device; empty: partial"),
            Column("valid_from", "date", key=True, says="the first day; empty: always"),
        ),
        "how installations are counted in a metric, from a day on; no row: by device, user or core",
    ),
    Table(
        "installations",
        (
            _key("product", "reference:products"),
            _key("device"),
            Column("user", "name", key=True),
            Column("resource_group", "reference:resource_groups"),
            Column("cores", "quantity", says="of the device"),
            Column("installed_on", "date"),
            Column("last_used_on", "date"),
            Column("source", "name"),
            Column("host", "reference:hosts", says="where it runs; a device named as a host or VM is that"),
            Column("vm", "reference:virtual_machines"),
        ),
        "a product on a device",
    ),
    Table(
        "discovered_software",
        (
            _key("device"),
            _key("name", says="as the device or its inventory names it"),
            Column("publisher", "name", key=True),
            Column("version", "name", key=True),
            Column("user", "name", key=True),
            Column("resource_group", "reference:resource_groups"),
            Column("installed_on", "date"),
            Column("source", "name", says="who found it; its next inventory of the device replaces this one"),
            Column("host", "reference:hosts", says="where it runs; a device named as a host or VM is that"),
            Column("vm", "reference:virtual_machines"),
        ),
        "software as it was found on a device; it is an installation as soon as its name stands for a product",
    ),
    Table(
        "name_decisions",
        (
            Column("publisher", "name", key=True),
            _key("name", says="* for every name of the publisher"),
            Column("version", "name", key=True, says="* for every version; empty: for a name without one"),
            Column("product", "reference:products", says="empty: it needs no license"),
        ),
        "what was decided on a name of found software",
    ),
    Table(
        "rights",
        (
            _key("right"),
            _needed("kind", "choice:" + "|".join(TRANSFER_KINDS)),
            Column("family", "name", says="every pair of this family; or else name one pair"),
            Column("from_product", "reference:products"),
            Column("to_product", "reference:products"),
            Column("metric", "reference:metrics", says="empty: every metric"),
            Column("depth", "quantity", says="how many versions; empty: any"),
            Column("valid_from", "date"),
            Column("valid_until", "date", says="the last day; empty: never ends"),
        ),
        "which product may cover the demand of which other",
    ),
    Table(
        "overrides",
        (
            _key("product", "reference:products"),
            _key("model", _MODEL),
            _key("metric", "reference:metrics"),
            Column("active", "quantity"),
            Column("demand", "quantity"),
            Column("downgrade", "whole"),
            Column("upgrade", "whole"),
            _needed("reason", "text"),
        ),
        "figures of a position that a person decides; an empty one stays calculated",
    ),
    Table(
        "titles",
        (
            _key("title", says="the name by which people request it"),
            Column("product", "reference:products", says="what is authorized then stands beside its position"),
            Column("requires_approval", "flag", says="empty: true"),
            Column("orderable", "flag", says="whether it may be requested; empty: true"),
            Column("price", "money", says="for one, in the currency of the book; empty: free"),
            Column("listed_on", "date", says="empty: the day of the review"),
        ),
        "software as people request it",
    ),
    Table(
        "entitlement_definitions",
        (
            _key("definition"),
            _needed("title", "reference:titles"),
            _needed("kind", "choice:" + "|".join(DEFINITION_KINDS), "requested by itself, or part of every title"),
            Column("unit_price", "money", says="for one of the quantity, in the currency of the book; empty: free"),
            Column("max_request_days", "quantity", says="days after the authorization; empty: no limit"),
            Column("starts_on", "date"),
            Column("ends_on", "date", says="the last day on which it may be requested; empty: never ends"),
            Column("contract", "reference:contracts", says="its last valid day is an end, too"),
            Column("orderable", "flag", says="whether it may be requested; empty: true"),
            Column("forced", "flag", says="whether it goes with its title; empty: false"),
            Column("version_right", "choice:" + "|".join(VERSION_RIGHTS), says="to newer versions; empty: none"),
        ),
        "an entitlement that a title offers or includes",
    ),
    Table(
        "authorizations",
        (
            _key("authorization"),
            _needed("title", "reference:titles"),
            _needed("holder", "name", "a device, a person or a group"),
            _needed("authorized_on", "date"),
            Column("units", "quantity", says="empty: 1"),
            Column("how", "choice:" + "|".join(AUTHORIZATION_ORIGINS), says="empty: entered"),
            Column("ended_on", "date", says="from this day on it is no more"),
        ),
        "a title that somebody may use",
    ),
    Table(
        "requests",
        (
            _key("request"),
            _needed("requester", "name"),
            _needed("holder", "name", "for whom: a device, a person or a group"),
            _needed("submitted_on", "date"),
        ),
        "what somebody asked for, for whom and when",
    ),
    Table(
        "request_lines",
        (
            _key("request", "reference:requests"),
            _key("line"),
            _needed("kind", "choice:" + "|".join(LINE_KINDS)),
            _needed("title", "reference:titles", "of an entitlement: its title, which is in the request, too"),
            Column("definition", "reference:entitlement_definitions", says="needed for an entitlement"),
            Column("quantity", "quantity", says="empty: 1"),
            Column("start", "date", says="of an entitlement; empty: the day of the request"),
            Column("end", "date", says="of an entitlement; empty: never ends"),
            Column("price", "money", says="for one, on the day of the request"),
            Column("currency", "currency"),
            Column("outcome", "choice:" + "|".join(OUTCOMES), says="what became of it; empty: Elpis judges it"),
            Column("reasons", "list"),
            Column("warnings", "list"),
            Column("trail", "list", says="the rules that have judged it"),
            Column("authorization", "reference:authorizations"),
        ),
        "one thing of a request",
    ),
    Table(
        "deployed_entitlements",
        (
            _key("authorization", "reference:authorizations"),
            _key("definition", "reference:entitlement_definitions"),
            _needed("quantity", "quantity"),
            _needed("start", "date", "the first day"),
            Column("end", "date", says="the last day; empty: never ends"),
            Column("number", "quantity", key=True, says="which period it is, from 1; empty: 1"),
            Column("replaced_on", "date", says="when the next period took its place"),
            Column("request", "reference:requests", says="what brought it; with line"),
            Column("line", "name"),
        ),
        "an optional entitlement that an authorization holds, before any request",
    ),
    Table(
        "decisions",
        (
            _key("request", "reference:requests"),
            _key("line"),
            _needed("decision", "choice:" + "|".join(DECISIONS)),
            _needed("decided_on", "date"),
            _needed("decided_by", "name", "somebody other than the requester"),
            Column("reason", "text"),
        ),
        "what was decided on a line that waited for it",
    ),
    *book_tables.OF_THE_CALENDAR,
    *book_tables.LAST,
    *book_tables.OF_THE_BOOK,
)
"""Every table, in an order in which a table stands after those that it refers to (parents within a table aside)."""


BY_NAME: Final[Mapping[str, Table]] = {folded(table.name): table for table in TABLES}
"""The tables by their folded names."""
