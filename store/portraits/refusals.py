"""Why transfers of a position happened, and why others that could have helped it did not.

What did not move is judged by what is left after all transfers of the day: what could still have moved would have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from rules import library, reference, transfers
from rules.vocabulary import DOWNGRADE, TRANSFER_KINDS, UPGRADE
from store import conclusions, derivation, facts, overviews, positioning
from store.book import Book
from store.facts import Facts
from store.portraits.reasons import Check, Reason, checks, told
from store.portraits.shape import Link
from store.positioning import Stand

OBSTACLES: Final[Mapping[str, str]] = {
    "r.kind == 0": "wrong-right",
    "r.kind == 1": "wrong-right",
    "r.line > 0": "wrong-right",
    "r.line == 0": "wrong-right",
    "r.valid_from <= r.as_of": "right-to-come",
    "r.valid_until >= r.as_of": "right-ended",
    "g.line == r.line": "out-of-reach",
    "m.line == r.line": "out-of-reach",
    "t.line == r.line": "out-of-reach",
    "g.product == r.from_product": "out-of-reach",
    "m.product == r.from_product": "out-of-reach",
    "t.product == r.to_product": "out-of-reach",
    "g.metric == r.metric": "out-of-reach",
    "m.metric == r.metric": "out-of-reach",
    "t.metric == r.metric": "out-of-reach",
    "t.rank < g.rank": "not-newer",
    "t.rank > m.rank": "not-older",
    "t.rank >= g.rank - r.depth": "too-far",
    "t.rank <= m.rank + r.depth": "too-far",
    "m.model == 0": "not-perpetual",
    "t.released_on > 0": "release-unknown",
    "t.released_on <= r.as_of": "not-released",
    "t.released_on <= m.until": "maintenance-lapsed",
    "g.balance > 0": "no-surplus",
    "m.units > 0": "no-maintained-surplus",
    "t.balance < 0": "no-shortfall",
}
"""Every condition of the rules of transfers -> what stands in the way where it does not hold, the weightiest first."""

NO_RIGHT: Final = "no-right"
"""No right reaches the two at all."""
NO_ORDER: Final = "no-order"
"""Nothing says which of the two versions is older."""
NO_MAINTENANCE: Final = "no-maintenance"
"""There has never been maintenance of the older version."""
_LAPSED: Final = "maintenance-lapsed"
USED_UP: Final = "used-up"
"""Everything holds, but the units that could have moved have been given elsewhere."""


@dataclass(frozen=True)
class Refusal:
    """A transfer that did not happen, of `kind`, by `right` ("" where there is none), and what stood in its way.

    `left` and `missing` are the units that the giver has left and that the taker lacks after all transfers.
    """

    kind: str
    giver: Link
    taker: Link
    left: int
    missing: int
    obstacle: str
    right: str
    rule: str
    says: str
    checks: tuple[Check, ...]


def of_position(book: Book, key: str) -> list[Refusal]:
    """Why nothing more helps a position that is short, or why what it has left helps nobody; none if it is even.

    The position is taken as it is calculated: transfers know nothing of manual overrides.
    """
    number = overviews.find(book, "compliance", key)
    if number is None:
        return []
    product, metric, model = book.rows("SELECT product_id, metric_id, model FROM positions WHERE id = ?", (number,))[0]
    scene = _scene(book, product)
    place = next(n for n, stand in enumerate(scene.stands) if (stand.cell, stand.model) == ((product, metric), model))
    own = scene.rows[place]
    if own.balance == 0:
        return []
    pairs = ((place, other) if own.balance > 0 else (other, place) for other in scene.partners(place))
    return [refusal for giver, taker in pairs for refusal in _judged(scene, giver, taker)]


_MOVED: Final = """
SELECT t.from_product_id, t.from_model, t.to_product_id, t.to_model, t.quantity, t.right_id, r."right", t.rule
FROM transfers t JOIN rights r ON r.id = t.right_id JOIN positions s ON s.id = ?
WHERE t.metric_id = s.metric_id AND ((t.from_product_id = s.product_id AND t.from_model IS s.model)
    OR (t.to_product_id = s.product_id AND t.to_model IS s.model)) ORDER BY t.id"""


def moved(book: Book, key: str) -> list[Reason]:
    """Why each transfer of a position happened: the conditions as they held before anything moved."""
    number = overviews.find(book, "compliance", key)
    transferred = [] if number is None else book.rows(_MOVED, (number,))
    if not transferred:
        return []
    product, metric = book.rows("SELECT product_id, metric_id FROM positions WHERE id = ?", (number,))[0]
    scene = _scene(book, product)
    at = {(stand.cell, stand.model): place for place, stand in enumerate(scene.stands)}
    found: list[Reason] = []
    for giver, from_model, taker, to_model, quantity, right, name, rule in transferred:
        sides = at[(giver, metric), from_model], at[(taker, metric), to_model]
        rights = [one for one in scene.rights if one.number == right]
        judged = transfers.why_not(scene.before, rights, scene.as_of, *sides)
        verdicts = next(verdicts for said, _, verdicts in judged if said == rule)
        links = [scene.link(side) for side in sides]
        about = f"{quantity:,} by {name}"
        found.append(told("moved", library.rule(rule), verdicts, about=about, links=links))
    return found


@dataclass(frozen=True)
class _Scene:
    """The positions of a transfer group before and after all transfers, and the rights between them."""

    facts: Facts
    stands: Sequence[Stand]
    before: Sequence[transfers.Row]
    rows: Sequence[transfers.Row]
    rights: Sequence[transfers.Right]
    as_of: int

    def partners(self, place: int) -> Iterator[int]:
        """Positions that could give to one or take from it: of its family, edition and metric, and by named pairs."""
        own = self.rows[place]
        paired = {right.to_product for right in self.rights if right.from_product == own.product}
        paired |= {right.from_product for right in self.rights if right.to_product == own.product}
        for other in self.rows:
            related = own.line and other.line == own.line and other.product != own.product
            tied = related or (other.product in paired and other.metric == own.metric)
            if tied and min(own.balance, other.balance) < 0:
                yield other.position

    def link(self, place: int) -> Link:
        """The way to a position."""
        stand = self.stands[place]
        product = self.facts.products[stand.cell[0]].name
        return Link("position", f"{product}|{stand.model or ''}|{self.facts.metrics[stand.cell[1]]}", product)

    def right(self, number: int) -> str:
        """The name of a right."""
        return next(right[9] for right in self.facts.rights if right[0] == number)


def _scene(book: Book, product: int) -> _Scene:
    group = book.value("SELECT transfer_group FROM products WHERE id = ?", (product,))
    known = facts.read(book, group, group)
    day = derivation.day_of(book)
    stands = positioning.stands_of(known, conclusions.judge_entitlements(known, day))
    rows, rights = positioning.rows_and_rights(known, stands, range(len(stands)))
    left = {
        ((row[0], row[1]), row[2]): row[3]
        for row in book.rows(
            "SELECT s.product_id, s.metric_id, s.model, s.calculated_balance FROM products p"
            " JOIN positions s ON s.product_id = p.id WHERE p.transfer_group = ?",
            (group,),
        )
    }
    after = [row._replace(balance=left[stand.cell, stand.model]) for row, stand in zip(rows, stands, strict=True)]
    return _Scene(known, stands, rows, after, rights, day.as_of)


def _judged(scene: _Scene, giver: int, taker: int) -> Iterator[Refusal]:
    """What each right that could tie two positions says; one refusal where there is none."""
    source, target = scene.rows[giver], scene.rows[taker]
    kind = DOWNGRADE if source.rank > target.rank else UPGRADE
    rights = [right for right in scene.rights if _ties(right, source, target, kind)]
    for rule, number, verdicts in transfers.why_not(scene.rows, rights, scene.as_of, giver, taker):
        right = next(right for right in rights if right.number == number)
        yield _refusal(scene, source, target, TRANSFER_KINDS[right.kind], rule, number, verdicts)
    if not rights:
        same_age = source.line == target.line and source.rank == target.rank
        yield _without_rule(scene, source, target, kind, NO_ORDER if same_age else NO_RIGHT)


def _ties(right: transfers.Right, giver: transfers.Row, taker: transfers.Row, kind: str) -> bool:
    """Whether a right is about these two, in this direction."""
    if right.line:
        return right.line == giver.line == taker.line and TRANSFER_KINDS[right.kind] == kind
    ends = right.from_product == giver.product and right.to_product == taker.product
    return ends and right.metric in (0, giver.metric)


def _refusal(
    scene: _Scene,
    giver: transfers.Row,
    taker: transfers.Row,
    kind: str,
    rule: str,
    right: int,
    verdicts: Sequence[reference.Verdict],
) -> Refusal:
    if giver.balance <= 0:
        # Of a surplus that is not there, nothing was maintained: that says nothing about its maintenance.
        verdicts = [verdict for verdict in verdicts if "m.until" not in verdict.text]
    failing = {verdict.text for verdict in verdicts if not verdict.holds}
    obstacle = next((code for text, code in OBSTACLES.items() if text in failing), USED_UP)
    if obstacle == _LAPSED and not giver.maintenance:
        obstacle = NO_MAINTENANCE
    said = library.rule(rule)
    names = scene.link(giver.position), scene.link(taker.position)
    figures = max(giver.balance, 0), max(-taker.balance, 0)
    return Refusal(kind, *names, *figures, obstacle, scene.right(right), rule, said.says, checks(verdicts))


def _without_rule(scene: _Scene, giver: transfers.Row, taker: transfers.Row, kind: str, obstacle: str) -> Refusal:
    names = scene.link(giver.position), scene.link(taker.position)
    return Refusal(kind, *names, max(giver.balance, 0), max(-taker.balance, 0), obstacle, "", "", "", ())
