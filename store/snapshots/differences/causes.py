"""Why a position is another: everything on which it hangs that is not the same on both sides.

What is the same on both is never a cause. Purchases are told where they begin or end between the two days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from rules.vocabulary import LICENSE_END, PURCHASED, PURCHASED_RENEWAL
from store.snapshots.differences import shape
from store.snapshots.differences.merging import Pair
from store.snapshots.differences.shape import Cause, Difference, Element, Side, Value

Position = tuple[str, str, str]
"""Product, model ("" for none) and metric."""

_BEGINS: Final = (PURCHASED, PURCHASED_RENEWAL)


class Item(NamedTuple):
    """A contract item by its events: first and last day ("" where there is none) and quantity."""

    begins: str = ""
    ends: str = ""
    quantity: Value = None


Items = dict[tuple[str, str], Item]
"""Contract and item -> what it is."""


@dataclass
class Behind:
    """What differs of the lists that stand before the positions in a snapshot, by the position that hangs on it."""

    entitlements: dict[Position, Pair] = field(default_factory=dict[Position, Pair])
    items: tuple[dict[Position, Items], dict[Position, Items]] = field(
        default_factory=lambda: (defaultdict(dict), defaultdict(dict))
    )
    transfers: dict[Position, list[Cause]] = field(default_factory=lambda: defaultdict(list))


def take_entitlements(behind: Behind, pairs: Iterable[Pair]) -> None:
    """Keep the entitlements that differ."""
    for before, after in pairs:
        if before != after:
            behind.entitlements[_position(before or after or {})] = before, after


def take_events(behind: Behind, side: int, events: Iterable[Element]) -> None:
    """Keep the contract items of entitlements that differ; `side` is 0 for before and 1 for after."""
    for event in events:
        at = event["product"] or "", event["model"] or "", event["metric"] or ""
        if at not in behind.entitlements or event["kind"] not in (*_BEGINS, LICENSE_END):
            continue
        items = behind.items[side][at]
        name = event["contract"] or "", event["item"] or ""
        held = items.get(name, Item())
        if event["kind"] == LICENSE_END:
            items[name] = held._replace(ends=event["on"])
        else:
            items[name] = held._replace(begins=event["on"], quantity=event.get("quantity"))


def take_transfers(behind: Behind, pairs: Iterable[Pair]) -> None:
    """Keep the transfers that differ, at both of their ends."""
    for before, after in pairs:
        was, is_now = (0 if one is None else one["quantity"] for one in (before, after))
        if was != is_now:
            one = before or after or {}
            giver, taker = (_position(one, f"{end}_") for end in ("from", "to"))
            right = f"right:{one['right']}"
            behind.transfers[giver].append(Cause(shape.GIVEN, right, was, is_now, other="|".join(taker)))
            behind.transfers[taker].append(Cause(shape.TAKEN, right, was, is_now, other="|".join(giver)))


def _position(element: Element, end: str = "") -> Position:
    return element[f"{end}product"], element[f"{end}model"] or "", element["metric"]


# ------------------------------------------------------------------------------------------------------ of a position
def of(one: Difference, behind: Behind, before: Side, after: Side) -> tuple[Cause, ...]:
    """The causes of a difference, in the order of `shape.CAUSES`."""
    at = one.product, one.model, one.metric
    found = [*_of_entitlement(at, behind, before.as_of, after.as_of), *_own(one), *behind.transfers.get(at, ())]
    if before.rulebook and after.rulebook and before.rulebook != after.rulebook:
        found.append(Cause(shape.RULEBOOK, "", before.rulebook, after.rulebook))
    return tuple(sorted(dict.fromkeys(found or _facts(one)), key=lambda cause: shape.CAUSES.index(cause.kind)))


def _of_entitlement(at: Position, behind: Behind, first: str, last: str) -> Iterator[Cause]:
    if at not in behind.entitlements:
        return
    fact = f"entitlement:{'|'.join(at)}"
    before, after = behind.entitlements[at]
    if before is None or after is None:
        yield Cause(shape.ENTITLEMENT_ADDED if before is None else shape.ENTITLEMENT_REMOVED, fact)
    else:
        yield from _changed(shape.QUANTITY, fact, before["quantity"], after["quantity"])
        yield from _changed(shape.MAINTENANCE, fact, before["maintenance_quantity"], after["maintenance_quantity"])
        yield from _changed(shape.PRICE, fact, _amount(before["price"]), _amount(after["price"]))
    yield from _of_items(behind.items[0].get(at, {}), behind.items[1].get(at, {}), first, last)


def _of_items(before: Items, after: Items, first: str, last: str) -> Iterator[Cause]:
    low, high = sorted((first, last))
    for name in sorted(before.keys() | after.keys()):
        fact = f"contract_item:{'/'.join(name)}"
        was, is_now = before.get(name), after.get(name)
        if was is None or is_now is None:
            kind = shape.ITEM_ADDED if was is None else shape.ITEM_REMOVED
            yield Cause(kind, fact, _told(was), _told(is_now))
        elif was != is_now:
            yield Cause(shape.ITEM_CHANGED, fact, _told(was), _told(is_now))
        else:
            if low < is_now.begins <= high:
                yield Cause(shape.PURCHASE_BEGUN, fact, on=is_now.begins)
            if low <= is_now.ends < high:
                yield Cause(shape.PURCHASE_ENDED, fact, on=is_now.ends)


def _own(one: Difference) -> Iterator[Cause]:
    """What the position says of itself."""
    if one.before is None or one.after is None:
        yield from _lone(one.after or one.before or {}, came=one.before is None)
        return
    was, is_now = one.before, one.after
    demand = f"demand:{one.product}|{one.metric}"
    yield from _changed(shape.DEMAND, demand, _demand(was), _demand(is_now))
    yield from _changed(shape.COUNTING, "", _counting(was), _counting(is_now))
    yield from _override(f"override:{one.key}", was["override"], is_now["override"])
    same = one.figures(was) == one.figures(is_now) and was["calculated"] == is_now["calculated"]
    if same and was["breakdown"] != is_now["breakdown"]:
        yield Cause(shape.GROUPS_CHANGED)
    if was["status"] == is_now["status"]:  # another status follows from another rule, and that from the figures
        yield from _changed(shape.RULE, "", was["rule"], is_now["rule"])


def _lone(position: Element, *, came: bool) -> Iterator[Cause]:
    """Of a position that one side alone has: its demand and its override are not there on the other."""
    key = "|".join(_position(position))
    demand = _demand(position)
    if demand:
        yield Cause(shape.DEMAND, f"demand:{position['product']}|{position['metric']}", *_sides(came, demand))
    yield from _override(f"override:{key}", *(_sides(came, position["override"])))


def _demand(position: Element) -> Value:
    """The demand as it was calculated, whatever was typed over it."""
    found = position["calculated"].get("demand")
    return found if isinstance(found, int) else None


def _counting(position: Element) -> str:
    """The counting rule by which the demand was counted, as text."""
    for fact in position["because"]:
        kind, _, key = str(fact).partition(":")
        if kind == "counting_rule":
            metric, _, day = key.rpartition("|")
            return f"the counting rule of {metric} from {day}" if day else f"the counting rule of {metric}"
    return "no counting rule"


def _sides(came: bool, value: Any) -> tuple[Any, Any]:
    return (None, value) if came else (value, None)


def _override(fact: str, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> Iterator[Cause]:
    if before == after:
        return
    kind = shape.OVERRIDE_SET if before is None else shape.OVERRIDE_CHANGED if after else shape.OVERRIDE_REMOVED
    yield Cause(kind, fact, _typed(before), _typed(after))


def _typed(override: Mapping[str, Any] | None) -> str | None:
    """An override as text: its figures, and its reason."""
    if override is None:
        return None
    figures = [
        f"{name} {override[name]}" for name in sorted(override) if name != "reason" and override[name] is not None
    ]
    return f"{', '.join(figures)}: {override.get('reason') or ''}"


def _facts(one: Difference) -> list[Cause]:
    """Where nothing else is to be told: the facts that its rule used on one side alone."""
    was, is_now = ({*map(str, side["because"])} if side else set[str]() for side in (one.before, one.after))
    gone = [Cause(shape.FACT_REMOVED, fact) for fact in sorted(was - is_now)]
    return [*(Cause(shape.FACT_ADDED, fact) for fact in sorted(is_now - was)), *gone]


def _changed(kind: str, fact: str, before: Value, after: Value) -> Iterator[Cause]:
    if before != after:
        yield Cause(kind, fact, before, after)


def _amount(price: Mapping[str, Any] | None) -> str | None:
    return None if price is None else f"{price.get('amount')} {price.get('currency')}"


def _told(item: Item | None) -> str | None:
    """A contract item as text: "20 from 2026-01-01 to 2026-12-31"."""
    if item is None:
        return None
    return f"{item.quantity} from {item.begins}" + (f" to {item.ends}" if item.ends else "")
