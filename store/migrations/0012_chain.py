"""A link of the chain kept with each entry of the change log, and the hashes of rows that are evidence."""

import hashlib
from typing import Any

import orjson

STATEMENTS = """
ALTER TABLE change_log ADD COLUMN link BLOB;
ALTER TABLE change_log ADD COLUMN clock_suspect INTEGER NOT NULL DEFAULT 0;
CREATE INDEX change_log_suspect ON change_log (id) WHERE clock_suspect = 1;
CREATE TABLE row_hashes (
    subject INTEGER NOT NULL, row INTEGER NOT NULL, hash INTEGER NOT NULL, PRIMARY KEY (subject, row)) WITHOUT ROWID;
CREATE TABLE hashed (upto INTEGER NOT NULL);
INSERT INTO hashed VALUES (-1);
DROP TRIGGER change_log_keeps_entries
"""

ENTRIES = "SELECT id, at, who, action, subject, key, before, after, row_key, step_id FROM change_log ORDER BY id"


def up(_: Any, db: Any) -> None:
    """Add columns and tables, and chain the entries that there are. No row has a hash yet, not even those of before.

    What kept entries from being changed is made anew, as everything that protects records, after all migrations.
    """
    connection = db.connection()
    for statement in STATEMENTS.split(";\n"):
        connection.execute(statement)
    link, last = bytes(32), ""
    links: list[tuple[bytes, bool, int]] = []
    for row in connection.execute(ENTRIES):
        body = orjson.dumps(row)
        link = hashlib.sha256(b"".join((link, row[0].to_bytes(8, signed=True), len(body).to_bytes(8), body))).digest()
        links.append((link, row[1] < last, row[0]))
        last = row[1]
    connection.executemany("UPDATE change_log SET link = ?, clock_suspect = ? WHERE id = ?", links)
