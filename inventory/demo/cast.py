"""What the replay works with: the starter catalog by its codes, the people by their usernames."""

from dataclasses import dataclass, field
from decimal import ROUND_CEILING, Decimal

from inventory.accounts.models import User
from inventory.catalog.models import Item, Location, Supplier, SupplierOffer
from inventory.demo.year import Planned
from inventory.procedures.kits import kit_lines, kit_wants
from inventory.procedures.models import KitLine, ProcedureType

STOREROOM = "storeroom"
FRIDGE = "fridge"
ROOMS = ("room-1", "room-2", "room-3")


@dataclass(frozen=True)
class Cast:
    """Items by SKU, places and procedure types by code, people by username."""

    people: dict[str, User]
    items: dict[str, Item] = field(
        default_factory=lambda: {item.sku: item for item in Item.objects.all()}
    )
    places: dict[str, Location] = field(
        default_factory=lambda: {place.code: place for place in Location.objects.all()}
    )
    types: dict[str, ProcedureType] = field(
        default_factory=lambda: {each.code: each for each in ProcedureType.objects.all()}
    )
    offers: dict[str, SupplierOffer] = field(
        default_factory=lambda: {
            offer.item.sku: offer
            for offer in SupplierOffer.objects.filter(preferred=True).select_related(
                "item", "supplier"
            )
        }
    )
    kits: dict[str, list[KitLine]] = field(init=False)

    def __post_init__(self) -> None:
        kits = {code: kit_lines(each) for code, each in self.types.items()}
        object.__setattr__(self, "kits", kits)

    def used_by(self, planned: Planned) -> dict[str, Decimal]:
        """Return what a procedure used, by SKU: its kit, with what was used instead laid over."""
        kit = kit_wants(self.kits[planned.type], planned.muscles, planned.sites)
        used = {line.item.sku: line.quantity for line in kit} | dict(planned.instead)
        return {sku: quantity for sku, quantity in used.items() if quantity}

    def supplier(self, sku: str) -> Supplier:
        return self.offers[sku].supplier

    def home(self, item: Item) -> Location:
        """Where an item is kept until a room needs it."""
        return self.places[FRIDGE if item.storage == Item.Storage.FRIDGE else STOREROOM]

    def nurse_of(self, location: str, number: int) -> User:
        """Return who logs in that room; the third is looked after by both nurses in turn."""
        mara_works = {"room-1": True, "room-2": False}.get(location, number % 2 == 0)
        return self.people["mara" if mara_works else "jonas"]


def whole_containers(item: Item, quantity: Decimal) -> Decimal:
    """Round up to what leaves a shelf: whole containers, whole pieces."""
    size = item.container_volume or Decimal(1)
    return (quantity / size).to_integral_value(ROUND_CEILING) * size


def leaves_shelf(item: Item, quantity: Decimal, place: Location) -> Decimal:
    """Return what one procedure takes off the shelf: all of a container that it leaves useless."""
    alone = item.is_single_dose or (item.is_multi_dose and place.treatment_area)
    return whole_containers(item, quantity) if alone else quantity
