"""Reviews: freeze a day, decide row by row, sign off; then nothing changes any more, whoever tries."""

import hashlib
import json
import sqlite3
from datetime import date

import pytest

from store import agenda, audit, calendar, care, demand, derivation, groups, overviews, undo
from store.errors import Unfit, Unknown
from store.overviews import Ask
from store.records import Count
from store.reviews import deciding, dues, opening, reading
from store.reviews.records import Decision, Position
from store.snapshots import build, csv_files, workbook
from tests import estates
from tests.conftest import AS_OF, snapshot_of
from tests.estates import item, of, subscription

OFFICE = Position("Office", "subscription", "device")
VISIO = Position("Visio", "perpetual", "device")
DUE = date(2026, 12, 15)


@pytest.fixture
def estate(book, fill):
    """Office lacks 5, Visio has 3 too many, Project is even; the group Purchasing."""
    items = subscription("1", "Office", 5, "2026-01-01"), item("2", "Visio", 8), item("3", "Project", 2)
    counts = [estates.demand(name, units) for name, units in (("Office", 10), ("Visio", 5), ("Project", 2))]
    fill(book, {**of(*items, demand=counts), "user_groups": estates.groups("Purchasing")})
    return book


def opened(book, title="Q4", scope="uneven"):
    with undo.step(book, f"Open {title}"):
        return opening.open_(book, title, scope)


def decide(book, position, *what, title="Q4", **more):
    with undo.step(book, "Decide"):
        deciding.decide(book, title, position, Decision(*what, **more))


def signed(book):
    opened(book)
    decide(book, OFFICE, "buy", "five more", "Purchasing", DUE)
    decide(book, VISIO, "accepted")
    deciding.sign_off(book, "Q4")
    return book


# ------------------------------------------------------------------------------------------------------------- opening
@pytest.mark.parametrize(
    ("scope", "products"),
    [("under-licensed", ["Office"]), ("uneven", ["Office", "Visio"]), ("all", ["Office", "Project", "Visio"])],
)
def test_a_review_freezes_the_positions_that_are_asked_for(scope, products, estate):
    opened(estate, scope=scope)
    assert [one.position.product for one in reading.rows(estate, "Q4")] == products
    review = reading.read(estate, "Q4")
    assert (review.rows, review.decided, review.signed, review.as_of) == (len(products), 0, False, "2026-11-21")


def test_what_is_frozen_stays_as_it_was_whatever_happens_to_the_book(estate):
    opened(estate)
    demand.save(estate, Count("Office", "device", 99, source="count"))
    derivation.recalculate(estate, as_of=date(2027, 5, 1))
    row = reading.row(estate, "Q4", OFFICE)
    assert (row.active, row.demand, row.balance, row.status) == (5, 10, -5, "under-licensed")


def test_the_fingerprint_is_that_of_the_frozen_rows_as_anybody_can_compute_it(estate):
    opened(estate)
    lines = [
        json.dumps([*one.position, one.active, one.demand, one.downgrade, one.upgrade, one.balance, one.status])
        for one in reading.rows(estate, "Q4")
    ]
    text = "".join(f"{line}\n" for line in lines).replace(", ", ",")
    assert reading.read(estate, "Q4").frozen_sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_a_review_needs_a_title_of_its_own_a_scope_and_something_to_review(estate, blank, tmp_path):
    opened(estate)
    for title, scope, reason in (
        ("Q4", "all", "there is a review 'Q4' already"),
        (" ", "all", "title"),
        ("Q5", "some", "scope: 'some' is none"),
    ):
        with pytest.raises(Unfit, match=reason):
            opening.open_(estate, title, scope)
    demand.save(estate, Count("Office", "device", 1, source="count"))
    with pytest.raises(Unfit, match="nothing to review"):
        opening.open_(estate, "Q5", "under-licensed")
    assert [one.title for one in reading.listed(estate)] == ["Q4"]


def test_a_review_tells_how_far_it_is_and_stops_when_it_is_told_to(estate):
    steps = []
    opening.open_(estate, "Q4", "all", lambda *step: steps.append(step))
    assert steps == [(0, 3)]

    def stop(_done, _steps):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        opening.open_(estate, "Q5", "all", stop)
    assert [one.title for one in reading.listed(estate)] == ["Q4"]


# ------------------------------------------------------------------------------------------------------------ deciding
def test_a_decision_is_kept_with_its_note_its_group_and_its_day(estate):
    opened(estate)
    decide(estate, OFFICE, "buy", "five more\nor ten", "Purchasing", DUE)
    assert reading.row(estate, "Q4", OFFICE).decision == Decision("buy", "five more\nor ten", "Purchasing", DUE)
    assert reading.read(estate, "Q4").decisions == {"": 1, "buy": 1}
    decide(estate, OFFICE)
    assert reading.row(estate, "Q4", OFFICE).decision == Decision()


@pytest.mark.parametrize(
    ("decision", "reason"),
    [
        (Decision("perhaps"), "decision: 'perhaps' is none"),
        (Decision("", due_on=DUE), "due: decide first"),
        (Decision("", responsible="Purchasing"), "responsible: decide first"),
        (Decision("buy", due_on=date(2026, 11, 20)), "lies before the day of the review"),
    ],
)
def test_what_cannot_be_decided_is_refused_in_a_sentence(decision, reason, estate):
    opened(estate)
    with pytest.raises(Unfit, match=reason):
        deciding.decide(estate, "Q4", OFFICE, decision)
    assert reading.read(estate, "Q4").decided == 0


def test_what_is_not_there_is_named(estate):
    opened(estate)
    with pytest.raises(Unknown, match="no position Project"):
        deciding.decide(estate, "Q4", Position("Project", "perpetual", "device"), Decision("buy"))
    with pytest.raises(Unknown, match="no 'Q5'"):
        deciding.decide(estate, "Q5", OFFICE, Decision("buy"))
    with pytest.raises(Unknown, match="no 'Nobody'"):
        deciding.decide(estate, "Q4", OFFICE, Decision("buy", responsible="Nobody"))
    with pytest.raises(Unknown, match="no position"):
        reading.row(estate, "Q4", Position("Project", "", "device"))


def test_every_action_is_one_step_and_has_its_history(estate):
    empty = audit.content_hash(estate)
    opened(estate)
    fresh = audit.content_hash(estate)
    decide(estate, OFFICE, "buy", "five", "Purchasing", DUE)
    decided = audit.content_hash(estate)
    undo.back(estate)
    assert audit.content_hash(estate) == fresh
    undo.back(estate)
    assert (audit.content_hash(estate), reading.listed(estate)) == (empty, [])
    undo.forward(estate)
    undo.forward(estate)
    assert audit.content_hash(estate) == decided
    with undo.step(estate, "Remove"):
        opening.remove(estate, "Q4")
    undo.back(estate)
    assert audit.content_hash(estate) == decided
    history = audit.history(estate, "reviews", "Q4")
    assert {change.field for change in history} >= {"decision", "responsible", "due_on", "frozen_sha256"}
    entry = next(change for change in history if change.field == "decision" and change.action == "change")
    audit.restore(estate, entry.entry, "note")
    assert reading.row(estate, "Q4", OFFICE).decision.note == ""


def test_a_group_that_sees_to_something_cannot_be_removed(estate):
    opened(estate)
    decide(estate, OFFICE, "buy", "", "Purchasing")
    with pytest.raises(Unfit, match="used by review rows"):
        groups.remove(estate, groups.USER_GROUPS, "Purchasing")


# --------------------------------------------------------------------------------------------------------- signing off
def test_a_review_is_signed_off_when_all_is_decided_and_not_before(estate):
    opened(estate)
    with pytest.raises(Unfit, match="2 positions are not decided"):
        deciding.sign_off(estate, "Q4")
    decide(estate, OFFICE, "buy")
    with pytest.raises(Unfit, match="1 position is not decided"):
        deciding.sign_off(estate, "Q4")
    decide(estate, VISIO, "accepted")
    deciding.sign_off(estate, "Q4")
    review = reading.read(estate, "Q4")
    assert (review.signed_off_at, review.signed_off_by) == ("2026-11-21T08:30:00Z", "ann")


def test_nothing_of_a_signed_review_changes_and_its_steps_are_passed_over(estate):
    with undo.step(estate, "Count"):
        demand.save(estate, Count("Visio", "device", 4, source="count"))
    signed(estate)
    refused = [
        lambda: deciding.decide(estate, "Q4", OFFICE, Decision("cancel")),
        lambda: deciding.sign_off(estate, "Q4"),
        lambda: opening.remove(estate, "Q4"),
    ]
    for change in refused:
        with pytest.raises(Unfit, match="was signed off by ann on 2026-11-21"):
            change()
    assert undo.next_back(estate).what == "Count"
    undo.back(estate)
    assert reading.read(estate, "Q4").signed
    assert care.check(estate) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reviews SET signed_off_by = 'bob'",
        "UPDATE reviews SET signed_off_at = NULL",
        "DELETE FROM reviews",
        "REPLACE INTO reviews SELECT id, title, as_of, scope, opened_at, 'bob', frozen_sha256, NULL, NULL FROM reviews",
        "REPLACE INTO reviews SELECT 99, title, as_of, scope, opened_at, 'bob', frozen_sha256, NULL, NULL FROM reviews",
        "UPDATE review_rows SET decision = 'accepted'",
        "UPDATE OR REPLACE review_rows SET id = id + 1",
        "DELETE FROM review_rows",
        "INSERT INTO review_rows SELECT 99, review_id, 'x', model, metric, 0, 0, 0, 0, 0, status, '', '', NULL, NULL"
        " FROM review_rows LIMIT 1",
        "REPLACE INTO review_rows SELECT id, review_id, product, model, metric, 0, 0, 0, 0, 0, status, '', '', NULL, NULL"
        " FROM review_rows",
    ],
)
def test_a_signed_review_cannot_be_changed_even_in_sql(statement, estate):
    signed(estate)
    outside = sqlite3.connect(estate.path, isolation_level=None)
    with pytest.raises(sqlite3.IntegrityError, match="signed off"):
        outside.execute(statement)
    outside.close()
    assert reading.row(estate, "Q4", OFFICE).decision.decision == "buy"


# ------------------------------------------------------------------------------------------------------------ calendar
def test_due_days_stand_in_the_calendar_and_can_be_acknowledged(estate):
    signed(estate)
    (entry,) = [one for one in agenda.of_day(estate, DUE) if one.kind == "review-due"]
    assert (entry.review, entry.product, entry.name, entry.automatic, entry.done) == (
        *("Q4", "Office", "buy|Purchasing"),
        *(True, False),
    )
    year = date(2026, 1, 1), date(2026, 12, 31)
    assert agenda.counts(estate, *year)[DUE] == {"review-due": 1}
    assert agenda.counts(estate, *year, {"review-due"}) == {DUE: {"review-due": 1}}
    assert agenda.total(estate, *year, {"review-due"}) == 1
    assert agenda.neighbor(estate, AS_OF, date(2027, 1, 1), {"review-due"}) == DUE
    assert agenda.neighbor(estate, date(2027, 1, 1), AS_OF, {"review-due"}) == DUE
    assert agenda.one(estate, entry.key) == entry
    assert [one.key for one in agenda.page(estate, *year, {"review-due"}).entries] == [entry.key]
    assert entry in list(agenda.every(estate, *year))
    assert dues.pending(estate, AS_OF) == []
    assert [row[2] for row in dues.pending(estate, DUE)] == ["Q4"]
    calendar.acknowledge(estate, entry.number)
    assert agenda.one(estate, entry.key).done
    assert dues.pending(estate, DUE) == []
    calendar.acknowledge(estate, entry.number, seen=False)
    assert not agenda.one(estate, entry.key).done
    with pytest.raises(Unknown):
        agenda.one(estate, "review|99")
    with pytest.raises(Unknown):
        calendar.acknowledge(estate, dues.ABOVE + 99)


# ----------------------------------------------------------------------------------------------------------- snapshots
def test_a_book_without_reviews_gives_the_snapshot_that_it_always_gave(estate):
    before = snapshot_of(estate)
    assert not {"reviews", "review_rows"} & before.keys()
    opened(estate)
    after = snapshot_of(estate)
    assert {name: after[name] for name in before} == before


def test_decisions_travel_in_the_snapshot_in_every_format(estate, tmp_path):
    signed(estate)
    found = snapshot_of(estate)
    (review,) = found["reviews"]
    assert (review["review"], review["signed_off_by"], review["scope"]) == ("Q4", "ann", "uneven")
    assert [(row["product"], row["decision"], row["due_on"], row["responsible"]) for row in found["review_rows"]] == [
        ("Office", "buy", "2026-12-15", "Purchasing"),
        ("Visio", "accepted", None, None),
    ]
    path = tmp_path / "snapshot.json"
    build.write_json(estate, path)
    csv_files.write(path, tmp_path / "csv")
    assert (
        (tmp_path / "csv" / "review_rows.csv").read_text().splitlines()[1].startswith("Q4,Office,subscription,device,5")
    )
    workbook.write(path, tmp_path / "snapshot.xlsx")
    import openpyxl

    assert openpyxl.load_workbook(tmp_path / "snapshot.xlsx").sheetnames[-2:] == ["Reviews", "Review decisions"]
    build.save(estate, tmp_path / "one")
    assert (tmp_path / "one" / "csv" / "reviews.csv").is_file()


# ----------------------------------------------------------------------------------------------------------- overviews
def test_the_overviews_tell_how_far_each_review_is_and_what_is_left_of_it(estate):
    opened(estate, "Q3", "all")
    signed(estate)
    fields = [field.name for field in overviews.OVERVIEWS["reviews"].fields]
    ids = overviews.first(estate, "reviews", Ask())
    rows = [dict(zip(fields, overviews.rows(estate, "reviews", ids)[number], strict=True)) for number in ids]
    assert [(row["review"], row["decided"], row["review_state"]) for row in rows] == [
        ("Q4", "2 of 2", "signed-off"),
        ("Q3", "0 of 3", "open"),
    ]
    assert overviews.counts(estate, "reviews", Ask()) == {"open": 1, "signed-off": 1, "all": 2}
    asked = Ask(where=(("review", "Q4"),))
    assert overviews.counts(estate, "review_rows", asked) == {
        **{"undecided": 0, "accepted": 1, "buy": 1, "cancel": 0, "investigate": 0, "all": 2},
    }
    number = overviews.find(estate, "review_rows", "Q4|Office|subscription|device")
    assert overviews.key(estate, "review_rows", number) == "Q4|Office|subscription|device"
