"""Rows and rights, and which of them could come together at all: one line and one named pair of products at a time."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Final, NamedTuple, TypeVar

from rules.formulas import Lot

ANY_DEPTH: Final = 2**30
"""Depth of a right that covers any number of versions."""

_Item = TypeVar("_Item")


class Row(NamedTuple):
    """A row of the position before transfers.

    position: the caller's number. line: the same for rows of one family, edition and metric, 0 where no family right
    reaches. rank: place of the version in its family and edition, 0 the oldest. model: 0 perpetual, 1 subscription, 2
    no entitlement. balance: units, may be unlimited. released_on: ordinal, 0 unknown. maintenance: lots of the product
    and metric, empty unless the model is perpetual.
    """

    position: int
    line: int
    rank: int
    product: int
    metric: int
    model: int
    balance: int
    released_on: int
    maintenance: tuple[Lot, ...]


class Right(NamedTuple):
    """What lets rows give: kind 0 downgrade, 1 upgrade; for a line, or (line 0) from one product to another.

    metric: of a named pair, 0 for every metric. depth: at most so many versions apart, `ANY_DEPTH` without limit; named
    pairs have none. valid_from, valid_until: ordinals, `NEVER` without end.
    """

    number: int
    kind: int
    line: int
    from_product: int
    to_product: int
    metric: int
    depth: int
    valid_from: int
    valid_until: int


class Side(NamedTuple):
    """Rights of one line, or one right of a named pair with its metric filled in, and the rows on both of its sides."""

    rights: Sequence[Right]
    givers: Sequence[Row]
    takers: Sequence[Row]


def sides(rows: Iterable[Row], rights: Sequence[Right]) -> Iterator[Side]:
    """Yield the rights that have surplus on the one side and shortfall on the other, with these rows."""
    lines = _by(itemgetter(2), rights)
    pairs = lines.pop(0, [])
    products = {product for right in pairs for product in (right.from_product, right.to_product)}
    uneven = [row for row in rows if row[6] and (row[1] in lines or row[3] in products)]
    members = _by(itemgetter(1), uneven)
    for line, covering in lines.items():
        yield from _side(covering, members.get(line, ()), members.get(line, ()))
    holders = _by(itemgetter(3), uneven) if pairs else {}
    for right in pairs:
        yield from _pairs(right, holders.get(right.from_product, ()), holders.get(right.to_product, ()))


def concerns(right: Right, giver: Row, taker: Row) -> bool:
    """Whether a right covers the line of one of two rows, or names the product of one of them on its side."""
    if right.line:
        return right.line in (giver.line, taker.line)
    return right.from_product == giver.product or right.to_product == taker.product


def _pairs(right: Right, givers: Iterable[Row], takers: Iterable[Row]) -> Iterator[Side]:
    giving, taking = _by(itemgetter(4), givers), _by(itemgetter(4), takers)
    for metric in [right.metric] if right.metric else giving:
        yield from _side([right._replace(metric=metric)], giving.get(metric, ()), taking.get(metric, ()))


def _side(rights: Sequence[Right], givers: Iterable[Row], takers: Iterable[Row]) -> Iterator[Side]:
    surplus, shortfall = [row for row in givers if row[6] > 0], [row for row in takers if row[6] < 0]
    if surplus and shortfall:
        yield Side(rights, surplus, shortfall)


def _by(key: Callable[[_Item], int], items: Iterable[_Item]) -> dict[int, list[_Item]]:
    found: dict[int, list[_Item]] = {}
    for item in items:
        found.setdefault(key(item), []).append(item)
    return found
