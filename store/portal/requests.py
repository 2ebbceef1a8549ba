"""What a requester does: sees what may be requested and what that would lead to, submits, changes and withdraws.

Whoever submits is judged on the day of the request; whatever needs no approver is carried out at once, in the same
transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from rules import requests as rules
from rules.requests import Choice
from rules.vocabulary import APPROVE, ENTITLEMENT, NEVER, PENDING, REFUSED, TITLE
from store import names, rows
from store.book import Book
from store.errors import Unfit, Unknown
from store.facts import iso
from store.portal import effects, judging, state, writing
from store.portal.records import Effect, Line, Request, Span
from store.portal.state import Asked, Authorization, State
from store.tables import Request as RequestTable
from store.tables import RequestLine

GRANTED = "granted"


# -------------------------------------------------------------------------------------------------- what is on offer
@dataclass(frozen=True)
class EntitlementOffer:
    """An entitlement beside its title in a cart.

    `offered` says whether it may be chosen; else `reasons` say why not ("included" means that it comes anyway).
    `locked` ones go with their title. `held` is what the holder has of it; `until` is the last day on which it may be
    requested for him, None without one.
    """

    definition: str
    kind: str
    unit_price: Decimal | None
    offered: bool
    reasons: tuple[str, ...]
    locked: bool
    held: Span | None
    until: date | None


@dataclass(frozen=True)
class TitleOffer:
    """A title as it is offered to a holder: his authorization ("" for none), price, whether it needs an approver."""

    title: str
    price: Decimal | None
    currency: str
    authorization: str
    requires_approval: bool
    offered: bool
    reasons: tuple[str, ...]
    entitlements: tuple[EntitlementOffer, ...]


def offers(book: Book, holder: str, on: date, titles: Sequence[str] | None = None) -> list[TitleOffer]:
    """Every title (or those named) with its entitlements, as they are offered to a holder on a day. Raises Unknown."""
    known = state.read(book, [holder.strip()])
    named = effects.names_of(book)
    wanted = {names.number(book, "titles", title) for title in titles} if titles is not None else named.titles.keys()
    of_titles: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for number, name in named.definitions.items():
        of_titles[known.definitions[number].title].append((name, number))
    return [
        _title_offer(known, named, number, of_titles[number], holder.strip(), on.toordinal())
        for number, _ in sorted(named.titles.items(), key=lambda one: (one[1].casefold(), one[1]))
        if number in wanted
    ]


def _title_offer(
    known: State, named: effects.Names, number: int, of_title: list[tuple[str, int]], holder: str, on: int
) -> TitleOffer:
    title = known.titles[number]
    held = known.authorization(number, holder, on)
    ruling = rules.title(rules.Title(title.orderable))
    return TitleOffer(
        named.titles[number],
        _money(title.price),
        known.currency,
        held.authorization if held else "",
        bool(title.requires_approval),
        ruling.says != REFUSED,
        ruling.reasons,
        tuple(
            _entitlement_offer(known, one, name, held, on)
            for name, one in sorted(of_title, key=lambda pair: (pair[0].casefold(), pair[0]))
        ),
    )


def _entitlement_offer(known: State, number: int, name: str, held: Authorization | None, on: int) -> EntitlementOffer:
    definition = known.definitions[number]
    ruling = rules.wish(judging.wish(definition, definition.title, held, on, together=True))
    choice = rules.choice(Choice(definition.forced, int(held is not None)))
    offered = ruling.says != REFUSED
    present = known.held.get((held.id, number)) if held else None
    last = min(definition.ends_on, definition.contract_ends_on)
    if held and definition.max_days < NEVER:
        last = min(last, held.authorized_on + definition.max_days)
    return EntitlementOffer(
        name,
        "included" if definition.included else "optional",
        _money(definition.price),
        offered,
        ruling.reasons,
        offered and choice.says == judging.LOCKED,
        effects.span(present),
        effects.day(last),
    )


def _money(price: str | None) -> Decimal | None:
    return None if price is None else Decimal(price)


def forced_missing(book: Book, request: Request) -> list[str]:
    """Forced entitlements that a request leaves out although its titles bring them along. Raises Unknown."""
    titles = [line.title for line in request.lines if line.kind == TITLE]
    asked = {line.definition for line in request.lines}
    found = offers(book, request.holder, request.submitted_on, titles)
    return [
        one.definition for title in found for one in title.entitlements if one.locked and one.definition not in asked
    ]


def propose_number(book: Book, today: date) -> str:
    """A request number that is free: R-2026-001, and on from there."""
    start = f"R-{today.year}-"
    taken = book.rows("SELECT substr(request, ?) FROM requests WHERE request GLOB ?", (len(start) + 1, f"{start}*"))
    return f"{start}{max([int(rest) for (rest,) in taken if rest.isascii() and rest.isdigit()], default=0) + 1:03}"


def exists(book: Book, request: str) -> bool:
    """Whether there is a request of that number."""
    return rows.find(book, RequestTable, {"request": request.strip()}) is not None


# ------------------------------------------------------------------------------------------------------------ previews
def preview(book: Book, request: Request) -> list[Effect]:
    """What each line of a request would lead to if it were submitted and then approved. Nothing is stored.

    Raises Unknown and Unfit as `submit` does, but for forced entitlements that are missing.
    """
    known = state.read(book, [request.holder.strip()])
    lines = known.lines[0] = _drafted(book, request)
    judging.submit(known, lines)
    steps = {line.line: _step(line) for line in lines}
    approve_all(known, lines, request.submitted_on.toordinal())
    named = effects.names_of(book)
    return [effects.effect(named, line, steps[line.line]) for line in lines]


def _step(line: Asked) -> str:
    return line.outcome if line.outcome in (PENDING, REFUSED) else GRANTED


def approve_all(known: State, lines: Iterable[Asked], day: int) -> None:
    """Approve, in memory, every line that waits for it, titles first."""
    for line in sorted(lines, key=judging.in_order):
        if line.outcome == PENDING and not line.decided:
            judging.decide(known, line, APPROVE, day, "")


def _drafted(book: Book, request: Request) -> list[Asked]:
    head = (request.requester.strip(), request.holder.strip(), request.submitted_on.isoformat())
    return [
        state.asked((-number, 0, request.request, line.line, *_row(book, line).values(), *head))
        for number, line in enumerate(_checked(request.lines, request.submitted_on), 1)
    ]


# ---------------------------------------------------------------------------------------------------------- submitting
def submit(book: Book, request: Request) -> list[Effect]:
    """Store a request and judge its lines; what they lead to so far, in the order of the lines.

    Raises Unfit for a number that is taken, a line twice, a quantity of 0, an end before the start, an entitlement
    without definition, and a forced entitlement that is missing; Unknown for titles and definitions that do not exist.
    """
    key = {"request": names.name(request.request, "request")}
    values = {
        "requester": names.name(request.requester, "requester"),
        "holder": names.name(request.holder, "holder"),
        "submitted_on": request.submitted_on.isoformat(),
    }
    lines = _checked(request.lines, request.submitted_on)
    with book.transaction():
        if rows.find(book, RequestTable, key) is not None:
            raise Unfit(f"request: {key['request']!r} is in the book already. Give another number.")
        missing = forced_missing(book, request)
        if missing:
            raise Unfit(f"{', '.join(missing)}: this goes with its title. Leave the title out, too, or keep both.")
        rows.save(book, RequestTable, key, values, named=key["request"])
        number = names.number(book, "requests", key["request"])
        for line in lines:
            own = {"request_id": number, "line": line.line}
            rows.save(book, RequestLine, own, _row(book, line), named=f"{key['request']}|{line.line}")
        return _judged(book, number, values["holder"])


def _judged(book: Book, request: int, holder: str) -> list[Effect]:
    known = state.read(book, [holder], [request])
    named = effects.names_of(book)
    judging.submit(known, [line for line in known.lines[request] if not line.outcome])
    writing.write(book, known, named.definitions)
    return [effects.effect(named, line, _step(line)) for line in known.lines[request]]


def _checked(lines: Sequence[Line], day: date) -> list[Line]:
    """Lines as they are stored, of a request of that day. Raises Unfit for what no line can hold."""
    found = [_line(line, day) for line in lines]
    numbers = [line.line for line in found]
    twice = next((number for number in numbers if numbers.count(number) > 1), None)
    if twice is not None:
        raise Unfit(f"line: {twice!r} is there twice; give each line of a request a number of its own.")
    if not found:
        raise Unfit("lines: a request asks for something; add a title.")
    return found


def _line(line: Line, day: date) -> Line:
    if line.kind not in (TITLE, ENTITLEMENT):
        raise Unfit(f"kind: {line.kind!r} is none; possible are {TITLE} and {ENTITLEMENT}.")
    if (line.kind == ENTITLEMENT) != bool(line.definition.strip()):
        raise Unfit(f"line {line.line}: an entitlement names its definition, a title has none.")
    if names.units(line.quantity, "quantity") < 1:
        raise Unfit("quantity: 0 asks for nothing; 1 or more is possible.")
    start = line.start or day
    if line.kind == ENTITLEMENT and line.end and line.end < start:
        raise Unfit(f"end: {line.end} lies before the start, {start}.")
    return Line(names.name(line.line, "line"), *[getattr(line, name) for name in _REST])


_REST = ("kind", "title", "definition", "quantity", "start", "end")


def _row(book: Book, line: Line) -> dict[str, str | int | None]:
    """The columns of a line, in the order in which `state.asked` takes them."""
    return {
        "kind": line.kind,
        "title_id": names.number(book, "titles", line.title),
        "definition_id": names.optional(book, "entitlement_definitions", line.definition),
        "quantity": line.quantity,
        "starts_on": line.start.isoformat() if line.start else None,
        "ends_on": line.end.isoformat() if line.end else None,
    }


# ------------------------------------------------------------------------------------------------- changed, withdrawn
def change(book: Book, request: str, line: Line) -> Effect:
    """Change a line that is pending or was refused; it is judged anew on the day of the request.

    Raises Unknown; Unfit as `submit` does, and for a line that was decided or carried out.
    """
    with book.transaction():
        day = rows.get(book, RequestTable, names.number(book, "requests", request))["submitted_on"]
        (checked,) = _checked([line], date.fromisoformat(day))
        known = _known(book, request)
        held = one_of(known, request, checked.line)
        if held.decided or held.outcome not in (PENDING, REFUSED):
            raise Unfit(f"request {request!r}, line {held.line!r} is {held.outcome} and stays as it is. Request anew.")
        fresh = {"price": None, "currency": "", "outcome": "", "reasons": "[]", "warnings": "[]", "trail": "[]"}
        values = {**_row(book, checked), **fresh, "authorization_id": None}
        rows.save(book, RequestLine, {"id": held.id}, values, named=f"{held.request}|{held.line}")
        found = _judged(book, held.request_id, held.holder)
    return next(one for one in found if one.line == checked.line)


def withdraw(book: Book, request: str, lines: Iterable[str] = (), *, by: str = "") -> None:
    """Take lines back that nobody has decided on, or all of a request that are pending; `by` is oneself without a name.

    Raises Unknown; Unfit for a line that is not pending, and for a request of somebody else.
    """
    with book.transaction():
        known = _known(book, request)
        (every,) = known.lines.values()
        chosen = [one_of(known, request, line) for line in lines] or [one for one in every if one.outcome == PENDING]
        for line in sorted(chosen, key=judging.in_order):
            if line.outcome == PENDING or lines:
                _withdraw(known, line, by or book.who)
        writing.write(book, known, effects.names_of(book).definitions)


def _withdraw(known: State, line: Asked, by: str) -> None:
    ruling = judging.withdraw(known, line, by)
    if ruling.says == REFUSED and line.reasons != ("title-denied",):
        raise Unfit(f"request {line.request!r}, line {line.line!r}: {_WHY[ruling.reasons[0]]}.")


_WHY = {
    "not-pending": "this is not pending any more",
    "not-the-requester": "only who has made a request can withdraw it; others deny it",
}


def _known(book: Book, request: str) -> State:
    number = names.number(book, "requests", request)
    held = rows.get(book, RequestTable, number)
    return state.read(book, [held["holder"]], [number])


def one_of(known: State, request: str, line: str) -> Asked:
    """A line of a request that was read. Raises Unknown."""
    return one_in(by_key(known), request, line)


def by_key(known: State) -> dict[tuple[str, str], Asked]:
    """All lines that were read, by request and line."""
    return {(one.request, one.line): one for lines in known.lines.values() for one in lines}


def one_in(lines: Mapping[tuple[str, str], Asked], request: str, line: str) -> Asked:
    """One of the lines. Raises Unknown."""
    if (request, line) not in lines:
        raise Unknown(f"request {request!r} has no line {line!r}.")
    return lines[request, line]


def read(book: Book, request: str) -> Request:
    """A request as it was made. Raises Unknown."""
    known = _known(book, request)
    named = effects.names_of(book)
    held = rows.get(book, RequestTable, names.number(book, "requests", request))
    lines = [line for found in known.lines.values() for line in found]
    day = date.fromisoformat(held["submitted_on"])
    return Request(held["request"], held["requester"], held["holder"], day, tuple(_record(named, one) for one in lines))


def _record(named: effects.Names, line: Asked) -> Line:
    title, definition = named.titles[line.title], named.definitions.get(line.definition or 0, "")
    if line.kind == TITLE:
        return Line(line.line, line.kind, title, "", line.quantity)
    start, end = date.fromisoformat(iso(line.starts_on) or ""), effects.day(line.ends_on)
    return Line(line.line, line.kind, title, definition, line.quantity, start, end)


def effects_of(book: Book, request: str) -> list[Effect]:
    """The lines of a request as they are; what waits is shown as an approval today would leave it. Raises Unknown."""
    known = _known(book, request)
    lines = [line for found in known.lines.values() for line in found]
    steps = [line.outcome for line in lines]
    approve_all(known, lines, date.fromisoformat(book.now()[:10]).toordinal())
    named = effects.names_of(book)
    return [effects.effect(named, line, step) for line, step in zip(lines, steps, strict=True)]


def trails(book: Book, request: str) -> list[tuple[str, str, state.Trail]]:
    """The number of each line of a request, what it asks for, and the rules that decided on it. Raises Unknown."""
    known = _known(book, request)
    named = effects.names_of(book)
    return [
        (line.line, named.definitions.get(line.definition or 0) or named.titles[line.title], line.trail)
        for found in known.lines.values()
        for line in sorted(found, key=judging.in_order)
    ]
