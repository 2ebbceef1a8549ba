"""How each table of the template goes into the book: its target, its converters, and what must hold of its rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from rules import allocation
from rules.vocabulary import UNLIMITED
from store import catalogue, settings
from store.book import integrity
from store.bulk import indexes_afterwards, insert
from store.imports import book_loading, decisions, discovered, groups, hardware, portal, staging
from store.imports.checks import Converter, checked, checked_columns, quick
from store.imports.csv_folder import TEMPLATE
from store.imports.finding import ERROR, INFO, Finding
from store.imports.loading import Loading, Out, Rows, Rule, Way
from store.imports.source import RawTable
from store.imports.staging import Counts, Target
from store.imports.template import Table

if TYPE_CHECKING:
    from store.imports.load import Work

OF_THE_BOOK: Final = ("settings", "metrics", "families")
"""Tables that are loaded before all others."""

BEFORE_ENTITLEMENTS: Final = ("products", "resource_groups", "user_groups", "contracts", "contract_items")
"""Tables in the order of loading, up to those from which entitlements are formed."""

AFTER_ENTITLEMENTS: Final = (
    *("entitlements", "allocations", "demand", "hosts", "virtual_machines", "installations", "discovered_software"),
    *(
        "name_decisions",
        "licensed_names",
        "counting_rules",
        "rights",
        "overrides",
        "prices",
        "exchange_rates",
        "manual_events",
    ),
    *("acknowledgements", "scenarios", "mappings", "reviews", "review_rows", "findings"),
)
"""Tables that speak of entitlements, or that none depends on."""

OF_THE_PORTAL: Final = (*portal.LOADINGS, "decisions", "charges")
"""Tables of titles, authorizations and requests; decisions are applied when all of them are in."""

STORED: Final = (*OF_THE_BOOK, *BEFORE_ENTITLEMENTS, *AFTER_ENTITLEMENTS, *OF_THE_PORTAL)
"""Every table, in the order of loading."""

WAYS: Final[Mapping[str, Way]] = {
    "resource_groups": Way(groups.load_resource_groups, "resource_groups", groups.OUT),
    "user_groups": Way(groups.load_user_groups, "user_groups", groups.OUT),
    "decisions": Way(decisions.load, "decisions", decisions.OUT),
    **discovered.WAYS,
    **book_loading.WAYS,
}
"""The tables that have a way of their own."""


def load(work: Work, name: str, parts: Sequence[RawTable]) -> None:
    """Check, stage and merge one table; findings and counts go into the work."""
    if name in WAYS:
        WAYS[name].load(work, parts)
        work.references.forget(name)
        return
    loading, parts = _fitting(LOADINGS[name], parts)
    target, book = loading.target, work.book
    if (
        loading.straight
        and not work.failed
        and staging.is_empty(book, target)
        and _straight(work, name, loading, parts)
    ):
        return
    staging.stage(book, target)
    for number, raw in enumerate(parts):
        for numbers, rows in checked(raw, _converters(work, loading, raw.table), work.findings.append, loading.empty):
            staging.fill(book, target, number, numbers, loading.shape(work, rows) if loading.shape else rows)
    if loading.prepare is not None:
        loading.prepare(work, parts)
    given = {c for c, n in zip(target.columns, loading.names, strict=False) for raw in parts if n in _present(raw)}
    judged = " ".join(rule.broken for rule in loading.rules)
    staging.fill_in(book, target, [c for c in target.columns if c in target.keep - given and f"s.{c}" in judged])
    _check(work, loading, parts)
    if work.look is not None:
        work.look.note(parts, staging.kinds(book, target, given))
    if work.failed:
        work.findings += staging.duplicates(book, target, parts)
    else:
        merged = staging.merge(book, target, given, parts, work.marks.get(target.table))
        if isinstance(merged, list):
            work.findings += merged
        else:
            more = loading.finish(work) if loading.finish is not None else 0
            work.counts[name] = merged._replace(changed=merged.changed + more)
    staging.drop(book, target)
    work.references.forget(name)


def _fitting(loading: Loading, parts: Sequence[RawTable]) -> tuple[Loading, Sequence[RawTable]]:
    """The narrow loading of a table where the input has none of the columns that it lacks, and the parts for it."""
    narrow = loading.narrow
    if narrow is None or any(_present(raw) - set(narrow.names) for raw in parts):
        return loading, parts
    columns = tuple(column for column in parts[0].table.columns if column.name in narrow.names)
    return narrow, [replace(raw, table=replace(raw.table, columns=columns)) for raw in parts]


class _Doubt(Exception):
    """A first import met something that has to be looked at row by row."""


def _straight(work: Work, name: str, loading: Loading, parts: Sequence[RawTable]) -> bool:
    """Write the rows of a first import as they are read, which is half the work; whether that went through.

    At the first doubt (a wrong cell, a double key, a broken rule) nothing of it stays: the rows are staged instead, and
    every one of them is judged.
    """
    book = work.book
    book.run("SAVEPOINT straight")
    try:
        with indexes_afterwards(book, [loading.target.table]):
            total = sum(_write(work, loading, raw) for raw in parts)
            if any(staging.is_broken(book, loading.target, rule.broken) for rule in _rules(work, loading)):
                raise _Doubt
    except (_Doubt, *integrity()):
        book.run("ROLLBACK TO straight")
        work.references.forget("families")
        work.references.forget(name)
        return False
    finally:
        book.run("RELEASE straight")
    work.counts[name] = Counts(total, 0, 0)
    if work.look is not None:
        work.look.all_new(parts, total)
    work.references.forget(name)
    return True


def _write(work: Work, loading: Loading, raw: RawTable) -> int:
    """Write the rows of one part into their target; how many. Raises _Doubt at the first finding."""
    doubts: list[Finding] = []
    total = 0
    converters = _converters(work, loading, raw.table)
    for numbers, columns in checked_columns(raw, converters, doubts.append, loading.empty):
        if doubts:
            break
        if loading.shape:
            staging.write(work.book, loading.target, loading.shape(work, list(zip(*columns, strict=True))))
        else:
            staging.write_columns(work.book, loading.target, columns)
        total += len(numbers)
    if doubts:
        raise _Doubt
    return total


def _present(raw: RawTable) -> set[str]:
    return {column.name for column in raw.columns}


def _converters(work: Work, loading: Loading, table: Table) -> dict[str, Converter]:
    found: dict[str, Converter] = {}
    for column in table.columns:
        empty = loading.empty.get(column.name)
        if column.kind.startswith("reference:"):
            found[column.name] = work.references.converter(column, empty)
        else:
            found[column.name] = quick(column, empty)
    return found


def _rules(work: Work, loading: Loading) -> list[Rule]:
    return [rule for rule in loading.rules if not (rule.given and work.whole)]


def _check(work: Work, loading: Loading, parts: Sequence[RawTable]) -> None:
    kept = {n for n, c in zip(loading.names, loading.target.columns, strict=False) if c in loading.target.keep}
    for rule in (rule for rule in _rules(work, loading) if not (rule.telling and work.failed)):
        absent = "what the book has" if rule.column in kept else "the row"
        broken = staging.select(work.book, loading.target, rule.values, rule.broken)
        cells = staging.quote(parts, [(part, row) for part, row, _ in broken], [rule.column])
        for part, row, values in broken:
            place = parts[part].cell_place(row, rule.column)
            cell = cells[part, row].replace('""', "the cell") or absent
            work.findings.append(Finding(ERROR, rule.code, place, f"{cell} {rule.message.format(*values)}"))


# ------------------------------------------------------------------------------------------------------------ products
def _known_products(work: Work, rows: Rows) -> Rows:
    """Families by their ids, and what the catalogue knows where the file is silent."""
    shaped: Rows = []
    for row in rows:
        product, vendor, family, edition, version, rank, released_on, metric, separate, supported = row
        entry = None if work.whole else catalogue.lookup(str(product))
        if entry is not None:
            vendor, family, edition = vendor or entry.vendor, family or entry.family, edition or entry.edition
            version, released_on = version or entry.version, released_on or entry.released_on
            supported = supported or entry.support_ends_on
        shaped.append((product, vendor, family, edition, version, rank, released_on, metric, separate, supported))
    families = _families(work, {str(row[2]): None for row in shaped if row[2]})
    return [(*row[:2], families[str(row[2])] if row[2] else None, *row[3:]) for row in shaped]


def _families(work: Work, names: Iterable[str]) -> Mapping[str, int]:
    """The ids of families, new ones opened in the order given."""
    known = work.references.known("families")
    unknown = [(name,) for name in names if name not in known]
    if unknown:
        insert(work.book, "families", ("name",), unknown)
        work.references.forget("families")
    return work.references.known("families")


# ----------------------------------------------------------------------------------------------------------- contracts
def _default_contracts(work: Work, _: Sequence[RawTable]) -> None:
    """An empty invoice date or currency is the one in the book, or else the day of the review and the book's own."""
    for column, other in (("invoice_date", ", invoice_date_defaulted = c.invoice_date_defaulted"), ("currency", "")):
        work.book.run(
            f"UPDATE staged_contracts AS s SET {column} = c.{column}{other} FROM contracts c"
            f" WHERE c.contract = s.contract AND s.{column} IS NULL"
        )
    work.book.run(
        "UPDATE staged_contracts SET invoice_date = ?, invoice_date_defaulted = 1 WHERE invoice_date IS NULL",
        (work.as_of.isoformat(),),
    )
    work.book.run(
        "UPDATE staged_contracts SET currency = ? WHERE currency IS NULL", (settings.get(work.book, "currency"),)
    )


def _default_starts(work: Work, parts: Sequence[RawTable]) -> None:
    """Files of other tools may not know when a license began: another day stands in, and is said so.

    It is that of its invoice where this is known, or else that of its first review.
    """
    if work.source.kind != TEMPLATE:  # there, none of something takes back what was; it opens nothing new
        work.book.run(f"DELETE FROM staged_contract_items AS s WHERE quantity = 0 AND NOT EXISTS ({_HELD_ITEM})")
    target = LOADINGS["contract_items"].target
    for part, row, values in staging.select(work.book, target, f"({_INVOICED})", "s.license_start IS NULL"):
        place = parts[part].cell_place(row, "license_start")
        taken = "that of its invoice" if values[0] else "the day of its first review"
        text = f"the license came without a first day; {taken} was taken"
        work.findings.append(Finding(INFO, "license-start-defaulted", place, text))
    held = f"({_HELD_ITEM}), ({_INVOICED})"
    work.book.run(
        f"UPDATE staged_contract_items AS s SET license_start = coalesce({held}, ?) WHERE license_start IS NULL",
        (work.as_of.isoformat(),),
    )


_HELD_ITEM: Final = "SELECT license_start FROM contract_items t WHERE t.contract_id = s.contract_id AND t.item = s.item"
_INVOICED: Final = "SELECT invoice_date FROM contracts c WHERE c.id = s.contract_id AND NOT c.invoice_date_defaulted"


# ------------------------------------------------------------------------------------- allocations and overrides
def _entitled(work: Work, rows: Rows) -> Rows:
    """Product, model and metric replaced by the id of their entitlement (below 0 for none), and kept behind."""
    book, stand_in = work.book, work.references.stand_in
    find = f"""SELECT id FROM entitlements e WHERE product_id = ? AND model = ? AND metric_id = ?
        AND ({int(work.whole)} OR EXISTS (SELECT 1 FROM contract_items i WHERE i.entitlement_id = e.id))"""
    found = {key: book.one(find, key) for key in {row[:3] for row in rows}}
    numbers = {key: one[0] if one else stand_in("entitlements", "|".join(map(str, key))) for key, one in found.items()}
    return [(numbers[row[:3]], *row[3:], row[1]) for row in rows]


_OF_MAINTENANCE = Rule(
    "s.model = 'maintenance'",
    "model",
    "of-maintenance",
    "maintenance covers licenses: it is not allocated and has no position; name the license itself",
)
_NO_ENTITLEMENT = Rule(
    "s.entitlement_id < 0 AND s.model <> 'maintenance'",
    "product",
    "unknown-entitlement",
    "has no entitlement of the model {0} and this metric; add a contract item that opens one, or correct the row",
    "s.model",
    telling=True,
)


def _within_quantity(work: Work, parts: Sequence[RawTable]) -> None:
    """No import may allocate more than an entitlement holds."""
    rows = [] if work.failed or work.whole else work.book.rows(_ALLOCATED)
    decisions = allocation.decide([allocation.Request(*row[1:4]) for row in rows])
    for (name, quantity, others, asked, part, row), decision in zip(rows, decisions, strict=True):
        if decision.judgement == allocation.REFUSED:
            text = (
                f"{asked + others:,} are allocated of {name}, which holds {quantity:,}: {decision.excess} too many."
                f" Allocate {decision.excess} less (rule {decision.rule})"
            )
            place = parts[int(part)].cell_place(row, "quantity")
            work.findings.append(Finding(ERROR, "over-allocated", place, text))


_ALLOCATED = f"""
SELECT e.name, min({UNLIMITED}, coalesce(
           (SELECT sum(quantity) FROM contract_items i WHERE i.entitlement_id = e.id AND i.model = e.model), 0)),
       coalesce((SELECT sum(a.quantity) FROM allocations a WHERE a.entitlement_id = e.id AND NOT EXISTS (
           SELECT 1 FROM staged_allocations t WHERE t.entitlement_id = a.entitlement_id
           AND t.resource_group_id = a.resource_group_id AND t.user_group_id = a.user_group_id)), 0),
       sum(s.quantity), max(s.part), max(s.file_row)
FROM staged_allocations s JOIN entitlements e ON e.id = s.entitlement_id GROUP BY e.id ORDER BY max(s.file_row)"""


# --------------------------------------------------------------------------------------------------- tables together
def check_together(work: Work) -> None:
    """What must hold between tables once all are in."""
    sql = """
        SELECT p.product, group_concat(DISTINCT m.code) FROM products p JOIN contract_items i ON i.product_id = p.id
        JOIN metrics m ON m.id = i.metric_id
        WHERE p.metric_id IS NULL AND EXISTS (SELECT 1 FROM installations n WHERE n.product_id = p.id AND n.found = 0)
        GROUP BY p.id HAVING count(DISTINCT i.metric_id) > 1 ORDER BY p.product"""
    for product, metrics in [] if work.whole else work.book.rows(sql):
        text = (
            f"its contract items use several metrics ({metrics}): name the one by which its installations are counted"
        )
        work.findings.append(Finding(ERROR, "metric-needed", f'products, product "{product}", column metric', text))
    hardware.check_together(work)


def _rights(work: Work, rows: Rows) -> Rows:
    """The family by its id; 0 for one of refused products, -1 for one that no product has."""
    families = work.references.known("families")

    def number(name: object) -> int | None:
        given = -1 if not work.references.tolerated("families", str(name)) else 0
        return families.get(str(name), given) if name else None

    return [(*row[:2], number(row[2]), *row[3:]) for row in rows]


_CONTRACT_FLAGS = ("invoice_date_defaulted", "manual")
_CONTRACT_TEXTS = "supplier customer invoice_number purchase_order_number sales_order_number quote_number".split()

_OF_ALLOCATIONS = {
    "resource_group": "(SELECT name FROM resource_groups WHERE id = t.resource_group_id)",
    "user_group": "(SELECT name FROM user_groups WHERE id = t.user_group_id)",
    "quantity": "t.quantity",
}
_FIGURES = ("active", "demand", "downgrade", "upgrade", "reason")

LOADINGS: Final[Mapping[str, Loading]] = {
    "products": Loading(
        Target(
            "products",
            tuple(
                "product vendor family_id edition version version_rank released_on metric_id maintenance_separate"
                " support_ends_on".split()
            ),
            ("product",),
            "product",
            keep=frozenset(
                "vendor family_id edition version version_rank released_on metric_id maintenance_separate"
                " support_ends_on".split()
            ),
        ),
        tuple(
            "product vendor family edition version version_rank released_on metric maintenance_separate"
            " support_ends_on".split()
        ),
        {"vendor": "", "edition": "", "version": "", "maintenance_separate": 0},
        shape=_known_products,
        straight=True,
    ),
    "contracts": Loading(
        Target(
            "contracts",
            ("contract", "name", "invoice_date", "currency", *_CONTRACT_TEXTS, "notice_date", *_CONTRACT_FLAGS),
            ("contract",),
            "contract",
            keep=frozenset(("invoice_date", "currency", *_CONTRACT_TEXTS, "notice_date", *_CONTRACT_FLAGS)),
        ),
        ("contract", "name", "invoice_date", "currency", *_CONTRACT_TEXTS, "notice_date", "invoice_date", "manual"),
        {**dict.fromkeys(_CONTRACT_TEXTS, ""), "invoice_date_defaulted": 0, "manual": 0},
        out=Out({"invoice_date_defaulted": "t.invoice_date_defaulted"}),
        prepare=_default_contracts,
        straight=True,
    ),
    "contract_items": Loading(
        Target(
            "contract_items",
            tuple(
                "contract_id item product_id sku model metric_id quantity license_start license_end unit_price"
                " responsible_id".split()
            ),
            ("contract_id", "item"),
            "item",
            keep=frozenset(("sku", "license_end", "unit_price", "responsible_id")),
        ),
        tuple(
            "contract item product sku model metric quantity license_start license_end unit_price responsible".split()
        ),
        {"sku": ""},
        prepare=_default_starts,
        straight=True,
        rules=(
            Rule(
                "s.license_end < s.license_start",
                "license_end",
                "end-before-start",
                'lies before the license start "{0}"; give an end on or after it, or none',
                "s.license_start",
            ),
        ),
    ),
    "allocations": Loading(
        Target(
            "allocations",
            ("entitlement_id", "resource_group_id", "user_group_id", "quantity"),
            ("entitlement_id", "resource_group_id", "user_group_id"),
            "product",
            aside=("model",),
        ),
        ("product", "resource_group", "user_group", "quantity"),
        {},
        out=Out({**book_loading.OF_ENTITLEMENT, **_OF_ALLOCATIONS}),
        rules=(
            _OF_MAINTENANCE,
            _NO_ENTITLEMENT,
            Rule(
                "s.quantity = 0", "quantity", "not-positive", "allocates nothing; give 1 or more, or leave the row out"
            ),
        ),
        shape=_entitled,
        prepare=_within_quantity,
    ),
    "demand": Loading(
        Target(
            "demand",
            ("product_id", "metric_id", "resource_group_id", "source", "quantity", "counted_on"),
            ("product_id", "metric_id", "resource_group_id", "source"),
            "product",
            own_id=False,
            keep=frozenset(("counted_on",)),
        ),
        ("product", "metric", "resource_group", "source", "quantity", "counted_on"),
        {"resource_group": 0, "source": ""},
        straight=True,
    ),
    **discovered.LOADINGS,
    "rights": Loading(
        Target(
            "rights",
            tuple("right kind family_id from_product_id to_product_id metric_id depth valid_from valid_until".split()),
            ("right",),
            "right",
            keep=frozenset(("metric_id", "depth", "valid_from", "valid_until")),
        ),
        tuple("right kind family from_product to_product metric depth valid_from valid_until".split()),
        {},
        rules=(
            Rule(
                "s.family_id = -1",
                "family",
                "unknown-family",
                "is the family of no product; correct the name, or give products that family",
            ),
            Rule(
                "(s.family_id IS NULL) = (s.from_product_id IS NULL) OR"
                " (s.from_product_id IS NULL) <> (s.to_product_id IS NULL)",
                "family",
                "right-without-scope",
                "does not say what the right is for; name either a family, or both from_product and to_product",
            ),
            Rule(
                "s.from_product_id = s.to_product_id",
                "to_product",
                "right-to-itself",
                "needs no right to cover itself; name two products",
            ),
            Rule(
                "s.valid_until < s.valid_from",
                "valid_until",
                "end-before-start",
                'lies before valid_from "{0}"; give an end on or after it, or none',
                "s.valid_from",
            ),
        ),
        shape=_rights,
    ),
    "overrides": Loading(
        Target(
            "overrides",
            ("entitlement_id", "active", "demand", "downgrade", "upgrade", "reason"),
            ("entitlement_id",),
            "product",
            keep=frozenset(("active", "demand", "downgrade", "upgrade")),
            aside=("model",),
        ),
        ("product", "active", "demand", "downgrade", "upgrade", "reason"),
        {},
        out=Out({**book_loading.OF_ENTITLEMENT, **{name: f"t.{name}" for name in _FIGURES}}),
        rules=(_OF_MAINTENANCE, _NO_ENTITLEMENT),
        shape=_entitled,
    ),
    **hardware.LOADINGS,
    **portal.LOADINGS,
    **book_loading.LOADINGS,
}
"""Every table that is loaded by staging; the others have ways of their own."""
