"""Signed snapshots: who the book is, and which snapshots of it were signed, in their order and for good."""

from typing import Any

STATEMENTS = """
CREATE TABLE seals (
    seq INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, as_of TEXT NOT NULL, sha256 TEXT NOT NULL,
    key TEXT NOT NULL, log_seq INTEGER NOT NULL, log_sha256 TEXT NOT NULL);
ALTER TABLE snapshots ADD COLUMN seal INTEGER REFERENCES seals (seq);
INSERT OR IGNORE INTO settings VALUES ('book_id', lower(hex(randomblob(16))))
"""

TRIGGERS = """
CREATE TRIGGER seals_keep_entries BEFORE UPDATE ON seals BEGIN
    SELECT raise(ABORT, 'signed snapshots are remembered for good: entries cannot be changed'); END;
CREATE TRIGGER seals_lose_nothing BEFORE DELETE ON seals BEGIN
    SELECT raise(ABORT, 'signed snapshots are remembered for good: entries cannot be deleted'); END;
CREATE TRIGGER seals_take_no_place BEFORE INSERT ON seals WHEN NEW.seq IN (SELECT seq FROM seals) BEGIN
    SELECT raise(ABORT, 'signed snapshots are remembered for good: entries cannot be replaced'); END;
"""


def up(_: Any, db: Any) -> None:
    """Add the table and what protects it, a column that points to it, and the random id of the book."""
    connection = db.connection()
    for statement in STATEMENTS.split(";\n"):
        connection.execute(statement)
    for statement in filter(str.strip, TRIGGERS.split("END;\n")):
        connection.execute(statement + "END")
