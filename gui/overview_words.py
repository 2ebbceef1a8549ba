"""What overviews, their rows and their empty pages are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from gui import wording


@dataclass(frozen=True)
class OverviewWords:
    """What an overview is called, what one and many of its rows are, and what to say while it has none."""

    title: str
    one: str
    many: str
    empty: str
    advice: str
    imported: bool = True
    """Whether files bring such rows."""

    def counted(self, count: int) -> str:
        """A number of rows: "1 contract", "2,000 contracts"."""
        return f"{wording.number(count)} {self.one if count == 1 else self.many}"


NOBODY: Final[Mapping[str, str]] = {"compliance": "Unallocated", "demand": "No resource group"}
"""What the part of a row is called that belongs to no resource group."""

OVERVIEWS: Final[Mapping[str, OverviewWords]] = {
    "entitlements": OverviewWords(
        "Entitlements",
        "entitlement",
        "entitlements",
        "No entitlements yet",
        "Each item of a contract opens an entitlement or feeds one. Add a contract, or import many from a file."
        " Licenses that no contract is known for are added by hand.",
    ),
    "contracts": OverviewWords(
        "License contracts",
        "contract",
        "contracts",
        "No license contracts yet",
        "Add a contract from an invoice or by hand, or import a file with many of them.",
    ),
    "compliance": OverviewWords(
        "Compliance",
        "position",
        "positions",
        "No positions yet",
        "A position compares the licenses in force with what is needed. It appears as soon as there are contracts or"
        " demand.",
    ),
    "demand": OverviewWords(
        "Demand",
        "product in demand",
        "products in demand",
        "No demand yet",
        "Demand says how many licenses of a product are needed. Add a count, or import an inventory.",
    ),
    "matching": OverviewWords(
        "Matching",
        "name",
        "names",
        "No software was found yet",
        "Import what an inventory has found on devices. Names that stand for a product are matched by themselves; the"
        " others wait here until you say once what they are.",
    ),
    "products": OverviewWords(
        "Products",
        "product",
        "products",
        "No products yet",
        "Products come with the files that you import: contracts, demand, installations, or a product list.",
    ),
    "hosts": OverviewWords(
        "Hosts",
        "host",
        "hosts",
        "No hosts yet",
        "Hosts are the physical machines on which licenses of cores and processors are counted. Add one, or import"
        " them: the table hosts of the template, or an inventory.",
    ),
    "virtual_machines": OverviewWords(
        "Virtual machines",
        "virtual machine",
        "virtual machines",
        "No virtual machines yet",
        "A virtual machine runs on a host, or on every host of a cluster. Add one, or import them.",
    ),
    "titles": OverviewWords(
        "Titles",
        "title",
        "titles",
        "No titles yet",
        "A title is software as people request it. Add one, then say which entitlements come with it.",
    ),
    "definitions": OverviewWords(
        "Entitlement definitions",
        "definition",
        "definitions",
        "No entitlement definitions yet",
        "A definition says what a title offers on top: what comes along, and what people may choose.",
    ),
    "authorizations": OverviewWords(
        "Authorizations",
        "authorization",
        "authorizations",
        "No authorizations yet",
        "An authorization says who may use a title. A request makes it; what was there before is entered by hand.",
    ),
    "deployed": OverviewWords(
        "Deployed entitlements",
        "entitlement",
        "entitlements",
        "No deployed entitlements yet",
        "What people hold on top of a title stands here, with its end. Request one together with its title.",
    ),
    "requests": OverviewWords(
        "Requests",
        "line",
        "lines",
        "No requests yet",
        "Request titles and entitlements for a device, a person or a group, and see what each would lead to.",
    ),
    "approvals": OverviewWords(
        "Approvals",
        "line",
        "lines",
        "Nothing waits for a decision",
        "Lines of requests whose titles need approval wait here, until somebody other than the requester decides.",
    ),
    "charges": OverviewWords(
        "Charges",
        "entry",
        "entries",
        "Nothing has been charged yet",
        "What is granted is charged here, once for each line. An entry is never changed; it is given back by another.",
    ),
    "reviews": OverviewWords(
        "Reviews",
        "review",
        "reviews",
        "No reviews yet",
        "A review freezes the positions of the day. On each somebody decides, and at the end it is signed off.",
        imported=False,
    ),
    "review_rows": OverviewWords(
        "Positions",
        "position",
        "positions",
        "No positions",
        "This review has no positions.",
    ),
}
"""The overviews by name."""
