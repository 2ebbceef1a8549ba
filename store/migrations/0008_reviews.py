"""Reviews: the frozen positions of a day, a decision for each, and the signature after which nothing changes."""

from typing import Any

STATEMENTS = """
CREATE TABLE reviews (
    id INTEGER PRIMARY KEY, title TEXT NOT NULL, as_of TEXT NOT NULL, scope TEXT NOT NULL, opened_at TEXT NOT NULL,
    opened_by TEXT NOT NULL, frozen_sha256 TEXT NOT NULL, signed_off_at TEXT, signed_off_by TEXT);
CREATE UNIQUE INDEX reviews_key ON reviews (title);
CREATE TABLE review_rows (
    id INTEGER PRIMARY KEY, review_id INTEGER NOT NULL REFERENCES reviews (id), product TEXT NOT NULL,
    model TEXT NOT NULL, metric TEXT NOT NULL, active INTEGER NOT NULL, demand INTEGER NOT NULL,
    downgrade INTEGER NOT NULL, upgrade INTEGER NOT NULL, balance INTEGER NOT NULL, status TEXT NOT NULL,
    decision TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '',
    responsible_id INTEGER REFERENCES user_groups (id), due_on TEXT);
CREATE UNIQUE INDEX review_rows_key ON review_rows (review_id, product, model, metric);
CREATE INDEX review_rows_responsible ON review_rows (responsible_id) WHERE responsible_id IS NOT NULL;
CREATE INDEX review_rows_due ON review_rows (due_on, id) WHERE due_on IS NOT NULL
"""

_SIGNED = "(SELECT signed_off_at FROM reviews WHERE id = {}) IS NOT NULL"

TRIGGERS = f"""
CREATE TRIGGER reviews_keep_their_signature BEFORE UPDATE ON reviews WHEN OLD.signed_off_at IS NOT NULL BEGIN
    SELECT raise(ABORT, 'a review that is signed off cannot be changed'); END;
CREATE TRIGGER reviews_stay_signed BEFORE DELETE ON reviews WHEN OLD.signed_off_at IS NOT NULL BEGIN
    SELECT raise(ABORT, 'a review that is signed off cannot be deleted'); END;
CREATE TRIGGER reviews_take_no_place BEFORE INSERT ON reviews
WHEN EXISTS (SELECT 1 FROM reviews WHERE (id = NEW.id OR title = NEW.title) AND signed_off_at IS NOT NULL) BEGIN
    SELECT raise(ABORT, 'a review that is signed off cannot be replaced'); END;
CREATE TRIGGER review_rows_keep_their_decision BEFORE UPDATE ON review_rows
WHEN {_SIGNED.format("OLD.review_id")} OR {_SIGNED.format("NEW.review_id")} BEGIN
    SELECT raise(ABORT, 'a review that is signed off cannot be changed'); END;
CREATE TRIGGER review_rows_stay BEFORE DELETE ON review_rows WHEN {_SIGNED.format("OLD.review_id")} BEGIN
    SELECT raise(ABORT, 'a review that is signed off cannot be changed'); END;
CREATE TRIGGER review_rows_come_before BEFORE INSERT ON review_rows WHEN {_SIGNED.format("NEW.review_id")}
    OR EXISTS (SELECT 1 FROM review_rows r WHERE r.id = NEW.id AND {_SIGNED.format("r.review_id")}) BEGIN
    SELECT raise(ABORT, 'a review that is signed off cannot be changed'); END;
"""


def up(_: Any, db: Any) -> None:
    """Add the tables, and what protects a review that is signed off."""
    connection = db.connection()
    for statement in STATEMENTS.split(";\n"):
        connection.execute(statement)
    for statement in filter(str.strip, TRIGGERS.split("END;\n")):
        connection.execute(statement + "END")
