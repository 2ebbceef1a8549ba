"""The items of a contract in a text: each product that it names, with what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeVar

from rules.vocabulary import DEVICE, MAINTENANCE, MODELS, PERPETUAL, SUBSCRIPTION
from store.imports import loose, text_rows
from store.imports.product_names import Spotted
from store.imports.reading import LIKELY, SURE, UNSURE, Fields, Reading, Spot, Text, ahead, dated, overlap

_Found = tuple[str, Reading]
_S = TypeVar("_S", bound=Spot)


@dataclass(frozen=True)
class _Block:
    """The part of a text that speaks of one product. `alone`: no other product is spoken of."""

    start: int
    end: int
    product: Spotted
    alone: bool

    def of(self, spots: Iterable[_S]) -> list[_S]:
        """What stands in the block, and not in the name of the product."""
        return [one for one in spots if self.start <= one.start and one.end <= self.end and not self._named(one)]

    def _named(self, one: Spot) -> bool:
        return overlap(one, self.product)


@dataclass(frozen=True)
class _Common:
    """What the text says of no product alone, and so of all."""

    days: list[loose.Day]
    terms: list[loose.Term]
    models: list[loose.Word]
    contract: Fields


def read(text: Text, contract: Fields) -> Iterator[Fields]:
    """The items that the text tells: products with a quantity or a price, or the only product of all."""
    number = 0
    blocks = list(_blocks(text, contract))
    common = _Common(
        [day for day in text.days if not any(block.of([day]) for block in blocks)],
        [term for term in loose.terms(text.text) if not any(block.of([term]) for block in blocks)],
        [word for word in loose.models(text.text) if not any(block.of([word]) for block in blocks)],
        contract,
    )
    for block in blocks:
        item = dict(_item(text, block, common))
        if "quantity" in item or "unit_price" in item or block.alone:
            number += 1
            yield {"item": Reading(str(number), block.product.start, block.product.end, LIKELY), **item}


def _blocks(text: Text, contract: Fields) -> Iterator[_Block]:
    """Each product with its lines, up to the next product or blank line."""
    told = (contract[name] for name in ("supplier", "customer", "name") if name in contract)
    names = [one for one in told if one.confidence != UNSURE]
    spots = [one for one in _spots(text) if not any(overlap(one, name) for name in names)]
    ends = [0, *(spot.end for spot in spots)]
    for spot, before, following in zip(spots, ends, [*spots[1:], None], strict=False):
        start = max(text.text.rfind("\n", 0, spot.start) + 1, before)
        yield _Block(start, _end(text, spot, following), spot, len(spots) == 1)


_CALLED: Final = re.compile(r"[ \t]*(?:[0-9]{1,4}[.)]?[ \t]+)?(?P<name>[^\n]*[^\W\d_]{2}[^\n]*?)[ \t]*$")
_SUM: Final = re.compile(
    r"(?:sub|grand)?[ -]?total|sum|summe|zwischensumme|gesamt\w*|montant|netto|brutto|vat|mwst", re.I
)


def _spots(text: Text) -> list[Spotted]:
    """The products that the text names, and what rows of tables call a product that nobody knows."""
    spots = text.products.spots(text.text)
    for row in text_rows.rows(text.text):
        start = text.text.rfind("\n", 0, row.quantity.start) + 1
        called = _CALLED.match(text.text, start, min(row.quantity.start, row.unit_price.start))
        if called and not _SUM.match(called["name"]) and not any(start <= one.start < row.total.end for one in spots):
            spots.append(Spotted(" ".join(called["name"].split()), *called.span("name"), known=False))
    return sorted(spots, key=lambda one: one.start)


def _end(text: Text, spot: Spotted, following: Spotted | None) -> int:
    """Where a product's part ends: at a blank line, at the line of the next product, or at the quantity before it."""
    blank = re.compile(r"\n[ \t]*\r?\n").search(text.text, spot.end)
    end = blank.start() if blank else len(text.text)
    if following is None:
        return end
    line = text.text.rfind("\n", 0, following.start) + 1
    if line > spot.end:
        return min(end, line)
    counted = [one.start for one in text.quantities if spot.end <= one.start and 0 <= following.start - one.end <= 2]
    return min(end, following.start, *counted)


def _item(text: Text, block: _Block, common: _Common) -> Iterator[_Found]:
    spot = block.product
    if spot.known:
        yield "product", Reading(spot.name, spot.start, spot.end)
    else:
        yield "product", Reading(spot.name, spot.start, spot.end, UNSURE, "Neither book nor catalogue knows this name.")
    quantity = _quantity(block, text)
    if quantity is not None:
        value = "unlimited" if quantity.value is None else str(quantity.value)
        yield "quantity", Reading(value, quantity.start, quantity.end)
    yield from _sku(text, block)
    yield from _price(text, block, quantity)
    words = block.of(list(loose.models(text.text)))
    endless = any(word.value == PERPETUAL for word in words)
    term = dict(_term(text, block, _Common([], [], [], common.contract) if endless else common))
    yield from term.items()
    yield from _model(block, words, common.models, ends="license_end" in term)
    yield from _metric(text, block, quantity)


def _quantity(block: _Block, text: Text) -> loose.Quantity | None:
    inside = block.of(text.quantities)
    inside.sort(key=lambda one: (one.unit.startswith("pack"), one.value is None, one.start))
    return inside[0] if inside else None


_SKU: Final = re.compile(
    r"(?<!\w)(?:(?:sku|part(?:[ -]?(?:no\.?|number))?|mpn|artikel(?:-?nr\.?|nummer)?|product (?:no\.?|code))"
    r"[ \t]*[:#=]?[ \t]*(?P<labelled>(?=[A-Za-z_-]{0,30}[0-9])[A-Za-z0-9][\w-]{2,40})"
    r"|(?P<typical>[A-Z0-9]{3}-[0-9]{5}))(?![\w-])",
    re.IGNORECASE,
)


def _sku(text: Text, block: _Block) -> Iterator[_Found]:
    for hit in _SKU.finditer(text.text, block.start, block.end):
        kind = "labelled" if hit["labelled"] else "typical"
        if not overlap(block.product, Reading("", *hit.span(kind))):
            yield "sku", Reading(hit[kind], *hit.span(kind), SURE if kind == "labelled" else LIKELY)
            return


# ------------------------------------------------------------------------------------------------------------- prices
_TOTAL: Final = re.compile(
    r"(?:total|sum|amount|gesamt\w*|summe|netto|montant)[ \t]*(?:price|preis)?[ \t]*[:=]?[ \t]*$", re.I
)
_EACH: Final = re.compile(
    r"^[ \t]*(?:each|apiece|per|pro|je|/ ?(?:core|user|seat|device|licen[sc]e|unit|month|year)|(?:unit|list) price)",
    re.I,
)
_UNIT_LABEL: Final = re.compile(
    r"(?:unit price|price per \w+|price each|einzelpreis|prix unitaire|stückpreis|e-preis|@|à|at|zu|price|preis)"
    r"[ \t]*[:=]?[ \t]*$",
    re.I,
)


def _price(text: Text, block: _Block, quantity: loose.Quantity | None) -> Iterator[_Found]:
    amounts = block.of(text.amounts)
    units = quantity.value if quantity is not None else None
    pair = next(((a, b) for a in amounts for b in amounts if units and a.value * units == b.value and a != b), None)
    if pair is not None:
        yield "unit_price", _amount(pair[0], SURE)
        return
    for one in amounts:
        if _EACH.search(text.text[one.end : one.end + 20]) or _UNIT_LABEL.search(ahead(text.text, one.start)):
            yield "unit_price", _amount(one, UNSURE if one.unsure else SURE)
            return
    for one in amounts:
        if _TOTAL.search(ahead(text.text, one.start)):
            yield from _of_total(one, units)
            return
    if amounts:
        remark = "The text does not say whether this is for one or for all."
        yield "unit_price", _amount(amounts[0], UNSURE, remark)


def _amount(one: loose.Amount, confidence: str, remark: str = "") -> Reading:
    remark = remark or ("The separator could stand for thousands or for decimals." if one.unsure else "")
    return Reading(f"{one.value:f}", one.start, one.end, confidence, remark)


def _of_total(total: loose.Amount, units: int | None) -> Iterator[_Found]:
    if units:
        each = (total.value / units).quantize(Decimal("0.000001"))
        if each * units == total.value:
            remark = f"{total.value:f} in total, divided by {units:,}."
            yield "unit_price", Reading(f"{each.normalize():f}", total.start, total.end, LIKELY, remark)


# --------------------------------------------------------------------------------------------------------------- terms
_START_WORDS: Final = (
    *("license start", "term start", r"start(?:s|ing|ed)?(?: date| on)?", r"begin(?:s|ning)?(?: on)?"),
    *(r"effective(?: date| from)?", "valid (?:from|as of)", "from", "since", "as of"),
    *("laufzeit(?: vom| ab)?", "gültig (?:ab|von)", "ab", "vom", "von", "beginn"),
    *("à partir du", "valable (?:du|dès le)", "du", "début"),
)
_END_WORDS: Final = (
    *("license end", "term end", r"end(?:s|ing)?(?: date| on)?", r"expir(?:es|y|ation|ing)(?: date| on)?"),
    *("valid (?:until|to|through)", "until", "till", "through", "thru", "to"),
    *("bis(?: zum)?", "gültig bis", "ende", "ablauf", "jusqu['’]au", "au", "fin", "[-–—]"),
)


def _label(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})[ \t]*[:=]?[ \t]*(?:the )?$", re.IGNORECASE)


_START: Final = _label(_START_WORDS)
_UNTIL: Final = _label(_END_WORDS)


def _term(text: Text, block: _Block, common: _Common) -> Iterator[_Found]:
    """First and last day: what stands in the block, else what is said of all; a length of time makes the end."""
    inside = block.of(text.days)
    taken = [common.contract[name] for name in ("invoice_date", "notice_date") if name in common.contract]
    outside = [day for day in common.days if not any(overlap(day, one) for one in taken)]
    start = _labelled(text, inside, _START, SURE) or _labelled(text, outside, _START, LIKELY)
    end = _labelled(text, inside, _UNTIL, SURE) or _labelled(text, outside, _UNTIL, LIKELY)
    start = start or _before_end(text, inside + outside, end)
    if start is None and "invoice_date" in common.contract:
        start = _invoiced(common.contract["invoice_date"])
    if start is not None:
        yield "license_start", start
    lengths = block.of(list(loose.terms(text.text))) or common.terms
    end = end or (_by_length(text, lengths[0], start) if lengths and start else None)
    if end is not None:
        yield "license_end", end


def _labelled(text: Text, days: list[loose.Day], label: re.Pattern[str], confidence: str) -> Reading | None:
    found = [day for day in days if label.search(ahead(text.text, day.start))]
    return dated(text, found[0], confidence) if found else None


def _before_end(text: Text, days: list[loose.Day], end: Reading | None) -> Reading | None:
    """Of "2026-01-01 - 2026-12-31" the first: it has no word of its own."""
    found = [day for day in days if end is not None and 0 <= end.start - day.end <= 12]
    return dated(text, found[-1], LIKELY) if found else None


def _invoiced(day: Reading) -> Reading:
    return Reading(day.value, day.start, day.end, UNSURE, "No first day stands in the text; this is the invoice date.")


def _by_length(text: Text, term: loose.Term, start: Reading) -> Reading | None:
    last = loose.last_day(loose.iso(start.value), term.months)
    if last is None:
        return None
    remark = f"{text.text[term.start : term.end]} from {start.value} on."
    return Reading(last.isoformat(), term.start, term.end, UNSURE if start.confidence == UNSURE else LIKELY, remark)


# ---------------------------------------------------------------------------------------------------- model and metric
def _model(block: _Block, inside: list[loose.Word], common: list[loose.Word], *, ends: bool) -> Iterator[_Found]:
    """The model by a word in the block, in the name of the product, or said of all; else by whether there is an end."""
    spot = block.product
    named = next(iter(loose.models(spot.name)), None)
    if inside:
        best = min(inside, key=lambda one: MODELS.index(one.value) if one.value != MAINTENANCE else -1)
        yield "model", Reading(best.value, best.start, best.end)
    elif named is not None:
        yield "model", Reading(named.value, spot.start, spot.end, LIKELY)
    elif len({one.value for one in common}) == 1:
        yield "model", Reading(common[0].value, common[0].start, common[0].end, LIKELY)
    else:
        remark = "No word for the model stands in the text; " + ("there is an end." if ends else "there is no end.")
        yield "model", Reading(SUBSCRIPTION if ends else PERPETUAL, spot.start, spot.end, UNSURE, remark)


def _metric(text: Text, block: _Block, quantity: loose.Quantity | None) -> Iterator[_Found]:
    """The metric by what is counted, by a word in the block, or in the name of the product."""
    if quantity is not None and loose.metric_of(quantity.unit):
        yield "metric", Reading(loose.metric_of(quantity.unit), quantity.start, quantity.end)
        return
    inside = block.of(list(loose.metrics(text.text)))
    spot = block.product
    named = next(iter(loose.metrics(spot.name)), None)
    if inside:
        yield "metric", Reading(inside[0].value, inside[0].start, inside[0].end)
    elif named is not None:
        yield "metric", Reading(named.value, spot.start, spot.end, LIKELY)
    elif metric := text.products.metric(spot.name):
        yield "metric", Reading(metric, spot.start, spot.end, LIKELY, "The book counts this product so.")
    else:
        remark = "No word for the metric stands in the text."
        yield "metric", Reading(DEVICE, spot.start, spot.end, UNSURE, remark)
