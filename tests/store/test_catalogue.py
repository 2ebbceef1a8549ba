"""Which product names the catalogue knows, what it says of them, and that it never guesses."""

import time
from datetime import date
from importlib.resources import files

import orjson
import pytest

from store import catalogue

KNOWN = [
    # name, family, edition, version, released on, support ends on
    ("Windows Server 2025 Standard", "Windows Server", "Standard", "2025", "2024-11-01", "2034-11-14"),
    ("Windows Server Standard 2025", "Windows Server", "Standard", "2025", "2024-11-01", "2034-11-14"),
    (
        "Microsoft Windows Server 2012 R2 Datacenter",
        "Windows Server",
        "Datacenter",
        "2012 R2",
        "2013-11-25",
        "2026-10-13",
    ),
    ("windows server 2008 r2 sp1", "Windows Server", "", "2008 R2", "2009-10-22", "2023-01-10"),
    ("Windows Server, version 20H2", "Windows Server", "", "20H2", "2020-10-20", "2022-08-09"),
    ("Windows Server Core 2022", "Windows Server Core", "", "2022", "2021-08-18", "2031-10-14"),
    ("SQL Server 2019", "SQL Server", "", "2019", "2019-11-04", "2030-01-08"),
    ("MS SQL Server 2022 Enterprise", "SQL Server", "Enterprise", "2022", "2022-11-16", "2033-01-11"),
    ("Microsoft® SQL Server® 2016 SP2 Standard Edition", "SQL Server", "Standard", "2016", "2016-06-01", "2029-07-17"),
    ("Microsoft(R) SQL Server(TM) Std 2017", "SQL Server", "Standard", "2017", "2017-09-29", "2027-10-12"),
    ("SQL-Server 2008 R2 Express", "SQL Server", "Express", "2008 R2", "2010-07-20", "2022-07-12"),
    ("Windows 11 Enterprise", "Windows", "Enterprise", "11", "2021-10-04", "2029-03-13"),
    ("Windows 11 Pro", "Windows", "Pro", "11", "2021-10-04", "2028-03-14"),
    ("Windows 10 Enterprise LTSC 2021", "Windows", "Enterprise LTSC", "10 LTSC 2021", "2021-11-16", "2027-01-12"),
    ("Windows 10 Enterprise 2016 LTSB", "Windows", "Enterprise LTSC", "10 LTSB 2016", "2016-08-02", "2026-10-13"),
    (
        "Windows 10 IoT Enterprise LTSC 2021",
        "Windows IoT",
        "IoT Enterprise LTSC",
        "10 LTSC 2021",
        "2021-11-16",
        "2032-01-13",
    ),
    ("Windows 7 Professional SP1", "Windows", "Professional", "7", "2009-10-22", "2020-01-14"),
    ("Windows XP", "Windows", "", "XP", "2001-10-25", "2014-04-08"),
    ("Windows Embedded POSReady 7", "Windows Embedded", "", "POSReady 7", "2011-09-10", "2021-10-12"),
    ("Office Professional Plus 2019", "Office", "Professional Plus", "2019", "2018-09-24", "2025-10-14"),
    ("Office 2016 Pro Plus", "Office", "Professional Plus", "2016", "2015-09-22", "2025-10-14"),
    ("Microsoft Office LTSC Professional Plus 2021", "Office", "Professional Plus", "2021", "2021-10-05", "2026-10-13"),
    ("Office LTSC Standard 2024", "Office", "Standard", "LTSC 2024", "2024-09-18", "2029-10-09"),
    ("Office 2011 for Mac", "Office", "", "2011 for Mac", "2010-12-09", "2017-10-10"),
    ("Exchange Server 2019 Standard", "Exchange Server", "Standard", "2019", "2018-10-22", "2026-11-01"),
    ("Exchange Server Subscription Edition", "Exchange Server", "", "Subscription Edition", "2025-07-01", None),
    ("SharePoint 2016", "SharePoint Server", "", "2016", "2016-05-01", "2026-07-14"),
    ("Visual Studio Professional 2022", "Visual Studio", "Professional", "2022", "2021-11-08", "2032-01-13"),
    ("Visual Studio 2026 Enterprise", "Visual Studio", "Enterprise", "2026", "2025-11-11", None),
    (".NET 8", ".NET", "", "8", "2023-11-14", "2026-11-10"),
    ("Microsoft .NET Core 3.1", ".NET", "", "Core 3.1", "2019-12-03", "2022-12-13"),
    (".NET Framework 3.5 SP1", ".NET Framework", "", "3.5", "2007-11-19", "2029-01-09"),
    (".NET Framework 4.8.1", ".NET Framework", "", "4.8.1", "2022-08-09", None),
    ("Oracle Database 19c Enterprise Edition", "Oracle Database", "Enterprise", "19c", "2019-04-25", "2032-12-31"),
    (
        "Oracle Database Standard Edition 2 19c",
        "Oracle Database",
        "Standard Edition 2",
        "19c",
        "2019-04-25",
        "2032-12-31",
    ),
    ("Oracle 12cR2 EE", "Oracle Database", "Enterprise", "12c Release 2", "2017-03-01", "2022-03-31"),
    ("Oracle Database 23ai", "Oracle Database", "", "26ai", "2023-09-19", "2031-12-31"),
    ("Java SE 17.0.9", "Oracle JDK", "", "17", "2021-09-14", "2029-09-30"),
    ("Oracle Linux 8.9", "Oracle Linux", "", "8", "2019-07-19", "2032-07-31"),
    ("Oracle Solaris 11.4", "Oracle Solaris", "", "11.4", "2018-08-28", "2037-11-01"),
    ("Db2 v11.5.8 Standard Edition", "IBM Db2", "Standard", "11.5", "2019-06-25", "2031-04-30"),
    ("IBM DB2 10.5 Workgroup Server", "IBM Db2", "Workgroup Server", "10.5", "2013-07-26", "2025-04-30"),
    ("IBM WebSphere MQ 9.3 LTS", "IBM MQ", "", "9.3", "2022-06-23", "2031-09-30"),
    ("AIX 7.1", "IBM AIX", "", "7.1", "2010-09-10", "2023-04-30"),
    ("IBM AIX 7.2.5", "IBM AIX", "", "7.2", "2015-12-31", None),
    ("RHEL 8.6", "Red Hat Enterprise Linux", "", "8", "2019-05-07", "2033-05-31"),
    ("Red Hat Enterprise Linux Server 7", "Red Hat Enterprise Linux", "", "7", "2014-06-10", "2029-05-31"),
    ("OpenShift Container Platform 4.16", "Red Hat OpenShift", "", "4.16", "2024-06-27", "2026-06-27"),
    ("Red Hat Satellite 6.15", "Red Hat Satellite", "", "6.15", "2024-04-23", "2025-11-30"),
    ("JBoss EAP 7.4", "JBoss Enterprise Application Platform", "", "7", "2016-05-01", "2027-10-31"),
    ("VMware ESXi 7", "VMware ESXi", "", "7.0", "2020-04-02", "2025-10-02"),
    ("vCenter Server 8.0 Standard", "VMware vCenter Server", "Standard", "8.0", "2022-10-11", "2027-10-11"),
    ("VMware Cloud Foundation 5.2", "VMware Cloud Foundation", "", "5.2", "2024-07-23", "2027-10-11"),
    ("Site Recovery Manager 8.6", "VMware Site Recovery Manager", "", "8.6", "2022-10-11", "2025-10-11"),
    (
        "Citrix Virtual Apps and Desktops 7 2203 LTSR",
        "Citrix Virtual Apps and Desktops",
        "",
        "2203",
        "2022-03-23",
        "2032-03-23",
    ),
    ("Citrix XenDesktop 7.15 LTSR", "XenDesktop", "", "7.15", "2017-08-15", "2027-08-15"),
    (
        "Veeam Backup and Replication 12.1 Enterprise Plus",
        "Veeam Backup & Replication",
        "Enterprise Plus",
        "12",
        "2023-01-30",
        "2027-02-01",
    ),
    ("Veeam ONE 9.0", "Veeam ONE", "", "9.0", "2016-01-12", None),
    ("Veeam Backup for Microsoft 365 8", "Veeam Backup for Microsoft 365", "", "8", "2024-09-03", "2026-09-03"),
    ("Splunk 9.2", "Splunk Enterprise", "", "9.2", "2024-01-31", "2026-01-31"),
    ("Atlassian Jira Software 9.12.4 Data Center", "Jira Software", "Data Center", "9.12", "2023-11-29", "2025-11-29"),
    ("Confluence 9.2 (Data Center)", "Confluence", "Data Center", "9.2", "2024-12-09", "2026-12-10"),
    ("SUSE Manager 4.3", "SUSE Multi-Linux Manager", "", "4.3", "2022-06-20", "2026-07-31"),
    ("Micro Focus Visual COBOL 9.0", "Visual COBOL", "", "9.0", "2023-06-29", "2027-07-31"),
]

UNKNOWN = [
    "",
    "   ",
    "Office",
    "SQL Server",
    "Windows",
    "Microsoft",
    "Office 365",
    "Microsoft 365 E3",
    "Windows 365 Enterprise",
    "Windows 10 Enterprise LTSC",  # which one?
    "Windows 11 Enterprise Gold",
    "Windows 10.0.22000",  # Windows 11 reports itself like this
    "Windows Server 2022 User CAL",
    "SQL Server 2019 Standard Reporting Services",
    "SQL Server Management Studio 19",
    "SQL Server 2018",
    "SQL Server 2019 Standard Enterprise",
    "Exchange Online",
    "Visual Studio Code",
    "Visual Studio 2022 Build Tools",
    "Oracle Database 12c",  # Release 1 or Release 2
    "Java SE Universal Subscription",
    "RHEL 8 for SAP",
    "RHEL 8.6.x",
    "RHEL 11",
    "Red Hat",
    "Contoso SQL Server 2019",
    "Jira Service Management 5.4",
    "Windows Server 2025 Standard " + "and more " * 500,
    "名前 2025",
]


@pytest.mark.parametrize(("name", "said"), [(name, said) for name, *said in KNOWN])
def test_a_product_named_as_people_name_it_is_known(name: str, said: list[str | None]) -> None:
    entry = catalogue.lookup(name)
    assert entry is not None
    ends = entry.support_ends_on and entry.support_ends_on.isoformat()
    assert [entry.family, entry.edition, entry.version, entry.released_on.isoformat(), ends] == said


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_name_with_anything_unknown_in_it_is_never_guessed(name: str) -> None:
    assert catalogue.lookup(name) is None


def test_the_vendor_before_a_name_changes_nothing() -> None:
    for entry in catalogue.entries():
        name = f"{entry.family} {entry.version} {entry.edition}"
        assert catalogue.lookup(name) == entry, name
        assert catalogue.lookup(f"{entry.vendor} {name}") == entry, name


def test_capitals_dashes_and_spaces_change_nothing() -> None:
    assert catalogue.lookup("  MICROSOFT -- windows_server   2025/standard ") == catalogue.lookup(
        "Windows Server 2025 Standard"
    )


def test_every_product_of_the_data_has_an_entry_and_every_release_is_in_one_or_knowingly_left_out() -> None:
    data = orjson.loads((files("resources") / "catalogue" / "eol_products.json").read_bytes())
    assert len(data) == 35
    assert sum(len(product["releases"]) for product in data.values()) == 654
    assert catalogue.left_out() == {("windows", "10-1507-iot")}  # ended in 2020, and sold under no name of its own
    assert len({entry.family for entry in catalogue.entries()}) == 37  # Windows IoT and XenDesktop are sold apart


def test_the_entries_are_told_once_each() -> None:
    names = [(entry.family, entry.edition, entry.version) for entry in catalogue.entries()]
    assert len(names) == len(set(names)) > 500


def test_service_packs_and_updates_are_no_versions_of_their_own() -> None:
    versions = {
        entry.version for entry in catalogue.entries() if entry.family in ("SQL Server", "Windows", "Visual Studio")
    }
    assert not [version for version in versions if "SP" in version or "22H2" in version or "17." in version]


def test_no_version_loses_support_before_it_came_out() -> None:
    assert not [entry for entry in catalogue.entries() if (entry.support_ends_on or date.max) < entry.released_on]


def test_a_hundred_thousand_names_are_looked_up_while_one_waits() -> None:
    started = time.perf_counter()
    for number in range(50_000):
        catalogue.lookup(f"Some tool {number} Professional")
        catalogue.lookup(f"Microsoft SQL Server 2019 Standard {number}")
    assert time.perf_counter() - started < 10  # about a second; the rest is for busy machines


def test_the_notice_of_the_data_goes_with_it() -> None:
    folder = files("resources") / "catalogue"
    assert "endoflife.date contributors" in (folder / "LICENSE").read_text("utf-8")
    assert len((folder / "COMMIT").read_text("utf-8").strip()) == 40
