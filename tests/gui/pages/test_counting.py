"""Hosts, virtual machines and counting rules in the window: added, changed, removed, undone; counts that open."""

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QLineEdit, QSpinBox
from pytestqt.qtbot import QtBot

from gui.desk import Desk, Place
from gui.dialogs.form import Form
from gui.main_window import MainWindow
from gui.pages.setting_parts.boxed import Boxed
from gui.tables.overview import OverviewPage
from gui.widgets.listing import Listing
from store import hardware, readers
from store.audit import content_hash
from store.records import Host, VirtualMachine
from tests.estates import groups, item, of
from tests.gui import conftest
from tests.gui.pages.conftest import Open, answer, button, choose, settled, shown
from tests.gui.test_every_widget import rich, unnamed

ESTATE = of(
    item("1", "Windows", 40, metric="core"),
    item("2", "Office", 40),
    resource_groups=groups("Berlin"),
    hosts=[
        {"host": "esx", "processors": 2, "cores_per_processor": 8, "cluster": "prod"},
        {"host": "iron", "processors": 1, "cores_per_processor": 24, "resource_group": "Berlin"},
    ],
    virtual_machines=[
        *({"vm": f"vm{n}", "host": "iron", "vcpus": 4, "cluster": ""} for n in range(5)),
        {"vm": "roams", "cluster": "prod"},
    ],
    counting_rules=[{"metric": "core", "method": "stacking", "valid_from": "2026-01-01"}],
    installations=[
        {"product": "Windows", "device": "esx"},
        *({"product": "Windows", "device": f"vm{n}"} for n in range(5)),
        *({"product": "Office", "device": f"pc{n}"} for n in range(3)),
    ],
)
KEY = "Windows|perpetual|core"


@pytest.fixture
def estate(desk_with: Callable[..., Desk]) -> Desk:
    return desk_with(ESTATE)


@pytest.fixture
def window(estate: Desk, qtbot: QtBot) -> MainWindow:
    estate.state.put("window/page", "snapshots")
    return conftest.shown(MainWindow(estate), qtbot)


def form_of(window: MainWindow) -> Form:
    return window.findChildren(Form)[-1]


def needed(desk: Desk) -> int:
    return desk.book.value(
        "SELECT demand FROM positions s JOIN products p ON p.id = s.product_id AND product = 'Windows'"
    )


# ----------------------------------------------------------------------------------------------- hosts and machines
def test_hosts_stand_with_their_cores_and_machines(estate: Desk, open_page: Open) -> None:
    page = open_page(estate, "hosts")
    columns = ("host", "cluster", "resource_group", "cores", "machines")
    assert list(zip(*(shown(page, name) for name in columns), strict=True)) == [
        ("esx", "prod", "", "16", "1"),
        ("iron", "", "Berlin", "24", "5"),
    ]


def test_machines_stand_with_the_cluster_in_which_they_can_run(estate: Desk, open_page: Open) -> None:
    page = open_page(estate, "virtual_machines")
    assert (shown(page, "vm")[0], shown(page, "cluster")[0], shown(page, "host")[-1]) == ("roams", "prod", "iron")


def test_a_host_leads_to_its_machines_and_a_machine_to_its_host(estate: Desk, open_page: Open) -> None:
    places: list[Place] = []
    estate.asked.connect(places.append)
    for code, other in (("hosts", "virtual_machines"), ("virtual_machines", "hosts")):
        page = open_page(estate, code)
        choose(page, 1)
        page.actions_by_code[f"show-{other}"].trigger()
    assert [(place.page, place.ask.where) for place in places if place.ask] == [
        ("virtual_machines", (("host", "iron"),)),
        ("hosts", (("host", "iron"),)),
    ]


def test_a_host_is_added_and_changed_and_demand_follows(window: MainWindow, estate: Desk) -> None:
    before = content_hash(estate.book)
    estate.go(Place("add-host"))
    form = form_of(window)
    form.fields["Name"].setText("spare")
    form.fields["Resource group"].setText("Berlin")
    form.fields["Processors"].setValue(2)
    form.save_button.click()
    assert readers.host(estate.book, "spare") == Host("spare", "Berlin", 2)

    assert needed(estate) == 16 + 72
    estate.go(Place("edit-host", "iron"))
    form = form_of(window)
    assert form.fields["Cores per processor"].value() == 24
    form.fields["Cores per processor"].setValue(32)
    form.save_button.click()
    assert needed(estate) == 16 + 96
    assert estate.undo_text == "Edit host iron"
    estate.undo()
    estate.undo()
    assert (content_hash(estate.book), needed(estate)) == (before, 88)


def test_a_machine_is_added_and_changed(window: MainWindow, estate: Desk) -> None:
    estate.go(Place("add-virtual-machine"))
    form = form_of(window)
    form.fields["Name"].setText("new")
    form.save_button.click()
    assert "neither a host nor a cluster" in form.said.text()
    form.fields["Host"].setText("iron")
    form.fields["vCPUs"].setValue(8)
    form.save_button.click()
    assert readers.machine(estate.book, "new") == VirtualMachine("new", "iron", vcpus=8)
    estate.go(Place("edit-virtual-machine", "new"))
    form = form_of(window)
    form.fields["Host"].setText("")
    form.fields["Cluster"].setText("prod")
    form.save_button.click()
    assert readers.machine(estate.book, "new").cluster == "prod"


@pytest.mark.parametrize(
    ("page", "name", "said"), [("host", "iron", "a host"), ("virtual-machine", "vm1", "a virtual")]
)
def test_a_name_that_is_taken_is_said_and_what_was_typed_stays(
    page: str, name: str, said: str, window: MainWindow, estate: Desk
) -> None:
    estate.go(Place(f"add-{page}"))
    form = form_of(window)
    form.fields["Name"].setText(name)
    form.save_button.click()
    assert f"There is {said}" in form.said.text()
    assert form.isVisible()


def test_what_is_gone_is_told_instead_of_edited(window: MainWindow, estate: Desk) -> None:
    estate.go(Place("edit-host", "gone"))
    assert window.findChild(QLabel, "qt_msgbox_label").text() == "This host cannot be edited"


def test_a_machine_that_nothing_names_is_removed_and_comes_back(estate: Desk, open_page: Open, qtbot: QtBot) -> None:
    before = content_hash(estate.book)
    page: OverviewPage = open_page(estate, "virtual_machines")
    choose(page, 0)
    button(page, "remove").click()
    assert page.question.text() == "Remove virtual machine roams?"
    answer(page, "Remove")
    settled(page, qtbot)
    assert "roams" not in shown(page, "vm")
    estate.undo()
    assert content_hash(estate.book) == before


def test_a_host_that_is_used_stays(estate: Desk, open_page: Open) -> None:
    page = open_page(estate, "hosts")
    choose(page, 1)
    button(page, "remove").click()
    answer(page, "Remove")
    assert "used by virtual machines" in page.question.informativeText()


# ------------------------------------------------------------------------------------------------------------- rules
@pytest.fixture
def rules(window: MainWindow, estate: Desk) -> Boxed:
    estate.go(Place("settings", tab="counting"))
    return window.findChild(Boxed)


def cells(table: Boxed) -> list[list[str]]:
    return [[table.table.item(r, c).text() for c in range(4)] for r in range(table.table.rowCount())]


def choose_method(form: Form, code: str) -> None:
    box = form.fields["Method"]
    assert isinstance(box, QComboBox)
    box.setCurrentIndex(box.findData(code))


def seen(form: Form) -> list[str]:
    return [name for name, field in form.fields.items() if field.isVisibleTo(form)]


def test_rules_stand_with_their_parameters_and_first_days(rules: Boxed) -> None:
    assert cells(rules) == [["Core", "Cores, stacked for virtual machines", "as usual", "2026-01-01"]]


def test_a_form_shows_only_what_the_method_takes_with_what_else_holds(rules: Boxed, window: MainWindow) -> None:
    rules.add()
    form = form_of(window)
    choose_method(form, "stacking")
    assert seen(form) == [
        *("Metric", "Valid from", "Method", "Covered by one right", "Minimum per processor", "Minimum per server"),
        *("Host is a system, too", "Minimum in all", "Units of a pack", "Rights cover"),
    ]
    assert form.fields["Minimum per server"].placeholderText() == "16"
    choose_method(form, "tiers")
    assert seen(form)[3:5] == ["Counted by", "Tiers"]
    assert not unnamed(form)
    assert not rich(form)


def test_a_rule_is_added_changed_and_removed_and_each_can_be_undone(
    rules: Boxed, window: MainWindow, estate: Desk
) -> None:
    before = content_hash(estate.book)
    rules.add()
    form = form_of(window)
    form.fields["Metric"].setCurrentIndex(form.fields["Metric"].findData("core"))
    choose_method(form, "core")
    form.fields["Minimum per processor"].setText("16")
    form.fields["Core factor"].setText("0.5")
    form.fields["Valid from"].set_day(date(2026, 6, 1))
    form.save_button.click()
    assert needed(estate) == 16 + 12
    assert cells(rules)[1] == ["Core", "Cores", "Minimum per processor 16 · Core factor 0.5", "2026-06-01"]

    rules.table.selectRow(1)
    rules.edit()
    form = form_of(window)
    choose_method(form, "host-or-guest")
    form.fields["Units of a pack"].setText("2")
    form.fields["Valid from"].set_day(date(2026, 7, 1))
    form.save_button.click()
    assert cells(rules)[1] == ["Core", "Cores of the host or its machines", "Units of a pack 2", "2026-07-01"]
    assert needed(estate) == (16 + 20) // 2

    rules.table.selectRow(1)
    rules.remove()
    assert needed(estate) == 88
    for _ in range(3):
        estate.undo()
    assert content_hash(estate.book) == before


@pytest.mark.parametrize(
    ("method", "field", "text", "said"),
    [
        ("core", "Core factor", "half", "Core factor: “half” is no number. Type one such as 0.5."),
        ("core", "Units of a pack", "2.5", "Units of a pack: “2.5” is no whole number. Type one such as 16."),
        ("tiers", "Tiers", "10:1", "Tiers: “10:1” must end in one weight without a limit"),
        ("tiers", "Tiers", "", "counts by tiers that are not given"),
        ("core", "Units of a pack", "0", 'pack: "0" is not possible; give 1 or more, or leave it out.'),
    ],
)
def test_what_cannot_be_is_said_in_the_form(
    method: str, field: str, text: str, said: str, rules: Boxed, window: MainWindow
) -> None:
    rules.add()
    form = form_of(window)
    choose_method(form, method)
    typed = form.fields[field]
    assert isinstance(typed, QLineEdit)
    typed.setText(text)
    form.save_button.click()
    assert said in form.said.text()


def test_a_second_rule_of_a_day_is_refused(rules: Boxed, window: MainWindow) -> None:
    rules.add()
    form = form_of(window)
    form.fields["Metric"].setCurrentIndex(form.fields["Metric"].findData("core"))
    form.fields["Valid from"].set_day(date(2026, 1, 1))
    form.save_button.click()
    assert form.said.text().startswith("There is a counting rule of core from 2026-01-01 already.")


def test_chosen_and_typed_parameters_are_shown_again(rules: Boxed, window: MainWindow) -> None:
    rules.add()
    form = form_of(window)
    choose_method(form, "tiers")
    form.fields["Tiers"].setText("20:1; 0.5")
    form.fields["Counted by"].setCurrentIndex(form.fields["Counted by"].findData("vcpu"))
    form.fields["Rights cover"].setCurrentIndex(2)
    form.save_button.click()
    row = next(at for at, one in enumerate(cells(rules)) if one[1] == "Value-unit tiers")
    assert cells(rules)[row][2] == ("Tiers 20:1, 0.5 · Counted by vCPUs · Rights cover a device wholly, or not at all")
    rules.table.selectRow(row)
    rules.edit()
    again = form_of(window)
    assert (again.fields["Tiers"].text(), again.fields["Counted by"].currentData()) == ("20:1, 0.5", "vcpu")


# ------------------------------------------------------------------------------------------------- counts that open
def test_a_counted_position_opens_to_hosts_formulas_and_numbers(window: MainWindow, estate: Desk, qtbot: QtBot) -> None:
    estate.go(Place("position", KEY))
    conftest.settled(estate, qtbot)
    table = next(one for one in window.findChildren(Listing) if one.accessibleName() == "Counted")
    model = table.model()
    rows = [[model.index(r, c).data() for c in range(model.columnCount())] for r in range(model.rowCount())]
    assert rows == [
        ["Host esx", "—", "—", "max(2 × max(8, 8), 16) × max(1, 0 ÷ 2 rounded up) = 16", "16", "0"],
        [
            *("Host iron", "Berlin", "vm0, vm1 and 3 more"),
            *("max(1 × max(24, 8), 16) × max(1, 5 ÷ 2 rounded up) = 72", "72", "40"),
        ],
    ]
    told = "\n".join(one.text() for one in window.findChildren(QLabel))
    assert "sum = 88. Needed: 88." in told
    assert "Rights: 40. They cover 40 of 88; a part where they do not reach." in told


def test_a_position_without_a_counting_rule_has_no_such_card(window: MainWindow, estate: Desk, qtbot: QtBot) -> None:
    estate.go(Place("position", "Office|perpetual|device"))
    conftest.settled(estate, qtbot)
    assert not [one for one in window.findChildren(Listing) if one.accessibleName() == "Counted"]


def test_numbers_that_are_not_known_are_said_so(window: MainWindow, estate: Desk) -> None:
    hardware.save_host(estate.book, Host("bare"))
    estate.go(Place("edit-host", "bare"))
    spin = form_of(window).fields["Processors"]
    assert isinstance(spin, QSpinBox)
    assert spin.text() == "Not known: counts as 1"
    assert isinstance(form_of(window), Form)
    assert not unnamed(form_of(window))
    assert isinstance(form_of(window).parent(), QFrame | MainWindow)
