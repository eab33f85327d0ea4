"""What a scanned text points at: an item, its lot, an opened vial. Writes nothing."""

from dataclasses import dataclass

from inventory.catalog.models import Item
from inventory.scanning.learning import facts_of
from inventory.scanning.lookup import Found, look_up_text
from inventory.scanning.scan import ScanNotUnderstood
from inventory.scanning.symbology import shown, unwrap
from inventory.stock.label_codes import OwnCode, read_own_code
from inventory.stock.models import Holding, Lot
from inventory.stock.requests import normalize_lot_number


class PointsAtNothing(ValueError):
    """The text names nothing that is here; `str()` says what was expected and what came."""


class NobodyKnows(PointsAtNothing):
    """The text is a code of a product, but of no item here yet: somebody may say of which."""

    def __init__(self, text: str, code: str) -> None:
        super().__init__(f"Nobody has said yet what the code {shown(code)} stands for.")
        self.text = text


@dataclass(frozen=True)
class Pointed:
    """What was pointed at. `vial` is an opened one, by the label that the clinic put on it.

    `number` is the lot that the code says; `lot` is None where the clinic has never had it.
    `question` has to be answered by a person before anything is made of the lot.
    """

    item: Item
    lot: Lot | None = None
    vial: Holding | None = None
    number: str = ""
    question: str = ""

    @property
    def names_a_lot(self) -> bool:
        """True where the code says of which lot it is."""
        return bool(self.lot or self.number)


def point_at(text: str) -> Pointed:
    """Return what a scanned or typed text points at. Raises PointsAtNothing."""
    own = read_own_code(unwrap(text).payload)
    if own:
        return _by_own_label(own)
    try:
        found = look_up_text(text)
    except ScanNotUnderstood as refusal:
        raise PointsAtNothing(str(refusal)) from refusal
    if found.item is None:
        raise _unknown(found)
    return _pointed(found.item, found)


def _pointed(item: Item, found: Found) -> Pointed:
    number = normalize_lot_number(found.scan.lot or "")
    lot = item.lots.filter(number=number).first() if number else None
    if lot:
        lot.item = item
    return Pointed(item, lot, number=number, question=found.scan.doubt)


def _unknown(found: Found) -> PointsAtNothing:
    if facts := facts_of(found.scan):
        return NobodyKnows(found.scan.text, facts.value)
    return PointsAtNothing(
        f"Expected a code that names a product, but “{shown(found.scan.text)}” says only what is"
        " beside one. Scan the product's own code."
    )


def _by_own_label(own: OwnCode) -> Pointed:
    if own.kind == "item":
        item = Item.objects.filter(sku=own.key).first()
        if item is None:
            raise PointsAtNothing(f"This is a shelf label of ours, but no item is {own.key} now.")
        return Pointed(item)
    if own.kind == "lot":
        lot = Lot.objects.select_related("item").filter(pk=int(own.key)).first()
        if lot is None:
            raise PointsAtNothing("This is a label of ours, of a lot that is not known here.")
        return Pointed(lot.item, lot, number=lot.number)
    vial = Holding.objects.opened().with_lot().filter(pk=int(own.key)).first()
    if vial is None:
        raise PointsAtNothing("This is a label of ours, of an opened vial that is not known here.")
    return Pointed(vial.lot.item, vial.lot, vial, number=vial.lot.number)
