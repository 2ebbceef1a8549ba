"""What a person does with counting rules: how a metric is counted from a day on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from rules import counting_texts, counting_tiers
from rules.counting_methods import BASES, COVERAGES, METHODS, PLACES, Parameters, Tier
from store import names
from store.basic_tables import CountingRule as CountingRuleTable
from store.book import Book
from store.counting_checks import refuse
from store.effects import settled
from store.errors import Unfit, Unknown
from store.records import CountingRule


def save(book: Book, rule: CountingRule) -> None:
    """Add a counting rule or change the one of that metric and day; the demand that it counts follows.

    Raises Unknown for a metric that does not exist, Unfit for what the method does not take, or what cannot be.
    """
    if rule.method not in METHODS:
        raise Unfit(f"method: {rule.method!r} is none; possible are {', '.join(METHODS)}.")
    with settled(book) as effects:
        key = _key(book, rule.metric, rule.valid_from)
        values = {"method": rule.method, **_columns(rule.parameters)}
        refuse(book, "counting_rules", {**key, **values})
        effects.save(CountingRuleTable, key, values, named=named(rule.metric, rule.valid_from))


def remove(book: Book, metric: str, valid_from: date | None) -> None:
    """Remove a counting rule; what it counted is counted by the one before it, or as without any. Raises Unknown."""
    with settled(book) as effects:
        name = named(metric, valid_from)
        if effects.remove(CountingRuleTable, _key(book, metric, valid_from), named=name) is None:
            raise Unknown(f"counting rules: there is no {name!r}.")


def exists(book: Book, metric: str, valid_from: date | None) -> bool:
    """Whether a metric has a counting rule that begins on that day."""
    sql = "SELECT 1 FROM counting_rules WHERE metric_id = ? AND valid_from = ?"
    return book.one(sql, tuple(_key(book, metric, valid_from).values())) is not None


def named(metric: str, valid_from: date | None) -> str:
    """The key of a counting rule, as the change log has it."""
    return f"{metric}|{names.day_text(valid_from) or ''}"


def _key(book: Book, metric: str, valid_from: date | None) -> dict[str, int | str]:
    return {"metric_id": names.number(book, "metrics", metric), "valid_from": names.day_text(valid_from) or ""}


def _columns(given: Parameters) -> dict[str, int | str | None]:
    """Parameters as the book holds them. Raises Unfit for what cannot be."""
    numbers = {
        name: names.count(value, name.replace("_", " ")) if isinstance(value, int) else None
        for name, value in given._asdict().items()
    }
    chosen = {name: _choice(name, getattr(given, name), codes) for name, codes in _CHOICES.items()}
    return {**numbers, **chosen, "factor": _decimal(given.factor), "tiers": _tiers(given.tiers)}


_CHOICES: Final = {"virtual": PLACES, "basis": BASES, "coverage": COVERAGES}


def _choice(name: str, value: str, codes: Sequence[str]) -> str | None:
    if value and value not in codes:
        raise Unfit(f"{name}: {value!r} is none; possible are {', '.join(codes)}.")
    return value or None


def _decimal(value: Fraction | None) -> str | None:
    if value is None:
        return None
    found = counting_tiers.decimal(counting_texts.shown(value).replace(",", ""))
    if found is None:
        raise Unfit(f"factor: {value} is not possible; a number of 0 or more with at most six decimals is.")
    return found


def _tiers(value: Sequence[Tier]) -> str | None:
    if not value:
        return None
    text = counting_tiers.text_of(value)
    try:
        return counting_tiers.text_of(counting_tiers.parse(text))
    except ValueError as wrong:
        raise Unfit(f'tiers: "{text}" {wrong}.') from None
