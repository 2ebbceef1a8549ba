"""How the demand of a product was counted: the rule, every host, machine, device or user, and the formulas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final, cast

from rules import counted, counting, counting_texts, counting_tiers
from rules import counting_methods as methods
from rules.counted import Counted, Thing
from rules.counting import Number
from rules.counting_methods import Parameters, Tier
from rules.language import Rule
from rules.terms import Fact
from rules.vocabulary import NEVER, is_unlimited
from store import counting as counts
from store import facts, settings
from store.book import Book

MOST: Final = 300
"""Lines that are told; the count itself is of all of them."""


@dataclass(frozen=True)
class Line:
    """One thing that was counted: its kind (one of `rules.counted.KINDS`), name, group ("" for none), and how.

    `covered` is how much of it the rights cover that are there, "" where that is not told line by line.
    """

    kind: str
    name: str
    resource_group: str
    processors: int
    cores: int
    vcpus: int
    guests: tuple[str, ...]
    installations: int
    formula: str
    units: str
    covered: str


@dataclass(frozen=True)
class Counting:
    """A count, with the rule that says how: `parameters` are those that hold, by name, as text.

    `total` are the rights needed, `rights` those that there are; `steps` lead from the units of the lines to the total.
    `more` is how many things are not told one by one.
    """

    metric: str
    method: str
    valid_from: str
    rule: str
    says: str
    source: str
    parameters: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    more: int
    steps: tuple[str, ...]
    total: int
    coverage: str
    rights: int
    covered: int


def read(book: Book, product: int, metric: str) -> Counting | None:
    """How the demand of a product (id) by a metric was counted on the day of the last judgement.

    None where no counting rule holds, somebody has counted it otherwise, or nothing of it is installed.
    """
    rule = facts.rule_of(book, metric)
    if rule is None or not _is_counted(book, product, metric):
        return None
    found = counts.count(book, product, rule)
    rights = _rights(book, product, metric)
    covered = _covered(found, rule.held.method, rights)
    shown = found.things[:MOST]
    return Counting(
        metric,
        rule.held.method,
        rule.held.valid_from,
        rule.ruling.name,
        rule.ruling.says,
        rule.ruling.source,
        tuple(told(found.parameters, rule.held.method)),
        tuple(_lines(book, rule.held.method, found.parameters, shown, covered)),
        len(found.things) - len(shown),
        tuple(counting_texts.steps(rule.held.method, found)),
        found.total,
        found.parameters.coverage or methods.PARTIAL,
        rights,
        min(found.total, rights) if covered is None else _rights_covered(found, covered),
    )


def _is_counted(book: Book, product: int, metric: str) -> bool:
    """Whether the demand of a product by a metric comes from its installations."""
    sql = """SELECT 1 FROM products p JOIN metrics m ON m.code = ?2 WHERE p.id = ?1 AND m.id = coalesce(p.metric_id,
            (SELECT min(i.metric_id) FROM contract_items i WHERE i.product_id = p.id),
            (SELECT id FROM metrics WHERE code = 'device'))
        AND EXISTS (SELECT 1 FROM installations n WHERE n.product_id = p.id)
        AND NOT EXISTS (SELECT 1 FROM demand d WHERE d.product_id = p.id AND d.metric_id = m.id)"""
    return book.one(sql, (product, metric)) is not None


def _rights(book: Book, product: int, metric: str) -> int:
    """The rights that serve the demand, with what transfers give and take."""
    sql = """SELECT coalesce(sum(s.active + s.downgrade + s.upgrade), 0) FROM positions s
        JOIN metrics m ON m.id = s.metric_id WHERE s.product_id = ? AND m.code = ?"""
    return max(0, int(book.value(sql, (product, metric))))


def _covered(found: Counted, method: str, rights: int) -> list[Number] | None:
    """How much of every thing the rights cover; None where the total is more than the sum of the things."""
    needs = [thing.units for thing in found.things]
    if method in (methods.TIERS, methods.NAMED_USER) or sum(needs) < (found.parameters.minimum or 0):
        return None
    units = sum(needs) if is_unlimited(rights) else rights * (found.parameters.pack or 1)
    return counting.covered(units, needs, all_or_nothing=found.parameters.coverage == methods.WHOLE)


def _rights_covered(found: Counted, covered: Sequence[Number]) -> int:
    """Of the rights that are needed, those for what is covered: all where nothing is left, however they are rounded."""
    everything = sum(covered) == sum(thing.units for thing in found.things)
    return found.total if everything else int(sum(covered) / Fraction(found.parameters.pack or 1))


def told(parameters: Parameters, method: str) -> list[tuple[str, str]]:
    """The parameters that hold, by name; what a method does not take, and what says nothing, is left out."""
    return [(name, text) for name in methods.takes(method) if (text := _text(name, getattr(parameters, name)))]


def _text(name: str, value: object) -> str:
    if value in (None, "", ()):
        return ""
    if name == "tiers":
        return counting_tiers.text_of(cast("tuple[Tier, ...]", value))
    return counting_texts.shown(value) if isinstance(value, int | Fraction) else str(value)


def _lines(
    book: Book, method: str, parameters: Parameters, things: Sequence[Thing], covered: Sequence[Number] | None
) -> list[Line]:
    names: dict[int | None, str] = dict(book.rows("SELECT id, name FROM resource_groups"))
    return [
        Line(
            thing.kind,
            thing.name,
            names[thing.group or 0],
            thing.processors,
            thing.cores,
            thing.vcpus,
            tuple(sorted(thing.guests)),
            thing.seats,
            counting_texts.formula(method, thing, parameters),
            counting_texts.shown(thing.units),
            "" if covered is None else counting_texts.shown(covered[at]),
        )
        for at, thing in enumerate(things)
    ]


def ruling(book: Book, metric: str) -> tuple[Rule, Fact] | None:
    """The rule of the rulebook that says how a metric is counted on the day of the last judgement, and its fact."""
    rule, day = facts.rule_of(book, metric), settings.get(book, "as_of")
    if rule is None:
        return None
    later = book.value(
        "SELECT min(c.valid_from) FROM counting_rules c JOIN metrics m ON m.id = c.metric_id"
        " WHERE m.code = ? AND c.valid_from > ?",
        (metric, rule.held.valid_from),
    )
    held = rule.held
    given = held.parameters.virtual, held.parameters.basis
    end = NEVER if later is None else facts.ordinal(later)
    return rule.ruling, counted.Dated(held.method, *given, held.first, end, facts.ordinal(day))
