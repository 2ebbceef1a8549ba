"""From the facts of a range of transfer groups to what follows from them on a day: the rows that the book will hold.

No row is written here. Every conclusion is made by a rule of the rulebook; this module gives each rule its facts and
puts its conclusions, with the rule and the facts behind them, into the shape of the tables.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import orjson

from rules import compliance, expiration, formulas, lifecycle, shares, transfers
from rules.vocabulary import MAINTENANCE, PERPETUAL, SUBSCRIPTION
from store.book import Row
from store.facts import Cell, Facts, Key, Lot, Product, iso, ordinal

_ANY_DEPTH = 2**30
_USAGE = (PERPETUAL, SUBSCRIPTION)
_KINDS = {"downgrade": 0, "upgrade": 1}


class Day(NamedTuple):
    """The day of judgement (an ordinal) and the days before an end on which warnings are due, longest first."""

    as_of: int
    leads: tuple[int, ...]


EventKey = tuple[int, int | None, str, int]
"""Contract, contract item or None, kind, lead."""

PositionKey = tuple[int, int, str | None]
"""Product, metric, model or None where there is demand but no entitlement."""

TransferKey = tuple[str, int, str, int, str | None, int, int]
"""Kind, giving product and model, taking product and model, metric, right."""


@dataclass(slots=True)
class Conclusions:
    """What follows from the facts, by the keys by which the book is compared with it."""

    entitlements: dict[Key, Row] = field(default_factory=dict[Key, Row])
    """Entitlement -> its derived columns (`store.facts.DERIVED`)."""
    events: dict[EventKey, tuple[str, str]] = field(default_factory=dict[EventKey, tuple[str, str]])
    """Automatic event -> its day and the rule."""
    positions: dict[PositionKey, Row] = field(default_factory=dict[PositionKey, Row])
    """Position -> its columns from `entitlement key` on; see `_position`."""
    transfers: dict[TransferKey, tuple[int, str, str]] = field(default_factory=dict[TransferKey, tuple[int, str, str]])
    """Transfer -> quantity, rule, because."""


@dataclass(slots=True)
class _Stand:
    """A position while it is being judged."""

    cell: Cell
    model: str | None
    active: int
    demand: int = 0
    downgrade: int = 0
    upgrade: int = 0
    rights: list[str] = field(default_factory=list[str])
    breakdown: str = "[]"
    crossings: int = 0

    @property
    def balance(self) -> int:
        return formulas.balance(self.active, self.downgrade, self.upgrade, self.demand)


def conclude(facts: Facts, day: Day) -> Conclusions:
    """Apply every rule of the rulebook to the facts."""
    found = Conclusions()
    _events(facts, day, found)
    _entitlements(facts, day, found)
    _positions(facts, day, found)
    return found


def because(keys: Iterable[str]) -> str:
    """The keys of the facts behind a conclusion, as the book stores them: a JSON list."""
    return orjson.dumps(list(keys)).decode()


# ------------------------------------------------------------------------------------------------------------- events
def _events(facts: Facts, day: Day, found: Conclusions) -> None:
    """The events of every purchase, each numbered within the purchases of its product, model and metric."""
    lots: list[Lot] = []
    purchases: list[lifecycle.Purchase] = []
    for series in facts.lots.values():
        lots += series
        purchases += lifecycle.series([_series(lot) for lot in series])
    events = found.events
    for lot, concluded in zip(lots, lifecycle.purchase_events(purchases, day.leads), strict=True):
        for event in concluded:
            events[lot.contract_id, lot.id, event.kind, event.lead] = iso(event.on) or "", event.rule


def _series(lot: Lot) -> tuple[int, int, str, int]:
    return lot.starts_on, lot.invoiced_on, lot.key, lot.ends_on


# ------------------------------------------------------------------------------------------------------- entitlements
def _entitlements(facts: Facts, day: Day, found: Conclusions) -> None:
    """The derived columns of every entitlement: of those that purchases feed, and of those that none feeds any more."""
    held = facts.entitlements
    fed = {k: lots for k, lots in facts.lots.items() if k in held and lots[0].entitlement_id == held[k].id}
    governing = {
        key: lots[expiration.governing([_series(lot) for lot in lots], day.as_of)] for key, lots in fed.items()
    }
    lead = max(day.leads, default=0)
    terms = [expiration.Term(lot.starts_on, lot.ends_on, day.as_of, lead) for lot in governing.values()]
    for (key, lots), (state, rule) in zip(fed.items(), expiration.states(terms), strict=True):
        found.entitlements[key] = _entitlement(facts, day, key, lots, state, rule, governing[key].key)
    for key, entitlement in held.items():
        if key not in found.entitlements:
            found.entitlements[key] = _archived(entitlement.derived)


def _entitlement(facts: Facts, day: Day, key: Key, lots: list[Lot], state: str, rule: str, reason: str) -> Row:
    product, model, metric = key
    held = facts.entitlements[key]
    allocated = sum(quantity for _, quantity in facts.allocations.get(held.id, ()))
    active = _active(lots, day.as_of)
    maintained = _active(facts.lots.get((product, MAINTENANCE, metric), ()), day.as_of) if model == PERPETUAL else 0
    first = min(lot.starts_on for lot in lots)
    alive = [lot.ends_on for lot in lots if lot.ends_on >= day.as_of] or [lot.ends_on for lot in lots]
    price, currency = _price(lots, day.as_of)
    return (
        0,
        formulas.total(lot.quantity for lot in lots),
        active,
        allocated,
        min(active, maintained),
        maintained,
        iso(first),
        iso(first) if first <= day.as_of else None,
        iso(max(alive)),
        state,
        facts.synchronized.get((product, metric)),
        price,
        currency,
        held.responsible_id or _responsible(lots),
        rule,
        because([reason]),
    )


def _responsible(lots: Iterable[Lot]) -> int | None:
    """The group that the latest purchase naming one names."""
    named = [(lot.starts_on, lot.invoiced_on, lot.key, lot.responsible_id) for lot in lots if lot.responsible_id]
    return max(named)[3] if named else None


def _active(lots: Iterable[Lot], as_of: int) -> int:
    return formulas.total(lot.quantity for lot in lots if lot.starts_on <= as_of <= lot.ends_on)


def _price(lots: Iterable[Lot], as_of: int) -> tuple[str | None, str | None]:
    """The latest unit price, among the purchases that have begun where there are any, with its currency."""
    priced = [lot for lot in lots if lot.unit_price is not None]
    if not priced:
        return None, None
    latest = max(priced, key=lambda lot: (lot.starts_on <= as_of, lot.starts_on, lot.invoiced_on, lot.key))
    return latest.unit_price, latest.currency


def _archived(derived: Row) -> Row:
    """An entitlement that no contract item feeds is kept for its history, holds nothing and has no state."""
    return (1, 0, 0, derived[3], 0, 0, None, derived[7], None, "", derived[10], None, None, None, "", "[]")


# ---------------------------------------------------------------------------------------------------------- positions
def _positions(facts: Facts, day: Day, found: Conclusions) -> None:
    stands = _stands(facts, found)
    moved = transfers.settle(_rows(facts, stands), _rights(facts, stands), day.as_of) if facts.rights else []
    _move(facts, stands, moved, found)
    _break_down(facts, stands, moved)
    _judge(facts, stands, found)


def _stands(facts: Facts, found: Conclusions) -> list[_Stand]:
    """Every position before transfers: demand placed on the rows of its product and metric."""
    cells: dict[Cell, list[_Stand]] = {}
    for model in _USAGE:
        for (product, kind, metric), derived in found.entitlements.items():
            if kind == model and not derived[0]:
                cells.setdefault((product, metric), []).append(_Stand((product, metric), model, derived[2]))
    for cell, groups in facts.demand.items():
        if cell not in cells and any(groups.values()):
            cells[cell] = [_Stand(cell, None, 0)]
    for cell, rows in cells.items():
        demand = sum(facts.demand.get(cell, {}).values())
        if len(rows) == 1:
            rows[0].demand = demand
        else:
            for row, part in zip(rows, compliance.place_demand([row.active for row in rows], demand), strict=True):
                row.demand = part
    return [row for cell in sorted(cells) for row in cells[cell]]


def _lines(facts: Facts) -> dict[int, tuple[tuple[int, str] | None, int]]:
    """Product -> (its family and edition, its place among the versions there), or (None, 0) without an order."""
    members: dict[tuple[int, str], list[Product]] = defaultdict(list)
    for product in facts.products.values():
        if product.family_id is not None:
            members[product.family_id, product.edition].append(product)
    lines: dict[int, tuple[tuple[int, str] | None, int]] = {}
    for line, products in members.items():
        ages = [(p.version_rank, ordinal(p.released_on) if p.released_on else 0, p.version) for p in products]
        for product, rank in zip(products, formulas.ranks(ages), strict=True):
            lines[product.id] = (line, rank) if rank >= 0 else (None, 0)
    return lines


def exchange(
    facts: Facts, day: Day
) -> tuple[list[tuple[Cell, str | None]], list[transfers.Row], list[transfers.Right]]:
    """What the rules of transfers judge: the positions (product and metric, model), and their rows and rights."""
    found = Conclusions()
    _entitlements(facts, day, found)
    stands = _stands(facts, found)
    return [(stand.cell, stand.model) for stand in stands], _rows(facts, stands), _rights(facts, stands)


def line_numbers(facts: Facts) -> dict[tuple[int, int], tuple[int, int]]:
    """(product, metric) -> (number of its line, place in it); line 0 where no family right can reach it."""
    numbers: dict[tuple[tuple[int, str], int], int] = {}
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for product, (line, rank) in _lines(facts).items():
        for metric in facts.metrics:
            if line is not None:
                found[product, metric] = numbers.setdefault((line, metric), len(numbers) + 1), rank
    return found


def _rows(facts: Facts, stands: Sequence[_Stand]) -> list[transfers.Row]:
    """The positions as the rules of transfers see them."""
    lines = line_numbers(facts)
    rows: list[transfers.Row] = []
    for number, stand in enumerate(stands):
        product, metric = stand.cell
        line, rank = lines.get(stand.cell, (0, 0))
        lots = facts.lots.get((product, MAINTENANCE, metric), ()) if stand.model == PERPETUAL else ()
        released_on = facts.products[product].released_on
        rows.append(
            transfers.Row(
                number,
                line,
                rank,
                product,
                metric,
                2 if stand.model is None else _USAGE.index(stand.model),
                stand.balance,
                ordinal(released_on) if released_on else 0,
                tuple([(lot.starts_on, lot.ends_on, lot.quantity) for lot in lots]),
            )
        )
    return rows


def _rights(facts: Facts, stands: Sequence[_Stand]) -> list[transfers.Right]:
    """Each right once for every line that it covers, or once for its named pair."""
    lines = line_numbers(facts)
    by_family: dict[tuple[int | None, int], set[int]] = defaultdict(set)
    for stand in stands:
        if stand.cell in lines:
            family = facts.products[stand.cell[0]].family_id
            by_family[family, stand.cell[1]].add(lines[stand.cell][0])
    found: list[transfers.Right] = []
    for number, kind, family, giver, taker, metric, depth, valid_from, valid_until, _ in facts.rights:
        terms = _ANY_DEPTH if depth is None else depth, ordinal(valid_from) if valid_from else 0, ordinal(valid_until)
        if family is None:
            found.append(transfers.Right(number, _KINDS[kind], 0, giver, taker, metric or 0, *terms))
            continue
        for one in [metric] if metric else facts.metrics:
            lines_of = sorted(by_family.get((family, one), ()))
            found += [transfers.Right(number, _KINDS[kind], line, 0, 0, one, *terms) for line in lines_of]
    return found


def _move(facts: Facts, stands: Sequence[_Stand], moved: Sequence[transfers.Transfer], found: Conclusions) -> None:
    """Book each transfer on both sides: what one gives, the other receives."""
    names = {right[0]: right[9] for right in facts.rights}
    for kind, giver, taker, quantity, right, rule in moved:
        gives, takes = stands[giver], stands[taker]
        for stand, signed in ((gives, -quantity), (takes, quantity)):
            setattr(stand, kind, getattr(stand, kind) + signed)
            stand.rights.append(f"right:{names[right]}")
        key = (kind, gives.cell[0], gives.model or "", takes.cell[0], takes.model, gives.cell[1], right)
        reasons = [f"right:{names[right]}", position_key(facts, gives.cell, gives.model)]
        reasons.append(position_key(facts, takes.cell, takes.model))
        found.transfers[key] = quantity + found.transfers.get(key, (0,))[0], rule, because(reasons)


def position_key(facts: Facts, cell: Cell, model: str | None) -> str:
    """The key of an entitlement, or of demand that has none, where conclusions name their reasons."""
    product, metric = facts.products[cell[0]].name, facts.metrics[cell[1]]
    return f"demand:{product}|{metric}" if model is None else f"entitlement:{product}|{model}|{metric}"


def _break_down(facts: Facts, stands: Sequence[_Stand], moved: Sequence[transfers.Transfer]) -> None:
    """Split the positions in which resource groups have a part; what no group has stands under None."""
    grouped = {n for n, stand in enumerate(stands) if _allocated(facts, stand) or _grouped_demand(facts, stand)}
    if not grouped:
        return
    split = grouped.union(*((transfer.giver, transfer.taker) for transfer in moved))
    sides = _sides(facts, stands, split)
    parts, crossings = shares.split_transfers(sides, moved)
    for number in grouped:
        stands[number].breakdown = orjson.dumps([tuple(share) for share in parts[number]]).decode()
    for crossing in crossings:
        for number in (moved[crossing.transfer].giver, moved[crossing.transfer].taker):
            stands[number].crossings += 1


def _allocated(facts: Facts, stand: _Stand) -> list[tuple[int, int]]:
    held = facts.entitlements.get((stand.cell[0], stand.model or "", stand.cell[1]))
    return facts.allocations.get(held.id, []) if held else []


def _grouped_demand(facts: Facts, stand: _Stand) -> bool:
    groups = facts.demand.get(stand.cell)
    return groups is not None and any(group is not None for group in groups)


def _sides(facts: Facts, stands: Sequence[_Stand], split: set[int]) -> dict[int, shares.Side]:
    """Active units and demand by resource group, of the positions asked for and those of the same product and metric."""
    by_cell: dict[Cell, list[int]] = defaultdict(list)
    wanted = {stands[number].cell for number in split}
    for number, stand in enumerate(stands):
        if stand.cell in wanted:
            by_cell[stand.cell].append(number)
    sides: dict[int, shares.Side] = {}
    for cell, numbers in by_cell.items():
        actives = [shares.split_active(stands[n].active, _allocated(facts, stands[n])) for n in numbers]
        demands = shares.split_demand([stands[n].demand for n in numbers], actives, facts.demand.get(cell, {}))
        sides |= {n: shares.Side(a, d) for n, a, d in zip(numbers, actives, demands, strict=True)}
    return sides


def _judge(facts: Facts, stands: Sequence[_Stand], found: Conclusions) -> None:
    """Balance and status of every position, calculated and with the manual override where there is one."""
    effective = [_overridden(facts, stand) for stand in stands]
    balances = [formulas.balance(active, down, up, demand) for active, demand, down, up in effective]
    calculated = compliance.statuses([stand.balance for stand in stands])
    judged = compliance.statuses(balances)
    for stand, values, balance, (status, rule), (shadow, _) in zip(
        stands, effective, balances, judged, calculated, strict=True
    ):
        product, metric = stand.cell
        found.positions[product, metric, stand.model] = (
            *values,
            balance,
            status,
            stand.active,
            stand.demand,
            stand.downgrade,
            stand.upgrade,
            stand.balance,
            shadow,
            stand.breakdown,
            stand.crossings,
            rule,
            because(_reasons(facts, stand)),
        )


def _overridden(facts: Facts, stand: _Stand) -> tuple[int, int, int, int]:
    """Active, demand, downgrade and upgrade, each as typed in the override or else as calculated."""
    values = (stand.active, stand.demand, stand.downgrade, stand.upgrade)
    held = facts.entitlements.get((stand.cell[0], stand.model or "", stand.cell[1]))
    typed = facts.overrides.get(held.id) if held else None
    if typed is None:
        return values
    active, demand, downgrade, upgrade = (v if t is None else t for v, t in zip(values, typed, strict=True))
    return active, demand, downgrade, upgrade


def _reasons(facts: Facts, stand: _Stand) -> list[str]:
    product, metric = facts.products[stand.cell[0]].name, facts.metrics[stand.cell[1]]
    reasons: list[str] = []
    if stand.model is not None:
        reasons.append(f"entitlement:{product}|{stand.model}|{metric}")
        held = facts.entitlements.get((stand.cell[0], stand.model, stand.cell[1]))
        if held and held.id in facts.overrides:
            reasons.append(f"override:{product}|{stand.model}|{metric}")
    if stand.cell in facts.demand:
        reasons.append(f"demand:{product}|{metric}")
    return reasons + sorted(set(stand.rights))
