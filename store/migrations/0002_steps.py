"""Steps that can be undone, reminders of events, acknowledged events, entitlements without a contract."""

from typing import Any

STATEMENTS = """
ALTER TABLE change_log ADD COLUMN row_key TEXT;
ALTER TABLE change_log ADD COLUMN step_id INTEGER;
ALTER TABLE imports ADD COLUMN step_id INTEGER;
CREATE TABLE steps (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, what TEXT NOT NULL, first_entry INTEGER NOT NULL,
    last_entry INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'done');
CREATE INDEX steps_undone ON steps (id) WHERE state = 'undone';
CREATE TABLE import_ranges (
    import_id INTEGER NOT NULL, subject TEXT NOT NULL, after_id INTEGER NOT NULL, last_id INTEGER NOT NULL,
    PRIMARY KEY (import_id, subject)) WITHOUT ROWID;
CREATE TABLE kept_rows (
    id INTEGER PRIMARY KEY, import_id INTEGER NOT NULL, subject TEXT NOT NULL, kept TEXT NOT NULL);
CREATE INDEX kept_rows_import ON kept_rows (import_id, subject);
ALTER TABLE contracts ADD COLUMN manual INTEGER NOT NULL DEFAULT 0;
ALTER TABLE manual_events ADD COLUMN remind_at TEXT NOT NULL DEFAULT '';
ALTER TABLE manual_events ADD COLUMN remind_days INTEGER NOT NULL DEFAULT 0;
ALTER TABLE manual_events ADD COLUMN repeat TEXT NOT NULL DEFAULT 'none';
ALTER TABLE manual_events ADD COLUMN notify INTEGER NOT NULL DEFAULT 1;
ALTER TABLE manual_events ADD COLUMN acknowledged_on TEXT;
CREATE TABLE acknowledgements (
    contract TEXT NOT NULL, item TEXT NOT NULL, kind TEXT NOT NULL, lead INTEGER NOT NULL, on_day TEXT NOT NULL,
    who TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (contract, item, kind, lead, on_day, who)) WITHOUT ROWID
"""


def up(_: Any, db: Any) -> None:
    """Add the tables and columns; nothing that a book of the first schema holds changes."""
    connection = db.connection()
    for statement in STATEMENTS.split(";\n"):
        connection.execute(statement)
