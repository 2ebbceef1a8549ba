"""Loads decisions, and applies them: requests are judged on their days and decisions on theirs, in one order.

On one day requests come first, then decisions by request and line. A decision that does not count is a finding with its
place, and then nothing of the import is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

import orjson

from rules.formulas import natural
from rules.vocabulary import REFUSED
from store import bulk
from store.book import Book
from store.facts import ordinal
from store.imports import staging
from store.imports.checks import checked, quick
from store.imports.finding import ERROR, WARNING, Finding, Severity
from store.imports.loading import Out
from store.imports.looking import NEW, UNCHANGED
from store.imports.source import RawTable
from store.imports.staging import Counts
from store.portal import judging, state, writing
from store.portal.effects import names_of
from store.portal.state import Asked, Decided, Definition, State

if TYPE_CHECKING:
    from store.imports.load import Work


class Given(NamedTuple):
    """A decision of the input, and where it stands."""

    request: int
    line: str
    decision: str
    decided_on: str
    decided_by: str
    reason: str
    part: int
    row: int


@dataclass
class Portal:
    """What an import holds back until all tables are in."""

    known: Mapping[str, int] = field(default_factory=dict[str, int])
    """Table -> the largest id before the import."""
    parts: Sequence[RawTable] = ()
    decisions: list[Given] = field(default_factory=list[Given])


def ends(book: Book) -> dict[str, int]:
    """Where those tables end whose rows decisions change."""
    tables = ("request_lines", "deployed_entitlements")
    return {table: book.value(f"SELECT coalesce(max(id), 0) FROM {table}") for table in tables}


OUT: Final = Out(
    {
        "request": "(SELECT r.request FROM request_lines l JOIN requests r ON r.id = l.request_id"
        " WHERE l.id = t.line_id)",
        "line": "(SELECT l.line FROM request_lines l WHERE l.id = t.line_id)",
    }
)
"""How decisions leave the book again."""


# ------------------------------------------------------------------------------------------------------------ reading
def load(work: Work, parts: Sequence[RawTable]) -> None:
    """Check the cells of decisions, and keep those that are not in the book yet."""
    portal = work.portal
    portal.parts = parts
    found = [one for number, raw in enumerate(parts) for one in _read(work, number, raw)]
    seen: dict[tuple[int, str], Given] = {}
    for one in found:
        first = seen.setdefault((one.request, one.line), one)
        if first is not one:
            place = parts[first.part].place
            text = f"is a duplicate: row {first.row} of {place} has this key already; keep one of them"
            _say(work, one, "request", "duplicate-key", text)
    if work.failed:
        return
    held = _held(work.book, seen)
    for key, one in seen.items():
        if key not in held:
            portal.decisions.append(one)
        elif held[key] != one[2:6]:
            _say(work, one, "decision", "decided-already", "is not what was decided before; a decision stays as it is")
    if work.look is not None:
        work.look.note(parts, ((one.part, one.row, UNCHANGED if key in held else NEW) for key, one in seen.items()))
    work.counts["decisions"] = Counts(len(portal.decisions), 0, len(seen) - len(portal.decisions))


def _read(work: Work, part: int, raw: RawTable) -> Iterable[Given]:
    requests = work.references.converter(raw.table.column("request"))
    converters = {column.name: quick(column, "" if column.name == "reason" else None) for column in raw.table.columns}
    for numbers, rows in checked(raw, {**converters, "request": requests}, work.findings.append, {"reason": ""}):
        for number, row in zip(numbers, rows, strict=True):
            yield Given(*row, part, number)  # type: ignore[arg-type]  # converters give what the columns say


def _held(book: Book, keys: Iterable[tuple[int, str]]) -> dict[tuple[int, str], tuple[str, ...]]:
    """The decisions that the book has on lines of some requests."""
    sql = """SELECT l.request_id, l.line, d.decision, d.decided_on, d.decided_by, d.reason
        FROM json_each(?) n CROSS JOIN request_lines l ON l.request_id = n.value
        CROSS JOIN decisions d ON d.line_id = l.id"""
    numbers = orjson.dumps(sorted({request for request, _ in keys})).decode()
    return {(row[0], row[1]): row[2:] for row in book.each(sql, (numbers,))}


def _say(work: Work, one: Given, column: str, code: str, text: str, severity: Severity = ERROR) -> None:
    raw = work.portal.parts[one.part]
    cell = staging.quote(work.portal.parts, [(one.part, one.row)], [column]).get((one.part, one.row), "the cell")
    work.findings.append(Finding(severity, code, raw.cell_place(one.row, column), f"{cell} {text}"))


# ----------------------------------------------------------------------------------------------------------- applying
def settle(work: Work) -> None:
    """Judge the requests that are new, and apply the decisions, in the order of their days."""
    book, portal = work.book, work.portal
    after = portal.known["request_lines"]
    _bring_back(work, after)
    new = "SELECT DISTINCT request_id FROM request_lines WHERE id > ? AND outcome = ''"
    requests = {row[0] for row in book.rows(new, (after,))} | {one.request for one in portal.decisions}
    if work.failed or not requests:
        return
    known = _read_state(book, requests)
    for act in _acts(work, known):
        act()
    if not work.failed:
        writing.write(book, known, names_of(book).definitions, portal.known)


def _bring_back(work: Work, after: int) -> None:
    """Decisions on lines that came with what became of them are no longer judged: they are what they were."""
    book, portal = work.book, work.portal
    if work.failed or not portal.decisions:
        return
    sql = """SELECT request_id, line, id FROM request_lines WHERE id > ?
        AND (outcome NOT IN ('', 'pending') OR instr(reasons, '"waits-for-title"'))"""
    judged = {(request, line): number for request, line, number in book.each(sql, (after,))}
    kept = [one for one in portal.decisions if (one.request, one.line) in judged]
    portal.decisions = [one for one in portal.decisions if (one.request, one.line) not in judged]
    rows = ((judged[one.request, one.line], *one[2:6]) for one in kept)
    bulk.insert(book, "decisions", ("line_id", "decision", "decided_on", "decided_by", "reason"), rows)


def _read_state(book: Book, requests: Iterable[int]) -> State:
    numbers = sorted(requests)
    sql = "SELECT DISTINCT r.holder FROM json_each(?) n CROSS JOIN requests r ON r.id = n.value"
    holders = [row[0] for row in book.each(sql, (orjson.dumps(numbers).decode(),))]
    return state.read(book, holders, numbers)


def _acts(work: Work, known: State) -> list[Callable[[], None]]:
    """What is to be done, in order: requests before the decisions of their day, these by request and line."""
    found: list[tuple[tuple[object, ...], Callable[[], None]]] = []
    forced = {number: one for number, one in known.definitions.items() if one.forced}
    for lines in known.lines.values():
        new = [line for line in lines if not line.outcome]
        if new:
            first = new[0]
            key = (first.submitted_on, 0, natural(first.request), first.request)
            found.append((key, lambda new=new: _submit(work, known, new, forced)))
    by_key = {(line.request_id, line.line): line for lines in known.lines.values() for line in lines}
    for one in work.portal.decisions:
        line = by_key.get((one.request, one.line))
        if line is None:
            _say(work, one, "line", "unknown-line", "is no line of this request; add it to request_lines")
        else:
            day = max(ordinal(one.decided_on), line.submitted_on)  # an early one finds its line judged, and is told
            key = (day, 1, *judging.in_request(line))
            found.append((key, lambda one=one, line=line: _decide(work, known, line, one)))
    found.sort(key=lambda pair: pair[0])
    return [act for _, act in found]


def _submit(work: Work, known: State, lines: Sequence[Asked], forced: Mapping[int, Definition]) -> None:
    """Judge a new request; what goes with its titles and was not asked for is told."""
    missing = judging.left_out(known, lines, forced) if forced else []
    judging.submit(known, lines)
    for line, number in missing:
        name = names_of(work.book).definitions[number]
        text = f'"{name}" goes with this title and was not asked for; give it a line of its own'
        place = f'request_lines, request "{line.request}", line "{line.line}"'
        work.findings.append(Finding(WARNING, "forced-missing", place, f"{text} (rule requests.forced)"))


def _decide(work: Work, known: State, line: Asked, one: Given) -> None:
    day = ordinal(one.decided_on)
    by_rules = line.outcome == REFUSED and not line.decided
    ruling = judging.decide(known, line, one.decision, day, one.decided_by, one.reason)
    if ruling.says != REFUSED:
        return
    if by_rules and ruling.reasons == ("not-pending",):
        line.decided = True
        known.decisions.append(Decided(line, one.decision, day, one.decided_by, one.reason))
        text = f"changes nothing: the line was refused by rule {line.trail[-1][0][0]} on the day of the request"
        _say(work, one, "decision", "decision-without-effect", text, WARNING)
        return
    for reason in ruling.reasons:
        column, text = _REASONS[reason]
        _say(work, one, column, reason, f"{text.format(line=line)} (rule requests.{reason})")


_REASONS: Final = {
    "not-pending": ("decision", "decides on a line that is not pending but {line.outcome}; leave the decision out"),
    "own-request": ("decided_by", "is the requester, and nobody approves his own request; name who approved it"),
    "decided-early": ("decided_on", "lies before the day of the request; correct one of the two"),
}
"""Why a decision does not count: the column that is wrong, and what is said of it."""
