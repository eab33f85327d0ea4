"""From what was scanned or typed to a package on the list, or to a question."""

from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import QuerySet

from inventory.catalog.filters import WordsFilter
from inventory.catalog.models import Item, SupplierOffer
from inventory.catalog.register import CodeFacts
from inventory.scanning.learning import facts_of
from inventory.scanning.lookup import Found, look_up_text
from inventory.scanning.scan import Scan, ScanNotUnderstood
from inventory.stock.label_codes import OwnCode, read_own_code
from inventory.stock.models import Lot
from inventory.stock.receiving.draft import (
    CannotAdd,
    Draft,
    DraftLine,
    Package,
    with_lot_of_last,
    with_package,
)
from inventory.stock.receiving.measures import measure_of
from inventory.web.forms import UNPRINTABLE

LONGEST_SEARCH = 100
MOST_FOUND = 8
# So many codes that nobody knows wait to be asked about, one after the other.
MOST_UNKNOWN = 20


class NoCode(Exception):
    """The text is no code: perhaps it is the name of an item. `str()` says why it is no code."""


@dataclass(frozen=True)
class Question:
    """A code that nobody knows. `likely` are items that it may well stand for."""

    text: str
    facts: CodeFacts
    likely: tuple[Item, ...]


def with_text(draft: Draft, text: str) -> Draft:
    """Add what a scanned text means to the list: a package, a lot for the line before it, or a code
    to be asked about. Raises NoCode, CannotAdd."""
    if own := read_own_code(text):
        return with_package(draft, _package_of_label(own))
    try:
        found = look_up_text(text)
    except ScanNotUnderstood as refusal:
        raise NoCode(str(refusal)) from refusal
    return _with_found(draft, found)


def question_about(text: str) -> Question | None:
    """Return what is to be asked about a code; None when it is known by now, or is none."""
    try:
        found = look_up_text(text)
    except ScanNotUnderstood:
        return None
    facts = facts_of(found.scan)
    if found.item or facts is None:
        return None
    return Question(text, facts, tuple(item for item in found.likely if item.is_active))


def with_item(draft: Draft, item: Item) -> Draft:
    """Add a line for an item that was picked by its name, to be filled in by hand.

    Raises CannotAdd.
    """
    return draft.with_line(line_by_hand(draft, item))


def line_by_hand(draft: Draft, item: Item) -> DraftLine:
    """Return one package of an item, as it is usually ordered. Raises CannotAdd."""
    return draft.new_line(item, "1", measure_of(item, _usual_package(item)))


def find_items(text: str) -> list[Item]:
    """Return the items in use that carry every word in their name, SKU or code."""
    words = UNPRINTABLE.sub(" ", text)[:LONGEST_SEARCH]
    if not words.strip():
        return []
    items: QuerySet[Item] = Item.objects.filter(is_active=True)
    finder = WordsFilter("", short_code="sku", codes_too=True)
    return list(finder.filter(items, words)[:MOST_FOUND])  # type: ignore[arg-type]


def _with_found(draft: Draft, found: Found) -> Draft:
    scan = found.scan
    if found.item is None:
        return _with_unknown(draft, scan)
    if not found.item.is_active:
        raise CannotAdd(f"{found.item} is not in use. A manager can change that in the catalog.")
    return with_package(
        draft,
        Package(
            item=found.item,
            quantity=found.quantity,
            lot=scan.lot or "",
            expires_on=scan.expires_on,
            serial=scan.serial or "",
            doubt=scan.text if scan.doubt else "",
        ),
    )


def _with_unknown(draft: Draft, scan: Scan) -> Draft:
    if facts_of(scan) is None:
        if scan.lot and (filled := with_lot_of_last(draft, scan.lot, scan.expires_on)):
            return filled
        raise CannotAdd(
            f"Expected a code that names a product, but “{scan.text[:60]}” says only what is beside"
            " one. Scan the product's own code first."
        )
    if len(draft.unknown) >= MOST_UNKNOWN:
        raise CannotAdd("Answer first which items the codes are that wait to be asked about.")
    return replace(draft, unknown=(*draft.unknown, scan.text))


def _package_of_label(own: OwnCode) -> Package:
    """Return the package that a label of ours stands on. Raises CannotAdd."""
    if own.kind == "vial":
        raise CannotAdd("This is the label of an opened vial. What is received is sealed.")
    if own.kind == "item":
        item = Item.objects.filter(sku=own.key).first()
        if item is None or not item.is_active:
            raise CannotAdd(f"This is a shelf label of {item or own.key}, which is not in use.")
        return Package(item=item, quantity=_usual_package(item))
    lot = Lot.objects.select_related("item").filter(pk=int(own.key)).first()
    if lot is None:
        raise CannotAdd("This is a label of ours, of a lot that is not known here.")
    return Package(
        item=lot.item, quantity=_usual_package(lot.item), lot=lot.number, expires_on=lot.expires_on
    )


def _usual_package(item: Item) -> Decimal:
    """Return how much of an item usually comes in one: the preferred offer's pack, or one."""
    offers = SupplierOffer.objects.filter(item=item, is_active=True).order_by("-preferred", "pk")
    offered = offers.values_list("pack_quantity", flat=True).first()
    return offered or item.container_volume or Decimal(1)


def not_in_use_words(sku: str) -> str:
    """Return why nothing is received of what a page named so."""
    item = Item.objects.filter(sku=sku.replace("\0", "")).first()
    if item is None:
        return f"expected an item in use, but got “{sku[:64]}”."
    return f"{item} is not in use. A manager puts it back in use in the catalog; then receive it."
