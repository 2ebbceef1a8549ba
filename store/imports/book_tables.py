"""Tables of the template that only a book fills of itself, so that all of it can leave as files and come again."""

from typing import Final

from rules.recurrence import REPEATS
from rules.vocabulary import CHARGE_KINDS, MANUAL_KINDS, MODELS, REVIEW_DECISIONS, STATUSES
from store.imports.columns import Column, Table, key, needed
from store.reviews.records import SCOPES

_MODEL: Final = "choice:" + "|".join(MODELS)
_ENTITLEMENT: Final = (key("product", "reference:products"), key("model", _MODEL), key("metric", "reference:metrics"))

OF_THE_BOOK: Final = (
    Table(
        "settings",
        (
            key("name", says="currency, warning_leads, or whole_book: this is all of a book, as Elpis has exported it"),
            Column("value", "name", says="of warning_leads: days such as 90,60,30,7"),
        ),
        "what holds for the whole book",
    ),
    Table("metrics", (key("metric", says="beside device, user and core"),), "a metric that contracts count by"),
    Table("families", (key("family"),), "products that may give rights to each other"),
)
"""What holds everywhere."""

OF_ENTITLEMENTS: Final = (
    Table(
        "entitlements",
        (
            *_ENTITLEMENT,
            Column("name", "name", says="empty: the name that Elpis makes"),
            Column("responsible", "reference:user_groups"),
            Column("activation", "date", says="of one that no contract item feeds any more: when it first held"),
        ),
        "an entitlement with a name or somebody responsible of its own; contract items open it",
    ),
    Table(
        "prices",
        (
            *_ENTITLEMENT,
            key("valid_from", "date"),
            needed("unit_price", "money"),
            needed("currency", "currency"),
        ),
        "a price of the price list",
    ),
    Table(
        "exchange_rates",
        (
            key("from_currency", "currency"),
            key("to_currency", "currency"),
            key("valid_from", "date"),
            needed("rate", "rate", "what one of the first is in the second"),
        ),
        "an exchange rate, in this direction alone",
    ),
)

OF_THE_CALENDAR: Final = (
    Table(
        "manual_events",
        (
            key("event", "quantity", "its number in the book"),
            needed("kind", "choice:" + "|".join(MANUAL_KINDS)),
            needed("on", "date"),
            needed("contract", "reference:contracts"),
            needed("name", "name"),
            Column("remind_at", "time", says="when reminders come, such as 09:30"),
            Column("remind_days", "quantity", says="how many days before, at most 3660; empty: no reminder"),
            Column("repeat", "choice:" + "|".join(REPEATS), says="empty: none"),
            Column("notify", "flag", says="whether Home tells of it; empty: true"),
            Column("acknowledged_on", "date", says="done up to this day"),
        ),
        "an event of one's own",
    ),
    Table(
        "acknowledgements",
        (
            Column("contract", "name", key=True, says="or the authorization, or the review"),
            Column("item", "name", key=True),
            key("kind"),
            key("lead", "whole", "days before an end; 0 or -1 where it is no warning"),
            key("on_day", "date"),
            Column("who", "name", key=True),
            needed("at", "moment"),
        ),
        "an automatic event that somebody has seen",
    ),
)

LAST: Final = (
    Table(
        "charges",
        (
            key("request"),
            key("line"),
            key("kind", "choice:" + "|".join(CHARGE_KINDS)),
            key("turn", "quantity", "the how many-th of its kind, from 0"),
            needed("amount", "money"),
            needed("currency", "currency"),
            needed("charged_on", "date"),
            Column("rule", "name"),
            Column("reason", "text"),
            Column("reverses", "quantity", says="the turn of the entry of the other kind that it takes back"),
        ),
        "an entry of the ledger, which only grows",
    ),
    Table(
        "licensed_names",
        (
            key("name"),
            Column("publisher", "name", key=True),
            Column("version", "name", key=True),
        ),
        "a name under which licenses came, and that somebody may match with a product",
    ),
    Table(
        "scenarios",
        (
            key("scenario"),
            key("number", "quantity", "of the change, from 1; 0 for a scenario without any"),
            Column("change", "text", says="as JSON, with its kind"),
        ),
        "a change of a scenario",
    ),
    Table(
        "mappings",
        (key("mapping", says="its name"), needed("columns", "text", "as JSON; see elpis mapping")),
        "how the columns of files of other programs are read",
    ),
    Table(
        "reviews",
        (
            key("review", says="its title"),
            needed("as_of", "date"),
            needed("scope", "choice:" + "|".join(SCOPES)),
            needed("opened_at", "moment"),
            Column("opened_by", "name"),
            needed("frozen_sha256", "name", "of its positions; see Reviews in the README"),
            Column("signed_off_at", "moment", says="then nothing of it changes any more"),
            Column("signed_off_by", "name"),
        ),
        "a review of frozen positions",
    ),
    Table(
        "review_rows",
        (
            key("review", "reference:reviews"),
            key("product"),
            Column("model", "name", key=True, says="empty: there was no entitlement"),
            key("metric"),
            *(needed(name, "figure") for name in ("active", "demand", "downgrade", "upgrade", "balance")),
            needed("status", "choice:" + "|".join(STATUSES)),
            Column("decision", "choice:" + "|".join(REVIEW_DECISIONS)),
            Column("note", "text"),
            Column("responsible", "reference:user_groups"),
            Column("due_on", "date"),
        ),
        "a position of a review as it was then, and what was decided on it",
    ),
    Table(
        "findings",
        (
            key("severity", "choice:warning|info"),
            key("code"),
            key("place", "text"),
            key("message", "text"),
        ),
        "what the last import of the book has told",
    ),
)
