"""The wizard for the licenses of an entitlement: where they are allocated, and who answers for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from gui import wording
from gui.desk import Desk, Place
from gui.widgets.buttons import button, explain
from gui.widgets.figures import Figures
from gui.widgets.layout import row
from gui.widgets.summary import Summary
from gui.wizards import base
from gui.wizards.allocation_table import DEMAND, RESOURCE_GROUP, USER_GROUP, AllocationModel, AllocationTable, Line
from gui.wizards.base import Finished, Made, Page, Problem, Progress, Wizard
from gui.wizards.responsibility import ResponsibilityPage
from gui.work import Report
from rules.vocabulary import MAINTENANCE, is_unlimited
from store import allocations, conflicts, entitlements, groups, holdings, names, overviews, readers
from store.allocations import Part
from store.book import Book
from store.errors import KnownFault, Unknown
from store.groups import RESOURCE_GROUPS, USER_GROUPS
from store.holdings import Holding
from store.records import EntitlementKey

_FEW = 6


def open_(desk: Desk, parent: QWidget, place: Place) -> Wizard | None:
    """Show the wizard for the entitlement that the key names; None when there is no such entitlement any more."""
    try:
        held = holdings.of(desk.book, key_of(desk.book, place.key))
    except KnownFault as fault:
        desk.tell(str(fault), "error")
        return None
    return base.open_(EntitlementWizard(desk, parent, held))


def key_of(book: Book, key: str) -> EntitlementKey:
    """The entitlement of a public key, such as "Office|perpetual|device". Raises Unknown."""
    number = overviews.find(book, "entitlements", key)
    if number is None:
        raise Unknown(f"There is no entitlement {key}.")
    return readers.key_of(book, number)


class AllocationPage(Page):
    """Rows of resource group, user group and number; what remains is shown while one types."""

    def __init__(self, desk: Desk, held: Holding) -> None:
        super().__init__("License allocation", "Where are the licenses used?", held.name)
        book, self._desk, self.held = desk.book, desk, held
        self.demand = allocations.demanded(book, held.entitlement)
        known = {
            RESOURCE_GROUP: names.listed(book, RESOURCE_GROUPS),
            USER_GROUP: names.listed(book, USER_GROUPS),
        }
        self.stored = allocations.parts(book, held.entitlement)
        self.model = AllocationModel(known, self.demand, self)
        self.table = AllocationTable(self.model)
        self.figures = Figures("Quantity", "Allocated", "Remaining", "Demand")
        self.add_button = button("Add", self.add, icon="plus")
        self.remove_button = button("Remove", self.table.remove_chosen, icon="trash-2")
        self.suggest_button = button("Suggest by demand", self.suggest, icon="sparkles")
        self.reset_button = button("As stored", lambda: self.model.fill(self.stored), icon="rotate-ccw")
        explain(self.add_button, "Add a row", "Ins")
        explain(self.remove_button, "Remove the chosen rows", "Del")
        explain(self.suggest_button, "Give each resource group what it needs, or its share of what there is")
        explain(self.reset_button, "Show the rows again that are stored")
        self.table.adding.connect(self.add)
        self.model.changed.connect(self._tell)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._enable())
        buttons = row(self.add_button, self.remove_button, None, self.suggest_button, self.reset_button)
        self.fill(self.figures, buttons, self.table, scroll=False)
        self.layout().itemAt(1).layout().setStretch(2, 1)
        self.model.fill(self.stored)
        self.model.modelReset.connect(self._enable)

    def arrive(self) -> None:
        """Begin in the table; with the first row, where there is none yet."""
        if self.model.lines:
            self.table.selectRow(0)
            QTimer.singleShot(0, self.table, self.table.setFocus)

    def add(self) -> None:
        """Add a row with what remains, for the user group of the row before, and begin with its resource group."""
        left = self.held.quantity - self.model.allocated()
        before = self.model.lines[-1].user_group if self.model.lines else self.held.managed_by
        number = 0 if is_unlimited(left) else max(left, 0)
        self.table.setFocus()
        self.table.begin(self.model.add(Line("", before, number)))

    def suggest(self) -> None:
        """Fill the rows by the demand of the groups."""
        users = self.held.responsible or self.held.managed_by
        try:
            found = allocations.suggest(self._desk.book, self.held.entitlement, self.model.parts(), users)
        except KnownFault as fault:
            self.said.say(str(fault))
            return
        if found:
            self.model.fill(found)
            self.said.clear()
        else:
            self.said.say("No resource group has a demand for this product and metric.", "info")

    def problems(self) -> Iterable[Problem]:
        """Every row is whole, and all of them come to no more than there is."""
        lines = self.model.lines
        gaps = [n for n, line in enumerate(lines, 1) if not (line.resource_group and line.user_group and line.quantity)]
        if gaps:
            self.table.begin(gaps[0] - 1, _gap(lines[gaps[0] - 1]))
            yield None, f"Row {gaps[0]} is not complete: choose both groups and a number of 1 or more, or remove it."
        elif self._excess() and not self._only_less():
            yield None, self._over()

    def _excess(self) -> int:
        return max(self.model.allocated() - self.held.quantity, 0)

    def _only_less(self) -> bool:
        """Whether nothing is typed but what takes back, where too much was allocated before."""
        held = {(part.resource_group, part.user_group): part.quantity for part in self.stored}
        return all(
            part.quantity <= held.get((part.resource_group, part.user_group), 0)
            for part in allocations.merged(self.model.parts())
        )

    def _over(self) -> str:
        excess, quantity = wording.number(self._excess()), wording.quantity(self.held.quantity)
        return f"{excess} more are allocated than the {quantity} that there are. Lower a number, or remove a row."

    def _enable(self) -> None:
        self.remove_button.setEnabled(bool(self.table.chosen()))
        self.reset_button.setEnabled(self.model.parts() != self.stored)

    def _tell(self) -> None:
        """Show the figures as they are with what is typed."""
        allocated, quantity = self.model.allocated(), self.held.quantity
        left = quantity - allocated
        self.figures.show_figures(
            wording.quantity(quantity),
            wording.number(allocated),
            wording.quantity(left),
            wording.quantity(sum(self.demand.values())),
        )
        self.figures.mark(2, "negative" if left < 0 else "positive" if left == 0 else "")
        if left < 0:
            self.said.say(self._over(), "error" if not self._only_less() else "warning")
        elif len(allocations.merged(self.model.parts())) < len(self.model.lines):
            self.said.say("Rows of the same resource group and user group are added up.", "info")
        else:
            self.said.clear()
        self.table.setColumnHidden(DEMAND, not self.demand)
        self._enable()


def _gap(line: Line) -> int:
    """The first cell of a row that is empty."""
    return next(place for place, value in enumerate((line.resource_group, line.user_group, 0)) if not value)


class SummaryPage(base.SummaryPage):
    """What will be stored."""

    def __init__(self) -> None:
        rows = Summary()
        super().__init__(rows)
        self.rows = rows

    def arrive(self) -> None:
        """Show it."""
        wizard: EntitlementWizard = self.wizard()
        wizard.drafted = draft = wizard.draft()
        held, taken = wizard.held, sum(part.quantity for part in draft.parts)
        said = [
            ("Entitlement", draft.name),
            ("Responsible user group", draft.responsible or f"{held.managed_by or 'Nobody'} (by its purchases)"),
        ]
        if wizard.allocation is not None:
            said += [
                ("Quantity", wording.quantity(held.quantity)),
                ("Allocated", wording.number(taken)),
                ("Remaining", wording.quantity(held.quantity - taken)),
            ]
        self.summary.show_rows(said)
        rows = [(f"{part.resource_group} / {part.user_group}", wording.number(part.quantity)) for part in draft.parts]
        self.rows.show_rows(rows)
        self.rows.setVisible(bool(rows))
        self.note(*_news("resource group", draft.new_resources), *_news("user group", draft.new_users))


def _news(what: str, made: Sequence[str]) -> Iterable[str]:
    if made:
        yield f"A new {what} is made: {made[0]}." if len(made) == 1 else f"New {what}s are made: {', '.join(made)}."


class Draft:
    """What is typed, apart from all fields."""

    def __init__(self, wizard: EntitlementWizard) -> None:
        model = wizard.allocation.model if wizard.allocation else None
        self.parts: list[Part] = allocations.merged(model.parts()) if model else []
        self.responsible = wizard.responsibility.responsible()
        self.name = wizard.responsibility.name.control.text().strip()
        self.new_resources = model.new_groups(RESOURCE_GROUP) if model else []
        own = [self.responsible] if wizard.responsibility.is_new() else []
        self.new_users = list(dict.fromkeys([*(model.new_groups(USER_GROUP) if model else []), *own]))

    def what(self) -> tuple[object, ...]:
        """What tells one draft from another."""
        return self.parts, self.responsible, self.name


class EntitlementWizard(Wizard):
    """Allocates the licenses of an entitlement, and says who answers for it."""

    def __init__(self, desk: Desk, parent: QWidget | None, held: Holding) -> None:
        super().__init__(desk, parent, "Edit entitlement", "Save")
        self.held = held
        self.seen = conflicts.see(desk.book, f"Entitlement {held.name}", conflicts.entitlement(held.entitlement))
        allocated = held.entitlement.model != MAINTENANCE
        self.allocation = AllocationPage(desk, held) if allocated else None
        self.responsibility = ResponsibilityPage(desk, held)
        self.summary, self.progress, self.finished = SummaryPage(), Progress(), Finished()
        self.begin(*self.route())
        self.drafted = self.draft()
        self.before = self.drafted.what()

    def route(self) -> Sequence[Page]:
        """Maintenance covers licenses and is not allocated itself."""
        first = [self.allocation] if self.allocation else []
        return [*first, self.responsibility, self.summary, self.progress, self.finished]

    def draft(self) -> Draft:
        """What is typed."""
        return Draft(self)

    def what(self) -> str:
        """What undo takes back."""
        return f"Edit entitlement {self.draft().name}"

    def store(self, book: Book, _: Report) -> object:
        """New groups first, then the rows, the name, and who answers."""
        draft, key = self.drafted, self.held.entitlement
        yours = conflicts.entitlement_texts(draft.name, draft.responsible, draft.parts)
        conflicts.require_unchanged(book, self.seen, yours)
        for kind, made in ((RESOURCE_GROUPS, draft.new_resources), (USER_GROUPS, draft.new_users)):
            for name in made:
                groups.add(book, kind, name)
        if self.allocation is not None:
            allocations.replace_all(book, key, draft.parts)
        held = holdings.of(book, key)
        if draft.name != held.name:
            entitlements.rename(book, key, draft.name)
        if draft.responsible != held.responsible:
            entitlements.set_responsible(book, key, draft.responsible)
        return holdings.of(book, key)

    def typed(self) -> bool:
        """Whether anything differs from what is stored."""
        return self.draft().what() != self.before

    def made(self, answer: Holding) -> Made:
        """The figures as they are stored now, and the way to the record."""
        left = answer.quantity - answer.allocated
        lines = [f"Managed by {answer.managed_by or 'nobody'}."]
        if self.allocation is not None:
            lines.insert(0, f"Allocated {wording.number(answer.allocated)}, remaining {wording.quantity(left)}.")
        return Made(f"{answer.name} was changed", lines, Place("entitlement", str(answer.entitlement)))
