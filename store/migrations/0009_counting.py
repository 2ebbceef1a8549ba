"""Hosts, virtual machines, where installations run, and the rules by which a metric is counted."""

from typing import Any

STATEMENTS = """
CREATE TABLE hosts (
    id INTEGER PRIMARY KEY, host TEXT NOT NULL, resource_group_id INTEGER NOT NULL DEFAULT 0
    REFERENCES resource_groups (id), processors INTEGER, cores_per_processor INTEGER,
    cluster TEXT NOT NULL DEFAULT '');
CREATE UNIQUE INDEX hosts_key ON hosts (host);
CREATE INDEX hosts_cluster ON hosts (cluster) WHERE cluster <> '';
CREATE TABLE virtual_machines (
    id INTEGER PRIMARY KEY, vm TEXT NOT NULL, host_id INTEGER REFERENCES hosts (id),
    cluster TEXT NOT NULL DEFAULT '', vcpus INTEGER);
CREATE UNIQUE INDEX virtual_machines_key ON virtual_machines (vm);
CREATE INDEX virtual_machines_host ON virtual_machines (host_id) WHERE host_id IS NOT NULL;
CREATE INDEX virtual_machines_cluster ON virtual_machines (cluster) WHERE cluster <> '';
CREATE TABLE counting_rules (
    id INTEGER PRIMARY KEY, metric_id INTEGER NOT NULL REFERENCES metrics (id), valid_from TEXT NOT NULL DEFAULT '',
    method TEXT NOT NULL, per INTEGER, per_threads INTEGER, minimum_per_processor INTEGER,
    minimum_per_server INTEGER, minimum_per_vm INTEGER, minimum INTEGER, factor TEXT, virtual TEXT, count_host INTEGER,
    basis TEXT, tiers TEXT, pack INTEGER, coverage TEXT);
CREATE UNIQUE INDEX counting_rules_key ON counting_rules (metric_id, valid_from);
ALTER TABLE installations ADD COLUMN host_id INTEGER REFERENCES hosts (id);
ALTER TABLE installations ADD COLUMN vm_id INTEGER REFERENCES virtual_machines (id)
"""


def up(_: Any, db: Any) -> None:
    """Add the tables, and the place of an installation."""
    connection = db.connection()
    for statement in STATEMENTS.split(";\n"):
        connection.execute(statement)
