"""Requests and decisions from files: applied in the order of their days, or refused with their place."""

import pytest

from store import settings, undo
from store.imports.finding import Refused
from store.imports.staging import Counts
from tests.conftest import snapshot_of
from tests.store.portal.conftest import ledger

TITLES = [{"title": "Office", "price": "100.00"}, {"title": "Viewer", "requires_approval": "false", "price": "5"}]
DEFINITIONS = [{"definition": "SA", "title": "Office", "kind": "optional", "unit_price": "30.00"}]


def authorization(name="AU1", holder="PC-1", **more):
    return {"authorization": name, "title": "Office", "holder": holder, "authorized_on": "2025-01-10", **more}


def deployed(quantity=5, start="2024-01-01", end="2025-12-31", **more):
    first = {"authorization": "AU1", "definition": "SA", "quantity": quantity}
    return {**first, "start": start, "end": end, **more}


def request(name="R1", day="2025-03-01", **more):
    return {"request": name, "requester": "kim", "holder": "PC-1", "submitted_on": day, **more}


def title(line="1", request="R1", **more):
    return {"request": request, "line": line, "kind": "title", "title": "Office", **more}


def entitlement(line="2", request="R1", **more):
    first = {"request": request, "line": line, "kind": "entitlement", "title": "Office", "definition": "SA"}
    return {**first, "quantity": 8, "start": "2025-03-01", "end": "2026-12-31", **more}


def decision(line="2", request="R1", **more):
    first = {"request": request, "line": line, "decision": "approve"}
    return {**first, "decided_on": "2025-03-02", "decided_by": "lee", **more}


FILES = {
    "titles": TITLES,
    "entitlement_definitions": DEFINITIONS,
    "authorizations": [authorization()],
    "deployed_entitlements": [deployed()],
    "requests": [request()],
    "request_lines": [title(), entitlement()],
    "decisions": [decision()],
}


def without(*tables, **more):
    """The files but some of them, or with others in their place."""
    return {name: rows for name, rows in FILES.items() if name not in tables} | more


def outcomes(book):
    return {f"{one['request']}/{one['line']}": one["outcome"] for one in snapshot_of(book)["request_lines"]}


def refused(book, fill, **tables):
    """The findings of an import that is refused: code, place, message. Nothing of it may stay."""
    before = book.rows("SELECT * FROM change_log")
    with pytest.raises(Refused) as fault:
        fill(book, {**FILES, **tables})
    assert book.rows("SELECT * FROM change_log") == before
    assert all(book.one(f"SELECT 1 FROM {table}") is None for table in (*FILES, "charges"))
    return [(one.code, one.place.partition(", ")[2], one.message) for one in fault.value.findings]


def test_all_tables_come_in_and_the_same_again_changes_nothing(book, fill):
    found = fill(book, FILES)
    assert outcomes(book) == {"R1/1": "authorized", "R1/2": "replaced"}
    assert found.counts["decisions"] == Counts(1, 0, 0)
    assert found.findings == ()
    first, log = snapshot_of(book), book.rows("SELECT * FROM change_log")

    again = fill(book, FILES)

    assert not again.changed
    assert {name: counts.unchanged for name, counts in again.counts.items()} == {
        name: len(rows) for name, rows in FILES.items()
    }
    assert snapshot_of(book) == first
    assert book.rows("SELECT * FROM change_log") == log


def test_periods_are_kept_and_what_was_replaced_is_told(book, fill):
    fill(book, FILES)
    (found,) = snapshot_of(book)["deployed_entitlements"]
    assert found["periods"] == [
        {"quantity": 5, "start": "2024-01-01", "end": "2025-12-31", "replaced_on": "2025-03-02"},
        {"quantity": 8, "start": "2025-03-01", "end": "2026-12-31", "replaced_on": None},
    ]
    assert found["because"] == ["authorization:AU1", "entitlement_definition:SA", "request_line:R1/2"]
    assert (found["state"], found["rule"]) == ("active", "optional_entitlements.active")
    assert [(one["rule"], one["because"]) for one in snapshot_of(book)["charges"]] == [
        ("optional_entitlements.end-later", ["request_line:R1/2"])
    ]
    lines = snapshot_of(book)["request_lines"]
    assert lines[1]["because"] == [
        *("title:Office", "entitlement_definition:SA", "authorization:AU1", "decision:R1/2"),
    ]
    assert [one["rule"] for one in lines] == ["requests.already-authorized", "optional_entitlements.end-later"]


def test_decisions_that_come_later_find_their_lines_waiting(book, fill):
    fill(book, without("decisions"))
    assert outcomes(book) == {"R1/1": "authorized", "R1/2": "pending"}
    fill(book, {"decisions": [decision(decision="deny", reason="no budget")]})
    assert outcomes(book)["R1/2"] == "denied"
    assert ledger(book) == []


def test_decisions_are_applied_by_day_then_request_then_line_however_the_files_are_sorted(book, fill):
    lines = [entitlement("3", "R10", quantity=4), title("1", "R10"), title("1", "R9"), entitlement("2", "R9")]
    early = entitlement("10", "R9", quantity=3)
    decisions = [
        decision("3", "R10"),
        decision("10", "R9"),
        decision("2", "R9"),
    ]
    files = without("deployed_entitlements", requests=[request("R10"), request("R9")])
    fill(book, {**files, "request_lines": [early, *lines], "decisions": decisions})
    (found,) = snapshot_of(book)["deployed_entitlements"]
    assert [one["quantity"] for one in found["periods"]] == [8, 3, 4]


def test_a_request_after_an_approval_is_a_repeated_one(book, fill):
    files = {
        **{name: FILES[name] for name in ("titles", "entitlement_definitions")},
        "requests": [request("R2", "2025-03-05"), request("R1"), request("R3", "2025-03-02")],
        "request_lines": [title(request=name) for name in ("R1", "R2", "R3")],
        "decisions": [decision("1", "R1"), decision("1", "R3", decided_on="2025-03-09")],
    }
    fill(book, files)
    assert outcomes(book) == {"R1/1": "authorized", "R2/1": "authorized", "R3/1": "authorized"}
    assert ledger(book) == [("R1/1", "debit", "100.00")]


def test_flags_and_quantities_that_are_left_empty(book, fill):
    fill(
        book,
        {
            "titles": [{"title": "Office"}],
            "entitlement_definitions": [{"definition": "SA", "title": "Office", "kind": "Optional"}],
            "requests": [request()],
            "request_lines": [title(), entitlement(quantity="", start="", end="")],
            "decisions": [decision("1"), decision("2")],
        },
    )
    assert outcomes(book) == {"R1/1": "authorized", "R1/2": "created"}
    (found,) = snapshot_of(book)["deployed_entitlements"]
    assert (found["quantity"], found["start"], found["end"]) == (1, "2025-03-01", None)
    assert ledger(book) == []


FORCED = [{**DEFINITIONS[0], "forced": "true"}]


def test_a_forced_entitlement_that_a_request_leaves_out_is_told(book, fill):
    tables = without("authorizations", "deployed_entitlements", "decisions", entitlement_definitions=FORCED)
    found = fill(book, {**tables, "request_lines": [title()]})
    assert [str(one) for one in found.findings] == [
        'warning: request_lines, request "R1", line "1": "SA" goes with this title and was not asked for; give it a line'
        " of its own (rule requests.forced)"
    ]
    assert outcomes(book) == {"R1/1": "pending"}


@pytest.mark.parametrize(
    "more",
    [
        {"request_lines": [title(), entitlement()]},
        {"entitlement_definitions": DEFINITIONS},
        {"entitlement_definitions": [{**FORCED[0], "ends_on": "2025-02-28"}]},
        {"titles": [{**TITLES[0], "orderable": "false"}]},
        {"authorizations": [authorization()]},
    ],
    ids=["asked for", "not forced", "expired", "title not orderable", "requested again"],
)
def test_what_does_not_go_with_a_title_is_not_missed(more, book, fill):
    tables = without("authorizations", "deployed_entitlements", "decisions", entitlement_definitions=FORCED)
    assert fill(book, {**tables, "request_lines": [title()], **more}).findings == ()


def test_a_decision_on_a_line_that_the_rules_refused_changes_nothing_and_is_told(book, fill):
    files = without("deployed_entitlements", request_lines=[entitlement()])
    found = fill(book, files)
    assert outcomes(book) == {"R1/2": "refused"}
    assert [(one.severity, one.code) for one in found.findings] == [("warning", "decision-without-effect")]
    assert "requests.title-missing" in found.findings[0].message
    assert ledger(book) == []
    assert not fill(book, files).changed


# ---------------------------------------------------------------------------------------------------------- refused
@pytest.mark.parametrize(
    ("tables", "code", "place", "message"),
    [
        (
            {"request_lines": [title(title="Ofice"), entitlement()]},
            *("unknown-reference", "row 2, column title", '"Ofice" is not known in titles; did you mean "Office"?'),
        ),
        (
            {"request_lines": [title(), entitlement(quantity=0)]},
            *("not-positive", "row 3, column quantity", '"0" asks for nothing'),
        ),
        (
            {"request_lines": [title(), entitlement(end="2025-02-28")]},
            *("end-before-start", "row 3, column end", '"2025-02-28" lies before the start "2025-03-01"'),
        ),
        (
            {"request_lines": [title(), entitlement(start="", end="2025-02-28")]},
            *("end-before-start", "row 3, column end", '"2025-02-28" lies before the start "2025-03-01"'),
        ),
        (
            {"request_lines": [title(), entitlement(definition="")]},
            *("definition-needed", "row 3, column definition", "does not say which entitlement"),
        ),
        (
            {"request_lines": [title(definition="SA"), entitlement()]},
            *("definition-of-a-title", "row 2, column definition", "is no part of a title line"),
        ),
        (
            {"decisions": [decision(decided_on="2025-02-28")]},
            *("decided-early", "row 2, column decided_on", '"2025-02-28" lies before the day of the request'),
        ),
        (
            {"decisions": [decision(decided_by="Kim")]},
            *("own-request", "row 2, column decided_by", '"Kim" is the requester, and nobody approves his own request'),
        ),
        (
            {"decisions": [decision("1")]},
            *("not-pending", "row 2, column decision", "decides on a line that is not pending but authorized"),
        ),
        (
            {"decisions": [decision("9")]},
            *("unknown-line", "row 2, column line", '"9" is no line of this request'),
        ),
        (
            {"decisions": [decision(), decision()]},
            *("duplicate-key", "row 3, column request", '"R1" is a duplicate: row 2 of'),
        ),
        (
            {"decisions": [decision(request="R7")]},
            *("unknown-reference", "row 2, column request", '"R7" is not known in requests'),
        ),
        (
            {"decisions": [decision(decision="maybe")]},
            *("unknown-choice", "row 2, column decision", "accepted: approve, deny"),
        ),
        ({"authorizations": [authorization(units=0)]}, "not-positive", "row 2, column units", "authorizes nothing"),
        (
            {"authorizations": [authorization(ended_on="2025-01-09")]},
            *("end-before-start", "row 2, column ended_on", 'lies before the authorization "2025-01-10"'),
        ),
        (
            {"deployed_entitlements": [deployed(end="2023-12-31")]},
            *("end-before-start", "row 2, column end", "lies before the start"),
        ),
        (
            {"deployed_entitlements": [deployed(quantity=0)]},
            *("not-positive", "row 2, column quantity", "deploys nothing"),
        ),
        (
            {"authorizations": [authorization(title="Viewer")]},
            *("of-another-title", "row 2, column definition", '"SA" is an entitlement of another title'),
        ),
        (
            {"entitlement_definitions": [{**DEFINITIONS[0], "starts_on": "2025-02-01", "ends_on": "2025-01-01"}]},
            *("end-before-start", "row 2, column ends_on", "lies before starts_on"),
        ),
    ],
)
def test_what_is_wrong_is_refused_with_its_place_and_nothing_is_written(tables, code, place, message, book, fill):
    found = refused(book, fill, **tables)
    assert [one[:2] for one in found] == [(code, place)]
    assert message in found[0][2]
    assert '"0" "0"' not in found[0][2]


def test_several_decisions_that_do_not_count_are_all_told(book, fill):
    found = refused(
        book, fill, decisions=[decision("1", decided_by="kim", decided_on="2025-01-01"), decision(decided_by="kim")]
    )
    assert {(code, place) for code, place, _ in found} == {
        ("not-pending", "row 2, column decision"),
        ("own-request", "row 2, column decided_by"),
        ("decided-early", "row 2, column decided_on"),
        ("own-request", "row 3, column decided_by"),
    }


@pytest.mark.parametrize(
    ("tables", "code"),
    [
        ({"requests": [request(requester="sam")]}, "submitted-already"),
        ({"request_lines": [title(), entitlement(quantity=9)]}, "submitted-already"),
        ({"decisions": [decision(reason="changed my mind")]}, "decided-already"),
        ({"decisions": [decision("2", decision="deny")]}, "decided-already"),
        ({"deployed_entitlements": [deployed(quantity=6)]}, "requested-since"),
        ({"authorizations": [authorization(holder="PC-2")]}, "authorization-in-use"),
        ({"entitlement_definitions": [{**DEFINITIONS[0], "title": "Viewer"}]}, "definition-in-use"),
        (
            {
                "requests": [request("R2")],
                "request_lines": [title(request="R2", line="1")],
                "decisions": [decision("1", "R2")],
            },
            "not-pending",
        ),
    ],
)
def test_what_was_asked_decided_and_deployed_stays_as_it_was(tables, code, book, fill):
    fill(book, FILES)
    before = snapshot_of(book)
    with pytest.raises(Refused) as fault:
        fill(book, tables)
    assert [one.code for one in fault.value.findings] == [code]
    assert snapshot_of(book) == before


def test_prices_windows_and_dates_of_definitions_can_change_and_what_was_asked_keeps_its_price(book, fill):
    fill(book, without("decisions"))
    changed = {
        "titles": [{"title": "Office", "price": "120"}, TITLES[1]],
        "entitlement_definitions": [{**DEFINITIONS[0], "unit_price": "40"}],
    }
    found = fill(book, changed)
    assert found.counts["titles"] == Counts(0, 1, 1)
    fill(book, {"decisions": [decision()]})
    assert ledger(book) == [("R1/2", "debit", "240.00")]


# ------------------------------------------------------------------------------------------------------ undone, redone
def test_an_import_of_requests_and_decisions_is_undone_and_redone_as_one(book, fill):
    fill(book, without("decisions"))
    waiting = snapshot_of(book)
    with undo.step(book, "Import decisions", resolved=True):
        fill(book, {"requests": [request("R2")], "request_lines": [title(request="R2")], "decisions": [decision()]})
    decided = snapshot_of(book)
    assert decided != waiting

    undo.back(book)
    assert snapshot_of(book) == waiting
    assert ledger(book) == [("R1/2", "debit", "240.00"), ("R1/2", "credit", "240.00")]
    undo.forward(book)
    assert snapshot_of(book) == decided
    undo.back(book)
    assert snapshot_of(book) == waiting
    assert len(ledger(book)) == 4


def test_a_first_import_is_undone_with_all_its_tables(book, fill):
    assert settings.get(book, "as_of") == ""  # it was never judged
    with undo.step(book, "Import", resolved=True):
        fill(book, FILES)
    after = snapshot_of(book)
    undo.back(book)
    assert all(book.one(f"SELECT 1 FROM {table}") is None for table in FILES)
    assert [one[1] for one in ledger(book)] == ["debit", "credit"]
    undo.forward(book)
    assert snapshot_of(book) == after
