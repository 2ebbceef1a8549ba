"""Built-in mappings: files of other programs whose columns are known. Data, and how a header is told from others."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from rules.vocabulary import DEVICE, USER
from store.imports.mapping.shape import ColumnMapping, LeaveOut
from store.imports.mapping.targets import LICENSES
from store.imports.mapping.values import DATE_FORMATS

ISO, DAY_FIRST, MONTH_FIRST = DATE_FORMATS


@dataclass(frozen=True)
class Preset:
    """A kind of file. `marks` are groups of columns of which each must be there by one of its names ("a|b").

    `columns` name the columns that may feed a field, by plain names; the first that a file has is taken, and none
    feeds two fields. `leave_out` pairs columns with the values of rows that are not wanted.
    """

    kind: str
    label: str
    known_by: str
    marks: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]]
    date_format: str = ISO
    constants: Mapping[str, str] = field(default_factory=dict[str, str])
    unlimited: tuple[str, ...] = ("unlimited", "-1")
    leave_out: Mapping[str, str] = field(default_factory=dict[str, str])
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])

    def fits(self, names: Iterable[str]) -> bool:
        """Whether a header is that of such a file."""
        there = set(map(plain, names))
        return all(there.intersection(mark.split("|")) for mark in self.marks)

    def mapping(self, names: Sequence[str]) -> ColumnMapping:
        """The mapping for a file with these columns."""
        own = {plain(name): name for name in reversed(names)}
        columns: dict[str, str] = {}
        for target, ones in self.columns.items():
            free = (own[one] for one in ones if one in own and own[one] not in columns)
            if column := next(free, ""):
                columns[column] = target
        constants = {name: text for name, text in self.constants.items() if name not in columns.values()}
        rules = [LeaveOut(own[one], tuple(marks.split("|"))) for one, marks in self.leave_out.items() if one in own]
        return ColumnMapping(
            self.label,
            LICENSES,
            columns,
            constants,
            self.date_format,
            unlimited=self.unlimited,
            leave_out=tuple(rules),
            words=self.words,
            header=tuple(names),
        )


def plain(name: str) -> str:
    """A column name as it is compared: without case, blanks and punctuation."""
    folded = name.casefold()
    return folded if folded.isalnum() else _PUNCTUATION.sub("", folded)


_PUNCTUATION: Final = re.compile(r"[\W_]")


def of(names: Collection[str], presets: Iterable[Preset] | None = None) -> Preset | None:
    """The built-in mapping that a header is for, None if it is for none."""
    return next((one for one in (PRESETS if presets is None else presets) if one.fits(names)), None)


def _columns(text: str) -> dict[str, tuple[str, ...]]:
    """`field: plain names of columns`, one field a line."""
    pairs = (line.split(":") for line in text.strip().splitlines())
    return {target.strip(): tuple(names.split()) for target, names in pairs}


SNIPE_IT: Final = Preset(
    "snipe-it",
    "Snipe-IT",
    "the columns of Snipe-IT licenses: a name, a serial number, seats, and what only Snipe-IT has beside them",
    (
        "itemname|softwarename|license|name",
        "serial|serialnumber|serialno|productkey|key",
        "seats",
        "reassignable|licensedtoname|licensename|licensedtoemail|licenseemail|remainingseats|checkoutclass"
        "|minamt|minamount|minimumamount|minquantity|minimumquantity|minqty",
    ),
    _columns("""
        product: itemname softwarename license name
        item: serial serialnumber serialno productkey key
        vendor: manufacturer
        quantity: seats
        license_end: expirationdate
        invoice_date: purchasedate
        total_price: purchasecost
        purchase_order_number: purchaseorder purchaseordernumber
        sales_order_number: ordernumber
        maintained: maintained
        supplier: supplier
        customer: company
    """),
    MONTH_FIRST,
    {"metric": USER},
)

SERVICE_NOW: Final = Preset(
    "servicenow",
    "ServiceNow",
    "the labels of ServiceNow entitlements",
    (
        "purchasedrights|rightsperlicensepack|activerights|numberofpacks",
        "softwaremodel|product|publisherpartnumber",
        "licensetype|licensemetric|metricgroup|agreementtype",
    ),
    _columns("""
        product: product softwaremodel publisherpartnumber
        edition: edition
        version: version
        vendor: publisher
        sku: publisherpartnumber
        item: assettag
        model: licensetype
        metric: licensemetric
        unlimited: unlimitedlicense
        quantity: purchasedrights
        packs: numberofpacks
        rights_per_pack: rightsperlicensepack
        license_start: startdate
        license_end: enddate
        unit_price: unitcost
        total_price: totalcost
        contract: contractnumber
        purchase_order_number: ponumber
        supplier: vendor
        invoice_number: invoicenumber
        invoice_date: purchased
        customer: company
        responsible: ownedby
    """),
    leave_out={"licensetype": "Upgrade|Step-up|Subscription Step-up"},
)

FLEXERA: Final = Preset(
    "flexera",
    "Flexera",
    "the columns of Flexera purchases",
    (
        "purchaseorderno|purchaseordernumber|contractno",
        "currencycode|currencyrate|chargesamount",
        "businessunit|costcenter|category",
        "quantity|purchasequantity|licensedquantity|effectivequantity|quantityperunit",
    ),
    _columns("""
        product: description itemdescription productname licensename name partdescription
        version: version productversion
        edition: edition
        vendor: publisher manufacturer
        sku: partno partnosku licensepartno sku partnumber
        contract: contractno contractnumber
        purchase_order_number: purchaseorderno purchaseordernumber
        item: sequencenumber lineno itemno
        model: purchasetype purchaseordertype licensetype type
        metric: licensemetric metric
        quantity: purchasequantity quantity effectivequantity licensedquantity
        rights_per_pack: quantityperunit
        license_start: effectivedate
        license_end: expirydate
        maintained: maintenance
        maintenance_start: maintenancestartdate maintenanceeffectivedate
        maintenance_end: maintenanceexpirydate
        unit_price: unitprice
        total_price: totalprice totalcost
        currency: currencycode
        invoice_date: purchasedate purchaseorderdate invoicedate
        invoice_number: invoiceno invoicenumber
        supplier: vendor vendorname
        responsible: businessunit corporateunit
    """),
    words={
        "model": {
            "Software": "perpetual",
            "Software baseline": "perpetual",
            "Software license": "perpetual",
            "Software subscription": "subscription",
            "Software maintenance": "maintenance",
            "Not set": "",
        }
    },
    leave_out={"purchasetype": "Hardware|Hardware maintenance|Service|Software upgrade|Other"},
)

IVANTI: Final = Preset(
    "ivanti",
    "Ivanti",
    "the columns of Ivanti's general license template",
    ("entitlementtype", "maintenancetype|availablestartdate|islevellicense", "metric"),
    _columns("""
        product: product productname softwaretitle software application title licensename description
        version: version
        edition: edition
        vendor: publisher vendor manufacturer
        sku: sku partnumber
        contract: contractnumber
        contract_name: contractdescription
        purchase_order_number: ponumber
        model: entitlementtype
        metric: metric
        quantity: quantity licensequantity licenses numberoflicenses purchasedquantity
        license_start: availablestartdate
        license_end: expirydate
        maintained: mssoftwareassurance
        maintenance_start: maintenancestartdate
        maintenance_end: maintenanceenddate
        unit_price: cost
        currency: currencycode
        invoice_date: purchasedate
        supplier: reseller supplier
        responsible: businessowner
    """),
    DAY_FIRST,
    leave_out={"entitlementtype": "Upgrade"},
)

GLPI: Final = Preset(
    "glpi-licenses",
    "GLPI",
    "the columns of GLPI licenses",
    (
        "software|softwaresid",
        "number",
        "expiration|expire|allowoverquota",
        "serialnumber|inventorynumber|purchaseversion",
    ),
    _columns("""
        product: software
        version: purchaseversion
        item: id name
        contract: name
        quantity: number
        license_end: expiration expire
        customer: entity
        responsible: groupinchargeofthelicense
    """),
    constants={"metric": DEVICE},
)

SNOW: Final = Preset(
    "snow",
    "Snow",
    "the columns of a Snow license import",
    ("applicationname|applicationpartnumber|sku", "legalorganisation", "purchasedate"),
    _columns("""
        product: applicationname applicationpartnumber sku
        sku: applicationpartnumber sku
        item: licenseid
        customer: legalorganisation
        invoice_date: purchasedate
        metric: metric
        quantity: quantity licensequantity purchasedquantity
        license_start: subscriptionvalidfrom validfrom
        license_end: subscriptionvalidto validto
        unit_price: unitprice
        total_price: purchaseprice totalprice
        currency: currency purchasecurrency
        contract: agreementnumber agreement
        invoice_number: invoicenumber
        supplier: vendor reseller
        maintained: maintenanceincludedinlicense maintenance
        maintenance_start: maintenanceandsupportvalidfrom
        maintenance_end: maintenanceandsupportvalidto
    """),
)

HCL: Final = Preset(
    "hcl",
    "HCL BigFix",
    "the columns of HCL BigFix purchase orders",
    ("purchasenumber", "entitlementstart", "quantity"),
    _columns("""
        product: product productname software softwarename contractname name
        contract: contract contractnumber
        purchase_order_number: purchasenumber
        supplier: vendor
        quantity: quantity
        metric: metric
        license_start: entitlementstart
        license_end: entitlementend
        total_price: expense
    """),
    unlimited=("-1", "ela"),
)

PRESETS: Final = (SNIPE_IT, SERVICE_NOW, IVANTI, FLEXERA, GLPI, SNOW, HCL)
"""In the order in which they are asked for."""
