"""Requests and decisions, judged by the rules against what is known, one after the other. Nothing is written here.

Titles of a request come before its entitlements, which need the authorization. Whatever is approved is compared with
what is held at that moment, so two approvals of the same entitlement find each other's result.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Context, Decimal
from typing import Final

from rules import optional_entitlements, requests
from rules.conclusions import Ruling
from rules.formulas import natural
from rules.optional_entitlements import Effect, Update
from rules.requests import Choice, Decision, Grant, Line, Wish, Withdrawal
from rules.requests import Title as TitleFact
from rules.vocabulary import (
    APPROVE,
    AUTHORIZED,
    CANCELLED,
    CREATED,
    DENIED,
    DENY,
    PENDING,
    REFUSED,
    REPLACED,
    TITLE,
)
from store.portal.state import Asked, Authorization, Charge, Decided, Definition, Held, State

DEPLOYED: Final = "deployed"
LOCKED: Final = "locked"
_STANDING: Final = (PENDING, AUTHORIZED)
_EXACT: Final = Context(prec=60)
_CENTS: Final = Decimal("0.01")


def in_order(line: Asked) -> tuple[object, ...]:
    """The order of the lines of a request: titles first, then by number as people count."""
    return line.kind != TITLE, natural(line.line), line.line


def in_request(line: Asked) -> tuple[object, ...]:
    """The order of lines of several requests."""
    return natural(line.request), line.request, *in_order(line)


# ---------------------------------------------------------------------------------------------------------- requests
def submit(state: State, lines: Sequence[Asked]) -> None:
    """Judge the lines of one request that are new on its day: refused, pending, or granted and carried out at once."""
    for line in sorted(lines, key=in_order):
        line.currency = state.currency
        if line.kind == TITLE:
            _submit_title(state, line)
        else:
            _submit_entitlement(state, line)


def _submit_title(state: State, line: Asked) -> None:
    title = state.titles[line.title]
    line.price = title.price
    fact = TitleFact(title.orderable)
    if _offered(line, requests.title(fact), fact):
        held = state.authorization(line.title, line.holder, line.submitted_on) is not None
        _begin(state, line, Line(0, int(held), title.requires_approval))


def _submit_entitlement(state: State, line: Asked) -> None:
    definition = state.definitions[line.definition or 0]
    line.price = definition.price
    titles = [one for one in state.lines[line.request_id] if one.kind == TITLE and one.title == line.title]
    together = any(one.outcome in _STANDING for one in titles)
    held = _held_before(state, line, titles)
    fact = wish(definition, line.title, held, line.submitted_on, together=together)
    if _offered(line, requests.wish(fact), fact):
        choice = Choice(definition.forced, int(held is not None))
        line.trail.append((requests.choice(choice).rules, choice))
        _begin(state, line, Line(1, int(held is not None), state.titles[line.title].requires_approval))


def _held_before(state: State, line: Asked, titles: Sequence[Asked]) -> Authorization | None:
    """The authorization that a holder had before a request: not the one to which its title has just led."""
    held = state.authorization(line.title, line.holder, line.submitted_on)
    return None if any(one.authorization is held and not one.reasons for one in titles) else held


def left_out(state: State, lines: Sequence[Asked], forced: Mapping[int, Definition]) -> list[tuple[Asked, int]]:
    """Title lines of a new request whose forced entitlements it lacks, and those (their ids); before `submit`."""
    asked = {one.definition for line in lines for one in state.lines[line.request_id]}
    return [
        (line, number)
        for line in sorted(lines, key=in_order)
        for number, one in forced.items()
        if line.kind == TITLE and one.title == line.title and number not in asked and _goes_along(state, line, one)
    ]


def _goes_along(state: State, line: Asked, definition: Definition) -> bool:
    held = state.authorization(line.title, line.holder, line.submitted_on)
    offer = requests.wish(wish(definition, line.title, held, line.submitted_on, together=True))
    title = requests.title(TitleFact(state.titles[line.title].orderable))
    locked = requests.choice(Choice(definition.forced, int(held is not None))).says == LOCKED
    return locked and REFUSED not in (offer.says, title.says)


def wish(definition: Definition, title: int, held: Authorization | None, day: int, *, together: bool) -> Wish:
    """What the rules see of an entitlement that is asked for on a day, for whoever has an authorization or has not."""
    return Wish(
        int(together),
        int(definition.title == title),
        definition.included,
        definition.orderable,
        definition.starts_on,
        definition.ends_on,
        definition.contract_ends_on,
        held.authorized_on if held else 0,
        definition.max_days,
        day,
    )


def _offered(line: Asked, ruling: Ruling, fact: tuple[int, ...]) -> bool:
    line.trail.append((ruling.rules, fact))
    if ruling.says == REFUSED:
        line.outcome, line.reasons = REFUSED, ruling.reasons
    return ruling.says != REFUSED


def _begin(state: State, line: Asked, fact: Line) -> None:
    ruling = requests.line(fact)
    line.trail.append((ruling.rules, fact))
    line.outcome = PENDING
    if ruling.says != PENDING:
        _grant(state, line, line.submitted_on)


def withdraw(state: State, line: Asked, by: str) -> Ruling:
    """Take a pending line back, and with a title the entitlements that hang on it. "refused" changes nothing."""
    fact = Withdrawal(int(line.outcome == PENDING), int(same(by, line.requester)))
    ruling = requests.withdrawal(fact)
    if ruling.says != REFUSED:
        _close(state, line, CANCELLED, ruling, fact)
    return ruling


# --------------------------------------------------------------------------------------------------------- decisions
def decide(state: State, line: Asked, decision: str, day: int, by: str, reason: str = "") -> Ruling:
    """Approve or deny a line, and carry an approval out. A ruling "refused" changes nothing, and says why."""
    fact = Decision(
        int(_is_open(line, decision)),
        int(same(by, line.requester)),
        int(decision == APPROVE),
        day,
        line.submitted_on,
    )
    ruling = requests.decision(fact)
    if ruling.says == REFUSED:
        return ruling
    line.decided = True
    state.decisions.append(Decided(line, decision, day, by, reason))
    if ruling.says == DENY:
        _close(state, line, DENIED, ruling, fact)
    else:
        line.trail.append((ruling.rules, fact))
        _grant(state, line, day)
    return ruling


def _is_open(line: Asked, decision: str) -> bool:
    """Whether a line can still be decided. What was canceled with its title may be denied by itself, too."""
    with_title = line.outcome == CANCELLED and line.reasons == ("title-denied",)
    return not line.decided and (line.outcome == PENDING or (decision == DENY and with_title))


def same(one: str, other: str) -> bool:
    """Whether two names are those of one person."""
    return one.strip().casefold() == other.strip().casefold()


def _close(state: State, line: Asked, outcome: str, ruling: Ruling, fact: tuple[int, ...]) -> None:
    """End a line without effect. Entitlements do not stay without their title."""
    line.trail.append((ruling.rules, fact))
    line.outcome, line.reasons = outcome, ruling.reasons
    if line.kind == TITLE:
        for other in sorted(_entitlements(state, line), key=in_order):
            if _title_lost(state, other):
                _grant(state, other, line.submitted_on)


def _entitlements(state: State, title: Asked) -> list[Asked]:
    """Those entitlements of a request that wait and belong to a title of it."""
    return [
        one
        for one in state.lines[title.request_id]
        if one.kind != TITLE and one.title == title.title and one.outcome == PENDING
    ]


def _title_lost(state: State, line: Asked) -> bool:
    titles = [one for one in state.lines[line.request_id] if one.kind == TITLE and one.title == line.title]
    return not any(one.outcome in _STANDING for one in titles)


def _title_open(state: State, line: Asked) -> bool:
    lines = state.lines[line.request_id]
    return any(one.outcome == PENDING for one in lines if one.kind == TITLE and one.title == line.title)


# ---------------------------------------------------------------------------------------------------------- carried out
def _grant(state: State, line: Asked, day: int) -> None:
    """Carry out what was granted or approved."""
    held = state.authorization(line.title, line.holder, day)
    if line.kind == TITLE:
        _grant_title(state, line, held, day)
        return
    fact = Grant(1, int(held is not None), int(_title_open(state, line)), int(_title_lost(state, line)))
    ruling = requests.grant(fact)
    line.trail.append((ruling.rules, fact))
    if ruling.says == DEPLOYED and held is not None:
        line.authorization = held
        _update(state, line, held, day)
    else:
        line.outcome, line.reasons = ruling.says, ruling.reasons


def _grant_title(state: State, line: Asked, held: Authorization | None, day: int) -> None:
    fact = Grant(0, int(held is not None), 0, 0)
    ruling = requests.grant(fact)
    line.trail.append((ruling.rules, fact))
    line.outcome, line.reasons = ruling.says, ruling.reasons
    line.authorization = held or _authorize(state, line, day)
    if ruling.charged:
        _charge(state, line, day, ruling.rules[0])
    for other in sorted(_entitlements(state, line), key=in_order):
        if other.decided:  # it was approved before its title was
            _grant(state, other, day)


def _authorize(state: State, line: Asked, day: int) -> Authorization:
    name = first = f"{line.request}/{line.line}"
    number = 1
    while name in state.names:
        number += 1
        name = f"{first}/{number}"
    made = Authorization(state.next_authorization, name, line.title, line.holder, day, units=line.quantity)
    state.next_authorization += 1
    state.names.add(name)
    state.authorizations.setdefault((line.title, line.holder), []).append(made)
    state.authorized.append(made)
    return made


def _update(state: State, line: Asked, authorization: Authorization, day: int) -> None:
    """The update rule: what is held is created, replaced as a whole, or left as it is."""
    definition = line.definition or 0
    held = line.before = state.held.get((authorization.id, definition))
    old = (1, held.quantity, held.ends_on) if held else (0, 0, 0)
    fact = Update(*old, line.quantity, line.ends_on)
    ruling = optional_entitlements.update(fact)
    line.outcome, line.reasons = ruling.says, ruling.reasons
    if held is not None:
        _warn(line, held, day)
    line.trail.append((ruling.rules, fact))  # last, because it is what concludes
    if ruling.says in (CREATED, REPLACED):
        _deploy(state, line, authorization, day)
    else:
        line.after = held
    if ruling.charged:
        _charge(state, line, day, ruling.rules[0])


def _warn(line: Asked, held: Held, day: int) -> None:
    old = held.quantity, held.starts_on, held.ends_on
    fact = Effect(int(line.outcome == REPLACED), *old, line.quantity, line.starts_on, line.ends_on, day)
    warned = optional_entitlements.effect(fact)
    if warned.rules:
        line.warnings = warned.warnings
        line.trail.append((warned.rules, fact))


def _deploy(state: State, line: Asked, authorization: Authorization, day: int) -> None:
    held = line.before
    number = 1
    if held is not None:
        held.replaced_on, number = day, held.number + 1
        state.replaced.append(held)
    made = Held(
        state.next_held,
        authorization,
        line.definition or 0,
        number,
        line.quantity,
        line.starts_on,
        line.ends_on,
        line.id,
    )
    state.next_held += 1
    state.held[authorization.id, made.definition] = line.after = made
    state.deployed.append(made)


def _charge(state: State, line: Asked, day: int, rule: str) -> None:
    """Charge the price of the request for the whole quantity. What has no price is not charged."""
    if line.price is None:
        return
    amount = _EXACT.multiply(Decimal(line.price), Decimal(line.quantity))
    if amount:
        cents = amount.quantize(_CENTS, context=_EXACT)
        line.amount = f"{cents if cents == amount else amount.normalize(_EXACT):f}"
        state.charges.append(Charge(line, line.amount, day, rule))
