"""Positions: active units against demand, after transfers, by resource group, with manual overrides beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import orjson

from rules import compliance, formulas, shares, transfers
from rules.vocabulary import MAINTENANCE, PERPETUAL, SUBSCRIPTION
from store import pricing
from store.book import Row
from store.facts import Cell, Facts, Key, Product, because, on, ordinal

PositionKey = tuple[int, int, str | None]
"""Product, metric, model or None where there is demand but no entitlement."""

TransferKey = tuple[str, int, str, int, str | None, int, int]
"""Kind, giving product and model, taking product and model, metric, right."""

Figures = tuple[int, int, int, int, int]
"""Active units, demand, downgrade, upgrade and balance."""

COLUMNS: Final = tuple(
    "entitlement_id active demand downgrade upgrade balance status calculated_active calculated_demand"
    " calculated_downgrade calculated_upgrade calculated_balance calculated_status breakdown crossings rule"
    " because price_amount price_currency".split()
)
"""The columns of a position behind its key."""

_ANY_DEPTH: Final = 2**30
_USAGE: Final = (PERPETUAL, SUBSCRIPTION)
_KINDS: Final = {"downgrade": 0, "upgrade": 1}


@dataclass(slots=True)
class Stand:
    """A position while it is being judged."""

    cell: Cell
    model: str | None
    entitlement: int | None
    active: int
    demand: int = 0
    downgrade: int = 0
    upgrade: int = 0
    rights: list[str] = field(default_factory=list[str])
    breakdown: str = "[]"
    crossings: int = 0
    price: tuple[str | None, str | None] = (None, None)

    @property
    def balance(self) -> int:
        """Units left (above zero) or missing (below zero)."""
        return formulas.balance(self.active, self.downgrade, self.upgrade, self.demand)


def judge(
    facts: Facts, entitlements: Mapping[Key, Row], as_of: int
) -> tuple[dict[PositionKey, Row], dict[TransferKey, Row]]:
    """Every position and transfer that follows from the entitlements (their derived columns) and the demand."""
    facts = on(facts, as_of)
    stands = stands_of(facts, entitlements)
    _price(facts, stands, as_of)
    moved = _moved(facts, stands, as_of)
    booked = _book(facts, stands, moved)
    _break_down(facts, stands, moved)
    return _positions(facts, stands), booked


def _price(facts: Facts, stands: Sequence[Stand], as_of: int) -> None:
    """What the price list says of a position stands before the price that was paid."""
    for stand in stands if facts.prices else ():
        product, metric = stand.cell
        stand.price = pricing.listed(facts, product, stand.model, metric, as_of) or stand.price


def figures(facts: Facts, entitlements: Mapping[Key, Row], as_of: int) -> dict[PositionKey, Figures]:
    """What holds of every position, manual overrides in it: for days that are not stored.

    Of an entitlement, `store.conclusions.in_force` tells enough.
    """
    facts = on(facts, as_of)
    stands = stands_of(facts, entitlements)
    _book(facts, stands, _moved(facts, stands, as_of))
    return {(*stand.cell, stand.model): _effective(facts, stand) for stand in stands}


def _effective(facts: Facts, stand: Stand) -> Figures:
    if stand.entitlement in facts.overrides:
        return _overridden(facts, stand)
    return stand.active, stand.demand, stand.downgrade, stand.upgrade, stand.balance


def stands_of(facts: Facts, entitlements: Mapping[Key, Row]) -> list[Stand]:
    """Every position before transfers: demand placed on the rows of its product and metric, perpetual ones first."""
    cells: dict[Cell, list[Stand]] = {}
    for (product, model, metric), derived in entitlements.items():
        if model in _USAGE and not derived[0]:
            stand = Stand((product, metric), model, facts.entitlements[product, model, metric].id, derived[2])
            stand.price = derived[11], derived[12]
            cells.setdefault((product, metric), []).append(stand)
    for cell, groups in facts.demand.items():
        if cell not in cells and any(groups.values()):
            cells[cell] = [Stand(cell, None, None, 0)]
    for cell, rows in cells.items():
        wanted = facts.demand.get(cell)
        demand = sum(wanted.values()) if wanted else 0
        if len(rows) == 1:
            rows[0].demand = demand
        else:
            rows.sort(key=lambda row: row.model or "")
            for row, part in zip(rows, compliance.place_demand([row.active for row in rows], demand), strict=True):
                row.demand = part
    return [row for cell in sorted(cells) for row in cells[cell]]


# ---------------------------------------------------------------------------------------------------------- transfers
def _moved(facts: Facts, stands: Sequence[Stand], as_of: int) -> list[transfers.Transfer]:
    if not facts.rights:
        return []
    return transfers.settle(*rows_and_rights(facts, stands, _exchanging(facts, stands)), as_of)


def _exchanging(facts: Facts, stands: Sequence[Stand]) -> list[int]:
    """The positions that may take part in a transfer at all: where a family has both surplus and shortfall in a metric,
    and the products of named pairs. The rules judge them; this only spares them the rest.
    """
    givers: set[tuple[int | None, int]] = set()
    takers: set[tuple[int | None, int]] = set()
    families = {product.id: product.family_id for product in facts.products.values()}
    for stand in stands:
        difference = stand.active - stand.demand
        if difference:
            (givers if difference > 0 else takers).add((families[stand.cell[0]], stand.cell[1]))
    both = {one for one in givers & takers if one[0] is not None}
    paired = {product for right in facts.rights if right[2] is None for product in right[3:5]}
    return [
        number
        for number, stand in enumerate(stands)
        if (families[stand.cell[0]], stand.cell[1]) in both or stand.cell[0] in paired
    ]


def _places(facts: Facts) -> dict[int, tuple[tuple[int, str], int]]:
    """Product -> its family and edition, and its place among the versions there; absent without family or order."""
    members: dict[tuple[int, str], list[Product]] = defaultdict(list)
    for product in facts.products.values():
        if product.family_id is not None:
            members[product.family_id, product.edition].append(product)
    places: dict[int, tuple[tuple[int, str], int]] = {}
    for line, products in members.items():
        ages = [(p.version_rank, ordinal(p.released_on) if p.released_on else 0, p.version) for p in products]
        for product, rank in zip(products, formulas.ranks(ages), strict=True):
            if rank >= 0:
                places[product.id] = line, rank
    return places


def rows_and_rights(
    facts: Facts, stands: Sequence[Stand], chosen: Sequence[int]
) -> tuple[list[transfers.Row], list[transfers.Right]]:
    """Some of the positions as the rules of transfers see them, and each right for every line that it covers.

    A line is what one family right reaches at once: the products of a family and edition, in one metric.
    """
    places = _places(facts)
    lines: dict[tuple[tuple[int, str], int], int] = {}
    rows: list[transfers.Row] = []
    for number in chosen:
        stand = stands[number]
        product, metric = stand.cell
        line, rank = places.get(product, (None, 0))
        covered = lines.setdefault((line, metric), len(lines) + 1) if line else 0
        lots = facts.lots.get((product, MAINTENANCE, metric), ()) if stand.model == PERPETUAL else ()
        maintenance = tuple([(lot.starts_on, lot.ends_on, lot.quantity) for lot in lots])
        released_on = facts.products[product].released_on
        model = len(_USAGE) if stand.model is None else _USAGE.index(stand.model)
        day = ordinal(released_on) if released_on else 0
        rows.append(transfers.Row(number, covered, rank, product, metric, model, stand.balance, day, maintenance))
    return rows, _rights(facts, lines)


def _rights(facts: Facts, lines: Mapping[tuple[tuple[int, str], int], int]) -> list[transfers.Right]:
    """Each right once for every line that it covers, or once for its named pair."""
    by_family: dict[tuple[int, int], list[int]] = defaultdict(list)
    for ((family, _), metric), line in lines.items():
        by_family[family, metric].append(line)
    found: list[transfers.Right] = []
    for number, kind, family, giver, taker, metric, depth, valid_from, valid_until, _ in facts.rights:
        terms = _ANY_DEPTH if depth is None else depth, ordinal(valid_from) if valid_from else 0, ordinal(valid_until)
        if family is None:
            found.append(transfers.Right(number, _KINDS[kind], 0, giver, taker, metric or 0, *terms))
        else:
            covered = [
                (one, line) for one in ([metric] if metric else facts.metrics) for line in by_family[family, one]
            ]
            found += [transfers.Right(number, _KINDS[kind], line, 0, 0, one, *terms) for one, line in covered]
    return found


def _book(facts: Facts, stands: Sequence[Stand], moved: Sequence[transfers.Transfer]) -> dict[TransferKey, Row]:
    """Book each transfer on both sides: what one gives, the other receives."""
    names = {right[0]: right[9] for right in facts.rights}
    found: dict[TransferKey, Row] = {}
    for kind, giver, taker, quantity, right, rule in moved:
        gives, takes = stands[giver], stands[taker]
        for stand, signed in ((gives, -quantity), (takes, quantity)):
            setattr(stand, kind, getattr(stand, kind) + signed)
            stand.rights.append(f"right:{names[right]}")
        key = (kind, gives.cell[0], gives.model or "", takes.cell[0], takes.model, gives.cell[1], right)
        reasons = [f"right:{names[right]}", _key(facts, gives), _key(facts, takes)]
        found[key] = quantity, rule, because(reasons)
    return found


def _key(facts: Facts, stand: Stand) -> str:
    """The key of the entitlement of a position, or of its demand where it has none."""
    product, metric = facts.products[stand.cell[0]].name, facts.metrics[stand.cell[1]]
    return f"demand:{product}|{metric}" if stand.model is None else f"entitlement:{product}|{stand.model}|{metric}"


# ---------------------------------------------------------------------------------------------------- resource groups
def _break_down(facts: Facts, stands: Sequence[Stand], moved: Sequence[transfers.Transfer]) -> None:
    """Split the positions in which resource groups have a part; what no group has stands under None."""
    grouped = {
        number
        for number, stand in enumerate(stands)
        if stand.entitlement in facts.allocations or facts.demand.get(stand.cell, {}).keys() - {None}
    }
    if not grouped:
        return
    concerned = [transfer for transfer in moved if transfer.giver in grouped or transfer.taker in grouped]
    split = grouped.union(*((transfer.giver, transfer.taker) for transfer in concerned))
    parts, crossings = shares.split_transfers(_sides(facts, stands, split), concerned)
    for number in grouped:
        stands[number].breakdown = orjson.dumps([tuple(share) for share in parts[number]]).decode()
    for crossing in crossings:
        for number in (concerned[crossing.transfer].giver, concerned[crossing.transfer].taker):
            stands[number].crossings += 1


def _sides(facts: Facts, stands: Sequence[Stand], split: set[int]) -> dict[int, shares.Side]:
    """Active units and demand by resource group, of the positions asked for and those of their product and metric."""
    by_cell: dict[Cell, list[int]] = defaultdict(list)
    wanted = {stands[number].cell for number in split}
    for number, stand in enumerate(stands):
        if stand.cell in wanted:
            by_cell[stand.cell].append(number)
    sides: dict[int, shares.Side] = {}
    for cell, numbers in by_cell.items():
        rows = [stands[number] for number in numbers]
        held = [facts.allocations.get(row.entitlement or 0, ()) for row in rows]
        actives = [shares.split_active(row.active, parts) for row, parts in zip(rows, held, strict=True)]
        demands = shares.split_demand([row.demand for row in rows], actives, facts.demand.get(cell, {}))
        sides |= {n: shares.Side(a, d) for n, a, d in zip(numbers, actives, demands, strict=True)}
    return sides


# ------------------------------------------------------------------------------------------------------------- status
def _positions(facts: Facts, stands: Sequence[Stand]) -> dict[PositionKey, Row]:
    """Balance and status of every position, as calculated and with the manual override where there is one."""
    calculated = [(stand.active, stand.demand, stand.downgrade, stand.upgrade, stand.balance) for stand in stands]
    typed = {n: _overridden(facts, stand) for n, stand in enumerate(stands) if stand.entitlement in facts.overrides}
    effective = [typed.get(number, figures) for number, figures in enumerate(calculated)]
    distinct = list({figures[4] for figures in (*calculated, *effective)})
    judged = dict(zip(distinct, compliance.statuses(distinct), strict=True))
    found: dict[PositionKey, Row] = {}
    for stand, shadow, figures in zip(stands, calculated, effective, strict=True):
        status, rule = judged[figures[4]]
        found[(*stand.cell, stand.model)] = (
            stand.entitlement,
            *figures,
            status,
            *shadow,
            judged[shadow[4]][0],
            stand.breakdown,
            stand.crossings,
            rule,
            because(_reasons(facts, stand)),
            *stand.price,
        )
    return found


def _overridden(facts: Facts, stand: Stand) -> Figures:
    """Active, demand, downgrade and upgrade, each as typed in the override or else as calculated, and their balance."""
    values = (stand.active, stand.demand, stand.downgrade, stand.upgrade)
    typed = facts.overrides[stand.entitlement or 0]
    active, demand, downgrade, upgrade = (v if t is None else t for v, t in zip(values, typed, strict=True))
    return active, demand, downgrade, upgrade, formulas.balance(active, downgrade, upgrade, demand)


def _reasons(facts: Facts, stand: Stand) -> list[str]:
    product, metric = facts.products[stand.cell[0]].name, facts.metrics[stand.cell[1]]
    reasons = [] if stand.model is None else [f"entitlement:{product}|{stand.model}|{metric}"]
    if stand.entitlement in facts.overrides:
        reasons.append(f"override:{product}|{stand.model}|{metric}")
    if stand.cell in facts.demand:
        reasons.append(f"demand:{product}|{metric}")
    if stand.cell in facts.ruled:
        reasons.append(facts.ruled[stand.cell])
    return reasons + sorted(set(stand.rights)) if stand.rights else reasons
