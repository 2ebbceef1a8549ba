"""What follows from a book, by loops written by hand: no rulebook, no engine, nothing of `rules` or `store`.

The bench takes its time as the yardstick of `recalculate`, and the tests compare every row that both of them write.
Days are ISO texts here, which sort as days do; NEVER is the last day that there is.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pysqlite3

from tests.bench.exchange import exchange, places_of
from tests.bench.splitting import split

Row = tuple[Any, ...]
Key = tuple[int, str, int]
NEVER = "9999-12-31"
UNLIMITED = 2**52
MUCH = 2**51
LEADS = (90, 60, 30, 7)

EVENTS = "contract_id item_id kind lead on_day rule"
POSITIONS = (
    "product_id metric_id model entitlement_id active demand downgrade upgrade balance status calculated_active"
    " calculated_demand calculated_downgrade calculated_upgrade calculated_balance calculated_status breakdown"
    " crossings rule because"
)
TRANSFERS = "kind from_product_id from_model to_product_id to_model metric_id right_id quantity rule because"
ENTITLEMENTS = (
    "id archived quantity active allocated maintenance_quantity maintained license_start activation expiration state"
    " last_demand_synchronization price_amount price_currency managed_by_id rule because"
)


class Lot(NamedTuple):
    """A contract item as a purchase; they sort in the order of the series."""

    starts_on: str
    invoiced_on: str
    key: str
    ends_on: str
    quantity: int
    id: int
    contract: int
    price: str | None
    currency: str
    responsible: int | None
    feeds: int | None


class Stand:
    """A position while it is worked out."""

    __slots__ = (
        "active", "breakdown", "crossings", "demand", "downgrade", "entitlement", "metric", "model", "product",
        "rights", "upgrade",
    )  # fmt: skip

    def __init__(self, product: int, metric: int, model: str | None, entitlement: int | None, active: int) -> None:
        self.product, self.metric, self.model = product, metric, model
        self.entitlement, self.active, self.demand = entitlement, active, 0
        self.downgrade = self.upgrade = self.crossings = 0
        self.rights: list[str] = []
        self.breakdown = "[]"

    @property
    def balance(self) -> int:
        return self.active - self.demand + self.downgrade + self.upgrade


def derive(
    source: Path, target: Path, as_of: str, leads: Sequence[int] = LEADS, *, everything: bool = False
) -> dict[str, int]:
    """Write the events and positions of a book into a new database, durably, in one transaction; how many of each.

    `everything` writes transfers and the figures of entitlements, too.
    """
    was = gc.isenabled()
    gc.disable()
    book = pysqlite3.connect(source.absolute().as_uri() + "?mode=ro", uri=True)
    out = pysqlite3.connect(str(target), isolation_level=None)
    try:
        out.execute("PRAGMA journal_mode = wal")
        out.execute("PRAGMA synchronous = 2")
        out.execute("BEGIN IMMEDIATE")
        counts = _derive(book, out, as_of, sorted(set(leads)), everything)
        out.execute("COMMIT")
        return counts
    finally:
        book.close()
        out.close()
        if was:
            gc.enable()


def _derive(book: Any, out: Any, as_of: str, leads: Sequence[int], everything: bool) -> dict[str, int]:
    names = dict(book.execute("SELECT id, product FROM products"))
    metrics = dict(book.execute("SELECT id, code FROM metrics"))
    lots = _lots(book)
    counts = {"events": _write(out, "events", EVENTS, _events(book, lots, leads))}
    demand = _demand(book, metrics)
    stands = _stands(book, lots, demand, as_of)
    allocations = _allocations(book)
    transfers = _exchange(book, stands, lots, names, metrics, demand, allocations, as_of)
    rows = _positions(book, stands, names, metrics, demand)
    counts["positions"] = _write(out, "positions", POSITIONS, rows)
    if everything:
        counts["transfers"] = _write(out, "transfers", TRANSFERS, transfers)
        rows = _entitlements(book, lots, allocations, as_of, max(leads, default=0))
        counts["entitlements"] = _write(out, "entitlements", ENTITLEMENTS, rows)
    return counts


def _write(out: Any, table: str, names: str, rows: Iterable[Row]) -> int:
    columns = names.split()
    out.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
    marks = ", ".join("?" * len(columns))
    return out.executemany(f"INSERT INTO {table} VALUES ({marks})", rows).rowcount


# ------------------------------------------------------------------------------------------------ purchases and events
def _lots(book: Any) -> dict[Key, list[Lot]]:
    """The purchases of each product, model and metric, in the order of the series."""
    sql = """SELECT i.product_id, i.model, i.metric_id, i.license_start, c.invoice_date, c.contract, i.item,
                    i.license_end, i.quantity, i.id, c.id, i.unit_price, c.currency, i.responsible_id, i.entitlement_id
             FROM contract_items i JOIN contracts c ON c.id = i.contract_id"""
    lots: dict[Key, list[Lot]] = defaultdict(list)
    new = tuple.__new__
    for product, model, metric, start, invoiced, contract, item, end, *rest in book.execute(sql):
        lot = new(Lot, (start, invoiced, f"contract_item:{contract}/{item}", end or NEVER, *rest))
        lots[product, model, metric].append(lot)
    for series in lots.values():
        if len(series) > 1:
            series.sort()
    return lots


@lru_cache(maxsize=65_536)
def before(day: str, days: int) -> str:
    """The day so many days before another one (after it, if below zero)."""
    return (date.fromisoformat(day) - timedelta(days)).isoformat()


def _events(book: Any, lots: dict[Key, list[Lot]], leads: Sequence[int]) -> Iterator[Row]:
    for number, day in book.execute("SELECT id, invoice_date FROM contracts"):
        yield number, None, "contract-invoiced", -1, day, "lifecycle.contract-invoiced"
    for series in lots.values():
        kind = "purchased"
        for place, lot in enumerate(series):
            start, end, number, contract = lot.starts_on, lot.ends_on, lot.id, lot.contract
            yield contract, number, kind, -1, start, f"lifecycle.{kind}"
            kind = "purchased-renewal"
            if end == NEVER:
                continue
            yield contract, number, "license-end", -1, end, "lifecycle.license-end"
            if len(series) > 1 and _continued(end, series[place + 1 :]):
                continue
            yield contract, number, "expiration-warning", 0, end, "lifecycle.final-day-warning"
            for lead in leads:
                day = before(end, lead)
                if day < start:
                    break
                yield contract, number, "expiration-warning", lead, day, "lifecycle.early-warning"


def _continued(end: str, later: Sequence[Lot]) -> bool:
    """Whether a later purchase lasts longer and begins before there is a gap."""
    follows = before(end, -1)
    return any(lot.ends_on > end and lot.starts_on <= follows for lot in later)


def _active(lots: Iterable[Lot], as_of: str) -> int:
    return min(UNLIMITED, sum([lot.quantity for lot in lots if lot.starts_on <= as_of <= lot.ends_on]))


# ------------------------------------------------------------------------------------------------------------- demand
def _demand(book: Any, metrics: dict[int, str]) -> dict[tuple[int, int], dict[int, int]]:
    """Units needed of a product by a metric, by resource group (0: in none)."""
    demand: dict[tuple[int, int], dict[int, int]] = {}
    sql = """SELECT product_id, metric_id, resource_group_id, sum(quantity) FROM demand
             GROUP BY product_id, metric_id, resource_group_id"""
    for product, metric, group, quantity in book.execute(sql):
        demand.setdefault((product, metric), {})[group] = quantity
    for cell, groups in _installed(book, metrics).items():
        demand.setdefault(cell, groups)
    return demand


def _installed(book: Any, metrics: dict[int, str]) -> dict[tuple[int, int], dict[int, int]]:
    """What installations come to: devices, users (or the device, without one) or cores, each counted once."""
    device = next(number for number, code in metrics.items() if code == "device")
    sql = "SELECT product_id, device, user, resource_group_id, cores FROM installations"
    rows = book.execute(sql).fetchall()
    if not rows:
        return {}
    counted = dict(book.execute("SELECT product_id, min(metric_id) FROM contract_items GROUP BY 1"))
    own = "SELECT id, metric_id FROM products WHERE metric_id IS NOT NULL"
    counted |= dict(book.execute(own))
    once: dict[tuple[int, int], dict[tuple[str, str], tuple[int, int]]] = defaultdict(dict)
    for product, machine, user, group, cores in rows:
        metric = counted.get(product, device)
        what = ("", user) if metrics[metric] == "user" and user else (machine, "")
        lowest, most = once[product, metric].get(what, (group, 0))
        once[product, metric][what] = min(lowest, group), max(most, cores or 0)
    found: dict[tuple[int, int], dict[int, int]] = {}
    for cell, things in once.items():
        sums = found.setdefault(cell, {})
        for group, cores in things.values():
            sums[group] = sums.get(group, 0) + (cores if metrics[cell[1]] == "core" else 1)
    return found


# ---------------------------------------------------------------------------------------------------------- positions
def _stands(
    book: Any, lots: dict[Key, list[Lot]], demand: dict[tuple[int, int], dict[int, int]], as_of: str
) -> dict[tuple[int, int], list[Stand]]:
    """Every position before transfers, by product and metric; perpetual ones before subscriptions."""
    stands: dict[tuple[int, int], list[Stand]] = {}
    sql = "SELECT id, product_id, model, metric_id FROM entitlements WHERE model <> 'maintenance'"
    for number, product, model, metric in book.execute(sql):
        series = lots.get((product, model, metric))
        if not series:
            continue
        cell = product, metric
        if len(series) == 1:
            lot = series[0]
            active = lot.quantity if lot.starts_on <= as_of <= lot.ends_on else 0
        else:
            active = _active(series, as_of)
        stands.setdefault(cell, []).append(Stand(product, metric, model, number, active))
    for cell, groups in demand.items():
        needed = sum(groups.values())
        rows = stands.get(cell)
        if rows is None:
            if not needed:
                continue
            stands[cell] = rows = [Stand(*cell, None, None, 0)]
        if len(rows) > 1:
            rows.sort(key=lambda row: row.model or "")
            rows[0].demand = min(rows[0].active, needed)
            needed -= rows[0].demand
        rows[-1].demand = needed
    for rows in stands.values():
        if len(rows) > 1:
            rows.sort(key=lambda row: row.model or "")
    return stands


def _allocations(book: Any) -> dict[int, list[tuple[int, int]]]:
    held: dict[int, list[tuple[int, int]]] = defaultdict(list)
    sql = "SELECT entitlement_id, resource_group_id, quantity FROM allocations ORDER BY id"
    for entitlement, group, quantity in book.execute(sql):
        held[entitlement].append((group, quantity))
    return held


def _exchange(
    book: Any,
    stands: dict[tuple[int, int], list[Stand]],
    lots: dict[Key, list[Lot]],
    names: dict[int, str],
    metrics: dict[int, str],
    demand: dict[tuple[int, int], dict[int, int]],
    allocations: dict[int, list[tuple[int, int]]],
    as_of: str,
) -> list[Row]:
    """Make the transfers of every group of products between which there are rights, and split what groups hold."""
    rights = book.execute(
        """SELECT id, kind, family_id, from_product_id, to_product_id, metric_id, coalesce(depth, 1 << 30),
                  "right" FROM rights WHERE coalesce(valid_from, '') <= ? AND coalesce(valid_until, '9999') >= ?""",
        (as_of, as_of),
    ).fetchall()
    group_of = dict(book.execute("SELECT id, transfer_group FROM products"))
    places = places_of(
        book.execute("SELECT id, family_id, edition, version_rank, coalesce(released_on, ''), version FROM products")
    )
    group_of_family = {place.family: group_of[product] for product, place in places.items()}
    covering: dict[int, list[Row]] = defaultdict(list)
    for right in rights:
        group = group_of_family.get(right[2]) if right[2] else group_of[right[3]]
        if group is not None:
            covering[group].append(right)
    together: dict[int, list[Stand]] = defaultdict(list)
    for cell in sorted(stands):
        together[group_of[cell[0]]] += stands[cell]
    found: list[Row] = []
    for group, rows in together.items():
        moves = exchange(rows, covering[group], places, lots, as_of) if group in covering else []
        for move in moves:
            rule, giver, taker, right, units = move
            reasons = [f"right:{right[7]}", _key(giver, names, metrics), _key(taker, names, metrics)]
            sides = giver.product, giver.model, taker.product, taker.model, giver.metric
            found.append((right[1], *sides, right[0], units, f"transfers.{rule}", orjson.dumps(reasons).decode()))
        split(rows, moves, allocations, demand)
    return found


def _key(stand: Stand, names: dict[int, str], metrics: dict[int, str]) -> str:
    product, metric = names[stand.product], metrics[stand.metric]
    return f"entitlement:{product}|{stand.model}|{metric}" if stand.model else f"demand:{product}|{metric}"


def _positions(
    book: Any,
    stands: dict[tuple[int, int], list[Stand]],
    names: dict[int, str],
    metrics: dict[int, str],
    demand: dict[tuple[int, int], dict[int, int]],
) -> Iterator[Row]:
    overrides = {
        row[0]: row[1:]
        for row in book.execute("SELECT entitlement_id, active, demand, downgrade, upgrade FROM overrides")
    }
    for cell, rows in stands.items():
        product, metric = cell
        tail = f"{names[product]}|{metrics[metric]}"
        for stand in rows:
            model = stand.model
            figures = stand.active, stand.demand, stand.downgrade, stand.upgrade, stand.balance
            shown = figures
            reasons: list[str] = []
            if model:
                name = f"{names[product]}|{model}|{metrics[metric]}"
                reasons.append(f"entitlement:{name}")
                if stand.entitlement in overrides:
                    typed = overrides[stand.entitlement]
                    values = [now if said is None else said for said, now in zip(typed, figures, strict=False)]
                    shown = (*values, values[0] - values[1] + values[2] + values[3])
                    reasons.append(f"override:{name}")
            if cell in demand:
                reasons.append(f"demand:{tail}")
            if stand.rights:
                reasons += sorted(set(stand.rights))
            status, rule = _status(shown[4])
            status_before = status if shown is figures else _status(figures[4])[0]
            because = orjson.dumps(reasons).decode()
            yield (
                product, metric, model, stand.entitlement, *shown, status, *figures, status_before,
                stand.breakdown, stand.crossings, rule, because,
            )  # fmt: skip


def _status(balance: int) -> tuple[str, str]:
    if balance > MUCH:
        return "compliant", "compliance.unlimited"
    if balance > 0:
        return "over-licensed", "compliance.over-licensed"
    return ("under-licensed", "compliance.under-licensed") if balance else ("compliant", "compliance.exact")


# ------------------------------------------------------------------------------------------------------- entitlements
def _entitlements(
    book: Any, lots: dict[Key, list[Lot]], allocations: dict[int, list[tuple[int, int]]], as_of: str, lead: int
) -> Iterator[Row]:
    synchronized: dict[tuple[int, int], str] = {}
    for product, metric, counted_on in book.execute(
        "SELECT product_id, metric_id, max(counted_on) FROM demand GROUP BY 1, 2"
    ):
        synchronized[product, metric] = counted_on
    sql = """SELECT id, product_id, model, metric_id, responsible_id, allocated, activation, last_demand_synchronization
             FROM entitlements"""
    for number, product, model, metric, responsible, *kept in book.execute(sql):
        series = lots.get((product, model, metric), [])
        if not series or series[0].feeds != number:
            yield number, 1, 0, 0, kept[0], 0, 0, None, kept[1], None, "", kept[2], None, None, None, "", "[]"
            continue
        active = _active(series, as_of)
        cover = lots.get((product, "maintenance", metric), ()) if model == "perpetual" else ()
        maintained = _active(cover, as_of)
        first = series[0].starts_on
        last = max([lot.ends_on for lot in series if lot.ends_on >= as_of] or [lot.ends_on for lot in series])
        forcing = [lot for lot in series if lot.starts_on <= as_of <= lot.ends_on]
        governing = max(forcing, key=lambda lot: (lot.ends_on, lot)) if forcing else series[-1]
        state, rule = _state(governing, as_of, before(as_of, -lead))
        priced = [lot for lot in series if lot.price is not None]
        begun = [lot for lot in priced if lot.starts_on <= as_of]
        price = (begun or priced)[-1] if priced else None
        named = [lot.responsible for lot in series if lot.responsible]
        yield (
            number, 0, min(UNLIMITED, sum(lot.quantity for lot in series)), active,
            sum(units for _, units in allocations.get(number, ())), min(active, maintained), maintained, first,
            first if first <= as_of else None, None if last == NEVER else last, state,
            synchronized.get((product, metric)), price and price.price, price and price.currency,
            responsible or (named[-1] if named else None), rule, orjson.dumps([governing.key]).decode(),
        )  # fmt: skip


def _state(lot: Lot, as_of: str, horizon: str) -> tuple[str, str]:
    if lot.starts_on > as_of:
        return "upcoming", "expiration.upcoming"
    if lot.ends_on == NEVER:
        return "active", "expiration.non-expiring"
    if lot.ends_on > horizon:
        return "active", "expiration.active"
    if lot.ends_on > as_of:
        return "expiring", "expiration.expiring"
    state = "final-day" if lot.ends_on == as_of else "expired"
    return state, f"expiration.{state}"
