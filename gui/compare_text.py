"""What differs between two snapshots or days, in words: for the command line, a text file, and the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from gui import wording
from store.snapshots.differences import shape
from store.snapshots.differences.shape import Cause, Comparison, Difference, Element, Side, Value

GROUPS: Final[Mapping[str, str]] = {
    shape.NEWLY_SHORT: "Newly under-licensed",
    shape.RESOLVED: "No longer under-licensed",
    shape.STILL_SHORT: "Still under-licensed, by another number",
    shape.CAME: "New positions",
    shape.WENT: "Positions that are gone",
    shape.CHANGED: "Other figures",
    shape.DETAILS: "Same figures, other details",
}
"""What each group of differences is called."""

_CAUSES: Final[Mapping[str, str]] = {
    shape.PURCHASE_BEGUN: "{fact} begins on {on}",
    shape.PURCHASE_ENDED: "{fact} ends with {on}",
    shape.ITEM_ADDED: "{fact} was added: {after}",
    shape.ITEM_REMOVED: "{fact} was removed: {before}",
    shape.ITEM_CHANGED: "{fact} was {before} and is {after}",
    shape.ENTITLEMENT_ADDED: "the entitlement is new",
    shape.ENTITLEMENT_REMOVED: "the entitlement is gone",
    shape.QUANTITY: "the entitlement has {after} licenses instead of {before}",
    shape.MAINTENANCE: "{after} licenses are under maintenance instead of {before}",
    shape.DEMAND: "the demand is {after} instead of {before}",
    shape.COUNTING: "the demand is counted by {after}, before by {before}",
    shape.OVERRIDE_SET: "a manual override was set ({after})",
    shape.OVERRIDE_CHANGED: "the manual override was {before} and is {after}",
    shape.OVERRIDE_REMOVED: "the manual override was removed ({before})",
    shape.TAKEN: "{after} units are taken from {other} instead of {before} ({fact})",
    shape.GIVEN: "{after} units are given to {other} instead of {before} ({fact})",
    shape.PRICE: "the price is {after} instead of {before}",
    shape.GROUPS_CHANGED: "it is divided over the resource groups in another way",
    shape.RULE: "another rule says so: {after}, before {before}",
    shape.RULEBOOK: "the rulebook is another one",
    shape.FACT_ADDED: "{fact} counts now",
    shape.FACT_REMOVED: "{fact} counts no more",
}
"""What each kind of cause says."""

_FACTS: Final = {"contract_item": "item", "right": "right", "demand": "demand of", "entitlement": "entitlement"}


def told(found: Comparison) -> Iterator[str]:
    """The lines of a comparison: the two sides, then group by group the positions with their causes."""
    yield f"Before: {side(found.before)}"
    yield f"After:  {side(found.after)}"
    yield from (f"Note: {wording.line(warning)}" for warning in found.warnings)
    yield f"{summary(found)}."
    held = ""
    for one in found.differences:
        if one.group != held:
            held = one.group
            yield f"{GROUPS[held]} ({wording.number(found.groups[held])})"
        yield f"  {named(one)}: {outcome(one)}"
        yield from (f"    {cause(each)}" for each in one.causes)


def summary(found: Comparison) -> str:
    """How many positions are the same, and how many are not."""
    differing = len(found.differences)
    same = f"{wording.plural(found.equal, 'position')} {'is' if found.equal == 1 else 'are'} the same"
    return f"{same}, {wording.number(differing)} {'differs' if differing == 1 else 'differ'}"


def side(one: Side) -> str:
    """A side: its day, its positions, where it is from."""
    counts = wording.counted(one.statuses or {})
    return f"{wording.day(date.fromisoformat(one.as_of))}, {wording.line(one.place)} ({counts})"


def named(one: Difference) -> str:
    """A position by its name: "Office | subscription | device"."""
    return wording.line(f"{one.product} | {one.model or 'no entitlement'} | {one.metric}")


def outcome(one: Difference) -> str:
    """What became of a position: "balance 5 → −25, under-licensed, before over-licensed"."""
    if one.before is None or one.after is None:
        held = one.after or one.before or {}
        return f"balance {_units(held['balance'])}, {_status(held)}"
    status = _status(one.after)
    before = "" if one.before["status"] == one.after["status"] else f", before {_status(one.before)}"
    if one.before["balance"] == one.after["balance"]:
        return f"balance {_units(one.after['balance'])} as before, {status}{before}{_changed(one)}"
    return f"balance {_units(one.before['balance'])} → {_units(one.after['balance'])}, {status}{before}"


def _changed(one: Difference) -> str:
    """The figures that differ where the balance does not."""
    pairs = zip(shape.FIGURES, one.figures(one.before), one.figures(one.after), strict=True)
    found = [f"{name} {_units(was)} → {_units(now)}" for name, was, now in pairs if was != now and name != "status"]
    return f"; {', '.join(found)}" if found else ""


def cause(one: Cause) -> str:
    """A cause in words: "item C1/1 ends with 2026-12-31"."""
    kind, _, name = one.fact.partition(":")
    fact = f"{_FACTS.get(kind, kind.replace('_', ' '))} {name}" if name else ""
    values = {"before": _value(one.before), "after": _value(one.after)}
    other = one.other.replace("||", "|no entitlement|").replace("|", " | ")
    return wording.line(_CAUSES[one.kind].format(fact=fact, on=one.on, other=other, **values))


def _value(value: Value) -> str:
    return "none" if value is None else wording.number(value) if isinstance(value, int) else value


def _units(value: Value) -> str:
    return _value(value)


def _status(position: Element) -> str:
    return wording.line(wording.WORDS.get(position["status"], position["status"]))
