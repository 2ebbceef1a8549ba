"""The tables that others refer to by name: groups, metrics with how they are counted, hosts, virtual machines,
products."""

# Peewee publishes no complete types; what leaves this module is typed by `store.records`.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportIncompatibleVariableOverride=false
# pyright: reportUnknownArgumentType=false, reportAttributeAccessIssue=false

from __future__ import annotations

from typing import ClassVar

from peewee import ForeignKeyField, IntegerField, Model, TextField


class Table(Model):
    """A table of the book. `key` names the fields by which people know a row."""

    key: ClassVar[tuple[str, ...]] = ()


class Setting(Table):
    key = ("name",)
    name = TextField(primary_key=True, column_name="key")
    value = TextField()

    class Meta:
        table_name = "settings"
        without_rowid = True


class Metric(Table):
    key = ("code",)
    code = TextField()

    class Meta:
        table_name = "metrics"


class Family(Table):
    key = ("name",)
    name = TextField()

    class Meta:
        table_name = "families"


class ResourceGroup(Table):
    key = ("name",)
    name = TextField()
    parent = ForeignKeyField("self", null=True, index=False)

    class Meta:
        table_name = "resource_groups"


class UserGroup(Table):
    key = ("name",)
    name = TextField()
    parent = ForeignKeyField("self", null=True, index=False)

    class Meta:
        table_name = "user_groups"


class Host(Table):
    key = ("host",)
    host = TextField()
    resource_group = ForeignKeyField(ResourceGroup, default=0, index=False)
    processors = IntegerField(null=True)
    cores_per_processor = IntegerField(null=True)
    cluster = TextField(default="")

    class Meta:
        table_name = "hosts"


class VirtualMachine(Table):
    key = ("vm",)
    vm = TextField()
    host = ForeignKeyField(Host, null=True, index=False)
    cluster = TextField(default="")
    vcpus = IntegerField(null=True)

    class Meta:
        table_name = "virtual_machines"


class CountingRule(Table):
    key = ("metric", "valid_from")
    metric = ForeignKeyField(Metric, index=False)
    valid_from = TextField(default="")
    method = TextField()
    per = IntegerField(null=True)
    per_threads = IntegerField(null=True)
    minimum_per_processor = IntegerField(null=True)
    minimum_per_server = IntegerField(null=True)
    minimum_per_vm = IntegerField(null=True)
    minimum = IntegerField(null=True)
    factor = TextField(null=True)
    virtual = TextField(null=True)
    count_host = IntegerField(null=True)
    basis = TextField(null=True)
    tiers = TextField(null=True)
    pack = IntegerField(null=True)
    coverage = TextField(null=True)

    class Meta:
        table_name = "counting_rules"


class Product(Table):
    key = ("product",)
    product = TextField()
    vendor = TextField(default="")
    family = ForeignKeyField(Family, null=True, index=False)
    edition = TextField(default="")
    version = TextField(default="")
    version_rank = IntegerField(null=True)
    released_on = TextField(null=True)
    support_ends_on = TextField(null=True)
    metric = ForeignKeyField(Metric, null=True, index=False)
    maintenance_separate = IntegerField(default=0)
    transfer_group = IntegerField(default=0)

    class Meta:
        table_name = "products"
