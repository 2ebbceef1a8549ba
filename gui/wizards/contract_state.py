"""What a contract wizard holds while it is filled: drafts, what they would do, and what is known of the book."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from gui.desk import Desk
from store import conflicts, contracts, drafts, money, previews, products, settings
from store.errors import KnownFault
from store.imports.pasted import Table
from store.imports.product_names import Products
from store.imports.reading import Fields
from store.records import Contract, ContractItem, Product


@dataclass(frozen=True)
class ItemDraft:
    """An item while it is typed. `readings` says where a text has it; `checked`, that a person has looked at it."""

    texts: Mapping[str, str]
    product: Product | None = None
    """The product that is added with the item, where the book lacks it."""
    readings: Fields = field(default_factory=dict)
    checked: bool = True


@dataclass(frozen=True)
class Whole:
    """A contract with its items and new products, ready to be stored."""

    contract: Contract
    items: tuple[ContractItem, ...]
    products: tuple[Product, ...]


class State:
    """The drafts of one wizard. `number` is that of the contract that is edited, "" for a new one."""

    def __init__(self, desk: Desk, number: str = "") -> None:
        book = desk.book
        self.desk = desk
        self.number = number
        self.known = drafts.known(book)
        self.names = Products(sorted(self.known.products), self.known.counted)
        self.currency = settings.get(book, "currency")
        self.way = "manual"
        self.text = ""
        self.readings: Fields = {}
        self.contract: dict[str, str] = {}
        self.items: list[ItemDraft] = []
        self.confirmed = False
        self.seen: conflicts.Seen | None = None
        """The contract as it was when the wizard opened."""
        self._tried: tuple[Whole, previews.Preview | str] | None = None
        self._start()

    def _start(self) -> None:
        """The drafts that one begins with."""
        if self.number:
            contract, items = contracts.read(self.desk.book, self.number)
            self.contract = drafts.of_contract(contract)
            self.items = [ItemDraft(drafts.of_item(item)) for item in items]
            self.seen = conflicts.see(self.desk.book, f"Contract {self.number}", conflicts.contract(self.number))
        else:
            self.contract = {
                "contract": contracts.propose_number(self.desk.book, self.desk.today),
                "invoice_date": self.desk.today.isoformat(),
                "currency": self.currency,
            }
        self.first = (dict(self.contract), list(self.items))

    @property
    def from_text(self) -> bool:
        """Whether the contract is read from a text, or will be."""
        return self.way == "text" or (self.way == "file" and bool(self.text))

    @property
    def changed(self) -> bool:
        """Whether anything is other than it was when the wizard opened."""
        return (self.contract, self.items) != self.first or bool(self.text)

    # ---------------------------------------------------------------------------------------------------------- drafts
    def known_with(self, product: Product | None) -> drafts.Known:
        """What items may name, once this product is added."""
        names = {one.product.product for one in self.items if one.product} | ({product.product} if product else set())
        return replace(self.known, products={*self.known.products, *names})

    def wrongs(self, draft: ItemDraft, instead: ItemDraft | None = None) -> drafts.Wrongs:
        """What is wrong with an item, field by field; with one that shall stand `instead` of another."""
        wrongs = dict(drafts.item(draft.texts, "", self.known_with(draft.product))[1])
        mine = draft.texts.get("item", "").strip()
        others = [one for one in self.items if one is not draft and one is not instead]
        if mine and any(one.texts.get("item", "").strip() == mine for one in others):
            wrongs.setdefault("item", f"There is another item “{mine}” in this contract.")
        return wrongs

    def taken(self) -> bool:
        """Whether the book has a contract of the number that is typed."""
        return contracts.exists(self.desk.book, self.contract.get("contract", ""))

    def next_number(self) -> str:
        """The number for one more item."""
        numbers = [one.texts.get("item", "") for one in self.items]
        return str(max([int(text) for text in numbers if text.isascii() and text.isdigit()], default=0) + 1)

    def numbered(self, texts: Mapping[str, str], taken: Sequence[str] = ()) -> dict[str, str]:
        """The texts of a further item with a number that is free."""
        numbers = {*(one.texts.get("item", "") for one in self.items), *taken}
        given = texts.get("item", "")
        return {**texts, "item": given if given and given not in numbers else self.next_number()}

    def rows_of(self, table: Table) -> Iterator[dict[str, str]]:
        """The rows of a table as texts of further items, each with a number of its own."""
        taken: list[str] = []
        for row in table.items:
            texts = self.numbered(row, taken)
            while texts["item"] in taken:
                texts["item"] = str(int(texts["item"]) + 1)
            taken.append(texts["item"])
            own = self.names.find(texts.get("product", ""))
            yield {**texts, "product": own} if own else texts

    def proposed(self, name: str) -> Product | None:
        """The product that is added for an item to name it, as the catalogue knows it; None where the book has it."""
        return None if not name or name in self.known.products else products.proposed(name)

    def new_item(self) -> dict[str, str]:
        """The texts of a new item: like the one before it, where that is usual."""
        like = self.items[-1].texts if self.items else {}
        kept = {name: like.get(name, "") for name in ("model", "metric", "license_start", "license_end", "responsible")}
        kept["license_start"] = kept["license_start"] or self.contract.get("invoice_date", "")
        return {**kept, "item": self.next_number()}

    # ----------------------------------------------------------------------------------------------------------- whole
    def texts(self) -> dict[str, str]:
        """Everything that is typed, field by field."""
        return conflicts.contract_texts(self.contract, [one.texts for one in self.items])

    def whole(self, items: Sequence[ItemDraft] | None = None) -> Whole | None:
        """Everything as records; None while anything is wrong. `items` instead of those that there are."""
        contract, _ = drafts.contract(self.contract)
        if contract is None:
            return None
        made: list[ContractItem] = []
        new: dict[str, Product] = {}
        for draft in self.items if items is None else items:
            record, _ = drafts.item(draft.texts, contract.contract, self.known_with(draft.product))
            if record is None:
                return None
            if draft.product is not None and record.product not in self.known.products:
                new[record.product] = draft.product
            made.append(record)
        return Whole(contract, tuple(made), tuple(new.values()))

    def preview(self, items: Sequence[ItemDraft] | None = None) -> previews.Preview | str:
        """What storing would do, or a sentence why that cannot be said."""
        whole = self.whole(items)
        if whole is None:
            return "Correct what is marked first; then you see what follows from it."
        if self.desk.busy:
            return "What follows from it is shown once the work in the background has ended."
        if self._tried is None or self._tried[0] != whole:
            self._tried = whole, self._try(whole)
        return self._tried[1]

    def _try(self, whole: Whole) -> previews.Preview | str:
        try:
            return previews.contract(
                self.desk.book, whole.contract, whole.items, products=whole.products, new=not self.number
            )
        except KnownFault as fault:
            return str(fault)

    def total(self) -> Decimal | None:
        """What all items with a price cost; None where an item is wrong or without limit, or none has a price."""
        whole = self.whole()
        priced = [item for item in whole.items if item.unit_price is not None] if whole else []
        if not priced or any(item.quantity is None for item in priced):
            return None
        return money.total(money.cost(item.quantity, item.unit_price) for item in priced)

    @property
    def as_of(self) -> date:
        """The day that the book is judged on."""
        return self.desk.as_of
