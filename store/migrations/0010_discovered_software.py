"""Software as it was found on devices, and what was decided on its names."""

from typing import Any

STATEMENTS = """
CREATE TABLE software_names (
    id INTEGER PRIMARY KEY, publisher TEXT NOT NULL DEFAULT '', name TEXT NOT NULL, version TEXT NOT NULL DEFAULT '',
    normal_publisher TEXT NOT NULL, normal_name TEXT NOT NULL, normal_version TEXT NOT NULL,
    licensed INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT '', product_id INTEGER REFERENCES products (id),
    reason TEXT NOT NULL DEFAULT '', candidates TEXT NOT NULL DEFAULT '[]', devices INTEGER NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX software_names_key ON software_names (name, publisher, version);
CREATE INDEX software_names_normal ON software_names (normal_publisher, normal_name);
CREATE INDEX software_names_product ON software_names (product_id) WHERE product_id IS NOT NULL;
CREATE INDEX software_names_state ON software_names (state, devices);
CREATE TABLE discovered_software (
    device TEXT NOT NULL, name_id INTEGER NOT NULL REFERENCES software_names (id), user TEXT NOT NULL DEFAULT '',
    resource_group_id INTEGER NOT NULL DEFAULT 0 REFERENCES resource_groups (id), installed_on TEXT,
    source TEXT NOT NULL DEFAULT '', host_id INTEGER REFERENCES hosts (id),
    vm_id INTEGER REFERENCES virtual_machines (id),
    PRIMARY KEY (device, name_id, user)) WITHOUT ROWID;
CREATE INDEX discovered_software_name ON discovered_software (name_id);
CREATE INDEX discovered_software_host ON discovered_software (host_id) WHERE host_id IS NOT NULL;
CREATE INDEX discovered_software_vm ON discovered_software (vm_id) WHERE vm_id IS NOT NULL;
CREATE TABLE name_decisions (
    id INTEGER PRIMARY KEY, publisher TEXT NOT NULL, name TEXT NOT NULL, version TEXT NOT NULL,
    product_id INTEGER REFERENCES products (id));
CREATE UNIQUE INDEX name_decisions_key ON name_decisions (name, publisher, version);
CREATE INDEX name_decisions_product ON name_decisions (product_id) WHERE product_id IS NOT NULL;
ALTER TABLE installations ADD COLUMN found INTEGER NOT NULL DEFAULT 0;
CREATE INDEX installations_found ON installations (product_id) WHERE found = 1
"""


def up(_: Any, db: Any) -> None:
    """Add the tables; installations that follow from found software are marked."""
    connection = db.connection()
    for statement in STATEMENTS.split(";\n"):
        connection.execute(statement)
