"""What a contract would do, in words: entitlements fed, events made, balances changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from gui import wording
from store.previews import EntitlementEffect, EventEffect, Feeding, PositionEffect, Preview, Standing

ARROW = "\N{RIGHTWARDS ARROW}"


def of_item(preview: Preview, item: str) -> tuple[str, str, str]:
    """What an item does: an icon, a few words for a cell, and a sentence. Empty for an item that does nothing."""
    feeding = next((one for one in preview.feedings if one.item == item), None)
    if feeding is None:
        return "", "", ""
    effect = next((one for one in preview.entitlements if one.key == feeding.entitlement), None)
    if feeding.covers:
        return "shield-check", *_covering(feeding, effect)
    if effect is None or effect.after is None:
        return "circle-dot", "as before", f"Feeds entitlement “{feeding.name}”, which stays as it is."
    after = wording.quantity(effect.after.quantity)
    if effect.before is None:
        return "circle-plus", f"opens {after}", f"Opens entitlement “{feeding.name}” with {after}."
    change = f"{wording.quantity(effect.before.quantity)} {ARROW} {after}"
    return "arrow-right", change, f"Feeds entitlement “{feeding.name}”: {change}."


def _covering(feeding: Feeding, effect: EntitlementEffect | None) -> tuple[str, str]:
    before = effect.before.maintenance_quantity if effect and effect.before else 0
    after = effect.after.maintenance_quantity if effect and effect.after else before
    if before == after:
        return (
            "covers",
            f"Maintenance of entitlement “{feeding.name}”; as much of it is under maintenance today as before.",
        )
    change = f"{wording.quantity(before)} {ARROW} {wording.quantity(after)}"
    return f"covers {change}", f"Maintenance of entitlement “{feeding.name}”: {change} under maintenance."


def on_entitlement(effect: EntitlementEffect) -> tuple[str, str]:
    """An entitlement that changes: what happens to it in a word, and its figures."""
    before, after = effect.before, effect.after
    if after is None:
        return "Archived", f"{wording.quantity(before.quantity) if before else ''} {ARROW} no item feeds it any more"
    if before is None:
        figures = f"{wording.quantity(after.quantity)}, {wording.quantity(after.active)} of them active today"
        return "Opened", figures if after.active != after.quantity else wording.quantity(after.quantity)
    parts = [
        f"{word} {wording.quantity(old)} {ARROW} {wording.quantity(new)}"
        for word, old, new in (
            ("Quantity", before.quantity, after.quantity),
            ("active", before.active, after.active),
            ("under maintenance", before.maintenance_quantity, after.maintenance_quantity),
        )
        if old != new
    ]
    if before.expiration != after.expiration:
        parts.append(f"ends {before.expiration or 'never'} {ARROW} {after.expiration or 'never'}")
    if before.state != after.state:
        parts.append(f"{wording.label(before.state).lower()} {ARROW} {wording.label(after.state).lower()}")
    text = ", ".join(parts) or f"starts {after.license_start}"
    return "Changed", text[:1].upper() + text[1:]


def over_allocated(effects: Iterable[EntitlementEffect]) -> Iterator[str]:
    """A sentence for each entitlement of which more stays allocated than it holds."""
    for effect in effects:
        if effect.after is not None and effect.after.allocated > effect.after.quantity:
            held = wording.quantity(effect.after.quantity)
            allocated = wording.quantity(effect.after.allocated)
            yield f"“{effect.name}”: {allocated} are allocated, but only {held} are left."


def event(effect: EventEffect) -> str:
    """An event in words: "Expiration warning, 90 days before the end"."""
    word = wording.badge(effect.kind)
    lead = f", {effect.lead} days before the last day" if effect.lead > 0 else ", on the last day" * (effect.lead == 0)
    place = f"item {effect.item}" if effect.item else "the contract"
    return f"{word}{lead} ({place})"


def position(effect: PositionEffect) -> tuple[str, str, str]:
    """A position that changes: its name, its standing before and after."""
    name = ", ".join(filter(None, (effect.product, wording.label(effect.model), wording.label(effect.metric))))
    return name, _standing(effect.before), _standing(effect.after)


def _standing(standing: Standing | None) -> str:
    if standing is None:
        return "no position"
    return f"{wording.label(standing.status)}, {wording.signed(standing.balance)}"


def money(amount: Decimal | None, currency: str) -> str:
    """An amount, or a dash where none can be said."""
    return "\N{EN DASH}" if amount is None else wording.money(f"{amount:f} {currency}")
