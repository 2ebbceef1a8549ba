"""What a book remembers of the snapshots that were saved from it."""

from typing import Any

STATEMENT = """
CREATE TABLE snapshots (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL, as_of TEXT NOT NULL, folder TEXT NOT NULL,
    sha256 TEXT NOT NULL, statuses TEXT NOT NULL)
"""


def up(_: Any, db: Any) -> None:
    """Add the table."""
    db.connection().execute(STATEMENT)
