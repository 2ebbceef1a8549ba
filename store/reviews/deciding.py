"""What a person does in a review: decide on one position after the other, and sign off when all are decided."""

from __future__ import annotations

from rules.vocabulary import REVIEW_DECISIONS
from store import names, rows
from store.book import Book
from store.errors import Unfit, Unknown
from store.reviews.opening import refuse_signed
from store.reviews.records import Decision, Position
from store.tables import Review, ReviewRow


def decide(book: Book, title: str, position: Position, decision: Decision) -> None:
    """Write down what was decided on a position, or take it back (`Decision()`).

    Raises Unknown for a review, position or group that is not there; Unfit for a review that is signed off, a decision
    that is none, a due day before the day of the review, and a due day or a group without a decision.
    """
    _check(decision)
    with book.transaction():
        number = names.number(book, "reviews", title)
        refuse_signed(book, number)
        key = {"review_id": number, **position._asdict()}
        if rows.find(book, ReviewRow, key) is None:
            raise Unknown(f"the review {title!r} has no position {position}.")
        as_of = book.value("SELECT as_of FROM reviews WHERE id = ?", (number,))
        if decision.due_on is not None and decision.due_on.isoformat() < as_of:
            raise Unfit(f"due: {decision.due_on} lies before the day of the review, {as_of}.")
        values = {
            "decision": decision.decision,
            "note": names.text(decision.note, "note"),
            "responsible_id": names.optional(book, "user_groups", decision.responsible),
            "due_on": names.day_text(decision.due_on),
        }
        rows.save(book, ReviewRow, key, values, named=f"{title}|{position}")


def _check(decision: Decision) -> None:
    if decision.decision and decision.decision not in REVIEW_DECISIONS:
        raise Unfit(f"decision: {decision.decision!r} is none; possible are {', '.join(REVIEW_DECISIONS)}.")
    if not decision.decision and decision.due_on is not None:
        raise Unfit("due: decide first what is to be done until then.")
    if not decision.decision and decision.responsible.strip():
        raise Unfit("responsible: decide first what there is to see to.")


def sign_off(book: Book, title: str) -> None:
    """Sign a review off, in the name of whoever has the book open: nothing of it changes after that.

    It is no step to undo, and those that made the review what it is cannot be undone any more, either. Raises Unknown;
    Unfit when it is signed off already, or somebody has yet to decide.
    """
    with book.transaction():
        number = names.number(book, "reviews", title)
        refuse_signed(book, number)
        open_ = book.value("SELECT count(*) FROM review_rows WHERE review_id = ? AND decision = ''", (number,))
        if open_:
            left = "1 position is" if open_ == 1 else f"{open_:,} positions are"
            raise Unfit(f"the review {title!r} cannot be signed off yet: {left} not decided.")
        values = {"signed_off_at": book.now(), "signed_off_by": book.who}
        rows.save(book, Review, {"id": number}, values, named=title)
        book.run(_SETTLED, (number,))


_SETTLED = """
UPDATE steps SET state = 'settled' WHERE id IN (SELECT step_id FROM change_log WHERE step_id IS NOT NULL
    AND (subject = 'reviews' AND row_key ->> 'id' = ?1 OR subject = 'review_rows' AND row_key ->> 'review_id' = ?1))"""
"""The steps of a review, which undo passes over from now on."""
