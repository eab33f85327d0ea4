"""The rows of a price list: what a supplier asks for an item.

Told what the clinic knows; no query.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from inventory.catalog.models import Item, Supplier, SupplierOffer
from inventory.catalog.register import OfferFacts, SupplierFacts, checked_offer, checked_supplier
from inventory.imports.catalog.item_words import sku_of
from inventory.imports.meaning.catalogue import Supplier as Seller
from inventory.imports.meaning.item_finder import ItemFinder
from inventory.imports.meaning.packages import containers_meant, package_quantity
from inventory.imports.meaning.places import Suppliers
from inventory.imports.planned import Answers, Choice, Field, PlannedRow, Question
from inventory.imports.row_draft import ADD, CHANGE, OURS, THEIRS, AskedOnce, RowDraft, ToldRow
from inventory.sheets.plain_cells import (
    CellNotUnderstood,
    days,
    key,
    money,
    says_nothing,
    shown,
    whole_number,
    yes_or_no,
)
from inventory.web.words import amount_words, money_words, quantity_words

FIELDS = (
    Field(
        "supplier",
        "Supplier",
        ("supplier", "vendor", "supplier name", "vendor name", "distributor", "sold by", "from"),
        required=True,
        note="Its name or its code. One that is not known yet is made, if you agree.",
    ),
    Field(
        "item",
        "Item",
        ("sku", "item code", "item", "internal code", "our code", "our sku"),
        note="Which item is sold: its SKU, or its name.",
    ),
    Field(
        "name",
        "Item name",
        ("name", "item name", "description", "product", "product name"),
        note="Its name, where that is beside the SKU.",
    ),
    Field(
        "order_code",
        "Order code",
        (
            "order_code",
            "order no",
            "order number",
            "supplier_code",
            "supplier sku",
            "supplier item",
            "supplier item no",
            "vendor code",
            "vendor sku",
            "vendor item",
            "catalog number",
            "catalogue number",
            "catalog #",
            "cat #",
            "cat no",
            "item #",
            "item number",
            "item no",
            "part number",
        ),
        note="What the supplier calls it in an order.",
    ),
    Field(
        "pack_quantity",
        "Pack",
        ("pack_quantity", "pack_size", "pack", "pack qty", "package size", "per pack", "pkg size"),
        required=True,
        note="How much one pack holds, in the unit, as in 500; or as in 25 vials, box of 100.",
    ),
    Field(
        "pack_unit",
        "Pack counted in",
        ("pack_unit", "pack uom", "pack counted in", "pack unit of measure"),
        note="What the number counts where it counts no units: vial, ampule or each.",
    ),
    Field(
        "pack_price",
        "Price of a pack",
        (
            "pack_price",
            "price",
            "pack_price_usd",
            "cost",
            "pack cost",
            "list price",
            "unit price",
            "your price",
            "net price",
        ),
        required=True,
        note="For the whole pack, as in 75.00.",
    ),
    Field(
        "lead_time_days",
        "Days to deliver",
        ("lead_time_days", "lead time", "lead time days", "delivery", "delivery days", "days"),
        note="From the order to the delivery, as in 3 or 1 week.",
    ),
    Field(
        "minimum_packs",
        "Fewest packs",
        ("minimum_packs", "minimum order", "min order", "moq", "minimum", "min qty"),
        note="The smallest order in packs: 1 unless said.",
    ),
    Field(
        "preferred",
        "Preferred",
        ("preferred", "first choice", "primary", "default"),
        note="Yes where the item is usually bought here.",
        choices=("yes", "no"),
    ),
)

EXAMPLES: tuple[Mapping[str, str], ...] = (
    {
        "supplier": "Northgate Medical Supply",
        "item": "lido-1-20",
        "order_code": "NG-10117",
        "pack_quantity": "25 vials",
        "pack_price": "75.00",
        "lead_time_days": "3",
        "minimum_packs": "1",
        "preferred": "yes",
    },
    {
        "supplier": "Northgate Medical Supply",
        "item": "needle-25g-15",
        "order_code": "NG-11042",
        "pack_quantity": "box of 100",
        "pack_price": "9.80",
        "lead_time_days": "3",
        "minimum_packs": "1",
        "preferred": "no",
    },
)

NEW = "new"
LONGEST_CODE = 64


@dataclass(frozen=True)
class KnownOffer:
    """What a supplier asks already."""

    offer: SupplierOffer
    supplier: str
    sku: str


class OfferPlanner:
    """Plans the rows of one file, in their order."""

    def __init__(
        self,
        finder: ItemFinder,
        suppliers: Iterable[Supplier],
        known: Iterable[KnownOffer],
        answers: Answers,
    ) -> None:
        self._finder = finder
        self._answers = answers
        self._sellers = _Sellers(suppliers)
        self._days = AskedOnce()
        self._known: dict[tuple[str, str], list[SupplierOffer]] = {}
        for each in known:
            self._known.setdefault((each.supplier, each.sku), []).append(each.offer)
        self._rows: dict[tuple[str, str, str], tuple[OfferFacts, int]] = {}
        self._preferred: dict[str, int] = {}

    def plan(self, told: ToldRow) -> PlannedRow:
        """Say what becomes of a row."""
        draft = RowDraft(told, self._answers)
        if draft.is_left_out:
            return draft.planned({})
        seller = self._sellers.find(draft)
        item = self._finder.find(draft)
        ours = self._ours(draft, seller, item)
        values = self._understood(draft, seller, item, ours)
        if item is None or seller is None or not draft.is_sound:
            return draft.planned(values)
        named = {"supplier": seller.code, "supplier_name": seller.name, "item": item.sku}
        facts = draft.check(lambda: checked_offer(_facts_of(values), item))
        if facts is None:
            return draft.planned(values)
        self._settle(draft, seller, item, facts, ours)
        return draft.planned({**asdict(facts), **named, "action": CHANGE if ours else ADD})

    def _ours(
        self, draft: RowDraft, seller: Seller | None, item: Item | None
    ) -> SupplierOffer | None:
        """The offer that the row is about: of the same order code, or the only one without it."""
        if seller is None or item is None:
            return None
        known = self._known.get((seller.code, item.sku), [])
        code = draft.says("order_code")
        same = [offer for offer in known if offer.order_code == code]
        if not same and not code and len(known) == 1:
            return known[0]
        return same[0] if same else None

    def _understood(
        self, draft: RowDraft, seller: Seller | None, item: Item | None, ours: SupplierOffer | None
    ) -> dict[str, Any]:
        minimum = draft.read("minimum_packs", whole_number)
        return {
            "supplier": seller.code if seller else None,
            "supplier_name": seller.name if seller else None,
            "item": item.sku if item else None,
            "order_code": draft.says("order_code") or (ours.order_code if ours else ""),
            "pack_quantity": _pack_quantity(draft, item) if item else None,
            "pack_price": _price(draft),
            "lead_time_days": self._lead_time(draft, seller, ours),
            "minimum_packs": minimum or (ours.minimum_packs if ours else 1),
            "preferred": draft.read("preferred", yes_or_no),
        }

    def _lead_time(
        self, draft: RowDraft, seller: Seller | None, ours: SupplierOffer | None
    ) -> int | None:
        """What the row says; else what is known; else what a person says of the supplier."""
        if not says_nothing(draft.says("lead_time_days")):
            return draft.read("lead_time_days", days)
        if ours or seller is None:
            return ours.lead_time_days if ours else None
        question = Question(
            "lead_time_days",
            f"How many days does {seller.name} take to deliver?",
            kind="quantity",
        )
        answer = draft.ask_once(question, seller.code, self._days)
        if answer is None:
            return None
        try:
            return days(answer)
        except CellNotUnderstood as refusal:
            draft.refuse("lead_time_days", str(refusal))
            return None

    def _settle(
        self,
        draft: RowDraft,
        seller: Seller,
        item: Item,
        facts: OfferFacts,
        ours: SupplierOffer | None,
    ) -> None:
        """Compare with the rows above and with what the supplier asks already."""
        named = (seller.code, item.sku, facts.order_code)
        above = self._rows.setdefault(named, (facts, draft.told.row))
        if above[1] != draft.told.row:
            if above[0] == facts:
                draft.ignore("", f"Row {above[1]} says the same.")
            else:
                draft.refuse("order_code", f"Row {above[1]} says something else of this offer.")
            return
        if facts.preferred and (row := self._preferred.setdefault(item.sku, draft.told.row)) != (
            draft.told.row
        ):
            draft.refuse("preferred", f"Row {row} is preferred for {item.name} already.")
        elif ours:
            _compare(draft, seller, item, facts, ours)


class _Sellers:
    """Finds suppliers by code or name, and asks once whether to make one that is new."""

    def __init__(self, suppliers: Iterable[Supplier]) -> None:
        self._sellers: dict[str, Seller] = {}
        self._codes: set[str] = set()
        self._asked = AskedOnce()
        for supplier in suppliers:
            seller = Seller(supplier.code, supplier.name)
            self._codes.add(supplier.code)
            self._sellers.setdefault(key(supplier.name), seller)
            self._sellers[key(supplier.code)] = seller
        self._begun = Suppliers(set(self._sellers.values()))
        self._by_code = {seller.code: seller for seller in self._sellers.values()}

    def find(self, draft: RowDraft) -> Seller | None:
        text = draft.says("supplier")
        if not text:
            draft.refuse("supplier", "Expected the name of a supplier, but got nothing.")
            return None
        exact = self._sellers.get(key(text))
        alike = None if exact else self._by_code.get(self._begun.find(text) or "")
        if alike:
            draft.note("supplier", f"Taken for {alike.name}.")
        return exact or alike or self._new(draft, text)

    def _new(self, draft: RowDraft, text: str) -> Seller | None:
        code = self._free_code(text)
        if not code:
            draft.refuse("supplier", f"Expected a name with letters, but got “{shown(text)}”.")
            return None
        tidy = draft.check(lambda: checked_supplier(SupplierFacts(code=code, name=text)))
        if tidy is None:
            draft.refuse("supplier", f"Expected the name of a supplier, but got “{shown(text)}”.")
            return None
        choices = (
            Choice(NEW, f"Make {tidy.name} a supplier"),
            *(Choice(f"is:{each.code}", f"It is {each.name}") for each in self._by_code.values()),
        )
        question = Question(
            "supplier", f"“{shown(text)}” is none of your suppliers.", choices=choices
        )
        answer = draft.ask_once(question, key(text), self._asked)
        if answer is None:
            return None
        if answer != NEW:
            return self._by_code[answer.removeprefix("is:")]
        made = Seller(tidy.code, tidy.name)
        self._sellers[key(text)] = made
        self._codes.add(made.code)
        return made

    def _free_code(self, text: str) -> str:
        wanted, times = sku_of(text), 1
        code = wanted
        while code and code in self._codes:
            times += 1
            ending = f"-{times}"
            code = f"{wanted[: LONGEST_CODE - len(ending)]}{ending}"
        return code


def _facts_of(values: Mapping[str, Any]) -> OfferFacts:
    return OfferFacts(
        **{name: values[name] for name in OfferFacts.__annotations__ if name in values}
    )


def _pack_quantity(draft: RowDraft, item: Item) -> Decimal | None:
    """What one pack holds; where a bare number fits no unit, containers are asked about."""
    counted_in = draft.says("pack_unit")
    if not draft.says("pack_quantity"):
        draft.refuse("pack_quantity", "Expected how much one pack holds, but got nothing.")
        return None
    quantity = draft.read("pack_quantity", lambda text: package_quantity(text, item, counted_in))
    containers = containers_meant(quantity, item) if quantity is not None else None
    volume = amount_words(item.container_volume or 0, item.unit)
    if quantity is None or containers is None:
        _note_containers(draft, quantity, item, volume)
        return quantity
    choice = Choice(
        "containers",
        f"{quantity_words(quantity)} containers of {volume}: {amount_words(containers, item.unit)}",
    )
    question = Question(
        "pack_quantity",
        f"{item.name} comes in containers of {volume}: what does {quantity_words(quantity)} count?",
        choices=(choice,),
    )
    return containers if draft.ask(question) else None


def _note_containers(draft: RowDraft, quantity: Decimal | None, item: Item, volume: str) -> None:
    """Let a person see what a bare number was taken for."""
    if quantity is None or not item.container_volume or draft.says("pack_unit"):
        return
    count = quantity_words(quantity / item.container_volume)
    if draft.says("pack_quantity") == quantity_words(quantity) and item.container_volume != 1:
        draft.note(
            "pack_quantity", f"{amount_words(quantity, item.unit)}: {count} containers of {volume}."
        )


def _price(draft: RowDraft) -> Decimal | None:
    if not draft.says("pack_price"):
        draft.refuse("pack_price", "Expected the price of a pack, but got nothing.")
    return draft.read("pack_price", money)


def _compare(
    draft: RowDraft, seller: Seller, item: Item, facts: OfferFacts, ours: SupplierOffer
) -> None:
    """Say that the offer is known, or ask whether the file's shall take its place."""
    differences = [
        words
        for name, value in asdict(facts).items()
        if (words := _difference(name, getattr(ours, name), value, item))
    ]
    if not differences:
        draft.ignore("", "Known already.")
        return
    question = Question(
        "offer",
        f"{seller.name} offers {item.name} already. {' '.join(differences)}",
        choices=(Choice(THEIRS, "Take what the file says"), Choice(OURS, "Keep ours")),
    )
    answer = draft.ask(question)
    if answer == OURS:
        draft.ignore("", "Our offer stays as it is.")
    elif answer == THEIRS:
        for sentence in differences:
            draft.note("", sentence)


def _difference(name: str, before: object, after: object, item: Item) -> str:
    if after is None or before == after:
        return ""
    if isinstance(before, Decimal) and isinstance(after, Decimal):
        if name == "pack_price":
            return f"New price: {money_words(after)} instead of {money_words(before)}."
        return (
            f"New pack: {amount_words(after, item.unit)} instead of"
            f" {amount_words(before, item.unit)}."
        )
    words = {
        "lead_time_days": f"{after} days to deliver instead of {before}.",
        "minimum_packs": f"{after} packs at least instead of {before}.",
        "preferred": "Preferred from now on." if after else "No longer preferred.",
        "is_active": "In use again.",
    }
    return words.get(name, "")
