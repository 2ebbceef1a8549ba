"""From the text of a cell to a value: one converter for each kind of column, each with its own sentences."""

import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Final

import orjson

from rules import counting_tiers
from rules.vocabulary import MAX_QUANTITY, UNLIMITED
from store.imports.template import Column

Converter = Callable[[str], object]
"""Text of a cell to its value (None for an empty cell); raises Wrong."""

LONGEST_NAME: Final = 500
LONGEST_TEXT: Final = 32_767

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE_OF_US = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_MOMENT = re.compile(_DATE.pattern + r"[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:?[0-9]{2})")
_WHOLE = re.compile(r"-?[0-9]+")
_MONEY = re.compile(r"([0-9]+)(?:\.([0-9]+))?")
_CURRENCY = re.compile(r"[A-Za-z]{3}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_FIGURE = re.compile(r"-?[0-9]{1,16}")
_RATE = re.compile(r"[0-9]{1,12}(\.[0-9]{1,24})?")
_FLAGS: Final = {"true": 1, "yes": 1, "1": 1, "false": 0, "no": 0, "0": 0}


class Wrong(Exception):
    """A cell that cannot be taken: a code, and what is said after its value (what is wrong and what is accepted)."""

    def __init__(self, code: str, reason: str) -> None:
        self.code, self.reason = code, reason
        super().__init__(reason)


def _cleaned(text: str, control: re.Pattern[str], longest: int) -> str:
    if control.search(text):
        raise Wrong("control-character", "holds a character that cannot be shown; type the text anew")
    if len(text) > longest:
        raise Wrong("too-long", f"has {len(text):,} characters; at most {longest:,} are accepted")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _name(text: str) -> str:
    return _cleaned(text, _CONTROL, LONGEST_NAME)


def _text(text: str) -> str:
    return _cleaned(text, _CONTROL_BUT_LINES, LONGEST_TEXT)


def _date(text: str) -> str:
    if not _DATE.fullmatch(text):
        raise Wrong("not-a-date", "is not a date; write it as YYYY-MM-DD, for example 2026-11-21")
    try:
        date.fromisoformat(text)
    except ValueError:
        raise Wrong("not-a-day", "is not a day of the calendar; write an existing day as YYYY-MM-DD") from None
    return text


def _date_of_us(text: str) -> str:
    found = _DATE_OF_US.fullmatch(text)
    if not found:
        raise Wrong("not-a-date", "is not a date; write it as MM/DD/YYYY, for example 11/21/2026")
    try:
        return date(int(found[3]), int(found[1]), int(found[2])).isoformat()
    except ValueError:
        raise Wrong("not-a-day", "is not a day of the calendar; write an existing day as MM/DD/YYYY") from None


def _moment(text: str) -> str:
    if _DATE.fullmatch(text):
        return _date(text)
    accepted = "write a day as YYYY-MM-DD, or a time with its offset as 2026-11-21T08:30:00+01:00"
    if not _MOMENT.fullmatch(text):
        raise Wrong("not-a-moment", f"is neither a day nor a time with an offset; {accepted}")
    try:
        moment = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Wrong("not-a-moment", f"is not a time that exists; {accepted}") from None
    return moment.isoformat().replace("+00:00", "Z")


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise Wrong("not-a-number", "is not a whole number; write digits only, for example 250")
    if len(text) > 11 or abs(int(text)) > MAX_QUANTITY:
        raise Wrong("too-large", f"is too large; at most {MAX_QUANTITY:,} is accepted")
    return int(text)


def _quantity(text: str) -> int:
    number = _whole(text)
    if number < 0:
        raise Wrong("negative", f"is negative; a number from 0 to {MAX_QUANTITY:,} is accepted")
    return number


def _quantity_or_unlimited(text: str) -> int:
    if text.casefold() == "unlimited":
        return UNLIMITED
    try:
        return _quantity(text)
    except Wrong as wrong:
        raise Wrong(wrong.code, f"{wrong.reason} (or the word unlimited)") from None


def _money(text: str) -> str:
    found = _MONEY.fullmatch(text)
    if not found:
        sign = "is negative; " if text.startswith("-") and _MONEY.fullmatch(text[1:]) else "is not an amount; "
        code = "negative" if sign == "is negative; " else "not-money"
        raise Wrong(code, sign + "write it as 1250.50, without currency sign and thousands separator")
    units, decimals = found[1].lstrip("0") or "0", (found[2] or "").rstrip("0")
    if len(decimals) > 6 or len(units) + len(decimals) > 15:
        raise Wrong("too-exact", "has too many digits; at most 15 digits, 6 of them decimals, are accepted")
    return f"{units}.{decimals:0<2}"


def _decimal(text: str) -> str:
    found = counting_tiers.decimal(text)
    if found is None:
        raise Wrong("not-a-number", "is not a number of 0 or more; write it as 0.5, with at most six decimals")
    return found


def _tiers(text: str) -> str:
    try:
        return counting_tiers.text_of(counting_tiers.parse(text))
    except ValueError as wrong:
        raise Wrong("not-tiers", str(wrong)) from None


def _figure(text: str) -> int:
    if text.casefold() == "unlimited":
        return UNLIMITED
    if not _FIGURE.fullmatch(text):
        raise Wrong("not-a-number", "is not a whole number; write digits only, or the word unlimited")
    return int(text)


def _time(text: str) -> str:
    if not _TIME.fullmatch(text):
        raise Wrong("not-a-time", "is not a time of day; write it as HH:MM, for example 09:30")
    return text


def _rate(text: str) -> str:
    if not _RATE.fullmatch(text) or not text.strip("0."):
        raise Wrong("not-a-rate", "is not a rate; write a number above 0, for example 0.92")
    return text


def _list(text: str) -> str:
    try:
        found: object = orjson.loads(text)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, list):
        raise Wrong("not-a-list", 'is not a list; write it as JSON, for example ["end-later"]')
    return orjson.dumps(found).decode()


def _currency(text: str) -> str:
    if not _CURRENCY.fullmatch(text):
        raise Wrong("not-a-currency", "is not a currency; write its three letters, for example EUR")
    return text.upper()


def _flag(text: str) -> int:
    try:
        return _FLAGS[text.casefold()]
    except KeyError:
        raise Wrong("not-a-flag", "is neither true nor false; write true or false (yes, no, 1 and 0 will do)") from None


def _choice(words: str) -> Converter:
    accepted = words.split("|")

    def choose(text: str) -> str:
        if text.casefold() not in accepted:
            raise Wrong("unknown-choice", f"is not known here; accepted: {', '.join(accepted)}")
        return text.casefold()

    return choose


_BY_KIND: Final[dict[str, Converter]] = {
    "name": _name,
    "text": _text,
    "date": _date,
    "date-of-us": _date_of_us,
    "moment": _moment,
    "quantity": _quantity,
    "quantity-or-unlimited": _quantity_or_unlimited,
    "whole": _whole,
    "money": _money,
    "currency": _currency,
    "flag": _flag,
    "decimal": _decimal,
    "tiers": _tiers,
    "figure": _figure,
    "time": _time,
    "rate": _rate,
    "list": _list,
}


def _by_kind(kind: str) -> Converter:
    word, _, rest = kind.partition(":")
    return _choice(rest) if word == "choice" else _name if word == "reference" else _BY_KIND[kind]


def is_text(column: Column) -> bool:
    """Whether the values of a column are free text (names, references, notes)."""
    return column.kind in {"name", "text"} or column.kind.startswith("reference:")


def converter(column: Column) -> Converter:
    """The converter of a column: trims, gives None for an empty cell that may be empty, raises Wrong.

    date (date-of-us reads MM/DD/YYYY): the ISO text; moment: the ISO day, or the time in UTC ending in Z; quantity,
    whole: int; unlimited: UNLIMITED; money: decimal text with two to six decimals; flag: 0 or 1; text, name, choice:
    str, NFC. A reference is a name here: whether it exists is for those who know the other tables.
    """
    convert = _by_kind(column.kind)

    def optional(cell: str) -> object:
        text = cell.strip()
        return convert(text) if text else None

    def required(cell: str) -> object:
        text = cell.strip()
        if not text:
            raise Wrong("required", "is empty, and it is needed")
        return convert(text)

    return required if column.required else optional
