"""The fields of a contract in a text: numbers and names behind their labels, days behind theirs, the currency."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from store.imports import loose
from store.imports.reading import LIKELY, UNSURE, Reading, Text, ahead, dated, overlap

_NUMBERED: Final = (
    r"[ \t-]*(?:no\.?|nos\.?|number|num(?:éro)?\.?|nr\.?|n[°º]|nummer|id|réf(?:érence)?|ref(?:erence)?|#)?"
    r"[ \t]*[.:#=]*[ \t]*"
)
_CODE: Final = r"(?P<value>(?=[A-Za-z./_-]{0,40}[0-9])[A-Za-z0-9](?:[\w./-]{0,60}[A-Za-z0-9])?)(?![\w])"
_VALUE: Final = r"(?P<value>[^\s:][^\n\r]{0,199}?)"
_LINE: Final = rf"[ \t]*[:=][ \t]*{_VALUE}[ \t]*(?=[\r\n]|$|\t| {{3,}}|[|;])"

_NUMBERS: Final[Mapping[str, str]] = {
    "purchase_order_number": r"purchase order|customer order|your order|p\.?o\.?|bestell(?:ung|nummer|nr)?"
    r"|bon de commande|votre commande",
    "sales_order_number": r"sales order|order confirmation|our order|auftrags?(?:bestätigung|nummer|nr)?|so|order"
    r"|commande",
    "invoice_number": r"invoice|rechnungs?(?:nummer|nr)?|inv\.?|facture",
    "quote_number": r"quot(?:e|ation)|offer|angebots?(?:nummer|nr)?|devis",
    "contract": r"contract|agreement|enrol{1,2}ment|vertrags?(?:nummer|nr)?|contrat",
}
_NAMES: Final[Mapping[str, str]] = {
    "supplier": r"supplier|vendor|seller|reseller|sold by|lieferant|verkäufer|anbieter|fournisseur|vendeur",
    "customer": r"customer|sold to|bill(?:ed)? to|invoice to|ship to|buyer|client|licensee|kunde|auftraggeber"
    r"|acheteur|facturé à",
    "name": r"contract name|license contract name|subject|betreff|re|project|projekt|title|agreement name|objet",
}
_LABELLED: Final = {
    **{name: re.compile(rf"(?<![\w-])(?:{label}){_NUMBERED}{_CODE}", re.I) for name, label in _NUMBERS.items()},
    **{name: re.compile(rf"(?<![\w-])(?:{label}){_LINE}", re.I | re.M) for name, label in _NAMES.items()},
}
_BELOW: Final = {
    name: re.compile(rf"^[ \t]*(?:{_NAMES[name]})[ \t]*:?[ \t]*\r?\n[ \t]*{_VALUE}[ \t]*$", re.I | re.M)
    for name in ("supplier", "customer")
}
"""Names that stand on the line below their label."""


def read(text: Text) -> dict[str, Reading]:
    """The fields of the contract that the text tells."""
    found = {**_labelled(text), **_days(text), **_currency(text)}
    return found if "name" in found else {**found, **_first_line(text)}


def _labelled(text: Text) -> dict[str, Reading]:
    """What stands behind its label; of several different values the first, and not for sure."""
    found: dict[str, Reading] = {}
    taken: list[Reading] = []
    for name, pattern in _LABELLED.items():
        hits = [hit for hit in _hits(text, pattern) if not any(overlap(hit, one) for one in taken)]
        if not hits and name in _BELOW:
            hits = _hits(text, _BELOW[name])
        if hits:
            found[name] = _first_of(hits)
            taken += hits
    return found


def _hits(text: Text, pattern: re.Pattern[str]) -> list[Reading]:
    hits = (Reading(hit["value"], *hit.span("value")) for hit in pattern.finditer(text.text))
    return [hit for hit in hits if not any(overlap(hit, day) for day in text.days)]


def _first_of(hits: list[Reading]) -> Reading:
    others = sorted({hit.value for hit in hits} - {hits[0].value})
    if not others:
        return hits[0]
    return replace(hits[0], confidence=UNSURE, remark=f"The text also has {', '.join(others[:3])}.")


def _first_line(text: Text) -> dict[str, Reading]:
    """A short first line is often what the text is called."""
    found = re.search(r"\S[^\n\r]*", text.text)
    line = found[0].rstrip() if found else ""
    if not found or len(line) > 80 or line.endswith((":", ",")):
        return {}
    return {"name": Reading(line, found.start(), found.start() + len(line), UNSURE, "This is the first line.")}


_DAYS: Final = {
    "invoice_date": (
        *(
            "invoice date",
            "date of invoice",
            "invoiced on",
            "rechnungsdatum",
            "rechnung vom",
            "date de facture",
            "date de la facture",
            "facture du",
        ),
        *("dated", "order date", "datum", "date"),
    ),
    "notice_date": (
        r"notice(?: date| by| period ends(?: on)?| until)?",
        r"cancel(?:lation)?(?: by| before| deadline| until)?",
        r"terminat\w+ (?:by|before|until)",
        r"kündigung(?:sfrist)?(?: bis| zum)?|kündbar bis",
    ),
}
_DAY_LABELS: Final = {
    name: re.compile(rf"(?<!\w)(?:{'|'.join(labels)})[ \t]*[:=]?[ \t]*(?:[A-Za-z]{{2,10}},?[ \t]+)?$", re.I)
    for name, labels in _DAYS.items()
}


def _days(text: Text) -> dict[str, Reading]:
    found: dict[str, Reading] = {}
    for name, label in _DAY_LABELS.items():
        for day in text.days:
            if label.search(ahead(text.text, day.start)):
                found.setdefault(name, dated(text, day))
    return found


_CURRENCY: Final = re.compile(
    rf"(?<!\w)(?:currency|währung|devise|monnaie)[ \t]*[:=]?[ \t]*(?P<value>{'|'.join(loose.CURRENCIES)})(?!\w)",
    re.IGNORECASE,
)


def _currency(text: Text) -> dict[str, Reading]:
    """The currency that is named as such, or else the one of most amounts."""
    for hit in _CURRENCY.finditer(text.text):
        return {"currency": Reading(hit["value"].upper(), *hit.span("value"))}
    codes = [one.currency for one in text.amounts if one.currency]
    if not codes:
        return {}
    most = max(codes, key=codes.count)
    first = next(one for one in text.amounts if one.currency == most)
    others = ", ".join(sorted(set(codes) - {most}))
    if others:
        return {"currency": Reading(most, first.start, first.end, UNSURE, f"The text also has amounts in {others}.")}
    return {"currency": Reading(most, first.start, first.end, LIKELY)}
