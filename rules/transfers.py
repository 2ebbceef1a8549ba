"""Transfers of surplus by downgrade and upgrade rights (rulebook/transfers.toml).

The engine finds every giver, taker and right that fit together; the matches are then walked once in the order that the
rules declare, each moving as much as its two sides still have. Sides only shrink on the way, so no match can appear
that was not there before, and the walk ends where matching again after every transfer would end.

Downgrades come before upgrades. The oldest shortfall is filled first, from the nearest newer surplus, which covers as
much as can be covered under any depth. Upgrades fill the oldest shortfall first, too, from the maintained units that
reach the least far ahead, for the same reason; where release days contradict the order of versions, detours make up
for it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Final, NamedTuple

from rules import library, reference
from rules.flow import Match, Part, reroute, walk
from rules.language import Rule
from rules.maintenance import layers, reach
from rules.rights import ANY_DEPTH, Right, Row, Side, concerns, sides
from rules.vocabulary import TRANSFER_KINDS

__all__ = ["ANY_DEPTH", "Maintained", "Right", "Row", "Transfer", "settle", "why_not"]

_UNITS: Final = 6
"""Where the balance of a row and the units of a maintained surplus stand."""

Numbers = tuple[int, ...]
_Case = list[tuple[str, Numbers]]


class Maintained(NamedTuple):
    """What the rules see of a row's surplus that was maintained up to one day, and how far it reaches.

    furthest: newest rank, newest: latest release among the shortfalls that it may cover. The first seven fields stand
    as in `Row`, with the units of the layer in place of the balance.
    """

    position: int
    line: int
    rank: int
    product: int
    metric: int
    model: int
    units: int
    until: int
    furthest: int
    newest: int


class Transfer(NamedTuple):
    """Units that move from one row to another, given by their positions, with the number of the right and the rule."""

    kind: str
    giver: int
    taker: int
    quantity: int
    right: int
    rule: str


def settle(rows: Sequence[Row], rights: Iterable[Right], as_of: int) -> list[Transfer]:
    """Return the transfers between rows of any number of families, downgrades first, in the order they are made.

    There is at most one for a giver, a taker and a kind. The order of rows and rights has no influence.
    """
    rights = list(rights)
    downgrades = _moved([_downgrades(side, as_of) for side in _sides(rows, rights, 0)])
    upgrades = _moved([_upgrades(side, as_of) for side in _sides(_after(rows, downgrades), rights, 1)])
    return downgrades + upgrades


def why_not(
    rows: Iterable[Row], rights: Iterable[Right], as_of: int, giver: int, taker: int
) -> list[tuple[str, int, list[reference.Verdict]]]:
    """Return, for every right that concerns one of two rows, what its rule's conditions say about them.

    Rows are named by their positions and judged by the balances that they come with. An answer holds the rule's name,
    the right's number and the verdicts. Of a maintained surplus the layer that reaches furthest is shown.
    """
    known = {row.position: row for row in rows}
    source, target = known[giver], known[taker]
    return [_verdicts(right, source, target, as_of) for right in rights if concerns(right, source, target)]


def _sides(rows: Iterable[Row], rights: Iterable[Right], kind: int) -> Iterator[Side]:
    return sides(rows, [right for right in rights if right.kind == kind])


def _downgrades(side: Side, as_of: int) -> _Case:
    return [*_rights(side, as_of), *[("row", row[:-1]) for row in (*side.givers, *side.takers)]]


def _upgrades(side: Side, as_of: int) -> _Case:
    maintained = [("maintained", layer) for giver in side.givers for layer in _maintained(giver, side, as_of)]
    return [*_rights(side, as_of), *maintained, *[("row", row[:-1]) for row in side.takers]]


def _rights(side: Side, as_of: int) -> Iterator[tuple[str, Numbers]]:
    return (("right", (*right, as_of)) for right in side.rights)


def _maintained(giver: Row, side: Side, as_of: int) -> Iterator[Maintained]:
    depth = max([right.depth for right in side.rights if right.valid_from <= as_of <= right.valid_until], default=0)
    versions = [(taker.rank, taker.released_on) for taker in side.takers]
    for units, until in layers(giver.maintenance, giver.balance, as_of):
        furthest, newest = reach(versions, giver.rank, depth, min(until, as_of))
        yield Maintained(*giver[:_UNITS], units, until, furthest, newest)


def _moved(cases: Sequence[_Case]) -> list[Transfer]:
    matches = sorted(_matches(cases), key=itemgetter(0))
    flow = walk(matches)
    reroute(flow, [match for match in matches if match.rule.name == "transfers.upgrade"])
    used = {(match.giver, match.taker): match for match in reversed(matches)}
    found: Counter[tuple[Rule, int, int, int]] = Counter()
    for (giver, taker), units in (+flow.moved).items():
        found[used[giver, taker].rule, giver[0], taker[0], used[giver, taker].right] += units
    return [
        Transfer(str(rule.then["transfer"]), giver, taker, units, right, rule.name)
        for (rule, giver, taker, right), units in found.items()
    ]


def _matches(cases: Iterable[_Case]) -> Iterator[Match]:
    engine = library.engine("transfers")
    for batch in _batches(cases):
        for case, firings in zip(batch, engine.match_groups(batch), strict=True):
            for rule, hits in firings:
                for hit in hits:
                    right, giver, taker = facts = [case[position][1] for position in hit]
                    units = giver[_UNITS], -taker[_UNITS]
                    yield Match(rule.rank(facts), rule, right[0], _part(giver), _part(taker), *units)


def _batches(cases: Iterable[_Case]) -> Iterator[list[_Case]]:
    """Yield cases that share no row: what a row could fire with in another case, it would fire with twice."""
    batch: list[_Case] = []
    seen: set[int] = set()
    for case in cases:
        positions = {fact[0] for kind, fact in case if kind != "right"}
        if not seen.isdisjoint(positions):
            yield batch
            batch, seen = [], set()
        batch.append(case)
        seen |= positions
    if batch:
        yield batch


def _part(fact: Numbers) -> Part:
    return fact[0], fact[_UNITS + 1]


def _after(rows: Iterable[Row], made: Iterable[Transfer]) -> Iterator[Row]:
    moved: Counter[int] = Counter()
    for transfer in made:
        moved[transfer.giver] -= transfer.quantity
        moved[transfer.taker] += transfer.quantity
    return (row._replace(balance=row[_UNITS] + moved[row[0]]) if row[0] in moved else row for row in rows)


def _verdicts(right: Right, giver: Row, taker: Row, as_of: int) -> tuple[str, int, list[reference.Verdict]]:
    seen = right if right.line or right.metric else right._replace(metric=giver.metric)
    side = Side([seen], [giver], [taker])
    layer = next(_maintained(giver, side, as_of), Maintained(*giver[:_UNITS], 0, 0, giver.rank, 0))
    rule = library.rule(f"transfers.{TRANSFER_KINDS[right.kind]}{'' if right.line else '-pair'}")
    facts = {"r": (*seen, as_of), "g": giver[:-1], "m": layer, "t": taker[:-1]}
    return rule.name, right.number, reference.why_not(rule, facts)
