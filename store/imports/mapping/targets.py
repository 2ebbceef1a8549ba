"""What a mapping can read: licenses, installations, demand, or the users of a product; and their fields. Data only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

NAME: Final = "name"
DAY: Final = "day"
LAST_DAY: Final = "last-day"
QUANTITY: Final = "quantity"
UNLIMITED: Final = "quantity-or-unlimited"
MONEY: Final = "money"
CURRENCY: Final = "currency"
FLAG: Final = "flag"
MODEL: Final = "model"
METRIC: Final = "metric"
GROUP: Final = "group"


@dataclass(frozen=True)
class Field:
    """A field: its kind (how a cell of it is read), whether it is needed, and other names that columns have for it.

    A last-day is a day that may be "never". `also` are spellings of headers, without case, spaces and punctuation.
    """

    name: str
    kind: str = NAME
    required: bool = False
    also: str = ""


LICENSES: Final = "licenses"
INSTALLATIONS: Final = "installations"
DEMAND: Final = "demand"
USERS: Final = "users"

_OF_SOFTWARE: Final = (
    "software|softwarename|softwareproduct|softwaretitle|application|applicationname|program|productname|licensename"
    "|licenseproduct|produkt"
)
_PRODUCT: Final = (
    Field(
        "product",
        required=True,
        also=f"{_OF_SOFTWARE}|name|itemname|title|description|itemdescription|article|artikel|bezeichnung|displayname",
    ),
    Field("edition", also="productedition|softwareedition"),
    Field("version", also="licenseversion|productversion|softwareversion|purchaseversion|displayversion"),
    Field("vendor", also="publisher|manufacturer|publishername|softwarepublisher|brand|maker|hersteller|anbieter"),
)
_PLACE: Final = Field(
    "resource_group",
    GROUP,
    also="group|department|businessunit|location|site|costcenter|entity|abteilung|standort|kostenstelle|ou|team|division"
    "|organizationalunit|memberof",
)

TARGETS: Final[Mapping[str, tuple[Field, ...]]] = {
    LICENSES: (
        *_PRODUCT,
        Field("contract", also="contractno|contractnumber|agreement|agreementnumber|contractid|vertrag|vertragsnummer"),
        Field("contract_name", also="contractdescription|contracttitle|agreementname"),
        Field("item", also="lineno|linenumber|position|pos|itemnumber|lineitem|assettag|licenseid|id|entitlementid"),
        Field("sku", also="partnumber|partno|mpn|publisherpartnumber|productcode|articlenumber|artikelnummer|itemcode"),
        Field(
            "model",
            MODEL,
            also="licensemodel|licensetype|type|entitlementtype|purchasetype|modell|lizenzmodell|lizenztyp|lizenzart",
        ),
        Field("metric", METRIC, also="licensemetric|metricgroup|unit|countedby|metrik|lizenzmetrik|licenseunit"),
        Field(
            "quantity",
            UNLIMITED,
            also="qty|seats|seatspurchased|licenses|licences|count|units|numberoflicenses|effectivequantity|purchasedrights"
            "|licensequantity|purchasequantity|number|menge|anzahl|lizenzen|stückzahl|purchased",
        ),
        Field("packs", QUANTITY, also="numberofpacks|packcount"),
        Field("rights_per_pack", QUANTITY, also="rightsperlicensepack|quantityperunit|packsize|unitsperpack|perpack"),
        Field("unlimited", FLAG, also="unlimitedlicense|issitelicense|sitelicense"),
        Field(
            "license_start",
            DAY,
            also="start|startdate|from|validfrom|begin|beginn|von|effectivedate|entitlementstart|availablestartdate"
            "|contractstart|termstart|licensestartdate|gültigab|gültigvon|laufzeitbeginn|vertragsbeginn|startdatum",
        ),
        Field(
            "license_end",
            LAST_DAY,
            also="end|enddate|to|until|validuntil|expires|expiry|expirydate|expirationdate|expiration|ende|bis"
            "|terminationdate|entitlementend|contractend|termend|licenseenddate|renewaldate|gültigbis|laufzeitende"
            "|vertragsende|ablaufdatum|enddatum",
        ),
        Field("maintained", FLAG, also="maintenance|supportpurchased|mssoftwareassurance|softwareassurance|sa|support"),
        Field("maintenance_start", DAY, also="maintenancestartdate|supportstartdate|supportstart|sastart"),
        Field(
            "maintenance_end",
            LAST_DAY,
            also="maintenanceenddate|maintenanceexpirydate|supportexpirationdate|supportend|supportenddate|saend"
            "|saenddate|supportexpires",
        ),
        Field(
            "unit_price",
            MONEY,
            also="unitcost|unitcostusd|price|priceperunit|priceeach|listprice|einzelpreis|preis|cost",
        ),
        Field(
            "total_price", MONEY, also="totalcost|totalamount|purchasecost|linetotal|amount|gesamtpreis|betrag|expense"
        ),
        Field("currency", CURRENCY, also="currencycode|währung"),
        Field(
            "invoice_date",
            DAY,
            also="purchasedate|dateofpurchase|orderdate|invoiced|purchased|rechnungsdatum|kaufdatum",
        ),
        Field("supplier", also="reseller|resellername|seller|lieferant|purchasedfrom|vendorname"),
        Field("customer", also="company|kunde|licensedtoname|licensedto|legalorganisation|licensee"),
        Field("invoice_number", also="invoice|invoiceno|rechnungsnummer"),
        Field(
            "purchase_order_number", also="po|pono|ponumber|purchaseorder|purchaseorderno|purchasenumber|bestellnummer"
        ),
        Field("sales_order_number", also="ordernumber|orderno|salesorder|auftragsnummer"),
        Field("quote_number", also="quote|offer|quoteno|angebotsnummer"),
        Field("notice_date", DAY, also="notice|noticeby|noticedeadline|kündigungsfrist"),
        Field("responsible", GROUP, also="owner|ownedby|businessowner|responsibility|responsiblegroup|verantwortlich"),
    ),
    INSTALLATIONS: (
        *_PRODUCT,
        Field(
            "device",
            required=True,
            also="deviceid|devicename|computer|computername|pscomputername|hostname|machine|workstation|asset|assettag|server"
            "|pc|gerät|rechner",
        ),
        Field(
            "user", also="username|useremail|usermail|lastuser|login|samaccountname|benutzer|nutzer|email|primaryuser"
        ),
        _PLACE,
        Field("cores", QUANTITY, also="corecount|cpucores|numberofcores|kerne"),
        Field("installed_on", DAY, also="installdate|installed|installationdate|installiertam|installationsdatum"),
        Field("last_used_on", DAY, also="lastuseddate|lastused|lastusage|lastseen|zuletztgenutzt"),
    ),
    DEMAND: (
        *_PRODUCT,
        Field("metric", METRIC, also="licensemetric|unit|countedby|metrik"),
        Field(
            "quantity",
            QUANTITY,
            required=True,
            also="qty|demand|required|requiredlicenses|needed|count|installations|installs|used|consumed|number|menge|anzahl",
        ),
        _PLACE,
        Field("source", also="inventory|tool|quelle"),
        Field("counted_on", DAY, also="date|counted|asof|inventorydate|stand|datum"),
    ),
    USERS: (
        Field("product", required=True, also=_OF_SOFTWARE),  # a directory's name, title and description are a person's
        Field(
            "user", required=True, also="username|samaccountname|login|account|loginname|userprincipalname|benutzer|upn"
        ),
        Field("mail", also="email|emailaddress|mailaddress|usermail|useremail"),
        _PLACE,
        Field("enabled", FLAG, also="accountenabled|active|status|useraccountcontrol|aktiv|accountstatus"),
    ),
}
"""Target -> its fields, in the order in which they are shown."""


def field(target: str, name: str) -> Field:
    """A field of a target; KeyError if there is none."""
    return {one.name: one for one in TARGETS[target]}[name]
