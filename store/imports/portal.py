"""How the tables of the portal go into the book: titles, definitions, authorizations, requests and their lines.

What was asked for stays as it was asked: requests and lines come once, and an import that says otherwise is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from rules.vocabulary import ENTERED, NO_VERSIONS
from store.imports.loading import Loading, Out, Rows, Rule
from store.imports.source import RawTable
from store.imports.staging import Target
from store.portal.state import OUTCOME

if TYPE_CHECKING:
    from store.imports.load import Work


def _listed(work: Work, rows: Rows) -> Rows:
    """Titles with the day on which they came into the book."""
    day = None if work.whole else work.as_of.isoformat()
    return [(*row[:5], row[5] or day or "") for row in rows]


def _brought(work: Work, rows: Rows) -> Rows:
    """Periods with the line that brought them: None where none did, -1 where there is no such line."""
    sql = "SELECT request_id, line, id FROM request_lines"
    lines = {(one, line): number for one, line, number in work.book.each(sql)} if any(row[7] for row in rows) else {}
    return [(*row[:7], lines.get((row[7], row[8]), -1) if row[7] else None) for row in rows]


def _keep_replaced(work: Work, parts: Sequence[RawTable]) -> None:
    """What file and book do not say of a period stays as it is."""
    if not any(column.name == "replaced_on" for raw in parts for column in raw.columns):
        work.book.run(
            "UPDATE staged_deployed_entitlements AS s SET replaced_on = t.replaced_on FROM deployed_entitlements t"
            " WHERE t.authorization_id = s.authorization_id AND t.definition_id = s.definition_id"
            " AND t.number = s.number"
        )


def _keep_outcomes(work: Work, _: Sequence[RawTable]) -> None:
    """A line of which the file does not say what became of it stays as it is."""
    columns = ", ".join(f"{column} = t.{column}" for column in OUTCOME)
    work.book.run(
        f"UPDATE staged_request_lines AS s SET {columns} FROM request_lines t"
        " WHERE t.request_id = s.request_id AND t.line = s.line AND s.outcome = ''"
    )


def _nothing(column: str, what: str) -> Rule:
    return Rule(f"s.{column} = 0", column, "not-positive", f"{what}; give 1 or more")


def _differs(table: str, key: str, *columns: str, unless: str = "0") -> str:
    """The condition that the book has a row of that key with other values."""
    same = " AND ".join(f"t.{column} = s.{column}" for column in key.split())
    other = " OR ".join(f"t.{column} IS NOT s.{column}" for column in columns)
    return f"EXISTS (SELECT 1 FROM {table} t WHERE {same} AND ({other}) AND NOT ({unless}))"


_USED_DEFINITION: Final = """NOT EXISTS (SELECT 1 FROM deployed_entitlements x WHERE x.definition_id = t.id)
    AND NOT EXISTS (SELECT 1 FROM request_lines x WHERE x.definition_id = t.id)"""
_USED_AUTHORIZATION: Final = """NOT EXISTS (SELECT 1 FROM deployed_entitlements x WHERE x.authorization_id = t.id)
    AND NOT EXISTS (SELECT 1 FROM request_lines x WHERE x.authorization_id = t.id)"""
_OF_ANOTHER: Final = """(SELECT title_id FROM authorizations a WHERE a.id = s.authorization_id)
    <> (SELECT title_id FROM entitlement_definitions d WHERE d.id = s.definition_id)
    AND NOT EXISTS (SELECT 1 FROM deployed_entitlements t
        WHERE t.authorization_id = s.authorization_id AND t.definition_id = s.definition_id)"""
_BEGIN: Final = "coalesce(s.starts_on, (SELECT r.submitted_on FROM requests r WHERE r.id = s.request_id))"

LOADINGS: Final[Mapping[str, Loading]] = {
    "titles": Loading(
        Target(
            "titles",
            ("title", "product_id", "requires_approval", "orderable", "price", "listed_on"),
            ("title",),
            "title",
            keep=frozenset(("product_id", "requires_approval", "orderable", "price", "listed_on")),
        ),
        ("title", "product", "requires_approval", "orderable", "price", "listed_on"),
        {"requires_approval": 1, "orderable": 1},
        shape=_listed,
    ),
    "entitlement_definitions": Loading(
        Target(
            "entitlement_definitions",
            tuple(
                "definition title_id kind unit_price max_request_days starts_on ends_on contract_id orderable forced"
                " version_right".split()
            ),
            ("definition",),
            "definition",
            keep=frozenset(
                "unit_price max_request_days starts_on ends_on contract_id orderable forced version_right".split()
            ),
        ),
        tuple(
            "definition title kind unit_price max_request_days starts_on ends_on contract orderable forced"
            " version_right".split()
        ),
        {"orderable": 1, "forced": 0, "version_right": NO_VERSIONS},
        rules=(
            Rule(
                "s.ends_on < s.starts_on",
                "ends_on",
                "end-before-start",
                'lies before starts_on "{0}"; give an end on or after it, or none',
                "s.starts_on",
            ),
            Rule(
                _differs("entitlement_definitions", "definition", "title_id", "kind", unless=_USED_DEFINITION),
                "definition",
                "definition-in-use",
                "was requested or is deployed already: it keeps its title and kind; give the other one its own name",
            ),
        ),
    ),
    "authorizations": Loading(
        Target(
            "authorizations",
            ("authorization", "title_id", "holder", "authorized_on", "units", "how", "ended_on"),
            ("authorization",),
            "authorization",
            keep=frozenset(("units", "how", "ended_on")),
        ),
        ("authorization", "title", "holder", "authorized_on", "units", "how", "ended_on"),
        {"units": 1, "how": ENTERED},
        rules=(
            _nothing("units", "authorizes nothing"),
            Rule(
                "s.ended_on < s.authorized_on",
                "ended_on",
                "end-before-start",
                'lies before the authorization "{0}"; give that day or a later one, or none',
                "s.authorized_on",
                given=True,
            ),
            Rule(
                _differs("authorizations", "authorization", "title_id", "holder", unless=_USED_AUTHORIZATION),
                "authorization",
                "authorization-in-use",
                "holds entitlements or comes from a request: it keeps title and holder; give another one its own name",
            ),
        ),
    ),
    "requests": Loading(
        Target("requests", ("request", "requester", "holder", "submitted_on"), ("request",), "request"),
        ("request", "requester", "holder", "submitted_on"),
        {},
        rules=(
            Rule(
                _differs("requests", "request", "requester", "holder", "submitted_on"),
                "request",
                "submitted-already",
                "was submitted before by or for somebody else, or on another day; give this one its own number",
            ),
        ),
    ),
    "request_lines": Loading(
        Target(
            "request_lines",
            ("request_id", "line", "kind", "title_id", "definition_id", "quantity", "starts_on", "ends_on", *OUTCOME),
            ("request_id", "line"),
            "line",
            keep=frozenset(("definition_id", "quantity", "starts_on", "ends_on", *OUTCOME)),
        ),
        (
            *("request", "line", "kind", "title", "definition", "quantity", "start", "end"),
            *(column.removesuffix("_id") for column in OUTCOME),
        ),
        {"quantity": 1, "currency": "", "outcome": "", "reasons": "[]", "warnings": "[]", "trail": "[]"},
        prepare=_keep_outcomes,
        rules=(
            _nothing("quantity", "asks for nothing"),
            Rule(
                f"s.kind = 'entitlement' AND s.ends_on < {_BEGIN}",
                "end",
                "end-before-start",
                'lies before the start "{0}"; give an end on or after it, or none',
                _BEGIN,
            ),
            Rule(
                "s.kind = 'entitlement' AND s.definition_id IS NULL",
                "definition",
                "definition-needed",
                "does not say which entitlement is asked for; name its definition",
                telling=True,
            ),
            Rule(
                "s.kind = 'title' AND s.definition_id IS NOT NULL",
                "definition",
                "definition-of-a-title",
                "is no part of a title line; give the entitlement a line of its own",
            ),
            Rule(
                _differs(
                    "request_lines",
                    "request_id line",
                    *("kind", "title_id", "definition_id", "quantity", "starts_on", "ends_on"),
                ),
                "line",
                "submitted-already",
                "was submitted before as something else; withdraw it, and ask with a line of its own",
            ),
            Rule(
                _differs("request_lines", "request_id line", "outcome", unless="t.outcome IN ('', 'pending')"),
                "outcome",
                "decided-already",
                "is not what became of it in the book, where it is {0}; that stays",
                "(SELECT t.outcome FROM request_lines t WHERE t.request_id = s.request_id AND t.line = s.line)",
            ),
        ),
    ),
    "deployed_entitlements": Loading(
        Target(
            "deployed_entitlements",
            tuple("authorization_id definition_id quantity starts_on ends_on number replaced_on line_id".split()),
            ("authorization_id", "definition_id", "number"),
            "authorization",
            keep=frozenset(("ends_on", "replaced_on", "line_id")),
        ),
        ("authorization", "definition", "quantity", "start", "end", "number", "replaced_on", "request"),
        {"number": 1},
        out=Out(
            {
                "request": "(SELECT r.request FROM request_lines l JOIN requests r ON r.id = l.request_id"
                " WHERE l.id = t.line_id)",
                "line": "(SELECT l.line FROM request_lines l WHERE l.id = t.line_id)",
            }
        ),
        rules=(
            _nothing("quantity", "deploys nothing"),
            _nothing("number", "numbers no period"),
            Rule(
                "s.line_id = -1",
                "line",
                "unknown-line",
                "is no line of this request; add it to request_lines",
                telling=True,
            ),
            Rule(
                _differs(
                    "deployed_entitlements",
                    "authorization_id definition_id number",
                    "replaced_on",
                    unless="t.replaced_on IS NULL",
                ),
                "definition",
                "requested-since",
                "was replaced for this authorization since; leave the row as it was",
            ),
            Rule(
                "s.ends_on < s.starts_on",
                "end",
                "end-before-start",
                'lies before the start "{0}"; give an end on or after it, or none',
                "s.starts_on",
            ),
            Rule(
                _OF_ANOTHER,
                "definition",
                "of-another-title",
                "is an entitlement of another title than that of the authorization; name one of its own",
                given=True,
            ),
            Rule(
                _differs(
                    "deployed_entitlements",
                    "authorization_id definition_id number",
                    *("quantity", "starts_on", "ends_on"),
                    unless="t.line_id IS NULL AND t.replaced_on IS NULL",
                ),
                "definition",
                "requested-since",
                "was requested for this authorization since; request the change, too, or leave the row as it was",
            ),
        ),
        shape=_brought,
        prepare=_keep_replaced,
    ),
}
"""Every table of the portal but decisions."""
