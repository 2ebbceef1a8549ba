"""Software as it was found on devices, by the names that it was found under, and what was decided on these."""

# Peewee publishes no complete types; what leaves this module is typed by `store.records`.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportIncompatibleVariableOverride=false
# pyright: reportUnknownArgumentType=false, reportAttributeAccessIssue=false

from __future__ import annotations

from peewee import CompositeKey, ForeignKeyField, IntegerField, TextField

from store.basic_tables import Host, Product, ResourceGroup, Table, VirtualMachine


class SoftwareName(Table):
    key = ("name", "publisher", "version")
    publisher = TextField(default="")
    name = TextField()
    version = TextField(default="")
    normal_publisher = TextField()
    normal_name = TextField()
    normal_version = TextField()
    licensed = IntegerField(default=0)
    state = TextField(default="")
    product = ForeignKeyField(Product, null=True, index=False)
    reason = TextField(default="")
    candidates = TextField(default="[]")
    devices = IntegerField(default=0)

    class Meta:
        table_name = "software_names"


class DiscoveredSoftware(Table):
    key = ("device", "name", "user")
    device = TextField()
    name = ForeignKeyField(SoftwareName, index=False)
    user = TextField(default="")
    resource_group = ForeignKeyField(ResourceGroup, default=0, index=False)
    installed_on = TextField(null=True)
    source = TextField(default="")
    host = ForeignKeyField(Host, null=True, index=False)
    vm = ForeignKeyField(VirtualMachine, null=True, index=False)

    class Meta:
        table_name = "discovered_software"
        primary_key = CompositeKey("device", "name", "user")
        without_rowid = True


class NameDecision(Table):
    key = ("name", "publisher", "version")
    publisher = TextField()
    name = TextField()
    version = TextField()
    product = ForeignKeyField(Product, null=True, index=False)

    class Meta:
        table_name = "name_decisions"
