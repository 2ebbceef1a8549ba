"""Mappings: what the columns of somebody's own files stand for, by the name that a person gave."""

from typing import Any

STATEMENTS = """
CREATE TABLE mappings (id INTEGER PRIMARY KEY, mapping TEXT NOT NULL, columns TEXT NOT NULL);
CREATE UNIQUE INDEX mappings_key ON mappings (mapping)
"""


def up(_: Any, db: Any) -> None:
    """Add the table."""
    connection = db.connection()
    for statement in STATEMENTS.split(";\n"):
        connection.execute(statement)
