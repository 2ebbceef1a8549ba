"""What a person does with allocations: parts of an entitlement set aside for a resource group and a user group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from rules import allocation, formulas
from rules.vocabulary import MAINTENANCE
from store import derivation, facts, names, rows
from store.book import Book
from store.errors import Unconfirmed, Unfit, Unknown
from store.records import EntitlementKey
from store.tables import Allocation


@dataclass(frozen=True)
class Part:
    """So many licenses of an entitlement that a resource group and a user group have."""

    resource_group: str
    user_group: str
    quantity: int


_HELD = """
SELECT e.quantity, coalesce(sum(a.quantity), 0), e.name, e.product_id FROM entitlements e
LEFT JOIN allocations a ON a.entitlement_id = e.id AND NOT (a.resource_group_id = ? AND a.user_group_id = ?)
WHERE e.id = ? GROUP BY e.id"""


def allocate(book: Book, entitlement: EntitlementKey, resource_group: str, user_group: str, quantity: int) -> None:
    """Set how many licenses of an entitlement a resource group and user group have.

    Raises Unfit when more is asked for than remains, by the rules of allocation; Unknown for names that do not exist.
    """
    _refuse_maintenance(entitlement)
    with book.transaction():
        number = names.entitlement(book, entitlement)
        groups = names.number(book, "resource_groups", resource_group), names.number(book, "user_groups", user_group)
        total, others, name, product = book.rows(_HELD, (*groups, number))[0]
        decision = allocation.decide([allocation.Request(total, others, quantity)])[0]
        if decision.judgement == allocation.REFUSED:
            raise _refusal(name, quantity, formulas.remaining(total, others), decision.rule)
        key = {"entitlement_id": number, "resource_group_id": groups[0], "user_group_id": groups[1]}
        named = f"{entitlement}|{resource_group}|{user_group}"
        if rows.save(book, Allocation, key, {"quantity": quantity}, named=named):
            derivation.derive(book, derivation.groups_of(book, [product]))


def _refuse_maintenance(entitlement: EntitlementKey) -> None:
    if entitlement.model == MAINTENANCE:
        raise Unfit(f"{entitlement}: maintenance covers licenses, it is not allocated. Allocate the license itself.")


def _refusal(name: str, quantity: int, remain: int, rule: str) -> Unfit:
    most = max(remain, 0)
    possible = f"at least 1 and at most {most:,} are possible" if most else "nothing more can be"
    return Unfit(f"{quantity:,} cannot be allocated of {name}: {most:,} remain, so {possible} (rule {rule}).")


def release(book: Book, entitlement: EntitlementKey, resource_group: str, user_group: str) -> None:
    """Take an allocation back. Raises Unknown when there is none."""
    with book.transaction():
        number = names.entitlement(book, entitlement)
        groups = names.number(book, "resource_groups", resource_group), names.number(book, "user_groups", user_group)
        key = {"entitlement_id": number, "resource_group_id": groups[0], "user_group_id": groups[1]}
        if rows.remove(book, Allocation, key, named=f"{entitlement}|{resource_group}|{user_group}") is None:
            raise Unknown(f"nothing of {entitlement} is allocated to {resource_group!r} for {user_group!r}.")
        derivation.derive(book, derivation.groups_of(book, [names.number(book, "products", entitlement.product)]))


# ------------------------------------------------------------------------------------------- all rows of one at once
def parts(book: Book, entitlement: EntitlementKey) -> list[Part]:
    """What is allocated of an entitlement, in the order in which it was. Raises Unknown."""
    return list(_parts(book, names.entitlement(book, entitlement)).values())


def merged(given: Sequence[Part]) -> list[Part]:
    """The same with one row for each resource group and user group: equal rows are added up, in their first place."""
    found: dict[tuple[str, str], Part] = {}
    for part in given:
        key = part.resource_group, part.user_group
        found[key] = replace(part, quantity=part.quantity + (found[key].quantity if key in found else 0))
    return list(found.values())


def replace_all(book: Book, entitlement: EntitlementKey, given: Sequence[Part]) -> None:
    """Make these rows all that is allocated of an entitlement; equal rows are added up first.

    Raises Unfit when more is asked for than there is, by the rules of allocation; where too much is allocated already,
    rows may still be taken back one by one. Raises Unknown for names that do not exist.
    """
    _refuse_maintenance(entitlement)
    with book.transaction():
        number = names.entitlement(book, entitlement)
        held, wanted = _parts(book, number), _by_groups(book, given)
        _check_parts(book, number, held, wanted)
        changed = False
        for key in held.keys() - wanted.keys():
            changed |= rows.remove(book, Allocation, _key(number, key), named=_line(entitlement, held[key])) is not None
        for key, part in wanted.items():
            values = {"quantity": part.quantity}
            changed |= rows.save(book, Allocation, _key(number, key), values, named=_line(entitlement, part))
        if changed:
            derivation.derive(book, derivation.groups_of(book, [names.number(book, "products", entitlement.product)]))


def _check_parts(
    book: Book, number: int, held: Mapping[tuple[int, int], Part], wanted: Mapping[tuple[int, int], Part]
) -> None:
    """Every row must be granted beside those before it; rows that only take back are."""
    total, name = book.rows("SELECT quantity, name FROM entitlements WHERE id = ?", (number,))[0]
    quantities = [part.quantity for part in wanted.values()]
    before = accumulate(quantities, initial=0)
    asked = [allocation.Request(total, others, units) for others, units in zip(before, quantities, strict=False)]
    less = all(key in held and part.quantity <= held[key].quantity for key, part in wanted.items())
    for request, decision in zip(asked, allocation.decide(asked), strict=True):
        if decision.judgement == allocation.REFUSED and not (less and request.requested > 0):
            raise _refusal(name, request.requested, formulas.remaining(total, request.allocated), decision.rule)


def suggest(book: Book, entitlement: EntitlementKey, given: Sequence[Part], user_group: str) -> list[Part]:
    """Rows by the demand of resource groups: each what it needs, or its share of what there is.

    Rows given keep their user groups; other resource groups get `user_group`. Groups without demand get nothing.
    Raises Unknown.
    """
    number = names.entitlement(book, entitlement)
    total = book.value("SELECT quantity FROM entitlements WHERE id = ?", (number,))
    wanted = {group: units for group, units in demanded(book, entitlement).items() if group and units}
    found: list[Part] = []
    for group, units in _shared(total, wanted).items():
        users = list(dict.fromkeys(part.user_group for part in given if part.resource_group == group)) or [user_group]
        held = {part.user_group: part.quantity for part in merged(given) if part.resource_group == group}
        found += _spread(group, units, {one: held.get(one, 0) for one in users})
    return found


def demanded(book: Book, entitlement: EntitlementKey) -> dict[str, int]:
    """The demand of an entitlement's product and metric by resource group, "" for that of no group. Raises Unknown."""
    product, metric = (
        names.number(book, "products", entitlement.product),
        names.number(book, "metrics", entitlement.metric),
    )
    (group,) = derivation.groups_of(book, [product])
    called = dict(book.rows("SELECT id, name FROM resource_groups"))
    cell = facts.read(book, group, group).demand.get((product, metric), {})
    return {called[number or 0]: units for number, units in cell.items()}


def _shared(total: int, wanted: Mapping[str, int]) -> dict[str, int]:
    """What each group gets of a total: what it wants, or else its share; what rounding leaves goes to the largest."""
    every = sum(wanted.values())
    if every <= total:
        return dict(wanted)
    shares = {group: total * units // every for group, units in wanted.items()}
    left = total - sum(shares.values())
    for group in sorted(wanted, key=lambda group: (-(total * wanted[group] % every), group))[:left]:
        shares[group] += 1
    return {group: units for group, units in shares.items() if units}


def _spread(group: str, units: int, held: Mapping[str, int]) -> list[Part]:
    """The units of a resource group on its user groups: each keeps what it has, the first gets what is left."""
    first, *_ = held
    kept: dict[str, int] = {}
    for users, quantity in held.items():
        kept[users] = min(quantity, units - sum(kept.values()))
    kept[first] += units - sum(kept.values())
    return [Part(group, users, quantity) for users, quantity in kept.items() if quantity]


def _parts(book: Book, number: int) -> dict[tuple[int, int], Part]:
    sql = """SELECT a.resource_group_id, a.user_group_id, r.name, u.name, a.quantity FROM allocations a
        JOIN resource_groups r ON r.id = a.resource_group_id JOIN user_groups u ON u.id = a.user_group_id
        WHERE a.entitlement_id = ? ORDER BY a.id"""
    return {(row[0], row[1]): Part(*row[2:]) for row in book.rows(sql, (number,))}


def _by_groups(book: Book, given: Sequence[Part]) -> dict[tuple[int, int], Part]:
    """The rows by the ids of their groups; names that differ only in how they are written are one."""
    found: dict[tuple[int, int], Part] = {}
    for part in given:
        key = _groups(book, part)
        found[key] = replace(part, quantity=part.quantity + (found[key].quantity if key in found else 0))
    return found


def _groups(book: Book, part: Part) -> tuple[int, int]:
    resource_group = names.number(book, "resource_groups", part.resource_group)
    return resource_group, names.number(book, "user_groups", part.user_group)


def _key(number: int, groups: tuple[int, int]) -> dict[str, int]:
    return {"entitlement_id": number, "resource_group_id": groups[0], "user_group_id": groups[1]}


def _line(entitlement: EntitlementKey, part: Part) -> str:
    return f"{entitlement}|{part.resource_group}|{part.user_group}"


# ----------------------------------------------------------------------------------------- when entitlements change
def follow(book: Book, old: int | None, new: int | None) -> bool:
    """Move the allocations of an archived entitlement to the one that its last item feeds now, if that has none.

    Whether any moved. Inside a transaction; what follows from it is the caller's to derive.
    """
    archived = book.one("SELECT 1 FROM entitlements WHERE id = ? AND archived = 1", (old,))
    return bool(archived) and _move(book, old, new)


def _move(book: Book, old: int | None, new: int | None) -> bool:
    free = book.one(
        "SELECT 1 FROM entitlements e WHERE id = ? AND model <> ? AND NOT EXISTS ("
        "SELECT 1 FROM allocations a WHERE a.entitlement_id = e.id)",
        (new, MAINTENANCE),
    )
    moved = book.rows(_OF_ENTITLEMENT, (old,)) if free else []
    for number, resource_group, user_group in moved:
        named = f"{_named(book, old)}|{resource_group}|{user_group}"
        rows.save(book, Allocation, {"id": number}, {"entitlement_id": new}, named=named)
    return bool(moved)


def fed(book: Book) -> dict[int, set[int]]:
    """The contract items that make up each entitlement of which something is allocated, by their ids."""
    found: dict[int, set[int]] = {}
    for entitlement, item in book.rows(_FED):
        found.setdefault(entitlement, set()).add(item)
    return found


_FED = """
SELECT entitlement_id, id FROM contract_items WHERE entitlement_id IN (SELECT entitlement_id FROM allocations)
AND formed_by <> 'formation.maintained-base'"""


def follow_all(book: Book, before: Mapping[int, set[int]]) -> None:
    """The same for many items at once, by what `fed` said before: none feeds the old entitlement, all feed one other.

    Inside a transaction; what follows from it is the caller's to derive.
    """
    for old in before.keys() - fed(book).keys():
        marks = ", ".join("?" * len(before[old]))
        sql = f"SELECT DISTINCT entitlement_id FROM contract_items WHERE id IN ({marks})"
        targets = book.rows(sql, sorted(before[old]))
        if len(targets) == 1:
            _move(book, old, targets[0][0])


_OF_ENTITLEMENT = """
SELECT a.id, r.name, u.name FROM allocations a JOIN resource_groups r ON r.id = a.resource_group_id
JOIN user_groups u ON u.id = a.user_group_id WHERE a.entitlement_id = ? ORDER BY a.id"""


def check(book: Book, entitlement: int | None) -> None:
    """Raises Unconfirmed when more of an entitlement is allocated than it holds."""
    held = book.one("SELECT quantity, allocated, name FROM entitlements WHERE id = ?", (entitlement,))
    if held is not None and held[1] > held[0]:
        raise Unconfirmed(
            f"{held[2]}: {held[1]:,} are allocated, but {held[0]:,} would be left."
            f" Release {held[1] - held[0]:,} first, or confirm it."
        )


def _named(book: Book, entitlement: int | None) -> EntitlementKey:
    sql = """SELECT p.product, e.model, m.code FROM entitlements e JOIN products p ON p.id = e.product_id
        JOIN metrics m ON m.id = e.metric_id WHERE e.id = ?"""
    return EntitlementKey(*book.rows(sql, (entitlement,))[0])
